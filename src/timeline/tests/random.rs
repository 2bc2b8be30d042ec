//! Random policies, random facts: the timeline is what asking day by day gives, borders included.

use super::*;
use proptest::prelude::*;

const FROM: &str = "2025-01-20";
const TO: &str = "2025-06-10";

/// A small source of choices, so that one number is one policy.
pub(crate) struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn one<'s>(&mut self, list: &[&'s str]) -> &'s str {
        list[self.below(list.len() as u64) as usize]
    }

    pub fn day(&mut self) -> String {
        let first = day("2025-01-10").number();
        Day::from_number(i64::from(first) + self.below(165) as i64).unwrap().to_string()
    }
}

/// Expressions as text. `row`: the name of the row whose own fields may be read.
struct Writer<'d> {
    dice: &'d mut Dice,
    row: Option<&'static str>,
    /// Inside an aggregate.
    nested: bool,
    /// Names declared so far.
    numbers: Vec<String>,
    truths: Vec<String>,
    /// Tests of duties and powers declared so far.
    conduct: Vec<String>,
    /// Whether what looks into the past may be written.
    past: bool,
    /// Whether running totals are declared.
    running: bool,
}

impl Writer<'_> {
    fn number(&mut self, deep: u32) -> String {
        if deep == 0 {
            return match self.dice.below(6) {
                0 | 1 => self.dice.below(6).to_string(),
                2 => self.dice.one(&["a", "b", "c", "open"]).to_owned(),
                3 if self.row.is_some() => {
                    let row = self.row.unwrap();
                    if self.running && self.dice.below(2) == 0 {
                        return "stock".to_owned();
                    }
                    format!("{row}.{}", self.dice.one(&["v", "w"]))
                }
                4 if !self.numbers.is_empty() => {
                    let at = self.dice.below(self.numbers.len() as u64) as usize;
                    self.numbers[at].clone()
                }
                _ => self.dice.one(&["a", "b"]).to_owned(),
            };
        }
        let deep = deep - 1;
        match self.dice.below(15) {
            0 => format!("({} + {})", self.number(deep), self.number(deep)),
            1 => format!("({} - {})", self.number(deep), self.number(deep)),
            2 => format!("({} * {})", self.number(deep), self.number(deep)),
            3 => format!("({} / {})", self.number(deep), self.number(deep)),
            4 => format!(
                "(if {} then {} otherwise {})",
                self.truth(deep),
                self.number(deep),
                self.number(deep)
            ),
            5 => format!("((today - {}) / {} days)", self.date(deep), self.dice.below(60) + 1),
            6 => format!("({} of {})", self.dice.one(&["month", "quarter", "year"]), self.date(deep)),
            7 => format!("({} as of {})", self.bracket(deep), self.date(deep)),
            8 => format!("({} as known on {})", self.bracket(deep), self.date(deep)),
            9..=11 if self.nested => self.number(deep),
            9 => format!("(count of entry where entry.n > {})", self.number(0)),
            10 if self.running && self.dice.below(2) == 0 => {
                format!("(sum of filled for each entry where {})", self.member(deep))
            }
            10 => format!("(sum of entry.n for each entry where {})", self.member(deep)),
            11 if self.row.is_some() => self.number(deep),
            11 => format!("(max of {} for each good)", self.good(deep)),
            12 => format!("({} but at most {})", self.number(deep), self.number(deep)),
            13 => format!("twice({}, {})", self.number(deep), self.date(deep)),
            _ => self.number(0),
        }
    }

    /// Something that is not the same on every day.
    fn bracket(&mut self, deep: u32) -> String {
        format!("({} + {})", self.dice.one(&["a", "b", "c"]), self.number(deep))
    }

    fn member(&mut self, deep: u32) -> String {
        self.nested = true;
        let text = self.condition(deep);
        self.nested = false;
        text
    }

    fn condition(&mut self, deep: u32) -> String {
        match self.dice.below(3) {
            0 => format!("entry.entered >= {}", self.date(deep)),
            1 => format!("entry.n < {}", self.number(deep)),
            _ => format!("year of entry.entered = year of {}", self.date(deep)),
        }
    }

    fn good(&mut self, deep: u32) -> String {
        let (row, nested) = (self.row.replace("good"), std::mem::replace(&mut self.nested, true));
        let text = self.number(deep);
        (self.row, self.nested) = (row, nested);
        text
    }

    fn date(&mut self, deep: u32) -> String {
        if deep == 0 {
            return match self.dice.below(6) {
                0 => "today".to_owned(),
                1 => self.dice.one(&["d", "e", "maybe", "moved"]).to_owned(),
                _ => self.dice.day(),
            };
        }
        let deep = deep - 1;
        match self.dice.below(9) {
            0 => format!("(first day of {} of {})", self.dice.one(&["month", "quarter"]), self.date(deep)),
            1 => format!("(last day of month of {})", self.date(deep)),
            2 => format!("({} + {} days)", self.date(deep), self.dice.below(40)),
            3 => format!("({} - {} days)", self.date(deep), self.dice.below(40)),
            4 => format!("({} + {} business days)", self.date(deep), self.dice.below(12)),
            5 => {
                let how = self.dice.one(&["", " rounding down", " rounding up"]);
                format!("({} + {} months{how})", self.date(deep), self.dice.below(3) + 1)
            }
            6 => format!("({} but at least {})", self.date(deep), self.date(deep)),
            7 if self.past => format!("(last start of {})", self.truth(deep)),
            _ => self.date(0),
        }
    }

    fn truth(&mut self, deep: u32) -> String {
        let compare = ["<", "<=", "=", "!=", ">", ">="];
        if deep == 0 {
            return match self.dice.below(5) {
                0 => "flag".to_owned(),
                1 if !self.truths.is_empty() => self.truths[0].clone(),
                2 => format!("{} {} {}", self.number(0), self.dice.one(&compare), self.number(0)),
                3 if !self.conduct.is_empty() => {
                    let at = self.dice.below(self.conduct.len() as u64) as usize;
                    format!("({})", self.conduct[at])
                }
                _ => format!("today {} {}", self.dice.one(&compare), self.date(0)),
            };
        }
        let deep = deep - 1;
        match self.dice.below(10) {
            0 => format!("({} and {})", self.truth(deep), self.truth(deep)),
            1 => format!("({} or {})", self.truth(deep), self.truth(deep)),
            2 => format!("(not ({}))", self.truth(0)),
            3 | 4 => format!("(({}) by {})", self.truth(deep), self.date(deep)),
            5 => format!("({} {} {})", self.date(deep), self.dice.one(&compare), self.date(deep)),
            6 if self.row.is_some() || self.nested => self.truth(deep),
            6 => format!("(any of {} > {} for each good)", self.good(deep), self.number(0)),
            7 => format!("((({} and flag) as of {}))", self.truth(deep), self.date(deep)),
            _ => format!("({} {} {})", self.number(deep), self.dice.one(&compare), self.number(deep)),
        }
    }

    /// Mostly nothing.
    fn lasting(&mut self) -> String {
        match self.dice.below(4) {
            0 if self.past => format!(" until {}", self.truth(1)),
            1 if self.past => format!(" for {} days", self.dice.below(20) + 1),
            _ => String::new(),
        }
    }

    fn declare_conduct(&mut self) -> String {
        let mut text = String::new();
        let state = |dice: &mut Dice| {
            dice.one(&["pending", "fulfilled", "breached", "cured", "not breached"]).to_owned()
        };
        for name in ["k1", "k2", "k3"] {
            let mut head = format!("obligation {name} held by {}", self.dice.one(&["ann", "bob"]));
            let recurring = name == "k3";
            if recurring {
                head.push_str(self.dice.one(&[" each month", " each quarter"]));
            }
            if recurring || self.dice.below(2) == 0 {
                head.push_str(&format!(" from {}", self.still_day()));
            }
            if self.dice.below(3) == 0 {
                head.push_str(&format!(" until {}", self.still_day()));
            }
            let condition = match self.dice.below(3) {
                0 => format!("if {} then ", self.truth(1)),
                _ => String::new(),
            };
            let deadline = match self.dice.below(4) {
                _ if recurring => "by last day of period + 3 days".to_owned(),
                0 => format!(
                    "within {} days of {}",
                    self.dice.below(30) + 1,
                    self.dice.one(&["d", "e", "moved"])
                ),
                1 => format!("by {}", self.dice.one(&["d", "maybe", "moved"])),
                _ => format!("by {}", self.dice.day()),
            };
            let performance = match recurring && self.dice.below(2) == 0 {
                true => format!("c - (c as of (first day of period - 1 day)) >= {}", self.dice.below(3)),
                false => self.truth(1),
            };
            text.push_str(&format!("{head}: {condition}{performance} {deadline}\n"));
            let state = state(self.dice);
            self.conduct.push(format!("{name} is {state}"));
        }
        let first = self.conduct.clone();
        text.push_str(&format!(
            "power p1(x : number) held by ann{}\n  requires {}\n  requires x < {}\n  then o1 := {} + x{}\n",
            self.dice.one(&["", " notwithstanding o1_r0", " from 2025-02-01 until 2025-05-20"]),
            self.truth(1),
            self.dice.below(6),
            self.number(1),
            self.lasting(),
        ));
        let test = self.dice.one(&["available", "done", "invalid", "threatened", "not done"]).to_owned();
        self.conduct.push(format!("p1 is {test}"));
        self.conduct.push("p1 is done and p1.x > 1".to_owned());
        text.push_str(&format!("power p2 held by bob ends p1\n  requires {}\n", self.truth(1)));
        self.conduct.push("p2.on + 10 days < today".to_owned());
        self.conduct.extend(first);
        text
    }

    fn declare_running(&mut self) -> String {
        self.row = Some("good");
        let (start, part, most) = (self.number(1), self.number(2), self.number(1));
        self.row = None;
        let by = self.dice.one(&["good.v, good.id", "good.id", "good.w, good.id"]);
        let per = self.dice.one(&["", " per good.w > 2", " per good.v"]);
        let goods = format!(
            "running level over good by {by}{per} starting {start} {{\n  define stock : number for each good = \
             level + {part}\n  level := stock but at most {most}\n}}\n"
        );
        let by = self.dice.one(&["entry.entered, entry.id", "entry.id", "entry.n, entry.id"]);
        let start = self.number(0);
        let entries = format!(
            "running room over entry by {by} starting {start} {{\n  define filled : number for each entry = \
             room but at most entry.n\n  room := room - filled\n}}\n"
        );
        self.running = true;
        goods + &entries
    }

    fn still_day(&mut self) -> String {
        match self.dice.below(4) {
            0 => self.dice.one(&["d", "e", "maybe"]).to_owned(),
            1 => format!("{} + {} days", self.dice.one(&["d", "e"]), self.dice.below(30)),
            _ => self.dice.day(),
        }
    }
}

pub(crate) fn text(dice: &mut Dice) -> String {
    let past = dice.below(2) == 0;
    let mut text = String::from(
        "calendar us_federal\noffice ann\noffice bob\n\
         fact a : number over time\nfact b : number over time = 2\nfact c : number over time cumulative\n\
         fact open : number\nfact flag : bool over time = false\n\
         fact d : date = 2025-03-15\nfact e : date\nfact maybe : date\nfact moved : date over time = 2025-04-01\n\
         entity entry keyed by id dated by entered { id : text entered : date n : number }\n\
         entity good keyed by id { id : text v : number over time w : number = b }\n\
         function twice(x : number, y : date) : number = if y <= today then x + x otherwise x\n",
    );
    let mut writer = Writer {
        dice,
        row: None,
        nested: false,
        numbers: Vec::new(),
        truths: Vec::new(),
        conduct: Vec::new(),
        past,
        running: false,
    };
    text.push_str(&format!("define n1 : number = {}\n", writer.number(2)));
    writer.numbers.push("n1".to_owned());
    text.push_str(&format!("define t1 : bool = {}\n", writer.truth(2)));
    writer.truths.push("t1".to_owned());
    if writer.dice.below(2) == 0 {
        let declared = writer.declare_running();
        text.push_str(&declared);
    }
    if past {
        let declared = writer.declare_conduct();
        text.push_str(&declared);
    }
    for name in ["o1", "o2", "per_good"] {
        let row = if name == "per_good" { " for each good" } else { "" };
        writer.row = if name == "per_good" { Some("good") } else { None };
        let otherwise = if writer.dice.below(2) == 0 {
            format!(" otherwise {}", writer.number(1))
        } else {
            String::new()
        };
        text.push_str(&format!("outcome {name} : number{row}{otherwise}\n"));
        let count = writer.dice.below(3) + 1;
        for rule in 0..count {
            let mut head = format!("rule {name}_r{rule}{row}");
            if rule > 0 && writer.dice.below(3) > 0 {
                head.push_str(&format!(" notwithstanding {name}_r{}", rule - 1));
            }
            for word in ["from", "until"] {
                if writer.dice.below(3) == 0 {
                    head.push_str(&format!(" {word} {}", writer.still_day()));
                    if writer.dice.below(3) == 0 {
                        head.push_str(&format!(" known from {}", writer.dice.day()));
                    }
                }
            }
            let value = writer.number(2);
            let body = match writer.dice.below(4) {
                0 => format!("{name} := {value}"),
                1 => format!("if {} then {name} := {value}{}", writer.truth(2), writer.lasting()),
                2 => format!(
                    "if {} then {name} := {value}{} otherwise {name} := {}",
                    writer.truth(2),
                    writer.lasting(),
                    writer.number(1)
                ),
                _ => format!(
                    "if {} then {name} := {value} otherwise if {} then {name} := {}",
                    writer.truth(1),
                    writer.truth(2),
                    writer.number(1)
                ),
            };
            text.push_str(&format!("{head}: {body}\n"));
        }
        if name != "per_good" {
            writer.numbers.push(name.to_owned());
        }
    }
    text
}

fn slot(dice: &mut Dice, rises: bool, mut value: impl FnMut(&mut Dice, u64) -> Possible) -> Slot {
    let mut days: Vec<String> = (0..dice.below(4)).map(|_| dice.day()).collect();
    days.sort();
    if dice.below(3) == 0 && !days.is_empty() {
        days[0] = String::new();
    }
    let mut list = Vec::new();
    for (at, from) in days.iter().enumerate() {
        let known = if dice.below(3) == 0 && !rises { dice.day() } else { String::new() };
        list.push((from.clone(), known, value(dice, at as u64)));
    }
    series(
        &list
            .iter()
            .map(|(from, known, value)| (from.as_str(), known.as_str(), value.clone()))
            .collect::<Vec<_>>(),
    )
}

pub(crate) fn stated(dice: &mut Dice, policy: &Policy) -> Facts {
    let mut facts = Facts::none(policy);
    let number = |dice: &mut Dice, _| match dice.below(8) {
        0 => crate::value::Possible::Numbers(crate::value::Interval::at_least(Number::from(
            dice.below(4) as i64
        ))),
        _ => num(dice.below(6) as i64),
    };
    let fixed = |possible: Possible| Slot::fixed(possible, Span::default());
    for name in ["a", "b"] {
        let slot = slot(dice, false, number);
        state(policy, &mut facts, name, slot);
    }
    let rising = slot(dice, true, |_, at| num(at as i64 * 2));
    state(policy, &mut facts, "c", rising);
    if dice.below(2) == 0 {
        state(policy, &mut facts, "open", fixed(num(dice.below(5) as i64)));
    }
    let flags = slot(dice, false, |dice, _| Possible::bool(dice.below(2) == 0));
    state(policy, &mut facts, "flag", flags);
    for name in ["d", "e"] {
        if dice.below(3) > 0 {
            let text = dice.day();
            state(policy, &mut facts, name, fixed(date(&text)));
        }
    }
    let later = slot(dice, false, |dice, _| date(&dice.day()));
    state(policy, &mut facts, "moved", later);
    if dice.below(3) == 0 {
        let mut ends = [day(&dice.day()), day(&dice.day())];
        ends.sort();
        let mut dates = Dates::between(ends[0], ends[1]).unwrap();
        if dice.below(2) == 0 {
            dates = dates.hull(&Dates::point(Day::NEVER));
        }
        state(policy, &mut facts, "maybe", fixed(Possible::dates(dates)));
    }
    if dice.below(4) > 0 {
        let list = (0..dice.below(4)).map(|at| {
            let entered = if dice.below(5) == 0 { Slot::default() } else { fixed(date(&dice.day())) };
            (format!("e{at}"), vec![entered, fixed(num(dice.below(5) as i64))])
        });
        let list = list.collect();
        rows(policy, &mut facts, "entry", list);
    }
    if dice.below(5) > 0 {
        let list = (0..dice.below(3) + 1).map(|at| {
            let w = if dice.below(2) == 0 { Slot::default() } else { fixed(num(dice.below(5) as i64)) };
            (format!("g{at}"), vec![slot(dice, false, number), w])
        });
        let list = list.collect();
        rows(policy, &mut facts, "good", list);
    }
    if dice.below(3) == 0 {
        facts.stated_through = Some(day(&dice.day()));
    }
    if !policy.powers.is_empty() {
        facts.acts = (0..dice.below(6)).map(|_| act(dice, policy)).collect();
        facts.acts.sort_by_key(|act| (act.on, act.known, act.power));
        facts.announcements = (0..dice.below(2)).map(|_| act(dice, policy)).collect();
    }
    facts
}

fn act(dice: &mut Dice, policy: &Policy) -> Act {
    let powers: Vec<_> = policy.powers.ids().collect();
    let power = powers[dice.below(powers.len() as u64) as usize];
    // Mostly by who holds it.
    let other = policy.holders.ids().last().unwrap();
    let by = if dice.below(5) == 0 { other } else { policy.powers[power].holder };
    let param = |dice: &mut Dice| match dice.below(6) {
        0 => Possible::Numbers(crate::value::Interval::at_least(Number::from(dice.below(3) as i64))),
        _ => num(dice.below(5) as i64),
    };
    let params = policy.powers[power].params.iter().map(|_| param(dice)).collect();
    let known = if dice.below(3) == 0 { day(&dice.day()) } else { Day::FIRST };
    Act { power, row: None, by, on: day(&dice.day()), known, params, span: Span::default() }
}

/// Whether it was a policy at all.
fn holds(seed: u64) -> Option<usize> {
    let mut dice = Dice(seed);
    dice.below(2);
    let text = text(&mut dice);
    let policy = policy_of(&text).ok()?;
    let mut segments = 0;
    for _ in 0..2 {
        let facts = stated(&mut dice, &policy);
        let known = if dice.below(3) == 0 { day(&dice.day()) } else { Day::NEVER };
        segments += compare(&policy, &facts, (day(FROM), day(TO)), known, &text);
    }
    Some(segments)
}

proptest! {
    #![proptest_config(crate::effort::config(24, 640))]

    #[test]
    fn t10_a_timeline_is_what_the_days_say(seed in any::<u64>()) {
        holds(seed);
    }
}

#[test]
fn t10_fixed_seeds() {
    let texts = crate::effort::times(24, 800);
    let tried: Vec<Option<usize>> = (0..texts).map(holds).collect();
    let policies: Vec<usize> = tried.iter().copied().flatten().collect();
    assert!(policies.len() as u64 > texts / 2, "only {} of the texts are policies", policies.len());
    assert!(policies.iter().sum::<usize>() as u64 > texts * 5);
}
