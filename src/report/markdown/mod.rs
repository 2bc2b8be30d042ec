//! Markdown, for memos and remarks on a change: headings, tables, nested lists, clauses in quotation.

mod escape;
mod eval;
mod timeline;

pub(super) use eval::eval;
pub(super) use timeline::timeline;

use super::Report;
use super::page::Page;
use crate::policy::RuleId;
use std::collections::BTreeSet;

/// A clause longer than this is cut, and says so.
const LINES: usize = 60;

impl Page {
    pub(super) fn heading(&mut self, level: usize, text: &str) {
        self.gap();
        self.out.push_str(&format!("{} {}\n\n", "#".repeat(level), escape::text(text)));
    }

    /// Nothing is no paragraph.
    pub(super) fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.gap();
            self.out.push_str(&format!("{}\n\n", escape::text(text)));
        }
    }

    /// An item of a list, within those that stand less far in.
    pub(super) fn item(&mut self, indent: usize, text: &str) {
        while self.depth.last().is_some_and(|outer| *outer >= indent) {
            self.depth.pop();
        }
        let lead = "  ".repeat(self.depth.len());
        self.depth.push(indent);
        // Spaces that align are for other eyes.
        let words: Vec<&str> = text.split_whitespace().collect();
        self.out.push_str(&format!("{lead}- {}\n", escape::text(&words.join(" "))));
    }

    /// Lines as they are, within the item above.
    pub(super) fn fence(&mut self, lines: &[String]) {
        self.fence_of("comity", lines);
    }

    /// The same of another language.
    pub(super) fn fence_of(&mut self, language: &str, lines: &[String]) {
        let lead = "  ".repeat(self.depth.len());
        for line in fenced(language, &shifted(lines)) {
            self.out.push_str(format!("{lead}{line}").trim_end());
            self.out.push('\n');
        }
    }

    /// A table; a column without a word in any row is left out.
    pub(super) fn grid(&mut self, head: &[&str], rows: &[Vec<String>]) {
        self.gap();
        let filled =
            |column: usize| rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()));
        let columns: Vec<usize> = (0..head.len()).filter(|column| filled(*column)).collect();
        let mut line = |cells: Vec<String>| self.out.push_str(&format!("| {} |\n", cells.join(" | ")));
        let named = columns.iter().filter_map(|column| head.get(*column));
        line(named.map(|name| escape::cell(name)).collect());
        line(columns.iter().map(|_| "---".to_string()).collect());
        for row in rows {
            let cells =
                columns.iter().map(|column| row.get(*column).map_or_else(String::new, |cell| cells(cell)));
            line(cells.collect());
        }
        self.out.push('\n');
    }

    /// Lines as they are, in quotation, and what is said of them.
    fn quotation(&mut self, lines: &[String], remarks: &[String]) {
        self.gap();
        for line in fenced("comity", &shifted(lines)) {
            self.out.push_str(format!("> {line}").trim_end());
            self.out.push('\n');
        }
        for remark in remarks {
            self.out.push_str(&format!(">\n> {}\n", escape::text(remark)));
        }
        self.out.push('\n');
    }
}

/// Several things in one cell stand below each other.
fn cells(cell: &str) -> String {
    cell.split('\n').map(escape::cell).collect::<Vec<_>>().join("<br>")
}

/// With a fence longer than any in it.
fn fenced(language: &str, lines: &[String]) -> Vec<String> {
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.saturating_add(1).max(3));
    let mut all = vec![format!("{fence}{language}")];
    all.extend(lines.iter().cloned());
    all.push(fence);
    all
}

fn longest_run(line: &str) -> usize {
    let runs = line.split(|sign: char| sign != '`');
    runs.map(str::len).max().unwrap_or(0)
}

impl Report<'_> {
    /// The text of a rule in quotation, with its article, its citations and its place.
    pub(super) fn clause_quoted(&mut self, id: RuleId) {
        let span = self.words.policy.rules[id].span;
        let mut lines: Vec<String> = Vec::new();
        if let Some(source) = self.words.sources.get(span.source) {
            let (first, _) = source.line_column(span.start);
            let (last, _) = source.line_column(span.end.saturating_sub(1).max(span.start));
            let line = |number| self.words.sources.text(source.line_span(span.source, number)).to_string();
            lines.extend((first..=last).map(line));
        }
        let mut remarks = self.article_and_sources(id);
        remarks.push(format!("at `{}`", self.words.place(self.words.policy.rules[id].name_span)));
        self.page.quotation(&lines, &remarks);
    }

    /// Every rule that was named, in the order of the text.
    fn clauses(&mut self, rules: &BTreeSet<RuleId>) {
        if rules.is_empty() {
            return;
        }
        self.page.heading(3, "Clauses");
        for id in rules {
            let rule = &self.words.policy.rules[*id];
            let title = rule.title.as_ref().map_or(String::new(), |title| format!(" \"{title}\""));
            self.page.heading(4, &format!("{}{title}", self.page.code(&rule.shown)));
            self.clause_quoted(*id);
        }
    }
}

/// Without the indentation that all lines share, without the line break at their ends, and not too many.
fn shifted(lines: &[String]) -> Vec<String> {
    let blank = |line: &str| line.chars().take_while(|sign| *sign == ' ').count();
    let shared =
        lines.iter().filter(|line| !line.trim().is_empty()).map(|line| blank(line)).min().unwrap_or(0);
    let more = lines.len().saturating_sub(LINES);
    let cut = |line: &String| line.get(shared..).unwrap_or("").trim_end().to_string();
    let mut shifted: Vec<String> = lines.iter().take(LINES).map(cut).collect();
    if more > 0 {
        shifted.push(format!("# … {}", crate::diag::count(more, "more line")));
    }
    shifted
}
