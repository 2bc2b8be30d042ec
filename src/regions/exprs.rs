//! Expressions as formulas and linear terms (G1). What is neither becomes a variable of its own (G2).

use super::alike::alike;
use super::found::Same;
use super::lines::{AnsweringLines, UnchangedTerm};
use super::space::{Lin, Linear, Outside, Space, number_of};
use super::values::{Sym, Val};
use crate::facts::Facts;
use crate::policy::{DefineId, EntityId, Expr, ExprId, Op, OutcomeId, Policy, Type};
use crate::solve::{Comparison, Formula, Var, VarSort};
use crate::tree::{AddOp, ClampSide, CompareOp, MulOp};
use crate::value::{Day, DurationKind, Number, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where an expression is looked at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SymbolicPoint {
    pub day: Lin,
    pub known: Lin,
    pub frame: Vec<Val>,
}

/// A term of some side that is a variable.
struct Opaque {
    side: usize,
    expr: ExprId,
    at: SymbolicPoint,
    val: Val,
    vars: [Var; 2],
}

/// Both sides, made formulas of in one space.
pub(super) struct SymbolicReader<'p> {
    pub space: Space,
    pub sides: Vec<&'p Policy>,
    opaque: Vec<Opaque>,
    pub(super) unknown: Vec<super::rules::Unknown>,
    /// Values that are no numbers, by the cases they are made of.
    pub(super) shared: Vec<(Vec<(Formula, Sym)>, Sym)>,
    /// Of annexes: which lines are looked at one by one, and terms for all others.
    pub(super) answering: BTreeMap<String, Option<Arc<AnsweringLines>>>,
    pub(super) unchanged: Vec<(UnchangedTerm, Val)>,
    pub(super) defines: BTreeMap<(usize, DefineId), Vec<(SymbolicPoint, Val)>>,
    pub(super) outcomes: BTreeMap<(usize, OutcomeId), Vec<(SymbolicPoint, Val)>>,
    /// Of each side what is stated in any case; none: nothing.
    pub fixed: Vec<&'p Facts>,
    /// What is the same in all versions.
    pub same: Same,
    /// As known on this day.
    pub known: Day,
    /// A default that may be outside its `where` is being read.
    pub(super) defaulting: bool,
    /// What a power requires is being read.
    pub(super) requiring: bool,
    /// Acts that may stand, on each side and day they are asked about.
    pub(super) acts: Vec<super::rules::SymbolicAct>,
    /// Names being read, against depth without end.
    pub(super) depth: u32,
    /// The first that did not fit.
    pub outside: Vec<(usize, ExprId)>,
}

impl<'p> SymbolicReader<'p> {
    pub fn new(sides: Vec<&'p Policy>) -> SymbolicReader<'p> {
        let space = Space::new(&sides);
        let (opaque, outside) = (Vec::new(), Vec::new());
        SymbolicReader {
            space,
            sides,
            opaque,
            unknown: Vec::new(),
            shared: Vec::new(),
            answering: BTreeMap::new(),
            unchanged: Vec::new(),
            defines: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            fixed: Vec::new(),
            same: Same::default(),
            known: Day::NEVER,
            defaulting: false,
            requiring: false,
            acts: Vec::new(),
            depth: 0,
            outside,
        }
    }

    pub fn policy(&self, side: usize) -> &'p Policy {
        // There is a side for each number handed out.
        match self.sides.get(side) {
            Some(policy) => policy,
            None => EMPTY.get_or_init(Policy::default),
        }
    }

    /// On the day asked; of a row of a dated entity on its date (T9).
    pub fn start(&mut self, side: usize, own: Option<EntityId>) -> SymbolicPoint {
        let today = self.space.today().map_or_else(Lin::default, Lin::var);
        let known = Lin::constant(number_of(self.known));
        let mut at = SymbolicPoint { day: today.clone(), known, frame: Vec::new() };
        if let Some(entity) = own {
            at.frame.push(Val::of(Sym::Own));
            let policy = self.policy(side);
            if let Some(dated) = policy.entities[entity].dated {
                let date = self.field(side, entity, dated, &at);
                if let Sym::Linear(date) = date.sym
                    && let Ok(same) = self.space.below(&today, Comparison::Equal, &date)
                {
                    self.space.laws.push(same);
                }
            }
        }
        at
    }

    pub fn expr(&mut self, side: usize, id: ExprId, at: &SymbolicPoint) -> Val {
        match self.try_expr(side, id, at) {
            Ok(val) => {
                self.written(side, id, &val);
                val
            }
            Err(Outside) => self.opaque(side, id, at),
        }
    }

    /// Remembers what a part is called that is the whole value of a name, a function or a lookup.
    fn written(&mut self, side: usize, id: ExprId, val: &Val) {
        let node = self.policy(side).exprs.node(id);
        let named = matches!(
            node,
            Expr::Define { .. } | Expr::Outcome { .. } | Expr::Call { .. } | Expr::Lookup { .. }
        );
        if let Some(part) = val.sym.part().filter(|part| named && self.space.cases.contains_key(part))
            && self.space.written.entry(part).or_insert((side, id)).0 != side
        {
            self.space.common.insert(part);
        }
    }

    /// Whether two versions are compared, and only one of them reads this.
    pub fn is_of_one_side(&self, var: Var) -> bool {
        self.sides.len() > 1 && !self.space.common.contains(&var)
    }

    /// A variable for a term outside the fragment; the same for what is written alike.
    fn opaque(&mut self, side: usize, id: ExprId, at: &SymbolicPoint) -> Val {
        let policy = self.policy(side);
        let same = |known: &&Opaque| {
            known.at == *at && alike((self.policy(known.side), known.expr), (policy, id), &self.same)
        };
        if let Some(known) = self.opaque.iter().find(same) {
            if known.side != side {
                self.space.common.extend(known.vars);
            }
            if !self.defaulting {
                self.space.of_defaults.remove(&known.expr);
            }
            return known.val.clone();
        }
        if !self.outside.contains(&(side, id)) {
            self.outside.push((side, id));
        }
        if self.defaulting {
            self.space.of_defaults.insert(id);
        }
        let (val, vars) = self.free(side, id, policy.exprs.ty(id));
        self.opaque.push(Opaque { side, expr: id, at: at.clone(), val: val.clone(), vars });
        val
    }

    fn try_expr(&mut self, side: usize, id: ExprId, at: &SymbolicPoint) -> Linear<Val> {
        let policy = self.policy(side);
        match policy.exprs.node(id) {
            Expr::Const(value) => self.constant(side, id, value),
            Expr::Today => Ok(Val::of(Sym::Linear(at.day.clone()))),
            Expr::Local(place) => at.frame.get(*place as usize).cloned().ok_or(Outside),
            Expr::Fact(fact) => {
                if let Some(value) = self.set(side, *fact) {
                    return self.constant(side, id, &value);
                }
                let decl = &policy.facts[*fact];
                self.stated(side, None, decl, at)
            }
            Expr::Field { entity, row, field } => {
                let row = self.expr(side, *row, at);
                if row.sym != Sym::Own {
                    return Err(Outside);
                }
                Ok(self.field(side, *entity, *field, at))
            }
            Expr::Define { id: define, row } => {
                let own = self.own_or_none(side, *row, at)?;
                self.define(side, *define, own, at)
            }
            Expr::Outcome { id: outcome, row } => {
                let own = self.own_or_none(side, *row, at)?;
                self.outcome(side, *outcome, own, at)
            }
            Expr::Call { function, args } => self.call(side, *function, args, at),
            Expr::Lookup { annex, column, keys } => {
                let [key] = keys.as_ref() else { return Err(Outside) };
                self.lookup((side, id), *annex, *column as usize, *key, at)
            }
            Expr::Op(op) => self.op(side, op, id, at),
            Expr::And(list) => self.junction(side, list, false, at),
            Expr::Or(list) => self.junction(side, list, true, at),
            Expr::If { branches, otherwise } => self.choose(side, branches, *otherwise, at),
            Expr::AsOf { value, day } => {
                let (day, failed) = self.linear(side, *day, at)?;
                let never = self.space.below(&day, Comparison::Equal, &Lin::day(Day::NEVER))?;
                let moved = SymbolicPoint { day, ..at.clone() };
                let value = self.expr(side, *value, &moved);
                Ok(Val { fails: self.space.forms.or([failed, never, value.fails]), sym: value.sym })
            }
            Expr::AsKnownOn { value, day } => {
                let (day, failed) = self.linear(side, *day, at)?;
                let sooner = self.space.below(&day, Comparison::AtMost, &at.known)?;
                let known = self.space.pick(VarSort::Whole, sooner, &day, &at.known)?;
                let moved = SymbolicPoint { known, ..at.clone() };
                let value = self.expr(side, *value, &moved);
                Ok(Val { fails: self.space.forms.or([failed, value.fails]), sym: value.sym })
            }
            Expr::By { condition, day } => {
                let (day, failed) = self.linear(side, *day, at)?;
                let passed = self.space.below(&at.day, Comparison::Above, &day)?;
                let moved = SymbolicPoint { day, ..at.clone() };
                let (truth, fails) = self.truth(side, *condition, &moved)?;
                let forms = &mut self.space.forms;
                let truth = forms.and([passed, truth]);
                let late = forms.and([passed, fails]);
                let fails = forms.or([failed, late]);
                Ok(self.bool(truth, fails))
            }
            Expr::RowByKey { .. }
            | Expr::Aggregate { .. }
            | Expr::LastStart(_)
            | Expr::Duty { .. }
            | Expr::Power { .. }
            | Expr::Act { .. }
            | Expr::ActCount { .. }
            | Expr::DayAverage { .. }
            | Expr::Running(_) => Err(Outside),
        }
    }

    /// A strict operation (V4).
    fn op(&mut self, side: usize, op: &Op, id: ExprId, at: &SymbolicPoint) -> Linear<Val> {
        match op {
            Op::Not(inner) => {
                let (truth, fails) = self.truth(side, *inner, at)?;
                let not = self.space.forms.and([!truth, !fails]);
                Ok(Val { sym: Sym::Bool(not), fails })
            }
            Op::Compare { op, left, right } => {
                let (left, right) = (self.expr(side, *left, at), self.expr(side, *right, at));
                let fails = self.space.forms.or([left.fails, right.fails]);
                let holds = self.compare(*op, &left.sym, &right.sym)?;
                Ok(self.bool(holds, fails))
            }
            Op::In { item, set } => {
                let item = self.expr(side, *item, at);
                let (mut any, mut fails) = (Vec::new(), vec![item.fails]);
                for one in set {
                    let one = self.expr(side, *one, at);
                    fails.push(one.fails);
                    any.push(self.compare(CompareOp::Equal, &item.sym, &one.sym)?);
                }
                let (any, fails) = (self.space.forms.or(any), self.space.forms.or(fails));
                Ok(self.bool(any, fails))
            }
            Op::Under { item, set } => self.under(side, *item, set, at),
            Op::InCodes { item, codes, under } => self.in_codes(side, *item, codes, *under, at),
            Op::InAnnex { item, annex } => self.in_annex(side, (id, *item, *annex), false, at),
            Op::UnderAnnex { item, annex } => self.in_annex(side, (id, *item, *annex), true, at),
            Op::Sum { first, rest } | Op::DurationSum { first, rest } => {
                let (mut sum, mut fails) = self.linear(side, *first, at)?;
                for (op, term) in rest {
                    let (term, failed) = self.linear(side, *term, at)?;
                    sum = if *op == AddOp::Plus { sum.add(&term)? } else { sum.sub(&term)? };
                    fails = self.space.forms.or([fails, failed]);
                }
                Ok(Val { sym: Sym::Linear(sum), fails })
            }
            Op::Product { first, rest } => {
                let (mut product, mut fails) = self.linear(side, *first, at)?;
                for (op, factor) in rest {
                    let (factor, failed) = self.linear(side, *factor, at)?;
                    fails = self.space.forms.or([fails, failed]);
                    product = match op {
                        MulOp::Times => self.space.times(&product, &factor)?,
                        MulOp::Divide => {
                            let zero = self.space.below(&factor, Comparison::Equal, &Lin::default())?;
                            fails = self.space.forms.or([fails, zero]);
                            self.space.over(&product, &factor)?
                        }
                    };
                }
                Ok(Val { sym: Sym::Linear(product), fails })
            }
            Op::Negative(inner) | Op::DurationNegative(inner) => {
                let (value, fails) = self.linear(side, *inner, at)?;
                Ok(Val { sym: Sym::Linear(value.scale(&Number::ONE.neg())?), fails })
            }
            Op::Clamp { value, side: clamp, bound } => {
                let (value, failed) = self.linear(side, *value, at)?;
                let (bound, fails) = self.linear(side, *bound, at)?;
                let fails = self.space.forms.or([failed, fails]);
                let kept = match clamp {
                    ClampSide::AtLeast => Comparison::AtLeast,
                    ClampSide::AtMost => Comparison::AtMost,
                };
                let kept = self.space.below(&value, kept, &bound)?;
                let picked = self.space.pick(self.kind(side, id), kept, &value, &bound)?;
                Ok(Val { sym: Sym::Linear(picked), fails })
            }
            Op::Compound { .. } => Err(Outside),
            Op::TopUp { value, to } => {
                let (value, failed) = self.linear(side, *value, at)?;
                let (to, fails) = self.linear(side, *to, at)?;
                let fails = self.space.forms.or([failed, fails]);
                let missing = to.sub(&value)?;
                let lacks = self.space.below(&missing, Comparison::Above, &Lin::default())?;
                let picked = self.space.pick(self.kind(side, id), lacks, &missing, &Lin::default())?;
                Ok(Val { sym: Sym::Linear(picked), fails })
            }
            Op::Round { value, mode, step } => {
                let (value, fails) = self.linear(side, *value, at)?;
                Ok(Val { sym: Sym::Linear(self.rounded(&value, *mode, step)?), fails })
            }
            Op::Shift { day, sign, wait, kind } => self.shift(side, (*day, *sign, *wait, *kind), at),
            Op::DaysBetween { later, earlier } => {
                let (later, failed) = self.linear(side, *later, at)?;
                let (earlier, fails) = self.linear(side, *earlier, at)?;
                let never = Lin::day(Day::NEVER);
                let open = self.space.below(&later, Comparison::Equal, &never)?;
                let other = self.space.below(&earlier, Comparison::Equal, &never)?;
                let fails = self.space.forms.or([failed, fails, open, other]);
                Ok(Val { sym: Sym::Linear(later.sub(&earlier)?), fails })
            }
            Op::DurationRatio { left, right } => {
                let (left, failed) = self.linear(side, *left, at)?;
                let (right, fails) = self.linear(side, *right, at)?;
                let zero = self.space.below(&right, Comparison::Equal, &Lin::default())?;
                let fails = self.space.forms.or([failed, fails, zero]);
                Ok(Val { sym: Sym::Linear(self.space.over(&left, &right)?), fails })
            }
            Op::DurationTimes { .. } => Err(Outside),
            // Of what is written.
            Op::Attribute { attribute, of } => {
                let val = self.expr(side, *of, at);
                let value = match &val.sym {
                    Sym::Linear(day) => {
                        let day = day.as_constant().and_then(super::space::day_of);
                        Value::Date(day.ok_or(Outside)?)
                    }
                    Sym::Code(Ok(code)) => Value::Code(*code),
                    _ => return Err(Outside),
                };
                let read = attribute.of(&value).map_err(|_| Outside)?;
                Ok(Val { fails: val.fails, ..self.constant(side, id, &read)? })
            }
        }
    }

    pub fn bool(&mut self, truth: Formula, fails: Formula) -> Val {
        let truth = self.space.forms.and([truth, !fails]);
        Val { sym: Sym::Bool(truth), fails }
    }

    pub fn truth(&mut self, side: usize, id: ExprId, at: &SymbolicPoint) -> Linear<(Formula, Formula)> {
        let val = self.expr(side, id, at);
        match val.sym {
            Sym::Bool(truth) => Ok((truth, val.fails)),
            _ => Err(Outside),
        }
    }

    fn linear(&mut self, side: usize, id: ExprId, at: &SymbolicPoint) -> Linear<(Lin, Formula)> {
        let val = self.expr(side, id, at);
        match val.sym {
            Sym::Linear(lin) => Ok((lin, val.fails)),
            _ => Err(Outside),
        }
    }

    fn kind(&self, side: usize, id: ExprId) -> VarSort {
        match self.policy(side).exprs.ty(id) {
            Type::Date | Type::Duration(_) => VarSort::Whole,
            _ => VarSort::Number,
        }
    }

    /// V4
    fn junction(&mut self, side: usize, list: &[ExprId], decisive: bool, at: &SymbolicPoint) -> Linear<Val> {
        let (mut holds, mut fails, mut decided) = (Vec::new(), Vec::new(), Vec::new());
        for one in list {
            let (truth, failed) = self.truth(side, *one, at)?;
            let refuted = self.space.forms.and([!truth, !failed]);
            holds.push(truth);
            fails.push(failed);
            decided.push(if decisive { truth } else { refuted });
        }
        let forms = &mut self.space.forms;
        let (any_decided, any_fails) = (forms.or(decided), forms.or(fails));
        let truth = if decisive { any_decided } else { forms.and(holds) };
        let fails = forms.and([any_fails, !any_decided]);
        Ok(Val { sym: Sym::Bool(truth), fails })
    }

    /// V4: the branch taken.
    fn choose(
        &mut self,
        side: usize,
        branches: &[(ExprId, ExprId)],
        otherwise: ExprId,
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let mut rest = Formula::TRUE;
        let (mut cases, mut fails) = (Vec::new(), Vec::new());
        for (condition, value) in branches {
            let (truth, failed) = self.truth(side, *condition, at)?;
            let value = self.expr(side, *value, at);
            let taken = self.space.forms.and([rest, truth]);
            let wrong = self.space.forms.and([rest, failed]);
            let inner = self.space.forms.and([taken, value.fails]);
            fails.extend([wrong, inner]);
            cases.push((taken, value.sym));
            rest = self.space.forms.and([rest, !truth, !failed]);
        }
        let value = self.expr(side, otherwise, at);
        fails.push(self.space.forms.and([rest, value.fails]));
        cases.push((rest, value.sym));
        let fails = self.space.forms.or(fails);
        let sym = self.one_of(&cases)?;
        Ok(Val { sym, fails })
    }

    /// Of days `never` stays `never` (V7); what leaves the calendar is an error.
    fn shift(
        &mut self,
        side: usize,
        (day, sign, wait, kind): (ExprId, AddOp, ExprId, DurationKind),
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let policy = self.policy(side);
        let (day, failed) = self.linear(side, day, at)?;
        let (wait, also) = self.linear(side, wait, at)?;
        let fails = self.space.forms.or([failed, also]);
        let wait = if sign == AddOp::Plus { wait } else { wait.scale(&Number::ONE.neg())? };
        if let (Some(start), Some(count)) = (day.as_constant(), wait.as_constant()) {
            // Constant shifts are worked out, not abstracted.
            let start = super::space::day_of(start).ok_or(Outside)?;
            let count = count.to_i64().ok_or(Outside)?;
            let shifted = match kind {
                DurationKind::Days => start.add_days(count),
                DurationKind::Months(end) => start.add_months(count, end),
                DurationKind::Business(id) => {
                    policy.calendars.get(usize::from(id.0)).ok_or(Outside)?.add(start, count)
                }
            };
            return Ok(match shifted {
                Ok(day) => Val { sym: Sym::Linear(Lin::day(day)), fails },
                Err(_) => Val { sym: Sym::Linear(Lin::day(Day::NEVER)), fails: Formula::TRUE },
            });
        }
        if kind != DurationKind::Days {
            return Err(Outside);
        }
        let never = Lin::day(Day::NEVER);
        let open = self.space.below(&day, Comparison::AtLeast, &never)?;
        let moved = day.add(&wait)?;
        let late = self.space.below(&moved, Comparison::AtLeast, &never)?;
        let early = self.space.below(&moved, Comparison::Below, &Lin::day(Day::FIRST))?;
        let shifted = self.space.pick(VarSort::Whole, open, &never, &moved)?;
        let out = self.space.forms.or([late, early]);
        let out = self.space.forms.and([!open, out]);
        let fails = self.space.forms.or([fails, out]);
        Ok(Val { sym: Sym::Linear(shifted), fails })
    }
}

static EMPTY: std::sync::OnceLock<Policy> = std::sync::OnceLock::new();
