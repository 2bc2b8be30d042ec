//! How an expression goes as days pass (T10).

/// Of something that rises or falls with the days, or stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trend {
    Still,
    Up,
    Down,
}

impl Trend {
    /// Of the negative.
    pub fn flip(self) -> Trend {
        match self {
            Trend::Still => Trend::Still,
            Trend::Up => Trend::Down,
            Trend::Down => Trend::Up,
        }
    }

    /// Of something that rises with both; none: they go against each other.
    pub fn both(self, other: Trend) -> Option<Trend> {
        match (self, other) {
            (way, Trend::Still) | (Trend::Still, way) => Some(way),
            (one, other) => (one == other).then_some(one),
        }
    }
}
