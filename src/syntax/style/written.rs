//! A text as it was written: what stands between its words.

use super::TextKind;
use crate::syntax::{PolicyLine, policy_lines};
use std::borrow::Cow;
use std::ops::Range;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A text, and the policy in it at the same places.
pub(super) struct WrittenText<'t> {
    /// Without a byte order mark.
    text: &'t str,
    has_mark: bool,
    /// With all blank that is not policy.
    pub policy: Cow<'t, str>,
    /// Whole lines that are not policy, from the first to the last.
    prose: Vec<Prose>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Prose {
    place: Range<usize>,
    /// How far the block after it is indented.
    indent: usize,
}

/// What stands between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GapPiece<'t> {
    Comment {
        text: &'t str,
        start: usize,
        /// On a line of its own, not behind a word.
        alone: bool,
        after_blank: bool,
    },
    Prose {
        text: &'t str,
        indent: usize,
    },
    /// A mark that the grammar gives no name.
    Mark {
        start: usize,
        end: usize,
    },
}

/// All that stands between two words.
#[derive(Debug, Default)]
pub(super) struct GapText<'t> {
    pub pieces: Vec<GapPiece<'t>>,
    /// Whether a line ends behind the last piece, and whether an empty one follows.
    pub breaks: bool,
    pub blank: bool,
}

impl<'t> WrittenText<'t> {
    pub fn new(text: &'t str, kind: TextKind) -> WrittenText<'t> {
        let bare = text.strip_prefix(BYTE_ORDER_MARK);
        let (text, has_mark) = (bare.unwrap_or(text), bare.is_some());
        match kind {
            TextKind::Plain => WrittenText { text, has_mark, policy: Cow::Borrowed(text), prose: Vec::new() },
            TextKind::Literate => {
                let policy = Cow::Owned(crate::syntax::literate(text));
                WrittenText { text, has_mark, policy, prose: prose(text) }
            }
        }
    }

    /// What stands at a place, from the end of a word to the start of the next.
    pub fn between(&self, from: usize, to: usize) -> GapText<'t> {
        let mut found = GapText::default();
        // The text begins on a line of its own.
        let (mut at, mut breaks) = (from, usize::from(from == 0));
        while at < to {
            if let Some(prose) = self.prose.iter().find(|prose| prose.place.start == at) {
                let text = self.text.get(prose.place.clone()).unwrap_or("");
                found.pieces.push(GapPiece::Prose { text, indent: prose.indent });
                (at, breaks) = (prose.place.end, 1);
                continue;
            }
            let rest = self.text.get(at..to).unwrap_or("");
            let Some(first) = rest.chars().next() else { break };
            if first == '\n' {
                breaks += 1;
            }
            if first.is_ascii_whitespace() || first == '\u{b}' {
                at += 1;
                continue;
            }
            let long = match first {
                '#' => rest.find('\n').unwrap_or(rest.len()),
                _ => rest.find(|sign: char| sign == '#' || sign.is_whitespace()).unwrap_or(rest.len()),
            };
            found.pieces.push(match first {
                '#' => GapPiece::Comment {
                    text: rest.get(..long).unwrap_or("").trim_end(),
                    start: at,
                    alone: breaks > 0,
                    after_blank: breaks > 1,
                },
                _ => GapPiece::Mark { start: at, end: at + long },
            });
            (at, breaks) = (at + long, 0);
        }
        found.breaks = breaks > 0;
        found.blank = breaks > 1;
        found
    }

    pub fn text(&self, place: Range<usize>) -> &'t str {
        self.text.get(place).unwrap_or("")
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// How many characters stand before a place on its line.
    pub fn column(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or("");
        before.rsplit('\n').next().unwrap_or("").chars().count()
    }

    /// How many spaces stand before a place on its line.
    pub fn spaces(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or("");
        before.len().saturating_sub(before.trim_end_matches(' ').len())
    }

    /// A new text, with the beginning and the line ends of this one.
    pub fn ended(&self, lines: &str) -> String {
        let mark = if self.has_mark { BYTE_ORDER_MARK.to_string() } else { String::new() };
        let first = self.text.find('\n').and_then(|end| self.text.get(..end));
        let dressed = first.is_some_and(|line| line.ends_with('\r'));
        mark + &if dressed { lines.replace('\n', "\r\n") } else { lines.to_string() }
    }
}

/// The lines that are not policy.
fn prose(text: &str) -> Vec<Prose> {
    let mut found: Vec<Prose> = Vec::new();
    let mut at = 0usize;
    let mut inside = true;
    for PolicyLine { line, is_policy } in policy_lines(text) {
        let place = at..at + line.len();
        at = place.end;
        if !is_policy {
            let indent = line.len() - line.trim_start_matches(' ').len();
            match found.last_mut().filter(|_| !inside) {
                Some(last) => {
                    last.place.end = place.end;
                    last.indent = indent;
                }
                None => found.push(Prose { place, indent }),
            }
        }
        inside = is_policy;
    }
    found
}
