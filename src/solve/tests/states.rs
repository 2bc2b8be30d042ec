//! Asking again and otherwise: the order of questions and the budget never change a verdict.

use super::random::*;
use crate::generator::Dice;
use crate::solve::*;

fn world() -> World {
    World {
        kinds: vec![
            VarSort::Whole,
            VarSort::Number,
            choice(4),
            VarSort::Code,
            VarSort::Text,
            VarSort::Number,
            VarSort::Text,
        ],
        factors: vec![(1, 1), (-1, 1), (2, 1), (1, 3)],
        rests: (-4..=4).map(|n| (n, 1)).collect(),
        width: 3,
    }
}

fn word(verdict: &Satisfiability) -> &'static str {
    match verdict {
        Satisfiability::Sat(_) => "sat",
        Satisfiability::Unsat => "unsat",
        Satisfiability::Unknown(_) => "unknown",
    }
}

#[test]
fn pushing_and_popping_equals_asking_afresh() {
    let world = world();
    let mut words = Vec::new();
    for seed in 0..150 {
        let mut dice = Dice::new(seed);
        let mut solver = Solver::new(Formulas::new());
        let vars = world.vars(&mut solver.formulas);
        let mut stack: Vec<Vec<Tree>> = vec![Vec::new()];
        for _ in 0..25 {
            match dice.below(4) {
                0 => {
                    solver.push();
                    stack.push(Vec::new());
                }
                1 if stack.len() > 1 => {
                    solver.pop();
                    stack.pop();
                }
                _ => {
                    let tree = world.tree(&mut dice, 2);
                    let formula = tree.build(&mut solver.formulas, &vars);
                    solver.assert(formula);
                    stack.last_mut().unwrap().push(tree);
                }
            }
            let assumed = world.tree(&mut dice, 2);
            let formula = assumed.build(&mut solver.formulas, &vars);
            let verdict = solver.check(&[formula]);

            let mut fresh = Solver::new(Formulas::new());
            let vars = world.vars(&mut fresh.formulas);
            for tree in stack.iter().flatten() {
                let formula = tree.build(&mut fresh.formulas, &vars);
                fresh.assert(formula);
            }
            let formula = assumed.build(&mut fresh.formulas, &vars);
            let again = fresh.check(&[formula]);
            assert_eq!(word(&verdict), word(&again), "seed {seed}: {verdict:?} and {again:?}");
            words.push(word(&verdict));
        }
    }
    for word in ["sat", "unsat"] {
        assert!(words.iter().filter(|other| **other == word).count() > 300, "hardly any {word}");
    }
    assert!(!words.contains(&"unknown"));
}

#[test]
fn the_same_questions_have_the_same_models() {
    let world = world();
    for seed in 0..300 {
        let ask = || {
            let mut dice = Dice::new(seed);
            let mut solver = Solver::new(Formulas::new());
            let vars = world.vars(&mut solver.formulas);
            let trees: Vec<Tree> = (0..3).map(|_| world.tree(&mut dice, 4)).collect();
            let formulas: Vec<Formula> =
                trees.iter().map(|tree| tree.build(&mut solver.formulas, &vars)).collect();
            (solver.check(&formulas), solver.plainest(&formulas))
        };
        assert_eq!(ask(), ask(), "seed {seed}");
    }
}

/// A verdict once given is given with every greater budget; without steps there is none.
#[test]
fn budgets_are_monotone() {
    let world = world();
    let mut undecided = 0;
    for seed in 0..300 {
        let mut dice = Dice::new(seed);
        let tree = Tree::And((0..4).map(|_| world.tree(&mut dice, 4)).collect());
        let mut last = "unknown";
        for budget in [0, 5, 20, 50, 100, 150, 200, 300, 500, 1_000, 5_000, 1_000_000] {
            let mut solver = Solver::new(Formulas::new());
            let vars = world.vars(&mut solver.formulas);
            let formula = tree.build(&mut solver.formulas, &vars);
            solver.set_budget(budget);
            let now = word(&solver.check(&[formula]));
            if now == "unknown" {
                undecided += 1;
            }
            assert!(last == "unknown" || last == now, "seed {seed}: {last}, then {now} with {budget}");
            last = now;

            // What was left undecided is decided once there is more to spend.
            solver.set_budget(1_000_000);
            let more = word(&solver.check(&[formula]));
            assert!(now == "unknown" || now == more, "seed {seed}: {now}, then {more}");
            assert_ne!(more, "unknown", "seed {seed}");
        }
    }
    assert!(undecided > 300, "the budgets were never too small");
}

/// What was learned from hundreds of questions never leads astray in the next one.
#[test]
fn one_solver_asked_again_and_again_equals_fresh_ones() {
    let world = world();
    let mut counts = (0, 0);
    for seed in 0..12 {
        let mut dice = Dice::new(seed + 900);
        let mut solver = Solver::new(Formulas::new());
        let vars = world.vars(&mut solver.formulas);
        for turn in 0..250 {
            let trees: Vec<Tree> = (0..dice.between(2, 6)).map(|_| world.tree(&mut dice, 4)).collect();
            let ask = |solver: &mut Solver, vars: &[Var]| {
                let formulas: Vec<Formula> =
                    trees.iter().map(|tree| tree.build(&mut solver.formulas, vars)).collect();
                word(&solver.check(&formulas))
            };
            let mut fresh = Solver::new(Formulas::new());
            let fresh_vars = world.vars(&mut fresh.formulas);
            let expected = ask(&mut fresh, &fresh_vars);
            assert_eq!(ask(&mut solver, &vars), expected, "seed {seed}, question {turn}");
            match expected {
                "sat" => counts.0 += 1,
                _ => counts.1 += 1,
            }
        }
    }
    assert!(counts.0 > 200 && counts.1 > 200, "{counts:?}");
}
