//! A comparison as text for a terminal.

use super::{
    MOST, Subject, case_title, clause_place, clause_text, clause_title, clause_what, part_title, plan, remarks,
    shown, subjects,
};
use crate::compare::What;
use crate::diag::{Style, count};
use crate::report::page::{Look, Page, Tint};
use crate::wire::Diffed;

pub(super) fn text(diffed: &Diffed<'_>, style: Style) -> String {
    let mut page = Page::new(Look::Text(style));
    let plan = page.tint(Tint::Strong, &plan(diffed));
    page.line(0, &plan);
    page.gap();
    page.line(0, &format!("old: {}", diffed.names.0));
    page.line(0, &format!("new: {}", diffed.names.1));
    clauses(&mut page, diffed);
    for (case, compared) in diffed.cases.iter().filter(|(_, compared)| !compared.changes.is_empty()) {
        page.gap();
        let title = page.tint(Tint::Strong, &case_title(case));
        page.line(0, &format!("{title}, from {} to {}", compared.from, compared.to));
        let subjects = subjects(diffed, case, compared);
        for subject in subjects.iter().take(MOST) {
            answers(&mut page, subject);
        }
        if let Some(more) = subjects.len().checked_sub(MOST).filter(|more| *more > 0) {
            page.line(2, &format!("… {}", count(more, "more change")));
        }
    }
    let remarks = remarks(diffed);
    if !remarks.is_empty() {
        page.gap();
        remarks.iter().for_each(|remark| page.line(0, &format!("note: {remark}")));
    }
    page.finish()
}

fn clauses(page: &mut Page, diffed: &Diffed<'_>) {
    if diffed.clauses.changes.is_empty() {
        return;
    }
    page.gap();
    let head = page.tint(Tint::Strong, "clauses");
    page.line(0, &head);
    for change in &diffed.clauses.changes {
        let (sign, tint) = match change.what {
            What::Added => ("+", Tint::Good),
            What::Repealed => ("-", Tint::Bad),
            What::Changed => ("~", Tint::Open),
            What::Renamed => ("=", Tint::Strong),
        };
        let sign = page.tint(tint, sign);
        let place = clause_place(diffed, change);
        let place = if place.is_empty() { place } else { format!(" ({place})") };
        page.line(2, &format!("{sign} {} {}{place}", clause_title(change), clause_what(change)));
        if matches!(change.what, What::Added | What::Repealed) {
            let text = clause_text(diffed, change);
            if !text.is_empty() {
                page.line(6, &text);
            }
        }
        let rows: Vec<Vec<String>> = change
            .parts
            .iter()
            .map(|part| {
                let side = |side| shown(diffed, side).unwrap_or_else(|| "none".to_string());
                vec![part_title(part), format!("{} → {}", side(&part.old), side(&part.new))]
            })
            .collect();
        page.table(6, &rows);
    }
}

fn answers(page: &mut Page, subject: &Subject) {
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
