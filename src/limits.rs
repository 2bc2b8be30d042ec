//! How much a policy may be with all that it names: files that bring others, and annexes, grow beyond what one file may have.

use crate::text::{Files, StandIn};
use std::sync::{Mutex, PoisonError};

/// The most files that a policy may read: its parts, what it amends, annexes and calendars.
pub const POLICY_FILES: usize = 1_000;

/// The most bytes that they may have together.
pub const POLICY_BYTES: usize = 256 << 20;

/// Files of one policy.
pub struct PolicyFiles<'f> {
    files: &'f dyn Files,
    most: (usize, usize),
    read: Mutex<(usize, usize)>,
    exceeded: Mutex<Option<String>>,
}

impl<'f> PolicyFiles<'f> {
    pub fn new(files: &'f dyn Files) -> PolicyFiles<'f> {
        PolicyFiles::of(files, (POLICY_FILES, POLICY_BYTES))
    }

    fn of(files: &'f dyn Files, most: (usize, usize)) -> PolicyFiles<'f> {
        PolicyFiles { files, most, read: Mutex::default(), exceeded: Mutex::default() }
    }

    /// Which limit the policy went beyond, in words; and with which file.
    pub fn exceeded(&self) -> Option<String> {
        self.exceeded.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn refuse(&self, path: &str, limit: &str) -> String {
        let why = format!("with `{path}` the policy is larger than Comity reads: {limit}");
        let mut exceeded = self.exceeded.lock().unwrap_or_else(PoisonError::into_inner);
        exceeded.get_or_insert_with(|| why.clone()).clone()
    }
}

impl Files for PolicyFiles<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let (files, bytes) = *read;
        if files >= self.most.0 {
            return Err(self.refuse(path, &format!("{} files", self.most.0)));
        }
        let Some(text) = self.files.read_at_most(path, self.most.1.saturating_sub(bytes))? else {
            return Err(self.refuse(path, &format!("{} MiB with all its files", self.most.1 >> 20)));
        };
        *read = (files.saturating_add(1), bytes.saturating_add(text.len()));
        Ok(text)
    }

    fn annex(&self, name: &str) -> Option<StandIn> {
        self.files.annex(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Same;

    impl Files for Same {
        fn read(&self, path: &str) -> Result<String, String> {
            if path == "gone" { Err("there is no such file".to_string()) } else { Ok("x".repeat(1 << 20)) }
        }
    }

    #[test]
    fn all_files_of_a_policy_count_together() {
        let few = PolicyFiles::of(&Same, (2, 9 << 20));
        assert!(few.read("gone").is_err() && few.exceeded().is_none());
        assert!(few.read("a").is_ok() && few.read("b").is_ok() && few.exceeded().is_none());
        let why = few.read("c").unwrap_err();
        assert_eq!(why, "with `c` the policy is larger than Comity reads: 2 files");
        assert_eq!(few.exceeded(), Some(why));
        let small = PolicyFiles::of(&Same, (9, 2 << 20));
        assert!(small.read("a").is_ok() && small.read("b").is_ok());
        let why = small.read("c").unwrap_err();
        assert_eq!(why, "with `c` the policy is larger than Comity reads: 2 MiB with all its files");
    }
}
