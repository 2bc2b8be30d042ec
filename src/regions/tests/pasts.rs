//! What rests on the past (memories, duties, acts) is outside what can be decided; yet no difference that it makes may be
//! missed: for every sampled change there is a group of the rules that decide there, or it is said what was not decided.

use super::brute::DAYS;
use super::{BUDGET, Question, Same};
use crate::effort;
use crate::facts::{Act, Facts, Slot, Statement};
use crate::generator::Dice;
use crate::outcome::{Answer, Point, Status};
use crate::policy::{Policy, RuleId};
use crate::regions::SideAnswer;
use crate::regions::groups::compare;
use crate::run::Evaluator;
use crate::text::Span;
use crate::value::{Day, Number, Possible, Value};
use crate::worlds::policy;

fn condition(dice: &mut Dice) -> String {
    let compare = ["<", "<=", ">=", ">"];
    match dice.below(8) {
        0 | 1 => format!("x {} {}", dice.pick(&compare), dice.below(3)),
        2 => format!("x {} y", dice.pick(&compare)),
        3 => format!("(x {} {} by {})", dice.pick(&compare), dice.below(3), dice.pick(&DAYS)),
        4 => format!("today >= {}", dice.pick(&DAYS)),
        5 => "1 / x > 0".to_owned(),
        6 => format!("paid is {}", dice.pick(&["breached", "pending", "fulfilled", "cured"])),
        _ => "raise is done".to_owned(),
    }
}

fn rule(dice: &mut Dice, at: u64) -> String {
    let mut text = format!("rule r{at}");
    if at > 0 && dice.below(3) > 0 {
        text.push_str(&format!(" notwithstanding r{}", dice.below(at)));
    }
    if dice.below(4) == 0 {
        text.push_str(&format!(" from {}", dice.pick(&DAYS)));
    }
    let value = dice.below(3);
    let first = condition(dice);
    match dice.below(4) {
        0 => format!("{text}: if {first} then o := {value}\n"),
        1 => format!("{text}: if {first} then o := {value} for {} days\n", dice.below(3) + 1),
        _ => format!("{text}: if {first} then o := {value} until {}\n", condition(dice)),
    }
}

/// The rules of the outcome, then the duty and the power.
fn clauses(dice: &mut Dice) -> Vec<String> {
    let many = dice.below(3) + 1;
    let mut clauses: Vec<String> = (0..many).map(|at| rule(dice, at)).collect();
    clauses.push(format!("obligation paid held by JP: x >= {} by {}\n", dice.below(3), dice.pick(&DAYS)));
    clauses.push(format!(
        "power raise(chosen : number) held by JP notwithstanding r0\n  requires x >= {}\n  requires chosen <= 5\n  \
         then o := chosen until x > {}\n",
        dice.below(2),
        dice.below(3)
    ));
    clauses
}

fn whole(clauses: &[String], otherwise: &str) -> String {
    format!(
        "agreement deal between US and JP\nfact x : number over time\nfact y : number over time\n\
         outcome o : number{otherwise}\n{}",
        clauses.concat()
    )
}

fn facts(policy: &Policy, dice: &mut Dice) -> Facts {
    let mut facts = Facts::none(policy);
    for name in ["x", "y"] {
        let mut slot = Slot::fixed(Value::Number(Number::from(dice.below(3) as i64)).into(), Span::default());
        for day in DAYS {
            if dice.below(2) == 0 {
                let value = Possible::One(Value::Number(Number::from(dice.below(3) as i64)));
                let from = Day::parse(day).unwrap();
                slot.statements.push(Statement { from, known: Day::FIRST, value, span: Span::default() });
            }
        }
        facts.facts[policy.fact(name).unwrap()] = slot;
    }
    for day in DAYS {
        if dice.below(3) == 0 {
            let (power, decl) = policy.powers.iter().next().unwrap();
            facts.acts.push(Act {
                power,
                row: None,
                by: decl.held_by.acting(),
                on: Day::parse(day).unwrap(),
                known: Day::FIRST,
                params: vec![Possible::One(Value::Number(Number::from(dice.below(8) as i64)))],
                span: Span::default(),
            });
        }
    }
    facts
}

fn is_of(side: &SideAnswer, answer: &Answer) -> bool {
    let mut theirs: Vec<RuleId> = answer.reasons.iter().filter_map(|reason| reason.rule).collect();
    let mut mine: Vec<RuleId> = side.rules.iter().map(|(rule, _)| *rule).collect();
    if answer.status == Status::Conflict || answer.status == Status::Error {
        // Of these only the guilty are reasons.
        mine.retain(|rule| theirs.contains(rule));
    }
    mine.sort();
    theirs.sort();
    side.status == answer.status && mine == theirs
}

#[test]
fn no_difference_that_rests_on_the_past_is_missed() {
    let (mut changed, mut proven) = (0, 0);
    let pairs = effort::times(20, 1_500);
    for seed in 0..pairs {
        let mut dice = Dice::new(seed);
        let mut clauses = clauses(&mut dice);
        let otherwise = dice.pick(&["", " otherwise 0"]);
        let before = whole(&clauses, otherwise);
        // One clause is another, in the place and with the name it had.
        let at = dice.below(clauses.len() as u64) as usize;
        let rules = clauses.len() - 2;
        clauses[at] = if at < rules {
            rule(&mut dice, at as u64)
        } else {
            self::clauses(&mut dice)
                .split_off(1)
                .pop()
                .filter(|_| at > rules)
                .unwrap_or_else(|| "obligation paid held by JP: x >= 2 by 2026-01-02\n".to_owned())
        };
        let after = whole(&clauses, otherwise);
        let (old, new) = (policy(&before), policy(&after));
        let ids = (old.outcome("o").unwrap(), new.outcome("o").unwrap());
        let none = (Facts::none(&old), Facts::none(&new));
        let question = Question {
            policies: [&old, &new],
            fixed: [&none.0, &none.1],
            same: &Same::default(),
            known: Day::NEVER,
            days: (Day::FIRST, Day::LAST),
            steps: BUDGET,
        };
        let made = compare(&question, [ids.0, ids.1], 0).0;
        proven += made.groups.iter().filter(|group| group.doubt.is_none()).count();
        for sample in 0..40 {
            let mut dice = Dice::new(seed * 1_000 + sample);
            let mut same = dice.clone();
            let (mine, theirs) = (facts(&old, &mut dice), facts(&new, &mut same));
            let day = Day::parse("2025-12-31").unwrap().add_days(dice.below(8) as i64).unwrap();
            let point = Point::new(day, Day::NEVER);
            let was = Evaluator::new(&old, &mine).bare_answer(ids.0, None, point);
            let is = Evaluator::new(&new, &theirs).bare_answer(ids.1, None, point);
            if was.status == is.status && was.value() == is.value() {
                continue;
            }
            changed += 1;
            let told = made.groups.iter().any(|group| is_of(&group.old, &was) && is_of(&group.new, &is));
            assert!(
                told || !made.left.is_empty(),
                "seed {seed}, sample {sample}, {day}: {:?} {:?} becomes {:?} {:?}\n{mine:?}\n{before}---\n{after}",
                was.status,
                was.possible,
                is.status,
                is.possible
            );
        }
    }
    assert!(changed > pairs * 2 && proven as u64 > pairs * 2 / 3, "{changed} changed, {proven} proven");
}
