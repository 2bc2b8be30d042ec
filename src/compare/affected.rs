//! What a change can reach: an answer none of whose clauses, nor those they read, has changed, is the same on the same
//! facts, and need not be worked out twice.

use super::Which;
use super::clauses::{Clauses, Sides};
use super::declared::clause;
use super::item::{Item, Kind, Tokens};
use super::normal::Normal;
use super::parts::Parts;
use crate::policy::{Policy, RuleId};
use std::collections::BTreeSet;

/// A clause that may be read, or decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Item(Item),
    /// Rules with and without a name, and the effects of powers.
    Rule(RuleId),
}

/// What changed on one side.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched {
    nodes: BTreeSet<Node>,
    /// A unit or a calendar: no telling what reads it.
    all: bool,
}

impl Touched {
    pub fn new(clauses: &Clauses, which: Which) -> Touched {
        let mut touched = Touched::default();
        for change in clauses.changes.iter().filter(|change| change.bears()) {
            touched.all |= matches!(change.kind, Kind::Unit | Kind::Calendar);
            let sides: &Sides = &change.sides;
            touched.nodes.extend(match which {
                Which::Old => sides.old,
                Which::New => sides.new,
            });
        }
        touched
    }

    /// A fact that is stated otherwise to one side.
    pub fn state(&mut self, policy: &Policy, name: &str) {
        self.nodes.extend(policy.fact(name).map(|fact| Node::Item(Item::Fact(fact))));
    }

    /// Whether anything that a clause depends on has changed.
    pub fn reaches(&self, policy: &Policy, tokens: &Tokens, from: Item) -> bool {
        if self.all || self.nodes.is_empty() {
            return self.all;
        }
        let normal = Normal::new(policy, tokens, None);
        let mut seen = BTreeSet::from([Node::Item(from)]);
        let mut open = vec![Node::Item(from)];
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
fn read(normal: &Normal<'_>, node: Node) -> Vec<Node> {
    let policy = normal.policy;
    let mut found = Vec::new();
    normal.take_named();
    match node {
        Node::Item(Item::Rule(id)) => found.push(Node::Rule(id)),
        Node::Item(item) => {
            drop(clause(normal, item, String::new()));
            match item {
                Item::Outcome(id) => {
                    let rules = policy.outcomes[id].contenders.iter();
                    found.extend(rules.map(|contender| Node::Rule(contender.rule)));
                }
                // Whether its rows are there at all, and on which day.
                Item::Field(entity, _) => found.push(Node::Item(Item::Entity(entity))),
                Item::Power(id) => found.push(Node::Rule(policy.powers[id].rule)),
                _ => {}
            }
        }
        Node::Rule(id) => {
            let rule = &policy.rules[id];
            let mut parts = Parts::new(normal);
            parts.rule(rule, None);
            found.extend(rule.power.map(|power| Node::Item(Item::Power(power))));
            // What it remembers, its other versions saw.
            found.extend(
                rule.versions.iter().filter(|_| rule.lasting.is_some()).map(|other| Node::Rule(*other)),
            );
        }
    }
    // Which power ends another stands in the head of the one that ends.
    if let Node::Item(Item::Power(id)) = node {
        let others = policy.powers.iter().filter(|(_, other)| other.ends.contains(&id));
        found.extend(others.map(|(other, _)| Node::Item(Item::Power(other))));
    }
    found.extend(normal.take_named().into_iter().map(Node::Item));
    found
}
