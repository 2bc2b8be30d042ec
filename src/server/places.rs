//! Places as editors count them, and paths as they name them.

use crate::text::{Source, SourceId, Span};
use gen_lsp_types::{Position, Range, Uri};

/// In what the columns of a line are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnCount {
    Utf8,
    Utf16,
}

impl ColumnCount {
    fn width(self, sign: char) -> usize {
        match self {
            ColumnCount::Utf8 => sign.len_utf8(),
            ColumnCount::Utf16 => sign.len_utf16(),
        }
    }

    pub fn length(self, text: &str) -> u32 {
        number(text.chars().map(|sign| self.width(sign)).sum())
    }

    /// Where a byte of a text is.
    pub fn position(self, source: &Source, offset: u32) -> Position {
        let (line, _) = source.line_column(offset);
        let start = source.line_span(SourceId::default(), line).start as usize;
        let before = source.text.get(start..(offset as usize).min(source.text.len())).unwrap_or("");
        Position { line: number(line.saturating_sub(1)), character: self.length(before) }
    }

    pub fn range(self, source: &Source, span: Span) -> Range {
        Range { start: self.position(source, span.start), end: self.position(source, span.end) }
    }

    /// The byte at a place; beyond the end of a line, its end.
    pub fn offset(self, text: &str, at: Position) -> usize {
        let mut start = 0usize;
        for _ in 0..at.line {
            let rest = text.get(start..).unwrap_or("");
            match rest.find('\n') {
                Some(end) => start = start.saturating_add(end).saturating_add(1),
                None => return text.len(),
            }
        }
        let line = text.get(start..).unwrap_or("");
        let line = line.split('\n').next().unwrap_or("");
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut left = at.character as usize;
        for (past, sign) in line.char_indices() {
            let width = self.width(sign);
            if left < width {
                return start.saturating_add(past);
            }
            left -= width;
        }
        start.saturating_add(line.len())
    }
}

pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The path of a file; none: it is not one of this machine.
pub(super) fn path_of(uri: &Uri) -> Option<String> {
    let rest = uri.0.strip_prefix("file://")?;
    // A host may stand before the path.
    let path = decoded(rest.get(rest.find('/')?..)?)?;
    // `/c:/policies` is `c:/policies`.
    let drive = path.get(1..).filter(|rest| rest.get(1..2) == Some(":"));
    Some(drive.map_or(path.clone(), str::to_string))
}

/// A path as a name for editors.
pub(super) fn uri_of(path: &str) -> Uri {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let mut text = String::from(if path.starts_with('/') { "file://" } else { "file:///" });
    for byte in path.bytes() {
        if plain(byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    Uri(text)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high.saturating_mul(16).saturating_add(low)).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Sources;

    #[test]
    fn columns_are_counted_in_bytes_or_in_units_of_utf_16() {
        let mut sources = Sources::new();
        let id = sources.add("a", "x\n§𝄞 y\r\nz");
        let source = sources.get(id).expect("just added");
        let end = "x\n§𝄞".len();
        let at = |unit: ColumnCount| unit.position(source, number(end));
        assert_eq!(at(ColumnCount::Utf8), Position { line: 1, character: 6 });
        assert_eq!(at(ColumnCount::Utf16), Position { line: 1, character: 3 });
        for unit in [ColumnCount::Utf8, ColumnCount::Utf16] {
            assert_eq!(unit.offset(&source.text, at(unit)), end);
            let beyond = Position { line: 1, character: 99 };
            assert_eq!(unit.offset(&source.text, beyond), "x\n§𝄞 y".len());
            assert_eq!(unit.offset(&source.text, Position { line: 9, character: 0 }), source.text.len());
        }
        // In the middle of a sign is before it.
        assert_eq!(ColumnCount::Utf16.offset(&source.text, Position { line: 1, character: 2 }), "x\n§".len());
    }

    #[test]
    fn paths_go_there_and_back() {
        for path in ["/policies/japan/§ 2.comity", "/a+b/c%d.comity"] {
            assert_eq!(path_of(&uri_of(path)).as_deref(), Some(path));
        }
        assert_eq!(path_of(&Uri("file:///c%3A/p.comity".to_string())).as_deref(), Some("c:/p.comity"));
        assert_eq!(path_of(&Uri("untitled:1".to_string())), None);
        assert_eq!(path_of(&Uri("file:///%F".to_string())), None);
    }
}
