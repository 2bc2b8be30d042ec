//! Totals as CSV.

use super::encode::{in_unit, record};
use super::totals::{GroupTotals, Grouping, OutcomeTotals, Summing, Totals, group_words};
use crate::outcome::Status;
use crate::value::Number;

/// All groups with their totals, one a line; without fields to group by, all rows on one.
pub fn csv(plan: &Grouping<'_>, totals: &Totals) -> String {
    let policy = plan.policy;
    let decl = &policy.entities[plan.entity];
    let mut head: Vec<String> = plan.by.iter().map(|field| decl.fields[*field].name.clone()).collect();
    head.push("rows".to_string());
    for id in &plan.outcomes {
        let outcome = &policy.outcomes[*id];
        let meaning = Summing::of(&outcome.ty);
        if meaning != Summing::Nothing {
            head.push(format!("{}_{}", outcome.name, meaning.as_str()));
        }
        head.extend(Status::ALL.iter().map(|status| format!("{}_{}", outcome.name, status.as_str())));
    }
    let mut out = record(head.iter().map(String::as_str));
    let all = totals.all();
    let groups: Vec<(Vec<String>, &GroupTotals)> = match plan.by.is_empty() {
        true => vec![(Vec::new(), &all)],
        false => totals.groups.iter().map(|(name, group)| (group_words(name), group)).collect(),
    };
    for (name, group) in groups {
        let mut line = name;
        line.push(group.rows.to_string());
        for (at, id) in plan.outcomes.iter().enumerate() {
            let outcome = &policy.outcomes[*id];
            let nothing = OutcomeTotals::default();
            let sum = group.outcomes.get(at).unwrap_or(&nothing);
            let meaning = Summing::of(&outcome.ty);
            if meaning != Summing::Nothing {
                let exact = |number: &Number| match meaning {
                    Summing::Total => in_unit(policy, &outcome.ty, number).0.to_string(),
                    _ => number.to_string(),
                };
                line.push(match sum.number(meaning) {
                    Ok(number) => number.as_ref().map_or_else(String::new, exact),
                    Err(trouble) => trouble.to_string(),
                });
            }
            line.extend(Status::ALL.iter().map(|status| sum.of(*status).to_string()));
        }
        out.extend(record(line.iter().map(String::as_str)));
    }
    String::from_utf8_lossy(&out).into_owned()
}
