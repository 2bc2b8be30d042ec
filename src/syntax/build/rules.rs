//! Rules, duties, powers, articles, running totals and guarantees.

use super::head::Owner;
use super::{Builder, Made, Parts, errors};
use crate::syntax::grammar::Rule;
use crate::text::Span;
use crate::tree::{self, Assign, Body, Branch, Deadline, ExprKind, Lasting};
use pest::iterators::Pair;

impl<'t> Builder<'t> {
    pub(super) fn rule(&self, parts: &mut Parts<'t>) -> Made<tree::Rule> {
        parts.need(Rule::RULE)?;
        let name = self.name(parts)?;
        let title = self.maybe_quoted(parts);
        let head = self.head(parts, Owner::Rule, last(&title, name.span))?;
        parts.need(Rule::colon)?;
        Ok(tree::Rule { name: Some(name), title, head, body: self.body(parts)? })
    }

    pub(super) fn anonymous(&self, parts: &mut Parts<'t>) -> Made<tree::Rule> {
        Ok(tree::Rule { name: None, title: None, head: tree::Head::default(), body: self.body(parts)? })
    }

    fn body(&self, parts: &mut Parts<'t>) -> Made<Body> {
        let mut inner = self.parts(parts.need(Rule::body)?);
        let mut branches = vec![self.branch(inner.need(Rule::branch)?)?];
        let lasting = inner.take(Rule::lasting).map(|pair| self.lasting(pair)).transpose()?;
        while let Some(pair) = inner.take(Rule::else_) {
            let place = self.whole(&pair);
            if branches.last().is_some_and(|last| last.condition.is_none()) {
                let first = branches.len() == 1;
                return Err(if first {
                    errors::otherwise_without_if(place)
                } else {
                    errors::after_otherwise(place)
                });
            }
            let mut parts = self.parts(pair);
            parts.need(Rule::OTHERWISE)?;
            let branch = self.branch(parts.need(Rule::branch)?)?;
            if let Some(late) = parts.take(Rule::lasting) {
                return Err(errors::late_lasting(self.whole(&late)));
            }
            branches.push(Branch { span: place, ..branch });
        }
        Ok(Body { branches, lasting })
    }

    fn branch(&self, pair: Pair<'t, Rule>) -> Made<Branch> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        let condition = self.guard(&mut parts)?;
        Ok(Branch { condition, assigns: self.assigns(&mut parts)?, span })
    }

    /// `if C then`
    fn guard(&self, parts: &mut Parts<'t>) -> Made<Option<tree::Expr>> {
        if !parts.skip(Rule::IF) {
            return Ok(None);
        }
        let condition = self.expr(parts.any()?)?;
        parts.need(Rule::THEN)?;
        Ok(Some(condition))
    }

    fn assigns(&self, parts: &mut Parts<'t>) -> Made<Vec<Assign>> {
        let mut list = vec![self.assign(parts.need(Rule::assign)?)?];
        while parts.skip(Rule::AND) {
            list.push(self.assign(parts.need(Rule::assign)?)?);
        }
        Ok(list)
    }

    fn assign(&self, pair: Pair<'t, Rule>) -> Made<Assign> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        let target = self.name(&mut parts)?;
        parts.need(Rule::assigned)?;
        Ok(Assign { target, value: self.expr(parts.any()?)?, span })
    }

    fn lasting(&self, pair: Pair<'t, Rule>) -> Made<Lasting> {
        let mut parts = self.parts(pair);
        let until = parts.any()?.as_rule() == Rule::UNTIL;
        let expr = self.expr(parts.any()?)?;
        Ok(if until { Lasting::Until(expr) } else { Lasting::For(expr) })
    }

    pub(super) fn obligation(&self, parts: &mut Parts<'t>) -> Made<tree::Obligation> {
        let word = self.span(&parts.need(Rule::OBLIGATION)?);
        let (name, title) = (self.name(parts)?, self.maybe_quoted(parts));
        let head = self.head(parts, Owner::Obligation, last(&title, name.span))?;
        if head.held_by.is_none() {
            return Err(errors::no_holder(word.to(name.span), "obligation", &name.text));
        }
        if let (Some((_, each)), Some(for_each)) = (&head.each, &head.for_each) {
            return Err(errors::each_and_for_each(*each, for_each.span));
        }
        parts.need(Rule::colon)?;
        let condition = self.guard(parts)?;
        let duty = self.expr(parts.any()?)?;
        let span = duty.span;
        let (performance, deadline) = match duty.kind {
            ExprKind::By { condition, day } => (*condition, Deadline::By(*day)),
            ExprKind::Within { condition, wait, start } => {
                (*condition, Deadline::Within { wait: *wait, start: *start })
            }
            kind => {
                let inside = matches!(&kind, ExprKind::Or(list) | ExprKind::And(list)
                if list.last().is_some_and(|last| {
                    matches!(last.kind, ExprKind::By { .. } | ExprKind::Within { .. })
                }));
                return Err(errors::no_deadline(span, inside));
            }
        };
        Ok(tree::Obligation { name, title, head, condition, performance, deadline })
    }

    pub(super) fn power(&self, parts: &mut Parts<'t>) -> Made<tree::Power> {
        let word = self.span(&parts.need(Rule::POWER)?);
        let name = self.name(parts)?;
        let list = parts.take(Rule::params);
        let before = list.as_ref().map_or(name.span, |pair| self.whole(pair));
        let params = list.map_or(Ok(Vec::new()), |pair| self.params(pair))?;
        let title = self.maybe_quoted(parts);
        let head = self.head(parts, Owner::Power, last(&title, before))?;
        if head.held_by.is_none() {
            return Err(errors::no_holder(word.to(name.span), "power", &name.text));
        }
        let mut requires = Vec::new();
        while let Some(pair) = parts.take(Rule::requires) {
            let mut inner = self.parts(pair);
            inner.need(Rule::REQUIRES)?;
            requires.push(self.expr(inner.any()?)?);
        }
        let effect = if parts.skip(Rule::THEN) { self.assigns(parts)? } else { Vec::new() };
        let lasting = parts.take(Rule::lasting).map(|pair| self.lasting(pair)).transpose()?;
        Ok(tree::Power { name, params, title, head, requires, effect, lasting })
    }

    pub(super) fn article(&mut self, parts: &mut Parts<'t>) -> Made<tree::Article> {
        parts.need(Rule::ARTICLE)?;
        let (number, number_span) = self.number(parts)?;
        let title = self.maybe_quoted(parts);
        let head = self.head(parts, Owner::Article, last(&title, number_span))?;
        parts.need(Rule::lbrace)?;
        Ok(tree::Article { number, number_span, title, head, items: self.items(parts) })
    }

    pub(super) fn running(&self, parts: &mut Parts<'t>) -> Made<tree::Running> {
        parts.need(Rule::RUNNING)?;
        let name = self.name(parts)?;
        parts.need(Rule::OVER)?;
        let entity = self.name(parts)?;
        parts.need(Rule::BY)?;
        let keys = self.keys(parts)?;
        let per = if parts.skip(Rule::PER) { self.keys(parts)? } else { Vec::new() };
        parts.need(Rule::STARTING)?;
        let starting = self.expr(parts.any()?)?;
        parts.need(Rule::lbrace)?;
        let (mut defines, mut assigns) = (Vec::new(), Vec::new());
        while let Some(line) = parts.next_if(|rule| rule != Rule::rbrace) {
            if line.as_rule() == Rule::assign {
                assigns.push(self.assign(line)?);
                continue;
            }
            let mut inner = self.parts(line);
            let doc = self.doc(&mut inner)?;
            let mut define = self.parts(inner.need(Rule::define)?);
            defines.push((doc, self.define(&mut define)?));
        }
        Ok(tree::Running { name, entity, keys, per, starting, defines, assigns })
    }

    fn keys(&self, parts: &mut Parts<'t>) -> Made<Vec<tree::Expr>> {
        let (mut keys, mut inner) = (Vec::new(), self.parts(parts.need(Rule::keys)?));
        while let Some(part) = inner.next() {
            if part.as_rule() == Rule::narrow {
                keys.push(self.expr(part)?);
            }
        }
        Ok(keys)
    }

    pub(super) fn guarantee(&self, parts: &mut Parts<'t>) -> Made<tree::Guarantee> {
        parts.need(Rule::GUARANTEE)?;
        let name = self.name(parts)?;
        let head = self.head(parts, Owner::Guarantee, name.span)?;
        parts.need(Rule::colon)?;
        let what = self.expr(parts.any()?)?;
        Ok(tree::Guarantee { name, for_each: head.for_each, from: head.from, until: head.until, what })
    }
}

/// What stands last before a head.
fn last(title: &Option<tree::Quoted>, before: Span) -> Span {
    title.as_ref().map_or(before, |title| title.span)
}
