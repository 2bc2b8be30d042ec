//! A name that nothing declares is said once, with all its places. Where it stands several times, and the name that is near
//! stands nowhere but where it is declared, the declaration is what is misspelt.

use crate::diag::{Code, Diagnostic, FixEdit, tick};
use crate::text::{Sources, Span};
use std::collections::BTreeMap;

/// The messages, each unknown name in one of them.
pub(super) fn said_once(said: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    let mut made: Vec<Diagnostic> = Vec::new();
    let mut first: BTreeMap<String, (usize, Vec<Diagnostic>)> = BTreeMap::new();
    for one in said {
        let name = unknown(&one, sources).map(str::to_string);
        match name.as_ref().and_then(|name| first.get_mut(name)) {
            Some((_, more)) => more.push(one),
            None => {
                if let Some(name) = name {
                    first.insert(name, (made.len(), Vec::new()));
                }
                made.push(one);
            }
        }
    }
    for (name, (at, more)) in first.into_iter().filter(|(_, (_, more))| !more.is_empty()) {
        if let Some(one) = made.get_mut(at) {
            everywhere(one, &name, &more, sources);
        }
    }
    made
}

/// The name that a message does not know.
fn unknown<'s>(one: &Diagnostic, sources: &'s Sources) -> Option<&'s str> {
    let named = matches!(one.code, Code::UnknownName | Code::UnknownUnit);
    let span = one.span().filter(|_| named)?;
    let text = written(span, sources)?;
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then_some(text)
}

fn written(span: Span, sources: &Sources) -> Option<&str> {
    sources.get(span.source)?.text.get(span.start as usize..span.end as usize)
}

/// One fix for all places of a name.
fn everywhere(one: &mut Diagnostic, name: &str, more: &[Diagnostic], sources: &Sources) {
    let [fix] = one.fixes.as_mut_slice() else { return };
    let ([edit], false) = (fix.edits.as_slice(), fix.safe) else { return };
    let ours = edit.text.clone();
    if let Some(declared) = alone(&ours, edit.span, sources) {
        fix.title = format!("write {} where it is declared", tick(name));
        fix.edits = vec![FixEdit::new(declared, name)];
        one.help = Some(format!(
            "write {} where it is declared, or {} wherever it is used",
            tick(name),
            tick(&ours)
        ));
        if let Some(label) = one.labels.first_mut() {
            label.text = String::new();
        }
        one.labels.push(crate::diag::Label { span: declared, text: format!("declared as {}", tick(&ours)) });
        return;
    }
    let alike = more.iter().filter_map(|other| match other.fixes.as_slice() {
        [fix] => match fix.edits.as_slice() {
            [edit] if edit.text == ours => Some(edit.clone()),
            _ => None,
        },
        _ => None,
    });
    fix.edits.extend(alike);
}

/// The one place of a name in the text of a span, if it stands there once as a word.
fn alone(name: &str, span: Span, sources: &Sources) -> Option<Span> {
    let text = &sources.get(span.source)?.text;
    let wordy = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
    let mut found = text.match_indices(name).filter(|(at, _)| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        let after = text.get(at.saturating_add(name.len())..).and_then(|text| text.chars().next());
        !wordy(before) && !wordy(after)
    });
    let (at, _) = found.next().filter(|_| !name.is_empty())?;
    match found.next() {
        None => Some(Span::new(span.source, at, at.saturating_add(name.len()))),
        Some(_) => None,
    }
}
