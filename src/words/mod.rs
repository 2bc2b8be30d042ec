//! Values, facts, answers and changes in words: as literals of the language for programs, with commas and less haste for people.

mod answers;
mod cases;
mod changes;
mod conduct;
mod lines;
mod regions;
mod rows;
mod stated;

pub use answers::{may_be, possible_doc, rule_name, sorted};
pub use cases::case_said;
pub use changes::{delta_said, what};
pub use conduct::{duty_said, duty_state, mask_word, power_said};
pub use lines::{LinesByAnnex, annexes_said, lines_to_state};
pub use regions::{ExampleSaid, GroupSaid, OutcomeSaid, Versions};
pub use rows::{CellSaid, RowSaid, rows_said};
pub use stated::stated;

use crate::facts::Facts;
use crate::outcome::{AtomIs, Point, SlotRef};
use crate::policy::{
    AnnexId, AnnexKey, DutyId, EntityId, Expr, ExprId, Face, OutcomeId, Param, Policy, PowerId, Type,
};
use crate::text::{Sources, Span, shown};
use crate::value::{
    Dates, Day, DurationKind, MonthEnd, Number, Possible, Value, decimal, dimension_name, human, rate, wire,
};

/// People get no more characters of an expression than this.
const LONG: usize = 240;

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Exact literals, never cut short (M6).
    Machine,
    /// `549,999,999,999.99 USD`, texts in quotes.
    People,
}

/// What is needed to put into words what a policy and its facts are about.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    pub policy: &'a Policy,
    pub facts: &'a Facts,
    pub sources: &'a Sources,
    pub audience: Audience,
}

impl Words<'_> {
    pub fn value(&self, ty: &Type, value: &Value) -> String {
        match (value, ty) {
            (Value::Number(number), Type::Number { .. }) => self.number(ty, number),
            (Value::Number(number), _) => wire(number),
            (Value::Bool(truth), _) => truth.to_string(),
            (Value::Date(day), _) => day.to_string(),
            (Value::Duration(count), Type::Duration(kind)) => self.duration(*kind, *count),
            (Value::Duration(count), _) => count.to_string(),
            (Value::Text(text), _) if self.audience == Audience::People => format!("\"{}\"", shown(text)),
            (Value::Text(text), _) => text.to_string(),
            (Value::Code(code), _) => code.to_string(),
            (Value::Country(country), _) => country.as_str().to_string(),
            (Value::Choice(at), Type::Enum(id)) => self.policy.enums[*id].choice(*at).to_string(),
            (Value::Choice(at), _) => at.to_string(),
            (Value::Row(row), Type::Row(entity)) => self.key(*entity, *row),
            (Value::Row(row), _) => row.to_string(),
        }
    }

    /// One value or a range of them: `at least 3 USD`, `between 1 USD and 2 USD`, `unknown`.
    pub fn possible(&self, ty: &Type, possible: &Possible) -> String {
        match possible {
            Possible::Nothing => "none".to_string(),
            Possible::One(value) => self.value(ty, value),
            Possible::Bools if self.audience == Audience::People => "true or false".to_string(),
            Possible::Bools | Possible::Any => "unknown".to_string(),
            Possible::Numbers(range) => self.range(range.lo(), range.hi(), |number| self.number(ty, number)),
            Possible::Durations(range) => {
                self.range(range.lo(), range.hi(), |count| self.value(ty, &Value::Duration(*count)))
            }
            Possible::Dates(range) => self.dates(range),
        }
    }

    fn range<T>(&self, lo: Option<&T>, hi: Option<&T>, show: impl Fn(&T) -> String) -> String {
        match (lo, hi) {
            (None, None) => "unknown".to_string(),
            (Some(lo), None) => format!("at least {}", show(lo)),
            (None, Some(hi)) => format!("at most {}", show(hi)),
            (Some(lo), Some(hi)) => format!("between {} and {}", show(lo), show(hi)),
        }
    }

    /// `at least D` may be `never`; where days come to an end before it, both are said.
    fn dates(&self, dates: &Dates) -> String {
        let Some((first, last)) = dates.days() else { return Day::NEVER.to_string() };
        let open = dates.may_be_never() && last == Day::LAST;
        let (lo, hi) = (Some(&first).filter(|day| **day > Day::FIRST), Some(&last).filter(|_| !open));
        let days = if first == last { first.to_string() } else { self.range(lo, hi, Day::to_string) };
        if dates.may_be_never() && !open { format!("{days}, or never") } else { days }
    }

    fn number(&self, ty: &Type, number: &Number) -> String {
        let Type::Number { dimension, face } = ty else { return wire(number) };
        let people = self.audience == Audience::People;
        let units = &self.policy.units;
        match face {
            Face::Rate if people => rate(number),
            Face::Rate => match number.mul(&Number::from(100)).ok().and_then(|percent| decimal(&percent)) {
                Some(percent) => format!("{percent}%"),
                None => wire(number),
            },
            Face::Plain if dimension.is_none() => {
                if people {
                    human(number, false, true)
                } else {
                    wire(number)
                }
            }
            Face::Plain | Face::Unit(_) => {
                let (counted, unit) = self.counted(ty, number);
                self.amount(&counted, &unit.unwrap_or_default(), units.is_money(dimension))
            }
        }
    }

    /// What a number of this type counts, in the unit it is shown in; a rate counts nothing.
    pub fn counted(&self, ty: &Type, number: &Number) -> (Number, Option<String>) {
        let Type::Number { dimension, face } = ty else { return (number.clone(), None) };
        let units = &self.policy.units;
        match face {
            Face::Rate => (number.clone(), None),
            Face::Plain if dimension.is_none() => (number.clone(), None),
            Face::Plain => (number.clone(), Some(dimension_name(dimension, units))),
            Face::Unit(unit) => {
                let shown = unit.scale(units).and_then(|scale| number.div(&scale));
                (shown.unwrap_or_else(|_| number.clone()), Some(unit.display(units)))
            }
        }
    }

    /// `549999999999.99 USD`; a fraction is `1 USD / 3`, for `1/3 USD` would divide by USD.
    fn amount(&self, number: &Number, unit: &str, money: bool) -> String {
        match (self.audience, decimal(number)) {
            (Audience::People, _) => format!("{} {unit}", human(number, money, true)),
            (Audience::Machine, Some(text)) => format!("{text} {unit}"),
            (Audience::Machine, None) => format!("{} {unit} / {}", number.numerator(), number.denominator()),
        }
    }

    fn duration(&self, kind: DurationKind, count: i64) -> String {
        let noun = |one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
        match kind {
            DurationKind::Days => noun("day"),
            DurationKind::Business(id) => match self.policy.calendars.get(usize::from(id.0)) {
                Some(calendar) => format!("{} in {}", noun("business day"), calendar.name()),
                None => noun("business day"),
            },
            DurationKind::Months(MonthEnd::Exact) => noun("month"),
            DurationKind::Months(MonthEnd::Down) => format!("{} rounding down", noun("month")),
            DurationKind::Months(MonthEnd::Up) => format!("{} rounding up", noun("month")),
        }
    }

    /// The key of a row.
    pub fn key(&self, entity: EntityId, row: u32) -> String {
        let rows = self.facts.tables.try_get(entity).and_then(Option::as_ref);
        rows.and_then(|rows| rows.key(row)).map_or_else(|| "?".to_string(), |key| self.foreign(key))
    }

    /// People see every sign, on one line.
    fn foreign(&self, text: &str) -> String {
        if self.audience == Audience::People { shown(text).into_owned() } else { text.to_string() }
    }

    /// `entry("e1")`
    pub fn row(&self, entity: EntityId, row: u32) -> String {
        format!("{}(\"{}\")", self.policy.entities[entity].name, self.key(entity, row))
    }

    /// `disbursed as of 2029-01-19`, `entry("e1").value`, `project`
    pub fn slot(&self, slot: &SlotRef) -> String {
        let on = |day: &Option<Day>| day.map_or(String::new(), |day| format!(" as of {day}"));
        match slot {
            SlotRef::Fact(fact, day) => format!("{}{}", self.policy.facts[*fact].name, on(day)),
            SlotRef::Field { entity, row, field, day } => {
                let field = &self.policy.entities[*entity].fields[*field].name;
                format!("{}.{field}{}", self.row(*entity, *row), on(day))
            }
            SlotRef::Parameter { act, param } => match self.parameter(*act, *param) {
                Some(param) => format!("{} of {}", param.name, self.act(*act)),
                None => "?".to_string(),
            },
            SlotRef::Table(entity) => self.policy.entities[*entity].name.clone(),
            SlotRef::Line(annex, keys) => self.line(*annex, keys),
            SlotRef::Cell(annex, keys, column) => {
                let declared = &self.policy.annexes[*annex];
                let name = declared.columns.get(*column as usize).and_then(|column| column.name.as_deref());
                let column = name.map_or(String::new(), |name| format!(".{name}"));
                format!("{}{column}", self.line(*annex, keys))
            }
        }
    }

    /// `metals(8481.80.30.00)`
    fn line(&self, annex: AnnexId, keys: &[AnnexKey]) -> String {
        let annex = &self.policy.annexes[annex];
        let keys = annex.keys.iter().zip(keys).map(|(ty, key)| self.annex_key(ty, key));
        format!("{}({})", annex.name, keys.collect::<Vec<_>>().join(", "))
    }

    /// A key as a file has it.
    pub fn annex_key(&self, ty: &Type, key: &AnnexKey) -> String {
        key.value(ty).map_or_else(|| "*".to_string(), |value| self.value(ty, &value))
    }

    fn parameter(&self, act: u32, param: u32) -> Option<&Param> {
        let power = self.facts.acts.get(act as usize)?.power;
        self.policy.powers.try_get(power)?.params.get(param as usize)
    }

    /// `call("ohio") on 2026-03-01`: an act by its place in the facts.
    pub fn act(&self, act: u32) -> String {
        match self.facts.acts.get(act as usize) {
            Some(act) => format!("{} on {}", self.power(act.power, act.row), act.on),
            None => "?".to_string(),
        }
    }

    /// Where an act is stated.
    pub fn act_place(&self, act: u32) -> String {
        self.facts.acts.get(act as usize).map_or_else(|| "?".to_string(), |act| self.place(act.span))
    }

    /// An announcement, by its place in the facts.
    pub fn threat(&self, threat: u32) -> String {
        match self.facts.announcements.get(threat as usize) {
            Some(act) => self.power(act.power, act.row),
            None => "?".to_string(),
        }
    }

    /// `raise_tariff`, `call("ohio")`
    pub fn power(&self, power: PowerId, row: Option<u32>) -> String {
        let power = &self.policy.powers[power];
        self.named(&power.name, power.for_each.zip(row))
    }

    /// `fund("ohio")`, `farm(2026-01-01)`
    pub fn duty(&self, duty: DutyId, row: Option<u32>, period: Option<(Day, Day)>) -> String {
        let duty = &self.policy.duties[duty];
        match period {
            Some((first, _)) => format!("{}({first})", duty.name),
            None => self.named(&duty.name, duty.for_each.zip(row)),
        }
    }

    /// The type of what a slot states; none: a table.
    pub fn slot_type(&self, slot: &SlotRef) -> Option<&Type> {
        match slot {
            SlotRef::Fact(fact, _) => self.policy.facts.try_get(*fact).map(|fact| &fact.ty),
            SlotRef::Field { entity, field, .. } => {
                let entity = self.policy.entities.try_get(*entity)?;
                entity.fields.try_get(*field).map(|field| &field.ty)
            }
            SlotRef::Parameter { act, param } => self.parameter(*act, *param).map(|param| &param.ty),
            SlotRef::Cell(annex, _, column) => {
                let annex = self.policy.annexes.try_get(*annex)?;
                annex.columns.get(*column as usize).map(|column| &column.ty)
            }
            SlotRef::Table(_) | SlotRef::Line(..) => None,
        }
    }

    /// The default of a slot: its value, or for people the expression that works it out.
    pub fn default_value(&self, slot: &SlotRef) -> Option<String> {
        let fact = match slot {
            SlotRef::Fact(fact, _) => self.policy.facts.try_get(*fact),
            SlotRef::Field { entity, field, .. } => {
                self.policy.entities.try_get(*entity).and_then(|entity| entity.fields.try_get(*field))
            }
            SlotRef::Parameter { .. } | SlotRef::Table(_) | SlotRef::Line(..) | SlotRef::Cell(..) => None,
        }?;
        let default = fact.default?;
        match self.policy.exprs.node(default) {
            Expr::Const(value) => Some(self.value(&fact.ty, value)),
            _ if self.audience == Audience::People => Some(self.expr(default)),
            _ => None,
        }
    }

    /// `tariff`, `duty("e1")`
    pub fn outcome(&self, outcome: OutcomeId, row: Option<u32>) -> String {
        let outcome = &self.policy.outcomes[outcome];
        self.named(&outcome.name, outcome.for_each.zip(row))
    }

    /// A name that may be for each row.
    pub fn named(&self, name: &str, row: Option<(EntityId, u32)>) -> String {
        match row {
            Some((entity, row)) => format!("{name}(\"{}\")", self.key(entity, row)),
            None => name.to_string(),
        }
    }

    /// `policies/japan.comity:12:3`; the line is enough for people.
    pub fn place(&self, span: Span) -> String {
        let place = self.foreign(&self.sources.place(span));
        match (self.audience, place.rfind(':')) {
            (Audience::People, Some(colon)) => place.get(..colon).unwrap_or("").to_string(),
            _ => place,
        }
    }

    /// An expression in the drafter's own words, on one line.
    pub fn expr(&self, id: ExprId) -> String {
        self.source(self.policy.exprs.span(id))
    }

    /// A stretch of a policy on one line, without its comments.
    pub fn source(&self, span: Span) -> String {
        let mut words: Vec<&str> = Vec::new();
        for line in self.sources.text(span).lines() {
            words.extend(without_comment(line).split_whitespace());
        }
        let text = words.join(" ");
        match text.char_indices().nth(LONG) {
            Some((at, _)) if self.audience == Audience::People => {
                format!("{}…", text.get(..at).unwrap_or(""))
            }
            _ => text,
        }
    }

    /// A condition and its truth, as a condition: `not (disbursed < pledged) as of 2029-01-19`.
    pub fn atom(&self, atom: &AtomIs, asked: Point) -> String {
        let text = self.expr(atom.atom);
        let text = match self.moved(atom, asked) {
            Some(day) => format!("({text}) as of {day}"),
            None => text,
        };
        match (atom.is, text.contains(' ')) {
            (true, _) => text,
            (false, false) => format!("not {text}"),
            (false, true) => format!("not ({text})"),
        }
    }

    /// The day a condition is about, where it is not the day asked.
    pub fn moved(&self, atom: &AtomIs, asked: Point) -> Option<Day> {
        if atom.point.day == asked.day { None } else { Some(atom.point.day) }
    }
}

/// A line up to the `#` that begins a comment; one inside quotes is text.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    for (at, sign) in line.char_indices() {
        match sign {
            '"' => quoted = !quoted,
            '#' if !quoted => return line.get(..at).unwrap_or(line),
            _ => {}
        }
    }
    line
}

/// Why a file cannot be opened, read or written.
pub fn io_reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_string(),
        std::io::ErrorKind::PermissionDenied => "permission is denied".to_string(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_string(),
        std::io::ErrorKind::StorageFull => "the disk is full".to_string(),
        _ => error.to_string(),
    }
}
