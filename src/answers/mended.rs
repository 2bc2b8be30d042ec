//! What a check would mend, and what is written in the one style, as JSON. The schemas are `docs/schema/mended.json` and
//! `docs/schema/fmt.json`.

use super::messages::{MessageDoc, written};
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

#[derive(Serialize)]
struct FormattedDoc<'a> {
    looked_at: usize,
    files: &'a [FileChange],
    diagnostics: &'a [MessageDoc],
    more: usize,
}

/// Of so many files those that change, and what was said of others.
pub fn formatted(files: &[FileChange], looked_at: usize, said: &[MessageDoc], more: usize) -> String {
    written(&FormattedDoc { looked_at, files, diagnostics: said, more })
}
