//! How quantities of a group compare with each other: the exact ends of every sum that its conditions compare, where that is
//! more than the ends of its parts say.

use super::exprs::SymbolicReader;
use super::found::{NamedTerm, Range, RangeKind};
use super::names::{sum, without_parts};
use super::ranges::end_of;
use super::space::{Kindred, Lin, SpaceQuantity};
use crate::solve::{Direction, Extreme, Formula, Model, Reach, Solver, Var};
use crate::value::Number;

/// More sums than this are not looked at.
const MOST: usize = 12;
/// Days: two that are further apart are so by the ends of the calendar alone.
const FAR: i64 = 36_600;

type LinearEnd = Option<(Number, bool)>;

/// `key` is what holds of the group alone; `all` has all laws it needs besides.
pub(super) fn relations(
    reader: &SymbolicReader<'_>,
    model: &Model,
    (key, all): (Formula, &[Formula]),
    solver: &mut Solver,
) -> Vec<Range> {
    let mut reach = Reach::default();
    reach.more(&solver.formulas, key);
    let mut met: Vec<Lin> = Vec::new();
    for parts in reach.sums(&solver.formulas) {
        let lin = Lin { parts: parts.into_iter().collect(), rest: Number::ZERO };
        let mut way = Vec::new();
        let lin = without_parts(reader, model, &lin, &mut way);
        let Some(lin) = alone(&lin) else { continue };
        let sayable = lin.parts.keys().all(|var| model.rests_on(*var) && is_sayable(reader, *var));
        if sayable && !met.contains(&lin) && way.iter().all(|when| follows(*when, all, solver)) {
            met.push(lin);
        }
        if met.len() >= MOST {
            break;
        }
    }
    met.iter().filter_map(|lin| relation(reader, model, lin, all, solver)).collect()
}

/// The sum without what is added to it, its first factor 1; none: it is no sum.
fn alone(lin: &Lin) -> Option<Lin> {
    let (_, first) = lin.parts.first_key_value()?;
    let bare = Lin { parts: lin.parts.clone(), rest: Number::ZERO };
    let scaled = bare.scale(&Number::ONE.div(first).ok()?).ok()?;
    (scaled.parts.len() > 1).then_some(scaled)
}

/// Whether there is a name for it that a reader knows.
fn is_sayable(reader: &SymbolicReader<'_>, var: Var) -> bool {
    match reader.space.quantities.get(&var) {
        Some(SpaceQuantity::Part) | None => reader.space.written.contains_key(&var),
        Some(_) => !reader.space.is_hidden(var),
    }
}

fn follows(when: Formula, all: &[Formula], solver: &mut Solver) -> bool {
    let asked: Vec<Formula> = all.iter().copied().chain([!when]).collect();
    matches!(solver.check(&asked), crate::solve::Satisfiability::Unsat)
}

fn relation(
    reader: &SymbolicReader<'_>,
    model: &Model,
    lin: &Lin,
    all: &[Formula],
    solver: &mut Solver,
) -> Option<Range> {
    let (mut low, mut high) = ends(lin, all, solver)?;
    let (mut least, mut most) = (Some((Number::ZERO, true)), Some((Number::ZERO, true)));
    for (var, factor) in &lin.parts {
        let (mut under, mut over) = ends(&Lin::var(*var), all, solver)?;
        if factor.is_negative() {
            std::mem::swap(&mut under, &mut over);
        }
        least = added(least, under, factor);
        most = added(most, over, factor);
    }
    let days = lin.parts.keys().all(|var| is_day(reader, *var));
    let far = |end: &(Number, bool)| days && end.0.to_i64().is_none_or(|days| days.abs() >= FAR);
    // What follows from the ends of the parts is not said again.
    low = low.filter(|end| Some(end) != least.as_ref() && !far(end));
    high = high.filter(|end| Some(end) != most.as_ref() && !far(end));
    let what = NamedTerm::Total(Box::new(sum(reader, model, lin)));
    (low.is_some() || high.is_some()).then_some(Range { what, kind: RangeKind::Numbers { low, high } })
}

fn ends(lin: &Lin, all: &[Formula], solver: &mut Solver) -> Option<(LinearEnd, LinearEnd)> {
    let parts: Vec<(Var, Number)> = lin.parts.iter().map(|(var, by)| (*var, by.clone())).collect();
    let mut end = |goal| -> Option<Extreme> { solver.optimise(&parts, &Number::ZERO, goal, all).ok()? };
    Some((end_of(end(Direction::Least)?), end_of(end(Direction::Greatest)?)))
}

/// An end of a sum, from that of one more part of it.
fn added(sum: LinearEnd, part: LinearEnd, factor: &Number) -> LinearEnd {
    let ((sum, inside), (part, also)) = (sum?, part?);
    Some((sum.add(&part.mul(factor).ok()?).ok()?, inside && also))
}

pub(super) fn is_day(reader: &SymbolicReader<'_>, var: Var) -> bool {
    matches!(
        reader.space.quantities.get(&var),
        Some(SpaceQuantity::Today | SpaceQuantity::Stated { ty: Kindred::Day, .. })
    )
}
