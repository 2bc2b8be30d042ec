//! What tests of powers and of all rows looked up, for the story: the acts and the rows that decide.

use crate::explain::reads::{BODY, DEPTH, Told, is_same, tell};
use crate::outcome::{Point, Read, ReadOf, Sight, SlotRef};
use crate::policy::{Contender, EntityId, Expr, ExprId, Lasting, Power, PowerId, PowerTest, Rule};
use crate::run::{ANY_ROW, At, Evaluator, NO_ROW, Set, Turn, Where};
use crate::tree::AggregateKind;
use crate::value::{Day, Mask, Value};

/// Rows that decide, no more of them than this.
const ROWS: usize = 5;
/// Members whose reads are looked at, no more of them than this.
pub(in crate::explain) const LOOKED: usize = 1_000;
/// Of the rows that are no members for certain, so many are looked at.
const OTHERS: u32 = 8;

impl<'a> Evaluator<'a> {
    /// What a test of a power of one row, or what is read of its act, rests on.
    pub(in crate::explain) fn read_power(
        &mut self,
        reads: &mut Vec<Read>,
        (id, row): (PowerId, Option<ExprId>),
        test: Option<PowerTest>,
        at: &At,
        told: &mut Told,
    ) -> Turn<()> {
        let policy = self.policy;
        let (row, point) = match (policy.powers[id].for_each, row) {
            (None, _) => (NO_ROW, at.point),
            (Some(entity), Some(row)) => match self.set(row, at)?.single() {
                Some(Value::Row(row)) => {
                    let row = *row;
                    match self.where_is(entity, row, at)? {
                        Where::At(point) => (row, point),
                        Where::Open(_) => return Ok(()),
                    }
                }
                _ => return Ok(()),
            },
            (Some(_), None) => return Ok(()),
        };
        match test {
            Some(PowerTest::Available) => self.read_available(reads, (id, row), point, told),
            Some(PowerTest::Threatened) => Ok(()),
            Some(PowerTest::Invalid) => {
                let acts = self.acts_of(id, row, point);
                acts.into_iter().try_for_each(|(place, _)| self.read_act(reads, place, point, told))
            }
            Some(PowerTest::Done) | None => self.read_acts(reads, (id, row), point, told),
        }
    }

    fn read_available(
        &mut self,
        reads: &mut Vec<Read>,
        (id, row): (PowerId, u32),
        point: Point,
        told: &mut Told,
    ) -> Turn<()> {
        let policy = self.policy;
        let power: &Power = &policy.powers[id];
        self.deeper(told, |run, told| {
            run.in_power(id, row, point, |run, at| {
                let requires = power.requires.iter().filter(|one| !one.of_act).map(|one| one.what);
                let mut parts = policy.rules[power.rule].window().chain(requires);
                parts.try_for_each(|part| run.read_into(reads, part, at, told))
            })
        })
    }

    /// The acts of a power and those that end it.
    fn read_acts(
        &mut self,
        reads: &mut Vec<Read>,
        (id, row): (PowerId, u32),
        point: Point,
        told: &mut Told,
    ) -> Turn<()> {
        let acts = self.acts_about(id, row, point);
        acts.into_iter().try_for_each(|(place, _)| self.read_act(reads, place, point, told))
    }

    /// An act, and what it was judged by on its day (O2).
    fn read_act(&mut self, reads: &mut Vec<Read>, place: u32, point: Point, told: &mut Told) -> Turn<()> {
        let mask = self.validity(place, point.known)?.mask;
        let mut inner = Vec::new();
        self.read_checks(&mut inner, place, point.known, told)?;
        tell(reads, ReadOf::Act(place), point, Set::from_mask(mask, None), inner, told);
        Ok(())
    }

    pub(in crate::explain) fn read_checks(
        &mut self,
        reads: &mut Vec<Read>,
        place: u32,
        known: Day,
        told: &mut Told,
    ) -> Turn<()> {
        let (policy, facts) = (self.policy, self.facts);
        let Some(act) = facts.acts.get(place as usize) else { return Ok(()) };
        let power: &'a Power = &policy.powers[act.power];
        let judged = Point { day: act.on, known, sight: Sight { day: act.on, group: power.group } };
        self.deeper(told, |run, told| {
            run.in_act(act.power, act.row.unwrap_or(NO_ROW), act, judged, |run, at| {
                run.checks_of(power).try_for_each(|check| run.read_into(reads, check, at, told))
            })
        })
    }

    /// O4: the acts that may stand, what ends them, and what they offer.
    pub(in crate::explain) fn read_effects(
        &mut self,
        reads: &mut Vec<Read>,
        (id, rule): (PowerId, &'a Rule),
        contender: &Contender,
        at: &At,
        told: &mut Told,
    ) -> Turn<()> {
        let (facts, row) = (self.facts, at.row());
        self.read_acts(reads, (id, row), at.point, told)?;
        if let Some(lasting) = rule.lasting {
            for (place, _) in self.acts_of(id, row, at.point) {
                self.read_lapse(reads, place, lasting, at, told)?;
            }
        }
        for one in self.standing(id, row, at.point, true)? {
            let Some(act) = facts.acts.get(one.act as usize) else { continue };
            self.in_act(id, row, act, at.point, |run, at| {
                let values = contender.clauses.iter().map(|clause| clause.value);
                values.into_iter().try_for_each(|value| run.read_into(reads, value, at, told))
            })?;
        }
        Ok(())
    }

    /// What may have ended the effect of an act that is, or may be, valid.
    pub(in crate::explain) fn read_lapse(
        &mut self,
        reads: &mut Vec<Read>,
        place: u32,
        lasting: Lasting,
        at: &At,
        told: &mut Told,
    ) -> Turn<()> {
        let facts = self.facts;
        let Some(act) = facts.acts.get(place as usize) else { return Ok(()) };
        if self.validity(place, at.point.known)?.mask.is_false() {
            return Ok(());
        }
        self.in_act(act.power, act.row.unwrap_or(NO_ROW), act, at.point, |run, at| match lasting {
            Lasting::Until(end) => run.read_past(reads, end, (act.on, None), at, told),
            Lasting::For(wait, _) => run.read_into(reads, wait, &at.on(act.on), told),
        })
    }

    /// Tells what is below a body, unless that is too deep.
    pub(in crate::explain) fn deeper(
        &mut self,
        told: &mut Told,
        tell: impl FnOnce(&mut Self, &mut Told) -> Turn<()>,
    ) -> Turn<()> {
        if told.depth >= DEPTH {
            return Ok(());
        }
        told.depth += BODY;
        let result = tell(self, told);
        told.depth -= BODY;
        result
    }

    /// Of `any` the rows that have it, of `all` those that have not, as far as the table has a day of its own; then what the
    /// rows read besides themselves.
    pub(in crate::explain) fn read_rows(
        &mut self,
        reads: &mut Vec<Read>,
        id: ExprId,
        at: &At,
        told: &mut Told,
    ) -> Turn<()> {
        let policy = self.policy;
        let Expr::Aggregate { kind, entity, local, value, condition } = policy.exprs.node(id) else {
            return Ok(());
        };
        let wanted = match kind {
            AggregateKind::Any => Some(true),
            AggregateKind::All => Some(false),
            _ => None,
        };
        let facts = self.facts;
        let table = facts.tables.try_get(*entity).and_then(Option::as_ref);
        let count = u32::try_from(table.map_or(0, |table| table.rows.len())).unwrap_or(u32::MAX);
        // What others are compared with the first tell.
        let rows = self.set_candidates(id, count, at)?.0.and_first(count.min(OTHERS));
        // Any row of a table that is not stated.
        let any = self.is_unstated(*entity).then_some(ANY_ROW);
        let mut shared = Vec::new();
        for (count, row) in (0usize..).zip(rows.into_iter().chain(any)) {
            self.with_row(at, *local, row, |run| {
                if let (Some(wanted), Some(value), true) =
                    (wanted, value, row != ANY_ROW && reads.len() < ROWS)
                {
                    run.read_row(reads, (*entity, row, *value), *condition, wanted, at, told)?;
                }
                if count < LOOKED {
                    let mut aside = Told::at_depth(told.depth);
                    run.read_shared(&mut shared, (*entity, row), (*value, *condition), at, &mut aside)?;
                }
                Ok(())
            })?;
            if (reads.len() >= ROWS || wanted.is_none()) && count >= LOOKED {
                break;
            }
        }
        reads.append(&mut shared);
        Ok(())
    }

    /// What a member reads that is of no row.
    fn read_shared(
        &mut self,
        shared: &mut Vec<Read>,
        (entity, row): (EntityId, u32),
        (value, condition): (Option<ExprId>, Option<ExprId>),
        at: &At,
        told: &mut Told,
    ) -> Turn<()> {
        if row != ANY_ROW && self.existence(entity, row, at)?.mask().is_false() {
            return Ok(());
        }
        self.deeper(told, |run, told| {
            let mut found = Vec::new();
            let mut member = Mask::TRUE;
            if let Some(condition) = condition {
                run.read_into(&mut found, condition, at, told)?;
                member = run.set(condition, at)?.mask();
            }
            if let Some(value) = value.filter(|_| !member.is_false()) {
                run.read_into(&mut found, value, at, told)?;
            }
            keep_shared(shared, found);
            Ok(())
        })
    }

    fn read_row(
        &mut self,
        reads: &mut Vec<Read>,
        (entity, row, value): (EntityId, u32, ExprId),
        condition: Option<ExprId>,
        wanted: bool,
        at: &At,
        told: &mut Told,
    ) -> Turn<()> {
        let there = self.existence(entity, row, at)?.mask();
        let holds = match condition.filter(|_| !there.is_false()) {
            Some(condition) => there.and(self.set(condition, at)?.mask()),
            None => there,
        };
        if holds.is_false() {
            return Ok(());
        }
        let set = self.set(value, at)?;
        let decides = if wanted { !set.mask().is_false() } else { !set.mask().is_true() };
        if decides {
            tell(reads, ReadOf::Row(entity, row, value), at.point, set, Vec::new(), told);
        }
        Ok(())
    }
}

/// Takes what is of no row out of what was read, each once.
pub(in crate::explain) fn keep_shared(shared: &mut Vec<Read>, found: Vec<Read>) {
    for read in found {
        let of_row = match &read.what {
            ReadOf::Slot(slot, _) => matches!(slot, SlotRef::Field { .. }),
            ReadOf::Define(_, row) | ReadOf::Outcome(_, row) => row.is_some(),
            ReadOf::Act(_) => false,
            ReadOf::Running { .. } | ReadOf::Row(..) | ReadOf::Lookup(_) | ReadOf::Today => true,
        };
        if of_row {
            keep_shared(shared, read.inner);
        } else if !shared.iter().any(|other| other.point == read.point && is_same(&other.what, &read.what)) {
            shared.push(read);
        }
    }
}
