//! Texts of data as the statements of the language.

use super::plain;
use crate::diag::Diagnostic;
use crate::sheet::Written;
use crate::syntax;
use crate::text::Span;
use crate::tree;
use std::borrow::Cow;

/// One statement as read.
pub struct CellPiece<'s> {
    pub stated: Cow<'s, tree::Stated>,
    /// The text it was read from, if its own places are not places of the source (it had escapes in it).
    pub whole: Option<Span>,
}

impl CellPiece<'_> {
    /// Where the statement stands.
    pub fn span(&self) -> Span {
        self.whole.unwrap_or(self.stated.span)
    }

    /// A message about the statement, moved to where it stands.
    pub fn moved(&self, error: Diagnostic) -> Diagnostic {
        moved(self.whole, error)
    }
}

fn moved(whole: Option<Span>, mut error: Diagnostic) -> Diagnostic {
    if let Some(whole) = whole {
        error
            .labels
            .iter_mut()
            .filter(|label| label.span.source == whole.source)
            .for_each(|label| label.span = whole);
        error.fixes.clear();
    }
    error
}

/// By the grammar of the language.
pub fn series<'s>(written: &Written<'_>) -> Result<Vec<CellPiece<'s>>, Vec<Diagnostic>> {
    let whole = if written.at.is_some() { None } else { Some(written.span) };
    let offset = written.at.unwrap_or(0);
    if let Some(stated) = plain::stated(written.span.source, &written.text, offset) {
        return Ok(vec![CellPiece { stated: Cow::Owned(stated), whole }]);
    }
    match syntax::stated(written.span.source, &written.text, offset) {
        Ok(series) => {
            let piece = |stated| CellPiece { stated: Cow::Owned(stated), whole };
            Ok(series.statements.into_iter().map(piece).collect())
        }
        Err(errors) => Err(errors.into_iter().map(|error| moved(whole, error)).collect()),
    }
}
