//! Lines of text as they are put together: indented, wrapped, coloured where that is wanted; in Markdown as nested lists.

use crate::diag::{Style, wrap};
use crate::steps;
use crate::text::shown_lines;

/// What a report is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Text(Style),
    Markdown,
}

/// Text that grows line by line.
pub struct Page {
    pub(super) out: String,
    look: Look,
    /// In Markdown: how far in the item stands that is written, and those around it.
    pub(super) depth: Vec<usize>,
}

/// What a colour means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// A heading.
    Strong,
    Good,
    Bad,
    Open,
}

impl Page {
    pub fn new(look: Look) -> Page {
        Page { out: String::new(), look, depth: Vec::new() }
    }

    pub fn is_markdown(&self) -> bool {
        self.look == Look::Markdown
    }

    fn style(&self) -> Style {
        match self.look {
            Look::Text(style) => style,
            Look::Markdown => Style::PLAIN,
        }
    }

    /// How wide a line may be.
    pub fn width(&self) -> usize {
        self.style().width
    }

    /// The head of a part: a line, or in Markdown a heading.
    pub fn head(&mut self, level: usize, text: &str) {
        if self.is_markdown() {
            self.heading(level, text);
        } else {
            self.line(0, text);
        }
    }

    /// A name or an expression: in Markdown it stands out.
    pub fn code(&self, text: &str) -> String {
        if self.is_markdown() && !text.contains('`') { format!("`{text}`") } else { text.to_string() }
    }

    /// A line; what does not fit goes on further in.
    pub fn line(&mut self, indent: usize, text: &str) {
        self.hanging(indent, 2, text);
    }

    /// A line whose continuation stands `hang` further in than it.
    pub fn hanging(&mut self, indent: usize, hang: usize, text: &str) {
        if self.is_markdown() {
            return self.item(indent, text);
        }
        // Colours take no room; where they are on, a terminal is wide enough.
        let room = self.style().width.saturating_sub(indent).max(40);
        let lines =
            if text.chars().count() <= room { vec![text.to_string()] } else { fold(text, room, hang) };
        for (at, line) in lines.iter().enumerate() {
            let indent = if at == 0 { indent } else { indent.saturating_add(hang) };
            if !line.is_empty() {
                self.out.push_str(&" ".repeat(indent));
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    /// As it is, however long.
    pub fn raw(&mut self, indent: usize, text: &str) {
        if self.is_markdown() {
            return self.item(indent, text);
        }
        self.out.push_str(&" ".repeat(indent));
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// One blank line, and never two.
    pub fn gap(&mut self) {
        self.depth.clear();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Rows of cells, the columns aligned; the last wraps.
    pub fn table(&mut self, indent: usize, rows: &[Vec<String>]) {
        if self.is_markdown() {
            for row in rows {
                let cells: Vec<&str> =
                    row.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
                self.item(indent, &cells.join(" "));
            }
            return;
        }
        // The last cell of a row has room to its right.
        let mut widths: Vec<usize> = Vec::new();
        for cells in rows.iter().filter_map(|row| Some(row.split_last()?.1)) {
            steps::step();
            widths.resize(widths.len().max(cells.len()), 0);
            widths.iter_mut().zip(cells).for_each(|(width, cell)| *width = cell.chars().count().max(*width));
        }
        for row in rows {
            let mut line = String::new();
            let mut taken = 0;
            for (column, cell) in row.iter().enumerate() {
                if column.saturating_add(1) == row.len() {
                    taken = line.chars().count();
                    line.push_str(cell);
                } else {
                    let width = widths.get(column).copied().unwrap_or(0);
                    let fill = width.saturating_sub(cell.chars().count());
                    line.push_str(&format!("{cell}{}", " ".repeat(fill.saturating_add(2))));
                }
            }
            self.hanging(indent, taken, line.trim_end());
        }
    }

    pub fn tint(&self, tint: Tint, text: &str) -> String {
        if !self.style().colour {
            return text.to_string();
        }
        let code = match tint {
            Tint::Strong => "1",
            Tint::Good => "32",
            Tint::Bad => "31",
            Tint::Open => "33",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    pub fn finish(self) -> String {
        self.out
    }
}

/// The codes of tints, and of their end.
const CODES: [&str; 5] = ["[1m", "[32m", "[31m", "[33m", "[0m"];

/// A whole report as it is handed out: every sign in it is visible, but its lines and, where they are wanted, its tints.
pub fn seen(text: &str, colour: bool) -> String {
    let mut parts = text.split('\u{1b}');
    let mut out = shown_lines(parts.next().unwrap_or("")).into_owned();
    for part in parts {
        let ours = colour && CODES.iter().any(|code| part.starts_with(code));
        out.push(if ours { '\u{1b}' } else { '␛' });
        out.push_str(&shown_lines(part));
    }
    out
}

/// Wrapped, the first line at the full width and the others narrower by `hang`.
fn fold(text: &str, room: usize, hang: usize) -> Vec<String> {
    // Spaces that align must survive: only the last cell of a table row, behind them, is wrapped.
    let lead: String = text.chars().take(hang).collect();
    let aligned = lead.contains("  ");
    let (lead, rest) = if aligned { text.split_at(lead.len()) } else { ("", text) };
    let mut lines = wrap(rest, room.saturating_sub(hang).max(24));
    if let Some(first) = lines.first_mut() {
        // Spaces at the seam would be lost with the wrapping.
        let seam = rest.chars().take_while(|sign| *sign == ' ').count();
        first.insert_str(0, &format!("{lead}{}", " ".repeat(seam)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_the_last_wraps() {
        let mut page = Page::new(Look::Text(Style { colour: false, width: 44 }));
        let row = |cells: &[&str]| cells.iter().map(|cell| cell.to_string()).collect::<Vec<_>>();
        page.table(
            2,
            &[row(&["25%", "disbursed < pledged by deadline and more of it"]), row(&["15 USD", "never"])],
        );
        assert_eq!(
            page.finish(),
            "  25%     disbursed < pledged by deadline\n          and more of it\n  15 USD  never\n"
        );
    }

    #[test]
    fn two_blank_lines_never_follow_each_other() {
        let mut page = Page::new(Look::Text(Style::PLAIN));
        page.gap();
        page.line(0, "a");
        page.gap();
        page.gap();
        page.line(0, "b");
        assert_eq!(page.finish(), "a\n\nb\n");
    }
}
