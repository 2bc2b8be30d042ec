//! Expressions by type.

use super::{CODES, COUNTRIES, DAYS, KINDS, Maker, NUMBERS};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Number,
    Rate,
    Money,
    Date,
    Bool,
    Kind,
    Code,
    Country,
    Text,
    /// A duration.
    Wait,
}

impl Type {
    /// What [`super::Features::words`] is about.
    pub fn is_word(self) -> bool {
        matches!(self, Type::Kind | Type::Code | Type::Country | Type::Text)
    }

    pub fn name(self) -> &'static str {
        match self {
            Type::Number => "number",
            Type::Rate => "rate",
            Type::Money => "USD",
            Type::Date => "date",
            Type::Bool => "bool",
            Type::Kind => "Kind",
            Type::Code => "code",
            Type::Country => "country",
            Type::Text => "text",
            Type::Wait => "duration",
        }
    }
}

/// Where an expression stands.
#[derive(Clone, Copy, Default)]
pub struct Scope {
    /// The row in sight.
    pub row: Option<&'static str>,
    /// Inside an aggregate: no other is nested.
    nested: bool,
    /// The row in sight outside of it.
    outer: Option<&'static str>,
}

impl Scope {
    pub fn of(row: Option<&'static str>) -> Scope {
        Scope { row, nested: false, outer: None }
    }

    fn within(row: &'static str, scope: &Scope) -> Scope {
        Scope { row: Some(row), nested: true, outer: scope.row }
    }

    fn sees(&self, row: &'static str) -> bool {
        self.row == Some(row) || self.outer == Some(row)
    }
}

const COMPARE: [&str; 6] = ["<", "<=", "=", "!=", ">", ">="];

impl Maker<'_> {
    pub fn expr(&mut self, ty: Type, depth: u32, scope: &Scope) -> String {
        match ty {
            Type::Number => self.number(depth, scope),
            Type::Rate => self.rate(depth, scope),
            Type::Money => self.money(depth, scope),
            Type::Date => self.date(depth, scope),
            Type::Bool => self.truth(depth, scope),
            Type::Kind | Type::Code | Type::Country | Type::Text => self.word(ty, depth, scope),
            Type::Wait => self.name(ty, scope).unwrap_or_else(|| "7 days".to_string()),
        }
    }

    /// A name of that type that may be read here.
    fn name(&mut self, ty: Type, scope: &Scope) -> Option<String> {
        let fits = |row: Option<&str>| row.is_none() || row == scope.row;
        let names: Vec<String> = self
            .names
            .iter()
            .filter(|name| name.ty == ty && fits(name.row))
            .map(|name| name.text.clone())
            .collect();
        self.dice.one(&names)
    }

    /// A day that is the same on every day: for heads.
    pub fn still_day(&mut self) -> String {
        match self.dice.below(5) {
            0 => self.dice.pick(&["d", "e"]).to_string(),
            1 => format!("{} + {} days", self.dice.pick(&["d", "e"]), self.dice.below(30)),
            2 => format!("first day of month of {}", self.dice.pick(&["d", "e"])),
            _ => self.dice.pick(&DAYS).to_string(),
        }
    }

    fn either(&mut self, ty: Type, depth: u32, scope: &Scope) -> String {
        format!(
            "(if {} then {} otherwise {})",
            self.truth(1, scope),
            self.expr(ty, depth, scope),
            self.expr(ty, depth, scope)
        )
    }

    /// Another day, or what was known.
    fn shifted(&mut self, ty: Type, depth: u32, scope: &Scope) -> Option<String> {
        let name = self.name(ty, scope).filter(|_| self.features.shifts)?;
        let what = match ty {
            Type::Number if self.dice.one_in(2) => format!("(a + {})", self.number(depth, scope)),
            Type::Bool if self.dice.one_in(2) => format!("(flag and {})", self.truth(depth, scope)),
            _ => name,
        };
        let how = self.dice.pick(&["as of", "as known on"]);
        Some(format!("({what} {how} {})", self.date(depth, scope)))
    }

    pub fn rounded(&mut self) -> String {
        let mode = self.dice.pick(&["half up", "half even", "half down", "up", "down"]);
        format!(" rounded {mode} to {}", self.dice.pick(&["0.01", "1", "0.25", "3", "0.1", "0.3"]))
    }

    fn aggregates(&self, scope: &Scope) -> bool {
        self.features.aggregates && !scope.nested
    }

    fn aggregate(&mut self, ty: Type, scope: &Scope) -> Option<String> {
        if !self.aggregates(scope) {
            return None;
        }
        let row =
            self.dice.one(&["entry", "good"]).filter(|row| Some(*row) != scope.row && ty == Type::Number);
        let row = row.unwrap_or("entry");
        // The rows that are like this one, or all of a sort.
        let like = ["other.k = entry.k", "other.who = entry.who and other.flag", "other.on = entry.on"];
        let (other, over, condition) = match scope.row == Some(row) {
            true => ("other", format!("for each other in {row}"), self.dice.pick(&like).to_string()),
            false => (row, format!("for each {row}"), self.truth(1, &Scope::within(row, scope))),
        };
        let field = match (row, ty) {
            ("entry", Type::Money) => "value",
            ("entry", _) => self.dice.pick(&["n", "size", "part"]),
            _ => self.dice.pick(&["v", "w"]),
        };
        let kind = self.dice.pick(&["sum", "sum", "max", "min", "average", "first"]);
        if (row, ty) == ("entry", Type::Number) && self.dice.one_in(4) {
            return Some(format!("(({kind} of ({other}.on - d) {over} where {condition}) / 1 day)"));
        }
        Some(format!("({kind} of {other}.{field} {over} where {condition})"))
    }

    fn number(&mut self, depth: u32, scope: &Scope) -> String {
        if depth == 0 {
            return match self.dice.below(3) {
                0 => self.dice.pick(&NUMBERS).to_string(),
                _ => self.name(Type::Number, scope).unwrap_or_else(|| "4".to_string()),
            };
        }
        let d = depth - 1;
        let deep = if self.dice.one_in(3) { d } else { 0 };
        let (a, b) = (self.number(d, scope), self.number(deep, scope));
        match self.dice.below(20) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} - {b})"),
            2 => format!("({a} * {b})"),
            3 => format!("({a} / {b})"),
            4 => format!("({a} but at least {b})"),
            5 => format!("({a} but at most {b})"),
            6 => format!("(top up {b} to {})", self.number(0, scope)),
            7 if self.features.rounding && self.dice.one_in(3) => {
                let (rate, times) = (self.dice.pick(&["6% / 365", "tax", "(-25%)"]), self.number(0, scope));
                format!("(compound of {rate} over {times}{})", self.rounded())
            }
            7 if self.features.rounding => format!("({a}{})", self.rounded()),
            8 => self.either(Type::Number, d, scope),
            9 => format!("(({} - {}) / 1 day)", self.date(d, scope), self.date(0, scope)),
            10 => format!("({} of {})", self.dice.pick(&["year", "quarter", "month"]), self.date(d, scope)),
            11 => format!("twice({a}, {})", self.date(0, scope)),
            12 => self.shifted(Type::Number, d, scope).unwrap_or(a),
            13 if self.features.words => self.found(scope),
            14 if scope.row == Some("entry") || !self.aggregates(scope) => a,
            14 => format!("(count of entry where {})", self.truth(1, &Scope::within("entry", scope))),
            15 => format!("({a} / {})", self.dice.pick(&["3", "8", "-7", "0.3", "365"])),
            16 => format!("(-{b})"),
            17 if scope.row != Some("good") => {
                format!("good(\"g{}\").{}", self.dice.below(2), self.dice.pick(&["v", "w"]))
            }
            18 if self.features.shifts => {
                let (first, last) = (self.date(0, scope), self.date(0, scope));
                let what = self.dice.pick(&["a", "b", "rising"]);
                format!("(average of {what} over days from {first} through {last})")
            }
            _ => self.aggregate(Type::Number, scope).unwrap_or(a),
        }
    }

    /// A number of an annex.
    fn found(&mut self, scope: &Scope) -> String {
        let code = self.word(Type::Code, 0, scope);
        match self.dice.below(5) {
            4 => format!("stages({code}, {}).duty", self.word(Type::Country, 0, scope)),
            0 => format!("pair({code}, {}).rate", self.word(Type::Country, 0, scope)),
            1 => {
                let (kind, flag) = (self.word(Type::Kind, 0, scope), self.truth(0, scope));
                format!("triple({kind}, {flag}, {code}).weight")
            }
            _ => format!("list({code}).rate"),
        }
    }

    fn rate(&mut self, depth: u32, scope: &Scope) -> String {
        match self.dice.below(5) {
            0 | 1 => self.dice.pick(&["0%", "2.5%", "15%", "25%", "1/3", "25 bp"]).to_string(),
            2 if depth > 0 => format!("({} + 10%)", self.rate(depth - 1, scope)),
            3 if depth > 0 => self.either(Type::Rate, depth - 1, scope),
            _ => self.name(Type::Rate, scope).unwrap_or_else(|| "7%".to_string()),
        }
    }

    fn money(&mut self, depth: u32, scope: &Scope) -> String {
        if depth == 0 {
            return match self.dice.below(3) {
                0 => self.dice.pick(&["0 USD", "1.25 USD", "800 USD", "1 thousand USD"]).to_string(),
                _ => self.name(Type::Money, scope).unwrap_or_else(|| "3 USD".to_string()),
            };
        }
        let d = depth - 1;
        let (a, b) = (self.money(d, scope), self.money(0, scope));
        match self.dice.below(8) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} - {b})"),
            2 => format!("({a} * {})", self.rate(0, scope)),
            3 => format!("({a} but at most {b})"),
            4 => self.either(Type::Money, d, scope),
            5 => self.shifted(Type::Money, d, scope).unwrap_or(a),
            7 if !self.features.rounding => a,
            6 => self.aggregate(Type::Money, scope).unwrap_or(b),
            _ => format!("({a} rounded half up to 0.01 USD)"),
        }
    }

    pub fn date(&mut self, depth: u32, scope: &Scope) -> String {
        if depth == 0 {
            return match self.dice.below(4) {
                0 => "today".to_string(),
                1 => self.dice.pick(&DAYS).to_string(),
                _ => self.name(Type::Date, scope).unwrap_or_else(|| "d".to_string()),
            };
        }
        let d = depth - 1;
        let a = self.date(d, scope);
        match self.dice.below(10) {
            0 => format!("({a} + {} days)", self.dice.below(40)),
            1 => format!("({a} - {} days)", self.dice.below(40)),
            2 => {
                let end = self.dice.pick(&["", " rounding down", " rounding up"]);
                format!("({a} + {} months{end})", 1 + self.dice.below(3))
            }
            3 => format!("({a} + {} business days)", self.dice.below(12)),
            4 => {
                let (edge, period) = (
                    self.dice.pick(&["first", "last"]),
                    self.dice.pick(&["month", "quarter", "year", "fiscal", "tax_year"]),
                );
                format!("({edge} day of {period} of {a})")
            }
            5 => format!("({a} but at least {})", self.date(0, scope)),
            6 => self.either(Type::Date, d, scope),
            7 if self.features.past => format!("(last start of {})", self.truth(1, scope)),
            8 => format!("({a} + {})", self.expr(Type::Wait, 0, scope)),
            _ => self.shifted(Type::Date, d, scope).unwrap_or(a),
        }
    }

    pub fn truth(&mut self, depth: u32, scope: &Scope) -> String {
        if depth == 0 {
            return match self.dice.below(4) {
                0 if !self.conduct.is_empty() && !scope.sees("good") => {
                    format!("({})", self.dice.one(&self.conduct).unwrap_or_default())
                }
                1 => format!("(today {} {})", self.dice.pick(&COMPARE), self.date(0, scope)),
                _ => self.name(Type::Bool, scope).unwrap_or_else(|| "flag".to_string()),
            };
        }
        let d = depth - 1;
        match self.dice.below(15) {
            0 | 1 => format!("({} and {})", self.truth(d, scope), self.truth(d, scope)),
            2 => format!("({} or {})", self.truth(d, scope), self.truth(d, scope)),
            3 => format!("(not {})", self.truth(0, scope)),
            4 if !self.block => format!("({} by {})", self.truth(d, scope), self.date(d, scope)),
            5 => format!("({} {} {})", self.date(d, scope), self.dice.pick(&COMPARE), self.date(0, scope)),
            6 => format!("({} {} {})", self.money(d, scope), self.dice.pick(&COMPARE), self.money(0, scope)),
            7..=9 if self.features.words => self.of_words(d, scope),
            10 => format!("late({})", self.date(0, scope)),
            11 if scope.row != Some("good") && self.aggregates(scope) => {
                let how = self.dice.pick(&["any", "all"]);
                format!("({how} of {} for each good)", self.truth(1, &Scope::within("good", scope)))
            }
            12 => {
                let wait = self.expr(Type::Wait, 0, scope);
                format!("({wait} {} {} days)", self.dice.pick(&COMPARE), 10 * self.dice.below(5))
            }
            13 => match self.shifted(Type::Bool, d, scope) {
                Some(shifted) => shifted,
                None => self.truth(d, scope),
            },
            _ => {
                let (a, b) = (self.number(d, scope), self.number(0, scope));
                match self.dice.one_in(8) {
                    true => format!("({a} in {{0, 1, {b}}})"),
                    false => format!("({a} {} {b})", self.dice.pick(&COMPARE)),
                }
            }
        }
    }

    /// Whether two words are one, or one is under another or in a list.
    fn of_words(&mut self, depth: u32, scope: &Scope) -> String {
        let kind = self.name(Type::Kind, scope).unwrap_or_else(|| "kind".to_string());
        let code = self.name(Type::Code, scope).unwrap_or_else(|| "good_code".to_string());
        match self.dice.below(6) {
            0 | 1 => {
                let types = [Type::Kind, Type::Country, Type::Code, Type::Text];
                let of = self.dice.one(&types).unwrap_or(Type::Kind);
                let is = self.dice.pick(&["=", "!="]);
                format!("({} {is} {})", self.word(of, depth.min(1), scope), self.word(of, 0, scope))
            }
            2 => format!("({kind} under {})", self.dice.pick(&KINDS)),
            3 => format!("({kind} in {{alpha, delta}})"),
            4 => format!("list({code}).flag"),
            _ => format!(
                "({code} {})",
                self.dice.pick(&[
                    "under list",
                    "in list",
                    "under stages",
                    "in stages",
                    "under {8703, 6202.40}"
                ])
            ),
        }
    }

    fn word(&mut self, ty: Type, depth: u32, scope: &Scope) -> String {
        if depth > 0 && self.dice.one_in(3) {
            return self.either(ty, depth - 1, scope);
        }
        let literal = match ty {
            Type::Kind => self.dice.pick(&KINDS).to_string(),
            Type::Code => self.dice.pick(&CODES).to_string(),
            Type::Country => self.dice.pick(&COUNTRIES).to_string(),
            _ => {
                format!("\"{}\"", self.dice.pick(&["one", "two", "no, \"\"", "unknown"]).replace("\"\"", ""))
            }
        };
        match self.dice.below(3) {
            0 => literal,
            1 if ty == Type::Text && self.dice.one_in(4) => {
                format!(
                    "stages({}, {}).stage",
                    self.word(Type::Code, 0, scope),
                    self.word(Type::Country, 0, scope)
                )
            }
            1 if ty == Type::Text => format!("list({}).note", self.word(Type::Code, 0, scope)),
            1 if ty == Type::Kind && self.dice.one_in(3) => {
                format!("list({}).kind", self.word(Type::Code, 0, scope))
            }
            _ => self.name(ty, scope).unwrap_or(literal),
        }
    }
}
