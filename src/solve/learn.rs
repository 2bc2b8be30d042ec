//! What a conflict teaches: the clause of the first unique implication point, without the literals that others imply.

use super::dense::Dense;
use super::formula::Formula;
use super::sat::{Antecedent, Sat};

/// A learned clause: its first literal holds at `level`, where all others are false.
pub(super) struct Lesson {
    pub clause: Vec<Formula>,
    pub level: u32,
}

impl Sat {
    /// The highest level among false literals.
    pub(super) fn highest(&self, literals: &[Formula]) -> u32 {
        literals.iter().map(|literal| self.level_of(*literal)).max().unwrap_or(0)
    }

    /// The conflict's literals are false, at least one at the present level, which is above that of the assumptions.
    pub(super) fn learn(&mut self, conflict: Vec<Formula>) -> Lesson {
        let level = self.level();
        let mut seen: Dense<bool> = Dense::default();
        let mut clause = Vec::new();
        let mut open = 0usize;
        let mut current = conflict;
        let mut place = self.trail().len();
        let asserted = loop {
            for literal in std::mem::take(&mut current) {
                let at = self.level_of(literal);
                if at == 0 || *seen.at(literal.node()) {
                    continue;
                }
                *seen.at_mut(literal.node()) = true;
                self.touch(literal);
                if at == level {
                    open = open.saturating_add(1);
                } else {
                    clause.push(literal);
                }
            }
            let found = loop {
                place = place.saturating_sub(1);
                match self.trail().get(place).copied() {
                    Some(literal) if *seen.at(literal.node()) && self.level_of(literal) == level => {
                        break Some(literal);
                    }
                    Some(_) if place > 0 => {}
                    _ => break None,
                }
            };
            let Some(found) = found else { break None };
            open = open.saturating_sub(1);
            if open == 0 {
                break Some(!found);
            }
            current = self.because(found);
        };
        self.shorten(&mut clause, &seen);
        clause.sort_by_key(|literal| std::cmp::Reverse(self.level_of(*literal)));
        let back = clause.first().map_or(0, |literal| self.level_of(*literal));
        clause.splice(0..0, asserted);
        self.bump = self.bump.saturating_add(self.bump >> 4);
        Lesson { clause, level: back }
    }

    /// Drops the literals whose reasons are all in the clause, or hold anyway.
    fn shorten(&self, clause: &mut Vec<Formula>, seen: &Dense<bool>) {
        clause.retain(|literal| {
            let covered = |other: Formula| self.level_of(other) == 0 || *seen.at(other.node());
            match self.reason_of(*literal) {
                Antecedent::Chosen => true,
                Antecedent::Literal(cause) => !covered(cause),
                Antecedent::Clause(id) => match self.clauses.get(id as usize) {
                    None => true,
                    Some(reason) => {
                        !reason.literals.iter().all(|other| other.node() == literal.node() || covered(*other))
                    }
                },
            }
        });
    }
}
