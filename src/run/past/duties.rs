//! How duties stand (D1–D4).

use crate::outcome::{DutyAnswer, DutyStates, Fault, Point};
use crate::policy::{Dated, Duty, DutyId, DutyState, ExprId, Type};
use crate::run::frame::{ANY_ROW, At, NO_ROW};
use crate::run::past::history::{Followed, HistorySteps, HistoryStretch};
use crate::run::sets::lift;
use crate::run::sets::rows::{Where, row_set};
use crate::run::sets::rules::reached;
use crate::run::sets::set::{Set, fault};
use crate::run::{Deep, Evaluator, Result, SettleTask};
use crate::value::{Dates, Day, Mask, MonthEnd, Period, Possible, Trouble, Value};
use std::sync::Arc;

/// A duty of a row, or of a period, at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DutyNode {
    pub id: DutyId,
    pub row: u32,
    pub period: Option<(Day, Day)>,
    pub point: Point,
}

/// What the lines of D1 look at, besides performance.
struct Terms {
    /// G
    owed: Mask,
    /// S has not come.
    not_yet: (Mask, Option<Arc<Fault>>),
    /// U; none: it does not end, as far as is known.
    end: Option<Dates>,
    /// From which day performance counts.
    counts_from: Day,
}

impl<'a> Evaluator<'a> {
    /// How a duty stands: of a row, or of the period that begins on a day; a recurring duty as a whole is the worst of its
    /// periods begun (D2).
    pub fn duty(&mut self, id: DutyId, row: Option<u32>, period: Option<Day>, point: Point) -> DutyAnswer {
        let place = match self.policy.duties[id].for_each {
            Some(entity) if self.is_dated(entity) && (row.is_none() || self.is_unstated(entity)) => Err(None),
            entity => self.place_asked(entity, row, point).ok_or(row),
        };
        match place {
            Ok((row, point)) => (*self.settle(|run| run.duty_at(id, row, period, point))).clone(),
            Err(row) => {
                let failed = fault(Trouble::NoSuchDay, self.policy.duties[id].span);
                let (states, fault) = (DutyStates::ALL, Some(failed));
                DutyAnswer { duty: id, row, period: None, states, since: None, deadline: None, fault }
            }
        }
    }

    /// The first days of the periods of a recurring duty begun on or before a day (D2).
    pub fn periods(&mut self, id: DutyId, point: Point) -> Vec<(Day, Day)> {
        self.settle(|run| run.periods_begun(id, point)).unwrap_or_default()
    }

    /// D3
    pub(crate) fn set_duty(
        &mut self,
        id: DutyId,
        of: Option<ExprId>,
        state: DutyState,
        at: &At,
    ) -> Result<Set> {
        let duty = &self.policy.duties[id];
        let Some(entity) = duty.for_each else {
            let (period, before) = match of {
                Some(day) => {
                    let day = self.set(day, at)?;
                    match day.values.single() {
                        Some(Value::Date(on)) => (Some(*on), day.fault),
                        _ if day.is_error() => return Ok(day),
                        _ => return Ok(lift::open_day(&Type::Bool, duty.span)),
                    }
                }
                None => (None, None),
            };
            let answer = self.duty_at(id, NO_ROW, period, at.point)?;
            return Ok(is_state(&answer, state).or_fault(before));
        };
        let rows = match of {
            Some(row) => self.set(row, at)?,
            None => Set::of(Possible::Any),
        };
        if self.is_unstated(entity) && !rows.is_error() {
            if self.is_dated(entity) {
                return Ok(lift::open_day(&Type::Bool, duty.span).or_fault(rows.fault));
            }
            let answer = self.duty_at(id, ANY_ROW, None, at.point)?;
            return Ok(is_state(&answer, state).or_fault(rows.fault));
        }
        self.over_rows(entity, &rows, &Type::Bool, |run, row| match run.where_is(entity, row, at)? {
            Where::At(point) => {
                let answer = run.duty_at(id, row, None, point)?;
                Ok(is_state(&answer, state))
            }
            Where::Open(date) if date.is_error() => Ok(date),
            Where::Open(_) => Ok(lift::open_day(&Type::Bool, run.policy.duties[id].span)),
        })
    }

    pub(crate) fn duty_at(
        &mut self,
        id: DutyId,
        row: u32,
        period: Option<Day>,
        point: Point,
    ) -> Result<Arc<DutyAnswer>> {
        if self.policy.duties[id].each.is_none() {
            return self.duty_of(DutyNode { id, row, period: None, point });
        }
        let Some(begun) = self.periods_begun(id, point)? else {
            let failed = fault(Trouble::NoSuchDay, self.policy.duties[id].span);
            return Ok(Arc::new(answer(id, NO_ROW, None, DutyStates::ALL, Some(failed))));
        };
        match period {
            Some(first) => match self.period_of(id, first, point)? {
                Some(period) => self.duty_of(DutyNode { id, row, period: Some(period), point }),
                None => {
                    let failed = fault(Trouble::NoSuchDay, self.policy.duties[id].span);
                    Ok(Arc::new(answer(id, NO_ROW, None, DutyStates::NONE, Some(failed))))
                }
            },
            None => {
                let mut worst: Option<Arc<DutyAnswer>> = None;
                for period in begun {
                    let next = self.duty_of(DutyNode { id, row, period: Some(period), point })?;
                    worst = Some(match worst {
                        Some(worst) => worse(&worst, &next),
                        None => next,
                    });
                }
                let before =
                    || Arc::new(answer(id, NO_ROW, None, DutyStates::one(DutyState::NotYetDue), None));
                Ok(worst.unwrap_or_else(before))
            }
        }
    }

    /// D2: the periods begun by the day of the point, each with its first and last day. None: where they begin is open.
    pub(crate) fn periods_begun(&mut self, id: DutyId, point: Point) -> Result<Option<Vec<(Day, Day)>>> {
        let policy = self.policy;
        let duty: &Duty = &policy.duties[id];
        let (Some(each), Some(_)) = (duty.each, &duty.from) else { return Ok(Some(Vec::new())) };
        let at = self.outside(point);
        let Some(start) = self.single_day(duty.from.as_ref(), &at)? else { return Ok(None) };
        let end = match &duty.until {
            Some(_) => match self.single_day(duty.until.as_ref(), &at)? {
                Some(end) => end,
                None => return Ok(None),
            },
            None => Day::NEVER,
        };
        let mut periods = Vec::new();
        let mut first = start;
        let mut number = 0i64;
        while first <= point.day && first < end && !first.is_never() {
            number = number.saturating_add(1);
            let next = nth_period(start, each, number);
            periods.push((first, next.and_then(Day::previous).unwrap_or(Day::LAST)));
            match next {
                Some(next) => first = next,
                None => break,
            }
        }
        Ok(Some(periods))
    }

    /// The period that begins on a day, begun or not.
    pub(crate) fn period_of(&mut self, id: DutyId, first: Day, point: Point) -> Result<Option<(Day, Day)>> {
        let begun = self.periods_begun(id, Point { day: first, ..point })?;
        Ok(begun.and_then(|begun| begun.last().copied()).filter(|(begins, _)| *begins == first))
    }

    /// A day of a head as far as it is known: `never` if it is not known yet; none: it is open.
    fn single_day(&mut self, dated: Option<&Dated>, at: &At) -> Result<Option<Day>> {
        let Some(dated) = dated else { return Ok(None) };
        let set = self.set_known_day(dated, at)?;
        Ok(match set.single() {
            Some(Value::Date(day)) => Some(*day),
            _ => None,
        })
    }

    pub(crate) fn set_known_day(&mut self, dated: &Dated, at: &At) -> Result<Set> {
        let day = self.set(dated.day, at)?;
        let Some(known) = dated.known else { return Ok(day) };
        let known = self.set(known, at)?;
        let seen = reached(&known, at.point.known);
        let never = || Set::one(Value::Date(Day::NEVER));
        let set = match (seen.may_be_true(), seen.may_be_false()) {
            (true, false) => day,
            (true, true) => day.join(&never()),
            _ => never(),
        };
        Ok(set.or_fault(known.fault))
    }

    /// D1 for one row or period, from memory if it was worked out before.
    pub(crate) fn duty_of(&mut self, node: DutyNode) -> Result<Arc<DutyAnswer>> {
        let learns = self.overrides.is_empty();
        if let Some(known) = self.duties.get(&node).filter(|_| learns) {
            return Ok(known.clone());
        }
        let height = self.plan.height_of_duty(node.id);
        if self.is_too_deep(height) {
            self.deep = Some(SettleTask::Duty(node));
            return Err(Deep);
        }
        self.depth += height;
        let answer = self.in_duty(node, |run, at| run.judge_duty(node, at));
        self.depth -= height;
        let answer = Arc::new(answer?);
        if learns {
            self.duties.insert(node, answer.clone());
        }
        Ok(answer)
    }

    /// The frame of a duty's expressions.
    pub(crate) fn in_duty<T>(&mut self, node: DutyNode, evaluate: impl FnOnce(&mut Self, &At) -> T) -> T {
        let own = self.policy.duties[node.id].for_each.map(|entity| (entity, node.row));
        let days = node.period.into_iter().flat_map(|(first, last)| [first, last]);
        let days = days.map(|day| Set::one(Value::Date(day)));
        self.in_frame(own.map(|(_, row)| row_set(row)).into_iter().chain(days), own, node.point, evaluate)
    }

    fn judge_duty(&mut self, node: DutyNode, at: &At) -> Result<DutyAnswer> {
        let policy = self.policy;
        let duty: &Duty = &policy.duties[node.id];
        let mut made = answer(node.id, node.row, node.period, DutyStates::NONE, None);
        let owed = match duty.condition {
            Some(condition) => self.set(condition, at)?,
            None => Set::bool(true),
        };
        let mut fault = owed.fault.clone();
        let not_owed = owed.mask().not();
        if not_owed.is_true() {
            made.states = DutyStates::one(DutyState::NotOwed);
            return Ok(made);
        }
        if not_owed.is_error() {
            made.fault = fault;
            return Ok(made);
        }
        let deadline = self.set(duty.deadline, at)?;
        let begins = self.begins(duty, node, at)?;
        let ends = match (&duty.until, duty.each) {
            // A period begun is owed in full.
            (Some(until), None) => Some(self.set_known_day(until, at)?),
            _ => None,
        };
        fault = fault.or(deadline.fault.clone());
        fault = fault.or(ends.as_ref().and_then(|ends| ends.fault.clone()));
        made.deadline = Some(deadline.values.clone()).filter(|values| *values != Possible::Nothing);
        let uncertain = [Some(&deadline), ends.as_ref()].into_iter().flatten();
        let mut fails = not_owed.may_be_error();
        for set in uncertain {
            if set.is_error() {
                // D1: an error in what a line must look at; only that nothing is owed comes before.
                made.states = if not_owed.may_be_true() {
                    DutyStates::one(DutyState::NotOwed)
                } else {
                    DutyStates::NONE
                };
                made.fault = set.fault.clone();
                return Ok(made);
            }
            fails |= set.fault.is_some();
        }
        let counts_from = node.period.map_or(Day::FIRST, |(first, _)| first);
        let terms = Terms {
            owed: owed.mask(),
            not_yet: (reached(&begins, at.point.day).not(), begins.fault),
            end: ends.map(|ends| lift::dates(&ends.values)),
            counts_from,
        };
        let steps = match at.point.day >= counts_from {
            true => Some(self.follow(Followed::Condition(duty.performance), counts_from, at)?),
            false => None,
        };
        let range = lift::dates(&deadline.values);
        for day in deadlines(&range, steps.as_deref(), at.point.day) {
            let judged = terms.judge(day, steps.as_deref(), at.point.day);
            made.states = made.states.join(judged.states);
            fails |= judged.fault.is_some() || judged.fails;
            fault = fault.or(judged.fault);
        }
        made.fault = if fails { fault } else { None };
        if let (Some(state), None, Some(day)) = (made.states.single(), &made.fault, range.as_point()) {
            made.since = self.since(state, day, duty, steps.as_deref(), counts_from, at)?;
        }
        Ok(made)
    }

    /// S of D1.
    pub(crate) fn begins(&mut self, duty: &Duty, node: DutyNode, at: &At) -> Result<Set> {
        match (node.period, duty.start, &duty.from) {
            (Some((first, _)), _, _) => Ok(Set::one(Value::Date(first))),
            (None, Some(start), _) => self.set(start, at),
            (None, None, Some(from)) => self.set_known_day(from, at),
            (None, None, None) => Ok(Set::one(Value::Date(Day::FIRST))),
        }
    }

    /// Since when a duty is in a state (f, c, b of D1), if that is certain.
    fn since(
        &mut self,
        state: DutyState,
        deadline: Day,
        duty: &Duty,
        steps: Option<&HistorySteps>,
        counts_from: Day,
        at: &At,
    ) -> Result<Option<Day>> {
        let today = at.point.day;
        Ok(match state {
            DutyState::Fulfilled => first_true(steps, (counts_from, deadline.min(today)), today),
            DutyState::Cured => first_true(steps, (deadline.next(), today), today),
            DutyState::Breached => match duty.condition {
                Some(condition) => {
                    let owed = self.follow(Followed::Condition(condition), Day::FIRST, at)?;
                    true_since(&owed, deadline.next(), today)
                }
                None => Some(deadline.next()),
            },
            DutyState::NotOwed | DutyState::NotYetDue | DutyState::Pending => None,
        })
    }
}

/// One choice of the deadline, judged.
struct JudgedDuty {
    states: DutyStates,
    fails: bool,
    fault: Option<Arc<Fault>>,
}

impl Terms {
    /// The lines of D1, the first that fits; what is in doubt leaves the next lines open.
    fn judge(&self, deadline: Day, steps: Option<&HistorySteps>, today: Day) -> JudgedDuty {
        let mut made = JudgedDuty { states: DutyStates::NONE, fails: false, fault: None };
        let day = Dates::point(today);
        let ever = |first: Day, last: Day| match steps {
            Some(steps) if first <= last => steps.ever((first, last), today),
            _ => (Mask::FALSE, None),
        };
        let by_now = deadline.min(today);
        let (fulfilled, fault) = ever(self.counts_from, by_now);
        let (mut not_owed, mut before) = (self.owed.not(), None);
        if let Some(end) = &self.end {
            let ended = end.less_or_equal(&day).and(end.less_or_equal(&Dates::point(deadline)));
            if let Some((first, last)) = end.days().filter(|_| ended.may_be_true()) {
                // Unperformed before it ended: of the days on which it may have ended, any.
                let until = |end: Day| match end.previous() {
                    Some(last) => ever(self.counts_from, last.min(by_now)),
                    None => (Mask::FALSE, None),
                };
                let ((late, fault), (early, other)) = (until(last), until(first));
                not_owed = not_owed.or(ended.and(early.join(late).not()));
                before = fault.or(other);
            }
        }
        let late = ever(deadline.next(), today);
        let lines = [
            (DutyState::NotOwed, not_owed, before),
            (DutyState::Fulfilled, fulfilled, fault),
            (DutyState::NotYetDue, self.not_yet.0, self.not_yet.1.clone()),
            (DutyState::Pending, Mask::of(today <= deadline), None),
            (DutyState::Cured, late.0, late.1),
            (DutyState::Breached, Mask::TRUE, None),
        ];
        for (state, fits, fault) in lines {
            if fits.may_be_true() {
                made.states = made.states.with(state);
            }
            if fits.may_be_error() {
                made.fails = true;
                made.fault = made.fault.or(fault);
            }
            if !fits.may_be_false() {
                break;
            }
        }
        made
    }
}

/// The deadlines that need looking at: between days on which performance changes all are alike (D4).
fn deadlines(range: &Dates, steps: Option<&HistorySteps>, today: Day) -> Vec<Day> {
    let mut days: Vec<Day> = range.ends().chain(range.may_be_never().then_some(Day::NEVER)).collect();
    if range.as_point().is_none() {
        let changes = steps.into_iter().flat_map(|steps| steps.until(today)).map(|stretch| stretch.first);
        let edges = changes.flat_map(|day| [Some(day), day.previous()]).flatten();
        days.extend(edges.chain([today, today.next()]).chain(today.previous()));
        days.retain(|day| range.contains(*day));
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// From which day on, not before a first one, it holds on every day up to today, if that is certain.
fn true_since(steps: &HistorySteps, first: Day, today: Day) -> Option<Day> {
    let mut since = None;
    for stretch in steps.until(today).rev() {
        if !stretch.mask.is_true() {
            return since.filter(|_| stretch.mask.is_false());
        }
        since = Some(stretch.first.max(first));
        if stretch.first <= first {
            break;
        }
    }
    since
}

/// The first day of some on which it held, if it certainly held then and not before.
fn first_true(steps: Option<&HistorySteps>, (first, last): (Day, Day), today: Day) -> Option<Day> {
    let inside = |stretch: &HistoryStretch<'_>| stretch.last >= first && stretch.first <= last;
    let mut stretches = steps?.until(today).filter(inside);
    let found = stretches.find(|stretch| !stretch.mask.is_false())?;
    found.mask.is_true().then_some(found.first.max(first))
}

fn is_state(answer: &DutyAnswer, state: DutyState) -> Set {
    let mask = Mask::from_parts(answer.states.has(state), answer.states.iter().any(|other| other != state));
    let mask = if answer.fault.is_some() { mask.or_error() } else { mask };
    Set::from_mask(mask, answer.fault.clone())
}

fn answer(
    duty: DutyId,
    row: u32,
    period: Option<(Day, Day)>,
    states: DutyStates,
    fault: Option<Arc<Fault>>,
) -> DutyAnswer {
    let row = Some(row).filter(|row| *row != ANY_ROW && *row != NO_ROW);
    DutyAnswer { duty, row, period, states, since: None, deadline: None, fault }
}

/// D2: the worse of two periods; each may be in several states.
fn worse(a: &Arc<DutyAnswer>, b: &Arc<DutyAnswer>) -> Arc<DutyAnswer> {
    let mut states = DutyStates::NONE;
    for one in a.states.iter() {
        for other in b.states.iter() {
            states = states.with(one.min(other));
        }
    }
    let fault = a.fault.clone().or_else(|| b.fault.clone());
    // The one shown is the one that decides, the earlier of equals.
    let shown = states.single().and_then(|state| match (a.states.has(state), a.states.single()) {
        (true, Some(_)) if a.fault.is_none() => Some(a),
        (false, _) if a.fault.is_none() => Some(b),
        _ => None,
    });
    match shown {
        Some(shown) => Arc::new(DutyAnswer { states, fault, ..(**shown).clone() }),
        // It is open which period decides.
        None => Arc::new(answer(a.duty, NO_ROW, None, states, fault)),
    }
}

/// The first day of a period, counted from 0 (D2); a day that a month lacks is its last.
fn nth_period(start: Day, each: Period, number: i64) -> Option<Day> {
    let months = match each {
        Period::Year => 12,
        Period::Quarter => 3,
        Period::Month => 1,
    };
    start.add_months(number.checked_mul(months)?, MonthEnd::Down).ok().filter(|day| !day.is_never())
}
