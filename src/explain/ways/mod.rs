//! The smallest ways to settle an answer (N3): truth values for a few of its conditions under which R6 decides.

pub mod atoms;
mod narrow;

use crate::explain::needs::{Walk, Wanted};
use crate::explain::ways::atoms::Atom;
use crate::explain::ways::narrow::{Bound, contradicts};
use crate::outcome::{AtomIs, SlotRef, Status, Way, WayAnswer};
use crate::policy::{ExprId, OutcomeId};
use crate::run::{At, Evaluator, Named, NamedPoint, OutcomeVerdict, Result};
use crate::value::Mask;
use std::collections::BTreeSet;

const TESTS: usize = 4_096;
/// Of days, of all histories that are followed anew.
const STRETCHES: usize = 200_000;
const WAYS: usize = 32;
const SIZE: usize = 3;

/// Some atoms, ascending, each with its truth value.
type ConditionChoice = Vec<(usize, bool)>;

struct WaySearch<'s> {
    outcome: OutcomeId,
    node: NamedPoint,
    atoms: &'s [Atom],
    /// What each atom may be.
    masks: Vec<Mask>,
    /// What each atom says of one slot, if it does.
    bounds: Vec<Option<Bound>>,
    /// The contenders below which each atom lies.
    rules: Vec<BTreeSet<u32>>,
    /// Without any choice.
    before: OutcomeVerdict,
    ways: Vec<(ConditionChoice, WayAnswer)>,
    tests: usize,
    followed_before: usize,
    /// A limit was met.
    stopped: bool,
    /// Some choice of the last size decided nothing, so larger ones might.
    open: bool,
}

impl<'s> WaySearch<'s> {
    fn covers(&self, choice: &ConditionChoice) -> bool {
        self.ways.iter().any(|(way, _)| way.iter().all(|part| choice.contains(part)))
    }

    fn chosen(&self, choice: &ConditionChoice) -> Vec<(&'s Atom, bool)> {
        choice.iter().filter_map(|(at, is)| Some((self.atoms.get(*at)?, *is))).collect()
    }
}

impl<'a> Evaluator<'a> {
    /// The ways, and whether they are all.
    pub(crate) fn ways(&mut self, outcome: OutcomeId, node: NamedPoint) -> (Vec<Way>, bool) {
        let atoms = self.atoms(node);
        let before = self.verdict_at(outcome, node);
        let mut search = WaySearch {
            outcome,
            node,
            atoms: &atoms,
            masks: atoms.iter().map(|atom| self.mask_of(atom)).collect(),
            bounds: atoms.iter().map(|atom| self.bound_of(atom)).collect(),
            rules: self.rules_of(&atoms, &before, outcome, node),
            before,
            ways: Vec::new(),
            tests: 0,
            followed_before: self.stretches_followed,
            stopped: false,
            open: false,
        };
        for size in 0..=SIZE.min(atoms.len()) {
            if search.covers(&Vec::new()) {
                break;
            }
            search.open = false;
            self.try_all(&mut search, size, &mut Vec::new(), 0);
        }
        let complete = !search.stopped && (atoms.len() <= SIZE || !search.open);
        let ways =
            search.ways.into_iter().map(|(choice, then)| self.way(&atoms, choice, then, node)).collect();
        (ways, complete)
    }

    /// For each atom the live rules whose part it may change.
    pub(crate) fn rules_of(
        &mut self,
        atoms: &[Atom],
        before: &OutcomeVerdict,
        outcome: OutcomeId,
        node: NamedPoint,
    ) -> Vec<BTreeSet<u32>> {
        let mut rules = vec![BTreeSet::new(); atoms.len()];
        for live in &before.live {
            let names = self.names_of_rule(outcome, live, node);
            let below = |(home, rule): &(NamedPoint, Option<u32>)| {
                if *home == node { *rule == Some(live.index) } else { names.contains(home) }
            };
            for (list, atom) in rules.iter_mut().zip(atoms) {
                if atom.homes.iter().any(below) {
                    list.insert(live.index);
                }
            }
        }
        rules
    }

    /// Every choice of this size, in source order, true before false.
    fn try_all(&mut self, search: &mut WaySearch, size: usize, choice: &mut ConditionChoice, from: usize) {
        if choice.len() == size {
            self.try_one(search, choice);
            return;
        }
        for atom in from..search.atoms.len() {
            for is in [true, false] {
                if search.stopped {
                    return;
                }
                // Where it can only be true or an error, it is not false.
                if search.masks.get(atom).is_none_or(|mask| !Mask::of(is).is_within(*mask)) {
                    continue;
                }
                choice.push((atom, is));
                // What holds a way already leads nowhere new, and neither does what cannot hold.
                if !search.covers(choice) && !contradicts(self.policy, &search.bounds, choice) {
                    self.try_all(search, size, choice, atom.saturating_add(1));
                }
                choice.pop();
            }
        }
    }

    fn try_one(&mut self, search: &mut WaySearch, choice: &ConditionChoice) {
        let followed = self.stretches_followed.saturating_sub(search.followed_before);
        if search.tests >= TESTS || search.ways.len() >= WAYS || followed >= STRETCHES {
            search.stopped = true;
            return;
        }
        search.tests = search.tests.saturating_add(1);
        let chosen = search.chosen(choice);
        let rules = choice.iter().filter_map(|(atom, _)| search.rules.get(*atom));
        let changed: BTreeSet<u32> = rules.flatten().copied().collect();
        let (outcome, node, before) = (search.outcome, search.node, &search.before);
        let answer = self.given(&chosen, |run| {
            let verdict = run
                .settle(|run| run.in_body(node, |run, at| run.verdict_again(outcome, before, &changed, at)));
            match end(&verdict) {
                // While the value itself hangs on conditions, they come first.
                Some(WayAnswer::Open(expr)) if !run.atoms_of(expr, node).is_empty() => None,
                answer => answer,
            }
        });
        match answer {
            Some(answer) => search.ways.push((choice.clone(), answer)),
            None => search.open = true,
        }
    }

    /// With atoms given truth values.
    pub(crate) fn given<T>(&mut self, chosen: &[(&Atom, bool)], evaluate: impl FnOnce(&mut Self) -> T) -> T {
        let truths = chosen.iter().flat_map(|(atom, is)| {
            atom.places.iter().map(|place| ((place.expr, place.row, place.point), *is))
        });
        self.under(truths, evaluate)
    }

    fn way(&mut self, atoms: &[Atom], choice: ConditionChoice, then: WayAnswer, node: NamedPoint) -> Way {
        let mut walk = Walk::new(Wanted::Open);
        let mut when = Vec::with_capacity(choice.len());
        let chosen: Vec<(&Atom, bool)> =
            choice.iter().filter_map(|(at, is)| Some((atoms.get(*at)?, *is))).collect();
        for (atom, is) in &chosen {
            let Some(place) = atom.at() else { continue };
            when.push(AtomIs { atom: place.expr, row: atom.own, point: place.point, is: *is });
            self.settle(|run| {
                run.in_row(atom.own, place.point, |run, at| run.walk(&mut walk, place.expr, at, false))
            });
        }
        self.walk_names(&mut walk);
        if let WayAnswer::Open(expr) = &then {
            // What the value reads once the conditions are settled.
            let slots = self.slots_of_value(*expr, node, &chosen);
            slots.into_iter().for_each(|slot| walk.note(slot, false));
        }
        let facts = walk.found.into_keys().collect();
        Way { when, then, facts }
    }

    fn slots_of_value(
        &mut self,
        expr: ExprId,
        node: NamedPoint,
        chosen: &[(&Atom, bool)],
    ) -> BTreeSet<SlotRef> {
        let mut walk = Walk::new(Wanted::Open);
        self.given(chosen, |run| {
            run.settle(|run| run.in_body(node, |run, at| run.walk_value(&mut walk, expr, node, at)));
            run.walk_names(&mut walk);
        });
        walk.found.into_keys().collect()
    }

    /// The effect of a power reads the parameters of its acts, which have no place in the body of the outcome.
    fn walk_value(&mut self, walk: &mut Walk, expr: ExprId, node: NamedPoint, at: &At) -> Result<()> {
        if let Named::Outcome(id) = node.named
            && let [only] = self.verdict(id, at)?.live.as_slice()
            && self.policy.rules[only.rule].power.is_some()
        {
            return self.walk_rules(walk, id, at, false);
        }
        self.walk(walk, expr, at, false)
    }

    pub(crate) fn mask_of(&mut self, atom: &Atom) -> Mask {
        let Some(place) = atom.at() else { return Mask::BOTH };
        self.settle(|run| run.in_row(atom.own, place.point, |run, at| run.set(place.expr, at))).mask()
    }
}

/// Whether this is an end: a decided answer, or one value that is still open.
fn end(verdict: &OutcomeVerdict) -> Option<WayAnswer> {
    if verdict.status != Status::Undetermined {
        return verdict.possible.first().cloned().map(WayAnswer::Is);
    }
    match verdict.live.as_slice() {
        [only] if !only.may_be_silent && !only.fails_before => match only.values.as_slice() {
            [one] if !one.value.is_single() => Some(WayAnswer::Open(one.expr)),
            _ => None,
        },
        _ => None,
    }
}
