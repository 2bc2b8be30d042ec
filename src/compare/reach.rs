//! Whether answers for one row read other rows of its table: then rows cannot be worked out a few at a time.

use crate::policy::{Dated, DefineId, EntityId, Expr, ExprId, FunctionId, OutcomeId, Policy, Rule, Type};
use std::collections::BTreeSet;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Outcome(OutcomeId),
    Define(DefineId),
    Function(FunctionId),
}

/// Whether any of the outcomes, for a row of the entity, depends on more of its table than that row.
pub(super) fn reads_table(policy: &Policy, entity: EntityId, outcomes: &[OutcomeId]) -> bool {
    // A row may be named by a field of another, or of its own table.
    let names_rows = |ty: &Type| *ty == Type::Row(entity);
    let fields = policy.entities.values().flat_map(|one| one.fields.values());
    if fields.map(|field| &field.ty).any(names_rows) {
        return true;
    }
    let mut reach = Reach { policy, entity, seen: BTreeSet::new(), open: Vec::new() };
    outcomes.iter().for_each(|id| reach.name(Named::Outcome(*id)));
    // Defaults and conditions of its fields are asked with the row.
    let fields = policy.entities[entity].fields.values();
    let exprs: Vec<ExprId> =
        fields.flat_map(|field| field.default.into_iter().chain(field.condition)).collect();
    exprs.into_iter().any(|id| reach.expr(id)) || reach.run()
}

struct Reach<'a> {
    policy: &'a Policy,
    entity: EntityId,
    seen: BTreeSet<Named>,
    open: Vec<Named>,
}

impl Reach<'_> {
    fn name(&mut self, named: Named) {
        if self.seen.insert(named) {
            self.open.push(named);
        }
    }

    fn run(&mut self) -> bool {
        while let Some(named) = self.open.pop() {
            let found = match named {
                Named::Define(id) => {
                    let define = &self.policy.defines[id];
                    define.block.is_some() || self.expr(define.value)
                }
                Named::Function(id) => self.expr(self.policy.functions[id].value),
                Named::Outcome(id) => {
                    let policy = self.policy;
                    let outcome = &policy.outcomes[id];
                    let rules = outcome.contenders.iter().map(|contender| &policy.rules[contender.rule]);
                    let exprs: Vec<ExprId> =
                        outcome.otherwise.into_iter().chain(rules.flat_map(exprs)).collect();
                    // The effect of a power stands by its acts, and these by what the power requires.
                    let by_act = outcome.contenders.iter().any(|one| policy.rules[one.rule].power.is_some());
                    by_act || exprs.into_iter().any(|id| self.expr(id))
                }
            };
            if found {
                return true;
            }
        }
        false
    }

    /// Whether more than one row is read here; what is named is noted.
    fn expr(&mut self, id: ExprId) -> bool {
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            match self.policy.exprs.node(id) {
                Expr::Aggregate { entity, .. } | Expr::RowByKey { entity, .. } if *entity == self.entity => {
                    return true;
                }
                // Rows go one after the other.
                Expr::Running(_) => return true,
                // What was done or left undone, perhaps row by row.
                Expr::Duty { .. } | Expr::Power { .. } | Expr::Act { .. } => return true,
                Expr::Define { id, .. } => self.name(Named::Define(*id)),
                Expr::Outcome { id, .. } => self.name(Named::Outcome(*id)),
                Expr::Call { function, .. } => self.name(Named::Function(*function)),
                _ => {}
            }
            self.policy.exprs.operands(id, |operand| stack.push(operand));
        }
        false
    }
}

fn exprs(rule: &Rule) -> Vec<ExprId> {
    let mut all = Vec::new();
    let mut dated =
        |it: &Option<Dated>| all.extend(it.iter().flat_map(|it| std::iter::once(it.day).chain(it.known)));
    dated(&rule.from);
    dated(&rule.until);
    for branch in &rule.branches {
        all.extend(branch.condition);
        all.extend(branch.assigns.iter().map(|(_, value)| *value));
    }
    all.extend(rule.lasting.map(crate::policy::Lasting::expr));
    all
}
