use proptest::prelude::*;

use super::dates::{d, days};
use crate::value::{
    Calendar, Day, Domain, Interval, Mask, MonthEnd, Period, Possible, Ranged, Trouble, Value,
};

type Days = Interval<Day>;

fn day_sets() -> impl Strategy<Value = Days> {
    (days(), 0i64..90, 0u8..10).prop_map(|(day, more, shape)| match shape {
        0 => Interval::all(),
        1 => Interval::at_least(day),
        2 => Interval::at_most(day),
        3 => Interval::point(Day::NEVER),
        4 | 5 => Interval::point(day),
        _ => Interval::between(day, day.add_days(more).unwrap_or(day)).unwrap(),
    })
}

fn counts() -> impl Strategy<Value = Interval<i64>> {
    (-40i64..40, 0i64..10, 0u8..6).prop_map(|(n, more, shape)| match shape {
        0 => Interval::at_least(n),
        1 => Interval::all(),
        2 => Interval::between(n, n + more).unwrap(),
        _ => Interval::point(n),
    })
}

fn inside(set: &Days) -> Vec<Day> {
    let (lo, hi) = (*set.lo().unwrap(), *set.hi().unwrap());
    let mut points = vec![lo, hi, lo.next(), hi.previous().unwrap_or(lo), Day::LAST, Day::FIRST, Day::NEVER];
    points.extend((1..60).filter_map(|n| lo.add_days(n).ok()));
    points.extend([d("2024-02-29"), d("2026-01-31"), d("2035-12-31")]);
    points.retain(|point| set.contains(point));
    points
}

fn counts_inside(set: &Interval<i64>) -> Vec<i64> {
    (-60..60).chain([100_000_000, -100_000_000]).filter(|n| set.contains(n)).collect()
}

fn holds<T: Domain + std::fmt::Debug>(set: &Ranged<T>, point: Result<T, Trouble>) -> bool {
    match point {
        Ok(value) => set.0.as_ref().is_some_and(|set| set.contains(&value)),
        Err(_) => set.1.is_some(),
    }
}

fn within<T: Domain>(small: &Ranged<T>, large: &Ranged<T>) -> bool {
    let range = match (&small.0, &large.0) {
        (Some(small), Some(large)) => small.is_within(large),
        (small, _) => small.is_none(),
    };
    range && (small.1.is_none() || large.1.is_some())
}

const ENDS: [MonthEnd; 3] = [MonthEnd::Exact, MonthEnd::Down, MonthEnd::Up];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn v3_shifts_of_days_are_sound_and_monotone(set in day_sets(), count in counts(), other in day_sets()) {
        let calendar = Calendar::shipped("us_federal").unwrap();
        let (plain, business) = (set.add_days(&count), set.add_business(&count, &calendar));
        let months = ENDS.map(|end| set.add_months(&count, end));
        for day in inside(&set) {
            let one = Interval::point(day);
            prop_assert!(within(&one.add_days(&count), &plain));
            prop_assert!(within(&one.add_business(&count, &calendar), &business));
            for (end, months) in ENDS.into_iter().zip(&months) {
                prop_assert!(within(&one.add_months(&count, end), months), "{day} {count:?} {end:?} {months:?}");
            }
            for n in counts_inside(&count) {
                prop_assert!(holds(&plain, day.add_days(n)), "{day} + {n}: {plain:?}");
                prop_assert!(holds(&business, calendar.add(day, n)), "{day} + {n}: {business:?}");
                for (end, months) in ENDS.into_iter().zip(&months) {
                    prop_assert!(holds(months, day.add_months(n, end)), "{day} + {n}: {months:?}");
                }
            }
            for second in inside(&other) {
                prop_assert!(holds(&set.days_since(&other), day.days_since(second)));
            }
            for period in [Period::Month, Period::Quarter, Period::Year] {
                prop_assert!(set.first_of(period).contains(&day.first_of(period)));
                prop_assert!(set.last_of(period).contains(&day.last_of(period)));
            }
            prop_assert!(holds(&set.year(), day.year()));
            prop_assert!(holds(&set.quarter(), day.quarter()));
            prop_assert!(holds(&set.month(), day.month()));
        }
    }

    #[test]
    fn v3_no_error_is_invented_for_months_of_one_length(set in day_sets(), n in -40i64..40) {
        // Exact shifts: an error is possible only if some day has one, where the set is small enough to look.
        let points = inside(&set);
        let (lo, hi) = (*set.lo().unwrap(), *set.hi().unwrap());
        if hi.days_since(lo).is_ok_and(|apart| apart < 60) {
            let (range, trouble) = set.add_months(&Interval::point(n), MonthEnd::Exact);
            prop_assert_eq!(trouble.is_some(), points.iter().any(|day| day.add_months(n, MonthEnd::Exact).is_err()));
            prop_assert_eq!(range.is_some(), points.iter().any(|day| day.add_months(n, MonthEnd::Exact).is_ok()));
        }
    }
}

#[test]
fn v2_days_have_no_infinite_ends() {
    assert_eq!(Days::all(), Interval::between(Day::FIRST, Day::NEVER).unwrap());
    assert_eq!(Interval { lo: None, hi: None }, Days::all());
    let late = Interval { lo: Some(Day::NEVER), hi: None };
    assert_eq!(late.as_point(), Some(&Day::NEVER));
    assert_eq!(Possible::dates(late), Possible::date(Day::NEVER));
    // Nothing is before the first day, nothing after never.
    assert!(Days::all().less(&Interval::point(Day::FIRST)).is_false());
    assert!(Days::all().less_or_equal(&Interval::point(Day::NEVER)).is_true());
    assert_eq!(Days::all().less(&Interval::point(Day::NEVER)), Mask::BOTH);
}

#[test]
fn t6_shifted_sets_by_example() {
    let between = |lo, hi| Interval::between(d(lo), d(hi)).unwrap();
    let month = Interval::point(1);
    assert_eq!(
        between("2026-01-30", "2026-01-31").add_months(&month, MonthEnd::Exact),
        (None, Some(Trouble::NoSuchDay))
    );
    assert_eq!(
        between("2026-01-28", "2026-01-31").add_months(&month, MonthEnd::Exact),
        (Some(Interval::point(d("2026-02-28"))), Some(Trouble::NoSuchDay))
    );
    assert_eq!(between("2026-03-01", "2026-03-30").add_months(&month, MonthEnd::Exact).1, None);
    assert_eq!(
        Interval::at_least(d("2299-12-30")).add_days(&Interval::point(5)),
        (Some(Interval::point(Day::NEVER)), Some(Trouble::DateOutOfRange))
    );
    assert_eq!(
        between("2026-01-01", "2026-01-10").days_since(&between("2025-12-31", "2026-01-05")),
        (Interval::between(-4, 10), None)
    );
}

#[test]
fn t6_counts_add_up() {
    let between = |lo, hi| Interval::between(lo, hi).unwrap();
    assert_eq!(between(1, 2).add(&between(10, 20)), (Some(between(11, 22)), None));
    assert_eq!(between(1, 2).sub(&between(10, 20)), (Some(between(-19, -8)), None));
    assert_eq!(between(1, 2).sub(&Interval::at_least(5)), (Some(Interval::at_most(-3)), None));
    assert_eq!(Interval::point(i64::MAX).add(&Interval::point(1)), (None, Some(Trouble::Overflow)));
    assert_eq!(
        between(0, i64::MAX).add(&Interval::point(1)),
        (Some(Interval::at_least(1)), Some(Trouble::Overflow))
    );
    assert_eq!(Interval::point(0).sub(&Interval::point(i64::MIN)), (None, Some(Trouble::Overflow)));
}

#[test]
fn v2_possibilities_join() {
    let one = Possible::from(Value::Choice(1));
    assert_eq!(one.hull(&one), one);
    assert_eq!(one.hull(&Possible::from(Value::Choice(2))), Possible::Any);
    assert_eq!(Possible::bool(true).hull(&Possible::bool(false)), Possible::Bools);
    assert_eq!(Possible::Nothing.hull(&one), one);
    let days = Possible::date(d("2026-01-01")).hull(&Possible::date(Day::NEVER));
    assert_eq!(days, Possible::dates(Interval::at_least(d("2026-01-01"))));
    assert!(days.covers(&Possible::date(d("2030-01-01"))) && !days.covers(&Possible::date(d("2025-01-01"))));
}
