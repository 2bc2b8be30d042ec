//! The witness of a group: facts that both versions are asked about again before it is shown (G2).

use super::Question;
use super::completed::{About, Completion};
use super::exprs::SymbolicReader;
use super::found::{SideAnswer, Witness};
use super::groups::Pair;
use super::names::worth_of;
use super::space::{Lin, SpaceQuantity, day_of};
use super::witness;
use crate::facts::Facts;
use crate::outcome::{Answer, Point, Status};
use crate::policy::RuleId;
use crate::run::Evaluator;
use crate::solve::{Comparison, Formula, Model, Satisfiability, Solver, Var};
use crate::value::{Day, Number, Possible, Value};
use std::collections::BTreeSet;

/// A witness with the values on both sides, and what is in doubt about it.
pub(super) type TriedWitness = (Witness, [Option<Possible>; 2], Option<String>);

/// The model as facts, completed in one way after the other until both versions answer as the group says.
pub(super) fn tried(
    (reader, question): (&SymbolicReader<'_>, &Question<'_>),
    pair: &Pair,
    model: &Model,
    sides: [(&SideAnswer, Option<&Lin>); 2],
) -> TriedWitness {
    // What is outside may be anything in the model.
    let outside = |var: &Var| matches!(reader.space.quantities.get(var), Some(SpaceQuantity::Opaque { .. }));
    let wanted = sides.map(|(_, value)| {
        value.filter(|lin| !lin.parts.keys().any(outside)).and_then(|lin| worth_of(model, lin))
    });
    let sides = sides.map(|(side, _)| side);
    let policies = question.policies;
    let on = reader.space.today().and_then(|var| model.number(var)).and_then(day_of).unwrap_or(Day::FIRST);
    let stated = |side: usize, all: bool| -> Option<Facts> {
        let (policy, own) = (*policies.get(side)?, pair.own.get(side).copied()?);
        let mut facts = witness::facts(&reader.space, model, policy, own, all)?;
        let about = About { space: &reader.space, model, own, on };
        about.countries(policy, &policies, &mut facts);
        about.acts(policy, &mut facts);
        about.totals(&policies, policy, &mut facts);
        set(&mut facts, question.fixed.get(side)?);
        Some(facts)
    };
    let row = pair.own[0].map(|_| 0);
    let none = || {
        let [old, new] = policies.map(Facts::none);
        Witness { on, known: question.known, row, old, new }
    };
    let (Some(old), Some(new)) = (stated(0, false), stated(1, false)) else {
        return (none(), [None, None], Some("its facts cannot be stated".to_owned()));
    };
    let whole = stated(0, true).zip(stated(1, true));
    let completed = |way: Completion| {
        let side = |side: usize, facts: &Facts| {
            let (policy, own) = (policies.get(side), pair.own.get(side));
            policy.zip(own).map_or_else(|| facts.clone(), |(policy, own)| way.completed(policy, facts, *own))
        };
        (side(0, &old), side(1, &new))
    };
    let mut ways: Vec<(Facts, Facts)> = vec![completed(Completion::Open)];
    ways.extend(whole);
    let mut first: Option<TriedWitness> = None;
    for (old, new) in ways.into_iter().chain(Completion::all().skip(1).map(completed)) {
        if ![&old, &new].into_iter().zip(policies).all(|(facts, policy)| witness::allowed(policy, facts, on))
        {
            continue;
        }
        let made = Witness { on, known: question.known, row, old, new };
        let (at, doubt) = asked_again(question, pair, &made, (sides, &wanted));
        if doubt.is_none() {
            return (made, at, None);
        }
        first = first.or(Some((made, at, doubt)));
    }
    first.unwrap_or_else(|| {
        (none(), [None, None], Some("no facts within their `where`s were found for it".to_owned()))
    })
}

/// What is set on a side is so.
fn set(facts: &mut Facts, fixed: &Facts) {
    for (id, slot) in fixed.facts.iter() {
        if !slot.statements.is_empty() {
            facts.facts[id] = slot.clone();
        }
    }
}

fn asked_again(
    question: &Question<'_>,
    pair: &Pair,
    made: &Witness,
    (sides, wanted_values): ([&SideAnswer; 2], &[Option<Number>; 2]),
) -> ([Option<Possible>; 2], Option<String>) {
    let point = Point::new(made.on, question.known);
    let before = Evaluator::new(question.policies[0], &made.old).bare_answer(pair.ids[0], made.row, point);
    let after = Evaluator::new(question.policies[1], &made.new).bare_answer(pair.ids[1], made.row, point);
    let value = |answer: &Answer| answer.value().cloned().map(Into::into);
    let at = [value(&before), value(&after)];
    let rules = |answer: &Answer| -> BTreeSet<RuleId> {
        answer.reasons.iter().filter_map(|reason| reason.rule).collect()
    };
    let wanted = |side: &SideAnswer| side.rules.iter().map(|(rule, _)| *rule).collect::<BTreeSet<RuleId>>();
    let other = [(&before, sides[0]), (&after, sides[1])].iter().any(|(answer, side)| {
        // Of an error only the rules that fail are reasons.
        let named = rules(answer);
        let same = match answer.status {
            Status::Error => named.is_subset(&wanted(side)),
            _ => named == wanted(side),
        };
        answer.status != side.status || !same
    });
    let valued = |answer: &Answer, wanted: &Option<Number>| match (answer.value(), wanted) {
        (Some(Value::Number(value)), Some(wanted)) => value == wanted,
        _ => true,
    };
    let other = other
        || ![&before, &after].into_iter().zip(wanted_values).all(|(answer, wanted)| valued(answer, wanted));
    let doubt = if before.status == after.status && before.value() == after.value() {
        Some("the facts found for it give the same answer when they are run")
    } else if other {
        Some("the facts found for it are decided otherwise when they are run")
    } else {
        None
    };
    (at, doubt.map(str::to_owned))
}

/// A model in which products are what their factors come to: all factors but one are held. If there is none found, as it was.
pub(super) fn multiplied(
    reader: &SymbolicReader<'_>,
    assumed: &[Formula],
    model: Model,
    solver: &mut Solver,
) -> Model {
    let products: Vec<(&Vec<Var>, Var)> = reader
        .space
        .products
        .iter()
        .filter(|(_, var)| model.rests_on(**var))
        .map(|(factors, var)| (factors, *var))
        .collect();
    let wrong = |model: &Model| {
        products.iter().any(|(factors, var)| {
            let held =
                factors.iter().try_fold(Number::ONE, |held, factor| held.mul(model.number(*factor)?).ok());
            held.is_none() || held.as_ref() != model.number(*var)
        })
    };
    if !wrong(&model) {
        return model;
    }
    let most = products.iter().map(|(factors, _)| factors.len()).max().unwrap_or(0);
    for free in 0..most {
        let mut pinned = assumed.to_vec();
        let made = products.iter().try_for_each(|(factors, var)| {
            let free = free.min(factors.len().saturating_sub(1));
            let mut held = Number::ONE;
            for (at, factor) in factors.iter().enumerate() {
                if at != free {
                    let value = model.number(*factor)?;
                    held = held.mul(value).ok()?;
                    pinned.push(solver.formulas.compare(*factor, Comparison::Equal, value).ok()?);
                }
            }
            let parts = [(*var, Number::ONE), (*factors.get(free)?, held.neg())];
            pinned.push(solver.formulas.linear(&parts, &Number::ZERO, Comparison::Equal).ok()?);
            Some(())
        });
        if made.is_some()
            && let Satisfiability::Sat(found) = solver.check(&pinned)
            && !wrong(&found)
        {
            return found;
        }
    }
    model
}
