//! What the language promises.

use super::*;
use crate::outcome::Cause;

const FROM: &str = "2024-01-01";
const TO: &str = "2030-12-31";

/// `2025-08-07 rate by rule`, one for each segment; and that the days agree.
fn lines(policy: &Policy, facts: &Facts, outcome: &str) -> (Vec<String>, Timeline, usize) {
    let range = (day(FROM), day(TO));
    compare(policy, facts, range, Day::NEVER, "");
    let mut timelines = Timelines::new(policy, facts, Day::NEVER);
    let timeline = timelines.of(policy.outcome(outcome).unwrap(), None, range.0, range.1);
    let line = |segment: &crate::outcome::Segment| {
        let who = segment.answer.reasons.first().and_then(|reason| reason.rule);
        let who = who.map_or("-", |rule| policy.rules[rule].shown.as_str());
        let value = match segment.answer.value() {
            Some(Value::Number(number)) => number.to_string(),
            Some(value) => format!("{value:?}"),
            None => segment.answer.status.as_str().to_owned(),
        };
        format!("{} {value} by {who}", segment.from)
    };
    (timeline.segments.iter().map(line).collect(), timeline, timelines.asked())
}

fn causes(timeline: &Timeline) -> Vec<&Cause> {
    timeline.segments.iter().flat_map(|segment| &segment.causes).collect()
}

#[test]
fn the_pledge() {
    let policy = policy(include_str!("../../../policies/pledge.comity"));
    let mut facts = Facts::none(&policy);
    let billion = |n: i64| num(n * 1_000_000_000);
    state(
        &policy,
        &mut facts,
        "disbursed",
        series(&[("2025-09-04", "", billion(0)), ("2028-12-31", "", billion(549))]),
    );
    let (found, timeline, asked) = lines(&policy, &facts, "tariff");
    assert_eq!(
        found,
        ["2024-01-01 0.25 by standing", "2025-08-07 0.15 by ceiling", "2029-01-20 0.25 by snapback"]
    );
    assert_eq!(timeline.segments[2].until, day("2031-01-01"));
    assert!(
        matches!(causes(&timeline)[..], [Cause::RuleBegins(_), Cause::Passed { day: last, .. }] if *last == day("2029-01-19"))
    );
    // No day was asked that is not the first of its stretch.
    assert_eq!(asked, 3);
    facts.stated_through = Some(day("2028-12-31"));
    assert_eq!(lines(&policy, &facts, "tariff").0[2], "2029-01-20 undetermined by snapback");
}

#[test]
fn windows_of_rules() {
    let policy = policy(
        "outcome o : number\n\
         rule low from 2025-03-01 until 2026-03-01: o := 1\n\
         rule high notwithstanding low from 2025-06-01 until 2025-07-01: o := 2\n\
         rule same from 2025-08-01 known from 2026-01-01: o := 1\n",
    );
    let facts = Facts::none(&policy);
    let (found, timeline, _) = lines(&policy, &facts, "o");
    assert_eq!(
        found,
        [
            "2024-01-01 gap by -",
            "2025-03-01 1 by low",
            "2025-06-01 2 by high",
            "2025-07-01 1 by low",
            // The same answer for one more reason is another stretch.
            "2025-08-01 1 by low",
            "2026-03-01 1 by same"
        ]
    );
    let ends = causes(&timeline).iter().filter(|cause| matches!(cause, Cause::RuleEnds(_))).count();
    assert_eq!(ends, 2);
    let before =
        of(&policy, &facts, policy.outcome("o").unwrap(), None, (day(FROM), day(TO)), day("2025-12-31"));
    assert_eq!(before.segments.len(), 5);
}

#[test]
fn dated_facts_and_what_does_not_matter() {
    let policy = policy(
        "fact paid : number over time\nfact other : number over time\noutcome o : bool\n\
         if paid >= 10 or other < 0 then o := true otherwise o := false\n",
    );
    let mut facts = Facts::none(&policy);
    state(
        &policy,
        &mut facts,
        "paid",
        series(&[("", "", num(1)), ("2025-01-01", "", num(5)), ("2025-05-01", "", num(12))]),
    );
    state(
        &policy,
        &mut facts,
        "other",
        series(&[("", "", num(0)), ("2026-01-01", "", num(3)), ("2027-01-01", "", num(4))]),
    );
    let (found, timeline, asked) = lines(&policy, &facts, "o");
    assert_eq!(found, ["2024-01-01 Bool(false) by o#1", "2025-05-01 Bool(true) by o#1"]);
    assert!(matches!(causes(&timeline)[..], [Cause::Stated { from, .. }] if *from == day("2025-05-01")));
    // Once enough was paid the other fact decides nothing, and is not looked at.
    assert_eq!(asked, 3);
}

#[test]
fn edges_of_months_and_moving_deadlines() {
    let policy = policy(
        "fact paid : number over time\nfact due : date = 2025-02-10\n\
         outcome month_day : date\noutcome late : bool\noutcome seen : number\noutcome waits : bool\n\
         rule m: month_day := first day of month of today\n\
         rule l: late := today > due + 2 months\n\
         rule s: seen := paid as of (today - 30 days)\n\
         rule w: waits := (today - due) / 1 day >= 100 and today <= due + 200 days\n",
    );
    let mut facts = Facts::none(&policy);
    state(&policy, &mut facts, "paid", series(&[("", "", num(1)), ("2025-03-01", "", num(2))]));
    let (months, timeline, asked) = lines(&policy, &facts, "month_day");
    assert_eq!((months.len(), asked), (84, 84));
    assert!(matches!(causes(&timeline)[0], Cause::Moved(_)));
    let (late, _, asked) = lines(&policy, &facts, "late");
    assert_eq!(late, ["2024-01-01 Bool(false) by l", "2025-04-11 Bool(true) by l"]);
    assert_eq!(asked, 2);
    let (seen, timeline, asked) = lines(&policy, &facts, "seen");
    assert_eq!(seen, ["2024-01-01 1 by s", "2025-03-31 2 by s"]);
    assert!(matches!(causes(&timeline)[0], Cause::Stated { .. }));
    assert_eq!(asked, 2);
    let (waits, ..) = lines(&policy, &facts, "waits");
    assert_eq!(
        waits.iter().map(|line| line.split(' ').next().unwrap()).collect::<Vec<_>>(),
        ["2024-01-01", "2025-05-21", "2025-08-30"]
    );
}

#[test]
fn what_is_not_monotone_is_asked_day_by_day() {
    let policy = policy("outcome o : bool\nrule r: o := today + 1 month rounding down < today + 30 days\n");
    let (found, ..) = lines(&policy, &Facts::none(&policy), "o");
    assert!(found.len() > 10, "{found:?}");
}

#[test]
fn rows_come_on_their_dates() {
    let policy = policy(
        "entity entry keyed by id dated by entered { id : text entered : date n : number }\n\
         outcome total : number\nrule t: total := sum of entry.n for each entry where year of entry.entered = year of today\n",
    );
    let rows = "rows: {entry: {a: {entered: 2025-03-01, n: 3}, b: {entered: 2025-09-01, n: 4}, c: {entered: 2027-01-05, n: 5}}}";
    let facts = crate::worlds::read(&policy, rows, "");
    let (found, timeline, asked) = lines(&policy, &facts, "total");
    let sums =
        ["2024-01-01 0", "2025-03-01 3", "2025-09-01 7", "2026-01-01 0", "2027-01-05 5", "2028-01-01 0"];
    assert_eq!(found, sums.map(|sum| format!("{sum} by t")));
    assert!(matches!(causes(&timeline)[0], Cause::Row { row: 0, .. }));
    assert!(asked <= 12, "{asked}");
}

#[test]
fn knowledge_that_moves_with_the_day() {
    let policy =
        policy("fact paid : number over time\noutcome o : number\nrule r: o := paid as known on today\n");
    let mut facts = Facts::none(&policy);
    let statements =
        [("", "", num(1)), ("2025-03-01", "2025-06-01", num(2)), ("2025-04-01", "2025-05-01", num(3))];
    state(&policy, &mut facts, "paid", series(&statements));
    let (found, _, asked) = lines(&policy, &facts, "o");
    assert_eq!(found, ["2024-01-01 1 by r", "2025-05-01 3 by r"]);
    assert!(asked <= 5, "{asked}");
}

#[test]
fn a_long_chain_of_names() {
    let mut text = "fact x : number over time = 0\ndefine n0 : number = x\n".to_owned();
    for at in 1..2_000 {
        text.push_str(&format!("define n{at} : number = n{} + n{0}\n", at - 1));
    }
    text.push_str("outcome o : bool\nrule r: o := n1999 > 0\n");
    let policy = policy(&text);
    let mut facts = Facts::none(&policy);
    state(&policy, &mut facts, "x", series(&[("2025-01-01", "", num(0)), ("2026-01-01", "", num(1))]));
    let timeline = of(&policy, &facts, policy.outcome("o").unwrap(), None, (day(FROM), day(TO)), Day::NEVER);
    assert_eq!(timeline.segments.len(), 2);
}
