//! How true a policy is to its sources: each clause encoded, approximated or left out, with what cites it and the scenarios
//! that show it; and what the ledger claims and the policy does not bear out.

use super::{Look, Page};
use crate::answers::LineShown;
use crate::diag::{Code, Diagnostic, closest, count, list_and, tick};
use crate::formats::{LedgerEntry, Sure, Treatment};
use crate::policy::{Citation, Instrument, InstrumentId, Policy, Provision};
use crate::scenarios::{ChangedExpectation, Trials, changed_without, provisions_used};
use crate::text::{Sources, Span};
use crate::tree::Name;
use std::collections::BTreeMap;

/// Of what a clause changes in a table, no more expectations than this.
const EXPECTATIONS: usize = 3;

/// What has citations.
struct Citer<'a> {
    /// `rule ceiling`
    shown: String,
    clause: Provision,
    cites: &'a [Citation],
    span: Span,
}

/// What scenarios show of a line of the ledger.
#[derive(Clone, Debug, Default)]
struct StruckLine {
    /// What is struck: the clauses named, else those that cite its place.
    clauses: Vec<Provision>,
    /// The scenarios that have the id as a word of their title.
    scenarios: Vec<usize>,
    /// What they expect, and what is not met without the clauses.
    changed: Vec<ChangedExpectation>,
}

/// A ledger with the policy that it is about.
pub struct Fidelity<'a> {
    policy: &'a Policy,
    entries: &'a [LedgerEntry],
    sources: &'a Sources,
    citers: Vec<Citer<'a>>,
    /// Of each line of the ledger.
    shown: Vec<StruckLine>,
}

impl<'a> Fidelity<'a> {
    /// Strikes every clause, and tries the scenarios of its line without it.
    pub fn new(policy: &'a Policy, entries: &'a [LedgerEntry], sources: &'a Sources) -> Fidelity<'a> {
        // The effect of a power cites what the power does.
        let rules = policy.rules.iter().filter(|(_, rule)| rule.power.is_none());
        let rules = rules.map(|(id, rule)| Citer {
            clause: Provision::Rule(id),
            shown: format!("rule {}", tick(&rule.shown)),
            cites: &rule.cites,
            span: rule.name_span,
        });
        let duties = policy.duties.iter().map(|(id, duty)| Citer {
            clause: Provision::Duty(id),
            shown: format!("obligation {}", tick(&duty.name)),
            cites: &duty.cites,
            span: duty.name_span,
        });
        let powers = policy.powers.iter().map(|(id, power)| Citer {
            clause: Provision::Power(id),
            shown: format!("power {}", tick(&power.name)),
            cites: &power.cites,
            span: power.name_span,
        });
        let citers = rules.chain(duties).chain(powers).collect();
        let mut made = Fidelity { policy, entries, sources, citers, shown: Vec::new() };
        let trials = Trials::new(policy);
        made.shown = entries.iter().map(|entry| made.struck(entry, &trials)).collect();
        made
    }

    fn struck(&self, entry: &LedgerEntry, trials: &Trials<'_>) -> StruckLine {
        let titles = self.policy.scenarios.iter().enumerate();
        let scenarios: Vec<usize> =
            titles.filter(|(_, one)| has_word(&one.title, &entry.id)).map(|(at, _)| at).collect();
        let clauses = self.clauses(entry);
        if !entry.treatment.is_run() {
            return StruckLine { clauses, scenarios, changed: Vec::new() };
        }
        if clauses.is_empty() && entry.clauses.is_empty() {
            return self.found(scenarios, trials);
        }
        let changed = changed_without(trials, &clauses, &scenarios);
        StruckLine { clauses, scenarios, changed }
    }

    /// Of a line for which no clause is named: those that its scenarios are about, and that they would miss, each struck alone.
    fn found(&self, scenarios: Vec<usize>, trials: &Trials<'_>) -> StruckLine {
        let about = scenarios.iter().filter_map(|place| self.policy.scenarios.get(*place));
        let mut used: Vec<Provision> =
            about.flat_map(|scenario| provisions_used(self.policy, scenario)).collect();
        used.sort_unstable();
        used.dedup();
        let mut shown = StruckLine { clauses: Vec::new(), scenarios, changed: Vec::new() };
        for one in used {
            let changed = changed_without(trials, &[one], &shown.scenarios);
            if !changed.is_empty() {
                shown.clauses.push(one);
                shown.changed.extend(changed);
            }
        }
        shown.changed.sort_unstable();
        shown.changed.dedup();
        shown
    }

    /// The clauses of a line: those that it names, else those that cite its place.
    fn clauses(&self, entry: &LedgerEntry) -> Vec<Provision> {
        let named = entry.clauses.iter().flat_map(|name| self.policy.provisions_named(&name.text));
        let cites = |citer: &&Citer<'_>| citer.cites.iter().any(|citation| self.is_of(citation, entry));
        let citing = self.citers.iter().filter(cites).map(|citer| citer.clause);
        let mut clauses: Vec<Provision> =
            if entry.clauses.is_empty() { citing.collect() } else { named.collect() };
        clauses.sort_unstable();
        clauses.dedup();
        clauses
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

    /// The titles of the scenarios that show it: something that they expect is not so without its clauses.
    fn shown_by(&self, shown: &StruckLine) -> Vec<&str> {
        let shows = |place: &&usize| shown.changed.iter().any(|changed| changed.scenario == **place);
        let titles =
            shown.scenarios.iter().filter(shows).filter_map(|place| self.policy.scenarios.get(*place));
        titles.map(|scenario| scenario.title.as_str()).collect()
    }

    fn lines(&self) -> impl Iterator<Item = (&'a LedgerEntry, &StruckLine)> {
        self.entries.iter().zip(&self.shown)
    }

    /// What the ledger claims and the policy does not bear out, and what it passes over.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let of =
            |(entry, shown)| [self.source_of(entry), self.unknown_clause(entry), self.claim(entry, shown)];
        let mut said: Vec<Diagnostic> = self.lines().flat_map(of).flatten().collect();
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

    /// A clause that is named and is not there.
    fn unknown_clause(&self, entry: &LedgerEntry) -> Option<Diagnostic> {
        let unknown = |name: &&Name| self.policy.provisions_named(&name.text).is_empty();
        let name = entry.clauses.iter().find(unknown)?;
        let message = format!("no rule, obligation or power is called {}", tick(&name.text));
        let error = Diagnostic::error(Code::UnknownName, name.span, message);
        let names = self.citers.iter().filter_map(|citer| citer.shown.split('`').nth(1));
        Some(match closest(&name.text, names) {
            Some(meant) => error.help(format!("did you mean {}?", tick(meant))),
            None => error,
        })
    }

    fn claim(&self, entry: &LedgerEntry, shown: &StruckLine) -> Option<Diagnostic> {
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
        if self.unknown_clause(entry).is_some() {
            return None;
        }
        if !shown.changed.is_empty() || (shown.scenarios.is_empty() && !self.cited_by(entry).is_empty()) {
            return None;
        }
        if !shown.scenarios.is_empty() {
            return Some(self.unmoved(entry, shown));
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

    /// Scenarios have its id in their titles, and none of them would miss it.
    fn unmoved(&self, entry: &LedgerEntry, shown: &StruckLine) -> Diagnostic {
        let id = tick(&entry.id);
        if shown.clauses.is_empty() {
            let status = entry.treatment.as_str();
            let message = format!(
                "{id} is said to be {status}, but what its scenarios expect is so whatever rule, obligation or power of theirs is struck"
            );
            return Diagnostic::error(Code::NotShown, entry.id_span, message)
                .help("name the clauses that say it in the column `clauses`, and expect what would be otherwise without them");
        }
        let titles: Vec<String> = shown
            .scenarios
            .iter()
            .filter_map(|place| self.policy.scenarios.get(*place))
            .map(|scenario| tick(&scenario.title))
            .collect();
        let message = format!(
            "{id} is said to be shown by {}, but all that is expected there is so without {}",
            list_and(&titles),
            list_and(&self.said(&shown.clauses))
        );
        Diagnostic::error(Code::NotShown, entry.id_span, message)
            .help("expect in it what would be otherwise if the clause were struck")
    }

    fn said(&self, clauses: &[Provision]) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        for clause in clauses.iter().map(|clause| self.policy.provision_said(*clause)) {
            if !said.contains(&clause) {
                said.push(clause);
            }
        }
        said
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
            self.section(&mut page, &described(instrument), &entries, &mut totals);
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
            self.section(&mut page, source, &entries, &mut totals);
        }
        let mechanisms: Vec<&LedgerEntry> = self.entries.iter().filter(|one| one.source.is_empty()).collect();
        self.section(&mut page, "Mechanisms", &mechanisms, &mut totals);
        self.struck_out(&mut page);
        self.totals(&mut page, totals);
        let text = page.finish();
        format!("{}\n", text.trim_end())
    }

    fn section(&self, page: &mut Page, head: &str, entries: &[&LedgerEntry], totals: &mut Vec<Vec<String>>) {
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
            self.shown_of(entry).map_or_else(String::new, |shown| self.shown_by(shown).join("\n")),
            entry.note.clone(),
        ]
    }

    fn shown_of(&self, entry: &LedgerEntry) -> Option<&StruckLine> {
        self.lines().find(|(one, _)| one.id == entry.id).map(|(_, shown)| shown)
    }

    /// What changes if a clause is struck: worked out, by trying the scenarios of each line without its clauses.
    fn struck_out(&self, page: &mut Page) {
        let moved: Vec<(&LedgerEntry, &StruckLine)> =
            self.lines().filter(|(_, shown)| !shown.changed.is_empty()).collect();
        if moved.is_empty() {
            return;
        }
        page.heading(2, "What each clause changes");
        page.paragraph(
            "Of every line that scenarios show: the clauses that say it, and what these scenarios expect that is not so if they are \
             struck. Worked out by `comity fidelity`, which tries the scenarios without them.",
        );
        let rows = moved.into_iter().map(|(entry, shown)| {
            let clauses = self.said(&shown.clauses).join("\n");
            vec![entry.id.clone(), clauses, self.shown_by(shown).join("\n"), self.no_longer(shown)]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        page.grid(&["id", "clauses", "shown by", "no longer so if they are struck"], &rows);
    }

    /// The expectations that are not met, as they are written.
    fn expectations(&self, shown: &StruckLine) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        for changed in &shown.changed {
            let expect = self
                .policy
                .scenarios
                .get(changed.scenario)
                .and_then(|one| one.expects.get(changed.expectation));
            let Some(expect) = expect else { continue };
            let text = self.sources.text(expect.span).split_whitespace().collect::<Vec<_>>().join(" ");
            said.push(text.strip_prefix("expect ").unwrap_or(&text).to_string());
        }
        said
    }

    /// For programs, of each line of the ledger.
    pub fn shown(&self) -> Vec<LineShown> {
        let of = |shown: &StruckLine| LineShown {
            clauses: self.said(&shown.clauses),
            shown_by: self.shown_by(shown).into_iter().map(str::to_string).collect(),
            no_longer: self.expectations(shown),
        };
        self.shown.iter().map(of).collect()
    }

    /// The first of them, and how many more.
    fn no_longer(&self, shown: &StruckLine) -> String {
        let mut said: Vec<String> = self.expectations(shown).iter().map(|text| tick(text)).collect();
        let more = said.len().saturating_sub(EXPECTATIONS);
        said.truncate(EXPECTATIONS);
        if more > 0 {
            said.push(format!("and {more} more"));
        }
        said.join("\n")
    }

    fn totals(&self, page: &mut Page, mut rows: Vec<Vec<String>>) {
        page.heading(2, "Totals");
        let all: Vec<&LedgerEntry> = self.entries.iter().collect();
        rows.push(total("all", &all));
        let mut head = vec!["source"];
        head.extend(Treatment::ALL.iter().map(|one| one.as_str()));
        head.push("together");
        page.grid(&head, &rows);
        let shown = self.shown.iter().filter(|shown| !shown.changed.is_empty()).count();
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
