//! The same policy in other words: each step keeps what it means.

use super::deal::{Cond, Date, Deal, Num, Op, Rule};
use crate::generator::Dice;

/// A chain of steps, each at random places.
pub fn otherwise(dice: &mut Dice, deal: &mut Deal) {
    for _ in 0..dice.below(3) + 1 {
        deal.conds(&mut |cond| *cond = condition(dice, std::mem::replace(cond, Cond::And(Vec::new()))));
        deal.nums(&mut |num| number(dice, num));
    }
    cut(dice, deal);
}

fn turned(op: Op) -> Op {
    match op {
        Op::Less => Op::Greater,
        Op::AtMost => Op::AtLeast,
        Op::Greater => Op::Less,
        Op::AtLeast => Op::AtMost,
        same => same,
    }
}

fn opposite(op: Op) -> Op {
    match op {
        Op::Less => Op::AtLeast,
        Op::AtMost => Op::Greater,
        Op::Equal => Op::Unequal,
        Op::Unequal => Op::Equal,
        Op::AtLeast => Op::Less,
        Op::Greater => Op::AtMost,
    }
}

fn not(cond: Cond) -> Cond {
    Cond::Not(Box::new(cond))
}

fn condition(dice: &mut Dice, cond: Cond) -> Cond {
    let timely = cond.has_deadline();
    match (cond, dice.below(4)) {
        // `a < b` is `b > a`, and `not (a >= b)`.
        (Cond::Numbers(op, left, right), 0) => Cond::Numbers(turned(op), right, left),
        (Cond::Amounts(op, left, right), 0) => Cond::Amounts(turned(op), right, left),
        (Cond::Dates(op, left, right), 0) => Cond::Dates(turned(op), right, left),
        (Cond::Numbers(op, left, right), 1) => not(Cond::Numbers(opposite(op), left, right)),
        (Cond::Amounts(op, left, right), 1) => not(Cond::Amounts(opposite(op), left, right)),
        (Cond::Dates(op, left, right), 1) => not(Cond::Dates(opposite(op), left, right)),
        // Order and brackets of `and` and `or`.
        (Cond::And(list), 0 | 1) => Cond::And(grouped(dice, list, Cond::And)),
        (Cond::Or(list), 0 | 1) => Cond::Or(grouped(dice, list, Cond::Or)),
        (Cond::And(list), 2) => Cond::And(joined(list, true)),
        (Cond::Or(list), 2) => Cond::Or(joined(list, false)),
        // `not` drawn out of them.
        (Cond::And(list), _) if !timely && dice.one_in(3) => {
            not(Cond::Or(list.into_iter().map(not).collect()))
        }
        (Cond::Or(list), _) if !timely && dice.one_in(3) => {
            not(Cond::And(list.into_iter().map(not).collect()))
        }
        (Cond::Not(inner), 0) => match *inner {
            Cond::Not(twice) => *twice,
            other => not(other),
        },
        (Cond::Kind(is, what), 0) => not(Cond::Kind(!is, what)),
        (Cond::Among(mut list), 0) => {
            dice.shuffle(&mut list);
            Cond::Among(list)
        }
        // `within W of D` is `by D + W`, and the other way round.
        (Cond::Within(cond, days, date), 0) => Cond::By(cond, Date::Later(date, days)),
        (Cond::By(cond, Date::Later(date, days)), 0) => Cond::Within(cond, days, date),
        (other, 3) if !timely && dice.one_in(3) => not(not(other)),
        (other, _) => other,
    }
}

/// In another order, some of them bracketed together.
fn grouped(dice: &mut Dice, mut list: Vec<Cond>, chain: fn(Vec<Cond>) -> Cond) -> Vec<Cond> {
    dice.shuffle(&mut list);
    if list.len() > 2 {
        let rest = list.split_off(2);
        list = std::iter::once(chain(list)).chain(rest).collect();
    }
    list
}

/// Without the brackets of inner chains of the same kind.
fn joined(list: Vec<Cond>, and: bool) -> Vec<Cond> {
    let inner = list.into_iter().map(|cond| match cond {
        Cond::And(inner) if and => inner,
        Cond::Or(inner) if !and => inner,
        other => vec![other],
    });
    inner.flatten().collect()
}

fn number(dice: &mut Dice, num: &mut Num) {
    if let Num::Sum(terms) = num {
        dice.shuffle(terms);
        if terms.len() > 2 && terms[1].0 && dice.one_in(2) {
            let rest = terms.split_off(2);
            let first = (true, Num::Sum(std::mem::take(terms)));
            *terms = std::iter::once(first).chain(rest).collect();
        }
    }
}

/// A rule without a name that assigns two outcomes, as two.
fn cut(dice: &mut Dice, deal: &mut Deal) {
    let is_cut =
        |rule: &Rule| rule.name.is_none() && rule.branches.len() == 1 && rule.branches[0].1.len() > 1;
    let Some(at) = deal.rules.iter().position(is_cut).filter(|_| dice.one_in(2)) else { return };
    let assigns = std::mem::take(&mut deal.rules[at].branches[0].1);
    let whole = deal.rules.remove(at);
    // It stands at the end, and nothing is above or below it.
    for one in assigns {
        let mut part = whole.clone();
        part.branches[0].1 = vec![one];
        deal.rules.push(part);
    }
}
