//! Guarantees for all facts (G3), and heads of duties and guarantees whose days never come.

use super::ask::{Ask, May};
use super::case::case;
use super::{Declared, Finding, Findings, Left, Open, SearchEffort, What, Why};
use crate::policy::{ExprId, GuaranteeId, Policy};
use crate::regions::space::{Lin, Linear, Outside};
use crate::regions::values::Sym;
use crate::run::Evaluator;
use crate::solve::{Comparison, Formula};
use crate::value::{Day, Mask};

/// The `where`s of facts and fields. Whether any facts at all satisfy them.
pub(super) fn declared(policy: &Policy, effort: SearchEffort<'_>, made: &mut Findings) -> bool {
    let mut sound = true;
    for (id, fact) in policy.facts.iter() {
        let Some(condition) = fact.condition else { continue };
        if never_true(policy, None, condition, effort) {
            sound = false;
            made.found.push(Finding { what: What::NoValue(Declared::Fact(id)), case: None });
        } else if fact.default.is_some() {
            let facts = crate::facts::Facts::none(policy);
            let point = crate::outcome::Point::new(Day::FIRST, Day::NEVER);
            if Evaluator::new(policy, &facts).value(condition, None, point).mask() == Mask::FALSE {
                made.found.push(Finding { what: What::DefaultOutside(id), case: None });
            }
        }
    }
    for (id, entity) in policy.entities.iter() {
        for (field, decl) in entity.fields.iter() {
            let Some(condition) = decl.condition else { continue };
            if never_true(policy, Some(id), condition, effort) {
                sound = false;
                made.found.push(Finding { what: What::NoValue(Declared::Field(id, field)), case: None });
            }
        }
    }
    sound
}

fn never_true(
    policy: &Policy,
    own: Option<crate::policy::EntityId>,
    condition: ExprId,
    effort: SearchEffort<'_>,
) -> bool {
    let mut ask = Ask::new(policy, own, effort);
    let at = ask.at.clone();
    let Ok((truth, fails)) = ask.reader.truth(0, condition, &at) else { return false };
    let accepted = ask.reader.space.forms.or([truth, fails]);
    ask.ready();
    matches!(ask.may(&[accepted]), May::Never)
}

pub(super) fn duties(policy: &Policy, effort: SearchEffort<'_>, made: &mut Findings) {
    for (id, duty) in policy.duties.iter() {
        let (Some(from), Some(until)) = (&duty.from, &duty.until) else { continue };
        // Only what is known from the start: an end may become known late.
        if until.known.is_none() && starts_late(policy, (from.day, until.day), duty.for_each, effort) {
            made.found.push(Finding { what: What::NeverOwed(id), case: None });
        }
    }
}

/// Whether the first day is never before the second.
fn starts_late(
    policy: &Policy,
    (from, until): (ExprId, ExprId),
    own: Option<crate::policy::EntityId>,
    effort: SearchEffort<'_>,
) -> bool {
    let mut ask = Ask::new(policy, own, effort);
    let before = day(&mut ask, from).and_then(|from| {
        let until = day(&mut ask, until)?;
        ask.reader.space.below(&from, Comparison::Below, &until)
    });
    let Ok(before) = before else { return false };
    ask.ready();
    matches!(ask.may(&[before]), May::Never)
}

fn day(ask: &mut Ask<'_>, id: ExprId) -> Linear<Lin> {
    let at = ask.at.clone();
    match ask.reader.expr(0, id, &at).sym {
        Sym::Linear(lin) => Ok(lin),
        _ => Err(Outside),
    }
}

pub(super) fn guarantees(policy: &Policy, effort: SearchEffort<'_>, made: &mut Findings) {
    for id in policy.guarantees.ids() {
        if let Err(why) = guarantee(policy, id, effort, made) {
            made.left.push(Left { what: Open::Guarantee(id), why });
        }
    }
}

fn guarantee(
    policy: &Policy,
    id: GuaranteeId,
    effort: SearchEffort<'_>,
    made: &mut Findings,
) -> Result<(), Why> {
    let decl = &policy.guarantees[id];
    let mut ask = Ask::new(policy, decl.for_each, effort);
    let outside = |_: Outside| Why::Outside;
    let at = ask.at.clone();
    let mut within = Vec::new();
    if let Some(from) = decl.from {
        let from = day(&mut ask, from).map_err(outside)?;
        within.push(ask.reader.space.below(&from, Comparison::AtMost, &at.day).map_err(outside)?);
    }
    if let Some(until) = decl.until {
        let until = day(&mut ask, until).map_err(outside)?;
        within.push(ask.reader.space.below(&at.day, Comparison::Below, &until).map_err(outside)?);
    }
    let (truth, _) = ask.reader.truth(0, decl.what, &at).map_err(outside)?;
    ask.ready();
    within.push(ask.all_known);
    if !decl_days(&mut ask, &within)? {
        made.found.push(Finding { what: What::NeverJudged(id), case: None });
        return Ok(());
    }
    within.push(!truth);
    let model = match ask.may(&within) {
        May::Never => {
            made.proved.push(id);
            return Ok(());
        }
        May::Open(why) => return Err(why),
        May::Be(model) => ask.plainest(&within, *model),
    };
    let judged = |run: &mut Evaluator<'_>, row, point| run.value(decl.what, row, point).mask();
    let found = case(&ask, &model, &|run, row, point| {
        judges(run, (decl.from, decl.until), row, point) && !judged(run, row, point).may_be_true()
    });
    match found {
        Some(case) => {
            let point = crate::outcome::Point::new(case.on, Day::NEVER);
            let mask = judged(&mut Evaluator::new(policy, &case.facts), case.row, point);
            let moves = decl.from.is_some() || decl.until.is_some();
            let case = case.on_any_day(policy, |days| moves || days.expr(decl.what));
            let what = What::Violated { guarantee: id, fails: mask.is_error() };
            made.found.push(Finding { what, case: Some(case) });
            Ok(())
        }
        None => Err(ask.terms(&model)),
    }
}

fn decl_days(ask: &mut Ask<'_>, within: &[Formula]) -> Result<bool, Why> {
    match ask.may(within) {
        May::Be(_) => Ok(true),
        May::Never => Ok(false),
        May::Open(why) => Err(why),
    }
}

/// The dates of the guarantee, as the evaluator has them.
fn judges(
    run: &mut Evaluator<'_>,
    (from, until): (Option<ExprId>, Option<ExprId>),
    row: Option<(crate::policy::EntityId, u32)>,
    point: crate::outcome::Point,
) -> bool {
    let mut day = |expr: ExprId| match run.value(expr, row, point).single() {
        Some(crate::value::Value::Date(day)) => Some(*day),
        _ => None,
    };
    let begun = from.is_none_or(|from| day(from).is_some_and(|from| from <= point.day));
    begun && until.is_none_or(|until| day(until).is_some_and(|until| point.day < until))
}
