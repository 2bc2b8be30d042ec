//! The propositional part: a trail of true literals, clauses with two watched literals each, implications of one literal
//! by another, and backtracking. A literal is a [`Formula`], its variable the node.

use super::dense::Dense;
use super::formula::Formula;

/// The antecedent of a literal: why it is true.
#[derive(Clone, Copy, Default)]
pub(super) enum Antecedent {
    /// Chosen, or assumed.
    #[default]
    Chosen,
    /// All other literals of this clause are false.
    Clause(u32),
    /// This true literal implies it.
    Literal(Formula),
}

#[derive(Clone)]
pub(super) struct LiteralClause {
    pub literals: Vec<Formula>,
    pub learned: bool,
    /// How often it was of use.
    pub uses: u64,
}

#[derive(Clone, Copy)]
struct Watch {
    clause: u32,
    /// Some other literal of the clause: if it is true, the clause need not be looked at.
    other: Formula,
}

#[derive(Clone, Copy, Default)]
struct Assignment {
    level: u32,
    reason: Antecedent,
}

#[derive(Default)]
pub(super) struct Sat {
    /// By literal.
    truth: Dense<bool>,
    /// By node.
    assignments: Dense<Assignment>,
    trail: Vec<Formula>,
    /// Where each level above 0 starts.
    starts: Vec<usize>,
    /// How much of the trail has been followed.
    head: usize,
    pub(super) clauses: Vec<LiteralClause>,
    /// By the literal watched.
    watches: Dense<Vec<Watch>>,
    /// By literal: what it implies.
    implied: Dense<Vec<Formula>>,
    /// By node.
    pub(super) activity: Dense<u64>,
    pub(super) bump: u64,
    /// By node: the number of the search it matters to.
    wanted: Dense<u32>,
    search: u32,
}

/// Activities are halved all together above this.
const ACTIVE: u64 = 1 << 60;

impl Sat {
    #[inline]
    pub(super) fn is_true(&self, literal: Formula) -> bool {
        *self.truth.at(literal.place())
    }

    #[inline]
    pub(super) fn is_false(&self, literal: Formula) -> bool {
        *self.truth.at((!literal).place())
    }

    pub(super) fn level_of(&self, literal: Formula) -> u32 {
        self.assignments.at(literal.node()).level
    }

    pub(super) fn reason_of(&self, literal: Formula) -> Antecedent {
        self.assignments.at(literal.node()).reason
    }

    pub(super) fn level(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn trail(&self) -> &[Formula] {
        &self.trail
    }

    pub(super) fn open_level(&mut self) {
        self.starts.push(self.trail.len());
    }

    /// Makes a literal true; `false` if it is false already.
    #[inline]
    pub(super) fn put(&mut self, literal: Formula, reason: Antecedent) -> bool {
        if self.is_true(literal) {
            return true;
        }
        if self.is_false(literal) {
            return false;
        }
        *self.truth.at_mut(literal.place()) = true;
        let level = self.level();
        *self.assignments.at_mut(literal.node()) = Assignment { level, reason };
        self.trail.push(literal);
        true
    }

    pub(super) fn backtrack(&mut self, level: u32) {
        let Some(start) = self.starts.get(level as usize).copied() else { return };
        for literal in self.trail.drain(start..) {
            *self.truth.at_mut(literal.place()) = false;
        }
        self.starts.truncate(level as usize);
        self.head = self.head.min(start);
    }

    /// Starts a search: nothing matters yet, and what holds anyway is to be followed anew.
    pub(super) fn start(&mut self) {
        self.search = self.search.saturating_add(1);
        self.head = 0;
    }

    /// Makes a node matter to this search; `false` if it does already.
    pub(super) fn want(&mut self, node: usize) -> bool {
        let search = self.search;
        let wanted = self.wanted.at_mut(node);
        let new = *wanted != search;
        *wanted = search;
        new
    }

    /// Puts a literal that follows, if it matters. One that does not may stay open: its definition can be kept in any case.
    #[inline]
    pub(super) fn imply_if_wanted(&mut self, literal: Formula, reason: Antecedent) -> bool {
        if *self.wanted.at(literal.node()) == self.search {
            self.put(literal, reason)
        } else {
            !self.is_false(literal)
        }
    }

    /// The next literal of the trail that has not been followed.
    #[inline]
    pub(super) fn next(&mut self) -> Option<Formula> {
        let literal = self.trail.get(self.head).copied()?;
        self.head = self.head.saturating_add(1);
        Some(literal)
    }

    /// What follows from a literal that has become true. The literals of a conflict are all false.
    pub(super) fn follow(&mut self, literal: Formula) -> Option<Vec<Formula>> {
        let implied = std::mem::take(self.implied.at_mut(literal.place()));
        let failed =
            implied.iter().copied().find(|next| !self.imply_if_wanted(*next, Antecedent::Literal(literal)));
        *self.implied.at_mut(literal.place()) = implied;
        if let Some(failed) = failed {
            return Some(vec![!literal, failed]);
        }
        let falsified = !literal;
        let mut list = std::mem::take(self.watches.at_mut(falsified.place()));
        let mut conflict = None;
        list.retain_mut(|watch| {
            if conflict.is_some() || self.is_true(watch.other) {
                return true;
            }
            match self.visit(watch.clause, falsified) {
                WatchVisit::Moved => false,
                WatchVisit::Keep(other) => {
                    watch.other = other;
                    true
                }
                WatchVisit::Conflict(literals) => {
                    conflict = Some(literals);
                    true
                }
            }
        });
        let place = self.watches.at_mut(falsified.place());
        // Nothing watches a false literal anew, so nothing was added meanwhile.
        *place = list;
        conflict
    }

    fn visit(&mut self, id: u32, falsified: Formula) -> WatchVisit {
        let truth = &self.truth;
        let Some(clause) = self.clauses.get_mut(id as usize) else { return WatchVisit::Moved };
        let [first, second, rest @ ..] = clause.literals.as_mut_slice() else { return WatchVisit::Moved };
        if *first == falsified {
            std::mem::swap(first, second);
        }
        if *truth.at(first.place()) {
            return WatchVisit::Keep(*first);
        }
        for spot in rest {
            if !*truth.at((!*spot).place()) {
                std::mem::swap(spot, second);
                let (watched, other) = (*second, *first);
                self.watches.at_mut(watched.place()).push(Watch { clause: id, other });
                return WatchVisit::Moved;
            }
        }
        let first = *first;
        if self.imply_if_wanted(first, Antecedent::Clause(id)) {
            return WatchVisit::Keep(first);
        }
        WatchVisit::Conflict(clause_literals(&self.clauses, id))
    }

    pub(super) fn imply(&mut self, one: Formula, other: Formula) {
        self.implied.at_mut(one.place()).push(other);
        self.implied.at_mut((!other).place()).push(!one);
    }

    /// Adds a clause. Its first two literals are watched: of those that are not false there must be as many among them
    /// as there can be, and then those that became false last. The reason of the first literal, were it put.
    pub(super) fn add(&mut self, literals: Vec<Formula>, learned: bool) -> Antecedent {
        match literals.as_slice() {
            [] | [_] => Antecedent::Chosen,
            [one, other] => {
                let (one, other) = (*one, *other);
                self.imply(!one, other);
                Antecedent::Literal(!other)
            }
            [one, other, ..] => {
                let id = u32::try_from(self.clauses.len()).unwrap_or(u32::MAX);
                self.watches.at_mut(one.place()).push(Watch { clause: id, other: *other });
                self.watches.at_mut(other.place()).push(Watch { clause: id, other: *one });
                let uses = self.bump;
                self.clauses.push(LiteralClause { literals, learned, uses });
                Antecedent::Clause(id)
            }
        }
    }

    /// Adds a clause while nothing is assumed.
    pub(super) fn add_at_bottom(&mut self, mut literals: Vec<Formula>) {
        // Literals that are false stay so: they go, and a true one makes the clause idle.
        literals.retain(|literal| !self.is_false(*literal));
        if literals.iter().any(|literal| self.is_true(*literal)) {
            return;
        }
        if let [only] = literals.as_slice() {
            self.put(*only, Antecedent::Chosen);
        } else {
            self.add(literals, false);
        }
    }

    pub(super) fn touch(&mut self, literal: Formula) {
        let bump = self.bump;
        let activity = self.activity.at_mut(literal.node());
        *activity = activity.saturating_add(bump);
        if *activity > ACTIVE {
            for activity in self.activity.iter_mut() {
                *activity >>= 30;
            }
            for clause in &mut self.clauses {
                clause.uses >>= 30;
            }
            self.bump = (self.bump >> 30).max(16);
        }
    }

    /// The other literals of the reason of a true literal, all false.
    pub(super) fn because(&mut self, literal: Formula) -> Vec<Formula> {
        match self.reason_of(literal) {
            Antecedent::Chosen => Vec::new(),
            Antecedent::Literal(cause) => vec![!cause],
            Antecedent::Clause(id) => {
                let bump = self.bump;
                if let Some(clause) = self.clauses.get_mut(id as usize) {
                    clause.uses = clause.uses.saturating_add(bump);
                }
                let mut literals = clause_literals(&self.clauses, id);
                literals.retain(|other| *other != literal);
                literals
            }
        }
    }

    /// Forgets the half of what was learned that was of least use. Only while nothing is assumed.
    pub(super) fn forget(&mut self) {
        let mut uses: Vec<u64> =
            self.clauses.iter().filter(|clause| clause.learned).map(|clause| clause.uses).collect();
        uses.sort_unstable();
        let middle = uses.get(uses.len() / 2).copied().unwrap_or(0);
        let kept = std::mem::take(&mut self.clauses);
        for list in self.watches.iter_mut() {
            list.clear();
        }
        for literal in &self.trail {
            self.assignments.at_mut(literal.node()).reason = Antecedent::Chosen;
        }
        for clause in kept {
            if clause.learned && clause.uses < middle {
                continue;
            }
            let mut literals = clause.literals;
            literals.retain(|literal| !self.is_false(*literal));
            if literals.iter().any(|literal| self.is_true(*literal)) {
                continue;
            }
            if let [only] = literals.as_slice() {
                self.put(*only, Antecedent::Chosen);
                continue;
            }
            if let Antecedent::Clause(id) = self.add(literals, clause.learned)
                && let Some(kept) = self.clauses.get_mut(id as usize)
            {
                kept.uses = clause.uses;
            }
        }
    }
}

enum WatchVisit {
    /// Another literal is watched now.
    Moved,
    Keep(Formula),
    Conflict(Vec<Formula>),
}

fn clause_literals(clauses: &[LiteralClause], id: u32) -> Vec<Formula> {
    clauses.get(id as usize).map(|clause| clause.literals.clone()).unwrap_or_default()
}
