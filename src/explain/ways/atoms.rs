//! The conditions an undetermined answer hangs on (N3): maximal truth-valued expressions without `and`, `or`, `not`,
//! `if`, looked for inside the conditions of live rules and of values, through names and other days.

use crate::outcome::Point;
use crate::policy::{Contender, EntityId, Expr, ExprId, Op, OutcomeId, Policy, Type};
use crate::run::{ANY_ROW, At, Evaluator, NO_ROW, Named, NamedPoint, Result};
use crate::value::Value;
use std::collections::BTreeSet;

/// Where an atom stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Occurrence {
    pub expr: ExprId,
    pub row: u32,
    pub point: Point,
}

/// One condition on one day; the same text in several places is one atom.
#[derive(Clone, Debug)]
pub(crate) struct Atom {
    pub places: Vec<Occurrence>,
    /// The bodies these places lie in; in that of an outcome, below which of its contenders.
    pub homes: BTreeSet<(NamedPoint, Option<u32>)>,
    pub own: Option<(EntityId, u32)>,
}

impl Atom {
    pub fn at(&self) -> Option<Occurrence> {
        self.places.first().copied()
    }
}

#[derive(Default)]
pub(crate) struct Atoms {
    pub list: Vec<Atom>,
    seen: BTreeSet<Occurrence>,
    waiting: Vec<NamedPoint>,
    entered: BTreeSet<NamedPoint>,
    /// Where the search is.
    here: Option<(NamedPoint, Option<u32>)>,
}

impl Atoms {
    fn add(&mut self, policy: &Policy, expr: ExprId, at: &At) {
        let place = Occurrence { expr, row: at.row(), point: at.point };
        let first_time = self.seen.insert(place);
        let same = |atom: &&mut Atom| {
            let first = atom.places.first();
            first.is_some_and(|first| {
                first.point == place.point
                    && atom.own == at.own
                    && policy.exprs.say_the_same(first.expr, place.expr)
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

    fn name(&mut self, node: NamedPoint) {
        if self.entered.insert(node) {
            self.waiting.push(node);
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The atoms below an outcome, in the order of the text.
    pub(crate) fn atoms(&mut self, node: NamedPoint) -> Vec<Atom> {
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
    pub(crate) fn atoms_of(&mut self, expr: ExprId, node: NamedPoint) -> Vec<Atom> {
        let mut atoms = Atoms::default();
        self.settle(|run| run.in_body(node, |run, at| run.collect_atoms(&mut atoms, expr, at)));
        self.collect_names(&mut atoms);
        atoms.list
    }

    fn collect_names(&mut self, atoms: &mut Atoms) {
        while let Some(node) = atoms.waiting.pop() {
            atoms.here = Some((node, None));
            self.settle(|run| {
                run.in_body(node, |run, at| match node.named {
                    Named::Define(id) => run.collect_atoms(atoms, run.policy.defines[id].value, at),
                    Named::Outcome(id) => run.collect_rules(atoms, id, node, at),
                    // What other rows left is one term; a default is gone through where it is read.
                    Named::Running(_) | Named::Default(_) => Ok(()),
                })
            });
        }
    }

    fn collect_atoms(&mut self, atoms: &mut Atoms, id: ExprId, at: &At) -> Result<()> {
        let policy = self.policy;
        if self.set(id, at)?.is_decided() {
            return Ok(());
        }
        let truth = *policy.exprs.ty(id) == Type::Bool;
        match policy.exprs.node(id) {
            Expr::And(list) | Expr::Or(list) => {
                list.iter().try_for_each(|x| self.collect_atoms(atoms, *x, at))
            }
            Expr::Op(Op::Not(x)) => self.collect_atoms(atoms, *x, at),
            Expr::AsOf { .. } | Expr::AsKnownOn { .. } | Expr::By { .. } => match self.moved(id, at)? {
                Some((value, there)) => self.collect_atoms(atoms, value, &there),
                None => self.leaf(atoms, id, truth, at),
            },
            Expr::Define { id: define, row } => {
                let node = self.node_of(Named::Define(*define), *row, at)?;
                self.name_or_leaf(atoms, node, (id, truth), at)
            }
            Expr::Outcome { id: outcome, row } => {
                let node = self.node_of(Named::Outcome(*outcome), *row, at)?;
                self.name_or_leaf(atoms, node, (id, truth), at)
            }
            // What lies in the past is not one condition on one day.
            Expr::LastStart(_) => Ok(()),
            // Its rows and its arguments have no place of their own outside it.
            Expr::Aggregate { .. } | Expr::Call { .. } => self.leaf(atoms, id, truth, at),
            Expr::If { .. } => self.collect_live(atoms, id, at),
            _ if truth => self.leaf(atoms, id, truth, at),
            _ => self.collect_live(atoms, id, at),
        }
    }

    fn collect_live(&mut self, atoms: &mut Atoms, id: ExprId, at: &At) -> Result<()> {
        let operands = self.live_operands(id, at)?;
        operands.into_iter().try_for_each(|operand| self.collect_atoms(atoms, operand, at))
    }

    fn name_or_leaf(
        &mut self,
        atoms: &mut Atoms,
        node: Option<NamedPoint>,
        (id, truth): (ExprId, bool),
        at: &At,
    ) -> Result<()> {
        match node {
            Some(node) => atoms.name(node),
            None => self.leaf(atoms, id, truth, at)?,
        }
        Ok(())
    }

    fn leaf(&mut self, atoms: &mut Atoms, id: ExprId, truth: bool, at: &At) -> Result<()> {
        if truth && at.row() != ANY_ROW {
            atoms.add(self.policy, id, at);
        }
        Ok(())
    }

    /// The one point at which a name is read, if there is one.
    pub(crate) fn node_of(
        &mut self,
        named: Named,
        row: Option<ExprId>,
        at: &At,
    ) -> Result<Option<NamedPoint>> {
        let Some(entity) = self.entity_of(named) else {
            return Ok(Some(NamedPoint { named, row: NO_ROW, point: at.point }));
        };
        let Some(row) = row else { return Ok(None) };
        match self.set(row, at)?.single() {
            Some(Value::Row(row)) => Ok(match self.where_is(entity, *row, at)? {
                crate::run::Where::At(point) => Some(NamedPoint { named, row: *row, point }),
                crate::run::Where::Open(_) => None,
            }),
            _ => Ok(None),
        }
    }

    fn collect_rules(&mut self, atoms: &mut Atoms, id: OutcomeId, node: NamedPoint, at: &At) -> Result<()> {
        let (rules, otherwise) = self.live_rules(id, at)?;
        for rule in rules.iter().filter(|rule| !rule.offers.is_empty()) {
            atoms.here = Some((node, Some(rule.index)));
            self.collect_rule(atoms, rule.contender, at)?;
        }
        atoms.here = Some((node, None));
        otherwise.map_or(Ok(()), |otherwise| self.collect_atoms(atoms, otherwise, at))
    }

    fn collect_rule(&mut self, atoms: &mut Atoms, contender: &Contender, at: &At) -> Result<()> {
        if self.policy.rules[contender.rule].power.is_some() {
            return Ok(());
        }
        for branch in self.branches(contender, at)? {
            if let (Some(condition), None) = (branch.condition, branch.lasting) {
                self.collect_atoms(atoms, condition, at)?;
            }
            if let Some(value) = branch.live_value() {
                self.collect_atoms(atoms, value, at)?;
            }
        }
        Ok(())
    }
}
