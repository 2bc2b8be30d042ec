//! A list by number in which every place exists: what was never written is the default.

/// Reading beyond the end gives the default; writing there makes the place.
#[derive(Clone, Default)]
pub(super) struct Dense<T> {
    list: Vec<T>,
    none: T,
}

impl<T: Default> Dense<T> {
    #[inline]
    pub(super) fn at(&self, place: usize) -> &T {
        self.list.get(place).unwrap_or(&self.none)
    }

    #[inline]
    pub(super) fn at_mut(&mut self, place: usize) -> &mut T {
        if place >= self.list.len() {
            self.list.resize_with(place.saturating_add(1), T::default);
        }
        match self.list.get_mut(place) {
            Some(found) => found,
            None => &mut self.none,
        }
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.list.iter_mut()
    }
}
