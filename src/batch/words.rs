//! Words of a row: what is worked out once for each word in a column's list.

use super::graph::{Arg, Relation};
use super::hoist::day_of;
use super::make::{At, Maker};
use super::term::{Made, No, Term};
use super::uses::Fields;
use crate::outcome::Point;
use crate::policy::{ExprId, FieldId, Type};
use crate::value::{Day, Value};
use std::sync::Arc;

/// Words for which something is worked out by `run`.
const MOST_WORDS: usize = 1_000_000;

impl Maker<'_, '_> {
    /// A function of a word, worked out for each value in its list.
    pub fn by_word(
        &mut self,
        item: ExprId,
        ty: &Type,
        at: &At,
        f: impl Fn(&Value) -> Option<Value>,
    ) -> Made<Term> {
        let item = self.term(item, at)?;
        let word = item.word()?.clone();
        let values: Vec<Option<Value>> = word.dictionary.iter().map(f).collect();
        let term = self.tabulated(ty, &values, |graph, lane, values| {
            graph.look_up(word.arg, lane, values).ok_or(No("it has no value"))
        })?;
        let bad = self.graph.or(term.bad, item.bad);
        Ok(Term { what: term.what, bad })
    }

    /// What depends on one word of the row alone, worked out by `run` for each word.
    pub fn by_value(&mut self, id: ExprId, at: &At) -> Made<Term> {
        let uses = self.looks.of(id, at.number != 0);
        let (Fields::One(field), false, 0) = (uses.fields, uses.day, at.number) else {
            return Err(No("it reads more than one field"));
        };
        let item = self.field(field, at)?;
        let word = item.word()?.clone();
        let mut news = match at.known {
            Arg::Const(known) => vec![day_of(known)?],
            Arg::Reg(_) => {
                let news =
                    self.news.clone().ok_or(No("what is known changes on days that are worked out"))?;
                std::iter::once(Day::FIRST).chain(news).collect()
            }
        };
        if word.dictionary.len().saturating_mul(news.len()) > MOST_WORDS {
            return Err(No("it has very many words"));
        }
        let first = news.remove(0);
        let mut before = self.values(id, field, &word.dictionary, first);
        let mut term = self.by_key(id, word.arg, &before)?;
        for known in news {
            let values = self.values(id, field, &word.dictionary, known);
            if values == before {
                continue;
            }
            let next = self.by_key(id, word.arg, &values)?;
            let come = self.graph.compare(Relation::AtMost, Arg::Const(known.number().into()), at.known);
            term = self.graph.choose_term(come, &next, &term)?;
            before = values;
        }
        let bad = self.graph.or(term.bad, item.bad);
        Ok(Term { what: term.what, bad })
    }

    fn values(
        &mut self,
        id: ExprId,
        field: FieldId,
        dictionary: &Arc<[Value]>,
        known: Day,
    ) -> Arc<[Option<Value>]> {
        let point = Point::new(self.batch.asked.on, known);
        match self.memory.words.get(&(id, point)) {
            Some((of, values)) if Arc::ptr_eq(of, dictionary) || of == dictionary => values.clone(),
            _ => {
                let values: Arc<[Option<Value>]> =
                    super::by_run::values(self.batch, field, dictionary, id, point).into();
                self.memory.words.insert((id, point), (dictionary.clone(), values.clone()));
                values
            }
        }
    }

    fn by_key(&mut self, id: ExprId, key: Arg, values: &[Option<Value>]) -> Made<Term> {
        self.tabulated(self.batch.policy.exprs.ty(id), values, |graph, lane, values| {
            graph.look_up(key, lane, values).ok_or(No("it has no value"))
        })
    }
}
