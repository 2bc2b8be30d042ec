//! What expressions name.

use super::names::{NameId, NameKind, NamePlace, NameTable, NameUse, UseRole};
use crate::tree::*;

/// The names in sight on the way through a declaration.
pub(super) struct NameWalk<'t> {
    pub table: &'t mut NameTable,
    pub uses: &'t mut Vec<NameUse>,
    /// Rows and parameters, the nearest last.
    pub locals: Vec<(String, NameId)>,
}

impl NameWalk<'_> {
    pub fn note(&mut self, id: NameId, name: &Name, role: UseRole) {
        self.uses.push(NameUse { name: id, span: name.span, role });
    }

    /// A name that stands for what is declared under it.
    pub fn global(&mut self, name: &Name, role: UseRole) -> Option<NameId> {
        let id = self.table.global(&name.text)?;
        self.note(id, name, role);
        Some(id)
    }

    pub fn reads(&mut self, name: &Name) {
        self.global(name, UseRole::Reads);
    }

    pub fn declares(&mut self, name: &Name) {
        self.global(name, UseRole::Declares);
    }

    pub fn reads_member(&mut self, owner: NameId, name: &Name) {
        self.member(owner, name, UseRole::Reads);
    }

    pub fn party(&mut self, name: &Name) {
        if let Some(id) = self.table.party(&name.text) {
            self.note(id, name, UseRole::Declares);
        }
    }

    pub fn holder(&mut self, name: &Name) {
        if let Some(id) = self.table.holder(&name.text) {
            self.note(id, name, UseRole::Reads);
        }
    }

    pub fn member(&mut self, owner: NameId, name: &Name, role: UseRole) -> Option<NameId> {
        let owner = self.table.whose(owner)?;
        let id = self.table.member(owner, &name.text)?;
        self.note(id, name, role);
        Some(id)
    }

    /// Inside, the row of a `for each` is in sight.
    pub fn within_row(&mut self, each: Option<&ForEach>, inside: impl FnOnce(&mut Self)) {
        let depth = self.locals.len();
        if let Some(each) = each {
            match &each.entity {
                None => self.reads(&each.row),
                Some(entity) => {
                    self.global(entity, UseRole::Reads);
                    let place = NamePlace::plain(each.row.span, each.span);
                    let row = self.table.declare_row(&each.row.text, &entity.text, place);
                    self.note(row, &each.row, UseRole::Declares);
                    self.locals.push((each.row.text.clone(), row));
                }
            }
        }
        inside(self);
        self.locals.truncate(depth);
    }

    /// Inside, the parameters are in sight.
    pub fn within_params(&mut self, owner: Option<NameId>, list: &[Param], inside: impl FnOnce(&mut Self)) {
        let depth = self.locals.len();
        for param in list {
            self.type_expr(&param.ty);
            if let Some(id) = owner.and_then(|owner| self.table.member(owner, &param.name.text)) {
                self.note(id, &param.name, UseRole::Declares);
                self.locals.push((param.name.text.clone(), id));
            }
        }
        inside(self);
        self.locals.truncate(depth);
    }

    pub fn type_expr(&mut self, ty: &TypeExpr) {
        self.units(&ty.parts);
    }

    fn units(&mut self, parts: &[(Name, i8)]) {
        for (name, _) in parts {
            let id = self.table.global(&name.text);
            let is_type = |id: &NameId| {
                let kind = self.table.get(*id).map(|thing| thing.kind);
                matches!(kind, Some(NameKind::Unit | NameKind::Enum | NameKind::Entity))
            };
            if let Some(id) = id.filter(is_type) {
                self.note(id, name, UseRole::Reads);
            }
        }
    }

    pub fn quantity(&mut self, quantity: &Quantity) {
        match &quantity.suffix {
            Suffix::Unit(parts) => self.units(parts),
            Suffix::BusinessDays { calendar: Some(calendar) } => {
                self.global(calendar, UseRole::Reads);
            }
            _ => {}
        }
    }

    pub fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Path(path) => return self.path(path),
            ExprKind::Aggregate(aggregate) => {
                return self.within_row(Some(&aggregate.for_each), |walk| {
                    aggregate.value.iter().chain(&aggregate.condition).for_each(|inner| walk.expr(inner));
                });
            }
            ExprKind::Quantity(quantity) => self.quantity(quantity),
            ExprKind::Rounded { rounded, .. } | ExprKind::Compound { rounded, .. } => {
                self.quantity(&rounded.step);
            }
            ExprKind::OwnYear { year, .. } => self.reads(year),
            _ => {}
        }
        expr.operands(&mut |inner| self.expr(inner));
    }

    fn path(&mut self, path: &Path) {
        let mut at = self.head(path);
        for step in &path.steps {
            match step {
                Step::Args(list, _) => list.iter().for_each(|inner| self.expr(inner)),
                Step::Field(name) => at = at.and_then(|owner| self.member(owner, name, UseRole::Reads)),
            }
        }
    }

    fn head(&mut self, path: &Path) -> Option<NameId> {
        let name = &path.head;
        if let Some((_, id)) = self.locals.iter().rev().find(|(local, _)| *local == name.text) {
            let id = *id;
            self.note(id, name, UseRole::Reads);
            return Some(id);
        }
        let global = self.table.global(&name.text);
        let is_value = |id: NameId| self.table.get(id).is_some_and(|thing| thing.kind.is_value());
        let choices = self.table.choices(&name.text).to_vec();
        // A rule or a source may be called like a choice; only the choice is a value.
        if let Some(id) = global
            && (choices.is_empty() || is_value(id) || !path.steps.is_empty())
        {
            self.note(id, name, UseRole::Reads);
            return Some(id);
        }
        choices.iter().for_each(|id| self.note(*id, name, UseRole::Reads));
        None
    }
}
