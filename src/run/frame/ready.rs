//! The rules of an outcome side by side, made ready for the walk at points.

use crate::policy::{Contender, Dated, Expr, ExprId, Outcome, Policy, Rule, RuleId};
use crate::value::{Day, Value};

/// What is needed of the rules of one outcome, in the order of its contenders.
#[derive(Debug)]
pub(crate) struct Contest {
    pub rules: Vec<Ready>,
    /// Some rule has a memory or is the effect of a power: such are looked at by the walk over sets only.
    pub remembers: bool,
    branches: Vec<ReadyBranch>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready {
    pub rule: RuleId,
    pub window: Window,
    /// The contenders above it as bits, where the outcome has at most 64.
    pub above: u64,
    /// Which of the branches are its own, up to the last that assigns the outcome.
    pub first: u32,
    pub end: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadyBranch {
    pub condition: Option<ExprId>,
    /// None: it does not assign this outcome.
    pub value: Option<ExprId>,
}

/// From when to when a rule is in force (R2).
#[derive(Clone, Copy, Debug)]
pub(crate) enum Window {
    /// In force from the first day, as far as known from the second, until the third, if that is known from the fourth.
    Fixed { from: Day, from_known: Day, until: Day, until_known: Day },
    /// Its days have to be worked out.
    Open,
}

fn window(policy: &Policy, rule: &Rule) -> Window {
    let day = |expr: ExprId| match policy.exprs.node(expr) {
        Expr::Const(Value::Date(day)) => Some(*day),
        _ => None,
    };
    let ends = |dated: &Option<Dated>, missing: Day| match dated {
        Some(dated) => Some((day(dated.day)?, dated.known.map_or(Some(Day::FIRST), day)?)),
        None => Some((missing, Day::FIRST)),
    };
    match (ends(&rule.from, Day::FIRST), ends(&rule.until, Day::NEVER)) {
        (Some((from, from_known)), Some((until, until_known))) => {
            Window::Fixed { from, from_known, until, until_known }
        }
        _ => Window::Open,
    }
}

impl Contest {
    pub fn new(policy: &Policy, outcome: &Outcome) -> Contest {
        let mut branches = Vec::new();
        let few = outcome.contenders.len() <= 64;
        let mut ready = |contender: &Contender| {
            let rule = &policy.rules[contender.rule];
            let first = u32::try_from(branches.len()).unwrap_or(u32::MAX);
            let last = contender.clauses.last().map_or(0, |clause| clause.branch);
            branches.extend(rule.branches.iter().zip(0..=last).map(|(branch, index)| {
                let clause = contender.clauses.iter().find(|clause| clause.branch == index);
                ReadyBranch { condition: branch.condition, value: clause.map(|clause| clause.value) }
            }));
            let end = u32::try_from(branches.len()).unwrap_or(u32::MAX);
            let bit = |at: u32| 1u64.checked_shl(at).unwrap_or(0);
            let above = if few { contender.above.iter().map(bit).fold(0, |bits, bit| bits | bit) } else { 0 };
            Ready { rule: contender.rule, window: window(policy, rule), above, first, end }
        };
        let rules = outcome.contenders.iter().map(&mut ready).collect();
        let special = |contender: &Contender| {
            let rule = &policy.rules[contender.rule];
            rule.lasting.is_some() || rule.power.is_some()
        };
        Contest { rules, remembers: outcome.contenders.iter().any(special), branches }
    }

    #[inline]
    pub fn branch(&self, at: u32) -> Option<ReadyBranch> {
        self.branches.get(at as usize).copied()
    }
}
