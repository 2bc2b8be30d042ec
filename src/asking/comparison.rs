//! Two policies compared: their answers in given cases, and for which facts at all they differ.

use crate::answers::VersionDiff;
use crate::compare::{
    CaseComparison, CaseOrigin, CaseQuestion, ComparisonCase, Pairing, PolicySide, Settings,
};
use crate::diag::Diagnostic;
use crate::facts::{Facts, Input};
use crate::regions::{Question, Regions, Same};
use crate::value::Day;

/// What is compared beside the clauses.
#[derive(Clone, Copy, Debug)]
pub struct VersionQuestion<'q> {
    /// What is stated to each side, in place of what cases say.
    pub settings: &'q Settings<'static>,
    /// The first and the last day, and as known when.
    pub days: super::AskedDays,
    /// Whether the scenarios of both policies are cases.
    pub scenarios: bool,
    /// Steps that each search for facts may take; none: there is no search.
    pub steps: Option<u64>,
}

/// What came of it.
#[derive(Debug)]
pub struct ComparedVersions {
    pub cases: Vec<(ComparisonCase, CaseComparison)>,
    /// Scenarios whose facts cannot be stated to the other side.
    pub one_sided: Vec<(String, PolicySide)>,
    pub regions: Option<Regions>,
}

/// Nothing but what is set, stated to both sides.
///
/// # Errors
/// What is set is wrong for all cases, or for none.
pub fn nothing_stated(
    frame: &Pairing<'_>,
    settings: &Settings<'static>,
) -> Result<(Facts, Facts), Vec<Diagnostic>> {
    let (old, new, _) = frame.bind(&Input::default(), settings)?;
    Ok((old, new))
}

/// Compares the answers of both sides. `cases`: those of facts files; `rows`: whether answers for rows are compared too.
pub fn compared(
    frame: &Pairing<'_>,
    asked: VersionQuestion<'_>,
    (nothing_old, nothing_new): (Facts, Facts),
    (mut cases, rows): (Vec<ComparisonCase>, bool),
) -> ComparedVersions {
    let VersionQuestion { settings, days, scenarios, steps } = asked;
    let mut one_sided = Vec::new();
    if scenarios {
        let scenarios = frame.scenarios(settings);
        cases.extend(scenarios.cases);
        one_sided = scenarios.one_sided;
    }
    let regions = steps.map(|steps| {
        frame.regions(&Question {
            policies: [frame.old, frame.new],
            fixed: [&nothing_old, &nothing_new],
            same: &Same::default(),
            known: days.known.unwrap_or(Day::NEVER),
            days: (days.from.unwrap_or(Day::FIRST), days.to.unwrap_or(Day::LAST)),
            steps,
        })
    });
    let nothing_tried = cases.is_empty() && !rows && regions.is_none();
    // For which facts an answer differs is asked of stated facts.
    if nothing_tried || frame.clauses().default_moves() {
        cases.push(ComparisonCase { origin: CaseOrigin::Nothing, old: nothing_old, new: nothing_new });
    }
    let asked = CaseQuestion { from: days.from, to: days.to, known: days.known, every: false };
    let cases = cases.into_iter().map(|case| {
        let compared = frame.case(&case, asked);
        (case, compared)
    });
    ComparedVersions { cases: cases.collect(), one_sided, regions }
}

/// Whether anything changed: an answer, or, where nothing was tried, a clause that may bear on one.
pub fn is_changed(diffed: &VersionDiff<'_>) -> bool {
    diffed.moved() || (!diffed.tried() && diffed.clauses.changes.iter().any(|one| one.bears()))
}
