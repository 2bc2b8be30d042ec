//! How an expression goes as days pass (T10).

/// Of something that rises or falls with the days, or stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Still,
    Up,
    Down,
}

impl Way {
    /// Of the negative.
    pub fn flip(self) -> Way {
        match self {
            Way::Still => Way::Still,
            Way::Up => Way::Down,
            Way::Down => Way::Up,
        }
    }

    /// Of something that rises with both; none: they go against each other.
    pub fn both(self, other: Way) -> Option<Way> {
        match (self, other) {
            (way, Way::Still) | (Way::Still, way) => Some(way),
            (one, other) => (one == other).then_some(one),
        }
    }
}
