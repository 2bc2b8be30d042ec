//! Circles (R11): nothing may depend on itself, whatever the day. One static graph over all that has an expression.

use super::Checker;
use super::errors;
use crate::policy::{DefineId, EntityId, Expr, ExprId, FactId, FieldId, FunctionId, OutcomeId, Policy};
use crate::text::Span;
use indexmap::IndexMap;

/// What is worked out from an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Node {
    Fact(FactId),
    Field(EntityId, FieldId),
    /// Which rows there are: their date and when they are known.
    Rows(EntityId),
    Define(DefineId),
    Function(FunctionId),
    Outcome(OutcomeId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Open,
    Done,
}

impl Checker<'_> {
    /// Depth first, without recursion; a node met again while it is open closes a circle.
    pub(super) fn cycles(&mut self) {
        let policy = &self.policy;
        let roots = policy.facts.ids().map(Node::Fact).chain(policy.defines.ids().map(Node::Define));
        let roots = roots.chain(policy.outcomes.ids().map(Node::Outcome));
        let roots = roots.chain(policy.functions.ids().map(Node::Function));
        let fields = policy
            .entities
            .iter()
            .flat_map(|(entity, made)| made.fields.ids().map(move |field| Node::Field(entity, field)));
        let roots: Vec<Node> = roots.chain(fields).collect();
        let mut marks: IndexMap<Node, Mark> = IndexMap::new();
        let mut circles: Vec<Vec<(String, Span)>> = Vec::new();
        for root in roots {
            if marks.contains_key(&root) {
                continue;
            }
            // Each open node with what it still has to visit.
            let mut path: Vec<(Node, Vec<Node>)> = vec![(root, self.reads(root))];
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
                        let reads = self.reads(next);
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

    /// What a node reads; the last first, so that popping goes in the order of the text.
    fn reads(&self, node: Node) -> Vec<Node> {
        let policy = &self.policy;
        let mut found = Vec::new();
        let mut visit = |id: ExprId| reads(policy, id, &mut found);
        match node {
            Node::Fact(id) => policy.facts[id].default.into_iter().for_each(&mut visit),
            Node::Field(entity, field) => {
                policy.entities[entity].fields[field].default.into_iter().for_each(&mut visit);
            }
            Node::Rows(entity) => {
                let made = &policy.entities[entity];
                found
                    .extend([made.dated, made.known].into_iter().flatten().map(|at| Node::Field(entity, at)));
            }
            Node::Define(id) => {
                visit(policy.defines[id].value);
                found.extend(policy.defines[id].for_each.map(Node::Rows));
            }
            Node::Function(id) => visit(policy.functions[id].value),
            Node::Outcome(id) => {
                let outcome = &policy.outcomes[id];
                for contender in &outcome.contenders {
                    let rule = &policy.rules[contender.rule];
                    for dated in [&rule.from, &rule.until].into_iter().flatten() {
                        visit(dated.day);
                        dated.known.into_iter().for_each(&mut visit);
                    }
                    let last = contender.clauses.last().map_or(0, |clause| clause.branch as usize);
                    for branch in rule.branches.iter().take(last.saturating_add(1)) {
                        branch.condition.into_iter().for_each(&mut visit);
                    }
                    contender.clauses.iter().for_each(|clause| visit(clause.value));
                }
                outcome.otherwise.into_iter().for_each(&mut visit);
                found.extend(outcome.for_each.map(Node::Rows));
            }
        }
        found.reverse();
        found
    }

    fn name_of(&self, node: Node) -> (String, Span) {
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
            Node::Outcome(id) => (policy.outcomes[id].name.clone(), policy.outcomes[id].span),
        }
    }
}

fn reads(policy: &Policy, id: ExprId, found: &mut Vec<Node>) {
    match policy.exprs.node(id) {
        Expr::Fact(id) => found.push(Node::Fact(*id)),
        Expr::Field { entity, field, .. } => found.push(Node::Field(*entity, *field)),
        Expr::Define { id, .. } => found.push(Node::Define(*id)),
        Expr::Outcome { id, .. } => found.push(Node::Outcome(*id)),
        Expr::Call { function, .. } => found.push(Node::Function(*function)),
        Expr::Aggregate { entity, .. } => found.push(Node::Rows(*entity)),
        _ => {}
    }
    policy.exprs.operands(id, |operand| reads(policy, operand, found));
}
