//! What still needs a reason: from the formulas that must hold down to atoms. Only what a formula needs is ever decided,
//! so that a question about one rule costs what that rule costs, and the atoms met are a condition under which it holds.

use super::dense::Dense;
use super::formula::{Formula, FormulaNode, Formulas};
use super::sat::Sat;

#[derive(Default)]
pub(super) struct Justification {
    /// Literals that are true and needed, each once; those before `head` have their reasons in the list.
    list: Vec<Formula>,
    head: usize,
    needed: Dense<bool>,
    /// Length and head where each level above 1 was opened.
    marks: Vec<(usize, usize)>,
}

impl Justification {
    pub(super) fn start(&mut self, roots: &[Formula]) {
        self.cut(0, 0);
        self.marks.clear();
        for root in roots {
            self.need(*root);
        }
    }

    fn need(&mut self, literal: Formula) {
        let needed = self.needed.at_mut(literal.place());
        if !*needed {
            *needed = true;
            self.list.push(literal);
        }
    }

    fn cut(&mut self, length: usize, head: usize) {
        for literal in self.list.drain(length.min(self.list.len())..) {
            *self.needed.at_mut(literal.place()) = false;
        }
        self.head = head;
    }

    /// To be called for each level above the assumptions.
    pub(super) fn open_level(&mut self) {
        self.marks.push((self.list.len(), self.head));
    }

    /// Back to where so many levels above the assumptions were open.
    pub(super) fn backtrack(&mut self, levels: usize) {
        if let Some((length, head)) = self.marks.get(levels).copied() {
            self.marks.truncate(levels);
            self.cut(length, head);
        }
    }

    /// Something to decide, if reasons are missing.
    pub(super) fn next(&mut self, formulas: &Formulas, sat: &Sat) -> Option<Formula> {
        while let Some(literal) = self.list.get(self.head).copied() {
            if let FormulaNode::And(parts) = formulas.node(literal.node()) {
                if !literal.negated() {
                    for part in parts.iter() {
                        self.need(*part);
                    }
                } else {
                    match self.reason(parts, sat) {
                        Ok(reason) => self.need(reason),
                        Err(choice) => return choice,
                    }
                }
            }
            self.head = self.head.saturating_add(1);
        }
        None
    }

    /// A part that is false, rather one that is needed anyway; else the one to make false.
    fn reason(&self, parts: &[Formula], sat: &Sat) -> Result<Formula, Option<Formula>> {
        let mut found = None;
        let mut choice: Option<(u64, Formula)> = None;
        for part in parts {
            let negation = !*part;
            if sat.is_true(negation) {
                if *self.needed.at(negation.place()) {
                    return Ok(negation);
                }
                found = found.or(Some(negation));
            } else if found.is_none() && !sat.is_true(*part) {
                let active = *sat.activity.at(part.node());
                if choice.is_none_or(|(best, _)| active > best) {
                    choice = Some((active, negation));
                }
            }
        }
        found.ok_or(choice.map(|(_, negation)| negation))
    }

    /// The literals needed, once nothing is left to decide.
    pub(super) fn needed(&self) -> &[Formula] {
        &self.list
    }
}
