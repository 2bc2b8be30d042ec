//! What can be prepared once for a policy and its facts.

use super::at::Named;
use crate::facts::{Facts, Slot};
use crate::outcome::Point;
use crate::policy::{
    Dated, DefineId, Expr, ExprId, Fact, FactId, Id, Outcome, OutcomeId, Policy, Rule, RuleId, Table,
};
use crate::value::{Day, Value};

pub(super) struct Plan {
    /// How deep the evaluation of each name may nest, function bodies included, other names not.
    defines: Table<DefineId, u32>,
    outcomes: Table<OutcomeId, u32>,
    /// Facts that are one value at every point.
    pub fixed: Table<FactId, Option<Value>>,
    /// For each rule the days between which it is in force, where its head writes them out (R2).
    windows: Table<RuleId, Option<Window>>,
    /// For each outcome and contender the rules above it as bits, where the outcome has at most 64 contenders.
    above: Table<OutcomeId, Vec<u64>>,
}

impl Plan {
    pub fn new(policy: &Policy, facts: &Facts) -> Plan {
        let heights = heights(policy);
        let height = |id: ExprId| heights.get(id.index()).copied().unwrap_or(0);
        Plan {
            defines: policy.defines.values().map(|define| height(define.value).saturating_add(1)).collect(),
            outcomes: policy
                .outcomes
                .values()
                .map(|outcome| outcome_height(policy, outcome, height))
                .collect(),
            fixed: fixed(policy, facts),
            windows: policy.rules.values().map(|rule| window(policy, rule)).collect(),
            above: policy.outcomes.values().map(above).collect(),
        }
    }

    pub fn use_facts(&mut self, policy: &Policy, facts: &Facts) {
        self.fixed = fixed(policy, facts);
    }

    /// Whether a rule is in force, where that is a matter of written days.
    #[inline]
    pub fn in_force(&self, rule: RuleId, point: Point) -> Option<bool> {
        let window = self.windows.try_get(rule)?.as_ref()?;
        let begun = window.from <= point.day && window.from_known <= point.known;
        let ended = window.until <= point.day && window.until_known <= point.known;
        Some(begun && !ended)
    }

    /// The rules above a contender, as bits; for outcomes of at most 64 contenders.
    #[inline]
    pub fn above_bits(&self, outcome: OutcomeId, contender: usize) -> u64 {
        self.above.try_get(outcome).and_then(|list| list.get(contender)).copied().unwrap_or(0)
    }

    /// How deep the body of a name may nest.
    #[inline]
    pub fn height_of(&self, named: Named) -> u32 {
        let height = match named {
            Named::Define(id) => self.defines.try_get(id),
            Named::Outcome(id) => self.outcomes.try_get(id),
        };
        height.copied().unwrap_or(0)
    }
}

/// R2: [`Day::FIRST`] where no beginning is written, `never` where no end is.
struct Window {
    from: Day,
    from_known: Day,
    until: Day,
    until_known: Day,
}

/// The window of a rule whose head has literals alone. `until never` never ends it: no point is on `never`.
fn window(policy: &Policy, rule: &Rule) -> Option<Window> {
    let written = |id: ExprId| match policy.exprs.node(id) {
        Expr::Const(Value::Date(day)) => Some(*day),
        _ => None,
    };
    let days = |dated: &Option<Dated>, none: Day| match dated {
        None => Some((none, Day::FIRST)),
        Some(dated) => {
            let known = match dated.known {
                Some(known) => written(known)?,
                None => Day::FIRST,
            };
            Some((written(dated.day)?, known))
        }
    };
    let (from, from_known) = days(&rule.from, Day::FIRST)?;
    let (until, until_known) = days(&rule.until, Day::NEVER)?;
    Some(Window { from, from_known, until, until_known })
}

/// How deep the rules of an outcome may nest.
fn outcome_height(policy: &Policy, outcome: &Outcome, height: impl Fn(ExprId) -> u32) -> u32 {
    let rules = outcome.contenders.iter().map(|contender| &policy.rules[contender.rule]);
    let heads = rules.clone().flat_map(|rule| rule.from.iter().chain(&rule.until));
    let days = heads.flat_map(|dated| [dated.day].into_iter().chain(dated.known));
    let branches = rules.flat_map(|rule| &rule.branches);
    let parts =
        branches.flat_map(|branch| branch.condition.into_iter().chain(branch.assigns.iter().map(|a| a.1)));
    days.chain(parts).chain(outcome.otherwise).map(height).max().unwrap_or(0).saturating_add(1)
}

/// Operands stand before what they are operands of, so one pass in order is enough; functions call only what stands
/// before them likewise, and what does not is looked at once more.
fn heights(policy: &Policy) -> Vec<u32> {
    let mut heights = vec![0u32; policy.exprs.len()];
    let count = policy.exprs.len();
    for _ in 0..=policy.functions.len() {
        let mut changed = false;
        for index in 0..count {
            let id = ExprId::from_index(index);
            let mut below = 0;
            policy.exprs.operands(id, |operand| {
                below = below.max(heights.get(operand.index()).copied().unwrap_or(0));
            });
            if let Expr::Call { function, .. } = policy.exprs.node(id) {
                let body = policy.functions[*function].value;
                below = below.max(heights.get(body.index()).copied().unwrap_or(0));
            }
            if let Some(height) = heights.get_mut(index) {
                let now = below.saturating_add(1);
                changed |= *height != now;
                *height = now;
            }
        }
        if !changed {
            break;
        }
    }
    heights
}

fn fixed(policy: &Policy, facts: &Facts) -> Table<FactId, Option<Value>> {
    let through = facts.stated_through.is_some();
    policy
        .facts
        .iter()
        .map(|(id, decl)| facts.facts.try_get(id).and_then(|slot| fixed_slot(policy, slot, decl, through)))
        .collect()
}

/// The value of a slot that says the same at every point.
pub(super) fn fixed_slot(policy: &Policy, slot: &Slot, decl: &Fact, through: bool) -> Option<Value> {
    match slot.statements.as_slice() {
        [] => match policy.exprs.node(decl.default?) {
            Expr::Const(value) if !decl.whole || is_whole(value) => Some(value.clone()),
            _ => None,
        },
        [one] if one.from == Day::FIRST && one.known == Day::FIRST && !(decl.over_time && through) => {
            one.value.single().cloned()
        }
        _ => None,
    }
}

/// M5
pub(super) fn is_whole(value: &Value) -> bool {
    !matches!(value, Value::Number(number) if !number.is_integer())
}

fn above(outcome: &crate::policy::Outcome) -> Vec<u64> {
    if outcome.contenders.len() > 64 {
        return Vec::new();
    }
    let bits = |above: &[u32]| above.iter().fold(0u64, |bits, at| bits | 1u64.checked_shl(*at).unwrap_or(0));
    outcome.contenders.iter().map(|contender| bits(&contender.above)).collect()
}
