//! The rows of a running total in their groups and in their order (C5), as far as they were put there.

use super::steps::{RunningMember, RunningState};
use crate::outcome::{Fault, Sight, SlotRef};
use crate::policy::FoldId;
use crate::run::Set;
use crate::run::frame::NamedPoint;
use crate::run::sets::lift;
use crate::value::{Day, Mask, Possible, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// When passes hold more rows than this, those not under way are given up.
const MANY: usize = 1 << 20;

/// Which pass: for an undated table its day is part of it.
pub(crate) type PassKey = (FoldId, Day, Sight, Option<Day>);

/// The passes that are not under way.
#[derive(Default)]
pub(crate) struct Passes {
    by_key: BTreeMap<PassKey, Pass>,
    rows: usize,
}

impl Passes {
    /// The pass, as far as it was made.
    pub(super) fn take(&mut self, key: &PassKey) -> Pass {
        match self.by_key.remove(key) {
            Some(pass) => {
                self.rows -= pass.entries.len();
                pass
            }
            None => {
                if self.rows > MANY {
                    self.clear();
                }
                Pass::default()
            }
        }
    }

    pub(super) fn put(&mut self, key: PassKey, pass: Pass) {
        self.rows += pass.entries.len();
        if let Some(other) = self.by_key.insert(key, pass) {
            self.rows -= other.entries.len();
        }
    }

    pub fn clear(&mut self) {
        *self = Passes::default();
    }
}

/// From when something is so, and why.
pub(super) type PassSince = (Day, Arc<Fault>);

/// The rows of a running total as known on a day.
#[derive(Default)]
pub(crate) struct Pass {
    /// By row; shorter than the table while it is being made.
    pub(super) entries: Vec<PassEntry>,
    pub(super) arranged: bool,
    pub(super) by_keys: BTreeMap<Vec<Value>, usize>,
    pub groups: Vec<PassGroup>,
    /// Which rows there are, or of which group one is, fails.
    pub(super) failed: Option<PassSince>,
    /// The place of a row in this group fails.
    pub(super) failed_groups: BTreeMap<Vec<Value>, PassSince>,
    pub adrift: Adrift,
    /// Days on which rows come, in order.
    pub(super) days: Vec<Day>,
    /// Until when the keys of all rows are the same (T10).
    pub keys_until: Option<Day>,
}

/// Rows whose place is not known, and from when they may exist (C5).
#[derive(Default)]
pub(crate) struct Adrift {
    /// Of any group.
    pub(super) any: Option<Day>,
    /// Of a known group.
    pub(super) grouped: BTreeMap<Vec<Value>, Day>,
    /// Of a group of which something is known.
    pub(super) partly: Vec<(Day, Vec<Possible>)>,
    /// Each with what is known of its group, if anything.
    pub rows: Vec<(Day, u32, Option<Vec<Possible>>)>,
}

/// What is known of one row.
pub(crate) enum PassEntry {
    /// Its day, group and order; it exists, or may, or does not.
    Keyed(Keyed),
    /// A place in a group and in its order.
    Placed {
        group: usize,
        run: usize,
    },
    Fails(Arc<Fault>),
    /// Its place is not known.
    Open,
}

pub(crate) struct Keyed {
    pub(super) day: Day,
    pub(super) there: Mask,
    pub(super) per: Vec<Value>,
    pub(super) by: Vec<Value>,
}

/// Something that rows rest on, and whether to ask again once it is stated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Support {
    Slot(SlotRef, bool),
    Name(NamedPoint, bool),
}

/// What the rows of a group rest on, as far as somebody asked: each thing with the first run of rows that does.
#[derive(Default)]
pub(crate) struct Supports {
    pub seen: BTreeSet<Support>,
    pub upto: usize,
    pub runs: Vec<(usize, Support)>,
    /// Of rows whose place is not known: from when they may exist.
    pub adrift: Option<Vec<(Day, Support)>>,
}

/// Rows with equal `per` keys.
#[derive(Default)]
pub(crate) struct PassGroup {
    pub per: Vec<Value>,
    /// In order; rows equal in all keys are one run.
    pub runs: Vec<Run>,
    /// Whether the rows stand in the order of their dates.
    pub in_time: bool,
    /// Before each run, as far as they were gone through.
    pub states: Vec<RunningState>,
    /// A pass for one day.
    pub going: Option<Going>,
    pub days: BTreeMap<(Day, u32), Set>,
    /// What its rows rest on: of either kind (N2, V7), and with rows whose place is not known among them.
    pub supports: BTreeMap<(bool, bool), Supports>,
    /// Up to each run, until when what the rows read is the same (T10).
    pub untils: Vec<Day>,
}

pub(crate) struct Run {
    pub by: Vec<Value>,
    pub rows: Vec<RunningMember>,
}

pub(crate) struct Going {
    pub day: Day,
    pub next: usize,
    pub state: RunningState,
}

impl Pass {
    /// A row whose day is open or fails.
    pub(super) fn without_day(
        &mut self,
        row: u32,
        date: Set,
        there: Mask,
        unsure: Option<Arc<Fault>>,
    ) -> PassEntry {
        if let (true, Some(fault)) = (date.is_error(), &date.fault)
            && there == Mask::TRUE
            && unsure.is_none()
        {
            self.failed = sooner(self.failed.take(), (Day::FIRST, fault.clone()));
            return PassEntry::Fails(fault.clone());
        }
        let from = if date.fault.is_some() { Day::FIRST } else { first_day(&date.values) };
        self.days.push(from);
        self.adrift.any = Some(self.adrift.any.map_or(from, |day| day.min(from)));
        self.adrift.rows.push((from, row, None));
        PassEntry::Open
    }

    /// A row on its day: in the order if all its keys are known.
    pub(super) fn with_day(
        &mut self,
        row: u32,
        day: Day,
        there: Mask,
        unsure: bool,
        per: Vec<Set>,
        by: Vec<Set>,
    ) -> PassEntry {
        self.days.push(day);
        let (certain, absent) = (there == Mask::TRUE && !unsure, there.is_false() && !unsure);
        let known: Option<Vec<Value>> = per.iter().map(|set| set.single().cloned()).collect();
        let order: Option<Vec<Value>> = by.iter().map(|set| set.single().cloned()).collect();
        let failing = |sets: &[Set]| sets.iter().find(|set| set.is_error()).and_then(|set| set.fault.clone());
        if let Some(fault) = failing(&per) {
            if certain {
                self.failed = sooner(self.failed.take(), (day, fault.clone()));
            } else if !absent {
                self.drift(row, day, None, &per);
            }
            return PassEntry::Fails(fault);
        }
        if let (Some(known), Some(fault)) = (&known, failing(&by)) {
            if certain {
                let since = sooner(self.failed_groups.remove(known), (day, fault.clone()));
                self.failed_groups.extend(since.map(|since| (known.clone(), since)));
            } else if !absent {
                self.drift(row, day, Some(known), &per);
            }
            return PassEntry::Fails(fault);
        }
        match (known, order) {
            (Some(per), Some(by)) if !unsure => PassEntry::Keyed(Keyed { day, there, per, by }),
            (known, _) => {
                if !absent {
                    self.drift(row, day, known.as_ref(), &per);
                }
                PassEntry::Open
            }
        }
    }

    pub(super) fn drift(&mut self, row: u32, day: Day, known: Option<&Vec<Value>>, per: &[Set]) {
        let keys: Vec<Possible> = per.iter().map(|set| set.values.clone()).collect();
        // An error may stand for any key.
        let sure = per.iter().all(|set| set.fault.is_none());
        self.adrift.rows.push((day, row, sure.then(|| keys.clone())));
        match known {
            Some(known) => {
                let since = self.adrift.grouped.entry(known.clone()).or_insert(day);
                *since = day.min(*since);
            }
            None if !sure => {
                self.adrift.any = Some(self.adrift.any.map_or(day, |since| since.min(day)));
            }
            None => match self.adrift.partly.iter_mut().rev().take(64).find(|(_, known)| *known == keys) {
                Some((since, _)) => *since = day.min(*since),
                None => self.adrift.partly.push((day, keys)),
            },
        }
    }

    /// All rows are known: into their groups, each in its order.
    pub(super) fn put_in_order(&mut self) {
        self.arranged = true;
        self.days.sort_unstable();
        self.days.dedup();
        let mut lists: BTreeMap<Vec<Value>, Vec<(Vec<Value>, RunningMember)>> = BTreeMap::new();
        for (row, entry) in (0u32..).zip(&mut self.entries) {
            let PassEntry::Keyed(keyed) = entry else { continue };
            if keyed.there.is_false() {
                continue;
            }
            let member = RunningMember { row, day: keyed.day, certain: keyed.there == Mask::TRUE };
            let per = std::mem::take(&mut keyed.per);
            lists.entry(per).or_default().push((std::mem::take(&mut keyed.by), member));
        }
        for (per, mut list) in lists {
            list.sort_by(|(a, x), (b, y)| a.cmp(b).then(x.day.cmp(&y.day)).then(x.row.cmp(&y.row)));
            let at = self.groups.len();
            let mut group = PassGroup { per: per.clone(), in_time: true, ..PassGroup::default() };
            let mut last: Option<Day> = None;
            for (by, member) in list {
                let equal = group.runs.last().is_some_and(|run| run.by == by);
                let ordered =
                    last.is_none_or(|day| if equal { day == member.day } else { day <= member.day });
                group.in_time &= ordered;
                last = Some(member.day);
                let run = group.runs.len().saturating_sub(usize::from(equal));
                if let Some(entry) = self.entries.get_mut(member.row as usize) {
                    *entry = PassEntry::Placed { group: at, run };
                }
                match group.runs.last_mut() {
                    Some(run) if equal => run.rows.push(member),
                    _ => group.runs.push(Run { by, rows: vec![member] }),
                }
            }
            self.by_keys.insert(per, at);
            self.groups.push(group);
        }
    }

    /// The group of a row that is not in it, and before which run it would stand.
    pub fn place_of(&self, keyed: &Keyed) -> Option<(usize, usize)> {
        let group = *self.by_keys.get(&keyed.per)?;
        let (Ok(run) | Err(run)) = self.groups.get(group)?.find(&keyed.by);
        Some((group, run))
    }

    /// The first day after this one on which a row comes.
    pub fn next_day(&self, today: Day) -> Day {
        let at = self.days.partition_point(|day| *day <= today);
        self.days.get(at).copied().unwrap_or(crate::run::until::END)
    }

    pub fn rows(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    pub fn entry(&self, row: u32) -> Option<&PassEntry> {
        self.entries.get(row as usize)
    }
}

impl Adrift {
    /// Whether a row whose place is not known may be of this group, and exist.
    pub fn reaches(&self, per: &Vec<Value>, today: Day) -> bool {
        self.any.is_some_and(|day| day <= today)
            || self.grouped.get(per).is_some_and(|day| *day <= today)
            || self.partly.iter().any(|(day, keys)| *day <= today && are(keys, per))
    }
}

impl PassGroup {
    /// The run with these keys, or where it would stand.
    pub fn find(&self, by: &Vec<Value>) -> Result<usize, usize> {
        self.runs.binary_search_by(|run| run.by.cmp(by))
    }
}

/// Whether a row with these keys may be of this group.
pub(crate) fn may_be(keys: &Option<Vec<Possible>>, per: &[Value]) -> bool {
    keys.as_ref().is_none_or(|keys| are(keys, per))
}

fn are(keys: &[Possible], per: &[Value]) -> bool {
    let equal =
        |(key, value): (&Possible, &Value)| lift::equal(key, &Possible::One(value.clone())).may_be_true();
    keys.iter().zip(per).all(equal)
}

pub(super) fn sooner(known: Option<PassSince>, other: PassSince) -> Option<PassSince> {
    match known {
        Some(known) if known.0 <= other.0 => Some(known),
        _ => Some(other),
    }
}

fn first_day(values: &Possible) -> Day {
    lift::dates(values).lo()
}
