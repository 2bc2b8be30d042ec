//! Scenarios on trial (S1): their `given`s are bound like a facts file, each `expect` is judged at its point, and every
//! guarantee is judged on the same facts.

mod errors;
mod points;
mod stated;
mod struck;

pub use stated::{outside, outside_at, stated};
pub use struck::{ChangedExpectation, changed_without, provisions_used};

use crate::diag::Diagnostic;
use crate::facts::{Facts, Input, bind};
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, Expect, Expected, ExprId, GuaranteeId, Policy, Scenario};
use crate::run::{DayDependence, Evaluator, Prepared, depends_on_day};
use crate::tree::State;
use crate::value::{Day, Mask};
use points::Moment;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// One scenario, tried.
#[derive(Clone, Debug)]
pub struct Tried {
    pub facts: Facts,
    pub checks: Vec<Check>,
    /// Expectations that cannot be judged as they are written.
    pub wrong: Vec<Diagnostic>,
}

/// One claim at one point.
#[derive(Clone, Debug)]
pub struct Check {
    pub claim: Claim,
    /// Local 0 of the claim.
    pub row: Option<(EntityId, u32)>,
    pub point: Point,
    /// Whether the day of the point means something, or is any.
    pub dated: bool,
    pub verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// By its place in the scenario.
    Expect(usize),
    Guarantee(GuaranteeId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    /// What a condition that should be true came to.
    Fails(Mask),
    /// The status of an answer that should have had (or not have had) another.
    Status(Status),
    /// A guarantee whose truth depends on what the scenario leaves open.
    Open,
}

impl Check {
    pub fn fails(&self) -> bool {
        !matches!(self.verdict, Verdict::Holds | Verdict::Open)
    }
}

/// Tries one scenario of a policy.
///
/// # Errors
/// What is wrong with its `given`s.
pub fn try_scenario(policy: &Policy, scenario: &Scenario) -> Result<Tried, Vec<Diagnostic>> {
    Trials::new(policy).scenario(scenario)
}

/// What is wrong with the `given`s of a policy, before anything is tried.
pub fn unstated(policy: &Policy) -> Vec<Diagnostic> {
    let wrong = |scenario: &Scenario| bind(policy, &Input::of_givens(&scenario.givens)).err();
    policy.scenarios.iter().filter_map(wrong).flatten().collect()
}

/// The scenarios of one policy: what is the same for all of them is worked out once.
pub struct Trials<'p> {
    pub(crate) policy: &'p Policy,
    prepared: Arc<Prepared>,
    /// What may differ from day to day, whatever is stated.
    days: DayDependence<'p>,
}

impl<'p> Trials<'p> {
    pub fn new(policy: &'p Policy) -> Trials<'p> {
        let prepared = Arc::new(Prepared::new(policy));
        Trials { policy, prepared, days: depends_on_day(policy, None) }
    }

    /// Tries one of them.
    ///
    /// # Errors
    /// What is wrong with its `given`s.
    pub fn scenario(&self, scenario: &Scenario) -> Result<Tried, Vec<Diagnostic>> {
        let policy = self.policy;
        let facts = bind(policy, &Input::of_givens(&scenario.givens))?;
        let mut run = Evaluator::prepared(policy, &facts, &self.prepared);
        let outside = stated::said(policy, &run.conditions());
        if !outside.is_empty() {
            return Err(outside);
        }
        let mut trial = Trial { policy, facts: &facts, run, days: &self.days, here: OnceCell::new() };
        let mut checks = Vec::new();
        let mut wrong = Vec::new();
        let mut moments: Vec<Moment> = Vec::new();
        let mut seen = BTreeSet::new();
        for (at, expect) in scenario.expects.iter().enumerate() {
            match trial.moment(expect) {
                Ok(moment) => {
                    checks.push(trial.expect(at, expect, &moment));
                    if seen.insert(moment) {
                        moments.push(moment);
                    }
                }
                Err(error) => wrong.push(error),
            }
        }
        for id in policy.guarantees.ids() {
            trial.guarantee(id, &moments, &mut checks);
        }
        Ok(Tried { checks, wrong, facts })
    }
}

/// The guarantees that do not hold of stated facts, at one point and for each row; no day: those that no day can change.
pub fn broken(
    policy: &Policy,
    facts: &Facts,
    prepared: &Arc<Prepared>,
    asked: (Option<Day>, Day),
) -> Vec<Check> {
    let mut checks = Vec::new();
    if policy.guarantees.is_empty() {
        return checks;
    }
    let days = depends_on_day(policy, None);
    let run = Evaluator::prepared(policy, facts, prepared);
    let mut trial = Trial { policy, facts, run, days: &days, here: OnceCell::new() };
    let (day, known) = asked;
    for id in policy.guarantees.ids() {
        trial.guarantee(id, &[Moment { day, known }], &mut checks);
    }
    checks.retain(Check::fails);
    checks
}

impl fmt::Debug for Trials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trials").finish_non_exhaustive()
    }
}

struct Trial<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    run: Evaluator<'a>,
    days: &'a DayDependence<'a>,
    /// What may differ from day to day as things are stated here; looked for only where it matters.
    here: OnceCell<DayDependence<'a>>,
}

impl Trial<'_> {
    fn expect(&mut self, at: usize, expect: &Expect, moment: &Moment) -> Check {
        let point = moment.point();
        let verdict = match &expect.what {
            Expected::Holds(condition) => match self.run.value(*condition, None, point).mask() {
                mask if mask.is_true() => Verdict::Holds,
                mask => Verdict::Fails(mask),
            },
            Expected::Status { outcome, row, negated, state } => {
                let row = row.and_then(|row| self.row(row, point));
                let status = self.run.answer(*outcome, row.map(|(_, row)| row), point).status;
                judge(status, *state, *negated)
            }
            Expected::Settled { value, negated, state } => {
                let set = self.run.value(*value, None, point);
                let status = if set.is_error() {
                    Status::Error
                } else if set.is_decided() {
                    Status::Determined
                } else {
                    Status::Undetermined
                };
                judge(status, *state, *negated)
            }
        };
        Check { claim: Claim::Expect(at), row: None, point, dated: moment.day.is_some(), verdict }
    }

    /// A guarantee on the facts of the scenario: at the points of its expectations, or for each row.
    fn guarantee(&mut self, id: GuaranteeId, moments: &[Moment], checks: &mut Vec<Check>) {
        for (row, moment) in self.guarantee_points(id, moments) {
            let point = moment.point();
            let mask = self.run.value(self.policy.guarantees[id].what, row, point).mask();
            let verdict = if mask.is_true() {
                Verdict::Holds
            } else if mask.may_be_true() {
                Verdict::Open
            } else {
                Verdict::Fails(mask)
            };
            let dated = moment.day.is_some();
            checks.push(Check { claim: Claim::Guarantee(id), row, point, dated, verdict });
        }
    }

    /// Whether something may differ from day to day as things are stated.
    fn differs(&self, may: impl Fn(&DayDependence<'_>) -> bool) -> bool {
        may(self.days) && may(self.here.get_or_init(|| depends_on_day(self.policy, Some(self.facts))))
    }

    /// The row that an expression names.
    fn row(&mut self, expr: ExprId, point: Point) -> Option<(EntityId, u32)> {
        points::row_of(self.policy, &mut self.run, expr, point)
    }
}

fn judge(found: Status, wanted: State, negated: bool) -> Verdict {
    if (Some(found) == status_of(wanted)) != negated { Verdict::Holds } else { Verdict::Status(found) }
}

fn status_of(state: State) -> Option<Status> {
    match state {
        State::Undetermined => Some(Status::Undetermined),
        State::Gap => Some(Status::Gap),
        State::Conflict => Some(Status::Conflict),
        State::Error => Some(Status::Error),
        State::Pending
        | State::Fulfilled
        | State::Breached
        | State::Cured
        | State::Available
        | State::Done
        | State::Invalid
        | State::Threatened => None,
    }
}
