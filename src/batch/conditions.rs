//! Conditions.

use super::bad::{Bad, Worked};
use super::compiler::{BatchCompiler, Environment};
use super::graph::{Arg, Relation};
use super::keys::AnnexQuestion;
use super::term::{Bailout, RowTerm, TermKind, Word};
use crate::policy::{AnnexId, AnnexKey, ExprId, Type};
use crate::run;
use crate::tree::CompareOp;
use crate::value::Value;

impl BatchCompiler<'_, '_> {
    pub fn not(&mut self, value: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let term = self.term(value, at)?;
        let not = self.graph.not(term.bit()?);
        Ok(RowTerm { kind: TermKind::Bit(not), bad: term.bad })
    }

    pub fn and(&mut self, list: &[ExprId], at: &Environment) -> Result<RowTerm, Bailout> {
        let terms = self.bits(list, at)?;
        let (value, bad) = self.graph.all(&terms);
        Ok(RowTerm { kind: TermKind::Bit(value), bad })
    }

    pub fn or(&mut self, list: &[ExprId], at: &Environment) -> Result<RowTerm, Bailout> {
        let terms = self.bits(list, at)?;
        let (value, bad) = self.graph.any(&terms);
        Ok(RowTerm { kind: TermKind::Bit(value), bad })
    }

    pub fn compare(
        &mut self,
        op: CompareOp,
        left: ExprId,
        right: ExprId,
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let (left, right) = (self.term(left, at)?, self.term(right, at)?);
        let bad = self.graph.strict(left.bad, right.bad);
        let value = self.relate(op, &left.kind, &right.kind)?;
        Ok(RowTerm { kind: TermKind::Bit(value), bad })
    }

    pub fn is_in(&mut self, item: ExprId, set: &[ExprId], at: &Environment) -> Result<RowTerm, Bailout> {
        let item = self.term(item, at)?;
        let (mut value, mut bad) = (Arg::FALSE, item.bad);
        for of in set {
            let of = self.term(*of, at)?;
            let equal = self.graph.equal(&item.kind, &of.kind)?;
            value = self.graph.or(value, equal);
            bad = self.graph.strict(bad, of.bad);
        }
        Ok(RowTerm { kind: TermKind::Bit(value), bad })
    }

    pub fn is_under(&mut self, item: ExprId, set: &[ExprId], at: &Environment) -> Result<RowTerm, Bailout> {
        let policy = self.batch.policy;
        let ty = policy.exprs.ty(item);
        let mut of = Vec::new();
        for id in set {
            let term = self.term(*id, at)?;
            match (term.word()?, term.bad) {
                (Word { arg: Arg::Const(at), dictionary }, Bad::NONE) => {
                    of.extend(usize::try_from(*at).ok().and_then(|at| dictionary.get(at).cloned()));
                }
                _ => return Err(Bailout("it compares with codes of the row")),
            }
        }
        self.by_word(item, &Type::Bool, at, |value| {
            Worked::One(Value::Bool(of.iter().any(|of| run::under(policy, ty, value, of))))
        })
    }

    pub fn in_annex(
        &mut self,
        item: ExprId,
        annex: AnnexId,
        under: bool,
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let (id, annex) = (annex, self.batch.facts.annex(self.batch.policy, annex));
        let listed = |keys: &[AnnexKey], day| {
            let listed = keys.first().and_then(|key| annex.lists(key, under, day));
            listed.map_or(Worked::Open, |listed| Worked::One(Value::Bool(listed)))
        };
        self.by_keys(AnnexQuestion { id, annex, exact: !under, answer: &listed }, &[item], (&Type::Bool, at))
    }

    /// T5: `today > D and (C as of D)`
    pub fn by(&mut self, condition: ExprId, day: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let (day, wrong) = self.number(day, at)?;
        let passed = self.graph.compare(Relation::Less, day.arg, at.day);
        let there = Environment { day: self.a_day(day.arg)?, ..at.clone() };
        let condition = self.term(condition, &there)?;
        let (value, bad) = self.graph.all(&[(passed, Bad::NONE), (condition.bit()?, condition.bad)]);
        let bad = self.graph.within(wrong, bad);
        Ok(RowTerm { kind: TermKind::Bit(value), bad })
    }

    fn relate(&mut self, op: CompareOp, left: &TermKind, right: &TermKind) -> Result<Arg, Bailout> {
        match op {
            CompareOp::Less => self.graph.related(Relation::Less, left, right),
            CompareOp::AtMost => self.graph.related(Relation::AtMost, left, right),
            CompareOp::Equal => self.graph.related(Relation::Equal, left, right),
            CompareOp::NotEqual => self.graph.related(Relation::Different, left, right),
            CompareOp::AtLeast => self.graph.related(Relation::AtMost, right, left),
            CompareOp::Greater => self.graph.related(Relation::Less, right, left),
        }
    }
}
