//! Second pass: what the declarations say.

use super::declare::Shell;
use super::errors;
use super::names::Symbol;
use super::scope::Scope;
use super::{Checker, Placed};
use crate::policy::{self, DefineId, EntityId, ExprId, Type};
use crate::tree::{self, Decl};

impl Checker<'_> {
    pub(super) fn bodies(&mut self, items: &[Placed], shells: &[Shell]) {
        self.infer(items, shells);
        for (placed, shell) in items.iter().zip(shells) {
            match (&placed.item.kind, *shell) {
                (Decl::Fact(fact), Shell::Fact(id)) => {
                    let ty = self.policy.facts[id].ty.clone();
                    let (default, condition) = self.fact_body(fact, &ty, Scope::empty());
                    self.policy.facts[id].default = default;
                    self.policy.facts[id].condition = condition;
                }
                (Decl::Entity(entity), Shell::Entity(id)) => self.field_bodies(id, entity),
                (Decl::Define(define), Shell::Define(id)) if !self.inferred.contains(&id) => {
                    self.define_body(id, define);
                }
                (Decl::Running(running), Shell::Fold(id)) => self.fold_body(id, running),
                (Decl::Function(function), Shell::Function(id)) => {
                    let (params, ty) =
                        (self.policy.functions[id].params.clone(), self.policy.functions[id].ty.clone());
                    let mut scope = Scope::params(&params);
                    if let Some(value) = self.typed(&mut scope, &function.value, &ty) {
                        self.policy.functions[id].value = value;
                    }
                }
                (Decl::Outcome(outcome), Shell::Outcome(id)) => {
                    let (ty, each) = (self.policy.outcomes[id].ty.clone(), self.policy.outcomes[id].for_each);
                    let mut scope = self.row_scope(each, outcome.for_each.as_ref());
                    if let Some(otherwise) = &outcome.otherwise {
                        self.policy.outcomes[id].otherwise = self.typed(&mut scope, otherwise, &ty);
                    }
                }
                (Decl::Rule(rule), Shell::Rule(id)) => self.rule_body(id, rule, placed),
                (Decl::Obligation(duty), Shell::Duty(id)) => self.duty_body(id, duty),
                (Decl::Power(power), Shell::Power(id)) => self.power_body(id, power),
                (Decl::Guarantee(guarantee), Shell::Guarantee(id)) => {
                    let each = self.policy.guarantees[id].for_each;
                    let mut scope = self.row_scope(each, guarantee.for_each.as_ref());
                    let what = self.bool(&mut scope, &guarantee.what);
                    let day = |checker: &mut Self, dated: &Option<tree::Dated>| {
                        dated.as_ref().and_then(|dated| checker.date(&mut Scope::empty(), &dated.day))
                    };
                    let from = day(self, &guarantee.from);
                    let until = day(self, &guarantee.until);
                    let made = &mut self.policy.guarantees[id];
                    made.from = from;
                    made.until = until;
                    made.what = what.unwrap_or(made.what);
                }
                (Decl::Scenario(scenario), _) => self.scenario(scenario, placed.item.span),
                _ => {}
            }
        }
    }

    /// The scope of a declaration `for each`; its row has the name written there.
    pub(super) fn row_scope(&self, entity: Option<EntityId>, each: Option<&tree::ForEach>) -> Scope {
        match (entity, each) {
            (Some(entity), Some(each)) => Scope::row(&each.row.text, entity),
            (Some(entity), None) => Scope::row(&self.policy.entities[entity].name, entity),
            (None, _) => Scope::empty(),
        }
    }

    fn fact_body(
        &mut self,
        fact: &tree::Fact,
        ty: &Type,
        mut scope: Scope,
    ) -> (Option<ExprId>, Option<ExprId>) {
        let default = fact.default.as_ref().and_then(|default| self.typed(&mut scope, default, ty));
        let condition = fact.condition.as_ref().and_then(|condition| self.bool(&mut scope, condition));
        (default, condition)
    }

    fn field_bodies(&mut self, id: EntityId, entity: &tree::Entity) {
        for field in &entity.fields {
            let name = &field.fact.name.text;
            let found = self.policy.entities[id].fields.iter().find(|(_, made)| made.name == *name);
            let Some((at, ty)) = found.map(|(at, made)| (at, made.ty.clone())) else { continue };
            if self.waiting_fields.contains(&(id, at)) {
                continue;
            }
            let scope = Scope::row(&entity.name.text, id);
            let (default, condition) = self.fact_body(&field.fact, &ty, scope);
            let made = &mut self.policy.entities[id].fields[at];
            made.default = default;
            made.condition = condition;
        }
    }

    pub(super) fn define_body(&mut self, id: DefineId, define: &tree::Define) {
        let made = &self.policy.defines[id];
        let (ty, each, block) = (made.ty.clone(), made.for_each, made.block);
        let mut scope = self.row_scope(each, define.for_each.as_ref()).block(block.map(|(fold, _)| fold));
        let value = if self.inferred.contains(&id) {
            self.expr(&mut scope, &define.value, None)
        } else {
            self.typed(&mut scope, &define.value, &ty)
        };
        match value {
            Some(value) => {
                self.policy.defines[id].ty = self.ty(value).clone();
                self.policy.defines[id].value = value;
                if !self.inferred.contains(&id) {
                    self.policy.defines[id].ty = ty;
                }
            }
            // Its readers must not be told about a type that nobody wrote.
            None if self.inferred.contains(&id) => {
                self.forget(&define.name);
            }
            None => {}
        }
    }

    /// Where a name must be an outcome that can be assigned.
    pub(super) fn outcome_named(&mut self, name: &tree::Name) -> Option<policy::OutcomeId> {
        match self.names.get(&name.text) {
            Some(Symbol::Outcome(id)) => Some(id),
            Some(Symbol::Waiting) => None,
            found => {
                let error = errors::outcome_wanted(self, name, found);
                self.say(error);
                None
            }
        }
    }
}
