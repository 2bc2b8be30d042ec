//! One text of all files of a policy: paths as seen from one place, no `use`, Markdown prose as remarks.

use super::edits::{Edits, doc_lines, line_end, take_out};
use super::targets::inside;
use crate::syntax;
use crate::text::{SourceId, Sources, Span, beside};
use crate::tree::{Decl, File, Item, Quoted};

/// A file that has been read.
#[derive(Clone, Debug)]
pub struct TextPart {
    pub path: String,
    pub source: SourceId,
    pub tree: File,
}

/// The files of one policy as one text, which stands where the file at `seat` does.
pub(super) fn join(parts: &[TextPart], seat: &str, sources: &Sources) -> String {
    let mut joined = String::new();
    for part in parts {
        let text = sources.get(part.source).map_or("", |source| source.text.as_str());
        let mut edits = Edits::default();
        if text.starts_with('\u{feff}') {
            edits.delete(0, '\u{feff}'.len_utf8());
        }
        if part.path.ends_with(".md") {
            prose(&mut edits, text);
        }
        for item in &part.tree.items {
            if let Decl::Use(_) = item.kind {
                let (start, end) = (item.span.start as usize, item.span.end as usize);
                take_out(&mut edits, text, start, end, doc_lines(item.doc.as_ref()));
            }
            for (span, path) in paths(item, &part.path, seat) {
                edits.replace(span.start as usize, span.end as usize, path);
            }
        }
        if parts.len() > 1 {
            if !joined.is_empty() {
                joined.push('\n');
            }
            joined.push_str(&format!("# --- {}\n", relative(&part.path, seat)));
        }
        let text = edits.applied(text, 0, text.len());
        joined.push_str(&text);
        if !joined.ends_with('\n') {
            joined.push('\n');
        }
    }
    joined
}

/// What stands around the blocks of a Markdown file.
fn prose(edits: &mut Edits, text: &str) {
    let rules = syntax::literate(text);
    let mut at = 0;
    while at < text.len() {
        let end = line_end(text, at);
        let line = text.get(at..end).unwrap_or("");
        if rules.get(at..end) != Some(line) {
            if line.trim_start().starts_with("```") {
                edits.delete(at, (end + 1).min(text.len()));
            } else {
                edits.insert(at, "# ");
            }
        }
        at = end + 1;
    }
}

/// The paths in a declaration that are written otherwise in a text at `seat`.
pub(super) fn paths(item: &Item, from: &str, seat: &str) -> Vec<(Span, String)> {
    let file = match &item.kind {
        Decl::Annex(annex) => Some(&annex.file),
        Decl::Source(source) => source.text.as_ref(),
        _ => None,
    };
    let moved = |file: &Quoted| {
        let path = relative(&beside(from, &file.text), seat);
        (path != file.text && folder(from) != folder(seat)).then(|| (file.span, format!("\"{path}\"")))
    };
    let own = file.and_then(moved);
    own.into_iter().chain(inside(item).iter().flat_map(|inner| paths(inner, from, seat))).collect()
}

pub(super) fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| path.get(..=slash).unwrap_or(""))
}

/// A path as it is written in the file `seat`.
pub(super) fn relative(path: &str, seat: &str) -> String {
    if path.starts_with('/') != seat.starts_with('/') {
        return path.to_string();
    }
    let mut parts = path.split('/').peekable();
    let mut folders = folder(seat).split_terminator('/').peekable();
    while let (Some(part), Some(folder)) = (parts.peek(), folders.peek())
        && part == folder
    {
        parts.next();
        folders.next();
    }
    let up = folders.map(|_| "..");
    up.chain(parts).collect::<Vec<_>>().join("/")
}
