//! A declaration in which words have changed is read again, from the lines as they are now: so that it is what it would be
//! if somebody had written it so, and is quoted so.

use super::edits::{line_end, line_start};
use super::wording::Edit;
use crate::diag::Diagnostic;
use crate::syntax;
use crate::text::{Piece, SourceId, Sources, Span};
use crate::tree::Item;
use std::collections::BTreeMap;

pub(super) struct Rereader<'a> {
    sources: &'a mut Sources,
    /// The rules of each text.
    rules: BTreeMap<SourceId, String>,
    pub said: Vec<Diagnostic>,
}

impl Rereader<'_> {
    pub(super) fn new(sources: &mut Sources) -> Rereader<'_> {
        Rereader { sources, rules: BTreeMap::new(), said: Vec::new() }
    }

    /// A declaration with changes in its words. If it cannot be read any more, that is said.
    pub(super) fn reread(&mut self, item: &Item, edits: &[Edit]) -> Item {
        let span = item.span;
        let Some(source) = self.sources.get(span.source) else { return item.clone() };
        let (name, literate) = (source.name.clone(), source.name.ends_with(".md") && !source.is_amended());
        let (number, _) = source.line_column(span.start);
        let text = self.rules.entry(span.source).or_insert_with(|| match literate {
            true => syntax::literate(&source.text),
            false => source.text.clone(),
        });
        let whole =
            Span::new(span.source, line_start(text, span.start as usize), line_end(text, span.end as usize));
        let (text, pieces) = spliced(text, whole, edits);
        let behind = (whole.end - span.end) as usize;
        let before = (span.start - whole.start) as usize;
        // Nothing but this declaration is read.
        let blank = |length: usize| " ".repeat(length);
        let own = text.get(before..text.len().saturating_sub(behind)).unwrap_or("");
        let alone = format!("{}{own}{}", blank(before), blank(behind));
        let id = self.sources.amended(name, text, number, pieces);
        let (file, said) = syntax::file_lossy(id, &alone);
        self.said.extend(said);
        match file.items.into_iter().next() {
            Some(read) => Item { doc: item.doc.clone(), ..read },
            None => item.clone(),
        }
    }
}

/// The stretch `whole` of a text with changes in it, and where its words stand.
fn spliced(text: &str, whole: Span, edits: &[Edit]) -> (String, Vec<Piece>) {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.instead.start);
    let (mut out, mut pieces) = (String::new(), Vec::new());
    let mut put = |words: &str, from: Span, instead: Span| {
        if !words.is_empty() {
            pieces.push(Piece { start: u32::try_from(out.len()).unwrap_or(u32::MAX), words: from, instead });
            out.push_str(words);
        }
    };
    let kept = |from: u32, to: u32| (from..to, Span { start: from, end: to, ..whole });
    let mut at = whole.start;
    for edit in edits {
        let (range, span) = kept(at, edit.instead.start.max(at));
        put(text.get(range.start as usize..range.end as usize).unwrap_or(""), span, span);
        put(&edit.words, edit.from, edit.instead);
        at = edit.instead.end.max(at);
    }
    let (range, span) = kept(at, whole.end.max(at));
    put(text.get(range.start as usize..range.end as usize).unwrap_or(""), span, span);
    (out, pieces)
}
