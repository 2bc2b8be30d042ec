//! A comparison in Markdown, for a remark on a change: the plan, one table of clauses, one of answers.

use super::lines;
use super::rows::{EffectText, told};
use super::{
    MOST, case_title, clause_place, clause_text, clause_title, clause_what, part_title, plan, remarks,
    rows_title, shown, subjects,
};
use crate::answers::{VersionDiff, regions_said};
use crate::compare::ChangeKind;
use crate::diag::count;
use crate::regions::Regions;
use crate::report::page::{Look, Page};
use crate::report::regions;
use crate::words::Audience;

pub(super) fn markdown(diffed: &VersionDiff<'_>) -> String {
    let mut page = Page::new(Look::Markdown);
    page.heading(2, &format!("`{}` → `{}`", diffed.names.0, diffed.names.1));
    page.paragraph(&plan(diffed));
    clauses(&mut page, diffed);
    answers(&mut page, diffed);
    for (rows, population) in &diffed.populations {
        page.heading(3, &rows_title(diffed, rows, population));
        for told in told(diffed, population) {
            effect(&mut page, &told);
        }
    }
    if let Some(found) = &diffed.regions {
        groups(&mut page, diffed, found);
    }
    for remark in remarks(diffed) {
        page.paragraph(&remark);
    }
    page.finish()
}

fn groups(page: &mut Page, diffed: &VersionDiff<'_>, found: &Regions) {
    page.heading(3, "For which facts");
    page.paragraph(&regions::summary(found));
    let all = regions_said(diffed, found, Audience::People);
    for said in all.iter().filter(|said| !regions::is_quiet(said)) {
        page.heading(4, &format!("`{}`", said.outcome));
        let (groups, after) = regions::shown(said);
        for (number, group) in groups.iter().enumerate() {
            page.line(0, &format!("group {}: {}", number.saturating_add(1), group.change));
            for (line, _) in regions::lines(group) {
                page.line(2, &line);
            }
        }
        page.gap();
        for (line, _) in after {
            page.paragraph(&line);
        }
    }
}

fn clauses(page: &mut Page, diffed: &VersionDiff<'_>) {
    if diffed.clauses.changes.is_empty() {
        return;
    }
    page.heading(3, "Clauses");
    let mut rows: Vec<Vec<String>> = Vec::new();
    for change in &diffed.clauses.changes {
        let head = [clause_title(change), clause_what(change)];
        let code = |text: Option<String>| text.map(|text| page.code(&text)).unwrap_or_default();
        let place = clause_place(diffed, change);
        let mut row = |part: String, old: String, new: String, first: bool| {
            let [title, what] = if first { head.clone() } else { [String::new(), String::new()] };
            let place = if first { place.clone() } else { String::new() };
            rows.push(vec![title, what, part, old, new, place]);
        };
        match change.what {
            ChangeKind::Added => {
                row(String::new(), String::new(), code(Some(clause_text(diffed, change))), true)
            }
            ChangeKind::Repealed => {
                row(String::new(), code(Some(clause_text(diffed, change))), String::new(), true)
            }
            ChangeKind::Renamed => row(String::new(), String::new(), String::new(), true),
            ChangeKind::Changed => {
                for (at, part) in change.parts.iter().enumerate() {
                    let (old, new) = (shown(diffed, &part.old), shown(diffed, &part.new));
                    row(part_title(part), code(old), code(new), at == 0);
                    for mut line in part.rows.iter().flat_map(|changed| lines::rows(diffed, changed)) {
                        let said = line.pop().unwrap_or_default();
                        let key = line.join(" ");
                        let key = code(Some(key).filter(|key| !key.is_empty()));
                        row(key, String::new(), code(Some(said)), false);
                    }
                }
            }
        }
    }
    page.grid(&["clause", "change", "part", "old", "new", "at"], &rows);
}

fn answers(page: &mut Page, diffed: &VersionDiff<'_>) {
    let mut headed = false;
    for (case, compared) in diffed.cases.iter().filter(|(_, compared)| !compared.changes.is_empty()) {
        if !headed {
            page.heading(3, "Answers");
            headed = true;
        }
        page.heading(4, &case_title(case));
        let subjects = subjects(diffed, case, compared);
        let mut rows = Vec::new();
        for subject in subjects.iter().take(MOST) {
            for line in &subject.lines {
                rows.push(vec![
                    page.code(&subject.title),
                    line.days.clone(),
                    format!("{}\n{}", line.old, line.who_old),
                    format!("{}\n{}", line.new, line.who_new),
                    line.delta.clone(),
                ]);
            }
        }
        page.grid(&["answer", "days", "old", "new", "change"], &rows);
        if let Some(more) = subjects.len().checked_sub(MOST).filter(|more| *more > 0) {
            page.paragraph(&format!("… {}", count(more, "more change")));
        }
    }
}

fn effect(page: &mut Page, told: &EffectText) {
    page.heading(4, &page.code(&told.title));
    page.paragraph(&told.counts);
    if told.all.changed == 0 {
        return;
    }
    if let Some(measure) = told.measure {
        let row = |line: &super::rows::SumsText, name: &str| {
            vec![
                name.to_string(),
                line.rows.to_string(),
                line.changed.to_string(),
                line.old.clone(),
                line.new.clone(),
                line.delta.clone(),
            ]
        };
        let mut rows: Vec<Vec<String>> = told.groups.iter().map(|line| row(line, &line.name)).collect();
        rows.push(row(&told.all, "all"));
        let by = if told.by.is_empty() { "rows" } else { told.by.as_str() };
        let (old, new) = (format!("{measure}, old"), format!("{measure}, new"));
        page.grid(&[by, "rows", "changed", &old, &new, "change"], &rows);
    }
    if !told.steps.is_empty() {
        let rows: Vec<Vec<String>> =
            told.steps.iter().map(|step| vec![step.label.clone(), step.rows.to_string()]).collect();
        page.grid(&["how far", "rows"], &rows);
    }
    if !told.movers.is_empty() {
        let row = |mover: &super::rows::MoverText| {
            vec![
                mover.row.clone(),
                format!("{}\n{}", mover.old, mover.who_old),
                format!("{}\n{}", mover.new, mover.who_new),
                mover.delta.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = told.movers.iter().map(row).collect();
        page.grid(&["row", "old", "new", "change"], &rows);
    }
}
