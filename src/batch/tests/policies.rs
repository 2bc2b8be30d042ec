//! Policies made by the throw of dice, as text.

use super::Dice;
use std::fmt::Write as _;

/// A policy of rows, with its outcomes for each row.
pub struct Made {
    pub text: String,
    pub outcomes: Vec<String>,
}

pub fn policy(dice: &mut Dice) -> Made {
    made(dice, Whole::Row)
}

/// The same with what reads the whole table, most of it through defaults.
pub fn policy_of_table(dice: &mut Dice) -> Made {
    made(dice, Whole::Table)
}

fn made(dice: &mut Dice, whole: Whole) -> Made {
    let (numbers, truths, days, kinds) = Default::default();
    Maker { dice, whole, numbers, truths, days, kinds }.policy()
}

/// What a row may read.
#[derive(Clone, Copy, PartialEq)]
enum Whole {
    Row,
    Table,
}

/// Constants, about which cells lie as well.
pub const NUMBERS: [&str; 9] = ["0", "1", "0.15", "0.025", "-3", "250", "7.05", "1000", "0.5"];
pub const DAYS: [&str; 5] = ["2025-03-31", "2025-08-07", "2026-01-31", "2028-02-29", "2028-07-01"];
pub const CODES: [&str; 6] = ["8703.20", "8703.23.01", "87", "8802", "0101.21", "6202.40.45"];
pub const COUNTRIES: [&str; 4] = ["JP", "KR", "CH", "US"];
pub const KINDS: [&str; 6] = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];
pub const LIST: &str = "code,rate,flag,name,kind\n87,0.025,true,cars,beta\n8703.23,0.0035,,trucks,gamma\n8802,,false,,alpha\n0101,1/3,true,horses,\n";

/// By two keys, of which a code finds a shorter one where the longer has no such second key; and by three.
pub const PAIRS: &str =
    "code,country,rate\n87,JP,0.1\n87,KR,0.025\n8703.23,JP,\n8703,CH,1/3\n8802,JP,7\n0101.21,US,0\n";
pub const TRIPLES: &str = "kind,flag,code,name,weight\nbeta,true,87,cars,12\nbeta,false,8703,few,0.5\ngamma,true,6202,,3\nalpha,true,8703.23,all,-1\n";

struct Maker<'d> {
    dice: &'d mut Dice,
    whole: Whole,
    /// Names that may be read, so far.
    numbers: Vec<String>,
    truths: Vec<String>,
    days: Vec<String>,
    kinds: Vec<String>,
}

impl Maker<'_> {
    fn pick(&mut self, list: &[&str]) -> String {
        let at = self.dice.below(list.len() as u64) as usize;
        list[at].to_string()
    }

    fn name(&mut self, list: fn(&Self) -> &Vec<String>) -> String {
        let at = self.dice.below(list(self).len() as u64) as usize;
        list(self)[at].clone()
    }

    fn policy(&mut self) -> Made {
        let mut text = String::from(
            "calendar us_federal\nenum Kind = alpha, beta (gamma, delta), epsilon, zeta\n\
             annex list from \"list.csv\" (code) -> rate : number = 0, flag : bool = false, name : text = \"none\", kind : Kind\n\
             annex pair from \"pairs.csv\" (code, country) -> rate : number = 2\n\
             annex triple from \"triples.csv\" (Kind, bool, code) -> name : text = \"none\", weight : number\n\
             fact f0 : number over time\nfact f1 : number = 12\nfact f2 : bool over time = false\nfact f3 : date = 2026-06-30\n\
             fact f4 : Kind over time\n",
        );
        let dated = !self.dice.one_in(3);
        let mut default = |chance: u64, value: &str| match self.dice.one_in(chance) {
            true => format!(" = {value}"),
            false => String::new(),
        };
        let defaults = [
            default(2, "entry.r * 2 + 1"),
            default(3, "true"),
            default(3, "entry.m > 250"),
            default(2, "entry.on"),
            default(4, "beta"),
            default(3, "60 days"),
        ];
        let head = if dated { " dated by on" } else { "" };
        let [m, b, flag, d, k, w] = defaults;
        let _ = write!(
            text,
            "entity entry keyed by line{head} {{\n  line : text\n  on : date\n  r : number\n  n : number\n  m : number{m}\n  \
             p : number\n  b : bool{b}\n  flag : bool{flag}\n  d : date{d}\n  k : Kind{k}\n  h : code\n  c : country\n  \
             w : duration{w}\n}}\n"
        );
        for name in ["f0", "f1"] {
            self.numbers.push(name.to_string());
        }
        for name in ["r", "n", "m", "p"] {
            self.numbers.push(format!("entry.{name}"));
        }
        self.truths = vec!["f2".into(), "entry.b".into(), "entry.flag".into()];
        self.days = vec!["f3".into(), "entry.on".into(), "entry.d".into(), "today".into()];
        self.kinds = vec!["f4".into(), "entry.k".into(), "list(entry.h).kind".into()];
        if self.whole == Whole::Table {
            self.of_table(&mut text);
        }
        text.push_str("outcome general : number otherwise 1\n");
        let day = self.pick(&DAYS);
        let _ = writeln!(text, "rule g0 from {day}: if f2 then general := f0 + 1");
        let day = self.pick(&DAYS);
        let _ = writeln!(text, "rule g1 notwithstanding g0 until {day}: general := 3");
        self.numbers.push("general".to_string());
        for at in 0..self.dice.below(4) {
            let name = format!("v{at}");
            let value = match self.dice.below(4) {
                0 => {
                    self.truths.push(name.clone());
                    let value = self.truth(2);
                    self.truths.pop();
                    let _ =
                        writeln!(text, "define {name} : bool for each entry = {}", self.safe(value, &name));
                    self.truths.push(name);
                    continue;
                }
                1 => {
                    let value = self.day(2);
                    let _ = writeln!(text, "define {name} : date for each entry = {value}");
                    self.days.push(name);
                    continue;
                }
                _ => self.number(3),
            };
            let _ = writeln!(text, "define {name} : number for each entry = {value}");
            self.numbers.push(name);
        }
        let _ = writeln!(
            text,
            "function twice(x : number, y : number) : number = if x < y then x + y otherwise x * 2"
        );
        let mut outcomes = Vec::new();
        for at in 0..1 + self.dice.below(2) {
            outcomes.push(self.outcome(at, &mut text));
        }
        Made { text, outcomes }
    }

    /// Now and then each of the ways in which a row comes to read the others.
    fn of_table(&mut self, text: &mut String) {
        let of = ["e.n", "e.m", "twice(e.p, e.r)"][self.dice.below(3) as usize];
        let only = ["", " where e.b", " where e.on < today"][self.dice.below(3) as usize];
        let kind = ["sum of", "average of", "max of", "count of"][self.dice.below(4) as usize];
        let all = match kind {
            "count of" => format!("count of entry{}", only.replace("e.", "entry.")),
            kind => format!("{kind} {of} for each e in entry{only}"),
        };
        let ways = [
            format!("fact t0 : number = {all}\n"),
            format!("fact t1 : number over time = {all}\nfact t0 : number = t1 + 1\n"),
            format!(
                "entity other keyed by name {{ name : text  cap : number = {all} }}\n\
                 fact t0 : number = sum of o.cap for each o in other\n"
            ),
            format!("function whole(x : number) : number = x + ({all})\nfact t0 : number = whole(f1)\n"),
            format!("define t0 : number = {all}\n"),
            format!("outcome t0 : number otherwise {all}\n"),
            "fact t0 : number = count of entry\n".to_string(),
            "fact t0 : number = f1 * 2\n".to_string(),
        ];
        let at = self.dice.below(ways.len() as u64) as usize;
        text.push_str(&ways[at]);
        self.numbers.push("t0".to_string());
        if self.dice.one_in(3) {
            text.push_str("define seen : bool for each entry = any of e.n > entry.n for each e in entry\n");
            self.truths.push("seen".to_string());
        }
    }

    fn safe(&self, value: String, name: &str) -> String {
        // A name may not read itself.
        value.replace(name, "true")
    }

    fn outcome(&mut self, at: u64, text: &mut String) -> String {
        let name = format!("o{at}");
        let kind = self.dice.below(8);
        let (ty, rounded) = match kind {
            0 => ("bool", String::new()),
            1 => ("date", String::new()),
            2 => ("Kind", String::new()),
            3 => ("text", String::new()),
            _ => {
                let mode = ["half up", "half even", "half down", "up", "down"][self.dice.below(5) as usize];
                let step = ["0.01", "1", "0.25", "3", "0.1"][self.dice.below(5) as usize];
                (
                    "number",
                    if self.dice.one_in(2) { format!(" rounded {mode} to {step}") } else { String::new() },
                )
            }
        };
        let value = |maker: &mut Self| match kind {
            0 => maker.truth(2),
            1 => maker.day(2),
            2 => maker.kind(1),
            3 => maker.text(),
            _ => maker.number(3),
        };
        let otherwise =
            if self.dice.one_in(2) { format!(" otherwise ({})", value(self)) } else { String::new() };
        let _ = writeln!(text, "outcome {name} : {ty}{rounded} for each entry{otherwise}");
        let count = 1 + self.dice.below(4);
        let chain = self.dice.one_in(2);
        for rule in 0..count {
            let mut head = format!("rule {name}r{rule} for each entry");
            for other in 0..rule {
                let wanted = if chain { other + 1 == rule } else { self.dice.one_in(3) };
                if wanted {
                    let word = if head.contains("notwithstanding") { "," } else { " notwithstanding" };
                    let _ = write!(head, "{word} {name}r{other}");
                }
            }
            for (word, chance) in [("from", 4), ("until", 4)] {
                if self.dice.one_in(chance) {
                    let _ = write!(head, " {word} {}", self.pick(&DAYS));
                    if self.dice.one_in(3) {
                        let _ = write!(head, " known from {}", self.pick(&DAYS));
                    }
                }
            }
            let body = match self.dice.below(4) {
                0 => format!("{name} := {}", value(self)),
                1 => format!("if {} then {name} := {}", self.truth(3), value(self)),
                _ => {
                    let (first, second) = (self.truth(2), self.truth(2));
                    let (one, two) = (value(self), value(self));
                    let last = if self.dice.one_in(3) {
                        format!("\n  otherwise {name} := {}", value(self))
                    } else {
                        String::new()
                    };
                    format!(
                        "if {first} then {name} := {one}\n  otherwise if {second} then {name} := {two}{last}"
                    )
                }
            };
            let _ = writeln!(text, "{head}:\n  {body}");
        }
        match kind {
            0 => self.truths.push(name.clone()),
            1 => self.days.push(name.clone()),
            2 => self.kinds.push(name.clone()),
            3 => {}
            _ => self.numbers.push(name.clone()),
        }
        name
    }

    fn number(&mut self, depth: u32) -> String {
        let leaf = depth == 0 || self.dice.one_in(4);
        if leaf {
            return match self.dice.below(3) {
                0 => self.pick(&NUMBERS),
                1 if self.dice.one_in(3) => "list(entry.h).rate".to_string(),
                1 if self.dice.one_in(4) => "pair(entry.h, entry.c).rate".to_string(),
                1 if self.dice.one_in(5) => {
                    let (kind, truth) = (self.name(|maker| &maker.kinds), self.name(|maker| &maker.truths));
                    format!("triple({kind}, {truth}, entry.h).weight")
                }
                _ => self.name(|maker| &maker.numbers),
            };
        }
        let d = depth - 1;
        match self.dice.below(17) {
            0 | 1 => format!("({} + {})", self.number(d), self.number(d)),
            2 => format!("({} - {})", self.number(d), self.number(d)),
            3 | 4 => format!("({} * {})", self.number(d), self.number(d)),
            5 => {
                let by = ["3", "8", "-7", "0.3", "365"][self.dice.below(5) as usize];
                format!("({} / {by})", self.number(d))
            }
            6 => format!("({} / {})", self.number(d), self.number(0)),
            7 => format!("({} but at least {})", self.number(d), self.number(0)),
            8 => format!("({} but at most {})", self.number(d), self.number(0)),
            9 => format!("(top up {} to {})", self.number(0), self.number(0)),
            10 => {
                let mode = ["half up", "half even", "half down", "up", "down"][self.dice.below(5) as usize];
                let step = ["0.01", "1", "0.25", "0.05", "0.3"][self.dice.below(5) as usize];
                format!("({} rounded {mode} to {step})", self.number(d))
            }
            11 => format!("(if {} then {} otherwise {})", self.truth(1), self.number(d), self.number(d)),
            12 => format!("(({} - {}) / 1 day)", self.day(1), self.day(1)),
            13 => {
                let part = ["year", "quarter", "month"][self.dice.below(3) as usize];
                format!("({part} of {})", self.day(0))
            }
            14 => format!("twice({}, {})", self.number(0), self.number(d)),
            15 => format!("({} as of {})", self.name(|maker| &maker.numbers), self.day(0)),
            _ => format!("({} as known on {})", self.name(|maker| &maker.numbers), self.day(0)),
        }
    }

    fn truth(&mut self, depth: u32) -> String {
        if depth == 0 || self.dice.one_in(6) {
            return self.name(|maker| &maker.truths);
        }
        let d = depth - 1;
        match self.dice.below(17) {
            0 | 1 => format!("({} and {})", self.truth(d), self.truth(d)),
            2 | 3 => format!("({} or {})", self.truth(d), self.truth(d)),
            4 => format!("(not {})", self.truth(0)),
            5 | 6 => {
                let op = ["<", "<=", "=", "!=", ">=", ">"][self.dice.below(6) as usize];
                format!("({} {op} {})", self.number(d.min(2)), self.number(0))
            }
            7 | 8 => {
                let op = ["<", "<=", "=", "!=", ">=", ">"][self.dice.below(6) as usize];
                format!("({} {op} {})", self.day(1), self.day(1))
            }
            9 => format!("({} = {})", self.kind(0), self.kind(0)),
            10 => format!("({} under {})", self.name(|maker| &maker.kinds), self.pick(&KINDS)),
            11 => format!("({} in {{alpha, delta}})", self.name(|maker| &maker.kinds)),
            12 => {
                let code = self.pick(&["8703", "87", "8802.00", "0101"]);
                format!("(entry.h under {{{code}, 6202.40}})")
            }
            13 => self.pick(&["(entry.h under list)", "(entry.h in list)", "list(entry.h).flag"]),
            14 => format!("(entry.c = {})", self.pick(&COUNTRIES)),
            15 => format!("({} by {})", self.truth(0), self.day(1)),
            _ => format!("(entry.w < {} days)", 30 * self.dice.below(4)),
        }
    }

    fn day(&mut self, depth: u32) -> String {
        if depth == 0 || self.dice.one_in(3) {
            return match self.dice.below(3) {
                0 => self.pick(&DAYS),
                _ => self.name(|maker| &maker.days),
            };
        }
        let d = depth - 1;
        match self.dice.below(8) {
            0 => format!("({} + {} days)", self.day(d), self.dice.below(90)),
            1 => format!("({} - {} days)", self.day(d), self.dice.below(90)),
            2 => {
                let end = ["", " rounding down", " rounding up"][self.dice.below(3) as usize];
                format!("({} + {} months{end})", self.day(d), 1 + self.dice.below(14))
            }
            3 => format!("({} + {} business days)", self.day(d), self.dice.below(50)),
            4 => {
                let edge = ["first", "last"][self.dice.below(2) as usize];
                let period = ["month", "quarter", "year"][self.dice.below(3) as usize];
                format!("({edge} day of {period} of {})", self.day(0))
            }
            5 => format!("({} but at least {})", self.day(d), self.day(0)),
            6 => format!("({} + entry.w)", self.day(d)),
            _ => format!("(if {} then {} otherwise {})", self.truth(1), self.day(d), self.day(d)),
        }
    }

    fn kind(&mut self, depth: u32) -> String {
        match self.dice.below(3) {
            0 => self.pick(&KINDS),
            1 if depth > 0 => {
                format!("(if {} then {} otherwise {})", self.truth(1), self.kind(0), self.kind(depth - 1))
            }
            _ => self.name(|maker| &maker.kinds),
        }
    }

    fn text(&mut self) -> String {
        match self.dice.below(3) {
            0 => "\"9903.02.72\"".to_string(),
            1 if self.dice.one_in(3) => "triple(entry.k, entry.flag, entry.h).name".to_string(),
            1 => "list(entry.h).name".to_string(),
            _ => format!("(if {} then \"a\" otherwise list(entry.h).name)", self.truth(1)),
        }
    }
}
