//! What is worked out from what: one static graph over all that has an expression, ignoring time (R11, O6).

use super::Checker;
use crate::policy::Policy;
pub(super) use crate::policy::deps::Node;
use crate::policy::deps::{Dependency, Of};
use crate::text::Span;

/// Whether to follow what a power `requires` of its acts: a circle through it is cut by the days of the acts (O6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Requires {
    Followed,
    Cut,
}

impl Checker<'_> {
    /// What a node reads, in the order of the text.
    pub(super) fn reads(&self, node: Node, requires: Requires) -> Vec<Node> {
        let followed = |edge: &Dependency| {
            (requires == Requires::Followed || !edge.how.required) && !is_carried(&self.policy, node, edge)
        };
        self.policy.reads(node).into_iter().filter(followed).map(|edge| edge.node).collect()
    }

    pub(super) fn name_of(&self, node: Node) -> (String, Span) {
        let policy = &self.policy;
        match node {
            Node::Fact(id) => (policy.facts[id].name.clone(), policy.facts[id].span),
            Node::Field(entity, field) => {
                let made = &policy.entities[entity];
                (format!("{}.{}", made.name, made.fields[field].name), made.fields[field].span)
            }
            Node::Rows(entity) => {
                let made = &policy.entities[entity];
                (format!("the rows of {}", made.name), made.span)
            }
            Node::Define(id) => (policy.defines[id].name.clone(), policy.defines[id].span),
            Node::Function(id) => (policy.functions[id].name.clone(), policy.functions[id].span),
            Node::Running(id) => (policy.folds[id].name.clone(), policy.folds[id].span),
            Node::Outcome(id) => (policy.outcomes[id].name.clone(), policy.outcomes[id].span),
            Node::Duty(id) => (policy.duties[id].name.clone(), policy.duties[id].name_span),
            Node::Acts(id) | Node::Available(id) => {
                (policy.powers[id].name.clone(), policy.powers[id].name_span)
            }
        }
    }
}

/// What a row of a running total needs of itself: its own value before the row, and the defines of the block for that row,
/// are no circle if read on the row's own day; on another day, or of another row, they are.
fn is_carried(policy: &Policy, from: Node, edge: &Dependency) -> bool {
    let Node::Running(fold) = from else { return false };
    let in_block = match edge.node {
        Node::Running(read) => read == fold,
        Node::Define(read) => policy.defines[read].block.is_some_and(|(of, _)| of == fold),
        _ => false,
    };
    in_block && edge.how.of == Of::Own && !edge.how.elsewhen
}
