//! Lists indexed by their own kind of number, so that a rule's number never indexes outcomes.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A number that indexes one kind of list.
pub trait Id: Copy {
    fn index(self) -> usize;
    fn from_index(index: usize) -> Self;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $crate::policy::Id for $name {
            #[inline]
            fn index(self) -> usize {
                self.0 as usize
            }
            fn from_index(index: usize) -> Self {
                $name(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )*};
}
pub(crate) use ids;

/// A list that hands out the number of what is pushed, and is indexed by nothing else.
#[derive(Clone, Debug)]
pub struct Table<I, T> {
    list: Vec<T>,
    kind: PhantomData<fn() -> I>,
}

impl<I: Id, T> Default for Table<I, T> {
    fn default() -> Self {
        Table { list: Vec::new(), kind: PhantomData }
    }
}

impl<I: Id, T> Table<I, T> {
    pub fn new() -> Self {
        Table::default()
    }

    pub fn push(&mut self, item: T) -> I {
        self.list.push(item);
        I::from_index(self.list.len() - 1)
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// For a number that may come from elsewhere. Not called `get`: by that name indexing would be taken for a mistake.
    pub fn try_get(&self, id: I) -> Option<&T> {
        self.list.get(id.index())
    }

    pub fn ids(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.list.len()).map(I::from_index)
    }

    pub fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        self.list.iter().enumerate().map(|(index, item)| (I::from_index(index), item))
    }

    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.list.iter()
    }

    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.list.iter_mut()
    }
}

impl<I: Id, T> FromIterator<T> for Table<I, T> {
    fn from_iter<C: IntoIterator<Item = T>>(items: C) -> Self {
        Table { list: items.into_iter().collect(), kind: PhantomData }
    }
}

// The one place that indexes without a check: a number comes from the table it indexes, whose lists never shrink.
#[allow(clippy::indexing_slicing)]
impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;
    #[inline]
    fn index(&self, id: I) -> &T {
        &self.list[id.index()]
    }
}

#[allow(clippy::indexing_slicing)]
impl<I: Id, T> IndexMut<I> for Table<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.list[id.index()]
    }
}
