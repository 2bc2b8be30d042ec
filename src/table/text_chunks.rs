//! A stream of CSV in chunks of whole records, so that no more of it than a chunk is ever in memory.

use crate::sheet::Dialect;
use memchr::{memchr, memchr_iter, memchr3, memrchr};
use std::io::{ErrorKind, Read};

/// A record is at most this long: a quote that never closes would make one of the rest of the file.
pub const RECORD_LIMIT: usize = 16 << 20;

/// Whole records, one after the other.
#[derive(Debug)]
pub struct TextChunk {
    pub text: Vec<u8>,
    /// The number of its first line, from 1.
    pub line: u64,
    /// How many bytes of the stream were read before it.
    pub from: u64,
}

/// Why a stream cannot be read on.
#[derive(Debug)]
pub enum SplitError {
    Io(std::io::Error),
    /// The record that begins on this line does not end.
    TooLong {
        line: u64,
    },
}

/// Cuts a stream into chunks of about `size` bytes.
#[derive(Debug)]
pub struct Chunks<R> {
    from: R,
    size: usize,
    /// What was read and not yet handed out.
    rest: Vec<u8>,
    line: u64,
    at: u64,
    ended: bool,
    /// What sets the cells apart, once the first lines are there.
    separator: Option<u8>,
}

impl<R: Read> Chunks<R> {
    pub fn new(from: R, size: usize) -> Chunks<R> {
        Chunks { from, size: size.max(1), rest: Vec::new(), line: 1, at: 0, ended: false, separator: None }
    }

    /// The next whole records; none: the stream has ended.
    ///
    /// # Errors
    /// The stream cannot be read, or a record is longer than [`RECORD_LIMIT`].
    pub fn chunk(&mut self) -> Result<Option<TextChunk>, SplitError> {
        let mut wanted = self.size;
        loop {
            self.fill(wanted).map_err(SplitError::Io)?;
            let separator = *self.separator.get_or_insert_with(|| Dialect::of(&self.rest).0.separator);
            let end = if self.ended { self.rest.len() } else { records_end(&self.rest, separator) };
            if end > 0 {
                return Ok(Some(self.cut(end)));
            }
            if self.ended {
                return Ok(None);
            }
            if self.rest.len() >= RECORD_LIMIT.max(self.size) {
                return Err(SplitError::TooLong { line: self.line });
            }
            wanted = wanted.saturating_mul(2).min(RECORD_LIMIT.max(self.size));
        }
    }

    /// Reads until so many bytes wait, or the stream ends.
    fn fill(&mut self, wanted: usize) -> std::io::Result<()> {
        while !self.ended && self.rest.len() < wanted {
            let missing = u64::try_from(wanted - self.rest.len()).unwrap_or(u64::MAX);
            self.rest.reserve(wanted - self.rest.len());
            match self.from.by_ref().take(missing).read_to_end(&mut self.rest) {
                Ok(0) => self.ended = true,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn cut(&mut self, end: usize) -> TextChunk {
        let rest = self.rest.split_off(end);
        let text = std::mem::replace(&mut self.rest, rest);
        let chunk = TextChunk { line: self.line, from: self.at, text };
        self.line = self.line.saturating_add(lines(&chunk.text));
        self.at = self.at.saturating_add(u64::try_from(end).unwrap_or(u64::MAX));
        chunk
    }
}

/// How many lines end in a text.
pub fn lines(text: &[u8]) -> u64 {
    u64::try_from(memchr_iter(b'\n', text).count()).unwrap_or(u64::MAX)
}

/// Where the last record that is there as a whole ends; 0: there is none. What is a record is said by
/// [`crate::sheet::CsvRecords`], whose steps these are.
pub(super) fn records_end(text: &[u8], separator: u8) -> usize {
    if memchr(b'"', text).is_none() {
        return memrchr(b'\n', text).map_or(0, |end| end + 1);
    }
    let mut end = 0;
    while let Some(next) = record_end(text, end, separator) {
        end = next;
    }
    end
}

fn record_end(text: &[u8], from: usize, separator: u8) -> Option<usize> {
    let rest = |at: usize| text.get(at..).unwrap_or(&[]);
    let line_end = |at: usize| Some(at + memchr(b'\n', rest(at))? + 1);
    let mut at = from;
    loop {
        if text.get(at) != Some(&b'"') {
            let sign = at + memchr3(separator, b'\n', b'"', rest(at))?;
            match text.get(sign)? {
                sign_there if *sign_there == separator => at = sign + 1,
                b'\n' => return Some(sign + 1),
                // A quote inside a cell: the rest of the line is lost with it.
                _ => return line_end(at),
            }
            continue;
        }
        let mut close = at + 1;
        loop {
            close += memchr(b'"', rest(close))? + 1;
            if text.get(close)? != &b'"' {
                break;
            }
            close += 1;
        }
        match (text.get(close)?, text.get(close + 1)) {
            (sign, _) if *sign == separator => at = close + 1,
            (b'\n', _) => return Some(close + 1),
            (b'\r', None) => return None,
            (b'\r', Some(b'\n')) => return Some(close + 2),
            // The cell goes on after its closing quote.
            _ => return line_end(close),
        }
    }
}
