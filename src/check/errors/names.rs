//! Names: taken, unknown, of the wrong kind.

use super::*;

pub(in crate::check) fn name_taken(name: &Name, known: Symbol, first: Span) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("{} is declared twice", tick(&name.text)))
        .also(first, format!("it is {} already", known.noun()))
        .help("a name means one thing in a policy: choose another here")
}

pub(in crate::check) fn name_reserved(name: &Name) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("{} means something of its own", tick(&name.text)))
        .help(format!("{} cannot be declared", list_and(&TAKEN.map(tick))))
}

pub(in crate::check) fn name_unknown<'a>(
    checker: &'a Checker,
    locals: impl Iterator<Item = &'a str>,
    name: &Name,
) -> Diagnostic {
    let said = error(Code::UnknownName, name.span, format!("nothing is called {}", tick(&name.text)));
    let values = checker.names.list.iter().filter(|(_, (symbol, _))| symbol.is_value());
    let choices = checker.policy.enums.values().flat_map(|list| &list.choices).map(|one| one.name.as_str());
    let candidates: Vec<&str> = locals.chain(values.map(|(name, _)| name.as_str())).chain(choices).collect();
    let said = suggest(said, name, candidates);
    match said.fix {
        Some(_) => said,
        None => said.help(format!("declare it, such as {}", tick(&format!("fact {} : USD", name.text)))),
    }
}

pub(in crate::check) fn not_a_value(name: &Name, symbol: Symbol) -> Diagnostic {
    error(Code::NotAValue, name.span, format!("{} is {}, not a value", tick(&name.text), symbol.noun()))
}

pub(in crate::check) fn unknown_in_rule(span: Span) -> Diagnostic {
    error(Code::NotAValue, span, "`unknown` can be stated of a fact, not written in a rule")
        .help("leave the fact out of the facts file, or state it as `unknown` there")
}

pub(in crate::check) fn choice_ambiguous(name: &Name, lists: &[&str]) -> Diagnostic {
    let said =
        error(Code::AmbiguousName, name.span, format!("{} could mean several things", tick(&name.text)));
    let ways: Vec<String> = lists.iter().map(|list| tick(&format!("{list}.{}", name.text))).collect();
    match ways.is_empty() {
        true => said.help("write it with the name of its enum before it"),
        false => said.help(format!("write {}", list_or(&ways))),
    }
}

pub(in crate::check) fn choice_wanted(name: &Name, list: &Enum) -> Diagnostic {
    let names: Vec<String> = list.choices.iter().map(|one| format!("{}.{}", list.name, one.name)).collect();
    let shown: Vec<String> = names.iter().take(6).map(|name| tick(name)).collect();
    error(Code::NotAValue, name.span, format!("{} is an enum, not one of its choices", tick(&name.text)))
        .help(format!("write one of them, such as {}", list_or(&shown)))
}

pub(in crate::check) fn choice_twice(name: &str, first: Span, second: Span) -> Diagnostic {
    error(Code::NameTaken, second, format!("the choice {} is listed twice", tick(name)))
        .also(first, "first here")
}
