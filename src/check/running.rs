//! Running totals (C4): keys, start, block and assignment.

use super::declare::{LATER, Shell};
use super::errors;
use super::names::Symbol;
use super::scope::Scope;
use super::{Checker, calls};
use crate::policy::{self, DefineId, EntityId, Expr, ExprId, FoldId, Policy, Type};
use crate::tree;
use std::collections::BTreeMap;

impl Checker<'_> {
    /// Enters its name and those of its block, which are seen everywhere.
    pub(super) fn fold_shell(&mut self, running: &tree::Running, doc: Option<String>) -> Option<Shell> {
        let entity = match self.names.get(&running.entity.text) {
            Some(Symbol::Entity(entity)) => Some(entity),
            found => {
                let error = errors::entity_wanted(self, &running.entity, found);
                self.say(error);
                None
            }
        };
        let Some(entity) = entity else {
            self.enter(&running.name, Symbol::Waiting);
            for (_, define) in &running.defines {
                self.enter(&define.name, Symbol::Waiting);
            }
            return None;
        };
        let fold: FoldId = self.policy.folds.push(policy::Fold {
            name: running.name.text.clone(),
            doc,
            entity,
            keys: Vec::new(),
            per: Vec::new(),
            starting: LATER,
            next: LATER,
            defines: Vec::new(),
            ty: Type::number(),
            whole: false,
            span: running.name.span,
        });
        self.enter(&running.name, Symbol::Running(fold));
        for (doc, define) in &running.defines {
            let id = self.define_shell(define, doc.clone());
            let place = u32::try_from(self.policy.folds[fold].defines.len()).unwrap_or(u32::MAX);
            self.policy.defines[id].block = Some((fold, place));
            self.policy.folds[fold].defines.push(id);
            if self.policy.defines[id].for_each != Some(entity) {
                let error = errors::block_define(define, &self.policy.entities[entity].name);
                self.say(error);
            }
        }
        Some(Shell::Fold(fold))
    }

    /// `starting`, which gives it its type.
    pub(super) fn fold_start(&mut self, id: FoldId, running: &tree::Running) {
        let mut scope = self.fold_scope(self.policy.folds[id].entity);
        let Some(starting) = self.expr(&mut scope, &running.starting, None) else {
            self.forget(&running.name);
            return;
        };
        let ty = self.ty(starting).clone();
        self.policy.folds[id].whole = self.is_whole(&ty);
        self.policy.folds[id].ty = ty;
        self.policy.folds[id].starting = starting;
    }

    /// Keys, defines and the assignment.
    pub(super) fn fold_body(&mut self, id: FoldId, running: &tree::Running) {
        let entity = self.policy.folds[id].entity;
        let mut scope = self.fold_scope(entity);
        let mut keys = Vec::new();
        for key in &running.keys {
            let Some(made) = self.expr(&mut scope, key, None) else { continue };
            let ty = self.ty(made).clone();
            if !matches!(ty, Type::Number { .. } | Type::Date | Type::Duration(_) | Type::Text | Type::Code) {
                let error = errors::no_order_by(self, &ty, key.span);
                self.say(error);
            }
            keys.push(made);
        }
        let per: Vec<Option<ExprId>> =
            running.per.iter().map(|key| self.expr(&mut scope, key, None)).collect();
        self.policy.folds[id].keys = keys;
        self.policy.folds[id].per = per.into_iter().flatten().collect();
        let defines = self.policy.folds[id].defines.clone();
        for (define, (_, written)) in defines.iter().zip(&running.defines) {
            if !self.inferred.contains(define) {
                self.define_body(*define, written);
            }
        }
        for assign in &running.assigns {
            if assign.target.text != running.name.text {
                self.say(errors::running_target(&running.name, &assign.target));
            }
        }
        let mut own = running.assigns.iter().filter(|assign| assign.target.text == running.name.text);
        match (own.next(), own.next()) {
            (None, _) if running.assigns.is_empty() => self.say(errors::running_unassigned(&running.name)),
            (None, _) => {}
            (Some(first), Some(second)) => self.say(errors::running_twice(&first.target, &second.target)),
            (Some(assign), None) if self.policy.folds[id].starting != LATER => {
                let ty = self.policy.folds[id].ty.clone();
                let mut scope = self.fold_scope(entity).block(Some(id));
                if let Some(next) = self.typed(&mut scope, &assign.value, &ty) {
                    self.policy.folds[id].next = next;
                }
            }
            (Some(_), None) => {}
        }
    }

    fn fold_scope(&self, entity: EntityId) -> Scope {
        Scope::row(&self.policy.entities[entity].name, entity)
    }

    /// M5: a unit that is counted in whole ones.
    pub(super) fn is_whole(&self, ty: &Type) -> bool {
        ty.is_whole(&self.policy.units)
    }

    /// The defines of every block, each after those it reads; asked when there are no circles.
    pub(super) fn order_blocks(&mut self) {
        for id in self.policy.folds.ids() {
            let sorted = sorted(&self.policy, id);
            for (place, define) in (0u32..).zip(&sorted) {
                self.policy.defines[*define].block = Some((id, place));
            }
            self.policy.folds[id].defines = sorted;
        }
    }
}

fn sorted(policy: &Policy, id: FoldId) -> Vec<DefineId> {
    let defines = &policy.folds[id].defines;
    let mut missing: BTreeMap<DefineId, usize> = BTreeMap::new();
    let mut readers: BTreeMap<DefineId, Vec<DefineId>> = BTreeMap::new();
    for define in defines {
        let mut count = 0usize;
        calls::visit_all(policy, policy.defines[*define].value, &mut |expr| {
            if let Expr::Define { id: other, .. } = expr
                && policy.defines[*other].block.is_some_and(|(fold, _)| fold == id)
            {
                count = count.saturating_add(1);
                readers.entry(*other).or_default().push(*define);
            }
        });
        missing.insert(*define, count);
    }
    let mut ready: Vec<DefineId> =
        defines.iter().rev().filter(|define| missing.get(define) == Some(&0)).copied().collect();
    let mut sorted = Vec::with_capacity(defines.len());
    while let Some(define) = ready.pop() {
        sorted.push(define);
        for reader in readers.get(&define).into_iter().flatten() {
            if let Some(left) = missing.get_mut(reader) {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    ready.push(*reader);
                }
            }
        }
    }
    sorted
}
