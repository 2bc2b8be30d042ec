//! Steps into lines: where each ends, and how far it is indented.

use super::LINE_WIDTH;
use super::gaps::LineEnd;
use super::nests::Nest;
use super::steps::{LaidWord, LayoutStep};
use super::written::{GapPiece, GapText, WrittenText};
use crate::syntax::grammar::Rule;
use std::ops::Range;

/// One step to the right.
const STEP: usize = 2;

/// What is left of a line that is broken before an operator is at least so wide, if that can be.
const LEAST: usize = 40;

/// A line of the new text, or several that stay as they are.
pub(super) enum Row<'t> {
    Blank,
    Prose(&'t str),
    Comment {
        indent: usize,
        text: &'t str,
    },
    Words {
        indent: usize,
        /// Among all words.
        words: Range<usize>,
        comment: Option<(&'t str, usize)>,
    },
}

/// The lines of the words, and these.
pub(super) struct Rows<'s, 't> {
    pub rows: Vec<Row<'t>>,
    pub words: Vec<&'s LaidWord<'t>>,
}

pub(super) fn of<'s, 't>(steps: &'s [LayoutStep<'t>], written: &WrittenText<'t>) -> Rows<'s, 't> {
    let words: Vec<&LaidWord<'t>> = steps.iter().filter_map(as_word).collect();
    let starts = (0..=words.len()).map(|at| {
        let from = at.checked_sub(1).and_then(|before| words.get(before)).map_or(0, |word| word.end);
        written.between(from, words.get(at).map_or(written.len(), |word| word.start))
    });
    let between: Vec<GapText<'t>> = starts.collect();
    let begins = line_starts(&words, &between);
    let mut laying =
        Laying { words, between, begins, nests: Vec::new(), base: 0, rows: Vec::new(), at: 0, line: 0 };
    for step in steps {
        match step {
            LayoutStep::Open(nest) => laying.nests.push(OpenNest { nest: *nest, lines: None }),
            LayoutStep::Close => drop(laying.nests.pop()),
            LayoutStep::Word(word) => laying.word(word),
        }
    }
    laying.end_of_file();
    Rows { rows: laying.rows, words: laying.words }
}

fn as_word<'s, 't>(step: &'s LayoutStep<'t>) -> Option<&'s LaidWord<'t>> {
    match step {
        LayoutStep::Word(word) => Some(word),
        _ => None,
    }
}

/// Before which words a line begins: where it must, where a comment ends one, and where the drafter ended it. A line that
/// ends behind an operator ends before it, one that begins with a comma behind that.
fn line_starts(words: &[&LaidWord<'_>], between: &[GapText<'_>]) -> Vec<bool> {
    let mut begins = vec![false; words.len()];
    let may = |at: usize| words.get(at).is_some_and(|word| matches!(word.gap.ends, LineEnd::May(_)));
    let mut wanted = Vec::new();
    for (at, (word, between)) in words.iter().zip(between).enumerate() {
        let is_free = word.gap.ends != LineEnd::Never;
        let begins_here =
            !has_line(between).is_empty() || word.gap.ends == LineEnd::Must || (between.breaks && is_free);
        if begins_here {
            wanted.push(at);
        } else if between.breaks {
            let before = at.checked_sub(1).filter(|before| may(*before));
            let after = at.checked_add(1).filter(|after| word.rule == Rule::comma && may(*after));
            wanted.extend(after.or(before));
        }
    }
    for at in wanted {
        if let Some(begin) = begins.get_mut(at) {
            *begin = true;
        }
    }
    begins
}

/// The comments and the prose, which end the line before them or are lines of their own.
fn has_line<'b, 't>(between: &'b GapText<'t>) -> Vec<&'b GapPiece<'t>> {
    between.pieces.iter().filter(|piece| !matches!(piece, GapPiece::Mark { .. })).collect()
}

struct OpenNest {
    nest: Nest,
    /// Once its first word has its place: the indentation of that line, and of those to come.
    lines: Option<(usize, usize)>,
}

struct Laying<'s, 't> {
    words: Vec<&'s LaidWord<'t>>,
    /// Before each word, and behind the last.
    between: Vec<GapText<'t>>,
    begins: Vec<bool>,
    nests: Vec<OpenNest>,
    /// The indentation of the block.
    base: usize,
    rows: Vec<Row<'t>>,
    /// The word that comes next, and the indentation of the line it comes to.
    at: usize,
    line: usize,
}

impl<'t> Laying<'_, 't> {
    fn word(&mut self, word: &LaidWord<'t>) {
        let begins = self.begins.get(self.at).copied().unwrap_or(false);
        if begins {
            self.pieces(word.gap.ends == LineEnd::Must, word.closes);
            let (own, inner) = self.indents();
            self.line = if word.closes { own } else { inner + word.gap.steps_in * STEP };
            let end = self.at + 1;
            self.rows.push(Row::Words { indent: self.line, words: self.at..end, comment: None });
            self.break_up();
        } else if let Some(Row::Words { words, .. }) = self.rows.last_mut() {
            words.end = self.at + 1;
        }
        for open in self.nests.iter_mut().filter(|open| open.lines.is_none()) {
            let flush = begins && open.nest == Nest::Flush;
            open.lines = Some((self.line, if flush { self.line } else { self.line + STEP }));
        }
        self.at += 1;
    }

    /// The indentation of the line on which the innermost part began, and of its later lines.
    fn indents(&self) -> (usize, usize) {
        let known = self.nests.iter().rev().find_map(|open| open.lines);
        known.unwrap_or((self.base, self.base))
    }

    /// What stands before the next word, of which a line begins.
    fn pieces(&mut self, keeps_blank: bool, closes: bool) {
        let between = self.between.get_mut(self.at).map(std::mem::take).unwrap_or_default();
        for piece in between.pieces {
            match piece {
                GapPiece::Comment { text, start, alone: false, .. } => {
                    if let Some(Row::Words { comment, .. }) = self.rows.last_mut() {
                        *comment = Some((text, start));
                    }
                }
                GapPiece::Comment { text, after_blank, .. } => {
                    self.blank(keeps_blank && after_blank);
                    self.rows.push(Row::Comment { indent: self.indents().1, text });
                }
                GapPiece::Prose { text, indent } => {
                    self.base = indent;
                    self.rows.push(Row::Prose(text));
                }
                GapPiece::Mark { .. } => {}
            }
        }
        self.blank(keeps_blank && between.blank && !closes);
    }

    /// An empty line, but not where something begins.
    fn blank(&mut self, wanted: bool) {
        let follows = match self.rows.last() {
            None | Some(Row::Blank | Row::Prose(_)) => false,
            Some(Row::Comment { .. }) => true,
            Some(Row::Words { words, comment, .. }) => {
                let last = words.end.checked_sub(1).and_then(|last| self.words.get(last));
                comment.is_some() || last.is_none_or(|last| last.rule != Rule::lbrace)
            }
        };
        if wanted && follows {
            self.rows.push(Row::Blank);
        }
    }

    fn end_of_file(&mut self) {
        self.nests.clear();
        self.pieces(true, true);
    }

    /// Where the line that begins with the next word is too long, it is broken: at the outermost place, as far to the right
    /// as there is room. What is left is looked at when it is a line.
    fn break_up(&mut self) {
        let begins = self.begins.iter().skip(self.at + 1);
        let end = begins.take_while(|begins| !**begins).count() + self.at + 1;
        let mut width = self.line;
        let mut places = Vec::new();
        for at in self.at..end {
            let Some(word) = self.words.get(at) else { break };
            if let LineEnd::May(place) = word.gap.ends
                && at > self.at
            {
                places.push((at, place, width));
            }
            width += word.width() + usize::from(word.gap.space && at > self.at);
        }
        if width <= LINE_WIDTH {
            return;
        }
        let least = self.line + LEAST;
        let fitting = |early: bool| {
            let places = places.iter().filter(move |(_, place, width)| {
                *width <= LINE_WIDTH && (early || !place.late || *width >= least)
            });
            places.min_by_key(|(at, place, _)| (place.level, std::cmp::Reverse(*at)))
        };
        let Some((last, place, _)) = fitting(false).or_else(|| fitting(true)) else { return };
        let all = places.iter().filter(|(_, other, _)| place.all && other.level == place.level);
        for at in all.map(|(at, ..)| at).chain([last]) {
            if let Some(begin) = self.begins.get_mut(*at) {
                *begin = true;
            }
        }
        // What was filled before is filled anew.
        let follows = self.words.get(end).map(|word| word.gap.ends);
        let is_alike =
            matches!(follows, Some(LineEnd::May(other)) if !other.all && other.level == place.level);
        let is_free = self.between.get(end).is_some_and(|between| between.pieces.is_empty());
        if let Some(begin) = self.begins.get_mut(end).filter(|_| is_alike && is_free) {
            *begin = false;
        }
    }
}
