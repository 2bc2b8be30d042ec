//! Whether answers for one row read more of its table than that row.

use crate::policy::deps::{Dependency, Node, Of};
use crate::policy::{EntityId, OutcomeId, Policy, Type};
use std::collections::BTreeSet;

/// Whether any of the outcomes for each row of the entity depends on more of its table than the row: then rows cannot
/// be
/// worked out a few at a time.
pub fn reads_table(policy: &Policy, entity: EntityId, outcomes: &[OutcomeId]) -> bool {
    // A cell that names a row, of another table or of its own, can be read only where all rows are.
    let mut fields = policy.entities.values().flat_map(|one| one.fields.values());
    if fields.any(|field| field.ty == Type::Row(entity)) {
        return true;
    }
    let beyond = |edge: &Dependency| is_beyond_the_row(policy, entity, edge);
    // Defaults and conditions of its fields are asked with the row.
    let own = &policy.entities[entity].fields;
    let checks = own.values().filter_map(|field| field.condition);
    let checked: Vec<Dependency> = checks.flat_map(|condition| policy.reads_of_row(condition)).collect();
    let mut asked: Vec<Node> = outcomes.iter().copied().map(Node::Outcome).collect();
    asked.extend(own.ids().map(|field| Node::Field(entity, field)));
    asked.extend(checked.iter().map(|edge| edge.node));
    checked.iter().any(beyond) || policy.any_read(&asked, beyond)
}

/// Whether of its table an outcome for each row reads, beside the row, what running totals leave to it (C4), and no more.
pub(super) fn reads_running_alone(policy: &Policy, entity: EntityId, outcome: OutcomeId) -> bool {
    let mut fields = policy.entities.values().flat_map(|one| one.fields.values());
    if fields.any(|field| field.ty == Type::Row(entity)) {
        return false;
    }
    let mut asked: Vec<Node> = vec![Node::Outcome(outcome)];
    asked.extend(policy.entities[entity].fields.ids().map(|field| Node::Field(entity, field)));
    let mut seen: BTreeSet<Node> = asked.iter().copied().collect();
    while let Some(node) = asked.pop() {
        // A running total goes over the rows; whatever else does is another matter.
        let mut passes = matches!(node, Node::Running(_));
        for edge in policy.reads(node) {
            let over = edge.node == Node::Rows(entity) && edge.how.of == Of::Each;
            if over && std::mem::take(&mut passes) {
                continue;
            }
            if reads_another_row(policy, entity, &edge) {
                return false;
            }
            if seen.insert(edge.node) {
                asked.push(edge.node);
            }
        }
    }
    true
}

/// Whether what is stated, in rows of the table or beside them, is held against more of it than a row (V7).
pub fn checks_read_table(policy: &Policy, entity: EntityId) -> bool {
    let beyond = |edge: &Dependency| is_beyond_the_row(policy, entity, edge);
    let facts = policy.facts.values().filter_map(|fact| fact.condition).flat_map(|at| policy.reads_alone(at));
    let fields = policy.entities.values().flat_map(|entity| entity.fields.values());
    let fields = fields.filter_map(|field| field.condition).flat_map(|at| policy.reads_of_row(at));
    let checked: Vec<Dependency> = facts.chain(fields).collect();
    let asked: Vec<Node> = checked.iter().map(|edge| edge.node).collect();
    checked.iter().any(beyond) || policy.any_read(&asked, beyond)
}

fn is_beyond_the_row(policy: &Policy, entity: EntityId, edge: &Dependency) -> bool {
    // Rows of a running total go one after the other.
    let stepped = matches!(edge.node, Node::Define(id) if policy.defines[id].block.is_some());
    (stepped && policy.table_of(edge.node) == Some(entity)) || reads_another_row(policy, entity, edge)
}

fn reads_another_row(policy: &Policy, entity: EntityId, edge: &Dependency) -> bool {
    let of_table = policy.table_of(edge.node) == Some(entity);
    // What was done, and what is owed, for each row is a matter of more than the row.
    let conduct = matches!(edge.node, Node::Duty(_) | Node::Acts(_) | Node::Available(_));
    (of_table && (conduct || matches!(edge.how.of, Of::Other | Of::Each)))
        || policy.table_named_by(edge.node) == Some(entity)
}
