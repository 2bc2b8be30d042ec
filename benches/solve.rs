//! What the solver costs: `cargo bench --bench solve`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use comity::solve::{Comparison, Direction, Formula, Formulas, Satisfiability, Solver, Var, VarSort};
use comity::value::Number;
use divan::{Bencher, black_box};
use std::num::NonZeroU32;

fn main() {
    divan::main();
}

const RULES: i64 = 1_000;

/// A thousand tiers over one fact, each above the one before.
struct Tiers {
    solver: Solver,
    size: Var,
    conditions: Vec<Formula>,
}

impl Tiers {
    fn new() -> Tiers {
        let mut formulas = Formulas::new();
        let size = formulas.var(VarSort::Number);
        let conditions = (0..RULES).map(|tier| at_least(&mut formulas, size, tier * 1_000)).collect();
        Tiers { solver: Solver::new(formulas), size, conditions }
    }

    /// Where the tiers in force differ if one threshold is 500 higher.
    fn changed(&mut self, tier: usize) -> Formula {
        let old = fired(&mut self.solver.formulas, &self.conditions);
        let mut conditions = self.conditions.clone();
        conditions[tier] = at_least(&mut self.solver.formulas, self.size, tier as i64 * 1_000 + 500);
        let new = fired(&mut self.solver.formulas, &conditions);
        let f = &mut self.solver.formulas;
        let apart: Vec<Formula> = old.iter().zip(&new).map(|(old, new)| !f.same(*old, *new)).collect();
        f.or(apart)
    }
}

fn at_least(formulas: &mut Formulas, var: Var, value: i64) -> Formula {
    formulas.compare(var, Comparison::AtLeast, &Number::from(value)).unwrap()
}

/// For each rule, that it applies and none above it does.
fn fired(formulas: &mut Formulas, conditions: &[Formula]) -> Vec<Formula> {
    let mut none_above = Formula::TRUE;
    let mut fired = Vec::new();
    for condition in conditions.iter().rev() {
        fired.push(formulas.and([*condition, none_above]));
        none_above = formulas.and([none_above, !*condition]);
    }
    fired
}

/// Asked again and again, of ten changes in turns: what is built stays built.
#[divan::bench]
fn tiers_after_one_change(bencher: Bencher) {
    let mut tiers = Tiers::new();
    let changes: Vec<Formula> = (1..=10).map(|at| tiers.changed(at * 95)).collect();
    let mut turn = 0;
    bencher.bench_local(|| {
        turn += 1;
        let verdict = tiers.solver.check(&[changes[turn % changes.len()]]);
        assert!(matches!(black_box(verdict), Satisfiability::Sat(_)));
    });
}

/// Whether one rule of the thousand can fire.
#[divan::bench]
fn tiers_one_rule(bencher: Bencher) {
    let mut tiers = Tiers::new();
    let fired = fired(&mut tiers.solver.formulas, &tiers.conditions);
    let mut turn = 0;
    bencher.bench_local(|| {
        turn += 1;
        let verdict = tiers.solver.check(&[fired[turn * 7 % fired.len()]]);
        assert!(matches!(black_box(verdict), Satisfiability::Sat(_)));
    });
}

/// From nothing: building both versions, the difference, and the check.
#[divan::bench(sample_count = 20)]
fn tiers_from_nothing(bencher: Bencher) {
    bencher.bench_local(|| {
        let mut tiers = Tiers::new();
        let change = tiers.changed(500);
        assert!(matches!(tiers.solver.check(&[change]), Satisfiability::Sat(_)));
    });
}

#[divan::bench]
fn tiers_bounds_of_a_change(bencher: Bencher) {
    let mut tiers = Tiers::new();
    let change = tiers.changed(500);
    let size = tiers.size;
    bencher.bench_local(|| {
        let least = tiers.solver.optimise(&[(size, Number::ONE)], &Number::ZERO, Direction::Least, &[change]);
        assert!(black_box(least).unwrap().is_some());
    });
}

/// A thousand rules of three conditions: two facts compared, a fact and a constant, a choice. Each rule is above those
/// before it, and a difference is asked for when one of them goes.
struct Mixed {
    solver: Solver,
    conditions: Vec<Formula>,
}

impl Mixed {
    fn new() -> Mixed {
        let mut formulas = Formulas::new();
        let numbers: Vec<Var> = (0..20).map(|_| formulas.var(VarSort::Number)).collect();
        let days: Vec<Var> = (0..6).map(|_| formulas.var(VarSort::Whole)).collect();
        let country = formulas.var(VarSort::Choice(NonZeroU32::new(249).unwrap()));
        let mut seed = 88_172_645_463_325_252u64;
        let mut roll = |count: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed >> 11) % count
        };
        let mut conditions = Vec::new();
        for _ in 0..RULES {
            let among = if roll(3) == 0 { &days } else { &numbers };
            let one = among[roll(among.len() as u64) as usize];
            let other = among[roll(among.len() as u64) as usize];
            let third = numbers[roll(20) as usize];
            let apart = Number::from(roll(40) as i64 - 20);
            let parts = [(one, Number::ONE), (other, Number::from(-1))];
            let against = formulas.linear(&parts, &apart, Comparison::Below).unwrap();
            let above = at_least(&mut formulas, third, roll(1_000) as i64 * 100);
            let where_ = formulas.choice_in(country, [roll(249) as u32, roll(249) as u32]).unwrap();
            conditions.push(formulas.and([against, above, where_]));
        }
        Mixed { solver: Solver::new(formulas), conditions }
    }

    fn without(&mut self, rule: usize) -> Formula {
        let old = fired(&mut self.solver.formulas, &self.conditions);
        let mut conditions = self.conditions.clone();
        conditions[rule] = Formula::FALSE;
        let new = fired(&mut self.solver.formulas, &conditions);
        let f = &mut self.solver.formulas;
        let apart: Vec<Formula> = old.iter().zip(&new).map(|(old, new)| !f.same(*old, *new)).collect();
        f.or(apart)
    }
}

#[divan::bench(sample_count = 40)]
fn mixed_without_one_rule(bencher: Bencher) {
    let mut mixed = Mixed::new();
    let changes: Vec<Formula> = (0..10).map(|at| mixed.without(at * 95 + 20)).collect();
    let mut turn = 0;
    bencher.bench_local(|| {
        turn += 1;
        let verdict = mixed.solver.check(&[changes[turn % changes.len()]]);
        assert!(!matches!(black_box(verdict), Satisfiability::Unknown(_)));
    });
}

#[divan::bench(sample_count = 10)]
fn mixed_from_nothing(bencher: Bencher) {
    bencher.bench_local(|| {
        let mut mixed = Mixed::new();
        let change = mixed.without(20);
        assert!(!matches!(mixed.solver.check(&[change]), Satisfiability::Unknown(_)));
    });
}

/// Which of the thousand rules can never fire.
#[divan::bench(sample_count = 5)]
fn mixed_dead_rules(bencher: Bencher) {
    let mut mixed = Mixed::new();
    let fired = fired(&mut mixed.solver.formulas, &mixed.conditions);
    bencher.bench_local(|| {
        let dead = fired.iter().filter(|rule| mixed.solver.check(&[**rule]) == Satisfiability::Unsat);
        black_box(dead.count())
    });
}
