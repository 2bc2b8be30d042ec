//! Lookups in annexes. Of an annex of two versions it is asked only where they differ: all other lines are one term, the same on
//! both sides, however many they are.

use super::exprs::{SymbolicPoint, SymbolicReader};
use super::failing::can_fail;
use super::lines::{AnsweringLines, LinesByKey, ROWS, UnchangedKey, UnchangedTerm};
use super::space::{Lin, Linear, Outside, SpaceQuantity, two};
use super::values::{Sym, SymbolicChoice, Val, truth_of};
use crate::policy::{Annex, AnnexId, Expr, ExprId, Policy, Type};
use crate::solve::{Comparison, Formula};
use crate::steps;
use crate::tree::AggregateKind;
use crate::value::{Number, Value};
use std::sync::Arc;

impl<'p> SymbolicReader<'p> {
    /// The lines that have to be looked at.
    pub(super) fn answering(&mut self, annex: &Annex) -> Linear<Arc<AnsweringLines>> {
        if self.same.apart.contains(&annex.name) {
            return Err(Outside);
        }
        if let Some(known) = self.answering.get(&annex.name) {
            return known.clone().ok_or(Outside);
        }
        let made = match self.versions(annex) {
            Some(versions) => AnsweringLines::changed(versions, self.space.mixed),
            None => None,
        };
        let made = made.or_else(|| self.whole(annex)).map(Arc::new);
        self.answering.insert(annex.name.clone(), made.clone());
        made.ok_or(Outside)
    }

    /// All lines, if they are few and the list is whole.
    fn whole(&self, annex: &Annex) -> Option<AnsweringLines> {
        let named = |policy: &&'p Policy| policy.annexes.values().find(|one| one.name == annex.name);
        let lines = |policy: &&'p Policy| named(policy).map_or(0..0, |one| 0..one.lines.len()).collect();
        let fits =
            |policy: &&'p Policy| named(policy).is_none_or(|one| one.lines.len() <= ROWS && !one.in_part);
        let all = self.sides.iter().all(fits);
        all.then(|| AnsweringLines {
            keys: None,
            lines: self.sides.iter().map(lines).collect(),
            in_part: false,
        })
    }

    /// Both versions of an annex that is looked up by one key of the same type.
    fn versions(&self, annex: &Annex) -> Option<[&'p Annex; 2]> {
        let [old, new] = self.sides.as_slice() else { return None };
        let named = |policy: &'p Policy| policy.annexes.values().find(|one| one.name == annex.name);
        let (old, new) = (named(old)?, named(new)?);
        let ([one], [other]) = (old.keys.as_slice(), new.keys.as_slice()) else { return None };
        let plain = !matches!(one, Type::Enum(_));
        (plain && one == other && old.in_part == new.in_part).then_some([old, new])
    }

    /// Where what is asked for is answered by no line that is looked at; none: nowhere.
    pub(super) fn elsewhere(&mut self, answering: &AnsweringLines, asked: &Sym) -> Linear<Option<Formula>> {
        let Some(keys) = &answering.keys else { return Ok(None) };
        let mut any = Vec::new();
        for key in keys {
            any.push(self.key_matches(asked, key, true)?);
        }
        let here = self.space.forms.or(any);
        Ok(Some(!here))
    }

    /// A term that is the same on both sides.
    pub(super) fn unchanged(&mut self, (side, id): (usize, ExprId), ty: &Type, term: UnchangedTerm) -> Val {
        if let Some((_, known)) = self.unchanged.iter().find(|(known, _)| *known == term) {
            return known.clone();
        }
        let (val, vars) = self.free(side, id, ty);
        self.space.common.extend(vars);
        self.unchanged.push((term, val.clone()));
        val
    }

    /// M8: of the keys that are a prefix the longest.
    pub(super) fn lookup(
        &mut self,
        (side, id): (usize, ExprId),
        annex: AnnexId,
        column: usize,
        key: ExprId,
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let annex = &self.policy(side).annexes[annex];
        let ty = &annex.columns.get(column).ok_or(Outside)?.ty;
        let answering = self.answering(annex)?;
        let val = self.expr(side, key, at);
        let (mut cases, mut found, mut fails) = (Vec::new(), Vec::new(), vec![val.fails]);
        for (line, hit) in self.hits((annex, column), answering.lines(side).collect(), &val.sym, at)? {
            found.push(hit);
            let cell = match annex.value(line, column) {
                Some(value) => self.cell(side, ty, value)?,
                None if answering.keys.is_none() => return Err(Outside),
                None => {
                    let key = annex.lines.first_key(line).ok_or(Outside)?.clone();
                    let of = UnchangedKey::Line(key, annex.lines.validity(line));
                    let open = self.unchanged(
                        (side, id),
                        ty,
                        UnchangedTerm::cell(annex, column, of, (&at.day, &at.known)),
                    );
                    open.sym
                }
            };
            cases.push((hit, cell));
        }
        let found = self.space.forms.or(found);
        match self.elsewhere(&answering, &val.sym)? {
            None => fails.push(!found),
            Some(elsewhere) => {
                let of = UnchangedKey::Asked(val.sym.clone());
                let term = UnchangedTerm::cell(annex, column, of, (&at.day, &at.known));
                let same = self.unchanged((side, id), ty, term.clone());
                let same_holds = match answering.in_part {
                    false => elsewhere,
                    true => {
                        let stated = self.unchanged((side, id), &Type::Bool, term.stated());
                        let Sym::Bool(stated) = stated.sym else { return Err(Outside) };
                        self.space.forms.or([elsewhere, stated])
                    }
                };
                for (hit, _) in &mut cases {
                    *hit = self.space.forms.and([*hit, !same_holds]);
                }
                fails.push(self.space.forms.and([same_holds, same.fails]));
                fails.push(self.space.forms.and([!same_holds, !found]));
                cases.push((same_holds, same.sym));
            }
        }
        let fails = self.space.forms.or(fails);
        Ok(Val { sym: self.one_of(&cases)?, fails })
    }

    /// Of lines: where each of them answers.
    fn hits(
        &mut self,
        (annex, column): (&Annex, usize),
        lines: Vec<usize>,
        asked: &Sym,
        at: &SymbolicPoint,
    ) -> Linear<Vec<(usize, Formula)>> {
        let mut live = Vec::with_capacity(lines.len());
        for line in lines {
            let key = annex.lines.first_key(line).ok_or(Outside)?;
            let matches = self.key_matches(asked, key, true)?;
            let in_force = self.line_in_force(&annex.lines.validity(line), at)?;
            live.push((line, key, annex.has_value(line, column), self.space.forms.and([matches, in_force])));
        }
        let by_key = LinesByKey::new(live.iter().map(|(_, key, ..)| *key));
        let mut hits = Vec::with_capacity(live.len());
        for (place, (line, key, valued, is_live)) in live.iter().enumerate() {
            let mut hit = vec![*is_live];
            let mut not = |other: usize, only_valued: bool| {
                steps::step();
                let other = live.get(other).filter(|(_, _, other_valued, _)| *other_valued || !only_valued);
                hit.extend(other.map(|(.., other)| !*other));
            };
            by_key.closer(key).for_each(|other| not(other, *valued));
            // X3: a line without a value answers where no line has one.
            if !valued {
                by_key.wider(key).filter(|other| *other != place).for_each(|other| not(other, true));
            }
            hits.push((*line, self.space.forms.and(hit)));
        }
        Ok(hits)
    }

    fn cell(&mut self, side: usize, ty: &Type, value: &Value) -> Linear<Sym> {
        let policy = self.policy(side);
        Ok(match (value, ty) {
            (Value::Number(number), _) => Sym::Linear(Lin::constant(number.clone())),
            (Value::Date(day), _) => Sym::Linear(Lin::day(*day)),
            (Value::Bool(truth), _) => Sym::Bool(truth_of(*truth)),
            (Value::Text(text), _) => Sym::Text(Ok(text.to_string())),
            (Value::Choice(at), Type::Enum(list)) => {
                Sym::Choice(SymbolicChoice::Is(self.space.choice(&policy.enums[*list], *at).ok_or(Outside)?))
            }
            _ => return Err(Outside),
        })
    }

    /// A term of which nothing is known but its type, with the variables it is made of. It may be an error as well.
    pub(super) fn free(&mut self, side: usize, id: ExprId, ty: &Type) -> (Val, [crate::solve::Var; 2]) {
        let quantity = |what: &str| SpaceQuantity::Opaque { side, expr: Some(id), what: what.to_owned() };
        let is_count =
            matches!(self.policy(side).exprs.node(id), Expr::Aggregate { kind: AggregateKind::Count, .. });
        let (kind, _) = self.space.kind_of(ty, is_count, self.policy(side));
        let var = self.space.var(kind, quantity("value"));
        if is_count {
            let law = self.space.forms.compare(var, Comparison::AtLeast, &Number::ZERO);
            self.space.laws.extend(law);
        }
        let sym = match ty {
            Type::Number { .. } | Type::Date | Type::Duration(_) => Sym::Linear(Lin::var(var)),
            Type::Bool => Sym::Bool(self.space.forms.choice_in(var, [1]).unwrap_or_default()),
            Type::Enum(_) => Sym::Choice(SymbolicChoice::Var(var)),
            Type::Code => Sym::Code(Err(var)),
            Type::Text | Type::Country | Type::Row(_) => Sym::Text(Err(var)),
        };
        let failed = self.space.var(two(), quantity("error"));
        self.space.hide(failed);
        let fails = match can_fail(self.policy(side), id) {
            true => self.space.forms.choice_in(failed, [1]).unwrap_or_default(),
            false => Formula::FALSE,
        };
        (Val { sym, fails }, [var, failed])
    }
}
