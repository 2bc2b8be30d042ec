//! CSV for spreadsheets, which compute what begins as a formula: such cells get a `'` in front, and are text. Numbers below zero
//! stay numbers.

use std::io::{self, Write};

/// Passes CSV on, cell by cell.
#[derive(Debug)]
pub struct SpreadsheetSafe<W> {
    to: W,
    /// The cell that is not whole yet.
    cell: Vec<u8>,
    quoted: bool,
}

impl<W: Write> SpreadsheetSafe<W> {
    pub fn new(to: W) -> SpreadsheetSafe<W> {
        SpreadsheetSafe { to, cell: Vec::new(), quoted: false }
    }
}

impl<W: Write> Write for SpreadsheetSafe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = Vec::with_capacity(bytes.len());
        for byte in bytes {
            self.cell.push(*byte);
            // A doubled quote closes and opens again.
            self.quoted ^= *byte == b'"';
            if !self.quoted && matches!(byte, b',' | b'\n') {
                safe(&self.cell, &mut out);
                self.cell.clear();
            }
        }
        self.to.write_all(&out)?;
        Ok(bytes.len())
    }

    /// Every record ends with a line.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A cell with what follows it.
fn safe(cell: &[u8], out: &mut Vec<u8>) {
    let (quote, text) = match cell.split_first() {
        Some((b'"', text)) => (&b"\""[..], text),
        _ => (&b""[..], cell),
    };
    out.extend_from_slice(quote);
    if begins_as_formula(text) && !is_below_zero(text) {
        out.push(b'\'');
    }
    out.extend_from_slice(text);
}

fn begins_as_formula(text: &[u8]) -> bool {
    // Signs of full width are taken for the others.
    let wide = ["＝", "＋", "－", "＠"].iter().any(|sign| text.starts_with(sign.as_bytes()));
    let formula = matches!(text.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'));
    wide || formula
}

/// `-12.50`, with a comma, a line or a quote after it.
fn is_below_zero(text: &[u8]) -> bool {
    let end = text.iter().position(|byte| matches!(byte, b',' | b'\n' | b'"')).unwrap_or(text.len());
    let number = text.get(..end).and_then(|text| text.strip_prefix(b"-")).unwrap_or(&[]);
    let mut parts = number.split(|byte| *byte == b'.');
    let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    parts.next().is_some_and(digits) && parts.next().is_none_or(digits) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, size: usize) -> String {
        let mut out = Vec::new();
        let mut safe = SpreadsheetSafe::new(&mut out);
        text.as_bytes().chunks(size).for_each(|part| safe.write_all(part).unwrap());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_begins_as_a_formula_is_text_and_numbers_stay() {
        let table = [
            ("=1+1\n", "'=1+1\n"),
            ("a,=1,b\n", "a,'=1,b\n"),
            ("\"=HYPERLINK(\"\"x\"\",1)\",b\n", "\"'=HYPERLINK(\"\"x\"\",1)\",b\n"),
            ("+1,@x,\tx\n", "'+1,'@x,'\tx\n"),
            ("\"\rx\"\n", "\"'\rx\"\n"),
            ("＝1,－1\n", "'＝1,'－1\n"),
            ("-12.50,-3,\"-4\"\n", "-12.50,-3,\"-4\"\n"),
            ("-1+2,-x,-,-1.2.3,-.5,-5 USD\n", "'-1+2,'-x,'-,'-1.2.3,'-.5,'-5 USD\n"),
            ("a=1,1-2,a@b,\n", "a=1,1-2,a@b,\n"),
            ("\"a\n=b\",c\n=d\n", "\"a\n=b\",c\n'=d\n"),
            ("\n,\n", "\n,\n"),
        ];
        for (text, wanted) in table {
            for size in [1, 2, 7, 100] {
                assert_eq!(told(text, size), wanted, "{text:?} by {size}");
            }
        }
    }
}
