//! What a check would mend, as JSON. The schema is `docs/schema/mended.json`.

use super::messages::written;
use serde::Serialize;

/// A file as it is to be.
#[derive(Clone, Debug, Serialize)]
pub struct FileChange {
    pub file: String,
    /// As `diff -u` writes it.
    pub diff: String,
    pub text: String,
}

#[derive(Serialize)]
struct MendedDoc<'a> {
    policy: &'a str,
    fixes: usize,
    files: &'a [FileChange],
}

/// The document, with a line feed at its end.
pub fn mended(policy: &str, fixes: usize, files: &[FileChange]) -> String {
    written(&MendedDoc { policy, fixes, files })
}
