//! Sources of text and places in them. A place is a byte range of one source; everything else (line, column) is
//! worked out when somebody asks.

mod normal;
mod overlay;
mod shown;

pub use normal::{hidden, is_hidden, nfc, not_in, not_utf8, other_encoding, utf8};
pub use overlay::Overlay;
pub use shown::{is_unseen, shown, shown_lines};

use std::sync::Arc;

/// Which source of [`Sources`] a place is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A byte range of one source, `start..end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(source: SourceId, start: usize, end: usize) -> Span {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX).max(start);
        Span { source, start, end }
    }

    /// The stretch from the start of `self` to the end of `last`.
    pub fn to(self, last: Span) -> Span {
        Span { source: self.source, start: self.start, end: last.end.max(self.start) }
    }

    /// The empty place at the start.
    pub fn before(self) -> Span {
        Span { end: self.start, ..self }
    }

    /// The empty place at the end.
    pub fn after(self) -> Span {
        Span { start: self.end, ..self }
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// One text with the name it is shown under.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path as the user gave it, or `--set`, `<input>` and the like.
    pub name: String,
    pub text: String,
    line_starts: Vec<u32>,
    /// The number of its first line: above 1 in an excerpt of a longer text.
    first_line: usize,
    /// Where its words stand, if it was put together of other texts.
    pieces: Vec<Piece>,
}

/// A stretch of a text that was put together of others; it goes on to the next.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    pub start: u32,
    /// Where its words stand.
    pub words: Span,
    /// What they stand in place of: themselves, where the text was left as it is.
    pub instead: Span,
}

impl Source {
    fn new(name: String, text: String, first_line: usize) -> Source {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let after = ends.map(|(at, _)| u32::try_from(at.saturating_add(1)).unwrap_or(u32::MAX));
        let line_starts = std::iter::once(0).chain(after).collect();
        Source { name, text, line_starts, first_line, pieces: Vec::new() }
    }

    /// The number of its first line.
    pub fn first_line(&self) -> usize {
        self.first_line
    }

    /// Line and column of a byte offset, both from 1; columns count characters.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start as usize..(offset as usize).min(self.text.len())).unwrap_or("");
        (line.saturating_add(self.first_line.saturating_sub(1)), before.chars().count() + 1)
    }
}

/// A place in a text, for people and for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 0, in the whole file; none in an excerpt, of which it is not known where it begins.
    pub byte: Option<u32>,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// From 1, in code units of UTF-16, as editors count.
    pub utf16: usize,
}

impl Source {
    /// Where a byte offset is.
    pub fn position(&self, offset: u32) -> Position {
        let (line, column) = self.line_column(offset);
        let end = (offset as usize).min(self.text.len());
        let start = self.line_span(SourceId::default(), line).start as usize;
        let before = self.text.get(start..end).unwrap_or("");
        let utf16 = before.chars().map(char::len_utf16).sum::<usize>().saturating_add(1);
        let byte = (self.first_line == 1).then(|| u32::try_from(end).unwrap_or(u32::MAX));
        Position { byte, line, column, utf16 }
    }

    /// Whether it was put together of other texts.
    pub fn is_amended(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// Where a place stands in the texts it was put together of: words that were put in, where they come from; a longer
    /// stretch, in the text that was changed.
    fn origin(&self, span: Span) -> Option<Span> {
        let piece = |at: u32| {
            let index = self.pieces.partition_point(|piece| piece.start <= at).checked_sub(1)?;
            self.pieces.get(index).map(|piece| (index, piece))
        };
        let (first_index, first) = piece(span.start)?;
        let (last_index, last) = piece(span.end.saturating_sub(1).max(span.start))?;
        let within = |piece: &Piece, at: u32| {
            piece.words.start.saturating_add(at.saturating_sub(piece.start)).min(piece.words.end)
        };
        let kept = |piece: &Piece| piece.words == piece.instead;
        if first_index == last_index && !kept(first) {
            return Some(first.words);
        }
        Some(Span {
            source: first.instead.source,
            start: if kept(first) { within(first, span.start) } else { first.instead.start },
            end: if kept(last) { within(last, span.end) } else { last.instead.end },
        })
    }

    /// A line, by its number, without its end.
    pub fn line_span(&self, id: SourceId, line: usize) -> Span {
        let line = line.saturating_sub(self.first_line.saturating_sub(1));
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0) as usize;
        let length = self.text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
        Span::new(id, start, start + length)
    }
}

/// The only way to files from below the command line: tests hand in maps, the command line reads disks.
pub trait Files {
    /// The text of a file, or why it cannot be read.
    fn read(&self, path: &str) -> Result<String, String>;

    /// The same; none: it has more bytes than that.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        self.read(path).map(|text| (text.len() <= most).then_some(text))
    }

    /// What is read in place of the file of an annex; none: that file.
    fn annex(&self, _name: &str) -> Option<StandIn> {
        None
    }
}

/// A file in place of another.
#[derive(Clone, Debug)]
pub struct StandIn {
    pub path: String,
    /// Its text, or why it cannot be read.
    pub text: Result<String, String>,
}

/// A path written in the file `from`, as seen from where `from` was seen: `policies/japan.comity` and `hts.csv` give
/// `policies/hts.csv`.
pub fn beside(from: &str, path: &str) -> String {
    let folder = from.rfind('/').map_or("", |slash| from.get(..=slash).unwrap_or(""));
    let joined = if path.starts_with('/') { path.to_string() } else { format!("{folder}{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "." => {}
            "" if !parts.is_empty() => {}
            // Above the root there is nothing.
            ".." if parts == [""] => {}
            ".." if parts.last().is_some_and(|last| *last != ".." && !last.is_empty()) => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// All texts of one job: policies, facts, annexes, command-line settings.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    list: Vec<Arc<Source>>,
}

impl Sources {
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Takes a text in.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        self.excerpt(name, text, 1)
    }

    /// Takes in a part of a text that is too long to be kept: whole lines, the first of which has this number.
    pub fn excerpt(
        &mut self,
        name: impl Into<String>,
        text: impl Into<String>,
        first_line: usize,
    ) -> SourceId {
        self.push(Source::new(name.into(), text.into(), first_line.max(1)))
    }

    /// Takes in whole lines of a text with changes in them, the first of which has this number: what an amendment makes of
    /// them. Lines keep their numbers, and places are told where the words stand.
    pub fn amended(
        &mut self,
        name: impl Into<String>,
        text: impl Into<String>,
        first_line: usize,
        pieces: Vec<Piece>,
    ) -> SourceId {
        self.push(Source { pieces, ..Source::new(name.into(), text.into(), first_line.max(1)) })
    }

    fn push(&mut self, source: Source) -> SourceId {
        self.list.push(Arc::new(source));
        SourceId(u32::try_from(self.list.len() - 1).unwrap_or(u32::MAX))
    }

    /// Every text that was read, with its number; those put together of them are left out.
    pub fn read(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.numbered().filter(|(_, source)| !source.is_amended())
    }

    /// The texts that were put together of others, with where each begins in these.
    pub fn amended_lines(&self) -> impl Iterator<Item = (SourceId, Span)> {
        let all = self.numbered().filter(|(_, source)| source.is_amended());
        all.map(|(id, _)| (id, self.origin(Span { source: id, start: 0, end: 0 })))
    }

    fn numbered(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0u32..).map(SourceId).zip(self.list.iter().map(Arc::as_ref))
    }

    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(usize::try_from(id.0).ok()?).map(Arc::as_ref)
    }

    /// Where a place stands in the texts that were read.
    pub fn origin(&self, span: Span) -> Span {
        let mut span = span;
        while let Some(before) = self.get(span.source).and_then(|source| source.origin(span)) {
            span = before;
        }
        span
    }

    /// The text of a place; empty if it is none.
    pub fn text(&self, span: Span) -> &str {
        let source = self.get(span.source).map_or("", |source| source.text.as_str());
        source.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// `name:line:column` of the start of a place.
    pub fn place(&self, span: Span) -> String {
        let span = self.origin(span);
        match self.get(span.source) {
            Some(source) => {
                let (line, column) = source.line_column(span.start);
                format!("{}:{line}:{column}", source.name)
            }
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_seen_from_the_file_that_names_it() {
        assert_eq!(beside("policies/japan.comity", "annexes/a.csv"), "policies/annexes/a.csv");
        assert_eq!(beside("japan.comity", "a.csv"), "a.csv");
        assert_eq!(beside("policies/japan/japan.comity", "../common.comity"), "policies/common.comity");
        assert_eq!(beside("../x.comity", "./a.csv"), "../a.csv");
        assert_eq!(beside("./japan//x.comity", "../a.csv"), "a.csv");
        assert_eq!(beside("/policies/x.comity", "../../a.csv"), "/a.csv");
    }

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let mut sources = Sources::new();
        let id = sources.add("a", "über\nx := 5\n");
        let source = sources.get(id).expect("just added");
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(2), (1, 2));
        assert_eq!(source.line_column(6), (2, 1));
        assert_eq!(source.line_column(999), (3, 1));
        assert_eq!(sources.text(Span::new(id, 6, 7)), "x");
    }

    #[test]
    fn places_of_an_amended_text_are_those_of_its_words() {
        let mut sources = Sources::new();
        let base = sources.add("base", "x := 1\ny := a < 5 and b\n");
        let change = sources.add("change", "substitute 70 for 5");
        let (kept, new) = (|start, end| Span::new(base, start, end), Span::new(change, 11, 13));
        let piece = |start, words, instead| Piece { start, words, instead };
        let pieces = vec![
            piece(0, kept(7, 16), kept(7, 16)),
            piece(9, new, kept(16, 17)),
            piece(11, kept(17, 23), kept(17, 23)),
        ];
        let id = sources.amended("base", "y := a < 70 and b", 2, pieces);
        let place = |start, end| sources.origin(Span::new(id, start, end));
        assert_eq!(sources.text(Span::new(id, 5, 11)), "a < 70");
        assert_eq!(place(5, 11), kept(12, 17));
        assert_eq!(place(9, 11), new);
        assert_eq!(place(16, 17), kept(22, 23));
        assert_eq!(place(9, 17), kept(16, 23));
        assert_eq!(sources.place(Span::new(id, 16, 17)), "base:2:16");
        assert_eq!(sources.read().map(|(id, _)| id).collect::<Vec<_>>(), [base, change]);
    }

    #[test]
    fn lines_of_an_excerpt_keep_their_numbers() {
        let mut sources = Sources::new();
        let id = sources.excerpt("rows.csv", "a,1\nb,x\n", 41);
        let source = sources.get(id).expect("just added");
        assert_eq!(source.line_column(6), (42, 3));
        assert_eq!(source.line_span(id, 42), Span::new(id, 4, 7));
        assert_eq!(sources.place(Span::new(id, 0, 1)), "rows.csv:41:1");
    }
}
