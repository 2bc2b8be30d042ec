//! What can be mended in a text is mended in it, as far as it is the better for it.

use crate::compile::compile;
use crate::diag::{Diagnostic, Fix};
use crate::text::{Overlay, SourceId, Sources};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What was mended: the files by path, each as it was and as it is to be.
#[derive(Debug, Default)]
pub struct MendedTexts {
    pub files: BTreeMap<String, (String, String)>,
    /// How many fixes were made.
    pub made: usize,
}

/// What was mended may show what could not be seen before: so many fixes are tried, and no more.
const TRIED: usize = 500;

/// Mends the policy whose root is `root`; what is mended stands in `files` afterwards. Fixes are made one by one, in the
/// order of the text, each only if the whole is better for it.
pub fn mend(root: &str, files: &mut Overlay<'_>, risky: bool) -> MendedTexts {
    let mut mended = MendedTexts::default();
    let mut now = PolicyReading::of(root, files);
    let (mut next, mut tried) = (0, 0);
    while tried < TRIED {
        tried += 1;
        let Some(one) = now.said.get(next) else { break };
        let edits = chosen(one, risky).and_then(|fix| now.of_fix(fix));
        let Some((texts, better)) = edits.and_then(|edits| try_edits(root, files, (&now, next), edits))
        else {
            next += 1;
            continue;
        };
        for (path, text) in texts {
            let before = now.text_of(&path).unwrap_or_default().to_string();
            mended.files.entry(path.clone()).or_insert((before, String::new())).1.clone_from(&text);
            files.texts.insert(path, text);
        }
        mended.made += 1;
        now = better;
    }
    mended
}

/// An edit of a file: bytes of its text.
struct FileEdit {
    path: String,
    start: usize,
    end: usize,
    text: String,
}

/// A policy as it is read, with all that is said of it.
struct PolicyReading {
    said: Vec<Diagnostic>,
    sources: Sources,
}

impl PolicyReading {
    fn of(root: &str, files: &Overlay<'_>) -> PolicyReading {
        let mut sources = Sources::new();
        let said = match compile(root, files, &mut sources) {
            Ok(compiled) => compiled.lints,
            Err(said) => said,
        };
        PolicyReading { said, sources }
    }

    /// Where one of its messages begins.
    fn start(&self, at: usize) -> Option<(SourceId, u32)> {
        self.said.get(at).and_then(Diagnostic::span).map(|span| (span.source, span.start))
    }

    /// How bad it is: what does not parse, then what is wrong with the rest, then what is probably not meant.
    fn rank(&self) -> (usize, usize, usize) {
        let count = |wanted: &dyn Fn(&Diagnostic) -> bool| self.said.iter().filter(|one| wanted(one)).count();
        (
            count(&|one| one.is_error() && one.code.is_about_text()),
            count(&|one| one.is_error() && !one.code.is_about_text()),
            count(&|one| !one.is_error()),
        )
    }

    fn text_of(&self, path: &str) -> Option<&str> {
        self.sources.read().find(|(_, source)| source.name == path).map(|(_, source)| source.text.as_str())
    }

    /// Where its edits stand in the files; none: not all of them stand in one as they are.
    fn of_fix(&self, fix: &Fix) -> Option<Vec<FileEdit>> {
        let edit = |edit: &crate::diag::FixEdit| {
            let span = self.sources.origin(edit.span);
            let source = self.sources.get(span.source)?;
            // An amended text says elsewhere what stands here.
            let same = self.sources.text(edit.span) == self.sources.text(span);
            let made = FileEdit {
                path: source.name.clone(),
                start: span.start as usize,
                end: span.end as usize,
                text: edit.text.clone(),
            };
            (same && source.first_line() == 1).then_some(made)
        };
        fix.edits.iter().map(edit).collect()
    }
}

/// The fix to be made: one that is safe; of others, one that has no rival.
fn chosen(said: &Diagnostic, risky: bool) -> Option<&Fix> {
    let safe = said.fixes.iter().find(|fix| fix.safe);
    safe.or(match said.fixes.as_slice() {
        [only] if risky => Some(only),
        _ => None,
    })
}

/// The texts with these edits and how they are read, if that is for the better.
fn try_edits(
    root: &str,
    files: &Overlay<'_>,
    (now, fixed): (&PolicyReading, usize),
    mut edits: Vec<FileEdit>,
) -> Option<(BTreeMap<String, String>, PolicyReading)> {
    let mut texts = BTreeMap::<String, String>::new();
    // From the end on, so that places before stay.
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.start));
    for edit in edits {
        let text = texts.remove(&edit.path).or_else(|| now.text_of(&edit.path).map(str::to_string))?;
        let (before, after) = (text.get(..edit.start)?, text.get(edit.end..)?);
        texts.insert(edit.path, format!("{before}{}{after}", edit.text));
    }
    let mut with = Overlay { texts: files.texts.clone(), files: files.files };
    with.texts.extend(texts.clone());
    let reading = PolicyReading::of(root, &with);
    let better = match reading.rank().cmp(&now.rank()) {
        Ordering::Less => true,
        // The declaration can be read further than before.
        Ordering::Equal => reading.start(fixed) > now.start(fixed),
        Ordering::Greater => false,
    };
    better.then_some((texts, reading))
}
