//! Cells of annexes: a column lists its values once.

use crate::value::{Possible, Value};

/// What a cell says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing: the default of its column counts, or the line leaves the answer to another (X3).
    Empty,
    Unknown,
    Value(&'a Value),
    /// Of a stated line: one of these.
    Within(&'a Possible),
}

/// A column of cells: for each line the place of its value in the list, after the two that are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CellColumn {
    places: Vec<u32>,
    values: Vec<Possible>,
}

/// The place of a cell that is empty.
pub const EMPTY: u32 = 0;
/// The place of a cell that is `unknown`.
pub const UNKNOWN: u32 = 1;
/// The place of the first value.
const FIRST: u32 = 2;

impl CellColumn {
    /// Lists a value, and says its place.
    pub fn list(&mut self, value: Value) -> u32 {
        self.list_possible(Possible::One(value))
    }

    /// The same of what may be one of several.
    pub fn list_possible(&mut self, value: Possible) -> u32 {
        let place = u32::try_from(self.values.len()).unwrap_or(u32::MAX).saturating_add(FIRST);
        self.values.push(value);
        place
    }

    pub fn push(&mut self, place: u32) {
        self.places.push(place);
    }

    pub fn get(&self, line: usize) -> Cell<'_> {
        match self.places.get(line) {
            None | Some(&EMPTY) => Cell::Empty,
            Some(&UNKNOWN) => Cell::Unknown,
            Some(place) => {
                let value = self.values.get(place.saturating_sub(FIRST) as usize);
                match value {
                    None => Cell::Empty,
                    Some(Possible::One(value)) => Cell::Value(value),
                    Some(several) => Cell::Within(several),
                }
            }
        }
    }

    /// Where a cell stands in the list, and how many places that has.
    pub(super) fn place(&self, line: usize) -> usize {
        self.places.get(line).copied().unwrap_or(EMPTY) as usize
    }

    pub(super) fn places(&self) -> usize {
        self.values.len().saturating_add(FIRST as usize)
    }

    pub(super) fn is_filled(&self, line: usize) -> bool {
        self.place(line) != EMPTY as usize
    }

    pub(super) fn reorder(&mut self, order: &[u32]) {
        let place = |line: &u32| self.places.get(*line as usize).copied().unwrap_or(EMPTY);
        self.places = order.iter().map(place).collect();
    }
}
