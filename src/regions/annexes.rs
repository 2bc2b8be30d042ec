//! Codes, choices and annexes: what stands under what, and what is looked up.

use super::exprs::{SymbolicPoint, SymbolicReader};
use super::space::{Lin, Linear, Outside};
use super::values::{Sym, SymbolicChoice, Val, truth_of};
use crate::policy::{AnnexId, AnnexKey, Expr, ExprId, Type};
use crate::solve::Formula;
use crate::value::{Code, Value};

/// More rows than this an annex is not taken apart into.
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

    pub(super) fn in_annex(
        &mut self,
        side: usize,
        item: ExprId,
        annex: AnnexId,
        under: bool,
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let policy = self.policy(side);
        let annex = &policy.annexes[annex];
        if annex.rows.len() > ROWS {
            return Err(Outside);
        }
        let val = self.expr(side, item, at);
        let mut any = Vec::new();
        for key in annex.rows.keys().filter_map(|keys| keys.first()) {
            any.push(self.key_matches(&val.sym, key, under)?);
        }
        let any = self.space.forms.or(any);
        Ok(self.bool(any, val.fails))
    }

    fn key_matches(&mut self, item: &Sym, key: &AnnexKey, under: bool) -> Linear<Formula> {
        match (item, key) {
            (Sym::Code(code), AnnexKey::Code(digits)) => {
                let key = Code::of_digits(digits).ok_or(Outside)?;
                Ok(match code {
                    Ok(code) if under => truth_of(code.under(key)),
                    Ok(code) => truth_of(*code == key),
                    Err(var) if under => self.space.forms.code_under(*var, &key)?,
                    Err(var) => self.space.forms.code_is(*var, &key)?,
                })
            }
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
        if annex.rows.len() > ROWS {
            return Err(Outside);
        }
        let val = self.expr(side, key, at);
        let keys: Vec<(&AnnexKey, usize)> =
            annex.rows.iter().filter_map(|(keys, row)| Some((keys.first()?, *row as usize))).collect();
        let (mut cases, mut found) = (Vec::new(), Vec::new());
        for (key, row) in &keys {
            let mut hit = vec![self.key_matches(&val.sym, key, true)?];
            if let AnnexKey::Code(digits) = key {
                for (longer, _) in &keys {
                    if let AnnexKey::Code(other) = longer
                        && other.len() > digits.len()
                        && other.starts_with(digits.as_ref())
                    {
                        let nearer = self.key_matches(&val.sym, longer, true)?;
                        hit.push(!nearer);
                    }
                }
            }
            let hit = self.space.forms.and(hit);
            found.push(hit);
            let cell = match (annex.cell(*row, column).ok_or(Outside)?, ty) {
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
