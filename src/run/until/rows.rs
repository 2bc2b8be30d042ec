//! Until when what is read elsewhere is the same (T10): other days, rows, names, and the rules of an outcome.

use crate::outcome::Point;
use crate::policy::Trend;
use crate::policy::{
    AnnexId, AnnexKey, Contender, Dated, EntityId, Expr, ExprId, FieldId, Op, Outcome, OutcomeId, Policy,
    PowerId, Rule,
};
use crate::run::frame::{ANY_ROW, At, NO_ROW, Named, NamedPoint};
use crate::run::sets::groups::Candidates;
use crate::run::sets::rules::reached;
use crate::run::sets::set::Set;
use crate::run::sets::shifts::{days_before, is_slot};
use crate::run::until::END;
use crate::run::{Evaluator, Result};
use crate::value::{Dates, Day, Mask, Possible, Value};

impl<'a> Evaluator<'a> {
    /// T4: as long as the day is the same; of a day that moves on, until it comes to a change.
    pub(crate) fn until_as_of(&mut self, value: ExprId, day: ExprId, at: &At) -> Result<Day> {
        let (way, until) = self.shape(day, at)?;
        let on = match self.set(day, at)?.single() {
            Some(Value::Date(on)) if !on.is_never() => Some(*on),
            _ => None,
        };
        match (way, on) {
            (Trend::Up, Some(on)) => {
                let change = self.until(value, &at.on(on))?;
                self.first_change(at, until, |run, at| {
                    Ok(matches!(run.set(day, at)?.single(), Some(Value::Date(on)) if *on < change))
                })
            }
            (_, Some(_)) => self.until(day, at),
            (_, None) => Ok(self.until(day, at)?.min(self.until_row_of(value, at)?)),
        }
    }

    /// On an open day the row is looked up on the outer one.
    fn until_row_of(&mut self, value: ExprId, at: &At) -> Result<Day> {
        match self.policy.exprs.node(value) {
            Expr::Field { row, .. } => self.until(*row, at),
            _ => Ok(END),
        }
    }

    /// T5: until the deadline has passed; then it is judged for good, unless the deadline itself changes.
    pub(crate) fn until_by(&mut self, condition: ExprId, day: ExprId, at: &At) -> Result<Day> {
        let set = self.set(day, at)?;
        let today = at.point.day;
        // A deadline that goes along with the days stays as far ahead, or behind.
        if let Some(Value::Date(on)) = set.single()
            && let Some(along) = self.goes_along(day, at)?
        {
            return if today <= *on {
                Ok(along)
            } else {
                Ok(self.until_as_of(condition, day, at)?.min(along))
            };
        }
        let mut until = self.until(day, at)?;
        let Some(range) = set.values.as_dates() else { return Ok(until) };
        for end in range.ends() {
            if today <= end {
                until = until.min(end.next());
            }
        }
        if range.as_point().is_none() {
            until = until.min(self.until_row_of(condition, at)?);
        }
        if range.days().is_some_and(|(first, last)| first < today && today <= last) {
            until = until.min(self.until_one_more(condition, (&range, &set), at)?);
        }
        Ok(until)
    }

    /// Until another day that has passed may tell another thing of a condition.
    fn until_one_more(&mut self, condition: ExprId, (range, day): (&Dates, &Set), at: &At) -> Result<Day> {
        let next = at.point.day.next();
        match days_before(range, at.point.day).map(|before| before.as_point().is_some()) {
            Some(true) => Ok(next),
            _ if !is_slot(self.policy, condition) => Ok(END),
            _ => {
                let told = self.set_by_day(condition, day.clone(), at)?;
                let now = self.set(condition, at)?;
                Ok(if told.covers(&now) { self.until(condition, at)?.next() } else { next })
            }
        }
    }

    /// T4. What is known changes on few days only.
    pub(crate) fn until_as_known_on(&mut self, value: ExprId, day: ExprId, at: &At) -> Result<Day> {
        let (way, until) = self.shape(day, at)?;
        let set = self.set(day, at)?;
        let range = match &set.values {
            Possible::Nothing => return self.until(day, at),
            values => values.as_dates().unwrap_or(Dates::ALL),
        };
        let limit = at.point.known;
        let range = range.min(&Dates::point(limit));
        let Some(known) = range.as_point() else {
            // Every statement may be the one that counts.
            let all = self.until(value, &at.known(Day::NEVER))?;
            return Ok(self.until(day, at)?.min(all));
        };
        let same = self.until(value, &at.known(known))?;
        match way {
            Trend::Still => Ok(until.min(same)),
            Trend::Up if set.fault.is_none() && known == limit => Ok(until.min(same)),
            Trend::Up if set.fault.is_none() => match self.knowledge_day_after(known)? {
                Some(then) => self.first_change(at, until.min(same), |run, at| {
                    let set = run.set(day, at)?;
                    Ok(matches!(set.single(), Some(Value::Date(on)) if *on.min(&limit) < then))
                }),
                None => Ok(self.until(day, at)?.min(same)),
            },
            _ => Ok(self.until(day, at)?.min(same)),
        }
    }

    /// X5: until a line begins or ends that the keys may find.
    pub(crate) fn until_annex(&mut self, annex: AnnexId, keys: &[ExprId], at: &At) -> Result<Day> {
        let until = self.until_all(keys, at)?;
        let lines = self.facts.annex(self.policy, annex);
        if !lines.is_dated() {
            return Ok(until);
        }
        let mut asked = Vec::with_capacity(keys.len());
        for key in keys {
            asked.push(self.set(*key, at)?.values.single().map(AnnexKey::of));
        }
        Ok(lines.edge_after(&asked, at.point.day).map_or(until, |edge| until.min(edge)))
    }

    pub(crate) fn until_field(
        &mut self,
        entity: EntityId,
        row: ExprId,
        field: FieldId,
        at: &At,
    ) -> Result<Day> {
        let decl = &self.policy.entities[entity];
        self.until_each_row(entity, row, at, |run, row| {
            let facts = run.facts;
            let table = facts.tables[entity].as_ref();
            match table.and_then(|table| table.get(row)).map(|row| &row.cells[field]) {
                Some(cell) => run.until_cell(cell, &decl.fields[field], (entity, row), at),
                None => Ok(END),
            }
        })
    }

    pub(crate) fn until_read(&mut self, named: Named, row: Option<ExprId>, at: &At) -> Result<Day> {
        let point = at.point;
        match (self.entity_of(named), row) {
            (Some(entity), Some(row)) => self.until_each_row(entity, row, at, |run, row| {
                run.until_named(NamedPoint { named, row, point })
            }),
            _ => self.until_named(NamedPoint { named, row: NO_ROW, point }),
        }
    }

    /// What is read of the row an expression means, or of every row it may mean. T9: that of a dated entity has one day.
    pub(crate) fn until_each_row(
        &mut self,
        entity: EntityId,
        row: ExprId,
        at: &At,
        mut read: impl FnMut(&mut Self, u32) -> Result<Day>,
    ) -> Result<Day> {
        let mut until = self.until(row, at)?;
        let facts = self.facts;
        let table = facts.tables[entity].as_ref();
        let rows = self.set(row, at)?.values;
        if self.is_dated(entity)
            && !matches!(rows, Possible::One(Value::Row(row)) if at.own == Some((entity, row)))
        {
            return Ok(until);
        }
        match (rows, table) {
            (Possible::Nothing, _) => {}
            (_, None) => until = until.min(read(self, ANY_ROW)?),
            (Possible::One(Value::Row(row)), Some(_)) => until = until.min(read(self, row)?),
            (_, Some(table)) => {
                for row in 0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX) {
                    until = until.min(read(self, row)?);
                }
            }
        }
        Ok(until)
    }

    /// The next row of a dated entity, and what changes in those that are there.
    pub(crate) fn until_aggregate(
        &mut self,
        id: ExprId,
        (entity, local): (EntityId, u32),
        parts: &[ExprId],
        at: &At,
    ) -> Result<Day> {
        let facts = self.facts;
        let dated = self.policy.entities[entity].dated;
        let parts: Vec<ExprId> = parts.iter().copied().filter(|part| self.moves(*part, at)).collect();
        let Some(table) = facts.tables[entity].as_ref() else {
            return self.until_in_row(ANY_ROW, local, &parts, at);
        };
        if dated.is_none() && parts.is_empty() {
            return Ok(END);
        }
        let today = at.point.day;
        // Who has no part has none as long as what it is compared with is the same.
        let mut until = self.until_equated(id, at)?;
        let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        let (mut rows, _) = self.set_candidates(id, rows, at)?;
        if let (Candidates::All(_), Some(field), true) = (&rows, dated, parts.is_empty()) {
            let dates = self.dates(entity, field);
            until = until.min(dates.after(today));
            rows = Candidates::These(dates.open.clone());
        }
        for row in rows {
            let mut exists = true;
            if let Some(field) = dated {
                let (dates, changes) = self.until_date(entity, row, field, at)?;
                until = until.min(changes);
                for end in dates.ends().filter(|end| *end > today) {
                    until = until.min(end);
                }
                exists = dates.lo() <= today;
            }
            if exists && !parts.is_empty() {
                until = until.min(self.until_in_row(row, local, &parts, at)?);
            }
            if until <= today.next() {
                break;
            }
        }
        Ok(until)
    }

    fn until_in_row(&mut self, row: u32, local: u32, parts: &[ExprId], at: &At) -> Result<Day> {
        self.with_row(at, local, row, |run| run.until_all(parts, at))
    }

    /// The date of a row, and until when it is that.
    fn until_date(&mut self, entity: EntityId, row: u32, field: FieldId, at: &At) -> Result<(Dates, Day)> {
        let facts = self.facts;
        let decl = &self.policy.entities[entity].fields[field];
        let table = facts.tables[entity].as_ref();
        let Some(cell) = table.and_then(|table| table.get(row)).map(|row| &row.cells[field]) else {
            return Ok((Dates::ALL, END));
        };
        let day = if decl.over_time { at.point.day } else { Day::NEVER };
        let values = match (cell.at(day, at.point.known), decl.default) {
            (Some(statement), _) => statement.value.clone(),
            (None, Some(default)) => {
                self.in_row(Some((entity, row)), at.point, |run, at| run.set(default, at))?.values
            }
            (None, None) => Possible::Any,
        };
        let changes = self.until_cell(cell, decl, (entity, row), at)?;
        Ok((values.as_dates().unwrap_or(Dates::ALL), changes))
    }

    /// The rules that are looked at: none that stands below one certain to speak (R6).
    pub(crate) fn until_rules(&mut self, id: OutcomeId, at: &At) -> Result<Day> {
        let policy = self.policy;
        let outcome = &policy.outcomes[id];
        let mut until = END;
        let mut certain: Vec<u32> = Vec::new();
        for (place, (index, contender)) in (0u32..).zip(outcome.contenders.iter().enumerate()) {
            if contender.is_below(&certain) {
                continue;
            }
            let rule = &policy.rules[contender.rule];
            if let Some(power) = rule.power {
                let (sure, change) = self.until_effect(power, outcome, (contender, index), at)?;
                until = until.min(change);
                certain.extend(sure.then_some(place));
                continue;
            }
            let (force, edge) = self.until_in_force(rule, at)?;
            until = until.min(edge);
            if force == Force::Out {
                continue;
            }
            let (mut silent, mut open, mut looked) = (force != Force::In, true, 0);
            while open && let Some(branch) = self.rule_branch(contender, looked, at)? {
                looked += 1;
                let met = branch.met.mask();
                until = until.min(match (branch.condition, branch.lasting) {
                    (_, Some(lasting)) => self.until_lasting(contender.rule, lasting, at)?,
                    (Some(condition), None) => self.until(condition, at)?,
                    (None, None) => END,
                });
                match branch.value {
                    Some(value) if met.may_be_true() => until = until.min(self.until(value, at)?),
                    Some(_) => {}
                    None => silent |= met.may_be_true() || met.may_be_error(),
                }
                // A branch that assigns nothing here ends the rule only if it certainly applies (V4).
                open = if branch.value.is_some() { met.may_be_false() } else { !met.is_true() };
            }
            certain.extend((!silent && !open).then_some(place));
        }
        if let Some(otherwise) = outcome.otherwise.filter(|_| certain.is_empty()) {
            until = until.min(self.until(otherwise, at)?);
        }
        Ok(until)
    }

    /// O4: until when the effect of a power is as it is, and whether it certainly speaks.
    fn until_effect(
        &mut self,
        id: PowerId,
        outcome: &Outcome,
        (contender, index): (&Contender, usize),
        at: &At,
    ) -> Result<(bool, Day)> {
        let (policy, facts) = (self.policy, self.facts);
        let row = at.row();
        let mut until = self.until_force(&policy.rules[contender.rule], at)?;
        until = until.min(self.until_power_at(id, row, None, at.point, true)?);
        for one in self.standing(id, row, at.point, true)?.acts {
            let Some(act) = facts.acts.get(one.act as usize) else { continue };
            for clause in &contender.clauses {
                let change = self.in_act(id, row, act, at.point, |run, at| run.until(clause.value, at))?;
                until = until.min(change);
            }
        }
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let offers = self.offers(outcome, contender, index, at)?;
        Ok((offers.iter().any(|offer| !offer.rule_may_be_silent), until))
    }

    /// The next day on which a rule begins or ends.
    pub(crate) fn until_force(&mut self, rule: &Rule, at: &At) -> Result<Day> {
        Ok(self.until_in_force(rule, at)?.1)
    }

    /// R2, and the next day on which a rule begins or ends; its days do not move.
    fn until_in_force(&mut self, rule: &Rule, at: &At) -> Result<(Force, Day)> {
        let begun = match &rule.from {
            Some(from) => self.until_has_come(from, at)?,
            None => (Mask::TRUE, END),
        };
        let ended = match &rule.until {
            Some(until) if !begun.0.is_false() => self.until_has_come(until, at)?,
            _ => (Mask::FALSE, END),
        };
        let mask = begun.0.and(ended.0.not());
        let force = match (mask.is_false(), mask.may_be_false()) {
            (true, _) => Force::Out,
            (false, true) => Force::Open,
            (false, false) => Force::In,
        };
        Ok((force, begun.1.min(ended.1)))
    }

    pub(crate) fn until_has_come(&mut self, dated: &Dated, at: &At) -> Result<(Mask, Day)> {
        let today = at.point.day;
        let set = self.set(dated.day, at)?;
        let mut edge = END;
        let mut mask = reached(&set, today);
        for end in set.values.as_dates().iter().flat_map(Dates::ends) {
            if end > today {
                edge = edge.min(end);
            }
        }
        if let Some(known) = dated.known {
            let seen = reached(&self.set(known, at)?, at.point.known);
            if seen.is_false() {
                // Nobody knows of it, whatever the day; an error of its day would be one all the same.
                edge = if set.fault.is_some() { edge } else { END };
            }
            mask = if mask.is_false() { mask } else { mask.and(seen) };
        }
        Ok((mask, edge))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Force {
    Out,
    Open,
    In,
}

/// The days on which something becomes known, in order. None: they cannot be told.
pub(crate) struct KnowledgeDays(Option<Vec<Day>>);

impl<'a> Evaluator<'a> {
    /// The first day after one on which something becomes known.
    fn knowledge_day_after(&mut self, known: Day) -> Result<Option<Day>> {
        Ok(self.told_knowledge_days()?.map(|days| {
            let first = days.partition_point(|day| *day <= known);
            days.get(first).copied().unwrap_or(END)
        }))
    }

    /// The last day up to one on which something became known: what is known on both is the same.
    pub(crate) fn knowledge_day_before(&mut self, known: Day) -> Result<Day> {
        Ok(self.told_knowledge_days()?.map_or(known, |days| {
            let begun = days.partition_point(|day| *day <= known);
            begun.checked_sub(1).and_then(|last| days.get(last)).copied().unwrap_or(Day::FIRST)
        }))
    }

    fn told_knowledge_days(&mut self) -> Result<Option<&[Day]>> {
        if self.stretches().knowledge_days.is_none() {
            // Who asks on the way there is not told.
            self.stretches().knowledge_days = Some(KnowledgeDays(None));
            let days = self.knowledge_days();
            self.stretches().knowledge_days = None;
            self.stretches().knowledge_days = Some(days?);
        }
        Ok(self.stretches().knowledge_days.as_ref().and_then(|days| days.0.as_deref()))
    }

    fn knowledge_days(&mut self) -> Result<KnowledgeDays> {
        let (policy, facts) = (self.policy, self.facts);
        let mut days: Vec<Day> = Vec::new();
        let cells = facts.tables.values().flatten().flat_map(|rows| rows.rows.values());
        let slots = facts.facts.values().chain(cells.flat_map(|row| row.cells.values()));
        days.extend(slots.flat_map(|slot| &slot.statements).map(|statement| statement.known));
        days.extend(facts.acts.iter().chain(&facts.announcements).map(|act| act.known));
        days.extend(facts.annex_news(policy));
        let point = Point::new(Day::FIRST, Day::NEVER);
        let mut told = true;
        let heads = policy.rules.values().flat_map(|rule| [&rule.from, &rule.until]);
        let heads = heads.chain(policy.duties.values().flat_map(|duty| [&duty.from, &duty.until]));
        for known in heads.flatten().filter_map(|dated| dated.known) {
            match self.set(known, &At { point, base: self.locals.len(), own: None })?.single() {
                Some(Value::Date(day)) => days.push(*day),
                _ => told = false,
            }
        }
        for (id, entity) in policy.entities.iter() {
            let Some(field) = entity.known else { continue };
            let rows = facts.tables[id].as_ref();
            for row in rows.iter().flat_map(|rows| rows.rows.values()) {
                let statement = row.cells[field].statements.first();
                match statement.and_then(|statement| statement.value.single()) {
                    Some(Value::Date(day)) => days.push(*day),
                    _ => told = false,
                }
            }
        }
        // An open knowledge day inside another is narrowed by it day by day.
        for index in 0..policy.exprs.len() {
            let id = <ExprId as crate::policy::Id>::from_index(index);
            if let Expr::AsKnownOn { day, .. } = policy.exprs.node(id) {
                told &= is_told(policy, *day);
            }
        }
        days.sort_unstable();
        days.dedup();
        Ok(KnowledgeDays(told.then_some(days)))
    }
}

/// A day that is never open.
fn is_told(policy: &Policy, day: ExprId) -> bool {
    match policy.exprs.node(day) {
        Expr::Today => true,
        Expr::Const(value) => matches!(value, Value::Date(_)),
        Expr::Op(Op::Attribute { of, .. }) => is_told(policy, *of),
        Expr::Op(Op::Shift { day, wait, .. }) => {
            is_told(policy, *day) && matches!(policy.exprs.node(*wait), Expr::Const(_))
        }
        _ => false,
    }
}
