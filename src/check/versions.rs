//! A rule in several versions under one name, each from a day by which those before have ended (A2).

use super::Checker;
use super::names::Symbol;
use crate::amend::follows;
use crate::policy::RuleId;
use crate::tree::{Dated, Name};

/// From when to when a version stands.
pub(super) struct Version {
    rule: RuleId,
    from: Option<Dated>,
    until: Option<Dated>,
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
        let ordered = |a: &Version, b: &Version| match (&a.until, &b.from) {
            (Some(until), Some(from)) => follows(from, until, sources),
            _ => false,
        };
        let apart = others.iter().all(|other| ordered(other, &new) || ordered(&new, other));
        let later = !others.is_empty() && apart;
        others.push(new);
        if !later {
            self.enter(name, Symbol::Rule(rule));
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
