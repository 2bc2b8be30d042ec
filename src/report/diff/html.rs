//! A comparison as one HTML file that stands alone: no script, nothing fetched, light and dark.

use super::lines;
use super::rows::{EffectText, StepText, SumsText, told};
use super::{
    case_title, clause_place, clause_text, clause_title, clause_what, part_title, plan, remarks, rows_title,
    shown, subjects,
};
use crate::answers::{VersionDiff, regions_said};
use crate::compare::{CaseComparison, ChangeKind, ComparisonCase, Moved, PolicySide};
use crate::diag::Style;
use crate::outcome::Stretch as Held;
use crate::regions::Regions;
use crate::report::Report;
use crate::report::lanes::{Chart, Lane, LaneKind, LaneStretch};
use crate::report::page::Look;
use crate::report::regions;
use crate::report::svg::{draw, escape};
use crate::value::{Number, Rounding};
use crate::words::{Audience, duty_said, power_said};
use std::collections::BTreeSet;

const STYLE: &str = "\
:root { color-scheme: light dark; --ink: #1a1f24; --soft: #4a535b; --paper: #ffffff; --rule: #d3d8dc; --up: #b8680a; --down: #1f6fb2; --quiet: #eceef0; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f4; --soft: #b4bcc4; --paper: #14181c; --rule: #343b42; --up: #f0ad4e; --down: #6db3ee; --quiet: #2b3137; } }
body { font: 16px/1.5 system-ui, \"Segoe UI\", Roboto, \"Helvetica Neue\", Arial, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; } th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid var(--rule); }
code { font-family: ui-monospace, Consolas, monospace; font-size: 0.9em; background: var(--quiet); padding: 0.05em 0.25em; border-radius: 3px; }
.soft { color: var(--soft); } .days { white-space: nowrap; } .scroll { overflow-x: auto; } .plan { font-size: 1.1rem; font-weight: 600; }
svg { max-width: 100%; height: auto; } .chart text { font-size: 12px; fill: var(--ink); } .chart .up { fill: var(--up); } .chart .down { fill: var(--down); }
";

/// The whole document.
pub fn html(diffed: &VersionDiff<'_>) -> String {
    let title = format!("{} → {}", diffed.names.0, diffed.names.1);
    let mut out = String::new();
    out.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str(&format!("<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n", escape(&title)));
    out.push_str(&format!(
        "<h1><code>{}</code> → <code>{}</code></h1>\n",
        escape(&diffed.names.0),
        escape(&diffed.names.1)
    ));
    out.push_str(&format!("<p class=\"plan\">{}</p>\n", text(&plan(diffed))));
    clauses(&mut out, diffed);
    for (case, compared) in diffed.cases.iter().filter(|(_, compared)| !compared.changes.is_empty()) {
        answers(&mut out, diffed, case, compared);
    }
    for (rows, population) in &diffed.populations {
        out.push_str(&format!("<h2>{}</h2>\n", escape(&rows_title(diffed, rows, population))));
        told(diffed, population).iter().for_each(|told| effect(&mut out, told));
    }
    if let Some(found) = &diffed.regions {
        facts(&mut out, diffed, found);
    }
    for remark in remarks(diffed) {
        out.push_str(&format!("<p class=\"soft\">{}</p>\n", text(&remark)));
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// For which facts at all.
fn facts(out: &mut String, diffed: &VersionDiff<'_>, found: &Regions) {
    out.push_str(&format!("<h2>For which facts</h2>\n<p>{}</p>\n", text(&regions::summary(found))));
    let all = regions_said(diffed, found, Audience::People);
    for said in all.iter().filter(|said| !regions::is_quiet(said)) {
        out.push_str(&format!("<h3><code>{}</code></h3>\n<ol>\n", escape(&said.outcome)));
        let (groups, after) = regions::shown(said);
        for group in groups {
            out.push_str(&format!("<li><strong>{}</strong>\n<ul>\n", text(&group.change)));
            for (line, _) in regions::lines(group) {
                out.push_str(&format!("<li>{}</li>\n", text(&line)));
            }
            out.push_str("</ul></li>\n");
        }
        out.push_str("</ol>\n");
        after.iter().for_each(|(line, _)| out.push_str(&format!("<p class=\"soft\">{}</p>\n", text(line))));
    }
}

/// What stands in back-ticks is code.
fn text(words: &str) -> String {
    let pieces: Vec<&str> = words.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return escape(words);
    }
    let piece = |(at, piece): (usize, &&str)| {
        if at.is_multiple_of(2) { escape(piece) } else { format!("<code>{}</code>", escape(piece)) }
    };
    pieces.iter().enumerate().map(piece).collect()
}

fn table(out: &mut String, head: &[&str], rows: &[Vec<String>]) {
    out.push_str("<div class=\"scroll\"><table>\n<tr>");
    head.iter().for_each(|name| out.push_str(&format!("<th>{}</th>", escape(name))));
    out.push_str("</tr>\n");
    for row in rows {
        out.push_str("<tr>");
        row.iter().for_each(|cell| out.push_str(&format!("<td>{cell}</td>")));
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
}

fn clauses(out: &mut String, diffed: &VersionDiff<'_>) {
    if diffed.clauses.changes.is_empty() {
        return;
    }
    out.push_str("<h2>Clauses</h2>\n");
    let mut rows = Vec::new();
    let code =
        |text: Option<String>| text.map_or(String::new(), |text| format!("<code>{}</code>", escape(&text)));
    for change in &diffed.clauses.changes {
        let place = format!("<span class=\"soft\">{}</span>", escape(&clause_place(diffed, change)));
        let mut row = |part: &str, old: String, new: String| {
            let (title, what) = (text(&clause_title(change)), text(&clause_what(change)));
            rows.push(vec![title, what, escape(part), old, new, place.clone()]);
        };
        match change.what {
            ChangeKind::Added => row("", String::new(), code(Some(clause_text(diffed, change)))),
            ChangeKind::Repealed => row("", code(Some(clause_text(diffed, change))), String::new()),
            ChangeKind::Renamed => row("", String::new(), String::new()),
            ChangeKind::Changed => change.parts.iter().for_each(|part| {
                row(&part_title(part), code(shown(diffed, &part.old)), code(shown(diffed, &part.new)));
                for mut line in part.rows.iter().flat_map(|changed| lines::rows(diffed, changed)) {
                    let said = line.pop();
                    row(&line.join(" "), String::new(), code(said));
                }
            }),
        }
    }
    table(out, &["clause", "change", "part", "old", "new", "at"], &rows);
}

fn answers(out: &mut String, diffed: &VersionDiff<'_>, case: &ComparisonCase, compared: &CaseComparison) {
    out.push_str(&format!("<h2>{}</h2>\n", escape(&case_title(case))));
    let chart = chart(diffed, case, compared);
    if chart.lanes.iter().any(|lane| lane.stretches.len() > 1) {
        out.push_str(&format!("<div class=\"scroll\">{}</div>\n", draw(&chart)));
    }
    let two =
        |said: &str, who: &str| format!("{}<br><span class=\"soft\">{}</span>", escape(said), escape(who));
    let mut rows = Vec::new();
    for subject in subjects(diffed, case, compared) {
        for line in &subject.lines {
            rows.push(vec![
                format!("<code>{}</code>", escape(&subject.title)),
                format!("<span class=\"days\">{}</span>", escape(&line.days)),
                two(&line.old, &line.who_old),
                two(&line.new, &line.who_new),
                escape(&line.delta),
            ]);
        }
    }
    table(out, &["answer", "days", "old", "new", "change"], &rows);
}

/// Both timelines of everything that changes, one below the other.
fn chart(diffed: &VersionDiff<'_>, case: &ComparisonCase, compared: &CaseComparison) -> Chart {
    let report =
        |which, facts| Report::new(diffed.words(which, facts, Audience::People), Look::Text(Style::PLAIN));
    let (old, new) = (report(PolicySide::Old, &case.old), report(PolicySide::New, &case.new));
    let mut lanes = Vec::new();
    for moved in &compared.changes {
        let [one, two] = match moved {
            Moved::Outcome { old: before, new: after, .. } => [old.lane(before), new.lane(after)],
            Moved::Duty { old: before, new: after, .. } => {
                let title = |report: &Report<'_>, duty, row| report.words.duty(duty, row, None);
                [
                    plain(title(&old, before.duty, before.row), &before.segments, |it| {
                        duty_said(&old.words, it)
                    }),
                    plain(title(&new, after.duty, after.row), &after.segments, |it| {
                        duty_said(&new.words, it)
                    }),
                ]
            }
            Moved::Power { old: before, new: after, .. } => [
                plain(old.words.power(before.power, before.row), &before.segments, power_said),
                plain(new.words.power(after.power, after.row), &after.segments, power_said),
            ],
        };
        for (lane, which) in [(one, PolicySide::Old), (two, PolicySide::New)] {
            lanes.push(Lane { title: format!("{}, {}", lane.title, which.word()), ..lane });
        }
    }
    Chart {
        title: case_title(case),
        about: format!("from {} to {}", compared.from, compared.to),
        days: (compared.from, compared.to),
        lanes,
        remarks: Vec::new(),
        rules: BTreeSet::new(),
    }
}

fn plain<T>(title: String, held: &[Held<T>], say: impl Fn(&T) -> String) -> Lane {
    let stretch = |one: &Held<T>| LaneStretch {
        from: one.from,
        until: one.until,
        label: say(&one.answer),
        kind: LaneKind::Value,
        who: String::new(),
        causes: Vec::new(),
    };
    Lane { title, note: None, stretches: held.iter().map(stretch).collect() }
}

fn effect(out: &mut String, told: &EffectText) {
    out.push_str(&format!(
        "<h3><code>{}</code></h3>\n<p>{}</p>\n",
        escape(&told.title),
        escape(&told.counts)
    ));
    if told.all.changed == 0 {
        return;
    }
    if let Some(measure) = told.measure {
        let row = |line: &SumsText, name: &str| {
            let cells =
                [name, &line.rows.to_string(), &line.changed.to_string(), &line.old, &line.new, &line.delta];
            cells.iter().map(|cell| escape(cell)).collect::<Vec<_>>()
        };
        let mut rows: Vec<Vec<String>> = told.groups.iter().map(|line| row(line, &line.name)).collect();
        rows.push(row(&told.all, "all"));
        let by = if told.by.is_empty() { "rows" } else { told.by.as_str() };
        table(
            out,
            &[by, "rows", "changed", &format!("{measure}, old"), &format!("{measure}, new"), "change"],
            &rows,
        );
        groups(out, told, measure);
    }
    if !told.steps.is_empty() {
        let most = told.steps.iter().map(|step| step.rows).max().unwrap_or(1).max(1);
        let bar = |step: &StepText| {
            let long = step.rows.saturating_mul(LONGEST).div_ceil(most);
            (step.label.clone(), i64::try_from(long).unwrap_or(0), step.rows.to_string(), step.down)
        };
        bars(out, "How many rows move how far", &told.steps.iter().map(bar).collect::<Vec<_>>());
    }
    if !told.movers.is_empty() {
        let two = |said: &str, who: &str| {
            format!("{}<br><span class=\"soft\">{}</span>", escape(said), escape(who))
        };
        let row = |mover: &super::rows::MoverText| {
            vec![
                escape(&mover.row),
                two(&mover.old, &mover.who_old),
                two(&mover.new, &mover.who_new),
                escape(&mover.delta),
            ]
        };
        table(
            out,
            &["largest movers", "old", "new", "change"],
            &told.movers.iter().map(row).collect::<Vec<_>>(),
        );
    }
}

/// Of a bar, in pixels.
const LONGEST: u64 = 420;

/// How much each group gains or loses.
fn groups(out: &mut String, told: &EffectText, measure: &str) {
    let sizes = || told.groups.iter().filter_map(|line| line.number.as_ref()).map(Number::abs);
    let Some(most) = sizes().max().filter(|most| !most.is_zero()) else { return };
    let bar = |line: &SumsText| {
        let number = line.number.as_ref()?;
        let share = number.abs().div(&most).ok()?.mul(&Number::from(i64::try_from(LONGEST).ok()?)).ok()?;
        let long = share.round(&Number::ONE, Rounding::Up).ok()?.to_i64()?;
        let delta = if line.delta.is_empty() { "no change".to_string() } else { line.delta.clone() };
        Some((line.name.clone(), long, delta, number.is_negative()))
    };
    let list: Vec<_> = told.groups.iter().filter_map(bar).collect();
    bars(out, &format!("Change of the {measure} by {}", told.by), &list);
}

/// Labels, bars, and what each stands for.
fn bars(out: &mut String, title: &str, list: &[(String, i64, String, bool)]) {
    let high = i64::try_from(list.len()).unwrap_or(0).saturating_mul(24).saturating_add(8);
    out.push_str(&format!(
        "<svg class=\"chart\" role=\"img\" aria-label=\"{}\" width=\"860\" height=\"{high}\" viewBox=\"0 0 860 {high}\">\n<title>{}</title>\n",
        escape(title),
        escape(title)
    ));
    let mut y = 4_i64;
    for (label, long, said, down) in list {
        let class = if *down { "down" } else { "up" };
        let (base, end) = (y.saturating_add(15), long.saturating_add(268));
        out.push_str(&format!("<text x=\"252\" y=\"{base}\" text-anchor=\"end\">{}</text>", escape(label)));
        out.push_str(&format!(
            "<rect class=\"{class}\" x=\"260\" y=\"{y}\" width=\"{long}\" height=\"20\"/>"
        ));
        out.push_str(&format!("<text x=\"{end}\" y=\"{base}\">{}</text>\n", escape(said)));
        y = y.saturating_add(24);
    }
    out.push_str("</svg>\n");
}
