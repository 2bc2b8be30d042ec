//! Foreign text is shown, never obeyed: what moves a cursor, ends a line, turns the direction or takes no room is made visible.

use super::is_hidden;
use std::borrow::Cow;

/// Whether a sign is not seen, or changes how others are seen: beside those that are hidden, joiners and letters that are
/// blanks, and what is no character.
pub fn is_unseen(sign: char) -> bool {
    is_hidden(sign)
        || matches!(
            sign,
            '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2065}'
                | '\u{3164}' | '\u{ffa0}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}'
        )
}

/// A foreign text in one line, with every sign visible.
pub fn shown(text: &str) -> Cow<'_, str> {
    made_visible(text, is_unseen)
}

/// Lines of a text, in which every other sign is visible.
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    made_visible(text, |sign| is_unseen(sign) && sign != '\n')
}

fn made_visible(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for sign in text.chars() {
        match (hidden(sign), u32::from(sign)) {
            (false, _) => out.push(sign),
            // There are pictures of the oldest controls: `␛`, `␊`.
            (true, code @ 0..=0x1f) => out.extend(char::from_u32(0x2400 + code)),
            (true, 0x7f) => out.push('\u{2421}'),
            (true, code) => out.push_str(&format!("⟨U+{code:04X}⟩")),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_made_visible() {
        let table = [
            ("a b", "a b"),
            ("a\nb\tc\r", "a␊b␉c␍"),
            ("\u{1b}[2J\u{7f}\u{85}", "␛[2J␡⟨U+0085⟩"),
            ("50\u{202e}1", "50⟨U+202E⟩1"),
            ("a\u{200b}b\u{feff}\u{2028}", "a⟨U+200B⟩b⟨U+FEFF⟩⟨U+2028⟩"),
            ("\u{e0041}", "⟨U+E0041⟩"),
            ("é ü 漢 ع א 👍", "é ü 漢 ع א 👍"),
        ];
        for (text, wanted) in table {
            assert_eq!(shown(text), wanted);
            assert!(!shown(text).chars().any(is_unseen));
        }
        assert_eq!(shown_lines("a\n\tb\u{1b}"), "a\n␉b␛");
    }
}
