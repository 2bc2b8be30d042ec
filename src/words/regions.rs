//! For which facts two versions differ, in words.

use super::{Words, case_said};
use crate::diag::{list_or, tick};
use crate::outcome::Status;
use crate::policy::{OutcomeId, Type};
use crate::regions::{
    Group, NamedTerm, OutcomeRegions, Range, RangeKind, SideAnswer, Sum, WrittenComparison, day_of,
};
use crate::value::{Day, Number, Value};

/// One outcome in words.
#[derive(Debug)]
pub struct OutcomeSaid {
    pub outcome: String,
    pub groups: Vec<GroupSaid>,
    /// Proven for all other facts; else what was not decided.
    pub settled: bool,
    pub left: Vec<String>,
    /// Terms taken as unknown.
    pub outside: Vec<String>,
}

/// All facts for which the same rules decide on each side.
#[derive(Debug)]
pub struct GroupSaid {
    /// `lower by 15 points`
    pub change: String,
    /// `entry.column1 is at least 15%`
    pub ranges: Vec<String>,
    pub old: String,
    pub new: String,
    /// `2026-01-01, base: 20%: 35% → 20%`
    pub example: String,
    /// The same in parts.
    pub told: ExampleSaid,
    pub doubt: Option<String>,
}

/// An example in parts: of the values and who says so the old one first.
#[derive(Debug)]
pub struct ExampleSaid {
    pub day: String,
    /// What is stated; nothing: it is so whatever is.
    pub facts: Vec<String>,
    pub values: [String; 2],
    pub who: [String; 2],
}

/// An end of a range, and whether it is inside.
type ShownEnd = Option<(Number, bool)>;

/// The words of two versions.
#[derive(Clone, Copy, Debug)]
pub struct Versions<'a> {
    pub old: Words<'a>,
    pub new: Words<'a>,
}

impl Versions<'_> {
    /// An outcome that may differ.
    pub fn outcome(&self, one: &OutcomeRegions) -> OutcomeSaid {
        let id = one.outcome.1;
        let mut outside: Vec<String> = Vec::new();
        for (side, expr) in &one.outside {
            let words = if *side == 0 { self.old } else { self.new };
            let text = words.expr(*expr);
            if !outside.contains(&text) {
                outside.push(text);
            }
        }
        OutcomeSaid {
            outcome: self.new.policy.outcomes[id].name.clone(),
            groups: one.groups.iter().map(|group| self.group(id, group)).collect(),
            settled: one.left.is_empty(),
            left: one.left.clone(),
            outside,
        }
    }

    fn group(&self, id: OutcomeId, group: &Group) -> GroupSaid {
        let ty = &self.new.policy.outcomes[id].ty;
        let [old, new] = [(&group.old, false), (&group.new, true)]
            .map(|(side, new)| (self.status(ty, side, new), self.who(side, new)));
        let change = match &group.change {
            Some(change) if !(change.terms.is_empty() && change.rest.is_zero()) => {
                let change = self.change(ty, change);
                if group.rounded { format!("{change}, before rounding") } else { change }
            }
            _ => format!("{} becomes {}", old.0, new.0),
        };
        let witness = &group.witness;
        let words = Words { facts: &witness.new, ..self.new };
        let values = [(&group.old, false), (&group.new, true)].map(|(side, new)| match &side.at_witness {
            Some(value) => if new { self.new } else { self.old }.possible(ty, value),
            None => side.status.as_str().to_owned(),
        });
        let facts = case_said(&words, witness.on);
        let mut day = witness.on.to_string();
        if !witness.known.is_never() {
            day.push_str(&format!(", as known on {}", witness.known));
        }
        GroupSaid {
            change,
            ranges: group.ranges.iter().map(|range| self.range(range)).collect(),
            old: format!("{}{}", old.0, old.1),
            new: format!("{}{}", new.0, new.1),
            example: match facts.as_slice() {
                [] => format!("{day}, whatever is stated: {}", values.join(" → ")),
                facts => format!("{day}, {}: {}", facts.join(", "), values.join(" → ")),
            },
            told: ExampleSaid {
                day,
                facts,
                values,
                who: [&old.1, &new.1].map(|who| who.trim_matches([' ', '(', ')']).to_owned()),
            },
            doubt: group.doubt.clone(),
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
            let value = self.apart(ty, &size);
            return match (ty, value.strip_suffix('%')) {
                (Type::Number { .. }, Some(points)) => format!("{word} by {points} points"),
                (Type::Date, _) => format!(
                    "{} {}",
                    days(&change.rest.abs()),
                    if word == "lower" { "earlier" } else { "later" }
                ),
                _ => format!("{word} by {value}"),
            };
        }
        if change.terms.len() > 1 || !change.rest.is_zero() {
            return format!("changes by {}", self.sum(ty, change));
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
        let stands_alone = sum.terms.is_empty();
        self.terms(sum, |rest| if stands_alone { self.at(ty, rest) } else { self.apart(ty, rest) })
    }

    /// A value of a type by its number.
    fn at(&self, ty: &Type, number: &Number) -> String {
        let value = match ty {
            Type::Date => day_of(number).map(Value::Date),
            Type::Duration(_) => number.to_i64().map(Value::Duration),
            _ => None,
        };
        self.new.value(ty, &value.unwrap_or_else(|| Value::Number(number.clone())))
    }

    /// How far two values of a type are apart.
    fn apart(&self, ty: &Type, number: &Number) -> String {
        if *ty == Type::Date { days(number) } else { self.at(ty, number) }
    }

    /// `0.15 × entry.value - base + 10%`: `rest` says what stands beside the terms.
    fn terms(&self, sum: &Sum, rest: impl Fn(&Number) -> String) -> String {
        let term = |(factor, named): &(Number, NamedTerm)| {
            let (size, name) = (factor.abs(), self.name_of(named));
            let said = if size == Number::ONE {
                name
            } else {
                format!("{} × {name}", crate::value::human(&size, false, false))
            };
            (factor.is_negative(), said)
        };
        let mut terms: Vec<(bool, String)> = sum.terms.iter().map(term).collect();
        if !sum.rest.is_zero() || terms.is_empty() {
            terms.push((sum.rest.is_negative(), rest(&sum.rest.abs())));
        }
        // What is added comes first.
        if terms.first().is_some_and(|(negative, _)| *negative)
            && let Some(first) = terms.iter().position(|(negative, _)| !*negative)
        {
            let term = terms.remove(first);
            terms.insert(0, term);
        }
        let mut text = String::new();
        for (negative, said) in terms {
            text.push_str(match (text.is_empty(), negative) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            });
            text.push_str(&said);
        }
        text
    }

    /// The answer of one side: its value, or what else it is.
    pub fn status(&self, ty: &Type, side: &SideAnswer, new: bool) -> String {
        match (side.status, &side.value, &side.at_witness) {
            (Status::Determined, Some(sum), _) if side.rounded => format!("{}, rounded", self.sum(ty, sum)),
            (Status::Determined, Some(sum), _) => self.sum(ty, sum),
            (Status::Determined, None, Some(value)) => {
                if new { self.new } else { self.old }.possible(ty, value)
            }
            (status, ..) => status.as_str().to_owned(),
        }
    }

    /// ` (ceiling "Title", article 1: EO14345 "sec. 2(a)")`
    fn who(&self, side: &SideAnswer, new: bool) -> String {
        if side.rules.is_empty() {
            let none = if side.status == Status::Gap { "no rule applies" } else { "otherwise" };
            return format!(" ({none})");
        }
        let words = if new { self.new } else { self.old };
        let rules: Vec<String> = side.rules.iter().map(|(rule, _)| credentials(&words, *rule)).collect();
        format!(" ({})", rules.join("; "))
    }

    fn range(&self, range: &Range) -> String {
        self.new.foreign(&self.range_as_stated(range))
    }

    fn range_as_stated(&self, range: &Range) -> String {
        let name = self.name_of(&range.what);
        let ty = self.type_of(&range.what);
        let number = |number: &Number| match &ty {
            Some(ty) => self.at(ty, number),
            None => crate::value::human(number, false, false),
        };
        match &range.kind {
            RangeKind::Numbers { low, high } if matches!(range.what, NamedTerm::Total(_)) => {
                self.related(&range.what, ty.as_ref(), (low, high))
            }
            RangeKind::Is(texts) => match (name.strip_prefix("whether "), texts.as_slice()) {
                (Some(so), [is]) if is == "true" => so.to_owned(),
                (Some(so), [_]) => match so.split_once(" still lasts") {
                    Some((rule, of)) => format!("{rule} no longer lasts{of}"),
                    None => match so.split_once(" fails") {
                        Some((rule, of)) => format!("{rule} does not fail{of}"),
                        None => format!("it is not so that {so}"),
                    },
                },
                _ => format!("{name} is {}", list_or(texts)),
            },
            RangeKind::IsNot(texts) => format!("{name} is not {}", list_or(texts)),
            RangeKind::Compared { under, not } => {
                let under = under.as_ref().map(|code| format!("under {code}"));
                let list: Vec<String> = not
                    .iter()
                    .map(|about| match about {
                        WrittenComparison::Is(text) => text.clone(),
                        WrittenComparison::Under(code) => format!("under {code}"),
                    })
                    .collect();
                let not = (!list.is_empty()).then(|| format!("not {}", list_or(&list)));
                let parts: Vec<String> = under.into_iter().chain(not).collect();
                format!("{name} is {}", parts.join(" and "))
            }
            RangeKind::Days { first, last } => match (*first == Day::FIRST, *last >= Day::LAST) {
                (true, true) => format!("{name} is any day"),
                (true, false) => format!("{name} is {last} or earlier"),
                (false, true) => format!("{name} is {first} or later"),
                (false, false) if first == last => format!("{name} is {first}"),
                (false, false) => format!("{name} is {first} to {last}"),
            },
            RangeKind::Numbers { low: Some((low, true)), high: Some((high, true)) } if low == high => {
                format!("{name} is {}", number(low))
            }
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

    /// An end of the range of a quantity; of a sum of days it is how many.
    pub fn end_of(&self, what: &NamedTerm, number: &Number) -> String {
        match (self.type_of(what), what) {
            (Some(ty), NamedTerm::Total(_)) => self.apart(&ty, number),
            (Some(ty), _) => self.at(&ty, number),
            (None, _) => crate::value::human(number, false, false),
        }
    }

    /// `last_day < the day asked ≤ last_day + 31 days`, or of more than two quantities `a + b - c is at most 5 USD`.
    fn related(&self, what: &NamedTerm, ty: Option<&Type>, (low, high): (&ShownEnd, &ShownEnd)) -> String {
        let size = |number: &Number| match ty {
            Some(ty) => self.apart(ty, number),
            None => crate::value::human(number, false, false),
        };
        let pair = match what {
            NamedTerm::Total(sum) => match sum.terms.as_slice() {
                [(one, left), (other, right)] if *one == Number::ONE && other.neg() == Number::ONE => {
                    Some((self.name_of(left), self.name_of(right)))
                }
                _ => None,
            },
            _ => None,
        };
        let Some((left, right)) = pair else {
            let ends = [("at least", "over", low), ("at most", "under", high)];
            let ends = ends.into_iter().filter_map(|(inside, outside, end)| {
                let (value, attained) = end.as_ref()?;
                Some(format!("{} {}", if *attained { inside } else { outside }, size(value)))
            });
            return format!("{} is {}", self.name_of(what), ends.collect::<Vec<_>>().join(" and "));
        };
        let beside = |number: &Number| match (number.is_zero(), number.is_negative()) {
            (true, _) => right.clone(),
            (false, true) => format!("{right} - {}", size(&number.neg())),
            (false, false) => format!("{right} + {}", size(number)),
        };
        if let (Some((low, true)), Some((high, true))) = (low, high)
            && low == high
        {
            return format!("{left} = {}", beside(low));
        }
        // Of days that are whole, "one day later or more" is "after".
        let strict = |end: &(Number, bool), after: bool| {
            let step = if after { Number::ONE } else { Number::ONE.neg() };
            match ty {
                Some(Type::Date) if end.1 && end.0 == step => (Number::ZERO, false),
                _ => end.clone(),
            }
        };
        let low = low.as_ref().map(|end| strict(end, true));
        let high = high.as_ref().map(|end| strict(end, false));
        let sign = |inside: bool| if inside { "≤" } else { "<" };
        let low = low.map(|(number, inside)| format!("{} {} ", beside(&number), sign(inside)));
        let high = high.map(|(number, inside)| format!(" {} {}", sign(inside), beside(&number)));
        format!("{}{left}{}", low.unwrap_or_default(), high.unwrap_or_default())
    }

    /// None: it is a number without a unit, or a term of the solver.
    pub fn type_of(&self, named: &NamedTerm) -> Option<Type> {
        let policy = self.new.policy;
        let field = |entity: &str, name: &str| {
            let entity = policy.entities.values().find(|known| known.name == entity)?;
            entity.fields.values().find(|field| field.name == name).map(|field| field.ty.clone())
        };
        let param = |owner: &str, name: &str| {
            let owner = owner.split_once(" (").map_or(owner, |(power, _)| power);
            let powers =
                [self.new.policy, self.old.policy].into_iter().flat_map(|policy| policy.powers.values());
            let mut params = powers.filter(|power| power.name == owner).flat_map(|power| &power.params);
            params.find(|param| param.name == name).map(|param| param.ty.clone())
        };
        let fact =
            |name: &str| policy.facts.values().find(|fact| fact.name == name).map(|fact| fact.ty.clone());
        match named {
            NamedTerm::Fact(name) | NamedTerm::On(None, name, _) => fact(name),
            NamedTerm::Field(entity, name) | NamedTerm::On(Some(entity), name, _) => {
                field(entity, name).or_else(|| param(entity, name))
            }
            NamedTerm::Outside(side, expr, _) => {
                let policy = if *side == 0 { self.old.policy } else { self.new.policy };
                Some(policy.exprs.ty(*expr).clone())
            }
            NamedTerm::Today => Some(Type::Date),
            // Of a sum without factors all parts are of one type.
            NamedTerm::Total(sum) if sum.terms.iter().all(|(factor, _)| factor.abs() == Number::ONE) => {
                sum.terms.first().and_then(|(_, part)| self.type_of(part))
            }
            NamedTerm::Total(_)
            | NamedTerm::Product(_)
            | NamedTerm::Quotient(..)
            | NamedTerm::Rounded(..)
            | NamedTerm::Term(_) => None,
        }
    }

    /// What a quantity is called.
    pub fn name_of(&self, named: &NamedTerm) -> String {
        match named {
            NamedTerm::Today => "the day asked".to_owned(),
            NamedTerm::Fact(name) => name.clone(),
            // Of an act that is another on each side: `raise.chosen (old)`.
            NamedTerm::Field(entity, name) => match entity.split_once(" (") {
                Some((power, of)) => format!("{power}.{name} ({of}"),
                None => format!("{entity}.{name}"),
            },
            NamedTerm::On(None, name, day) => format!("{name} as of {}", self.sum(&Type::Date, day)),
            NamedTerm::On(Some(entity), name, day) => {
                format!("{entity}.{name} as of {}", self.sum(&Type::Date, day))
            }
            NamedTerm::Total(sum) => self.terms(sum, |rest| crate::value::human(rest, false, false)),
            NamedTerm::Rounded(of, _) => format!("{} rounded", self.bracketed(of)),
            NamedTerm::Product(factors) => {
                factors.iter().map(|factor| self.name_of(factor)).collect::<Vec<_>>().join(" × ")
            }
            NamedTerm::Quotient(of, by) => format!("{} / {}", self.bracketed(of), self.bracketed(by)),
            NamedTerm::Outside(side, expr, apart) => {
                let (words, of) = if *side == 0 { (self.old, "old") } else { (self.new, "new") };
                let text = tick(&words.expr(*expr));
                if *apart { format!("{text} ({of})") } else { text }
            }
            NamedTerm::Term(what) => what.clone(),
        }
    }

    /// A sum of plain numbers, in brackets if it is more than one term.
    fn bracketed(&self, sum: &Sum) -> String {
        let text = self.terms(sum, |rest| crate::value::human(rest, false, false));
        let alone = sum.terms.len() <= usize::from(sum.rest.is_zero());
        if alone { text } else { format!("({text})") }
    }
}

fn days(number: &Number) -> String {
    number
        .to_i64()
        .and_then(|days| usize::try_from(days).ok())
        .map_or_else(|| format!("{number} days"), |days| crate::diag::count(days, "day"))
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
