//! How a policy is written down: one style, and nothing else changed.
//!
//! Line breaks are the drafter's, and so are columns that two lines keep to. Indentation, spaces, blank lines and what is
//! too long for a line are the style's. It works on the words of the grammar with what stands between them, not on trees:
//! so nothing that was written can be lost, and afterwards that is looked at ([`same`]).

mod columns;
mod gaps;
mod lines;
mod nests;
mod same;
mod steps;
mod written;

use super::grammar::{self, Rule};
use super::{file_lossy, literate};
use crate::diag::Diagnostic;
use crate::text::SourceId;
use written::WrittenText;

/// No line is wider, in characters, that can be broken.
pub const LINE_WIDTH: usize = 120;

/// Which part of a text is a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    Plain,
    /// Its blocks: all around them stays as it is.
    Literate,
}

/// Why a text is left as it is.
#[derive(Clone, Debug)]
pub enum Unformatted {
    /// It does not parse.
    Errors(Vec<Diagnostic>),
    /// It would not be the same policy afterwards, which must never be.
    NotTheSame,
}

/// A text in the one style: the same words, the same comments, each where it belongs.
///
/// # Errors
/// It is left as it is.
pub fn formatted(source: SourceId, text: &str, kind: TextKind) -> Result<String, Unformatted> {
    let policy = match kind {
        TextKind::Plain => None,
        TextKind::Literate => Some(literate(text)),
    };
    let (_, errors) = file_lossy(source, policy.as_deref().unwrap_or(text));
    if !errors.is_empty() {
        return Err(Unformatted::Errors(errors));
    }
    let old = WrittenText::new(text, kind);
    let mut new = laid_out(&old).ok_or(Unformatted::NotTheSame)?;
    // What moves to another line may make room for what stands after it.
    for _ in 0..ROUNDS {
        let again = laid_out(&WrittenText::new(&new, kind)).ok_or(Unformatted::NotTheSame)?;
        if again == new {
            break;
        }
        new = again;
    }
    let kept = same::is_same(&old, &WrittenText::new(&new, kind));
    if kept { Ok(new) } else { Err(Unformatted::NotTheSame) }
}

/// How often a text is laid out anew until nothing moves.
const ROUNDS: usize = 8;

fn laid_out(written: &WrittenText<'_>) -> Option<String> {
    let file = grammar::parse(Rule::file, &written.policy).ok()?.next()?;
    let steps = steps::of(file, written);
    let rows = lines::of(&steps, written);
    Some(written.ended(&columns::text(&rows, written)))
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests;
