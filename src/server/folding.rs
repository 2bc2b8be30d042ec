//! What can be folded: declarations of several lines, and runs of remarks.

use super::places::number;
use super::view::PolicyView;
use crate::index::OutlineItem;
use crate::text::SourceId;
use gen_lsp_types::{FoldingRange, FoldingRangeKind};

pub(super) fn folds(view: &PolicyView, source: SourceId) -> Vec<FoldingRange> {
    let mut folds = Vec::new();
    view.index.outline(source).iter().for_each(|item| declaration(view, item, &mut folds));
    remarks(&view.rules(source), &mut folds);
    folds.sort_by_key(|fold| (fold.start_line, fold.end_line));
    folds
}

fn declaration(view: &PolicyView, item: &OutlineItem, folds: &mut Vec<FoldingRange>) {
    let range = view.range(item.whole);
    folds.extend(lines(range.start.line, range.end.line, FoldingRangeKind::Region));
    item.inner.iter().for_each(|inner| declaration(view, inner, folds));
}

fn remarks(text: &str, folds: &mut Vec<FoldingRange>) {
    let mut start = None;
    for (at, line) in text.lines().chain([""]).enumerate() {
        let at = number(at);
        match (line.trim_start().starts_with('#'), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                folds.extend(lines(from, at.saturating_sub(1), FoldingRangeKind::Comment));
                start = None;
            }
            _ => {}
        }
    }
}

fn lines(start: u32, end: u32, kind: FoldingRangeKind) -> Option<FoldingRange> {
    (start < end).then_some(FoldingRange {
        start_line: start,
        start_character: None,
        end_line: end,
        end_character: None,
        kind: Some(kind),
        collapsed_text: None,
    })
}
