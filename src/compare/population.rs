//! What a change does to the rows of a table (the third question): rows come in batches and leave nothing but sums, so
//! that memory grows with groups and not with rows. Sums are exact.

use super::Pairing;
use super::columns::columns;
use super::histogram::{Histogram, HistogramBin};
use super::same::{Delta, Voice, apart};
use crate::batch::{Batch, BatchPoint, GroupFields, Results, reads_table};
use crate::facts::{Facts, Rows};
use crate::outcome::{Answer, Point, Status};
use crate::policy::{EntityId, FieldId, OutcomeId, Policy, Type};
use crate::run::{Decided, Evaluator};
use crate::text::Span;
use crate::value::{Number, Total, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is asked of each row.
#[derive(Clone, Debug)]
pub struct PopulationPlan {
    /// The table on both sides.
    pub entity: (EntityId, EntityId),
    pub outcomes: Vec<(OutcomeId, OutcomeId)>,
    /// Fields by which rows are grouped, on the new side.
    pub by: Vec<FieldId>,
    /// How many of the largest movers are kept, up and down.
    pub top: usize,
    pub point: Point,
}

/// What a change does to the rows of a table, summed up.
#[derive(Clone, Debug)]
pub struct Population {
    pub entity: (EntityId, EntityId),
    pub by: Vec<FieldId>,
    pub rows: u64,
    /// Rows of which any outcome changes.
    pub changed: u64,
    pub outcomes: Vec<Effect>,
}

/// The effect on one outcome.
#[derive(Clone, Debug)]
pub struct Effect {
    pub outcome: (OutcomeId, OutcomeId),
    pub all: Sums,
    /// By the values of the fields asked for, in their order.
    pub groups: BTreeMap<Vec<String>, Sums>,
    pub histogram: Vec<HistogramBin>,
    /// The largest first; of equal ones the first in the table.
    pub up: Vec<Mover>,
    pub down: Vec<Mover>,
}

/// Counts and sums over some rows.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    pub rows: u64,
    pub changed: u64,
    /// Changed by a number.
    pub up: u64,
    pub down: u64,
    /// Not determined on one side or on both; not in the sums.
    pub open: u64,
    /// Over the rows that are determined on both sides, of numbers.
    pub old: Total,
    pub new: Total,
}

impl Sums {
    /// How many rows are in the sums.
    pub fn summed(&self) -> u64 {
        self.rows.saturating_sub(self.open)
    }
}

/// A row that moves far.
#[derive(Clone, Debug)]
pub struct Mover {
    pub key: Arc<str>,
    pub old: Answer,
    pub new: Answer,
    pub delta: Number,
}

/// Counts and sums rows as they come in.
#[derive(Debug)]
pub struct PopulationTally<'f, 'a> {
    pairing: &'f Pairing<'a>,
    plan: PopulationPlan,
    rows: u64,
    changed: u64,
    effects: Vec<(Effect, Histogram)>,
    /// By which rows are grouped.
    fields: Option<Arc<GroupFields>>,
    /// Where the key of each row stands.
    keys: Vec<Span>,
}

/// Whether rows may come in batches; else all of them must come in one, for some answers read the whole table.
pub fn in_batches(pairing: &Pairing<'_>, plan: &PopulationPlan) -> bool {
    let (old, new): (Vec<OutcomeId>, Vec<OutcomeId>) = plan.outcomes.iter().copied().unzip();
    !reads_table(pairing.old, plan.entity.0, &old) && !reads_table(pairing.new, plan.entity.1, &new)
}

/// How groups are called whose values are open.
const OPEN: &str = "open";

/// The rows of one side.
struct PopulationSide<'v, 'a> {
    run: Evaluator<'a>,
    voice: &'v Voice<'a>,
    policy: &'a Policy,
    /// The answers to what is asked, column by column; none: each row is asked by itself.
    results: Option<Results>,
}

impl PopulationSide<'_, '_> {
    /// The answer to what is asked in that place.
    fn decide(&mut self, (place, outcome): (usize, OutcomeId), row: u32, point: Point) -> Decided {
        let column = self.results.as_ref().and_then(|results| results.outcomes.get(place));
        let found = column.and_then(|column| {
            let status = column.status.get(row as usize)?;
            Some(match status {
                Status::Determined => Decided::Value(column.values.get(row as usize)?),
                Status::Undetermined => Decided::Undetermined,
                Status::Gap => Decided::Gap,
                Status::Conflict => Decided::Conflict,
                Status::Error => Decided::Error,
            })
        });
        found.unwrap_or_else(|| self.run.decide(outcome, Some(row), point))
    }
}

/// What is asked of both sides, for all rows alike. The facts are those beside the rows.
#[derive(Debug)]
pub struct Batches<'a> {
    old: Batch<'a>,
    new: Batch<'a>,
}

impl<'a> Batches<'a> {
    /// None: some of it is not for each row.
    pub fn new(
        pairing: &Pairing<'a>,
        plan: &PopulationPlan,
        (old, new): (&'a Facts, &'a Facts),
    ) -> Option<Batches<'a>> {
        let (before, after): (Vec<OutcomeId>, Vec<OutcomeId>) = plan.outcomes.iter().copied().unzip();
        let asked = BatchPoint { on: plan.point.day, known: plan.point.known };
        Some(Batches {
            old: Batch::new(pairing.old, old, plan.entity.0, &before, asked).ok()?,
            new: Batch::new(pairing.new, new, plan.entity.1, &after, asked).ok()?,
        })
    }
}

impl<'f, 'a> PopulationTally<'f, 'a> {
    pub fn new(pairing: &'f Pairing<'a>, plan: PopulationPlan) -> PopulationTally<'f, 'a> {
        let effect = |outcome: &(OutcomeId, OutcomeId)| {
            let histogram = Histogram::new(&pairing.new.outcomes[outcome.1].ty, &pairing.new.units);
            let effect = Effect {
                outcome: *outcome,
                all: Sums::default(),
                groups: BTreeMap::new(),
                histogram: Vec::new(),
                up: Vec::new(),
                down: Vec::new(),
            };
            (effect, histogram)
        };
        let effects = plan.outcomes.iter().map(effect).collect();
        let fields = (!plan.by.is_empty()).then(|| GroupFields::new(pairing.new, plan.entity.1, &plan.by));
        PopulationTally {
            pairing,
            plan,
            rows: 0,
            changed: 0,
            effects,
            fields: fields.map(Arc::new),
            keys: Vec::new(),
        }
    }

    /// Rows, with all else that is stated, for both sides.
    pub fn batch(&mut self, batches: Option<&Batches<'_>>, old: &Facts, new: &Facts) {
        let (Some(mine), Some(theirs)) = (table(old, self.plan.entity.0), table(new, self.plan.entity.1))
        else {
            return;
        };
        let voices = (
            Voice::new(self.pairing.old, &self.pairing.names.old, old),
            Voice::new(self.pairing.new, &self.pairing.names.new, new),
        );
        let results = |batch: &Batch<'_>, policy: &Policy, entity: EntityId, rows: &Rows| {
            columns(&policy.entities[entity], rows).map(|columns| batch.evaluate(&columns))
        };
        let one = batches.and_then(|both| results(&both.old, self.pairing.old, self.plan.entity.0, mine));
        let two = batches.and_then(|both| results(&both.new, self.pairing.new, self.plan.entity.1, theirs));
        let mut sides = (
            PopulationSide {
                run: Evaluator::new(self.pairing.old, old),
                voice: &voices.0,
                policy: self.pairing.old,
                results: one,
            },
            PopulationSide {
                run: Evaluator::new(self.pairing.new, new),
                voice: &voices.1,
                policy: self.pairing.new,
                results: two,
            },
        );
        let fields = self.fields.clone();
        let mut grouped = fields.as_deref().map(|fields| (fields, fields.evaluator(new)));
        for (at, key) in mine.rows.keys().enumerate() {
            let other = theirs.rows.get_index_of(key);
            let (Ok(at), Some(Ok(other))) = (u32::try_from(at), other.map(u32::try_from)) else { continue };
            self.rows = self.rows.saturating_add(1);
            self.keys.extend(mine.get(at).map(|row| row.span));
            let group = grouped.as_mut().map(|(fields, run)| {
                let words = |ty: &Type, value: &Value| voices.1.shown(ty, value);
                let names = fields.of_row(run, new, other, self.plan.point, &words);
                names.iter().map(|name| name.text(OPEN)).collect::<Vec<String>>()
            });
            let mut changed = false;
            for place in 0..self.effects.len() {
                changed |= self.row(place, key, (at, other), group.as_deref(), &mut sides);
            }
            self.changed = self.changed.saturating_add(u64::from(changed));
        }
    }

    /// Whether the outcome at that place changes.
    fn row(
        &mut self,
        place: usize,
        key: &Arc<str>,
        (mine, theirs): (u32, u32),
        group: Option<&[String]>,
        (old, new): &mut (PopulationSide<'_, '_>, PopulationSide<'_, '_>),
    ) -> bool {
        let point = self.plan.point;
        let Some((effect, histogram)) = self.effects.get_mut(place) else { return false };
        let (before, after) = effect.outcome;
        let types = (&old.policy.outcomes[before].ty, &new.policy.outcomes[after].ty);
        let one = old.decide((place, before), mine, point);
        let two = new.decide((place, after), theirs, point);
        let same = match (&one, &two) {
            (Decided::Value(a), Decided::Value(b)) => {
                let plain = matches!((a, b), (Value::Number(_), Value::Number(_))) && types.0 == types.1;
                if plain { a == b } else { old.voice.value(types.0, a) == new.voice.value(types.1, b) }
            }
            _ => {
                let a = old.run.bare_answer(before, Some(mine), point);
                let b = new.run.bare_answer(after, Some(theirs), point);
                old.voice.answer(types.0, &a) == new.voice.answer(types.1, &b)
            }
        };
        let delta = match (&one, &two) {
            (Decided::Value(a), Decided::Value(b)) if !same && types.0.same(types.1) => match apart(a, b) {
                Some(Delta::Number(delta)) => Some(delta),
                _ => None,
            },
            _ => None,
        };
        let add = |sums: &mut Sums| {
            sums.rows = sums.rows.saturating_add(1);
            sums.changed = sums.changed.saturating_add(u64::from(!same));
            let (up, down) =
                delta.as_ref().map_or((false, false), |delta| (!delta.is_negative(), delta.is_negative()));
            sums.up = sums.up.saturating_add(u64::from(up));
            sums.down = sums.down.saturating_add(u64::from(down));
            match (&one, &two) {
                (Decided::Value(a), Decided::Value(b)) => {
                    if let (Value::Number(a), Value::Number(b)) = (a, b) {
                        sums.old.add(a);
                        sums.new.add(b);
                    }
                }
                _ => sums.open = sums.open.saturating_add(1),
            }
        };
        add(&mut effect.all);
        if let Some(group) = group {
            match effect.groups.get_mut(group) {
                Some(sums) => add(sums),
                None => add(effect.groups.entry(group.to_vec()).or_default()),
            }
        }
        let Some(delta) = delta else { return !same };
        histogram.add(&delta);
        let list = if delta.is_negative() { &mut effect.down } else { &mut effect.up };
        let size = delta.abs();
        let at = list.partition_point(|mover| mover.delta.abs() >= size);
        if at < self.plan.top {
            let old = old.run.bare_answer(before, Some(mine), point);
            let new = new.run.bare_answer(after, Some(theirs), point);
            list.insert(at, Mover { key: key.clone(), old, new, delta });
            list.truncate(self.plan.top);
        }
        true
    }

    /// The places of all keys, for those that stand twice in different batches.
    pub fn keys(&self) -> &[Span] {
        &self.keys
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn finish(self) -> Population {
        let outcomes = self
            .effects
            .into_iter()
            .map(|(effect, histogram)| Effect { histogram: histogram.finish(), ..effect });
        Population {
            entity: self.plan.entity,
            by: self.plan.by,
            rows: self.rows,
            changed: self.changed,
            outcomes: outcomes.collect(),
        }
    }
}

fn table(facts: &Facts, entity: EntityId) -> Option<&Rows> {
    facts.tables.try_get(entity).and_then(Option::as_ref)
}

/// Whether sums of an outcome mean something; of rates averages do.
pub fn summable(ty: &Type) -> bool {
    matches!(ty, Type::Number { face, .. } if *face != crate::policy::Face::Rate)
}
