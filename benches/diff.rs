//! What one changed threshold costs in a policy of a thousand rules: `cargo bench --bench diff`. From two texts to the groups of
//! facts with other answers, and the part of it that is the search.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

use comity::compare::Pairing;
use comity::compile::compile;
use comity::facts::Facts;
use comity::policy::Policy;
use comity::regions::{BUDGET, Question, Regions, Same};
use comity::text::{Files, Sources};
use comity::value::Day;
use divan::{Bencher, black_box};
use std::fmt::Write as _;

fn main() {
    divan::main();
}

const RULES: i64 = 1_000;
/// The rule whose threshold is another.
const EDITED: i64 = 500;

const FACTS: &str = "fact disbursed : USD where disbursed >= 0 USD
fact pledged : USD where pledged >= 0 USD
fact value : USD where value >= 0 USD
fact quota : USD where quota >= 0 USD
outcome tariff : rate otherwise 25%
";

/// Policies of a thousand rules; with the edit or without.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// Each tier above the one before, every third with a fact against a fact.
    Tiers,
    /// Each tier with its own window, none above another.
    Windows,
    /// Each tier a larger share of what was pledged.
    Shares,
    /// Two to four conditions each, over twelve amounts; each rule above one of those before.
    Random,
}

const SHAPES: [Shape; 4] = [Shape::Tiers, Shape::Windows, Shape::Shares, Shape::Random];

impl Shape {
    fn text(self, edited: bool) -> String {
        let mut text = if matches!(self, Shape::Random) { String::new() } else { FACTS.to_owned() };
        let mut dice = Dice(88_172_645_463_325_252);
        if matches!(self, Shape::Random) {
            (0..12).for_each(|at| writeln!(text, "fact x{at} : USD where x{at} >= 0 USD").unwrap());
            text.push_str("outcome tariff : rate otherwise 25%\n");
        }
        for tier in 0..RULES {
            let edit = edited && tier == EDITED;
            let (low, high) = (tier * 1_000, (tier + 1) * 1_000);
            let by = if edit { 7 } else { 0 };
            let condition = match self {
                Shape::Tiers => {
                    let more = ["", " and disbursed < pledged", " and value > quota"];
                    let more = more.get(usize::try_from(tier % 3).unwrap()).unwrap();
                    format!("disbursed >= {} USD{more}", high + by)
                }
                Shape::Windows => {
                    let window = format!("disbursed >= {low} USD and disbursed < {} USD", high - by);
                    format!("{window} and disbursed < pledged")
                }
                Shape::Shares => {
                    let share = tier * 10 + if edit { 3 } else { 0 };
                    format!("disbursed >= pledged * {}.{:02}%", share / 100, share % 100)
                }
                Shape::Random => {
                    let mut all: Vec<String> = (0..dice.roll(3) + 2).map(|_| dice.condition()).collect();
                    if edit {
                        all.push("x3 < 55_555 USD".to_owned());
                    }
                    all.join(" and ")
                }
            };
            let above = match self {
                Shape::Windows => None,
                Shape::Random => (tier > 0).then(|| tier - 1 - dice.roll(tier.min(50))),
                Shape::Tiers | Shape::Shares => (tier > 0).then(|| tier - 1),
            };
            let above = above.map(|other| format!(" notwithstanding t{other}")).unwrap_or_default();
            let rate = 25_000 - tier * 20;
            let rate = format!("{}.{:03}%", rate / 1_000, rate % 1_000);
            writeln!(text, "rule t{tier}{above}: if {condition} then tariff := {rate}").unwrap();
        }
        text
    }
}

/// Numbers that look random and are the same every time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, count: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from((self.0 >> 11) % u64::try_from(count).unwrap()).unwrap()
    }

    fn condition(&mut self) -> String {
        let (one, other) = (self.roll(12), self.roll(12));
        let comparison = if self.roll(2) == 0 { "<" } else { ">=" };
        if self.roll(3) == 0 {
            format!("x{one} {comparison} x{other}")
        } else {
            format!("x{one} {comparison} {} USD", self.roll(100) * 1_000)
        }
    }
}

struct One(String);

impl Files for One {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

fn policy(text: &str) -> Policy {
    compile("bench.comity", &One(text.to_owned()), &mut Sources::new()).expect("the policy is sound").policy
}

fn regions(old: &Policy, new: &Policy) -> Regions {
    let none = (Facts::none(old), Facts::none(new));
    let found = Pairing::new(old, new).regions(&Question {
        policies: [old, new],
        fixed: [&none.0, &none.1],
        same: &Same::default(),
        known: Day::NEVER,
        days: (Day::FIRST, Day::LAST),
        steps: BUDGET,
    });
    assert!(found.outcomes.iter().all(|outcome| outcome.left.is_empty()), "all is decided");
    found
}

/// Two texts read, checked, compared clause by clause and for all facts.
#[divan::bench(args = SHAPES, sample_count = 20)]
fn from_text_to_groups(bencher: Bencher<'_, '_>, shape: Shape) {
    let (old, new) = (shape.text(false), shape.text(true));
    bencher.bench_local(|| black_box(regions(&policy(&old), &policy(&new))));
}

/// Clause by clause and for all facts.
#[divan::bench(args = SHAPES, sample_count = 20)]
fn compared(bencher: Bencher<'_, '_>, shape: Shape) {
    let (old, new) = (policy(&shape.text(false)), policy(&shape.text(true)));
    bencher.bench_local(|| black_box(regions(&old, &new)));
}
