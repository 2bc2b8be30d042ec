//! D1, D2, D4: duties against the lines of the law.

use super::history::{all, completions, daily, on};
use super::*;
use crate::outcome::DutyStates;
use crate::policy::{DutyId, DutyState};

const TEXT: &str = "office ann\nfact p : bool over time\nfact g : bool over time\nfact x : date\nfact s : date\n\
                    fact u : date = never\nobligation k held by ann from s until u: if g then p by x\n\
                    obligation w held by ann: p within 2 days of s\n";

/// What the law says of complete facts on day `t`; days are numbers, and before day 0 nothing is performed or owed.
fn law(p: &[bool], g: &[bool], (x, s, u): (usize, usize, usize), t: usize) -> (DutyState, Option<usize>) {
    let true_in = |from: usize, to: usize| (from..=to.min(p.len() - 1)).find(|d| p[*d]);
    let f = true_in(0, x);
    let c = true_in(x + 1, p.len() - 1);
    if !g[t] || (u <= t && u <= x && f.is_none_or(|f| f >= u)) {
        return (DutyState::NotOwed, None);
    }
    if let Some(f) = f.filter(|f| *f <= t) {
        return (DutyState::Fulfilled, Some(f));
    }
    if t < s {
        return (DutyState::NotYetDue, None);
    }
    if t <= x {
        return (DutyState::Pending, None);
    }
    if let Some(c) = c.filter(|c| *c <= t) {
        return (DutyState::Cured, Some(c));
    }
    let owed_since = (0..=t).rev().take_while(|d| g[*d]).last().unwrap_or(t);
    (DutyState::Breached, Some(owed_since.max(x + 1)))
}

const DAYS: usize = 5;

struct Asked {
    policy: Policy,
    duty: DutyId,
}

impl Asked {
    fn new() -> Asked {
        let policy = policy(TEXT);
        let duty = policy.duties.iter().find(|(_, duty)| duty.name == "k").map(|(id, _)| id).unwrap();
        Asked { policy, duty }
    }

    fn facts(&self, p: &[Option<bool>], g: &[Option<bool>], (x, s, u): (Possible, usize, usize)) -> Facts {
        let u = if u > DAYS { Day::NEVER } else { on(u) };
        self.facts_until(p, g, (x, s), Possible::date(u))
    }

    fn facts_until(
        &self,
        p: &[Option<bool>],
        g: &[Option<bool>],
        (x, s): (Possible, usize),
        u: Possible,
    ) -> Facts {
        let mut facts = Facts::none(&self.policy);
        state(&self.policy, &mut facts, "p", daily(p));
        state(&self.policy, &mut facts, "g", daily(g));
        state(&self.policy, &mut facts, "x", Slot::fixed(x, Span::default()));
        state(&self.policy, &mut facts, "s", Slot::fixed(Possible::date(on(s)), Span::default()));
        state(&self.policy, &mut facts, "u", Slot::fixed(u, Span::default()));
        facts
    }
}

#[test]
fn d1_complete_facts() {
    let asked = Asked::new();
    let values = [Some(true), Some(false)];
    for p in all(DAYS as u32, &values) {
        for g in all(DAYS as u32, &values) {
            for (x, s, u) in [(2, 0, 9), (1, 3, 9), (3, 1, 2), (2, 0, 4), (4, 2, 3)] {
                let facts = asked.facts(&p, &g, (Possible::date(on(x)), s, u));
                let mut run = Evaluator::new(&asked.policy, &facts);
                let (p, g) = (completions(&p).remove(0), completions(&g).remove(0));
                for t in 0..DAYS {
                    let answer = run.duty(asked.duty, None, None, Point::new(on(t), Day::NEVER));
                    let (state, since) = law(&p, &g, (x, s, u), t);
                    let said = format!("p {p:?} g {g:?} x {x} s {s} u {u} on day {t}");
                    assert_eq!(answer.states.single(), Some(state), "{said}");
                    assert_eq!(answer.since, since.map(on), "since: {said}");
                }
            }
        }
    }
}

/// All states of all completions, and nothing more.
#[test]
fn d4_open_facts_give_all_states_that_may_be() {
    let asked = Asked::new();
    let values = [Some(true), Some(false), None];
    let days = [
        ((1, 1), 0, (9, 9)),
        ((0, 2), 1, (9, 9)),
        ((1, 3), 2, (9, 9)),
        ((1, 3), 0, (2, 2)),
        ((2, 2), 0, (1, 3)),
        ((0, 3), 1, (1, 3)),
    ];
    for p in all(4, &values) {
        for g in [vec![Some(true); 4], vec![None; 4], vec![Some(true), None, Some(true), Some(false)]] {
            for (x, s, u) in days {
                let range = |(lo, hi): (usize, usize)| {
                    let day = |at: usize| if at > DAYS { Day::NEVER } else { on(at) };
                    Possible::dates(Dates::between(day(lo), day(hi)).unwrap())
                };
                let facts = asked.facts_until(&p, &g, (range(x), s), range(u));
                let mut run = Evaluator::new(&asked.policy, &facts);
                for t in 0..4 {
                    let found = run.duty(asked.duty, None, None, Point::new(on(t), Day::NEVER)).states;
                    let mut wanted = DutyStates::NONE;
                    for (p, g) in
                        completions(&p).iter().flat_map(|p| completions(&g).into_iter().map(move |g| (p, g)))
                    {
                        for (x, u) in (x.0..=x.1).flat_map(|x| (u.0..=u.1).map(move |u| (x, u))) {
                            wanted = wanted.with(law(p, &g, (x, s, u), t).0);
                        }
                    }
                    let said = format!("p {p:?} g {g:?} x {x:?} s {s} u {u:?} on day {t}");
                    assert_eq!(found, wanted, "{said}");
                }
            }
        }
    }
}

const RECURRING: &str = "office ann\nfact p : bool over time\nfact f : date\nfact u : date\n\
                         obligation r each month held by ann from f until u: p by last day of period\n";

/// An open beginning and an open end of a recurring duty against each day that they may be.
#[test]
fn d4_periods_of_an_open_window_are_those_of_each_choice() {
    let policy = policy(RECURRING);
    let duty = policy.duties.ids().next().unwrap();
    let stated = |f: (Day, Day), u: (Day, Day), p: &[(Day, bool)]| {
        let mut facts = Facts::none(&policy);
        let range = |(lo, hi): (Day, Day)| Possible::dates(Dates::between(lo, hi).unwrap());
        state(&policy, &mut facts, "f", Slot::fixed(range(f), Span::default()));
        state(&policy, &mut facts, "u", Slot::fixed(range(u), Span::default()));
        let statements = p.iter().map(|(from, holds)| Statement {
            from: *from,
            known: Day::FIRST,
            value: Possible::bool(*holds),
            span: Span::default(),
        });
        state(&policy, &mut facts, "p", Slot { statements: statements.collect() });
        facts
    };
    let start = day("2026-01-27");
    let mut dice = Dice::new(7);
    for _ in 0..crate::effort::times(60, 600) {
        let mut later = |from: Day, most: u64| from.add_days(dice.below(most) as i64).unwrap();
        let p = [(Day::FIRST, false), (later(start, 40), true), (later(day("2026-03-09"), 30), false)];
        let from = later(start, 10);
        let f = (from, later(from, if from.number() % 2 == 0 { 8 } else { 50 }));
        let until = later(from, 70);
        let u = (until, later(until, 12));
        let (asked, known) = (later(start, 150), Day::NEVER);
        let (open, point) = (stated(f, u, &p), Point::new(asked, known));
        let mut blunt = Evaluator::new(&policy, &open);
        let found = blunt.duty(duty, None, None, point);
        let first = later(f.0, 60);
        let of_one = blunt.duty(duty, None, Some(first), point);
        let (mut wanted, mut one, mut missing) = (DutyStates::NONE, DutyStates::NONE, false);
        let each =
            |(lo, hi): (Day, Day)| (0..=hi.days_since(lo).unwrap()).map(move |at| lo.add_days(at).unwrap());
        for (f, u) in each(f).flat_map(|f| each(u).map(move |u| (f, u))) {
            let facts = stated((f, f), (u, u), &p);
            let mut sharp = Evaluator::new(&policy, &facts);
            wanted = wanted.join(sharp.duty(duty, None, None, point).states);
            let answer = sharp.duty(duty, None, Some(first), point);
            one = one.join(answer.states);
            missing |= answer.fault.is_some();
        }
        let said = format!("f {f:?} u {u:?} p {p:?} on {asked}, of {first}");
        let few = f.1.days_since(f.0).unwrap() < 31;
        assert_eq!(found.states.join(wanted), found.states, "{said}");
        assert!(!few || found.states == wanted, "{said}: {found:?}");
        assert_eq!((of_one.states, of_one.fault.is_some()), (one, missing), "{said}");
    }
}

#[test]
fn d1_within_days_of_its_beginning() {
    let asked = Asked::new();
    let duty = asked.policy.duties.iter().find(|(_, duty)| duty.name == "w").map(|(id, _)| id).unwrap();
    let never = vec![Some(false); DAYS];
    let facts = asked.facts(&never, &never, (Possible::date(on(1)), 1, 9));
    let mut run = Evaluator::new(&asked.policy, &facts);
    let mut states = Vec::new();
    for t in 0..DAYS {
        states.extend(run.duty(duty, None, None, Point::new(on(t), Day::NEVER)).states.single());
    }
    use DutyState::*;
    assert_eq!(states, [NotYetDue, Pending, Pending, Pending, Breached]);
}

#[test]
fn d2_periods_from_a_fiscal_year_and_the_worst_of_those_begun() {
    let text = "office ann\nfact bought : number over time cumulative\n\
                obligation farm each year held by ann from 2026-04-01 until 2029-01-01:\n\
                bought - (bought as of (first day of period - 1 day)) >= 8 by last day of period\n";
    let policy = policy(text);
    let (farm, _) = policy.duties.iter().next().unwrap();
    let mut facts = Facts::none(&policy);
    let bought = [("2026-01-01", "", num(0)), ("2027-01-01", "", num(9)), ("2028-02-01", "", num(16))];
    state(&policy, &mut facts, "bought", series(&bought));
    let mut run = Evaluator::new(&policy, &facts);
    let mut ask = |period: Option<&str>, on: &str| {
        let answer = run.duty(farm, None, period.map(day), Point::new(day(on), Day::NEVER));
        (answer.states.single().unwrap(), answer.since.map(|since| since.to_string()))
    };
    use DutyState::*;
    assert_eq!(ask(None, "2026-03-31"), (NotYetDue, None));
    assert_eq!(ask(None, "2026-04-01"), (Pending, None));
    assert_eq!(ask(Some("2026-04-01"), "2027-01-01"), (Fulfilled, Some("2027-01-01".to_owned())));
    // 7 of 8 in the second year; the third, begun before 2029, is owed in full.
    assert_eq!(ask(Some("2027-04-01"), "2028-03-31"), (Pending, None));
    assert_eq!(ask(Some("2027-04-01"), "2028-04-01"), (Breached, Some("2028-04-01".to_owned())));
    assert_eq!(ask(None, "2028-04-01"), (Breached, Some("2028-04-01".to_owned())));
    assert_eq!(ask(Some("2028-04-01"), "2029-03-31"), (Pending, None));
    assert_eq!(ask(Some("2028-04-01"), "2028-03-31"), (NotYetDue, None));
    let periods = run.periods(farm, Point::new(day("2040-01-01"), Day::NEVER));
    assert_eq!(periods.len(), 3);
}
