//! Totals, as a table for people or as CSV.

use super::Args;
use super::told::{STATUSES, grouped};
use crate::batch::Name;
use crate::outcome::Status;
use crate::policy::{Outcome, Policy, Type};
use crate::steps;
use crate::table::cell;
use crate::table::sum::{Group, Meaning, Plan, Sum, Sums};
use crate::value::{Number, human, rate};

/// Totals of all groups, with all rows at the end.
pub(super) fn totals(args: &Args, plan: &Plan<'_>, sums: &Sums) -> String {
    if args.out.is_some() { csv(plan, sums) } else { text(plan, sums) }
}

fn in_words(name: &[Name]) -> Vec<String> {
    name.iter().map(|name| name.text("unknown")).collect()
}

/// The outcomes of which a total is beyond the bound of M1: that one is an error.
pub(super) fn beyond<'p>(plan: &Plan<'p>, sums: &Sums) -> Vec<&'p str> {
    let all = sums.all();
    let groups: Vec<&Group> = sums.groups.values().chain([&all]).collect();
    let outcomes = plan.outcomes.iter().map(|id| &plan.policy.outcomes[*id]).enumerate();
    let is_beyond = |at: usize, outcome: &Outcome| {
        let meaning = Meaning::of(&outcome.ty);
        groups.iter().any(|group| group.outcomes.get(at).is_some_and(|sum| sum.number(meaning).is_err()))
    };
    outcomes
        .filter(|(at, outcome)| is_beyond(*at, outcome))
        .map(|(_, outcome)| outcome.name.as_str())
        .collect()
}

/// The answers that are none have columns of their own.
const OPEN: [Status; 4] = [Status::Undetermined, Status::Gap, Status::Conflict, Status::Error];

fn text(plan: &Plan<'_>, sums: &Sums) -> String {
    let policy = plan.policy;
    let decl = &policy.entities[plan.entity];
    let mut out = String::new();
    for (at, id) in plan.outcomes.iter().enumerate() {
        let outcome = &policy.outcomes[*id];
        let meaning = Meaning::of(&outcome.ty);
        let mut head: Vec<String> = plan.by.iter().map(|field| decl.fields[*field].name.clone()).collect();
        if head.is_empty() {
            head.push(String::new());
        }
        let names = head.len();
        head.push("rows".to_string());
        if meaning != Meaning::Nothing {
            head.push(meaning.as_str().to_string());
        }
        let all = sums.all();
        let shown: Vec<Status> = OPEN
            .into_iter()
            .filter(|status| all.outcomes.get(at).is_some_and(|sum| of(sum, *status) > 0))
            .collect();
        head.extend(shown.iter().map(|status| status.as_str().to_string()));
        let line = |name: &[String], group: &Group| {
            let nothing = Sum::default();
            let sum = group.outcomes.get(at).unwrap_or(&nothing);
            let mut line: Vec<String> = name.to_vec();
            line.resize(names, String::new());
            line.push(grouped(group.rows));
            if meaning != Meaning::Nothing {
                line.push(match sum.number(meaning) {
                    Ok(Some(number)) => said(policy, outcome, meaning, &number),
                    Ok(None) => "–".to_string(),
                    Err(trouble) => trouble.to_string(),
                });
            }
            line.extend(shown.iter().map(|status| grouped(of(sum, *status))));
            line
        };
        let mut lines = vec![head];
        if !plan.by.is_empty() {
            lines.extend(sums.groups.iter().map(|(name, group)| line(&in_words(name), group)));
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

fn of(sum: &Sum, status: Status) -> u64 {
    sum.status.get(status as usize).copied().unwrap_or(0)
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
fn said(policy: &Policy, outcome: &Outcome, meaning: Meaning, number: &Number) -> String {
    match (&outcome.ty, meaning) {
        (_, Meaning::Average) => rate(number),
        (Type::Number { dimension, .. }, _) => {
            let (number, unit) = crate::table::in_unit(policy, &outcome.ty, number);
            let money = policy.units.is_money(dimension);
            format!("{} {unit}", human(&number, money, true)).trim_end().to_string()
        }
        _ => human(number, false, true),
    }
}

fn csv(plan: &Plan<'_>, sums: &Sums) -> String {
    let policy = plan.policy;
    let decl = &policy.entities[plan.entity];
    let mut head: Vec<String> = plan.by.iter().map(|field| decl.fields[*field].name.clone()).collect();
    head.push("rows".to_string());
    for id in &plan.outcomes {
        let outcome = &policy.outcomes[*id];
        let meaning = Meaning::of(&outcome.ty);
        if meaning != Meaning::Nothing {
            head.push(format!("{}_{}", outcome.name, meaning.as_str()));
        }
        head.extend(STATUSES.iter().map(|status| format!("{}_{}", outcome.name, status.as_str())));
    }
    let mut out = Vec::new();
    record(&head, &mut out);
    let all = sums.all();
    let groups: Vec<(Vec<String>, &Group)> = match plan.by.is_empty() {
        true => vec![(Vec::new(), &all)],
        false => sums.groups.iter().map(|(name, group)| (in_words(name), group)).collect(),
    };
    for (name, group) in groups {
        let mut line = name;
        line.push(group.rows.to_string());
        for (at, id) in plan.outcomes.iter().enumerate() {
            let outcome = &policy.outcomes[*id];
            let nothing = Sum::default();
            let sum = group.outcomes.get(at).unwrap_or(&nothing);
            let meaning = Meaning::of(&outcome.ty);
            if meaning != Meaning::Nothing {
                let exact = |number: &Number| match meaning {
                    Meaning::Total => crate::table::in_unit(policy, &outcome.ty, number).0.to_string(),
                    _ => number.to_string(),
                };
                line.push(match sum.number(meaning) {
                    Ok(number) => number.as_ref().map_or_else(String::new, exact),
                    Err(trouble) => trouble.to_string(),
                });
            }
            line.extend(STATUSES.iter().map(|status| of(sum, *status).to_string()));
        }
        record(&line, &mut out);
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn record(cells: &[String], out: &mut Vec<u8>) {
    for (at, text) in cells.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        cell(text, out);
    }
    out.push(b'\n');
}
