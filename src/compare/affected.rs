//! What a change can reach: an answer none of whose clauses, nor those they read, has changed, is the same on the same
//! facts, and need not be worked out twice.

use super::PolicySide;
use super::clauses::{Clauses, Sides};
use super::declared::clause;
use super::item::{ClauseKind, NamedItem, Tokens};
use super::normal::Normal;
use super::parts::PartBuilder;
use crate::policy::{Policy, RuleId};
use std::collections::BTreeSet;

/// A clause that may be read, or decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ClauseNode {
    Item(NamedItem),
    /// Rules with and without a name, and the effects of powers.
    Rule(RuleId),
}

/// What changed on one side.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched {
    nodes: BTreeSet<ClauseNode>,
    /// A unit or a calendar: no telling what reads it.
    all: bool,
    /// Annexes of which lines are stated otherwise to one side.
    pub apart: BTreeSet<String>,
}

impl Touched {
    pub fn new(clauses: &Clauses, which: PolicySide) -> Touched {
        let mut touched = Touched::default();
        for change in clauses.changes.iter().filter(|change| change.bears()) {
            touched.all |= matches!(change.kind, ClauseKind::Unit | ClauseKind::Calendar);
            let sides: &Sides = &change.sides;
            touched.nodes.extend(match which {
                PolicySide::Old => sides.old,
                PolicySide::New => sides.new,
            });
        }
        touched
    }

    /// A fact, or a line of an annex (`rates(8703).duty`), that is stated otherwise to one side.
    pub fn state(&mut self, policy: &Policy, name: &str) {
        let annex = name.split_once('(').map(|(annex, _)| annex.trim());
        let annexes = policy.annexes.iter().filter(|(_, one)| annex == Some(one.name.as_str()));
        for (id, one) in annexes {
            self.nodes.insert(ClauseNode::Item(NamedItem::Annex(id)));
            self.apart.insert(one.name.clone());
        }
        self.nodes.extend(policy.fact(name).map(|fact| ClauseNode::Item(NamedItem::Fact(fact))));
    }

    /// Whether anything has changed that a clause depends on otherwise than through one of these; and which of these it reads.
    pub fn reaches_past(
        &self,
        (policy, tokens): (&Policy, &Tokens),
        from: NamedItem,
        stops: &BTreeSet<NamedItem>,
    ) -> (bool, BTreeSet<NamedItem>) {
        let normal = Normal::new(policy, tokens, None);
        let (mut direct, mut met) = (self.all, BTreeSet::new());
        let mut seen = BTreeSet::from([ClauseNode::Item(from)]);
        let mut open = vec![ClauseNode::Item(from)];
        while let Some(node) = open.pop() {
            if let ClauseNode::Item(item) = node
                && item != from
                && stops.contains(&item)
            {
                met.insert(item);
                continue;
            }
            direct |= self.nodes.contains(&node);
            open.extend(read(&normal, node).into_iter().filter(|node| seen.insert(*node)));
        }
        (direct, met)
    }

    /// Whether anything that a clause depends on has changed.
    pub fn reaches(&self, policy: &Policy, tokens: &Tokens, from: NamedItem) -> bool {
        if self.all || self.nodes.is_empty() {
            return self.all;
        }
        let normal = Normal::new(policy, tokens, None);
        let mut seen = BTreeSet::from([ClauseNode::Item(from)]);
        let mut open = vec![ClauseNode::Item(from)];
        while let Some(node) = open.pop() {
            if self.nodes.contains(&node) {
                return true;
            }
            open.extend(read(&normal, node).into_iter().filter(|node| seen.insert(*node)));
        }
        false
    }
}

/// What a clause reads, and what decides it.
fn read(normal: &Normal<'_>, node: ClauseNode) -> Vec<ClauseNode> {
    let policy = normal.policy;
    let mut found = Vec::new();
    normal.take_named();
    match node {
        ClauseNode::Item(NamedItem::Rule(id)) => found.push(ClauseNode::Rule(id)),
        ClauseNode::Item(item) => {
            drop(clause(normal, item, String::new()));
            match item {
                NamedItem::Outcome(id) => {
                    let rules = policy.outcomes[id].contenders.iter();
                    found.extend(rules.map(|contender| ClauseNode::Rule(contender.rule)));
                }
                // Whether its rows are there at all, and on which day.
                NamedItem::Field(entity, _) => found.push(ClauseNode::Item(NamedItem::Entity(entity))),
                NamedItem::Power(id) => found.push(ClauseNode::Rule(policy.powers[id].rule)),
                _ => {}
            }
        }
        ClauseNode::Rule(id) => {
            let rule = &policy.rules[id];
            let mut parts = PartBuilder::new(normal);
            parts.rule(rule, None);
            found.extend(rule.power.map(|power| ClauseNode::Item(NamedItem::Power(power))));
            // What it remembers, its other versions saw.
            found.extend(
                rule.versions.iter().filter(|_| rule.lasting.is_some()).map(|other| ClauseNode::Rule(*other)),
            );
        }
    }
    // Which power ends another stands in the head of the one that ends.
    if let ClauseNode::Item(NamedItem::Power(id)) = node {
        let others = policy.powers.iter().filter(|(_, other)| other.ends.contains(&id));
        found.extend(others.map(|(other, _)| ClauseNode::Item(NamedItem::Power(other))));
    }
    found.extend(normal.take_named().into_iter().map(ClauseNode::Item));
    found
}
