//! `comity check --fix`: what was mended, as it is shown.

use crate::answers::FileChange;
use crate::mend::MendedTexts;
use similar::TextDiff;

/// The files as they are to be, with what changes in each as `diff -u` writes it.
pub(super) fn changes(mended: &MendedTexts) -> Vec<FileChange> {
    let one = |(path, (old, new)): (&String, &(String, String))| FileChange {
        file: path.clone(),
        diff: TextDiff::from_lines(old, new).unified_diff().header(path, path).to_string(),
        text: new.clone(),
    };
    mended.files.iter().map(one).collect()
}
