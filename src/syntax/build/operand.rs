//! Operands: literals, paths, brackets, aggregates and the words that take one operand.

use super::climb::{Built, Precedence};
use super::{Builder, Made, Parts, errors};
use crate::syntax::grammar::Rule;
use crate::text::Span;
use crate::tree::{
    Aggregate, AggregateKind, Edge, Expr, ExprKind, ForEach, Name, Path, Rounded, State, Step,
};
use crate::value::{Attribute, Period, Rounding, YearPart};
use pest::iterators::Pair;

impl<'t> Builder<'t> {
    pub(super) fn operand(&self, parts: &mut Parts<'t>, depth: usize) -> Made<Built> {
        let pair = parts.any()?;
        let place = self.span(&pair);
        let leaf = |kind: ExprKind| Ok(Built { expr: Expr { kind, span: place }, outer: place, height: 1 });
        match pair.as_rule() {
            Rule::quantity | Rule::money_first => {
                let span = self.whole(&pair);
                Ok(Built { expr: Expr { kind: self.literal(pair)?, span }, outer: span, height: 1 })
            }
            Rule::string => leaf(ExprKind::Text(self.quoted_of(&pair).text)),
            Rule::bool => leaf(ExprKind::Bool(pair.as_str() == "true")),
            Rule::path => {
                let path = self.path(pair, depth)?;
                self.own_year(path, parts, depth)
            }
            Rule::bracketed => {
                let outer = self.whole(&pair);
                let mut inner = self.parts(pair);
                inner.need(Rule::lparen)?;
                Ok(Built { outer, ..self.nested(inner.any()?, depth + 1)? })
            }
            Rule::braces => Err(errors::braces(self.whole(&pair))),
            Rule::edge_of_period => leaf(ExprKind::EdgeOfPeriod(edge(pair.as_str()))),
            Rule::aggregate_of => self.aggregate(parts, pair, depth),
            Rule::compound => self.compound(pair, depth),
            Rule::top_up => self.top_up(parts, pair, depth),
            Rule::last_start_of | Rule::attribute_of => {
                if let Some(rule @ (Rule::minus | Rule::NOT)) = parts.peek() {
                    return Err(errors::one_operand(place, pair.as_str(), rule == Rule::minus));
                }
                let inner = self.climb(parts, Precedence::Operand, depth + 1)?;
                let (outer, height) = (place.to(inner.outer), inner.height);
                let of = Box::new(inner.expr);
                let kind = match (attribute(pair.as_str()), pair.as_rule()) {
                    (Some(attribute), _) => ExprKind::Attribute { attribute, of },
                    (None, Rule::attribute_of) => self.edge_of_own_year(&pair, of),
                    (None, _) => ExprKind::LastStart(of),
                };
                self.tall(kind, outer, height)
            }
            rule => Err(errors::no_place_for(rule, self.whole(&pair), pair.as_str())),
        }
    }

    /// `fiscal of D`, where a name stands alone before `of`; right after `within` it is a span.
    fn own_year(&self, path: Built, parts: &mut Parts<'t>, depth: usize) -> Made<Built> {
        if parts.in_span || parts.peek() != Some(Rule::OF) {
            return Ok(path);
        }
        let year = match &path.expr.kind {
            ExprKind::Path(Path { head, steps }) if steps.is_empty() => head.clone(),
            _ => return Ok(path),
        };
        parts.skip(Rule::OF);
        if let Some(rule @ (Rule::minus | Rule::NOT)) = parts.peek() {
            return Err(errors::one_operand(path.outer, &year.text, rule == Rule::minus));
        }
        let inner = self.climb(parts, Precedence::Operand, depth + 1)?;
        let (outer, height) = (path.outer.to(inner.outer), inner.height);
        let of = Box::new(inner.expr);
        self.tall(ExprKind::OwnYear { year, part: YearPart::Number, of }, outer, height)
    }

    /// `first day of fiscal of`
    fn edge_of_own_year(&self, words: &Pair<'t, Rule>, of: Box<Expr>) -> ExprKind {
        let place = self.span(words);
        let text = words.as_str();
        let name = text.split_whitespace().rev().nth(1).unwrap_or_default();
        let from = text.rfind(name).unwrap_or(0);
        let start = place.start.saturating_add(u32::try_from(from).unwrap_or(0));
        let end = start.saturating_add(u32::try_from(name.len()).unwrap_or(0));
        let year = Name { text: name.to_string(), span: Span { start, end, ..place } };
        let part = if text.starts_with("first") { YearPart::FirstDay } else { YearPart::LastDay };
        ExprKind::OwnYear { year, part, of }
    }

    fn top_up(&self, parts: &mut Parts<'t>, words: Pair<'t, Rule>, depth: usize) -> Made<Built> {
        let place = self.span(&words);
        let value = self.climb(parts, Precedence::Clamp, depth + 1)?;
        if !parts.skip(Rule::TO) {
            return Err(errors::top_up_without_to(place.to(value.outer), self.text(value.outer)));
        }
        let to = self.climb(parts, Precedence::Minus, depth + 1)?;
        let (outer, height) = (place.to(to.outer), value.height.max(to.height));
        self.tall(ExprKind::TopUp { value: Box::new(value.expr), to: Box::new(to.expr) }, outer, height)
    }

    fn compound(&self, pair: Pair<'t, Rule>, depth: usize) -> Made<Built> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        parts.need(Rule::compound_of)?;
        let rate = self.nested(parts.any()?, depth + 1)?;
        parts.need(Rule::OVER)?;
        let times = self.nested(parts.any()?, depth + 1)?;
        let rounded = self.rounded(parts.any()?)?;
        let height = rate.height.max(times.height);
        let kind = ExprKind::Compound { rate: Box::new(rate.expr), times: Box::new(times.expr), rounded };
        self.tall(kind, span, height)
    }

    /// `count of E`, `sum of X for each E`, each with its `where`, which runs as far right as it can.
    fn aggregate(&self, parts: &mut Parts<'t>, words: Pair<'t, Rule>, depth: usize) -> Made<Built> {
        let place = self.span(&words);
        let kind = aggregate_kind(words.as_str());
        let (value, for_each, mut outer, mut height);
        if kind == AggregateKind::Count {
            let what = parts.any()?;
            let span = self.whole(&what);
            if what.as_rule() == Rule::path && parts.skip(Rule::SINCE) {
                return self.count_of_acts(parts, (place, what), depth);
            }
            let mut inner = self.parts(what);
            let row = match inner.take(Rule::ident) {
                Some(row) if inner.peek().is_none() => self.name_of(&row),
                _ => return Err(errors::count_of(span)),
            };
            if let Some(Rule::for_each) = parts.peek() {
                return Err(errors::count_for_each(span, &row.text));
            }
            (value, height, outer) = (None, 0, place.to(row.span));
            for_each = ForEach { span: row.span, row, entity: None };
        } else {
            let level = if let AggregateKind::Any | AggregateKind::All = kind {
                Precedence::Or
            } else {
                Precedence::Clamp
            };
            let summand = self.climb(parts, level, depth + 1)?;
            if kind == AggregateKind::Average && parts.skip(Rule::OVER_DAYS_FROM) {
                return self.day_average(parts, (place, summand), depth);
            }
            let Some(each) = parts.take(Rule::for_each) else {
                return Err(match parts.next() {
                    Some(next) if parts_of_comparison(next.as_rule()) => {
                        errors::summand(self.span(&next), next.as_str(), words.as_str())
                    }
                    _ => errors::no_for_each(place.to(summand.outer), words.as_str()),
                });
            };
            for_each = self.for_each(each)?;
            (height, outer) = (summand.height, place.to(for_each.span));
            value = Some(Box::new(summand.expr));
        }
        let mut condition = None;
        if parts.skip(Rule::WHERE) {
            let built = self.climb(parts, Precedence::Or, depth + 1)?;
            (height, outer) = (height.max(built.height), outer.to(built.outer));
            condition = Some(Box::new(built.expr));
        }
        self.tall(ExprKind::Aggregate(Aggregate { kind, value, for_each, condition }), outer, height)
    }

    /// `count of P since D`
    fn count_of_acts(
        &self,
        parts: &mut Parts<'t>,
        (place, power): (Span, Pair<'t, Rule>),
        depth: usize,
    ) -> Made<Built> {
        let power = self.path(power, depth + 1)?;
        let since = self.climb(parts, Precedence::Sum, depth + 1)?;
        let (outer, height) = (place.to(since.outer), power.height.max(since.height));
        let kind = ExprKind::ActCount { power: Box::new(power.expr), since: Box::new(since.expr) };
        self.tall(kind, outer, height)
    }

    /// `average of F over days from D1 through D2`
    fn day_average(&self, parts: &mut Parts<'t>, (place, value): (Span, Built), depth: usize) -> Made<Built> {
        let first = self.climb(parts, Precedence::Sum, depth + 1)?;
        if !parts.skip(Rule::THROUGH) {
            return Err(errors::days_without_through(place.to(first.outer)));
        }
        let last = self.climb(parts, Precedence::Sum, depth + 1)?;
        let outer = place.to(last.outer);
        let height = value.height.max(first.height).max(last.height);
        let (value, first, last) = (Box::new(value.expr), Box::new(first.expr), Box::new(last.expr));
        self.tall(ExprKind::DayAverage { value, first, last }, outer, height)
    }

    /// `f(x).y`, also one name.
    fn path(&self, pair: Pair<'t, Rule>, depth: usize) -> Made<Built> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        let head = self.name(&mut parts)?;
        let (mut steps, mut height) = (Vec::new(), 0);
        while let Some(part) = parts.next() {
            if part.as_rule() == Rule::dot {
                steps.push(Step::Field(self.name(&mut parts)?));
                continue;
            }
            let place = self.whole(&part);
            let (mut args, mut inner) = (Vec::new(), self.parts(part));
            while let Some(arg) = inner.next() {
                if let Rule::flat | Rule::if_expr = arg.as_rule() {
                    let arg = self.nested(arg, depth + 1)?;
                    height = height.max(arg.height);
                    args.push(arg.expr);
                }
            }
            steps.push(Step::Args(args, place));
        }
        self.tall(ExprKind::Path(Path { head, steps }), span, height)
    }

    /// `if C then X otherwise if C2 then Y otherwise Z`
    pub(super) fn if_value(&self, pair: Pair<'t, Rule>, depth: usize) -> Made<Built> {
        let whole = self.whole(&pair);
        let mut parts = self.parts(pair);
        parts.need(Rule::IF)?;
        let (mut branches, mut height) = (Vec::new(), 0);
        let mut take = |parts: &mut Parts<'t>| -> Made<Expr> {
            let built = self.nested(parts.any()?, depth + 1)?;
            height = height.max(built.height);
            Ok(built.expr)
        };
        let condition = take(&mut parts)?;
        parts.need(Rule::THEN)?;
        branches.push((condition, take(&mut parts)?));
        let mut last = None;
        while let Some(branch) = parts.take(Rule::if_else) {
            let place = self.whole(&branch);
            if last.is_some() {
                return Err(errors::after_otherwise(place));
            }
            let mut inner = self.parts(branch);
            inner.need(Rule::OTHERWISE)?;
            if inner.skip(Rule::IF) {
                let condition = take(&mut inner)?;
                inner.need(Rule::THEN)?;
                branches.push((condition, take(&mut inner)?));
            } else {
                last = Some(take(&mut inner)?);
            }
        }
        let Some(otherwise) = last else { return Err(errors::no_otherwise(whole)) };
        self.tall(ExprKind::If { branches, otherwise: Box::new(otherwise) }, whole, height)
    }

    /// `for each E`, `for each other in E`
    pub(super) fn for_each(&self, pair: Pair<'t, Rule>) -> Made<ForEach> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        parts.need(Rule::FOR_EACH)?;
        let row = self.name(&mut parts)?;
        let entity = if parts.skip(Rule::IN) { Some(self.name(&mut parts)?) } else { None };
        Ok(ForEach { row, entity, span })
    }

    /// `rounded half up to 0.01 USD`
    pub(super) fn rounded(&self, pair: Pair<'t, Rule>) -> Made<Rounded> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        parts.need(Rule::ROUNDED)?;
        let mode = parts.take(Rule::mode).map_or(Rounding::HalfUp, |mode| rounding(mode.as_str()));
        parts.need(Rule::TO)?;
        let step = parts.any()?;
        let step_span = self.whole(&step);
        Ok(Rounded { mode, step: self.quantity(step)?, step_span, span })
    }
}

fn parts_of_comparison(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::compare | Rule::IN | Rule::UNDER | Rule::is_ | Rule::AND | Rule::OR | Rule::BY | Rule::WITHIN
    )
}

fn rounding(words: &str) -> Rounding {
    let mut words = words.split_whitespace();
    match (words.next(), words.next()) {
        (Some("up"), _) => Rounding::Up,
        (Some("down"), _) => Rounding::Down,
        (_, Some("even")) => Rounding::HalfEven,
        (_, Some("down")) => Rounding::HalfDown,
        _ => Rounding::HalfUp,
    }
}

fn edge(words: &str) -> Edge {
    if words.starts_with("first") { Edge::First } else { Edge::Last }
}

/// `first day of month of`, `year of`.
fn attribute(words: &str) -> Option<Attribute> {
    let words: Vec<&str> = words.split_whitespace().collect();
    Attribute::named(&words.split_last()?.1.join(" "))
}

/// The period that words begin with.
pub(super) fn period(words: &str) -> Period {
    match words.split_whitespace().next() {
        Some("month") => Period::Month,
        Some("quarter") => Period::Quarter,
        _ => Period::Year,
    }
}

fn aggregate_kind(words: &str) -> AggregateKind {
    match words.split_whitespace().next() {
        Some("count") => AggregateKind::Count,
        Some("min") => AggregateKind::Min,
        Some("max") => AggregateKind::Max,
        Some("average") => AggregateKind::Average,
        Some("first") => AggregateKind::First,
        Some("any") => AggregateKind::Any,
        Some("all") => AggregateKind::All,
        _ => AggregateKind::Sum,
    }
}

/// The words that stand after `is`.
pub(super) fn state(word: &str) -> State {
    match word {
        "pending" => State::Pending,
        "fulfilled" => State::Fulfilled,
        "breached" => State::Breached,
        "cured" => State::Cured,
        "available" => State::Available,
        "done" => State::Done,
        "invalid" => State::Invalid,
        "threatened" => State::Threatened,
        "undetermined" => State::Undetermined,
        "gap" => State::Gap,
        "conflict" => State::Conflict,
        _ => State::Error,
    }
}
