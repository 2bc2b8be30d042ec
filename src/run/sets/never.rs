//! `and`, `or` of a date that may be `never` (V2', R7): a date that is read more than once is looked at as a day and as `never`
//! apart, so that no condition holds by being both at once.

use crate::outcome::Point;
use crate::policy::{ActPart, Expr, ExprId, Sort, Type};
use crate::run::frame::At;
use crate::run::sets::set::Set;
use crate::run::until::END;
use crate::run::{Evaluator, Result};
use crate::value::{Dates, Day, Possible};
use std::collections::BTreeSet;

/// Of so many dates in one condition it is looked at apart.
const DATES: u32 = 2;
/// No more reads of dates than these are compared with one another.
const READS: usize = 64;

/// A date in a condition, taken to be one of the days that it may be, or `never`.
pub(crate) struct Taken {
    /// Where it is read.
    reads: Vec<ExprId>,
    point: Point,
    /// On every day, as where it is asked up to which day the condition stays as it is.
    on_all_days: bool,
    base: usize,
    never: bool,
    /// The `and`s and `or`s in that condition, which look at nothing apart by themselves.
    within: BTreeSet<ExprId>,
}

/// What stands in a condition, on its day and in its frame.
#[derive(Default)]
struct StandingDates {
    /// The dates read, in the order of the text.
    dates: Vec<ExprId>,
    junctions: BTreeSet<ExprId>,
    seen: BTreeSet<ExprId>,
}

impl<'a> Evaluator<'a> {
    /// V4, with the dates apart that it is read with more than once.
    pub(crate) fn set_junction(
        &mut self,
        id: ExprId,
        list: &[ExprId],
        decisive: bool,
        at: &At,
    ) -> Result<Set> {
        let set = self.set_operands(list, decisive, at)?;
        if is_open(&set) && !self.taken.iter().any(|taken| taken.within.contains(&id)) {
            let mut standing = StandingDates::default();
            self.gather(id, true, &mut standing);
            return self.apart(set, (list, decisive), &standing, at, DATES);
        }
        Ok(set)
    }

    fn apart(
        &mut self,
        set: Set,
        junction: (&[ExprId], bool),
        standing: &StandingDates,
        at: &At,
        left: u32,
    ) -> Result<Set> {
        let Some(left) = left.checked_sub(1).filter(|_| is_open(&set)) else { return Ok(set) };
        let Some(reads) = self.read_twice(&standing.dates, at)? else { return Ok(set) };
        let mut all: Option<Set> = None;
        for never in [false, true] {
            let (reads, within) = (reads.clone(), standing.junctions.clone());
            let (point, base) = (at.point, at.base);
            self.taken.push(Taken { reads, point, on_all_days: false, base, never, within });
            let part = self
                .set_operands(junction.0, junction.1, at)
                .and_then(|part| self.apart(part, junction, standing, at, left));
            self.taken.pop();
            let part = part?;
            all = Some(match all {
                Some(all) => all.join(&part),
                None => part,
            });
        }
        Ok(all.unwrap_or(set))
    }

    /// T10: until when what is looked at apart stays as it is, each part for itself.
    pub(crate) fn until_apart(
        &mut self,
        id: ExprId,
        (list, decisive): (&[ExprId], bool),
        at: &At,
    ) -> Result<Day> {
        let set = self.set_operands(list, decisive, at)?;
        if !is_open(&set) || self.taken.iter().any(|taken| taken.within.contains(&id)) {
            return Ok(END);
        }
        let mut standing = StandingDates::default();
        self.gather(id, true, &mut standing);
        self.until_parts(list, &standing, at, DATES)
    }

    fn until_parts(&mut self, list: &[ExprId], standing: &StandingDates, at: &At, left: u32) -> Result<Day> {
        let Some(left) = left.checked_sub(1) else { return Ok(END) };
        let Some(reads) = self.read_twice(&standing.dates, at)? else { return Ok(END) };
        let mut until = match reads.first() {
            Some(date) => self.shape(*date, at)?.1,
            None => END,
        };
        for never in [false, true] {
            let (reads, within) = (reads.clone(), standing.junctions.clone());
            let (point, base) = (at.point, at.base);
            self.taken.push(Taken { reads, point, on_all_days: true, base, never, within });
            let part = self
                .until_all(list, at)
                .and_then(|part| Ok(part.min(self.until_parts(list, standing, at, left)?)));
            self.taken.pop();
            until = until.min(part?);
        }
        Ok(until)
    }

    /// The first date that is read more than once and may be a day or `never`.
    fn read_twice(&mut self, dates: &[ExprId], at: &At) -> Result<Option<Vec<ExprId>>> {
        for (place, date) in dates.iter().enumerate() {
            let same = |other: &&ExprId| self.policy.exprs.say_the_same(*date, **other);
            if dates.iter().take(place).any(|other| same(&other)) {
                continue;
            }
            let reads: Vec<ExprId> = dates.iter().skip(place).filter(same).copied().collect();
            let mixed = reads.len() > 1 && self.set(*date, at)?.values.as_dates().is_some_and(is_mixed);
            if mixed {
                return Ok(Some(reads));
            }
        }
        Ok(None)
    }

    /// `here`: on the day and in the frame of the condition, where dates are read; elsewhere only what looks at dates apart.
    fn gather(&self, id: ExprId, here: bool, standing: &mut StandingDates) {
        let policy = self.policy;
        if !here && !standing.seen.insert(id) {
            return;
        }
        let node = policy.exprs.node(id);
        let is_read = matches!(
            node,
            Expr::Fact(_)
                | Expr::Field { .. }
                | Expr::Local(_)
                | Expr::LastStart(_)
                | Expr::Define { .. }
                | Expr::Outcome { .. }
                | Expr::Act { part: ActPart::On, .. }
        );
        if here && is_read && *policy.exprs.ty(id) == Type::Date && standing.dates.len() < READS {
            standing.dates.push(id);
        }
        if let Expr::And(_) | Expr::Or(_) = node {
            standing.junctions.insert(id);
        }
        let stays = !matches!(node.sort(), Sort::Shifted | Sort::Past | Sort::Rows);
        policy.exprs.operands(id, |operand| self.gather(operand, here && stays, standing));
        if let Expr::Call { function, .. } = node {
            self.gather(policy.functions[*function].value, false, standing);
        }
    }

    /// What is left of a date that is taken to be a day, or `never`.
    pub(crate) fn as_taken(&self, id: ExprId, set: Set, at: &At) -> Set {
        let is_here =
            |taken: &&Taken| taken.is_at(at.point) && taken.base == at.base && taken.reads.contains(&id);
        let Some(taken) = self.taken.iter().rev().find(is_here) else { return set };
        let left = set.values.as_dates().and_then(|dates| match taken.never {
            true => dates.may_be_never().then_some(Dates::point(Day::NEVER)),
            false => Dates::of(dates.days(), false),
        });
        match left {
            Some(left) => Set { values: Possible::dates(left), fault: set.fault },
            None => set,
        }
    }
}

impl Taken {
    fn is_at(&self, point: Point) -> bool {
        let day = if self.on_all_days { point.day } else { self.point.day };
        Point { day, ..self.point } == point
    }
}

fn is_open(set: &Set) -> bool {
    set.mask().may_be_true() && set.mask().may_be_false()
}

fn is_mixed(dates: Dates) -> bool {
    dates.may_be_never() && dates.days().is_some()
}
