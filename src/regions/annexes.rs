//! Codes, choices and annexes: what stands under what, and what is looked up.

use super::exprs::{SymbolicPoint, SymbolicReader};
use super::lines::{ROWS, UnchangedTerm};
use super::space::{Lin, Linear, Outside};
use super::values::{Sym, SymbolicChoice, Val, truth_of};
use crate::policy::{AnnexId, AnnexKey, Expr, ExprId, LineValidity, Type};
use crate::solve::Formula;
use crate::tree::CompareOp;
use crate::value::{CodeRange, Day, Value};

impl SymbolicReader<'_> {
    pub(super) fn under(
        &mut self,
        side: usize,
        item: ExprId,
        set: &[ExprId],
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let policy = self.policy(side);
        let val = self.expr(side, item, at);
        let mut any = Vec::new();
        for of in set {
            any.push(match (&val.sym, policy.exprs.node(*of)) {
                (Sym::Code(Err(var)), Expr::Const(Value::Code(prefix))) => {
                    self.space.forms.code_under(*var, prefix)?
                }
                (Sym::Code(Ok(code)), Expr::Const(Value::Code(prefix))) => truth_of(code.under(*prefix)),
                (Sym::Choice(choice), Expr::Const(Value::Choice(first))) => {
                    let Type::Enum(list) = policy.exprs.ty(*of) else { return Err(Outside) };
                    let list = &policy.enums[*list];
                    let end = list.choices.get(usize::from(*first)).map_or(*first, |choice| choice.end);
                    let places: Vec<u32> =
                        (*first..end).filter_map(|at| self.space.choice(list, at)).collect();
                    match choice {
                        SymbolicChoice::Is(is) => truth_of(places.contains(is)),
                        SymbolicChoice::Var(var) => self.space.forms.choice_in(*var, places)?,
                    }
                }
                _ => return Err(Outside),
            });
        }
        let any = self.space.forms.or(any);
        Ok(self.bool(any, val.fails))
    }

    pub(super) fn in_codes(
        &mut self,
        side: usize,
        item: ExprId,
        codes: &CodeRange,
        under: bool,
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let val = self.expr(side, item, at);
        let formula = match &val.sym {
            Sym::Code(Ok(code)) => truth_of(codes.holds(*code, under)),
            Sym::Code(Err(var)) => {
                let mut any = Vec::new();
                for code in codes.each(ROWS).ok_or(Outside)? {
                    any.push(match under {
                        true => self.space.forms.code_under(*var, &code)?,
                        false => self.space.forms.code_is(*var, &code)?,
                    });
                }
                self.space.forms.or(any)
            }
            _ => return Err(Outside),
        };
        Ok(self.bool(formula, val.fails))
    }

    pub(super) fn in_annex(
        &mut self,
        side: usize,
        (id, item, annex): (ExprId, ExprId, AnnexId),
        under: bool,
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let annex = &self.policy(side).annexes[annex];
        let answering = self.answering(annex)?;
        let val = self.expr(side, item, at);
        let mut any = Vec::new();
        for line in answering.lines(side) {
            let key = annex.lines.first_key(line).filter(|key| **key != AnnexKey::Any);
            let Some(key) = key else { continue };
            let listed = self.key_matches(&val.sym, key, under)?;
            let in_force = self.line_in_force(&annex.lines.validity(line), at)?;
            any.push(self.space.forms.and([listed, in_force]));
        }
        let listed = self.space.forms.or(any);
        let truth = match self.elsewhere(&answering, &val.sym)? {
            None => listed,
            Some(elsewhere) => {
                let what = UnchangedTerm::listed(annex, under, &val.sym, (&at.day, &at.known));
                let Sym::Bool(same) = self.unchanged((side, id), &Type::Bool, what).sym else {
                    return Err(Outside);
                };
                let same = self.space.forms.and([elsewhere, same]);
                let listed = self.space.forms.and([!elsewhere, listed]);
                self.space.forms.or([same, listed])
            }
        };
        Ok(self.bool(truth, val.fails))
    }

    /// X5
    pub(super) fn line_in_force(&mut self, validity: &LineValidity, at: &SymbolicPoint) -> Linear<Formula> {
        let mut come = |day: Day, now: &Lin| match day {
            Day::FIRST => Ok(Formula::TRUE),
            day if day.is_never() => Ok(Formula::FALSE),
            day => self.compare(CompareOp::AtMost, &Sym::Linear(Lin::day(day)), &Sym::Linear(now.clone())),
        };
        let begun = [come(validity.from, &at.day)?, come(validity.from_known, &at.known)?];
        let ended = [come(validity.until, &at.day)?, come(validity.until_known, &at.known)?];
        let (begun, ended) = (self.space.forms.and(begun), self.space.forms.and(ended));
        Ok(self.space.forms.and([begun, !ended]))
    }

    pub(super) fn key_matches(&mut self, item: &Sym, key: &AnnexKey, under: bool) -> Linear<Formula> {
        match (item, key) {
            (_, AnnexKey::Any) => Ok(Formula::TRUE),
            (Sym::Code(code), AnnexKey::Code(key)) => Ok(match code {
                Ok(code) if under => truth_of(code.under(*key)),
                Ok(code) => truth_of(code == key),
                Err(var) if under => self.space.forms.code_under(*var, key)?,
                Err(var) => self.space.forms.code_is(*var, key)?,
            }),
            (Sym::Text(Ok(text)), AnnexKey::Other(key)) => Ok(truth_of(text.as_str() == key.as_ref())),
            (Sym::Text(Err(var)), AnnexKey::Other(key)) => Ok(self.space.forms.text_is(*var, key)?),
            (Sym::Choice(_), _) if self.space.mixed => Err(Outside),
            (Sym::Choice(SymbolicChoice::Is(is)), AnnexKey::Other(key)) => {
                Ok(truth_of(is.to_string() == key.as_ref()))
            }
            (Sym::Choice(SymbolicChoice::Var(var)), AnnexKey::Other(key)) => {
                let place: u32 = key.parse().map_err(|_| Outside)?;
                Ok(self.space.forms.choice_in(*var, [place])?)
            }
            _ => Err(Outside),
        }
    }
}
