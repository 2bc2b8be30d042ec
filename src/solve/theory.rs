//! All that atoms mean together: numbers, exclusive values, codes, texts.

use std::sync::Arc;

use super::codes::Codes;
use super::dense::Dense;
use super::formula::{Formula, FormulaNode, Formulas, TheoryAtom, Var, VarSort};
use super::lines::{Fraction, Lines};
use super::sat::{Antecedent, Sat};
use super::stop::{Budget, Inconclusive};
use super::texts::TextGraph;

#[derive(Default)]
pub(super) struct Theory {
    pub(super) lines: Lines,
    pub(super) codes: Codes,
    /// By variable: its values as nodes, of which one at most is true.
    values: Dense<Vec<u32>>,
    /// By node, once it is loaded.
    atoms: Dense<Option<Arc<TheoryAtom>>>,
    /// Whether any text is compared with another.
    same_texts: bool,
}

/// What is wrong with, or missing from, literals that contradict nothing so far.
pub(super) enum Lack {
    /// These false literals cannot all be false.
    Conflict(Vec<Formula>),
    /// This must be decided.
    Split(Formula),
}

impl Theory {
    /// Takes up an atom while nothing is assumed.
    pub(super) fn load(&mut self, formulas: &Formulas, sat: &mut Sat, node: u32, atom: &Arc<TheoryAtom>) {
        *self.atoms.at_mut(node as usize) = Some(atom.clone());
        match atom.as_ref() {
            TheoryAtom::Below { .. } => self.lines.load(formulas, node, atom),
            TheoryAtom::Choice { var, .. } => {
                let values = self.exclusive(sat, *var, node);
                let all: Vec<Formula> = values.iter().map(|value| Formula::of(*value)).collect();
                if let Some(VarSort::Choice(count)) = formulas.kind(*var)
                    && all.len() == count.get() as usize
                {
                    sat.add_at_bottom(all);
                }
            }
            TheoryAtom::TextIs { var, .. } => {
                self.exclusive(sat, *var, node);
            }
            TheoryAtom::TextSame { .. } => self.same_texts = true,
            TheoryAtom::CodeIs { .. } | TheoryAtom::CodeUnder { .. } => {
                if let Some(var) = self.codes.load(node, atom) {
                    self.settle(sat, var);
                }
            }
        }
    }

    fn exclusive(&mut self, sat: &mut Sat, var: Var, node: u32) -> &[u32] {
        let values = self.values.at_mut(var.place());
        if values.iter().any(|value| sat.is_true(Formula::of(*value))) {
            sat.put(!Formula::of(node), Default::default());
        }
        values.push(node);
        values
    }

    /// What holds of a code already, for an atom that is new.
    fn settle(&self, sat: &mut Sat, var: Var) {
        let mut implied = Vec::new();
        for (node, atom) in self.codes.nodes(var).filter_map(|node| Some((node, self.atom(node)?))) {
            let literal = Formula::of(node);
            if sat.is_true(literal) || sat.is_false(literal) {
                self.codes.assigned(atom, sat.is_true(literal), &mut implied);
            }
        }
        for literal in implied {
            sat.put(literal, Default::default());
        }
    }

    fn atom(&self, node: u32) -> Option<&TheoryAtom> {
        self.atoms.at(node as usize).as_deref()
    }

    /// Sorts what was loaded.
    pub(super) fn ready(&mut self, sat: &mut Sat) {
        for (literal, why) in self.lines.sort() {
            sat.imply_if_wanted(literal, Antecedent::Literal(why));
        }
    }

    /// What new sums have to do with others, to be added while nothing is assumed.
    pub(super) fn relate(&mut self, formulas: &Formulas, sat: &mut Sat) {
        for lemma in self.lines.lemmas(formulas) {
            sat.add_at_bottom(lemma);
        }
    }

    /// Takes up a literal that has become true; each literal that follows from it alone.
    pub(super) fn assigned(
        &mut self,
        formulas: &Formulas,
        literal: Formula,
        bottom: bool,
        implied: &mut Vec<Formula>,
    ) -> Result<(), Inconclusive> {
        let Some(atom) = self.atoms.at(literal.node()) else { return Ok(()) };
        match atom.as_ref() {
            TheoryAtom::Below { .. } => self.lines.assigned(formulas, literal, bottom, implied)?,
            TheoryAtom::Choice { var, .. } | TheoryAtom::TextIs { var, .. } => {
                if !literal.negated() {
                    let others = self.values.at(var.place()).iter().map(|node| Formula::of(*node));
                    implied.extend(others.filter(|other| *other != literal).map(|other| !other));
                }
            }
            TheoryAtom::CodeIs { .. } | TheoryAtom::CodeUnder { .. } => {
                self.codes.assigned(atom, !literal.negated(), implied);
            }
            TheoryAtom::TextSame { .. } => {}
        }
        Ok(())
    }

    pub(super) fn check(&mut self, steps: &mut Budget) -> Result<Option<Vec<Formula>>, Inconclusive> {
        self.lines.check(steps)
    }

    /// The questions asked only when all else is decided.
    pub(super) fn finish(
        &self,
        formulas: &mut Formulas,
        sat: &Sat,
        steps: &mut Budget,
    ) -> Result<Option<Lack>, Inconclusive> {
        if self.same_texts {
            steps.take(sat.trail().len())?;
            let texts = TextGraph::of(formulas, sat.trail().iter().copied());
            if let Some(clause) = texts.conflict() {
                return Ok(Some(Lack::Conflict(clause)));
            }
        }
        for var in self.codes.vars() {
            steps.take(1)?;
            let holds = |node: u32| truth(sat, Formula::of(node));
            if let Err(clause) = self.codes.find(var, holds) {
                return Ok(Some(Lack::Conflict(clause)));
            }
        }
        match self.lines.fraction(formulas)? {
            None => Ok(None),
            Some(Fraction::Conflict(clause)) => Ok(Some(Lack::Conflict(clause))),
            Some(Fraction::Split { term, at }) => {
                steps.take(self.lines.size(term))?;
                // Towards 0 first: away from it there may be no end.
                let away = at.is_negative();
                let below = formulas.atom(TheoryAtom::Below { term, at, strict: false });
                Ok(Some(Lack::Split(if away { !below } else { below })))
            }
        }
    }
}

pub(super) fn truth(sat: &Sat, literal: Formula) -> Option<bool> {
    match (sat.is_true(literal), sat.is_false(literal)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// The atom of a node.
pub(super) fn atom_of(formulas: &Formulas, node: usize) -> Option<&Arc<TheoryAtom>> {
    match formulas.node(node) {
        FormulaNode::Atom(atom) => Some(atom),
        FormulaNode::True | FormulaNode::And(_) => None,
    }
}
