//! Functions and annexes.

use super::types::noun_of;
use super::*;

pub(in crate::check) fn arguments_missing(name: &Name, params: &[(String, Type)]) -> Diagnostic {
    let params: Vec<&str> = params.iter().map(|(name, _)| name.as_str()).collect();
    error(Code::WrongArguments, name.span, format!("{} is a function", tick(&name.text)))
        .help(format!("call it: {}", tick(&format!("{}({})", name.text, params.join(", ")))))
}

pub(in crate::check) fn arguments_counted(
    name: &Name,
    params: &[(String, Type)],
    found: usize,
    span: Span,
) -> Diagnostic {
    let message = format!("{} takes {}, found {found}", tick(&name.text), count(params.len(), "argument"));
    error(Code::WrongArguments, span, message)
}

pub(in crate::check) fn annex_keys_missing(name: &Name) -> Diagnostic {
    error(
        Code::WrongArguments,
        name.span,
        format!("{} is an annex: say which line is meant", tick(&name.text)),
    )
    .help(format!("write {}", tick(&format!("{}(entry.hts)", name.text))))
}

pub(in crate::check) fn annex_keys_counted(name: &Name, keys: usize, found: usize, span: Span) -> Diagnostic {
    error(
        Code::WrongArguments,
        span,
        format!("{} is looked up by {}, found {found}", tick(&name.text), count(keys, "key")),
    )
}

pub(in crate::check) fn column_unknown(annex: &Annex, name: &Name) -> Diagnostic {
    let message = format!("the annex {} has no column {}", tick(&annex.name), tick(&name.text));
    let columns = annex.columns.iter().filter_map(|column| column.name.as_deref());
    suggest(error(Code::UnknownName, name.span, message).also(annex.span, "declared here"), name, columns)
}

pub(in crate::check) fn column_missing(annex: &Annex, name: &Name) -> Diagnostic {
    let columns: Vec<String> = annex
        .columns
        .iter()
        .filter_map(|column| column.name.as_ref())
        .map(|column| tick(&format!("{}(…).{column}", annex.name)))
        .collect();
    let said =
        error(Code::WrongArguments, name.span, format!("which column of {} is meant?", tick(&annex.name)));
    match columns.is_empty() {
        true => said.help("this annex is a set of codes: ask `code under annex`"),
        false => said.help(format!("write {}", list_or(&columns))),
    }
}

pub(in crate::check) fn annex_key_differs(
    checker: &Checker,
    annex: AnnexId,
    ty: &Type,
    span: Span,
) -> Diagnostic {
    let annex = &checker.policy.annexes[annex];
    let key = annex.keys.first().map_or_else(String::new, |key| noun_of(checker, key));
    if annex.keys.first().is_some_and(|key| key.same(ty)) {
        let message = format!("{} lists no codes, and `under` an annex is asked of codes", tick(&annex.name));
        let nested = match annex.keys.first() {
            Some(Type::Enum(_)) => ", and give each choice that is nested under a key a line of its own",
            _ => "",
        };
        let listed = format!("ask {}{nested}", tick(&format!("in {}", annex.name)));
        return error(Code::WrongType, span, message).also(annex.span, "declared here").help(listed);
    }
    let message = format!("{} lists {key}, not {}", tick(&annex.name), noun_of(checker, ty));
    error(Code::WrongType, span, message).also(annex.span, "declared here")
}

pub(in crate::check) fn annex_unreadable(annex: &tree::Annex, made: &Annex, why: &str) -> Diagnostic {
    let file = Quoted { text: made.file.clone(), span: annex.file.span };
    let said = file_unreadable(&file, why);
    match &made.instead_of {
        Some(_) => said
            .here("in place of this file")
            .help("the path of `--annex` is seen from the folder in which the command runs"),
        None => said,
    }
}

pub(in crate::check) fn file_unreadable(file: &Quoted, why: &str) -> Diagnostic {
    error(Code::FileUnreadable, file.span, format!("{} cannot be read: {why}", tick(&file.text))).help(
        match why.contains("UTF-8") {
            true => "in a spreadsheet: save as `CSV UTF-8`",
            false => "paths are seen from the file in which they stand",
        },
    )
}

pub(in crate::check) fn annex_too_large(file: &Quoted, limit: usize) -> Diagnostic {
    error(Code::TooLarge, file.span, format!("{} is larger than {} MiB", tick(&file.text), limit >> 20))
}

pub(in crate::check) fn annex_keys_short(annex: &tree::Annex, keys: usize, found: usize) -> Diagnostic {
    let message = format!(
        "{} is declared with {}, its file has {}",
        tick(&annex.name.text),
        count(keys, "key"),
        count(found, "column")
    );
    error(Code::BadAnnex, annex.name.span, message)
}

pub(in crate::check) fn heading_missing(column: &tree::Column, headings: &[&str], file: Span) -> Diagnostic {
    let listed: Vec<String> = headings.iter().map(|heading| tick(heading)).collect();
    match &column.name {
        Some(name) => {
            let said =
                error(Code::BadAnnex, name.span, format!("the file has no column {}", tick(&name.text)))
                    .also(file, "its headings");
            suggest(said, name, headings.iter().copied())
        }
        None => error(Code::BadAnnex, column.ty.span, "which column of the file is meant?")
            .also(file, "its headings")
            .help(format!("name it: {}", list_or(&listed))),
    }
}

/// X5
pub(in crate::check) fn day_column_missing(column: &Quoted, headings: &[&str], file: Span) -> Diagnostic {
    let name = Name { text: column.text.clone(), span: column.span };
    let said = error(Code::BadAnnex, column.span, format!("the file has no column {}", tick(&column.text)))
        .also(file, "its headings");
    suggest(said, &name, headings.iter().copied())
}

pub(in crate::check) fn headed_twice(heading: &str, span: Span, first: Span) -> Diagnostic {
    error(Code::BadAnnex, span, format!("two columns are headed {}", tick(heading)))
        .also(first, "the first of them")
        .help("give each column that the policy asks for a heading of its own")
}

pub(in crate::check) fn one_column_for_two(column: &Quoted) -> Diagnostic {
    let message = format!("the column {} is named for two days", tick(&column.text));
    error(Code::BadAnnex, column.span, message)
        .help("name a column of its own for the first day, for the last, and for from when each is known")
}

/// X5. `last`: it is the day on which a line ends.
pub(in crate::check) fn open_validity(span: Span, last: bool) -> Diagnostic {
    let said = error(Code::BadAnnex, span, "the days of a line are each one day that is certain");
    said.help(match last {
        true => "write a day, `never`, or nothing: without an end",
        false => "write a day, or nothing: from the beginning, and always known",
    })
}

/// X5
pub(in crate::check) fn key_open(span: Span) -> Diagnostic {
    error(Code::BadAnnex, span, "the key of a line is not open")
        .help("write the key, or leave the line out; `*` is any key that no other line answers")
}

/// X6
pub(in crate::check) fn all_in_part(span: Span) -> Diagnostic {
    error(Code::BadAnnex, span, "this line answers every key: the annex does not list it in part")
        .help("leave `in part` out, or the line")
}

/// A column of amounts that no declared column reads.
pub(in crate::check) fn unread_column(
    annex: &tree::Annex,
    name: &str,
    unit: &str,
    heading: &crate::sheet::Written<'_>,
) -> Diagnostic {
    let message =
        format!("{} does not declare {}, in which its file has amounts", tick(&annex.name.text), tick(name));
    let (ty, zero) = match unit.trim() {
        "%" | "1" => ("rate", "0%".to_string()),
        unit => (unit, format!("0 {unit}")),
    };
    let column = match annex.columns.iter().any(|column| column.name.is_none()) {
        true => format!("{name} : {ty} = {zero}, with a name for the other column too"),
        false => format!("{name} : {ty} = {zero}"),
    };
    Diagnostic::warning(Code::UnreadColumn, annex.name.span, message)
        .also(heading.span, "this column")
        .help(format!("a rate that has several parts is too low without one of them: declare {}, and add it where the others are", tick(&column)))
}

/// X6
pub(in crate::check) fn unread_listing(
    annex: &tree::Annex,
    heading: &crate::sheet::Written<'_>,
) -> Diagnostic {
    let message =
        format!("the file of {} says which lines are listed, and nobody asks", tick(&annex.name.text));
    Diagnostic::warning(Code::UnreadColumn, annex.name.span, message)
        .also(heading.span, "this column")
        .help("declare the annex `in part`, take the lines that are not listed out, or declare the column under another name")
}

/// X3. `count`: of how many lines this is one.
pub(in crate::check) fn hidden_cell(
    annex: &tree::Annex,
    made: &Annex,
    (line, column, other): (usize, usize, usize),
    count: usize,
) -> Diagnostic {
    let name = made.headings.columns.get(column).map_or("", String::as_str);
    let lines = match count {
        1 => "a line".to_string(),
        count => format!("{count} lines"),
    };
    let message = format!(
        "in {lines} of {} an empty cell hides what a line of a shorter code says",
        tick(&annex.name.text)
    );
    Diagnostic::warning(Code::HiddenCell, annex.name.span, message)
        .also(made.lines.place(line), format!("here {} is empty", tick(name)))
        .also(made.lines.place(other), "here it is not")
        .help("a line with a value answers by itself: write into the cell what is meant, the default too")
}

/// X6
pub(in crate::check) fn open_listing(span: Span) -> Diagnostic {
    error(Code::BadAnnex, span, "whether a line is listed is not open")
        .help("write `true` or `false`, or leave the line out: what an annex in part does not answer is open")
}

/// X6
pub(in crate::check) fn listed_is_taken(name: &Name) -> Diagnostic {
    let message = format!("of an annex in part {} says which of its lines are on the list", tick(&name.text));
    error(Code::BadAnnex, name.span, message)
        .help(format!("give the column another name: {}", tick("is_listed : bool from \"listed\"")))
}

pub(in crate::check) fn never_in_force(span: Span) -> Diagnostic {
    error(Code::BadAnnex, span, "this line is in force on no day: by then it has ended, and is known to have")
        .help("write the first day on which it is no longer in force, after the one on which it begins")
}

pub(in crate::check) fn key_blank(span: Span) -> Diagnostic {
    error(Code::BadAnnex, span, "a key is blank")
        .help("write the key, or leave the line out; `*` is any key that no other line answers")
}

pub(in crate::check) fn key_twice(
    text: &str,
    places: &[String; 2],
    (first, span): (Span, Span),
    dated: bool,
) -> Diagnostic {
    let [one, other] = places;
    let message = format!("the key {} is listed with different values at {one} and {other}", tick(text));
    match dated {
        true => error(Code::BadAnnex, span, format!("{message}, both in force at once"))
            .also(first, "first here")
            .help("let the one end on the day on which the other begins, and be known to end when that is known to begin"),
        false => error(Code::BadAnnex, span, message).also(first, "first here"),
    }
}

/// A bare number, of which its heading may say what it counts.
pub(in crate::check) fn of_whole_column(error: Diagnostic) -> Diagnostic {
    let column = "or write after the heading what all bare numbers of the column count, such as `[%]`, `[1]`, `[USD/kg]`";
    let help = error.help.as_ref().map_or(column.to_string(), |help| format!("{help}; {column}"));
    error.help(help)
}

/// X2
pub(in crate::check) fn bad_heading_unit(unit: &str, span: Span) -> Diagnostic {
    error(Code::UnitMismatch, span, format!("no value of the column counts {}", tick(unit)))
        .help("write after the heading what its bare numbers count: `[USD/kg]`, `[%]`")
}

pub(in crate::check) fn too_many_calls(
    function: &crate::policy::Function,
    most: u64,
    deepest: u64,
) -> Diagnostic {
    let message = format!("one call of {} leads to too many others", tick(&function.name));
    error(Code::TooManyCalls, function.span, message)
        .here(format!("at most {most} calls in all, {deepest} one within the other"))
        .help("call a function once and give the value a name: a `define` is worked out only once")
}

pub(in crate::check) fn cell_not_whole(span: Span) -> Diagnostic {
    error(Code::NotWhole, span, "this column is counted in whole units, and this is a fraction")
        .help(format!("write a whole number, or declare the unit without {}", tick("whole")))
}
