//! Rules, their order, circles, scenarios.

use super::*;

pub(in crate::check) fn article_twice(article: &tree::Article, first: Span) -> Diagnostic {
    error(Code::NameTaken, article.number_span, format!("article {} stands twice", article.number))
        .also(first, "first here")
}

pub(in crate::check) fn article_unknown<'a>(
    number: u32,
    known: impl Iterator<Item = &'a u32>,
    span: Span,
) -> Diagnostic {
    let known: Vec<String> = known.map(|number| format!("article {number}")).collect();
    let said = error(Code::UnknownName, span, format!("there is no article {number}"));
    match known.is_empty() {
        true => said,
        false => said.help(format!("there is {}", list_and(&known))),
    }
}

pub(in crate::check) fn rule_wanted(checker: &Checker, name: &Name, found: Option<Symbol>) -> Diagnostic {
    let said = match found {
        Some(symbol) => {
            let message = format!("{} is {}, not a rule", tick(&name.text), symbol.noun());
            error(Code::NotAValue, name.span, message)
                .help("priorities stand between rules, articles and sources")
        }
        None => error(Code::UnknownName, name.span, format!("no rule is called {}", tick(&name.text))),
    };
    suggest(said, name, checker.policy.rules.values().filter_map(|rule| rule.name.as_deref()))
}

pub(in crate::check) fn above_itself(name: &Name) -> Diagnostic {
    error(Code::PriorityLoop, name.span, format!("{} cannot stand above itself", tick(&name.text)))
}

/// `amended`: a rule of the loop has a text from a day on.
pub(in crate::check) fn priority_loop(loop_: &[(String, Span)], amended: bool) -> Diagnostic {
    let names: Vec<&str> = loop_.iter().chain(loop_.first()).map(|(name, _)| name.as_str()).collect();
    let span = loop_.first().map_or(Span::default(), |(_, span)| *span);
    let mut said =
        error(Code::PriorityLoop, span, format!("these rules stand above each other: {}", names.join(" > ")));
    for (_, span) in loop_.iter().skip(1) {
        said = said.also(*span, "and here");
    }
    said.help(if amended {
        "which rule prevails is the same on every day, so an amendment cannot turn it round on one: repeal the rules \
         and insert them under new names, or correct the text in a file without `effective`"
    } else {
        "take one `notwithstanding` or `subject to` of the loop out"
    })
}

pub(in crate::check) fn circle(nodes: &[(String, Span)]) -> Diagnostic {
    let names: Vec<&str> = nodes.iter().chain(nodes.first()).map(|(name, _)| name.as_str()).collect();
    let span = nodes.first().map_or(Span::default(), |(_, span)| *span);
    let mut said = error(Code::Circle, span, format!("this depends on itself: {}", names.join(" → ")));
    for (name, span) in nodes.iter().skip(1) {
        said = said.also(*span, format!("{} is part of the circle", tick(name)));
    }
    said.help("a value may not depend on itself, not even on an earlier day")
}

pub(in crate::check) fn outcome_wanted(checker: &Checker, name: &Name, found: Option<Symbol>) -> Diagnostic {
    let said = match found {
        Some(Symbol::Fact(_)) => {
            let message = format!("{} is a fact: it is stated, not decided by a rule", tick(&name.text));
            error(Code::NotAnOutcome, name.span, message)
        }
        Some(symbol) => {
            let message = format!("{} is {}, not an outcome", tick(&name.text), symbol.noun());
            error(Code::NotAnOutcome, name.span, message)
        }
        None => error(Code::UnknownName, name.span, format!("no outcome is called {}", tick(&name.text))),
    };
    let said = suggest(
        said,
        name,
        checker
            .policy
            .outcomes
            .values()
            .map(|outcome| outcome.name.as_str())
            .filter(|known| *known != name.text),
    );
    said.or_help(|| format!("declare it: {}", tick(&format!("outcome {} : rate", name.text))))
}

pub(in crate::check) fn too_many_branches(span: Span, found: usize, most: usize) -> Diagnostic {
    error(Code::TooLarge, span, format!("this rule has {found} branches, at most {most} are read"))
        .help("put long schedules into an annex and look them up")
}

pub(in crate::check) fn assigned_twice(name: &Name) -> Diagnostic {
    error(Code::AssignedTwice, name.span, format!("{} is assigned twice in one branch", tick(&name.text)))
}

pub(in crate::check) fn rows_differ(
    checker: &Checker,
    rule: RuleId,
    outcome: OutcomeId,
    target: &Name,
) -> Diagnostic {
    let policy = &checker.policy;
    let entity = |id| tick(&policy.entities[id].name);
    let (rule_each, outcome_each) = (policy.rules[rule].for_each, policy.outcomes[outcome].for_each);
    let (noun, or_article) = match policy.rules[rule].power {
        Some(_) => ("power", ""),
        None => ("rule", " or its article"),
    };
    let span = policy.outcomes[outcome].span;
    let said = match (rule_each, outcome_each) {
        (None, Some(id)) => error(
            Code::RowsDiffer,
            target.span,
            format!(
                "{} has a value for each row of {}, this {noun} has no row",
                tick(&target.text),
                entity(id)
            ),
        )
        .help(format!("write `for each {}` in the head of the {noun}{or_article}", policy.entities[id].name)),
        (Some(id), None) => error(
            Code::RowsDiffer,
            target.span,
            format!("{} has one value, this {noun} is for each row of {}", tick(&target.text), entity(id)),
        )
        .help(match noun {
            "rule" => "declare the outcome `for each` row too, or move the rule out of the article",
            _ => "declare the outcome `for each` row too",
        }),
        (a, b) => error(
            Code::RowsDiffer,
            target.span,
            format!(
                "this {noun} is for each row of {}, {} for each row of {}",
                a.map_or_else(String::new, entity),
                tick(&target.text),
                b.map_or_else(String::new, entity)
            ),
        ),
    };
    said.also(span, "declared here")
}

pub(in crate::check) fn window_moves(span: Span) -> Diagnostic {
    error(Code::MovingWindow, span, "the days of a head may not change from day to day")
        .help("put what depends on the day into the condition: `if today >= … then …`")
}

pub(in crate::check) fn scenario_twice(title: &Quoted, first: Span) -> Diagnostic {
    error(Code::NameTaken, title.span, "two scenarios have this title").also(first, "first here")
}
