//! What is worked out from what: one static graph over all that has an expression, ignoring time (R11, O6).

use super::Checker;
use crate::policy::{
    Contender, Dated, DefineId, DutyId, EntityId, Expr, ExprId, FactId, FieldId, FoldId, FunctionId, Lasting,
    OutcomeId, Policy, PowerId, PowerTest,
};
use crate::text::Span;

/// What is worked out from expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Fact(FactId),
    Field(EntityId, FieldId),
    /// Which rows there are: their date and when they are known.
    Rows(EntityId),
    Define(DefineId),
    Function(FunctionId),
    Running(FoldId),
    Outcome(OutcomeId),
    Duty(DutyId),
    /// Which acts of a power are valid.
    Acts(PowerId),
    /// Whether a power could be used, which no act decides (O5).
    Available(PowerId),
}

/// Whether to follow what a power `requires` of its acts: a circle through it is cut by the days of the acts (O6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Requires {
    Followed,
    Cut,
}

impl Checker<'_> {
    /// Everything that may begin a path.
    pub(super) fn nodes(&self) -> Vec<Node> {
        let policy = &self.policy;
        let mut nodes: Vec<Node> = policy.facts.ids().map(Node::Fact).collect();
        nodes.extend(policy.defines.ids().map(Node::Define));
        nodes.extend(policy.outcomes.ids().map(Node::Outcome));
        nodes.extend(policy.functions.ids().map(Node::Function));
        nodes.extend(policy.folds.ids().map(Node::Running));
        for (entity, made) in policy.entities.iter() {
            nodes.extend(made.fields.ids().map(|field| Node::Field(entity, field)));
        }
        nodes.extend(policy.duties.ids().map(Node::Duty));
        nodes.extend(policy.powers.ids().flat_map(|id| [Node::Acts(id), Node::Available(id)]));
        nodes
    }

    /// What a node reads, in the order of the text.
    pub(super) fn reads(&self, node: Node, requires: Requires) -> Vec<Node> {
        let mut reader = Reader { policy: &self.policy, found: Vec::new() };
        reader.node(node, requires);
        reader.found
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

struct Reader<'p> {
    policy: &'p Policy,
    found: Vec<Node>,
}

impl Reader<'_> {
    fn node(&mut self, node: Node, requires: Requires) {
        let policy = self.policy;
        match node {
            Node::Fact(id) => self.each(policy.facts[id].default),
            Node::Field(entity, field) => self.each(policy.entities[entity].fields[field].default),
            Node::Rows(entity) => {
                let made = &policy.entities[entity];
                let dates = [made.dated, made.known].into_iter().flatten();
                self.found.extend(dates.map(|at| Node::Field(entity, at)));
            }
            Node::Define(id) => {
                self.expr(policy.defines[id].value);
                self.found.extend(policy.defines[id].for_each.map(Node::Rows));
            }
            Node::Function(id) => self.expr(policy.functions[id].value),
            Node::Running(id) => {
                let fold = &policy.folds[id];
                self.each(fold.keys.iter().chain(&fold.per).chain([&fold.starting]).copied());
                self.found.push(Node::Rows(fold.entity));
                let defines = fold.defines.iter().map(|define| policy.defines[*define].value);
                defines.chain([fold.next]).for_each(|body| self.block(id, body, false));
            }
            Node::Outcome(id) => {
                let outcome = &policy.outcomes[id];
                outcome.contenders.iter().for_each(|contender| self.contender(contender));
                self.each(outcome.otherwise);
                self.found.extend(outcome.for_each.map(Node::Rows));
            }
            Node::Duty(id) => {
                let duty = &policy.duties[id];
                self.window(&duty.from, &duty.until);
                self.each(duty.condition);
                self.expr(duty.performance);
                self.each(duty.start);
                self.expr(duty.deadline);
                self.found.extend(duty.for_each.map(Node::Rows));
            }
            Node::Acts(id) => {
                let power = &policy.powers[id];
                self.window(&power.from, &power.until);
                if requires == Requires::Followed {
                    power.requires.iter().for_each(|one| self.expr(one.what));
                }
                self.found.extend(power.for_each.map(Node::Rows));
            }
            Node::Available(id) => {
                let power = &policy.powers[id];
                self.window(&power.from, &power.until);
                power.requires.iter().filter(|one| !one.of_act).for_each(|one| self.expr(one.what));
                self.found.extend(power.for_each.map(Node::Rows));
            }
        }
    }

    fn contender(&mut self, contender: &Contender) {
        let rule = &self.policy.rules[contender.rule];
        self.window(&rule.from, &rule.until);
        let last = contender.clauses.last().map_or(0, |clause| clause.branch as usize);
        for branch in rule.branches.iter().take(last.saturating_add(1)) {
            self.each(branch.condition);
        }
        match rule.lasting {
            Some(Lasting::Until(end)) => self.expr(end),
            Some(Lasting::For(time, _)) => self.expr(time),
            None => {}
        }
        contender.clauses.iter().for_each(|clause| self.expr(clause.value));
        if let Some(power) = rule.power {
            self.standing(power);
        }
    }

    /// Which act of a power stands: its valid acts, and those of the powers that end it (O4, O5).
    fn standing(&mut self, power: PowerId) {
        self.found.push(Node::Acts(power));
        let enders = self.policy.powers.iter().filter(|(_, other)| other.ends.contains(&power));
        self.found.extend(enders.map(|(id, _)| Node::Acts(id)));
    }

    fn window(&mut self, from: &Option<Dated>, until: &Option<Dated>) {
        for dated in [from, until].into_iter().flatten() {
            self.expr(dated.day);
            self.each(dated.known);
        }
    }

    fn each(&mut self, ids: impl IntoIterator<Item = ExprId>) {
        ids.into_iter().for_each(|id| self.expr(id));
    }

    fn expr(&mut self, id: ExprId) {
        self.one(id);
        let mut operands = Vec::new();
        self.policy.exprs.operands(id, |operand| operands.push(operand));
        self.each(operands);
    }

    /// What a row of a running total needs beyond the rows before it. Its own value before the row, and the defines of the
    /// block for that row, are no circle if read on the row's own day; on another day, or of another row, they are.
    fn block(&mut self, fold: FoldId, id: ExprId, shifted: bool) {
        let policy = self.policy;
        let node = policy.exprs.node(id);
        let own = match node {
            Expr::Running(read) => *read == fold,
            Expr::Define { id: read, row: Some(row) } => {
                matches!(policy.exprs.node(*row), Expr::Local(0))
                    && policy.defines[*read].block.is_some_and(|(of, _)| of == fold)
            }
            _ => false,
        };
        if own && !shifted {
            return;
        }
        self.one(id);
        let moved = match node {
            Expr::AsOf { value, .. } | Expr::AsKnownOn { value, .. } => Some(*value),
            Expr::By { condition: value, .. } | Expr::LastStart(value) => Some(*value),
            _ => None,
        };
        let mut operands = Vec::new();
        policy.exprs.operands(id, |operand| operands.push(operand));
        for operand in operands {
            self.block(fold, operand, shifted || moved == Some(operand));
        }
    }

    /// An expression without its operands.
    fn one(&mut self, id: ExprId) {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Fact(id) => self.found.push(Node::Fact(*id)),
            Expr::Field { entity, field, .. } => self.found.push(Node::Field(*entity, *field)),
            Expr::Define { id, .. } => self.found.push(Node::Define(*id)),
            Expr::Outcome { id, .. } => self.found.push(Node::Outcome(*id)),
            Expr::Running(id) => self.found.push(Node::Running(*id)),
            Expr::Call { function, .. } => self.found.push(Node::Function(*function)),
            Expr::Aggregate { entity, .. } => self.found.push(Node::Rows(*entity)),
            Expr::Duty { id, .. } => self.found.push(Node::Duty(*id)),
            Expr::Act { id, .. } => self.standing(*id),
            Expr::Power { id, test, .. } => match test {
                PowerTest::Done => self.standing(*id),
                PowerTest::Invalid => self.found.push(Node::Acts(*id)),
                PowerTest::Available => self.found.push(Node::Available(*id)),
                // An announcement is a fact (O6).
                PowerTest::Threatened => {}
            },
            _ => {}
        }
    }
}
