//! Expressions made into column programs. What is left out here is left to `run`.

use super::Batch;
use super::column::Columns;
use super::fit::Fit;
use super::graph::{Arg, Graph, Mode, Relation};
use super::hoist::{Memory, nothing};
use super::lanes::Lane;
use super::rules::Judged;
use super::term::{Made, No, Scaled, Term, What, Word};
use super::uses::Looks;
use crate::policy::{AnnexKey, EntityId, Expr, ExprId, OutcomeId, Type};
use crate::run::{self, Evaluator};
use crate::tree::{AddOp, ClampSide, CompareOp, MulOp};
use crate::value::{Day, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where an expression stands.
#[derive(Clone, Debug)]
pub(super) struct At {
    /// Its places: of a row the row, of a function its parameters.
    pub frame: Arc<[Term]>,
    /// 0 for the row.
    pub number: u32,
    /// The day and the knowledge day of the point.
    pub day: Arg,
    pub known: Arg,
}

pub(super) type Key = (ExprId, u32, Arg, Arg);

pub(super) struct Maker<'b, 'p> {
    pub batch: &'b Batch<'p>,
    pub rows: &'b Columns,
    pub fits: &'b [Option<Fit>],
    pub memory: &'b mut Memory,
    pub news: Option<Vec<Day>>,
    pub graph: Graph,
    pub run: Evaluator<'p>,
    pub looks: Looks<'p>,
    pub judged: BTreeMap<(OutcomeId, Arg, Arg), Made<Judged>>,
    known: BTreeMap<Key, Made<Term>>,
    frames: u32,
    depth: u32,
    work: u32,
}

/// Names and expressions within each other, and in all.
const DEEP: u32 = 200;
const MUCH: u32 = 200_000;

impl<'b, 'p> Maker<'b, 'p> {
    pub fn new(
        batch: &'b Batch<'p>,
        rows: &'b Columns,
        fits: &'b [Option<Fit>],
        memory: &'b mut Memory,
    ) -> Self {
        let days = run::depends_on_day(batch.policy, Some(batch.facts));
        Maker {
            batch,
            rows,
            fits,
            memory,
            news: super::hoist::news(batch),
            graph: Graph::default(),
            run: Evaluator::new(batch.policy, batch.facts),
            looks: Looks::new(batch.policy, batch.entity, days),
            judged: BTreeMap::new(),
            known: BTreeMap::new(),
            frames: 0,
            depth: 0,
            work: 0,
        }
    }

    /// The frame of a row at a day.
    pub fn row(&self, day: Arg) -> At {
        let known = Arg::Const(self.batch.asked.known.number().into());
        At { frame: Arc::from([Term::good(What::Row)]), number: 0, day, known }
    }

    pub fn term(&mut self, id: ExprId, at: &At) -> Made<Term> {
        let key = (id, at.number, at.day, at.known);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        self.work += 1;
        if self.depth >= DEEP || self.work >= MUCH || self.graph.is_full() {
            return Err(No("it is too much"));
        }
        self.depth += 1;
        let made = self.made(id, at);
        self.depth -= 1;
        self.known.insert(key, made.clone());
        made
    }

    fn made(&mut self, id: ExprId, at: &At) -> Made<Term> {
        match self.batch.policy.exprs.node(id) {
            Expr::Const(value) => return Term::of(value),
            Expr::Today => return Ok(Term::good(What::Number(Scaled { arg: at.day, den: 1 }))),
            _ => {}
        }
        if !self.looks.of(id, at.number != 0).row {
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

    fn node(&mut self, id: ExprId, at: &At) -> Made<Term> {
        let policy = self.batch.policy;
        match policy.exprs.node(id) {
            Expr::Const(_) | Expr::Today => Err(No("")),
            Expr::Local(place) => {
                at.frame.get(*place as usize).cloned().ok_or(No("it reads a place that is not there"))
            }
            Expr::Field { entity, row, field } => match self.term(*row, at)?.what {
                What::Row if *entity == self.batch.entity => self.field(*field, at),
                _ => Err(No("it reads the row of another table")),
            },
            Expr::Define { id: define, row } => {
                let define = &policy.defines[*define];
                self.is_own(*row, define.for_each, at)?;
                match define.block {
                    None => {
                        let at = self.own(at);
                        self.term(define.value, &at)
                    }
                    Some(_) => Err(No("rows go one after the other")),
                }
            }
            Expr::Outcome { id: outcome, row } => {
                self.is_own(*row, policy.outcomes[*outcome].for_each, at)?;
                let at = self.own(at);
                let judged = self.judge(*outcome, &at)?;
                // R8: who reads a gap has an error.
                let bad = self.graph.or(judged.value.bad, judged.gap);
                Ok(Term { what: judged.value.what, bad })
            }
            Expr::Call { function, args } => self.call(policy.functions[*function].value, args, at),
            Expr::Lookup { annex, column, keys } => match keys.as_ref() {
                [key] => {
                    let annex = &policy.annexes[*annex];
                    let (column, ty) = (*column as usize, policy.exprs.ty(id));
                    self.by_word(*key, ty, at, |value| {
                        annex.find(&[AnnexKey::of(value)]).and_then(|row| annex.cell(row, column)).cloned()
                    })
                }
                _ => Err(No("it looks up by several keys")),
            },
            Expr::Not(value) => {
                let term = self.term(*value, at)?;
                let not = self.graph.not(term.bit()?);
                Ok(Term { what: What::Bit(not), bad: term.bad })
            }
            Expr::And(list) => {
                let terms = self.bits(list, at)?;
                let (value, bad) = self.graph.all(&terms);
                Ok(Term { what: What::Bit(value), bad })
            }
            Expr::Or(list) => {
                let terms = self.bits(list, at)?;
                let (value, bad) = self.graph.any(&terms);
                Ok(Term { what: What::Bit(value), bad })
            }
            Expr::Compare { op, left, right } => {
                let (left, right) = (self.term(*left, at)?, self.term(*right, at)?);
                let bad = self.graph.or(left.bad, right.bad);
                let value = self.compare(*op, &left.what, &right.what)?;
                Ok(Term { what: What::Bit(value), bad })
            }
            Expr::In { item, set } => {
                let item = self.term(*item, at)?;
                let (mut value, mut bad) = (Arg::FALSE, item.bad);
                for of in set {
                    let of = self.term(*of, at)?;
                    let equal = self.graph.equal(&item.what, &of.what)?;
                    value = self.graph.or(value, equal);
                    bad = self.graph.or(bad, of.bad);
                }
                Ok(Term { what: What::Bit(value), bad })
            }
            Expr::Under { item, set } => {
                let ty = policy.exprs.ty(*item);
                let mut of = Vec::new();
                for id in set {
                    let term = self.term(*id, at)?;
                    match (term.word()?, term.bad) {
                        (Word { arg: Arg::Const(at), dictionary }, Arg::FALSE) => {
                            of.extend(usize::try_from(*at).ok().and_then(|at| dictionary.get(at).cloned()));
                        }
                        _ => return Err(No("it compares with codes of the row")),
                    }
                }
                self.by_word(*item, &Type::Bool, at, |value| {
                    Some(Value::Bool(of.iter().any(|of| run::under(policy, ty, value, of))))
                })
            }
            Expr::InAnnex { item, annex } => {
                let annex = &policy.annexes[*annex];
                self.by_word(*item, &Type::Bool, at, |value| {
                    Some(Value::Bool(annex.starts_with(&AnnexKey::of(value))))
                })
            }
            Expr::UnderAnnex { item, annex } => {
                let annex = &policy.annexes[*annex];
                self.by_word(*item, &Type::Bool, at, |value| {
                    Some(Value::Bool(match AnnexKey::of(value) {
                        AnnexKey::Code(digits) => annex.covers(&digits),
                        key => annex.starts_with(&key),
                    }))
                })
            }
            Expr::Sum { first, rest } | Expr::DurationSum { first, rest } => {
                let mut sum = self.number(*first, at)?;
                for (op, operand) in rest {
                    let operand = self.number(*operand, at)?;
                    let value = match op {
                        AddOp::Plus => self.graph.sum(sum.0, operand.0)?,
                        AddOp::Minus => self.graph.difference(sum.0, operand.0)?,
                    };
                    sum = (value, self.graph.or(sum.1, operand.1));
                }
                self.counted(policy.exprs.ty(id), sum)
            }
            Expr::Product { first, rest } => {
                let ty = policy.exprs.ty(id);
                let mut product = self.number(*first, at)?;
                for (op, id) in rest {
                    let (operand, mut bad) = self.number(*id, at)?;
                    let value = match (op, operand.arg) {
                        (MulOp::Times, _) => {
                            // V3: zero times whatever an open fact may be is zero.
                            let zero = Arg::Const(0);
                            if self.is_fact_of_row(*id) {
                                let none = self.graph.compare(Relation::Equal, product.0.arg, zero);
                                let none = self.graph.except(none, product.1);
                                bad = self.graph.except(bad, none);
                            }
                            if rest.first().is_some_and(|(_, other)| other == id)
                                && self.is_fact_of_row(*first)
                            {
                                let none = self.graph.compare(Relation::Equal, operand.arg, zero);
                                let none = self.graph.except(none, bad);
                                product.1 = self.graph.except(product.1, none);
                            }
                            self.graph.product(product.0, operand)?
                        }
                        (MulOp::Divide, Arg::Const(0)) => {
                            return Ok(Term { what: nothing(ty), bad: Arg::TRUE });
                        }
                        (MulOp::Divide, Arg::Const(by)) => self.graph.quotient(product.0, by, operand.den)?,
                        (MulOp::Divide, Arg::Reg(_)) => {
                            // Only of zero the quotient is known without dividing: a duty by weight that is blank.
                            let zero = self.graph.compare(Relation::Equal, product.0.arg, Arg::Const(0));
                            let none = self.graph.compare(Relation::Equal, operand.arg, Arg::Const(0));
                            let known = self.graph.except(zero, none);
                            if known == Arg::FALSE {
                                return Err(No("it divides by a number of the row"));
                            }
                            let open = self.graph.not(known);
                            bad = self.graph.or(bad, open);
                            Scaled { arg: Arg::Const(0), den: 1 }
                        }
                    };
                    product = (value, self.graph.or(product.1, bad));
                }
                Ok(numbers(product))
            }
            Expr::Negative(value) | Expr::DurationNegative(value) => {
                let (value, bad) = self.number(*value, at)?;
                let zero = Scaled { arg: Arg::Const(0), den: 1 };
                let negative = self.graph.difference(zero, value)?;
                self.counted(policy.exprs.ty(id), (negative, bad))
            }
            Expr::Clamp { value, side, bound } => {
                let (value, bound) = (self.number(*value, at)?, self.number(*bound, at)?);
                let bad = self.graph.or(value.1, bound.1);
                let value = match side {
                    ClampSide::AtLeast => self.graph.greater(value.0, bound.0)?,
                    ClampSide::AtMost => self.graph.lesser(value.0, bound.0)?,
                };
                Ok(numbers((value, bad)))
            }
            Expr::Round { value, mode, step } => {
                let (value, bad) = self.number(*value, at)?;
                Ok(numbers((self.graph.round(value, step, Mode::from(*mode))?, bad)))
            }
            Expr::TopUp { value, to } => {
                let (value, to) = (self.number(*value, at)?, self.number(*to, at)?);
                let bad = self.graph.or(value.1, to.1);
                let missing = self.graph.difference(to.0, value.0)?;
                let zero = Scaled { arg: Arg::Const(0), den: 1 };
                Ok(numbers((self.graph.greater(missing, zero)?, bad)))
            }
            Expr::If { branches, otherwise } => {
                let mut term = self.term(*otherwise, at)?;
                for (condition, value) in branches.iter().rev() {
                    let condition = self.term(*condition, at)?;
                    let value = self.term(*value, at)?;
                    term = self.graph.choose_term(condition.bit()?, &value, &term)?;
                    term.bad = self.graph.or(term.bad, condition.bad);
                }
                Ok(term)
            }
            Expr::Shift { day, sign, wait, kind } => self.shift(*day, *sign, *wait, *kind, at),
            Expr::DaysBetween { later, earlier } => {
                let (later, earlier) = (self.number(*later, at)?, self.number(*earlier, at)?);
                let bad = self.graph.or(later.1, earlier.1);
                let never = (self.is_never(later.0.arg), self.is_never(earlier.0.arg));
                let never = self.graph.or(never.0, never.1);
                let bad = self.graph.or(bad, never);
                let (later, earlier) = (self.a_day(later.0.arg)?, self.a_day(earlier.0.arg)?);
                let days = self.graph.minus(later, earlier).ok_or(No("its numbers may be too large"))?;
                Ok(numbers((Scaled { arg: days, den: 1 }, bad)))
            }
            Expr::DurationTimes { duration, by } => {
                let (duration, by) = (self.number(*duration, at)?, self.number(*by, at)?);
                let bad = self.graph.or(duration.1, by.1);
                let value = self.graph.product(duration.0, by.0)?;
                match value.den {
                    1 => self.counted(policy.exprs.ty(id), (value, bad)),
                    _ => Err(No("a duration may not be whole")),
                }
            }
            Expr::DurationRatio { left, right } => {
                let (left, right) = (self.number(*left, at)?, self.number(*right, at)?);
                match right.0.arg {
                    Arg::Const(by) if by != 0 => {
                        let bad = self.graph.or(left.1, right.1);
                        Ok(numbers((self.graph.quotient(left.0, by, right.0.den)?, bad)))
                    }
                    _ => Err(No("it divides by a number of the row")),
                }
            }
            Expr::Edge { edge, period, day } => {
                self.by_each_day(*day, at, |day| Ok(run::edge(*edge, *period, day).number().into()))
            }
            Expr::Part { period, day } => {
                self.by_each_day(*day, at, |day| run::part(*period, day).map(i128::from))
            }
            Expr::AsOf { value, day } => {
                let (day, bad) = self.number(*day, at)?;
                let never = self.is_never(day.arg);
                let wrong = self.graph.or(bad, never);
                let there = At { day: self.a_day(day.arg)?, ..at.clone() };
                let term = self.term(*value, &there)?;
                let bad = self.graph.or(term.bad, wrong);
                Ok(Term { what: term.what, bad })
            }
            Expr::AsKnownOn { value, day } => {
                let (day, wrong) = self.number(*day, at)?;
                let known = self.graph.least(day.arg, at.known).ok_or(No("its numbers may be too large"))?;
                let there = At { known, ..at.clone() };
                let term = self.term(*value, &there)?;
                let bad = self.graph.or(term.bad, wrong);
                Ok(Term { what: term.what, bad })
            }
            Expr::By { condition, day } => {
                // T5: `today > D and (C as of D)`
                let (day, wrong) = self.number(*day, at)?;
                let passed = self.graph.compare(Relation::Less, day.arg, at.day);
                let there = At { day: self.a_day(day.arg)?, ..at.clone() };
                let condition = self.term(*condition, &there)?;
                let (value, bad) = self.graph.all(&[(passed, Arg::FALSE), (condition.bit()?, condition.bad)]);
                let bad = self.graph.or(bad, wrong);
                Ok(Term { what: What::Bit(value), bad })
            }
            Expr::Running(_) => Err(No("rows go one after the other")),
            Expr::Aggregate { .. } => Err(No("it goes over a table for each row")),
            Expr::LastStart(_) => Err(No("it looks back over days")),
            Expr::Duty { .. } | Expr::Power { .. } | Expr::Act { .. } => {
                Err(No("it asks what was done for the row"))
            }
            Expr::Fact(_) | Expr::RowByKey { .. } => Err(No("it changes from day to day")),
        }
    }

    /// A name of the row, or of no row at all.
    fn is_own(&mut self, row: Option<ExprId>, of: Option<EntityId>, at: &At) -> Made<()> {
        match (row, of) {
            (None, None) => Ok(()),
            (Some(row), Some(entity)) if entity == self.batch.entity => match self.term(row, at)?.what {
                What::Row => Ok(()),
                _ => Err(No("it reads another row")),
            },
            _ => Err(No("it reads another table")),
        }
    }

    /// The frame of the row, from wherever it is named.
    pub fn own(&self, at: &At) -> At {
        At { day: at.day, known: at.known, ..self.row(at.day) }
    }

    /// Durations are counted with 64 bits.
    fn counted(&self, ty: &Type, (number, bad): (Scaled, Arg)) -> Made<Term> {
        let (lo, hi) = self.graph.range(number.arg);
        match ty {
            Type::Duration(_) if Lane::of(lo, hi) == Lane::Int128 => Err(No("its numbers may be too large")),
            _ => Ok(numbers((number, bad))),
        }
    }

    pub fn number(&mut self, id: ExprId, at: &At) -> Made<(Scaled, Arg)> {
        let term = self.term(id, at)?;
        Ok((term.number()?, term.bad))
    }

    pub fn bits(&mut self, list: &[ExprId], at: &At) -> Made<Vec<(Arg, Arg)>> {
        list.iter()
            .map(|id| {
                let term = self.term(*id, at)?;
                Ok((term.bit()?, term.bad))
            })
            .collect()
    }

    fn compare(&mut self, op: CompareOp, left: &What, right: &What) -> Made<Arg> {
        match op {
            CompareOp::Less => self.graph.related(Relation::Less, left, right),
            CompareOp::AtMost => self.graph.related(Relation::AtMost, left, right),
            CompareOp::Equal => self.graph.related(Relation::Equal, left, right),
            CompareOp::NotEqual => self.graph.related(Relation::Different, left, right),
            CompareOp::AtLeast => self.graph.related(Relation::AtMost, right, left),
            CompareOp::Greater => self.graph.related(Relation::Less, right, left),
        }
    }

    fn call(&mut self, body: ExprId, args: &[ExprId], at: &At) -> Made<Term> {
        let args = args.iter().map(|arg| self.term(*arg, at)).collect::<Made<Vec<Term>>>()?;
        self.frames = self.frames.saturating_add(1);
        let mut bad = Arg::FALSE;
        for arg in &args {
            bad = self.graph.or(bad, arg.bad);
        }
        // An argument that is bad makes the call so; inside it is taken as it is.
        let frame = args.into_iter().map(|arg| Term { bad: Arg::FALSE, ..arg }).collect();
        let term = self.term(body, &At { frame, number: self.frames, ..*at })?;
        let bad = self.graph.or(term.bad, bad);
        Ok(Term { what: term.what, bad })
    }
}

pub(super) fn numbers((number, bad): (Scaled, Arg)) -> Term {
    Term { what: What::Number(number), bad }
}
