//! A comparison out, as JSON. The schema is `docs/schema/diff.json`.

mod lines;
mod rows;

use super::regions::{RegionsDoc, regions_doc};
use crate::compare::{
    CaseComparison, CaseOrigin, ChangedPeriod, ClauseChange, Clauses, ComparisonCase, Moved, Pairing,
    PartText, PolicySide, Population,
};
use crate::facts::Facts;
use crate::outcome::{Answer, DutyAnswer, PowerAnswer, Reason, Status};
use crate::policy::{OutcomeId, Policy, Type};
use crate::regions::Regions;
use crate::text::{Sources, Span};
use crate::value::Day;
use crate::words::{
    Audience, Words, delta_said, duty_said, duty_state, may_be, possible_doc, power_said, rule_name, sorted,
    what,
};
use lines::ChangedRowDoc;
pub use lines::changed_rows;
use rows::{PopulationDoc, population_doc};
use serde::Serialize;

/// All that was compared in one go.
#[derive(Debug)]
pub struct VersionDiff<'a> {
    pub frame: &'a Pairing<'a>,
    /// The texts of both sides.
    pub sources: &'a Sources,
    /// How the sides are called.
    pub names: (String, String),
    pub known: Option<Day>,
    pub clauses: Clauses,
    pub cases: Vec<(ComparisonCase, CaseComparison)>,
    /// Scenarios whose facts cannot be stated to the other side.
    pub one_sided: Vec<(String, PolicySide)>,
    pub populations: Vec<(RowsFrom, Population)>,
    /// For which facts at all; none: not asked.
    pub regions: Option<Regions>,
    /// Names that were stated to one side only, for the other has none such.
    pub left_out: Vec<(String, PolicySide)>,
}

/// Where the rows of a population come from.
#[derive(Clone, Debug)]
pub struct RowsFrom {
    pub files: Vec<String>,
    /// What is stated beside them.
    pub facts: Option<String>,
}

impl VersionDiff<'_> {
    pub fn words<'w>(&'w self, which: PolicySide, facts: &'w Facts, audience: Audience) -> Words<'w> {
        let policy = match which {
            PolicySide::Old => self.frame.old,
            PolicySide::New => self.frame.new,
        };
        Words { policy, facts, sources: self.sources, audience }
    }

    /// Whether any answer is another.
    pub fn moved(&self) -> bool {
        let effects = self.populations.iter().flat_map(|(_, population)| &population.outcomes);
        self.cases.iter().any(|(_, compared)| !compared.changes.is_empty())
            || effects.into_iter().any(|effect| effect.all.changed > 0)
            || self.regions.as_ref().is_some_and(Regions::differ)
    }

    /// Whether there were facts to ask about.
    pub fn tried(&self) -> bool {
        self.regions.is_some()
            || !self.populations.is_empty()
            || self.cases.iter().any(|(case, _)| case.origin != CaseOrigin::Nothing)
    }
}

/// A comparison as data.
#[derive(Serialize)]
pub struct DiffDoc {
    old: String,
    new: String,
    known: Option<String>,
    clauses: ClausesDoc,
    cases: Vec<CaseDoc>,
    populations: Vec<PopulationDoc>,
    regions: Option<RegionsDoc>,
    one_sided: Vec<SidedDoc>,
    stated_to_one_side: Vec<SidedDoc>,
}

#[derive(Serialize)]
struct ClausesDoc {
    rules: usize,
    unaffected: usize,
    changes: Vec<ChangeDoc>,
}

#[derive(Serialize)]
struct ChangeDoc {
    kind: &'static str,
    name: String,
    change: &'static str,
    renamed_from: Option<String>,
    bears: bool,
    parts: Vec<PartDoc>,
    old: Option<TextDoc>,
    new: Option<TextDoc>,
}

#[derive(Serialize)]
struct TextDoc {
    text: String,
    at: String,
}

#[derive(Serialize)]
struct PartDoc {
    part: &'static str,
    of: Option<String>,
    old: Option<String>,
    new: Option<String>,
    /// Of an annex.
    rows: Vec<ChangedRowDoc>,
}

#[derive(Serialize)]
struct CaseDoc {
    facts: Option<String>,
    scenario: Option<String>,
    /// The side that has the scenario; none: both.
    side: Option<&'static str>,
    from: String,
    to: String,
    compared: usize,
    changes: Vec<MovedDoc>,
}

#[derive(Serialize)]
struct MovedDoc {
    kind: &'static str,
    name: String,
    row: Option<String>,
    intervals: Vec<PieceDoc>,
}

#[derive(Serialize)]
struct PieceDoc {
    from: String,
    to: Option<String>,
    old: SideAnswerDoc,
    new: SideAnswerDoc,
    delta: Option<String>,
    direction: Option<&'static str>,
}

#[derive(Serialize)]
struct SideAnswerDoc {
    status: String,
    value: Option<String>,
    possible: Vec<String>,
    may_be: Vec<&'static str>,
    clauses: Vec<ClauseDoc>,
}

#[derive(Serialize)]
struct ClauseDoc {
    rule: String,
    cites: Vec<ClauseCitationDoc>,
    at: String,
}

#[derive(Serialize)]
struct ClauseCitationDoc {
    source: String,
    place: Option<String>,
}

#[derive(Serialize)]
struct SidedDoc {
    name: String,
    side: &'static str,
}

/// A comparison as JSON text with a newline at its end.
pub fn diff(diffed: &VersionDiff<'_>) -> String {
    super::messages::written(&diff_doc(diffed))
}

/// The same as data.
pub fn diff_doc(diffed: &VersionDiff<'_>) -> DiffDoc {
    let sided = |list: &[(String, PolicySide)]| {
        list.iter().map(|(name, which)| SidedDoc { name: name.clone(), side: which.word() }).collect()
    };
    DiffDoc {
        old: diffed.names.0.clone(),
        new: diffed.names.1.clone(),
        known: diffed.known.map(|day| day.to_string()),
        clauses: ClausesDoc {
            rules: diffed.clauses.rules,
            unaffected: diffed.clauses.unaffected,
            changes: diffed.clauses.changes.iter().map(|change| change_doc(diffed, change)).collect(),
        },
        cases: diffed.cases.iter().map(|(case, compared)| case_doc(diffed, case, compared)).collect(),
        populations: diffed.populations.iter().map(|(from, it)| population_doc(diffed, from, it)).collect(),
        regions: diffed.regions.as_ref().map(|regions| regions_doc(diffed, regions)),
        one_sided: sided(&diffed.one_sided),
        stated_to_one_side: sided(&diffed.left_out),
    }
}

fn change_doc(diffed: &VersionDiff<'_>, change: &ClauseChange) -> ChangeDoc {
    let nothing = Facts::default();
    let words = diffed.words(PolicySide::New, &nothing, Audience::Machine);
    let text = |span: Option<Span>| {
        let span = span.filter(|span| !span.is_empty())?;
        Some(TextDoc { text: words.source(span), at: words.place(span) })
    };
    let shown = |shown: &Option<PartText>| match shown.as_ref()? {
        PartText::Text(span) => Some(words.source(*span)),
        PartText::Words(words) => Some(words.clone()),
    };
    let part = |part: &crate::compare::PartChange| PartDoc {
        part: part.part.word(),
        of: Some(part.of.clone()).filter(|of| !of.is_empty()),
        old: shown(&part.old),
        new: shown(&part.new),
        rows: part.rows.as_ref().map_or(Vec::new(), |rows| lines::docs(diffed, rows)),
    };
    ChangeDoc {
        kind: change.kind.word(),
        name: change.name.clone(),
        change: what(change.what),
        renamed_from: change.renamed.clone(),
        bears: change.bears(),
        parts: change.parts.iter().map(part).collect(),
        old: text(change.old),
        new: text(change.new),
    }
}

fn case_doc(diffed: &VersionDiff<'_>, case: &ComparisonCase, compared: &CaseComparison) -> CaseDoc {
    let old = diffed.words(PolicySide::Old, &case.old, Audience::Machine);
    let new = diffed.words(PolicySide::New, &case.new, Audience::Machine);
    let (facts, scenario, side) = match &case.origin {
        CaseOrigin::File(path) => (Some(path.clone()), None, None),
        CaseOrigin::Scenario(title, side) => (None, Some(title.clone()), side.map(PolicySide::word)),
        CaseOrigin::Nothing => (None, None, None),
    };
    CaseDoc {
        facts,
        scenario,
        side,
        from: compared.from.to_string(),
        to: compared.to.to_string(),
        compared: compared.asked,
        changes: compared.changes.iter().map(|moved| moved_doc((&old, &new), moved)).collect(),
    }
}

fn moved_doc((old, new): (&Words<'_>, &Words<'_>), moved: &Moved) -> MovedDoc {
    match moved {
        Moved::Outcome { old: before, new: after, pieces } => {
            let outcome = &new.policy.outcomes[after.outcome];
            let pieces = pieces.iter().map(|one| {
                let ty = &outcome.ty;
                piece_doc(
                    one,
                    Some((new, ty)),
                    answer_doc(old, before.outcome, &one.old),
                    answer_doc(new, after.outcome, &one.new),
                )
            });
            let row = outcome.for_each.zip(after.row).map(|(entity, row)| new.key(entity, row));
            MovedDoc { kind: "outcome", name: outcome.name.clone(), row, intervals: pieces.collect() }
        }
        Moved::Duty { new: after, pieces, .. } => {
            let duty = &new.policy.duties[after.duty];
            let pieces = pieces
                .iter()
                .map(|one| piece_doc(one, None, duty_doc(old, &one.old), duty_doc(new, &one.new)));
            let row = duty.for_each.zip(after.row).map(|(entity, row)| new.key(entity, row));
            MovedDoc { kind: "obligation", name: duty.name.clone(), row, intervals: pieces.collect() }
        }
        Moved::Power { new: after, pieces, .. } => {
            let power = &new.policy.powers[after.power];
            let pieces = pieces
                .iter()
                .map(|one| piece_doc(one, None, power_doc(old, &one.old), power_doc(new, &one.new)));
            let row = power.for_each.zip(after.row).map(|(entity, row)| new.key(entity, row));
            MovedDoc { kind: "power", name: power.name.clone(), row, intervals: pieces.collect() }
        }
    }
}

fn piece_doc<T>(
    piece: &ChangedPeriod<T>,
    ty: Option<(&Words<'_>, &Type)>,
    old: SideAnswerDoc,
    new: SideAnswerDoc,
) -> PieceDoc {
    let delta = piece.delta.as_ref();
    PieceDoc {
        from: piece.from.to_string(),
        to: piece.to.map(|day| day.to_string()),
        old,
        new,
        delta: delta.zip(ty).map(|(delta, (words, ty))| delta_said(words, ty, delta)),
        direction: delta.map(|delta| if delta.is_down() { "down" } else { "up" }),
    }
}

fn answer_doc(words: &Words<'_>, id: OutcomeId, answer: &Answer) -> SideAnswerDoc {
    let ty = &words.policy.outcomes[id].ty;
    SideAnswerDoc {
        status: answer.status.as_str().to_string(),
        value: answer.value().map(|value| words.value(ty, value)),
        possible: sorted(&answer.possible).iter().flat_map(|one| possible_doc(words, ty, one)).collect(),
        may_be: if answer.status == Status::Undetermined { may_be(&answer.possible) } else { Vec::new() },
        clauses: answer.reasons.iter().map(|reason| clause_doc(words, id, reason)).collect(),
    }
}

fn clause_doc(words: &Words<'_>, id: OutcomeId, reason: &Reason) -> ClauseDoc {
    let rule = reason.rule.and_then(|id| words.policy.rules.try_get(id));
    let span = rule.map_or(words.policy.outcomes[id].span, |rule| rule.name_span);
    let cites = rule.map_or(&[][..], |rule| rule.cites.as_slice());
    ClauseDoc {
        rule: rule_name(words.policy, reason),
        cites: cites.iter().map(|citation| citation_doc(words.policy, citation)).collect(),
        at: words.place(span),
    }
}

fn citation_doc(policy: &Policy, citation: &crate::policy::Citation) -> ClauseCitationDoc {
    ClauseCitationDoc {
        source: policy.instruments[citation.instrument].name.clone(),
        place: citation.place.clone(),
    }
}

fn duty_doc(words: &Words<'_>, answer: &DutyAnswer) -> SideAnswerDoc {
    let duty = &words.policy.duties[answer.duty];
    let states: Vec<String> = answer.states.iter().map(|state| duty_state(state).to_string()).collect();
    SideAnswerDoc {
        status: duty_said(words, answer),
        value: answer.states.single().map(|state| duty_state(state).to_string()),
        possible: states,
        may_be: Vec::new(),
        clauses: vec![ClauseDoc {
            rule: duty.name.clone(),
            cites: duty.cites.iter().map(|citation| citation_doc(words.policy, citation)).collect(),
            at: words.place(duty.name_span),
        }],
    }
}

fn power_doc(words: &Words<'_>, answer: &PowerAnswer) -> SideAnswerDoc {
    let power = &words.policy.powers[answer.power];
    SideAnswerDoc {
        status: power_said(answer),
        value: None,
        possible: Vec::new(),
        may_be: Vec::new(),
        clauses: vec![ClauseDoc {
            rule: power.name.clone(),
            cites: power.cites.iter().map(|citation| citation_doc(words.policy, citation)).collect(),
            at: words.place(power.name_span),
        }],
    }
}
