//! Rows and fields.

use super::types::noun_of;
use super::*;

pub(in crate::check) fn row_not_in_sight(name: &Name) -> Diagnostic {
    error(Code::RowMissing, name.span, format!("no row of {} is in sight here", tick(&name.text))).help(
        format!(
            "name one, {}, or write the declaration {}",
            tick(&format!("{}(\"key\")", name.text)),
            tick(&format!("for each {}", name.text))
        ),
    )
}

pub(in crate::check) fn row_wanted(name: &Name, entity: &str) -> Diagnostic {
    error(
        Code::RowMissing,
        name.span,
        format!("{} has a value for each row of {}", tick(&name.text), tick(entity)),
    )
    .help(format!(
        "name the row, such as {}, or write {} in the head",
        tick(&format!("{}(\"key\")", name.text)),
        tick(&format!("for each {entity}"))
    ))
}

pub(in crate::check) fn row_not_wanted(name: &Name, args: Span) -> Diagnostic {
    error(Code::RowMissing, args, format!("{} has one value, not one for each row", tick(&name.text)))
        .help("leave the brackets out")
}

pub(in crate::check) fn one_row_wanted(name: &Name, args: Span) -> Diagnostic {
    error(Code::RowMissing, args, format!("{} is asked of one row", tick(&name.text)))
}

pub(in crate::check) fn row_of_entity_wanted(name: &Name, entity: &str, span: Span) -> Diagnostic {
    let message = format!("{} is asked of a row of {}", tick(&name.text), tick(entity));
    error(Code::WrongType, span, message).help("write its key in quotes, or the name of a row in sight")
}

pub(in crate::check) fn row_name_taken(name: &Name) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("a row in sight is called {} already", tick(&name.text)))
        .help(format!("name this one otherwise: {}", tick(&format!("for each other in {}", name.text))))
}

pub(in crate::check) fn field_unknown(entity: &Entity, name: &Name) -> Diagnostic {
    let message = format!("{} has no field {}", tick(&entity.name), tick(&name.text));
    let said = error(Code::UnknownName, name.span, message).also(entity.span, "declared here");
    let fields = entity.fields.values().map(|field| field.name.as_str());
    suggest(said, name, fields)
}

pub(in crate::check) fn field_twice(name: &Name, first: Span) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("the field {} is declared twice", tick(&name.text)))
        .also(first, "first here")
}

pub(in crate::check) fn no_fields(checker: &Checker, name: &Name, ty: &Type) -> Diagnostic {
    error(Code::UnknownName, name.span, format!("{} has no fields", noun_of(checker, ty)))
}

pub(in crate::check) fn not_called(args: Span) -> Diagnostic {
    error(Code::WrongType, args, "nothing can be asked of this with brackets")
}

pub(in crate::check) fn entity_wanted(checker: &Checker, name: &Name, found: Option<Symbol>) -> Diagnostic {
    let said = match found {
        Some(symbol) => {
            let message = format!("{} is {}, not an entity", tick(&name.text), symbol.noun());
            error(Code::NotAValue, name.span, message)
        }
        None => error(Code::UnknownName, name.span, format!("no entity is called {}", tick(&name.text))),
    };
    suggest(said, name, checker.policy.entities.values().map(|entity| entity.name.as_str()))
}

pub(in crate::check) fn key_missing(name: &Name) -> Diagnostic {
    error(Code::BadEntity, name.span, format!("the rows of {} have no key", tick(&name.text)))
        .help(format!("say which field names a row: {}", tick(&format!("entity {} keyed by …", name.text))))
}

pub(in crate::check) fn key_type(name: &Name) -> Diagnostic {
    error(Code::BadEntity, name.span, "a key is a text, a code or a date")
}

pub(in crate::check) fn date_field(name: &Name) -> Diagnostic {
    error(Code::BadEntity, name.span, format!("{} must be a field of type `date`", tick(&name.text)))
}

pub(in crate::check) fn row_date_over_time(field: &Fact) -> Diagnostic {
    error(
        Code::BadEntity,
        field.span,
        format!("the date of a row, {}, cannot itself change over time", tick(&field.name)),
    )
}

pub(in crate::check) fn cumulative_number(fact: &tree::Fact) -> Diagnostic {
    error(Code::WrongType, fact.name.span, "only an amount can be `cumulative`")
}
