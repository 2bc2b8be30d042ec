//! All that is said about stated lines of annexes.

use crate::diag::{Code, Diagnostic, list_and, tick};
use crate::facts::errors::{error, unknown};
use crate::policy::{Annex, LISTED, Policy};
use crate::text::Span;
use crate::tree::Name;

pub(super) fn unknown_annex(policy: &Policy, name: &Name) -> Diagnostic {
    let message = format!("the policy has no annex {}", tick(&name.text));
    let said = error(Code::UnknownName, name.span, message);
    if policy.entity(&name.text).is_some() {
        return said
            .here("this is a table")
            .help(format!("the rows of a table stand under {}", tick("rows")));
    }
    unknown(said, name, "annex", policy.annexes.values().map(|annex| annex.name.as_str()))
}

pub(super) fn unknown_line_column(annex: &Annex, name: &Name) -> Diagnostic {
    if name.text.is_empty() {
        let message = format!("it is not said which cell of {} this is", tick(&annex.name));
        let named: Vec<String> = annex.headings.columns.iter().map(|name| tick(name)).collect();
        let said = error(Code::UnknownName, name.span, message);
        return match named.as_slice() {
            [] => said.help(format!("its lines have no cells: say {}", tick(&format!("{LISTED}=true")))),
            _ => said.help(format!("its lines have {}", list_and(&named))),
        };
    }
    let message = format!("{} has no column {}", tick(&annex.name), tick(&name.text));
    let headings = &annex.headings;
    let days = headings.days.iter().flatten();
    let all = headings.keys.iter().chain(&headings.columns).chain(days).map(String::as_str);
    unknown(error(Code::UnknownName, name.span, message), name, "column", all.chain([LISTED]))
}

pub(super) fn cell_twice(name: &Name, first: Span) -> Diagnostic {
    error(Code::StatedTwice, name.span, format!("{} is stated twice", tick(&name.text)))
        .here("a second time")
        .also(first, "a first time")
        .help("keep one of the two")
}

/// `--set "a(8481.80"`
pub(super) fn line_name(span: Span) -> Diagnostic {
    error(Code::FactsLayout, span, "expected the line of an annex".to_string())
        .help("write it as `metals(8481.80.30.00).metal=steel`, all keys in the brackets")
}

pub(super) fn line_keys_many(annex: &Annex, span: Span) -> Diagnostic {
    error(Code::RowKey, span, format!("a line of {} has {}", tick(&annex.name), keys_of(annex)))
        .help("leave the others out")
}

pub(super) fn line_keys_missing(annex: &Annex, span: Span) -> Diagnostic {
    let said = error(Code::RowKey, span, format!("a line of {} has {}", tick(&annex.name), keys_of(annex)));
    match annex.keys.len() {
        1 => said.help("state the key of the line"),
        _ => said.help(format!("state each of them; only {} may leave out the last", tick("listed: false"))),
    }
}

fn keys_of(annex: &Annex) -> String {
    let names: Vec<String> = annex.headings.keys.iter().map(|key| tick(key)).collect();
    let what = if names.len() == 1 { "the key" } else { "the keys" };
    format!("{what} {}", list_and(&names))
}

pub(super) fn line_key_open(span: Span) -> Diagnostic {
    error(Code::RowKey, span, "the key of a line is one value that is known".to_string())
        .help("write the key, or leave the line out")
}

/// X5. `last`: it is the day on which a line ends.
pub(super) fn line_day(span: Span, last: bool) -> Diagnostic {
    let help =
        if last { "write a day, or `never`" } else { "write a day, or leave it out: from the beginning" };
    error(Code::BadCell, span, "the days of a line are each one day that is certain".to_string()).help(help)
}

pub(super) fn line_never(span: Span) -> Diagnostic {
    error(Code::BadCell, span, "this line is in force on no day".to_string())
        .help("write the first day on which it is no longer in force, after the one on which it begins")
}

pub(super) fn line_states_once(annex: &Annex, column: &str, span: Span) -> Diagnostic {
    let message = format!("a line states one value of {}, without days", tick(column));
    let said = error(Code::NotOverTime, span, message);
    match &annex.headings.days[..] {
        [Some(from), ..] => said
            .help(format!(
                "state a line for each stretch of days, with its {}",
                list_and(&annex.headings.days.iter().flatten().map(|day| tick(day)).collect::<Vec<_>>())
            ))
            .here(format!("a line says from when it is in force: {}", tick(from))),
        _ => said.help("state one value; bounds such as `at least 5%` are one"),
    }
}

pub(super) fn not_listed_with_cells(span: Span, listed: Span) -> Diagnostic {
    error(Code::BadCell, span, "a line that is not listed says nothing else".to_string())
        .also(listed, "not listed, or perhaps not")
        .help(format!("leave its cells out, or {}", tick(LISTED)))
}

pub(super) fn bad_line_unit(column: &str, unit: &str, span: Span) -> Diagnostic {
    let message = format!("{} is not a unit in which {} can be stated", tick(unit), tick(column));
    error(Code::UnitMismatch, span, message)
        .help("a column of amounts may name their unit: `specific [USD/kg]`")
}

/// The file answers the key, perhaps with the line of a shorter one.
pub(super) fn line_answered(annex: &Annex, span: Span, line: usize) -> Diagnostic {
    let message = format!("{} answers this: stated lines say only what it leaves open", tick(&annex.file));
    let open = (0..annex.columns.len()).any(|column| annex.leaves_open(line, column));
    let said = error(Code::LineAnswered, span, message).also(annex.lines.place(line), "by this line");
    match open {
        true => said.help(format!(
            "state the cells that are unknown there in a line with its keys; or {}",
            amend(annex)
        )),
        false => said.help(amend(annex)),
    }
}

pub(super) fn cell_answered(annex: &Annex, column: usize, span: Span, line: Span) -> Diagnostic {
    let name = annex.headings.columns.get(column).map_or("", String::as_str);
    let message = format!("{} says what {} of this line is", tick(&annex.file), tick(name));
    error(Code::LineAnswered, span, message).also(line, "here").help(amend(annex))
}

fn amend(annex: &Annex) -> String {
    let other = tick(&format!("--annex {}=FILE", annex.name));
    format!(
        "leave it out; what the file says is changed in the file, by an amendment, or by another file in its place: {other}"
    )
}

pub(super) fn line_of_complete(annex: &Annex, span: Span) -> Diagnostic {
    let message = format!("{} lists everything, and not this", tick(&annex.file));
    error(Code::LineAnswered, span, message).help(format!(
        "of an annex that is not {} facts state only cells that are unknown in a line of the file; {}",
        tick("in part"),
        amend(annex)
    ))
}

pub(super) fn line_of_any(annex: &Annex, span: Span) -> Diagnostic {
    let message =
        format!("{} has no line of these keys, and one for any key is not stated", tick(&annex.file));
    error(Code::RowKey, span, message).help("state a line for each key")
}

pub(super) fn line_twice(annex: &Annex, span: Span, first: Span) -> Diagnostic {
    let said = error(Code::StatedTwice, span, format!("this line of {} is stated twice", tick(&annex.name)))
        .here("a second time")
        .also(first, "a first time, perhaps by a shorter code");
    match annex.headings.days.iter().any(Option::is_some) {
        true => said.help("keep one of the two, or let the one end on the day on which the other begins"),
        false => said.help("keep one of the two"),
    }
}
