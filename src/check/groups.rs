//! Which acts of one day an act may see (O6): the powers in their strongly connected groups, each group after those it
//! depends on.

use super::Checker;
use super::graph::{Node, Requires};
use crate::policy::PowerId;
use indexmap::IndexMap;

/// A node of the search (Tarjan's).
#[derive(Clone, Copy, Debug)]
struct SeenRules {
    /// The earliest open node that it reaches.
    low: usize,
    /// Not yet in a group.
    open: bool,
}

impl Checker<'_> {
    /// Numbers the groups. A group is complete only after all that it reads, hence the numbers grow with what depends.
    pub(super) fn groups(&mut self) {
        let mut seen: IndexMap<Node, SeenRules> = IndexMap::new();
        let mut open: Vec<Node> = Vec::new();
        let mut next_group: u32 = 0;
        let roots: Vec<PowerId> = self.policy.powers.ids().collect();
        for root in roots.into_iter().map(Node::Acts) {
            if seen.contains_key(&root) {
                continue;
            }
            let mut path: Vec<(Node, Vec<Node>)> = Vec::new();
            self.open(root, &mut seen, &mut open, &mut path);
            while let Some((node, left)) = path.last_mut() {
                let node = *node;
                if let Some(read) = left.pop() {
                    match seen.get_full(&read) {
                        None => self.open(read, &mut seen, &mut open, &mut path),
                        Some((at, _, SeenRules { open: true, .. })) => lower(&mut seen, node, at),
                        Some(_) => {}
                    }
                    continue;
                }
                path.pop();
                let Some((at, _, SeenRules { low, .. })) = seen.get_full(&node) else { continue };
                let low = *low;
                if let Some((reader, _)) = path.last() {
                    lower(&mut seen, *reader, low);
                }
                if low == at {
                    next_group = self.close(node, &mut seen, &mut open, next_group);
                }
            }
        }
    }

    fn open(
        &self,
        node: Node,
        seen: &mut IndexMap<Node, SeenRules>,
        open: &mut Vec<Node>,
        path: &mut Vec<(Node, Vec<Node>)>,
    ) {
        seen.insert(node, SeenRules { low: seen.len(), open: true });
        open.push(node);
        let mut reads = self.reads(node, Requires::Followed);
        reads.reverse();
        path.push((node, reads));
    }

    /// All that was opened since `first` is one group; it takes a number if there are powers in it.
    fn close(
        &mut self,
        first: Node,
        seen: &mut IndexMap<Node, SeenRules>,
        open: &mut Vec<Node>,
        number: u32,
    ) -> u32 {
        let mut used = false;
        while let Some(node) = open.pop() {
            if let Some(seen) = seen.get_mut(&node) {
                seen.open = false;
            }
            if let Node::Acts(power) = node {
                self.policy.powers[power].group = number;
                used = true;
            }
            if node == first {
                break;
            }
        }
        if used { number.saturating_add(1) } else { number }
    }
}

fn lower(seen: &mut IndexMap<Node, SeenRules>, node: Node, to: usize) {
    if let Some(seen) = seen.get_mut(&node) {
        seen.low = seen.low.min(to);
    }
}
