//! Words of a row: what is worked out once for each word in a column's list.

use super::bad::Worked;
use super::compiler::{BatchCompiler, Environment};
use super::graph::{Arg, Relation};
use super::hoist::day_of;
use super::term::{Bailout, RowTerm};
use super::uses::FieldsRead;
use crate::outcome::Point;
use crate::policy::{ExprId, FieldId, Type};
use crate::value::{Day, Value};
use std::sync::Arc;

/// Words for which something is worked out by `run`.
const MOST_WORDS: usize = 1_000_000;

impl BatchCompiler<'_, '_> {
    /// A function of a word, worked out for each value in its list.
    pub fn by_word(
        &mut self,
        item: ExprId,
        ty: &Type,
        at: &Environment,
        f: impl Fn(&Value) -> Worked,
    ) -> Result<RowTerm, Bailout> {
        let item = self.term(item, at)?;
        let word = item.word()?.clone();
        let values: Vec<Worked> = word.dictionary.iter().map(f).collect();
        let term = self.tabulated(ty, &values, |graph, lane, values| {
            graph.look_up(word.arg, lane, values).ok_or(Bailout("it has no value"))
        })?;
        let bad = self.graph.within(item.bad, term.bad);
        Ok(RowTerm { kind: term.kind, bad })
    }

    /// What depends on one word of the row alone, worked out by `run` for each word.
    pub fn by_value(&mut self, id: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let uses = self.uses.of(id, at.number != 0);
        let (FieldsRead::One(field), false, 0) = (uses.fields, uses.day, at.number) else {
            return Err(Bailout("it reads more than one field"));
        };
        let item = self.field(field, at)?;
        let word = item.word()?.clone();
        let mut knowledge_days = match at.known {
            Arg::Const(known) => vec![day_of(known)?],
            Arg::Reg(_) => {
                let knowledge_days = self
                    .knowledge_days
                    .clone()
                    .ok_or(Bailout("what is known changes on days that are worked out"))?;
                std::iter::once(Day::FIRST).chain(knowledge_days).collect()
            }
        };
        if word.dictionary.len().saturating_mul(knowledge_days.len()) > MOST_WORDS {
            return Err(Bailout("it has very many words"));
        }
        let first = knowledge_days.remove(0);
        let mut before = self.values(id, field, &word.dictionary, first);
        let mut term = self.by_key(id, word.arg, &before)?;
        for known in knowledge_days {
            let values = self.values(id, field, &word.dictionary, known);
            if values == before {
                continue;
            }
            let next = self.by_key(id, word.arg, &values)?;
            let come = self.graph.compare(Relation::AtMost, Arg::Const(known.number().into()), at.known);
            term = self.graph.choose_term(come, &next, &term)?;
            before = values;
        }
        let bad = self.graph.within(item.bad, term.bad);
        Ok(RowTerm { kind: term.kind, bad })
    }

    fn values(&mut self, id: ExprId, field: FieldId, dictionary: &Arc<[Value]>, known: Day) -> Arc<[Worked]> {
        let point = Point::new(self.batch.point.on, known);
        match self.cache.words.get(&(id, point)) {
            Some((of, values)) if Arc::ptr_eq(of, dictionary) || of == dictionary => values.clone(),
            _ => {
                let values: Arc<[Worked]> =
                    super::by_run::values(self.batch, field, dictionary, id, point).into();
                self.cache.words.insert((id, point), (dictionary.clone(), values.clone()));
                values
            }
        }
    }

    fn by_key(&mut self, id: ExprId, key: Arg, values: &[Worked]) -> Result<RowTerm, Bailout> {
        self.tabulated(self.batch.policy.exprs.ty(id), values, |graph, lane, values| {
            graph.look_up(key, lane, values).ok_or(Bailout("it has no value"))
        })
    }
}
