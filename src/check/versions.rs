//! A rule in several versions under one name, each from a day by which those before have ended (A2).

use super::Checker;
use super::names::Symbol;
use crate::amend::follows;
use crate::policy::RuleId;
use crate::text::Sources;
use crate::tree::{Dated, Name};

/// From when to when a version stands.
pub(super) struct Version {
    rule: RuleId,
    from: Option<Dated>,
    until: Option<Dated>,
}

impl Version {
    /// Whether it has ended when the other begins, whatever is known.
    fn is_before(&self, other: &Version, sources: &Sources) -> bool {
        let days = self.until.as_ref().zip(other.from.as_ref());
        days.is_some_and(|(until, from)| follows(from, until, sources))
    }
}

impl Checker<'_> {
    /// Enters a rule under its name, which an earlier or later version of it may have too. Of `from` and `until` the
    /// rule's own stands before that of its article.
    pub(super) fn enter_rule(
        &mut self,
        name: &Name,
        rule: RuleId,
        from: [&Option<Dated>; 2],
        until: [&Option<Dated>; 2],
    ) {
        let first = |list: [&Option<Dated>; 2]| list.into_iter().flatten().next().cloned();
        let new = Version { rule, from: first(from), until: first(until) };
        let others = self.versions.entry(name.text.clone()).or_default();
        let sources = &*self.sources;
        let apart = |other: &Version| other.is_before(&new, sources) || new.is_before(other, sources);
        let later = !others.is_empty() && others.iter().all(apart);
        // In the order of time.
        let place = others.iter().take_while(|other| other.is_before(&new, sources)).count();
        others.insert(place, new);
        if !later {
            self.enter(name, Symbol::Rule(rule));
        }
    }

    /// Tells every rule which others are versions of it: those for each of the same rows.
    pub(super) fn join_versions(&mut self) {
        for versions in self.versions.values().filter(|versions| versions.len() > 1) {
            let rules: Vec<RuleId> = versions.iter().map(|version| version.rule).collect();
            for rule in &rules {
                let rows = self.policy.rules[*rule].for_each;
                let same = rules.iter().filter(|other| self.policy.rules[**other].for_each == rows);
                let same: Vec<RuleId> = same.copied().collect();
                self.policy.rules[*rule].versions = if same.len() > 1 { same } else { Vec::new() };
            }
        }
    }

    /// Every version of a rule, itself among them (A2): of one without a name, and of the effect of a power, there is but one.
    pub(super) fn all_versions(&self, rule: RuleId) -> Vec<RuleId> {
        let it = &self.policy.rules[rule];
        let name = it.name.as_ref().filter(|_| it.power.is_none());
        let versions = name.and_then(|name| self.versions.get(name)).into_iter().flatten();
        let found: Vec<RuleId> = versions.map(|version| version.rule).collect();
        if found.is_empty() { vec![rule] } else { found }
    }
}
