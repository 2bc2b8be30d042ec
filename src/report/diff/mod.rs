//! A comparison in words: a plan in one line, the clauses that changed, the answers that change and from when to when.

mod brief;
mod html;
mod lines;
mod markdown;
mod rows;
mod text;

pub use html::html;

use super::Report;
use super::page::Look;
use crate::answers::VersionDiff;
use crate::compare::{
    CaseComparison, CaseOrigin, ChangeKind, ChangedPeriod, ClauseChange, ClauseKind, ComparisonCase, Moved,
    PartChange, PartKind, PartText, PolicySide, Population,
};
use crate::diag::{Style, count, list_and, tick};
use crate::facts::Facts;
use crate::outcome::Answer;
use crate::policy::{Citation, OutcomeId, Policy};
use crate::value::Day;
use crate::words::{Audience, delta_said, duty_said, power_said};
use std::collections::BTreeSet;

/// More of one case is not shown; the JSON has all.
const MOST: usize = 40;
/// A clause longer than this is cut.
const LONG: usize = 160;

/// A comparison for people: as text on a page, or in `full`.
pub fn diff(diffed: &VersionDiff<'_>, look: Look, full: bool) -> String {
    match look {
        Look::Text(style) if full => text::text(diffed, style),
        Look::Text(style) => brief::brief(diffed, style),
        Look::Markdown => markdown::markdown(diffed),
    }
}

/// What comes first: `2 outcomes change, tariff and total, in 3 of 5 cases; 14 of 16 rules unaffected`.
fn plan(diffed: &VersionDiff<'_>) -> String {
    let mut parts = Vec::new();
    let mut parts_after = String::new();
    let moved = moved(diffed);
    let cases = diffed.cases.iter().filter(|(_, compared)| !compared.changes.is_empty()).count();
    let all = diffed.cases.len();
    for (noun, names) in [("outcome", &moved.0), ("obligation", &moved.1), ("power", &moved.2)] {
        if names.is_empty() {
            continue;
        }
        let verb = if names.len() == 1 { "changes" } else { "change" };
        let some: Vec<String> = names.iter().take(5).map(|name| tick(name)).collect();
        let more = names.len().saturating_sub(some.len());
        let list = if more > 0 { format!("{} and {more} more", some.join(", ")) } else { list_and(&some) };
        parts.push(format!("{} {verb} ({list})", count(names.len(), noun)));
    }
    let of = |many: usize| if many == 1 { "the case".to_string() } else { count(many, "case") };
    let nothing_stated = diffed.cases.iter().all(|(case, _)| case.origin == CaseOrigin::Nothing);
    if let Some(regions) = &diffed.regions {
        let names: Vec<String> = regions
            .outcomes
            .iter()
            .filter(|one| !one.groups.is_empty())
            .map(|one| tick(&diffed.frame.new.outcomes[one.outcome.1].name))
            .collect();
        let groups: usize = regions.outcomes.iter().map(|one| one.groups.len()).sum();
        let verb = if names.len() == 1 { "changes" } else { "change" };
        let some = names.iter().take(5).cloned().collect::<Vec<_>>();
        let more = names.len().saturating_sub(some.len());
        let list = if more > 0 { format!("{} and {more} more", some.join(", ")) } else { list_and(&some) };
        let whatever = match names.len() {
            0 if regions.undecided() > 0 => "no change was found for any facts".to_string(),
            0 if diffed.clauses.default_moves() => {
                "no outcome changes where every fact is stated".to_string()
            }
            0 => "no outcome changes for any facts".to_string(),
            many => {
                format!(
                    "{} {verb} for some facts ({list}), in {}",
                    count(many, "outcome"),
                    count(groups, "group")
                )
            }
        };
        if parts.is_empty() && nothing_stated && diffed.populations.is_empty() {
            return format!("{whatever}{}; {} not decided", rest(diffed), regions.undecided());
        }
        parts_after = match names.len() {
            0 if diffed.clauses.default_moves() => {
                format!("; where every fact is stated: none, {} not decided", regions.undecided())
            }
            0 => format!("; for all facts: none, {} not decided", regions.undecided()),
            many => format!(
                "; for all facts: {} in {}, {} not decided",
                count(many, "outcome"),
                count(groups, "group"),
                regions.undecided()
            ),
        };
    }
    let mut first = match (parts.is_empty(), nothing_stated) {
        (true, _) if all == 0 => "no outcome changes".to_string(),
        (false, _) if all == 0 => list_and(&parts),
        (true, true) => "no outcome changes with nothing stated".to_string(),
        (true, false) => format!("no outcome changes in {}", of(all)),
        (false, true) => format!("{} with nothing stated", list_and(&parts)),
        (false, false) => format!("{} in {cases} of {}", list_and(&parts), count(all, "case")),
    };
    for (_, population) in &diffed.populations {
        let changed = population.changed;
        let entity = &diffed.frame.new.entities[population.entity.1].name;
        let rows = population.rows;
        let noun = if rows == 1 { "row" } else { "rows" };
        first.push_str(&match changed {
            0 => format!("; none of {rows} {noun} of {entity} changes"),
            _ => format!("; {changed} of {rows} {noun} of {entity} change"),
        });
    }
    first.push_str(&rest(diffed));
    first.push_str(&parts_after);
    first
}

/// What is said of the clauses.
fn rest(diffed: &VersionDiff<'_>) -> String {
    let clauses = &diffed.clauses;
    if clauses.real().next().is_none() {
        "; no clause changes".to_string()
    } else if clauses.rules > 0 {
        format!("; {} of {} unaffected", clauses.unaffected, count(clauses.rules, "rule"))
    } else {
        String::new()
    }
}

type DiffNames = BTreeSet<String>;

/// The names of what changes: outcomes, duties, powers.
fn moved(diffed: &VersionDiff<'_>) -> (DiffNames, DiffNames, DiffNames) {
    let policy = diffed.frame.new;
    let mut names = (DiffNames::new(), DiffNames::new(), DiffNames::new());
    for moved in diffed.cases.iter().flat_map(|(_, compared)| &compared.changes) {
        match moved {
            Moved::Outcome { new, .. } => names.0.insert(policy.outcomes[new.outcome].name.clone()),
            Moved::Duty { new, .. } => names.1.insert(policy.duties[new.duty].name.clone()),
            Moved::Power { new, .. } => names.2.insert(policy.powers[new.power].name.clone()),
        };
    }
    for effect in diffed.populations.iter().flat_map(|(_, population)| &population.outcomes) {
        if effect.all.changed > 0 {
            names.0.insert(policy.outcomes[effect.outcome.1].name.clone());
        }
    }
    names
}

/// One change of one thing in words.
struct ChangeText {
    /// `2026-09-01 – 2030-12-31`
    days: String,
    old: String,
    new: String,
    /// `up 10 points`
    delta: String,
    who_old: String,
    who_new: String,
}

/// All changes of one thing.
struct SubjectText {
    title: String,
    lines: Vec<ChangeText>,
}

fn subjects(diffed: &VersionDiff<'_>, case: &ComparisonCase, compared: &CaseComparison) -> Vec<SubjectText> {
    let speak =
        |which, facts| Report::new(diffed.words(which, facts, Audience::People), Look::Text(Style::PLAIN));
    let (old, new) = (speak(PolicySide::Old, &case.old), speak(PolicySide::New, &case.new));
    let subject = |moved: &Moved| match moved {
        Moved::Outcome { old: before, new: after, pieces } => {
            let line = |piece: &ChangedPeriod<Answer>| {
                let ty = &new.words.policy.outcomes[after.outcome].ty;
                let delta = piece.delta.as_ref().map(|delta| {
                    let said = delta_said(&new.words, ty, delta);
                    let word = if delta.is_down() { "down" } else { "up" };
                    format!("{word} {}", said.trim_start_matches('-'))
                });
                ChangeText {
                    days: days(piece),
                    old: old.said(before.outcome, &piece.old),
                    new: new.said(after.outcome, &piece.new),
                    delta: delta.unwrap_or_default(),
                    who_old: old.who(&piece.old),
                    who_new: new.who(&piece.new),
                }
            };
            let title = new.words.outcome(after.outcome, after.row);
            SubjectText { title, lines: pieces.iter().map(line).collect() }
        }
        Moved::Duty { old: before, new: after, pieces } => {
            let clause = |report: &Report<'_>, id: crate::policy::DutyId| {
                let duty = &report.words.policy.duties[id];
                origin(report.words.policy, &duty.name, &duty.cites)
            };
            let lines = pieces.iter().map(|piece| ChangeText {
                days: days(piece),
                old: duty_said(&old.words, &piece.old),
                new: duty_said(&new.words, &piece.new),
                delta: String::new(),
                who_old: clause(&old, before.duty),
                who_new: clause(&new, after.duty),
            });
            SubjectText { title: new.words.duty(after.duty, after.row, None), lines: lines.collect() }
        }
        Moved::Power { old: before, new: after, pieces } => {
            let clause = |report: &Report<'_>, id: crate::policy::PowerId| {
                let power = &report.words.policy.powers[id];
                origin(report.words.policy, &power.name, &power.cites)
            };
            let lines = pieces.iter().map(|piece| ChangeText {
                days: days(piece),
                old: power_said(&piece.old),
                new: power_said(&piece.new),
                delta: String::new(),
                who_old: clause(&old, before.power),
                who_new: clause(&new, after.power),
            });
            SubjectText { title: new.words.power(after.power, after.row), lines: lines.collect() }
        }
    };
    compared.changes.iter().map(subject).collect()
}

impl Report<'_> {
    /// An answer in few words: `15%`, `undetermined: 15% or 25%`, `gap`.
    fn said(&self, id: OutcomeId, answer: &Answer) -> String {
        let (kind, label) = self.what(id, answer);
        match kind.word() {
            None => label,
            Some(word) if label.is_empty() => word.to_string(),
            Some(word) => format!("{word}: {label}"),
        }
    }

    /// Who says so, with the citations.
    fn who(&self, answer: &Answer) -> String {
        let who: Vec<String> =
            answer.reasons.iter().map(|reason| self.reason(reason, answer.status)).collect();
        if who.is_empty() { "no rule applies".to_string() } else { who.join("; ") }
    }
}

fn days<T>(piece: &ChangedPeriod<T>) -> String {
    match piece.to {
        None => "on a day that is open".to_string(),
        Some(to) if to == piece.from => to.to_string(),
        Some(to) if (piece.from, to) == (Day::FIRST, Day::LAST) => "every day".to_string(),
        Some(to) => format!("{} – {to}", piece.from),
    }
}

/// `fund: MOU "para 5"`
fn origin(policy: &Policy, name: &str, cites: &[Citation]) -> String {
    let cite = |citation: &Citation| {
        let name = &policy.instruments[citation.instrument].name;
        citation.place.as_ref().map_or_else(|| name.clone(), |place| format!("{name} \"{place}\""))
    };
    let cites: Vec<String> = cites.iter().map(cite).collect();
    if cites.is_empty() { name.to_string() } else { format!("{name}: {}", cites.join(", ")) }
}

/// `entry: 10 rows of entries.csv, with facts.yaml`
fn rows_title(diffed: &VersionDiff<'_>, rows: &crate::answers::RowsFrom, population: &Population) -> String {
    let entity = &diffed.frame.new.entities[population.entity.1].name;
    let many = count(usize::try_from(population.rows).unwrap_or(usize::MAX), "row");
    let facts = rows.facts.as_ref().map_or(String::new(), |facts| format!(", with {facts}"));
    format!("{entity}: {many} of {}{facts}", list_and(&rows.files))
}

/// `, from 2025-01-01 to 2030-12-31`; nothing if all days are alike.
fn over(compared: &CaseComparison) -> String {
    match (compared.from, compared.to) {
        (Day::FIRST, Day::LAST) => String::new(),
        (from, to) => format!(", from {from} to {to}"),
    }
}

/// What a case is called.
fn case_title(case: &ComparisonCase) -> String {
    match &case.origin {
        CaseOrigin::File(path) => crate::text::shown(path).into_owned(),
        CaseOrigin::Nothing => "nothing stated".to_string(),
        CaseOrigin::Scenario(title, None) => format!("scenario \"{title}\""),
        CaseOrigin::Scenario(title, Some(which)) => {
            format!("scenario \"{title}\" of the {} side", which.word())
        }
    }
}

/// `rule ceiling`, `agreement japan`
fn clause_title(change: &ClauseChange) -> String {
    format!("{} {}", change.kind.word(), tick(&change.name))
}

/// `added`, `changed, was called pledged`
fn clause_what(change: &ClauseChange) -> String {
    let what = crate::words::what(change.what);
    match &change.renamed {
        Some(before) if change.what == ChangeKind::Renamed => format!("was called {}", tick(before)),
        Some(before) => format!("{what}, was called {}", tick(before)),
        None => what.to_string(),
    }
}

/// `value of tariff`, `condition, branch 2`
fn part_title(part: &PartChange) -> String {
    match (part.of.is_empty(), part.of.starts_with("branch")) {
        _ if part.part == PartKind::Lasting => format!("lasts {}", part.of),
        (true, _) => part.part.word().to_string(),
        (false, true) => format!("{}, {}", part.part.word(), part.of),
        (false, false) => format!("{} of {}", part.part.word(), part.of),
    }
}

/// A part as it stands on a side.
fn shown(diffed: &VersionDiff<'_>, part: &Option<PartText>) -> Option<String> {
    let nothing = Facts::default();
    match part.as_ref()? {
        PartText::Words(words) => Some(words.clone()),
        PartText::Text(span) => {
            Some(cut(&diffed.words(PolicySide::New, &nothing, Audience::People).source(*span)))
        }
    }
}

/// What an added or repealed clause says: its text, or where that is long its parts.
fn clause_text(diffed: &VersionDiff<'_>, change: &ClauseChange) -> String {
    let whole = matches!(change.kind, ClauseKind::Rule | ClauseKind::Obligation | ClauseKind::Power);
    if let Some(span) = change.new.or(change.old).filter(|_| whole) {
        let nothing = Facts::default();
        return cut(&diffed.words(PolicySide::New, &nothing, Audience::People).source(span));
    }
    let part = |part: &PartChange| {
        let said = shown(diffed, &part.new).or_else(|| shown(diffed, &part.old))?;
        let title = part_title(part);
        Some(if said.starts_with(&title) { said } else { format!("{title} {said}") })
    };
    cut(&change.parts.iter().filter_map(part).collect::<Vec<_>>().join(", "))
}

/// Where a clause stands, or stood.
fn clause_place(diffed: &VersionDiff<'_>, change: &ClauseChange) -> String {
    let nothing = Facts::default();
    let words = diffed.words(PolicySide::New, &nothing, Audience::People);
    let span = change.new.or(change.old).filter(|span| !span.is_empty());
    span.map_or(String::new(), |span| words.place(span))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONG) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("").trim_end()),
        None => text.to_string(),
    }
}

/// What could not be compared, and what was stated to one side only.
fn remarks(diffed: &VersionDiff<'_>) -> Vec<String> {
    let mut remarks = Vec::new();
    for (name, which) in &diffed.left_out {
        remarks.push(format!(
            "{} is stated to the {} side only: the other declares no such name",
            tick(name),
            which.word()
        ));
    }
    for (title, which) in &diffed.one_sided {
        remarks.push(format!(
            "scenario \"{title}\" of the {} side is not compared: its facts cannot be stated to both",
            which.word()
        ));
    }
    let new = diffed.clauses.changes.iter().filter(|change| change.kind == ClauseKind::Outcome);
    for change in new {
        match change.what {
            ChangeKind::Added => remarks
                .push(format!("outcome {} is new: there is nothing to compare it with", tick(&change.name))),
            ChangeKind::Repealed => remarks
                .push(format!("outcome {} is gone: there is nothing to compare it with", tick(&change.name))),
            ChangeKind::Changed | ChangeKind::Renamed => {}
        }
    }
    remarks
}
