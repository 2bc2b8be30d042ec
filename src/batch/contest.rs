//! Rules that do not all stand above each other (R4, R5): several may decide, agree or clash.

use super::bad::Bad;
use super::clauses::{GuardedTerm, Speaker};
use super::column::DecidingRule;
use super::graph::{Arg, Graph};
use super::judged::{OutcomeTerm, ReasonRegisters};
use super::rules::OTHERWISE;
use super::term::{Bailout, RowTerm, TermKind};

/// What the rules heard so far come to, those above first.
pub(super) struct ClauseContest {
    /// All rules that decide are told; else rows in which several do are left to `run`.
    few: bool,
    value: Option<RowTerm>,
    /// The rows in which a rule decides with a value, with an error; and those in which it is not known who does.
    found: Arg,
    failed: Arg,
    open: Arg,
    clashes: Arg,
    /// Of each rule whether it speaks, and whether one above it does.
    spoke: Vec<(Arg, Arg)>,
    deciding: Vec<Deciding>,
    key: Arg,
    sets: Vec<Vec<DecidingRule>>,
}

/// A clause, with the rows in which it decides, and those in which it fails.
struct Deciding {
    survives: Arg,
    fails: Arg,
    rule: DecidingRule,
}

impl ClauseContest {
    pub fn new(few: bool) -> ClauseContest {
        ClauseContest {
            few,
            value: None,
            found: Arg::FALSE,
            failed: Arg::FALSE,
            open: Arg::FALSE,
            clashes: Arg::FALSE,
            spoke: Vec::new(),
            deciding: Vec::new(),
            key: Arg::Const(0),
            sets: vec![Vec::new()],
        }
    }

    pub fn hear(&mut self, graph: &mut Graph, above: &[u32], speaker: Speaker) -> Result<(), Bailout> {
        let displaced = self.displaced(graph, above)?;
        let open = graph.open(speaker.bad);
        let open = graph.except(open, displaced);
        self.open = graph.or(self.open, open);
        let mut speaks = speaker.bad.fails;
        let mut fails = graph.except(speaker.bad.fails, displaced);
        let before = (self.found, self.failed);
        for offer in speaker.offers {
            speaks = graph.or(speaks, offer.applies);
            let survives = graph.except(offer.applies, displaced);
            self.offer(graph, (survives, fails), offer, before)?;
            // Where it fails before it offers anything, one clause is enough to say so.
            fails = Arg::FALSE;
        }
        self.spoke.push((speaks, displaced));
        Ok(())
    }

    fn displaced(&self, graph: &mut Graph, above: &[u32]) -> Result<Arg, Bailout> {
        let mut displaced = Arg::FALSE;
        for above in above {
            let above = self.spoke.get(*above as usize).ok_or(Bailout("its rules are in no order"))?;
            displaced = graph.or(displaced, above.0);
            displaced = graph.or(displaced, above.1);
        }
        Ok(displaced)
    }

    /// `before`: the rows in which rules heard before decide.
    fn offer(
        &mut self,
        graph: &mut Graph,
        (survives, fails): (Arg, Arg),
        offer: GuardedTerm,
        before: (Arg, Arg),
    ) -> Result<(), Bailout> {
        let wrong = graph.and(survives, offer.value.bad.fails);
        let fails = graph.or(fails, wrong);
        let unsure = graph.open(offer.value.bad);
        let unsure = graph.and(survives, unsure);
        self.open = graph.or(self.open, unsure);
        // What never applies keeps its place, so that all programs number alike.
        let number = Arg::Const(self.sets.len() as i128);
        match self.few {
            true => self.deciding.push(Deciding { survives, fails, rule: offer.deciding }),
            false => self.sets.push(vec![offer.deciding]),
        }
        if !self.few {
            let (said, others) = (graph.or(survives, fails), graph.or(before.0, before.1));
            self.key = graph.choose_key(said, number, self.key);
            let both = graph.and(said, others);
            self.open = graph.or(self.open, both);
        }
        self.failed = graph.or(self.failed, fails);
        if survives == Arg::FALSE {
            return Ok(());
        }
        let offered = RowTerm::good(offer.value.kind);
        self.value = Some(match self.value.take() {
            Some(value) => {
                let both = graph.and(survives, before.0);
                if self.few && both != Arg::FALSE {
                    let equal = graph.equal(&value.kind, &offered.kind)?;
                    let clash = graph.except(both, equal);
                    self.clashes = graph.or(self.clashes, clash);
                }
                graph.choose_term(survives, &offered, &value)?
            }
            None => offered,
        });
        self.found = graph.or(self.found, survives);
        Ok(())
    }

    /// What all of them come to, with what holds where none decides.
    pub fn end(
        mut self,
        graph: &mut Graph,
        nothing: TermKind,
        otherwise: Option<RowTerm>,
    ) -> Result<OutcomeTerm, Bailout> {
        // R5: an error is one, whatever the others offer.
        let error = graph.except(self.failed, self.open);
        let any = graph.or(self.open, self.clashes);
        let bad = Bad { any: graph.or(any, self.failed), fails: error };
        let mut rows = Vec::new();
        for one in &self.deciding {
            let decides = graph.except(one.survives, error);
            rows.push((graph.or(decides, one.fails), one.rule));
        }
        let spoke = graph.or(self.found, self.failed);
        let mut gap = graph.not(spoke);
        let mut value = RowTerm { bad, ..self.value.unwrap_or(RowTerm::good(nothing)) };
        if let Some(otherwise) = otherwise {
            if self.few {
                rows.push((gap, OTHERWISE));
            } else {
                self.key = graph.choose_key(gap, Arg::Const(self.sets.len() as i128), self.key);
                self.sets.push(vec![OTHERWISE]);
            }
            let below = RowTerm { bad: graph.within(bad, otherwise.bad), ..otherwise };
            value = graph.choose_term(spoke, &value, &below)?;
            gap = Arg::FALSE;
        }
        let reasons = match self.few {
            true => ReasonRegisters::Many(rows),
            false => ReasonRegisters::One { key: self.key, sets: self.sets },
        };
        Ok(OutcomeTerm { value, gap, reasons })
    }
}
