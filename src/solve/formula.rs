//! Formulas in one shared arena: equal formulas are one node, so that a thousand rules which share their conditions cost
//! no more than what differs in them.
//!
//! There are only conjunctions and atoms; a formula is a node with a sign, and a disjunction the negation of a
//! conjunction. Children always stand before their parents.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Not;
use std::sync::Arc;

use super::term::LinearTerm;
use crate::value::Number;

/// A variable of a [`Formulas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(pub(super) u32);

impl Var {
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

/// The sort of a variable: what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VarSort {
    /// Any exact number.
    Number,
    /// A whole number: a day, a count.
    Whole,
    /// One of so many values, by index: of an enumeration, true or false, stated or not.
    Choice(NonZeroU32),
    /// A tariff code of 1 to 12 digits.
    Code,
    /// Any text.
    Text,
}

/// A node of the arena with a sign: even as it is, odd its negation. `!formula` negates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Formula(u32);

impl Default for Formula {
    fn default() -> Formula {
        Formula::TRUE
    }
}

impl Formula {
    pub const TRUE: Formula = Formula(0);
    pub const FALSE: Formula = Formula(1);

    #[inline]
    pub(super) fn of(node: u32) -> Formula {
        Formula(node << 1)
    }

    #[inline]
    pub(super) fn node(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// A number of its own for each sign of each node.
    #[inline]
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }

    #[inline]
    pub(super) fn negated(self) -> bool {
        self.0 & 1 == 1
    }
}

impl Not for Formula {
    type Output = Formula;

    #[inline]
    fn not(self) -> Formula {
        Formula(self.0 ^ 1)
    }
}

/// Why an atom cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtomError {
    /// The atom does not speak of a variable of this kind.
    Sort,
    /// A number beyond the bound of M1.
    Overflow,
    /// A code of more than 12 digits.
    Digits,
}

/// An atom of a theory: what a formula can be made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TheoryAtom {
    /// The term is at most `at`, or if `strict` below it.
    Below {
        term: u32,
        at: Number,
        strict: bool,
    },
    Choice {
        var: Var,
        value: u32,
    },
    CodeIs {
        var: Var,
        digits: Arc<[u8]>,
    },
    CodeUnder {
        var: Var,
        digits: Arc<[u8]>,
    },
    TextIs {
        var: Var,
        text: u32,
    },
    TextSame {
        one: Var,
        other: Var,
    },
}

#[derive(Clone, Debug)]
pub(super) enum FormulaNode {
    True,
    And(Arc<[Formula]>),
    Atom(Arc<TheoryAtom>),
}

/// The arena: variables, terms, formulas.
#[derive(Clone)]
pub struct Formulas {
    pub(super) nodes: Vec<FormulaNode>,
    pub(super) kinds: Vec<VarSort>,
    pub(super) terms: Vec<LinearTerm>,
    pub(super) texts: Vec<Arc<str>>,
    ands: BTreeMap<Arc<[Formula]>, u32>,
    atoms: BTreeMap<Arc<TheoryAtom>, u32>,
    pub(super) term_ids: BTreeMap<Vec<(Var, Number)>, u32>,
    text_ids: BTreeMap<Arc<str>, u32>,
}

impl Default for Formulas {
    fn default() -> Formulas {
        Formulas::new()
    }
}

impl Formulas {
    pub fn new() -> Formulas {
        Formulas {
            nodes: vec![FormulaNode::True],
            kinds: Vec::new(),
            terms: Vec::new(),
            texts: Vec::new(),
            ands: BTreeMap::new(),
            atoms: BTreeMap::new(),
            term_ids: BTreeMap::new(),
            text_ids: BTreeMap::new(),
        }
    }

    /// A new variable. The first ones are made plain first in a witness.
    pub fn var(&mut self, kind: VarSort) -> Var {
        let var = Var(count(self.kinds.len()));
        self.kinds.push(kind);
        var
    }

    pub fn kind(&self, var: Var) -> Option<VarSort> {
        self.kinds.get(var.place()).copied()
    }

    /// Every variable, in order.
    pub fn vars(&self) -> impl Iterator<Item = (Var, VarSort)> + '_ {
        self.kinds.iter().zip(0..).map(|(kind, var)| (Var(var), *kind))
    }

    /// How many nodes there are.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// All of these; of none it is true.
    pub fn and(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        let mut parts: Vec<Formula> = parts.into_iter().filter(|part| *part != Formula::TRUE).collect();
        parts.sort_unstable();
        parts.dedup();
        // A node and its negation are neighbours in this order.
        let mut pairs = parts.iter().zip(parts.iter().skip(1));
        if parts.contains(&Formula::FALSE) || pairs.any(|(one, next)| *one == !*next) {
            return Formula::FALSE;
        }
        match parts.as_slice() {
            [] => return Formula::TRUE,
            [only] => return *only,
            _ => {}
        }
        let parts: Arc<[Formula]> = parts.into();
        if let Some(node) = self.ands.get(&parts) {
            return Formula::of(*node);
        }
        let node = count(self.nodes.len());
        self.nodes.push(FormulaNode::And(parts.clone()));
        self.ands.insert(parts, node);
        Formula::of(node)
    }

    /// One of these at least; of none it is false.
    pub fn or(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        !self.and(parts.into_iter().map(|part| !part))
    }

    /// Both or neither.
    pub fn same(&mut self, one: Formula, other: Formula) -> Formula {
        self.choose(one, other, !other)
    }

    /// `yes` where `condition` holds, else `no`.
    pub fn choose(&mut self, condition: Formula, yes: Formula, no: Formula) -> Formula {
        let unless_yes = self.and([condition, !yes]);
        let unless_no = self.and([!condition, !no]);
        self.and([!unless_yes, !unless_no])
    }

    pub(super) fn atom(&mut self, atom: TheoryAtom) -> Formula {
        if let Some(node) = self.atoms.get(&atom) {
            return Formula::of(*node);
        }
        let node = count(self.nodes.len());
        let atom = Arc::new(atom);
        self.nodes.push(FormulaNode::Atom(atom.clone()));
        self.atoms.insert(atom, node);
        Formula::of(node)
    }

    pub(super) fn node(&self, node: usize) -> &FormulaNode {
        self.nodes.get(node).unwrap_or(&FormulaNode::True)
    }

    pub(super) fn text_id(&mut self, text: &str) -> u32 {
        if let Some(id) = self.text_ids.get(text) {
            return *id;
        }
        let id = count(self.texts.len());
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.text_ids.insert(text, id);
        id
    }

    pub(super) fn knows_text(&self, text: &str) -> bool {
        self.text_ids.contains_key(text)
    }
}

/// Arenas of more than 2^31 nodes do not fit a machine; saturating keeps it total.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX >> 1)
}
