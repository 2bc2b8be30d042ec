//! Gaps and conflicts: what may be and should not (R5).

use super::ask::{Ask, May};
use super::case::case;
use super::clauses::ReadClause;
use super::{Finding, Open, What, Why};
use crate::outcome::Status;
use crate::policy::{OutcomeId, RuleId};
use crate::solve::{Formula, Model};

/// More conflicts than this of one outcome are not looked for: there the order of the rules is missing as a whole.
const MOST: usize = 25;

pub(super) fn ask_all(ask: &mut Ask<'_>, id: OutcomeId, read: &ReadClause, found: &mut Vec<Finding>) {
    gap(ask, id, read, found);
    let before = found.len();
    for (pair, clash) in &read.clashes {
        if found.len().saturating_sub(before) >= MOST {
            return ask.leave(Open::Pairs(id), Why::Many);
        }
        conflict(ask, id, read, (*pair, *clash), found);
    }
}

fn gap(ask: &mut Ask<'_>, id: OutcomeId, read: &ReadClause, found: &mut Vec<Finding>) {
    let all = [read.verdict.gap, read.meant, ask.all_known];
    if ask.policy.outcomes[id].contenders.is_empty() {
        // There is a lint for it.
        return;
    }
    let model = match ask.may(&all) {
        May::Never => return,
        May::Open(why) => return ask.leave(Open::Gap(id), why),
        May::Be(model) => ask.plainest(&all, *model),
    };
    let case = case(ask, &model, &|run, row, point| {
        run.bare_answer(id, row.map(|(_, row)| row), point).status == Status::Gap
    });
    match case {
        Some(case) => {
            let case = case.on_any_day(ask.policy, |days| days.outcome(id));
            found.push(Finding { what: What::Gap(id), case: Some(case) });
        }
        None => ask.leave(Open::Gap(id), ask.terms(&model)),
    }
}

fn conflict(
    ask: &mut Ask<'_>,
    id: OutcomeId,
    read: &ReadClause,
    (pair, clash): ([usize; 2], Option<Formula>),
    found: &mut Vec<Finding>,
) {
    let [Some(a), Some(b)] = pair.map(|place| read.verdict.offers.get(place)) else { return };
    let rules = [a.rule, b.rule];
    let open = Open::Conflict(id, rules);
    let Some(clash) = clash else {
        // Of values that cannot be compared it matters only whether both rules can decide.
        match ask.may(&[a.decides, b.decides, ask.all_known]) {
            May::Never => {}
            May::Be(_) | May::Open(_) => ask.leave(open, Why::Outside),
        }
        return;
    };
    let all = [clash, ask.all_known];
    let model = match ask.may(&all) {
        May::Never => return,
        May::Open(why) => return ask.leave(open, why),
        May::Be(model) => ask.plainest(&all, *model),
    };
    let case = case(ask, &model, &|run, row, point| {
        let answer = run.bare_answer(id, row.map(|(_, row)| row), point);
        let decides = |rule: RuleId| answer.reasons.iter().any(|reason| reason.rule == Some(rule));
        answer.status == Status::Conflict && rules.into_iter().all(decides)
    });
    let branch = |place: usize, model: &Model| {
        let holds = |formula| ask.solver.formulas.holds(formula, model) == Ok(true);
        let pieces = read.verdict.offers.get(place).map_or(&[][..], |offer| &offer.pieces);
        pieces.iter().find(|piece| holds(piece.applies)).map_or(0, |piece| piece.branch)
    };
    let rules = pair.map(|place| {
        (read.verdict.offers.get(place).map_or(a.rule, |offer| offer.rule), branch(place, &model))
    });
    match case {
        Some(case) => {
            let case = case.on_any_day(ask.policy, |days| days.outcome(id));
            found.push(Finding { what: What::Conflict { outcome: id, rules }, case: Some(case) });
        }
        None => ask.leave(open, ask.terms(&model)),
    }
}
