//! The plan carried out on a text: what is not changed stays byte for byte, remarks included.

use super::edits::{
    Edits, doc_lines, end_with_remark, first_on_line, indentation, is_doc, line_start, lines_above,
    reindented, take_docs, take_out,
};
use super::incoming::New;
use super::join::{TextPart, join, paths};
use super::plan::{AmendmentPlan, PlannedChange, plan};
use super::targets::at;
use super::wording::Edit;
use crate::diag::Diagnostic;
use crate::syntax;
use crate::text::{SourceId, Sources};
use crate::tree::{Decl, File, Item};

/// The text of a policy with all amendments done in it, as it would stand in the file at `seat`. `layers` are the files of
/// the text that amends nothing, then those of each amendment.
///
/// # Errors
/// What cannot be done; of files that compile, nothing.
pub fn consolidated(
    layers: &[Vec<TextPart>],
    seat: &str,
    sources: &Sources,
) -> Result<String, Vec<Diagnostic>> {
    let mut layers = layers.iter();
    let mut text = join(layers.next().map_or(&[][..], Vec::as_slice), seat, sources);
    for own in layers {
        let mut sources = sources.clone();
        let source = sources.add(seat, text.clone());
        let (base, errors) = syntax::file_lossy(source, &text);
        if !errors.is_empty() {
            return Err(errors);
        }
        let base = [base];
        let trees: Vec<File> = own.iter().map(|part| part.tree.clone()).collect();
        let plan = plan(&base, &trees, &sources)?;
        text = Rewriter { text: &text, source, base: &base, own, seat, sources: &sources }.rewritten(&plan);
    }
    Ok(text)
}

struct Rewriter<'a> {
    text: &'a str,
    source: SourceId,
    base: &'a [File],
    own: &'a [TextPart],
    seat: &'a str,
    sources: &'a Sources,
}

impl Rewriter<'_> {
    fn rewritten(&self, plan: &AmendmentPlan) -> String {
        let mut edits = Edits::default();
        for (place, changes) in &plan.changes {
            let Some(item) = at(self.base, *place) else { continue };
            for change in changes {
                self.change(&mut edits, item, change);
            }
        }
        let mut text = edits.applied(self.text, 0, self.text.len());
        let standing: Vec<New> = plan.standing.iter().map(New::of).collect();
        let mut first = true;
        for new in
            plan.added.iter().chain(standing.iter().filter(|new| !matches!(new.item.kind, Decl::Use(_))))
        {
            if (first || self.blank_above(new)) && !text.ends_with("\n\n") {
                text.push('\n');
            }
            first = false;
            text.push_str(&self.new_text(new, ""));
            text.push('\n');
        }
        text
    }

    fn change(&self, edits: &mut Edits, item: &Item, change: &PlannedChange) {
        let (start, end) = (item.span.start as usize, item.span.end as usize);
        let indent = indentation(self.text, start);
        match change {
            PlannedChange::Remove => take_out(edits, self.text, start, end, doc_lines(item.doc.as_ref())),
            PlannedChange::Put(new) => {
                take_docs(edits, self.text, start, doc_lines(item.doc.as_ref()));
                edits.replace(start, end, self.new_text(new, indent));
            }
            PlannedChange::Words(edit) => replace(edits, edit),
            PlannedChange::After(new) => {
                let text = self.new_text(new, indent);
                match end_with_remark(self.text, end) {
                    Some(end) => edits.insert(end, format!("\n{indent}{text}")),
                    None => edits.insert(end, format!("\n{indent}{text}\n{indent}")),
                }
            }
            PlannedChange::Into(new) => {
                let inner = format!("{indent}  ");
                let text = self.new_text(new, &inner);
                let brace = end.saturating_sub(1);
                match first_on_line(self.text, brace) {
                    true => edits.insert(line_start(self.text, brace), format!("{inner}{text}\n")),
                    false => edits.insert(brace, format!("\n{inner}{text}\n{indent}")),
                }
            }
        }
    }

    /// The text of what comes in, below the remarks that stand above it where it comes from.
    fn new_text(&self, new: &New, indent: &str) -> String {
        let span = new.item.span;
        let text = self.sources.get(span.source).map_or("", |source| source.text.as_str());
        let (start, end) = (span.start as usize, span.end as usize);
        let mut edits = Edits::default();
        new.edits.iter().for_each(|edit| replace(&mut edits, edit));
        let mut until = end;
        let copy = span.source == self.source;
        if !copy {
            if let Some(part) = self.own.iter().find(|part| part.source == span.source) {
                for (span, path) in paths(&new.item, &part.path, self.seat) {
                    edits.replace(span.start as usize, span.end as usize, path);
                }
            }
            // A remark on its last line belongs to it.
            until = end_with_remark(text, end).unwrap_or(end);
        }
        let old = indentation(text, start);
        let body = edits.applied(text, start, until);
        let mut out = String::new();
        let mut docs = doc_lines(new.item.doc.as_ref());
        let mut above: Vec<&str> = Vec::new();
        for (_, line) in lines_above(text, new.whole.start as usize) {
            let line = line.trim();
            let doc = is_doc(line);
            if doc && docs > 0 {
                docs -= 1;
                above.push(line);
            } else if line.starts_with('#') && !doc {
                if !copy {
                    above.push(line);
                }
            } else if docs == 0 || !line.is_empty() {
                break;
            }
        }
        for line in above.iter().rev() {
            out.push_str(line);
            out.push('\n');
            out.push_str(indent);
        }
        out.push_str(&reindented(body.trim_end(), old, indent));
        out
    }

    /// Whether a blank line stands above it where it comes from, or above its remarks.
    fn blank_above(&self, new: &New) -> bool {
        let text = self.sources.get(new.item.span.source).map_or("", |source| source.text.as_str());
        let above = lines_above(text, new.whole.start as usize);
        above.map(|(_, line)| line.trim()).find(|line| !line.starts_with('#')).is_some_and(str::is_empty)
    }
}

fn replace(edits: &mut Edits, edit: &Edit) {
    edits.replace(edit.instead.start as usize, edit.instead.end as usize, edit.words.as_str());
}
