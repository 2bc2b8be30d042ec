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
        let mut facts = Facts::none(&self.policy);
        state(&self.policy, &mut facts, "p", daily(p));
        state(&self.policy, &mut facts, "g", daily(g));
        state(&self.policy, &mut facts, "x", Slot::fixed(x, Span::default()));
        state(&self.policy, &mut facts, "s", Slot::fixed(Possible::date(on(s)), Span::default()));
        let u = if u > DAYS { Day::NEVER } else { on(u) };
        state(&self.policy, &mut facts, "u", Slot::fixed(Possible::date(u), Span::default()));
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

/// All states of all completions; without an `until` nothing more.
#[test]
fn d4_open_facts_give_all_states_that_may_be() {
    let asked = Asked::new();
    let values = [Some(true), Some(false), None];
    for p in all(4, &values) {
        for g in [vec![Some(true); 4], vec![None; 4], vec![Some(true), None, Some(true), Some(false)]] {
            for (x, s, u) in [((1, 1), 0, 9), ((0, 2), 1, 9), ((1, 3), 2, 9), ((1, 3), 0, 2)] {
                let range = Dates::between(on(x.0), on(x.1)).unwrap();
                let facts = asked.facts(&p, &g, (Possible::dates(range), s, u));
                let mut run = Evaluator::new(&asked.policy, &facts);
                for t in 0..4 {
                    let found = run.duty(asked.duty, None, None, Point::new(on(t), Day::NEVER)).states;
                    let mut wanted = DutyStates::NONE;
                    for p in completions(&p) {
                        for g in completions(&g) {
                            for x in x.0..=x.1 {
                                wanted = wanted.with(law(&p, &g, (x, s, u), t).0);
                            }
                        }
                    }
                    let said =
                        format!("p {p:?} g {g:?} x {x:?} s {s} u {u} on day {t}: {found:?} {wanted:?}");
                    assert_eq!(found.join(wanted), found, "{said}");
                    if u > 4 {
                        assert_eq!(found, wanted, "{said}");
                    }
                }
            }
        }
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
