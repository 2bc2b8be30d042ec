//! Running totals (C4, C5): the rows of a table in their groups and in their order, and the value before each.
//!
//! The order does not depend on the value carried, so it is worked out once for each knowledge day (of an undated table: for
//! each day too), and the rows are gone through one after the other, never by recursion. Where the rows of a group come in
//! the order of their dates, those that exist on a day (T9) are the first ones of the group on every later day, and one
//! pass through the group serves all days. Where they do not, each day on which rows are asked for is a pass of its own.

pub mod steps;

use crate::outcome::{Earlier, Fault, Point, Sight, SlotRef};
use crate::policy::{EntityId, ExprId, FoldId};
use crate::run::frame::{ANY_ROW, At, Named, Node};
use crate::run::sets::lift;
use crate::run::sets::running::steps::{Member, State};
use crate::run::sets::set::Set;
use crate::run::{Evaluator, Turn};
use crate::value::{Dates, Day, Mask, Possible, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// When passes hold more rows than this, those not under way are given up.
const MANY: usize = 1 << 20;

/// Which pass: for an undated table its day is part of it.
pub(in crate::run) type PassKey = (FoldId, Day, Sight, Option<Day>);

/// The passes that are not under way.
#[derive(Default)]
pub(in crate::run) struct Passes {
    by_key: BTreeMap<PassKey, Pass>,
    rows: usize,
}

impl Passes {
    /// The pass, as far as it was made.
    fn take(&mut self, key: &PassKey) -> Pass {
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

    fn put(&mut self, key: PassKey, pass: Pass) {
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
type Since = (Day, Arc<Fault>);

/// The rows of a running total as known on a day.
#[derive(Default)]
pub(crate) struct Pass {
    /// By row; shorter than the table while it is being made.
    entries: Vec<Entry>,
    arranged: bool,
    by_keys: BTreeMap<Vec<Value>, usize>,
    pub groups: Vec<Group>,
    /// Which rows there are, or of which group one is, fails.
    failed: Option<Since>,
    /// The place of a row in this group fails.
    failed_groups: BTreeMap<Vec<Value>, Since>,
    pub adrift: Adrift,
    /// Days on which rows come, in order.
    days: Vec<Day>,
    /// Until when the keys of all rows are the same (T10).
    pub keys_until: Option<Day>,
}

/// Rows whose place is not known, and from when they may exist (C5).
#[derive(Default)]
pub(crate) struct Adrift {
    /// Of any group.
    any: Option<Day>,
    /// Of a known group.
    grouped: BTreeMap<Vec<Value>, Day>,
    /// Of a group of which something is known.
    partly: Vec<(Day, Vec<Possible>)>,
    /// Each with what is known of its group, if anything.
    pub rows: Vec<(Day, u32, Option<Vec<Possible>>)>,
}

/// What is known of one row.
pub(crate) enum Entry {
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
    day: Day,
    there: Mask,
    per: Vec<Value>,
    by: Vec<Value>,
}

/// Something that rows rest on, and whether to ask again once it is stated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Support {
    Slot(SlotRef, bool),
    Name(Node, bool),
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
pub(crate) struct Group {
    pub per: Vec<Value>,
    /// In order; rows equal in all keys are one run.
    pub runs: Vec<Run>,
    /// Whether the rows stand in the order of their dates.
    pub in_time: bool,
    /// Before each run, as far as they were gone through.
    pub states: Vec<State>,
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
    pub rows: Vec<Member>,
}

pub(crate) struct Going {
    pub day: Day,
    pub next: usize,
    pub state: State,
}

impl<'a> Evaluator<'a> {
    /// The rows before a row, if all are in order.
    pub(crate) fn earlier(&mut self, node: Node) -> Turn<Option<Earlier>> {
        let Named::Running(fold) = node.named else { return Ok(None) };
        let today = node.point.day;
        self.in_pass(fold, node.point, |_, pass| {
            let place = match pass.entry(node.row) {
                Some(Entry::Placed { group, run }) => Some((*group, *run)),
                Some(Entry::Keyed(keyed)) => pass.place_of(keyed),
                _ => None,
            };
            let Some((group, run)) = place else { return Ok(None) };
            let Some(group) = pass.groups.get(group).filter(|group| !pass.adrift.reaches(&group.per, today))
            else {
                return Ok(None);
            };
            let rows = group.runs.iter().take(run).flat_map(|run| &run.rows);
            let mut rows = rows.filter(|member| member.day <= today).map(|member| member.row);
            let Some(first) = rows.next() else { return Ok(Some(Earlier { count: 0, ends: None })) };
            let (count, last) = rows.fold((1, first), |(count, _), row| (count + 1, row));
            Ok(Some(Earlier { count, ends: Some((first, last)) }))
        })
    }

    /// The value before the row whose own evaluation this is.
    pub(in crate::run) fn set_running(&mut self, fold: FoldId, at: &At) -> Turn<Set> {
        let row = at.own.map_or(ANY_ROW, |(_, row)| row);
        if row == ANY_ROW || self.is_unstated(self.policy.folds[fold].entity) {
            return Ok(self.any_running(fold));
        }
        match self.step(fold, row, at.point) {
            Some(step) => Ok(step.value.clone()),
            None => self.set_before(Node { named: Named::Running(fold), row, point: at.point }),
        }
    }

    /// The value before a row. Truth values given to conditions (N3) do not reach it: it stands for what other rows left.
    pub(in crate::run) fn set_before(&mut self, node: Node) -> Turn<Set> {
        if let Some(known) = self.sets.get(&node) {
            return Ok(known.clone());
        }
        let Named::Running(fold) = node.named else { return Err(crate::run::Deep) };
        let height = self.plan.height_of(node.named);
        if self.is_too_deep(height) {
            self.deep = Some(crate::run::Task::Value(node));
            return Err(crate::run::Deep);
        }
        let overrides = std::mem::take(&mut self.overrides);
        self.depth += height;
        let result = self.in_pass(fold, node.point, |run, pass| run.before(pass, fold, node));
        self.depth -= height;
        self.overrides = overrides;
        let set = result?;
        self.sets.put(node, set.clone());
        Ok(set)
    }

    /// With the pass for a point, which is made as far as it is not yet.
    pub(crate) fn in_pass<T>(
        &mut self,
        fold: FoldId,
        point: Point,
        then: impl FnOnce(&mut Self, &mut Pass) -> Turn<T>,
    ) -> Turn<T> {
        let days = self.is_dated(self.policy.folds[fold].entity) && self.plan.prepared.steady[fold];
        let key = (fold, point.known, point.sight, (!days).then_some(point.day));
        let mut pass = self.passes.take(&key);
        let result = match self.arrange(&mut pass, fold, point) {
            Ok(()) => then(self, &mut pass),
            Err(deep) => Err(deep),
        };
        self.passes.put(key, pass);
        result
    }

    /// Looks at the rows that were not looked at, then puts all in order.
    fn arrange(&mut self, pass: &mut Pass, fold: FoldId, point: Point) -> Turn<()> {
        if pass.arranged {
            return Ok(());
        }
        let facts = self.facts;
        let entity = self.policy.folds[fold].entity;
        let table = facts.tables.try_get(entity).and_then(Option::as_ref);
        let count = u32::try_from(table.map_or(0, |table| table.rows.len())).unwrap_or(u32::MAX);
        while let Some(row) = u32::try_from(pass.entries.len()).ok().filter(|row| *row < count) {
            let entry = self.entry(pass, fold, row, point)?;
            pass.entries.push(entry);
        }
        pass.put_in_order();
        Ok(())
    }

    fn entry(&mut self, pass: &mut Pass, fold: FoldId, row: u32, point: Point) -> Turn<Entry> {
        let entity = self.policy.folds[fold].entity;
        let decl = &self.policy.entities[entity];
        let at = self.outside(point);
        let (mut there, mut unsure) = (Mask::TRUE, None);
        if let Some(known) = decl.known {
            let date = self.row_date(entity, row, known, &at)?;
            there = match &date.values {
                Possible::Nothing => Mask::EMPTY,
                values => lift::dates(values).less_or_equal(&Dates::point(point.known)),
            };
            unsure = date.fault;
        }
        let absent = there.is_false() && unsure.is_none();
        let day = match decl.dated {
            None => point.day,
            Some(dated) => {
                let date = self.row_date(entity, row, dated, &at)?;
                match date.single() {
                    Some(Value::Date(day)) if day.is_never() => return Ok(Entry::Open),
                    Some(Value::Date(day)) => *day,
                    _ if absent => return Ok(Entry::Open),
                    _ => return Ok(pass.without_day(row, date, there, unsure)),
                }
            }
        };
        if there.is_empty()
            && let Some(fault) = unsure
        {
            pass.days.push(day);
            pass.failed = sooner(pass.failed.take(), (day, fault.clone()));
            return Ok(Entry::Fails(fault));
        }
        let own = Point { day, ..point };
        let per = self.keys_of(&self.policy.folds[fold].per, (entity, row), own)?;
        let by = self.keys_of(&self.policy.folds[fold].keys, (entity, row), own)?;
        Ok(pass.with_day(row, day, there, unsure.is_some(), per, by))
    }

    fn keys_of(&mut self, keys: &'a [ExprId], own: (EntityId, u32), point: Point) -> Turn<Vec<Set>> {
        let mut sets = Vec::with_capacity(keys.len());
        for key in keys {
            sets.push(self.own_value(*key, own, point)?);
        }
        Ok(sets)
    }

    fn before(&mut self, pass: &mut Pass, fold: FoldId, node: Node) -> Turn<Set> {
        let today = node.point.day;
        if let Some((day, fault)) = &pass.failed
            && *day <= today
        {
            return Ok(Set::fails(fault.clone()));
        }
        let Some(entry) = pass.entries.get(node.row as usize) else { return Ok(self.any_running(fold)) };
        let (per, by, day, place) = match entry {
            Entry::Fails(fault) => return Ok(Set::fails(fault.clone())),
            Entry::Open => return Ok(self.any_running(fold)),
            Entry::Keyed(keyed) => (&keyed.per, Some(&keyed.by), Some(keyed.day), None),
            Entry::Placed { group, run } => match pass.groups.get(*group) {
                Some(found) => (&found.per, None, None, Some((*group, *run))),
                None => return Ok(self.any_running(fold)),
            },
        };
        if let Some((day, fault)) = pass.failed_groups.get(per)
            && *day <= today
        {
            return Ok(Set::fails(fault.clone()));
        }
        if pass.adrift.reaches(per, today) {
            return Ok(self.any_running(fold));
        }
        let (group, run, equal) = match (place, by) {
            (Some((group, run)), _) => (group, run, true),
            (None, Some(by)) => match pass.by_keys.get(per) {
                Some(group) => match pass.groups.get(*group).map(|group| group.find(by)) {
                    Some(Ok(run)) => (*group, run, true),
                    Some(Err(run)) => (*group, run, false),
                    None => return Ok(self.any_running(fold)),
                },
                None => {
                    let own = Point { day: day.unwrap_or(today), ..node.point };
                    return self.enter(fold, &State::fresh(), node.row, own, &[]);
                }
            },
            _ => return Ok(self.any_running(fold)),
        };
        let Some(group) = pass.groups.get_mut(group) else { return Ok(self.any_running(fold)) };
        self.before_run(group, fold, node, (run, equal), day)
    }
}

impl Pass {
    /// A row whose day is open or fails.
    fn without_day(&mut self, row: u32, date: Set, there: Mask, unsure: Option<Arc<Fault>>) -> Entry {
        if let (true, Some(fault)) = (date.is_error(), &date.fault)
            && there == Mask::TRUE
            && unsure.is_none()
        {
            self.failed = sooner(self.failed.take(), (Day::FIRST, fault.clone()));
            return Entry::Fails(fault.clone());
        }
        let from = if date.fault.is_some() { Day::FIRST } else { first_day(&date.values) };
        self.days.push(from);
        self.adrift.any = Some(self.adrift.any.map_or(from, |day| day.min(from)));
        self.adrift.rows.push((from, row, None));
        Entry::Open
    }

    /// A row on its day: in the order if all its keys are known.
    fn with_day(
        &mut self,
        row: u32,
        day: Day,
        there: Mask,
        unsure: bool,
        per: Vec<Set>,
        by: Vec<Set>,
    ) -> Entry {
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
            return Entry::Fails(fault);
        }
        if let (Some(known), Some(fault)) = (&known, failing(&by)) {
            if certain {
                let since = sooner(self.failed_groups.remove(known), (day, fault.clone()));
                self.failed_groups.extend(since.map(|since| (known.clone(), since)));
            } else if !absent {
                self.drift(row, day, Some(known), &per);
            }
            return Entry::Fails(fault);
        }
        match (known, order) {
            (Some(per), Some(by)) if !unsure => Entry::Keyed(Keyed { day, there, per, by }),
            (known, _) => {
                if !absent {
                    self.drift(row, day, known.as_ref(), &per);
                }
                Entry::Open
            }
        }
    }

    fn drift(&mut self, row: u32, day: Day, known: Option<&Vec<Value>>, per: &[Set]) {
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
    fn put_in_order(&mut self) {
        self.arranged = true;
        self.days.sort_unstable();
        self.days.dedup();
        let mut lists: BTreeMap<Vec<Value>, Vec<(Vec<Value>, Member)>> = BTreeMap::new();
        for (row, entry) in (0u32..).zip(&mut self.entries) {
            let Entry::Keyed(keyed) = entry else { continue };
            if keyed.there.is_false() {
                continue;
            }
            let member = Member { row, day: keyed.day, certain: keyed.there == Mask::TRUE };
            let per = std::mem::take(&mut keyed.per);
            lists.entry(per).or_default().push((std::mem::take(&mut keyed.by), member));
        }
        for (per, mut list) in lists {
            list.sort_by(|(a, x), (b, y)| a.cmp(b).then(x.day.cmp(&y.day)).then(x.row.cmp(&y.row)));
            let at = self.groups.len();
            let mut group = Group { per: per.clone(), in_time: true, ..Group::default() };
            let mut last: Option<Day> = None;
            for (by, member) in list {
                let equal = group.runs.last().is_some_and(|run| run.by == by);
                let ordered =
                    last.is_none_or(|day| if equal { day == member.day } else { day <= member.day });
                group.in_time &= ordered;
                last = Some(member.day);
                let run = group.runs.len().saturating_sub(usize::from(equal));
                if let Some(entry) = self.entries.get_mut(member.row as usize) {
                    *entry = Entry::Placed { group: at, run };
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

    pub fn entry(&self, row: u32) -> Option<&Entry> {
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

impl Group {
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

fn sooner(known: Option<Since>, other: Since) -> Option<Since> {
    match known {
        Some(known) if known.0 <= other.0 => Some(known),
        _ => Some(other),
    }
}

fn first_day(values: &Possible) -> Day {
    lift::dates(values).lo()
}
