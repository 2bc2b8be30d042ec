//! From a success of the search to a model of plain values: the literals it rests on leave each variable some room, and
//! in that room the plainest value is taken, one variable after the other.

use std::collections::BTreeMap;

use super::cell::SolutionCell;
use super::formula::{Formula, Formulas, TheoryAtom, Var, VarSort};
use super::model::{Model, Worth};
use super::search::Cdcl;
use super::stop::{Budget, Inconclusive};
use super::texts::{Fresh, TextGraph};
use super::theory::atom_of;
use crate::value::{Code, Number};

/// The model of the last success.
pub(super) fn model(
    formulas: &Formulas,
    search: &Cdcl,
    preferred: &BTreeMap<Var, Number>,
    steps: &mut Budget,
) -> Result<Model, Inconclusive> {
    let mut literals: Vec<Formula> = search.needed().to_vec();
    literals.sort_unstable();
    let holds = |node: u32| {
        let literal = Formula::of(node);
        if literals.binary_search(&literal).is_ok() {
            return Some(true);
        }
        literals.binary_search(&!literal).is_ok().then_some(false)
    };
    let mut spoken = vec![false; formulas.kinds.len()];
    let mut barred: BTreeMap<Var, (Option<u32>, Vec<u32>)> = BTreeMap::new();
    for literal in &literals {
        let Some(atom) = atom_of(formulas, literal.node()) else { continue };
        for var in atom.vars(formulas) {
            if let Some(place) = spoken.get_mut(var.place()) {
                *place = true;
            }
        }
        if let TheoryAtom::Choice { var, value } = atom.as_ref() {
            let (chosen, others) = barred.entry(*var).or_default();
            if literal.negated() {
                others.push(*value);
            } else {
                *chosen = Some(*value);
            }
        }
    }
    let numbers = numbers(formulas, search, &literals, preferred, steps)?;
    let texts = TextGraph::of(formulas, literals.iter().copied());
    let mut texts = texts.values(formulas);
    let mut fresh = Fresh::after(texts.values());
    let mut worths = Vec::with_capacity(formulas.kinds.len());
    for (var, kind) in formulas.vars() {
        worths.push(match kind {
            VarSort::Number | VarSort::Whole => {
                Worth::Number(numbers.get(&var).cloned().map_or_else(|| rest(preferred, var), Ok)?)
            }
            VarSort::Choice(_) => Worth::Choice(match barred.get(&var) {
                Some((Some(value), _)) => *value,
                // The barred are sorted as their nodes are, not as their values.
                Some((None, others)) => (0..).find(|value| !others.contains(value)).unwrap_or(0),
                None => 0,
            }),
            VarSort::Code => {
                let digits = search.theory.codes.find(var, holds).map_err(|_| Inconclusive::Unsound)?;
                let text = String::from_utf8(digits).map_err(|_| Inconclusive::Unsound)?;
                Worth::Code(Code::of_digits(&text).ok_or(Inconclusive::Unsound)?)
            }
            VarSort::Text => {
                let text = texts.remove(&var).unwrap_or_else(|| fresh.next(formulas));
                Worth::Text(text.as_str().into())
            }
        });
    }
    Ok(Model { worths, spoken })
}

/// A number nothing is said about.
fn rest(preferred: &BTreeMap<Var, Number>, var: Var) -> Result<Number, Inconclusive> {
    Ok(preferred.get(&var).cloned().unwrap_or(Number::ZERO))
}

/// The numbers the literals speak of.
fn numbers(
    formulas: &Formulas,
    search: &Cdcl,
    literals: &[Formula],
    preferred: &BTreeMap<Var, Number>,
    steps: &mut Budget,
) -> Result<BTreeMap<Var, Number>, Inconclusive> {
    let mut cell = SolutionCell::of(formulas, literals)?;
    cell.start(&search.theory.lines.simplex, None)?;
    let wishes: BTreeMap<u32, Number> =
        preferred.iter().filter_map(|(var, wish)| Some((formulas.line(*var)?, wish.clone()))).collect();
    // Where this comes to no end, the values so far do: they fit, only less plainly.
    let _ = cell.refine(&wishes, steps);
    let mut numbers = BTreeMap::new();
    for term in cell.bounded() {
        let Some(var) = formulas.terms.get(term as usize).and_then(|term| term.alone()) else { continue };
        let whole = formulas.kind(var) == Some(VarSort::Whole);
        let value = match cell.values.get(&term) {
            Some(value) => value.clone(),
            None => cell.between(term, whole).plainest(preferred.get(&var))?.ok_or(Inconclusive::Unsound)?,
        };
        numbers.insert(var, value);
    }
    Ok(numbers)
}
