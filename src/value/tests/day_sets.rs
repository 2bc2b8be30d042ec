use proptest::prelude::*;

use super::dates::{d, days};
use crate::value::{
    Calendar, Dates, Day, Interval, Mask, MonthEnd, Period, Possible, Ranged, RangedDates, Trouble, Value,
};

fn day_sets() -> impl Strategy<Value = Dates> {
    (days(), 0i64..90, 0u8..12).prop_map(|(day, more, shape)| {
        let days = Dates::between(day, day.add_days(more).unwrap_or(day)).unwrap();
        match shape {
            0 => Dates::ALL,
            1 => Dates::at_least(day),
            2 => Dates::at_most(day),
            3 => Dates::point(Day::NEVER),
            4 | 5 => Dates::point(day),
            6 | 7 => days.hull(&Dates::point(Day::NEVER)),
            8 => Dates::point(day).hull(&Dates::point(Day::NEVER)),
            _ => days,
        }
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

fn inside(set: &Dates) -> Vec<Day> {
    let (lo, hi) = set.days().unwrap_or((Day::NEVER, Day::NEVER));
    let mut points = vec![lo, hi, lo.next(), hi.previous().unwrap_or(lo), Day::LAST, Day::FIRST, Day::NEVER];
    points.extend((1..60).filter_map(|n| lo.add_days(n).ok()));
    points.extend([d("2024-02-29"), d("2026-01-31"), d("2035-12-31")]);
    points.retain(|point| set.contains(*point));
    points
}

fn counts_inside(set: &Interval<i64>) -> Vec<i64> {
    (-60..60).chain([100_000_000, -100_000_000]).filter(|n| set.contains(n)).collect()
}

fn holds(set: &RangedDates, point: Result<Day, Trouble>) -> bool {
    match point {
        Ok(value) => set.0.as_ref().is_some_and(|set| set.contains(value)),
        Err(_) => set.1.is_some(),
    }
}

fn holds_count(set: &Ranged<i64>, point: Result<i64, Trouble>) -> bool {
    match point {
        Ok(value) => set.0.as_ref().is_some_and(|set| set.contains(&value)),
        Err(_) => set.1.is_some(),
    }
}

fn within(small: &RangedDates, large: &RangedDates) -> bool {
    let range = match (&small.0, &large.0) {
        (Some(small), Some(large)) => small.hull(large) == *large,
        (small, _) => small.is_none(),
    };
    range && (small.1.is_none() || large.1.is_some())
}

const ENDS: [MonthEnd; 3] = [MonthEnd::Exact, MonthEnd::Down, MonthEnd::Up];

/// Members of a set that tell it apart from another: its own ends and that one's, and neighbours of them.
fn members(set: &Dates, other: &Dates) -> Vec<Day> {
    let ends: Vec<Day> = set.ends().chain(other.ends()).collect();
    let near = ends.iter().flat_map(|day| [Some(*day), Some(day.next()), day.previous()]);
    near.flatten().chain([Day::NEVER]).filter(|day| set.contains(*day)).collect()
}

fn ends_meet(one: &Dates, other: &Dates) -> bool {
    members(one, other).iter().any(|day| other.contains(*day))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn v3_shifts_of_days_are_sound_and_monotone(set in day_sets(), count in counts(), other in day_sets()) {
        let calendar = Calendar::shipped("us_federal").unwrap();
        let (plain, business) = (set.add_days(&count), set.add_business(&count, &calendar));
        let months = ENDS.map(|end| set.add_months(&count, end));
        for day in inside(&set) {
            let one = Dates::point(day);
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
                prop_assert!(holds_count(&set.days_since(&other), day.days_since(second)));
            }
            for period in [Period::Month, Period::Quarter, Period::Year] {
                prop_assert!(set.first_of(period).contains(day.first_of(period)));
                prop_assert!(set.last_of(period).contains(day.last_of(period)));
            }
            prop_assert!(holds_count(&set.year(), day.year()));
            prop_assert!(holds_count(&set.quarter(), day.quarter()));
            prop_assert!(holds_count(&set.month(), day.month()));
        }
    }

    #[test]
    fn v3_no_error_is_invented_for_months_of_one_length(set in day_sets(), n in -40i64..40) {
        // Exact shifts: an error is possible only if some day has one, where the set is small enough to look.
        let points = inside(&set);
        let (lo, hi) = (set.lo(), set.hi());
        if hi.days_since(lo).is_ok_and(|apart| apart < 60) {
            let (range, trouble) = set.add_months(&Interval::point(n), MonthEnd::Exact);
            prop_assert_eq!(trouble.is_some(), points.iter().any(|day| day.add_months(n, MonthEnd::Exact).is_err()));
            prop_assert_eq!(range.is_some(), points.iter().any(|day| day.add_months(n, MonthEnd::Exact).is_ok()));
        }
    }

    #[test]
    fn v2_a_join_has_both_and_nothing_between_the_days_and_never(one in day_sets(), other in day_sets()) {
        let all = one.hull(&other);
        prop_assert_eq!(all.may_be_never(), one.may_be_never() || other.may_be_never());
        let last = |set: &Dates| set.days().map(|(_, last)| last);
        prop_assert_eq!(last(&all), last(&one).max(last(&other)));
        for day in inside(&one).into_iter().chain(inside(&other)) {
            prop_assert!(all.contains(day));
            prop_assert!(all.lo() <= day && day <= all.hi());
        }
        prop_assert_eq!(one.meets(&other), inside(&one).iter().any(|day| other.contains(*day)) || ends_meet(&one, &other));
    }

    #[test]
    fn v6_days_and_never_compare_as_their_members_do(one in day_sets(), other in day_sets()) {
        let (mut less, mut equal) = (Mask::EMPTY, Mask::EMPTY);
        for a in members(&one, &other) {
            for b in members(&other, &one) {
                less = less.join(Mask::of(a < b));
                equal = equal.join(Mask::of(a == b));
                prop_assert!(one.min(&other).contains(a.min(b)) && one.max(&other).contains(a.max(b)));
            }
        }
        // The ends are among the members, and they tell all.
        prop_assert_eq!(one.less(&other), less);
        prop_assert_eq!(one.equal(&other), equal);
        let (least, most) = (one.min(&other), one.max(&other));
        prop_assert_eq!((least.lo(), most.lo()), (one.lo().min(other.lo()), one.lo().max(other.lo())));
        prop_assert_eq!((least.hi(), most.hi()), (one.hi().min(other.hi()), one.hi().max(other.hi())));
        prop_assert!(!least.may_be_never() || one.may_be_never() && other.may_be_never());
    }
}

#[test]
fn v2_what_is_known_of_a_date() {
    assert_eq!(Dates::between(Day::FIRST, Day::NEVER), Some(Dates::ALL));
    assert_eq!(Dates::between(Day::NEVER, Day::NEVER), Some(Dates::point(Day::NEVER)));
    assert_eq!(Dates::between(Day::NEVER, Day::LAST), None);
    assert_eq!(Possible::dates(Dates::at_least(Day::NEVER)), Possible::date(Day::NEVER));
    assert!(Dates::at_least(Day::LAST).may_be_never() && !Dates::at_most(Day::LAST).may_be_never());
    assert!(!Dates::between(Day::FIRST, Day::LAST).unwrap().may_be_never());
    // Nothing is before the first day, nothing after never.
    assert!(Dates::ALL.less(&Dates::point(Day::FIRST)).is_false());
    assert!(Dates::ALL.less_or_equal(&Dates::point(Day::NEVER)).is_true());
    assert_eq!(Dates::ALL.less(&Dates::point(Day::NEVER)), Mask::BOTH);
    // Days that end, and `never`: none of the days after them.
    let known = Dates::at_most(d("2023-03-31")).hull(&Dates::point(Day::NEVER));
    assert!(known.equal(&Dates::point(d("2024-01-20"))).is_false());
    assert_eq!(known.less(&Dates::point(d("2024-01-20"))), Mask::BOTH);
}

#[test]
fn t6_shifted_sets_by_example() {
    let between = |lo, hi| Dates::between(d(lo), d(hi)).unwrap();
    let month = Interval::point(1);
    assert_eq!(
        between("2026-01-30", "2026-01-31").add_months(&month, MonthEnd::Exact),
        (None, Some(Trouble::NoSuchDay))
    );
    assert_eq!(
        between("2026-01-28", "2026-01-31").add_months(&month, MonthEnd::Exact),
        (Some(Dates::point(d("2026-02-28"))), Some(Trouble::NoSuchDay))
    );
    assert_eq!(between("2026-03-01", "2026-03-30").add_months(&month, MonthEnd::Exact).1, None);
    assert_eq!(
        Dates::at_least(d("2299-12-30")).add_days(&Interval::point(5)),
        (Some(Dates::point(Day::NEVER)), Some(Trouble::DateOutOfRange))
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
    assert!(days.covers(&Possible::date(d("2026-01-01"))) && days.covers(&Possible::date(Day::NEVER)));
    assert!(!days.covers(&Possible::date(d("2030-01-01"))));
    let later = days.hull(&Possible::date(d("2026-03-01")));
    assert!(
        later.covers(&Possible::date(d("2026-02-01"))) && !later.covers(&Possible::date(d("2026-03-02")))
    );
}
