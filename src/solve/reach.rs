//! Which variables formulas read.

use super::dense::Dense;
use super::formula::{Atom, Formula, Formulas, Node, Var};

/// What was gone through so far.
#[derive(Default)]
pub struct Reach {
    nodes: Dense<bool>,
    vars: Dense<bool>,
}

impl Reach {
    /// The variables of a formula that were not met before.
    pub fn more(&mut self, formulas: &Formulas, formula: Formula) -> Vec<Var> {
        let (mut open, mut met) = (vec![formula.node()], Vec::new());
        while let Some(node) = open.pop() {
            if std::mem::replace(self.nodes.at_mut(node), true) {
                continue;
            }
            match formulas.node(node) {
                Node::True => {}
                Node::And(parts) => open.extend(parts.iter().map(|part| part.node())),
                Node::Atom(atom) => {
                    for var in atom.vars(formulas) {
                        if !std::mem::replace(self.vars.at_mut(var.place()), true) {
                            met.push(var);
                        }
                    }
                }
            }
        }
        met
    }
}

impl Atom {
    /// The variables an atom speaks of.
    pub(super) fn vars(&self, formulas: &Formulas) -> Vec<Var> {
        match self {
            Atom::Below { term, .. } => {
                let term = formulas.terms.get(*term as usize);
                term.map(|term| term.parts.iter().map(|(var, _)| *var).collect()).unwrap_or_default()
            }
            Atom::Choice { var, .. }
            | Atom::CodeIs { var, .. }
            | Atom::CodeUnder { var, .. }
            | Atom::TextIs { var, .. } => vec![*var],
            Atom::TextSame { one, other } => vec![*one, *other],
        }
    }
}
