//! What the facts of a group have in common: of each quantity it rests on the exact range, or what it must be.

use super::exprs::SymbolicReader;
use super::found::{NamedTerm, Range, RangeKind};
use super::names::named;
use super::relations;
use super::space::{Kindred, SpaceQuantity, day_of};
use crate::solve::{Extreme, Formula, Model, Reach, Satisfiability, Solver, Var, VarSort, WrittenComparison};
use crate::value::{Day, Number};

/// Days.
const YEAR: i32 = 366;
/// Of a list of choices longer than this, which of them it may be is not said.
const CHOICES: u32 = 64;
/// Of more comparisons than this with codes or texts, only those that hold are looked at.
const COMPARED: usize = 24;

/// `key` is what holds of the group alone; `all` has all laws it needs besides.
pub(super) fn ranges(
    reader: &SymbolicReader<'_>,
    model: &Model,
    (key, all): (Formula, &[Formula]),
    solver: &mut Solver,
) -> Vec<Range> {
    let mut reach = Reach::default();
    all.iter().for_each(|one| drop(reach.more(&solver.formulas, *one)));
    let vars: Vec<(Var, SpaceQuantity)> =
        reader.space.quantities.iter().map(|(var, quantity)| (*var, quantity.clone())).collect();
    let mut ranges = Vec::new();
    for (var, quantity) in vars {
        if !model.rests_on(var) || reader.space.is_hidden(var) {
            continue;
        }
        let what = named(reader, model, var);
        let kind = match &quantity {
            SpaceQuantity::Today | SpaceQuantity::Stated { ty: Kindred::Day, .. } => days(var, all, solver),
            SpaceQuantity::Stated { ty: Kindred::Number | Kindred::Duration, .. } => {
                numbers(var, all, solver)
            }
            SpaceQuantity::Stated { ty: Kindred::Bool, .. } => {
                one_of(var, &["false".to_owned(), "true".to_owned()], all, solver)
            }
            SpaceQuantity::Stated { ty: Kindred::Choice(list), .. } => {
                let names = reader.space.choices.get(list).map_or(&[][..], Vec::as_slice);
                one_of(var, names, all, solver)
            }
            SpaceQuantity::Stated { ty: Kindred::Code | Kindred::Text | Kindred::Country, .. } => {
                compared(var, &reach, (model, all), solver)
            }
            SpaceQuantity::Opaque { .. } => outside(var, all, solver),
            _ => None,
        };
        if let Some(kind) = kind {
            ranges.push(Range { what, kind });
        }
    }
    // A row of a dated table is asked about on its date.
    let dated = ranges.iter().any(|one| {
        matches!(one.what, NamedTerm::Field(..))
            && ranges.first().is_some_and(|first| first.what == NamedTerm::Today && first.kind == one.kind)
    });
    if dated {
        ranges.remove(0);
    }
    ranges.extend(relations::relations(reader, model, (key, all), solver));
    // The same is not said twice of a fact read on several days.
    ranges.dedup_by(|one, other| one.what == other.what);
    ranges
}

/// What is taken as unknown: which way it goes, or how far.
fn outside(var: Var, all: &[Formula], solver: &mut Solver) -> Option<RangeKind> {
    match solver.formulas.kind(var)? {
        VarSort::Number | VarSort::Whole => numbers(var, all, solver),
        VarSort::Choice(count) if count.get() == 2 => {
            one_of(var, &["false".to_owned(), "true".to_owned()], all, solver)
        }
        _ => None,
    }
}

fn days(var: Var, all: &[Formula], solver: &mut Solver) -> Option<RangeKind> {
    let (low, high) = solver.bounds(var, all).ok()??;
    let end = |end: Extreme| end_of(end).and_then(|(number, _)| day_of(&number));
    let (first, last) = (end(low).unwrap_or(Day::FIRST), end(high).unwrap_or(Day::NEVER));
    // That a day is some days after the first of all, or before the last, says nothing.
    let (begins, ends) = (Day::FIRST.number().saturating_add(YEAR), Day::LAST.number().saturating_sub(YEAR));
    let first = if first.number() <= begins { Day::FIRST } else { first };
    let last = if last.is_never() || last.number() >= ends { Day::NEVER } else { last };
    (first != Day::FIRST || !last.is_never()).then_some(RangeKind::Days { first, last })
}

fn numbers(var: Var, all: &[Formula], solver: &mut Solver) -> Option<RangeKind> {
    let (low, high) = solver.bounds(var, all).ok()??;
    let (low, high) = (end_of(low), end_of(high));
    (low.is_some() || high.is_some()).then_some(RangeKind::Numbers { low, high })
}

pub(super) fn end_of(extreme: Extreme) -> Option<(Number, bool)> {
    match extreme {
        Extreme::Endless => None,
        Extreme::At { value, attained } => Some((value, attained)),
    }
}

fn may_be(solver: &mut Solver, all: &[Formula], also: Formula) -> bool {
    let asked: Vec<Formula> = all.iter().copied().chain([also]).collect();
    !matches!(solver.check(&asked), Satisfiability::Unsat)
}

/// Which choices there are, if not all.
fn one_of(var: Var, names: &[String], all: &[Formula], solver: &mut Solver) -> Option<RangeKind> {
    let Some(VarSort::Choice(count)) = solver.formulas.kind(var) else { return None };
    if count.get() > CHOICES {
        return None;
    }
    let (mut is, mut is_not) = (Vec::new(), Vec::new());
    for (value, name) in (0..count.get()).zip(names) {
        let this = solver.formulas.choice_in(var, [value]).ok()?;
        if may_be(solver, all, this) { is.push(name.clone()) } else { is_not.push(name.clone()) }
    }
    match (is.len(), is_not.len()) {
        (0, _) | (_, 0) => None,
        (some, none) if some <= none || some == 1 => Some(RangeKind::Is(is)),
        _ => Some(RangeKind::IsNot(is_not)),
    }
}

/// What a code or text is compared with, as far as that comes out the same for the whole group.
fn compared(
    var: Var,
    reach: &Reach,
    (model, all): (&Model, &[Formula]),
    solver: &mut Solver,
) -> Option<RangeKind> {
    let atoms = reach.about(&solver.formulas, var);
    let many = atoms.len() > COMPARED;
    let (mut is, mut under, mut not) = (Vec::new(), Vec::new(), Vec::new());
    for (atom, about) in atoms {
        let holds = solver.formulas.holds(atom, model) == Ok(true);
        if !holds && many {
            continue;
        }
        if may_be(solver, all, if holds { !atom } else { atom }) {
            continue;
        }
        match (holds, about) {
            (true, WrittenComparison::Is(text)) => is.push(text),
            (true, WrittenComparison::Under(code)) => under.push(code),
            (false, about) => not.push(about),
        }
    }
    // The longest says all.
    under.sort_by_key(String::len);
    let under = under.pop();
    if !is.is_empty() {
        return Some(RangeKind::Is(is));
    }
    // What is not under the code itself need not be said of it.
    let plain = |code: &str| code.replace('.', "");
    let matters = |about: &WrittenComparison| match (about, &under) {
        (WrittenComparison::Under(code) | WrittenComparison::Is(code), Some(under)) => {
            plain(code).starts_with(&plain(under))
        }
        (_, None) => true,
    };
    not.retain(matters);
    (under.is_some() || !not.is_empty()).then_some(RangeKind::Compared { under, not })
}
