use proptest::prelude::*;

use crate::value::{Day, MonthEnd, Period, Trouble};

pub(super) fn d(text: &str) -> Day {
    if text == "never" { Day::NEVER } else { Day::parse(text).unwrap() }
}

pub(super) fn days() -> impl Strategy<Value = Day> {
    prop_oneof![
        12 => Day::FIRST.number()..=Day::LAST.number(),
        1 => Just(Day::FIRST.number()),
        1 => Just(Day::LAST.number()),
        6 => 19_700..22_000,
    ]
    .prop_map(|number| Day::from_number(number.into()).unwrap())
}

const PERIODS: [Period; 3] = [Period::Month, Period::Quarter, Period::Year];

#[test]
fn t1_every_day_from_1900_to_2299_once() {
    let leap = |year: i32| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let mut day = Some(Day::FIRST);
    for year in 1900..=2299 {
        for (month, length) in
            (1..).zip([31, 28 + i32::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        {
            for number in 1..=length {
                let today = day.unwrap();
                assert_eq!(today.ymd(), (year, month, number as u32));
                assert_eq!(Day::from_ymd(year, month, number as u32), day);
                day = Some(today.next()).filter(|next| !next.is_never());
            }
            assert_eq!(Day::from_ymd(year, month, length as u32 + 1), None);
        }
    }
    assert_eq!(day, None);
    assert_eq!(Day::from_ymd(1899, 12, 31), None);
    assert_eq!(Day::from_ymd(2300, 1, 1), None);
    assert_eq!(Day::LAST.add_days(1), Err(Trouble::DateOutOfRange));
    assert_eq!(Day::FIRST.add_days(-1), Err(Trouble::DateOutOfRange));
    assert_eq!(Day::FIRST.add_days(i64::MAX), Err(Trouble::DateOutOfRange));
    assert_eq!(Day::FIRST.previous(), None);
    assert_eq!(d("1970-01-02").previous(), Some(d("1970-01-01")));
}

#[test]
fn t1_days_are_written_one_way() {
    assert_eq!(d("2029-01-19").to_string(), "2029-01-19");
    for wrong in [
        "2029-1-19",
        "2029-02-29",
        "2029-13-01",
        "29-01-19",
        "2029/01/19",
        " 2029-01-19",
        "never",
        "",
        "2029-01-+9",
    ] {
        assert_eq!(Day::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn v7_never_stays_never() {
    let never = Day::NEVER;
    assert!(never > Day::LAST);
    assert_eq!(never.to_string(), "never");
    assert_eq!(never.add_days(-5), Ok(never));
    assert_eq!(never.add_months(1, MonthEnd::Exact), Ok(never));
    for period in PERIODS {
        assert_eq!((never.first_of(period), never.last_of(period)), (never, never));
    }
    for trouble in [never.days_since(Day::FIRST), Day::FIRST.days_since(never), never.days_since(never)] {
        assert_eq!(trouble, Err(Trouble::NoSuchDay));
    }
    assert_eq!([never.year(), never.quarter(), never.month()], [Err(Trouble::NoSuchDay); 3]);
}

#[test]
fn t6_months_by_example() {
    for (day, months, exact, down, up) in [
        ("2026-01-15", 1, "2026-02-15", "2026-02-15", "2026-02-15"),
        ("2026-01-31", 1, "no such day", "2026-02-28", "2026-03-01"),
        ("2028-02-29", 12, "no such day", "2029-02-28", "2029-03-01"),
        ("2028-02-29", 48, "2032-02-29", "2032-02-29", "2032-02-29"),
        ("2026-03-31", -1, "no such day", "2026-02-28", "2026-03-01"),
        ("2026-01-31", -1, "2025-12-31", "2025-12-31", "2025-12-31"),
        ("2299-11-30", 1, "2299-12-30", "2299-12-30", "2299-12-30"),
        ("2299-12-01", 1, "date out of range", "date out of range", "date out of range"),
        ("1900-01-01", -1, "date out of range", "date out of range", "date out of range"),
        ("1900-01-01", i64::MIN, "date out of range", "date out of range", "date out of range"),
    ] {
        for (end, expected) in [(MonthEnd::Exact, exact), (MonthEnd::Down, down), (MonthEnd::Up, up)] {
            let shown = d(day)
                .add_months(months, end)
                .map_or_else(|trouble| trouble.to_string(), |day| day.to_string());
            assert_eq!(shown, expected, "{day} + {months} months {end:?}");
        }
    }
}

#[test]
fn periods_by_example() {
    let day = d("2028-02-10");
    assert_eq!(
        PERIODS.map(|period| day.first_of(period).to_string()),
        ["2028-02-01", "2028-01-01", "2028-01-01"]
    );
    assert_eq!(
        PERIODS.map(|period| day.last_of(period).to_string()),
        ["2028-02-29", "2028-03-31", "2028-12-31"]
    );
    assert_eq!(
        (d("2026-12-31").year(), d("2026-12-31").quarter(), d("2026-12-31").month()),
        (Ok(2026), Ok(4), Ok(12))
    );
    assert!(d("2026-02-21").is_weekend() && d("2026-02-22").is_weekend() && !d("2026-02-23").is_weekend());
    assert!(d("1950-01-01").is_weekend() && !d("1950-01-02").is_weekend());
}

proptest! {
    #[test]
    fn t6_day_shifts_come_back(day in days(), n in -200_000i64..200_000) {
        if let Ok(there) = day.add_days(n) {
            prop_assert_eq!(there.add_days(-n), Ok(day));
            prop_assert_eq!(there.days_since(day), Ok(n));
            prop_assert_eq!(there > day, n > 0);
        }
    }

    #[test]
    fn t6_month_laws(day in days(), later in days(), n in -600i64..600) {
        let (day, later) = (day.min(later), day.max(later));
        let shift = |day: Day, end| day.add_months(n, end);
        let (exact, down, up) = (shift(day, MonthEnd::Exact), shift(day, MonthEnd::Down), shift(day, MonthEnd::Up));
        match exact {
            // A day that exists is the same however ends are rounded, and has the same number.
            Ok(there) => {
                prop_assert_eq!((down, up), (Ok(there), Ok(there)));
                prop_assert_eq!(there.ymd().2, day.ymd().2);
            }
            Err(Trouble::NoSuchDay) => {
                let (down, up) = (down.unwrap(), up.unwrap());
                prop_assert_eq!(down.next(), up);
                prop_assert_eq!(up.ymd().2, 1);
            }
            Err(_) => prop_assert_eq!((down, up), (Err(Trouble::DateOutOfRange), Err(Trouble::DateOutOfRange))),
        }
        // Rounded shifts never decrease: the timeline's bisection stands on it (T10).
        for end in [MonthEnd::Down, MonthEnd::Up] {
            if let (Ok(first), Ok(second)) = (shift(day, end), shift(later, end)) {
                prop_assert!(first <= second);
            }
        }
    }

    #[test]
    fn periods_hold_their_days(day in days()) {
        for period in PERIODS {
            let (first, last) = (day.first_of(period), day.last_of(period));
            prop_assert!(first <= day && day <= last);
            prop_assert_eq!((first.first_of(period), last.first_of(period)), (first, first));
            prop_assert_eq!((first.last_of(period), last.last_of(period)), (last, last));
            if last < Day::LAST {
                prop_assert_eq!(last.next().first_of(period), last.next());
            }
        }
    }
}
