//! Conditions.

use super::graph::{Arg, Relation};
use super::make::{At, ELSEWHERE, Maker};
use super::term::{Made, No, Term, What, Word};
use crate::policy::{AnnexKey, Expr, ExprId, Op, Type};
use crate::run;
use crate::tree::CompareOp;
use crate::value::Value;

impl Maker<'_, '_> {
    /// Truth values.
    pub fn condition(&mut self, id: ExprId, at: &At) -> Made<Term> {
        let policy = self.batch.policy;
        match policy.exprs.node(id) {
            Expr::Op(Op::Not(value)) => {
                let term = self.term(*value, at)?;
                let not = self.graph.not(term.bit()?);
                Ok(Term { what: What::Bit(not), bad: term.bad })
            }
            Expr::And(list) => {
                let terms = self.bits(list, at)?;
                let (value, bad) = self.graph.all(&terms);
                Ok(Term { what: What::Bit(value), bad })
            }
            Expr::Or(list) => {
                let terms = self.bits(list, at)?;
                let (value, bad) = self.graph.any(&terms);
                Ok(Term { what: What::Bit(value), bad })
            }
            Expr::Op(Op::Compare { op, left, right }) => {
                let (left, right) = (self.term(*left, at)?, self.term(*right, at)?);
                let bad = self.graph.or(left.bad, right.bad);
                let value = self.compare(*op, &left.what, &right.what)?;
                Ok(Term { what: What::Bit(value), bad })
            }
            Expr::Op(Op::In { item, set }) => {
                let item = self.term(*item, at)?;
                let (mut value, mut bad) = (Arg::FALSE, item.bad);
                for of in set {
                    let of = self.term(*of, at)?;
                    let equal = self.graph.equal(&item.what, &of.what)?;
                    value = self.graph.or(value, equal);
                    bad = self.graph.or(bad, of.bad);
                }
                Ok(Term { what: What::Bit(value), bad })
            }
            Expr::Op(Op::Under { item, set }) => {
                let ty = policy.exprs.ty(*item);
                let mut of = Vec::new();
                for id in set {
                    let term = self.term(*id, at)?;
                    match (term.word()?, term.bad) {
                        (Word { arg: Arg::Const(at), dictionary }, Arg::FALSE) => {
                            of.extend(usize::try_from(*at).ok().and_then(|at| dictionary.get(at).cloned()));
                        }
                        _ => return Err(No("it compares with codes of the row")),
                    }
                }
                self.by_word(*item, &Type::Bool, at, |value| {
                    Some(Value::Bool(of.iter().any(|of| run::under(policy, ty, value, of))))
                })
            }
            Expr::Op(Op::InAnnex { item, annex }) => {
                let annex = &policy.annexes[*annex];
                self.by_word(*item, &Type::Bool, at, |value| {
                    Some(Value::Bool(annex.starts_with(&AnnexKey::of(value))))
                })
            }
            Expr::Op(Op::UnderAnnex { item, annex }) => {
                let annex = &policy.annexes[*annex];
                self.by_word(*item, &Type::Bool, at, |value| {
                    Some(Value::Bool(match AnnexKey::of(value) {
                        AnnexKey::Code(digits) => annex.covers(&digits),
                        key => annex.starts_with(&key),
                    }))
                })
            }
            Expr::By { condition, day } => {
                // T5: `today > D and (C as of D)`
                let (day, wrong) = self.number(*day, at)?;
                let passed = self.graph.compare(Relation::Less, day.arg, at.day);
                let there = At { day: self.a_day(day.arg)?, ..at.clone() };
                let condition = self.term(*condition, &there)?;
                let (value, bad) = self.graph.all(&[(passed, Arg::FALSE), (condition.bit()?, condition.bad)]);
                let bad = self.graph.or(bad, wrong);
                Ok(Term { what: What::Bit(value), bad })
            }
            _ => Err(ELSEWHERE),
        }
    }

    fn compare(&mut self, op: CompareOp, left: &What, right: &What) -> Made<Arg> {
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
