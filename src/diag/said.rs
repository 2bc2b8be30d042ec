//! Messages written out: in pictures where these are built in, else in few words.

use super::{Diagnostic, Severity, count, tick};
use crate::text::{Sources, shown_lines};

/// How messages look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub colour: bool,
    /// In characters. Lines of a source may be wider.
    pub width: usize,
}

impl Style {
    /// For files, pipes and tests.
    pub const PLAIN: Style = Style { colour: false, width: 80 };
}

/// More messages than this help nobody; the others are counted.
pub const MOST: usize = 100;

/// All messages, and how many they are.
pub fn render_all(said: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let mut out = String::new();
    for diagnostic in said.iter().take(MOST) {
        out.push_str(&render(diagnostic, sources, style));
        out.push('\n');
    }
    if let Some(more) = said.len().checked_sub(MOST).filter(|more| *more > 0) {
        out.push_str(&format!("{} not shown\n", count(more, "other message")));
    }
    if let Some(summary) = summary(said) {
        out.push_str(&summary);
        out.push('\n');
    }
    if let Some(worst) = said.iter().find(|one| one.is_error()).or(said.first()) {
        out.push_str(&format!("run {} for more\n", tick(&format!("comity explain {}", worst.code))));
    }
    out
}

/// `2 errors, 1 warning`; nothing if nothing was said.
pub fn summary(said: &[Diagnostic]) -> Option<String> {
    let errors = said.iter().filter(|one| one.is_error()).count();
    let warnings = said.len() - errors;
    let parts = [(errors, "error"), (warnings, "warning")];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(*n, noun)).collect();
    if parts.is_empty() { None } else { Some(parts.join(", ")) }
}

/// One message with its picture; without the feature `fancy`, in few words.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    #[cfg(feature = "fancy")]
    if let Some(picture) = super::render::picture(diagnostic, sources, style) {
        return picture;
    }
    #[cfg(not(feature = "fancy"))]
    let _ = style;
    plain(diagnostic, sources)
}

/// One message in few words, for logs and tests: `a.comity:3:5: error unknown-name: …`.
pub fn plain(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let place = diagnostic.span().map_or(String::new(), |span| format!("{}: ", sources.place(span)));
    let mut out = format!("{place}{severity} {}: {}\n", diagnostic.code, diagnostic.message);
    for (at, label) in diagnostic.labels.iter().enumerate() {
        match (at, label.text.as_str()) {
            (0, "") => {}
            (0, text) => out.push_str(&format!("  here: {text}\n")),
            (_, text) => out.push_str(&format!("  {}: {text}\n", sources.place(label.span))),
        }
    }
    if let Some(help) = &diagnostic.help {
        out.push_str(&format!("  help: {help}\n"));
    }
    shown_lines(&out).into_owned()
}
