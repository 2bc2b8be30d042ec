//! A policy as text: plainly, or in any order and layout, with remarks and other names.

use super::deal::{Amount, Assigns, Cond, Date, Deal, Num, Op, Rule};
use crate::generator::Dice;

/// How it is written.
pub struct Pen<'d> {
    /// None: plainly.
    dice: Option<&'d mut Dice>,
}

/// A place where a line may be broken.
const GAP: char = '\u{1}';

pub fn plain(deal: &Deal) -> String {
    Pen { dice: None }.deal(deal)
}

/// In other words, in another order, and laid out otherwise.
pub fn otherwise(dice: &mut Dice, deal: &Deal) -> String {
    Pen { dice: Some(dice) }.deal(deal)
}

/// What rules and defines may be called; and what facts, outcomes and tables may be, too.
const LAW: &[(&str, &str)] = &[
    ("a_first", "opening"),
    ("a_second", "exception"),
    ("a_third", "exemption"),
    ("b_first", "standing"),
    ("b_second", "bargain"),
    ("b_third", "arrears"),
    ("s_first", "sharing"),
    ("s_second", "ceiling"),
    ("s_third", "floor"),
    ("half", "portion"),
    ("met", "fulfilled_so_far"),
    ("doubled", "twice"),
    ("pay", "payment"),
    ("payer", "treasury"),
];
const FACTS: &[(&str, &str)] = &[
    ("volume", "imports"),
    ("price", "unit_price"),
    ("ratified", "in_force"),
    ("paid", "disbursed"),
    ("pledged", "promised"),
    ("signed", "signature"),
    ("due", "last_day"),
    ("kind", "class"),
    ("hts", "goods"),
    ("Kind", "Class"),
    ("rate_a", "tariff"),
    ("rate_b", "surcharge"),
    ("share", "portion_of_entry"),
    ("entry", "line"),
    ("weight", "mass"),
    ("worth", "customs_value"),
];

/// Some of the names are others; with `facts` also those by which facts are stated and answers asked for.
pub fn renamed(dice: &mut Dice, text: &str, facts: bool) -> String {
    let most = dice.below(4) + 1;
    let mut table: Vec<(&str, &str)> = LAW.iter().chain(FACTS.iter().filter(|_| facts)).copied().collect();
    table.retain(|_| dice.below(4) < most);
    let mut out = String::new();
    let mut word = String::new();
    for sign in text.chars().chain(std::iter::once(' ')) {
        if sign.is_alphanumeric() || sign == '_' {
            word.push(sign);
            continue;
        }
        let other = table.iter().find(|(name, _)| *name == word).map(|(_, other)| *other);
        out.push_str(other.unwrap_or(&word));
        word.clear();
        out.push(sign);
    }
    out
}

impl Pen<'_> {
    fn chance(&mut self, n: u64) -> bool {
        self.dice.as_mut().is_some_and(|dice| dice.one_in(n))
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        if let Some(dice) = &mut self.dice {
            dice.shuffle(list);
        }
    }

    fn deal(&mut self, deal: &Deal) -> String {
        let mut items: Vec<String> = [
            "enum Kind = car (part), metal",
            "fact volume : number",
            "fact price : number",
            "fact ratified : bool over time",
            "fact kind : Kind",
            "fact hts : code",
            "fact paid : USD over time cumulative",
            "fact pledged : USD = 2 million USD where pledged >= 0 USD",
            // Within bounds, so that no sum is beyond the calendar and an error.
            "fact signed : date where signed >= 2025-01-01 and signed <= 2027-12-31",
            "fact due : date = 2026-01-05 where due >= 2025-01-01 and due <= 2027-12-31",
            "outcome rate_b : number",
            "outcome share : number for each entry",
            "function doubled(x : number) : number = x + x",
        ]
        .map(str::to_owned)
        .to_vec();
        let mut fields = ["id : text", "entered : date", "weight : number", "worth : number"];
        self.shuffle(&mut fields);
        items.push(format!("entity entry keyed by id dated by entered {{ {} }}", fields.join(" ")));
        let otherwise = deal.otherwise.as_ref().map(|num| format!(" otherwise {}", self.num(num)));
        items.push(format!("outcome rate_a : number{}", otherwise.unwrap_or_default()));
        items.push(format!("define half : number = {}", self.num(&deal.half)));
        items.push(format!("define met : bool = {}", self.cond(&deal.met)));
        if deal.duty {
            items.push("office payer".to_owned());
            items.push("obligation pay held by payer: paid >= pledged by due".to_owned());
        }
        let mut below: Vec<Vec<&str>> = vec![Vec::new(); deal.rules.len()];
        let mut above = below.clone();
        for (at, rule) in deal.rules.iter().enumerate() {
            for lower in &rule.above {
                // `a notwithstanding b` is `b subject to a`.
                match self.chance(2) {
                    true => below[*lower].extend(rule.name),
                    false => above[at].extend(deal.rules[*lower].name),
                }
            }
        }
        for (at, rule) in deal.rules.iter().enumerate() {
            items.push(self.rule(rule, &above[at], &below[at]));
        }
        self.shuffle(&mut items);
        let text: String = items.into_iter().map(|item| self.declared(&item)).collect();
        self.laid_out(&text)
    }

    fn declared(&mut self, item: &str) -> String {
        let mut text = String::new();
        if self.chance(5) {
            text.push_str("\n# a remark: if volume < 1 then nothing\n");
        }
        if self.chance(6) {
            text.push_str("## What the text says of it.\n");
        }
        text.push_str(item);
        text.push_str(if self.chance(6) { "  # and another\n" } else { "\n" });
        text
    }

    /// Other signs between words.
    fn laid_out(&mut self, text: &str) -> String {
        let mut out = String::new();
        for sign in text.chars() {
            match sign {
                GAP if self.chance(6) => out.push_str("\n    "),
                GAP if self.chance(12) => out.push_str(" # a remark\n  "),
                GAP if self.chance(6) => out.push_str("   "),
                GAP => out.push(' '),
                other => out.push(other),
            }
        }
        out
    }

    fn rule(&mut self, rule: &Rule, above: &[&str], below: &[&str]) -> String {
        let mut head = Vec::new();
        if rule.each {
            head.push("for each entry".to_owned());
        }
        for (word, list) in [("notwithstanding", above), ("subject to", below)] {
            if !list.is_empty() {
                head.push(format!("{word} {}", list.join(", ")));
            }
        }
        for (word, date, known) in [("from", &rule.from, rule.known.as_ref()), ("until", &rule.until, None)] {
            if let Some(date) = date {
                let known = known.map(|known| format!(" known from {}", self.date(known)));
                head.push(format!("{word} {}{}", self.date(date), known.unwrap_or_default()));
            }
        }
        self.shuffle(&mut head);
        let branches: Vec<String> = rule.branches.iter().map(|branch| self.branch(branch)).collect();
        let body = branches.join(&format!("{GAP}otherwise "));
        let head: String = head.into_iter().map(|part| format!("{GAP}{part}")).collect();
        match rule.name {
            Some(name) => format!("rule {name}{head}:{GAP}{body}"),
            None => body,
        }
    }

    fn branch(&mut self, (condition, assigns): &(Option<Cond>, Assigns)) -> String {
        let when = condition.as_ref().map(|cond| format!("if{GAP}{}{GAP}then ", self.top(cond)));
        let assigns: Vec<String> =
            assigns.iter().map(|(name, num)| format!("{name} := {}", self.num(num))).collect();
        format!("{}{}", when.unwrap_or_default(), assigns.join(&format!("{GAP}and ")))
    }

    /// A condition where no brackets are needed.
    fn top(&mut self, cond: &Cond) -> String {
        let text = self.cond(cond);
        let bare = matches!(cond, Cond::And(_) | Cond::Or(_)) && !self.chance(3);
        if bare { text[1..text.len() - 1].to_owned() } else { text }
    }

    fn cond(&mut self, cond: &Cond) -> String {
        let text = match cond {
            Cond::Numbers(op, left, right) => format!("{} {} {}", self.num(left), sign(*op), self.num(right)),
            Cond::Amounts(op, left, right) => {
                format!("{} {} {}", self.amount(left), sign(*op), self.amount(right))
            }
            Cond::Dates(op, left, right) => format!("{} {} {}", self.date(left), sign(*op), self.date(right)),
            Cond::Holds(name) => (*name).to_owned(),
            Cond::Kind(is, what) => format!("kind {} {what}", if *is { "=" } else { "!=" }),
            Cond::Among(list) => format!("kind in {{{}}}", list.join(", ")),
            Cond::Under(what, code) => format!("{what} under {code}"),
            Cond::By(cond, date) => format!("({}) by {}", self.cond(cond), self.date(date)),
            Cond::Within(cond, days, date) => format!("({}) within {days} days of {date}", self.cond(cond)),
            Cond::Not(cond) => format!("not ({})", self.cond(cond)),
            Cond::And(list) | Cond::Or(list) => {
                let word = if matches!(cond, Cond::And(_)) { "and" } else { "or" };
                let list: Vec<String> = list.iter().map(|cond| format!("({})", self.cond(cond))).collect();
                return format!("({})", list.join(&format!("{GAP}{word} ")));
            }
        };
        if self.chance(6) { format!("({GAP}{text})") } else { text }
    }

    fn num(&mut self, num: &Num) -> String {
        let text = match num {
            Num::Literal(halves) => {
                let half = if halves % 2 == 0 { "" } else { ".5" };
                let zero = match half {
                    "" if self.chance(5) => ".0",
                    ".5" if self.chance(5) => "0",
                    _ => "",
                };
                return format!("{}{half}{zero}", halves / 2);
            }
            Num::Name(name) => return (*name).to_owned(),
            Num::Sum(terms) => {
                let mut text = String::new();
                for (at, (plus, term)) in terms.iter().enumerate() {
                    let sign = match (at, plus) {
                        (0, true) => "",
                        (0, false) => "-",
                        (_, true) => " + ",
                        (_, false) => " - ",
                    };
                    text.push_str(sign);
                    text.push_str(&self.num(term));
                }
                text
            }
            Num::AtLeast(both) => format!("{} but at least {}", self.num(&both[0]), self.num(&both[1])),
            Num::AtMost(both) => format!("{} but at most {}", self.num(&both[0]), self.num(&both[1])),
            Num::TopUp(both) => format!("top up {} to {}", self.num(&both[0]), self.num(&both[1])),
            Num::Doubled(num) => return format!("doubled({})", self.num(num)),
            Num::If(parts) => {
                let (when, then, otherwise) = &**parts;
                let when = self.top(when);
                format!("if {when} then {}{GAP}otherwise {}", self.num(then), self.num(otherwise))
            }
        };
        format!("({text})")
    }

    fn amount(&mut self, amount: &Amount) -> String {
        match amount {
            Amount::Literal(millions) if *millions > 0 && self.chance(3) => format!("{millions}_000_000 USD"),
            Amount::Literal(millions) if self.chance(3) => format!("{} thousand USD", millions * 1_000),
            Amount::Literal(millions) => format!("{millions} million USD"),
            Amount::Name(name) => (*name).to_owned(),
            Amount::Sum(terms) => {
                let mut text = String::new();
                for (at, (plus, term)) in terms.iter().enumerate() {
                    text.push_str(match (at, plus) {
                        (0, _) => "",
                        (_, true) => " + ",
                        (_, false) => " - ",
                    });
                    text.push_str(&self.amount(term));
                }
                format!("({text})")
            }
        }
    }

    fn date(&mut self, date: &Date) -> String {
        match date {
            Date::Today => "today".to_owned(),
            Date::Literal(days) => format!("2026-01-{:02}", days + 1),
            Date::Name(name) => (*name).to_owned(),
            Date::Later(name, days) => format!("({name} + {days} days)"),
        }
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Less => "<",
        Op::AtMost => "<=",
        Op::Equal => "=",
        Op::Unequal => "!=",
        Op::AtLeast => ">=",
        Op::Greater => ">",
    }
}
