//! A model as a case: facts that the evaluator finds the same of, with nothing among them that could be left out (G2).

use super::Case;
use super::ask::Ask;
use crate::facts::{Facts, Slot};
use crate::outcome::Point;
use crate::policy::{EntityId, Policy};
use crate::regions::completed::{About, Completion};
use crate::regions::space::day_of;
use crate::regions::witness;
use crate::run::{DayDependence, Evaluator, depends_on_day};
use crate::solve::Model;
use crate::value::Day;

/// Whether it is so at a point, of the row if there is one.
pub(super) type Shows<'s> = &'s dyn Fn(&mut Evaluator<'_>, Option<(EntityId, u32)>, Point) -> bool;

pub(super) fn case(ask: &Ask<'_>, model: &Model, shows: Shows<'_>) -> Option<Case> {
    let policy = ask.policy;
    let on = ask.reader.space.today().and_then(|var| model.number(var)).and_then(day_of)?;
    let row = ask.own.map(|entity| (entity, 0));
    let space = &ask.reader.space;
    let about = About { space, model, own: ask.own, on };
    let stated = |all: bool| {
        let mut facts = witness::facts(space, model, policy, ask.own, all)?;
        about.countries(policy, &[policy], &mut facts);
        about.acts(policy, &mut facts);
        about.totals(&[policy], policy, &mut facts);
        Some(facts)
    };
    let (whole, facts) = (stated(true)?, stated(false)?);
    let point = Point::new(on, Day::NEVER);
    let tried = |facts: &Facts| {
        witness::allowed(policy, facts, on) && shows(&mut Evaluator::new(policy, facts), row, point)
    };
    let ways = Completion::all();
    let completed = ways.map(|way| way.completed(policy, &facts, ask.own));
    let found = std::iter::once(whole).chain(completed).find(|facts| tried(facts))?;
    let facts = smallest(policy, found, &tried);
    Some(Case { on, dated: true, row, facts })
}

impl Case {
    /// `moves`: whether what it shows depends on the day. A row of a dated entity always has one.
    pub(super) fn on_any_day(
        mut self,
        policy: &Policy,
        moves: impl FnOnce(&DayDependence<'_>) -> bool,
    ) -> Case {
        let own = self.row.is_some_and(|(entity, _)| policy.entities[entity].dated.is_some());
        self.dated = own || moves(&depends_on_day(policy, Some(&self.facts)));
        self
    }
}

/// The same without what can go: tables, cells, facts, acts, single statements, in this order.
fn smallest(policy: &Policy, mut facts: Facts, shows: &dyn Fn(&Facts) -> bool) -> Facts {
    let attempt = |facts: &mut Facts, change: &dyn Fn(&mut Facts)| {
        let mut less = facts.clone();
        change(&mut less);
        if shows(&less) {
            *facts = less;
        }
    };
    for id in policy.entities.ids().filter(|id| facts.tables[*id].is_some()).collect::<Vec<_>>() {
        attempt(&mut facts, &|less| less.tables[id] = None);
        let Some(rows) = &facts.tables[id] else { continue };
        let cells: Vec<(usize, _)> = rows
            .rows
            .values()
            .enumerate()
            .flat_map(|(at, row)| {
                row.cells.iter().map(move |(field, slot)| (at, field, slot.statements.len()))
            })
            .filter(|(_, field, count)| *count > 0 && *field != policy.entities[id].key)
            .map(|(at, field, _)| (at, field))
            .collect();
        for (at, field) in cells {
            attempt(&mut facts, &|less| {
                if let Some((_, row)) = less.tables[id].as_mut().and_then(|rows| rows.rows.get_index_mut(at))
                {
                    row.cells[field] = Slot::default();
                }
            });
        }
    }
    for at in (0..facts.acts.len()).rev() {
        attempt(&mut facts, &|less| drop(less.acts.remove(at)));
    }
    for id in policy.facts.ids() {
        if !facts.facts[id].statements.is_empty() {
            attempt(&mut facts, &|less| less.facts[id] = Slot::default());
        }
        for at in (0..facts.facts[id].statements.len()).rev() {
            if facts.facts[id].statements.len() > 1 {
                attempt(&mut facts, &|less| drop(less.facts[id].statements.remove(at)));
            }
        }
    }
    facts
}
