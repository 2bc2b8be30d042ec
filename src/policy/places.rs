//! Sets of places in a list, as runs: who stands above the last of a long line of rules is one run, not as many places.

use crate::steps::step;
use std::sync::Arc;

/// Places in a list. Cheap to copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// From a place to before another, in order, none touching the next.
    runs: Arc<[(u32, u32)]>,
}

impl Places {
    /// Of runs in any order.
    fn of(mut runs: Vec<(u32, u32)>) -> Places {
        runs.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::with_capacity(runs.len());
        for (from, to) in runs {
            step();
            match joined.last_mut() {
                Some((_, end)) if from <= *end => *end = to.max(*end),
                _ => joined.push((from, to)),
            }
        }
        Places { runs: joined.into() }
    }

    /// All that are in some of these.
    pub fn union<'p>(sets: impl IntoIterator<Item = &'p Places>) -> Places {
        Places::of(sets.into_iter().flat_map(|set| set.runs.iter().copied()).collect())
    }

    pub fn run(from: u32, to: u32) -> Places {
        Places::of(vec![(from, to)].into_iter().filter(|(from, to)| from < to).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    pub fn len(&self) -> usize {
        self.runs.iter().map(|(from, to)| to.saturating_sub(*from) as usize).sum()
    }

    pub fn contains(&self, place: u32) -> bool {
        let begun = self.runs.partition_point(|(from, _)| *from <= place);
        begun.checked_sub(1).and_then(|last| self.runs.get(last)).is_some_and(|(_, to)| place < *to)
    }

    /// Whether any of these, which are in order, is one of them.
    pub fn meets(&self, places: &[u32]) -> bool {
        if places.len() < self.runs.len() {
            return places.iter().any(|place| {
                step();
                self.contains(*place)
            });
        }
        self.runs.iter().any(|(from, to)| {
            step();
            let first = places.partition_point(|place| place < from);
            places.get(first).is_some_and(|place| place < to)
        })
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u32> {
        self.runs.iter().flat_map(|(from, to)| *from..*to)
    }

    pub fn runs(&self) -> &[(u32, u32)] {
        &self.runs
    }

    pub fn last(&self) -> Option<u32> {
        self.runs.last().map(|(_, to)| to.saturating_sub(1))
    }

    /// Those that are not in the other, nor this one itself.
    pub fn without(&self, place: u32, other: &Places) -> Places {
        let mut left = Vec::new();
        let own = (place, place.saturating_add(1));
        let mut holes = other.runs.iter().copied().chain([own]).collect::<Vec<_>>();
        holes.sort_unstable();
        let mut holes = holes.into_iter().peekable();
        for (mut from, to) in self.runs.iter().copied() {
            while holes.next_if(|(_, end)| *end <= from).is_some() {
                step();
            }
            while let Some((hole, end)) = holes.peek().copied().filter(|(hole, _)| *hole < to) {
                step();
                if from < hole {
                    left.push((from, hole));
                }
                from = from.max(end);
                if end > to {
                    break;
                }
                holes.next();
            }
            if from < to {
                left.push((from, to));
            }
        }
        Places::of(left)
    }
}

impl FromIterator<u32> for Places {
    fn from_iter<T: IntoIterator<Item = u32>>(places: T) -> Places {
        Places::of(places.into_iter().map(|place| (place, place.saturating_add(1))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    /// Every set of a few places, against a list.
    #[test]
    fn runs_are_the_places_in_them() {
        let bits = |set: u32| (0..6).filter(move |place| set & (1 << place) != 0);
        for a in 0..64 {
            let places: Places = bits(a).collect();
            assert_eq!(places.iter().collect::<Vec<_>>(), bits(a).collect::<Vec<_>>());
            assert_eq!((places.len(), places.last()), (bits(a).count(), bits(a).next_back()));
            assert!((0..7).all(|place| places.contains(place) == (place < 6 && a & (1 << place) != 0)));
            for b in 0..64 {
                let (other, list): (Places, Vec<u32>) = (bits(b).collect(), bits(b).collect());
                assert_eq!(Places::union([&places, &other]), bits(a | b).collect());
                assert_eq!(places.meets(&list), a & b != 0);
                for place in 0..6 {
                    assert_eq!(places.without(place, &other), bits(a & !b & !(1 << place)).collect());
                }
            }
        }
    }
}
