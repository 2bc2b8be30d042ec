//! The groups of facts for which two versions answer differently: one witness is searched, the rules that decide at it are
//! read off, the group of all facts with these rules is set aside, and the search goes on until there is no more (G5).

use super::exprs::{At, Reader};
use super::found::{Group, Named, OutcomeRegions, Range, RangeKind, SideAnswer, Sum, Witness};
use super::rules::Verdict;
use super::space::{Kindred, Lin, Linear, Quantity, day_of, number_of};
use super::values::Sym;
use super::witness;
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, Expr, OutcomeId, Policy, RuleId};
use crate::run::Evaluator;
use crate::solve::{Extreme, Formula, Formulas, Left, Model, Solver, Var, Verdict as Came};
use crate::tree::CompareOp;
use crate::value::{Day, Number, Value};
use std::collections::BTreeSet;

/// More groups than this of one outcome are not looked for.
const MOST: usize = 200;

/// What is compared: the same outcome of two policies.
pub(super) struct Pair {
    pub ids: [OutcomeId; 2],
    pub verdicts: [Verdict; 2],
    pub own: [Option<EntityId>; 2],
}

/// A comparison with the formulas of its groups, each true of its facts alone, and what they are made of.
pub(super) type Compared<'p> = (OutcomeRegions, Vec<Formula>, Reader<'p>, Solver);

/// Compares one outcome of two versions.
/// `plain`: witnesses are made as plain as they come, and ranges are worked out.
pub(super) fn compare<'p>(
    policies: [&'p Policy; 2],
    ids: [OutcomeId; 2],
    budget: u64,
    plain: bool,
) -> Compared<'p> {
    let name = policies[0].outcomes[ids[0]].name.clone();
    let (groups, left, outside) = (Vec::new(), Vec::new(), Vec::new());
    let mut made = OutcomeRegions { outcome: name, groups, left, outside };
    let mut reader = Reader::new(policies.to_vec());
    let own = [policies[0].outcomes[ids[0]].for_each, policies[1].outcomes[ids[1]].for_each];
    let read = |reader: &mut Reader<'_>, side: usize| -> Linear<Verdict> {
        let entity = own.get(side).copied().flatten();
        let at: At = reader.start(side, entity);
        reader.verdict(side, if side == 0 { ids[0] } else { ids[1] }, &at)
    };
    let mut keys = Vec::new();
    let solver = Solver::new(crate::solve::Formulas::new());
    let verdicts = match (read(&mut reader, 0), read(&mut reader, 1)) {
        (Ok(old), Ok(new)) => [old, new],
        _ => {
            made.left.push("the value is outside what can be decided".to_owned());
            return (made, keys, reader, solver);
        }
    };
    let pair = Pair { ids, verdicts, own };
    // M5: that a value must be whole is not among the formulas.
    let whole =
        |side: usize| policies.get(side).zip(ids.get(side)).map(|(policy, id)| policy.outcomes[*id].whole);
    if whole(0) != whole(1) {
        made.left.push("only one version wants whole values".to_owned());
    }
    let Ok(differs) = differs(&mut reader, &pair) else {
        made.left.push("the values cannot be compared".to_owned());
        return (made, keys, reader, solver);
    };
    if differs == Formula::FALSE {
        return (made, keys, reader, solver);
    }
    let cumulative =
        |entity: Option<&str>, name: &str| policies.iter().any(|policy| is_cumulative(policy, entity, name));
    reader.space.laws_of_dated(cumulative);
    made.outside = reader.outside.clone();
    let mut solver = Solver::new(std::mem::take(&mut reader.space.forms));
    solver.set_budget(budget);
    if let Some(today) = reader.space.today() {
        solver.prefer(today, number_of(near(policies)));
    }
    reader.space.laws.iter().for_each(|law| solver.assert(*law));
    solver.assert(differs);
    loop {
        if made.groups.len() >= MOST {
            made.left.push(format!("more than {MOST} groups"));
            break;
        }
        let model = match solver.check(&[]) {
            Came::Unsat => break,
            Came::Unknown(left) => {
                made.left.push(why(left).to_owned());
                break;
            }
            Came::Sat(model) => model,
        };
        let (group, key) = group(&reader, &pair, policies, &model, (differs, plain), &mut solver);
        if key == Formula::FALSE || solver.formulas.holds(key, &model) != Ok(true) {
            made.left.push("a group that could not be told from the others".to_owned());
            break;
        }
        made.groups.push(group);
        keys.push(key);
        solver.assert(!key);
    }
    (made, keys, reader, solver)
}

fn why(left: Left) -> &'static str {
    match left {
        Left::Steps => "the steps allowed were used up",
        Left::Size => "a number became too large",
        Left::Unsound => "a model did not pass its check",
    }
}

/// A day on which most of what is written is in force: witnesses are asked for near it.
fn near(policies: [&Policy; 2]) -> Day {
    let days = policies.iter().flat_map(|policy| {
        policy.rules.values().filter_map(|rule| match policy.exprs.node(rule.from.as_ref()?.day) {
            Expr::Const(Value::Date(day)) if !day.is_never() => Some(*day),
            _ => None,
        })
    });
    days.max().or_else(|| Day::from_ymd(2026, 1, 1)).unwrap_or(Day::FIRST)
}

pub(super) fn is_cumulative(policy: &Policy, entity: Option<&str>, name: &str) -> bool {
    match entity {
        None => policy.facts.values().any(|fact| fact.name == name && fact.cumulative),
        Some(entity) => policy
            .entities
            .values()
            .filter(|known| known.name == entity)
            .flat_map(|known| known.fields.values())
            .any(|field| field.name == name && field.cumulative),
    }
}

/// Where the two answers are not the same.
fn differs(reader: &mut Reader<'_>, pair: &Pair) -> Linear<Formula> {
    let [old, new] = &pair.verdicts;
    let both = |reader: &mut Reader<'_>, a: Formula, b: Formula| reader.space.forms.and([a, b]);
    let mut same = vec![
        both(reader, old.gap, new.gap),
        both(reader, old.conflict, new.conflict),
        both(reader, old.fails, new.fails),
    ];
    if let (Some(left), Some(right)) = (&old.sym, &new.sym) {
        let equal = reader.compare(CompareOp::Equal, left, right)?;
        let (valued, other) = (old.valued(reader), new.valued(reader));
        same.push(reader.space.forms.and([valued, other, equal]));
    }
    let same = reader.space.forms.or(same);
    Ok(!same)
}

/// A group and the formula that holds of it alone.
fn group(
    reader: &Reader<'_>,
    pair: &Pair,
    policies: [&Policy; 2],
    model: &Model,
    (differs, plain): (Formula, bool),
    solver: &mut Solver,
) -> (Group, Formula) {
    let mut key = vec![differs];
    let [first, second] = &pair.verdicts;
    let old = side(reader, first, model, &solver.formulas, &mut key);
    let new = side(reader, second, model, &solver.formulas, &mut key);
    let key = solver.formulas.and(key);
    let change = match (&old.1, &new.1) {
        (Some(old), Some(new)) => new.sub(old).ok().map(|lin| sum(reader, model, &lin)),
        _ => None,
    };
    let ranges = if plain { ranges(reader, model, key, solver) } else { Vec::new() };
    let plainest = if plain { solver.plainest(&[key]) } else { Came::Unsat };
    let model = &match plainest {
        Came::Sat(plain) => plain,
        Came::Unsat | Came::Unknown(_) => model.clone(),
    };
    let (witness, at, doubt) = tried(reader, pair, policies, model, [&old.0, &new.0]);
    let [mut old_side, mut new_side] = [old.0, new.0];
    [old_side.at_witness, new_side.at_witness] = at;
    (Group { old: old_side, new: new_side, change, ranges, witness, doubt }, key)
}

/// How one side answers at a model; the formulas of its rules and pieces join the key.
fn side(
    reader: &Reader<'_>,
    verdict: &Verdict,
    model: &Model,
    forms: &Formulas,
    key: &mut Vec<Formula>,
) -> (SideAnswer, Option<Lin>) {
    let holds = |formula: Formula| forms.holds(formula, model).unwrap_or(false);
    let mut rules: Vec<(RuleId, u32)> = Vec::new();
    let mut value: Option<Lin> = None;
    let mut deciding: BTreeSet<u32> = BTreeSet::new();
    for (place, offer) in (0u32..).zip(&verdict.offers) {
        if !holds(offer.decides) {
            continue;
        }
        deciding.insert(place);
        key.push(offer.decides);
        let piece = offer.pieces.iter().find(|piece| holds(piece.applies));
        rules.push((offer.rule, piece.map_or(0, |piece| piece.branch)));
        if let Some(piece) = piece {
            key.push(piece.applies);
            if let (Sym::Linear(lin), None) = (&piece.sym, &value) {
                value = Some(plain(reader, model, forms, lin, key));
            }
        }
    }
    // Rules that stand beside those that decide must be silent for the group to be this one.
    for (place, offer) in (0u32..).zip(&verdict.offers) {
        if deciding.contains(&place) {
            continue;
        }
        let below = deciding.iter().any(|upper| offer.above.contains(upper));
        if !below {
            key.push(!offer.decides);
        }
    }
    if deciding.is_empty()
        && let Some(otherwise) = &verdict.otherwise
        && let Sym::Linear(lin) = &otherwise.sym
    {
        value = Some(plain(reader, model, forms, lin, key));
    }
    let status =
        [(verdict.gap, Status::Gap), (verdict.conflict, Status::Conflict), (verdict.fails, Status::Error)];
    let mut found = Status::Determined;
    for (formula, status) in status {
        if holds(formula) {
            found = status;
            key.push(formula);
        } else {
            key.push(!formula);
        }
    }
    if found != Status::Determined {
        value = None;
    }
    let value_sum = value.as_ref().map(|lin| sum(reader, model, lin));
    (SideAnswer { status: found, rules, value: value_sum, at_witness: None }, value)
}

/// A value without its parts, as they are at the model; which way each went joins the key.
fn plain(reader: &Reader<'_>, model: &Model, forms: &Formulas, lin: &Lin, key: &mut Vec<Formula>) -> Lin {
    let mut lin = lin.clone();
    for _ in 0..64 {
        let part = lin.parts.iter().find(|(var, _)| reader.space.cases.contains_key(var));
        let Some((var, factor)) = part.map(|(var, factor)| (*var, factor.clone())) else { break };
        let cases = reader.space.cases.get(&var).map_or(&[][..], Vec::as_slice);
        let taken = cases.iter().find(|(when, _)| forms.holds(*when, model).unwrap_or(false));
        let Some((when, value)) = taken else { break };
        let mut rest = lin.clone();
        rest.parts.remove(&var);
        let Ok(next) = value.scale(&factor).and_then(|value| rest.add(&value)) else { break };
        key.push(*when);
        lin = next;
    }
    lin
}

/// A linear expression in names.
fn sum(reader: &Reader<'_>, model: &Model, lin: &Lin) -> Sum {
    let term = |(var, factor): (&Var, &Number)| (factor.clone(), named(reader, model, *var));
    Sum { terms: lin.parts.iter().map(term).collect(), rest: lin.rest.clone() }
}

pub(super) fn named(reader: &Reader<'_>, model: &Model, var: Var) -> Named {
    match reader.space.quantities.get(&var) {
        Some(Quantity::Today) => Named::Today,
        Some(Quantity::Stated { entity, name, at, .. }) => {
            let today = reader.space.today().map(Lin::var);
            let moved = at.as_ref().filter(|(day, _)| Some(day) != today.as_ref());
            let day = moved.and_then(|(day, _)| worth_of(model, day)).as_ref().and_then(day_of);
            match (day, entity) {
                (Some(day), _) => Named::On(entity.clone(), name.clone(), day),
                (None, None) => Named::Fact(name.clone()),
                (None, Some(entity)) => Named::Field(entity.clone(), name.clone()),
            }
        }
        Some(Quantity::Opaque { what, .. }) => Named::Term(what.clone()),
        Some(Quantity::Part) | None => Named::Term("a part of the value".to_owned()),
    }
}

/// What a linear expression comes to at a model.
pub(super) fn worth_of(model: &Model, lin: &Lin) -> Option<Number> {
    let mut total = lin.rest.clone();
    for (var, factor) in &lin.parts {
        total = total.add(&model.number(*var)?.mul(factor).ok()?).ok()?;
    }
    Some(total)
}

/// What the facts of a group have in common: the ends of each quantity it rests on.
fn ranges(reader: &Reader<'_>, model: &Model, key: Formula, solver: &mut Solver) -> Vec<Range> {
    let vars: Vec<(Var, Quantity)> =
        reader.space.quantities.iter().map(|(var, quantity)| (*var, quantity.clone())).collect();
    let mut ranges = Vec::new();
    for (var, quantity) in vars {
        if !model.rests_on(var) {
            continue;
        }
        let what = named(reader, model, var);
        let kind = match &quantity {
            Quantity::Today | Quantity::Stated { ty: Kindred::Day, .. } => {
                let Ok(Some((low, high))) = solver.bounds(var, &[key]) else { continue };
                let (low, high) = (end_of(low), end_of(high));
                let end = |end: &Option<(Number, bool)>| end.as_ref().and_then(|(number, _)| day_of(number));
                let (first, last) = (end(&low).unwrap_or(Day::FIRST), end(&high).unwrap_or(Day::NEVER));
                if first == Day::FIRST && last >= Day::LAST {
                    continue;
                }
                RangeKind::Days { first, last }
            }
            Quantity::Stated { ty: Kindred::Number | Kindred::Duration, .. } => {
                let Ok(Some((low, high))) = solver.bounds(var, &[key]) else { continue };
                let (low, high) = (end_of(low), end_of(high));
                if low.is_none() && high.is_none() {
                    continue;
                }
                RangeKind::Numbers { low, high }
            }
            _ => continue,
        };
        ranges.push(Range { what, kind });
    }
    ranges
}

fn end_of(extreme: Extreme) -> Option<(Number, bool)> {
    match extreme {
        Extreme::Endless => None,
        Extreme::At { value, attained } => Some((value, attained)),
    }
}

/// The witness, asked again of both versions (G2).
fn tried(
    reader: &Reader<'_>,
    pair: &Pair,
    policies: [&Policy; 2],
    model: &Model,
    sides: [&SideAnswer; 2],
) -> (Witness, [Option<crate::value::Possible>; 2], Option<String>) {
    let on = reader.space.today().and_then(|var| model.number(var)).and_then(day_of).unwrap_or(Day::FIRST);
    let row = pair.own[0].map(|_| 0);
    let stated = |policy: &Policy, own| witness::facts(&reader.space, model, policy, own);
    let (old, new) = (stated(policies[0], pair.own[0]), stated(policies[1], pair.own[1]));
    let complete = old.is_some() && new.is_some();
    let none = |policy: &Policy| crate::facts::Facts::none(policy);
    let made = Witness {
        on,
        row,
        old: old.unwrap_or_else(|| none(policies[0])),
        new: new.unwrap_or_else(|| none(policies[1])),
    };
    let point = Point::new(on, Day::NEVER);
    let before = Evaluator::new(policies[0], &made.old).bare_answer(pair.ids[0], row, point);
    let after = Evaluator::new(policies[1], &made.new).bare_answer(pair.ids[1], row, point);
    let value = |answer: &crate::outcome::Answer| answer.value().cloned().map(Into::into);
    let at = [value(&before), value(&after)];
    let rules = |answer: &crate::outcome::Answer| -> BTreeSet<RuleId> {
        answer.reasons.iter().filter_map(|reason| reason.rule).collect()
    };
    let wanted = |side: &SideAnswer| side.rules.iter().map(|(rule, _)| *rule).collect::<BTreeSet<RuleId>>();
    let doubt = if !complete {
        Some("its facts cannot be stated".to_owned())
    } else if before.status == after.status && before.value() == after.value() {
        Some("the facts found for it give the same answer when they are run".to_owned())
    } else if [(&before, sides[0]), (&after, sides[1])]
        .iter()
        .any(|(answer, side)| answer.status != side.status || rules(answer) != wanted(side))
    {
        Some("the facts found for it are decided by other rules when they are run".to_owned())
    } else {
        None
    };
    (made, at, doubt)
}
