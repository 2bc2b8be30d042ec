//! Names: taken, unknown, of the wrong kind.

use super::*;

pub(in crate::check) fn name_taken(name: &Name, known: Symbol, first: Span) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("{} is declared twice", tick(&name.text)))
        .also(first, format!("it is {} already", known.noun()))
        .help("a name means one thing in a policy: choose another here")
}

/// `fiscal of D`, `each fiscal`; `of`: what it is asked of.
pub(in crate::check) fn no_such_year(checker: &Checker, name: &Name, of: Option<&tree::Expr>) -> Diagnostic {
    let said = error(
        Code::UnknownName,
        name.span,
        format!("no year that begins on a day of its own is called {}", tick(&name.text)),
    );
    // `value of entry`
    if let Some(tree::Expr { kind: tree::ExprKind::Path(tree::Path { head, steps }), span }) = of
        && steps.is_empty()
        && let Some((Symbol::Entity(entity), _)) = checker.names.list.get(&head.text)
        && checker.policy.entities[*entity].fields.iter().any(|(_, field)| field.name == name.text)
    {
        return said.fix(name.span.to(*span), format!("{}.{}", head.text, name.text));
    }
    // `charge of entry.value`
    if let (Some(of), Some((symbol, _))) = (of, checker.names.list.get(&name.text))
        && symbol.is_value()
    {
        let product = format!("{} * {}", name.text, checker.written(of.span));
        return error(Code::Syntax, name.span, format!("{} has no `of`", tick(&name.text)))
            .help(format!("a share of an amount is a product: {}", tick(&product)));
    }
    let years = checker.policy.years.keys().map(String::as_str);
    match crate::diag::closest(&name.text, years) {
        Some(meant) => said.fix(name.span, meant),
        None => said.help(format!(
            "declare it, `period {} = year from 10-01`, or write {}",
            name.text,
            list_or(&["year", "quarter", "month"].map(tick))
        )),
    }
}

pub(in crate::check) fn name_reserved(name: &Name) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("{} means something of its own", tick(&name.text)))
        .help(format!("{} cannot be declared", list_and(&TAKEN.map(tick))))
}

pub(in crate::check) fn name_unknown(
    checker: &Checker,
    locals: &[(String, Type)],
    name: &Name,
    want: Option<&Type>,
) -> Diagnostic {
    let said = error(Code::UnknownName, name.span, format!("nothing is called {}", tick(&name.text)));
    if let Some(ours) = value_word(&name.text, want) {
        return said.fix(name.span, ours);
    }
    let free = matches!(name.text.to_ascii_lowercase().as_str(), "free" | "nil" | "zero" | "none" | "exempt");
    if let (true, Some(Type::Number { face: Face::Rate, .. })) = (free, want) {
        return said.help("a rate that is nothing is written `0%`").fix(name.span, "0%");
    }
    if let Some((day, span)) = day_around(checker, name) {
        let message = "dates are written year-month-day, with four, two and two digits";
        return error(Code::BadDate, span, message).safe_fix(span, day);
    }
    // A field is read of its row.
    let rows = locals.iter().filter_map(|(row, ty)| match ty {
        Type::Row(entity) => Some((row, checker.policy.entities.try_get(*entity)?)),
        _ => None,
    });
    for (row, entity) in rows {
        if entity.fields.values().any(|field| field.name == name.text) {
            let path = format!("{row}.{}", name.text);
            let said = said.here(format!("{} is a field of {}", tick(&name.text), tick(&entity.name)));
            return said.fix(name.span, path);
        }
    }
    let fits = |ty: Option<&Type>| match (want, ty) {
        (Some(want), Some(ty)) => ty.same(want),
        (Some(_), None) => false,
        (None, _) => true,
    };
    let locals = locals.iter().filter(|(_, ty)| fits(Some(ty))).map(|(name, _)| name.as_str());
    let values = checker.names.list.iter().filter(|(_, (symbol, _))| {
        symbol.is_value() && (*symbol == Symbol::Waiting || fits(checker.type_of_symbol(*symbol)))
    });
    let choices = checker.policy.enums.values().flat_map(|list| &list.choices).map(|one| one.name.as_str());
    let choices = choices.filter(|_| want.is_none());
    let candidates: Vec<&str> = locals.chain(values.map(|(name, _)| name.as_str())).chain(choices).collect();
    let said = suggest(said, name, candidates);
    said.or_help(|| {
        let ty = want.map_or("USD".to_string(), |ty| type_word(checker, ty));
        format!("declare it, such as {}", tick(&format!("fact {} : {ty}", name.text)))
    })
}

/// `19-Jan-2029`, which reads as a subtraction.
fn day_around(checker: &Checker, name: &Name) -> Option<(String, Span)> {
    let month = crate::value::month_named(&name.text)?;
    let text = &checker.sources.get(name.span.source)?.text;
    let (start, end) = (name.span.start as usize, name.span.end as usize);
    let digit = |sign: char| sign.is_ascii_digit();
    let before = text.get(..start)?.strip_suffix('-')?;
    let after = text.get(end..)?.strip_prefix('-')?;
    let day = before.get(before.trim_end_matches(digit).len()..)?;
    let year = after.get(..after.find(|sign| !digit(sign)).unwrap_or(after.len()))?;
    let date = format!("{year}-{month:02}-{day:0>2}");
    let read = year.len() == 4 && crate::value::Day::parse(&date).is_some();
    let from = u32::try_from(start.checked_sub(day.len())?.checked_sub(1)?).ok()?;
    let to = u32::try_from(end.checked_add(year.len())?.checked_add(1)?).ok()?;
    read.then_some((date, Span { start: from, end: to, ..name.span }))
}

/// A type as it is written.
pub(super) fn type_word(checker: &Checker, ty: &Type) -> String {
    match ty {
        Type::Number { face: Face::Unit(unit), .. } => unit.display(&checker.policy.units),
        Type::Number { face: Face::Rate, .. } => "rate".to_string(),
        Type::Number { dimension, .. } if dimension.is_none() => "number".to_string(),
        Type::Number { dimension, .. } => crate::value::dimension_name(dimension, &checker.policy.units),
        Type::Date => "date".to_string(),
        Type::Duration(_) => "duration".to_string(),
        Type::Bool => "bool".to_string(),
        Type::Text => "text".to_string(),
        Type::Code => "code".to_string(),
        Type::Country => "country".to_string(),
        Type::Enum(id) => checker.policy.enums[*id].name.clone(),
        Type::Row(id) => checker.policy.entities[*id].name.clone(),
    }
}

/// Values that have another name elsewhere.
fn value_word(word: &str, want: Option<&Type>) -> Option<&'static str> {
    let small = word.to_ascii_lowercase();
    match (want, small.as_str()) {
        (Some(Type::Bool), "yes" | "y" | "true" | "on") => Some("true"),
        (Some(Type::Bool), "no" | "n" | "false" | "off") => Some("false"),
        (None | Some(Type::Date), "now" | "current_date" | "today") => Some("today"),
        _ => None,
    }
}

/// A function, an annex or a value of rows by a name that is near.
pub(super) fn suggest_value(checker: &Checker, said: Diagnostic, name: &Name) -> Diagnostic {
    let functions = checker.names.list.iter().filter(|(_, (symbol, _))| {
        matches!(symbol, Symbol::Function(_) | Symbol::Annex(_) | Symbol::Define(_) | Symbol::Outcome(_))
    });
    let said = suggest(said, name, functions.map(|(name, _)| name.as_str()));
    said.or_help(|| format!("declare it: {}", tick(&format!("function {}(…) : rate = …", name.text))))
}

/// One of several values, written behind `or`.
pub(in crate::check) fn or_value(
    checker: &Checker,
    first: &tree::Expr,
    others: &[tree::Expr],
    at: Span,
) -> Diagnostic {
    let said = error(Code::WrongType, at, "`or` joins conditions, and this is a value");
    let values: Vec<&str> = others.iter().map(|other| checker.written(other.span)).collect();
    if let (tree::ExprKind::In { item, set: tree::SetExpr::One(one) }, Some(last)) =
        (&first.kind, others.last())
    {
        let list = format!("{{{}, {}}}", checker.written(one.span), values.join(", "));
        let text = format!("{} in {list}", checker.written(item.span));
        return said.fix(first.span.to(last.span), text);
    }
    let tree::ExprKind::Compare { left, op, right } = &first.kind else { return said };
    let list = format!("{{{}, {}}}", checker.written(right.span), values.join(", "));
    let left = checker.written(left.span);
    match (op, others.last()) {
        (tree::CompareOp::Equal, Some(last)) => {
            let text = format!("{left} in {list}");
            said.fix(first.span.to(last.span), text)
        }
        _ => said.help(format!("write {}", tick(&format!("not {left} in {list}")))),
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
