//! Lines come in as a file has them, and are sorted once all are there.

use super::cells::CellColumn;
use super::keys::{AnnexKey, KeyColumn};
use super::{AnnexLines, LineValidity};
use crate::text::Span;
use std::cmp::Ordering;

/// The lines of an annex as they come in.
#[derive(Debug, Default)]
pub struct AnnexBuilder {
    /// Column by column, line by line.
    pub keys: Vec<Vec<AnnexKey>>,
    /// As many as there are lines, or none.
    pub validity: Vec<LineValidity>,
    /// As many as there are lines, or none: all are listed.
    pub unlisted: Vec<bool>,
    pub cells: Vec<CellColumn>,
    pub places: Vec<Span>,
}

/// Two lines, by the order in which they came, that answer the same question in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clash {
    pub first: usize,
    pub second: usize,
}

impl AnnexBuilder {
    pub fn new(keys: usize, cells: usize) -> AnnexBuilder {
        AnnexBuilder {
            keys: vec![Vec::new(); keys],
            validity: Vec::new(),
            unlisted: Vec::new(),
            places: Vec::new(),
            cells: vec![CellColumn::default(); cells],
        }
    }

    /// Sorts the lines; those that are equal are one. `counts`: of which columns a filled cell is a value (X3).
    ///
    /// # Errors
    /// Lines of one key that are in force at once say different things; the first of them, at most `most`.
    pub fn finish(mut self, counts: &[bool], most: usize) -> Result<AnnexLines, Vec<Clash>> {
        let count = self.keys.first().map_or(0, Vec::len);
        let mut order: Vec<u32> = (0u32..).take(count).collect();
        let by_key = |a: &u32, b: &u32| self.by_key(*a as usize, *b as usize);
        if !order.is_sorted_by(|a, b| by_key(a, b) != Ordering::Greater) {
            order.sort_by(by_key);
        }
        let (mut clashes, mut entangled) = (Vec::new(), false);
        let mut kept: Vec<u32> = Vec::with_capacity(count);
        for group in order.chunk_by(|a, b| self.by_keys(*a as usize, *b as usize) == Ordering::Equal) {
            match group {
                [_] => kept.extend(group),
                _ => self.versions(group, &mut kept, &mut entangled, &mut clashes),
            }
        }
        if !clashes.is_empty() {
            clashes.sort_unstable();
            clashes.truncate(most);
            return Err(clashes);
        }
        let keys = self.keys.iter().map(|column| KeyColumn::new(&reordered(column, &kept))).collect();
        let validity = reordered(&self.validity, &kept);
        let (unlisted, places) = (reordered(&self.unlisted, &kept), reordered(&self.places, &kept));
        self.cells.iter_mut().for_each(|column| column.reorder(&kept));
        let columns = || self.cells.iter().zip(counts).filter(|(_, counts)| **counts);
        let is_unlisted = |line: usize| unlisted.get(line).copied().unwrap_or(false);
        let is_valued =
            |line: usize| is_unlisted(line) || columns().any(|(column, _)| column.is_filled(line));
        let valued = (0..kept.len()).map(is_valued).collect();
        let (cells, count) = (self.cells, kept.len());
        Ok(AnnexLines { keys, validity, unlisted, cells, valued, places, count, entangled })
    }

    /// The lines of one key, by the days from which they are in force.
    fn versions(&self, group: &[u32], kept: &mut Vec<u32>, entangled: &mut bool, clashes: &mut Vec<Clash>) {
        let begun = kept.len();
        // Of the lines so far, those that may be in force when the next one begins.
        let mut open: Vec<u32> = Vec::new();
        for line in group {
            let own = self.valid(*line);
            open.retain(|other| {
                let other = self.valid(*other);
                own.from < other.until || !other.is_known_always()
            });
            let met: Vec<u32> = open.iter().copied().filter(|other| self.valid(*other).meets(&own)).collect();
            let other = met.iter().find(|other| !self.says_the_same(**other, *line));
            if let Some(other) = other {
                let (first, second) = (*other.min(line) as usize, *other.max(line) as usize);
                clashes.push(Clash { first, second });
                // One for each key is enough.
                return;
            }
            if met.iter().any(|other| self.valid(*other) == own) {
                continue;
            }
            *entangled |= !met.is_empty() || !own.is_known_always() || own.is_empty();
            open.push(*line);
            kept.push(*line);
        }
        debug_assert!(kept.len() > begun, "a line of each key stays");
    }

    fn valid(&self, line: u32) -> LineValidity {
        self.validity.get(line as usize).copied().unwrap_or(LineValidity::ALWAYS)
    }

    fn says_the_same(&self, a: u32, b: u32) -> bool {
        self.unlisted.get(a as usize) == self.unlisted.get(b as usize)
            && self.cells.iter().all(|column| column.get(a as usize) == column.get(b as usize))
    }

    fn by_keys(&self, a: usize, b: usize) -> Ordering {
        let columns = self.keys.iter().map(|column| column.get(a).cmp(&column.get(b)));
        columns.fold(Ordering::Equal, Ordering::then)
    }

    fn by_key(&self, a: usize, b: usize) -> Ordering {
        self.by_keys(a, b).then_with(|| self.validity.get(a).cmp(&self.validity.get(b)))
    }
}

fn reordered<T: Clone>(list: &[T], order: &[u32]) -> Vec<T> {
    order.iter().filter_map(|line| list.get(*line as usize).cloned()).collect()
}
