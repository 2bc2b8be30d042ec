//! The search: follow what is known, learn from conflicts, decide what is needed (conflict-driven clause learning).
//!
//! Level 0 holds what is true of all facts; the formulas asked about are assumed together at level 1, so that all that is
//! learned stays true for other questions; decisions start at level 2.

use super::formula::{Formula, FormulaNode, Formulas};
use super::sat::{Antecedent, Sat};
use super::stop::{Budget, Inconclusive};
use super::theory::{Lack, Theory};
use super::walk::Justification;

#[derive(Default)]
pub(super) struct Cdcl {
    pub(super) sat: Sat,
    pub(super) theory: Theory,
    walk: Justification,
    /// Bounds set when each level was opened.
    marks: Vec<usize>,
    loaded: super::dense::Dense<bool>,
    /// Clauses learned since some were last forgotten, and how many may be before the next time.
    learned: usize,
    memory: usize,
    implied: Vec<Formula>,
}

/// Conflicts before the first restart.
const PATIENCE: u64 = 64;
/// Learned clauses kept before half of them is forgotten; each time more, so that every search ends.
const MEMORY: usize = 2_000;

impl Cdcl {
    pub(super) fn new() -> Cdcl {
        let mut search = Cdcl::default();
        search.sat.bump = 16;
        search.memory = MEMORY;
        search
    }

    /// The literals the last success rests on.
    pub(super) fn needed(&self) -> &[Formula] {
        self.walk.needed()
    }

    /// Whether all roots can hold together. After a success the state is that of the success.
    pub(super) fn run(
        &mut self,
        formulas: &mut Formulas,
        roots: &[Formula],
        steps: &mut Budget,
    ) -> Result<bool, Inconclusive> {
        self.backtrack(0);
        if roots.contains(&Formula::FALSE) {
            return Ok(false);
        }
        let roots: Vec<Formula> = roots.iter().copied().filter(|root| *root != Formula::TRUE).collect();
        self.sat.start();
        let loaded: usize = roots.iter().map(|root| self.load(formulas, *root)).sum();
        self.theory.ready(&mut self.sat);
        self.theory.relate(formulas, &mut self.sat);
        self.forget();
        self.theory.lines.restart(formulas)?;
        steps.take(loaded)?;
        let (mut conflicts, mut turn) = (0u64, 1u64);
        loop {
            if let Some(clause) = self.propagate(formulas, steps)? {
                if !self.resolve(clause) {
                    return Ok(false);
                }
                conflicts = conflicts.saturating_add(1);
                if conflicts >= PATIENCE.saturating_mul(luby(turn)) {
                    conflicts = 0;
                    turn = turn.saturating_add(1);
                    self.backtrack(1);
                    self.forget();
                }
                continue;
            }
            if self.sat.level() == 0 {
                self.open_level();
                if !roots.iter().all(|root| self.sat.put(*root, Antecedent::Chosen)) {
                    return Ok(false);
                }
                self.walk.start(&roots);
                continue;
            }
            let decision = match self.walk.next(formulas, &self.sat) {
                Some(literal) => literal,
                None => match self.theory.finish(formulas, &self.sat, steps)? {
                    None => return Ok(true),
                    Some(Lack::Split(literal)) => {
                        self.load_split(formulas, literal);
                        literal
                    }
                    Some(Lack::Conflict(clause)) => {
                        if !self.resolve(clause) {
                            return Ok(false);
                        }
                        continue;
                    }
                },
            };
            self.open_level();
            self.sat.put(decision, Antecedent::Chosen);
        }
    }

    /// Forgets what was of little use, if too much was learned.
    fn forget(&mut self) {
        if self.learned > self.memory {
            self.backtrack(0);
            self.sat.forget();
            self.learned = 0;
            self.memory = self.memory.saturating_add(MEMORY / 4);
        }
    }

    /// Learns from a conflict; `false` if it rests on nothing but the assumptions.
    fn resolve(&mut self, clause: Vec<Formula>) -> bool {
        let highest = self.sat.highest(&clause);
        if highest <= 1 {
            return false;
        }
        self.backtrack(highest);
        let lesson = self.sat.learn(clause);
        self.backtrack(lesson.level);
        let first = lesson.clause.first().copied();
        let reason = self.sat.add(lesson.clause, true);
        self.learned = self.learned.saturating_add(1);
        first.is_some_and(|first| self.sat.put(first, reason))
    }

    fn open_level(&mut self) {
        if self.sat.level() > 0 {
            self.walk.open_level();
        }
        self.sat.open_level();
        self.marks.push(self.theory.lines.simplex.mark());
    }

    pub(super) fn backtrack(&mut self, level: u32) {
        if level >= self.sat.level() {
            return;
        }
        self.sat.backtrack(level);
        if let Some(mark) = self.marks.get(level as usize).copied() {
            self.theory.lines.simplex.undo(mark);
            self.marks.truncate(level as usize);
        }
        if let Some(levels) = level.checked_sub(1) {
            self.walk.backtrack(levels as usize);
        }
    }

    /// All that follows from the trail; a conflict as false literals.
    fn propagate(
        &mut self,
        formulas: &Formulas,
        steps: &mut Budget,
    ) -> Result<Option<Vec<Formula>>, Inconclusive> {
        loop {
            steps.take(1)?;
            let Some(literal) = self.sat.next() else { break };
            if let Some(clause) = self.sat.follow(literal) {
                return Ok(Some(clause));
            }
            self.implied.clear();
            let bottom = self.sat.level() == 0;
            self.theory.assigned(formulas, literal, bottom, &mut self.implied)?;
            for next in &self.implied {
                if !self.sat.imply_if_wanted(*next, Antecedent::Literal(literal)) {
                    return Ok(Some(vec![!literal, *next]));
                }
            }
        }
        self.theory.check(steps)
    }

    /// Makes a formula and all below it matter, and clauses of them, once; how many nodes were new.
    fn load(&mut self, formulas: &Formulas, root: Formula) -> usize {
        let mut count = 0usize;
        let mut open = vec![root.node()];
        while let Some(node) = open.pop() {
            if !self.sat.want(node) {
                continue;
            }
            if *self.loaded.at(node) {
                if let FormulaNode::And(parts) = formulas.node(node) {
                    open.extend(parts.iter().map(|part| part.node()));
                }
                continue;
            }
            count = count.saturating_add(1);
            *self.loaded.at_mut(node) = true;
            let id = u32::try_from(node).unwrap_or(u32::MAX);
            match formulas.node(node) {
                FormulaNode::True => {}
                FormulaNode::Atom(atom) => self.theory.load(formulas, &mut self.sat, id, atom),
                FormulaNode::And(parts) => {
                    let whole = Formula::of(id);
                    for part in parts.iter() {
                        open.push(part.node());
                        self.sat.add_at_bottom(vec![!whole, *part]);
                    }
                    let all = std::iter::once(whole).chain(parts.iter().map(|part| !*part));
                    self.sat.add_at_bottom(all.collect());
                }
            }
        }
        count
    }

    /// A cut made during the search lies between the bounds of its line: nothing says yet which side holds.
    fn load_split(&mut self, formulas: &Formulas, literal: Formula) {
        self.sat.want(literal.node());
        if !*self.loaded.at(literal.node()) {
            *self.loaded.at_mut(literal.node()) = true;
            if let Some(atom) = super::theory::atom_of(formulas, literal.node()) {
                let id = u32::try_from(literal.node()).unwrap_or(u32::MAX);
                self.theory.load(formulas, &mut self.sat, id, atom);
                self.theory.ready(&mut self.sat);
            }
        }
    }
}

/// 1 1 2 1 1 2 4 1 1 2 1 1 2 4 8 …
fn luby(turn: u64) -> u64 {
    let (mut turn, mut size) = (turn.max(1), 1u64);
    loop {
        let next = size.saturating_mul(2).saturating_add(1);
        if turn == size {
            return size.saturating_add(1) / 2;
        }
        if turn < size {
            turn = turn.saturating_sub(size / 2);
            size = 1;
            continue;
        }
        size = next;
    }
}
