//! Codes, choices and annexes: what stands under what, and what is looked up.

use super::exprs::{SymbolicPoint, SymbolicReader};
use super::space::{Lin, Linear, Outside};
use super::values::{Sym, SymbolicChoice, Val, truth_of};
use crate::policy::{AnnexId, AnnexKey, Expr, ExprId, LineValidity, Type};
use crate::solve::Formula;
use crate::tree::CompareOp;
use crate::value::{CodeRange, Day, Value};

/// More lines than this an annex is not taken apart into.
const ROWS: usize = 2_000;

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
        item: ExprId,
        annex: AnnexId,
        under: bool,
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let policy = self.policy(side);
        let lines = &policy.annexes[annex].lines;
        if lines.len() > ROWS || policy.annexes[annex].in_part {
            return Err(Outside);
        }
        let val = self.expr(side, item, at);
        let mut any = Vec::new();
        for line in 0..lines.len() {
            let Some(key) = lines.first_key(line).filter(|key| **key != AnnexKey::Any) else { continue };
            let listed = self.key_matches(&val.sym, key, under)?;
            let in_force = self.line_in_force(&lines.validity(line), at)?;
            any.push(self.space.forms.and([listed, in_force]));
        }
        let any = self.space.forms.or(any);
        Ok(self.bool(any, val.fails))
    }

    /// X5
    fn line_in_force(&mut self, validity: &LineValidity, at: &SymbolicPoint) -> Linear<Formula> {
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

    fn key_matches(&mut self, item: &Sym, key: &AnnexKey, under: bool) -> Linear<Formula> {
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

    /// M8: of the keys that are a prefix the longest.
    pub(super) fn lookup(
        &mut self,
        side: usize,
        annex: AnnexId,
        column: usize,
        key: ExprId,
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let policy = self.policy(side);
        let annex = &policy.annexes[annex];
        let ty = &annex.columns.get(column).ok_or(Outside)?.ty;
        let lines = &annex.lines;
        if lines.len() > ROWS || annex.in_part {
            return Err(Outside);
        }
        let val = self.expr(side, key, at);
        let mut live = Vec::with_capacity(lines.len());
        for line in 0..lines.len() {
            let key = lines.first_key(line).ok_or(Outside)?;
            let (matches, in_force) =
                (self.key_matches(&val.sym, key, true)?, self.line_in_force(&lines.validity(line), at)?);
            live.push((key, annex.has_value(line, column), self.space.forms.and([matches, in_force])));
        }
        let (mut cases, mut found) = (Vec::new(), Vec::new());
        for (line, (key, valued, is_live)) in live.iter().enumerate() {
            let mut hit = vec![*is_live];
            for (other, other_valued, other_live) in &live {
                let closer = other != key && key.answers(other);
                // X3: a line without a value answers where no line has one.
                let before = if *valued {
                    closer && *other_valued
                } else {
                    closer || *other_valued && other.answers(key)
                };
                if before {
                    hit.push(!*other_live);
                }
            }
            let hit = self.space.forms.and(hit);
            found.push(hit);
            let Some(value) = annex.value(line, column) else { return Err(Outside) };
            let cell = match (value, ty) {
                (Value::Number(number), _) => Sym::Linear(Lin::constant(number.clone())),
                (Value::Date(day), _) => Sym::Linear(Lin::day(*day)),
                (Value::Bool(truth), _) => Sym::Bool(truth_of(*truth)),
                (Value::Text(text), _) => Sym::Text(Ok(text.to_string())),
                (Value::Choice(at), Type::Enum(list)) => Sym::Choice(SymbolicChoice::Is(
                    self.space.choice(&policy.enums[*list], *at).ok_or(Outside)?,
                )),
                _ => return Err(Outside),
            };
            cases.push((hit, cell));
        }
        let found = self.space.forms.or(found);
        let sym = self.one_of(&cases)?;
        let fails = self.space.forms.or([val.fails, !found]);
        Ok(Val { sym, fails })
    }
}
