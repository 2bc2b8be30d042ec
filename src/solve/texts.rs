//! Texts that are the same as others: true equalities join them, and what is joined must not be told apart.

use std::collections::{BTreeMap, VecDeque};

use super::formula::{Formula, FormulaNode, Formulas, TheoryAtom, Var};

/// A node of the graph: a text variable, or one of the constants.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TextNode {
    Constant(u32),
    Var(Var),
}

fn ends(atom: &TheoryAtom) -> Option<(TextNode, TextNode)> {
    match atom {
        TheoryAtom::TextIs { var, text } => Some((TextNode::Constant(*text), TextNode::Var(*var))),
        TheoryAtom::TextSame { one, other } => Some((TextNode::Var(*one), TextNode::Var(*other))),
        _ => None,
    }
}

/// The literals about texts that hold, as a graph.
pub(super) struct TextGraph {
    joined: BTreeMap<TextNode, Vec<(TextNode, Formula)>>,
    apart: Vec<(TextNode, TextNode, Formula)>,
}

impl TextGraph {
    pub(super) fn of(formulas: &Formulas, literals: impl Iterator<Item = Formula>) -> TextGraph {
        let mut texts = TextGraph { joined: BTreeMap::new(), apart: Vec::new() };
        for literal in literals {
            let FormulaNode::Atom(atom) = formulas.node(literal.node()) else { continue };
            let Some((one, other)) = ends(atom) else { continue };
            if literal.negated() {
                texts.apart.push((one, other, literal));
            } else {
                texts.joined.entry(one).or_default().push((other, literal));
                texts.joined.entry(other).or_default().push((one, literal));
            }
        }
        texts
    }

    /// Literals that contradict each other, negated.
    pub(super) fn conflict(&self) -> Option<Vec<Formula>> {
        for (one, other, literal) in &self.apart {
            if let Some(mut way) = self.way(*one, |end| end == *other) {
                way.push(!*literal);
                return Some(way);
            }
        }
        for end in self.joined.keys() {
            let constant = |other: TextNode| matches!(other, TextNode::Constant(_)) && other != *end;
            if let (TextNode::Constant(_), Some(way)) = (end, self.way(*end, constant)) {
                return Some(way);
            }
        }
        None
    }

    /// The equalities between an end and the nearest one wanted, negated.
    fn way(&self, from: TextNode, wanted: impl Fn(TextNode) -> bool) -> Option<Vec<Formula>> {
        let mut before: BTreeMap<TextNode, Option<(TextNode, Formula)>> = BTreeMap::from([(from, None)]);
        let mut queue = VecDeque::from([from]);
        while let Some(end) = queue.pop_front() {
            if wanted(end) {
                let mut way = Vec::new();
                let mut at = end;
                while let Some((previous, literal)) = before.get(&at).copied().flatten() {
                    way.push(!literal);
                    at = previous;
                }
                return Some(way);
            }
            for (next, literal) in self.joined.get(&end).into_iter().flatten() {
                if !before.contains_key(next) {
                    before.insert(*next, Some((end, *literal)));
                    queue.push_back(*next);
                }
            }
        }
        None
    }

    /// The text of every variable spoken of: the constant it is joined to, or one of its own.
    pub(super) fn values(&self, formulas: &Formulas) -> BTreeMap<Var, String> {
        let mut values = BTreeMap::new();
        let mut fresh = Fresh::default();
        let apart = self.apart.iter().flat_map(|(one, other, _)| [*one, *other]);
        let mut all: Vec<TextNode> = self.joined.keys().copied().chain(apart).collect();
        all.sort();
        all.dedup();
        for end in all {
            let TextNode::Var(var) = end else { continue };
            if values.contains_key(&var) {
                continue;
            }
            let group = self.group(end);
            let constant = group.iter().find_map(|end| match end {
                TextNode::Constant(text) => formulas.texts.get(*text as usize).map(ToString::to_string),
                TextNode::Var(_) => None,
            });
            let text = constant.unwrap_or_else(|| fresh.next(formulas));
            for end in group {
                if let TextNode::Var(var) = end {
                    values.insert(var, text.clone());
                }
            }
        }
        values
    }

    fn group(&self, from: TextNode) -> Vec<TextNode> {
        let mut group = vec![from];
        let mut at = 0;
        while let Some(end) = group.get(at).copied() {
            for (next, _) in self.joined.get(&end).into_iter().flatten() {
                if !group.contains(next) {
                    group.push(*next);
                }
            }
            at = at.saturating_add(1);
        }
        group
    }
}

/// Texts no formula speaks of.
#[derive(Default)]
pub(super) struct Fresh(u32);

impl Fresh {
    /// After those that are in use.
    pub(super) fn after<'t>(texts: impl Iterator<Item = &'t String>) -> Fresh {
        Fresh(u32::try_from(texts.count()).unwrap_or(u32::MAX))
    }

    pub(super) fn next(&mut self, formulas: &Formulas) -> String {
        loop {
            self.0 = self.0.saturating_add(1);
            let text = format!("text {}", self.0);
            if !formulas.knows_text(&text) {
                return text;
            }
        }
    }
}
