//! What an answer rests on: the open slots that keep it open (N2), and the defaults it was given by (V7). One walk in two
//! moods over the same expressions; names wait in a list, so that no chain of them is too long.

pub mod conduct;
pub mod rules;
pub mod running;

use crate::explain::needs::conduct::PowerQuestion;
use crate::outcome::{Need, Point, SlotRef};
use crate::policy::{AnnexId, AnnexKey, EntityId, Expr, ExprId, FieldId, LineAnswer, Op, OpenLine};
use crate::run::{
    ANY_ROW, At, Evaluator, NO_ROW, Named, NamedPoint, Reading, Result, RowPlace, Set, Where, slots,
};
use crate::steps;
use crate::value::Day;
use std::collections::{BTreeMap, BTreeSet};

/// A question to an annex: a lookup of a column, or whether the key is listed.
pub(crate) struct AnnexAsked<'e> {
    pub annex: AnnexId,
    pub keys: &'e [ExprId],
    pub column: Option<u32>,
    /// Without a column: whether it is under a listed key, or one itself.
    pub under: bool,
}

impl<'e> AnnexAsked<'e> {
    /// What an expression asks of an annex.
    pub fn of(node: &'e Expr) -> Option<AnnexAsked<'e>> {
        let asked =
            |annex: &AnnexId, keys, column, under| Some(AnnexAsked { annex: *annex, keys, column, under });
        match node {
            Expr::Lookup { annex, keys, column } => asked(annex, &**keys, Some(*column), false),
            Expr::Op(Op::InAnnex { item, annex }) => asked(annex, std::slice::from_ref(item), None, false),
            Expr::Op(Op::UnderAnnex { item, annex }) => asked(annex, std::slice::from_ref(item), None, true),
            _ => None,
        }
    }
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Open slots, through what is undetermined.
    Open,
    /// Slots whose default was used, through all that had a part.
    Assumed,
}

pub(crate) struct Walk {
    pub wanted: Wanted,
    /// The slots found, and whether to ask again once they are stated.
    pub found: BTreeMap<SlotRef, bool>,
    /// Names still to be entered, and those that were, each with whether it was reached through a day.
    waiting: Vec<(NamedPoint, bool)>,
    entered: BTreeSet<(NamedPoint, bool)>,
    /// In the frame of an act: its place in the facts, where the frame begins, and which local is its first parameter.
    pub act: Option<(u32, usize, u32)>,
}

impl Walk {
    pub fn new(wanted: Wanted) -> Walk {
        Walk { wanted, found: BTreeMap::new(), waiting: Vec::new(), entered: BTreeSet::new(), act: None }
    }

    pub fn note(&mut self, slot: SlotRef, again: bool) {
        *self.found.entry(slot).or_insert(false) |= again;
    }

    pub fn name(&mut self, node: NamedPoint, again: bool) {
        if self.entered.insert((node, again)) {
            self.waiting.push((node, again));
        }
    }

    /// Takes out what was found and what is still to be entered.
    pub fn drain(&mut self) -> (BTreeMap<SlotRef, bool>, Vec<(NamedPoint, bool)>) {
        (std::mem::take(&mut self.found), std::mem::take(&mut self.waiting))
    }

    /// Whether nothing was found and nothing is still to be entered.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty() && self.waiting.is_empty()
    }

    /// The names that were entered.
    pub fn names(self) -> BTreeSet<NamedPoint> {
        self.entered.into_iter().map(|(node, _)| node).collect()
    }

    pub fn needs(self) -> Vec<Need> {
        self.found.into_iter().map(|(slot, then_ask_again)| Need { slot, then_ask_again }).collect()
    }
}

impl<'a> Evaluator<'a> {
    /// Everything below an outcome.
    pub(crate) fn walk_outcome(&mut self, node: NamedPoint, wanted: Wanted) -> Walk {
        let mut walk = Walk::new(wanted);
        walk.name(node, false);
        self.walk_names(&mut walk);
        walk
    }

    pub(crate) fn walk_names(&mut self, walk: &mut Walk) {
        while let Some((node, again)) = walk.waiting.pop() {
            self.settle(|run| {
                run.in_body(node, |run, at| match node.named {
                    Named::Define(id) => run.walk(walk, run.policy.defines[id].value, at, again),
                    Named::Outcome(id) => run.walk_rules(walk, id, at, again),
                    Named::Running(id) => run.walk_running(walk, id, at, again),
                    Named::Default(id) => match run.policy.facts[id].default {
                        Some(default) => run.walk(walk, default, at, again),
                        None => Ok(()),
                    },
                })
            });
        }
    }

    /// An expression and what is below it.
    pub(crate) fn walk(&mut self, walk: &mut Walk, id: ExprId, at: &At, again: bool) -> Result<()> {
        steps::step();
        let policy = self.policy;
        if walk.wanted == Wanted::Open && self.set(id, at)?.is_decided() {
            return Ok(());
        }
        match policy.exprs.node(id) {
            Expr::Const(_) | Expr::Today | Expr::Local(_) => {
                if let (Expr::Local(place), Some((act, base, first))) = (policy.exprs.node(id), walk.act)
                    && base == at.base
                    && let Some(param) = place.checked_sub(first)
                    && walk.wanted == Wanted::Open
                {
                    walk.note(SlotRef::Parameter { act, param }, again);
                }
                // A row of a table that is not stated stands for the table.
                if let crate::policy::Type::Row(entity) = policy.exprs.ty(id)
                    && self.is_unstated(*entity)
                    && walk.wanted == Wanted::Open
                {
                    walk.note(SlotRef::Table(*entity), self.is_dated(*entity) || again);
                }
                Ok(())
            }
            Expr::Fact(fact) => match self.fact_place(*fact) {
                Some(place) => self.walk_slot(walk, place, at.point, again, |day| SlotRef::Fact(*fact, day)),
                None => Ok(()),
            },
            Expr::Field { entity, row, field } => self.walk_field(walk, *entity, *row, *field, at, again),
            Expr::Define { id: define, row } => self.walk_read(walk, Named::Define(*define), *row, at, again),
            Expr::Outcome { id: outcome, row } => {
                self.walk_read(walk, Named::Outcome(*outcome), *row, at, again)
            }
            Expr::Call { function, args } => {
                let mut sets = Vec::with_capacity(args.len());
                for arg in args {
                    self.walk(walk, *arg, at, again)?;
                    sets.push(Set::of(self.set(*arg, at)?.values));
                }
                let body = policy.functions[*function].value;
                self.in_frame(sets, at.own, at.point, |run, at| run.walk(walk, body, at, again))
            }
            Expr::AsOf { day, .. } | Expr::AsKnownOn { day, .. } | Expr::By { day, .. } => {
                // An open day hides what will be read on it.
                self.walk(walk, *day, at, true)?;
                match self.moved(id, at)? {
                    Some((value, there)) => self.walk(walk, value, &there, again),
                    None => Ok(()),
                }
            }
            Expr::Running(fold) => self.walk_running(walk, *fold, at, again),
            Expr::Aggregate { .. } => self.walk_aggregate(walk, id, at, again),
            Expr::LastStart(condition) => self.walk_past(walk, *condition, Day::FIRST, at, again),
            Expr::Duty { id, of, .. } => self.walk_duty(walk, *id, *of, at, again),
            Expr::Power { id, row, test } => {
                self.walk_power(walk, *id, *row, PowerQuestion::Test(*test), at, again)
            }
            Expr::Act { id, row, part } => {
                self.walk_power(walk, *id, *row, PowerQuestion::Part(*part), at, again)
            }
            Expr::ActCount { id, row, since } => {
                self.walk(walk, *since, at, true)?;
                self.walk_power(walk, *id, *row, PowerQuestion::Count, at, again)
            }
            Expr::DayAverage { value, first, last } => {
                self.walk(walk, *first, at, true)?;
                self.walk(walk, *last, at, true)?;
                let days = self.days_averaged(*value, (*first, *last), at)?;
                days.into_iter().try_for_each(|day| self.walk(walk, *value, &at.on(day), again))
            }
            Expr::RowByKey { entity, .. } if self.is_unstated(*entity) && walk.wanted == Wanted::Open => {
                walk.note(SlotRef::Table(*entity), again);
                self.walk_operands(walk, id, at, again)
            }
            node => match AnnexAsked::of(node) {
                Some(question) => self.walk_annex(walk, id, &question, at, again),
                None => self.walk_operands(walk, id, at, again),
            },
        }
    }

    /// X6: a line that an annex in part leaves open, or a cell that is unknown; which one that is, an open key hides.
    fn walk_annex(
        &mut self,
        walk: &mut Walk,
        id: ExprId,
        question: &AnnexAsked<'_>,
        at: &At,
        again: bool,
    ) -> Result<()> {
        if walk.wanted != Wanted::Open {
            return self.walk_operands(walk, id, at, again);
        }
        let asked = self.keys_asked(question.keys, at)?;
        match asked.iter().cloned().collect::<Option<Box<[AnnexKey]>>>() {
            Some(keys) => {
                self.open_line(question, keys, at.point).into_iter().for_each(|slot| walk.note(slot, again));
                self.walk_operands(walk, id, at, again)
            }
            None => {
                let hides = self.hides_lines(question, &asked, at.point);
                self.walk_operands(walk, id, at, again || hides)
            }
        }
    }

    /// What facts may state so that a question with these keys is no longer open.
    pub(crate) fn open_line(
        &self,
        question: &AnnexAsked<'_>,
        keys: Box<[AnnexKey]>,
        point: Point,
    ) -> Option<SlotRef> {
        let (annex, view) = (question.annex, self.facts.annex(self.policy, question.annex));
        let Some(column) = question.column else {
            let listed = view.lists(keys.first()?, question.under, point.into());
            return listed.is_none().then_some(SlotRef::Line(annex, keys));
        };
        match view.open_line(&keys, column as usize, point.into())? {
            OpenLine::Line => Some(SlotRef::Line(annex, keys)),
            OpenLine::Cell(keys) => Some(SlotRef::Cell(annex, keys, column)),
        }
    }

    /// Whether an open key may be one of which a line, or a cell, is to be stated.
    fn hides_lines(&self, question: &AnnexAsked<'_>, asked: &[Option<AnnexKey>], point: Point) -> bool {
        let Some(column) = question.column else { return self.policy.annexes[question.annex].in_part };
        let view = self.facts.annex(self.policy, question.annex);
        let found = view.may_find(asked, column as usize, point.into());
        found.iter().any(|answer| !matches!(answer, LineAnswer::Value(_) | LineAnswer::NotListed))
    }

    /// The keys of a question; none: that one is open.
    pub(crate) fn keys_asked(&mut self, keys: &[ExprId], at: &At) -> Result<Vec<Option<AnnexKey>>> {
        let mut asked = Vec::with_capacity(keys.len());
        for key in keys {
            asked.push(self.set(*key, at)?.single().map(AnnexKey::of));
        }
        Ok(asked)
    }

    fn walk_operands(&mut self, walk: &mut Walk, id: ExprId, at: &At, again: bool) -> Result<()> {
        let operands = self.live_operands(id, at)?;
        operands.into_iter().try_for_each(|operand| self.walk(walk, operand, at, again))
    }

    fn walk_slot(
        &mut self,
        walk: &mut Walk,
        place: RowPlace<'a>,
        point: Point,
        again: bool,
        slot: impl Fn(Option<crate::value::Day>) -> SlotRef,
    ) -> Result<()> {
        match walk.wanted {
            Wanted::Open => {
                if !self.set_slot(place, point)?.is_decided() {
                    walk.note(slot(place.decl.over_time.then_some(point.day)), again);
                }
                Ok(())
            }
            Wanted::Assumed => {
                let read = slots::read(place.slot, place.decl, point, self.facts.stated_through);
                let (Reading::Missing, Some(default)) = (read, place.decl.default) else { return Ok(()) };
                walk.note(slot(None), false);
                if let SlotRef::Fact(id, _) = slot(None) {
                    walk.name(NamedPoint { named: Named::Default(id), row: NO_ROW, point }, again);
                    return Ok(());
                }
                self.in_row(place.row, point, |run, at| run.walk(walk, default, at, again))
            }
        }
    }

    fn walk_field(
        &mut self,
        walk: &mut Walk,
        entity: EntityId,
        row: ExprId,
        field: FieldId,
        at: &At,
        again: bool,
    ) -> Result<()> {
        self.walk(walk, row, at, again)?;
        let rows = self.set(row, at)?;
        for row in self.rows_of(entity, &rows) {
            let Some(place) = self.field_place(entity, row, field) else { continue };
            let slot = |day| SlotRef::Field { entity, row, field, day };
            match self.where_is(entity, row, at)? {
                Where::At(point) => self.walk_slot(walk, place, point, again, slot)?,
                Where::Open(_) => {
                    self.walk_date(walk, entity, row, at)?;
                    if !place.decl.over_time {
                        self.walk_slot(walk, place, at.point, again, slot)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The date of a row that keeps its evaluation open (T9).
    pub(crate) fn walk_date(&mut self, walk: &mut Walk, entity: EntityId, row: u32, at: &At) -> Result<()> {
        self.walk_days(walk, entity, row, at, [self.policy.entities[entity].dated, None])
    }

    /// Fields of a row that say when.
    pub(crate) fn walk_days(
        &mut self,
        walk: &mut Walk,
        entity: EntityId,
        row: u32,
        at: &At,
        fields: [Option<FieldId>; 2],
    ) -> Result<()> {
        for field in fields.into_iter().flatten() {
            let Some(place) = self.field_place(entity, row, field) else { continue };
            let slot = |day| SlotRef::Field { entity, row, field, day };
            self.walk_slot(walk, place, at.point, true, slot)?;
        }
        Ok(())
    }

    fn walk_read(
        &mut self,
        walk: &mut Walk,
        named: Named,
        row: Option<ExprId>,
        at: &At,
        again: bool,
    ) -> Result<()> {
        // A name that is decided has nothing open, one that is not is entered later.
        let Some(entity) = self.entity_of(named) else {
            walk.name(NamedPoint { named, row: NO_ROW, point: at.point }, again);
            return Ok(());
        };
        let Some(row) = row else { return Ok(()) };
        self.walk(walk, row, at, again)?;
        if self.is_unstated(entity) {
            if walk.wanted == Wanted::Open {
                walk.note(SlotRef::Table(entity), self.is_dated(entity) || again);
            }
            if !self.is_dated(entity) {
                walk.name(NamedPoint { named, row: ANY_ROW, point: at.point }, again);
            }
            return Ok(());
        }
        let rows = self.set(row, at)?;
        for row in self.rows_of(entity, &rows) {
            match self.where_is(entity, row, at)? {
                Where::At(point) => {
                    let decided = self.set_of_row(named, entity, row, at)?.is_decided();
                    let node = NamedPoint { named, row, point };
                    if let Named::Define(define) = named
                        && self.stepped_set(define, &node).is_some()
                    {
                        continue;
                    }
                    if walk.wanted == Wanted::Assumed || !decided {
                        walk.name(node, again);
                    }
                }
                Where::Open(_) => self.walk_date(walk, entity, row, at)?,
            }
        }
        Ok(())
    }
}
