//! How far function calls expand. Functions cannot call themselves, but a chain in which each calls the next twice still
//! doubles with every link: evaluation must end soon, not just end.

use super::Checker;
use super::errors;
use crate::policy::{Expr, ExprId, FunctionId, Id, Policy};

/// The most calls that one call may lead to, itself included.
pub(super) const MOST_CALLS: u64 = 10_000;

/// The most calls that may stand one within the other.
pub(super) const DEEPEST: u64 = 64;

/// What a call of a function leads to.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    calls: u64,
    depth: u64,
    /// Over the bound, as is whatever calls it: said once, of the first.
    over: bool,
}

impl Checker<'_> {
    /// Asked only when there are no circles. Every function is looked at after those it calls.
    pub(super) fn calls(&mut self) {
        let functions = &self.policy.functions;
        let called: Vec<Vec<FunctionId>> =
            functions.values().map(|one| called_by(&self.policy, one.value)).collect();
        let mut waiting: Vec<usize> = called.iter().map(Vec::len).collect();
        let mut callers: Vec<Vec<FunctionId>> = vec![Vec::new(); called.len()];
        for (caller, list) in functions.ids().zip(&called) {
            for callee in list {
                if let Some(list) = callers.get_mut(callee.index()) {
                    list.push(caller);
                }
            }
        }
        let mut costs = vec![Cost { calls: 1, depth: 1, over: false }; called.len()];
        let mut ready: Vec<FunctionId> =
            functions.ids().filter(|id| waiting.get(id.index()) == Some(&0)).collect();
        let mut said = Vec::new();
        while let Some(id) = ready.pop() {
            let mut cost = costs.get(id.index()).copied().unwrap_or_default();
            if !cost.over && (cost.calls > MOST_CALLS || cost.depth > DEEPEST) {
                said.push(errors::too_many_calls(&functions[id], MOST_CALLS, DEEPEST));
                cost.over = true;
            }
            for caller in callers.get(id.index()).into_iter().flatten() {
                if let Some(sum) = costs.get_mut(caller.index()) {
                    sum.calls = sum.calls.saturating_add(cost.calls);
                    sum.depth = sum.depth.max(cost.depth.saturating_add(1));
                    sum.over |= cost.over;
                }
                if let Some(left) = waiting.get_mut(caller.index()) {
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        ready.push(*caller);
                    }
                }
            }
        }
        self.said.extend(said);
    }
}

/// The functions that an expression calls, each as often as it stands there.
fn called_by(policy: &Policy, id: ExprId) -> Vec<FunctionId> {
    let mut found = Vec::new();
    visit_all(policy, id, &mut |expr| {
        if let Expr::Call { function, .. } = expr {
            found.push(*function);
        }
    });
    found
}

/// An expression and all its operands.
pub(super) fn visit_all(policy: &Policy, id: ExprId, visit: &mut impl FnMut(&Expr)) {
    visit(policy.exprs.node(id));
    policy.exprs.operands(id, |operand| visit_all(policy, operand, visit));
}
