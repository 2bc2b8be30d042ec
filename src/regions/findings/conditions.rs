//! Conditions that come to the same for all facts, and parts of conditions without which the whole would be the same.

use super::ask::{Ask, May};
use super::{Finding, Open, What, Why};
use crate::policy::{Expr, ExprId, Op, Policy, Rule, Sort};
use crate::regions::exprs::SymbolicPoint;
use crate::regions::values::{Sym, Val, truth_of};
use crate::solve::Formula;
use crate::value::Value;
use std::collections::BTreeSet;

/// Conditions under more names than this are left alone.
const DEEPEST: u32 = 60;

/// More idle parts than this of one condition are not named.
const MOST: usize = 25;

/// A condition, read; with the parts of an `and` or `or`.
pub(super) struct Condition {
    pub id: ExprId,
    truth: Formula,
    fails: Formula,
    parts: Vec<Condition>,
    /// Of an `or`: one part is enough.
    any: bool,
}

/// The conditions of a rule, and those inside its values.
pub(super) fn of_rule(
    ask: &mut Ask<'_>,
    rule: &Rule,
    seen: &mut BTreeSet<ExprId>,
    found: &mut Vec<Condition>,
) {
    for branch in &rule.branches {
        if let Some(condition) = branch.condition {
            whole(ask, condition, seen, found);
        }
        for (_, value) in &branch.assigns {
            of_value(ask, *value, seen, found);
        }
    }
}

/// The conditions on which a value depends.
pub(super) fn of_value(
    ask: &mut Ask<'_>,
    value: ExprId,
    seen: &mut BTreeSet<ExprId>,
    found: &mut Vec<Condition>,
) {
    let at = ask.at.clone();
    inside(ask, value, &at, seen, found);
}

fn whole(ask: &mut Ask<'_>, id: ExprId, seen: &mut BTreeSet<ExprId>, found: &mut Vec<Condition>) {
    let at = ask.at.clone();
    if seen.insert(id) {
        found.extend(read(ask, id, &at));
        inside(ask, id, &at, seen, found);
    }
}

/// What is looked at in another frame or on another day than the point's is left alone.
fn inside(
    ask: &mut Ask<'_>,
    id: ExprId,
    at: &SymbolicPoint,
    seen: &mut BTreeSet<ExprId>,
    found: &mut Vec<Condition>,
) {
    let policy = ask.policy;
    match policy.exprs.node(id) {
        Expr::Define { id: define, row } => {
            let own = row.is_some_and(|row| ask.reader.expr(0, row, at).sym == Sym::Own);
            let value = policy.defines[*define].value;
            if (row.is_none() || own) && ask.depth < DEEPEST && seen.insert(value) {
                let frame = if own { vec![Val::of(Sym::Own)] } else { Vec::new() };
                let at = SymbolicPoint { frame, ..at.clone() };
                found.extend(read(ask, value, &at));
                ask.depth += 1;
                inside(ask, value, &at, seen, found);
                ask.depth -= 1;
            }
        }
        Expr::If { branches, otherwise } => {
            for (condition, value) in branches {
                if seen.insert(*condition) {
                    found.extend(read(ask, *condition, at));
                }
                inside(ask, *condition, at, seen, found);
                inside(ask, *value, at, seen, found);
            }
            inside(ask, *otherwise, at, seen, found);
        }
        Expr::Running(_) | Expr::Outcome { .. } => {}
        node if matches!(node.sort(), Sort::Pure | Sort::Named) => {
            policy.exprs.parts(id).into_iter().for_each(|part| inside(ask, part, at, seen, found));
        }
        _ => {}
    }
}

fn read(ask: &mut Ask<'_>, id: ExprId, at: &SymbolicPoint) -> Option<Condition> {
    let policy = ask.policy;
    if *policy.exprs.ty(id) != crate::policy::Type::Bool || switched(policy, id).is_some() {
        return None;
    }
    let (truth, fails) = ask.reader.truth(0, id, at).ok()?;
    let (list, any) = match policy.exprs.node(id) {
        Expr::And(list) => (&list[..], false),
        Expr::Or(list) => (&list[..], true),
        _ => (&[][..], false),
    };
    let parts = list.iter().filter_map(|part| read(ask, *part, at)).collect();
    Some(Condition { id, truth, fails, parts, any })
}

/// What a condition comes to by a `true` or `false` that is written out, perhaps under a name: a switch that the drafter has
/// set, and knows of.
pub(super) fn switched(policy: &Policy, id: ExprId) -> Option<bool> {
    switched_in(policy, id, 8)
}

/// Names are followed so far.
fn switched_in(policy: &Policy, id: ExprId, names: u32) -> Option<bool> {
    match policy.exprs.node(id) {
        Expr::Const(Value::Bool(is)) => Some(*is),
        Expr::Op(Op::Not(inner)) => switched_in(policy, *inner, names).map(|is| !is),
        Expr::Define { id, .. } => switched_in(policy, policy.defines[*id].value, names.checked_sub(1)?),
        Expr::And(list) => {
            let parts: Vec<Option<bool>> =
                list.iter().map(|part| switched_in(policy, *part, names)).collect();
            if parts.contains(&Some(false)) {
                Some(false)
            } else {
                parts.iter().all(Option::is_some).then_some(true)
            }
        }
        Expr::Or(list) => {
            let parts: Vec<Option<bool>> =
                list.iter().map(|part| switched_in(policy, *part, names)).collect();
            if parts.contains(&Some(true)) {
                Some(true)
            } else {
                parts.iter().all(Option::is_some).then_some(false)
            }
        }
        _ => None,
    }
}

/// A day that is written out as `never`, perhaps under a name.
pub(super) fn is_never(policy: &Policy, mut id: ExprId) -> bool {
    while let Expr::Define { id: define, .. } = policy.exprs.node(id) {
        id = policy.defines[*define].value;
    }
    matches!(policy.exprs.node(id), Expr::Const(Value::Date(day)) if day.is_never())
}

/// Whether an annex has a part in it: what its rows say today is no reason to strike what guards against another row.
pub(super) fn reads_annex(policy: &Policy, id: ExprId) -> bool {
    let (mut open, mut seen) = (vec![id], BTreeSet::new());
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match policy.exprs.node(id) {
            Expr::Op(Op::InAnnex { .. }) | Expr::Op(Op::UnderAnnex { .. }) | Expr::Lookup { .. } => {
                return true;
            }
            Expr::Define { id, .. } => open.push(policy.defines[*id].value),
            _ => policy.exprs.operands(id, |operand| open.push(operand)),
        }
    }
    false
}

/// Asks about conditions.
pub(super) fn ask_all(ask: &mut Ask<'_>, list: &[Condition], found: &mut Vec<Finding>) {
    for one in list {
        settled(ask, one, found);
    }
}

/// Whether it, or a part of it, never varies: the smallest such part is named.
fn settled(ask: &mut Ask<'_>, one: &Condition, found: &mut Vec<Finding>) -> bool {
    let mut inner = false;
    for part in &one.parts {
        inner |= settled(ask, part, found);
    }
    if inner {
        return true;
    }
    if reads_annex(ask.policy, one.id) {
        return false;
    }
    let open = || Open::Condition(one.id);
    let is = if ask.never(&[one.truth], open) {
        // That it fails wherever it is not false is another matter.
        if matches!(ask.may(&[!one.fails]), May::Never) { None } else { Some(false) }
    } else if ask.never(&[!one.truth], open) {
        Some(true)
    } else {
        None
    };
    if let Some(is) = is {
        found.push(Finding { what: What::Settled { condition: one.id, is }, case: None });
        return true;
    }
    idle(ask, one, found);
    false
}

/// Parts that can go, one after the other.
fn idle(ask: &mut Ask<'_>, one: &Condition, found: &mut Vec<Finding>) {
    if one.parts.len() < 2 {
        return;
    }
    // What all parts from a place on come to together.
    let mut after = vec![Junction::none(one.any)];
    for part in one.parts.iter().rev() {
        let last = after.last().copied().unwrap_or(Junction::none(one.any));
        let part = Junction::of(ask, part, one.any);
        after.push(last.with(ask, part, one.any));
    }
    after.reverse();
    let mut before = Junction::none(one.any);
    let (mut kept, mut told) = (0usize, 0usize);
    for (part, rest) in one.parts.iter().zip(after.iter().skip(1)) {
        let others = before.with(ask, *rest, one.any);
        let (truth, fails) = others.verdict(ask, one.any);
        let forms = &mut ask.solver.formulas;
        let same_truth = forms.same(truth, one.truth);
        let same_fails = forms.same(fails, one.fails);
        let differs = !forms.and([same_truth, same_fails]);
        let is_last = std::ptr::eq(part, one.parts.last().unwrap_or(part)) && kept == 0;
        if !is_last && ask.never(&[differs], || Open::Condition(one.id)) {
            told = told.saturating_add(1);
            if told > MOST {
                return ask.leave(Open::Condition(one.id), Why::Many);
            }
            found.push(Finding { what: What::Idle { part: part.id, whole: one.id }, case: None });
        } else {
            kept = kept.saturating_add(1);
            let part = Junction::of(ask, part, one.any);
            before = before.with(ask, part, one.any);
        }
    }
}

/// Some parts of an `and` or `or` together (V4): whether all hold, or one does; whether one fails; whether one decides.
#[derive(Clone, Copy)]
struct Junction {
    holds: Formula,
    fails: Formula,
    decided: Formula,
}

impl Junction {
    fn none(any: bool) -> Junction {
        Junction { holds: truth_of(!any), fails: Formula::FALSE, decided: Formula::FALSE }
    }

    fn of(ask: &mut Ask<'_>, part: &Condition, any: bool) -> Junction {
        let refuted = ask.solver.formulas.and([!part.truth, !part.fails]);
        Junction { holds: part.truth, fails: part.fails, decided: if any { part.truth } else { refuted } }
    }

    fn with(self, ask: &mut Ask<'_>, other: Junction, any: bool) -> Junction {
        let forms = &mut ask.solver.formulas;
        let holds = [self.holds, other.holds];
        Junction {
            holds: if any { forms.or(holds) } else { forms.and(holds) },
            fails: forms.or([self.fails, other.fails]),
            decided: forms.or([self.decided, other.decided]),
        }
    }

    fn verdict(self, ask: &mut Ask<'_>, any: bool) -> (Formula, Formula) {
        let truth = if any { self.decided } else { self.holds };
        (truth, ask.solver.formulas.and([self.fails, !self.decided]))
    }
}
