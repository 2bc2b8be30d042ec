//! The answers of a policy for one set of facts.

use super::conduct::conduct;
use super::names::Chosen;
use crate::answers::{Answers, Evaluation};
use crate::facts::Facts;
use crate::outcome::{Point, Status, Story};
use crate::policy::{EntityId, OutcomeId, Policy};
use crate::run::Evaluator;
use crate::text::Sources;
use crate::value::Day;
use std::collections::BTreeMap;

/// The stories of more gaps than this are not told.
const GAPS: usize = 20;

/// Where it is asked; no day: what is asked is the same on every day, or is of rows that have their own.
pub(super) fn point(on: Option<Day>, known: Option<Day>) -> Point {
    Point::new(on.unwrap_or(Day::FIRST), known.unwrap_or(Day::NEVER))
}

/// Answers everything asked for.
pub fn evaluation<'a>(
    run: &mut Evaluator<'a>,
    (policy, facts, sources): (&'a Policy, &'a Facts, &'a Sources),
    chosen: &Chosen,
    (on, known): (Option<Day>, Option<Day>),
) -> Evaluation<'a> {
    let at = point(on, known);
    let outcomes = chosen.outcomes().map(|id| (id, answers(run, (policy, facts), id, at))).collect();
    let conduct = conduct(run, policy, facts, chosen, at);
    Evaluation { policy, facts, sources, on, known, outcomes, conduct }
}

/// The answer, or the answers for all rows in the order they are stated.
pub fn answers(
    run: &mut Evaluator<'_>,
    (policy, facts): (&Policy, &Facts),
    id: OutcomeId,
    point: Point,
) -> Answers {
    match policy.outcomes[id].for_each.and_then(|entity| Some((entity, rows(facts, entity)?))) {
        None => Answers::One(point, run.answer(id, None, point)),
        Some((entity, rows)) => {
            let one = |row| (row, run.row_point(entity, row, point), run.answer(id, Some(row), point));
            Answers::Rows((0..rows).map(one).collect())
        }
    }
}

/// How many rows are stated; none: the table is not.
fn rows(facts: &Facts, entity: EntityId) -> Option<u32> {
    let rows = facts.tables.try_get(entity).and_then(Option::as_ref)?;
    u32::try_from(rows.rows.len()).ok()
}

/// What came closest to filling each gap.
pub fn gaps(run: &mut Evaluator<'_>, asked: &Evaluation<'_>) -> BTreeMap<(OutcomeId, Option<u32>), Story> {
    let point = point(asked.on, asked.known);
    let mut gaps = Vec::new();
    for (id, answers) in &asked.outcomes {
        match answers {
            Answers::One(_, answer) if answer.status == Status::Gap => gaps.push((*id, None)),
            Answers::One(..) => {}
            Answers::Rows(rows) => {
                let empty = rows.iter().filter(|(_, _, answer)| answer.status == Status::Gap);
                gaps.extend(empty.map(|(row, _, _)| (*id, Some(*row))));
            }
        }
    }
    gaps.into_iter().take(GAPS).map(|(id, row)| ((id, row), run.story(id, row, point))).collect()
}
