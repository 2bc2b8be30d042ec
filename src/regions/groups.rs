//! The groups of facts for which two versions answer differently: one witness is searched, the rules that decide at it are
//! read off, the group of all facts with these rules is set aside, and the search goes on until there is no more (G5).

use super::exprs::{At, Reader};
use super::found::{Group, Named, OutcomeRegions, Range, RangeKind, SideAnswer, Sum, Witness};
use super::rules::{Offer, Verdict};
use super::space::{Kindred, Lin, Linear, Outside, Quantity, day_of, number_of};
use super::values::Sym;
use super::witness;
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, Expr, OutcomeId, Policy, RuleId};
use crate::run::Evaluator;
use crate::solve::{Comparison, Extreme, Formula, Left, Model, Solver, Truths, Var, Verdict as Came};
use crate::tree::CompareOp;
use crate::value::{Day, Number, Value};
use std::collections::{BTreeMap, BTreeSet};

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
    let mut open = reader.space.laws_for(&solver.formulas, &[differs]);
    open.push(differs);
    loop {
        if made.groups.len() >= MOST {
            made.left.push(format!("more than {MOST} groups"));
            break;
        }
        let model = match solver.check(&open) {
            Came::Unsat => break,
            Came::Unknown(left) => {
                made.left.push(why(left).to_owned());
                break;
            }
            Came::Sat(model) => model,
        };
        let told = told(&mut reader, &pair, &model, differs, &mut solver);
        if solver.formulas.holds(told.key, &model) != Ok(true) {
            // It speaks of products that were not met before: with what is known of them the model may be none.
            let before = open.len();
            open.extend(reader.space.laws_for(&solver.formulas, &told.lemmas));
            open.extend(&told.lemmas);
            open.sort_unstable();
            open.dedup();
            if open.len() > before {
                continue;
            }
        }
        if told.key == Formula::FALSE || solver.formulas.holds(told.key, &model) != Ok(true) {
            made.left.push("a group that could not be told from the others".to_owned());
            break;
        }
        open.push(!told.key);
        keys.push(told.key);
        made.groups.push(group(&reader, &pair, policies, &model, told, plain, &mut solver));
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
    let touched = touched(reader, pair);
    Ok(reader.space.forms.and([!same, touched]))
}

/// Where something decides that is not the same on both sides. Elsewhere the same rules decide, and say the same: a rule
/// that is displaced hides nothing that the one above it does not hide as well (R5).
fn touched(reader: &mut Reader<'_>, pair: &Pair) -> Formula {
    let [old, new] = &pair.verdicts;
    let name = |side: usize, offer: &Offer| reader.policy(side).rules[offer.rule].shown.clone();
    let names: [Vec<String>; 2] = [(0, old), (1, new)]
        .map(|(side, verdict)| verdict.offers.iter().map(|offer| name(side, offer)).collect());
    let [names_old, names_new] = &names;
    let places: BTreeMap<&str, usize> =
        names_new.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let says_same = |before: &Offer, after: &Offer| {
        (before.says, before.fails, &before.pieces) == (after.says, after.fails, &after.pieces)
    };
    // Old place → new place of those that say the same.
    let alike: BTreeMap<u32, u32> = (0u32..)
        .zip(old.offers.iter().zip(names_old))
        .filter_map(|(at, (offer, name))| {
            let other = *places.get(name.as_str())?;
            let same = says_same(offer, new.offers.get(other)?);
            same.then_some(at).zip(u32::try_from(other).ok())
        })
        .collect();
    let back: BTreeSet<u32> = alike.values().copied().collect();
    let ordered_same = |(at, other): (&u32, &u32)| {
        let above = |verdict: &Verdict, at: u32| {
            verdict.offers.get(at as usize).map(|offer| offer.above.clone()).unwrap_or_default()
        };
        let mut before: Vec<u32> =
            above(old, *at).iter().filter_map(|upper| alike.get(upper).copied()).collect();
        before.sort_unstable();
        before.into_iter().eq(above(new, *other).into_iter().filter(|upper| back.contains(upper)))
    };
    let kept: Vec<(u32, u32)> =
        alike.iter().filter(|pair| ordered_same(*pair)).map(|(at, other)| (*at, *other)).collect();
    let olds: BTreeSet<u32> = kept.iter().map(|(at, _)| *at).collect();
    let news: BTreeSet<u32> = kept.iter().map(|(_, at)| *at).collect();
    let mut touched = Vec::new();
    for (verdict, kept) in [(old, &olds), (new, &news)] {
        let others = (0u32..).zip(&verdict.offers).filter(|(at, _)| !kept.contains(at));
        touched.extend(others.map(|(_, offer)| offer.decides));
    }
    if old.otherwise != new.otherwise {
        touched.extend([old.silence, new.silence]);
    }
    reader.space.forms.or(touched)
}

/// How both sides answer in the group that a model belongs to.
struct Told {
    old: Side,
    new: Side,
    /// The same rules decide with the same pieces of their values, and the answers differ: what holds of the group alone.
    key: Formula,
    /// What follows from that for all facts.
    lemmas: Vec<Formula>,
}

fn told(reader: &mut Reader<'_>, pair: &Pair, model: &Model, differs: Formula, solver: &mut Solver) -> Told {
    let (mut key, mut lemmas) = (Vec::new(), Vec::new());
    let [first, second] = &pair.verdicts;
    // New formulas are made by the reader: it has them meanwhile.
    std::mem::swap(&mut reader.space.forms, &mut solver.formulas);
    let old = side(reader, first, model, (&mut key, &mut lemmas));
    let new = side(reader, second, model, (&mut key, &mut lemmas));
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
    Told { old, new, key, lemmas }
}

/// The group with its ranges and its witness.
fn group(
    reader: &Reader<'_>,
    pair: &Pair,
    policies: [&Policy; 2],
    model: &Model,
    told: Told,
    plain: bool,
    solver: &mut Solver,
) -> Group {
    let Told { old, new, key, .. } = told;
    let change = match (&old.sym, &new.sym) {
        (Some(Sym::Linear(old)), Some(Sym::Linear(new))) => {
            new.sub(old).ok().map(|lin| sum(reader, model, &lin))
        }
        _ => None,
    };
    let mut assumed = reader.space.laws_for(&solver.formulas, &[key]);
    assumed.push(key);
    let ranges = if plain { ranges(reader, model, &assumed, solver) } else { Vec::new() };
    let plainest = if plain { solver.plainest(&assumed) } else { Came::Unsat };
    let model = match plainest {
        Came::Sat(plain) => plain,
        Came::Unsat | Came::Unknown(_) => model.clone(),
    };
    let model = &multiplied(reader, &assumed, model, solver);
    let (witness, at, doubt) = tried(reader, pair, policies, model, [&old.answer, &new.answer]);
    let [mut old_side, mut new_side] = [old.answer, new.answer];
    [old_side.at_witness, new_side.at_witness] = at;
    Group { old: old_side, new: new_side, change, ranges, witness, doubt }
}

/// A model in which products are what their factors come to: all factors but one are held. If there is none found, as it was.
fn multiplied(reader: &Reader<'_>, assumed: &[Formula], model: Model, solver: &mut Solver) -> Model {
    let products: Vec<(&Vec<Var>, Var)> = reader
        .space
        .products
        .iter()
        .filter(|(_, var)| model.rests_on(**var))
        .map(|(factors, var)| (factors, *var))
        .collect();
    let wrong = |model: &Model| {
        products.iter().any(|(factors, var)| {
            let held =
                factors.iter().try_fold(Number::ONE, |held, factor| held.mul(model.number(*factor)?).ok());
            held.is_none() || held.as_ref() != model.number(*var)
        })
    };
    if !wrong(&model) {
        return model;
    }
    let most = products.iter().map(|(factors, _)| factors.len()).max().unwrap_or(0);
    for free in 0..most {
        let mut pinned = assumed.to_vec();
        let made = products.iter().try_for_each(|(factors, var)| {
            let free = free.min(factors.len().saturating_sub(1));
            let mut held = Number::ONE;
            for (at, factor) in factors.iter().enumerate() {
                if at != free {
                    let value = model.number(*factor)?;
                    held = held.mul(value).ok()?;
                    pinned.push(solver.formulas.compare(*factor, Comparison::Equal, value).ok()?);
                }
            }
            let parts = [(*var, Number::ONE), (*factors.get(free)?, held.neg())];
            pinned.push(solver.formulas.linear(&parts, &Number::ZERO, Comparison::Equal).ok()?);
            Some(())
        });
        if made.is_some()
            && let Came::Sat(found) = solver.check(&pinned)
            && !wrong(&found)
        {
            return found;
        }
    }
    model
}

/// How one side answers in a group.
struct Side {
    answer: SideAnswer,
    /// The value, without parts.
    sym: Option<Sym>,
}

/// How one side answers at a model; what makes all facts of the group answer so joins the key.
fn side(
    reader: &mut Reader<'_>,
    verdict: &Verdict,
    model: &Model,
    (key, lemmas): (&mut Vec<Formula>, &mut Vec<Formula>),
) -> Side {
    let start = key.len();
    let mut truths = Truths::new(&reader.space.forms, model);
    let mut holds = |formula: Formula| truths.holds(formula).unwrap_or(false);
    let mut answer =
        SideAnswer { status: Status::Determined, rules: Vec::new(), value: None, at_witness: None };
    let mut deciding: BTreeSet<u32> = BTreeSet::new();
    let mut covered: BTreeSet<u32> = BTreeSet::new();
    let (mut syms, mut fails) = (Vec::new(), Vec::new());
    for (place, offer) in (0u32..).zip(&verdict.offers) {
        if !holds(offer.decides) {
            continue;
        }
        deciding.insert(place);
        covered.extend(&offer.above);
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
        let ordered = |upper: &u32| offer.above.binary_search(upper).is_ok();
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
    let sym = match sym {
        Some(Sym::Linear(lin)) => {
            let lin = plain(reader, model, &lin, key);
            answer.value = Some(sum(reader, model, &lin));
            Some(Sym::Linear(lin))
        }
        other => other,
    };
    Side { answer, sym }
}

/// A value without its parts, as they are at the model; which way each went joins the key.
fn plain(reader: &Reader<'_>, model: &Model, lin: &Lin, key: &mut Vec<Formula>) -> Lin {
    let mut truths = Truths::new(&reader.space.forms, model);
    let mut lin = lin.clone();
    for _ in 0..64 {
        let part = lin.parts.iter().find(|(var, _)| reader.space.cases.contains_key(var));
        let Some((var, factor)) = part.map(|(var, factor)| (*var, factor.clone())) else { break };
        let cases = reader.space.cases.get(&var).map_or(&[][..], Vec::as_slice);
        let taken = cases.iter().find(|(when, _)| truths.holds(*when).unwrap_or(false));
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
        Some(Quantity::Product(factors)) => {
            Named::Product(factors.iter().map(|factor| named(reader, model, *factor)).collect())
        }
        Some(Quantity::Quotient(of, by)) => {
            Named::Quotient(Box::new(sum(reader, model, of)), Box::new(sum(reader, model, by)))
        }
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
fn ranges(reader: &Reader<'_>, model: &Model, key: &[Formula], solver: &mut Solver) -> Vec<Range> {
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
                let Ok(Some((low, high))) = solver.bounds(var, key) else { continue };
                let (low, high) = (end_of(low), end_of(high));
                let end = |end: &Option<(Number, bool)>| end.as_ref().and_then(|(number, _)| day_of(number));
                let (first, last) = (end(&low).unwrap_or(Day::FIRST), end(&high).unwrap_or(Day::NEVER));
                if first == Day::FIRST && last >= Day::LAST {
                    continue;
                }
                RangeKind::Days { first, last }
            }
            Quantity::Stated { ty: Kindred::Number | Kindred::Duration, .. } => {
                let Ok(Some((low, high))) = solver.bounds(var, key) else { continue };
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
