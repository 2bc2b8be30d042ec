//! A policy that programs keep.

use super::diagnostics::Diagnostics;
use super::disk::ReadDisk;
use super::kept::{FilesAgain, KeptFiles, NotingFiles, OneText};
use crate::compile::compile;
use crate::diag::Diagnostic;
use crate::policy;
use crate::roots::root;
use crate::run::Prepared;
use crate::text::{Files, Sources};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A policy that was read and checked, and may be asked.
///
/// It owns all it needs, is `Send` and `Sync`, and costs nothing to clone: keep one for as long as its text is in force, and
/// ask it from as many threads as you like.
///
/// ```
/// # fn main() -> Result<(), comity::Diagnostics> {
/// let policy = comity::Policy::from_text(
///     "fact disbursed : USD\n\
///      outcome tariff : rate\n\
///      rule kept: if disbursed >= 550 billion USD then tariff := 15% otherwise tariff := 25%\n",
/// )?;
/// let facts = policy.facts().set("disbursed", "549_999_999_999.99 USD").build()?;
/// let answers = policy.ask(&facts).answers()?;
/// assert_eq!(answers.get("tariff").unwrap().to_string(), "25%");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Policy(pub(super) Arc<KeptPolicy>);

/// A policy with all that belongs to it.
pub(super) struct KeptPolicy {
    /// The path of its root file.
    pub root: String,
    pub policy: policy::Policy,
    pub sources: Sources,
    pub lints: Vec<Diagnostic>,
    pub prepared: Arc<Prepared>,
    files: KeptFiles,
}

/// What a policy given as text is called in messages.
const TEXT: &str = "policy.comity";

impl Policy {
    /// Reads a policy from the disk: a `.comity` or `.comity.md` file, or a folder with one policy in it, with all files that
    /// it names.
    ///
    /// # Errors
    /// Everything that is wrong with it, or why a file cannot be read.
    pub fn load(path: impl AsRef<Path>) -> Result<Policy, Diagnostics> {
        let path = path.as_ref().to_string_lossy();
        let root = root(&path, &ReadDisk).map_err(|error| Diagnostics::one(error, &Sources::new()))?;
        Policy::from_files(&root, &ReadDisk)
    }

    /// Reads the policy whose root is the file at `root` from wherever `files` has them: an archive, a database, a map in
    /// memory.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_files(root: &str, files: &dyn Files) -> Result<Policy, Diagnostics> {
        let mut sources = Sources::new();
        let noting = NotingFiles::new(files);
        match compile(root, &noting, &mut sources) {
            Ok(compiled) => {
                let files = noting.kept(&sources);
                let prepared = Arc::new(Prepared::new(&compiled.policy));
                let root = root.to_string();
                let (policy, lints) = (compiled.policy, compiled.lints);
                Ok(Policy(Arc::new(KeptPolicy { root, policy, sources, lints, prepared, files })))
            }
            Err(said) => Err(Diagnostics::new(said, &sources)),
        }
    }

    /// Reads a policy that is one text and names no files. Messages call it `policy.comity`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_text(text: &str) -> Result<Policy, Diagnostics> {
        Policy::from_files(TEXT, &OneText { name: TEXT, text })
    }

    /// The path of its root file, as it was given or found.
    pub fn root(&self) -> &str {
        &self.0.root
    }

    /// The names of its outcomes, in the order of the text.
    pub fn outcomes(&self) -> impl Iterator<Item = &str> {
        self.0.policy.outcomes.values().map(|outcome| outcome.name.as_str())
    }

    /// The names of the facts that may be stated, in the order of the text.
    pub fn fact_names(&self) -> impl Iterator<Item = &str> {
        self.0.policy.facts.values().map(|fact| fact.name.as_str())
    }

    /// What is probably not meant in its text, though it stands; empty if there is nothing.
    pub fn warnings(&self) -> Diagnostics {
        Diagnostics::new(self.0.lints.clone(), &self.0.sources)
    }

    /// The same policy, with its texts among those of another.
    pub(super) fn beside(&self, sources: &mut Sources) -> Result<policy::Policy, Diagnostics> {
        let files = FilesAgain { kept: &self.0.files, sources: &self.0.sources };
        let read = compile(&self.0.root, &files, sources);
        read.map(|compiled| compiled.policy).map_err(|said| Diagnostics::new(said, sources))
    }

    pub(super) fn is(&self, other: &Policy) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy").field("root", &self.0.root).finish_non_exhaustive()
    }
}
