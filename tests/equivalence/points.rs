//! Facts at random for generated policies, and what a policy answers for them.

use crate::generator::Dice;
use comity::facts::{Facts, Row, Rows, Slot, Statement};
use comity::outcome::{Answer, Point};
use comity::policy::{Policy, Table};
use comity::regions::Witness;
use comity::run::Evaluator;
use comity::text::Span;
use comity::value::{Code, Day, Number, Value};

const KINDS: &[&str] = &["car", "part", "metal"];
const CODES: &[&str] = &["01", "87", "8701", "8703", "8703.21", "8703.22"];

/// What is stated.
#[derive(Debug)]
pub struct Stated {
    pub day: i64,
    /// In halves: volume, price, entry.weight, entry.worth.
    numbers: [i64; 4],
    kind: usize,
    hts: &'static str,
    /// From days on.
    ratified: Vec<(i64, bool)>,
    /// In half millions.
    paid: Vec<(i64, i64)>,
    pledged: i64,
    signed: i64,
    due: i64,
    entered: i64,
}

pub fn point(dice: &mut Dice) -> Stated {
    let mut number = || dice.below(16) as i64 - 2;
    let numbers = [number(), number(), number(), number()];
    let mut days: Vec<i64> = (0..dice.below(3)).map(|_| dice.below(9) as i64 - 1).collect();
    days.sort_unstable();
    days.dedup();
    days.insert(0, -30);
    let ratified = days.iter().map(|day| (*day, dice.one_in(2))).collect();
    let mut sum = 0;
    let paid = days.iter().map(|day| {
        sum += dice.below(4) as i64;
        (*day, sum)
    });
    let paid = paid.collect();
    let mut day = || dice.below(10) as i64 - 2;
    let (asked, signed, due, entered) = (day(), day(), day(), day());
    let (kind, pledged) = (dice.below(3) as usize, dice.below(8) as i64);
    let hts = dice.pick(CODES);
    Stated { day: asked, numbers, kind, hts, ratified, paid, pledged, signed, due, entered }
}

fn day(days: i64) -> Day {
    let first = Day::parse("2026-01-01").unwrap();
    Day::from_number(i64::from(first.number()) + days).unwrap()
}

fn halves(halves: i64) -> Value {
    Value::Number(Number::from_ratio(halves, 2).unwrap())
}

/// As a facts file, by the names of the plain text.
pub fn yaml(point: &Stated) -> String {
    let half = |halves: i64| Number::from_ratio(halves, 2).unwrap().to_string();
    let list = |list: Vec<String>| format!("[{}]", list.join(", "));
    let ratified = point.ratified.iter().map(|(from, is)| format!("{is} from {}", day(*from))).collect();
    let paid = point
        .paid
        .iter()
        .map(|(from, sum)| format!("{} million USD from {}", half(*sum), day(*from)))
        .collect();
    let [volume, price, weight, worth] = point.numbers.map(half);
    format!(
        "facts:\n  volume: {volume}\n  price: {price}\n  kind: {}\n  hts: \"{}\"\n  ratified: {}\n  paid: {}\n  \
         pledged: {} million USD\n  signed: {}\n  due: {}\nrows:\n  entry:\n    e: {{weight: {weight}, worth: {worth}, entered: {}}}\n",
        KINDS[point.kind],
        point.hts,
        list(ratified),
        list(paid),
        half(point.pledged),
        day(point.signed),
        day(point.due),
        day(point.entered),
    )
}

fn facts(policy: &Policy, point: &Stated) -> Facts {
    let mut facts = Facts::none(policy);
    let span = Span::default();
    let fixed = |value: Value| Slot::fixed(value.into(), span);
    let million = Number::from(1_000_000);
    let money = |half: i64| Value::Number(Number::from_ratio(half, 2).unwrap().mul(&million).unwrap());
    let series = |list: Vec<(i64, Value)>| {
        let statement = |(from, value): (i64, Value)| Statement {
            from: day(from),
            known: Day::FIRST,
            value: value.into(),
            span,
        };
        Slot { statements: list.into_iter().map(statement).collect() }
    };
    let kind = policy.enums.values().next().unwrap();
    let kind = kind.choices.iter().position(|choice| choice.name == KINDS[point.kind]).unwrap();
    for (name, slot) in [
        ("volume", fixed(halves(point.numbers[0]))),
        ("price", fixed(halves(point.numbers[1]))),
        ("kind", fixed(Value::Choice(kind as u16))),
        ("hts", fixed(Value::Code(Code::parse(point.hts).unwrap()))),
        ("ratified", series(point.ratified.iter().map(|(from, is)| (*from, Value::Bool(*is))).collect())),
        ("paid", series(point.paid.iter().map(|(from, sum)| (*from, money(*sum))).collect())),
        ("pledged", fixed(money(point.pledged))),
        ("signed", fixed(Value::Date(day(point.signed)))),
        ("due", fixed(Value::Date(day(point.due)))),
    ] {
        facts.facts[policy.fact(name).unwrap()] = slot;
    }
    let entity = policy.entity("entry").unwrap();
    let cells: Table<_, Slot> = policy.entities[entity]
        .fields
        .values()
        .map(|field| match field.name.as_str() {
            "id" => fixed(Value::Text("e".into())),
            "entered" => fixed(Value::Date(day(point.entered))),
            "weight" => fixed(halves(point.numbers[2])),
            _ => fixed(halves(point.numbers[3])),
        })
        .collect();
    let mut rows = Rows::default();
    rows.rows.insert("e".into(), Row { cells, span });
    facts.tables[entity] = Some(rows);
    facts
}

/// Without the reasons: what is said, not by which rule.
fn said(answer: &Answer) -> String {
    format!("{:?} {:?}", answer.status, answer.value())
}

/// What is answered, by outcome.
pub fn answers(policy: &Policy, point: &Stated) -> Vec<(String, String)> {
    let facts = facts(policy, point);
    let mut run = Evaluator::new(policy, &facts);
    let asked = Point::new(day(point.day), Day::NEVER);
    let mut all: Vec<(String, String)> = Vec::new();
    for (id, outcome) in policy.outcomes.iter() {
        let row = outcome.for_each.map(|_| 0);
        all.push((outcome.name.clone(), said(&run.bare_answer(id, row, asked))));
    }
    all.sort();
    all
}

/// Whether the outcome is not the same at the witness.
pub fn differ(old: (&Policy, &Facts), new: (&Policy, &Facts), outcome: &str, witness: &Witness) -> bool {
    let answer = |(policy, facts): (&Policy, &Facts)| {
        let id = policy.outcome(outcome).unwrap();
        said(&Evaluator::new(policy, facts).bare_answer(id, witness.row, Point::new(witness.on, Day::NEVER)))
    };
    answer(old) != answer(new)
}
