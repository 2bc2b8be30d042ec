//! What can be prepared once, for a policy and for its facts.

use crate::facts::{Facts, Slot};
use crate::policy::deps::Node;
use crate::policy::readers::Readers;
use crate::policy::{
    DefineId, DutyId, Expr, ExprId, Fact, FactId, Fold, FoldId, Id, OutcomeId, Policy, PowerId, Table,
};
use crate::run::frame::ready::Contest;
use crate::run::frame::{NO_ROW, Named};
use crate::steps;
use crate::value::{Day, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

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
    pub(crate) blocks: Table<FoldId, Vec<DefineId>>,
    /// Whether the dates of the rows are the same on every day.
    pub(crate) steady: Table<FoldId, bool>,
    /// The rules of each outcome.
    pub(crate) contests: Table<OutcomeId, Contest>,
    /// Asked for only where conditions are given truth values.
    pub(crate) readers: OnceLock<Readers>,
}

impl Prepared {
    pub fn new(policy: &Policy) -> Prepared {
        let heights = heights(policy);
        let height = |id: ExprId| heights.get(id.index()).copied().unwrap_or(0);
        let of =
            |node: Node| policy.exprs_of(node).into_iter().map(height).max().unwrap_or(0).saturating_add(1);
        Prepared {
            defines: policy.defines.ids().map(|id| of(Node::Define(id))).collect(),
            outcomes: policy.outcomes.ids().map(|id| of(Node::Outcome(id))).collect(),
            duties: policy.duties.ids().map(|id| of(Node::Duty(id))).collect(),
            powers: policy
                .powers
                .iter()
                .map(|(id, power)| {
                    let lasting = policy.rules[power.rule].lasting.map(|lasting| height(lasting.expr()));
                    of(Node::Acts(id)).max(lasting.unwrap_or(0).saturating_add(1))
                })
                .collect(),
            facts: policy.facts.ids().map(|id| of(Node::Fact(id))).collect(),
            folds: policy.folds.ids().map(|id| of(Node::Running(id))).collect(),
            blocks: policy.folds.iter().map(|(id, fold)| block(policy, id, fold)).collect(),
            steady: steady(policy),
            contests: policy.outcomes.values().map(|outcome| Contest::new(policy, outcome)).collect(),
            readers: OnceLock::new(),
        }
    }
}

/// What is prepared once for a policy and its facts.
pub(crate) struct EvaluationPlan<'a> {
    pub prepared: Arc<Prepared>,
    /// The acts of each power and row, in order of their days.
    pub acts: Arc<BTreeMap<(PowerId, u32), Vec<u32>>>,
    /// Facts that are one value at every point.
    pub fixed: Table<FactId, Option<&'a Value>>,
}

impl<'a> EvaluationPlan<'a> {
    pub fn new(policy: &'a Policy, facts: &'a Facts, prepared: Arc<Prepared>) -> EvaluationPlan<'a> {
        EvaluationPlan { prepared, acts: acts(facts), fixed: fixed(policy, facts) }
    }

    /// For facts with the same acts.
    pub fn on_other_facts<'b>(&self, policy: &'b Policy, facts: &'b Facts) -> EvaluationPlan<'b> {
        EvaluationPlan {
            prepared: self.prepared.clone(),
            acts: self.acts.clone(),
            fixed: fixed(policy, facts),
        }
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
    policy.folds.values().map(|fold| !days.node(Node::Rows(fold.entity))).collect()
}

fn block(policy: &Policy, id: FoldId, fold: &Fold) -> Vec<DefineId> {
    let mut wanted = BTreeSet::new();
    let want = |value: ExprId, wanted: &mut BTreeSet<DefineId>| {
        wanted.extend(policy.reads_of_row(value).into_iter().filter_map(|edge| match edge.node {
            Node::Define(read) => policy.defines[read].block.filter(|(of, _)| *of == id).map(|_| read),
            _ => None,
        }));
    };
    want(fold.next, &mut wanted);
    for define in fold.defines.iter().rev() {
        if wanted.contains(define) {
            want(policy.defines[*define].value, &mut wanted);
        }
    }
    fold.defines.iter().copied().filter(|define| wanted.contains(define)).collect()
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
pub(crate) fn always(slot: &Slot, ends: bool) -> Option<&Value> {
    match slot.statements.as_slice() {
        [one] if one.from == Day::FIRST && one.known == Day::FIRST && !ends => one.value.single(),
        _ => None,
    }
}

/// M5
pub(crate) fn is_whole(value: &Value) -> bool {
    !matches!(value, Value::Number(number) if !number.is_integer())
}
