//! O2–O6: powers and acts.

use super::*;
use crate::outcome::{Failure, Status};
use crate::policy::PowerId;

const PROCEDURE: &str = "office president\noffice committee\noffice council\n\
    fact viable : bool over time = true\nfact cured : bool over time = false\n\
    power consult held by council\n\
    power recommend held by committee requires consult is done\n\
    power select held by president from 2025-01-01 until 2025-12-31 requires recommend is done and viable\n\
    power withdraw held by committee ends recommend\n\
    power raise(chosen : rate) held by president notwithstanding ceiling\n\
      requires select is done requires chosen <= 25% requires tariff < 25%\n\
      then tariff := chosen until cured\n\
    outcome tariff : rate\n\
    rule ceiling: tariff := 15%\n";

struct Case {
    policy: Policy,
    facts: Facts,
}

impl Case {
    fn new(text: &str) -> Case {
        let policy = policy(text);
        let facts = Facts::none(&policy);
        Case { policy, facts }
    }

    fn power(&self, name: &str) -> PowerId {
        self.policy.powers.iter().find(|(_, power)| power.name == name).map(|(id, _)| id).unwrap()
    }

    fn act(mut self, name: &str, by: &str, on: &str, params: &[Possible]) -> Case {
        let power = self.power(name);
        let by = self.policy.holders.iter().find(|(_, holder)| holder.name == by).map(|(id, _)| id).unwrap();
        let (on, known, span) = (day(on), Day::FIRST, Span::default());
        self.facts.acts.push(Act {
            power,
            row: None,
            by: vec![by],
            on,
            known,
            params: params.to_vec(),
            span,
        });
        self.facts.acts.sort_by_key(|act| (act.on, act.known, act.power));
        self
    }

    fn known(mut self, from: &str) -> Case {
        let last = self.facts.acts.last_mut().unwrap();
        last.known = day(from);
        self
    }

    fn stated(mut self, name: &str, values: &[(&str, &str, Possible)]) -> Case {
        state(&self.policy, &mut self.facts, name, series(values));
        self
    }

    /// The value or the status of the tariff, and of the only outcome.
    fn tariff(&self, on: &str) -> String {
        let mut run = Evaluator::new(&self.policy, &self.facts);
        let (id, _) = self.policy.outcomes.iter().next().unwrap();
        let answer = run.bare_answer(id, None, Point::new(day(on), Day::NEVER));
        match answer.value() {
            Some(Value::Number(number)) => format!("{}", number.mul(&Number::from(100)).unwrap()),
            _ => answer.status.as_str().to_owned(),
        }
    }

    fn valid(&self, name: &str, on: &str) -> Vec<(String, Vec<&'static str>)> {
        let mut run = Evaluator::new(&self.policy, &self.facts);
        let answer = run.power(self.power(name), None, Point::new(day(on), Day::NEVER));
        let word = |failure: &Failure| match failure {
            Failure::Holder => "holder",
            Failure::NotInForce(_) => "not in force",
            Failure::Requirement(..) => "requirement",
        };
        let one = |act: &crate::outcome::ActAnswer| {
            let on = self.facts.acts[act.act as usize].on.to_string();
            (on, act.failures.iter().map(word).collect())
        };
        answer.acts.iter().map(one).collect()
    }

    fn done(&self, name: &str, on: &str) -> bool {
        let mut run = Evaluator::new(&self.policy, &self.facts);
        run.power(self.power(name), None, Point::new(day(on), Day::NEVER)).done.is_true()
    }
}

fn percent(n: i64) -> Possible {
    Value::Number(Number::from(n).div(&Number::from(100)).unwrap()).into()
}

fn selected() -> Case {
    Case::new(PROCEDURE)
        .act("consult", "council", "2025-02-01", &[])
        .act("recommend", "committee", "2025-02-03", &[])
        .act("select", "president", "2025-02-05", &[])
}

#[test]
fn o2_a_step_that_is_missing_makes_an_act_invalid() {
    let case = Case::new(PROCEDURE).act("recommend", "committee", "2025-02-03", &[]).act(
        "select",
        "president",
        "2025-02-05",
        &[],
    );
    assert_eq!(case.valid("recommend", "2025-03-01"), [("2025-02-03".to_owned(), vec!["requirement"])]);
    assert_eq!(case.valid("select", "2025-03-01"), [("2025-02-05".to_owned(), vec!["requirement"])]);
    assert!(!case.done("select", "2025-03-01"));
}

#[test]
fn o1_o2_holder_and_window() {
    let case = selected().act("consult", "president", "2025-01-15", &[]).act(
        "select",
        "committee",
        "2025-12-31",
        &[],
    );
    assert_eq!(case.valid("consult", "2025-03-01")[0], ("2025-01-15".to_owned(), vec!["holder"]));
    // `until` is the first day on which it no longer holds.
    assert_eq!(
        case.valid("select", "2026-01-01")[1],
        ("2025-12-31".to_owned(), vec!["holder", "not in force"])
    );
}

#[test]
fn o3_a_limit_on_a_parameter_is_a_requirement() {
    let case = selected().act("raise", "president", "2025-03-01", &[percent(30)]);
    assert_eq!(case.valid("raise", "2025-03-01"), [("2025-03-01".to_owned(), vec!["requirement"])]);
    assert_eq!(case.tariff("2025-03-01"), "15");
}

#[test]
fn o4_the_latest_valid_act_stands_until_its_condition_holds() {
    let case = selected()
        .act("raise", "president", "2025-03-01", &[percent(20)])
        .act("raise", "president", "2025-04-01", &[percent(22)])
        .stated(
            "cured",
            &[("2025-05-01", "", Possible::bool(true)), ("2025-06-01", "", Possible::bool(false))],
        );
    let days = ["2025-02-28", "2025-03-01", "2025-04-01", "2025-04-30", "2025-05-01", "2025-06-01"];
    let tariffs: Vec<String> = days.iter().map(|on| case.tariff(on)).collect();
    // What has ended does not revive, neither the latest nor the one before it.
    assert_eq!(tariffs, ["15", "20", "22", "22", "15", "15"]);
}

#[test]
fn o4_a_cure_on_the_day_itself_prevents_it() {
    let case = selected().act("raise", "president", "2025-03-01", &[percent(20)]).stated(
        "cured",
        &[("2025-03-01", "", Possible::bool(true)), ("2025-03-02", "", Possible::bool(false))],
    );
    assert_eq!(case.tariff("2025-03-01"), "15");
    assert_eq!(case.tariff("2025-03-02"), "15");
    // The act was valid all the same (O5).
    assert!(case.done("raise", "2025-03-02"));
}

#[test]
fn o4_two_acts_of_one_day_clash_where_they_differ() {
    let case = selected().act("raise", "president", "2025-03-01", &[percent(20)]).act(
        "raise",
        "president",
        "2025-03-01",
        &[percent(22)],
    );
    assert_eq!(case.tariff("2025-03-01"), Status::Conflict.as_str());
    let case = selected().act("raise", "president", "2025-03-01", &[percent(20)]).act(
        "raise",
        "president",
        "2025-03-01",
        &[percent(20)],
    );
    assert_eq!(case.tariff("2025-03-01"), "20");
}

#[test]
fn o2_a_doubtful_act_makes_its_effect_a_rule_that_may_be_silent() {
    let case = selected().stated("viable", &[("2025-02-05", "", Possible::Bools)]).act(
        "raise",
        "president",
        "2025-03-01",
        &[percent(20)],
    );
    assert_eq!(case.tariff("2025-03-01"), Status::Undetermined.as_str());
    // An open parameter: any rate it may be.
    let case = selected().act(
        "raise",
        "president",
        "2025-03-01",
        &[Possible::Numbers(crate::value::Interval::all())],
    );
    assert_eq!(case.tariff("2025-03-01"), Status::Undetermined.as_str());
}

#[test]
fn o4_o5_a_power_that_ends_another() {
    let case = selected().act("withdraw", "committee", "2025-02-04", &[]);
    assert!(case.done("recommend", "2025-02-03"));
    assert!(!case.done("recommend", "2025-02-04"));
    assert!(!case.done("select", "2025-03-01"));
    // Of one day with it: ended.
    let case = selected().act("withdraw", "committee", "2025-02-03", &[]);
    assert!(!case.done("recommend", "2025-02-03"));
    // A later recommendation is done again.
    let case = selected().act("withdraw", "committee", "2025-02-04", &[]).act(
        "recommend",
        "committee",
        "2025-02-10",
        &[],
    );
    assert!(case.done("recommend", "2025-02-10"));
}

#[test]
fn o6_a_requirement_sees_the_tariff_without_the_act_of_the_day() {
    // At 25 % already: a second raise sees the first, but not itself.
    let case = selected().act("raise", "president", "2025-03-01", &[percent(25)]).act(
        "raise",
        "president",
        "2025-03-02",
        &[percent(24)],
    );
    let valid = case.valid("raise", "2025-03-05");
    assert_eq!(valid[0], ("2025-03-01".to_owned(), vec![]));
    assert_eq!(valid[1], ("2025-03-02".to_owned(), vec!["requirement"]));
    assert_eq!(case.tariff("2025-03-05"), "25");
}

#[test]
fn o6_steps_of_one_day_in_the_order_of_the_procedure() {
    let case = Case::new(PROCEDURE)
        .act("select", "president", "2025-02-05", &[])
        .act("recommend", "committee", "2025-02-05", &[])
        .act("consult", "council", "2025-02-05", &[]);
    assert!(case.done("select", "2025-02-05"));
}

#[test]
fn o6_no_act_sees_a_later_one_however_the_day_is_moved() {
    let text = "office president\nfact open : bool = true\n\
        power first held by president requires not ((second is done) as of 2025-12-31)\n\
        power second held by president requires first is done\n\
        outcome x : number\nrule r: x := 1\n";
    let case = Case::new(text)
        .act("first", "president", "2025-03-01", &[])
        .act("second", "president", "2025-03-02", &[])
        .act("first", "president", "2025-03-05", &[]);
    assert_eq!(
        case.valid("first", "2025-04-01"),
        [("2025-03-01".to_owned(), vec![]), ("2025-03-05".to_owned(), vec!["requirement"])]
    );
    assert!(case.done("second", "2025-03-02"));
}

#[test]
fn o2_what_is_not_known_yet_has_not_happened() {
    let case = selected().act("raise", "president", "2025-03-01", &[percent(20)]).known("2025-03-10");
    let mut run = Evaluator::new(&case.policy, &case.facts);
    let (id, _) = case.policy.outcomes.iter().next().unwrap();
    let mut asked =
        |known: &str| run.bare_answer(id, None, Point::new(day("2025-03-01"), day(known))).value().cloned();
    assert_eq!(asked("2025-03-09").map(Possible::from), Some(percent(15)));
    assert_eq!(asked("2025-03-10").map(Possible::from), Some(percent(20)));
}

#[test]
fn o6_many_acts_that_read_each_other_do_not_nest_too_deeply() {
    let text = "office president\npower step held by president requires tariff < 1000%\n\
        then tariff := 15%\noutcome tariff : rate otherwise 10%\n";
    let mut case = Case::new(text);
    let first = i64::from(day("2000-01-01").number());
    for number in 0..3_000 {
        let on = Day::from_number(first + number).unwrap().to_string();
        case = case.act("step", "president", &on, &[]);
    }
    assert_eq!(case.tariff("2020-01-01"), "15");
}
