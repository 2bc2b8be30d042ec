//! Witnesses people can read: small, plain values, and those wished for.

use super::random::choice;
use crate::solve::*;
use crate::value::{Code, Number};

fn n(text: &str) -> Number {
    match text.strip_prefix('-') {
        Some(text) => Number::parse_decimal(text).unwrap().neg(),
        None => Number::parse_decimal(text).unwrap(),
    }
}

fn sat(verdict: Satisfiability) -> Model {
    match verdict {
        Satisfiability::Sat(model) => model,
        other => panic!("{other:?}"),
    }
}

/// The value of a number within bounds.
fn within(kind: VarSort, wish: Option<&str>, bounds: &[(Comparison, &str)]) -> String {
    let mut solver = Solver::new(Formulas::new());
    let x = solver.formulas.var(kind);
    if let Some(wish) = wish {
        solver.prefer(x, n(wish));
    }
    for (comparison, bound) in bounds {
        let formula = solver.formulas.compare(x, *comparison, &n(bound)).unwrap();
        solver.assert(formula);
    }
    sat(solver.check(&[])).number(x).unwrap().to_string()
}

#[test]
fn numbers_are_plain() {
    use Comparison::*;
    let number = |bounds: &[(Comparison, &str)]| within(VarSort::Number, None, bounds);
    assert_eq!(number(&[]), "0");
    assert_eq!(number(&[(Above, "0")]), "1");
    assert_eq!(number(&[(Above, "0"), (Below, "0.5")]), "0.1");
    assert_eq!(number(&[(AtLeast, "1234")]), "2000");
    assert_eq!(number(&[(AtLeast, "1000"), (Below, "2000")]), "1000");
    assert_eq!(number(&[(Above, "1000"), (Below, "2000")]), "1100");
    assert_eq!(number(&[(Above, "549_999_999_999.99"), (Below, "600_000_000_000")]), "550000000000");
    assert_eq!(number(&[(Above, "0.3"), (Below, "2")]), "1");
    assert_eq!(number(&[(Above, "0.3"), (Below, "0.35")]), "0.31");
    assert_eq!(number(&[(Below, "-1234")]), "-2000");
    assert_eq!(number(&[(Equal, "0.123456789")]), "0.123456789");
    assert_eq!(number(&[(Above, "5000"), (Below, "5001")]), "5000.1");
}

#[test]
fn whole_numbers_come_near_to_what_is_preferred() {
    use Comparison::*;
    let day = |bounds: &[(Comparison, &str)]| within(VarSort::Whole, Some("20_000"), bounds);
    assert_eq!(day(&[]), "20000");
    assert_eq!(day(&[(Above, "20_100")]), "20101");
    assert_eq!(day(&[(Below, "19_000.5")]), "19000");
    assert_eq!(within(VarSort::Number, Some("7"), &[(Above, "3")]), "7");
    assert_eq!(within(VarSort::Number, Some("7"), &[(Above, "30")]), "40");
}

#[test]
fn a_fact_against_a_fact_has_plain_values_too() {
    let mut solver = Solver::new(Formulas::new());
    let disbursed = solver.formulas.var(VarSort::Number);
    let pledged = solver.formulas.var(VarSort::Number);
    let one = Number::ONE;
    let terms = [(disbursed, one.clone()), (pledged, one.neg())];
    let short = solver.formulas.linear(&terms, &Number::ZERO, Comparison::Below).unwrap();
    let large = solver.formulas.compare(pledged, Comparison::AtLeast, &n("550_000_000_000")).unwrap();
    let model = sat(solver.check(&[short, large]));
    assert_eq!(model.number(disbursed), Some(&n("0")));
    assert_eq!(model.number(pledged), Some(&n("600_000_000_000")));
    let some = solver.formulas.compare(disbursed, Comparison::AtLeast, &n("549_999_999_999")).unwrap();
    let model = sat(solver.check(&[short, some]));
    assert_eq!(model.number(disbursed), Some(&n("600_000_000_000")));
    assert_eq!(model.number(pledged), Some(&n("700_000_000_000")));
}

#[test]
fn the_plainest_model_looks_beyond_the_first_condition_met() {
    let mut solver = Solver::new(Formulas::new());
    let day = solver.formulas.var(VarSort::Whole);
    let sector = solver.formulas.var(choice(5));
    let size = solver.formulas.var(VarSort::Number);
    solver.prefer(day, n("100"));
    let f = &mut solver.formulas;
    let early = f.compare(day, Comparison::AtMost, &n("10")).unwrap();
    let late = f.compare(day, Comparison::AtLeast, &n("130")).unwrap();
    let when = f.or([early, late]);
    let fourth = f.choice_in(sector, [4]).unwrap();
    let third = f.choice_in(sector, [2]).unwrap();
    let what = f.or([fourth, third]);
    let big = f.compare(size, Comparison::AtLeast, &n("1000")).unwrap();
    let small = f.compare(size, Comparison::AtMost, &n("3")).unwrap();
    let much = f.or([big, small]);
    let model = sat(solver.plainest(&[when, what, much]));
    assert_eq!(model.number(day), Some(&n("130")));
    assert_eq!(model.choice(sector), Some(2));
    assert_eq!(model.number(size), Some(&n("0")));
}

#[test]
fn what_a_model_rests_on_is_said() {
    let mut solver = Solver::new(Formulas::new());
    let x = solver.formulas.var(VarSort::Number);
    let y = solver.formulas.var(VarSort::Number);
    let one = solver.formulas.compare(x, Comparison::Above, &n("1")).unwrap();
    let other = solver.formulas.compare(y, Comparison::Above, &n("1")).unwrap();
    let either = solver.formulas.or([one, other]);
    let model = sat(solver.check(&[either]));
    assert!(model.rests_on(x) != model.rests_on(y));
}

#[test]
fn codes_are_short_and_fresh() {
    let mut solver = Solver::new(Formulas::new());
    let code = solver.formulas.var(VarSort::Code);
    let c = |text: &str| Code::parse(text).unwrap();
    let f = &mut solver.formulas;
    let cars = f.code_under(code, &c("8703")).unwrap();
    let exact = f.code_is(code, &c("8703")).unwrap();
    let petrol = f.code_under(code, &c("8703.00")).unwrap();
    let found = |solver: &mut Solver, formulas: &[Formula]| match solver.check(formulas) {
        Satisfiability::Sat(model) => Some(match model.worth(code) {
            Some(Worth::Code(code)) => code.digits(),
            other => panic!("{other:?}"),
        }),
        Satisfiability::Unsat => None,
        other => panic!("{other:?}"),
    };
    assert_eq!(found(&mut solver, &[cars]), Some("8703".into()));
    assert_eq!(found(&mut solver, &[cars, !exact]), Some("870300".into()));
    assert_eq!(found(&mut solver, &[cars, !exact, !petrol]), Some("870301".into()));
    // A hundred subheadings follow the heading, and each of them is barred.
    let mut barred = vec![cars, !exact];
    for pair in 0..100 {
        barred.push(!solver.formulas.code_under(code, &c(&format!("8703.{pair:02}"))).unwrap());
    }
    assert_eq!(found(&mut solver, &barred), None);
    // A code of twelve digits has none below it.
    let long = solver.formulas.code_under(code, &c("870300112233")).unwrap();
    let only = solver.formulas.code_is(code, &c("870300112233")).unwrap();
    assert_eq!(found(&mut solver, &[long]), Some("870300112233".into()));
    assert_eq!(found(&mut solver, &[long, !only]), None);
    let longer = Code::of_digits("8703001122334").unwrap();
    assert_eq!(solver.formulas.code_is(code, &longer), Err(AtomError::Digits));
}
