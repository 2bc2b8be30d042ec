//! A chart over time in words: lanes of stretches, whatever they are about. What draws knows only these.

use crate::policy::RuleId;
use crate::steps;
use crate::value::Day;
use std::collections::{BTreeMap, BTreeSet};

/// Lanes over one range of days.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What it is about.
    pub title: String,
    /// `from 2025-01-01 to 2030-12-31, as known on 2029-01-25`
    pub about: String,
    /// First and last day.
    pub days: (Day, Day),
    pub lanes: Vec<Lane>,
    /// What has no lane, and why.
    pub remarks: Vec<String>,
    /// The rules that say so.
    pub rules: BTreeSet<RuleId>,
}

/// One subject.
#[derive(Clone, Debug)]
pub struct Lane {
    pub title: String,
    /// Why it has no day, or nothing on it.
    pub note: Option<String>,
    /// In order, without overlap.
    pub stretches: Vec<LaneStretch>,
}

/// Days on which one thing holds.
#[derive(Clone, Debug)]
pub struct LaneStretch {
    pub from: Day,
    /// The first day after it, or [`Day::NEVER`].
    pub until: Day,
    pub label: String,
    pub kind: LaneKind,
    /// Who says so.
    pub who: String,
    /// Why it begins.
    pub causes: Vec<String>,
}

/// What a stretch is to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaneKind {
    /// A value, told from others by its shade.
    Value,
    /// What is so when nothing happens: `false`.
    Quiet,
    /// Several answers are possible.
    Open,
    Gap,
    Conflict,
    Error,
    /// Of a duty.
    Pending,
    Fulfilled,
    Breached,
    Cured,
    /// Of a power.
    Available,
    Done,
    Threatened,
    Invalid,
}

impl LaneKind {
    /// Those whose sign has to be explained.
    pub(super) const EXPLAINED: [LaneKind; 12] = [
        LaneKind::Open,
        LaneKind::Gap,
        LaneKind::Conflict,
        LaneKind::Error,
        LaneKind::Pending,
        LaneKind::Fulfilled,
        LaneKind::Breached,
        LaneKind::Cured,
        LaneKind::Available,
        LaneKind::Done,
        LaneKind::Threatened,
        LaneKind::Invalid,
    ];

    /// What the sign of a kind means.
    pub(super) fn meaning(self) -> Option<&'static str> {
        match self {
            LaneKind::Pending => Some("pending"),
            LaneKind::Fulfilled => Some("fulfilled"),
            LaneKind::Breached => Some("breached"),
            LaneKind::Cured => Some("cured"),
            LaneKind::Available => Some("available"),
            LaneKind::Done => Some("done"),
            LaneKind::Threatened => Some("threatened"),
            LaneKind::Invalid => Some("an act is invalid"),
            kind => kind.word(),
        }
    }

    /// What is to be said beside the label; none for values.
    pub(super) fn word(self) -> Option<&'static str> {
        match self {
            LaneKind::Value
            | LaneKind::Quiet
            | LaneKind::Pending
            | LaneKind::Fulfilled
            | LaneKind::Breached
            | LaneKind::Cured
            | LaneKind::Available
            | LaneKind::Done
            | LaneKind::Threatened
            | LaneKind::Invalid => None,
            LaneKind::Open => Some("undetermined"),
            LaneKind::Gap => Some("gap"),
            LaneKind::Conflict => Some("conflict"),
            LaneKind::Error => Some("error"),
        }
    }
}

impl LaneStretch {
    pub fn last(&self) -> Day {
        if self.until.is_never() { Day::LAST } else { self.until.previous().unwrap_or(self.until) }
    }

    /// `25%`, `undetermined: 15% or 25%`, `gap`
    pub fn said(&self) -> String {
        match self.kind.word() {
            None => self.label.clone(),
            Some(word) if self.label.is_empty() => word.to_string(),
            Some(word) => format!("{word}: {}", self.label),
        }
    }

    /// With who says so.
    pub(super) fn told(&self) -> String {
        if self.who.is_empty() { self.said() } else { format!("{} ({})", self.said(), self.who) }
    }

    /// The same where its look tells the kind.
    pub(super) fn short(&self) -> &str {
        match self.kind.word() {
            Some(word) if self.label.is_empty() => word,
            _ => &self.label,
        }
    }

    /// `2025-01-01 – 2025-08-06`, or the one day.
    pub(super) fn days(&self) -> String {
        if self.from == self.last() {
            self.from.to_string()
        } else {
            format!("{} – {}", self.from, self.last())
        }
    }
}

impl Lane {
    /// A shade below `count` for each value: equal ones look alike, and neighbours differ unless they are equal.
    pub(super) fn shades(&self, count: usize) -> Vec<usize> {
        let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
        let mut shades: Vec<usize> = Vec::with_capacity(self.stretches.len());
        let mut before: Option<&str> = None;
        for stretch in &self.stretches {
            let label = stretch.label.as_str();
            if stretch.kind != LaneKind::Value {
                shades.push(0);
                before = None;
                continue;
            }
            steps::step();
            let next = labels.len();
            let index = *labels.entry(label).or_insert(next);
            let shade = index.checked_rem(count).unwrap_or(0);
            let clash = before.is_some_and(|before| before != label) && shades.last() == Some(&shade);
            let shade = if clash { shade.saturating_add(1).checked_rem(count).unwrap_or(0) } else { shade };
            shades.push(shade);
            before = Some(label);
        }
        shades
    }
}
