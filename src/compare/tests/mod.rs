//! Laws of comparison on random policies: what is only another way to write the same is no change, and what is not the
//! same is one.

mod clauses;
mod laws;

use super::{CaseComparison, CaseOrigin, CaseQuestion, ChangeKind, Clauses, ComparisonCase, Pairing};
use crate::check::check;
use crate::facts::Facts;
use crate::generator::FROM;
use crate::policy::Policy;
use crate::syntax;
use crate::text::Sources;
use crate::tree::File;
use crate::worlds::{Texts, policy};

/// The policy of a text whose tree is changed before it is checked.
fn policy_with(text: &str, change: impl FnOnce(&mut File)) -> Result<Policy, String> {
    let mut sources = Sources::new();
    let id = sources.add("p.comity", text);
    let (mut tree, errors) = syntax::file_lossy(id, text);
    if let Some(error) = errors.first() {
        return Err(error.message.clone());
    }
    change(&mut tree);
    let checked = check(&[tree], &Texts(text, ""), &mut sources);
    let said = checked.said.iter().map(|one| one.message.clone()).collect::<Vec<_>>();
    checked.policy.ok_or_else(|| said.join("\n"))
}

fn clauses(old: &Policy, new: &Policy) -> Clauses {
    Pairing::new(old, new).clauses().clone()
}

/// With `every` also what no change can reach.
fn answers(old: &Policy, new: &Policy, facts: (Facts, Facts), every: bool) -> CaseComparison {
    let case = ComparisonCase { origin: CaseOrigin::Nothing, old: facts.0, new: facts.1 };
    let day = |text| crate::value::Day::parse(text);
    let asked = CaseQuestion { from: day(FROM), to: day("2026-03-10"), known: None, every };
    Pairing::new(old, new).case(&case, asked)
}

/// `rule a changed: value`, one change a line.
fn told(clauses: &Clauses) -> Vec<String> {
    let told = clauses.changes.iter().map(|change| {
        let renamed = change.renamed.as_ref().map_or(String::new(), |name| format!(" was {name}"));
        let whole = matches!(change.what, ChangeKind::Added | ChangeKind::Repealed);
        let parts: Vec<String> = change
            .parts
            .iter()
            .filter(|_| !whole)
            .map(|part| format!("{} {}", part.part.word(), part.of).trim().to_owned())
            .collect();
        let what = match change.what {
            ChangeKind::Added => "added",
            ChangeKind::Repealed => "repealed",
            ChangeKind::Changed => "changed",
            ChangeKind::Renamed => "same",
        };
        format!("{} {} {what}{renamed} {}", change.kind.word(), change.name, parts.join(", "))
            .trim_end()
            .to_owned()
    });
    told.collect()
}
