//! What every name reads, and how: the only list of it. Circles (R11), the order of acts (O6), and whether rows can be
//! answered a few at a time are questions to this graph. It ignores time and facts: what may be read at some point is in it.

use super::{
    Contender, Dated, DefineId, Duty, DutyId, EntityId, Expr, ExprId, FactId, FieldId, FoldId, FunctionId,
    Op, OutcomeId, Policy, PowerId, PowerTest, Rule, RuleId, Type,
};
use std::collections::BTreeSet;

/// What is worked out from expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
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

/// One thing read by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependency {
    pub node: Node,
    pub how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct How {
    pub of: Of,
    /// On another day, as known on another day, or over a stretch of days; else at the point of the collector.
    pub elsewhen: bool,
    /// In place of what is not stated (V7).
    pub default: bool,
    /// By what a power `requires` of its acts: a circle through it is cut by the days of the acts (O6).
    pub required: bool,
}

/// Of which row something is read, as its reader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// It is of no row.
    None,
    /// The row of the collector.
    Own,
    /// The row that a parameter is.
    Given,
    /// A row found by a key, or named by a value.
    Other,
    /// Every row of a table.
    Each,
}

impl Policy {
    /// Everything that is worked out from expressions.
    pub fn nodes(&self) -> Vec<Node> {
        let mut nodes: Vec<Node> = self.facts.ids().map(Node::Fact).collect();
        nodes.extend(self.defines.ids().map(Node::Define));
        nodes.extend(self.outcomes.ids().map(Node::Outcome));
        nodes.extend(self.functions.ids().map(Node::Function));
        nodes.extend(self.folds.ids().map(Node::Running));
        for (entity, made) in self.entities.iter() {
            nodes.extend(made.fields.ids().map(|field| Node::Field(entity, field)));
        }
        nodes.extend(self.duties.ids().map(Node::Duty));
        nodes.extend(self.powers.ids().flat_map(|id| [Node::Acts(id), Node::Available(id)]));
        nodes.extend(self.entities.ids().map(Node::Rows));
        nodes
    }

    /// The expressions that a node is worked out from, in whatever frame each of them stands.
    pub fn exprs_of(&self, node: Node) -> Vec<ExprId> {
        match node {
            Node::Fact(id) => self.facts[id].default.into_iter().collect(),
            Node::Field(entity, field) => self.entities[entity].fields[field].default.into_iter().collect(),
            Node::Rows(_) => Vec::new(),
            Node::Define(id) => vec![self.defines[id].value],
            Node::Function(id) => vec![self.functions[id].value],
            Node::Running(id) => {
                let fold = &self.folds[id];
                let block = fold.defines.iter().map(|define| self.defines[*define].value);
                let keys = fold.keys.iter().chain(&fold.per).copied();
                keys.chain(block).chain([fold.starting, fold.next]).collect()
            }
            Node::Outcome(id) => {
                let outcome = &self.outcomes[id];
                let rules = outcome.contenders.iter().flat_map(|one| self.remembered_with(one.rule));
                rules.flat_map(|rule| self.rules[rule].exprs()).chain(outcome.otherwise).collect()
            }
            Node::Duty(id) => {
                let duty = &self.duties[id];
                let terms = duty.condition.into_iter().chain([duty.performance, duty.deadline]);
                duty.window().chain(terms).chain(duty.start).collect()
            }
            Node::Acts(id) | Node::Available(id) => {
                let power = &self.powers[id];
                let of_act = |one: &&super::Requirement| matches!(node, Node::Acts(_)) || !one.of_act;
                let requires = power.requires.iter().filter(of_act).map(|one| one.what);
                window(&power.from, &power.until).chain(requires).collect()
            }
        }
    }

    /// What a node reads, in the order of the text.
    pub fn reads(&self, node: Node) -> Vec<Dependency> {
        let mut collector = Collector::new(self);
        collector.node(node);
        collector.found
    }

    /// Whether an expression asks an annex whose lines are in force on some days only (X5).
    pub fn asks_dated_annex(&self, id: ExprId) -> bool {
        match self.exprs.node(id) {
            Expr::Lookup { annex, .. }
            | Expr::Op(Op::InAnnex { annex, .. } | Op::UnderAnnex { annex, .. }) => {
                self.annexes[*annex].lines.is_dated()
            }
            _ => false,
        }
    }

    /// What an expression in no frame reads: the `where` of a fact.
    pub fn reads_alone(&self, expr: ExprId) -> Vec<Dependency> {
        let mut collector = Collector::new(self);
        collector.expr(expr);
        collector.found
    }

    /// What an expression in the frame of a row reads: the `where` of a field.
    pub fn reads_of_row(&self, expr: ExprId) -> Vec<Dependency> {
        let mut collector = Collector::new(self);
        collector.frame = Frame::row();
        collector.expr(expr);
        collector.found
    }

    /// Whether any reading satisfies a condition, of all that is read for these nodes, through however many names.
    pub fn any_read(&self, from: &[Node], mut is: impl FnMut(&Dependency) -> bool) -> bool {
        let mut seen: BTreeSet<Node> = from.iter().copied().collect();
        let mut open: Vec<Node> = from.to_vec();
        while let Some(node) = open.pop() {
            for edge in self.reads(node) {
                if is(&edge) {
                    return true;
                }
                if seen.insert(edge.node) {
                    open.push(edge.node);
                }
            }
        }
        false
    }

    /// The table whose rows a node is of.
    pub fn table_of(&self, node: Node) -> Option<EntityId> {
        match node {
            Node::Fact(_) | Node::Function(_) => None,
            Node::Field(entity, _) | Node::Rows(entity) => Some(entity),
            Node::Define(id) => self.defines[id].for_each,
            Node::Running(id) => Some(self.folds[id].entity),
            Node::Outcome(id) => self.outcomes[id].for_each,
            Node::Duty(id) => self.duties[id].for_each,
            Node::Acts(id) | Node::Available(id) => self.powers[id].for_each,
        }
    }

    /// The table whose rows the values of a node may name.
    pub fn table_named_by(&self, node: Node) -> Option<EntityId> {
        let row = |ty: &Type| if let Type::Row(entity) = ty { Some(*entity) } else { None };
        match node {
            Node::Fact(id) => row(&self.facts[id].ty),
            Node::Field(entity, field) => row(&self.entities[entity].fields[field].ty),
            Node::Acts(id) => self.powers[id].params.iter().find_map(|param| row(&param.ty)),
            _ => None,
        }
    }
}

impl Rule {
    /// Its expressions: those of its head, then those of its branches, then how long it lasts.
    pub fn exprs(&self) -> impl Iterator<Item = ExprId> + '_ {
        let values =
            |branch: &super::Branch| branch.assigns.iter().map(|(_, value)| *value).collect::<Vec<_>>();
        let branches =
            self.branches.iter().flat_map(move |branch| branch.condition.into_iter().chain(values(branch)));
        self.window().chain(branches).chain(self.lasting.map(super::Lasting::expr))
    }

    /// The expressions that say when it is in force (R2).
    pub fn window(&self) -> impl Iterator<Item = ExprId> + use<'_> {
        window(&self.from, &self.until)
    }
}

impl Duty {
    /// The expressions that say when it is in force (R2).
    pub fn window(&self) -> impl Iterator<Item = ExprId> + use<'_> {
        window(&self.from, &self.until)
    }
}

/// The expressions of a head.
pub fn window<'a>(
    from: &'a Option<Dated>,
    until: &'a Option<Dated>,
) -> impl Iterator<Item = ExprId> + use<'a> {
    let dated = [from, until].into_iter().flatten();
    dated.flat_map(|dated| std::iter::once(dated.day).chain(dated.known))
}

/// What the first places of a frame are; the rows of aggregates come after them.
#[derive(Clone, Copy)]
struct Frame {
    /// Place 0 is the row of the collector.
    row: bool,
    places: u32,
}

impl Frame {
    fn of(row: bool, params: usize) -> Frame {
        Frame { row, places: u32::from(row).saturating_add(u32::try_from(params).unwrap_or(u32::MAX)) }
    }

    fn row() -> Frame {
        Frame::of(true, 0)
    }
}

struct Collector<'p> {
    policy: &'p Policy,
    frame: Frame,
    how: How,
    found: Vec<Dependency>,
}

impl<'p> Collector<'p> {
    fn new(policy: &'p Policy) -> Collector<'p> {
        let how = How { of: Of::None, elsewhen: false, default: false, required: false };
        Collector { policy, frame: Frame::of(false, 0), how, found: Vec::new() }
    }

    fn node(&mut self, node: Node) {
        let policy = self.policy;
        self.frame = Frame::of(policy.table_of(node).is_some(), 0);
        match node {
            Node::Fact(id) => self.default(policy.facts[id].default),
            Node::Field(entity, field) => self.default(policy.entities[entity].fields[field].default),
            Node::Rows(entity) => {
                let made = &policy.entities[entity];
                let dates = [made.dated, made.known].into_iter().flatten();
                dates.for_each(|at| self.push(Node::Field(entity, at), Of::Own));
            }
            Node::Define(id) => {
                self.expr(policy.defines[id].value);
                self.own_row(policy.defines[id].for_each);
            }
            Node::Function(id) => {
                self.frame = Frame::of(false, policy.functions[id].params.len());
                self.expr(policy.functions[id].value);
            }
            Node::Running(id) => {
                let fold = &policy.folds[id];
                self.all(fold.keys.iter().chain(&fold.per).chain([&fold.starting]).copied());
                self.push(Node::Rows(fold.entity), Of::Each);
                self.all(fold.defines.iter().map(|define| policy.defines[*define].value));
                self.expr(fold.next);
            }
            Node::Outcome(id) => {
                let outcome = &policy.outcomes[id];
                outcome.contenders.iter().for_each(|contender| self.contender(contender));
                self.frame = Frame::of(outcome.for_each.is_some(), 0);
                self.all(outcome.otherwise);
                self.own_row(outcome.for_each);
            }
            Node::Duty(id) => self.duty(id),
            Node::Acts(id) => self.power(id, |_| true),
            Node::Available(id) => self.power(id, |of_act| !of_act),
        }
    }

    fn default(&mut self, default: Option<ExprId>) {
        self.how.default = true;
        self.all(default);
    }

    /// Whether the row is there, and on which day.
    fn own_row(&mut self, entity: Option<EntityId>) {
        entity.into_iter().for_each(|entity| self.push(Node::Rows(entity), Of::Own));
    }

    fn duty(&mut self, id: DutyId) {
        let duty = &self.policy.duties[id];
        // The first and the last day of a period.
        let days = if duty.each.is_some() { 2 } else { 0 };
        self.frame = Frame::of(duty.for_each.is_some(), days);
        self.all(window(&duty.from, &duty.until));
        self.over_days(duty.condition);
        self.over_days([duty.performance]);
        self.all(duty.start);
        self.expr(duty.deadline);
        self.own_row(duty.for_each);
    }

    /// What a power requires, of acts or at any time.
    fn power(&mut self, id: PowerId, is_asked: impl Fn(bool) -> bool) {
        let power = &self.policy.powers[id];
        self.frame = Frame::of(power.for_each.is_some(), power.params.len());
        self.all(window(&power.from, &power.until));
        // An act is judged on its own day.
        let asked_of_act = is_asked(true);
        let asked = power.requires.iter().filter(|one| is_asked(one.of_act)).map(|one| one.what);
        let how = self.how;
        self.how.required = asked_of_act;
        if asked_of_act {
            self.over_days(asked)
        } else {
            self.all(asked)
        }
        self.how = how;
        self.own_row(power.for_each);
    }

    /// What decides whether a rule applies, and what it then assigns to one outcome.
    fn contender(&mut self, contender: &Contender) {
        let policy = self.policy;
        let rule = &policy.rules[contender.rule];
        let params = rule.power.map_or(0, |power| policy.powers[power].params.len());
        self.frame = Frame::of(rule.for_each.is_some(), params);
        self.all(window(&rule.from, &rule.until));
        let last = contender.clauses.last().map_or(0, |clause| clause.branch as usize);
        let decided = rule.branches.iter().take(last.saturating_add(1)).filter_map(|branch| branch.condition);
        match rule.lasting {
            Some(_) => {
                self.over_days(decided);
                self.remembered(contender.rule);
            }
            None => self.all(decided),
        }
        self.all(contender.clauses.iter().map(|clause| clause.value));
        if let Some(power) = rule.power {
            self.standing(power, if rule.for_each.is_some() { Of::Own } else { Of::None });
        }
    }

    /// T8: what the versions of a rule looked at on the days before.
    fn remembered(&mut self, id: RuleId) {
        let policy = self.policy;
        for version in policy.remembered_with(id) {
            let version = &policy.rules[version];
            self.all(window(&version.from, &version.until));
            self.over_days(version.branches.first().and_then(|branch| branch.condition));
            self.over_days(version.lasting.map(super::Lasting::expr));
        }
    }

    /// Which act of a power stands: its valid acts, and those of the powers that end it (O4, O5).
    fn standing(&mut self, power: PowerId, of: Of) {
        self.push(Node::Acts(power), of);
        let enders = self.policy.powers.iter().filter(|(_, other)| other.ends.contains(&power));
        enders.for_each(|(id, _)| self.push(Node::Acts(id), of));
    }

    fn over_days(&mut self, ids: impl IntoIterator<Item = ExprId>) {
        let how = self.how;
        self.how.elsewhen = true;
        self.all(ids);
        self.how = how;
    }

    fn all(&mut self, ids: impl IntoIterator<Item = ExprId>) {
        ids.into_iter().for_each(|id| self.expr(id));
    }

    fn push(&mut self, node: Node, of: Of) {
        self.found.push(Dependency { node, how: How { of, ..self.how } });
    }

    fn expr(&mut self, id: ExprId) {
        self.named(id);
        let moved = match self.policy.exprs.node(id) {
            Expr::AsOf { value, .. } | Expr::AsKnownOn { value, .. } => Some(*value),
            Expr::By { condition: value, .. } | Expr::LastStart(value) => Some(*value),
            Expr::DayAverage { value, .. } => Some(*value),
            _ => None,
        };
        let operands = self.policy.exprs.parts(id);
        for operand in operands {
            if moved == Some(operand) { self.over_days([operand]) } else { self.expr(operand) }
        }
    }

    /// An expression without its operands.
    fn named(&mut self, id: ExprId) {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Fact(id) => self.push(Node::Fact(*id), Of::None),
            Expr::Field { entity, row, field } => self.push(Node::Field(*entity, *field), self.row(*row)),
            // Every key is looked at.
            Expr::RowByKey { entity, .. } => {
                self.push(Node::Field(*entity, policy.entities[*entity].key), Of::Each);
            }
            Expr::Define { id, row } => self.push(Node::Define(*id), self.row_of(*row)),
            Expr::Outcome { id, row } => self.push(Node::Outcome(*id), self.row_of(*row)),
            Expr::Running(id) => self.push(Node::Running(*id), Of::Own),
            Expr::Call { function, .. } => self.push(Node::Function(*function), Of::None),
            Expr::Aggregate { entity, .. } => self.push(Node::Rows(*entity), Of::Each),
            Expr::Duty { id, of, .. } => {
                let row = of.filter(|_| policy.duties[*id].for_each.is_some());
                self.push(Node::Duty(*id), self.row_of(row));
            }
            Expr::Act { id, row, .. } => self.standing(*id, self.row_of(*row)),
            Expr::ActCount { id, row, .. } => self.push(Node::Acts(*id), self.row_of(*row)),
            Expr::Power { id, row, test } => match test {
                PowerTest::Done => self.standing(*id, self.row_of(*row)),
                PowerTest::Invalid => self.push(Node::Acts(*id), self.row_of(*row)),
                PowerTest::Available => self.push(Node::Available(*id), self.row_of(*row)),
                // An announcement is a fact (O6).
                PowerTest::Threatened => {}
            },
            _ => {}
        }
    }

    fn row_of(&self, row: Option<ExprId>) -> Of {
        row.map_or(Of::None, |row| self.row(row))
    }

    fn row(&self, row: ExprId) -> Of {
        match self.policy.exprs.node(row) {
            Expr::Local(0) if self.frame.row => Of::Own,
            Expr::Local(place) if *place < self.frame.places => Of::Given,
            Expr::Local(_) => Of::Each,
            _ => Of::Other,
        }
    }
}
