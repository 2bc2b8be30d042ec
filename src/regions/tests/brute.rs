//! G5: regions against every point of small domains: nothing missed, nothing invented, nothing doubled.

use crate::effort;
use crate::facts::{Facts, Slot};
use crate::generator::Dice;
use crate::outcome::{Answer, Point, Status};
use crate::policy::Policy;
use crate::regions::exprs::SymbolicReader;
use crate::regions::found::{Group, NamedTerm, Sum};
use crate::regions::groups::compare;
use crate::regions::names::worth_of;
use crate::regions::space::{Kindred, SpaceQuantity, number_of};
use crate::regions::{Question, Same};
use crate::run::Evaluator;
use crate::solve::{Model, Solver, Worth};
use crate::text::Span;
use crate::value::{Code, Day, Number, Value};
use crate::worlds::policy;

pub(in crate::regions) const DAYS: [&str; 4] = ["2026-01-01", "2026-01-02", "2026-01-05", "2026-01-06"];

fn atom(dice: &mut Dice) -> String {
    let compare = ["<", "<=", "=", "!=", ">", ">="];
    match dice.below(9) {
        0 | 1 => format!("x {} {}", dice.pick(&compare), dice.below(3)),
        2 => format!("x {} y", dice.pick(&compare)),
        3 => "flag".to_owned(),
        4 => format!("kind {} {}", dice.pick(&["=", "!="]), dice.pick(&["a", "b", "c"])),
        5 => format!("kind under {}", dice.pick(&["a", "b"])),
        6 => format!("hts under {}", dice.pick(&["87", "8703", "8703.21"])),
        7 => format!("(x {} {} by {})", dice.pick(&compare), dice.below(3), dice.pick(&DAYS)),
        _ => format!("today {} {}", dice.pick(&compare), dice.pick(&DAYS)),
    }
}

pub(in crate::regions) fn condition(dice: &mut Dice, deep: u32) -> String {
    if deep == 0 {
        return atom(dice);
    }
    match dice.below(5) {
        0 => format!("({} and {})", condition(dice, deep - 1), condition(dice, deep - 1)),
        1 => format!("({} or {})", condition(dice, deep - 1), condition(dice, deep - 1)),
        2 => {
            let inner = dice.pick(&["flag", "x < 1", "kind = b"]);
            format!("(not ({inner}))")
        }
        _ => atom(dice),
    }
}

fn value(dice: &mut Dice) -> String {
    match dice.below(11) {
        0 => "x".to_owned(),
        1 => "x but at least 1".to_owned(),
        2 => "x + 1 but at most y".to_owned(),
        3 => "top up x to 2".to_owned(),
        4 => "y - x".to_owned(),
        5 => format!("(if {} then x otherwise 1)", atom(dice)),
        6 => dice.pick(&["1 / x", "x / y", "x * y", "x * (y - 1)", "x * x"]).to_owned(),
        7 | 8 => dice.pick(&["d", "d + 1", "d - x", "d but at least 1", "d * y"]).to_owned(),
        _ => dice.below(3).to_string(),
    }
}

/// Some rules; each with its text, so that one can be changed.
pub(in crate::regions) fn rules(dice: &mut Dice) -> Vec<String> {
    (0..dice.below(4) + 1)
        .map(|at| {
            let mut text = format!("rule r{at}");
            if at > 0 && dice.below(3) > 0 {
                text.push_str(&format!(" notwithstanding r{}", dice.below(at)));
            }
            if dice.below(4) == 0 {
                text.push_str(&format!(" from {}", dice.pick(&DAYS)));
            }
            if dice.below(5) == 0 {
                text.push_str(&format!(" until {}", dice.pick(&DAYS)));
            }
            let body = match dice.below(4) {
                0 => format!("o := {}", value(dice)),
                1 => format!(
                    "if {} then o := {} otherwise o := {}",
                    condition(dice, 1),
                    value(dice),
                    value(dice)
                ),
                _ => format!("if {} then o := {}", condition(dice, 1), value(dice)),
            };
            format!("{text}: {body}\n")
        })
        .collect()
}

pub(in crate::regions) fn whole(rules: &[String], otherwise: &str) -> String {
    format!(
        "enum Kind = a, b (c)\nfact x : number\nfact y : number\nfact flag : bool\nfact kind : Kind\nfact hts : code\n\
         define d = if flag then x otherwise if x < 1 then y otherwise 1\noutcome o : number{otherwise}\n{}",
        rules.concat()
    )
}

pub(in crate::regions) struct Pointed {
    pub day: Day,
    pub x: Number,
    pub y: Number,
    pub flag: bool,
    pub kind: u16,
    pub hts: &'static str,
}

pub(in crate::regions) fn points(dice: &mut Dice) -> Vec<Pointed> {
    let halves = |dice: &mut Dice| Number::from_ratio(dice.below(10) as i64 - 2, 2).unwrap();
    let days =
        ["2025-12-31", "2026-01-01", "2026-01-02", "2026-01-03", "2026-01-05", "2026-01-06", "2026-01-07"];
    (0..30)
        .map(|_| Pointed {
            day: Day::parse(dice.pick(&days)).unwrap(),
            x: halves(dice),
            y: halves(dice),
            flag: dice.below(2) == 0,
            kind: dice.below(3) as u16,
            hts: ["01", "87", "8701", "8703", "8703.21", "8703.22"][dice.below(6) as usize],
        })
        .collect()
}

pub(in crate::regions) fn facts(policy: &Policy, point: &Pointed) -> Facts {
    let mut facts = Facts::none(policy);
    let mut state = |name: &str, value: Value| {
        facts.facts[policy.fact(name).unwrap()] = Slot::fixed(value.into(), Span::default());
    };
    state("x", Value::Number(point.x.clone()));
    state("y", Value::Number(point.y.clone()));
    state("flag", Value::Bool(point.flag));
    state("kind", Value::Choice(point.kind));
    state("hts", Value::Code(Code::parse(point.hts).unwrap()));
    facts
}

/// The point as a model of the formulas; parts follow from what defines them.
fn model(reader: &SymbolicReader<'_>, solver: &Solver, point: &Pointed) -> Model {
    let space = &reader.space;
    let mut worths: Vec<Worth> = Vec::new();
    for (var, quantity) in &space.quantities {
        let worth = match quantity {
            SpaceQuantity::Today => Worth::Number(number_of(point.day)),
            SpaceQuantity::Stated { name, ty, .. } => match (name.as_str(), ty) {
                ("x", _) => Worth::Number(point.x.clone()),
                ("y", _) => Worth::Number(point.y.clone()),
                ("flag", _) => Worth::Choice(u32::from(point.flag)),
                ("kind", Kindred::Choice(_)) => Worth::Choice(u32::from(point.kind)),
                _ => Worth::Code(Code::parse(point.hts).unwrap()),
            },
            SpaceQuantity::Product(factors) => {
                let so_far = Model::of(worths.clone());
                let value = |factor| so_far.number(factor).unwrap().clone();
                Worth::Number(factors.iter().fold(Number::ONE, |held, one| held.mul(&value(*one)).unwrap()))
            }
            SpaceQuantity::Quotient(of, by) => {
                let so_far = Model::of(worths.clone());
                let value = |lin| worth_of(&so_far, lin).unwrap();
                Worth::Number(value(of).div(&value(by)).unwrap_or(Number::ZERO))
            }
            SpaceQuantity::Part => {
                let so_far = Model::of(worths.clone());
                let cases = space.cases.get(var).unwrap();
                let held = |when| solver.formulas.holds(when, &so_far);
                let taken = cases.iter().find(|(when, _)| held(*when) == Ok(true));
                let value = taken.and_then(|(_, lin)| worth_of(&so_far, lin));
                Worth::Number(value.unwrap_or(Number::ZERO))
            }
            SpaceQuantity::Rounded { .. } | SpaceQuantity::Opaque { .. } => panic!("outside the fragment"),
        };
        worths.push(worth);
    }
    Model::of(worths)
}

fn quantity(named: &NamedTerm, point: &Pointed) -> Number {
    match named {
        NamedTerm::Fact(name) if name == "x" => point.x.clone(),
        NamedTerm::Fact(name) if name == "y" => point.y.clone(),
        NamedTerm::Product(factors) => {
            factors.iter().fold(Number::ONE, |held, one| held.mul(&quantity(one, point)).unwrap())
        }
        NamedTerm::Quotient(of, by) => evaluated(of, point).div(&evaluated(by, point)).unwrap(),
        // The one part with a name.
        NamedTerm::Outside(..) if point.flag => point.x.clone(),
        NamedTerm::Outside(..) if point.x < Number::ONE => point.y.clone(),
        NamedTerm::Outside(..) => Number::ONE,
        other => panic!("{other:?}"),
    }
}

fn evaluated(sum: &Sum, point: &Pointed) -> Number {
    let mut total = sum.rest.clone();
    for (factor, named) in &sum.terms {
        total = total.add(&factor.mul(&quantity(named, point)).unwrap()).unwrap();
    }
    total
}

fn matches_side(side: &crate::regions::SideAnswer, answer: &Answer, point: &Pointed) -> bool {
    let rules: Vec<_> = answer.reasons.iter().filter_map(|reason| reason.rule).collect();
    let mut mine: Vec<_> = side.rules.iter().map(|(rule, _)| *rule).collect();
    let mut theirs = rules;
    if answer.status == Status::Conflict || answer.status == Status::Error {
        // Of these only the guilty are reasons.
        mine.retain(|rule| theirs.contains(rule));
    }
    mine.sort();
    theirs.sort();
    let value = match (&side.value, answer.value()) {
        (Some(sum), Some(Value::Number(number))) => evaluated(sum, point) == *number,
        (None, None) => true,
        _ => false,
    };
    side.status == answer.status && mine == theirs && value
}

/// One pair of policies; how many groups it has. None: one of the texts is no policy.
fn holds(seed: u64) -> usize {
    let mut dice = Dice::new(seed);
    let mut old = rules(&mut dice);
    let otherwise = dice.pick(&["", " otherwise 0", " otherwise y"]);
    let before = whole(&old, otherwise);
    let fresh = rules(&mut dice);
    let at = dice.below(old.len() as u64) as usize;
    // One rule is changed, or goes.
    match fresh.get(at) {
        Some(other) if dice.below(4) > 0 => {
            let (head, _) = old[at].split_once(": ").unwrap();
            let (_, body) = other.split_once(": ").unwrap();
            old[at] = format!("{head}: {body}");
        }
        _ if old.len() > 1 && at + 1 == old.len() => {
            old.pop();
        }
        _ => old[at] = format!("rule r{at}: o := {}\n", value(&mut dice)),
    }
    let after = whole(&old, otherwise);
    let (old, new) = (policy(&before), policy(&after));
    let ids = [old.outcome("o").unwrap(), new.outcome("o").unwrap()];
    let none = (Facts::none(&old), Facts::none(&new));
    let question = Question {
        policies: [&old, &new],
        fixed: [&none.0, &none.1],
        same: &Same::default(),
        known: Day::NEVER,
        days: (Day::FIRST, Day::LAST),
        steps: 5_000_000,
    };
    let detailed = if seed.is_multiple_of(50) { 40 } else { 0 };
    let (made, keys, reader, solver) = compare(&question, ids, detailed);
    let texts = format!("{before}---\n{after}");
    assert!(made.left.is_empty(), "{:?}\n{texts}", made.left);
    // A group that rests on products may be empty, and then has no witness.
    let linear = [&before, &after].iter().all(|text| !text.contains(" * ") && !text.contains(" / "));
    for group in &made.groups {
        assert!(!linear || group.doubt.is_none(), "{:?}\n{texts}", group.doubt);
    }
    for point in points(&mut dice) {
        let (mine, theirs) = (facts(&old, &point), facts(&new, &point));
        let asked = Point::new(point.day, Day::NEVER);
        let before = Evaluator::new(&old, &mine).bare_answer(ids[0], None, asked);
        let after = Evaluator::new(&new, &theirs).bare_answer(ids[1], None, asked);
        let changed = before.status != after.status || before.value() != after.value();
        let inside: Vec<&Group> = if keys.is_empty() {
            Vec::new()
        } else {
            let model = model(&reader, &solver, &point);
            let held = |key| solver.formulas.holds(key, &model) == Ok(true);
            keys.iter().zip(&made.groups).filter(|(key, _)| held(**key)).map(|(_, g)| g).collect()
        };
        let said = format!(
            "{} x {} y {} flag {} kind {} hts {}\n{:?} {:?}\n{texts}",
            point.day, point.x, point.y, point.flag, point.kind, point.hts, before.possible, after.possible
        );
        match (changed, inside.as_slice()) {
            (false, []) => {}
            (true, []) => panic!("missed: {said}"),
            (false, _) => panic!("invented: {said}"),
            (true, [one]) => {
                assert!(matches_side(&one.old, &before, &point), "old {:?}: {said}", one.old);
                assert!(matches_side(&one.new, &after, &point), "new {:?}: {said}", one.new);
            }
            (true, _) => panic!("doubled: {said}"),
        }
    }
    made.groups.len()
}

fn nothing_in(first: u64) {
    let pairs = effort::times(250, 50_000);
    let groups: usize = (first..first + pairs).map(holds).sum();
    assert!(groups as u64 > pairs, "only {groups} groups");
}

#[test]
fn g5_nothing_missed_invented_or_doubled() {
    nothing_in(0);
}

#[test]
fn g5_nothing_missed_invented_or_doubled_in_others() {
    nothing_in(1_000_000);
}
