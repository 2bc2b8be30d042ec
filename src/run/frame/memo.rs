//! What was already worked out (R11). Values of the point asked lie in a list that is never cleared, only stamped anew: what
//! is of the row with the row, what is of no row with the point. Those of other points (`as of`, other rows) lie in an
//! ordered map.

use crate::outcome::Point;
use crate::policy::Id;
use crate::run::frame::{NO_ROW, Named, NamedPoint};
use crate::value::Day;
use std::collections::BTreeMap;

/// Past this many, values of other points are set aside when the next question comes, and what was set aside before is
/// forgotten: what the questions of a timeline share is never older.
const MANY: usize = 1 << 16;

pub(crate) struct Memo<T> {
    here: Vec<(u32, Option<T>)>,
    /// The last stamp given out; the one of what is of the row; the one of what is of no row.
    last: u32,
    of_row: u32,
    of_point: u32,
    point: Point,
    row: u32,
    defines: usize,
    outcomes: usize,
    elsewhere: BTreeMap<NamedPoint, T>,
    aside: BTreeMap<NamedPoint, T>,
}

impl<T: Clone> Memo<T> {
    pub fn new((defines, outcomes, folds): (usize, usize, usize)) -> Memo<T> {
        Memo {
            here: (0..defines.saturating_add(outcomes).saturating_add(folds)).map(|_| (0, None)).collect(),
            last: 1,
            of_row: 1,
            of_point: 1,
            point: Point::new(Day::FIRST, Day::FIRST),
            row: NO_ROW,
            defines,
            outcomes,
            elsewhere: BTreeMap::new(),
            aside: BTreeMap::new(),
        }
    }

    /// A question at this point begins.
    #[inline]
    pub fn enter(&mut self, point: Point, row: u32) {
        if self.point != point {
            self.point = point;
            self.row = row;
            self.restamp();
        } else if self.row != row {
            self.row = row;
            self.of_row = self.next_stamp();
        }
        if self.elsewhere.len() > MANY {
            self.aside = std::mem::take(&mut self.elsewhere);
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.restamp();
        self.elsewhere.clear();
        self.aside.clear();
    }

    fn restamp(&mut self) {
        let stamp = self.next_stamp();
        (self.of_row, self.of_point) = (stamp, stamp);
    }

    fn next_stamp(&mut self) -> u32 {
        self.last = self.last.wrapping_add(1);
        if self.last == 0 {
            self.here.iter_mut().for_each(|place| place.0 = 0);
            (self.of_row, self.of_point, self.last) = (1, 1, 1);
        }
        self.last
    }

    #[inline]
    pub fn get(&self, node: &NamedPoint) -> Option<&T> {
        match self.place(node) {
            Some((place, wanted)) => match self.here.get(place) {
                Some((stamp, value)) if *stamp == wanted => value.as_ref(),
                _ => None,
            },
            None => self.elsewhere.get(node).or_else(|| self.aside.get(node)),
        }
    }

    #[inline]
    pub fn put(&mut self, node: NamedPoint, value: T) {
        match self.place(&node) {
            Some((place, stamp)) => {
                if let Some(slot) = self.here.get_mut(place) {
                    *slot = (stamp, Some(value));
                }
            }
            None => {
                self.elsewhere.insert(node, value);
            }
        }
    }

    /// A name has a row always or never, so one place for each name is enough; with the stamp of what holds now.
    #[inline]
    fn place(&self, node: &NamedPoint) -> Option<(usize, u32)> {
        let stamp = match node.row {
            _ if node.point != self.point => return None,
            NO_ROW => self.of_point,
            row if row == self.row => self.of_row,
            _ => return None,
        };
        let place = match node.named {
            // Of no row, and kept from row to row.
            Named::Default(_) => return None,
            Named::Define(id) => id.index(),
            Named::Outcome(id) => self.defines.saturating_add(id.index()),
            Named::Running(id) => self.defines.saturating_add(self.outcomes).saturating_add(id.index()),
        };
        Some((place, stamp))
    }
}
