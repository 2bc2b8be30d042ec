//! The lines of D1, for every choice of what is open (D4).

use crate::outcome::{DutyStates, Fault};
use crate::policy::DutyState;
use crate::run::past::history::{HistorySteps, HistoryStretch};
use crate::value::{Dates, Day, Mask};
use std::sync::Arc;

/// What the lines look at on a day.
pub(super) struct DutyLines<'s> {
    /// G
    pub owed: Mask,
    /// S has not come.
    pub not_yet: Mask,
    /// X
    pub deadline: Dates,
    /// U; none: it does not end.
    pub end: Option<Dates>,
    /// The first and the last day from which on performance may count.
    pub counts_from: (Day, Day),
    /// P; none: no day counts yet.
    pub steps: Option<&'s HistorySteps>,
    pub today: Day,
}

/// The states of some choices.
pub(super) struct JudgedDuty {
    pub states: DutyStates,
    pub fault: Option<Arc<Fault>>,
}

/// One choice of the days.
struct DutyChoice {
    counts_from: Day,
    deadline: Day,
    /// The day on which it has ended, before its deadline was over.
    ended: Option<Day>,
}

impl DutyLines<'_> {
    /// Between the days on which performance may change all choices are alike, so that those at their edges are enough.
    pub fn judge(&self) -> JudgedDuty {
        let mut made = JudgedDuty { states: DutyStates::NONE, fault: None };
        for deadline in self.deadlines() {
            for counts_from in self.beginnings() {
                for ended in self.ends(deadline) {
                    self.add(&DutyChoice { counts_from, deadline, ended }, &mut made);
                }
            }
        }
        made
    }

    fn deadlines(&self) -> Vec<Day> {
        let today = self.today;
        let near = [today.previous(), Some(today), Some(today.next())].into_iter().flatten();
        within(&self.deadline, self.edges().into_iter().chain(near))
    }

    fn beginnings(&self) -> Vec<Day> {
        within(&self.counts_from.into(), self.edges())
    }

    /// The days on which it may have ended; none: it has not.
    fn ends(&self, deadline: Day) -> Vec<Option<Day>> {
        let Some(end) = &self.end else { return vec![None] };
        let last = deadline.min(self.today);
        let ended = within(end, self.edges()).into_iter().filter(|day| *day <= last).map(Some);
        ended.chain((end.hi() > last).then_some(None)).collect()
    }

    /// Around each stretch on which performance is the same: the day before it, its first two days.
    fn edges(&self) -> Vec<Day> {
        let stretches = self.steps.into_iter().flat_map(|steps| steps.until(self.today));
        let around = |day: Day| [day.previous(), Some(day), Some(day.next())];
        stretches.flat_map(|stretch| around(stretch.first)).flatten().collect()
    }

    /// Whether it was performed on any of some days.
    fn ever(&self, first: Day, last: Day) -> (Mask, Option<Arc<Fault>>) {
        match self.steps {
            Some(steps) if first <= last => steps.ever((first, last), self.today),
            _ => (Mask::FALSE, None),
        }
    }

    fn add(&self, choice: &DutyChoice, made: &mut JudgedDuty) {
        let by_now = choice.deadline.min(self.today);
        let before = match choice.ended {
            Some(end) => end.previous().map(|last| last.min(by_now)),
            None => None,
        };
        let early = before.map_or((Mask::FALSE, None), |last| self.ever(choice.counts_from, last));
        let rest = choice.ended.map_or(choice.counts_from, |end| end.max(choice.counts_from));
        let (rest, late) =
            (self.ever(rest, by_now), self.ever(choice.deadline.next().max(choice.counts_from), self.today));
        for was in early.0.each() {
            let ended = Mask::of(choice.ended.is_some());
            let fault = || early.1.clone().or(rest.1.clone());
            let lines = [
                (DutyState::NotOwed, self.owed.not().or(ended.and(was.not())), early.1.clone()),
                (DutyState::Fulfilled, was.or(rest.0), fault()),
                (DutyState::NotYetDue, self.not_yet, None),
                (DutyState::Pending, Mask::of(self.today <= choice.deadline), None),
                (DutyState::Cured, late.0, late.1.clone()),
                (DutyState::Breached, Mask::TRUE, None),
            ];
            first_that_fits(lines, made);
        }
    }
}

/// The lines, the first that fits; what is in doubt leaves the next lines open.
fn first_that_fits(lines: [(DutyState, Mask, Option<Arc<Fault>>); 6], made: &mut JudgedDuty) {
    for (state, fits, fault) in lines {
        if fits.may_be_true() {
            made.states = made.states.with(state);
        }
        if fits.may_be_error() {
            made.fault = made.fault.take().or(fault);
        }
        if !fits.may_be_false() {
            break;
        }
    }
}

/// Of a date its ends, `never`, and those of some days that it may be.
fn within(date: &Dates, days: impl IntoIterator<Item = Day>) -> Vec<Day> {
    let mut found: Vec<Day> = date.ends().chain(date.may_be_never().then_some(Day::NEVER)).collect();
    if date.as_point().is_none() {
        found.extend(days.into_iter().filter(|day| date.contains(*day)));
        found.sort_unstable();
    }
    found.dedup();
    found
}

/// From which day on, not before a first one, it holds on every day up to today, if that is certain.
pub(super) fn true_since(steps: &HistorySteps, first: Day, today: Day) -> Option<Day> {
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
pub(super) fn first_true(steps: Option<&HistorySteps>, (first, last): (Day, Day), today: Day) -> Option<Day> {
    let inside = |stretch: &HistoryStretch<'_>| stretch.last >= first && stretch.first <= last;
    let mut stretches = steps?.until(today).filter(inside);
    let found = stretches.find(|stretch| !stretch.mask.is_false())?;
    found.mask.is_true().then_some(found.first.max(first))
}
