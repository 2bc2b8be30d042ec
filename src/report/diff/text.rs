//! A comparison as text for a terminal.

use super::lines;
use super::rows::{EffectText, told};
use super::{
    MOST, SubjectText, case_title, clause_place, clause_text, clause_title, clause_what, over, part_title,
    plan, remarks, rows_title, shown, subjects,
};
use crate::answers::{VersionDiff, regions_said};
use crate::compare::ChangeKind;
use crate::diag::{Style, count};
use crate::report::page::{Look, Page, Tint};
use crate::report::regions::on_page;
use crate::words::Audience;

pub(super) fn text(diffed: &VersionDiff<'_>, style: Style) -> String {
    let mut page = Page::new(Look::Text(style));
    let plan = page.tint(Tint::Strong, &plan(diffed));
    page.line(0, &plan);
    page.gap();
    page.line(0, &format!("old: {}", crate::text::shown(&diffed.names.0)));
    page.line(0, &format!("new: {}", crate::text::shown(&diffed.names.1)));
    clauses(&mut page, diffed, usize::MAX);
    for (case, compared) in diffed.cases.iter().filter(|(_, compared)| !compared.changes.is_empty()) {
        page.gap();
        let title = page.tint(Tint::Strong, &case_title(case));
        page.line(0, &format!("{title}{}", over(compared)));
        let subjects = subjects(diffed, case, compared);
        for subject in subjects.iter().take(MOST) {
            answers(&mut page, subject);
        }
        if let Some(more) = subjects.len().checked_sub(MOST).filter(|more| *more > 0) {
            page.line(2, &format!("… {}", count(more, "more change")));
        }
    }
    for (rows, population) in &diffed.populations {
        page.gap();
        let title = page.tint(Tint::Strong, &rows_title(diffed, rows, population));
        page.line(0, &title);
        for told in told(diffed, population) {
            effect(&mut page, &told);
        }
    }
    if let Some(regions) = &diffed.regions {
        page.gap();
        on_page(&mut page, regions, &regions_said(diffed, regions, Audience::People));
    }
    let remarks = remarks(diffed);
    if !remarks.is_empty() {
        page.gap();
        remarks.iter().for_each(|remark| page.line(0, &format!("note: {remark}")));
    }
    page.finish()
}

/// The first `most` of the clauses that changed; whether there are more.
pub(super) fn clauses(page: &mut Page, diffed: &VersionDiff<'_>, most: usize) -> bool {
    if diffed.clauses.changes.is_empty() {
        return false;
    }
    page.gap();
    let head = page.tint(Tint::Strong, "clauses");
    page.line(0, &head);
    for change in diffed.clauses.changes.iter().take(most) {
        let (sign, tint) = match change.what {
            ChangeKind::Added => ("+", Tint::Good),
            ChangeKind::Repealed => ("-", Tint::Bad),
            ChangeKind::Changed => ("~", Tint::Open),
            ChangeKind::Renamed => ("=", Tint::Strong),
        };
        let sign = page.tint(tint, sign);
        let place = clause_place(diffed, change);
        let place = if place.is_empty() { place } else { format!(" ({place})") };
        page.line(2, &format!("{sign} {} {}{place}", clause_title(change), clause_what(change)));
        if matches!(change.what, ChangeKind::Added | ChangeKind::Repealed) {
            let text = clause_text(diffed, change);
            if !text.is_empty() {
                page.line(6, &text);
            }
        }
        let parts = change.parts.iter().filter(|_| change.what == ChangeKind::Changed);
        let rows: Vec<Vec<String>> = parts
            .map(|part| {
                let side = |side| shown(diffed, side).unwrap_or_else(|| "none".to_string());
                vec![part_title(part), format!("{} → {}", side(&part.old), side(&part.new))]
            })
            .collect();
        page.table(6, &rows);
        for changed in change.parts.iter().filter_map(|part| part.rows.as_ref()) {
            page.table(8, &lines::rows(diffed, changed));
        }
    }
    let more = diffed.clauses.changes.len().saturating_sub(most);
    if more > 0 {
        page.line(2, &format!("and {}", count(more, "more clause")));
    }
    more > 0
}

fn answers(page: &mut Page, subject: &SubjectText) {
    page.line(2, &subject.title);
    for line in &subject.lines {
        let delta = if line.delta.is_empty() { String::new() } else { format!("  ({})", line.delta) };
        page.hanging(4, 27, &format!("{:23}  {} → {}{delta}", line.days, line.old, line.new));
        if line.who_old == line.who_new {
            page.hanging(29, 2, &line.who_new);
        } else {
            page.hanging(29, 2, &format!("old: {}", line.who_old));
            page.hanging(29, 2, &format!("new: {}", line.who_new));
        }
    }
}

/// The longest bar.
const BAR: u64 = 30;

pub(super) fn effect(page: &mut Page, told: &EffectText) {
    page.line(2, &format!("{}: {}", told.title, told.counts));
    if told.all.changed == 0 {
        return;
    }
    let delta = |delta: &str| if delta.is_empty() { String::new() } else { format!("({delta})") };
    if let Some(measure) = told.measure {
        let all = &told.all;
        page.line(4, &format!("{measure}  {} → {}  {}", all.old, all.new, delta(&all.delta)));
        if !told.groups.is_empty() {
            page.line(4, &format!("by {}", told.by));
            let row = |line: &super::rows::SumsText| {
                vec![
                    line.name.clone(),
                    format!("{} of {}", line.changed, line.rows),
                    format!("{} → {}", line.old, line.new),
                    delta(&line.delta),
                ]
            };
            page.table(6, &told.groups.iter().map(row).collect::<Vec<_>>());
        }
    }
    if !told.steps.is_empty() {
        page.line(4, "how far rows move");
        let most = told.steps.iter().map(|step| step.rows).max().unwrap_or(1).max(1);
        let row = |step: &super::rows::StepText| {
            let long = step.rows.saturating_mul(BAR).div_ceil(most);
            let bar = "█".repeat(usize::try_from(long).unwrap_or(0));
            vec![step.label.clone(), step.rows.to_string(), bar]
        };
        page.table(6, &told.steps.iter().map(row).collect::<Vec<_>>());
    }
    if !told.movers.is_empty() {
        page.line(4, "the largest movers");
        for mover in &told.movers {
            page.line(6, &format!("{}  {} → {}  {}", mover.row, mover.old, mover.new, delta(&mover.delta)));
            page.hanging(8, 2, &format!("old: {}", mover.who_old));
            page.hanging(8, 2, &format!("new: {}", mover.who_new));
        }
    }
}
