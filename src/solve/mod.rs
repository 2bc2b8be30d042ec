//! Whether a formula about facts can hold, where it does, and how far a term can go: what differences between two
//! policies, gaps, conflicts and dead rules come down to. Knows values, and nothing of policies. Decides G1 exactly.
//!
//! [`Formulas`] is an arena of conjunctions and atoms, equal ones kept once (`formula`, `term`): a linear comparison
//! of numbers is brought to `term <= c` or `term < c`, a choice to its single values, codes and texts are compared with
//! constants. [`Solver::check`] goes from there in five steps.
//!
//! 1. **Search** (`search`, `sat`, `learn`): conflict-driven clause learning. Every node is a propositional
//!    variable; what is asked is assumed at level 1, so that all that is learned stays true for the next question.
//! 2. **Walk** (`walk`): decisions are made only where a formula that must hold still needs a reason. A question about one
//!    rule costs what the rule costs, and the atoms met are a condition under which the formula holds.
//! 3. **Theories** (`theory`) take up each literal. Numbers (`lines`): the cuts of a term are sorted, one bound settles
//!    all beyond it by implications of one literal by another; a sum of several variables also goes to the `simplex`,
//!    over pairs of a number and an infinitely small one (`pair`), which gives conflicts from its rows, unless a bound of
//!    its neighbour in `fans` says it already: sums that differ in one factor are sorted by it. Whole variables are split
//!    at fractions, after a test of divisibility. Choices exclude each other; `codes` follow from prefixes; `texts` are joined.
//! 4. **Witness** (`witness`): within the literals the success rests on (`cell`), each variable takes the plainest value
//!    (`plain`), one after the other; `model` evaluates the formula there, and nothing unevaluated is given out.
//! 5. **Ends** ([`Solver::optimise`]): the term is pushed to its end within the cell, then something beyond is asked for,
//!    until there is nothing.
//!
//! Work is counted in steps, never in time; what does not end within them is `Unknown`, never a verdict. No
//! order depends on hashes or addresses: the same questions give the same models.

mod cell;
mod codes;
mod dense;
mod fans;
mod formula;
mod learn;
mod lines;
mod model;
mod pair;
mod plain;
mod reach;
mod sat;
mod search;
mod simplex;
mod solver;
mod stop;
mod term;
mod texts;
mod theory;
mod walk;
mod witness;

pub use formula::{AtomError, Formula, Formulas, Var, VarSort};
pub use model::{Model, Truths, Worth};
pub use reach::{Reach, WrittenComparison};
pub use solver::{BUDGET, Direction, Extreme, Satisfiability, Solver};
pub use stop::Inconclusive;
pub use term::Comparison;

#[cfg(test)]
mod tests;
