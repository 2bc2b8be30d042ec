//! A policy without some of its clauses, as if they had never been in force.

use super::{Dated, DutyId, Expr, ExprId, Policy, PowerId, RuleId, Type};
use crate::text::Span;
use crate::value::{Day, Value};

/// What can be struck out of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provision {
    Rule(RuleId),
    Duty(DutyId),
    Power(PowerId),
}

impl Policy {
    /// Rules and powers begin on `never`, and duties are not owed. What stands above what stays as it is.
    pub fn without(&self, clauses: &[Provision]) -> Policy {
        let mut policy = self.clone();
        for clause in clauses {
            match *clause {
                Provision::Rule(id) => {
                    let never = policy.never(self.rules[id].name_span);
                    policy.rules[id].from = never;
                }
                Provision::Power(id) => {
                    let never = policy.never(self.powers[id].name_span);
                    policy.powers[id].from = never.clone();
                    policy.rules[self.powers[id].rule].from = never;
                }
                Provision::Duty(id) => {
                    let not_owed = policy.constant(Value::Bool(false), Type::Bool, self.duties[id].name_span);
                    policy.duties[id].condition = Some(not_owed);
                }
            }
        }
        policy
    }

    fn never(&mut self, span: Span) -> Option<Dated> {
        let day = self.constant(Value::Date(Day::NEVER), Type::Date, span);
        Some(Dated { day, known: None })
    }

    fn constant(&mut self, value: Value, ty: Type, span: Span) -> ExprId {
        self.exprs.push(Expr::Const(value), ty, span)
    }

    /// The clauses of a name: a rule with all its versions, a duty or a power.
    pub fn provisions_named(&self, name: &str) -> Vec<Provision> {
        let rules = self.rules.iter().filter(|(_, rule)| rule.power.is_none() && rule.shown == name);
        let duties = self.duties.iter().filter(|(_, duty)| duty.name == name);
        let powers = self.powers.iter().filter(|(_, power)| power.name == name);
        let rules = rules.map(|(id, _)| Provision::Rule(id));
        rules
            .chain(duties.map(|(id, _)| Provision::Duty(id)))
            .chain(powers.map(|(id, _)| Provision::Power(id)))
            .collect()
    }

    /// `rule ceiling`
    pub fn provision_said(&self, clause: Provision) -> String {
        match clause {
            Provision::Rule(id) => format!("rule `{}`", self.rules[id].shown),
            Provision::Duty(id) => format!("obligation `{}`", self.duties[id].name),
            Provision::Power(id) => format!("power `{}`", self.powers[id].name),
        }
    }
}
