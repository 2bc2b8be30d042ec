//! Expressions made into column programs. What is left out here is left to `run`.

use super::Batch;
use super::column::Columns;
use super::fit::{Fit, Held};
use super::graph::{Arg, Graph, Mode, Relation};
use super::hoist::{Memory, day_of, nothing};
use super::lanes::Lane;
use super::rules::Judged;
use super::term::{Made, No, Scaled, Term, What, Word};
use super::uses::{Fields, Looks};
use crate::outcome::Point;
use crate::policy::{AnnexKey, EntityId, Expr, ExprId, FieldId, OutcomeId, Type};
use crate::run::{self, Evaluator};
use crate::tree::{AddOp, ClampSide, CompareOp, MulOp};
use crate::value::{Day, DurationKind, Trouble, Value};
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

/// Words for which something is worked out by `run`.
const MOST_WORDS: usize = 1_000_000;

/// Days looked up one by one.
const SPAN: i128 = 200_000;

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
    fn own(&self, at: &At) -> At {
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

    /// A function of a word, worked out for each value in its list.
    fn by_word(
        &mut self,
        item: ExprId,
        ty: &Type,
        at: &At,
        f: impl Fn(&Value) -> Option<Value>,
    ) -> Made<Term> {
        let item = self.term(item, at)?;
        let word = item.word()?.clone();
        let values: Vec<Option<Value>> = word.dictionary.iter().map(f).collect();
        let term = self.tabulated(ty, &values, |graph, lane, values| {
            graph.look_up(word.arg, lane, values).ok_or(No("it has no value"))
        })?;
        let bad = self.graph.or(term.bad, item.bad);
        Ok(Term { what: term.what, bad })
    }

    /// Whether a day is `never`.
    pub fn is_never(&mut self, day: Arg) -> Arg {
        self.graph.compare(Relation::Equal, day, Arg::Const(Day::NEVER.number().into()))
    }

    /// The day, or any other for `never`.
    pub fn a_day(&mut self, day: Arg) -> Made<Arg> {
        let last = self.graph.below(day).clamp(Day::FIRST.number().into(), Day::LAST.number().into());
        self.graph.least(day, Arg::Const(last)).ok_or(No("there is no such day"))
    }

    /// What depends on one word of the row alone, worked out by `run` for each word.
    fn by_value(&mut self, id: ExprId, at: &At) -> Made<Term> {
        let uses = self.looks.of(id, at.number != 0);
        let (Fields::One(field), false, 0) = (uses.fields, uses.day, at.number) else {
            return Err(No("it reads more than one field"));
        };
        let item = self.field(field, at)?;
        let word = item.word()?.clone();
        let mut news = match at.known {
            Arg::Const(known) => vec![day_of(known)?],
            Arg::Reg(_) => {
                let news =
                    self.news.clone().ok_or(No("what is known changes on days that are worked out"))?;
                std::iter::once(Day::FIRST).chain(news).collect()
            }
        };
        if word.dictionary.len().saturating_mul(news.len()) > MOST_WORDS {
            return Err(No("it has very many words"));
        }
        let first = news.remove(0);
        let mut before = self.values(id, field, &word.dictionary, first);
        let mut term = self.by_key(id, word.arg, &before)?;
        for known in news {
            let values = self.values(id, field, &word.dictionary, known);
            if values == before {
                continue;
            }
            let next = self.by_key(id, word.arg, &values)?;
            let come = self.graph.compare(Relation::AtMost, Arg::Const(known.number().into()), at.known);
            term = self.graph.choose_term(come, &next, &term)?;
            before = values;
        }
        let bad = self.graph.or(term.bad, item.bad);
        Ok(Term { what: term.what, bad })
    }

    fn values(
        &mut self,
        id: ExprId,
        field: FieldId,
        dictionary: &Arc<[Value]>,
        known: Day,
    ) -> Arc<[Option<Value>]> {
        let point = Point::new(self.batch.asked.on, known);
        match self.memory.words.get(&(id, point)) {
            Some((of, values)) if Arc::ptr_eq(of, dictionary) || of == dictionary => values.clone(),
            _ => {
                let values: Arc<[Option<Value>]> =
                    super::by_run::values(self.batch, field, dictionary, id, point).into();
                self.memory.words.insert((id, point), (dictionary.clone(), values.clone()));
                values
            }
        }
    }

    fn by_key(&mut self, id: ExprId, key: Arg, values: &[Option<Value>]) -> Made<Term> {
        self.tabulated(self.batch.policy.exprs.ty(id), values, |graph, lane, values| {
            graph.look_up(key, lane, values).ok_or(No("it has no value"))
        })
    }

    /// A field of the row whose value, where it is not known, is at least no error.
    fn is_fact_of_row(&self, id: ExprId) -> bool {
        match self.batch.policy.exprs.node(id) {
            Expr::Field { entity, row, field } => {
                *entity == self.batch.entity
                    && matches!(self.batch.policy.exprs.node(*row), Expr::Local(0))
                    && self.batch.policy.entities[*entity].fields[*field].default.is_none()
            }
            _ => false,
        }
    }

    fn shift(&mut self, day: ExprId, sign: AddOp, wait: ExprId, kind: DurationKind, at: &At) -> Made<Term> {
        let policy = self.batch.policy;
        let wait = self.number(wait, at)?;
        if kind != DurationKind::Days {
            let count = match wait.0.arg {
                Arg::Const(count) => i64::try_from(count).map_err(|_| No("its numbers may be too large"))?,
                Arg::Reg(_) => return Err(No("it counts months or business days of the row")),
            };
            let term = self.by_each_day(day, at, |day| {
                run::shift(policy, day, sign, count, kind).map(|day| day.number().into())
            })?;
            let bad = self.graph.or(term.bad, wait.1);
            return Ok(Term { what: term.what, bad });
        }
        let (day, bad) = self.number(day, at)?;
        let never = self.is_never(day.arg);
        let from = self.a_day(day.arg)?;
        let moved = match sign {
            AddOp::Plus => self.graph.plus(from, wait.0.arg),
            AddOp::Minus => self.graph.minus(from, wait.0.arg),
        };
        let moved = moved.ok_or(No("its numbers may be too large"))?;
        let (first, last) = (Arg::Const(Day::FIRST.number().into()), Arg::Const(Day::LAST.number().into()));
        let early = self.graph.compare(Relation::Less, moved, first);
        let late = self.graph.compare(Relation::Less, last, moved);
        let beyond = self.graph.or(early, late);
        let beyond = self.graph.except(beyond, never);
        // Cut to what days there are, for what is beyond them is of no account.
        let moved = self.graph.greatest(moved, first).ok_or(No("there is no such day"))?;
        let moved = self.graph.least(moved, last).ok_or(No("there is no such day"))?;
        let moved = self.graph.choose(never, Arg::Const(Day::NEVER.number().into()), moved);
        let bad = self.graph.or(bad, wait.1);
        let bad = self.graph.or(bad, beyond);
        Ok(numbers((Scaled { arg: moved, den: 1 }, bad)))
    }

    /// A function of a day, worked out for each day there may be.
    fn by_each_day(&mut self, day: ExprId, at: &At, f: impl Fn(Day) -> Result<i128, Trouble>) -> Made<Term> {
        let (day, bad) = self.number(day, at)?;
        let never = self.is_never(day.arg);
        let day = self.a_day(day.arg)?;
        let (lo, hi) = self.graph.range(day);
        let hi = hi.min(Day::LAST.number().into());
        if lo < Day::FIRST.number().into() || hi - lo > SPAN {
            return Err(No("there is no such day"));
        }
        let results: Vec<Option<i128>> =
            (lo..=hi).map(|day| Ok(f(day_of(day)?).ok())).collect::<Made<_>>()?;
        let of_never = f(Day::NEVER).ok();
        let some = results.iter().flatten().copied().next().or(of_never).unwrap_or(0);
        let values: Vec<i128> = results.iter().map(|result| result.unwrap_or(some)).collect();
        let wrong: Vec<i128> = results.iter().map(|result| result.is_none().into()).collect();
        let (least, most) = values.iter().fold((some, some), |(lo, hi), n| (lo.min(*n), hi.max(*n)));
        let base = i32::try_from(lo).map_err(|_| No("there is no such day"))?;
        let none = No("there is no such day");
        let value = self.graph.place(day, base, Lane::of(least, most), &values).ok_or(none)?;
        let wrong = self.graph.place(day, base, Lane::Bit, &wrong).ok_or(none)?;
        let value = self.graph.choose(never, Arg::Const(of_never.unwrap_or(some)), value);
        let wrong = self.graph.choose_bit(never, Arg::bit(of_never.is_none()), wrong);
        let bad = self.graph.or(bad, wrong);
        Ok(numbers((Scaled { arg: value, den: 1 }, bad)))
    }

    /// The cell of a row, or its default (V7).
    pub fn field(&mut self, id: FieldId, at: &At) -> Made<Term> {
        let decl = &self.batch.policy.entities[self.batch.entity].fields[id];
        if decl.over_time && self.batch.facts.stated_through.is_some() {
            return Err(No("what is stated ends on a day"));
        }
        let place = self.rows.columns.iter().position(|(of, _)| *of == id);
        let Some(place) = place else { return self.default(id, at) };
        let fit = self.fits.get(place).and_then(Option::as_ref).ok_or(No("its column has no such values"))?;
        let column = u32::try_from(place).map_err(|_| No("there are too many columns"))?;
        let what = self.load(column, &fit.held, &decl.ty)?;
        let bad = match fit.odd {
            true => self.graph.push(super::graph::Op::Odd(column), Lane::Bit, (0, 1)),
            false => Arg::FALSE,
        };
        let cell = Term { what, bad };
        if !fit.gaps {
            return Ok(cell);
        }
        let stated = self.graph.push(super::graph::Op::Stated(column), Lane::Bit, (0, 1));
        let default = self.default(id, at)?;
        self.graph.choose_term(stated, &cell, &default)
    }

    fn default(&mut self, id: FieldId, at: &At) -> Made<Term> {
        let decl = &self.batch.policy.entities[self.batch.entity].fields[id];
        let Some(default) = decl.default else {
            return Ok(Term { what: nothing(&decl.ty), bad: Arg::TRUE });
        };
        let at = self.own(at);
        let term = self.term(default, &at)?;
        // M5
        match term.what {
            What::Number(number) if decl.whole && number.den != 1 => Err(No("a default may not be whole")),
            _ => Ok(term),
        }
    }

    fn load(&mut self, column: u32, held: &Held, ty: &Type) -> Made<What> {
        let op = super::graph::Op::Load(column);
        let number =
            |arg: Arg, scale: u8| What::Number(Scaled { arg, den: 10i128.pow(scale.min(18).into()) });
        match (held, ty) {
            (Held::Bits, Type::Bool) => Ok(What::Bit(self.graph.push(op, Lane::Bit, (0, 1)))),
            (Held::Scaled { scale, range }, Type::Number { .. }) => {
                Ok(number(self.graph.push(op, Lane::Int64, *range), *scale))
            }
            (Held::Wide { scale, range }, Type::Number { .. }) => {
                Ok(number(self.graph.push(op, Lane::Int128, *range), *scale))
            }
            (Held::Days { range, never }, Type::Date) => {
                Ok(number(self.graph.push_days(op, *range, *never), 0))
            }
            (Held::Durations { range }, Type::Duration(_)) => {
                Ok(number(self.graph.push(op, Lane::Int64, *range), 0))
            }
            (
                Held::Words(dictionary),
                Type::Text | Type::Code | Type::Country | Type::Enum(_) | Type::Row(_),
            ) => {
                let last = dictionary.len().saturating_sub(1) as i128;
                let arg = self.graph.push(op, Lane::Key, (0, last));
                Ok(What::Word(Word { arg, dictionary: dictionary.clone() }))
            }
            _ => Err(No("its column has no such values")),
        }
    }
}

pub(super) fn numbers((number, bad): (Scaled, Arg)) -> Term {
    Term { what: What::Number(number), bad }
}
