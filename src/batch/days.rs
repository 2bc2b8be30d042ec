//! Days: moved, and functions of them looked up.

use super::bad::Worked;
use super::compiler::{BatchCompiler, Environment, numbers};
use super::graph::{Arg, Relation};
use super::hoist::day_of;
use super::lanes::{LaneType, SPAN};
use super::term::{Bailout, RowTerm, ScaledArg};
use crate::policy::{ExprId, Type};
use crate::run;
use crate::tree::AddOp;
use crate::value::{Attribute, Day, DurationKind, Trouble, Value};

impl BatchCompiler<'_, '_> {
    pub fn days_between(
        &mut self,
        later: ExprId,
        earlier: ExprId,
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let (later, earlier) = (self.number(later, at)?, self.number(earlier, at)?);
        let bad = self.graph.strict(later.1, earlier.1);
        let never = (self.is_never(later.0.arg), self.is_never(earlier.0.arg));
        let never = self.graph.or(never.0, never.1);
        let bad = self.graph.failing(bad, never);
        let (later, earlier) = (self.a_day(later.0.arg)?, self.a_day(earlier.0.arg)?);
        let days = self.graph.minus(later, earlier).ok_or(Bailout("its numbers may be too large"))?;
        Ok(numbers((ScaledArg { arg: days, den: 1 }, bad)))
    }

    pub fn times(
        &mut self,
        ty: &Type,
        duration: ExprId,
        by: ExprId,
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let (duration, by) = (self.number(duration, at)?, self.number(by, at)?);
        let bad = self.graph.strict(duration.1, by.1);
        let value = self.graph.product(duration.0, by.0)?;
        match value.den {
            1 => self.counted(ty, (value.into(), bad)),
            _ => Err(Bailout("a duration may not be whole")),
        }
    }

    pub fn as_of(&mut self, value: ExprId, day: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let (day, bad) = self.number(day, at)?;
        let never = self.is_never(day.arg);
        let wrong = self.graph.failing(bad, never);
        let there = Environment { day: self.a_day(day.arg)?, ..at.clone() };
        let term = self.term(value, &there)?;
        let bad = self.graph.within(wrong, term.bad);
        Ok(RowTerm { kind: term.kind, bad })
    }

    pub fn as_known_on(&mut self, value: ExprId, day: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let (day, wrong) = self.number(day, at)?;
        let known = self.graph.least(day.arg, at.known).ok_or(Bailout("its numbers may be too large"))?;
        let there = Environment { known, ..at.clone() };
        let term = self.term(value, &there)?;
        let bad = self.graph.within(wrong, term.bad);
        Ok(RowTerm { kind: term.kind, bad })
    }

    /// Whether a day is `never`.
    pub fn is_never(&mut self, day: Arg) -> Arg {
        self.graph.compare(Relation::Equal, day, Arg::Const(Day::NEVER.number().into()))
    }

    /// The day, or any other for `never`.
    pub fn a_day(&mut self, day: Arg) -> Result<Arg, Bailout> {
        let last = self.graph.below(day).clamp(Day::FIRST.number().into(), Day::LAST.number().into());
        self.graph.least(day, Arg::Const(last)).ok_or(Bailout("there is no such day"))
    }

    pub fn shift(
        &mut self,
        day: ExprId,
        sign: AddOp,
        wait: ExprId,
        kind: DurationKind,
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let policy = self.batch.policy;
        let wait = self.number(wait, at)?;
        if kind != DurationKind::Days {
            let count = match wait.0.arg {
                Arg::Const(count) => {
                    i64::try_from(count).map_err(|_| Bailout("its numbers may be too large"))?
                }
                Arg::Reg(_) => return Err(Bailout("it counts months or business days of the row")),
            };
            let term = self.by_each_day(day, at, |day| {
                run::shift(policy, day, sign, count, kind).map(|day| day.number().into())
            })?;
            let bad = self.graph.strict(term.bad, wait.1);
            return Ok(RowTerm { kind: term.kind, bad });
        }
        let (day, bad) = self.number(day, at)?;
        let never = self.is_never(day.arg);
        let from = self.a_day(day.arg)?;
        let moved = match sign {
            AddOp::Plus => self.graph.plus(from, wait.0.arg),
            AddOp::Minus => self.graph.minus(from, wait.0.arg),
        };
        let moved = moved.ok_or(Bailout("its numbers may be too large"))?;
        let (first, last) = (Arg::Const(Day::FIRST.number().into()), Arg::Const(Day::LAST.number().into()));
        let early = self.graph.compare(Relation::Less, moved, first);
        let late = self.graph.compare(Relation::Less, last, moved);
        let beyond = self.graph.or(early, late);
        let beyond = self.graph.except(beyond, never);
        // Cut to what days there are, for what is beyond them is of no account.
        let moved = self.graph.greatest(moved, first).ok_or(Bailout("there is no such day"))?;
        let moved = self.graph.least(moved, last).ok_or(Bailout("there is no such day"))?;
        let moved = self.graph.choose(never, Arg::Const(Day::NEVER.number().into()), moved);
        let bad = self.graph.strict(bad, wait.1);
        let bad = self.graph.failing(bad, beyond);
        Ok(numbers((ScaledArg { arg: moved, den: 1 }, bad)))
    }

    /// What is read off a value, worked out for each that there may be.
    pub fn attribute(
        &mut self,
        attribute: Attribute,
        of: ExprId,
        ty: &Type,
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        if *self.batch.policy.exprs.ty(of) != Type::Date {
            return self.by_word(of, ty, at, |value| Worked::result(attribute.of(value)));
        }
        self.by_each_day(of, at, |day| match attribute.of(&Value::Date(day))? {
            Value::Date(day) => Ok(day.number().into()),
            Value::Number(number) => number.to_i64().map(i128::from).ok_or(Trouble::Overflow),
            _ => Err(Trouble::NoSuchDay),
        })
    }

    /// A function of a day, worked out for each day there may be.
    pub fn by_each_day(
        &mut self,
        day: ExprId,
        at: &Environment,
        f: impl Fn(Day) -> Result<i128, Trouble>,
    ) -> Result<RowTerm, Bailout> {
        let (day, bad) = self.number(day, at)?;
        let never = self.is_never(day.arg);
        let day = self.a_day(day.arg)?;
        let (lo, hi) = self.graph.range(day);
        let hi = hi.min(Day::LAST.number().into());
        if lo < Day::FIRST.number().into() || hi - lo > SPAN {
            return Err(Bailout("there is no such day"));
        }
        let results: Vec<Option<i128>> =
            (lo..=hi).map(|day| Ok(f(day_of(day)?).ok())).collect::<Result<_, Bailout>>()?;
        let of_never = f(Day::NEVER).ok();
        let some = results.iter().flatten().copied().next().or(of_never).unwrap_or(0);
        let values: Vec<i128> = results.iter().map(|result| result.unwrap_or(some)).collect();
        let wrong: Vec<i128> = results.iter().map(|result| result.is_none().into()).collect();
        let (least, most) = values.iter().fold((some, some), |(lo, hi), n| (lo.min(*n), hi.max(*n)));
        let base = i32::try_from(lo).map_err(|_| Bailout("there is no such day"))?;
        let none = Bailout("there is no such day");
        let value = self.graph.place(day, base, LaneType::of(least, most), &values).ok_or(none)?;
        let wrong = self.graph.place(day, base, LaneType::Bit, &wrong).ok_or(none)?;
        let value = self.graph.choose(never, Arg::Const(of_never.unwrap_or(some)), value);
        let wrong = self.graph.choose_bit(never, Arg::bit(of_never.is_none()), wrong);
        let bad = self.graph.failing(bad, wrong);
        Ok(numbers((ScaledArg { arg: value, den: 1 }, bad)))
    }
}
