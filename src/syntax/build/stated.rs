//! What is stated: scenarios with their `given`s and `expect`s, and the values of facts files.

use super::{Builder, Made, Parts, errors};
use crate::syntax::grammar::Rule;
use crate::syntax::habits;
use crate::text::Span;
use crate::tree::{self, Act, Cell, Dated, Expect, ExprKind, Given, GivenKind, Series, Stated, StatedValue};
use pest::iterators::Pair;

impl<'t> Builder<'t> {
    pub(super) fn scenario(&self, parts: &mut Parts<'t>) -> Made<tree::Scenario> {
        parts.need(Rule::SCENARIO)?;
        let title = self.quoted(parts)?;
        parts.need(Rule::lbrace)?;
        let (mut givens, mut expects) = (Vec::new(), Vec::new());
        while let Some(line) = parts.next_if(|rule| rule != Rule::rbrace) {
            if line.as_rule() == Rule::given {
                givens.push(self.given(line)?);
            } else {
                expects.push(self.expect(line)?);
            }
        }
        Ok(tree::Scenario { title, givens, expects })
    }

    fn given(&self, pair: Pair<'t, Rule>) -> Made<Given> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        parts.need(Rule::GIVEN)?;
        let what = parts.any()?;
        let rule = what.as_rule();
        let mut inner = self.parts(what);
        let kind = match rule {
            Rule::stated_through => {
                inner.need(Rule::STATED_THROUGH)?;
                GivenKind::StatedThrough(self.expr(inner.need(Rule::narrow)?)?)
            }
            Rule::act => GivenKind::Act(self.act(&mut inner)?),
            Rule::row => {
                let (entity, key) = (self.name(&mut inner)?, self.quoted(&mut inner)?);
                let mut cells = Vec::new();
                while let Some(part) = inner.next() {
                    if part.as_rule() == Rule::cell {
                        cells.push(self.cell(part)?);
                    }
                }
                GivenKind::Row { entity, key, cells }
            }
            Rule::given_line => self.line(&mut inner)?,
            _ => {
                let name = self.name(&mut inner)?;
                inner.skip(Rule::eq);
                GivenKind::Fact { name, series: self.series(inner.need(Rule::series)?)? }
            }
        };
        Ok(Given { kind, span })
    }

    /// `a(8481.80.30.00) { metal = steel }`, `a(8481.80.30.00) = 5%`
    fn line(&self, parts: &mut Parts<'t>) -> Made<GivenKind> {
        let annex = self.name(parts)?;
        parts.need(Rule::lparen)?;
        let (mut keys, mut cells) = (Vec::new(), Vec::new());
        while let Some(key) = parts.next_if(|rule| rule != Rule::rparen) {
            if key.as_rule() != Rule::comma {
                keys.push(self.expr(key)?);
            }
        }
        while let Some(part) = parts.next() {
            match part.as_rule() {
                Rule::cell => cells.push(self.cell(part)?),
                Rule::cell_series => {
                    let series = self.series(part)?;
                    let field = tree::Name { text: String::new(), span: annex.span };
                    cells.push(Cell { field, span: series.span, series });
                }
                _ => {}
            }
        }
        Ok(GivenKind::Line { annex, keys, cells })
    }

    fn cell(&self, pair: Pair<'t, Rule>) -> Made<Cell> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        let field = self.name(&mut parts)?;
        parts.need(Rule::eq)?;
        Ok(Cell { field, series: self.series(parts.need(Rule::cell_series)?)?, span })
    }

    /// `V from D, V from D`
    pub(in crate::syntax) fn series(&self, pair: Pair<'t, Rule>) -> Made<Series> {
        let span = self.whole(&pair);
        // What is no series may be one number: `550,000 USD`.
        let number = || habits::series_of_groups(self.text(span), span);
        self.statements(pair, span).map_err(|error| number().map_or(error, Box::new))
    }

    fn statements(&self, pair: Pair<'t, Rule>, span: Span) -> Made<Series> {
        let mut parts = self.parts(pair);
        let mut statements: Vec<Stated> = Vec::new();
        while let Some(part) = parts.next() {
            if part.as_rule() == Rule::stated {
                let stated = self.stated(part)?;
                if !statements.is_empty() && stated.from.is_none() {
                    return Err(errors::no_day(stated.span, self.text(stated.span)));
                }
                statements.push(stated);
            }
        }
        Ok(Series { statements, span })
    }

    fn stated(&self, pair: Pair<'t, Rule>) -> Made<Stated> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        let what = parts.any()?;
        let value = match what.as_rule() {
            Rule::bounded => {
                let mut inner = self.parts(what);
                let least = inner.need(Rule::AT_BOUND)?.as_str().ends_with("least");
                let bound = self.expr(inner.any()?)?;
                if least { StatedValue::AtLeast(bound) } else { StatedValue::AtMost(bound) }
            }
            Rule::between => {
                let mut inner = self.parts(what);
                inner.need(Rule::BETWEEN)?;
                let low = self.expr(inner.any()?)?;
                inner.need(Rule::AND)?;
                StatedValue::Between(low, self.expr(inner.any()?)?)
            }
            _ => {
                let value = self.expr(what)?;
                let unknown = matches!(&value.kind, ExprKind::Path(path)
                    if path.head.text == "unknown" && path.steps.is_empty());
                if unknown { StatedValue::Unknown } else { StatedValue::Exactly(value) }
            }
        };
        Ok(Stated { value, from: self.maybe_from(&mut parts)?, span })
    }

    fn act(&self, parts: &mut Parts<'t>) -> Made<Act> {
        let announced = parts.any()?.as_rule() == Rule::ANNOUNCEMENT;
        let power = self.name(parts)?;
        let mut row = None;
        if parts.skip(Rule::lparen) {
            row = Some(self.expr(parts.any()?)?);
            parts.need(Rule::rparen)?;
        }
        parts.need(Rule::BY)?;
        let mut by = vec![self.name(parts)?];
        while parts.skip(Rule::AND) {
            by.push(self.name(parts)?);
        }
        parts.need(Rule::ON)?;
        let day = self.expr(parts.any()?)?;
        let on = Dated { day, known: self.known_from(parts)? };
        parts.skip(Rule::WITH);
        let mut with = Vec::new();
        while let Some(part) = parts.next() {
            if part.as_rule() == Rule::setting {
                let mut inner = self.parts(part);
                let name = self.name(&mut inner)?;
                inner.need(Rule::eq)?;
                with.push((name, self.expr(inner.any()?)?));
            }
        }
        Ok(Act { announced, power, row, by, on, with })
    }

    fn expect(&self, pair: Pair<'t, Rule>) -> Made<Expect> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        parts.need(Rule::EXPECT)?;
        let what = self.expr(parts.any()?)?;
        let (mut on, mut known) = (None, None);
        if parts.skip(Rule::ON) {
            on = Some(self.expr(parts.any()?)?);
        }
        if parts.skip(Rule::KNOWN_ON) {
            known = Some(self.expr(parts.any()?)?);
        }
        Ok(Expect { what, on, known, span })
    }
}
