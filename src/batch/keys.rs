//! What annexes say of keys of the row: a table with a place for each combination of keys and stretches of days.

use super::bad::{Bad, Worked};
use super::compiler::{BatchCompiler, Environment};
use super::graph::Arg;
use super::hoist::{day_of, nothing};
use super::lanes::{LaneType, SPAN};
use super::term::{Bailout, RowTerm, TermKind};
use crate::policy::{AnnexDay, AnnexId, AnnexKey, AnnexView, ExprId, KeyClass, Type};
use crate::value::{Day, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Combinations in one table.
const MOST: usize = 1_000_000;

/// What an annex says of keys on a day.
pub(super) struct AnnexQuestion<'a> {
    pub id: AnnexId,
    pub annex: AnnexView<'a>,
    /// Whether the keys must be listed as they are; else a code may be under one.
    pub exact: bool,
    pub answer: &'a dyn Fn(&[AnnexKey], AnnexDay) -> Worked,
}

/// Values of one key of which an annex says the same are one class, with one of them for all.
#[derive(Default)]
struct Classes {
    of_class: Vec<AnnexKey>,
    known: BTreeMap<KeyClass, usize>,
}

impl Classes {
    fn of(&mut self, question: &AnnexQuestion<'_>, column: usize, value: &Value) -> usize {
        let key = AnnexKey::of(value);
        let class = question.annex.key_class(column, &key, question.exact);
        *self.known.entry(class).or_insert_with(|| {
            self.of_class.push(key);
            self.of_class.len().saturating_sub(1)
        })
    }
}

/// What an annex is asked for by keys of the row: each version of what it says of them has a place.
#[derive(Clone)]
pub(super) struct KeyVersions {
    place: Arg,
    bad: Bad,
    versions: Arc<[(Vec<AnnexKey>, AnnexDay)]>,
}

/// What was made for an annex, whether its keys must be listed, by these keys, on a day as known on a day.
pub(super) struct MadeVersions {
    of: (AnnexId, bool, Arg, Arg),
    keys: Vec<RowTerm>,
    made: Result<Option<KeyVersions>, Bailout>,
}

impl BatchCompiler<'_, '_> {
    /// What is said of keys that are words or truth values of the row.
    pub fn by_keys(
        &mut self,
        question: AnnexQuestion<'_>,
        keys: &[ExprId],
        (ty, at): (&Type, &Environment),
    ) -> Result<RowTerm, Bailout> {
        if let ([key], false) = (keys, question.annex.is_dated()) {
            let day = AnnexDay { day: self.batch.point.on, known: Day::NEVER };
            return self.by_word(*key, ty, at, |value| (question.answer)(&[AnnexKey::of(value)], day));
        }
        let terms = keys.iter().map(|key| self.term(*key, at)).collect::<Result<Vec<RowTerm>, Bailout>>()?;
        let of = (question.id, question.exact, at.day, at.known);
        let is_known = |made: &&MadeVersions| {
            let pairs = made.keys.iter().zip(&terms);
            made.of == of
                && made.keys.len() == terms.len()
                && pairs.into_iter().all(|(a, b)| is_same_key(a, b))
        };
        let made = match self.key_versions.iter().find(is_known) {
            Some(known) => known.made.clone(),
            None => {
                let made = self.versions_of(&question, &terms, at);
                self.key_versions.push(MadeVersions { of, keys: terms.clone(), made: made.clone() });
                made
            }
        };
        let Some(KeyVersions { place, bad, versions }) = made? else {
            let bad = terms.iter().fold(Bad::NONE, |bad, term| self.graph.strict(bad, term.bad));
            return Ok(RowTerm { kind: nothing(ty), bad: Bad { any: Arg::TRUE, ..bad } });
        };
        let values: Vec<Worked> = versions.iter().map(|(keys, day)| (question.answer)(keys, *day)).collect();
        let term = self.tabulated(ty, &values, |graph, lane, values| {
            graph.place(place, 0, lane, values).ok_or(Bailout("it has no value"))
        })?;
        Ok(RowTerm { kind: term.kind, bad: self.graph.within(bad, term.bad) })
    }

    /// The place of the version that answers a row; none where no row has keys.
    fn versions_of(
        &mut self,
        question: &AnnexQuestion<'_>,
        terms: &[RowTerm],
        at: &Environment,
    ) -> Result<Option<KeyVersions>, Bailout> {
        let (days, mut place) = self.annex_days(question.annex, at)?;
        let mut bad = Bad::NONE;
        // For each class of the keys so far, the keys, by their place.
        let mut found: Vec<Vec<AnnexKey>> = vec![Vec::new()];
        for (column, term) in terms.iter().enumerate() {
            let mut classes = Classes::default();
            let mut class = |value: &Value| classes.of(question, column, value);
            let places: Vec<usize> = match &term.kind {
                TermKind::Word(word) => word.dictionary.iter().map(class).collect(),
                TermKind::Bit(_) => [false, true].map(|bit| class(&Value::Bool(bit))).to_vec(),
                _ => return Err(Bailout("it looks up by a number or a day of the row")),
            };
            if places.is_empty() || term.bad.any == Arg::TRUE {
                return Ok(None);
            }
            let size = found.len().saturating_mul(days.len());
            if size.saturating_mul(classes.of_class.len()) > MOST {
                return Err(Bailout("it looks up by very many keys"));
            }
            let steps: Vec<i128> = places.iter().map(|at| at.saturating_mul(size) as i128).collect();
            let step = match (&term.kind, steps.as_slice()) {
                (TermKind::Bit(bit), [no, yes]) => {
                    Some(self.graph.choose(*bit, Arg::Const(*yes), Arg::Const(*no)))
                }
                (TermKind::Word(word), steps) => self.graph.look_up(word.arg, LaneType::Int32, steps),
                _ => None,
            };
            let sum = step.and_then(|step| self.graph.plus(place, step));
            place = sum.ok_or(Bailout("it has no value"))?;
            let longer = |class: &AnnexKey, keys: &Vec<AnnexKey>| {
                keys.iter().chain([class]).cloned().collect::<Vec<AnnexKey>>()
            };
            let classes = classes.of_class.iter();
            found = classes.flat_map(|class| found.iter().map(move |keys| longer(class, keys))).collect();
            bad = self.graph.strict(bad, term.bad);
        }
        let mut versions = Vec::with_capacity(found.len());
        let mut version_of = Vec::with_capacity(found.len().saturating_mul(days.len()));
        for keys in found {
            let edges = question.annex.edges_of(&keys);
            let mut ahead = edges.iter().peekable();
            for (nth, day) in days.iter().enumerate() {
                let mut is_new = nth == 0;
                while ahead.next_if(|edge| **edge <= day.day).is_some() {
                    is_new = true;
                }
                if is_new {
                    versions.push((keys.clone(), *day));
                }
                version_of.push(versions.len().saturating_sub(1) as i128);
            }
        }
        let place = self.graph.place(place, 0, LaneType::Int32, &version_of);
        let place = place.ok_or(Bailout("it has no value"))?;
        Ok(Some(KeyVersions { place, bad, versions: versions.into() }))
    }

    /// Days such that on every day an annex says what it says on one of them, and the place of that one (X5).
    fn annex_days(
        &mut self,
        annex: AnnexView<'_>,
        at: &Environment,
    ) -> Result<(Vec<AnnexDay>, Arg), Bailout> {
        let known = match at.known {
            _ if annex.known_edges().is_empty() => Day::NEVER,
            Arg::Const(known) => day_of(known)?,
            Arg::Reg(_) => return Err(Bailout("it looks up what was known on a day of the row")),
        };
        if let Arg::Const(day) = at.day {
            return Ok((vec![AnnexDay { day: day_of(day)?, known }], Arg::Const(0)));
        }
        let edges = annex.edges();
        let days: Vec<AnnexDay> = std::iter::once(Day::FIRST)
            .chain(edges.iter().copied())
            .map(|day| AnnexDay { day, known })
            .collect();
        let (Some(first), Some(last)) = (edges.first(), edges.last()) else {
            return Ok((days, Arg::Const(0)));
        };
        if i128::from(last.number()) - i128::from(first.number()) > SPAN {
            return Err(Bailout("its annex goes over very many days"));
        }
        // One place for each day from before the first edge to the last.
        let (mut places, mut place, mut day) = (vec![0i128], 0usize, *first);
        while day <= *last {
            place += usize::from(edges.get(place) == Some(&day));
            places.push(place as i128);
            day = day.next();
        }
        let base = first.previous().unwrap_or(*first).number();
        let place = self.graph.place(at.day, base, LaneType::Int32, &places);
        Ok((days, place.ok_or(Bailout("it has no value"))?))
    }
}

/// Whether two keys are the same word, or the same truth value, in every row: a register may hold places of several dictionaries.
fn is_same_key(one: &RowTerm, other: &RowTerm) -> bool {
    one.bad == other.bad
        && match (&one.kind, &other.kind) {
            (TermKind::Word(one), TermKind::Word(other)) => {
                one.arg == other.arg && Arc::ptr_eq(&one.dictionary, &other.dictionary)
            }
            (TermKind::Bit(one), TermKind::Bit(other)) => one == other,
            _ => false,
        }
}
