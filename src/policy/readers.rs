//! Which names read an expression, through however many others: the graph of [`super::deps`], turned round.

use super::deps::Node;
use super::{ExprId, Policy};
use std::collections::{BTreeMap, BTreeSet};

/// Who reads what.
#[derive(Debug)]
pub struct Readers {
    /// In which bodies an expression stands.
    bodies: BTreeMap<ExprId, Vec<Node>>,
    of: BTreeMap<Node, Vec<Node>>,
}

impl Readers {
    pub fn new(policy: &Policy) -> Readers {
        let mut readers = Readers { bodies: BTreeMap::new(), of: BTreeMap::new() };
        for node in policy.nodes() {
            for read in policy.reads(node) {
                readers.of.entry(read.node).or_default().push(node);
            }
            let mut open = policy.exprs_of(node);
            while let Some(expr) = open.pop() {
                let bodies: &mut Vec<Node> = readers.bodies.entry(expr).or_default();
                if bodies.last() != Some(&node) {
                    bodies.push(node);
                    open.extend(policy.exprs.parts(expr));
                }
            }
        }
        readers
    }

    /// All that reads any of these expressions.
    pub fn reach(&self, exprs: impl Iterator<Item = ExprId>) -> BTreeSet<Node> {
        let bodies = |expr| self.bodies.get(&expr).into_iter().flatten().copied();
        let mut open: Vec<Node> = exprs.flat_map(bodies).collect();
        let mut found: BTreeSet<Node> = BTreeSet::new();
        while let Some(node) = open.pop() {
            if found.insert(node) {
                open.extend(self.of.get(&node).into_iter().flatten());
            }
        }
        found
    }
}
