//! A name is changed wherever it stands, in all files; or not at all, if the policy would then mean something else.

use super::documents::OpenTexts;
use super::edits::FileEdits;
use super::places::ColumnCount;
use super::view::PolicyView;
use crate::compile::compile;
use crate::diag::tick;
use crate::index::{NameKind, NameUse, NamedThing};
use crate::syntax::{TokenKind, scan};
use crate::text::{Overlay, SourceId, Sources};
use gen_lsp_types::TextEdit;

/// The words that no name may be.
const RESERVED: [&str; 11] =
    ["if", "then", "otherwise", "and", "or", "not", "true", "false", "today", "never", "unknown"];

/// The name at a place that can be changed.
pub(super) fn renamed(
    view: &PolicyView,
    source: SourceId,
    offset: u32,
) -> Result<(&NameUse, &NamedThing), String> {
    let meant = view.meant(source, offset);
    match meant.as_slice() {
        [] => Err("there is no name of the policy here".to_string()),
        [(one, thing)] => match thing.kind {
            NameKind::Article | NameKind::Party | NameKind::Scenario => {
                Err(format!("the name of {} is no word of its own", article(thing.kind)))
            }
            _ => Ok((one, thing)),
        },
        _ => Err("several things have this name, and it is not known which of them is meant".to_string()),
    }
}

fn article(kind: NameKind) -> String {
    let noun = kind.noun();
    let an = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if an { "an" } else { "a" })
}

/// The edits that give the name at a place another, in this policy and in `others` that have the same text.
pub(super) fn rename(
    view: &PolicyView,
    others: &[&PolicyView],
    (source, offset): (SourceId, u32),
    new_name: &str,
    texts: &OpenTexts<'_>,
) -> Result<FileEdits, String> {
    let (one, thing) = renamed(view, source, offset)?;
    let mut words = scan(new_name);
    let is_word = words.next().is_some_and(|word| {
        word.kind == TokenKind::Word && word.text(new_name) == new_name && new_name.is_ascii()
    });
    if !is_word || RESERVED.contains(&new_name) {
        return Err(format!(
            "{} can be no name: letters, digits and `_` make one, and a letter begins it",
            tick(new_name)
        ));
    }
    let place = thing.places.first().ok_or("the name is declared nowhere")?;
    let declared = view.sources.place(place.name);
    let mut edits = FileEdits::default();
    for policy in std::iter::once(&view).chain(others) {
        let same = policy.index.names().filter(|(_, other)| {
            other.places.iter().any(|place| policy.sources.place(place.name) == declared)
        });
        for (id, _) in same {
            for used in policy.index.uses(id) {
                if policy.index.is_doubtful(used) {
                    return Err(format!(
                        "at {} the name may mean something else as well",
                        policy.sources.place(used.span)
                    ));
                }
                edits.add(policy, used.span, new_name);
            }
        }
        let taken = policy.index.global(new_name).filter(|id| *id != one.name);
        if let Some(other) = taken.and_then(|id| policy.index.get(id))
            && thing.owner.is_none()
        {
            return Err(format!("{} is {} already", tick(new_name), article(other.kind)));
        }
    }
    for policy in std::iter::once(&view).chain(others) {
        unchanged(policy, &edits, texts)?;
    }
    Ok(edits)
}

/// The policy is read again with the new name: nothing new may be said of it.
fn unchanged(view: &PolicyView, edits: &FileEdits, texts: &OpenTexts<'_>) -> Result<(), String> {
    let changed = edits.paths().filter_map(|(path, edits)| {
        let (_, source) = view.source(path)?;
        Some((path.clone(), applied(&source.text, edits, view.unit)))
    });
    let files = Overlay { texts: changed.collect(), files: texts };
    let mut sources = Sources::new();
    let said = match compile(&view.root, &files, &mut sources) {
        Ok(compiled) => compiled.lints,
        Err(said) => said,
    };
    let errors = |said: &[crate::diag::Diagnostic]| said.iter().filter(|one| one.is_error()).count();
    if errors(&said) > errors(&view.said) {
        let new =
            said.iter().find(|one| one.is_error() && !view.said.iter().any(|old| old.message == one.message));
        let why = new.map_or("", |new| new.message.as_str());
        return Err(format!("with this name the policy would have an error: {why}"));
    }
    Ok(())
}

/// A text with edits in it, none of which meets another.
pub(super) fn applied(text: &str, edits: &[TextEdit], unit: ColumnCount) -> String {
    let place = |edit: &TextEdit| (unit.offset(text, edit.range.start), unit.offset(text, edit.range.end));
    let mut placed: Vec<((usize, usize), &TextEdit)> = edits.iter().map(|edit| (place(edit), edit)).collect();
    placed.sort_by_key(|(place, _)| *place);
    let (mut made, mut at) = (String::with_capacity(text.len()), 0);
    for ((start, end), edit) in placed {
        made.push_str(text.get(at..start).unwrap_or(""));
        made.push_str(&edit.new_text);
        at = end;
    }
    made.push_str(text.get(at..).unwrap_or(""));
    made
}
