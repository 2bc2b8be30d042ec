//! What must hold for every small policy: soundness, monotony, and the agreement of the two walks.

use crate::facts::{Facts, Slot, Statement};
use crate::generator::{Dice, Features, Made};
use crate::outcome::{Answer, Need, Point, Possibility, SlotRef, Status, WayAnswer};
use crate::policy::*;
use crate::run::Location;
use crate::run::{Decided, Evaluator, Set};
use crate::stated_lines::{self, OneLine};
use crate::text::Span;
use crate::value::{Day, Possible};
use crate::worlds::{self, bound, day, narrowed, opened};
use proptest::prelude::*;

/// What has no past, over tables of a few rows.
const SMALL: Features = Features { past: false, conduct: false, in_part: true, rows: 3, ..Features::ALL };

/// A policy, facts of which much is open, and a point.
struct World {
    dice: Dice,
    made: Made,
    policy: Policy,
    facts: Facts,
    point: Point,
}

impl World {
    fn new(seed: u64) -> Option<World> {
        World::of(seed, SMALL)
    }

    fn of(seed: u64, features: Features) -> Option<World> {
        let mut dice = Dice::new(seed);
        let (made, policy) = worlds::world(&mut dice, features)?;
        let facts = opened(&mut dice, &bound(&policy, &made.facts));
        let point = point(&mut dice);
        Some(World { dice, made, policy, facts, point })
    }

    /// The same facts with more known: with `all`, everything.
    fn narrowed(&mut self, facts: &Facts, all: bool) -> Facts {
        narrowed(&mut self.dice, &self.policy, facts, all, day)
    }

    /// Expressions for no row.
    fn exprs(&self) -> impl Iterator<Item = ExprId> {
        self.policy.defines.values().filter(|define| define.for_each.is_none()).map(|define| define.value)
    }

    /// Every outcome with every row its table states; a row alone where it is not stated.
    fn questions(&self, facts: &Facts) -> Vec<(OutcomeId, Option<u32>)> {
        let rows = |entity| match &facts.tables[entity] {
            Some(table) => (0..table.rows.len() as u32).map(Some).collect(),
            None => vec![None],
        };
        let of = |(id, outcome): (OutcomeId, &Outcome)| {
            let rows = outcome.for_each.map_or(vec![None], rows);
            rows.into_iter().map(move |row| (id, row)).collect::<Vec<_>>()
        };
        self.policy.outcomes.iter().flat_map(of).collect()
    }

    /// Everything about a failure.
    fn tale(&self, all: &[&Facts]) -> String {
        format!("at {:?}\n{}\n{all:#?}", self.point, self.made.policy)
    }
}

fn point(dice: &mut Dice) -> Point {
    let known = if dice.one_in(3) { day(dice) } else { Day::NEVER };
    Point::new(day(dice), known)
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

fn config() -> ProptestConfig {
    crate::effort::config(256, 4_000)
}

proptest! {
    #![proptest_config(config())]

    /// V1–V3: on complete facts the walk with sets gives exactly what the walk at points gives, and nothing is open.
    #[test]
    fn points_are_sets_of_one(seed in any::<u64>(), words in any::<bool>()) {
        let Some(mut world) = World::of(seed, Features { words, ..SMALL }) else { return Ok(()) };
        let (point, open) = (world.point, world.facts.clone());
        let facts = world.narrowed(&open, true);
        for (outcome, row) in world.questions(&facts) {
            let decided = Evaluator::new(&world.policy, &facts).decide(outcome, row, point);
            let answer = Evaluator::new(&world.policy, &facts).answer(outcome, row, point);
            prop_assert!(agree(&decided, &answer), "{decided:?} but {answer:?}\n{}", world.tale(&[&facts]));
            // Of several keys no single line says that a code is none of the first.
            let one_key = |need: &Need| {
                matches!(&need.slot, SlotRef::Line(id, keys) if keys.len() < world.policy.annexes[*id].keys.len())
            };
            let open = answer.needs.iter().flat_map(|needs| &needs.all).any(|need| !one_key(need));
            prop_assert!(!open, "{:?}\n{}", answer, world.tale(&[&facts]));
            let mut reasons = Vec::new();
            let again = Evaluator::new(&world.policy, &facts).decide_with_reasons(outcome, row, point, &mut reasons);
            prop_assert_eq!(&again, &decided);
            prop_assert_eq!(reasons, answer.reasons);
        }
        for expr in world.exprs() {
            let at = crate::run::frame::At { point, base: 0, own: None };
            let value = Evaluator::new(&world.policy, &facts).point(expr, &at);
            let set = Evaluator::new(&world.policy, &facts).value(expr, None, point);
            match value {
                Ok(value) => prop_assert_eq!(set, Set::one(value), "{}", world.tale(&[&facts])),
                Err(crate::run::point::Stop::Fault(_)) => prop_assert!(set.is_error()),
                Err(crate::run::point::Stop::Open) => prop_assert!(set.single().is_none()),
                Err(stop) => prop_assert!(false, "{stop:?} but {set:?}\n{}", world.tale(&[&facts])),
            }
        }
    }

    /// V3: what is narrowed stays inside, on the way to complete facts and at the end.
    #[test]
    fn sets_are_sound_and_monotone(seed in any::<u64>()) {
        let Some(mut world) = World::new(seed) else { return Ok(()) };
        let (point, open) = (world.point, world.facts.clone());
        let half = world.narrowed(&open, false);
        let full = world.narrowed(&half, true);
        for (wide, narrow) in [(&open, &half), (&half, &full), (&open, &full)] {
            for expr in world.exprs() {
                let set = Evaluator::new(&world.policy, wide).value(expr, None, point);
                let inside = Evaluator::new(&world.policy, narrow).value(expr, None, point);
                prop_assert!(set.covers(&inside), "{set:?} does not cover {inside:?}\n{}", world.tale(&[wide, narrow]));
            }
            for (outcome, row) in world.questions(wide) {
                if world.policy.outcomes[outcome].for_each.is_some() && row.is_none() {
                    continue;
                }
                let set = Evaluator::new(&world.policy, wide).answer(outcome, row, point);
                let inside = Evaluator::new(&world.policy, narrow).answer(outcome, row, point);
                prop_assert!(covers(&set, &inside), "{set:?}\ndoes not cover\n{inside:?}\n{}", world.tale(&[wide, narrow]));
            }
        }
    }

    /// `decide` is the answer without its reasons, on any facts; and an evaluator that was asked before says the same.
    #[test]
    fn decide_is_the_answer(seed in any::<u64>()) {
        let Some(mut world) = World::new(seed) else { return Ok(()) };
        let facts = world.facts.clone();
        let points = [world.point, point(&mut world.dice), point(&mut world.dice)];
        let mut worn = Evaluator::new(&world.policy, &facts);
        for point in points {
            for (outcome, row) in world.questions(&facts) {
                let answer = Evaluator::new(&world.policy, &facts).answer(outcome, row, point);
                let decided = worn.decide(outcome, row, point);
                prop_assert!(
                    agree(&decided, &answer),
                    "{outcome:?} {row:?} {decided:?} but {answer:?}\n{}",
                    world.tale(&[&facts])
                );
                prop_assert_eq!(worn.answer(outcome, row, point), answer.clone());
                let story = worn.story(outcome, row, point);
                prop_assert_eq!(story.answer, answer);
            }
        }
    }

    /// R4, R5: moving a rule in the file never changes an answer; nor does the order of rows.
    #[test]
    fn order_never_matters(seed in any::<u64>()) {
        let Some(one) = World::new(seed) else { return Ok(()) };
        let (point, facts) = (one.point, one.facts.clone());
        let two = worlds::policy(&one.made.turned_round());
        let mut turned = facts.clone();
        for act in turned.acts.iter_mut().chain(&mut turned.announcements) {
            let table = one.policy.powers[act.power].for_each.and_then(|entity| facts.tables[entity].as_ref());
            act.row = act.row.zip(table).map(|(row, table)| table.rows.len() as u32 - 1 - row);
        }
        for (entity, _) in one.policy.entities.iter() {
            if let Some(table) = &mut turned.tables[entity] {
                table.rows.reverse();
            }
        }
        for (outcome, row) in one.questions(&facts) {
            let entity = one.policy.outcomes[outcome].for_each;
            let count = entity.and_then(|entity| facts.tables[entity].as_ref()).map_or(0, |t| t.rows.len() as u32);
            let other_row = row.map(|row| count - 1 - row);
            let answer = Evaluator::new(&one.policy, &facts).answer(outcome, row, point);
            let other = Evaluator::new(&two, &turned).answer(outcome, other_row, point);
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
            prop_assert_eq!(plain(&one.policy, &answer), plain(&two, &other));
        }
    }

    /// N2: stating all that is missing settles the answer; only open days may ask again.
    #[test]
    fn stating_all_needs_settles(seed in any::<u64>()) {
        let Some(mut world) = World::of(seed, SMALL) else { return Ok(()) };
        let (point, mut known) = (world.point, world.facts.clone());
        let full = world.narrowed(&known, true);
        for (outcome, row) in world.questions(&known) {
            // A row of a table that is not stated is no row once it is.
            let whole = row.is_some() || world.policy.outcomes[outcome].for_each.is_none();
            for _ in 0..if whole { 12 } else { 0 } {
                let answer = Evaluator::new(&world.policy, &known).answer(outcome, row, point);
                let Some(needs) = answer.needs else {
                    prop_assert_ne!(answer.status, Status::Undetermined);
                    break;
                };
                prop_assert!(!needs.all.is_empty(), "{:?}\n{}", answer.possible, world.tale(&[&known, &full]));
                let told = needs.all.iter().all(|need| tell(&world.policy, &mut known, &full, &need.slot, point));
                if !told {
                    break;
                }
                let after = Evaluator::new(&world.policy, &known).answer(outcome, row, point);
                let again = needs.all.iter().any(|need| need.then_ask_again);
                prop_assert!(
                    after.status != Status::Undetermined || again,
                    "{:?}\nstill {:?}\n{:?}\n{}", needs.all, after.possible, after.needs, world.tale(&[&known, &full])
                );
            }
        }
    }

    /// N3: looking again at the rules a choice may change is a whole pass of R6.
    #[test]
    fn looking_again_is_a_whole_pass(seed in any::<u64>()) {
        let Some(mut world) = World::new(seed) else { return Ok(()) };
        let (point, facts) = (world.point, world.facts.clone());
        for (outcome, row) in world.questions(&facts) {
            let mut run = Evaluator::new(&world.policy, &facts);
            let Location::At(node) = run.locate(outcome, row, point) else { continue };
            let before = run.verdict_at(outcome, node);
            let atoms = run.atoms(node);
            if before.status != Status::Undetermined || atoms.is_empty() {
                continue;
            }
            let rules = run.rules_of(&atoms, &before, outcome, node);
            for _ in 0..4 {
                let some: Vec<usize> = (0..=world.dice.below(2)).map(|_| world.dice.below(atoms.len() as u64) as usize).collect();
                let mut may = |at: &usize, is| crate::value::Mask::of(is).is_within(run.mask_of(&atoms[*at]));
                let chosen: Vec<_> = some.iter().map(|at| (&atoms[*at], may(at, true) && world.dice.one_in(2))).collect();
                if some.iter().zip(&chosen).any(|(at, (_, is))| !may(at, *is)) {
                    continue;
                }
                let changed = some.iter().flat_map(|at| rules[*at].iter().copied()).collect();
                let whole = run.given(&chosen, |run| run.verdict_at(outcome, node));
                let again = run.given(&chosen, |run| {
                    run.settle(|run| run.in_body(node, |run, at| run.verdict_again(outcome, &before, &changed, at)))
                });
                prop_assert_eq!(whole.status, again.status, "{}", world.tale(&[&facts]));
                if whole.status != Status::Undetermined {
                    prop_assert_eq!(whole.possible, again.possible);
                }
            }
        }
    }

    /// N3: where the conditions of a way hold, its answer is the answer.
    #[test]
    fn ways_lead_where_they_say(seed in any::<u64>()) {
        let Some(mut world) = World::of(seed, Features { words: false, ..SMALL }) else { return Ok(()) };
        let (point, open) = (world.point, world.facts.clone());
        let full = world.narrowed(&open, true);
        for (outcome, row) in world.questions(&open) {
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
                        &end.possible, &vec![possibility.clone()], "{:?}\n{}", way, world.tale(&[&open, &full])
                    ),
                    WayAnswer::Open(_) => prop_assert!(
                        matches!(end.status, Status::Determined | Status::Error),
                        "{:?}\n{:?}\n{}", way, end, world.tale(&[&open, &full])
                    ),
                }
            }
        }
    }
}

/// States one slot as the full facts have it, unless there it is what a default is that fails.
fn tell(policy: &Policy, known: &mut Facts, full: &Facts, slot: &SlotRef, point: Point) -> bool {
    let by_default = |decl: &Fact, row: Option<(EntityId, u32)>, day: Day| {
        let set = Evaluator::new(policy, full).value(decl.default?, row, Point { day, ..point });
        set.single().cloned().map(Possible::from)
    };
    let copy = |to: &mut Slot, from: &Slot, decl: &Fact, row: Option<(EntityId, u32)>, day: Option<Day>| {
        let Some(day) = day else {
            let default = by_default(decl, row, point.day).filter(|_| from.statements.is_empty());
            *to = default.map_or(from.clone(), |value| Slot::fixed(value, Span::default()));
            return !to.statements.is_empty();
        };
        // Whatever day of knowledge it was read with, what was stated of that day is stated exactly.
        let before = |statement: &&mut Statement| statement.from <= day && !statement.value.is_single();
        for statement in to.statements.iter_mut().filter(before) {
            let exact = from.at(statement.from, statement.known);
            statement.value = exact.map_or(statement.value.clone(), |exact| exact.value.clone());
        }
        let exact = from.at(day, point.known).or_else(|| from.at(day, Day::NEVER));
        let exact = exact.map(|exact| exact.value.clone()).or_else(|| by_default(decl, row, day));
        assert!(exact.is_some() || decl.default.is_some(), "{} is open in the full facts", decl.name);
        let is_told = |one: &Statement| (one.from, one.known) == (day, Day::FIRST);
        let told = exact.is_some();
        if let Some(value) = exact.filter(|_| !to.statements.iter().any(is_told)) {
            to.statements.push(Statement { from: day, known: Day::FIRST, value, span: Span::default() });
            to.statements.sort_by_key(|statement| (statement.from, statement.known));
        }
        told
    };
    match slot {
        SlotRef::Fact(id, day) => {
            copy(&mut known.facts[*id], &full.facts[*id], &policy.facts[*id], None, *day)
        }
        SlotRef::Field { entity, row, field, day } => {
            let from = &full.tables[*entity].as_ref().unwrap().rows[*row as usize].cells[*field];
            let table = known.tables[*entity].as_mut().unwrap();
            let decl = &policy.entities[*entity].fields[*field];
            let own = Some((*entity, *row));
            copy(&mut table.rows[*row as usize].cells[*field], from, decl, own, *day)
        }
        SlotRef::Parameter { act, param } => {
            let (act, param) = (*act as usize, *param as usize);
            known.acts[act].params[param] = full.acts[act].params[param].clone();
            true
        }
        SlotRef::Line(id, keys) | SlotRef::Cell(id, keys, _) => {
            let annex = &policy.annexes[*id];
            let answers = |line: &OneLine| match slot {
                SlotRef::Line(..) => line.keys.iter().zip(keys).all(|(own, asked)| own.answers(asked)),
                _ => line.keys.as_slice() == keys.as_ref(),
            };
            let told: Vec<OneLine> =
                stated_lines::taken(annex, full.lines[*id].as_deref()).into_iter().filter(answers).collect();
            let mut all = stated_lines::taken(annex, known.lines[*id].as_deref());
            all.retain(|line| !told.iter().any(|told| told.keys == line.keys));
            all.extend(told.clone());
            known.lines[*id] = stated_lines::built(annex, &all);
            let whole = keys.len() == annex.keys.len();
            told.iter().any(|line| whole || line.unlisted && line.keys.ends_with(&[AnnexKey::Any]))
        }
        SlotRef::Table(entity) => {
            // A table is stated with all its cells, those that a default would fill among them.
            let mut table = full.tables[*entity].clone();
            for (row, (_, cells)) in (0..).zip(table.iter_mut().flat_map(|table| &mut table.rows)) {
                for (field, decl) in policy.entities[*entity].fields.iter() {
                    let cell = &mut cells.cells[field];
                    if cell.statements.is_empty() && decl.default.is_some() && !decl.over_time {
                        let from = cell.clone();
                        copy(cell, &from, decl, Some((*entity, row)), None);
                    }
                }
            }
            known.tables[*entity] = table;
            true
        }
    }
}

#[test]
fn the_generator_makes_many_kinds_of_answers() {
    let mut seen = std::collections::BTreeMap::new();
    for world in (0..100).filter_map(World::new) {
        for (outcome, row) in world.questions(&world.facts) {
            let answer = Evaluator::new(&world.policy, &world.facts).answer(outcome, row, world.point);
            *seen.entry(answer.status).or_insert(0) += 1;
            if answer.needs.is_some_and(|needs| needs.ways.len() > 1) {
                *seen.entry(Status::Undetermined).or_insert(0) += 1000;
            }
        }
    }
    assert_eq!(seen.len(), 5, "{seen:?}");
}
