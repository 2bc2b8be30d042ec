//! How the cells of a text are set apart: by commas, as CSV has them, or by the semicolons and tabs that offices use.

use super::DecimalMark;
use memchr::memchr;

/// How a table of text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// `,`, `;` or a tab.
    pub separator: u8,
    /// Of its numbers: a point where commas set the cells apart.
    pub decimals: DecimalMark,
}

impl Dialect {
    pub const CSV: Dialect = Dialect { separator: b',', decimals: DecimalMark::Point };

    /// The dialect of a text, from its first lines, and where the line of its headings begins.
    pub fn of(text: &[u8]) -> (Dialect, usize) {
        let start = if text.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
        let mut lines = FilledLines { text, at: start };
        let Some(first) = lines.next() else { return (Dialect::CSV, start) };
        let named = first.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"sep="));
        if let (true, [separator @ (b',' | b';' | b'\t')]) = (named, line_end(first.get(4..).unwrap_or(&[])))
        {
            return (Dialect::separated(*separator), lines.at);
        }
        // A title has no cells: then the line after it tells.
        let separator = most(first).or_else(|| most(lines.next()?));
        (Dialect::separated(separator.unwrap_or(b',')), start)
    }

    fn separated(separator: u8) -> Dialect {
        match separator {
            b',' => Dialect::CSV,
            other => Dialect { separator: other, decimals: DecimalMark::Unsaid },
        }
    }

    /// The separator in the words of a message; none where it is the comma of CSV.
    pub fn separator_name(&self) -> Option<&'static str> {
        match self.separator {
            b';' => Some("semicolons"),
            b'\t' => Some("tabs"),
            _ => None,
        }
    }
}

/// FilledLines that are not blank.
struct FilledLines<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Iterator for FilledLines<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            self.at = self.at.saturating_add(end).saturating_add(1).min(self.text.len());
            let line = rest.get(..end)?;
            if !line.trim_ascii().is_empty() {
                return Some(line);
            }
        }
    }
}

/// Without the `\r` of a line's end; a tab stays.
fn line_end(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The separator that a line has most of outside quotes; of as many, the comma.
fn most(line: &[u8]) -> Option<u8> {
    let mut quoted = false;
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0)];
    for byte in line {
        quoted ^= *byte == b'"';
        if let (false, Some((_, count))) =
            (quoted, counts.iter_mut().find(|(separator, _)| separator == byte))
        {
            *count = count.saturating_add(1);
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().filter(|most| *most > 0)?;
    counts.iter().find(|(_, count)| *count == most).map(|(separator, _)| *separator)
}

#[cfg(test)]
mod tests {
    use super::Dialect;

    fn of(text: &str) -> (char, usize) {
        let (dialect, from) = Dialect::of(text.as_bytes());
        (char::from(dialect.separator), from)
    }

    #[test]
    fn the_line_of_headings_says_what_separates_the_cells() {
        assert_eq!(of("line,value [USD]\n"), (',', 0));
        assert_eq!(of("line;value [USD]\n"), (';', 0));
        assert_eq!(of("line\tvalue [USD]\n"), ('\t', 0));
        assert_eq!(of("\n \"a;b;c\",value\n"), (',', 0));
        assert_eq!(of("line;\"note, long, longer\";value\n"), (';', 0));
        assert_eq!(of("line\na\n"), (',', 0));
        assert_eq!(of(""), (',', 0));
    }

    #[test]
    fn a_line_of_its_own_may_say_it_and_a_title_says_nothing() {
        assert_eq!(of("sep=;\nline;value\n"), (';', 6));
        assert_eq!(of("SEP=\t\r\nline\tvalue\r\n"), ('\t', 7));
        assert_eq!(of("\u{feff}sep=;\r\nline;value\n"), (';', 10));
        assert_eq!(of("Imports of 2025\nline;value\n"), (';', 0));
    }
}
