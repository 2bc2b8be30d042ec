//! One row at a time: the same program on single cells, for whoever asks about one entry and wants the answer at once.
//!
//! A column engine works out both sides of every choice, for a thousand rows at a time need both. One row needs one of
//! them: here
//! the program jumps over what does not matter (`blocks`, `emit`).

mod blocks;
mod emit;
mod interpreter;
mod load;
mod lowering;
mod program;

use super::column::{Columns, DecidingRule};
use super::{Batch, Class, by_run, renumber};
use crate::outcome::{Point, Reason};
use crate::policy::OutcomeId;
use crate::run::{Decided, Evaluator};
pub(super) use program::ScalarProgram;

/// Asks about single rows, one after the other. Made by [`Batch::single`].
#[derive(Debug)]
pub struct Single<'b, 'p> {
    batch: &'b Batch<'p>,
    program: Option<ScalarProgram>,
    /// The rules behind the answer given last.
    behind: Behind,
    deciding_rules: Vec<DecidingRule>,
}

/// Where the rules behind an answer stand.
#[derive(Clone, Copy, Debug)]
enum Behind {
    /// In the list.
    Listed,
    /// They are told by the output of a question.
    Output(usize),
}

impl<'b, 'p> Single<'b, 'p> {
    /// For rows like these.
    pub(super) fn new(batch: &'b Batch<'p>, rows: &Columns) -> Single<'b, 'p> {
        let compiled = batch.fits(rows, 0, rows.rows, None).map(|fits| batch.compiled(rows, &fits, None));
        let program = compiled.and_then(ScalarProgram::new);
        Single { batch, program, behind: Behind::Listed, deciding_rules: Vec::new() }
    }

    /// The answer for one outcome of one row, as [`Evaluator::decide`] gives it; the rules that decide are then in
    /// [`Single::deciding_rules`], of determined answers and gaps. An outcome that was not asked for is undetermined.
    pub fn decide(&mut self, rows: &Columns, row: usize, outcome: OutcomeId) -> Decided {
        let Some(at) = self.batch.questions.iter().position(|question| question.outcome == outcome) else {
            return Decided::Undetermined;
        };
        if let Some(program) = &mut self.program
            && program.run(Some(at), rows, row).is_some()
            && let Some(decided) = program.read(at)
        {
            self.behind = Behind::Output(at);
            return decided;
        }
        self.by_run(rows, row, outcome)
    }

    /// All outcomes of one row, in the order in which they were asked for.
    pub fn decide_all(&mut self, rows: &Columns, row: usize, mut take: impl FnMut(Decided, &[DecidingRule])) {
        let done = self.program.as_mut().is_some_and(|program| program.run(None, rows, row).is_some());
        for (at, question) in self.batch.questions.iter().enumerate() {
            let program = self.program.as_ref().filter(|_| done);
            let decided = match program.and_then(|program| program.read(at)) {
                Some(decided) => {
                    self.behind = Behind::Output(at);
                    decided
                }
                None => self.by_run(rows, row, question.outcome),
            };
            take(decided, self.deciding_rules());
        }
    }

    /// The rules behind the answer given last.
    pub fn deciding_rules(&mut self) -> &[DecidingRule] {
        let Behind::Output(at) = self.behind else { return &self.deciding_rules };
        let Some(program) = &self.program else { return &[] };
        let Some(output) = program.output(at) else { return &[] };
        output.deciding_rules(|arg| program.cell(arg), &mut self.deciding_rules)
    }

    fn by_run(&mut self, rows: &Columns, row: usize, outcome: OutcomeId) -> Decided {
        self.behind = Behind::Listed;
        self.deciding_rules.clear();
        let whole =
            self.batch.questions.iter().any(|one| one.outcome == outcome && one.class == Class::Table);
        let listed: Vec<usize> = if whole { (0..rows.rows).collect() } else { vec![row] };
        let facts = by_run::facts(self.batch, rows, &listed);
        let place = listed.iter().position(|one| *one == row).and_then(|at| u32::try_from(at).ok());
        let point = Point::new(self.batch.point.on, self.batch.point.known);
        let mut reasons: Vec<Reason> = Vec::new();
        let mut run = Evaluator::new(self.batch.policy, &facts);
        let mut decided = run.decide_with_reasons(outcome, place, point, &mut reasons);
        if let Decided::Value(value) = &mut decided {
            renumber::value(self.batch, outcome, &listed, value);
            self.deciding_rules.extend(reasons.iter().map(by_run::deciding_rule));
        }
        decided
    }
}
