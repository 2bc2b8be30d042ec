//! Holders, duties, powers and what is asked of them.

use super::*;
use crate::tree::{ClampSide, State, Step};

pub(in crate::check) fn party_twice(party: &Name, first: Span) -> Diagnostic {
    error(Code::NameTaken, party.span, format!("the party {} is named twice", tick(&party.text)))
        .also(first, "first here")
}

pub(in crate::check) fn office_is_party(office: &Name, party: Span) -> Diagnostic {
    error(Code::NameTaken, office.span, format!("{} is a party and an office", tick(&office.text)))
        .also(party, "a party here")
        .help("parties may hold powers and duties themselves; call the office otherwise")
}

pub(in crate::check) fn party_wanted<'a>(
    name: &Name,
    parties: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let message = format!("{} is not a party of the agreement", tick(&name.text));
    let said = suggest(error(Code::UnknownName, name.span, message), name, parties.clone());
    said.or_help(|| {
        let parties: Vec<String> = parties.map(tick).collect();
        format!("its parties: {}", list_and(&parties))
    })
}

pub(in crate::check) fn holder_wanted(checker: &Checker, name: &Name, found: Option<Symbol>) -> Diagnostic {
    let said = match found {
        Some(symbol) => error(
            Code::NotAValue,
            name.span,
            format!("{} is {}: it cannot hold powers or duties", tick(&name.text), symbol.noun()),
        ),
        None => {
            error(Code::UnknownName, name.span, format!("no office or party is called {}", tick(&name.text)))
        }
    };
    let mut said = suggest(said, name, checker.policy.holders.values().map(|holder| holder.name.as_str()));
    // A party by what its country is called.
    let country = crate::value::country_meant(&name.text).map(|country| country.to_string());
    let party = checker.policy.holders.values().find(|holder| country.as_ref() == Some(&holder.name));
    if let Some(party) = party.filter(|_| said.fixes.is_empty()) {
        said = said.fix(name.span, party.name.as_str());
    }
    said.or_help(|| match found {
        None => format!("declare it: {}", tick(&format!("office {}", name.text))),
        Some(_) => "parties of the agreement and offices can".to_string(),
    })
}

pub(in crate::check) fn no_beginning(name: &Name, each: Span) -> Diagnostic {
    error(
        Code::HeadPart,
        each,
        format!("{} comes again and again, but it is not said from when", tick(&name.text)),
    )
    .help("its periods are counted from a day: write `from 2026-01-01` in its head")
}

pub(in crate::check) fn no_period(span: Span) -> Diagnostic {
    error(Code::NoPeriod, span, "there is no period here")
        .help("a `period` is meant in the condition, the performance and the deadline of a duty `each year`, `each quarter` or `each month`; elsewhere write `first day of year of …`")
}

pub(in crate::check) fn period_alone(span: Span) -> Diagnostic {
    error(Code::NoPeriod, span, "in a recurring duty `period` is the one it is owed for, not a value")
        .help("write `first day of period` or `last day of period`")
}

pub(in crate::check) fn period_day_wanted(name: &Name, args: Span) -> Diagnostic {
    error(Code::WrongArguments, args, format!("{} is asked of one period", tick(&name.text)))
        .help(format!("write its first day: {}", tick(&format!("{}(2026-01-01)", name.text))))
}

pub(in crate::check) fn param_twice(name: &Name, first: Span) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("{} is in sight already", tick(&name.text)))
        .also(first, "first here")
        .help("give the parameter a name of its own")
}

pub(in crate::check) fn param_reserved(name: &Name) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("a parameter cannot be called {}", tick(&name.text)))
        .help("`on` and `by` are the day of an act and who performed it")
}

pub(in crate::check) fn no_time(time: Span) -> Diagnostic {
    error(Code::NoTime, time, "what lasts for no time never applies")
        .help("write a time of at least one day, or strike the clause")
}

pub(in crate::check) fn ends_itself(name: &Name) -> Diagnostic {
    error(Code::Circle, name.span, format!("{} cannot end itself", tick(&name.text)))
        .help("a later act of a power takes the place of the earlier one in any case")
}

pub(in crate::check) fn ends_other_rows(
    checker: &Checker,
    name: &Name,
    (power, own): (PowerId, EntityId),
    (other, others): (PowerId, EntityId),
) -> Diagnostic {
    let policy = &checker.policy;
    let entity = |id: EntityId| tick(&policy.entities[id].name);
    let message = format!(
        "{} is for each row of {}, {} for each row of {}",
        tick(&policy.powers[power].name),
        entity(own),
        tick(&name.text),
        entity(others)
    );
    error(Code::RowsDiffer, name.span, message)
        .also(policy.powers[other].name_span, "declared here")
        .help("an act ends the acts for its own row: both are for each row of one entity, or one of them has no row")
}

pub(in crate::check) fn power_wanted(checker: &Checker, name: &Name, found: Option<Symbol>) -> Diagnostic {
    let said = match found {
        Some(symbol) => {
            let message = format!("{} is {}, not a power", tick(&name.text), symbol.noun());
            error(Code::NotAValue, name.span, message).help("an act ends the acts of other powers")
        }
        None => error(Code::UnknownName, name.span, format!("no power is called {}", tick(&name.text))),
    };
    suggest(said, name, checker.policy.powers.values().map(|power| power.name.as_str()))
}

pub(in crate::check) fn counted_power_wanted(
    checker: &Checker,
    name: &Name,
    found: Option<Symbol>,
) -> Diagnostic {
    let said = match found {
        Some(symbol) => {
            let message =
                format!("{} is {}, and `since` counts the acts of a power", tick(&name.text), symbol.noun());
            error(Code::NotAValue, name.span, message)
                .help("rows are counted with `count of E where …`, acts with `count of P since D`")
        }
        None => error(Code::UnknownName, name.span, format!("no power is called {}", tick(&name.text))),
    };
    suggest(said, name, checker.policy.powers.values().map(|power| power.name.as_str()))
}

pub(in crate::check) fn acts_counted_whole(span: Span, name: &Name) -> Diagnostic {
    error(Code::WrongType, span, "the acts of a power are counted, and not what is read of them")
        .help(format!("write {}", tick(&format!("count of {} since …", name.text))))
}

/// O7
pub(in crate::check) fn holder_twice(name: &Name, first: Span) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("{} holds it twice", tick(&name.text)))
        .also(first, "first here")
}

/// O7
pub(in crate::check) fn by_of_joint(by: &Name, power: &Name) -> Diagnostic {
    let message = format!("an act of {} is performed by all of its holders together", tick(&power.text));
    error(Code::WrongType, by.span, message).help("so there is no one holder to be read")
}

/// O3
pub(in crate::check) fn clamped_parameter(
    span: Span,
    param: &str,
    side: ClampSide,
    limit: &str,
) -> Diagnostic {
    let sign = match side {
        ClampSide::AtMost => "<=",
        ClampSide::AtLeast => ">=",
    };
    let limit = limit.split_whitespace().collect::<Vec<_>>().join(" ");
    error(
        Code::ClampedParameter,
        span,
        format!("an act that states another {} would be accepted and changed in silence", tick(param)),
    )
    .help(format!(
        "let an act beyond the limit be invalid: {}",
        tick(&format!("requires {param} {sign} {limit}"))
    ))
}

pub(in crate::check) fn bare_power(checker: &Checker, name: &Name, id: PowerId) -> Diagnostic {
    let mut parts: Vec<String> = vec![tick(&format!("{}.on", name.text))];
    let params = checker.policy.powers[id].params.iter();
    parts.extend(params.take(3).map(|param| tick(&format!("{}.{}", name.text, param.name))));
    error(Code::NotAValue, name.span, format!("{} is a power, not a value", tick(&name.text))).help(format!(
        "ask {}, or read {} of its act",
        tick(&format!("{} is done", name.text)),
        list_or(&parts)
    ))
}

pub(in crate::check) fn bare_duty(name: &Name) -> Diagnostic {
    error(Code::NotAValue, name.span, format!("{} is an obligation, not a value", tick(&name.text))).help(
        format!(
            "ask for its state: {} is {}",
            tick(&name.text),
            list_or(&["pending", "fulfilled", "breached", "cured"].map(tick))
        ),
    )
}

pub(in crate::check) fn act_part_unknown(
    checker: &Checker,
    name: &Name,
    id: PowerId,
    part: &Name,
) -> Diagnostic {
    let message = format!("an act of {} has no {}", tick(&name.text), tick(&part.text));
    let params = checker.policy.powers[id].params.iter().map(|param| param.name.as_str());
    let parts: Vec<&str> = ["on", "by"].into_iter().chain(params).collect();
    let said = error(Code::UnknownName, part.span, message)
        .also(checker.policy.powers[id].name_span, "declared here");
    let said = suggest(said, part, parts.iter().copied());
    said.or_help(|| {
        let parts: Vec<String> = parts.into_iter().map(tick).collect();
        format!("of an act can be read {}", list_and(&parts))
    })
}

pub(in crate::check) fn nothing_read_of_duty(name: &Name, step: &Step) -> Diagnostic {
    let span = match step {
        Step::Field(name) => name.span,
        Step::Args(_, span) => *span,
    };
    error(Code::UnknownName, span, format!("nothing can be read of {} but its state", tick(&name.text)))
        .help("it is `pending`, `fulfilled`, `breached` or `cured`; when it became so: `last start of (… is breached)`")
}

/// `X is breached` of what has no state.
pub(in crate::check) fn state_of_value(span: Span, named: Option<(&Name, &str)>) -> Diagnostic {
    let message = match named {
        Some((name, noun)) => format!("{} is {noun}: it has no state to ask for", tick(&name.text)),
        None => "this has no state to ask for".to_string(),
    };
    error(Code::WrongState, span, message)
        .help("duties are pending, fulfilled, breached or cured; powers are available, done, invalid or threatened; a condition stands by itself")
}

/// A state of a duty asked of a power, or the other way round.
pub(in crate::check) fn wrong_state(name: &Name, symbol: Symbol, state: State, span: Span) -> Diagnostic {
    let (states, near): ([&str; 4], Option<&str>) = match symbol {
        Symbol::Duty(_) => (
            ["pending", "fulfilled", "breached", "cured"],
            match state {
                State::Done => Some("fulfilled"),
                State::Invalid => Some("breached"),
                State::Available => Some("pending"),
                _ => None,
            },
        ),
        _ => (
            ["available", "done", "invalid", "threatened"],
            match state {
                State::Fulfilled => Some("done"),
                State::Pending => Some("available"),
                _ => None,
            },
        ),
    };
    let said = error(
        Code::WrongState,
        span,
        format!("{} is {}: it is never {}", tick(&name.text), symbol.noun(), tick(state_word(state))),
    );
    let help = format!("it may be {}", list_or(&states.map(tick)));
    match near {
        Some(near) => {
            said.help(format!("did you mean {}? {help}", tick(&format!("{} is {near}", name.text))))
        }
        None => said.help(help),
    }
}

fn state_word(state: State) -> &'static str {
    match state {
        State::Pending => "pending",
        State::Fulfilled => "fulfilled",
        State::Breached => "breached",
        State::Cured => "cured",
        State::Available => "available",
        State::Done => "done",
        State::Invalid => "invalid",
        State::Threatened => "threatened",
        State::Undetermined => "undetermined",
        State::Gap => "gap",
        State::Conflict => "conflict",
        State::Error => "error",
    }
}
