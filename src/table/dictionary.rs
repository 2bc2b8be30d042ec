//! The words of a column: each once, in a list that the columns of many chunks share, so that what is worked out for a word
//! need not be worked out again.

use crate::batch::ColumnValues;
use crate::policy::{EntityId, Fact, FieldId, Policy, Type};
use crate::value::Value;
use foldhash::fast::RandomState;
use indexmap::{IndexMap, IndexSet};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A list with more words is shared no more.
const MOST: usize = 1 << 16;

/// A list of words that grows, shared by threads.
#[derive(Debug, Default)]
pub(super) struct SharedDictionary(Mutex<Listed>);

#[derive(Debug, Default)]
struct Listed {
    values: IndexSet<Value>,
    /// The same, as it was handed out last.
    list: Arc<[Value]>,
}

/// The words of all columns of a table.
#[derive(Debug)]
pub struct Dictionaries(BTreeMap<FieldId, Arc<SharedDictionary>>);

impl Dictionaries {
    pub fn new(policy: &Policy, entity: EntityId) -> Dictionaries {
        let fields = policy.entities[entity].fields.iter();
        Dictionaries(fields.map(|(id, fact)| (id, Arc::new(SharedDictionary::new(policy, fact)))).collect())
    }

    pub(super) fn of(&self, field: FieldId) -> Arc<SharedDictionary> {
        self.0.get(&field).cloned().unwrap_or_default()
    }
}

impl SharedDictionary {
    /// Of an enum all choices are there from the start, in their order.
    fn new(policy: &Policy, fact: &Fact) -> SharedDictionary {
        let choices = match fact.ty {
            Type::Enum(id) => policy.enums[id].choices.len(),
            _ => 0,
        };
        let choices = (0..choices).filter_map(|at| u16::try_from(at).ok()).map(Value::Choice);
        SharedDictionary(Mutex::new(Listed { values: choices.collect(), list: Arc::default() }))
    }

    fn learn(&self, value: Value) -> u32 {
        let mut listed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        u32::try_from(listed.values.insert_full(value).0).unwrap_or(u32::MAX)
    }

    fn list(&self) -> Arc<[Value]> {
        let mut listed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if listed.list.len() != listed.values.len() {
            listed.list = listed.values.iter().cloned().collect();
        }
        listed.list.clone()
    }
}

/// A column of words as it grows.
#[derive(Debug)]
pub(super) struct WordColumn {
    pub keys: Vec<u32>,
    lexicon: Arc<SharedDictionary>,
    /// The places of words by how they are spelled.
    spelled: IndexMap<Box<str>, u32, RandomState>,
}

impl WordColumn {
    pub fn new(lexicon: Arc<SharedDictionary>) -> WordColumn {
        WordColumn { keys: Vec::new(), lexicon, spelled: IndexMap::default() }
    }

    #[inline]
    pub fn spelled(&self, text: &str) -> Option<u32> {
        self.spelled.get(text).copied()
    }

    pub fn push(&mut self, value: Value) {
        self.keys.push(self.lexicon.learn(value));
    }

    /// Remembers how a word is spelled, and says its place.
    pub fn learn(&mut self, text: &str, value: Value) -> u32 {
        let key = self.lexicon.learn(value);
        self.spelled.insert(text.into(), key);
        key
    }

    pub fn take(&mut self) -> ColumnValues {
        let dictionary = self.lexicon.list();
        let many = dictionary.len() > MOST || self.spelled.len() > MOST;
        let values = ColumnValues::Words { dictionary, keys: std::mem::take(&mut self.keys) };
        if many {
            *self = WordColumn::new(Arc::default());
        }
        values
    }
}
