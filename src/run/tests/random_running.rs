//! Running totals for the random policies.

use super::random::{Carried, Made};
use crate::policy::*;

impl Made<'_, '_> {
    pub(super) fn fold(&mut self, apart: bool) -> Carried {
        let entity = self.entities[self.c.pick(2)].0;
        self.scope(Some(entity));
        let keys = (0..1 + self.c.pick(2)).map(|_| self.key(entity)).collect();
        let per = (0..self.c.pick(2)).map(|_| if self.c.one_in(2) { self.bool(0) } else { self.number(1) });
        let per = per.collect();
        let starting = self.number(1);
        let span = self.b.span();
        let id = FoldId(0);
        let fact = apart.then(|| self.b.fact("carried", Type::number()));
        let read = match fact {
            Some(fact) => self.b.f(fact),
            None => self.b.push(Expr::Running(id), Type::number()),
        };
        self.carried = Some((read, None));
        let value = self.number(2);
        let define = self.b.define("block", value, Some(entity));
        self.carried = Some((read, Some(define)));
        let next = self.number(2);
        self.carried = None;
        self.rows.clear();
        self.defines.push(define);
        let (whole, defines) = (self.c.one_in(6), vec![define]);
        let (name, doc) = ("fold".to_owned(), None);
        if !apart {
            self.b.policy.defines[define].block = Some((id, 0));
        }
        let ty = Type::number();
        let fold = Fold { name, doc, entity, keys, per, starting, next, defines, ty, whole, span };
        self.b.policy.folds.push(fold);
        Carried { id, read, fact }
    }

    fn key(&mut self, entity: EntityId) -> ExprId {
        let row = self.b.local(0, Type::Row(entity));
        match self.c.pick(4) {
            0 => self.b.get(entity, row, FieldId(1)),
            1 => self.b.get(entity, row, FieldId(0)),
            2 => self.number(1),
            _ => self.date(1),
        }
    }

    /// On another day a running total cannot be read.
    pub(super) fn elsewhere<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let carried = self.carried.take();
        let made = make(self);
        self.carried = carried;
        made
    }
}
