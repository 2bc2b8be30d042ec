mod declarations;
mod expressions;
mod limits;
mod pages;
mod print;
mod recovery;
mod soup;
mod wrong;
mod wrong_signs;

use super::*;
use crate::diag::Diagnostic;
use crate::text::Sources;

/// The tree of a text that must parse.
fn tree_of(text: &str) -> tree::File {
    let mut sources = Sources::new();
    let id = sources.add("test", text);
    file(id, text).unwrap_or_else(|errors| panic!("{text}\n{}", shown(&sources, &errors)))
}

/// Messages as `code @text under the place: message`, one a line.
fn shown(sources: &Sources, errors: &[Diagnostic]) -> String {
    let line = |error: &Diagnostic| {
        let at = error.span().map_or("", |span| sources.text(span));
        let help = error.help.as_deref().map_or(String::new(), |help| format!(" ({help})"));
        format!("{} @{at}: {}{help}", error.code, error.message)
    };
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A table of wrong texts with what is said about them: `code @text under the place: message (help)`.
fn check_said(table: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, said) in table {
        let mut sources = Sources::new();
        let id = sources.add("test", *text);
        let errors = file(id, text).err().unwrap_or_default();
        let found = shown(&sources, &errors);
        if found != *said {
            wrong.push(format!("{text}\n   said: {found:?}\n wanted: {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
