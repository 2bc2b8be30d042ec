//! Codes: what a prefix or an equality says of the other prefixes and equalities of the same variable, and which code
//! is left when all has been said.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::dense::Dense;
use super::formula::{Formula, TheoryAtom, Var};
use super::term::DIGITS;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct CodeAtom {
    digits: Arc<[u8]>,
    under: bool,
    node: u32,
}

#[derive(Default)]
pub(super) struct Codes {
    /// By variable, sorted by digits: what begins alike stands together.
    marks: Dense<Vec<CodeAtom>>,
    vars: BTreeSet<Var>,
}

impl Codes {
    pub(super) fn load(&mut self, node: u32, atom: &TheoryAtom) -> Option<Var> {
        let (var, digits, under) = match atom {
            TheoryAtom::CodeIs { var, digits } => (*var, digits.clone(), false),
            TheoryAtom::CodeUnder { var, digits } => (*var, digits.clone(), true),
            _ => return None,
        };
        let marks = self.marks.at_mut(var.place());
        let mark = CodeAtom { digits, under, node };
        let place = marks.partition_point(|other| *other < mark);
        marks.insert(place, mark);
        self.vars.insert(var);
        Some(var)
    }

    pub(super) fn vars(&self) -> impl Iterator<Item = Var> + '_ {
        self.vars.iter().copied()
    }

    /// The nodes that speak of a variable.
    pub(super) fn nodes(&self, var: Var) -> impl Iterator<Item = u32> + '_ {
        self.marks.at(var.place()).iter().map(|mark| mark.node)
    }

    /// What follows from an atom that has become true or false.
    pub(super) fn assigned(&self, atom: &TheoryAtom, holds: bool, implied: &mut Vec<Formula>) {
        let (var, digits, under) = match atom {
            TheoryAtom::CodeIs { var, digits } => (*var, digits, false),
            TheoryAtom::CodeUnder { var, digits } => (*var, digits, true),
            _ => return,
        };
        let marks = self.marks.at(var.place());
        match (under, holds) {
            (true, true) => {
                for mark in marks {
                    let literal = Formula::of(mark.node);
                    if mark.under && digits.starts_with(&mark.digits) {
                        implied.push(literal);
                    } else if !mark.digits.starts_with(digits) {
                        implied.push(!literal);
                    }
                }
            }
            (true, false) => {
                let from = marks.partition_point(|mark| mark.digits < *digits);
                let below = marks.iter().skip(from).take_while(|mark| mark.digits.starts_with(digits));
                implied.extend(below.map(|mark| !Formula::of(mark.node)));
            }
            (false, true) => {
                for mark in marks {
                    let literal = Formula::of(mark.node);
                    let fits =
                        if mark.under { digits.starts_with(&mark.digits) } else { mark.digits == *digits };
                    implied.push(if fits { literal } else { !literal });
                }
            }
            (false, false) => {}
        }
    }

    /// A code for the variable, or false literals that leave it none.
    pub(super) fn find(
        &self,
        var: Var,
        holds: impl Fn(u32) -> Option<bool>,
    ) -> Result<Vec<u8>, Vec<Formula>> {
        let marks = self.marks.at(var.place());
        let (mut required, mut why): (&[u8], Option<u32>) = (&[], None);
        for mark in marks {
            if holds(mark.node) == Some(true) {
                if !mark.under {
                    return Ok(mark.digits.to_vec());
                }
                if mark.digits.len() > required.len() {
                    (required, why) = (&mark.digits, Some(mark.node));
                }
            }
        }
        let from = marks.partition_point(|mark| *mark.digits < *required);
        let forbidden: Vec<&CodeAtom> = marks
            .iter()
            .skip(from)
            .take_while(|mark| mark.digits.starts_with(required))
            .filter(|mark| holds(mark.node) == Some(false))
            .collect();
        plainest(required, &forbidden).ok_or_else(|| {
            why.map(|node| !Formula::of(node))
                .into_iter()
                .chain(forbidden.iter().map(|mark| Formula::of(mark.node)))
                .collect()
        })
    }
}

/// The first code by length, then by digits, that begins as required and is not forbidden. Codes have an even number of
/// digits, but for those that are written out (M9).
fn plainest(required: &[u8], forbidden: &[&CodeAtom]) -> Option<Vec<u8>> {
    let barred = |digits: &[u8]| {
        let from = forbidden.partition_point(|mark| *mark.digits < *digits);
        forbidden
            .iter()
            .skip(from)
            .take_while(|mark| *mark.digits == *digits)
            .fold((false, false), |found, mark| (found.0 || mark.under, true))
    };
    let mut queue = VecDeque::from([required.to_vec()]);
    while let Some(digits) = queue.pop_front() {
        let (whole, exact) = barred(&digits);
        if whole || digits.len() > DIGITS {
            continue;
        }
        if !digits.is_empty() && !exact {
            return Some(digits);
        }
        for next in 0..if digits.len() % 2 == 0 { 100u8 } else { 10 } {
            let tens = (digits.len() % 2 == 0).then_some(b'0' + next / 10);
            queue.push_back(digits.iter().copied().chain(tens).chain([b'0' + next % 10]).collect());
        }
    }
    None
}
