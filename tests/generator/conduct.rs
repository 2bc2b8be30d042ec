//! Duties, powers and what is read of them.

use super::exprs::{Scope, Type};
use super::facts::Power;
use super::{DAYS, Maker};

const STATES: [&str; 5] = ["pending", "fulfilled", "breached", "cured", "not breached"];

impl Maker<'_> {
    pub fn declare_conduct(&mut self) {
        let none = Scope::of(None);
        self.duty("k1", "");
        let every = self.dice.pick(&[" each month", " each quarter", " each tax_year"]);
        self.duty("k2", every);
        let duties = std::mem::take(&mut self.conduct);
        // `ends` and `requires` read what stands before them: no circles.
        self.conduct = duties.clone();
        let requires = self.truth(1, &none);
        self.line(&format!("power allow held by bob\n  requires {requires}"));
        self.powers.push(Power { name: "allow", by: "bob", param: false, each: false });
        self.conduct.extend(
            ["allow is done", "allow is available", "count of allow since today - 30 days < 2"]
                .map(String::from),
        );
        self.declare_raise(&none);
        let stops = self.dice.pick(&["ann", "ann or bob", "ann and bob"]);
        self.line(&format!("power stop held by {stops} ends raise\n  requires allow is not done"));
        let by = if stops == "ann and bob" { "[ann, bob]" } else { "ann" };
        self.powers.push(Power { name: "stop", by, param: false, each: false });
        self.conduct.extend(
            [
                "raise is done",
                "raise is invalid",
                "raise is threatened",
                "raise is done and raise.much > 1",
                "count of raise since d >= 2",
                "stop.on + 10 days < today",
            ]
            .map(String::from),
        );
        if self.dice.one_in(2) {
            self.declare_of_each_good();
        }
    }

    fn declare_raise(&mut self, none: &Scope) {
        let outcome = self.outcomes.first().filter(|one| one.ty == Type::Number).map(|one| one.name.clone());
        let above = match &outcome {
            Some(name) if !self.dice.one_in(3) => format!(" notwithstanding {name}_r0"),
            _ => String::new(),
        };
        let head = self.dice.pick(&["", " cites act1", " from 2026-01-20 until 2026-04-30"]);
        let (requires, limit) = (self.truth(1, none), 1 + self.dice.below(6));
        let effect = match &outcome {
            Some(name) => {
                let (rest, lasting) = (self.dice.below(3), self.lasting(&Scope::of(None)));
                format!("\n  then {name} := much + {rest}{lasting}")
            }
            None => String::new(),
        };
        // What an outcome's own effect requires may not read the outcome.
        let requires = match &outcome {
            Some(name) if requires.contains(name.as_str()) => "sure".to_string(),
            _ => requires,
        };
        self.line(&format!(
            "power raise(much : number) held by ann{head}{above}\n  requires {requires}\n  requires much < {limit}{effect}"
        ));
        self.powers.push(Power { name: "raise", by: "ann", param: true, each: false });
    }

    fn declare_of_each_good(&mut self) {
        let scope = Scope::of(Some("good"));
        let done = self.truth(1, &scope);
        self.line("power call(by_day : date) for each good held by ann\n  requires by_day >= today");
        self.powers.push(Power { name: "call", by: "ann", param: true, each: true });
        self.line(&format!(
            "obligation supply for each good held by bob: if call(good) is done then {done} by call(good).by_day"
        ));
        self.conduct.push("any of supply(good) is breached for each good".to_string());
    }

    fn duty(&mut self, name: &str, every: &str) {
        let none = Scope::of(None);
        let mut head = format!("obligation {name}{every} held by {}", self.dice.pick(&["ann", "bob", "JP"]));
        if !every.is_empty() || self.dice.one_in(2) {
            head.push_str(&format!(" from {}", self.still_day()));
        }
        if self.dice.one_in(3) {
            head.push_str(&format!(" until {}", self.still_day()));
        }
        let guard = match self.dice.one_in(3) {
            true => format!("if {} then ", self.truth(1, &none)),
            false => String::new(),
        };
        let performance = match every.is_empty() {
            false => {
                format!("rising - (rising as of (first day of period - 1 day)) >= {}", self.dice.below(3))
            }
            true => self.truth(1, &none),
        };
        let deadline = match self.dice.below(4) {
            _ if !every.is_empty() => "by last day of period + 3 days".to_string(),
            0 => {
                format!("within {} days of {}", 1 + self.dice.below(30), self.dice.pick(&["d", "e", "moved"]))
            }
            1 => format!("by {}", self.dice.pick(&["d", "e", "moved"])),
            2 => {
                format!("within {} business days of {}", 1 + self.dice.below(20), self.dice.pick(&["d", "e"]))
            }
            _ => format!("by {}", self.dice.pick(&DAYS)),
        };
        self.line(&format!("{head}: {guard}{performance} {deadline}"));
        self.conduct.push(format!("{name} is {}", self.dice.pick(&STATES)));
    }
}
