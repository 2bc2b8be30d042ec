//! For which facts two versions differ: the groups, in the words of the rules, each with a witness.

use super::Report;
use super::page::{Look, Tint};
use crate::diag::{count, tick};
use crate::outcome::Status;
use crate::policy::{OutcomeId, Policy, Type};
use crate::regions::{Group, Named, OutcomeRegions, Range, RangeKind, SideAnswer, Sum};
use crate::text::Sources;
use crate::value::{Day, Number, Value};
use crate::wire::{Reader, Words};

/// The groups of all outcomes, and what was not decided.
pub fn regions(
    (old, new): (&Policy, &Policy),
    (old_sources, new_sources): (&Sources, &Sources),
    all: &[OutcomeRegions],
    look: Look,
) -> String {
    let none = (crate::facts::Facts::none(old), crate::facts::Facts::none(new));
    let reader = Reader::People;
    let before = Words { policy: old, facts: &none.0, sources: old_sources, reader };
    let after = Words { policy: new, facts: &none.1, sources: new_sources, reader };
    let mut told = Told { old: before, report: Report::new(after, look) };
    told.report.page.head(2, &summary(all));
    for outcome in all {
        told.outcome(outcome);
    }
    told.report.page.finish()
}

/// `1 outcome differs in 2 groups of facts; 3 never differ; 0 not decided`
pub fn summary(all: &[OutcomeRegions]) -> String {
    let groups: usize = all.iter().map(|one| one.groups.len()).sum();
    let differ = all.iter().filter(|one| !one.groups.is_empty()).count();
    let open = all.iter().filter(|one| !one.left.is_empty()).count();
    let doubtful = all.iter().flat_map(|one| &one.groups).filter(|group| group.doubt.is_some()).count();
    let never = all.iter().filter(|one| one.groups.is_empty() && one.left.is_empty()).count();
    format!(
        "for which facts, with everything known: {} in {}; {never} the same for all facts; {} not decided",
        count(differ, "outcome"),
        count(groups, "group"),
        open.saturating_add(doubtful)
    )
}

struct Told<'a> {
    old: Words<'a>,
    report: Report<'a>,
}

impl Told<'_> {
    fn outcome(&mut self, one: &OutcomeRegions) {
        if one.groups.is_empty() && one.left.is_empty() {
            return;
        }
        let page = &mut self.report.page;
        page.gap();
        let head = page.tint(Tint::Strong, &one.outcome);
        page.line(0, &head);
        let ty = self.report.words.policy.outcome(&one.outcome);
        let Some(id) = ty else { return };
        for (number, group) in one.groups.iter().enumerate() {
            self.group(number.saturating_add(1), id, group);
        }
        if one.left.is_empty() {
            self.report.page.line(2, "for all other facts the answer is the same (proven)");
        }
        let mut taken: Vec<String> = Vec::new();
        for (side, expr) in &one.outside {
            let words = if *side == 0 { self.old } else { self.report.words };
            let text = tick(&words.expr(*expr));
            if !taken.contains(&text) {
                taken.push(text);
            }
        }
        if !taken.is_empty() {
            let line = format!("taken as unknown: {}", crate::diag::list_and(&taken));
            self.report.page.line(2, &line);
        }
        for left in &one.left {
            let text = format!("not decided: {left}");
            let text = self.report.page.tint(Tint::Open, &text);
            self.report.page.line(2, &text);
        }
    }

    fn group(&mut self, number: usize, id: OutcomeId, group: &Group) {
        let ty = self.report.words.policy.outcomes[id].ty.clone();
        let change = match &group.change {
            Some(change) => self.change(&ty, change),
            None => {
                format!(
                    "{} becomes {}",
                    self.status(&ty, &group.old, false),
                    self.status(&ty, &group.new, true)
                )
            }
        };
        let change = self.report.page.tint(Tint::Strong, &change);
        self.report.page.line(2, &format!("{number}. {change}"));
        for range in &group.ranges {
            let line = self.range(range);
            self.report.page.line(6, &line);
        }
        for (word, side, new) in [("old", &group.old, false), ("new", &group.new, true)] {
            let said = self.status(&ty, side, new);
            let who = self.who(side, new);
            self.report.page.line(6, &format!("{word}: {said}{who}"));
        }
        let witness = &group.witness;
        let words = Words { facts: &witness.new, ..self.report.words };
        let facts = crate::report::regions::in_line(&words);
        let values: Vec<String> = [&group.old, &group.new]
            .into_iter()
            .map(|side| match &side.at_witness {
                Some(value) => words.possible(&ty, value),
                None => side.status.as_str().to_owned(),
            })
            .collect();
        let line = format!("for example on {}, {facts}: {}", witness.on, values.join(" → "));
        self.report.page.line(6, &line);
        if let Some(doubt) = &group.doubt {
            let text = self.report.page.tint(Tint::Open, &format!("not proven: {doubt}"));
            self.report.page.line(6, &text);
        }
    }

    /// `lower by base`, `higher by 10 points`
    fn change(&self, ty: &Type, change: &Sum) -> String {
        if change.terms.is_empty() {
            let (word, size) = if change.rest.is_negative() {
                ("lower", change.rest.neg())
            } else {
                ("higher", change.rest.clone())
            };
            let value = self.report.words.value(ty, &Value::Number(size));
            return match (ty, value.strip_suffix('%')) {
                (Type::Number { .. }, Some(points)) => format!("{word} by {points} points"),
                _ => format!("{word} by {value}"),
            };
        }
        let negative = change.terms.first().is_some_and(|(factor, _)| factor.is_negative());
        if negative {
            let turned = Sum {
                terms: change.terms.iter().map(|(factor, named)| (factor.neg(), named.clone())).collect(),
                rest: change.rest.neg(),
            };
            format!("lower by {}", self.sum(ty, &turned))
        } else {
            format!("higher by {}", self.sum(ty, change))
        }
    }

    fn sum(&self, ty: &Type, sum: &Sum) -> String {
        let mut text = String::new();
        for (factor, named) in &sum.terms {
            let sign = match (text.is_empty(), factor.is_negative()) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            };
            let size = factor.abs();
            let name = name_of(named);
            let term = if size == Number::ONE {
                name
            } else {
                format!("{} × {name}", crate::value::human(&size, false, false))
            };
            text.push_str(&format!("{sign}{term}"));
        }
        if !sum.rest.is_zero() || text.is_empty() {
            let value = self.report.words.value(ty, &Value::Number(sum.rest.abs()));
            let sign = match (text.is_empty(), sum.rest.is_negative()) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            };
            text.push_str(&format!("{sign}{value}"));
        }
        text
    }

    fn status(&self, ty: &Type, side: &SideAnswer, _new: bool) -> String {
        match (side.status, &side.value, &side.at_witness) {
            (Status::Determined, Some(sum), _) => self.sum(ty, sum),
            (Status::Determined, None, Some(value)) => self.report.words.possible(ty, value),
            (status, ..) => status.as_str().to_owned(),
        }
    }

    /// ` (ceiling "Title", article 1: EO14345 "sec. 2(a)")`
    fn who(&self, side: &SideAnswer, new: bool) -> String {
        if side.rules.is_empty() {
            let none = if side.status == Status::Gap { "no rule applies" } else { "otherwise" };
            return format!(" ({none})");
        }
        let words = if new { self.report.words } else { self.old };
        let rules: Vec<String> = side.rules.iter().map(|(rule, _)| credentials(&words, *rule)).collect();
        format!(" ({})", rules.join("; "))
    }

    fn range(&self, range: &Range) -> String {
        let name = name_of(&range.what);
        let ty = self.type_of(&range.what);
        let number = |number: &Number| match &ty {
            Some(ty) => self.report.words.value(ty, &Value::Number(number.clone())),
            None => crate::value::human(number, false, false),
        };
        match &range.kind {
            RangeKind::Is(text) => format!("{name} is {text}"),
            RangeKind::Days { first, last } => match (*first == Day::FIRST, *last >= Day::LAST) {
                (true, true) => format!("{name} is any day"),
                (true, false) => format!("{name} is {last} or earlier"),
                (false, true) => format!("{name} is {first} or later"),
                (false, false) if first == last => format!("{name} is {first}"),
                (false, false) => format!("{name} is {first} to {last}"),
            },
            RangeKind::Numbers { low, high } => {
                let low = low.as_ref().map(|(value, inside)| {
                    let word = if *inside { "at least" } else { "over" };
                    format!("{word} {}", number(value))
                });
                let high = high.as_ref().map(|(value, inside)| {
                    let word = if *inside { "at most" } else { "under" };
                    format!("{word} {}", number(value))
                });
                let parts: Vec<String> = low.into_iter().chain(high).collect();
                format!("{name} is {}", parts.join(" and "))
            }
        }
    }

    fn type_of(&self, named: &Named) -> Option<Type> {
        let policy = self.report.words.policy;
        let field = |entity: &str, name: &str| {
            let entity = policy.entities.values().find(|known| known.name == entity)?;
            entity.fields.values().find(|field| field.name == name).map(|field| field.ty.clone())
        };
        let fact =
            |name: &str| policy.facts.values().find(|fact| fact.name == name).map(|fact| fact.ty.clone());
        match named {
            Named::Fact(name) | Named::On(None, name, _) => fact(name),
            Named::Field(entity, name) | Named::On(Some(entity), name, _) => field(entity, name),
            Named::Today | Named::Product(_) | Named::Quotient(..) | Named::Term(_) => None,
        }
    }
}

fn name_of(named: &Named) -> String {
    match named {
        Named::Today => "the day asked".to_owned(),
        Named::Fact(name) => name.clone(),
        Named::Field(entity, name) => format!("{entity}.{name}"),
        Named::On(None, name, day) => format!("{name} as of {day}"),
        Named::On(Some(entity), name, day) => format!("{entity}.{name} as of {day}"),
        Named::Product(factors) => factors.iter().map(name_of).collect::<Vec<_>>().join(" × "),
        Named::Quotient(of, by) => format!("{} / {}", bracketed(of), bracketed(by)),
        Named::Term(what) => what.clone(),
    }
}

/// A sum of plain numbers, in brackets if it is more than one term.
fn bracketed(sum: &Sum) -> String {
    let term = |(factor, named): &(Number, Named)| {
        let name = name_of(named);
        if *factor == Number::ONE {
            name
        } else {
            format!("{} × {name}", crate::value::human(factor, false, false))
        }
    };
    let mut terms: Vec<String> = sum.terms.iter().map(term).collect();
    if !sum.rest.is_zero() || terms.is_empty() {
        terms.push(crate::value::human(&sum.rest, false, false));
    }
    match terms.as_slice() {
        [only] => only.clone(),
        _ => format!("({})", terms.join(" + ")),
    }
}

/// A rule with its title, article and citations, in the words of its side.
fn credentials(words: &Words, rule: crate::policy::RuleId) -> String {
    let policy = words.policy;
    let rule = &policy.rules[rule];
    let mut text = tick(&rule.shown);
    if let Some(title) = &rule.title {
        text.push_str(&format!(" \"{title}\""));
    }
    if let Some(article) = rule.article.and_then(|id| policy.articles.try_get(id)) {
        text.push_str(&format!(", article {}", article.number));
    }
    let cite = |citation: &crate::policy::Citation| {
        let name = &policy.instruments[citation.instrument].name;
        citation.place.as_ref().map_or_else(|| name.clone(), |place| format!("{name} \"{place}\""))
    };
    let cites: Vec<String> = rule.cites.iter().map(cite).collect();
    if cites.is_empty() { text } else { format!("{text}: {}", cites.join(", ")) }
}

/// What a witness states, on one line.
pub(super) fn in_line(words: &Words) -> String {
    let text = crate::wire::stated(words);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.ends_with(':') && *line != "facts: {}")
        .collect();
    if lines.is_empty() { "whatever is stated".to_owned() } else { lines.join(", ").replace('"', "") }
}
