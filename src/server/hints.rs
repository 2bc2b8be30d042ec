//! What stands above a rule, beside its name: a head says only what it displaces itself.

use super::hover::called;
use super::view::PolicyView;
use crate::text::SourceId;
use gen_lsp_types::{InlayHint, Label, Range, Tooltip};

/// More rules than this are counted.
const NAMED: usize = 3;

pub(super) fn hints(view: &PolicyView, source: SourceId, within: Range) -> Vec<InlayHint> {
    let heads = view.index.order().heads().filter(|(_, span)| span.source == source);
    let hint = |(rule, span)| {
        let position = view.range(span).end;
        if position < within.start || within.end < position {
            return None;
        }
        let above: Vec<String> =
            view.index.order().above(rule).iter().map(|id| called(view, *id).replace('`', "")).collect();
        let more = above.len().saturating_sub(NAMED);
        let mut named: Vec<&str> = above.iter().take(NAMED).map(String::as_str).collect();
        let others = format!("{more} more");
        if more > 0 {
            named.push(&others);
        }
        (!named.is_empty()).then(|| InlayHint {
            position,
            label: Label::String(format!("displaced by {}", named.join(", "))),
            kind: None,
            text_edits: None,
            tooltip: (more > 0).then(|| Tooltip::String(above.join(", "))),
            padding_left: Some(true),
            padding_right: Some(true),
            data: None,
        })
    };
    heads.filter_map(hint).collect()
}
