//! A text in the one style, as `comity fmt` writes it.

use super::edits::changed;
use super::view::PolicyView;
use crate::syntax::style::{TextKind, formatted};
use crate::text::{SourceId, Span};
use gen_lsp_types::TextEdit;

/// The edits that bring it into the style; none: it cannot be read, and is left as it is.
pub(super) fn edits(view: &PolicyView, id: SourceId) -> Option<Vec<TextEdit>> {
    let source = view.sources.get(id)?;
    let kind = if source.name.ends_with(".md") { TextKind::Literate } else { TextKind::Plain };
    let after = formatted(id, &source.text, kind).ok()?;
    if after == source.text {
        return Some(Vec::new());
    }
    let (start, end, new) = changed(&source.text, &after);
    let range = view.unit.range(source, Span::new(id, start, end));
    Some(vec![TextEdit { range, new_text: new.to_string() }])
}
