//! Expressions in a normal form, as text: two that mean the same by the laws of `and`, `or`, `not`, comparison and
//! addition read alike, whatever the order, the brackets and the names.

use super::item::{NamedItem, Tokens};
use crate::policy::{AnnexId, DutyState, Expr, ExprId, Face, Holders, Op, Policy, PowerTest, Type};
use crate::tree::{AddOp, AggregateKind, ClampSide, CompareOp, MulOp};
use crate::value::{Day, DurationKind, MonthEnd, Rounding, Value, dimension_name, wire};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// In place of the name whose uses are looked at.
pub(super) const MARK: &str = "@";

/// Writes the expressions of one policy.
#[derive(Debug)]
pub(super) struct Normal<'a> {
    pub policy: &'a Policy,
    tokens: &'a Tokens,
    /// Written as the mark: whose uses are looked at.
    marked: Option<NamedItem>,
    /// What was named.
    named: RefCell<BTreeSet<NamedItem>>,
}

impl<'a> Normal<'a> {
    pub fn new(policy: &'a Policy, tokens: &'a Tokens, marked: Option<NamedItem>) -> Normal<'a> {
        Normal { policy, tokens, marked, named: RefCell::new(BTreeSet::new()) }
    }

    /// What was named since the last time.
    pub fn take_named(&self) -> BTreeSet<NamedItem> {
        self.named.take()
    }

    pub fn item(&self, item: NamedItem) -> String {
        self.named.borrow_mut().insert(item);
        if self.marked == Some(item) { MARK.to_string() } else { self.tokens.get(item).to_string() }
    }

    /// A type as declared, its face with it.
    pub fn ty(&self, ty: &Type) -> String {
        let units = &self.policy.units;
        match ty {
            Type::Number { dimension, face } => match face {
                Face::Plain if dimension.is_none() => "number".to_string(),
                Face::Plain => dimension_name(dimension, units),
                Face::Rate => "rate".to_string(),
                Face::Unit(unit) => unit.display(units),
            },
            Type::Date => "date".to_string(),
            Type::Duration(_) => "duration".to_string(),
            Type::Bool => "bool".to_string(),
            Type::Text => "text".to_string(),
            Type::Code => "code".to_string(),
            Type::Country => "country".to_string(),
            Type::Enum(id) => self.item(NamedItem::Enum(*id)),
            Type::Row(id) => self.item(NamedItem::Entity(*id)),
        }
    }

    fn duration_kind(&self, kind: DurationKind) -> String {
        match kind {
            DurationKind::Days => "days".to_string(),
            DurationKind::Business(id) => {
                let calendar = self.policy.calendars.get(usize::from(id.0));
                format!("business days in {}", calendar.map_or("?", |calendar| calendar.name()))
            }
            DurationKind::Months(MonthEnd::Exact) => "months".to_string(),
            DurationKind::Months(MonthEnd::Down) => "months rounding down".to_string(),
            DurationKind::Months(MonthEnd::Up) => "months rounding up".to_string(),
        }
    }

    pub fn value(&self, ty: &Type, value: &Value) -> String {
        match (value, ty) {
            (Value::Number(number), Type::Number { dimension, .. }) if !dimension.is_none() => {
                format!("{}[{}]", wire(number), dimension_name(dimension, &self.policy.units))
            }
            (Value::Number(number), _) => wire(number),
            (Value::Bool(truth), _) => truth.to_string(),
            (Value::Date(day), _) => day_word(*day),
            (Value::Duration(count), Type::Duration(kind)) => {
                format!("{count} {}", self.duration_kind(*kind))
            }
            (Value::Duration(count), _) => count.to_string(),
            (Value::Text(text), _) => format!("{text:?}"),
            (Value::Code(code), _) => format!("#{}", code.digits()),
            (Value::Country(country), _) => country.as_str().to_string(),
            (Value::Choice(at), Type::Enum(id)) => {
                format!("{}.{}", self.item(NamedItem::Enum(*id)), self.policy.enums[*id].choice(*at))
            }
            (Value::Choice(at), _) => format!("choice {at}"),
            (Value::Row(row), _) => format!("row {row}"),
        }
    }

    fn list(&self, list: &[ExprId]) -> Vec<String> {
        list.iter().map(|id| self.expr(*id)).collect()
    }

    fn row(&self, row: Option<ExprId>) -> String {
        row.map_or_else(String::new, |row| format!("({})", self.expr(row)))
    }

    /// Who holds it, in whatever order they are named (O7).
    pub fn held_by(&self, held: &Holders) -> String {
        let mut names: Vec<String> = held.list.iter().map(|one| self.item(NamedItem::Holder(*one))).collect();
        names.sort_unstable();
        names.join(&format!(" {} ", held.word()))
    }

    pub fn expr(&self, id: ExprId) -> String {
        if *self.policy.exprs.ty(id) == Type::Bool {
            return self.truth(id, true);
        }
        self.any(id)
    }

    /// What is no condition that can be taken apart.
    fn any(&self, id: ExprId) -> String {
        let exprs = &self.policy.exprs;
        let call = |word: &str, parts: &[ExprId]| format!("{word}({})", self.list(parts).join(", "));
        match exprs.node(id) {
            Expr::Const(value) => self.value(exprs.ty(id), value),
            Expr::Today => "today".to_string(),
            Expr::Local(place) => format!("${place}"),
            Expr::Fact(fact) => self.item(NamedItem::Fact(*fact)),
            Expr::Running(fold) => self.item(NamedItem::Fold(*fold)),
            Expr::Field { entity, row, field } => {
                format!("{}.{}", self.expr(*row), self.item(NamedItem::Field(*entity, *field)))
            }
            Expr::RowByKey { entity, key } => {
                format!("{}({})", self.item(NamedItem::Entity(*entity)), self.expr(*key))
            }
            Expr::Define { id, row } => format!("{}{}", self.item(NamedItem::Define(*id)), self.row(*row)),
            Expr::Outcome { id, row } => format!("{}{}", self.item(NamedItem::Outcome(*id)), self.row(*row)),
            Expr::Call { function, args } => call(&self.item(NamedItem::Function(*function)), args),
            Expr::Lookup { annex, column, keys } => {
                let name = self.policy.annexes[*annex].columns.get(*column as usize);
                let column = name.and_then(|column| column.name.clone()).unwrap_or_default();
                format!("{}.{column}", call(&self.item(NamedItem::Annex(*annex)), keys))
            }
            Expr::If { branches, otherwise } => self.choice(branches, *otherwise),
            Expr::AsOf { value, day } => call("as of", &[*value, *day]),
            Expr::AsKnownOn { value, day } => call("as known on", &[*value, *day]),
            Expr::Act { id, row, part } => {
                format!("{}{}.{part:?}", self.item(NamedItem::Power(*id)), self.row(*row))
            }
            Expr::ActCount { id, row, since } => {
                let power = format!("{}{}", self.item(NamedItem::Power(*id)), self.row(*row));
                format!("count of {power} since({})", self.expr(*since))
            }
            Expr::DayAverage { value, first, last } => call("average over days", &[*value, *first, *last]),
            Expr::Aggregate { kind, entity, local, value, condition } => {
                let value = value.map_or_else(String::new, |value| self.expr(value));
                let condition = condition.map_or_else(|| "true".to_string(), |it| self.expr(it));
                let entity = self.item(NamedItem::Entity(*entity));
                format!("{}({value} for ${local} in {entity} where {condition})", aggregate(*kind))
            }
            Expr::Op(op) => self.op(id, op),
            Expr::LastStart(condition) => call("last start", &[*condition]),
            Expr::By { condition, day } => call("by", &[*condition, *day]),
            Expr::Duty { id, of, state } => {
                format!("{}{} is {}", self.item(NamedItem::Duty(*id)), self.row(*of), duty(*state))
            }
            Expr::Power { id, row, test } => {
                format!("{}{} is {}", self.item(NamedItem::Power(*id)), self.row(*row), power(*test))
            }
            Expr::And(_) | Expr::Or(_) => self.truth(id, true),
        }
    }

    fn op(&self, id: ExprId, op: &Op) -> String {
        let call = |word: &str, parts: &[ExprId]| format!("{word}({})", self.list(parts).join(", "));
        let annex = |word: &str, item: ExprId, annex: AnnexId| {
            format!("{word}({}, {})", self.expr(item), self.item(NamedItem::Annex(annex)))
        };
        match op {
            Op::Not(_) | Op::Compare { .. } => self.truth(id, true),
            Op::In { item, set } => self.among("in", *item, set),
            Op::Under { item, set } => self.among("under", *item, set),
            Op::InCodes { item, codes, under } => {
                format!("{}({}, {{{codes}}})", if *under { "under" } else { "in" }, self.expr(*item))
            }
            Op::InAnnex { item, annex: of } => annex("in", *item, *of),
            Op::UnderAnnex { item, annex: of } => annex("under", *item, *of),
            Op::Sum { .. } | Op::Negative(_) => self.sum(id),
            Op::Product { .. } => self.product(id),
            Op::Clamp { value, side, bound } => {
                let side = if *side == ClampSide::AtLeast { "at least" } else { "at most" };
                call(side, &[*value, *bound])
            }
            Op::Round { value, mode, step } => {
                format!("round({}, {}, {})", self.expr(*value), rounding(*mode), wire(step))
            }
            Op::Compound { rate, times, mode, step } => {
                let (rate, times) = (self.expr(*rate), self.expr(*times));
                format!("compound({rate}, {times}, {}, {})", rounding(*mode), wire(step))
            }
            Op::TopUp { value, to } => call("top up", &[*value, *to]),
            Op::Shift { day, sign, wait, kind } => {
                let sign = if *sign == AddOp::Plus { "+" } else { "-" };
                format!(
                    "shift({} {sign} {} {})",
                    self.expr(*day),
                    self.expr(*wait),
                    self.duration_kind(*kind)
                )
            }
            Op::DaysBetween { later, earlier } => call("days between", &[*earlier, *later]),
            Op::DurationSum { first, rest } => {
                let mut terms = vec![format!("+{}", self.expr(*first))];
                terms.extend(
                    rest.iter().map(|(op, term)| format!("{}{}", plus(*op == AddOp::Plus), self.expr(*term))),
                );
                terms.sort();
                format!("wait({})", terms.join(" "))
            }
            Op::DurationTimes { duration, by } => call("times", &[*duration, *by]),
            Op::DurationNegative(wait) => call("minus", &[*wait]),
            Op::DurationRatio { left, right } => call("ratio", &[*left, *right]),
            Op::Attribute { attribute, of } => call(&attribute.words(), &[*of]),
        }
    }

    fn choice(&self, branches: &[(ExprId, ExprId)], otherwise: ExprId) -> String {
        let branches: Vec<String> = branches
            .iter()
            .map(|(when, then)| format!("if {} then {}", self.expr(*when), self.expr(*then)))
            .collect();
        format!("({} otherwise {})", branches.join(" otherwise "), self.expr(otherwise))
    }

    /// A condition, or its contrary: `not` is driven down to what cannot be taken apart.
    fn truth(&self, id: ExprId, is: bool) -> String {
        let exprs = &self.policy.exprs;
        let leaf = |text: String| if is { text } else { format!("not({text})") };
        match exprs.node(id) {
            Expr::Const(Value::Bool(value)) => (*value == is).to_string(),
            Expr::Op(Op::Not(inner)) => self.truth(*inner, !is),
            Expr::And(_) | Expr::Or(_) => {
                let all = matches!(exprs.node(id), Expr::And(_)) == is;
                let mut parts = BTreeSet::new();
                self.gather(id, is, all, &mut parts);
                if parts.len() == 1 {
                    return parts.into_iter().collect();
                }
                let parts: Vec<String> = parts.into_iter().collect();
                format!("{}({})", if all { "all" } else { "any" }, parts.join(", "))
            }
            Expr::Op(Op::Compare { op, left, right }) => {
                let op = if is { *op } else { op.opposite() };
                self.compare(op, self.expr(*left), self.expr(*right))
            }
            _ => leaf(self.any(id)),
        }
    }

    /// The operands of a chain of `and` (or of `or`), those of its inner chains among them.
    fn gather(&self, id: ExprId, is: bool, all: bool, parts: &mut BTreeSet<String>) {
        match self.policy.exprs.node(id) {
            Expr::Op(Op::Not(inner)) => self.gather(*inner, !is, all, parts),
            Expr::And(list) if is == all => list.iter().for_each(|one| self.gather(*one, is, all, parts)),
            Expr::Or(list) if is != all => list.iter().for_each(|one| self.gather(*one, is, all, parts)),
            _ => drop(parts.insert(self.truth(id, is))),
        }
    }

    /// The conditions that must all be true.
    pub fn conjuncts(&self, list: &[ExprId]) -> String {
        let mut parts = BTreeSet::new();
        list.iter().for_each(|one| self.gather(*one, true, true, &mut parts));
        parts.into_iter().collect::<Vec<_>>().join(", ")
    }

    fn compare(&self, op: CompareOp, left: String, right: String) -> String {
        let (word, left, right) = match op {
            CompareOp::Less => ("<", left, right),
            CompareOp::AtMost => ("<=", left, right),
            CompareOp::Greater => ("<", right, left),
            CompareOp::AtLeast => ("<=", right, left),
            CompareOp::Equal if right < left => ("=", right, left),
            CompareOp::Equal => ("=", left, right),
            CompareOp::NotEqual if right < left => ("!=", right, left),
            CompareOp::NotEqual => ("!=", left, right),
        };
        format!("({left} {word} {right})")
    }

    fn among(&self, word: &str, item: ExprId, set: &[ExprId]) -> String {
        let set: BTreeSet<String> = set.iter().map(|one| self.expr(*one)).collect();
        let set: Vec<String> = set.into_iter().collect();
        format!("{word}({}, {{{}}})", self.expr(item), set.join(", "))
    }

    /// Exact fractions may be added in any order.
    fn sum(&self, id: ExprId) -> String {
        let mut terms = Vec::new();
        self.terms(id, true, &mut terms);
        terms.sort();
        format!("sum({})", terms.join(" "))
    }

    fn terms(&self, id: ExprId, positive: bool, terms: &mut Vec<String>) {
        match self.policy.exprs.node(id) {
            Expr::Op(Op::Sum { first, rest }) => {
                self.terms(*first, positive, terms);
                rest.iter().for_each(|(op, term)| self.terms(*term, (*op == AddOp::Plus) == positive, terms));
            }
            Expr::Op(Op::Negative(inner)) => self.terms(*inner, !positive, terms),
            // `x - 1` and `-1 + x`: the sign of a number is part of it.
            Expr::Const(Value::Number(number)) if !positive => {
                let less = Value::Number(number.neg());
                terms.push(format!("+{}", self.value(self.policy.exprs.ty(id), &less)));
            }
            _ => terms.push(format!("{}{}", plus(positive), self.expr(id))),
        }
    }

    fn product(&self, id: ExprId) -> String {
        let mut factors = Vec::new();
        self.factors(id, true, &mut factors);
        factors.sort();
        format!("product({})", factors.join(" "))
    }

    /// What stands below the line stays together: `a / (b / c)` may divide by zero where `a * c / b` does not.
    fn factors(&self, id: ExprId, above: bool, factors: &mut Vec<String>) {
        match self.policy.exprs.node(id) {
            Expr::Op(Op::Product { first, rest }) if above => {
                self.factors(*first, true, factors);
                rest.iter().for_each(|(op, factor)| self.factors(*factor, *op == MulOp::Times, factors));
            }
            _ => factors.push(format!("{}{}", if above { "*" } else { "/" }, self.expr(id))),
        }
    }
}

fn plus(positive: bool) -> &'static str {
    if positive { "+" } else { "-" }
}

fn day_word(day: Day) -> String {
    if day.is_never() { "never".to_string() } else { day.to_string() }
}

pub(super) fn rounding(mode: Rounding) -> String {
    format!("{mode:?}")
}

fn aggregate(kind: AggregateKind) -> &'static str {
    match kind {
        AggregateKind::Count => "count",
        AggregateKind::Sum => "sum",
        AggregateKind::Min => "min",
        AggregateKind::Max => "max",
        AggregateKind::Average => "average",
        AggregateKind::First => "first",
        AggregateKind::Any => "any",
        AggregateKind::All => "all",
    }
}

fn duty(state: DutyState) -> &'static str {
    match state {
        DutyState::Breached => "breached",
        DutyState::Pending => "pending",
        DutyState::Cured => "cured",
        DutyState::Fulfilled => "fulfilled",
        DutyState::NotOwed => "not owed",
        DutyState::NotYetDue => "not yet due",
    }
}

fn power(test: PowerTest) -> &'static str {
    match test {
        PowerTest::Available => "available",
        PowerTest::Done => "done",
        PowerTest::Invalid => "invalid",
        PowerTest::Threatened => "threatened",
    }
}
