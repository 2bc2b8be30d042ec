use proptest::prelude::*;

use super::dates::d;
use crate::value::{Calendar, Day, SHIPPED, Trouble};

fn us() -> Calendar {
    Calendar::shipped("us_federal").unwrap()
}

fn both() -> Calendar {
    Calendar::combined("both", &[&us(), &Calendar::shipped("jp_holidays").unwrap()])
}

/// T6 in its own words, one day at a time.
fn counted(calendar: &Calendar, day: Day, n: i64) -> Result<Day, Trouble> {
    let mut day = day;
    let mut left = n.abs();
    calendar.is_open(day)?;
    if n == 0 {
        while !calendar.is_open(day)? {
            day = day.add_days(1)?;
        }
    }
    while left > 0 {
        day = day.add_days(n.signum())?;
        left -= i64::from(calendar.is_open(day)?);
    }
    Ok(day)
}

#[test]
fn t6_forty_five_business_days() {
    assert_eq!(us().add(d("2026-02-17"), 45), Ok(d("2026-04-21")));
    assert_eq!(both().add(d("2026-02-17"), 45), Ok(d("2026-04-23")));
}

#[test]
fn t6_no_business_days_is_the_day_or_the_next_one() {
    let us = us();
    assert_eq!(us.add(d("2026-07-02"), 0), Ok(d("2026-07-02")));
    // Independence Day 2026 is a Saturday, observed on the Friday.
    assert_eq!(us.add(d("2026-07-03"), 0), Ok(d("2026-07-06")));
    assert_eq!(us.add(d("2026-07-02"), 1), Ok(d("2026-07-06")));
    assert_eq!(us.add(d("2026-07-05"), -1), Ok(d("2026-07-02")));
}

#[test]
fn t6_beyond_its_years_a_calendar_says_nothing() {
    let us = us();
    assert_eq!(us.covers(), Some((d("2024-01-01"), d("2035-12-31"))));
    for (day, n) in [
        ("2023-12-29", 1),
        ("2036-01-02", -1),
        ("2035-12-31", 1),
        ("2024-01-02", -1),
        ("2030-01-01", i64::MAX),
    ] {
        assert_eq!(us.add(d(day), n), Err(Trouble::CalendarDoesNotCover), "{day} + {n}");
    }
    assert_eq!(us.add(d("2030-01-01"), i64::MIN), Err(Trouble::CalendarDoesNotCover));
    assert_eq!(us.is_open(d("2036-01-01")), Err(Trouble::CalendarDoesNotCover));
    assert_eq!(us.is_open(Day::NEVER), Err(Trouble::CalendarDoesNotCover));
    assert_eq!(us.add(Day::NEVER, 45), Ok(Day::NEVER));
}

#[test]
fn shipped_calendars_as_published() {
    for name in SHIPPED {
        assert_eq!(Calendar::shipped(name).unwrap().name(), name);
    }
    assert!(Calendar::shipped("mars").is_none());
    let closed = |calendar: &Calendar, day: &str| calendar.is_open(d(day)) == Ok(false);
    let us = us();
    for day in [
        "2025-01-20",
        "2026-02-16",
        "2026-06-19",
        "2026-07-03",
        "2026-11-26",
        "2027-12-24",
        "2027-12-31",
        "2034-01-02",
    ] {
        assert!(closed(&us, day), "{day}");
    }
    // Not the day after Thanksgiving, nor a closing by executive order.
    for day in ["2024-12-24", "2025-01-09", "2025-11-28", "2028-01-03", "2033-01-03"] {
        assert!(!closed(&us, day), "{day}");
    }
    let japan = Calendar::shipped("jp_holidays").unwrap();
    for day in [
        "2025-01-13",
        "2025-02-24",
        "2025-03-20",
        "2025-05-06",
        "2025-09-23",
        "2025-11-24",
        "2026-02-23",
        "2026-03-20",
        "2026-05-06",
        "2026-09-21",
        "2026-09-22",
        "2026-09-23",
        "2027-03-22",
        "2032-09-21",
    ] {
        assert!(closed(&japan, day), "{day}");
    }
    for day in ["2026-12-31", "2026-01-02", "2025-05-02", "2027-09-22"] {
        assert!(!closed(&japan, day), "{day}");
    }
}

#[test]
fn a_calendar_says_what_is_wrong_and_where() {
    for (text, line, message) in [
        ("", 1, "the years covered are missing"),
        ("2026-01-01,x", 1, "the years covered must come first"),
        ("# covers 2035-2024", 1, "expected years"),
        ("# covers 2026\n# covers 2027", 2, "given twice"),
        ("# covers 2026\ndate,name\n2026-02-30,x", 3, "`2026-02-30` is not a day"),
        ("# covers 2026\n2027-01-01,x", 2, "outside the years covered, 2026 to 2026"),
        ("# covers 2026 to 2027\n2027-01-01,x\n\n2027-01-01,y", 4, "listed twice"),
    ] {
        let (at, said) = Calendar::parse("c", text).unwrap_err();
        assert!(at == line && said.contains(message), "{at}: {said}");
    }
    let small = Calendar::parse(
        "small",
        "\u{feff}# A small one\r\n# covers 2026–2027\r\ndate,name\r\n2026-01-01,\"a, b\"\r\n",
    );
    assert_eq!(small.unwrap().add(d("2026-01-01"), 0), Ok(d("2026-01-02")));
}

#[test]
fn a_combined_calendar_covers_what_all_parts_cover() {
    let of = |years: &str| Calendar::parse("c", &format!("# covers {years}")).unwrap();
    let joint = Calendar::combined("joint", &[&of("2024-2028"), &of("2027-2030")]);
    assert_eq!(joint.covers(), Some((d("2027-01-01"), d("2028-12-31"))));
    let none = Calendar::combined("none", &[&of("2024"), &of("2026")]);
    assert_eq!(none.covers(), None);
    assert_eq!(none.add(d("2025-01-01"), 1), Err(Trouble::CalendarDoesNotCover));
}

proptest! {
    #[test]
    fn t6_shifts_are_counting_day_by_day(at in 0i64..4400, n in -320i64..320) {
        let (us, both) = (us(), both());
        let day = d("2023-12-20").add_days(at).unwrap();
        for calendar in [&us, &both] {
            prop_assert_eq!(calendar.add(day, n), counted(calendar, day, n));
        }
        // A business day in all its parts.
        if let Ok(open) = both.is_open(day) {
            let japan = Calendar::shipped("jp_holidays").unwrap();
            prop_assert_eq!(open, us.is_open(day) == Ok(true) && japan.is_open(day) == Ok(true));
        }
    }

    #[test]
    fn t6_shifts_come_back_and_never_decrease(at in 366i64..3000, apart in 0i64..30, n in -200i64..200, more in 0i64..5) {
        let calendar = both();
        let day = d("2024-01-01").add_days(at).unwrap();
        let later = day.add_days(apart).unwrap();
        prop_assert!(calendar.add(day, n) <= calendar.add(later, n));
        prop_assert!(calendar.add(day, n) <= calendar.add(day, n + more));
        // G2: never sooner than as many plain days.
        if n >= 1 {
            prop_assert!(calendar.add(day, n) >= day.add_days(n));
        }
        let open = calendar.add(day, 0).unwrap();
        let there = calendar.add(open, n).unwrap();
        prop_assert_eq!(calendar.is_open(there), Ok(true));
        prop_assert_eq!(calendar.add(there, -n), Ok(open));
    }
}
