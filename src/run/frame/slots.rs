//! What is stated of a slot at a point (T2, T3).

use crate::facts::{Slot, Statement};
use crate::outcome::Point;
use crate::policy::Fact;
use crate::value::{Dates, Day, Interval, Possible};

/// What a slot says at a point.
pub(crate) enum Reading<'f> {
    /// The statement that holds.
    Stated(&'f Statement),
    /// Stated, but not for this day: after `stated through`, or before the first statement of a cumulative fact (T3).
    /// What is still known.
    Beyond(Possible, &'f Statement),
    /// Not stated, and after `stated through` this day: the default holds no longer (T3). Of a cumulative fact it is what
    /// there is at least.
    Ended(Day),
    /// Not stated: the default, else unknown.
    Missing,
}

/// T2, T3. What is not `over time` is the same on every day.
pub(crate) fn read<'f>(slot: &'f Slot, decl: &Fact, point: Point, through: Option<Day>) -> Reading<'f> {
    if !decl.over_time {
        return slot.at(Day::NEVER, point.known).map_or(Reading::Missing, Reading::Stated);
    }
    match slot.at(point.day, point.known) {
        Some(last) => match through {
            // T3: after the facts end, and no later statement covers the day
            Some(through) if point.day > through && last.from <= through => {
                Reading::Beyond(at_least(decl, &last.value), last)
            }
            _ => Reading::Stated(last),
        },
        None if decl.cumulative && decl.default.is_none() => match first(slot, point.known) {
            // T3: it never decreases, so before its first statement it is at most that
            Some(first) => {
                let most = first.value.as_numbers().and_then(|range| range.hi().cloned());
                let left = most.map_or_else(|| decl.ty.anything(), at_most);
                Reading::Beyond(left, first)
            }
            None => Reading::Missing,
        },
        None => match through.filter(|through| decl.default.is_some() && point.day > *through) {
            Some(through) => Reading::Ended(through),
            None => Reading::Missing,
        },
    }
}

/// T3: what never decreases is at least its last value.
pub(crate) fn at_least(decl: &Fact, last: &Possible) -> Possible {
    match last.as_numbers().and_then(|range| range.lo().cloned()) {
        Some(least) if decl.cumulative => Possible::Numbers(Interval::at_least(least)),
        _ => decl.ty.anything(),
    }
}

fn at_most(most: crate::value::Number) -> Possible {
    Possible::Numbers(Interval::at_most(most))
}

/// The earliest statement known on a day, as last corrected by then.
fn first(slot: &Slot, known: Day) -> Option<&Statement> {
    let seen = slot.statements.iter().find(|statement| statement.known <= known)?;
    slot.at(seen.from, known)
}

/// The days in a range on which what is stated may change: its first day, and each later day that begins a statement or
/// follows `stated through` (T4). `never` is no day.
pub(crate) fn days_of_change(slot: &Slot, range: &Dates, through: Option<Day>) -> Vec<Day> {
    let Some((first, last)) = range.days() else { return Vec::new() };
    let mut days = vec![first];
    let begun = slot.statements.partition_point(|statement| statement.from < first);
    let later = slot.statements.get(begun..).unwrap_or(&[]).iter();
    days.extend(later.map(|statement| statement.from).take_while(|from| *from <= last));
    days.extend(through.map(Day::next));
    days.retain(|day| (first..=last).contains(day));
    days.sort_unstable();
    days.dedup();
    days
}

/// The knowledge days in a range on which what is known may change; at the end of time everything stated is known.
pub(crate) fn knowledge_days_in(slot: &Slot, range: &Dates) -> Vec<Day> {
    let mut days: Vec<Day> = slot.statements.iter().map(|statement| statement.known).collect();
    days.extend(range.days().map(|(first, _)| first));
    days.push(Day::NEVER);
    days.retain(|day| range.contains(*day));
    days.sort_unstable();
    days.dedup();
    days
}
