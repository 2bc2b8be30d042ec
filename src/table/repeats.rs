//! Keys that stand more than once among the rows of a run.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Keys of up to this many bytes are kept as they are.
const SHORT: usize = 15;

/// A key in 16 bytes: its length and itself, or of a longer one a digest of it. Numbered keys rise in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeyDigest(u128);

impl KeyDigest {
    pub fn of(key: &str) -> KeyDigest {
        let bytes = key.as_bytes();
        let mut all = [0u8; 16];
        match (all.split_first_mut(), u8::try_from(bytes.len())) {
            (Some((first, rest)), Ok(length)) if bytes.len() <= SHORT => {
                *first = length;
                rest.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
                KeyDigest(u128::from_be_bytes(all))
            }
            _ => {
                let half = |salt: u8| {
                    let mut hasher = DefaultHasher::new();
                    (salt, key).hash(&mut hasher);
                    u128::from(hasher.finish())
                };
                // The first byte is the length of no short key.
                KeyDigest((half(1) << 64 | half(2)) | 0xff << 120)
            }
        }
    }

    /// The key, if it was short.
    fn key(self) -> Option<String> {
        let bytes = self.0.to_be_bytes();
        let (length, rest) = bytes.split_first()?;
        String::from_utf8(rest.get(..usize::from(*length))?.to_vec()).ok()
    }
}

/// The keys of all rows.
#[derive(Debug, Default)]
pub(super) struct KeyLedger {
    digests: Vec<KeyDigest>,
    /// Some key is not greater than the one before.
    falls: bool,
}

/// Keys that are those of several rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepeatedKeys {
    /// Rows that share their key with another.
    pub rows: u64,
    /// The first such key in the order of keys, if it is short.
    pub example: Option<String>,
}

impl KeyLedger {
    pub fn add(&mut self, more: &[KeyDigest]) {
        let rises = |pair: &[KeyDigest]| matches!(pair, [one, other] if one < other);
        let joint = [self.digests.last(), more.first()];
        let joint_rises = !matches!(joint, [Some(last), Some(first)] if last >= first);
        self.falls |= !joint_rises || !more.windows(2).all(rises);
        self.digests.extend_from_slice(more);
    }

    pub fn repeated(mut self) -> RepeatedKeys {
        if self.falls {
            self.digests.sort_unstable();
        }
        let mut found = RepeatedKeys::default();
        for same in self.digests.chunk_by(|one, other| one == other).filter(|same| same.len() > 1) {
            found.rows = found.rows.saturating_add(u64::try_from(same.len()).unwrap_or(u64::MAX));
            if found.example.is_none() {
                found.example = same.first().and_then(|first| first.key());
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(parts: &[&[&str]]) -> (u64, Option<String>) {
        let mut ledger = KeyLedger::default();
        for part in parts {
            let digests: Vec<KeyDigest> = part.iter().map(|key| KeyDigest::of(key)).collect();
            ledger.add(&digests);
        }
        let found = ledger.repeated();
        (found.rows, found.example)
    }

    #[test]
    fn rows_that_share_a_key_are_counted_wherever_they_stand() {
        assert_eq!(repeated(&[&["a", "b"], &["c"]]), (0, None));
        assert_eq!(repeated(&[&["a", "b", "a"], &["c", "a", "b"]]), (5, Some("a".into())));
        assert_eq!(repeated(&[&["b", "a"], &["", "\0"]]), (0, None));
        assert_eq!(repeated(&[&["9", "10", "11"], &["100"]]), (0, None));
        let long = "a key of more than fifteen bytes";
        assert_eq!(repeated(&[&[long], &[long, "x"]]), (2, None));
        assert_eq!(repeated(&[&["123456789012345", "1234567890123456"], &["123456789012345"]]).0, 2);
    }
}
