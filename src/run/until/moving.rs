//! Expressions that move with the day (T10): the monotone ones change at a day that bisection finds. Whatever is neither
//! still nor monotone is the same for one day only: slow, and exact all the same.

use crate::outcome::Point;
use crate::policy::deps::Node;
use crate::policy::{Course, DefineId, Expr, ExprId, Op, Trend};
use crate::run::frame::{At, NO_ROW, Named, NamedPoint};
use crate::run::until::END;
use crate::run::{Evaluator, Result, Set};
use crate::steps;
use crate::tree::{CompareOp, MulOp};
use crate::value::{Day, Mask, Period, Value};
use std::cmp::Ordering;

/// The way of an expression, and up to which day that is true.
pub(crate) type Shape = (Trend, Day);

fn flip((way, until): Shape) -> Shape {
    (way.flip(), until)
}

/// Of something that rises with both; none: they go against each other.
fn both(a: Shape, b: Shape) -> Option<Shape> {
    Some((a.0.both(b.0)?, a.1.min(b.1)))
}

impl Evaluator<'_> {
    pub(crate) fn until_moving(&mut self, id: ExprId, at: &At) -> Result<Day> {
        let shape = self.shape(id, at)?;
        self.change(id, shape, at)
    }

    /// The first change of an expression of that shape.
    fn change(&mut self, id: ExprId, (way, until): Shape, at: &At) -> Result<Day> {
        if way == Trend::Still {
            return Ok(until);
        }
        match self.policy.exprs.node(id) {
            Expr::Op(Op::Compare { op: CompareOp::Equal | CompareOp::NotEqual, left, right }) => {
                // Equality may come and go; the order of the two sides changes one way only.
                let (left, right) = (*left, *right);
                match self.sides(left, right, at)? {
                    None => Ok(at.point.day.next()),
                    order => self.first_change(at, until, |run, at| Ok(run.sides(left, right, at)? == order)),
                }
            }
            _ => {
                let now = self.set(id, at)?;
                if now.fault.is_some() {
                    return Ok(at.point.day.next());
                }
                self.first_change(at, until, |run, at| Ok(run.set(id, at)? == now))
            }
        }
    }

    fn sides(&mut self, left: ExprId, right: ExprId, at: &At) -> Result<Option<Ordering>> {
        let (left, right) = (self.set(left, at)?, self.set(right, at)?);
        Ok(left.single().zip(right.single()).map(|(left, right)| left.cmp(right)))
    }

    /// Quarters and months come round: they change where their first day does.
    pub(crate) fn until_part(&mut self, id: ExprId, period: Period, day: ExprId, at: &At) -> Result<Day> {
        let (way, until) = self.shape(day, at)?;
        let first = |set: &Set| match set.single() {
            Some(Value::Date(day)) if !day.is_never() => Some(day.first_of(period)),
            _ => None,
        };
        let now = first(&self.set(day, at)?);
        match (way, now) {
            (Trend::Still, _) => Ok(until),
            (_, Some(_)) => self.first_change(at, until, |run, at| Ok(first(&run.set(day, at)?) == now)),
            (_, None) => self.until_operands(id, at),
        }
    }

    /// The first day before `until` on which something no longer holds that holds now and, once it fails, never again.
    pub(crate) fn first_change(
        &mut self,
        at: &At,
        until: Day,
        mut holds: impl FnMut(&mut Self, &At) -> Result<bool>,
    ) -> Result<Day> {
        let today = i64::from(at.point.day.number());
        // Not far beyond what is asked about.
        let far = i64::from(self.horizon.min(Day::LAST.next()).number()).max(today.saturating_add(4_000));
        let end = i64::from(until.number()).min(far).min(i64::from(Day::LAST.number()).saturating_add(1));
        let mut on = |run: &mut Self, day: i64| match Day::from_number(day) {
            Some(day) => holds(run, &at.on(day)),
            None => Ok(false),
        };
        let found = |day: i64| Ok(Day::from_number(day).unwrap_or(END));
        if end <= today.saturating_add(1) {
            return found(today.saturating_add(1));
        }
        if on(self, end.saturating_sub(1))? {
            return found(end);
        }
        // It holds on `good` and not on `bad`; first in growing steps, for most changes are near.
        let (mut good, mut bad, mut step) = (today, end.saturating_sub(1), 1i64);
        while bad.saturating_sub(good) > 1 {
            let middle = good.saturating_add(bad) / 2;
            let probe = middle.min(good.saturating_add(step)).max(good.saturating_add(1));
            if on(self, probe)? {
                good = probe;
                step = step.saturating_mul(2);
            } else {
                bad = probe;
                step = i64::MAX;
            }
        }
        found(bad)
    }

    /// The way of an expression from this day on.
    pub(crate) fn shape(&mut self, id: ExprId, at: &At) -> Result<Shape> {
        steps::step();
        if !self.moves(id, at) {
            return Ok((Trend::Still, END));
        }
        match self.policy.exprs.node(id) {
            Expr::Today => Ok((Trend::Up, END)),
            Expr::Define { id: define, row: None } => self.shape_of_define(*define, at),
            Expr::LastStart(condition) => self.shape_of_start(*condition, at),
            Expr::Op(op) => match op.course() {
                Course::Steps => self.until(id, at).map(|until| (Trend::Still, until)),
                course => self.combined(id, course, at),
            },
            _ => self.until(id, at).map(|until| (Trend::Still, until)),
        }
    }

    /// T7: in doubt every day may be the last start, and what may be it goes up with the days.
    fn shape_of_start(&mut self, condition: ExprId, at: &At) -> Result<Shape> {
        let until = self.until(condition, at)?;
        let mask = self.set(condition, at)?.mask();
        if mask.is_true() || mask.is_false() {
            return Ok((Trend::Still, until));
        }
        if !mask.is_error() {
            return Ok((Trend::Up, until));
        }
        // Where it fails, so does the question, from the second day on.
        let before = match at.point.day.previous() {
            Some(day) => self.set(condition, &at.on(day))?.mask(),
            None => Mask::FALSE,
        };
        Ok((Trend::Still, if before.is_error() { until } else { at.point.day.next() }))
    }

    /// What it is made of counts; that it stands under a name does not.
    fn shape_of_define(&mut self, id: DefineId, at: &At) -> Result<Shape> {
        let Point { day, known, sight } = at.point;
        let learns = !self.is_given(Node::Define(id));
        let learned = self.stretches().shapes.get(&(id, known, sight)).copied();
        if let Some((since, shape)) = learned.filter(|_| learns)
            && since == day
        {
            return Ok(shape);
        }
        let named = Named::Define(id);
        let height = self.plan.height_of(named);
        if self.is_too_deep(height) {
            let until = self.until_named(NamedPoint { named, row: NO_ROW, point: at.point })?;
            return Ok((Trend::Still, until));
        }
        let inside = At { point: at.point, base: self.locals.len(), own: None };
        self.depth += height;
        let shape = self.shape(self.policy.defines[id].value, &inside);
        self.depth -= height;
        let shape = shape?;
        if learns {
            self.stretches().shapes.insert((id, known, sight), (day, shape));
        }
        Ok(shape)
    }

    /// From the shapes of its operands; what is neither still nor monotone is still until one of them changes.
    fn combined(&mut self, id: ExprId, course: Course, at: &At) -> Result<Shape> {
        let list = self.policy.exprs.parts(id);
        let mut shapes = Vec::with_capacity(list.len());
        for operand in &list {
            shapes.push(self.shape(*operand, at)?);
        }
        if let Some(shape) = self.monotone(course, &list, &shapes, at)? {
            return Ok(shape);
        }
        if let Expr::Op(op) = self.policy.exprs.node(id)
            && let Some((left, right)) = op.apart()
            && let Some(one) = self.goes_along(*left, at)?
            && let Some(other) = self.goes_along(*right, at)?
        {
            return Ok((Trend::Still, one.min(other)));
        }
        let mut until = END;
        for (operand, shape) in list.iter().zip(shapes) {
            until = until.min(self.change(*operand, shape, at)?);
        }
        Ok((Trend::Still, until))
    }

    /// Until when a date goes with the days, one for one; none: it does not. Two such dates stay as far apart as they are.
    pub(crate) fn goes_along(&mut self, id: ExprId, at: &At) -> Result<Option<Day>> {
        steps::step();
        if !self.moves(id, at) {
            return Ok(None);
        }
        let until = match self.policy.exprs.node(id) {
            Expr::Today => Some(END),
            Expr::Define { id: define, row: None } => {
                let height = self.plan.height_of(Named::Define(*define));
                if self.is_too_deep(height) {
                    return Ok(None);
                }
                let inside = At { point: at.point, base: self.locals.len(), own: None };
                self.depth += height;
                let until = self.goes_along(self.policy.defines[*define].value, &inside);
                self.depth -= height;
                until?
            }
            Expr::Op(op) => match op.along() {
                Some((with, still)) if still.is_none_or(|still| !self.moves(*still, at)) => {
                    let mut until = Some(END);
                    for date in with {
                        let along = self.goes_along(*date, at)?;
                        until = until.zip(along).map(|(one, other)| one.min(other));
                    }
                    until
                }
                _ => None,
            },
            _ => None,
        };
        // Beyond the last of all days there is none.
        let Some(until) = until else { return Ok(None) };
        let now = self.set(id, at)?;
        let left = match now.single() {
            Some(Value::Date(day)) if now.fault.is_none() && !day.is_never() => {
                Day::LAST.days_since(*day).ok()
            }
            _ => return Ok(None),
        };
        let last =
            left.and_then(|left| Day::from_number(i64::from(at.point.day.number()).saturating_add(left)));
        Ok(Some(until.min(last.map_or(END, Day::next))))
    }

    /// None: neither still nor monotone.
    fn monotone(
        &mut self,
        course: Course,
        list: &[ExprId],
        shapes: &[Shape],
        at: &At,
    ) -> Result<Option<Shape>> {
        match course {
            Course::Monotone(ways) => {
                let turned = |(way, shape): (&Trend, &Shape)| match way {
                    Trend::Down => flip(*shape),
                    Trend::Still | Trend::Up => *shape,
                };
                let mut turned = ways.iter().zip(shapes).map(turned);
                Ok(turned.try_fold((Trend::Still, END), both))
            }
            Course::Product(ops) => self.product(&ops, list, shapes, at),
            Course::None | Course::Steps => {
                let still = shapes.iter().all(|(way, _)| *way == Trend::Still);
                let until = shapes.iter().map(|(_, until)| *until).min().unwrap_or(END);
                Ok(still.then_some((Trend::Still, until)))
            }
        }
    }

    /// One factor that moves, times others whose signs are known.
    fn product(
        &mut self,
        ops: &[MulOp],
        list: &[ExprId],
        shapes: &[Shape],
        at: &At,
    ) -> Result<Option<Shape>> {
        let until = shapes.iter().map(|(_, until)| *until).min().unwrap_or(END);
        let mut moving: Option<Trend> = None;
        for (op, (way, _)) in ops.iter().zip(shapes) {
            if *way != Trend::Still {
                if moving.is_some() || *op == MulOp::Divide {
                    return Ok(None);
                }
                moving = Some(*way);
            }
        }
        let Some(mut way) = moving else { return Ok(Some((Trend::Still, until))) };
        for (factor, (still, _)) in list.iter().zip(shapes) {
            if *still == Trend::Still {
                let negative = match self.set(*factor, at)?.single() {
                    Some(Value::Number(number)) => number.is_negative(),
                    Some(Value::Duration(count)) => *count < 0,
                    _ => return Ok(None),
                };
                way = if negative { way.flip() } else { way };
            }
        }
        Ok(Some((way, until)))
    }
}
