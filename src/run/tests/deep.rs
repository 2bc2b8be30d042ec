//! R11: long chains of names end, on a small stack.

use super::build::*;
use crate::facts::Facts;
use crate::policy::*;
use crate::run::{Decided, Evaluator};
use crate::tree::CompareOp::*;

const LONG: usize = 3_000;

fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

/// d0 = x, d(n) = d(n-1) + 1, o := d(last)
fn defines() -> (Policy, OutcomeId, FactId) {
    let mut b = Build::new();
    let x = b.fact("x", Type::number());
    let mut last = b.f(x);
    for at in 0..LONG {
        let define = b.define(&format!("d{at}"), last, None);
        let (read, one) = (b.d(define, None), b.n(1));
        last = b.add(read, one);
    }
    let o = b.outcome("o", Type::number());
    b.clause("r", &[], None, o, last);
    (b.finish(), o, x)
}

#[test]
fn a_long_chain_of_defines() {
    on_a_small_stack(|| {
        let (policy, o, x) = defines();
        let mut facts = Facts::none(&policy);
        state(&mut facts, x, num(1));
        let mut run = Evaluator::new(&policy, &facts);
        assert_eq!(run.decide(o, None, on("2026-01-01")), Decided::Value(num(LONG as i64 + 1)));
        let mut run = Evaluator::new(&policy, &facts);
        assert_eq!(run.answer(o, None, on("2026-01-01")).value(), Some(&num(LONG as i64 + 1)));
        run.story(o, None, on("2026-01-01"));
        let facts = Facts::none(&policy);
        let answer = Evaluator::new(&policy, &facts).answer(o, None, on("2026-01-01"));
        assert_eq!(answer.needs.unwrap().all.len(), 1);
    });
}

/// A rule that decides at once, beside one that has to be set aside first.
#[test]
fn a_rule_beside_a_long_chain_is_one_reason() {
    on_a_small_stack(|| {
        let mut b = Build::new();
        let x = b.fact("x", Type::number());
        let mut last = b.f(x);
        for at in 0..LONG {
            let define = b.define(&format!("d{at}"), last, None);
            let (read, nothing) = (b.d(define, None), b.n(0));
            last = b.add(read, nothing);
        }
        let o = b.outcome("o", Type::number());
        let one = b.n(1);
        b.clause("a", &[], None, o, one);
        b.clause("z", &[], None, o, last);
        let policy = b.finish();
        let mut facts = Facts::none(&policy);
        state(&mut facts, x, num(1));
        let (day, mut reasons) = (on("2026-01-01"), Vec::new());
        let mut run = Evaluator::new(&policy, &facts);
        assert_eq!(run.decide_with_reasons(o, None, day, &mut reasons), Decided::Value(num(1)));
        assert_eq!(reasons, Evaluator::new(&policy, &facts).answer(o, None, day).reasons);
        let mut run = Evaluator::new(&policy, &facts);
        assert_eq!(run.value_or_answer(o, None, day, &mut reasons), Ok(num(1)));
        assert_eq!(reasons.len(), 2);
    });
}

#[test]
fn a_chain_of_tall_expressions() {
    on_a_small_stack(|| {
        let mut b = Build::new();
        let (x, c) = (b.fact("x", Type::number()), b.fact("c", Type::Bool));
        let mut last = b.f(x);
        for at in 0..100 {
            for _ in 0..15 {
                // Four levels each, as deep as brackets go.
                let (zero, one, condition) = (b.n(0), b.n(1), b.f(c));
                let sum = b.add(last, zero);
                let product = b.mul(sum, one);
                let (never, both) = (b.not(condition), b.and(&[condition]));
                let either = b.or(&[never, both]);
                last = b.iff(either, product, zero);
            }
            let define = b.define(&format!("d{at}"), last, None);
            last = b.d(define, None);
        }
        let o = b.outcome("o", Type::number());
        b.clause("r", &[], None, o, last);
        let policy = b.finish();
        let mut facts = Facts::none(&policy);
        state(&mut facts, x, num(7));
        let answer = Evaluator::new(&policy, &facts).answer(o, None, on("2026-01-01"));
        assert_eq!(answer.status, crate::outcome::Status::Undetermined);
        state(&mut facts, c, crate::value::Value::Bool(true));
        let mut run = Evaluator::new(&policy, &facts);
        assert_eq!(run.decide(o, None, on("2026-01-01")), Decided::Value(num(7)));
        run.story(o, None, on("2026-01-01"));
    });
}

#[test]
fn a_long_chain_of_outcomes_on_other_days() {
    on_a_small_stack(|| {
        let mut b = Build::new();
        let x = b.dated_fact("x", Type::number());
        let mut last = b.f(x);
        let limit = b.n(1_000_000);
        for at in 0..1_500 {
            let o = b.outcome(&format!("o{at}"), Type::number());
            let (today, condition) = (b.today(), b.cmp(last, Less, limit));
            b.clause(&format!("r{at}"), &[], Some(condition), o, last);
            let (read, yesterday) = (b.o(o, None), b.days(today, -1, crate::value::DurationKind::Days));
            let before = b.as_of(read, yesterday);
            let one = b.n(1);
            last = b.add(before, one);
        }
        let o = b.outcome("o", Type::number());
        b.clause("r", &[], None, o, last);
        let policy = b.finish();
        let mut facts = Facts::none(&policy);
        state(&mut facts, x, num(1));
        let mut run = Evaluator::new(&policy, &facts);
        assert_eq!(run.answer(o, None, on("2026-01-01")).value(), Some(&num(1_501)));
        let mut run = Evaluator::new(&policy, &facts);
        assert_eq!(run.decide(o, None, on("2026-01-01")), Decided::Value(num(1_501)));
    });
}
