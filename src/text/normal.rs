//! Text as Unicode has it (V8): one spelling for what looks the same, and the signs nobody sees.

use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The text in normalization form C: `é` is one sign, however it was typed.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

/// The first sign that is not seen: controls, marks of direction and of no width, ends of lines and paragraphs.
pub fn hidden(text: &str) -> Option<char> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return None;
    }
    text.chars().find(|sign| is_hidden(*sign))
}

/// Whether a sign is of the classes Cc, Cf, Zl or Zp.
pub fn is_hidden(sign: char) -> bool {
    sign.is_control()
        || matches!(sign,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}'
            | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}'
            | '\u{e0020}'..='\u{e007f}')
}

/// Bytes as text; else what they are instead.
///
/// # Errors
/// They are no UTF-8: what they seem to be, and on which line that is first seen.
pub fn utf8(bytes: Vec<u8>) -> Result<String, String> {
    if let Some(name) = other_encoding(&bytes) {
        return Err(not_in(name));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let lines = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count();
        not_utf8(lines.saturating_add(1) as u64)
    })
}

/// What is said of a text in another encoding.
pub fn not_in(encoding: &str) -> String {
    format!("it is {encoding} text, not UTF-8; save it as UTF-8")
}

/// What is said of bytes that are no UTF-8, first on this line.
pub fn not_utf8(line: u64) -> String {
    format!("it is not UTF-8 text (line {line}), perhaps Latin-1 or Windows-1252; save it as UTF-8")
}

/// The encoding that the first bytes of a file name.
pub fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        [0, first, ..] | [first, 0, ..] if first.is_ascii_graphic() => Some("UTF-16"),
        _ => None,
    }
}
