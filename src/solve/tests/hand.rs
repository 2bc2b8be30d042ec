//! Single cases: folding, kinds, whole numbers that no split would end.

use super::random::choice;
use crate::solve::*;
use crate::value::Number;

fn n(value: i64) -> Number {
    Number::from(value)
}

#[test]
fn equal_formulas_are_one() {
    let mut f = Formulas::new();
    let x = f.var(VarSort::Number);
    let y = f.var(VarSort::Number);
    let a = f.compare(x, Comparison::Below, &n(5)).unwrap();
    let b = f.compare(y, Comparison::AtLeast, &n(2)).unwrap();
    assert_eq!(f.and([a, b]), f.and([b, a, b]));
    assert_eq!(f.and([a, !a]), Formula::FALSE);
    assert_eq!(f.or([a, !a]), Formula::TRUE);
    assert_eq!(f.and([]), Formula::TRUE);
    assert_eq!(f.or([]), Formula::FALSE);
    assert_eq!(f.or([b]), b);
    assert_eq!(!f.compare(x, Comparison::AtLeast, &n(5)).unwrap(), a);
    // 2x - 2y < 4 is x - y < 2, and y - x > -2.
    let one = f.linear(&[(x, n(2)), (y, n(-2))], &n(-4), Comparison::Below).unwrap();
    let other = f.linear(&[(y, n(1)), (x, n(-1))], &n(2), Comparison::Above).unwrap();
    assert_eq!(one, other);
    assert_eq!(f.linear(&[(x, n(1)), (x, n(-1))], &n(-4), Comparison::Below), Ok(Formula::TRUE));
}

#[test]
fn whole_numbers_are_tightened() {
    let mut f = Formulas::new();
    let x = f.var(VarSort::Whole);
    let half = Number::from_ratio(5, 2).unwrap();
    let two = f.compare(x, Comparison::Below, &half).unwrap();
    assert_eq!(two, f.compare(x, Comparison::AtMost, &n(2)).unwrap());
    assert_eq!(two, f.compare(x, Comparison::Below, &n(3)).unwrap());
    assert_eq!(f.compare(x, Comparison::Equal, &half), Ok(Formula::FALSE));
}

#[test]
fn numbers_that_cancel_each_other_out_leave_whole_variables_whole() {
    let mut f = Formulas::new();
    let (count, amount) = (f.var(VarSort::Whole), f.var(VarSort::Number));
    let parts = [(amount, n(1)), (count, n(1)), (amount, n(-1))];
    let half = Number::from_ratio(-1, 2).unwrap();
    assert_eq!(f.linear(&parts, &half, Comparison::Equal), Ok(Formula::FALSE));
}

#[test]
fn an_atom_speaks_of_its_own_kind() {
    let mut f = Formulas::new();
    let x = f.var(VarSort::Text);
    let (two, three) = (f.var(choice(2)), f.var(choice(3)));
    assert_eq!(f.compare(x, Comparison::Below, &n(1)), Err(AtomError::Sort));
    assert_eq!(f.choice_in(x, [0]), Err(AtomError::Sort));
    assert_eq!(f.choice_same(two, three), Err(AtomError::Sort));
    assert_eq!(f.text_is(two, "a"), Err(AtomError::Sort));
    assert_eq!(f.choice_in(two, [0, 1, 9]), Ok(Formula::TRUE));
    assert_eq!(f.choice_in(two, [9]), Ok(Formula::FALSE));
}

/// x + y = 2z and x = y + 1: no split would ever end, divisibility does.
#[test]
fn parity_is_seen() {
    let mut solver = Solver::new(Formulas::new());
    let [x, y, z] = [0; 3].map(|_| solver.formulas.var(VarSort::Whole));
    let f = &mut solver.formulas;
    let even = f.linear(&[(x, n(1)), (y, n(1)), (z, n(-2))], &n(0), Comparison::Equal).unwrap();
    let next = f.linear(&[(x, n(1)), (y, n(-1))], &n(-1), Comparison::Equal).unwrap();
    assert_eq!(solver.check(&[even, next]), Satisfiability::Unsat);
    let twice = solver.formulas.linear(&[(x, n(2)), (y, n(-2))], &n(-1), Comparison::Equal).unwrap();
    assert_eq!(twice, Formula::FALSE);
}

#[test]
fn texts_are_open_and_their_sameness_is_followed() {
    let mut solver = Solver::new(Formulas::new());
    let texts: Vec<Var> = (0..4).map(|_| solver.formulas.var(VarSort::Text)).collect();
    let f = &mut solver.formulas;
    let steel = f.text_is(texts[0], "steel").unwrap();
    let cars = f.text_is(texts[3], "cars").unwrap();
    let same: Vec<Formula> = (0..3).map(|at| f.text_same(texts[at], texts[at + 1]).unwrap()).collect();
    let chain = f.and(same.clone());
    assert_eq!(solver.check(&[steel, cars, chain]), Satisfiability::Unsat);
    assert!(matches!(solver.check(&[steel, cars, same[0], same[1], !same[2]]), Satisfiability::Sat(_)));
    let apart = solver.formulas.text_same(texts[0], texts[2]).unwrap();
    assert_eq!(solver.check(&[same[0], same[1], !apart]), Satisfiability::Unsat);
    assert!(matches!(solver.check(&[!steel, !cars, !same[0], chain]), Satisfiability::Unsat));
}

/// More pigeons than holes: hard enough to learn, restart and forget; what was learned serves other questions.
#[test]
fn choices_run_out() {
    let mut solver = Solver::new(Formulas::new());
    let pigeons: Vec<Var> = (0..8).map(|_| solver.formulas.var(choice(7))).collect();
    let mut apart = vec![Vec::new(); pigeons.len()];
    for (at, one) in pigeons.iter().enumerate() {
        for other in &pigeons[..at] {
            apart[at].push(!solver.formulas.choice_same(*one, *other).unwrap());
        }
    }
    for pigeon in &apart[..7] {
        for formula in pigeon {
            solver.assert(*formula);
        }
    }
    for _ in 0..3 {
        assert_eq!(solver.check(&apart[7]), Satisfiability::Unsat);
        assert!(matches!(solver.check(&apart[7][1..]), Satisfiability::Sat(_)));
    }
}
