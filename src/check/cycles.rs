//! Circles (R11): nothing may depend on itself, whatever the day, but through what a power `requires` of its acts.

use super::Checker;
use super::errors;
use super::graph::{Node, Requires};
use crate::text::Span;
use indexmap::IndexMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Open,
    Done,
}

impl Checker<'_> {
    /// Depth first, without recursion; a node met again while it is open closes a circle.
    pub(super) fn cycles(&mut self) {
        let mut marks: IndexMap<Node, Mark> = IndexMap::new();
        let mut circles: Vec<Vec<(String, Span)>> = Vec::new();
        for root in self.policy.nodes() {
            if marks.contains_key(&root) {
                continue;
            }
            // Each open node with what it still has to visit.
            let mut path: Vec<(Node, Vec<Node>)> = vec![(root, self.to_visit(root))];
            marks.insert(root, Mark::Open);
            while let Some((node, left)) = path.last_mut() {
                let Some(next) = left.pop() else {
                    marks.insert(*node, Mark::Done);
                    path.pop();
                    continue;
                };
                match marks.get(&next) {
                    None => {
                        marks.insert(next, Mark::Open);
                        let reads = self.to_visit(next);
                        path.push((next, reads));
                    }
                    Some(Mark::Open) => {
                        let start = path.iter().position(|(open, _)| *open == next).unwrap_or(0);
                        circles.push(path.iter().skip(start).map(|(open, _)| self.name_of(*open)).collect());
                    }
                    Some(Mark::Done) => {}
                }
            }
        }
        for circle in circles {
            self.say(errors::circle(&circle));
        }
    }

    /// The last first, so that popping goes in the order of the text.
    fn to_visit(&self, node: Node) -> Vec<Node> {
        let mut reads = self.reads(node, Requires::Cut);
        reads.reverse();
        reads
    }
}
