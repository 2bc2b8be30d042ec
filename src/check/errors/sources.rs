//! Calendars, units, sources.

use super::*;

pub(in crate::check) fn calendar_part<'a>(part: &Name, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let said = error(Code::UnknownCalendar, part.span, format!("no calendar is called {}", tick(&part.text)));
    let known: Vec<&str> = known.collect();
    match closest(&part.text, known.iter().copied()) {
        Some(near) => said.here(format!("did you mean {}?", tick(near))).fix(part.span, near),
        None => said.help(format!("declare it first: {}", tick(&format!("calendar {}", part.text)))),
    }
}

pub(in crate::check) fn calendar_not_found(name: &Name, path: &str) -> Diagnostic {
    let said = error(Code::UnknownCalendar, name.span, format!("no calendar is called {}", tick(&name.text)));
    match closest(&name.text, SHIPPED) {
        Some(known) => said.here(format!("did you mean {}?", tick(known))).fix(name.span, known),
        None => said.help(format!(
            "{} are shipped; one of your own is read from {}",
            list_and(&SHIPPED.map(tick)),
            tick(path)
        )),
    }
}

pub(in crate::check) fn calendar_wrong(span: Span, why: &str) -> Diagnostic {
    error(Code::BadCalendar, span, why).help("a calendar says `# covers 2024-2035`, then lists `date,name`")
}

pub(in crate::check) fn unit_of_nothing(name: &Name) -> Diagnostic {
    error(Code::BadUnit, name.span, format!("{} must be a number of other units", tick(&name.text)))
        .help(format!("write {}", tick(&format!("unit {} = 1000 kg", name.text))))
}

pub(in crate::check) fn unit_taken(name: &Name) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("the unit {} has another meaning already", tick(&name.text)))
}

pub(in crate::check) fn unit_bad(name: &Name) -> Diagnostic {
    error(Code::BadUnit, name.span, format!("{} cannot be such a unit", tick(&name.text)))
        .help("a unit is more than zero of another, within the bounds of numbers")
}

pub(in crate::check) fn second_agreement(span: Span) -> Diagnostic {
    error(Code::NameTaken, span, "a policy has one `agreement` line, and this is the second")
}

pub(in crate::check) fn source_wanted(checker: &Checker, name: &Name, found: Option<Symbol>) -> Diagnostic {
    let said = match found {
        Some(symbol) => {
            let message = format!("{} is {}, not a source", tick(&name.text), symbol.noun());
            error(Code::NotAValue, name.span, message)
        }
        None => error(Code::UnknownName, name.span, format!("no source is called {}", tick(&name.text))),
    };
    let said = suggest(said, name, checker.policy.instruments.values().map(|source| source.name.as_str()));
    said.or_help(|| format!("declare it: {}", tick(&format!("source {} \"title\"", name.text))))
}
