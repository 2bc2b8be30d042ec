//! Expressions made into column programs. What is left out here is left to `run`.

use super::Batch;
use super::bad::{Bad, Worked};
use super::column::Columns;
use super::fit::Fit;
use super::graph::{Arg, Graph, RoundingMode};
use super::hoist::HoistCache;
use super::judged::OutcomeTerm;
use super::keys::{AnnexQuestion, MadeVersions};
use super::quotient::Quotient;
use super::term::{Bailout, RowTerm, ScaledArg, TermKind};
use super::totals::RunningTotals;
use super::uses::UseAnalysis;
use crate::policy::{AnnexKey, EntityId, Expr, ExprId, LineAnswer, Op, OutcomeId, Type};
use crate::run::{self, Evaluator};
use crate::value::Day;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where an expression stands: the values of its places, and the days of its point.
#[derive(Clone, Debug)]
pub(super) struct Environment {
    /// Its places: of a row the row, of a function its parameters.
    pub frame: Arc<[RowTerm]>,
    /// 0 for the row.
    pub number: u32,
    /// The day and the knowledge day of the point.
    pub day: Arg,
    pub known: Arg,
}

pub(super) type TermKey = (ExprId, u32, Arg, Arg);

pub(super) struct BatchCompiler<'b, 'p> {
    pub batch: &'b Batch<'p>,
    pub rows: &'b Columns,
    pub fits: &'b [Option<Fit>],
    /// The columns whose fit anything rests on, also where nothing is left to be read of them.
    pub looked: BTreeSet<u32>,
    pub cache: &'b mut HoistCache,
    pub knowledge_days: Option<Vec<Day>>,
    pub running: &'b RunningTotals,
    /// The day on which rows are asked.
    pub own_day: Arg,
    pub graph: Graph,
    pub run: Evaluator<'p>,
    pub uses: UseAnalysis<'p>,
    pub judged: BTreeMap<(OutcomeId, Arg, Arg), Result<OutcomeTerm, Bailout>>,
    known: BTreeMap<TermKey, Result<RowTerm, Bailout>>,
    pub(super) key_versions: Vec<MadeVersions>,
    frames: u32,
    depth: u32,
    work: u32,
}

/// What one kind of expression says of another.
pub(super) const ELSEWHERE: Bailout = Bailout("it is of another kind");

/// Names and expressions within each other, and in all.
const DEEP: u32 = 100;
const MUCH: u32 = 200_000;

impl<'b, 'p> BatchCompiler<'b, 'p> {
    pub fn new(
        batch: &'b Batch<'p>,
        rows: &'b Columns,
        fits: &'b [Option<Fit>],
        cache: &'b mut HoistCache,
        running: &'b RunningTotals,
    ) -> Self {
        let days = run::depends_on_day(batch.policy, Some(batch.facts));
        BatchCompiler {
            batch,
            rows,
            fits,
            looked: BTreeSet::new(),
            cache,
            knowledge_days: super::hoist::knowledge_days(batch),
            running,
            own_day: Arg::Const(batch.point.on.number().into()),
            graph: Graph::default(),
            run: Evaluator::new(batch.policy, batch.facts),
            uses: UseAnalysis::new(batch.policy, batch.entity, days),
            judged: BTreeMap::new(),
            known: BTreeMap::new(),
            key_versions: Vec::new(),
            frames: 0,
            depth: 0,
            work: 0,
        }
    }

    /// The frame of a row at a day.
    pub fn row(&self, day: Arg) -> Environment {
        let known = Arg::Const(self.batch.point.known.number().into());
        Environment { frame: Arc::from([RowTerm::good(TermKind::Row)]), number: 0, day, known }
    }

    pub fn term(&mut self, id: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let key = (id, at.number, at.day, at.known);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        self.work += 1;
        if self.depth >= DEEP || self.work >= MUCH || self.graph.is_full() {
            return Err(Bailout("it is too much"));
        }
        self.depth += 1;
        let made = self.made(id, at);
        self.depth -= 1;
        self.known.insert(key, made.clone());
        made
    }

    fn made(&mut self, id: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        match self.batch.policy.exprs.node(id) {
            Expr::Const(value) => return RowTerm::of(value),
            Expr::Today => return Ok(RowTerm::good(TermKind::Number(ScaledArg { arg: at.day, den: 1 }))),
            _ => {}
        }
        if !self.uses.of(id, at.number != 0).row {
            match self.hoisted(id, at) {
                Ok(term) => return Ok(term),
                // Perhaps it can be done from its parts.
                Err(why) => return self.node(id, at).map_err(|_| why),
            }
        }
        match self.node(id, at) {
            Err(why) => self.by_value(id, at).map_err(|_| why),
            term => term,
        }
    }

    /// By kind, each in a function of its own: they call each other as deep as policies nest, and the frames of small
    /// functions are small.
    fn node(&mut self, id: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        match self.batch.policy.exprs.node(id) {
            Expr::Const(_) | Expr::Today => Err(ELSEWHERE),
            Expr::Local(_)
            | Expr::Field { .. }
            | Expr::Define { .. }
            | Expr::Outcome { .. }
            | Expr::Call { .. }
            | Expr::Lookup { .. } => self.name(id, at),
            Expr::Op(op) => self.op(op, self.batch.policy.exprs.ty(id), at),
            Expr::And(list) => self.and(list, at),
            Expr::Or(list) => self.or(list, at),
            Expr::If { branches, otherwise } => self.choice(branches, *otherwise, at),
            Expr::By { condition, day } => self.by(*condition, *day, at),
            Expr::AsOf { value, day } => self.as_of(*value, *day, at),
            Expr::AsKnownOn { value, day } => self.as_known_on(*value, *day, at),
            Expr::Running(fold) => self.running_total(*fold, at),
            Expr::Aggregate { .. } => Err(Bailout("it goes over a table for each row")),
            Expr::LastStart(_) | Expr::DayAverage { .. } => Err(Bailout("it looks back over days")),
            Expr::Duty { .. } | Expr::Power { .. } | Expr::Act { .. } | Expr::ActCount { .. } => {
                Err(Bailout("it asks what was done for the row"))
            }
            Expr::Fact(_) | Expr::RowByKey { .. } => Err(Bailout("it changes from day to day")),
        }
    }

    /// A strict operation (V4).
    fn op(&mut self, op: &Op, ty: &Type, at: &Environment) -> Result<RowTerm, Bailout> {
        match op {
            Op::Not(value) => self.not(*value, at),
            Op::Compare { op, left, right } => self.compare(*op, *left, *right, at),
            Op::In { item, set } => self.is_in(*item, set, at),
            Op::Under { item, set } => self.is_under(*item, set, at),
            Op::InCodes { item, codes, under } => self.by_word(*item, &Type::Bool, at, |item| match item {
                Value::Code(code) => Worked::One(Value::Bool(codes.holds(*code, *under))),
                _ => Worked::Open,
            }),
            Op::InAnnex { item, annex } => self.in_annex(*item, *annex, false, at),
            Op::UnderAnnex { item, annex } => self.in_annex(*item, *annex, true, at),
            Op::Sum { first, rest } | Op::DurationSum { first, rest } => self.sum(ty, *first, rest, at),
            Op::Product { first, rest } => self.multiplied(*first, rest, at),
            Op::Negative(value) | Op::DurationNegative(value) => self.negative(ty, *value, at),
            Op::Clamp { value, side, bound } => self.clamp(*value, *side, *bound, at),
            Op::Round { value, mode, step } => {
                let (value, bad) = self.quotient(*value, at)?;
                Ok(numbers((self.graph.rounded(value, step, RoundingMode::from(*mode))?, bad)))
            }
            Op::Compound { .. } => Err(Bailout("it has compound interest")),
            Op::TopUp { value, to } => self.top_up(*value, *to, at),
            Op::Shift { day, sign, wait, kind } => self.shift(*day, *sign, *wait, *kind, at),
            Op::DaysBetween { later, earlier } => self.days_between(*later, *earlier, at),
            Op::DurationTimes { duration, by } => self.times(ty, *duration, *by, at),
            Op::DurationRatio { left, right } => self.ratio(*left, *right, at),
            Op::Attribute { attribute, of } => self.attribute(*attribute, *of, ty, at),
        }
    }

    /// What is named, and what is looked up.
    fn name(&mut self, id: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let policy = self.batch.policy;
        match policy.exprs.node(id) {
            Expr::Local(place) => {
                at.frame.get(*place as usize).cloned().ok_or(Bailout("it reads a place that is not there"))
            }
            Expr::Field { entity, row, field } => match self.term(*row, at)?.kind {
                TermKind::Row if *entity == self.batch.entity => self.field(*field, at),
                _ => Err(Bailout("it reads the row of another table")),
            },
            Expr::Define { id: define, row } => {
                let define = &policy.defines[*define];
                self.is_own(*row, define.for_each, at)?;
                let at = self.own(at);
                self.term(define.value, &at)
            }
            Expr::Outcome { id: outcome, row } => {
                self.is_own(*row, policy.outcomes[*outcome].for_each, at)?;
                let at = self.own(at);
                let judged = self.judge(*outcome, &at)?;
                // R8: who reads a gap has an error.
                let bad = self.graph.failing(judged.value.bad, judged.gap);
                Ok(RowTerm { kind: judged.value.kind, bad })
            }
            Expr::Call { function, args } => self.call(policy.functions[*function].value, args, at),
            Expr::Lookup { annex, column, keys } => {
                let (id_of_annex, column) = (*annex, *column as usize);
                let annex = self.batch.facts.annex(policy, id_of_annex);
                let cell = |keys: &[AnnexKey], day| match annex.find(keys, column, day) {
                    LineAnswer::Value(value) => Worked::One(value.clone()),
                    LineAnswer::NotListed => Worked::Fails,
                    LineAnswer::Within(_) | LineAnswer::Unknown | LineAnswer::Open => Worked::Open,
                };
                let question = AnnexQuestion { id: id_of_annex, annex, exact: false, answer: &cell };
                self.by_keys(question, keys, (policy.exprs.ty(id), at))
            }
            _ => Err(ELSEWHERE),
        }
    }

    /// A name of the row, or of no row at all.
    fn is_own(&mut self, row: Option<ExprId>, of: Option<EntityId>, at: &Environment) -> Result<(), Bailout> {
        match (row, of) {
            (None, None) => Ok(()),
            (Some(row), Some(entity)) if entity == self.batch.entity => match self.term(row, at)?.kind {
                TermKind::Row => Ok(()),
                _ => Err(Bailout("it reads another row")),
            },
            _ => Err(Bailout("it reads another table")),
        }
    }

    /// The frame of the row, from wherever it is named.
    pub fn own(&self, at: &Environment) -> Environment {
        Environment { day: at.day, known: at.known, ..self.row(at.day) }
    }

    pub fn number(&mut self, id: ExprId, at: &Environment) -> Result<(ScaledArg, Bad), Bailout> {
        let term = self.term(id, at)?;
        Ok((term.number()?, term.bad))
    }

    /// The same, one over a number of the row included.
    pub fn quotient(&mut self, id: ExprId, at: &Environment) -> Result<(Quotient, Bad), Bailout> {
        let term = self.term(id, at)?;
        Ok((term.kind.quotient()?, term.bad))
    }

    pub fn bits(&mut self, list: &[ExprId], at: &Environment) -> Result<Vec<(Arg, Bad)>, Bailout> {
        list.iter()
            .map(|id| {
                let term = self.term(*id, at)?;
                Ok((term.bit()?, term.bad))
            })
            .collect()
    }

    fn call(&mut self, body: ExprId, args: &[ExprId], at: &Environment) -> Result<RowTerm, Bailout> {
        let args = args.iter().map(|arg| self.term(*arg, at)).collect::<Result<Vec<RowTerm>, Bailout>>()?;
        self.frames = self.frames.saturating_add(1);
        let mut bad = Bad::NONE;
        for arg in &args {
            bad = self.graph.strict(bad, arg.bad);
        }
        // An argument that is bad makes the call so; inside it is taken as it is.
        let frame = args.into_iter().map(|arg| RowTerm { bad: Bad::NONE, ..arg }).collect();
        let term = self.term(body, &Environment { frame, number: self.frames, ..*at })?;
        let bad = self.graph.within(bad, term.bad);
        Ok(RowTerm { kind: term.kind, bad })
    }
}

pub(super) fn numbers((number, bad): (ScaledArg, Bad)) -> RowTerm {
    RowTerm { kind: TermKind::Number(number), bad }
}
