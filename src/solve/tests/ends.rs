//! The ends of what a term can be, against every value.

use super::random::*;
use crate::generator::Dice;
use crate::solve::*;
use crate::value::Number;

fn n(value: i64) -> Number {
    Number::from(value)
}

fn at(value: Number, attained: bool) -> Extreme {
    Extreme::At { value, attained }
}

#[test]
fn ends_of_whole_sums_are_those_found_by_trying() {
    let world = World {
        kinds: vec![VarSort::Whole, VarSort::Whole, choice(2)],
        factors: vec![(1, 1), (-1, 1), (2, 1), (3, 1), (-1, 2)],
        rests: (-5..=5).map(|n| (n, 1)).collect(),
        width: 2,
    };
    let mut found = 0;
    for seed in 0..1_500 {
        let mut dice = Dice::new(seed);
        let mut parts: Vec<Tree> = (0..2)
            .flat_map(|var| {
                [(-4, Comparison::AtMost), (4, Comparison::AtLeast)]
                    .map(|(rest, comparison)| Tree::Linear(vec![(var, (1, 1))], (rest, 1), comparison))
            })
            .collect();
        for _ in 0..dice.between(1, 3) {
            parts.push(world.tree(&mut dice, 3));
        }
        let tree = Tree::And(parts);
        let goal = [dice.between(-3, 3), dice.between(-3, 3)];
        let mut values = Vec::new();
        for (x, y, z) in (-4..=4).flat_map(|x| (-4..=4).flat_map(move |y| [(x, y, 0), (x, y, 1)])) {
            if tree.holds(&[Plain::Number(n(x)), Plain::Number(n(y)), Plain::Choice(z)]) {
                values.push(n(goal[0] * x + goal[1] * y + 1));
            }
        }
        let mut solver = Solver::new(Formulas::new());
        let vars = world.vars(&mut solver.formulas);
        let formula = tree.build(&mut solver.formulas, &vars);
        let term = [(vars[0], n(goal[0])), (vars[1], n(goal[1]))];
        let least = solver.optimise(&term, &n(1), Direction::Least, &[formula]).unwrap();
        let greatest = solver.optimise(&term, &n(1), Direction::Greatest, &[formula]).unwrap();
        assert_eq!(least, values.iter().min().map(|value| at(value.clone(), true)), "seed {seed}");
        assert_eq!(greatest, values.iter().max().map(|value| at(value.clone(), true)), "seed {seed}");
        found += usize::from(!values.is_empty());
    }
    assert!(found > 500, "{found}");
}

#[test]
fn the_last_point_inside_and_the_first_outside() {
    let mut solver = Solver::new(Formulas::new());
    let paid = solver.formulas.var(VarSort::Number);
    let due = solver.formulas.var(VarSort::Number);
    let day = solver.formulas.var(VarSort::Whole);
    let f = &mut solver.formulas;
    let late = f.compare(day, Comparison::Above, &Number::from_ratio(41, 2).unwrap()).unwrap();
    let less = f.linear(&[(paid, n(1)), (due, n(-1))], &n(0), Comparison::Below).unwrap();
    let limit = f.compare(due, Comparison::AtMost, &n(100)).unwrap();
    assert_eq!(solver.bounds(day, &[late]), Ok(Some((at(n(21), true), Extreme::Endless))));
    // Something less than at most 100 comes near to 100 and never there.
    assert_eq!(solver.bounds(paid, &[less, limit]), Ok(Some((Extreme::Endless, at(n(100), false)))));
    let exact = solver.formulas.compare(paid, Comparison::Equal, &n(100)).unwrap();
    let either = solver.formulas.or([less, exact]);
    assert_eq!(solver.bounds(paid, &[either, limit]), Ok(Some((Extreme::Endless, at(n(100), true)))));
    assert_eq!(solver.bounds(paid, &[less, limit, exact]), Ok(None));
}

#[test]
fn a_term_of_nothing_is_its_constant() {
    let mut solver = Solver::new(Formulas::new());
    let x = solver.formulas.var(VarSort::Number);
    let term = [(x, n(1)), (x, n(-1))];
    assert_eq!(solver.optimise(&term, &n(7), Direction::Least, &[]), Ok(Some(at(n(7), true))));
    assert_eq!(solver.optimise(&term, &n(7), Direction::Least, &[Formula::FALSE]), Ok(None));
}
