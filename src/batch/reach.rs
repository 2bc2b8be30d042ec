//! Whether answers for one row read more of its table than that row.

use crate::policy::{
    Dated, DefineId, DutyId, EntityId, Expr, ExprId, FunctionId, Lasting, OutcomeId, Policy, PowerId, Rule,
    Type,
};
use std::collections::BTreeSet;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Outcome(OutcomeId),
    Define(DefineId),
    Function(FunctionId),
    Duty(DutyId),
    Power(PowerId),
}

/// Whether any of the outcomes for each row of the entity depends on more of its table than the row: then rows cannot be
/// worked out a few at a time.
pub fn reads_table(policy: &Policy, entity: EntityId, outcomes: &[OutcomeId]) -> bool {
    // A row may be named by a field, of another table or of its own.
    let fields = policy.entities.values().flat_map(|one| one.fields.values());
    if fields.map(|field| &field.ty).any(|ty| *ty == Type::Row(entity)) {
        return true;
    }
    let mut reach = Reach { policy, entity, seen: BTreeSet::new(), open: Vec::new() };
    outcomes.iter().for_each(|id| reach.name(Named::Outcome(*id)));
    // Defaults and conditions of its fields are asked with the row.
    let fields = policy.entities[entity].fields.values();
    let asked: Vec<ExprId> =
        fields.flat_map(|field| field.default.into_iter().chain(field.condition)).collect();
    reach.all(asked) || reach.run()
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
            if self.body(named) {
                return true;
            }
        }
        false
    }

    fn body(&mut self, named: Named) -> bool {
        let policy = self.policy;
        match named {
            Named::Define(id) => {
                let define = &policy.defines[id];
                define.block.is_some() || self.expr(define.value)
            }
            Named::Function(id) => self.expr(policy.functions[id].value),
            Named::Outcome(id) => {
                let outcome = &policy.outcomes[id];
                outcome.otherwise.is_some_and(|id| self.expr(id))
                    || outcome.contenders.iter().any(|one| {
                        let rule = &policy.rules[one.rule];
                        rule.power.is_some_and(|power| self.power(power)) || self.all(exprs(rule))
                    })
            }
            Named::Duty(id) => {
                let duty = &policy.duties[id];
                let mut all = vec![duty.performance, duty.deadline];
                all.extend(duty.condition);
                all.extend(duty.start);
                days(&duty.from, &mut all);
                days(&duty.until, &mut all);
                duty.for_each == Some(self.entity) || self.all(all)
            }
            Named::Power(id) => {
                let power = &policy.powers[id];
                let mut all: Vec<ExprId> = power.requires.iter().map(|one| one.what).collect();
                days(&power.from, &mut all);
                days(&power.until, &mut all);
                all.extend(exprs(&policy.rules[power.rule]));
                let ended: Vec<PowerId> = policy
                    .powers
                    .iter()
                    .filter(|(_, other)| other.ends.contains(&id))
                    .map(|(id, _)| id)
                    .collect();
                ended.into_iter().any(|other| self.power(other)) || self.all(all)
            }
        }
    }

    /// What was done, for each row, is a matter of more than the row.
    fn power(&mut self, id: PowerId) -> bool {
        self.name(Named::Power(id));
        self.policy.powers[id].for_each == Some(self.entity)
    }

    fn all(&mut self, list: Vec<ExprId>) -> bool {
        list.into_iter().any(|id| self.expr(id))
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
                Expr::Duty { id, .. } => self.name(Named::Duty(*id)),
                Expr::Power { id, .. } | Expr::Act { id, .. } if self.power(*id) => return true,
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

fn days(dated: &Option<Dated>, all: &mut Vec<ExprId>) {
    all.extend(dated.iter().flat_map(|it| std::iter::once(it.day).chain(it.known)));
}

fn exprs(rule: &Rule) -> Vec<ExprId> {
    let mut all = Vec::new();
    days(&rule.from, &mut all);
    days(&rule.until, &mut all);
    for branch in &rule.branches {
        all.extend(branch.condition);
        all.extend(branch.assigns.iter().map(|(_, value)| *value));
    }
    all.extend(rule.lasting.map(Lasting::expr));
    all
}
