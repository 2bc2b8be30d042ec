//! A row from elsewhere as a record of CSV: so it is shown, set aside and read cell by cell like those that were one.

use super::decode::CHUNK;
use super::encode::cell;
use crate::sheet::{Form, Written};
use crate::text::Span;

/// Cells with their places in one line of text.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub text: String,
    cells: Vec<(Option<String>, u32, u32)>,
}

impl Record {
    /// None: nothing is stated in that cell.
    pub fn new(cells: impl Iterator<Item = Option<String>>) -> Record {
        let mut text = Vec::new();
        let mut places = Vec::new();
        for (at, word) in cells.enumerate() {
            if at > 0 {
                text.push(b',');
            }
            let start = text.len();
            match word.as_deref() {
                // An empty text is not the same as nothing.
                Some("") => text.extend_from_slice(b"\"\""),
                Some(word) => cell(word, &mut text),
                None => {}
            }
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            places.push((word, place(start), place(text.len())));
        }
        Record { text: String::from_utf8_lossy(&text).into_owned(), cells: places }
    }

    pub fn words(&self) -> Vec<Written<'_>> {
        let cells = self.cells.iter();
        cells
            .map(|(text, start, end)| Written {
                text: text.as_deref().unwrap_or("").into(),
                span: Span { source: CHUNK, start: *start, end: *end },
                at: None,
                form: if text.is_some() { Form::Quoted } else { Form::Null },
            })
            .collect()
    }
}
