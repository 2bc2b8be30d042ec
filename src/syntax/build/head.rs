//! Heads: the parts between a name and its `:`, in any order, each at most once.

use super::{Builder, Made, Parts, errors};
use crate::syntax::grammar::Rule;
use crate::text::Span;
use crate::tree::{Citation, Dated, EachPeriod, Head, HeldBy, RuleRef};
use pest::iterators::Pair;

/// Whose head it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Article,
    Rule,
    Obligation,
    Power,
    Guarantee,
}

impl Owner {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Owner::Article => "an article",
            Owner::Rule => "a rule",
            Owner::Obligation => "an obligation",
            Owner::Power => "a power",
            Owner::Guarantee => "a guarantee",
        }
    }

    fn takes(self, part: Rule) -> bool {
        use Owner::{Guarantee, Obligation, Power, Rule as Clause};
        match part {
            Rule::for_each | Rule::from_ | Rule::until_ => true,
            Rule::cites => self != Guarantee,
            Rule::notwithstanding | Rule::subject_to => matches!(self, Clause | Power),
            Rule::held_by => matches!(self, Obligation | Power),
            Rule::each_period => self == Obligation,
            Rule::ends => self == Power,
            _ => false,
        }
    }
}

impl<'t> Builder<'t> {
    /// The parts of a head that come next, behind what stands `before` them.
    pub(super) fn head(&self, parts: &mut Parts<'t>, owner: Owner, before: Span) -> Made<Head> {
        let mut head = Head { start: before.after(), ..Head::default() };
        let mut seen: Vec<(Rule, Span)> = Vec::new();
        while let Some(part) = parts.next_if(is_head_part) {
            let (rule, span) = (part.as_rule(), self.whole(&part));
            if !owner.takes(rule) {
                return Err(errors::head_part(span, words(rule), owner.noun()));
            }
            if let Some((_, first)) = seen.iter().find(|(seen, _)| *seen == rule) {
                let lists =
                    matches!(rule, Rule::cites | Rule::notwithstanding | Rule::subject_to | Rule::ends);
                return Err(errors::head_twice(span, words(rule), *first, lists));
            }
            seen.push((rule, span));
            self.head_part(&mut head, part)?;
        }
        Ok(head)
    }

    fn head_part(&self, head: &mut Head, part: Pair<'t, Rule>) -> Made<()> {
        let (rule, span) = (part.as_rule(), self.whole(&part));
        if rule == Rule::for_each {
            head.for_each = Some(self.for_each(part)?);
            return Ok(());
        }
        let mut inner = self.parts(part);
        let parts = &mut inner;
        match rule {
            Rule::cites => head.cites = self.citations(parts)?,
            Rule::notwithstanding => head.notwithstanding = self.rule_refs(parts)?,
            Rule::subject_to => head.subject_to = self.rule_refs(parts)?,
            Rule::from_ => {
                head.from = Some(self.dated(parts)?);
                head.from_span = Some(span);
            }
            Rule::until_ => {
                head.until = Some(self.dated(parts)?);
                head.until_span = Some(span);
            }
            Rule::each_period => {
                parts.need(Rule::EACH)?;
                let period = match parts.take(Rule::ident) {
                    Some(name) => EachPeriod::Named(self.name_of(&name)),
                    None => EachPeriod::Calendar(super::operand::period(parts.need(Rule::PERIOD)?.as_str())),
                };
                head.each = Some((period, span));
            }
            Rule::ends => {
                parts.need(Rule::ENDS)?;
                head.ends = self.names(parts)?;
            }
            _ => {
                parts.need(Rule::HELD_BY)?;
                let mut names = vec![self.name(parts)?];
                let mut together = false;
                while let Some(word) = parts.next_if(|rule| matches!(rule, Rule::AND | Rule::OR)) {
                    together = word.as_rule() == Rule::AND;
                    names.push(self.name(parts)?);
                }
                head.held_by = Some(HeldBy { names, together });
            }
        }
        Ok(())
    }

    fn citations(&self, parts: &mut Parts<'t>) -> Made<Vec<Citation>> {
        let mut list = Vec::new();
        while let Some(part) = parts.next() {
            if part.as_rule() == Rule::citation {
                let mut inner = self.parts(part);
                list.push(Citation { source: self.name(&mut inner)?, place: self.maybe_quoted(&mut inner) });
            }
        }
        Ok(list)
    }

    fn rule_refs(&self, parts: &mut Parts<'t>) -> Made<Vec<RuleRef>> {
        let mut list = Vec::new();
        while let Some(part) = parts.next() {
            if part.as_rule() == Rule::rule_ref {
                let mut inner = self.parts(part);
                list.push(match inner.take(Rule::ARTICLE) {
                    Some(word) => {
                        let (number, span) = self.number(&mut inner)?;
                        RuleRef::Article { number, span: self.span(&word).to(span) }
                    }
                    None => RuleRef::Named(self.name(&mut inner)?),
                });
            }
        }
        Ok(list)
    }

    /// The number of an article.
    pub(super) fn number(&self, parts: &mut Parts<'t>) -> Made<(u32, Span)> {
        let digits = parts.need(Rule::digits)?;
        let span = self.span(&digits);
        match digits.as_str().parse() {
            Ok(number) => Ok((number, span)),
            Err(_) => Err(errors::article_number(span)),
        }
    }

    /// A word, its day, and `known from` its day.
    pub(super) fn dated(&self, parts: &mut Parts<'t>) -> Made<Dated> {
        parts.any()?;
        let day = self.expr(parts.need(Rule::narrow)?)?;
        Ok(Dated { day, known: self.known_from(parts)? })
    }

    pub(super) fn known_from(&self, parts: &mut Parts<'t>) -> Made<Option<crate::tree::Expr>> {
        let Some(pair) = parts.take(Rule::known_from) else { return Ok(None) };
        let mut inner = self.parts(pair);
        inner.need(Rule::KNOWN_FROM)?;
        Ok(Some(self.expr(inner.need(Rule::narrow)?)?))
    }

    pub(super) fn maybe_from(&self, parts: &mut Parts<'t>) -> Made<Option<Dated>> {
        let Some(pair) = parts.take(Rule::from_) else { return Ok(None) };
        let mut inner = self.parts(pair);
        Ok(Some(self.dated(&mut inner)?))
    }
}

fn is_head_part(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::for_each
            | Rule::cites
            | Rule::notwithstanding
            | Rule::subject_to
            | Rule::from_
            | Rule::until_
            | Rule::held_by
            | Rule::each_period
            | Rule::ends
    )
}

/// The words a part of a head begins with.
fn words(rule: Rule) -> &'static str {
    match rule {
        Rule::for_each => "for each",
        Rule::cites => "cites",
        Rule::notwithstanding => "notwithstanding",
        Rule::subject_to => "subject to",
        Rule::from_ => "from",
        Rule::until_ => "until",
        Rule::held_by => "held by",
        Rule::each_period => "each",
        _ => "ends",
    }
}
