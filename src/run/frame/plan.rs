//! What can be prepared once, for a policy and for its facts.

use crate::facts::{Facts, Slot};
use crate::policy::deps::window;
use crate::policy::{
    DefineId, Duty, DutyId, Expr, ExprId, Fact, FactId, Fold, FoldId, Id, Outcome, OutcomeId, Policy, Power,
    PowerId, Table,
};
use crate::run::frame::ready::Contest;
use crate::run::frame::{NO_ROW, Named};
use crate::steps;
use crate::value::{Day, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is prepared once for a policy, whatever the facts.
#[derive(Debug)]
pub struct Prepared {
    /// How deep the evaluation of each name may nest, function bodies included, other names not.
    defines: Table<DefineId, u32>,
    outcomes: Table<OutcomeId, u32>,
    duties: Table<DutyId, u32>,
    powers: Table<PowerId, u32>,
    folds: Table<FoldId, u32>,
    /// Of what stands in place of a fact that is not stated.
    facts: Table<FactId, u32>,
    /// The defines of a block that its assignment reads, each after those it reads.
    pub(in crate::run) blocks: Table<FoldId, Vec<DefineId>>,
    /// Whether the dates of the rows are the same on every day.
    pub(in crate::run) steady: Table<FoldId, bool>,
    /// The rules of each outcome.
    pub(in crate::run) contests: Table<OutcomeId, Contest>,
}

impl Prepared {
    pub fn new(policy: &Policy) -> Prepared {
        let heights = heights(policy);
        let height = |id: ExprId| heights.get(id.index()).copied().unwrap_or(0);
        Prepared {
            defines: policy.defines.values().map(|define| height(define.value).saturating_add(1)).collect(),
            outcomes: policy
                .outcomes
                .values()
                .map(|outcome| outcome_height(policy, outcome, height))
                .collect(),
            duties: policy.duties.values().map(|duty| duty_height(duty, height)).collect(),
            powers: policy.powers.values().map(|power| power_height(policy, power, height)).collect(),
            facts: policy.facts.values().map(|fact| default_height(fact, height)).collect(),
            folds: policy.folds.values().map(|fold| fold_height(policy, fold, height)).collect(),
            blocks: policy.folds.iter().map(|(id, fold)| block(policy, id, fold)).collect(),
            steady: steady(policy),
            contests: policy.outcomes.values().map(|outcome| Contest::new(policy, outcome)).collect(),
        }
    }
}

/// What is prepared once for a policy and its facts.
pub(in crate::run) struct Plan<'a> {
    pub prepared: Arc<Prepared>,
    /// The acts of each power and row, in order of their days.
    pub acts: Arc<BTreeMap<(PowerId, u32), Vec<u32>>>,
    /// Facts that are one value at every point.
    pub fixed: Table<FactId, Option<&'a Value>>,
}

impl<'a> Plan<'a> {
    pub fn new(policy: &'a Policy, facts: &'a Facts, prepared: Arc<Prepared>) -> Plan<'a> {
        Plan { prepared, acts: acts(facts), fixed: fixed(policy, facts) }
    }

    /// For facts with the same acts.
    pub fn on_other_facts<'b>(&self, policy: &'b Policy, facts: &'b Facts) -> Plan<'b> {
        Plan { prepared: self.prepared.clone(), acts: self.acts.clone(), fixed: fixed(policy, facts) }
    }

    pub fn use_facts(&mut self, policy: &'a Policy, facts: &'a Facts) {
        self.fixed = fixed(policy, facts);
        self.acts = acts(facts);
    }

    pub fn height_of_duty(&self, id: DutyId) -> u32 {
        self.prepared.duties.try_get(id).copied().unwrap_or(0)
    }

    /// Of judging an act.
    pub fn height_of_power(&self, id: PowerId) -> u32 {
        self.prepared.powers.try_get(id).copied().unwrap_or(0)
    }

    /// How deep the body of a name may nest.
    #[inline]
    pub fn height_of(&self, named: Named) -> u32 {
        let height = match named {
            Named::Define(id) => self.prepared.defines.try_get(id),
            Named::Outcome(id) => self.prepared.outcomes.try_get(id),
            Named::Running(id) => self.prepared.folds.try_get(id),
            Named::Default(id) => self.prepared.facts.try_get(id),
        };
        height.copied().unwrap_or(0)
    }
}

fn acts(facts: &Facts) -> Arc<BTreeMap<(PowerId, u32), Vec<u32>>> {
    let mut acts: BTreeMap<(PowerId, u32), Vec<u32>> = BTreeMap::new();
    for (place, act) in (0u32..).zip(&facts.acts) {
        acts.entry((act.power, act.row.unwrap_or(NO_ROW))).or_default().push(place);
    }
    Arc::new(acts)
}

fn duty_height(duty: &Duty, height: impl Fn(ExprId) -> u32) -> u32 {
    let days = window(&duty.from, &duty.until);
    let parts = [duty.performance, duty.deadline].into_iter().chain(duty.condition).chain(duty.start);
    days.chain(parts).map(height).max().unwrap_or(0).saturating_add(1)
}

fn power_height(policy: &Policy, power: &Power, height: impl Fn(ExprId) -> u32) -> u32 {
    let rule = &policy.rules[power.rule];
    let days = window(&rule.from, &rule.until);
    let lasting = rule.lasting.map(|lasting| lasting.expr());
    let parts = power.requires.iter().map(|one| one.what).chain(lasting);
    days.chain(parts).map(height).max().unwrap_or(0).saturating_add(1)
}

fn default_height(fact: &Fact, height: impl Fn(ExprId) -> u32) -> u32 {
    fact.default.map_or(0, height).saturating_add(1)
}

/// How deep the block of a running total may nest.
fn fold_height(policy: &Policy, fold: &Fold, height: impl Fn(ExprId) -> u32) -> u32 {
    let defines = fold.defines.iter().map(|id| policy.defines[*id].value);
    let all = fold.keys.iter().chain(&fold.per).copied().chain(defines).chain([fold.starting, fold.next]);
    all.map(height).max().unwrap_or(0).saturating_add(1)
}

/// A default may read what changes from day to day.
fn steady(policy: &Policy) -> Table<FoldId, bool> {
    let dated_by_default = |fold: &Fold| {
        let entity = &policy.entities[fold.entity];
        let dates = [entity.dated, entity.known].into_iter().flatten();
        dates.filter(|field| entity.fields[*field].default.is_some()).count() > 0
    };
    if !policy.folds.values().any(dated_by_default) {
        return policy.folds.values().map(|_| true).collect();
    }
    let days = crate::run::depends_on_day(policy, None);
    policy.folds.values().map(|fold| !days.dates_of(fold.entity)).collect()
}

fn block(policy: &Policy, id: FoldId, fold: &Fold) -> Vec<DefineId> {
    let mut wanted = vec![false; fold.defines.len()];
    let want = |value: ExprId, wanted: &mut Vec<bool>| {
        let mut below = vec![value];
        while let Some(expr) = below.pop() {
            if let Expr::Define { id: define, .. } = policy.exprs.node(expr)
                && let Some((of, place)) = policy.defines[*define].block
                && of == id
                && let Some(wanted) = wanted.get_mut(place as usize)
            {
                *wanted = true;
            }
            policy.exprs.operands(expr, |operand| below.push(operand));
        }
    };
    want(fold.next, &mut wanted);
    for (place, define) in fold.defines.iter().enumerate().rev() {
        if wanted.get(place) == Some(&true) {
            want(policy.defines[*define].value, &mut wanted);
        }
    }
    fold.defines.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(define, _)| *define).collect()
}

/// How deep the rules of an outcome may nest.
fn outcome_height(policy: &Policy, outcome: &Outcome, height: impl Fn(ExprId) -> u32) -> u32 {
    let rules = outcome.contenders.iter().flat_map(|contender| policy.remembered_with(contender.rule));
    let exprs = rules.flat_map(|rule| policy.rules[rule].exprs().collect::<Vec<_>>());
    exprs.chain(outcome.otherwise).map(height).max().unwrap_or(0).saturating_add(1)
}

/// Each expression after its operands, and after the body of the function it calls.
fn heights(policy: &Policy) -> Vec<u32> {
    let mut heights = vec![0u32; policy.exprs.len()];
    for root in policy.exprs.ids() {
        let mut waiting = vec![root];
        while let Some(id) = waiting.last().copied() {
            steps::step();
            let (mut below, count) = (0, waiting.len());
            let mut part = |part: ExprId| match heights.get(part.index()).copied().unwrap_or(0) {
                0 => waiting.push(part),
                height => below = below.max(height),
            };
            policy.exprs.operands(id, &mut part);
            if let Expr::Call { function, .. } = policy.exprs.node(id) {
                part(policy.functions[*function].value);
            }
            if waiting.len() == count {
                waiting.pop();
                if let Some(height) = heights.get_mut(id.index()) {
                    *height = below.saturating_add(1);
                }
            }
        }
    }
    heights
}

fn fixed<'a>(policy: &'a Policy, facts: &'a Facts) -> Table<FactId, Option<&'a Value>> {
    let through = facts.stated_through.is_some();
    policy
        .facts
        .iter()
        .map(|(id, decl)| facts.facts.try_get(id).and_then(|slot| fixed_slot(policy, slot, decl, through)))
        .collect()
}

/// The value of a slot that says the same at every point.
fn fixed_slot<'a>(policy: &'a Policy, slot: &'a Slot, decl: &'a Fact, through: bool) -> Option<&'a Value> {
    match slot.statements.as_slice() {
        [] if decl.over_time && through => None,
        [] => match policy.exprs.node(decl.default?) {
            Expr::Const(value) if !decl.whole || is_whole(value) => Some(value),
            _ => None,
        },
        _ => always(slot, decl.over_time && through),
    }
}

/// What is stated once, for always; `ends`: not after `stated through`.
#[inline]
pub(in crate::run) fn always(slot: &Slot, ends: bool) -> Option<&Value> {
    match slot.statements.as_slice() {
        [one] if one.from == Day::FIRST && one.known == Day::FIRST && !ends => one.value.single(),
        _ => None,
    }
}

/// M5
pub(in crate::run) fn is_whole(value: &Value) -> bool {
    !matches!(value, Value::Number(number) if !number.is_integer())
}
