//! How true a policy is to its sources: each clause encoded, approximated or left out, with what cites it and the scenarios
//! that show it; and what the ledger claims and the policy does not bear out.

use super::{Look, Page};
use crate::diag::{Code, Diagnostic, closest, count, tick};
use crate::formats::{LedgerEntry, Sure, Treatment};
use crate::policy::{Citation, Instrument, InstrumentId, Policy};
use crate::text::Span;
use std::collections::BTreeMap;

/// What has citations.
struct Citer<'a> {
    /// `rule ceiling`
    shown: String,
    cites: &'a [Citation],
    span: Span,
}

/// A ledger with the policy that it is about.
pub struct Fidelity<'a> {
    policy: &'a Policy,
    entries: &'a [LedgerEntry],
    citers: Vec<Citer<'a>>,
}

impl<'a> Fidelity<'a> {
    pub fn new(policy: &'a Policy, entries: &'a [LedgerEntry]) -> Fidelity<'a> {
        // The effect of a power cites what the power does.
        let rules = policy.rules.values().filter(|rule| rule.power.is_none());
        let rules = rules.map(|rule| Citer {
            shown: format!("rule {}", tick(&rule.shown)),
            cites: &rule.cites,
            span: rule.name_span,
        });
        let duties = policy.duties.values().map(|duty| Citer {
            shown: format!("obligation {}", tick(&duty.name)),
            cites: &duty.cites,
            span: duty.name_span,
        });
        let powers = policy.powers.values().map(|power| Citer {
            shown: format!("power {}", tick(&power.name)),
            cites: &power.cites,
            span: power.name_span,
        });
        let citers = rules.chain(duties).chain(powers).collect();
        Fidelity { policy, entries, citers }
    }

    fn instrument(&self, entry: &LedgerEntry) -> Option<InstrumentId> {
        self.policy.instruments.iter().find(|(_, one)| one.name == entry.source).map(|(id, _)| id)
    }

    /// Whether a citation is of the clause of this line.
    fn is_of(&self, citation: &Citation, entry: &LedgerEntry) -> bool {
        self.instrument(entry) == Some(citation.instrument)
            && within(citation.place.as_deref().unwrap_or(""), &entry.place)
    }

    fn cited_by(&self, entry: &LedgerEntry) -> Vec<&str> {
        let mut shown: Vec<&str> = Vec::new();
        for citer in &self.citers {
            let cites = citer.cites.iter().any(|citation| self.is_of(citation, entry));
            if cites && !shown.contains(&citer.shown.as_str()) {
                shown.push(&citer.shown);
            }
        }
        shown
    }

    /// The titles that have the id as a word.
    fn shown_by(&self, entry: &LedgerEntry) -> Vec<&str> {
        let titles = self.policy.scenarios.iter().map(|scenario| scenario.title.as_str());
        titles.filter(|title| has_word(title, &entry.id)).collect()
    }

    /// What the ledger claims and the policy does not bear out, and what it passes over.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let mut said: Vec<Diagnostic> = self
            .entries
            .iter()
            .flat_map(|entry| [self.source_of(entry), self.claim(entry)])
            .flatten()
            .collect();
        said.extend(self.passed_over());
        said
    }

    /// One word is the name of a source; several describe one that the policy does not declare.
    fn source_of(&self, entry: &LedgerEntry) -> Option<Diagnostic> {
        let name = !entry.source.is_empty() && !entry.source.contains(char::is_whitespace);
        if !name || self.instrument(entry).is_some() {
            return None;
        }
        let error = Diagnostic::error(
            Code::UnknownName,
            entry.source_span,
            format!("the policy has no source {}", tick(&entry.source)),
        );
        let names: Vec<&str> = self.policy.instruments.values().map(|one| one.name.as_str()).collect();
        Some(match closest(&entry.source, names.iter().copied()) {
            Some(meant) => error.help(format!("did you mean {}?", tick(meant))),
            None => error.help("a source that the policy does not declare is described in several words"),
        })
    }

    fn claim(&self, entry: &LedgerEntry) -> Option<Diagnostic> {
        let id = tick(&entry.id);
        let status = entry.treatment.as_str();
        if !entry.treatment.is_run() {
            return entry.note.is_empty().then(|| {
                Diagnostic::error(
                    Code::NotShown,
                    entry.id_span,
                    format!("{id} is {status}, and no reason is given"),
                )
                .help("say why in the column `note`")
            });
        }
        if !self.cited_by(entry).is_empty() || !self.shown_by(entry).is_empty() {
            return None;
        }
        let message = if entry.source.is_empty() {
            format!("{id} is said to be {status}, but no scenario has {id} in its title")
        } else {
            format!(
                "{id} is said to be {status}, but nothing cites its place and no scenario has {id} in its title"
            )
        };
        Some(Diagnostic::error(Code::NotShown, entry.id_span, message).help(
            "show it by a scenario whose title names it, cite its place, or say that it is left out, and why",
        ))
    }

    /// Every place that is cited and in no line, once.
    fn passed_over(&self) -> Vec<Diagnostic> {
        let mut missing: BTreeMap<(InstrumentId, &str), (Span, Vec<&str>)> = BTreeMap::new();
        for citer in &self.citers {
            for citation in citer.cites {
                if !self.entries.iter().any(|entry| self.is_of(citation, entry)) {
                    let key = (citation.instrument, citation.place.as_deref().unwrap_or(""));
                    let (_, by) = missing.entry(key).or_insert_with(|| (citer.span, Vec::new()));
                    by.push(&citer.shown);
                }
            }
        }
        let said = missing.into_iter().map(|((id, place), (span, by))| {
            let source = tick(&self.policy.instruments[id].name);
            let what = if place.is_empty() { source } else { format!("{source} {}", tick(place)) };
            let others = by.len().saturating_sub(1);
            let also = if others == 0 {
                String::new()
            } else {
                format!(", here and in {}", count(others, "other place"))
            };
            Diagnostic::error(
                Code::NotInLedger,
                span,
                format!("{what} is cited{also}, and no line of the ledger is about it"),
            )
            .help("give the clause a line in the ledger; a line without a place is about all of its source")
        });
        let mut said: Vec<Diagnostic> = said.collect();
        said.sort_by_key(Diagnostic::span);
        said
    }

    /// The ledger for people, in Markdown.
    pub fn markdown(&self) -> String {
        let mut page = Page::new(Look::Markdown);
        let title = self.policy.agreement.as_ref().map(|one| one.title.as_ref().unwrap_or(&one.name));
        page.heading(1, &title.map_or("Fidelity".to_string(), |title| format!("Fidelity: {title}")));
        page.paragraph(
            "Each clause of the sources: whether the policy says it, what cites it, and the scenarios that show it. Made from \
             the ledger `fidelity.csv` and the policy by `comity fidelity`.",
        );
        let letters: Vec<String> =
            Sure::ALL.iter().map(|one| format!("{} {}", one.letter(), one.meaning())).collect();
        page.paragraph(&format!("How sure a line is: {}.", letters.join("; ")));
        let mut totals = Vec::new();
        for (id, instrument) in self.policy.instruments.iter() {
            let of = |entry: &&LedgerEntry| self.instrument(entry) == Some(id);
            let entries: Vec<&LedgerEntry> = self.entries.iter().filter(of).collect();
            self.clauses(&mut page, &described(instrument), &entries, &mut totals);
        }
        let mut elsewhere: Vec<&str> = Vec::new();
        for entry in
            self.entries.iter().filter(|one| !one.source.is_empty() && self.instrument(one).is_none())
        {
            if !elsewhere.contains(&entry.source.as_str()) {
                elsewhere.push(&entry.source);
            }
        }
        for source in elsewhere {
            let entries: Vec<&LedgerEntry> = self.entries.iter().filter(|one| one.source == source).collect();
            self.clauses(&mut page, source, &entries, &mut totals);
        }
        let mechanisms: Vec<&LedgerEntry> = self.entries.iter().filter(|one| one.source.is_empty()).collect();
        self.clauses(&mut page, "Mechanisms", &mechanisms, &mut totals);
        self.totals(&mut page, totals);
        let text = page.finish();
        format!("{}\n", text.trim_end())
    }

    fn clauses(&self, page: &mut Page, head: &str, entries: &[&LedgerEntry], totals: &mut Vec<Vec<String>>) {
        if entries.is_empty() {
            return;
        }
        page.heading(2, head);
        let rows: Vec<Vec<String>> = entries.iter().map(|entry| self.row(entry)).collect();
        page.grid(&["id", "place", "about", "status", "sure", "cited by", "shown by", "note"], &rows);
        totals.push(total(head, entries));
    }

    fn row(&self, entry: &LedgerEntry) -> Vec<String> {
        vec![
            entry.id.clone(),
            entry.place.clone(),
            entry.about.clone(),
            entry.treatment.as_str().to_string(),
            entry.sure.letter().to_string(),
            self.cited_by(entry).join("\n"),
            self.shown_by(entry).join("\n"),
            entry.note.clone(),
        ]
    }

    fn totals(&self, page: &mut Page, mut rows: Vec<Vec<String>>) {
        page.heading(2, "Totals");
        let all: Vec<&LedgerEntry> = self.entries.iter().collect();
        rows.push(total("all", &all));
        let mut head = vec!["source"];
        head.extend(Treatment::ALL.iter().map(|one| one.as_str()));
        head.push("together");
        page.grid(&head, &rows);
        let shown = self.entries.iter().filter(|entry| !self.shown_by(entry).is_empty()).count();
        let cited = self.entries.iter().filter(|entry| !self.cited_by(entry).is_empty()).count();
        page.paragraph(&format!(
            "{}: {shown} shown by scenarios, {cited} cited by {}, {} and {}.",
            count(self.entries.len(), "line"),
            count(self.policy.rules.values().filter(|rule| rule.power.is_none()).count(), "rule"),
            count(self.policy.duties.len(), "obligation"),
            count(self.policy.powers.len(), "power"),
        ));
    }
}

fn described(instrument: &Instrument) -> String {
    let binds = match instrument.binding {
        Some(true) => " (binding)",
        Some(false) => " (not binding)",
        None => "",
    };
    format!("{}: {}{binds}", instrument.name, instrument.title)
}

fn total(head: &str, entries: &[&LedgerEntry]) -> Vec<String> {
    let of = |treatment| entries.iter().filter(|entry| entry.treatment == treatment).count().to_string();
    let mut row = vec![head.to_string()];
    row.extend(Treatment::ALL.map(of));
    row.push(entries.len().to_string());
    row
}

/// Whether a place is the clause or lies in it: `sec. 2(a)` in `sec. 2`, not `sec. 21`.
fn within(place: &str, clause: &str) -> bool {
    let Some(rest) = place.strip_prefix(clause) else { return false };
    clause.is_empty() || !rest.starts_with(char::is_alphanumeric)
}

fn has_word(title: &str, id: &str) -> bool {
    let mut words = title.split(|sign: char| !(sign.is_alphanumeric() || sign == '-' || sign == '_'));
    words.any(|word| word == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_lies_in_its_clause() {
        assert!(within("sec. 2(a)", "sec. 2"));
        assert!(within("sec. 2", "sec. 2"));
        assert!(within("anything", ""));
        assert!(!within("sec. 21", "sec. 2"));
        assert!(!within("", "sec. 2"));
    }

    #[test]
    fn an_id_is_a_word_of_a_title() {
        assert!(has_word("W48: not recommended", "W48"));
        assert!(has_word("S06, S09: who selects", "S09"));
        assert!(!has_word("W481: other", "W48"));
        assert!(!has_word("now", "W48"));
    }
}
