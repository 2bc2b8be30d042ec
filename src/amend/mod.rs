//! Amendments (A1–A4): the trees of a base, changed as an amending file says, before anything is checked.
//!
//! The order of the work: 1 [`plan`] finds the target of every operation and what is to become of it, all about the base;
//! 2 [`apply`] makes the trees, or [`text`] one text of all; 3 [`refs`] looks for what still names a text that is gone. A
//! change within a declaration is a change of its words ([`wording`]), after which it is read again ([`reread`]): in the
//! trees as in the text.

mod apply;
mod edits;
mod ends;
mod errors;
mod incoming;
mod join;
mod literals;
mod plan;
mod refs;
mod reread;
mod targets;
mod text;
pub(crate) mod visit;
mod wording;

pub use ends::follows;
pub use errors::loop_of_amendments;
pub use join::TextPart;
pub use text::consolidated;

use crate::diag::Diagnostic;
use crate::text::Sources;
use crate::tree::{Amends, Decl, File};

/// What a file amends, if it does.
pub fn amends(file: &File) -> Option<&Amends> {
    file.items.iter().find_map(|item| match &item.kind {
        Decl::Amends(amends) => Some(amends),
        _ => None,
    })
}

/// The trees of the amended text. `own` are the amending file and those it uses, itself the last. Lines in which words have
/// changed are entered into `sources`.
///
/// # Errors
/// What cannot be done, all of it.
pub fn amended(base: Vec<File>, own: &[File], sources: &mut Sources) -> Result<Vec<File>, Vec<Diagnostic>> {
    let plan = plan::plan(&base, own, sources)?;
    let named = refs::names(&base);
    let mut trees = apply::apply(base, &plan, sources)?;
    let said = refs::still_named(&named, &mut trees, own);
    if said.is_empty() { Ok(trees) } else { Err(said) }
}

/// What is out of place in the files of one policy, of which the last is the root: a second `amends`, one in a file that
/// is used, or operations where nothing is amended.
pub fn misplaced(own: &[File]) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    let root = own.len().saturating_sub(1);
    let amending = own.last().is_some_and(|file| amends(file).is_some());
    for (at, file) in own.iter().enumerate() {
        let mut first = None;
        for item in &file.items {
            match &item.kind {
                Decl::Amends(_) if at != root => said.push(errors::used_file_amends(item.span)),
                Decl::Amends(_) => match first {
                    None => first = Some(item.span),
                    Some(first) => said.push(errors::second_base(item.span, first)),
                },
                Decl::Repeal(_)
                | Decl::Replace(_)
                | Decl::Insert(_)
                | Decl::Substitute(_)
                | Decl::Set { .. }
                    if !amending =>
                {
                    said.push(errors::amends_nothing(item));
                }
                _ => {}
            }
        }
    }
    said
}
