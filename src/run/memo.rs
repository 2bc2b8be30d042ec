//! What was already worked out (R11). Values of the point asked lie in a list that is never cleared, only stamped anew;
//! those of other points (`as of`, other rows) in an ordered map.

use super::at::{NO_ROW, Named, Node};
use crate::outcome::Point;
use crate::policy::Id;
use crate::value::Day;
use std::collections::BTreeMap;

/// Past this many, values of other points are forgotten when the next question comes.
const MANY: usize = 1 << 16;

pub(super) struct Memo<T> {
    here: Vec<(u32, Option<T>)>,
    stamp: u32,
    point: Point,
    row: u32,
    defines: usize,
    outcomes: usize,
    elsewhere: BTreeMap<Node, T>,
}

impl<T: Clone> Memo<T> {
    pub fn new((defines, outcomes, folds): (usize, usize, usize)) -> Memo<T> {
        Memo {
            here: (0..defines.saturating_add(outcomes).saturating_add(folds)).map(|_| (0, None)).collect(),
            stamp: 1,
            point: Point::new(Day::FIRST, Day::FIRST),
            row: NO_ROW,
            defines,
            outcomes,
            elsewhere: BTreeMap::new(),
        }
    }

    /// A question at this point begins.
    #[inline]
    pub fn enter(&mut self, point: Point, row: u32) {
        if self.point != point || self.row != row {
            self.point = point;
            self.row = row;
            self.restamp();
        }
        if self.elsewhere.len() > MANY {
            self.elsewhere.clear();
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.restamp();
        self.elsewhere.clear();
    }

    fn restamp(&mut self) {
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.here.iter_mut().for_each(|place| place.0 = 0);
            self.stamp = 1;
        }
    }

    #[inline]
    pub fn get(&self, node: &Node) -> Option<&T> {
        match self.place(node) {
            Some(place) => match self.here.get(place) {
                Some((stamp, value)) if *stamp == self.stamp => value.as_ref(),
                _ => None,
            },
            None => self.elsewhere.get(node),
        }
    }

    #[inline]
    pub fn put(&mut self, node: Node, value: T) {
        match self.place(&node) {
            Some(place) => {
                let stamp = self.stamp;
                if let Some(slot) = self.here.get_mut(place) {
                    *slot = (stamp, Some(value));
                }
            }
            None => {
                self.elsewhere.insert(node, value);
            }
        }
    }

    /// A name has a row always or never, so one place for each name is enough.
    #[inline]
    fn place(&self, node: &Node) -> Option<usize> {
        let here = node.point == self.point && (node.row == self.row || node.row == NO_ROW);
        here.then(|| match node.named {
            Named::Define(id) => id.index(),
            Named::Outcome(id) => self.defines.saturating_add(id.index()),
            Named::Running(id) => self.defines.saturating_add(self.outcomes).saturating_add(id.index()),
        })
    }
}
