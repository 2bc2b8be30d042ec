//! Lookups by several keys: a table with a place for each combination of keys.

use super::compiler::{BatchCompiler, Environment};
use super::graph::Arg;
use super::hoist::nothing;
use super::lanes::LaneType;
use super::term::{Bailout, RowTerm, TermKind};
use crate::policy::{Annex, AnnexKey, ExprId, Type};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Combinations in one table.
const MOST: usize = 1_000_000;

/// Values of one key that find the same rows are one class, named by the listed key that they find; none finds no row.
struct Classes<'a> {
    listed: BTreeSet<&'a AnnexKey>,
    found: Vec<Option<AnnexKey>>,
    known: BTreeMap<Option<AnnexKey>, usize>,
}

impl<'a> Classes<'a> {
    fn new(annex: &'a Annex, key: usize) -> Classes<'a> {
        let listed = annex.rows.keys().filter_map(|keys| keys.get(key)).collect();
        Classes { listed, found: Vec::new(), known: BTreeMap::new() }
    }

    fn of(&mut self, value: &Value) -> usize {
        let key = self.key(AnnexKey::of(value));
        *self.known.entry(key).or_insert_with_key(|key| {
            self.found.push(key.clone());
            self.found.len().saturating_sub(1)
        })
    }

    /// M8: of a code the longest prefix that is listed at all; every shorter one is a prefix of that.
    fn key(&self, key: AnnexKey) -> Option<AnnexKey> {
        let AnnexKey::Code(digits) = &key else { return Some(key).filter(|key| self.listed.contains(key)) };
        let prefixes = (1..=digits.len()).rev().filter_map(|length| digits.get(..length));
        prefixes.map(|prefix| AnnexKey::Code(prefix.into())).find(|prefix| self.listed.contains(prefix))
    }
}

impl BatchCompiler<'_, '_> {
    /// The cell of an annex for keys that are words or truth values of the row.
    pub fn by_keys(
        &mut self,
        annex: &Annex,
        column: usize,
        keys: &[ExprId],
        (ty, at): (&Type, &Environment),
    ) -> Result<RowTerm, Bailout> {
        let mut bad = Arg::FALSE;
        // For each class of the keys so far what they find, by their place; the place of the row.
        let mut found: Vec<Option<Vec<AnnexKey>>> = vec![Some(Vec::new())];
        let mut place = Arg::Const(0);
        for (number, key) in keys.iter().enumerate() {
            let term = self.term(*key, at)?;
            let mut classes = Classes::new(annex, number);
            let places: Vec<usize> = match &term.kind {
                TermKind::Word(word) => word.dictionary.iter().map(|value| classes.of(value)).collect(),
                TermKind::Bit(_) => [false, true].map(|bit| classes.of(&Value::Bool(bit))).to_vec(),
                _ => return Err(Bailout("it looks up by a number or a day of the row")),
            };
            if places.is_empty() || term.bad == Arg::TRUE {
                return Ok(RowTerm { kind: nothing(ty), bad: Arg::TRUE });
            }
            if found.len().saturating_mul(classes.found.len()) > MOST {
                return Err(Bailout("it looks up by very many keys"));
            }
            let steps: Vec<i128> = places.iter().map(|at| at.saturating_mul(found.len()) as i128).collect();
            let step = match (&term.kind, steps.as_slice()) {
                (TermKind::Bit(bit), [no, yes]) => {
                    Some(self.graph.choose(*bit, Arg::Const(*yes), Arg::Const(*no)))
                }
                (TermKind::Word(word), steps) => self.graph.look_up(word.arg, LaneType::Int32, steps),
                _ => None,
            };
            let sum = step.and_then(|step| self.graph.plus(place, step));
            place = sum.ok_or(Bailout("it has no value"))?;
            let longer = |class: &Option<AnnexKey>, keys: &Option<Vec<AnnexKey>>| {
                let mut keys = keys.clone()?;
                keys.push(class.clone()?);
                Some(keys)
            };
            let classes = classes.found.iter();
            found = classes.flat_map(|class| found.iter().map(move |keys| longer(class, keys))).collect();
            bad = self.graph.or(bad, term.bad);
        }
        let cell = |keys: &Option<Vec<AnnexKey>>| {
            let row = annex.find(keys.as_ref()?)?;
            annex.cell(row, column).cloned()
        };
        let values: Vec<Option<Value>> = found.iter().map(cell).collect();
        let term = self.tabulated(ty, &values, |graph, lane, values| {
            graph.place(place, 0, lane, values).ok_or(Bailout("it has no value"))
        })?;
        Ok(RowTerm { kind: term.kind, bad: self.graph.or(bad, term.bad) })
    }
}
