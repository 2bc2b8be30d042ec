//! What a model tells: which rules decide on both sides, with which values, and what all facts of the same group have in
//! common.

use super::exprs::SymbolicReader;
use super::found::SideAnswer;
use super::groups::Pair;
use super::names::{sum, without_parts, without_parts_but};
use super::rules::RuleVerdict;
use super::space::{Lin, Linear, Outside, SpaceQuantity};
use super::values::Sym;
use crate::outcome::Status;
use crate::solve::{Formula, Model, Solver, Truths, Var};
use crate::tree::CompareOp;
use std::collections::BTreeSet;

/// How both sides answer in the group that a model belongs to.
pub(super) struct Told {
    pub old: Side,
    pub new: Side,
    /// What is added to the value, before it is rounded.
    pub change: Option<Lin>,
    /// The same rules decide with the same pieces of their values, and the answers differ: what holds of the group alone.
    pub key: Formula,
    /// What follows from that for all facts.
    pub lemmas: Vec<Formula>,
}

/// How one side answers in a group.
pub(super) struct Side {
    pub answer: SideAnswer,
    /// The value.
    pub sym: Option<Sym>,
}

impl Side {
    /// The value, if it is a number.
    pub fn lin(&self) -> Option<&Lin> {
        match &self.sym {
            Some(Sym::Linear(lin)) => Some(lin),
            _ => None,
        }
    }
}

pub(super) fn told(
    reader: &mut SymbolicReader<'_>,
    pair: &Pair,
    model: &Model,
    differs: Formula,
    solver: &mut Solver,
) -> Told {
    let (mut key, mut lemmas) = (Vec::new(), Vec::new());
    let [first, second] = &pair.verdicts;
    // New formulas are made by the reader: it has them meanwhile.
    std::mem::swap(&mut reader.space.forms, &mut solver.formulas);
    let mut old = side(reader, first, model, (&mut key, &mut lemmas));
    let mut new = side(reader, second, model, (&mut key, &mut lemmas));
    let change = resolved(reader, model, [&mut old, &mut new], &mut key);
    days_read(reader, model, &mut key);
    let base = reader.space.forms.and(key);
    let mut key = base;
    if old.answer.status == new.answer.status {
        let apart = match (&old.sym, &new.sym) {
            (Some(old), Some(new)) => reader.compare(CompareOp::NotEqual, old, new).ok(),
            _ => None,
        };
        let apart = apart.unwrap_or(differs);
        let forms = &mut reader.space.forms;
        key = forms.and([base, apart]);
        let same = forms.same(differs, apart);
        lemmas.push(forms.or([!base, same]));
    }
    std::mem::swap(&mut reader.space.forms, &mut solver.formulas);
    Told { old, new, change, key, lemmas }
}

/// Brings both values to what is said of the group, and what is added. A part with a name stays as it is where both values have
/// it alike: a duty that is 15 points above whatever `ave` is needs no group for each rate of an annex.
fn resolved(
    reader: &SymbolicReader<'_>,
    model: &Model,
    sides: [&mut Side; 2],
    key: &mut Vec<Formula>,
) -> Option<Lin> {
    let mut kept: BTreeSet<Var> = reader.space.written.keys().copied().collect();
    let (values, taken, change) = loop {
        let mut taken = Vec::new();
        let values = [0, 1].map(|side| {
            let lin = sides.get(side).and_then(|side| side.lin())?;
            let lin = without_parts_but(reader, model, lin, &kept, &mut taken);
            let (loose, rounded) = loosened(reader, model, &lin, &kept, &mut taken);
            Some((lin, loose, rounded))
        });
        let [Some((_, old, _)), Some((_, new, _))] = &values else { break (values, taken, None) };
        let change = new.sub(old).ok();
        let before = kept.len();
        match &change {
            Some(change) => kept.retain(|var| !change.parts.contains_key(var)),
            None => kept.clear(),
        }
        if kept.len() == before {
            break (values, taken, change);
        }
    };
    key.extend(taken);
    for (side, value) in sides.into_iter().zip(values) {
        let Some((lin, loose, rounded)) = value else { continue };
        side.answer.value = Some(sum(reader, model, &loose));
        side.answer.rounded = rounded;
        side.sym = Some(Sym::Linear(lin));
    }
    change
}

/// How one side answers at a model; what makes all facts of the group answer so joins the key.
fn side(
    reader: &mut SymbolicReader<'_>,
    verdict: &RuleVerdict,
    model: &Model,
    (key, lemmas): (&mut Vec<Formula>, &mut Vec<Formula>),
) -> Side {
    let start = key.len();
    let mut truths = Truths::new(&reader.space.forms, model);
    let mut holds = |formula: Formula| truths.holds(formula).unwrap_or(false);
    let mut answer = SideAnswer {
        status: Status::Determined,
        rules: Vec::new(),
        value: None,
        rounded: false,
        at_witness: None,
    };
    let mut deciding: BTreeSet<u32> = BTreeSet::new();
    let mut covered: BTreeSet<u32> = BTreeSet::new();
    let (mut syms, mut fails) = (Vec::new(), Vec::new());
    for (place, offer) in (0u32..).zip(&verdict.offers) {
        if !holds(offer.decides) {
            continue;
        }
        deciding.insert(place);
        covered.extend(offer.above.iter());
        key.push(offer.decides);
        fails.push(offer.fails);
        let piece = offer.pieces.iter().find(|piece| holds(piece.applies));
        answer.rules.push((offer.rule, piece.map_or(0, |piece| piece.branch)));
        if let Some(piece) = piece {
            key.push(piece.applies);
            syms.push(piece.sym.clone());
        }
    }
    // Of the rules that are neither above nor below those that decide, none decides.
    for (place, offer) in (0u32..).zip(&verdict.offers) {
        let ordered = |upper: &u32| offer.above.contains(*upper);
        if !deciding.contains(&place) && !covered.contains(&place) && !deciding.iter().any(ordered) {
            key.push(!offer.decides);
        }
    }
    if deciding.is_empty() {
        key.push(verdict.silence);
        if let Some(otherwise) = &verdict.otherwise {
            syms.push(otherwise.sym.clone());
            fails.push(otherwise.fails);
        }
    }
    let status =
        [(verdict.gap, Status::Gap), (verdict.conflict, Status::Conflict), (verdict.fails, Status::Error)];
    if let Some((_, other)) = status.into_iter().find(|(formula, _)| holds(*formula)) {
        answer.status = other;
    }
    let failing = reader.space.forms.or(fails);
    key.push(if answer.status == Status::Error { failing } else { !failing });
    if let [first, rest @ ..] = syms.as_slice()
        && !rest.is_empty()
        && answer.status != Status::Error
    {
        let alike: Linear<Vec<Formula>> =
            rest.iter().map(|other| reader.compare(CompareOp::Equal, first, other)).collect();
        let clash = match alike {
            Ok(alike) => !reader.space.forms.and(alike),
            Err(Outside) => verdict.conflict,
        };
        let forms = &mut reader.space.forms;
        let here = forms.and(key.iter().skip(start).copied());
        let same = forms.same(verdict.conflict, clash);
        lemmas.push(forms.or([!here, same]));
        key.push(if answer.status == Status::Conflict { clash } else { !clash });
    }
    let sym = if answer.status == Status::Determined { syms.into_iter().next() } else { None };
    Side { answer, sym }
}

/// A value as it is before it is rounded, and whether it is.
fn loosened(
    reader: &SymbolicReader<'_>,
    model: &Model,
    lin: &Lin,
    kept: &BTreeSet<Var>,
    key: &mut Vec<Formula>,
) -> (Lin, bool) {
    let mut loose = Lin::constant(lin.rest.clone());
    let mut rounded = false;
    for (var, factor) in &lin.parts {
        let part = match reader.space.quantities.get(var) {
            Some(SpaceQuantity::Rounded { of, step }) => {
                rounded = true;
                let of = without_parts_but(reader, model, of, kept, key);
                factor.div(step).map_err(Outside::from).and_then(|by| of.scale(&by))
            }
            _ => Lin::var(*var).scale(factor),
        };
        match part.and_then(|part| loose.add(&part)) {
            Ok(sum) => loose = sum,
            Err(Outside) => return (lin.clone(), false),
        }
    }
    (loose, rounded)
}

/// The days on which facts are read are named: which way each of them went joins the key.
fn days_read(reader: &SymbolicReader<'_>, model: &Model, key: &mut Vec<Formula>) {
    for (var, quantity) in &reader.space.quantities {
        if let SpaceQuantity::Stated { at: Some((day, _)), .. } = quantity
            && model.rests_on(*var)
        {
            without_parts(reader, model, day, key);
        }
    }
}
