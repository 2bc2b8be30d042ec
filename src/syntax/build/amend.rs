//! Amendments: what changes, from when.

use super::{Builder, Made, Parts};
use crate::syntax::grammar::Rule;
use crate::tree::{self, Decl, RepealTarget, TargetKind};
use pest::iterators::Pair;

impl<'t> Builder<'t> {
    pub(super) fn amends(&self, parts: &mut Parts<'t>) -> Made<tree::Amends> {
        parts.need(Rule::AMENDS)?;
        let base = self.quoted(parts)?;
        let effective = if parts.peek().is_some() { Some(self.dated(parts)?) } else { None };
        Ok(tree::Amends { base, effective })
    }

    pub(super) fn repeal(&self, parts: &mut Parts<'t>) -> Made<tree::Repeal> {
        parts.need(Rule::REPEAL)?;
        let target = match parts.take(Rule::ARTICLE) {
            Some(word) => {
                let (number, span) = self.number(parts)?;
                RepealTarget::Article { number, span: self.span(&word).to(span) }
            }
            None if parts.skip(Rule::SCENARIO) => RepealTarget::Scenario(self.quoted(parts)?),
            None => {
                let (kind, name) = self.target(parts.need(Rule::target)?)?;
                RepealTarget::Named(kind, name)
            }
        };
        Ok(tree::Repeal { target, from: self.maybe_from(parts)? })
    }

    fn target(&self, pair: Pair<'t, Rule>) -> Made<(TargetKind, tree::Name)> {
        let mut parts = self.parts(pair);
        let kind = match parts.any()?.as_rule() {
            Rule::OBLIGATION => TargetKind::Obligation,
            Rule::POWER => TargetKind::Power,
            Rule::DEFINE => TargetKind::Define,
            Rule::GUARANTEE => TargetKind::Guarantee,
            _ => TargetKind::Rule,
        };
        Ok((kind, self.name(&mut parts)?))
    }

    pub(super) fn replace(&mut self, parts: &mut Parts<'t>) -> Made<Decl> {
        parts.need(Rule::REPLACE)?;
        Ok(Decl::Replace(Box::new(self.bare_item(parts.any()?, None)?)))
    }

    pub(super) fn insert(&mut self, parts: &mut Parts<'t>) -> Made<tree::Insert> {
        parts.need(Rule::INSERT)?;
        let mut article = None;
        if parts.skip(Rule::IN) {
            parts.need(Rule::ARTICLE)?;
            article = Some(self.number(parts)?);
        }
        Ok(tree::Insert { article, item: Box::new(self.bare_item(parts.any()?, None)?) })
    }

    pub(super) fn substitute(&self, parts: &mut Parts<'t>) -> Made<tree::Substitute> {
        parts.need(Rule::SUBSTITUTE)?;
        let new = self.plain(parts.any()?)?;
        parts.need(Rule::FOR)?;
        let old = self.plain(parts.any()?)?;
        parts.need(Rule::IN)?;
        let (kind, target) = self.target(parts.need(Rule::target)?)?;
        Ok(tree::Substitute { new, old, kind, target, everywhere: parts.skip(Rule::EVERYWHERE) })
    }

    pub(super) fn set(&self, parts: &mut Parts<'t>) -> Made<Decl> {
        parts.need(Rule::SET)?;
        let name = self.name(parts)?;
        parts.need(Rule::eq)?;
        Ok(Decl::Set { name, value: self.expr(parts.any()?)? })
    }
}
