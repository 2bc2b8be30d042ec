//! Random formulas as trees that can be read in three ways: into the solver, by plain evaluation, and as SMT-LIB.

use crate::generator::Dice;
use crate::solve::{Comparison, Formula, Formulas, Var, VarSort};
use crate::value::{Code, Number};
use std::num::NonZeroU32;

pub const COMPARISONS: [Comparison; 6] = [
    Comparison::Below,
    Comparison::AtMost,
    Comparison::Equal,
    Comparison::Unequal,
    Comparison::AtLeast,
    Comparison::Above,
];

#[derive(Clone, Debug)]
pub enum Tree {
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
    Linear(Vec<(usize, (i64, i64))>, (i64, i64), Comparison),
    In(usize, Vec<u32>),
    SameChoice(usize, usize),
    Code(usize, &'static str, bool),
    Text(usize, &'static str),
    SameText(usize, usize),
}

/// A value of a variable, for plain evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    Number(Number),
    Choice(u32),
    Code(&'static str),
    Text(&'static str),
}

pub fn number(parts: (i64, i64)) -> Number {
    Number::from_ratio(parts.0, parts.1).unwrap()
}

pub fn choice(count: u32) -> VarSort {
    VarSort::Choice(NonZeroU32::new(count).unwrap())
}

pub fn compares(comparison: Comparison, value: &Number) -> bool {
    match comparison {
        Comparison::Below => value.is_negative(),
        Comparison::AtMost => !value.is_positive(),
        Comparison::Equal => value.is_zero(),
        Comparison::Unequal => !value.is_zero(),
        Comparison::AtLeast => !value.is_negative(),
        Comparison::Above => value.is_positive(),
    }
}

pub const CODES: [&str; 8] = ["00", "01", "10", "0000", "0001", "1000", "000001", "0000.01"];
pub const TEXTS: [&str; 3] = ["steel", "cars", "text 1"];

impl Tree {
    pub fn build(&self, formulas: &mut Formulas, vars: &[Var]) -> Formula {
        match self {
            Tree::And(parts) => {
                let parts: Vec<Formula> = parts.iter().map(|part| part.build(formulas, vars)).collect();
                formulas.and(parts)
            }
            Tree::Or(parts) => {
                let parts: Vec<Formula> = parts.iter().map(|part| part.build(formulas, vars)).collect();
                formulas.or(parts)
            }
            Tree::Not(part) => !part.build(formulas, vars),
            Tree::Linear(parts, rest, comparison) => {
                let parts: Vec<(Var, Number)> =
                    parts.iter().map(|(var, factor)| (vars[*var], number(*factor))).collect();
                formulas.linear(&parts, &number(*rest), *comparison).unwrap()
            }
            Tree::In(var, values) => formulas.choice_in(vars[*var], values.iter().copied()).unwrap(),
            Tree::SameChoice(one, other) => formulas.choice_same(vars[*one], vars[*other]).unwrap(),
            Tree::Code(var, code, under) => {
                let code = Code::parse(code).unwrap();
                let made = if *under { Formulas::code_under } else { Formulas::code_is };
                made(formulas, vars[*var], &code).unwrap()
            }
            Tree::Text(var, text) => formulas.text_is(vars[*var], text).unwrap(),
            Tree::SameText(one, other) => formulas.text_same(vars[*one], vars[*other]).unwrap(),
        }
    }

    pub fn holds(&self, values: &[Plain]) -> bool {
        match self {
            Tree::And(parts) => parts.iter().all(|part| part.holds(values)),
            Tree::Or(parts) => parts.iter().any(|part| part.holds(values)),
            Tree::Not(part) => !part.holds(values),
            Tree::Linear(parts, rest, comparison) => {
                let mut sum = number(*rest);
                for (var, factor) in parts {
                    let Plain::Number(value) = &values[*var] else { panic!("not a number") };
                    sum = sum.add(&value.mul(&number(*factor)).unwrap()).unwrap();
                }
                compares(*comparison, &sum)
            }
            Tree::In(var, list) => matches!(&values[*var], Plain::Choice(value) if list.contains(value)),
            Tree::SameChoice(one, other) | Tree::SameText(one, other) => values[*one] == values[*other],
            Tree::Code(var, code, under) => {
                let Plain::Code(value) = &values[*var] else { panic!("not a code") };
                let digits = code.replace('.', "");
                if *under { value.starts_with(&digits) } else { *value == digits }
            }
            Tree::Text(var, text) => values[*var] == Plain::Text(text),
        }
    }

    /// As SMT-LIB; only numbers. Sums of whole ones are kept whole.
    pub fn smt(&self, kinds: &[VarSort]) -> String {
        let all = |parts: &[Tree]| parts.iter().map(|part| part.smt(kinds)).collect::<Vec<_>>().join(" ");
        match self {
            Tree::And(parts) if parts.is_empty() => "true".into(),
            Tree::Or(parts) if parts.is_empty() => "false".into(),
            Tree::And(parts) => format!("(and {})", all(parts)),
            Tree::Or(parts) => format!("(or {})", all(parts)),
            Tree::Not(part) => format!("(not {})", part.smt(kinds)),
            Tree::Linear(parts, rest, comparison) => {
                let whole = parts.iter().all(|(var, _)| kinds[*var] == VarSort::Whole);
                let sum: Vec<String> = parts
                    .iter()
                    .map(|(var, factor)| match kinds[*var] {
                        VarSort::Whole if !whole => {
                            format!("(* {} (to_real x{var}))", twelfths(*factor, whole))
                        }
                        _ => format!("(* {} x{var})", twelfths(*factor, whole)),
                    })
                    .collect();
                let sum = format!("(+ {} {})", sum.join(" "), twelfths(*rest, whole));
                let zero = twelfths((0, 1), whole);
                match comparison {
                    Comparison::Below => format!("(< {sum} {zero})"),
                    Comparison::AtMost => format!("(<= {sum} {zero})"),
                    Comparison::Equal => format!("(= {sum} {zero})"),
                    Comparison::Unequal => format!("(not (= {sum} {zero}))"),
                    Comparison::AtLeast => format!("(>= {sum} {zero})"),
                    Comparison::Above => format!("(> {sum} {zero})"),
                }
            }
            other => panic!("no numbers: {other:?}"),
        }
    }
}

/// Twelve times a number, which for all there are here is whole.
fn twelfths(parts: (i64, i64), whole: bool) -> String {
    let (num, den) = parts;
    assert_eq!(12 % den, 0);
    let point = if whole { "" } else { ".0" };
    let size = format!("{}{point}", num.abs() * 12 / den);
    if num < 0 { format!("(- {size})") } else { size }
}

/// What atoms there may be.
pub struct World {
    pub kinds: Vec<VarSort>,
    pub factors: Vec<(i64, i64)>,
    pub rests: Vec<(i64, i64)>,
    /// The most variables of one sum.
    pub width: i64,
}

impl World {
    pub fn vars(&self, formulas: &mut Formulas) -> Vec<Var> {
        self.kinds.iter().map(|kind| formulas.var(*kind)).collect()
    }

    pub fn tree(&self, dice: &mut Dice, depth: u32) -> Tree {
        if depth == 0 || dice.below(5) == 0 {
            return self.atom(dice);
        }
        let mut parts = Vec::new();
        for _ in 0..dice.between(1, 3) {
            parts.push(self.tree(dice, depth - 1));
        }
        match dice.below(5) {
            0 => Tree::Not(Box::new(parts.remove(0))),
            1 | 2 => Tree::And(parts),
            _ => Tree::Or(parts),
        }
    }

    fn atom(&self, dice: &mut Dice) -> Tree {
        let var = dice.below(self.kinds.len() as u64) as usize;
        let like: Vec<usize> =
            (0..self.kinds.len()).filter(|other| self.kinds[*other] == self.kinds[var]).collect();
        let other = dice.pick(&like);
        match self.kinds[var] {
            VarSort::Number | VarSort::Whole => {
                let numeric: Vec<usize> = (0..self.kinds.len())
                    .filter(|var| matches!(self.kinds[*var], VarSort::Number | VarSort::Whole))
                    .collect();
                let mut parts = vec![(var, dice.pick(&self.factors))];
                for _ in 1..dice.between(1, self.width) {
                    parts.push((dice.pick(&numeric), dice.pick(&self.factors)));
                }
                Tree::Linear(parts, dice.pick(&self.rests), dice.pick(&COMPARISONS))
            }
            VarSort::Choice(_) if dice.below(3) == 0 => Tree::SameChoice(var, other),
            VarSort::Choice(count) => {
                let values = (0..count.get()).filter(|_| dice.below(2) == 0).collect();
                Tree::In(var, values)
            }
            VarSort::Code => Tree::Code(var, dice.pick(&CODES), dice.below(3) > 0),
            VarSort::Text if dice.below(2) == 0 => Tree::SameText(var, other),
            VarSort::Text => Tree::Text(var, dice.pick(&TEXTS)),
        }
    }
}
