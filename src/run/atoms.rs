//! The conditions an undetermined answer hangs on (N3): maximal truth-valued expressions without `and`, `or`, `not`,
//! `if`, looked for inside the conditions of live rules and of values, through names and other days.

use super::at::{ANY_ROW, At, NO_ROW, Named, Node};
use super::{Evaluator, Turn};
use crate::outcome::Point;
use crate::policy::{EntityId, Expr, ExprId, OutcomeId, Policy, Type};
use crate::value::{Mask, Value};
use std::collections::BTreeSet;

/// Where an atom stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Occurrence {
    pub expr: ExprId,
    pub row: u32,
    pub point: Point,
}

/// One condition on one day; the same text in several places is one atom.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub places: Vec<Occurrence>,
    /// The bodies these places lie in; in that of an outcome, below which of its contenders.
    pub homes: BTreeSet<(Node, Option<u32>)>,
    pub own: Option<(EntityId, u32)>,
}

impl Atom {
    pub fn at(&self) -> Option<Occurrence> {
        self.places.first().copied()
    }
}

#[derive(Default)]
pub(super) struct Atoms {
    pub list: Vec<Atom>,
    seen: BTreeSet<Occurrence>,
    waiting: Vec<Node>,
    entered: BTreeSet<Node>,
    /// Where the search is.
    here: Option<(Node, Option<u32>)>,
}

impl Atoms {
    fn add(&mut self, policy: &Policy, expr: ExprId, at: &At) {
        let place = Occurrence { expr, row: at.row(), point: at.point };
        let first_time = self.seen.insert(place);
        let same = |atom: &&mut Atom| {
            let first = atom.places.first();
            first.is_some_and(|first| {
                first.point == place.point && atom.own == at.own && same_text(policy, first.expr, place.expr)
            })
        };
        match self.list.iter_mut().find(same) {
            Some(atom) => {
                atom.homes.extend(self.here);
                if first_time {
                    atom.places.push(place);
                }
            }
            None => {
                let homes = self.here.into_iter().collect();
                self.list.push(Atom { places: vec![place], homes, own: at.own });
            }
        }
    }

    fn name(&mut self, node: Node) {
        if self.entered.insert(node) {
            self.waiting.push(node);
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The atoms below an outcome, in the order of the text.
    pub(super) fn atoms(&mut self, node: Node) -> Vec<Atom> {
        let mut atoms = Atoms::default();
        atoms.name(node);
        self.collect_names(&mut atoms);
        let place = |atom: &Atom| {
            let first =
                atom.places.iter().map(|place| (self.policy.exprs.span(place.expr), place.point, place.row));
            first.min()
        };
        atoms.list.sort_by_key(place);
        atoms.list
    }

    /// The atoms below an expression in the body of a name.
    pub(super) fn atoms_of(&mut self, expr: ExprId, node: Node) -> Vec<Atom> {
        let mut atoms = Atoms::default();
        self.settle(|run| run.in_frame(node, |run, at| run.collect(&mut atoms, expr, at)));
        self.collect_names(&mut atoms);
        atoms.list
    }

    fn collect_names(&mut self, atoms: &mut Atoms) {
        while let Some(node) = atoms.waiting.pop() {
            atoms.here = Some((node, None));
            self.settle(|run| {
                run.in_frame(node, |run, at| match node.named {
                    Named::Define(id) => run.collect(atoms, run.policy.defines[id].value, at),
                    Named::Outcome(id) => run.collect_rules(atoms, id, node, at),
                    // What other rows left is one term.
                    Named::Running(_) => Ok(()),
                })
            });
        }
    }

    fn collect(&mut self, atoms: &mut Atoms, id: ExprId, at: &At) -> Turn<()> {
        let policy = self.policy;
        if self.set(id, at)?.is_decided() {
            return Ok(());
        }
        let truth = *policy.exprs.ty(id) == Type::Bool;
        match policy.exprs.node(id) {
            Expr::And(list) | Expr::Or(list) => list.iter().try_for_each(|x| self.collect(atoms, *x, at)),
            Expr::Not(x) => self.collect(atoms, *x, at),
            Expr::If { branches, otherwise } => {
                for (condition, value) in branches {
                    self.collect(atoms, *condition, at)?;
                    let mask = self.set(*condition, at)?.mask();
                    if mask.may_be_true() {
                        self.collect(atoms, *value, at)?;
                    }
                    if !mask.may_be_false() {
                        return Ok(());
                    }
                }
                self.collect(atoms, *otherwise, at)
            }
            Expr::AsOf { value, day } => match self.set(*day, at)?.single() {
                Some(Value::Date(day)) if !day.is_never() => self.collect(atoms, *value, &at.on(*day)),
                _ => self.leaf(atoms, id, truth, at),
            },
            Expr::AsKnownOn { value, day } => match self.set(*day, at)?.single() {
                Some(Value::Date(day)) => self.collect(atoms, *value, &at.known((*day).min(at.point.known))),
                _ => self.leaf(atoms, id, truth, at),
            },
            Expr::By { condition, day } => match self.set(*day, at)?.single() {
                Some(Value::Date(day)) if at.point.day > *day => {
                    self.collect(atoms, *condition, &at.on(*day))
                }
                _ => self.leaf(atoms, id, truth, at),
            },
            Expr::Define { id: define, row } => match self.node_of(Named::Define(*define), *row, at)? {
                Some(node) => {
                    atoms.name(node);
                    Ok(())
                }
                None => self.leaf(atoms, id, truth, at),
            },
            Expr::Outcome { id: outcome, row } => match self.node_of(Named::Outcome(*outcome), *row, at)? {
                Some(node) => {
                    atoms.name(node);
                    Ok(())
                }
                None => self.leaf(atoms, id, truth, at),
            },
            // What lies in the past is not one condition on one day.
            Expr::LastStart(_) => Ok(()),
            // Its rows and its arguments have no place of their own outside it.
            Expr::Aggregate { .. } | Expr::Call { .. } => self.leaf(atoms, id, truth, at),
            _ if truth => self.leaf(atoms, id, truth, at),
            _ => {
                let mut operands = Vec::new();
                policy.exprs.operands(id, |operand| operands.push(operand));
                operands.into_iter().try_for_each(|operand| self.collect(atoms, operand, at))
            }
        }
    }

    fn leaf(&mut self, atoms: &mut Atoms, id: ExprId, truth: bool, at: &At) -> Turn<()> {
        if truth && at.row() != ANY_ROW {
            atoms.add(self.policy, id, at);
        }
        Ok(())
    }

    /// The one point at which a name is read, if there is one.
    pub(super) fn node_of(&mut self, named: Named, row: Option<ExprId>, at: &At) -> Turn<Option<Node>> {
        let Some(entity) = self.entity_of(named) else {
            return Ok(Some(Node { named, row: NO_ROW, point: at.point }));
        };
        let Some(row) = row else { return Ok(None) };
        match self.set(row, at)?.single() {
            Some(Value::Row(row)) => Ok(match self.where_is(entity, *row, at)? {
                super::rows::Where::At(point) => Some(Node { named, row: *row, point }),
                super::rows::Where::Open(_) => None,
            }),
            _ => Ok(None),
        }
    }

    fn collect_rules(&mut self, atoms: &mut Atoms, id: OutcomeId, node: Node, at: &At) -> Turn<()> {
        let policy = self.policy;
        let outcome = &policy.outcomes[id];
        let verdict = self.verdict(id, at)?;
        for live in &verdict.live {
            atoms.here = Some((node, Some(live.index)));
            self.collect_rule(atoms, id, live.index, at)?;
        }
        atoms.here = Some((node, None));
        match (outcome.otherwise, &verdict.otherwise) {
            (Some(otherwise), Some(_)) => self.collect(atoms, otherwise, at),
            _ => Ok(()),
        }
    }
}

impl Evaluator<'_> {
    fn collect_rule(&mut self, atoms: &mut Atoms, id: OutcomeId, contender: u32, at: &At) -> Turn<()> {
        let policy = self.policy;
        let Some(contender) = policy.outcomes[id].contenders.get(contender as usize) else { return Ok(()) };
        let rule = &policy.rules[contender.rule];
        if rule.power.is_some() {
            return Ok(());
        }
        let last = contender.clauses.last().map_or(0, |clause| clause.branch);
        for (branch, index) in rule.branches.iter().zip(0..=last) {
            let mask = match (branch.condition, rule.lasting) {
                (_, Some(lasting)) if index == 0 => self.set_lasting(contender.rule, lasting, at)?.mask(),
                (Some(condition), _) => {
                    self.collect(atoms, condition, at)?;
                    self.set(condition, at)?.mask()
                }
                (None, _) => Mask::TRUE,
            };
            let clause = contender.clauses.iter().find(|clause| clause.branch == index);
            if let Some(clause) = clause.filter(|_| mask.may_be_true()) {
                self.collect(atoms, clause.value, at)?;
            }
            if !mask.may_be_false() {
                break;
            }
        }
        Ok(())
    }
}

/// Whether two expressions say the same: equal operations on equal operands.
fn same_text(policy: &Policy, a: ExprId, b: ExprId) -> bool {
    if a == b {
        return true;
    }
    if !same_head(policy.exprs.node(a), policy.exprs.node(b)) {
        return false;
    }
    let (mut below_left, mut below_right) = (Vec::new(), Vec::new());
    policy.exprs.operands(a, |operand| below_left.push(operand));
    policy.exprs.operands(b, |operand| below_right.push(operand));
    below_left.len() == below_right.len()
        && below_left.iter().zip(&below_right).all(|(a, b)| same_text(policy, *a, *b))
}

/// The same operation, its operands aside.
fn same_head(a: &Expr, b: &Expr) -> bool {
    use Expr::*;
    match (a, b) {
        (Const(a), Const(b)) => a == b,
        (Local(a), Local(b)) => a == b,
        (Fact(a), Fact(b)) => a == b,
        (Field { entity: a, field: f, .. }, Field { entity: b, field: g, .. }) => (a, f) == (b, g),
        (RowByKey { entity: a, .. }, RowByKey { entity: b, .. }) => a == b,
        (Define { id: a, .. }, Define { id: b, .. }) => a == b,
        (Outcome { id: a, .. }, Outcome { id: b, .. }) => a == b,
        (Running(a), Running(b)) => a == b,
        (Call { function: a, .. }, Call { function: b, .. }) => a == b,
        (Duty { id: a, of: o, state: s }, Duty { id: b, of: p, state: t }) => {
            (a, s, o.is_some()) == (b, t, p.is_some())
        }
        (Power { id: a, test: s, .. }, Power { id: b, test: t, .. }) => (a, s) == (b, t),
        (Act { id: a, part: s, .. }, Act { id: b, part: t, .. }) => (a, s) == (b, t),
        (Lookup { annex: a, column: c, .. }, Lookup { annex: b, column: d, .. }) => (a, c) == (b, d),
        (InAnnex { annex: a, .. }, InAnnex { annex: b, .. }) => a == b,
        (UnderAnnex { annex: a, .. }, UnderAnnex { annex: b, .. }) => a == b,
        (Compare { op: a, .. }, Compare { op: b, .. }) => a == b,
        (Clamp { side: a, .. }, Clamp { side: b, .. }) => a == b,
        (Round { mode: a, step: s, .. }, Round { mode: b, step: t, .. }) => (a, s) == (b, t),
        (Shift { sign: a, kind: k, .. }, Shift { sign: b, kind: l, .. }) => (a, k) == (b, l),
        (Edge { edge: a, period: p, .. }, Edge { edge: b, period: q, .. }) => (a, p) == (b, q),
        (Part { period: a, .. }, Part { period: b, .. }) => a == b,
        (Sum { rest: a, .. }, Sum { rest: b, .. }) => a.iter().map(|x| x.0).eq(b.iter().map(|x| x.0)),
        (Product { rest: a, .. }, Product { rest: b, .. }) => a.iter().map(|x| x.0).eq(b.iter().map(|x| x.0)),
        (DurationSum { rest: a, .. }, DurationSum { rest: b, .. }) => {
            a.iter().map(|x| x.0).eq(b.iter().map(|x| x.0))
        }
        (
            Aggregate { kind: a, entity: e, local: l, value: v, condition: c },
            Aggregate { kind: b, entity: f, local: m, value: w, condition: d },
        ) => (a, e, l, v.is_some(), c.is_some()) == (b, f, m, w.is_some(), d.is_some()),
        _ => a.is_bare() && std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}
