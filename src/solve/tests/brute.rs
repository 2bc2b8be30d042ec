//! Against every assignment: small domains that stand for all values.

use super::random::*;
use crate::effort;
use crate::generator::Dice;
use crate::solve::*;
use crate::value::Number;

/// Values of which one is as good as any other value, for the atoms of [`World::tree`].
fn domain(kind: VarSort) -> Vec<Plain> {
    match kind {
        VarSort::Number => (-9..=9).map(|n| Plain::Number(Number::from_ratio(n, 3).unwrap())).collect(),
        VarSort::Whole => (-2..=2).map(|n| Plain::Number(Number::from(n))).collect(),
        VarSort::Choice(count) => (0..count.get()).map(Plain::Choice).collect(),
        // The pairs of digits of the constants and one that is fresh; below each constant one that is not named.
        VarSort::Code => [
            "00", "01", "10", "77", "0000", "0001", "0010", "0077", "0100", "0101", "0110", "0177", "1000",
            "1001", "1010", "1077", "7700", "7701", "7710", "7777", "000000", "000001", "000010", "000077",
            "000177", "100077", "00000177",
        ]
        .map(Plain::Code)
        .to_vec(),
        VarSort::Text => ["steel", "cars", "text 1", "fresh", "other"].map(Plain::Text).to_vec(),
    }
}

/// Keeps the numbers within their domains. Two numbers that differ from each other and from constants by less than
/// whole numbers find their place on a grid of thirds.
fn ranges(world: &World) -> Vec<Tree> {
    let mut bounds = Vec::new();
    for (var, kind) in world.kinds.iter().enumerate() {
        let most = match kind {
            VarSort::Number => 3,
            VarSort::Whole => 2,
            _ => continue,
        };
        bounds.push(Tree::Linear(vec![(var, (1, 1))], (-most, 1), Comparison::AtMost));
        bounds.push(Tree::Linear(vec![(var, (1, 1))], (most, 1), Comparison::AtLeast));
    }
    bounds
}

pub fn satisfiable(tree: &Tree, world: &World) -> bool {
    fn go(tree: &Tree, domains: &[Vec<Plain>], values: &mut Vec<Plain>) -> bool {
        let Some(domain) = domains.get(values.len()) else { return tree.holds(values) };
        domain.iter().any(|value| {
            values.push(value.clone());
            let found = go(tree, domains, values);
            values.pop();
            found
        })
    }
    let domains: Vec<Vec<Plain>> = world.kinds.iter().map(|kind| domain(*kind)).collect();
    go(tree, &domains, &mut Vec::new())
}

fn compare(kinds: &[VarSort], width: i64, factors: &[(i64, i64)], problems: u64) {
    let world = World {
        kinds: kinds.to_vec(),
        factors: factors.to_vec(),
        rests: (-3..=3).map(|n| (n, 1)).collect(),
        width,
    };
    let mut verdicts = (0, 0);
    for seed in 0..effort::times(problems / 8, problems * 10) {
        let mut dice = Dice::new(seed);
        let mut parts = ranges(&world);
        for _ in 0..dice.between(1, 4) {
            parts.push(world.tree(&mut dice, 3));
        }
        let tree = Tree::And(parts);
        let mut solver = Solver::new(Formulas::new());
        let vars = world.vars(&mut solver.formulas);
        let formula = tree.build(&mut solver.formulas, &vars);
        let expected = satisfiable(&tree, &world);
        match solver.check(&[formula]) {
            Satisfiability::Sat(_) => assert!(expected, "seed {seed}: invented\n{tree:?}"),
            Satisfiability::Unsat => assert!(!expected, "seed {seed}: missed\n{tree:?}"),
            Satisfiability::Unknown(left) => panic!("seed {seed}: {left:?}\n{tree:?}"),
        }
        if expected {
            verdicts.0 += 1;
        } else {
            verdicts.1 += 1;
        }
    }
    assert!(verdicts.0 > 50 && verdicts.1 > 50, "one-sided: {verdicts:?}");
}

const UNITS: [(i64, i64); 2] = [(1, 1), (-1, 1)];
const WIDE: [(i64, i64); 6] = [(1, 1), (-1, 1), (2, 1), (-2, 1), (3, 1), (1, 2)];

#[test]
fn whole_numbers_agree() {
    compare(&[VarSort::Whole, VarSort::Whole, VarSort::Whole], 3, &WIDE, 8_000);
}

#[test]
fn numbers_agree() {
    // Sums of a number with itself would need a finer grid.
    compare(&[VarSort::Number, VarSort::Whole], 1, &UNITS, 4_000);
}

#[test]
fn choices_agree() {
    compare(&[choice(3), choice(3), choice(2), choice(2)], 1, &UNITS, 8_000);
}

#[test]
fn codes_agree() {
    compare(&[VarSort::Code, VarSort::Code], 1, &UNITS, 3_000);
}

#[test]
fn texts_agree() {
    compare(&[VarSort::Text, VarSort::Text, VarSort::Text], 1, &UNITS, 6_000);
}

#[test]
fn all_kinds_together_agree() {
    compare(&[VarSort::Whole, choice(3), VarSort::Text, VarSort::Number], 1, &UNITS, 4_000);
    compare(&[choice(2), VarSort::Code, VarSort::Whole, VarSort::Whole], 2, &UNITS, 3_000);
}
