//! Acts and announcements (O2): who did what, for which row, when, and with what.

use super::input::{Act as Stated, Entry, Performed, Through};
use super::value::{Values, key_text};
use super::{Act, errors};
use crate::diag::{Code, Diagnostic};
use crate::literal;
use crate::policy::{EntityId, Fact, HolderId, Param, Policy, Power, PowerId, Type};
use crate::sheet::Written;
use crate::text::Span;
use crate::tree::{self, Expr, ExprKind, Name, StatedValue, Step};
use crate::value::{Day, Possible, Value};
use std::collections::BTreeMap;

/// Everything bound in the order of [`super::Facts::acts`], or all that is wrong with it.
pub(super) fn bind(
    values: &Values<'_>,
    stated: &[Stated<'_>],
    day: impl Fn(&Through<'_>) -> Result<Day, Diagnostic>,
    errors: &mut Vec<Diagnostic>,
) -> (Vec<Act>, Vec<Act>) {
    let (mut acts, mut announcements) = (Vec::new(), Vec::new());
    for one in stated {
        let Some(act) = bound(values, one, &day, errors) else { continue };
        let declared = &values.policy.powers[act.power];
        if values.later.is_some_and(|table| is_of_rows(declared, table)) {
            continue;
        }
        let list = if one.announced { &mut announcements } else { &mut acts };
        list.push(act);
    }
    for list in [&mut acts, &mut announcements] {
        settle(list, errors);
    }
    (acts, announcements)
}

/// Whether any of these acts is of a row of a table, or names one.
pub(super) fn names_rows(policy: &Policy, stated: &[Stated<'_>], table: EntityId) -> bool {
    let name = |one: &Stated<'_>| match &one.what {
        Performed::Named(name, _) => Some(name.text.clone()),
        Performed::Text(written) => named(written).ok().map(|(name, _)| name.text),
    };
    let of_rows =
        |name: &String| policy.powers.values().any(|power| power.name == *name && is_of_rows(power, table));
    stated.iter().filter_map(name).any(|name| of_rows(&name))
}

fn is_of_rows(power: &Power, table: EntityId) -> bool {
    power.for_each == Some(table) || power.params.iter().any(|param| param.ty == Type::Row(table))
}

/// Sorts acts so that their order in the file is no matter (O6); none may stand there twice.
fn settle(list: &mut Vec<Act>, errors: &mut Vec<Diagnostic>) {
    type ActKey = (Day, Day, PowerId, Option<u32>, Vec<HolderId>, String);
    let key = |act: &Act| -> ActKey {
        (act.on, act.known, act.power, act.row, act.by.clone(), format!("{:?}", act.params))
    };
    let mut keyed: Vec<(ActKey, Act)> =
        std::mem::take(list).into_iter().map(|act| (key(&act), act)).collect();
    keyed.sort_by(|(a, first), (b, second)| a.cmp(b).then(first.span.cmp(&second.span)));
    for pair in keyed.windows(2) {
        if let [(a, first), (b, second)] = pair
            && a == b
        {
            errors.push(errors::act_twice(second.span, first.span));
        }
    }
    list.extend(keyed.into_iter().map(|(_, act)| act));
}

fn bound(
    values: &Values<'_>,
    stated: &Stated<'_>,
    day: &impl Fn(&Through<'_>) -> Result<Day, Diagnostic>,
    errors: &mut Vec<Diagnostic>,
) -> Option<Act> {
    let policy = values.policy;
    let mut keep = |error: Diagnostic| errors.push(error);
    let by = holders(policy, &stated.by).map_err(&mut keep).ok();
    let on = day(&stated.on).map_err(&mut keep).ok();
    let known = match &stated.known {
        Some(known) => day(known).map_err(&mut keep).ok(),
        None => Some(Day::FIRST),
    };
    let (name, row) = match &stated.what {
        Performed::Named(name, row) => (name.clone(), row.map(|row| (row.clone(), None))),
        Performed::Text(written) => match named(written) {
            Ok(what) => what,
            Err(error) => {
                keep(error);
                return None;
            }
        },
    };
    let id = power(policy, &name).map_err(&mut keep).ok()?;
    let declared = &policy.powers[id];
    let row = row_of(values, declared, &name, row).map_err(&mut keep).ok();
    let params = params(values, declared, &stated.with, errors);
    Some(Act { power: id, row: row?, by: by?, on: on?, known: known?, params: params?, span: stated.span })
}

/// The key of a row, and the text it was read from if its places are not places of the source.
type ActKey = Option<(Expr, Option<Span>)>;

/// `raise_tariff`, `call("ohio")`
fn named(written: &Written<'_>) -> Result<(Name, ActKey), Diagnostic> {
    let wrong = || errors::act_form(written.span);
    let pieces = literal::series(written).map_err(|_| wrong())?;
    let [piece] = pieces.as_slice() else { return Err(wrong()) };
    let (StatedValue::Exactly(expr), None) = (&piece.stated.value, &piece.stated.from) else {
        return Err(wrong());
    };
    let ExprKind::Path(path) = &expr.kind else { return Err(wrong()) };
    let mut name = path.head.clone();
    name.span = piece.whole.unwrap_or(name.span);
    match path.steps.as_slice() {
        [] => Ok((name, None)),
        [Step::Args(args, _)] => match args.as_slice() {
            [row] => Ok((name, Some((row.clone(), piece.whole)))),
            _ => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

fn power(policy: &Policy, name: &Name) -> Result<PowerId, Diagnostic> {
    let found = policy.powers.iter().find(|(_, power)| power.name == name.text);
    found.map(|(id, _)| id).ok_or_else(|| errors::unknown_power(policy, name))
}

fn holder(policy: &Policy, name: &Name) -> Result<HolderId, Diagnostic> {
    let found = policy.holders.iter().find(|(_, holder)| holder.name == name.text);
    found.map(|(id, _)| id).ok_or_else(|| errors::unknown_holder(policy, name))
}

/// O7: who performed an act, each once.
fn holders(policy: &Policy, names: &[Name]) -> Result<Vec<HolderId>, Diagnostic> {
    let mut found: BTreeMap<HolderId, Span> = BTreeMap::new();
    for name in names {
        if let Some(first) = found.insert(holder(policy, name)?, name.span) {
            return Err(errors::acted_twice(name, first));
        }
    }
    Ok(found.into_keys().collect())
}

fn row_of(values: &Values<'_>, power: &Power, name: &Name, key: ActKey) -> Result<Option<u32>, Diagnostic> {
    let (entity, (key, whole)) = match (power.for_each, key) {
        (None, None) => return Ok(None),
        (None, Some((row, whole))) => {
            return Err(errors::act_without_row(power, whole.unwrap_or(row.span)));
        }
        (Some(entity), None) => {
            return Err(errors::act_needs_row(power, &values.policy.entities[entity], name.span));
        }
        (Some(entity), Some(key)) => (entity, key),
    };
    let span = whole.unwrap_or(key.span);
    let declared = &values.policy.entities[entity];
    let text = key_text(&key).ok_or_else(|| errors::not_a_key(declared, span))?;
    if values.keys[entity].is_none() && values.later != Some(entity) {
        return Err(errors::act_table_not_stated(declared, &text, span));
    }
    match values.row(entity, &text, span)? {
        Value::Row(row) => Ok(Some(row)),
        _ => Ok(None),
    }
}

/// One set for each parameter; of one that is not stated, every value (O2).
fn params(
    values: &Values<'_>,
    power: &Power,
    with: &[Entry<'_>],
    errors: &mut Vec<Diagnostic>,
) -> Option<Vec<Possible>> {
    let before = errors.len();
    let mut params: Vec<Possible> = power.params.iter().map(|param| param.ty.anything()).collect();
    let mut seen: BTreeMap<usize, Span> = BTreeMap::new();
    for entry in with {
        let name = &entry.name;
        let Some(at) = power.params.iter().position(|param| param.name == name.text) else {
            errors.push(errors::unknown_param(power, name));
            continue;
        };
        if let Some(first) = seen.insert(at, name.span) {
            errors.push(errors::name_twice(name, first));
            continue;
        }
        let (Some(param), Some(slot)) = (power.params.get(at), params.get_mut(at)) else { continue };
        match stated(values, param, entry) {
            Ok(value) => *slot = value,
            Err(more) => errors.extend(more),
        }
    }
    (errors.len() == before).then_some(params)
}

fn stated(values: &Values<'_>, param: &Param, entry: &Entry<'_>) -> Result<Possible, Vec<Diagnostic>> {
    let fact = as_fact(param);
    let once = || vec![errors::param_once(param, entry.value.span())];
    let dated = |error: &Diagnostic| error.code == Code::NotOverTime;
    let slot = values.stated(&fact, &entry.value);
    let slot = slot.map_err(|errors| if errors.iter().any(dated) { once() } else { errors })?;
    match slot.statements.as_slice() {
        [only] => Ok(only.value.clone()),
        _ => Err(once()),
    }
}

/// What is stated of a parameter is read as of a fact.
fn as_fact(param: &Param) -> Fact {
    Fact {
        name: param.name.clone(),
        doc: None,
        ty: param.ty.clone(),
        over_time: false,
        cumulative: false,
        default: None,
        condition: None,
        whole: param.whole,
        span: param.span,
    }
}

impl<'a> Stated<'a> {
    /// `given act call("ohio") by president on 2026-03-01 with due = 2026-06-01`
    pub(super) fn of_given(act: &'a tree::Act, span: Span) -> Stated<'a> {
        Stated {
            announced: act.announced,
            what: Performed::Named(act.power.clone(), act.row.as_ref()),
            by: act.by.clone(),
            on: Through::Expr(&act.on.day),
            known: act.on.known.as_ref().map(Through::Expr),
            with: act.with.iter().map(|(name, value)| Entry::of_expr(name, value)).collect(),
            span,
        }
    }
}
