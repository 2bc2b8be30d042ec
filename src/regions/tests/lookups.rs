//! G5 for annexes: of two schedules every code whose answer differs is in one group, and no other code is in any.

use crate::effort;
use crate::facts::{Facts, Slot};
use crate::generator::Dice;
use crate::outcome::Point;
use crate::policy::Policy;
use crate::regions::groups::compare;
use crate::regions::space::{SpaceQuantity, number_of};
use crate::regions::{Question, Same};
use crate::run::Evaluator;
use crate::solve::{Model, Worth};
use crate::text::{Files, Sources, Span};
use crate::value::{Code, Day, Number, Value};
use std::collections::BTreeMap;

const CODES: [&str; 12] = [
    "01",
    "0101",
    "0101.10",
    "0101.20",
    "0101.20.10",
    "0102",
    "0102.10",
    "0102.10.10",
    "02",
    "0201",
    "0201.10",
    "0201.10.20",
];
const DAYS: [&str; 3] = ["2026-01-01", "2026-02-01", "2026-03-01"];

struct OneAnnex<'t>(&'t str, &'t str);

impl Files for OneAnnex<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        Ok(if path == "p.comity" { self.0.to_owned() } else { self.1.to_owned() })
    }
}

fn compiled(text: &str, annex: &str) -> Policy {
    let said = crate::compile::compile("p.comity", &OneAnnex(text, annex), &mut Sources::new());
    said.map(|compiled| compiled.policy).unwrap_or_else(|said| panic!("{}\n{text}\n{annex}", said[0].message))
}

/// A rate and a flag, either of which may be left out, and since when.
type Line = (Option<u64>, Option<bool>, Option<&'static str>);
type Lines = BTreeMap<&'static str, Line>;

fn line(dice: &mut Dice, dated: bool) -> Line {
    let from = if dated && dice.one_in(2) { Some(dice.pick(&DAYS)) } else { None };
    let rate = if dice.one_in(4) { None } else { Some(dice.below(3)) };
    (rate, if dice.one_in(3) { Some(dice.one_in(2)) } else { None }, from)
}

fn csv(lines: &Lines, any: Option<u64>) -> String {
    let row = |(code, (rate, flag, from)): (&&str, &Line)| {
        let rate = rate.map_or(String::new(), |rate| rate.to_string());
        let flag = flag.map_or(String::new(), |flag| flag.to_string());
        format!("{code},{},{rate},{flag}\n", from.unwrap_or_default())
    };
    let any = any.map_or(String::new(), |rate| format!("*,,{rate},\n"));
    format!("code,since,rate,flag\n{}{any}", lines.iter().map(row).collect::<String>())
}

fn holds(seed: u64) -> usize {
    let mut dice = Dice::new(seed);
    let dated = dice.one_in(3);
    let mut lines = Lines::new();
    for code in CODES {
        if dice.one_in(2) {
            lines.insert(code, line(&mut dice, dated));
        }
    }
    let mut later = lines.clone();
    for _ in 0..dice.below(4) {
        let code = dice.pick(&CODES);
        match dice.one_in(3) {
            true => drop(later.remove(code)),
            false => drop(later.insert(code, line(&mut dice, dated))),
        }
    }
    let any = dice.one_in(4).then(|| dice.below(3));
    let any_later = if dice.one_in(5) { dice.one_in(2).then(|| dice.below(3)) } else { any };
    let force = if dated { " in force since" } else { "" };
    let value = dice.pick(&[
        "rates(hts).rate",
        "rates(hts).rate + x",
        "if rates(hts).flag then rates(hts).rate otherwise x",
        "if hts in rates then 1 otherwise x",
        "if hts under rates and x > 1 then 2 otherwise 0",
    ]);
    let text = format!(
        "annex rates from \"rates.csv\" (code){force} -> rate : number = 0, flag : bool = false\nfact hts : code\nfact x : number\n\
         outcome o : number\nrule r: o := {value}\n"
    );
    let (before, after) = (csv(&lines, any), csv(&later, any_later));
    let (old, new) = (compiled(&text, &before), compiled(&text, &after));
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
    let (made, keys, reader, solver) = compare(&question, ids, 40);
    let texts = format!("seed {seed}\n{text}{before}---\n{after}");
    assert!(made.left.is_empty(), "{:?}\n{texts}", made.left);
    for group in &made.groups {
        assert!(group.doubt.is_none(), "{:?}\n{texts}", group.doubt);
    }
    let rates = [Number::ZERO, Number::from(1), Number::from(2)];
    for code in CODES.iter().chain(&["0101.20.20", "03", "0102.10.10.10"]) {
        for day in DAYS.iter().chain(&["2025-12-31"]) {
            let x = rates[dice.below(3) as usize].clone();
            let day = Day::parse(day).unwrap();
            let code = Code::parse(code).unwrap();
            let answer = |policy: &Policy, id| {
                let mut facts = Facts::none(policy);
                facts.facts[policy.fact("hts").unwrap()] =
                    Slot::fixed(Value::Code(code).into(), Span::default());
                facts.facts[policy.fact("x").unwrap()] =
                    Slot::fixed(Value::Number(x.clone()).into(), Span::default());
                let answer =
                    Evaluator::new(policy, &facts).bare_answer(id, None, Point::new(day, Day::NEVER));
                (answer.status, answer.value().cloned())
            };
            let changed = answer(&old, ids[0]) != answer(&new, ids[1]);
            // What is the same on both sides may be anything: in a group that speaks of it, one value is enough.
            let mut worths = Vec::new();
            for (var, quantity) in &reader.space.quantities {
                worths.push(match quantity {
                    SpaceQuantity::Today => Worth::Number(number_of(day)),
                    SpaceQuantity::Stated { name, .. } if name == "x" => Worth::Number(x.clone()),
                    SpaceQuantity::Stated { .. } => Worth::Code(code),
                    SpaceQuantity::Part => {
                        let so_far = Model::of(worths.clone());
                        let cases = reader.space.cases.get(var).unwrap();
                        let taken =
                            cases.iter().find(|(when, _)| solver.formulas.holds(*when, &so_far) == Ok(true));
                        let value = taken.and_then(|(_, lin)| crate::regions::names::worth_of(&so_far, lin));
                        Worth::Number(value.unwrap_or(Number::ZERO))
                    }
                    _ => match solver.formulas.kind(*var) {
                        Some(crate::solve::VarSort::Choice(_)) => Worth::Choice(0),
                        _ => Worth::Number(Number::ZERO),
                    },
                });
            }
            let model = Model::of(worths);
            let inside = keys.iter().filter(|key| solver.formulas.holds(**key, &model) == Ok(true)).count();
            let said = format!("{code} on {day}, x {x}: changed {changed}, in {inside} groups\n{texts}");
            assert_eq!(inside, usize::from(changed), "{said}");
        }
    }
    made.groups.len()
}

#[test]
fn g5_changed_lines_are_in_one_group_and_others_in_none() {
    let pairs = effort::times(150, 20_000);
    let groups: usize = (0..pairs).map(holds).sum();
    assert!(groups as u64 > pairs / 2, "only {groups} groups");
}
