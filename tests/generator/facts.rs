//! Facts as text: stated, in bounds, unknown, left out, corrected.

use super::exprs::Type;
use super::{CODES, COUNTRIES, DAYS, Dice, Features, KINDS, NUMBERS};
use std::fmt::Write as _;

/// What is stated: a facts file with all but the rows of `entry`, and these.
#[derive(Clone, Debug, Default)]
pub struct Stated {
    pub facts: String,
    pub entries: String,
}

impl Stated {
    /// The facts file with the rows of `entry` too.
    pub fn all(&self) -> String {
        let entries = "rows:\n  entry: entry.csv\n";
        match self.facts.contains("rows:\n") {
            true => self.facts.replace("rows:\n", entries),
            false => format!("{}{entries}", self.facts),
        }
    }
}

/// A power that acts may be stated of.
pub struct Power {
    pub name: &'static str,
    pub by: &'static str,
    pub param: bool,
    /// For each good.
    pub each: bool,
}

/// Chapters that no file lists as such.
pub const CHAPTERS: [&str; 4] = ["01", "62", "88", "99"];

const GOODS: [&str; 3] = ["g0", "g1", "g2"];

pub struct Stater<'d> {
    pub dice: &'d mut Dice,
    pub powers: &'d [Power],
    pub features: Features,
    pub in_part: bool,
}

impl Stater<'_> {
    pub fn state(&mut self) -> Stated {
        let mut facts = String::from("facts:\n");
        for (name, ty, over_time) in [
            ("a", Type::Number, true),
            ("b", Type::Number, true),
            ("open", Type::Number, false),
            ("flag", Type::Bool, true),
            ("sure", Type::Bool, false),
            ("money", Type::Money, false),
            ("tax", Type::Rate, true),
            ("d", Type::Date, false),
            ("e", Type::Date, false),
            ("moved", Type::Date, true),
            ("kind", Type::Kind, true),
            ("good_code", Type::Code, false),
            ("wait", Type::Wait, false),
        ] {
            if !self.dice.one_in(self.features.silent) {
                let value = if over_time { self.series(ty) } else { self.possible(ty) };
                let _ = writeln!(facts, "  {name}: {value}");
            }
        }
        // What stands for totals is seldom stated.
        if self.features.aggregates && self.dice.one_in(8) {
            let _ = writeln!(facts, "  level0: {}", self.possible(Type::Number));
        }
        if !self.dice.one_in(4) {
            let (first, second) = (self.dice.below(4), 4 + self.dice.below(4));
            let _ = writeln!(facts, "  rising: [{first} from 2026-01-05, {second} from 2026-03-10]");
        }
        if self.dice.one_in(4) {
            facts = format!("stated through: {}\n{facts}", self.day());
        }
        if !self.dice.one_in(5) {
            facts.push_str("rows:\n  good:\n");
            for name in GOODS.iter().take(1 + self.dice.below(3) as usize) {
                let _ = write!(facts, "    {name}: {{v: {}", self.series(Type::Number));
                if self.dice.one_in(2) {
                    let _ = write!(facts, ", w: {}", self.possible(Type::Number));
                }
                facts.push_str("}\n");
            }
            self.acts(&mut facts);
        }
        if self.in_part {
            self.lines(&mut facts);
        }
        Stated { facts, entries: self.entries() }
    }

    /// Lines of annexes, and that some are not listed: chapters, of which files list longer codes.
    fn lines(&mut self, facts: &mut String) {
        facts.push_str("annexes:\n");
        for (annex, second, columns) in [
            ("list", false, &[("rate", Type::Number), ("flag", Type::Bool), ("kind", Type::Kind)][..]),
            ("pair", true, &[("rate", Type::Number)][..]),
            ("stages", true, &[("duty", Type::Number)][..]),
        ] {
            let mut lines = Vec::new();
            for chapter in CHAPTERS {
                if self.dice.one_in(2) {
                    continue;
                }
                let mut line = format!("code: {chapter}");
                if second {
                    let _ = write!(line, ", country: {}", self.dice.pick(&COUNTRIES));
                }
                if self.dice.one_in(4) {
                    line.push_str(", listed: false");
                } else {
                    for (name, ty) in columns.iter().filter(|_| self.dice.one_in(2)).collect::<Vec<_>>() {
                        let _ = write!(line, ", {name}: {}", self.possible(*ty));
                    }
                    if annex == "stages" && self.dice.one_in(3) {
                        let _ = write!(line, ", through: {}", self.day());
                    }
                }
                lines.push(format!("{{{line}}}"));
            }
            let _ = writeln!(facts, "  {annex}: [{}]", lines.join(", "));
        }
    }

    fn acts(&mut self, facts: &mut String) {
        let mut lists = [String::new(), String::new()];
        let mut stated: Vec<String> = Vec::new();
        for _ in 0..if self.powers.is_empty() { 0 } else { self.dice.below(6) } {
            let power = &self.powers[self.dice.below(self.powers.len() as u64) as usize];
            let (name, by, param, each) = (power.name, power.by, power.param, power.each);
            let by = if self.dice.one_in(6) { "US" } else { by };
            let row = if each { "(\"g0\")" } else { "" };
            let mut act = format!("  - {{act: {name}{row}, by: {by}, on: {}", self.day());
            // The same act of the same day is stated once.
            if stated.contains(&act) {
                continue;
            }
            stated.push(act.clone());
            if self.dice.one_in(3) {
                let _ = write!(act, ", known from: {}", self.day());
            }
            if param {
                let value = if each { self.day() } else { self.dice.below(7).to_string() };
                let _ = write!(act, ", with: {{{}: {value}}}", if each { "by_day" } else { "much" });
            }
            act.push_str("}\n");
            lists[usize::from(self.dice.one_in(6))].push_str(&act);
        }
        for (word, list) in ["acts", "announcements"].iter().zip(lists) {
            if !list.is_empty() {
                let _ = write!(facts, "{word}:\n{list}");
            }
        }
    }

    /// A day at or beside one that the policy may name.
    fn day(&mut self) -> String {
        let named = self.dice.pick(&DAYS);
        let (month, day) = named.split_at(8);
        let day = day.parse::<u64>().unwrap_or(1);
        format!("{month}{:02}", (day + self.dice.below(3)).saturating_sub(1).clamp(1, 28))
    }

    fn value(&mut self, ty: Type) -> String {
        match ty {
            Type::Number => {
                let rare = self.dice.one_in(9);
                self.dice.pick(if rare { &["1/3", "-0.5"] } else { &NUMBERS }).to_string()
            }
            Type::Rate => self.dice.pick(&["0%", "2.5%", "15%", "25%"]).to_string(),
            Type::Money => {
                self.dice.pick(&["0 USD", "1.25 USD", "799.99 USD", "800 USD", "1_000 USD"]).to_string()
            }
            Type::Date if self.dice.one_in(9) => "never".to_string(),
            Type::Date => self.day(),
            Type::Bool => self.dice.pick(&["true", "false"]).to_string(),
            Type::Kind => self.dice.pick(&KINDS).to_string(),
            Type::Code => self.dice.pick(&CODES).to_string(),
            Type::Country => self.dice.pick(&COUNTRIES).to_string(),
            Type::Text => self.dice.pick(&["one", "two", "three"]).to_string(),
            Type::Wait => format!("{} days", self.dice.below(40)),
        }
    }

    /// A value, a bound, or unknown.
    fn possible(&mut self, ty: Type) -> String {
        let bounded = matches!(ty, Type::Number | Type::Money | Type::Date | Type::Wait);
        match self.dice.below(9) {
            0 => "unknown".to_string(),
            1 if bounded => format!("{} {}", self.dice.pick(&["at least", "at most"]), self.value(ty)),
            _ => self.value(ty),
        }
        .replace("at most never", "unknown")
        .replace("at least never", "unknown")
    }

    fn series(&mut self, ty: Type) -> String {
        let mut days: Vec<String> = (0..self.dice.below(4)).map(|_| self.day()).collect();
        days.sort();
        days.dedup();
        let mut list = Vec::new();
        if days.is_empty() || self.dice.one_in(3) {
            list.push(self.possible(ty));
        }
        for day in days {
            let known = match self.dice.one_in(4) {
                true => format!(" known from {}", self.day()),
                false => String::new(),
            };
            list.push(format!("{} from {day}{known}", self.possible(ty)));
        }
        format!("[{}]", list.join(", "))
    }

    fn entries(&mut self) -> String {
        let optional =
            ["size", "share", "due", "late", "part", "term"].map(|name| (name, !self.dice.one_in(3)));
        let mut text = String::from("line,on,n,value,flag,k,h,c,who");
        for (name, _) in optional.iter().filter(|(_, there)| *there) {
            let _ = write!(text, ",{name}");
        }
        text.push('\n');
        for row in 0..self.dice.below(self.features.rows + 1) {
            let plain = [
                Type::Date,
                Type::Number,
                Type::Money,
                Type::Bool,
                Type::Kind,
                Type::Code,
                Type::Country,
                Type::Text,
            ];
            let mut cells = vec![format!("e{row}")];
            cells.extend(plain.map(|ty| self.cell(ty)));
            for (name, _) in optional.iter().filter(|(_, there)| *there) {
                let cell = match *name {
                    "part" if self.dice.one_in(3) => {
                        self.series(Type::Number).trim_matches(['[', ']']).to_string()
                    }
                    "due" => self.cell(Type::Date),
                    "late" => self.cell(Type::Bool),
                    "term" => self.cell(Type::Wait),
                    _ => self.cell(Type::Number),
                };
                cells.push(if cell.contains(',') { format!("\"{cell}\"") } else { cell });
            }
            let _ = writeln!(text, "{}", cells.join(","));
        }
        text
    }

    /// Now and then empty.
    fn cell(&mut self, ty: Type) -> String {
        match self.dice.below(14) {
            0 => String::new(),
            1 => self.possible(ty),
            _ => self.value(ty),
        }
    }
}
