//! Running totals, row by row: what is before a row, and what it leaves (C4, C5).

use crate::outcome::Point;
use crate::policy::{DefineId, EntityId, ExprId, FoldId};
use crate::run::frame::{At, NamedPoint};
use crate::run::point::Stop;
use crate::run::sets::rows::{row_set, whole_only};
use crate::run::sets::running::pass::{Going, PassGroup, Run};
use crate::run::sets::set::{Set, fault, fault_with};
use crate::run::{Deep, Evaluator, Result};
use crate::value::{Day, Trouble, Value};

/// A row that is one of a group, or may be.
#[derive(Clone, Copy)]
pub(crate) struct RunningMember {
    pub row: u32,
    pub day: Day,
    pub certain: bool,
}

/// What is carried between two rows.
#[derive(Clone)]
pub(crate) struct RunningState {
    /// There may have been no row before.
    pub fresh: bool,
    /// What the rows before may have left.
    pub set: Option<Set>,
}

impl RunningState {
    pub fn fresh() -> RunningState {
        RunningState { fresh: true, set: None }
    }

    /// It fails whatever rows there were.
    fn is_error(&self) -> bool {
        !self.fresh && self.set.as_ref().is_some_and(Set::is_error)
    }
}

/// A row under way: the value before it, and what the defines of its block came to. These hold for this pass alone, hence
/// are not remembered as the values of those names.
pub(crate) struct RunningStep {
    fold: FoldId,
    row: u32,
    point: Point,
    pub value: Set,
    points: Vec<Option<Result<Value, Stop>>>,
    sets: Vec<Option<Set>>,
}

impl<'a> Evaluator<'a> {
    /// Whether the rows before this one were looked at already.
    pub(crate) fn is_under_way(&self, fold: FoldId, row: u32, point: Point) -> bool {
        self.step(fold, row, point).is_some()
    }

    pub(crate) fn step(&self, fold: FoldId, row: u32, point: Point) -> Option<&RunningStep> {
        let is = |step: &&RunningStep| step.fold == fold && step.row == row && step.point == point;
        self.steps.iter().rev().find(is)
    }

    /// A define of the block of a row under way.
    fn stepped(&self, define: DefineId, node: &NamedPoint) -> Option<(&RunningStep, usize)> {
        if self.steps.is_empty() {
            return None;
        }
        let (fold, place) = self.policy.defines[define].block?;
        Some((self.step(fold, node.row, node.point)?, place as usize))
    }

    /// Some: it is of a row under way, and is what it is there, or is still to be worked out.
    pub(crate) fn stepped_point(
        &self,
        define: DefineId,
        node: &NamedPoint,
    ) -> Option<Option<Result<Value, Stop>>> {
        self.stepped(define, node).map(|(step, place)| step.points.get(place).cloned().flatten())
    }

    pub(crate) fn stepped_set(&self, define: DefineId, node: &NamedPoint) -> Option<Option<Set>> {
        self.stepped(define, node).map(|(step, place)| match step.sets.get(place) {
            Some(Some(set)) => Some(set.clone()),
            _ => match step.points.get(place) {
                Some(Some(Ok(value))) => Some(Set::one(value.clone())),
                _ => None,
            },
        })
    }

    /// The value before a row whose keys put it at (or, if not equal, before) a run of its group.
    pub(crate) fn before_run(
        &mut self,
        group: &mut PassGroup,
        fold: FoldId,
        node: NamedPoint,
        (run, equal): (usize, bool),
        own_day: Option<Day>,
    ) -> Result<Set> {
        let (today, point) = (node.point.day, node.point);
        let mut with: Vec<RunningMember> = match group.runs.get(run).filter(|_| equal) {
            Some(run) => visible(run, today),
            None => Vec::new(),
        };
        let of_run = group.runs.get(run).filter(|_| equal);
        let own_day = own_day.or_else(|| {
            of_run.and_then(|run| run.rows.iter().find(|member| member.row == node.row)).map(|own| own.day)
        });
        with.retain(|member| member.row != node.row);
        let own = Point { day: own_day.unwrap_or(today), ..point };
        if group.in_time {
            let there = group.runs.partition_point(|run| run.rows.iter().all(|member| member.day <= today));
            let state = self.state_before(group, fold, point, run.min(there))?;
            return self.enter(fold, &state, node.row, own, &with);
        }
        if let Some(set) = group.days.get(&(today, node.row)) {
            return Ok(set.clone());
        }
        let mut going = match group.going.take() {
            Some(going) if going.day == today && going.next <= run => going,
            _ => Going { day: today, next: 0, state: RunningState::fresh() },
        };
        let result = self.go(group, &mut going, fold, point, run);
        let state = going.state.clone();
        group.going = Some(going);
        result?;
        let set = self.enter(fold, &state, node.row, own, &with)?;
        group.days.insert((today, node.row), set.clone());
        Ok(set)
    }

    /// What is carried to a run of a group in the order of time.
    pub(crate) fn state_before(
        &mut self,
        group: &mut PassGroup,
        fold: FoldId,
        point: Point,
        run: usize,
    ) -> Result<RunningState> {
        if group.states.is_empty() {
            group.states.push(RunningState::fresh());
        }
        while group.states.len() <= run {
            let (Some(state), Some(next)) =
                (group.states.last(), group.runs.get(group.states.len().saturating_sub(1)))
            else {
                break;
            };
            let state = self.after(fold, point, state, &next.rows)?;
            group.states.push(state);
        }
        Ok(group.states.get(run).or(group.states.last()).cloned().unwrap_or_else(RunningState::fresh))
    }

    /// Goes on to a run on one day, noting what is before each row of that day on the way.
    fn go(
        &mut self,
        group: &mut PassGroup,
        going: &mut Going,
        fold: FoldId,
        point: Point,
        until: usize,
    ) -> Result<()> {
        while going.next < until {
            let Some(run) = group.runs.get(going.next) else { break };
            let there = visible(run, going.day);
            for own in there.iter().filter(|member| member.day == going.day) {
                let others: Vec<RunningMember> =
                    there.iter().filter(|member| member.row != own.row).copied().collect();
                let point = Point { day: own.day, ..point };
                let set = self.enter(fold, &going.state, own.row, point, &others)?;
                group.days.insert((going.day, own.row), set);
            }
            if !there.is_empty() {
                going.state = self.after(fold, point, &going.state, &there)?;
            }
            going.next = going.next.saturating_add(1);
        }
        Ok(())
    }

    /// What is before a row, `with` others that stand at the same place: a tie with those that exist.
    pub(crate) fn enter(
        &mut self,
        fold: FoldId,
        state: &RunningState,
        row: u32,
        own: Point,
        with: &[RunningMember],
    ) -> Result<Set> {
        let tie = with.iter().find(|other| other.certain).or(with.first());
        let tie = tie.map(|other| self.tie(fold, row, other.row));
        if with.iter().any(|other| other.certain)
            && !state.is_error()
            && let Some(tie) = &tie
        {
            return Ok(Set::fails(tie.clone()));
        }
        let start = if state.fresh { Some(self.start(fold, row, own)?) } else { None };
        let set = match (start, &state.set) {
            (Some(start), Some(left)) => start.join(left),
            (Some(start), None) => start,
            (None, Some(left)) => left.clone(),
            (None, None) => self.any_running(fold),
        };
        Ok(if set.is_error() { set } else { set.or_fault(tie) })
    }

    /// What is carried on from rows that stand at one place. A row that may not exist leaves both what was and what it
    /// would leave.
    pub(crate) fn after(
        &mut self,
        fold: FoldId,
        point: Point,
        state: &RunningState,
        rows: &[RunningMember],
    ) -> Result<RunningState> {
        if state.is_error() {
            return Ok(state.clone());
        }
        let sure: Vec<RunningMember> = rows.iter().filter(|member| member.certain).copied().collect();
        let tie = match (rows.first(), rows.get(1)) {
            (Some(first), Some(second)) => Some(self.tie(fold, first.row, second.row)),
            _ => None,
        };
        if let ([_, _, ..], Some(tie)) = (sure.as_slice(), &tie) {
            return Ok(RunningState { fresh: false, set: Some(Set::fails(tie.clone())) });
        }
        let may_be_first: &[RunningMember] = if sure.is_empty() { rows } else { &sure };
        let mut set = if sure.is_empty() { state.set.clone() } else { None };
        for member in may_be_first {
            let own = Point { day: member.day, ..point };
            let before = self.enter(fold, state, member.row, own, &[])?;
            let left = self.left(fold, member.row, own, before)?;
            set = Some(match set {
                Some(set) => set.join(&left),
                None => left,
            });
        }
        let fresh = state.fresh && sure.is_empty();
        Ok(RunningState { fresh, set: set.map(|set| set.or_fault(tie)) })
    }

    /// `starting` at a row.
    fn start(&mut self, fold: FoldId, row: u32, own: Point) -> Result<Set> {
        let decl = &self.policy.folds[fold];
        let set = self.own_value(decl.starting, (decl.entity, row), own)?;
        Ok(self.whole(fold, decl.starting, set))
    }

    /// What a row leaves. An error lasts to the end of the group, read or not.
    fn left(&mut self, fold: FoldId, row: u32, own: Point, before: Set) -> Result<Set> {
        if before.is_error() {
            return Ok(before);
        }
        let Set { values, fault } = before;
        let left = self.in_step(fold, row, own, Set::of(values), |run, at| run.left_in_step(fold, at))?;
        Ok(left.or_fault(fault))
    }

    /// Evaluates with a value before a row.
    pub(crate) fn in_step<T>(
        &mut self,
        fold: FoldId,
        row: u32,
        point: Point,
        value: Set,
        evaluate: impl FnOnce(&mut Self, &At) -> Result<T>,
    ) -> Result<T> {
        let decl = &self.policy.folds[fold];
        let blank = decl.defines.len();
        let (depth, base, frame) = (self.steps.len(), self.locals.len(), self.stack.len());
        let step =
            RunningStep { fold, row, point, value, points: vec![None; blank], sets: vec![None; blank] };
        self.steps.push(step);
        self.locals.push(row_set(row));
        self.stack.push(Value::Row(row));
        let result = evaluate(self, &At { point, base, own: Some((decl.entity, row)) });
        self.steps.truncate(depth);
        self.locals.truncate(base);
        self.stack.truncate(frame);
        result
    }

    fn left_in_step(&mut self, fold: FoldId, at: &At) -> Result<Set> {
        let decl = &self.policy.folds[fold];
        if self.steps.last().is_some_and(|step| step.value.single().is_some())
            && let Some(value) = self.left_at_point(fold, at)?
        {
            return Ok(self.whole(fold, decl.next, Set::one(value)));
        }
        self.block_sets(fold, at)?;
        let set = self.set(decl.next, at)?;
        Ok(self.whole(fold, decl.next, set))
    }

    /// With nothing open, as a value.
    fn left_at_point(&mut self, fold: FoldId, at: &At) -> Result<Option<Value>> {
        // The row lies on top of its stack, as it does on that of the sets.
        let at = &At { base: self.stack.len().saturating_sub(1), ..*at };
        for place in 0..self.plan.prepared.blocks[fold].len() {
            let Some(id) = self.plan.prepared.blocks[fold].get(place).copied() else { break };
            let value = self.point(self.policy.defines[id].value, at);
            if value == Err(Stop::Deep) {
                return Err(Deep);
            }
            self.keep(id, |step, place| {
                if let Some(known) = step.points.get_mut(place) {
                    *known = Some(value);
                }
            });
        }
        match self.point(self.policy.folds[fold].next, at) {
            Ok(value) => Ok(Some(value)),
            Err(Stop::Deep) => Err(Deep),
            Err(_) => Ok(None),
        }
    }

    /// The defines of a block that its assignment reads, each after those it reads.
    pub(crate) fn block_of(&self, fold: FoldId) -> impl Iterator<Item = DefineId> + use<> {
        let prepared = self.plan.prepared.clone();
        (0..).map_while(move |place| prepared.blocks[fold].get(place).copied())
    }

    /// The same as sets, kept for the row under way.
    pub(crate) fn block_sets(&mut self, fold: FoldId, at: &At) -> Result<()> {
        for id in self.block_of(fold) {
            let set = self.set(self.policy.defines[id].value, at)?;
            self.keep(id, |step, place| {
                if let Some(known) = step.sets.get_mut(place) {
                    *known = Some(set);
                }
            });
        }
        Ok(())
    }

    fn keep(&mut self, define: DefineId, keep: impl FnOnce(&mut RunningStep, usize)) {
        if let (Some((_, place)), Some(step)) = (self.policy.defines[define].block, self.steps.last_mut()) {
            keep(step, place as usize);
        }
    }

    /// C5: any value, or an error.
    pub(crate) fn any_running(&self, fold: FoldId) -> Set {
        let fold = &self.policy.folds[fold];
        let why = format!("the place of a row in {} is not known", fold.name);
        Set { values: fold.ty.anything(), fault: Some(fault_with(Trouble::Tie, fold.span, why)) }
    }

    /// An expression in a row's own evaluation.
    pub(crate) fn own_value(&mut self, expr: ExprId, own: (EntityId, u32), point: Point) -> Result<Set> {
        let base = self.stack.len();
        self.stack.push(Value::Row(own.1));
        let value = self.point(expr, &At { point, base, own: Some(own) });
        self.stack.truncate(base);
        match value {
            Ok(value) => return Ok(Set::one(value)),
            Err(crate::run::point::Stop::Deep) => return Err(Deep),
            Err(_) => {}
        }
        self.in_row(Some(own), point, |run, at| run.set(expr, at))
    }

    /// M5
    fn whole(&self, fold: FoldId, expr: ExprId, set: Set) -> Set {
        let span = self.policy.exprs.span(expr);
        if self.policy.folds[fold].whole { whole_only(set, || fault(Trouble::NotWhole, span)) } else { set }
    }

    fn tie(&self, fold: FoldId, a: u32, b: u32) -> std::sync::Arc<crate::outcome::Fault> {
        let decl = &self.policy.folds[fold];
        let table = self.facts.tables.try_get(decl.entity).and_then(Option::as_ref);
        let name = |row: u32| table.and_then(|table| table.key(row)).map_or("", |key| key);
        let (a, b) = (a.min(b), a.max(b));
        let (a, b) = (name(a), name(b));
        let entity = &self.policy.entities[decl.entity].name;
        let why = format!("{entity} {a} and {entity} {b} are equal in all keys of {}", decl.name);
        fault_with(Trouble::Tie, decl.span, why)
    }
}

/// The rows that exist on a day.
pub(crate) fn visible(run: &Run, today: Day) -> Vec<RunningMember> {
    run.rows.iter().filter(|member| member.day <= today).copied().collect()
}
