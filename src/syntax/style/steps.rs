//! The words of a file in their order, with the nests they stand in and what may stand before each.

use super::gaps::{self, Gap, WordPair};
use super::nests::{self, Nest};
use super::written::{GapPiece, WrittenText};
use crate::syntax::grammar::Rule;
use pest::iterators::Pair;
use std::borrow::Cow;

pub(super) enum LayoutStep<'t> {
    Open(Nest),
    Close,
    Word(LaidWord<'t>),
}

/// A word or a mark, as it is to be written.
pub(super) struct LaidWord<'t> {
    pub rule: Rule,
    pub text: Cow<'t, str>,
    pub start: usize,
    pub end: usize,
    /// Before it.
    pub gap: Gap,
    /// Whether it closes the nest it stands in.
    pub closes: bool,
    /// Whether it may be moved to the column that lines around it keep to.
    pub aligns: bool,
}

impl LaidWord<'_> {
    pub fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// The steps of a file.
pub(super) fn of<'t>(file: Pair<'t, Rule>, written: &WrittenText<'t>) -> Vec<LayoutStep<'t>> {
    let mut walk = LayoutWalk { steps: Vec::new(), depth: 0, written };
    walk.node(file, Gap::MUST, false);
    walk.steps
}

struct LayoutWalk<'w, 't> {
    steps: Vec<LayoutStep<'t>>,
    /// How many nests are open.
    depth: usize,
    written: &'w WrittenText<'t>,
}

impl<'t> LayoutWalk<'_, 't> {
    fn node(&mut self, pair: Pair<'t, Rule>, gap: Gap, aligns: bool) {
        let rule = pair.as_rule();
        if rule == Rule::EOI {
            return;
        }
        let place = pair.as_span();
        let (start, end) = (place.start(), place.end());
        let many_lines = place.as_str().trim_end().contains('\n');
        let inner: Vec<Pair<'t, Rule>> = pair.into_inner().collect();
        if inner.is_empty() || nests::is_word(rule) {
            return self.word(rule, start..end, gap, aligns);
        }
        let nest = nests::of(rule);
        nest.into_iter().for_each(|nest| self.open(nest));
        self.children(rule, inner, (gap, aligns), many_lines);
        nest.into_iter().for_each(|_| self.close());
    }

    fn children(&mut self, parent: Rule, inner: Vec<Pair<'t, Rule>>, first: (Gap, bool), many_lines: bool) {
        let mut before: Option<(Rule, bool, bool)> = None;
        let mut end = 0;
        let mut part = None;
        let all: Vec<Rule> = inner.iter().map(Pair::as_rule).collect();
        for pair in inner {
            let rule = pair.as_rule();
            let wanted = nests::part(parent, rule, part);
            if wanted != part {
                part.into_iter().for_each(|_| self.close());
                wanted.into_iter().for_each(|nest| self.open(nest));
                part = wanted;
            }
            let is_word = pair.clone().into_inner().next().is_none() || nests::is_word(rule);
            let is_sign = rule == Rule::minus && before.is_none_or(|(rule, ..)| !gaps::is_operand(rule));
            let (gap, aligns) = match before {
                None => first,
                Some((prev, prev_is_word, prev_is_sign)) => {
                    let depth = self.depth;
                    let at =
                        WordPair { parent, prev, next: rule, prev_is_word, prev_is_sign, many_lines, depth };
                    let steps_in = if parent == Rule::flat { gaps::steps_in(rule, &all) } else { 0 };
                    (Gap { steps_in, ..gaps::between(at) }, gaps::aligns(parent, prev, rule))
                }
            };
            if before.is_some() {
                self.marks(end, pair.as_span().start());
            }
            end = last_end(&pair);
            self.node(pair, gap, aligns);
            before = Some((rule, is_word, is_sign));
        }
        part.into_iter().for_each(|_| self.close());
    }

    /// What the grammar gives no name is a word of its own.
    fn marks(&mut self, from: usize, to: usize) {
        for piece in self.written.between(from, to).pieces {
            if let GapPiece::Mark { start, end } = piece {
                self.word(Rule::codes, start..end, Gap::NONE, false);
            }
        }
    }

    fn word(&mut self, rule: Rule, place: std::ops::Range<usize>, gap: Gap, aligns: bool) {
        let text = self.written.text(place.clone());
        let text = match rule {
            Rule::string => Cow::Borrowed(text),
            Rule::doc => Cow::Borrowed(text.trim_end()),
            _ => one_space(text),
        };
        let closes = matches!(rule, Rule::rparen | Rule::rbrace);
        let word = LaidWord { rule, text, start: place.start, end: place.end, gap, closes, aligns };
        self.steps.push(LayoutStep::Word(word));
    }

    fn open(&mut self, nest: Nest) {
        self.depth += 1;
        self.steps.push(LayoutStep::Open(nest));
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.steps.push(LayoutStep::Close);
    }
}

/// Where the last word of a pair ends: the place of a pair takes in the white space that follows.
fn last_end(pair: &Pair<'_, Rule>) -> usize {
    let mut last = pair.clone();
    while let Some(inner) = last.clone().into_inner().next_back() {
        last = inner;
    }
    last.as_span().end()
}

/// A keyword of several words has one space between them, an amount one before its unit.
fn one_space(text: &str) -> Cow<'_, str> {
    let gap = |sign: char| sign.is_whitespace();
    if !text.contains(gap) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
