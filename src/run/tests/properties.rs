//! What must hold for every small policy: soundness, monotony, and the agreement of the two walks.

use super::build::*;
use super::print;
use super::random::*;
use super::random_facts::{facts, narrowed};
use crate::facts::{Facts, Slot, Statement};
use crate::outcome::{Answer, Point, Possibility, SlotRef, Status, WayAnswer};
use crate::policy::*;
use crate::run::Location;
use crate::run::{Decided, Evaluator, Set};
use crate::value::{Day, Possible};
use proptest::prelude::*;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..500)
}

/// Every outcome with every row its table states; a row alone where it is not stated.
fn questions(world: &World, facts: &Facts) -> Vec<(OutcomeId, Option<u32>)> {
    let mut all = Vec::new();
    for outcome in &world.outcomes {
        match world.policy.outcomes[*outcome].for_each {
            None => all.push((*outcome, None)),
            Some(entity) => match &facts.tables[entity] {
                Some(table) => all.extend((0..table.rows.len() as u32).map(|row| (*outcome, Some(row)))),
                None => all.push((*outcome, None)),
            },
        }
    }
    all
}

fn agree(decided: &Decided, answer: &Answer) -> bool {
    match (decided, answer.status) {
        (Decided::Value(value), Status::Determined) => answer.value() == Some(value),
        (Decided::Undetermined, Status::Undetermined)
        | (Decided::Gap, Status::Gap)
        | (Decided::Conflict, Status::Conflict)
        | (Decided::Error, Status::Error) => true,
        _ => false,
    }
}

/// What a reader of the answer could see.
fn as_set(answer: &Answer) -> (Possible, bool) {
    answer.possible.iter().fold((Possible::Nothing, false), |(values, bad), possibility| match possibility {
        Possibility::Value(value) => (values.hull(value), bad),
        _ => (values, true),
    })
}

fn covers(wide: &Answer, narrow: &Answer) -> bool {
    let ((values, bad), (fewer, worse)) = (as_set(wide), as_set(narrow));
    let bit = |answer: &Answer, wanted: &Possibility| answer.possible.contains(wanted);
    let named = [Possibility::Gap, Possibility::Conflict, Possibility::Error];
    values.covers(&fewer) && (bad || !worse) && named.iter().all(|it| bit(wide, it) || !bit(narrow, it))
}

/// Everything about a failure.
fn tale(world: &World, all: &[&Facts], point: Point) -> String {
    let facts: Vec<String> = all.iter().map(|facts| print::facts(&world.policy, facts)).collect();
    let exprs: Vec<String> = world.exprs.iter().map(|x| print::expr(&world.policy, *x)).collect();
    format!("{}\nexprs {exprs:#?}\nat {point:?}\n{}", print::policy(&world.policy), facts.join("\n"))
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// V1–V3: on complete facts the walk with sets gives exactly what the walk at points gives, and nothing is open.
    #[test]
    fn points_are_sets_of_one(make in bytes(), state in bytes(), more in bytes()) {
        let world = world(&make, &[]);
        let mut choices = Choices::new(&state);
        let open = facts(&world.policy, &mut choices);
        let point = choices.point();
        let facts = narrowed(&world.policy, &open, &mut Choices::new(&more), true);
        for (outcome, row) in questions(&world, &facts) {
            let decided = Evaluator::new(&world.policy, &facts).decide(outcome, row, point);
            let answer = Evaluator::new(&world.policy, &facts).answer(outcome, row, point);
            prop_assert!(agree(&decided, &answer), "{decided:?} but {answer:?}\n{}", tale(&world, &[&facts], point));
            prop_assert_ne!(answer.status, Status::Undetermined, "{:?}\n{}", answer, tale(&world, &[&facts], point));
            let mut reasons = Vec::new();
            let again = Evaluator::new(&world.policy, &facts).decide_with_reasons(outcome, row, point, &mut reasons);
            prop_assert_eq!(&again, &decided);
            prop_assert_eq!(reasons, answer.reasons);
        }
        for expr in &world.exprs {
            let at = crate::run::frame::At { point, base: 0, own: None };
            let value = Evaluator::new(&world.policy, &facts).point(*expr, &at);
            let set = Evaluator::new(&world.policy, &facts).value(*expr, None, point);
            match value {
                Ok(value) => prop_assert_eq!(set, Set::one(value), "{}", tale(&world, &[&facts], point)),
                Err(crate::run::point::Stop::Fault(_)) => prop_assert!(set.is_error()),
                Err(stop) => prop_assert!(false, "{stop:?} but {set:?}\n{}", tale(&world, &[&facts], point)),
            }
        }
    }

    /// V3: what is narrowed stays inside, on the way to complete facts and at the end.
    #[test]
    fn sets_are_sound_and_monotone(make in bytes(), state in bytes(), more in bytes(), rest in bytes()) {
        let world = world(&make, &[]);
        let mut choices = Choices::new(&state);
        let open = facts(&world.policy, &mut choices);
        let point = choices.point();
        let half = narrowed(&world.policy, &open, &mut Choices::new(&more), false);
        let full = narrowed(&world.policy, &half, &mut Choices::new(&rest), true);
        for (wide, narrow) in [(&open, &half), (&half, &full), (&open, &full)] {
            for expr in &world.exprs {
                let set = Evaluator::new(&world.policy, wide).value(*expr, None, point);
                let inside = Evaluator::new(&world.policy, narrow).value(*expr, None, point);
                prop_assert!(set.covers(&inside), "{set:?} does not cover {inside:?}\n{}", tale(&world, &[wide, narrow], point));
            }
            for (outcome, row) in questions(&world, wide) {
                if world.policy.outcomes[outcome].for_each.is_some() && row.is_none() {
                    continue;
                }
                let set = Evaluator::new(&world.policy, wide).answer(outcome, row, point);
                let inside = Evaluator::new(&world.policy, narrow).answer(outcome, row, point);
                prop_assert!(covers(&set, &inside), "{set:?}\ndoes not cover\n{inside:?}\n{}", tale(&world, &[wide, narrow], point));
            }
        }
    }

    /// `decide` is the answer without its reasons, on any facts; and an evaluator that was asked before says the same.
    #[test]
    fn decide_is_the_answer(make in bytes(), state in bytes(), points in bytes()) {
        let world = world(&make, &[]);
        let facts = facts(&world.policy, &mut Choices::new(&state));
        let mut worn = Evaluator::new(&world.policy, &facts);
        let mut choices = Choices::new(&points);
        for _ in 0..3 {
            let point = choices.point();
            for (outcome, row) in questions(&world, &facts) {
                let answer = Evaluator::new(&world.policy, &facts).answer(outcome, row, point);
                let decided = worn.decide(outcome, row, point);
                prop_assert!(
                    agree(&decided, &answer),
                    "{outcome:?} {row:?} {decided:?} but {answer:?}\n{}",
                    tale(&world, &[&facts], point)
                );
                prop_assert_eq!(worn.answer(outcome, row, point), answer.clone());
                let story = worn.story(outcome, row, point);
                prop_assert_eq!(story.answer, answer);
            }
        }
    }

    /// R4, R5: moving a rule in the file never changes an answer; nor does the order of rows.
    #[test]
    fn order_never_matters(
        make in bytes(), state in bytes(), order in proptest::collection::vec(0usize..8, 4),
    ) {
        let (one, two) = (world(&make, &[]), world(&make, &order));
        let mut choices = Choices::new(&state);
        let facts = facts(&one.policy, &mut choices);
        let point = choices.point();
        let mut turned = facts.clone();
        for (entity, _) in one.policy.entities.iter() {
            if let Some(table) = &mut turned.tables[entity] {
                table.rows.reverse();
            }
        }
        for (outcome, row) in questions(&one, &facts) {
            let entity = one.policy.outcomes[outcome].for_each;
            let count = entity.and_then(|entity| facts.tables[entity].as_ref()).map_or(0, |t| t.rows.len() as u32);
            let other_row = row.map(|row| count - 1 - row);
            let answer = Evaluator::new(&one.policy, &facts).answer(outcome, row, point);
            let other = Evaluator::new(&two.policy, &turned).answer(outcome, other_row, point);
            let plain = |policy: &Policy, answer: &Answer| {
                let mut possible: Vec<String> = answer.possible.iter().map(|p| format!("{p:?}")).collect();
                let mut reasons: Vec<String> = answer
                    .reasons
                    .iter()
                    .map(|reason| {
                        let rule = reason.rule.map(|rule| policy.rules[rule].shown.clone());
                        format!("{rule:?} {:?} {:?} {}", reason.branch, reason.value, reason.doubtful)
                    })
                    .collect();
                possible.sort();
                reasons.sort();
                (answer.status, possible, reasons)
            };
            prop_assert_eq!(plain(&one.policy, &answer), plain(&two.policy, &other));
        }
    }

    /// N2: stating all that is missing settles the answer; only open days may ask again.
    #[test]
    fn stating_all_needs_settles(make in bytes(), state in bytes(), rest in bytes()) {
        let world = world(&make, &[]);
        let mut choices = Choices::new(&state);
        let mut known = facts(&world.policy, &mut choices);
        let point = choices.point();
        let full = narrowed(&world.policy, &known, &mut Choices::new(&rest), true);
        for (outcome, row) in questions(&world, &known) {
            // A row of a table that is not stated is no row once it is.
            let whole = row.is_some() || world.policy.outcomes[outcome].for_each.is_none();
            for _ in 0..if whole { 12 } else { 0 } {
                let answer = Evaluator::new(&world.policy, &known).answer(outcome, row, point);
                let Some(needs) = answer.needs else {
                    prop_assert_ne!(answer.status, Status::Undetermined);
                    break;
                };
                prop_assert!(!needs.all.is_empty(), "{:?}\n{}", answer.possible, tale(&world, &[&known, &full], point));
                for need in &needs.all {
                    tell(&world.policy, &mut known, &full, &need.slot, point);
                }
                let after = Evaluator::new(&world.policy, &known).answer(outcome, row, point);
                let again = needs.all.iter().any(|need| need.then_ask_again);
                prop_assert!(
                    after.status != Status::Undetermined || again,
                    "{:?}\nstill {:?}\n{:?}\n{}", needs.all, after.possible, after.needs, tale(&world, &[&known, &full], point)
                );
            }
        }
    }

    /// N3: looking again at the rules a choice may change is a whole pass of R6.
    #[test]
    fn looking_again_is_a_whole_pass(make in bytes(), state in bytes(), choice in bytes()) {
        let world = world(&make, &[]);
        let mut choices = Choices::new(&state);
        let facts = facts(&world.policy, &mut choices);
        let point = choices.point();
        let mut pick = Choices::new(&choice);
        for (outcome, row) in questions(&world, &facts) {
            let mut run = Evaluator::new(&world.policy, &facts);
            let Location::At(node) = run.locate(outcome, row, point) else { continue };
            let before = run.verdict_at(outcome, node);
            let atoms = run.atoms(node);
            if before.status != Status::Undetermined || atoms.is_empty() {
                continue;
            }
            let rules = run.rules_of(&atoms, &before, outcome, node);
            for _ in 0..4 {
                let some: Vec<usize> = (0..=pick.pick(2)).map(|_| pick.pick(atoms.len())).collect();
                let mut may = |at: &usize, is| crate::value::Mask::of(is).is_within(run.mask_of(&atoms[*at]));
                let chosen: Vec<_> = some.iter().map(|at| (&atoms[*at], may(at, true) && pick.one_in(2))).collect();
                if some.iter().zip(&chosen).any(|(at, (_, is))| !may(at, *is)) {
                    continue;
                }
                let changed = some.iter().flat_map(|at| rules[*at].iter().copied()).collect();
                let whole = run.given(&chosen, |run| run.verdict_at(outcome, node));
                let again = run.given(&chosen, |run| {
                    run.settle(|run| run.in_body(node, |run, at| run.verdict_again(outcome, &before, &changed, at)))
                });
                prop_assert_eq!(whole.status, again.status, "{}", tale(&world, &[&facts], point));
                if whole.status != Status::Undetermined {
                    prop_assert_eq!(whole.possible, again.possible);
                }
            }
        }
    }

    /// N3: where the conditions of a way hold, its answer is the answer.
    #[test]
    fn ways_lead_where_they_say(make in bytes(), state in bytes(), rest in bytes()) {
        let world = world(&make, &[]);
        let mut choices = Choices::new(&state);
        let open = facts(&world.policy, &mut choices);
        let point = choices.point();
        let full = narrowed(&world.policy, &open, &mut Choices::new(&rest), true);
        for (outcome, row) in questions(&world, &open) {
            if row.is_none() && world.policy.outcomes[outcome].for_each.is_some() {
                continue;
            }
            let answer = Evaluator::new(&world.policy, &open).answer(outcome, row, point);
            for way in answer.needs.iter().flat_map(|needs| &needs.ways) {
                let mut run = Evaluator::new(&world.policy, &full);
                let mut holds = |atom: &crate::outcome::AtomIs| {
                    run.value(atom.atom, atom.row, atom.point).mask() == crate::value::Mask::of(atom.is)
                };
                if !way.when.iter().all(&mut holds) {
                    continue;
                }
                let end = run.answer(outcome, row, point);
                match &way.then {
                    WayAnswer::Is(possibility) => prop_assert_eq!(
                        &end.possible, &vec![possibility.clone()], "{:?}\n{}", way, tale(&world, &[&open, &full], point)
                    ),
                    WayAnswer::Open(_) => prop_assert!(
                        matches!(end.status, Status::Determined | Status::Error),
                        "{:?}\n{:?}\n{}", way, end, tale(&world, &[&open, &full], point)
                    ),
                }
            }
        }
    }
}

/// States one slot as the full facts have it.
fn tell(policy: &Policy, known: &mut Facts, full: &Facts, slot: &SlotRef, point: Point) {
    let copy = |to: &mut Slot, from: &Slot, decl: &Fact, day: Option<Day>| match day {
        None => *to = from.clone(),
        Some(day) => {
            // Whatever day of knowledge it was read with, what was stated of that day is stated exactly.
            let before = |statement: &&mut Statement| statement.from <= day && !statement.value.is_single();
            for statement in to.statements.iter_mut().filter(before) {
                let exact = from.at(statement.from, statement.known);
                statement.value = exact.map_or(statement.value.clone(), |exact| exact.value.clone());
            }
            let exact = from.at(day, point.known).or_else(|| from.at(day, Day::NEVER));
            let Some(exact) = exact else { panic!("{} is open in the full facts", decl.name) };
            if !to.statements.iter().any(|statement| (statement.from, statement.known) == (day, Day::FIRST)) {
                let value = exact.value.clone();
                to.statements.push(Statement {
                    from: day,
                    known: Day::FIRST,
                    value,
                    span: Default::default(),
                });
                to.statements.sort_by_key(|statement| (statement.from, statement.known));
            }
        }
    };
    match slot {
        SlotRef::Fact(id, day) => copy(&mut known.facts[*id], &full.facts[*id], &policy.facts[*id], *day),
        SlotRef::Field { entity, row, field, day } => {
            let from = &full.tables[*entity].as_ref().unwrap().rows[*row as usize].cells[*field];
            let table = known.tables[*entity].as_mut().unwrap();
            let decl = &policy.entities[*entity].fields[*field];
            copy(&mut table.rows[*row as usize].cells[*field], from, decl, *day);
        }
        SlotRef::Parameter { act, param } => {
            let (act, param) = (*act as usize, *param as usize);
            known.acts[act].params[param] = full.acts[act].params[param].clone();
        }
        SlotRef::Table(entity) => known.tables[*entity] = full.tables[*entity].clone(),
    }
}

#[test]
fn the_generator_makes_many_kinds_of_answers() {
    let mut seen = std::collections::BTreeMap::new();
    let mut state = 1u64;
    let mut random = || {
        (0..400)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) as u8
            })
            .collect::<Vec<u8>>()
    };
    for _ in 0..300 {
        let world = world(&random(), &[]);
        let bytes = random();
        let mut choices = Choices::new(&bytes);
        let facts = facts(&world.policy, &mut choices);
        let point = choices.point();
        for (outcome, row) in questions(&world, &facts) {
            let answer = Evaluator::new(&world.policy, &facts).answer(outcome, row, point);
            *seen.entry(answer.status).or_insert(0) += 1;
            if answer.needs.is_some_and(|needs| needs.ways.len() > 1) {
                *seen.entry(Status::Undetermined).or_insert(0) += 1000;
            }
        }
    }
    assert_eq!(seen.len(), 5, "{seen:?}");
    println!("{seen:?} {:?}", on("2026-01-01"));
}
