//! Fans: sums `x + k*y` of the same two variables. Where `y` is not negative a sum grows with `k`, so that a bound of one
//! bounds its neighbours: a thousand shares of one amount are settled from neighbour to neighbour, without the simplex.

use std::collections::BTreeMap;

use super::formula::{Formulas, Var};
use crate::value::Number;

#[derive(Default)]
pub(super) struct Fans {
    /// By the two variables and `k`: the term.
    terms: BTreeMap<(Var, Var), BTreeMap<Number, u32>>,
}

/// The terms next to one, by `k`, and the term that `y` is alone.
pub(super) struct Neighbours {
    pub less: Option<u32>,
    pub more: Option<u32>,
    pub line: u32,
}

impl Fans {
    /// Takes up a term; whether it is of a fan.
    pub(super) fn load(&mut self, formulas: &Formulas, term: u32) -> bool {
        let Some((fan, times)) = ray(formulas, term) else { return false };
        self.terms.entry(fan).or_default().insert(times.clone(), term);
        true
    }

    pub(super) fn neighbours(&self, formulas: &Formulas, term: u32) -> Option<Neighbours> {
        let (fan, times) = ray(formulas, term)?;
        let terms = self.terms.get(&fan)?;
        let line = formulas.line(fan.1)?;
        let less = terms.range(..times).next_back().map(|(_, term)| *term);
        let mut from = terms.range(times..).map(|(_, term)| *term);
        let more = from.find(|other| *other != term);
        Some(Neighbours { less, more, line })
    }
}

fn ray(formulas: &Formulas, term: u32) -> Option<((Var, Var), &Number)> {
    match formulas.terms.get(term as usize)?.parts.as_slice() {
        [(x, first), (y, times)] if *first == Number::ONE => Some(((*x, *y), times)),
        _ => None,
    }
}
