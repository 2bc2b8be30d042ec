//! Declarations of names: facts, entities, outcomes and what they are measured in.

use super::{Builder, Made, Parts, errors};
use crate::syntax::grammar::Rule;
use crate::tree::{self, Decl};
use crate::value::OwnYear;
use pest::iterators::Pair;

impl<'t> Builder<'t> {
    /// One declaration, by its rule.
    pub(super) fn decl(&mut self, pair: Pair<'t, Rule>) -> Made<Decl> {
        let rule = pair.as_rule();
        let mut inner = self.parts(pair);
        let parts = &mut inner;
        match rule {
            Rule::rule_ => self.rule(parts).map(Decl::Rule),
            Rule::anonymous => self.anonymous(parts).map(Decl::Rule),
            Rule::fact => self.fact(parts).map(Decl::Fact),
            Rule::define => self.define(parts).map(Decl::Define),
            Rule::outcome => self.outcome(parts).map(Decl::Outcome),
            Rule::entity => self.entity(parts).map(Decl::Entity),
            Rule::obligation => self.obligation(parts).map(Decl::Obligation),
            Rule::power => self.power(parts).map(Decl::Power),
            Rule::scenario => self.scenario(parts).map(Decl::Scenario),
            Rule::guarantee => self.guarantee(parts).map(Decl::Guarantee),
            Rule::annex => self.annex(parts).map(Decl::Annex),
            Rule::source => self.source(parts).map(Decl::Source),
            Rule::office => self.office(parts).map(Decl::Office),
            Rule::enum_ => self.enumeration(parts).map(Decl::Enum),
            Rule::unit_ => self.unit(parts).map(Decl::Unit),
            Rule::function => self.function(parts).map(Decl::Function),
            Rule::running => self.running(parts).map(Decl::Running),
            Rule::calendar => self.calendar(parts).map(Decl::Calendar),
            Rule::period => self.period(parts).map(Decl::Period),
            Rule::agreement => self.agreement(parts).map(Decl::Agreement),
            Rule::article => self.article(parts).map(Decl::Article),
            Rule::use_ => {
                parts.need(Rule::USE)?;
                self.quoted(parts).map(Decl::Use)
            }
            Rule::amends => self.amends(parts).map(Decl::Amends),
            Rule::repeal => self.repeal(parts).map(Decl::Repeal),
            Rule::replace => self.replace(parts),
            Rule::insert => self.insert(parts).map(Decl::Insert),
            Rule::substitute => self.substitute(parts).map(Decl::Substitute),
            Rule::set_ => self.set(parts),
            _ => Err(errors::unread(inner.end)),
        }
    }

    fn agreement(&self, parts: &mut Parts<'t>) -> Made<tree::Agreement> {
        parts.need(Rule::AGREEMENT)?;
        let (name, title) = (self.name(parts)?, self.maybe_quoted(parts));
        let parties = if parts.skip(Rule::BETWEEN) { self.names(parts)? } else { Vec::new() };
        Ok(tree::Agreement { name, title, parties })
    }

    fn source(&self, parts: &mut Parts<'t>) -> Made<tree::Instrument> {
        parts.need(Rule::SOURCE)?;
        let (name, title) = (self.name(parts)?, self.quoted(parts)?);
        let (mut binding, mut text) = (None, None);
        while let Some(part) = parts.next() {
            let (span, what) = (self.whole(&part), part.as_rule());
            let twice = match what {
                Rule::text_file => {
                    let mut inner = self.parts(part);
                    inner.need(Rule::TEXT)?;
                    text.replace(self.quoted(&mut inner)?).is_some()
                }
                word => binding.replace(word == Rule::BINDING).is_some(),
            };
            if twice {
                let words = if what == Rule::text_file { "`text`" } else { "`binding` or `non-binding`" };
                return Err(errors::twice(span, words));
            }
        }
        Ok(tree::Instrument { name, title, binding, text })
    }

    fn calendar(&self, parts: &mut Parts<'t>) -> Made<tree::Calendar> {
        parts.need(Rule::CALENDAR)?;
        let name = self.name(parts)?;
        let joined = if parts.skip(Rule::eq) { self.names(parts)? } else { Vec::new() };
        Ok(tree::Calendar { name, parts: joined })
    }

    /// `period fiscal = year from 10-01 named by its end`
    fn period(&self, parts: &mut Parts<'t>) -> Made<tree::PeriodDecl> {
        parts.need(Rule::PERIOD_OF)?;
        let name = self.name(parts)?;
        parts.need(Rule::eq)?;
        let of = parts.need(Rule::PERIOD)?;
        parts.need(Rule::FROM)?;
        let begins = parts.need(Rule::number)?;
        let by_end = parts.skip(Rule::NAMED_BY_ITS_END);
        let day = begins.as_str().split_once('-').and_then(|(month, day)| {
            let two = |digits: &str| (digits.len() == 2).then(|| digits.parse().ok()).flatten();
            Some((two(month)?, two(day)?))
        });
        let year = day.filter(|_| of.as_str() == "year").and_then(|(m, d)| OwnYear::new(m, d, by_end));
        match year {
            Some(year) => Ok(tree::PeriodDecl { name, year }),
            None if of.as_str() != "year" => Err(errors::period_of_years(self.span(&of))),
            None => Err(errors::year_begins(self.span(&begins), begins.as_str())),
        }
    }

    fn office(&self, parts: &mut Parts<'t>) -> Made<tree::Office> {
        parts.need(Rule::OFFICE)?;
        let name = self.name(parts)?;
        let (mut party, mut title) = (None, None);
        while let Some(part) = parts.next() {
            let (span, of) = (self.whole(&part), part.as_rule() == Rule::of_party);
            let twice = if of {
                let mut inner = self.parts(part);
                inner.need(Rule::OF)?;
                party.replace(self.name(&mut inner)?).is_some()
            } else {
                title.replace(self.quoted_of(&part)).is_some()
            };
            if twice {
                return Err(errors::twice(span, if of { "`of`" } else { "the title" }));
            }
        }
        Ok(tree::Office { name, party, title })
    }

    fn unit(&self, parts: &mut Parts<'t>) -> Made<tree::Unit> {
        parts.need(Rule::UNIT)?;
        let name = self.name(parts)?;
        if super::literal::may_follow_a_value(&name.text) {
            return Err(errors::unit_name(name.span, &name.text));
        }
        let whole = parts.skip(Rule::WHOLE);
        let value = if parts.skip(Rule::eq) { Some(self.quantity(parts.any()?)?) } else { None };
        Ok(tree::Unit { name, whole, value })
    }

    fn enumeration(&self, parts: &mut Parts<'t>) -> Made<tree::Enum> {
        parts.need(Rule::ENUM)?;
        let name = self.name(parts)?;
        parts.need(Rule::eq)?;
        Ok(tree::Enum { name, choices: self.choices(parts)? })
    }

    fn choices(&self, parts: &mut Parts<'t>) -> Made<Vec<tree::Choice>> {
        let mut choices = Vec::new();
        while let Some(choice) = parts.take(Rule::choice) {
            let mut inner = self.parts(choice);
            let name = self.name(&mut inner)?;
            inner.skip(Rule::lparen);
            choices.push(tree::Choice { name, inner: self.choices(&mut inner)? });
            parts.skip(Rule::comma);
        }
        Ok(choices)
    }

    fn fact(&self, parts: &mut Parts<'t>) -> Made<tree::Fact> {
        parts.need(Rule::FACT)?;
        self.typed(parts)
    }

    /// `NAME : TYPE [over time [cumulative]] [= DEFAULT] [where COND]`
    fn typed(&self, parts: &mut Parts<'t>) -> Made<tree::Fact> {
        let name = self.name(parts)?;
        parts.need(Rule::colon)?;
        let ty = self.type_expr(parts.need(Rule::type_)?)?;
        let over = parts.take(Rule::OVER_TIME).map(|words| self.span(&words));
        let rising = parts.take(Rule::CUMULATIVE).map(|word| self.span(&word));
        let stem = name.span.to(rising.or(over).unwrap_or(ty.span));
        let (mut default, mut condition) = (None, None);
        if parts.skip(Rule::eq) {
            // The grammar reads `where` as part of the default; what no aggregate claims is the condition.
            let (value, rest) = self.expr_before_where(parts.any()?)?;
            (default, condition) = (Some(value), rest);
        }
        if let Some(pair) = parts.take(Rule::where_) {
            let mut inner = self.parts(pair);
            inner.need(Rule::WHERE)?;
            let second = self.expr(inner.any()?)?;
            if condition.is_some() {
                return Err(errors::twice(second.span, "`where`"));
            }
            condition = Some(second);
        }
        Ok(tree::Fact {
            name,
            ty,
            over_time: over.is_some(),
            cumulative: rising.is_some(),
            stem,
            default,
            condition,
        })
    }

    /// `USD`, `USD/kg`
    pub(in crate::syntax) fn type_expr(&self, pair: Pair<'t, Rule>) -> Made<tree::TypeExpr> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        Ok(tree::TypeExpr { parts: self.unit_product(&mut parts)?, span })
    }

    /// `a/b*c`: each name with its exponent.
    pub(super) fn unit_product(&self, parts: &mut Parts<'t>) -> Made<Vec<(tree::Name, i8)>> {
        let mut product = vec![(self.name(parts)?, 1)];
        while let Some(mark) = parts.next() {
            let exponent = if mark.as_rule() == Rule::divide { -1 } else { 1 };
            product.push((self.name(parts)?, exponent));
        }
        Ok(product)
    }

    fn entity(&self, parts: &mut Parts<'t>) -> Made<tree::Entity> {
        parts.need(Rule::ENTITY)?;
        let name = self.name(parts)?;
        let (mut key, mut dated, mut known) = (None, None, None);
        while let Some(part) = parts.next_if(|rule| rule != Rule::lbrace) {
            let span = self.whole(&part);
            let slot = match part.as_rule() {
                Rule::keyed_by => &mut key,
                Rule::dated_by => &mut dated,
                _ => &mut known,
            };
            let mut inner = self.parts(part);
            let words = inner.any()?;
            if slot.replace(self.name(&mut inner)?).is_some() {
                return Err(errors::twice(span, &format!("`{}`", words.as_str())));
            }
        }
        parts.need(Rule::lbrace)?;
        let mut fields = Vec::new();
        while let Some(field) = parts.take(Rule::field) {
            let span = self.whole(&field);
            let mut inner = self.parts(field);
            let doc = self.doc(&mut inner)?;
            fields.push(tree::Field { doc, fact: self.typed(&mut inner)?, span });
        }
        Ok(tree::Entity { name, key, dated, known, fields })
    }

    fn annex(&self, parts: &mut Parts<'t>) -> Made<tree::Annex> {
        parts.need(Rule::ANNEX)?;
        let name = self.name(parts)?;
        let in_part = parts.skip(Rule::IN_PART);
        parts.need(Rule::FROM)?;
        let file = self.quoted(parts)?;
        parts.need(Rule::lparen)?;
        let (mut keys, mut columns, mut in_force) = (Vec::new(), Vec::new(), None);
        while let Some(part) = parts.next() {
            match part.as_rule() {
                Rule::key => keys.push(self.column(part)?),
                Rule::in_force => in_force = Some(self.in_force(part)?),
                Rule::column => columns.push(self.column(part)?),
                _ => {}
            }
        }
        Ok(tree::Annex { name, in_part, file, keys, in_force, columns })
    }

    fn in_force(&self, pair: Pair<'t, Rule>) -> Made<tree::InForce> {
        let mut parts = self.parts(pair);
        parts.need(Rule::IN_FORCE)?;
        let from = self.day_columns(parts.need(Rule::day_columns)?)?;
        let until = match parts.skip(Rule::UNTIL) {
            true => Some(self.day_columns(parts.need(Rule::day_columns)?)?),
            false => None,
        };
        Ok(tree::InForce { from, until })
    }

    fn day_columns(&self, pair: Pair<'t, Rule>) -> Made<tree::DayColumns> {
        let mut parts = self.parts(pair);
        let day = self.day_column(parts.need(Rule::day_column)?)?;
        let known = match parts.skip(Rule::KNOWN) {
            true => Some(self.day_column(parts.need(Rule::day_column)?)?),
            false => None,
        };
        Ok(tree::DayColumns { day, known })
    }

    fn day_column(&self, pair: Pair<'t, Rule>) -> Made<tree::Quoted> {
        let mut parts = self.parts(pair);
        match parts.take(Rule::ident) {
            Some(name) => Ok(tree::Quoted { text: name.as_str().to_string(), span: self.whole(&name) }),
            None => self.quoted(&mut parts),
        }
    }

    fn column(&self, pair: Pair<'t, Rule>) -> Made<tree::Column> {
        let mut parts = self.parts(pair);
        let first = self.type_expr(parts.need(Rule::type_)?)?;
        let (name, ty) = if parts.skip(Rule::colon) {
            let [(name, _)] = first.parts.as_slice() else { return Err(errors::column_name(first.span)) };
            (Some(name.clone()), self.type_expr(parts.need(Rule::type_)?)?)
        } else {
            (None, first)
        };
        let heading = match parts.take(Rule::heading) {
            Some(pair) => {
                let mut parts = self.parts(pair);
                parts.need(Rule::FROM)?;
                Some(self.quoted(&mut parts)?)
            }
            None => None,
        };
        let default = if parts.skip(Rule::eq) { Some(self.expr(parts.any()?)?) } else { None };
        Ok(tree::Column { name, ty, heading, default })
    }

    pub(super) fn define(&self, parts: &mut Parts<'t>) -> Made<tree::Define> {
        parts.need(Rule::DEFINE)?;
        let name = self.name(parts)?;
        let ty = if parts.skip(Rule::colon) { Some(self.type_expr(parts.need(Rule::type_)?)?) } else { None };
        let for_each = parts.take(Rule::for_each).map(|pair| self.for_each(pair)).transpose()?;
        parts.need(Rule::eq)?;
        Ok(tree::Define { name, ty, for_each, value: self.expr(parts.any()?)? })
    }

    fn function(&self, parts: &mut Parts<'t>) -> Made<tree::Function> {
        parts.need(Rule::FUNCTION)?;
        let name = self.name(parts)?;
        let params = self.params(parts.need(Rule::params)?)?;
        parts.need(Rule::colon)?;
        let ty = self.type_expr(parts.need(Rule::type_)?)?;
        parts.need(Rule::eq)?;
        Ok(tree::Function { name, params, ty, value: self.expr(parts.any()?)? })
    }

    pub(super) fn params(&self, pair: Pair<'t, Rule>) -> Made<Vec<tree::Param>> {
        let (mut params, mut parts) = (Vec::new(), self.parts(pair));
        while let Some(part) = parts.next() {
            if part.as_rule() == Rule::param {
                let mut inner = self.parts(part);
                let name = self.name(&mut inner)?;
                inner.need(Rule::colon)?;
                params.push(tree::Param { name, ty: self.type_expr(inner.need(Rule::type_)?)? });
            }
        }
        Ok(params)
    }

    fn outcome(&self, parts: &mut Parts<'t>) -> Made<tree::Outcome> {
        parts.need(Rule::OUTCOME)?;
        let name = self.name(parts)?;
        parts.need(Rule::colon)?;
        let ty = self.type_expr(parts.need(Rule::type_)?)?;
        let (mut rounded, mut for_each) = (None, None);
        while let Some(part) = parts.next_if(|rule| rule != Rule::OTHERWISE) {
            let span = self.whole(&part);
            if part.as_rule() == Rule::rounded {
                if rounded.replace(self.rounded(part)?).is_some() {
                    return Err(errors::twice(span, "`rounded`"));
                }
            } else if for_each.replace(self.for_each(part)?).is_some() {
                return Err(errors::twice(span, "`for each`"));
            }
        }
        let otherwise = if parts.skip(Rule::OTHERWISE) { Some(self.expr(parts.any()?)?) } else { None };
        Ok(tree::Outcome { name, ty, rounded, for_each, otherwise })
    }
}
