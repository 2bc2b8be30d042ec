//! Outcomes and the rules that decide them.

use super::exprs::{Scope, Type};
use super::{DAYS, Made, Maker, Outcome, Rule};
use std::collections::BTreeMap;

impl Maker<'_> {
    pub fn declare_outcome(&mut self, name: &str, row: Option<&'static str>) {
        let scope = Scope::of(row);
        let types = [
            Type::Number,
            Type::Number,
            Type::Rate,
            Type::Money,
            Type::Date,
            Type::Bool,
            Type::Kind,
            Type::Text,
        ];
        let types = if self.features.words { &types[..] } else { &types[..6] };
        let ty = self.dice.one(types).unwrap_or(Type::Number);
        let each = row.map(|row| format!(" for each {row}")).unwrap_or_default();
        let rounded = match ty {
            Type::Number if self.features.rounding && self.dice.one_in(2) => self.rounded(),
            Type::Money if self.features.rounding && self.dice.one_in(2) => {
                " rounded to 0.01 USD".to_string()
            }
            _ => String::new(),
        };
        let otherwise = match self.dice.one_in(2) {
            true => format!(" otherwise {}", self.expr(ty, 1, &scope)),
            false => String::new(),
        };
        self.line(&format!("outcome {name} : {}{rounded}{each}{otherwise}", ty.name()));
        let article = self.dice.one_in(3);
        if article {
            let from = self.window("from");
            self.line(&format!("article {} \"About {name}\"{from} {{", self.outcomes.len() + 1));
        }
        let count = 1 + self.dice.below(4);
        for at in 0..count {
            self.rule(name, ty, &each, at, &scope);
        }
        if article {
            self.line("}");
        }
        self.knows(name, ty, row);
        self.outcomes.push(Outcome { name: name.to_string(), ty, row });
    }

    fn rule(&mut self, outcome: &str, ty: Type, each: &str, at: u64, scope: &Scope) {
        let name = format!("{outcome}_r{at}");
        let mut head = format!("rule {name}{each}");
        if self.dice.one_in(4) {
            head.push_str(self.dice.pick(&[" cites act1 \"sec. 2\"", " cites act2"]));
        }
        let below: Vec<String> = (0..at)
            .filter(|other| other + 1 == at || self.dice.one_in(3))
            .map(|other| format!("{outcome}_r{other}"))
            .collect();
        if !below.is_empty() && !self.dice.one_in(4) {
            head.push_str(&format!(" notwithstanding {}", below.join(", ")));
        }
        for word in ["from", "until"] {
            if self.dice.one_in(4) {
                head.push_str(&self.window(word));
            }
        }
        let body = self.body(outcome, ty, scope);
        let text = format!("{head}: {body}");
        self.line(&text);
        self.rules.push(Rule { name, text });
    }

    /// `from D known from K`
    fn window(&mut self, word: &str) -> String {
        let day = self.still_day();
        let known = match self.dice.one_in(3) {
            true => format!(" known from {}", self.dice.pick(&DAYS)),
            false => String::new(),
        };
        format!(" {word} {day}{known}")
    }

    fn body(&mut self, outcome: &str, ty: Type, scope: &Scope) -> String {
        let value = self.expr(ty, 2, scope);
        match self.dice.below(5) {
            0 => format!("{outcome} := {value}"),
            1 => {
                let (guard, lasting) = (self.truth(2, scope), self.lasting(scope));
                format!("if {guard} then {outcome} := {value}{lasting}")
            }
            2 => {
                let (guard, lasting) = (self.truth(2, scope), self.lasting(scope));
                format!(
                    "if {guard} then {outcome} := {value}{lasting} otherwise {outcome} := {}",
                    self.expr(ty, 1, scope)
                )
            }
            3 => format!(
                "if {} then {outcome} := {value} otherwise if {} then {outcome} := {}",
                self.truth(1, scope),
                self.truth(2, scope),
                self.expr(ty, 1, scope)
            ),
            _ => format!(
                "if {} then {outcome} := {value} otherwise if {} then {outcome} := {} otherwise {outcome} := {}",
                self.truth(1, scope),
                self.truth(1, scope),
                self.expr(ty, 1, scope),
                self.expr(ty, 0, scope)
            ),
        }
    }

    /// Mostly nothing.
    pub fn lasting(&mut self, scope: &Scope) -> String {
        match self.dice.below(4) {
            0 if self.features.past => format!(" until {}", self.truth(1, scope)),
            1 if self.features.past => {
                let kind = self.dice.pick(&["days", "days", "business days", "months rounding down"]);
                format!(" for {} {kind}", 1 + self.dice.below(15))
            }
            _ => String::new(),
        }
    }
}

impl Made {
    /// The policy with its rules in the places of rules, the last first; those of an article stay in it.
    pub fn turned_round(&self) -> String {
        let (mut articles, mut article) = (0, None);
        let lines = self.policy.lines().map(|line| {
            if line.starts_with("article ") {
                articles += 1;
                article = Some(articles);
            } else if line == "}" {
                article = None;
            }
            (article, line)
        });
        let lines: Vec<(Option<u32>, &str)> = lines.collect();
        let mut rules: BTreeMap<Option<u32>, Vec<&str>> = BTreeMap::new();
        for (article, line) in lines.iter().filter(|(_, line)| line.starts_with("rule ")) {
            rules.entry(*article).or_default().push(line);
        }
        let mut turned = String::new();
        for (article, line) in lines {
            let last = rules.get_mut(&article).filter(|_| line.starts_with("rule ")).and_then(Vec::pop);
            turned.push_str(last.unwrap_or(line));
            turned.push('\n');
        }
        turned
    }
}
