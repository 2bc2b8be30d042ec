//! What came of a table: how many rows were answered, and their totals side by side.

use crate::batch::GroupKey;
use crate::batch::HandOver;
use crate::diag::count;
use crate::outcome::Status;
use crate::policy::{Outcome, OutcomeId, Policy, Type};
use crate::steps;
use crate::table::{Counts, GroupTotals, Grouping, OutcomeTotals, Summing, Totals, group_words, in_unit};
use crate::text::shown;
use crate::value::{Number, human, rate};

/// The answers without a value have columns of their own.
const OPEN: [Status; 4] = [Status::Undetermined, Status::Gap, Status::Conflict, Status::Error];

/// Totals of all groups, with all rows at the end.
pub fn totals(plan: &Grouping<'_>, totals: &Totals) -> String {
    let policy = plan.policy;
    let decl = &policy.entities[plan.entity];
    let mut out = String::new();
    for (at, id) in plan.outcomes.iter().enumerate() {
        let outcome = &policy.outcomes[*id];
        let meaning = Summing::of(&outcome.ty);
        let mut head: Vec<String> = plan.by.iter().map(|field| decl.fields[*field].name.clone()).collect();
        if head.is_empty() {
            head.push(String::new());
        }
        let names = head.len();
        head.push("rows".to_string());
        if meaning != Summing::Nothing {
            head.push(meaning.as_str().to_string());
        }
        let all = totals.all();
        let shown: Vec<Status> = OPEN
            .into_iter()
            .filter(|status| all.outcomes.get(at).is_some_and(|sum| sum.of(*status) > 0))
            .collect();
        head.extend(shown.iter().map(|status| status.as_str().to_string()));
        let line = |name: &[String], group: &GroupTotals| {
            let nothing = OutcomeTotals::default();
            let sum = group.outcomes.get(at).unwrap_or(&nothing);
            let mut line: Vec<String> = name.to_vec();
            line.resize(names, String::new());
            line.push(grouped(group.rows));
            if meaning != Summing::Nothing {
                line.push(match sum.number(meaning) {
                    Ok(Some(number)) => said(policy, outcome, meaning, &number),
                    Ok(None) => "–".to_string(),
                    Err(trouble) => trouble.to_string(),
                });
            }
            line.extend(shown.iter().map(|status| grouped(sum.of(*status))));
            line
        };
        let mut lines = vec![head];
        if !plan.by.is_empty() {
            lines.extend(totals.groups.iter().map(|(name, group)| line(&seen(name), group)));
        }
        lines.push(line(&["all".to_string()], &all));
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&outcome.name);
        out.push('\n');
        out.push_str(&table(&lines, names));
    }
    out
}

/// What a group has in common, to be read by people.
fn seen(name: &[GroupKey]) -> Vec<String> {
    group_words(name).iter().map(|word| shown(word).into_owned()).collect()
}

/// Columns side by side; the first `left` of them begin, the others end, below each other.
fn table(lines: &[Vec<String>], left: usize) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let mut widths = vec![0usize; columns];
    for line in lines {
        steps::step();
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut out = String::new();
    for line in lines {
        let mut text = String::new();
        for (at, (cell, width)) in line.iter().zip(widths.iter().copied()).enumerate() {
            text.push_str("  ");
            text.push_str(&if at < left { format!("{cell:<width$}") } else { format!("{cell:>width$}") });
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

/// A total for people, in the declared unit.
fn said(policy: &Policy, outcome: &Outcome, meaning: Summing, number: &Number) -> String {
    match (&outcome.ty, meaning) {
        (_, Summing::Average) => rate(number),
        (Type::Number { dimension, .. }, _) => {
            let (number, unit) = in_unit(policy, &outcome.ty, number);
            let money = policy.units.is_money(dimension);
            format!("{} {unit}", human(&number, money, true)).trim_end().to_string()
        }
        _ => human(number, false, true),
    }
}

/// How many rows were answered, and how many answers are none.
pub fn closing(policy: &Policy, outcomes: &[OutcomeId], counts: &Counts) -> String {
    let mut out = format!("{}\n", rows_said(counts.rows, "answered"));
    for (id, by_status) in outcomes.iter().zip(&counts.outcomes) {
        let parts =
            by_status.iter().zip(Status::ALL).filter(|(n, status)| **n > 0 && *status != Status::Determined);
        let parts: Vec<String> = parts.map(|(n, status)| counted(*n, status)).collect();
        if !parts.is_empty() {
            out.push_str(&format!("{}: {}\n", policy.outcomes[*id].name, parts.join(", ")));
        }
    }
    out
}

/// Of which outcomes how many rows were not answered in columns, and why; nothing where there are none.
pub fn not_in_columns(policy: &Policy, outcomes: &[OutcomeId], counts: &Counts) -> String {
    let mut out = String::new();
    for (id, handed) in outcomes.iter().zip(&counts.handed) {
        let said = |(why, n): (&HandOver, &u64)| match why {
            HandOver::Row(status) => counted(*n, *status),
            HandOver::Outcome(_) | HandOver::OverTime => format!("{} because {}", grouped(*n), why.why()),
        };
        let parts: Vec<String> = handed.iter().map(said).collect();
        if !parts.is_empty() {
            out.push_str(&format!("  {}: {}\n", policy.outcomes[*id].name, parts.join(", ")));
        }
    }
    if out.is_empty() { out } else { format!("not answered in columns, which takes longer:\n{out}") }
}

fn counted(n: u64, status: Status) -> String {
    match status {
        Status::Determined | Status::Undetermined => format!("{} {}", grouped(n), status.as_str()),
        _ if n == 1 => format!("1 {}", status.as_str()),
        _ => format!("{} {}s", grouped(n), status.as_str()),
    }
}

/// `1,200 rows answered`
pub fn rows_said(n: u64, what: &str) -> String {
    match usize::try_from(n) {
        Ok(n) if n < 2 => format!("{} {what}", count(n, "row")),
        _ => format!("{} rows {what}", grouped(n)),
    }
}

/// `1,234,567`
fn grouped(n: u64) -> String {
    crate::value::human(&crate::value::Number::from(i64::try_from(n).unwrap_or(i64::MAX)), false, true)
}
