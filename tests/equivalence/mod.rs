//! On generated policies: what is only written otherwise changes no clause and no answer, for any facts; one other
//! threshold changes a clause, and answers too, or it is proven and tried that it does not.

mod deal;
mod points;
mod rewrite;
mod write;

use crate::effort;
use crate::generator::Dice;
use crate::memory::Memory;
use crate::support::comity_in;
use comity::compare::{Clauses, Pairing};
use comity::compile::compile;
use comity::facts::Facts;
use comity::policy::Policy;
use comity::regions::{self, BUDGET, OutcomeRegions, Question, Same};
use comity::text::{Files, Sources};
use comity::value::Day;
use deal::Deal;
use points::{answers, differ, point};

struct One<'a>(&'a str);

impl Files for One<'_> {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.to_owned())
    }
}

fn policy_of(text: &str) -> Result<Policy, String> {
    let compiled = compile("p.comity", &One(text), &mut Sources::new());
    compiled
        .map(|compiled| compiled.policy)
        .map_err(|said| said.iter().map(|one| one.message.clone()).collect::<Vec<_>>().join("\n"))
}

fn policy(text: &str) -> Policy {
    policy_of(text).unwrap_or_else(|said| panic!("{said}\n{text}"))
}

/// What bears on answers.
fn changes(clauses: &Clauses) -> Vec<String> {
    clauses
        .real()
        .map(|change| {
            let parts: Vec<String> =
                change.parts.iter().map(|part| format!("{} {}", part.part.word(), part.of)).collect();
            format!("{} {} {:?}: {}", change.kind.word(), change.name, change.what, parts.join(", "))
        })
        .collect()
}

/// Every outcome of both, by name, whether a change can reach it or not.
fn compare(old: &Policy, new: &Policy) -> Vec<(String, OutcomeRegions)> {
    let none = (Facts::none(old), Facts::none(new));
    let (known, days, steps) = (Day::NEVER, (Day::FIRST, Day::LAST), BUDGET);
    let question = Question {
        policies: [old, new],
        fixed: [&none.0, &none.1],
        same: &Same::default(),
        known,
        days,
        steps,
    };
    let pairs =
        old.outcomes.iter().filter_map(|(id, outcome)| Some((outcome, id, new.outcome(&outcome.name)?)));
    pairs
        .map(|(outcome, id, other)| (outcome.name.clone(), regions::compare(&question, (id, other))))
        .collect()
}

fn decided(found: &[(String, OutcomeRegions)], texts: &str) {
    for (name, outcome) in found {
        assert!(outcome.left.is_empty(), "{name} {:?}\n{texts}", outcome.left);
    }
}

/// One policy, and the same in other words.
fn is_kept(seed: u64, nested: bool) {
    let mut dice = Dice::new(seed);
    let deal = deal::deal(&mut dice);
    let before = write::plain(&deal);
    let mut other = deal.clone();
    rewrite::otherwise(&mut dice, &mut other);
    let after = write::otherwise(&mut dice, &other);
    let facts = dice.one_in(3);
    let after = write::renamed(&mut dice, &after, facts);
    let (old, new) = (policy(&before), policy(&after));
    let texts = format!("seed {seed}\n{before}---\n{after}");
    let frame = Pairing::new(&old, &new);
    let changed = changes(frame.clauses());
    assert!(changed.is_empty(), "{}\n{texts}", changed.join("\n"));
    for (_, outcome) in &frame.outcomes {
        assert!(!frame.may_move(*outcome), "{texts}");
    }
    assert_eq!(frame.outcomes.len(), 3, "{texts}");
    // Facts of other names are other facts there, and duties are outside.
    if !facts && !deal.duty && deal.nested == nested {
        let found = compare(&old, &new);
        decided(&found, &texts);
        for (name, outcome) in &found {
            assert!(outcome.groups.is_empty(), "{name} {:?}\n{texts}", outcome.groups);
        }
    }
}

/// What became of a policy with one other threshold.
#[derive(PartialEq)]
enum Mutant {
    /// None to change, or not decided: a duty reads it.
    None,
    Differs,
    Masked,
}

fn mutated(dice: &mut Dice, deal: &Deal) -> Option<Deal> {
    let mut other = deal.clone();
    let mut many = 0;
    other.thresholds(&mut |_| many += 1);
    let chosen = if many == 0 { return None } else { dice.below(many) };
    let up = dice.one_in(2);
    let mut at = 0;
    other.thresholds(&mut |threshold| {
        if at == chosen {
            // Never below nothing.
            *threshold += if up || *threshold == 0 { 1 } else { -1 };
        }
        at += 1;
    });
    Some(other)
}

fn is_seen(seed: u64, nested: bool) -> Mutant {
    let mut dice = Dice::new(seed);
    let deal = deal::deal(&mut dice);
    let Some(other) = mutated(&mut dice, &deal) else { return Mutant::None };
    let (before, after) = (write::plain(&deal), write::plain(&other));
    let (old, new) = (policy(&before), policy(&after));
    let texts = format!("seed {seed}\n{before}---\n{after}");
    let frame = Pairing::new(&old, &new);
    // One clause, or the two that a rule without a name is.
    let bearing = frame.clauses().real().filter(|change| change.bears()).count();
    assert!((1..=2).contains(&bearing), "{:?}\n{texts}", changes(frame.clauses()));
    if deal.duty || deal.nested != nested {
        return Mutant::None;
    }
    let found = compare(&old, &new);
    decided(&found, &texts);
    let mut seen = false;
    for (name, outcome) in &found {
        for group in &outcome.groups {
            let doubt = &group.doubt;
            assert!(doubt.is_none(), "{name} {doubt:?} {:?} {:?}\n{texts}", group.old, group.new);
            let witness = &group.witness;
            let asked = differ((&old, &witness.old), (&new, &witness.new), name, witness);
            assert!(asked, "{name} {witness:?}\n{texts}");
            seen = true;
        }
    }
    if seen {
        return Mutant::Differs;
    }
    for _ in 0..60 {
        let point = point(&mut dice);
        let (one, two) = (answers(&old, &point), answers(&new, &point));
        assert_eq!(one, two, "masked, and yet it differs for {point:?}\n{texts}");
    }
    Mutant::Masked
}

/// Cut into parts that run beside each other.
fn kept(part: u64) {
    let first = part * 1_000_000;
    (first..first + effort::times(120, 25_000)).for_each(|seed| is_kept(seed, false));
}

#[test]
fn what_is_only_written_otherwise_changes_nothing_1_of_2() {
    kept(0);
}

#[test]
fn what_is_only_written_otherwise_changes_nothing_2_of_2() {
    kept(1);
}

fn seen(seeds: u64, nested: bool) -> (u64, u64) {
    let found: Vec<Mutant> = (0..seeds).map(|seed| is_seen(seed, nested)).collect();
    let count = |kind: Mutant| found.iter().filter(|one| **one == kind).count() as u64;
    (count(Mutant::Differs), count(Mutant::Masked))
}

#[test]
fn one_other_threshold_is_seen_or_masked() {
    let mutants = effort::times(100, 15_000);
    let (differs, masked) = seen(mutants, false);
    let floors = (effort::times(21, 4_000), effort::times(17, 3_000));
    assert!(differs >= floors.0 && masked >= floors.1, "{differs} differ, {masked} are masked");
}

#[test]
fn one_other_threshold_where_an_outcome_reads_another() {
    let mutants = effort::times(80, 10_000);
    let (differs, masked) = seen(mutants, true);
    let floors = (effort::times(7, 1_000), effort::times(4, 500));
    assert!(differs >= floors.0 && masked >= floors.1, "{differs} differ, {masked} are masked");
}

#[test]
fn what_is_only_written_otherwise_where_an_outcome_reads_another() {
    (0..effort::times(80, 15_000)).for_each(|seed| is_kept(seed, true));
}

#[test]
fn the_program_says_that_no_outcome_changes() {
    for seed in 0..effort::times(8, 360) {
        let mut dice = Dice::new(seed);
        let deal = deal::deal(&mut dice);
        let before = write::plain(&deal);
        let mut other = deal.clone();
        rewrite::otherwise(&mut dice, &mut other);
        let facts = dice.one_in(2);
        let after = write::otherwise(&mut dice, &other);
        let after = write::renamed(&mut dice, &after, facts);
        let stated = points::yaml(&point(&mut dice));
        let world = Memory::default().with("old.comity", before.as_str()).with("new.comity", after.as_str());
        let world = world.with("f.facts.yaml", stated.as_str());
        for more in [&[][..], &["--facts", "f.facts.yaml"]] {
            let ran = comity_in(&world, &[&["diff", "old.comity", "new.comity"], more].concat());
            let said = format!("{}{}\nseed {seed}\n{before}---\n{after}{stated}", ran.out, ran.err);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{said}");
            assert!(ran.out.starts_with("no outcome changes "), "{said}");
        }
    }
}
