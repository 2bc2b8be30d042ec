//! Who stands above whom, as it is written in heads.

use super::names::NameId;
use crate::text::Span;

/// One `notwithstanding` or `subject to`.
#[derive(Clone, Copy, Debug)]
struct Rank {
    above: NameId,
    below: NameId,
}

/// What rules, powers, articles and sources say of their rank.
#[derive(Clone, Debug, Default)]
pub struct RuleOrder {
    ranks: Vec<Rank>,
    /// Rules with the article and the sources that a `notwithstanding` may mean them by.
    groups: Vec<(NameId, NameId)>,
    /// Where the head of each rule ends.
    heads: Vec<(NameId, Span)>,
}

impl RuleOrder {
    pub(super) fn rank(&mut self, above: NameId, below: NameId) {
        self.ranks.push(Rank { above, below });
    }

    pub(super) fn member(&mut self, rule: NameId, group: NameId) {
        self.groups.push((rule, group));
    }

    pub(super) fn head(&mut self, rule: NameId, name: Span) {
        self.heads.push((rule, name));
    }

    /// The rules and powers, each with the place of its name.
    pub fn heads(&self) -> impl Iterator<Item = (NameId, Span)> {
        self.heads.iter().copied()
    }

    fn with_groups(&self, rule: NameId) -> Vec<NameId> {
        let own = self.groups.iter().filter(|(member, _)| *member == rule).map(|(_, group)| *group);
        std::iter::once(rule).chain(own).collect()
    }

    /// What stands directly above a rule: who says so, and whom it calls so.
    pub fn above(&self, rule: NameId) -> Vec<NameId> {
        let meant = self.with_groups(rule);
        let above = self.ranks.iter().filter(|rank| meant.contains(&rank.below) && rank.above != rule);
        once(above.map(|rank| rank.above))
    }

    /// What stands directly below a rule.
    pub fn below(&self, rule: NameId) -> Vec<NameId> {
        let meant = self.with_groups(rule);
        let below = self.ranks.iter().filter(|rank| meant.contains(&rank.above) && rank.below != rule);
        once(below.map(|rank| rank.below))
    }
}

fn once(names: impl Iterator<Item = NameId>) -> Vec<NameId> {
    let mut list: Vec<NameId> = Vec::new();
    for name in names {
        if !list.contains(&name) {
            list.push(name);
        }
    }
    list
}
