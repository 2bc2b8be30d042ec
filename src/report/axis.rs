//! Days on a line of a certain length, and the marks along it.

use crate::value::{Day, MonthEnd, Period};

/// A range of days on a line, in cells or pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    from: Day,
    /// How many days.
    days: i64,
    length: i64,
}

/// A mark with its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tick {
    pub at: i64,
    pub label: String,
}

/// From mark to mark.
#[derive(Clone, Copy, Debug)]
enum AxisStep {
    Days(i64),
    Months(i64),
    Quarter,
    Years(i64),
}

/// Shortest first.
const STEPS: &[AxisStep] = &[
    AxisStep::Days(1),
    AxisStep::Days(7),
    AxisStep::Months(1),
    AxisStep::Quarter,
    AxisStep::Years(1),
    AxisStep::Years(2),
    AxisStep::Years(5),
    AxisStep::Years(10),
    AxisStep::Years(20),
    AxisStep::Years(50),
    AxisStep::Years(100),
];

impl Axis {
    /// Both days included.
    pub(super) fn new((from, to): (Day, Day), length: i64) -> Axis {
        let days = i64::from(to.number()).saturating_sub(i64::from(from.number())).saturating_add(1);
        Axis { from, days: days.max(1), length: length.max(1) }
    }

    /// Where a day begins; days outside are at the ends.
    pub(super) fn at(&self, day: Day) -> i64 {
        let since = i64::from(day.number()).saturating_sub(i64::from(self.from.number()));
        since.clamp(0, self.days).saturating_mul(self.length).checked_div(self.days).unwrap_or(0)
    }

    /// Marks on days that begin a year, quarter, month or week, as close as their labels allow with `space` between them:
    /// `wide` tells the length of a label.
    pub(super) fn ticks(&self, wide: impl Fn(&str) -> i64, space: i64) -> Vec<Tick> {
        let end = |tick: &Tick| tick.at.saturating_add(wide(&tick.label));
        let mut ticks = Vec::new();
        for step in STEPS {
            ticks = self.marks(*step);
            let mut apart = ticks.iter().zip(ticks.iter().skip(1));
            if apart.all(|(one, next)| end(one).saturating_add(space) <= next.at) {
                break;
            }
        }
        // The last may stand too close to the end for its label.
        ticks.retain(|tick| end(tick) <= self.length);
        ticks
    }

    fn marks(&self, step: AxisStep) -> Vec<Tick> {
        let mut marks = Vec::new();
        let mut next = first(step, self.from);
        while let Some(day) = next {
            let since = i64::from(day.number()).saturating_sub(i64::from(self.from.number()));
            if since >= self.days || day.is_never() {
                break;
            }
            if since >= 0 {
                marks.push(Tick { at: self.at(day), label: label(step, day) });
            }
            // Marks this close are never drawn.
            if i64::try_from(marks.len()).unwrap_or(i64::MAX) > self.length {
                break;
            }
            next = after(step, day);
        }
        marks
    }
}

/// The last mark that is not after a day.
fn first(step: AxisStep, day: Day) -> Option<Day> {
    match step {
        AxisStep::Days(1) => Some(day),
        AxisStep::Days(count) => {
            // 1970-01-01 was a Thursday: weeks begin on Mondays.
            let into = i64::from(day.number()).saturating_add(3).checked_rem_euclid(count)?;
            Some(day.add_days(into.saturating_neg()).unwrap_or(day))
        }
        AxisStep::Months(_) => Some(day.first_of(Period::Month)),
        AxisStep::Quarter => Some(day.first_of(Period::Quarter)),
        AxisStep::Years(count) => {
            let year = day.year().ok()?;
            let year = year.saturating_sub(year.checked_rem_euclid(count)?);
            let year = i32::try_from(year).ok()?;
            // Before the first of all years there is no mark.
            Day::from_ymd(year, 1, 1)
                .or_else(|| Day::from_ymd(year.saturating_add(i32::try_from(count).ok()?), 1, 1))
        }
    }
}

fn after(step: AxisStep, day: Day) -> Option<Day> {
    match step {
        AxisStep::Days(count) => day.add_days(count).ok(),
        AxisStep::Months(count) => day.add_months(count, MonthEnd::Exact).ok(),
        AxisStep::Quarter => day.add_months(3, MonthEnd::Exact).ok(),
        AxisStep::Years(count) => day.add_months(count.saturating_mul(12), MonthEnd::Exact).ok(),
    }
}

fn label(step: AxisStep, day: Day) -> String {
    let (year, month, _) = day.ymd();
    match step {
        AxisStep::Days(_) => day.to_string(),
        AxisStep::Months(_) => format!("{year:04}-{month:02}"),
        AxisStep::Quarter => format!("{year:04} Q{}", day.quarter().unwrap_or(1)),
        AxisStep::Years(_) => format!("{year:04}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    fn labels(from: &str, to: &str, length: i64) -> Vec<String> {
        let axis = Axis::new((day(from), day(to)), length);
        let wide = |label: &str| i64::try_from(label.len()).expect("short");
        axis.ticks(wide, 1).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn marks_are_as_close_as_their_labels_allow() {
        assert_eq!(labels("2025-01-01", "2030-12-31", 60), ["2025", "2026", "2027", "2028", "2029", "2030"]);
        assert_eq!(labels("2025-03-15", "2026-02-10", 60), ["2025 Q2", "2025 Q3", "2025 Q4", "2026 Q1"]);
        assert_eq!(labels("2025-03-15", "2025-07-10", 60), ["2025-04", "2025-05", "2025-06"]);
        assert_eq!(labels("2025-03-15", "2025-03-17", 60), ["2025-03-15", "2025-03-16", "2025-03-17"]);
        assert_eq!(
            labels("2025-03-14", "2025-04-14", 60),
            ["2025-03-17", "2025-03-24", "2025-03-31", "2025-04-07"]
        );
    }

    #[test]
    fn all_days_there_are_have_marks() {
        assert_eq!(labels("1900-01-01", "2299-12-31", 40), ["1900", "2000", "2100", "2200"]);
    }

    #[test]
    fn no_two_labels_overlap_on_any_range() {
        for days in [1, 2, 6, 40, 100, 365, 800, 5_000, 30_000, 146_096] {
            for length in [20, 55, 900] {
                let to = Day::FIRST.add_days(days - 1).expect("in range");
                let axis = Axis::new((Day::FIRST, to), length);
                let wide = |label: &str| i64::try_from(label.len()).expect("short");
                let ticks = axis.ticks(wide, 1);
                assert!(ticks.iter().all(|tick| tick.at + wide(&tick.label) <= length), "{ticks:?}");
                for (one, next) in ticks.iter().zip(ticks.iter().skip(1)) {
                    assert!(one.at + wide(&one.label) < next.at, "{days} days on {length}: {ticks:?}");
                }
            }
        }
    }
}
