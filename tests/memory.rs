//! A world without a disk.

use comity::cli::{PathKind, World};
use comity::text::Files;
use std::collections::BTreeMap;

/// Files in memory.
#[derive(Default)]
pub struct Memory(pub BTreeMap<String, String>);

impl Memory {
    pub fn with(mut self, path: &str, text: impl Into<String>) -> Memory {
        self.0.insert(path.to_string(), text.into());
        self
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".to_string())
    }
}

impl World for Memory {
    fn kind(&self, path: &str) -> PathKind {
        if self.0.contains_key(path) { PathKind::File } else { PathKind::Missing }
    }

    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(self.0.keys().cloned().collect())
    }

    fn stdin(&self) -> Result<String, String> {
        self.read("-")
    }

    fn files(&self) -> &dyn Files {
        self
    }

    fn open(&self, path: &str) -> Result<Box<dyn std::io::Read + Send>, String> {
        Ok(Box::new(std::io::Cursor::new(self.read(path)?)))
    }
}
