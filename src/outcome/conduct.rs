//! What came out about conduct: the states of duties, the standing of powers, the validity of acts.

use super::Fault;
use crate::policy::{DutyId, DutyState, ExprId, PowerId};
use crate::value::{Day, Mask, Possible};
use std::sync::Arc;

/// The states a duty may be in (V2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DutyStates(u8);

impl DutyStates {
    pub const NONE: DutyStates = DutyStates(0);
    /// Every state there is.
    pub const ALL: DutyStates = DutyStates(0b11_1111);
    /// Every state, the worst first (D2).
    pub const EACH: [DutyState; 6] = [
        DutyState::Breached,
        DutyState::Pending,
        DutyState::Cured,
        DutyState::Fulfilled,
        DutyState::NotOwed,
        DutyState::NotYetDue,
    ];

    pub fn one(state: DutyState) -> DutyStates {
        DutyStates::NONE.with(state)
    }

    pub fn with(self, state: DutyState) -> DutyStates {
        DutyStates(self.0 | 1 << state as u8)
    }

    pub fn join(self, other: DutyStates) -> DutyStates {
        DutyStates(self.0 | other.0)
    }

    pub fn has(self, state: DutyState) -> bool {
        self.0 & 1 << state as u8 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = DutyState> {
        DutyStates::EACH.into_iter().filter(move |state| self.has(*state))
    }

    /// The state, if there is only one.
    pub fn single(self) -> Option<DutyState> {
        let mut all = self.iter();
        all.next().filter(|_| all.next().is_none())
    }
}

/// How a duty stands on a day (D1, D2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyAnswer {
    pub duty: DutyId,
    pub row: Option<u32>,
    /// Of a recurring duty: the first and the last day of the period this is about.
    pub period: Option<(Day, Day)>,
    pub states: DutyStates,
    /// Since when it is fulfilled, breached or cured, if that is certain.
    pub since: Option<Day>,
    /// The last day on which performance is in time; none: it had not to be looked at.
    pub deadline: Option<Possible>,
    /// An error that is possible; with no states, the error it is.
    pub fault: Option<Arc<Fault>>,
}

/// How a power stands on a day (O5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerAnswer {
    pub power: PowerId,
    pub row: Option<u32>,
    pub in_force: Mask,
    pub available: Mask,
    pub done: Mask,
    /// Requirements that mention no parameter, each with what it comes to on the day.
    pub requires: Vec<(ExprId, Mask)>,
    /// The acts stated and visible, in order.
    pub acts: Vec<ActAnswer>,
    /// Announcements stated and visible, by their places in the facts.
    pub threats: Vec<u32>,
    pub fault: Option<Arc<Fault>>,
}

/// What an act came to (O2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActAnswer {
    /// Its place in the facts.
    pub act: u32,
    pub valid: Mask,
    /// Why it is not, or may not be, valid.
    pub failures: Vec<Failure>,
    /// Whether its effect stands on the day (O4).
    pub stands: Mask,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Somebody else holds the power.
    Holder,
    /// The power was not in force on the day of the act; what that came to.
    NotInForce(Mask),
    /// A requirement was not, or may not have been, true.
    Requirement(ExprId, Mask),
}
