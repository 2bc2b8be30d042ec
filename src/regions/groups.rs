//! The groups of facts for which two versions answer differently: one witness is searched, the rules that decide at it are
//! read off, the group of all facts with these rules is set aside, and the search goes on until there is no more (G5).

use super::Question;
use super::exprs::{At, Reader};
use super::found::{Group, OutcomeRegions, SideAnswer};
use super::names::sum;
use super::ranges::ranges;
use super::rules::{Case, Offer, Piece, Verdict};
use super::space::{Kindred, Lin, Linear, Outside, Quantity, number_of};
use super::tried::{Tried, multiplied, tried};
use super::values::Sym;
use crate::outcome::Status;
use crate::policy::{EntityId, Expr, OutcomeId, Policy};
use crate::solve::{Comparison, Formula, Left, Model, Solver, Truths, Verdict as Came};
use crate::tree::CompareOp;
use crate::value::{Day, Value};
use std::collections::{BTreeMap, BTreeSet};

/// More groups than this of one outcome are not looked for.
const MOST: usize = 200;
/// After so many that are not proven, one after the other, no more are looked for.
const DOUBTS: usize = 12;

/// So many values are compared each with each of the other side; of more, both values as wholes. Few in tests, which so meet
/// both ways.
const PAIRS: usize = if cfg!(test) { 12 } else { 20_000 };

/// What is compared: the same outcome of two policies.
pub(super) struct Pair {
    pub ids: [OutcomeId; 2],
    pub verdicts: [Verdict; 2],
    pub own: [Option<EntityId>; 2],
}

/// A comparison with the formulas of its groups, each true of its facts alone, and what they are made of.
pub(super) type Compared<'p> = (OutcomeRegions, Vec<Formula>, Reader<'p>, Solver);

/// Compares one outcome of two versions.
/// Of the first `detailed` groups witnesses are made as plain as they come, and ranges are worked out.
pub(super) fn compare<'p>(question: &Question<'p>, ids: [OutcomeId; 2], detailed: usize) -> Compared<'p> {
    let policies = question.policies;
    let (groups, left, outside) = (Vec::new(), Vec::new(), Vec::new());
    let mut made = OutcomeRegions { outcome: (ids[0], ids[1]), groups, left, outside };
    let mut reader = Reader::new(policies.to_vec());
    reader.known = question.known;
    reader.same = question.same.clone();
    reader.fixed = question.fixed.to_vec();
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
    solver.set_budget(question.steps);
    if let Some(today) = reader.space.today() {
        solver.prefer(today, number_of(near(policies)));
    }
    for (var, quantity) in &reader.space.quantities {
        if matches!(quantity, Quantity::Stated { ty: Kindred::Day, .. }) {
            solver.prefer(*var, number_of(near(policies)));
        }
    }
    if let Some(today) = reader.space.today() {
        for (comparison, day) in
            [(Comparison::AtLeast, question.days.0), (Comparison::AtMost, question.days.1)]
        {
            let law = solver.formulas.compare(today, comparison, &number_of(day));
            reader.space.laws.extend(law);
        }
    }
    let mut open = reader.space.laws_for(&solver.formulas, &[differs]);
    open.push(differs);
    let mut doubts = 0usize;
    loop {
        if made.groups.len() >= MOST {
            made.left.push(format!("more than {MOST} groups"));
            break;
        }
        if detailed > 0 && doubts >= DOUBTS {
            made.left.push("more groups that rest on what is taken as unknown".to_owned());
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
            open.sort_unstable();
            open.dedup();
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
        let plain = made.groups.len() < detailed;
        let group = group((&reader, question), &pair, &model, told, plain, &mut solver);
        doubts = if group.doubt.is_some() { doubts.saturating_add(1) } else { 0 };
        made.groups.push(group);
    }
    // Those that are proven first.
    let mut both: Vec<(Group, Formula)> = made.groups.into_iter().zip(keys).collect();
    both.sort_by_key(|(group, _)| group.doubt.is_some());
    (made.groups, keys) = both.into_iter().unzip();
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
    let changed = changed(reader, pair);
    let mut touched = Vec::new();
    for (verdict, changed) in [(old, &changed[0]), (new, &changed[1])] {
        touched.extend(changed.iter().filter_map(|place| Some(verdict.offers.get(*place)?.decides)));
    }
    if old.otherwise != new.otherwise {
        touched.extend([old.silence, new.silence]);
    }
    let touched = reader.space.forms.or(touched);
    if touched == Formula::FALSE {
        return Ok(Formula::FALSE);
    }
    let apart = apart(reader, pair, &changed)?;
    let (had, has) = (old.valued(reader), new.valued(reader));
    let forms = &mut reader.space.forms;
    let same = [
        forms.and([old.gap, new.gap]),
        forms.and([old.conflict, new.conflict]),
        forms.and([old.fails, new.fails]),
        forms.and([had, has, !apart]),
    ];
    let same = forms.or(same);
    Ok(forms.and([touched, !same]))
}

/// Where the values differ, if both have one and something changed decides.
fn apart(reader: &mut Reader<'_>, pair: &Pair, changed: &[Vec<usize>; 2]) -> Linear<Formula> {
    let [old, new] = &pair.verdicts;
    let mut said: [Vec<Case>; 2] = Default::default();
    for ((verdict, changed), said) in [(old, &changed[0]), (new, &changed[1])].into_iter().zip(&mut said) {
        for offer in changed.iter().filter_map(|place| verdict.offers.get(*place)) {
            for Piece { applies, sym, .. } in &offer.pieces {
                let when = reader.space.forms.and([offer.decides, *applies]);
                said.push(Case { when, sym: sym.clone() });
            }
        }
        if old.otherwise != new.otherwise
            && let Some(otherwise) = &verdict.otherwise
        {
            said.push(Case { when: verdict.silence, sym: otherwise.sym.clone() });
        }
    }
    let [was, is] = said;
    let pairs = was.len().saturating_mul(new.cases.len());
    if pairs.saturating_add(is.len().saturating_mul(old.cases.len())) > PAIRS {
        return match (reader.value_of(&old.cases)?, reader.value_of(&new.cases)?) {
            (Some(old), Some(new)) => reader.compare(CompareOp::NotEqual, &old, &new),
            _ => Ok(Formula::FALSE),
        };
    }
    let mut apart = Vec::new();
    for (said, others) in [(was, &new.cases), (is, &old.cases)] {
        for Case { when, sym } in said {
            let mut same = Vec::new();
            for other in others {
                let equal = reader.compare(CompareOp::Equal, &sym, &other.sym)?;
                same.push(reader.space.forms.and([other.when, equal]));
            }
            let same = reader.space.forms.or(same);
            apart.push(reader.space.forms.and([when, !same]));
        }
    }
    Ok(reader.space.forms.or(apart))
}

/// On each side the places of the offers that are not the same on the other. Elsewhere the same rules decide, and say the same: a
/// rule that is displaced hides nothing that the one above it does not hide as well (R5).
fn changed(reader: &Reader<'_>, pair: &Pair) -> [Vec<usize>; 2] {
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
    let aligned = names_old == names_new;
    let ordered_same = |(at, other): (&u32, &u32)| {
        // In one order on both sides there is nothing to look up.
        let same_place = aligned && at == other;
        let both = old.offers.get(*at as usize).zip(new.offers.get(*other as usize));
        if same_place && both.is_some_and(|(before, after)| before.above == after.above) {
            return true;
        }
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
    let olds: BTreeSet<usize> = kept.iter().map(|(at, _)| *at as usize).collect();
    let news: BTreeSet<usize> = kept.iter().map(|(_, at)| *at as usize).collect();
    [(old, olds), (new, news)]
        .map(|(verdict, kept)| (0..verdict.offers.len()).filter(|at| !kept.contains(at)).collect())
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
    (reader, question): (&Reader<'_>, &Question<'_>),
    pair: &Pair,
    model: &Model,
    told: Told,
    plain: bool,
    solver: &mut Solver,
) -> Group {
    let Told { old, new, key, .. } = told;
    let change = match (&old.loose, &new.loose) {
        (Some(old), Some(new)) => new.sub(old).ok().map(|lin| sum(reader, model, &lin)),
        _ => None,
    };
    let rounded = old.rounded || new.rounded;
    let mut assumed = reader.space.laws_for(&solver.formulas, &[key]);
    assumed.push(key);
    let ranges = if plain { ranges(reader, model, &assumed, solver) } else { Vec::new() };
    let lin = |side: &Side| match &side.sym {
        Some(Sym::Linear(lin)) => Some(lin.clone()),
        _ => None,
    };
    let values = [lin(&old), lin(&new)];
    let sides = [(&old.answer, values[0].as_ref()), (&new.answer, values[1].as_ref())];
    let (witness, at, doubt) = witness(reader, question, pair, model, (assumed, plain), sides, solver);
    let [mut old_side, mut new_side] = [old.answer, new.answer];
    [old_side.at_witness, new_side.at_witness] = at;
    Group { old: old_side, new: new_side, change, rounded, ranges, witness, doubt }
}

/// Facts of the group that both versions answer as it says: the plainest first.
fn witness(
    reader: &Reader<'_>,
    question: &Question<'_>,
    pair: &Pair,
    model: &Model,
    (assumed, plain): (Vec<Formula>, bool),
    sides: [(&SideAnswer, Option<&Lin>); 2],
    solver: &mut Solver,
) -> Tried {
    let plainly = reader.space.plainly.iter().copied();
    let mut also = reader.space.laws_for(&solver.formulas, &reader.space.plainly);
    also.extend(&assumed);
    also.extend(plainly);
    also.sort_unstable();
    also.dedup();
    let mut models = Vec::new();
    for asked in if reader.space.plainly.is_empty() { vec![&assumed] } else { vec![&also, &assumed] } {
        let found = if plain { solver.plainest(asked) } else { solver.check(asked) };
        if let Came::Sat(found) = found {
            models.push(multiplied(reader, asked, found, solver));
        }
    }
    models.push(model.clone());
    let mut first = None;
    for model in &models {
        let tried = tried((reader, question), pair, model, sides);
        if tried.2.is_none() {
            return tried;
        }
        first = first.or(Some(tried));
    }
    first.unwrap_or_else(|| tried((reader, question), pair, model, sides))
}

/// How one side answers in a group.
struct Side {
    answer: SideAnswer,
    /// The value, without parts.
    sym: Option<Sym>,
    /// The same before it is rounded, and whether it is.
    loose: Option<Lin>,
    rounded: bool,
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
    let Some(Sym::Linear(lin)) = sym else { return Side { answer, sym, loose: None, rounded: false } };
    let lin = plain(reader, model, &lin, key);
    let (loose, rounded) = loosened(reader, model, &lin, key);
    answer.value = Some(sum(reader, model, &loose));
    answer.rounded = rounded;
    Side { answer, sym: Some(Sym::Linear(lin)), loose: Some(loose), rounded }
}

/// A value as it is before it is rounded, and whether it is.
fn loosened(reader: &Reader<'_>, model: &Model, lin: &Lin, key: &mut Vec<Formula>) -> (Lin, bool) {
    let mut loose = Lin::constant(lin.rest.clone());
    let mut rounded = false;
    for (var, factor) in &lin.parts {
        let part = match reader.space.quantities.get(var) {
            Some(Quantity::Rounded { of, step }) => {
                rounded = true;
                let of = plain(reader, model, of, key);
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
