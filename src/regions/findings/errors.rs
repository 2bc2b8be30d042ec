//! Answers that are an error (F1): each expression that fails is named once, where it stands. What only depends on an outcome
//! without a value is named there.

use super::ask::{Ask, May};
use super::case::{Shows, case};
use super::clauses::ReadClause;
use super::{Case, Finding, Open, What, Why};
use crate::outcome::{Answer, Fault, Point, Status};
use crate::policy::{EntityId, OutcomeId, RuleId};
use crate::regions::space::{Kindred, SpaceQuantity, number_of};
use crate::run::Evaluator;
use crate::solve::{Comparison, Formula, Model};
use crate::text::Span;
use crate::value::{Day, Trouble};
use std::collections::BTreeSet;

/// Of the steps of other questions so many parts are not spent on one of these: there is one for each rule.
const SHARE: u64 = 5;

/// What was shown to fail so far.
#[derive(Default)]
pub(super) struct Failing {
    places: BTreeSet<Span>,
    /// The first answer that is an error beyond the end of a calendar: that is said once, and is no finding.
    pub calendar: Option<OutcomeId>,
}

impl Failing {
    fn is_new(&self, fault: &Fault) -> bool {
        let is_said = self.calendar.is_some() && is_of_calendar(fault.trouble);
        !is_said && !self.places.contains(&fault.span)
    }
}

fn is_of_calendar(trouble: Trouble) -> bool {
    matches!(trouble, Trouble::DateOutOfRange | Trouble::CalendarDoesNotCover)
}

pub(super) fn ask_all(
    ask: &mut Ask<'_>,
    (id, read): (OutcomeId, &ReadClause),
    failing: &mut Failing,
    found: &mut Vec<Finding>,
) {
    let verdict = &read.verdict;
    let forms = &mut ask.solver.formulas;
    let mut asked: Vec<(Option<RuleId>, Formula)> = Vec::new();
    for offer in &verdict.offers {
        asked.push((Some(offer.rule), forms.and([offer.decides, offer.fails])));
    }
    if let Some(otherwise) = &verdict.otherwise {
        asked.push((None, forms.and([verdict.silence, otherwise.fails])));
    }
    asked.retain(|(_, fails)| *fails != Formula::FALSE);
    if asked.is_empty() {
        return;
    }
    let calm = calm(ask);
    ask.solver.set_budget(ask.steps.div_euclid(SHARE));
    for (rule, fails) in asked {
        // Days far from any that are meant fail by the end of the calendar, which hides all else.
        for days in [calm, Formula::TRUE] {
            let all = [fails, days, read.meant, ask.all_known];
            match ask.may(&all) {
                May::Never => continue,
                May::Open(why) => leave(ask, id, why),
                May::Be(model) => named(ask, (id, rule), (&all, &model), failing, found),
            }
            break;
        }
    }
    ask.solver.set_budget(ask.steps);
}

/// Of one outcome it is said once.
fn leave(ask: &mut Ask<'_>, id: OutcomeId, why: Why) {
    if !ask.left.iter().any(|left| left.what == Open::Fails(id)) {
        ask.leave(Open::Fails(id), why);
    }
}

/// Shows a new error, or that it is one already shown.
fn named(
    ask: &mut Ask<'_>,
    (id, rule): (OutcomeId, Option<RuleId>),
    (all, model): (&[Formula], &Model),
    failing: &mut Failing,
    found: &mut Vec<Finding>,
) {
    let answered = |run: &mut Evaluator<'_>, row: Option<(EntityId, u32)>, point: Point| {
        run.bare_answer(id, row.map(|(_, row)| row), point)
    };
    let fails: Shows<'_> = &|run, row, point| answered(run, row, point).status == Status::Error;
    let Some(any) = case(ask, model, fails) else {
        let why = ask.terms(model);
        return leave(ask, id, why);
    };
    let found_at = |case: &Case| {
        let answer =
            answered(&mut Evaluator::new(ask.policy, &case.facts), case.row, Point::new(case.on, Day::NEVER));
        root(&answer).cloned()
    };
    let new = |fault: &Fault| failing.is_new(fault);
    if !found_at(&any).is_some_and(|fault| new(&fault)) {
        return;
    }
    let plain = ask.plainest(all, model.clone());
    let shows: Shows<'_> = &|run, row, point| root(&answered(run, row, point)).is_some_and(new);
    let case = case(ask, &plain, shows).unwrap_or(any);
    let Some(fault) = found_at(&case).filter(|fault| new(fault)) else { return };
    if is_of_calendar(fault.trouble) {
        failing.calendar = Some(id);
        return;
    }
    let what = What::Fails { outcome: id, rule, trouble: fault.trouble, at: fault.span };
    failing.places.insert(fault.span);
    let case = case.on_any_day(ask.policy, |days| days.outcome(id));
    found.push(Finding { what, case: Some(case) });
}

/// What failed first; none: it is no error, or one that only depends on another answer.
fn root(answer: &Answer) -> Option<&Fault> {
    let mut fault = answer.fault.as_deref().filter(|_| answer.status == Status::Error)?;
    while let Some(cause) = fault.cause.as_deref() {
        fault = cause;
    }
    fault.depends_on.is_none().then_some(fault)
}

/// All days are within some generations of today's.
fn calm(ask: &mut Ask<'_>) -> Formula {
    let (Some(first), Some(last)) = (Day::from_ymd(1900, 1, 1), Day::from_ymd(2200, 1, 1)) else {
        return Formula::TRUE;
    };
    let mut all = Vec::new();
    for (var, quantity) in &ask.reader.space.quantities {
        if !matches!(quantity, SpaceQuantity::Today | SpaceQuantity::Stated { ty: Kindred::Day, .. }) {
            continue;
        }
        let forms = &mut ask.solver.formulas;
        let ends = [(Comparison::AtLeast, first), (Comparison::AtMost, last)];
        let ends = ends.map(|(comparison, day)| forms.compare(*var, comparison, &number_of(day)));
        all.extend(ends.into_iter().flatten());
    }
    ask.solver.formulas.and(all)
}
