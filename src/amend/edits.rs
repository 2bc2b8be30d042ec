//! Changes of a text, and the lines around a place in it.

/// Replacements of stretches of one text, by what is to stand there.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(usize, usize, String)>);

impl Edits {
    pub(super) fn replace(&mut self, start: usize, end: usize, by: impl Into<String>) {
        self.0.push((start, end, by.into()));
    }

    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at, at, text);
    }

    pub(super) fn delete(&mut self, start: usize, end: usize) {
        self.replace(start, end, "");
    }

    /// The stretch `start..end` of a text with the changes in it. Of two at one place the first made comes first.
    pub(super) fn applied(mut self, text: &str, start: usize, end: usize) -> String {
        self.0.sort_by_key(|(start, _, _)| *start);
        let mut out = String::new();
        let mut at = start;
        for (from, to, by) in self.0.iter().filter(|(from, to, _)| *from >= start && *to <= end) {
            out.push_str(text.get(at..*from).unwrap_or(""));
            out.push_str(by);
            at = at.max(*to);
        }
        out.push_str(text.get(at..end).unwrap_or(""));
        out
    }
}

/// Where the line of a place begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

/// Where the line of a place ends, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |length| at + length)
}

/// The white space with which the line of a place begins.
pub(super) fn indentation(text: &str, at: usize) -> &str {
    let start = line_start(text, at);
    let line = text.get(start..line_end(text, at)).unwrap_or("");
    let length = line.len() - line.trim_start().len();
    line.get(..length).unwrap_or("")
}

/// Whether nothing stands before a place on its line.
pub(super) fn first_on_line(text: &str, at: usize) -> bool {
    text.get(line_start(text, at)..at).is_some_and(|before| before.trim().is_empty())
}

/// The end of the line, if nothing but a remark follows on it.
pub(super) fn end_with_remark(text: &str, at: usize) -> Option<usize> {
    let end = line_end(text, at);
    let rest = text.get(at..end)?.trim();
    (rest.is_empty() || rest.starts_with('#')).then_some(end)
}

/// The lines above the line of a place, the nearest first: where each begins, and its text.
pub(super) fn lines_above(text: &str, at: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut below = line_start(text, at);
    std::iter::from_fn(move || {
        let end = below.checked_sub(1)?;
        below = line_start(text, end);
        Some((below, text.get(below..end)?))
    })
}

pub(super) fn is_doc(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("##") && !line.starts_with("###")
}

/// Takes a declaration out with its doc comment; remarks stay. A line that is left empty goes too.
pub(super) fn take_out(edits: &mut Edits, text: &str, start: usize, end: usize, docs: usize) {
    take_docs(edits, text, start, docs);
    let line = line_end(text, end);
    let alone = first_on_line(text, start) && text.get(end..line).is_some_and(|rest| rest.trim().is_empty());
    if !alone {
        edits.delete(start, end);
        return;
    }
    let above = lines_above(text, start).find(|(_, line)| !is_doc(line));
    let blank_above = above.is_none_or(|(_, line)| line.trim().is_empty());
    let next = (line + 1).min(text.len());
    let after = line_end(text, next);
    let blank_below = text.get(next..after).is_some_and(|line| line.trim().is_empty());
    let until = if blank_above && blank_below { (after + 1).min(text.len()) } else { next };
    edits.delete(line_start(text, start), until);
}

/// Takes the lines of a doc comment out; other lines may stand between.
pub(super) fn take_docs(edits: &mut Edits, text: &str, start: usize, docs: usize) {
    for (at, line) in lines_above(text, start).filter(|(_, line)| is_doc(line)).take(docs) {
        edits.delete(at, (at + line.len() + 1).min(text.len()));
    }
}

/// How many lines a doc comment has.
pub(super) fn doc_lines(doc: Option<&String>) -> usize {
    doc.map_or(0, |doc| doc.split('\n').count())
}

/// A text with another indentation of all lines but the first.
pub(super) fn reindented(text: &str, old: &str, new: &str) -> String {
    let mut lines = text.split('\n');
    let mut out = lines.next().unwrap_or("").to_string();
    for line in lines {
        out.push('\n');
        if !line.trim().is_empty() {
            out.push_str(new);
            out.push_str(line.strip_prefix(old).unwrap_or_else(|| line.trim_start()));
        }
    }
    out
}
