//! Which variables formulas read.

use super::dense::Dense;
use super::formula::{Formula, FormulaNode, Formulas, TheoryAtom, Var};
use crate::value::{Code, Number};
use std::collections::BTreeSet;

/// The nodes and variables gone through so far.
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
                FormulaNode::True => {}
                FormulaNode::And(parts) => open.extend(parts.iter().map(|part| part.node())),
                FormulaNode::Atom(atom) => {
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

/// What a code or text is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenComparison {
    Is(String),
    Under(String),
}

impl Reach {
    /// The comparisons of a code or text with what is written, among what was gone through.
    pub fn about(&self, formulas: &Formulas, var: Var) -> Vec<(Formula, WrittenComparison)> {
        let written = |digits: &[u8]| {
            let text = String::from_utf8(digits.to_vec()).unwrap_or_default();
            Code::of_digits(&text).map_or(text, |code| code.to_string())
        };
        let about = |node: u32| {
            let FormulaNode::Atom(atom) = formulas.node(node as usize) else { return None };
            match atom.as_ref() {
                TheoryAtom::CodeIs { var: of, digits } if *of == var => {
                    Some(WrittenComparison::Is(written(digits)))
                }
                TheoryAtom::CodeUnder { var: of, digits } if *of == var => {
                    Some(WrittenComparison::Under(written(digits)))
                }
                TheoryAtom::TextIs { var: of, text } if *of == var => {
                    formulas.texts.get(*text as usize).map(|text| WrittenComparison::Is(text.to_string()))
                }
                _ => None,
            }
        };
        let nodes = (0..u32::try_from(formulas.nodes.len()).unwrap_or(u32::MAX))
            .filter(|node| *self.nodes.at(*node as usize));
        nodes.filter_map(|node| Some((Formula::of(node), about(node)?))).collect()
    }
}

impl Reach {
    /// The sums of several variables that are compared, among what was gone through.
    pub fn sums(&self, formulas: &Formulas) -> Vec<Vec<(Var, Number)>> {
        let mut terms = BTreeSet::new();
        for (node, formula) in formulas.nodes.iter().enumerate() {
            if let FormulaNode::Atom(atom) = formula
                && *self.nodes.at(node)
                && let TheoryAtom::Below { term, .. } = atom.as_ref()
            {
                terms.insert(*term);
            }
        }
        let parts = |term: u32| formulas.terms.get(term as usize).map(|term| term.parts.clone());
        terms.into_iter().filter_map(parts).filter(|parts| parts.len() > 1).collect()
    }
}

impl TheoryAtom {
    /// The variables an atom speaks of.
    pub(super) fn vars(&self, formulas: &Formulas) -> Vec<Var> {
        match self {
            TheoryAtom::Below { term, .. } => {
                let term = formulas.terms.get(*term as usize);
                term.map(|term| term.parts.iter().map(|(var, _)| *var).collect()).unwrap_or_default()
            }
            TheoryAtom::Choice { var, .. }
            | TheoryAtom::CodeIs { var, .. }
            | TheoryAtom::CodeUnder { var, .. }
            | TheoryAtom::TextIs { var, .. } => vec![*var],
            TheoryAtom::TextSame { one, other } => vec![*one, *other],
        }
    }
}
