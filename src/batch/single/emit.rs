//! Steps in their order, with jumps.

use super::blocks::{Chosen, Item, Plan};
use super::step::{Step, What};
use std::collections::BTreeSet;

/// The sides of a choice are both worked out where that takes no more steps than this: a jump that the processor does not
/// foresee costs more.
const FEW: u32 = 3;

/// Steps that fill the cells wanted; `None`: there are too many. `steps` are as for [`Plan::new`].
pub(super) fn emit(
    steps: &[Step],
    wanted: impl Iterator<Item = u16>,
    no: u16,
    yes: u16,
) -> Option<Vec<Step>> {
    let plan = Plan::new(steps, wanted, no, yes);
    let jumps = jumps(&plan);
    let cells = cells(steps, &plan, &jumps);
    let mut emitter = Emitter { steps, plan, jumps, cells, jumped: BTreeSet::new(), out: Vec::new() };
    let jumping = emitter.plan.choices.iter().zip(&emitter.jumps).filter(|(_, jumps)| **jumps);
    let whens = jumping.map(|(choice, _)| choice.when).filter(|when| emitter.in_jump(*when).is_some());
    emitter.jumped = whens.collect();
    emitter.block(0);
    let mut out = emitter.out;
    u16::try_from(out.len()).ok()?;
    // A jump to a jump goes where that goes: all go forward.
    for at in (0..out.len()).rev() {
        let to = out.get(at).filter(|step| is_jump(step.what)).map(|step| usize::from(step.to));
        let further =
            to.and_then(|to| out.get(to)).filter(|step| step.what == What::Jump).map(|step| step.to);
        if let (Some(further), Some(step)) = (further, out.get_mut(at)) {
            step.to = further;
        }
    }
    Some(out)
}

fn is_jump(what: What) -> bool {
    matches!(
        what,
        What::Jump
            | What::Unless
            | What::UnlessLess
            | What::UnlessAtMost
            | What::UnlessEqual
            | What::UnlessDifferent
    )
}

/// For each choice whether it is made by a jump.
fn jumps(plan: &Plan) -> Vec<bool> {
    let mut costs = vec![0u32; plan.blocks.len()];
    let mut jumps = vec![false; plan.choices.len()];
    let cost = |costs: &[u32], at: usize| costs.get(at).copied().unwrap_or(0);
    // Blocks come after those around them.
    for (at, block) in plan.blocks.iter().enumerate().rev() {
        let mut sum = 0u32;
        for item in &block.items {
            let own = match item {
                Item::Step(_) => 1,
                Item::Choice(at) => plan.choices.get(*at).map_or(0, |choice| {
                    let sides = cost(&costs, choice.yes).saturating_add(cost(&costs, choice.no));
                    if let Some(jump) = jumps.get_mut(*at) {
                        *jump = sides > FEW;
                    }
                    let made = u32::try_from(choice.made.len()).unwrap_or(u32::MAX);
                    sides.saturating_add(made)
                }),
            };
            sum = sum.saturating_add(own);
        }
        if let Some(cost) = costs.get_mut(at) {
            *cost = sum;
        }
    }
    jumps
}

/// The cell for each step. What a side of a choice works out for it is put where the choice wants it.
fn cells(steps: &[Step], plan: &Plan, jumps: &[bool]) -> Vec<u16> {
    let mut cells: Vec<u16> = steps.iter().map(|step| step.to).collect();
    // From the outer to the inner ones.
    for (choice, jumps) in plan.choices.iter().zip(jumps) {
        if !jumps {
            continue;
        }
        for Chosen { cell, yes, no } in &choice.made {
            let Some(place) = cells.get(usize::from(*cell)).copied() else { continue };
            for (side, block) in [(*yes, choice.yes), (*no, choice.no)] {
                let own = steps.get(usize::from(side)).is_some_and(|step| step.what != What::Leaf);
                if let Some(cell) = cells.get_mut(usize::from(side))
                    && own
                    && *cell == side
                    && plan.block_of(side) == Some(block)
                {
                    *cell = place;
                }
            }
        }
    }
    cells
}

struct Emitter<'a> {
    steps: &'a [Step],
    plan: Plan,
    jumps: Vec<bool>,
    cells: Vec<u16>,
    /// Comparisons that are made by jumps.
    jumped: BTreeSet<u16>,
    out: Vec<Step>,
}

impl Emitter<'_> {
    fn cell(&self, of: u16) -> u16 {
        self.cells.get(usize::from(of)).copied().unwrap_or(of)
    }

    fn step(&self, at: u16) -> Option<Step> {
        self.steps.get(usize::from(at)).copied()
    }

    fn push(&mut self, what: What, to: u16, [a, b, c]: [u16; 3]) {
        self.out.push(Step { what, to, a, b, c });
    }

    fn here(&self) -> u16 {
        u16::try_from(self.out.len()).unwrap_or(u16::MAX)
    }

    fn land(&mut self, jump: u16) {
        let here = self.here();
        if let Some(step) = self.out.get_mut(usize::from(jump)) {
            step.to = here;
        }
    }

    fn block(&mut self, at: usize) {
        let mut left = self.plan.blocks.get(at).map_or(0, |block| block.items.len());
        while left > 0 {
            left -= 1;
            match self.plan.blocks.get(at).and_then(|block| block.items.get(left)).copied() {
                Some(Item::Step(step)) if !self.jumped.contains(&step) => {
                    if let Some(Step { what, to, a, b, c }) = self.step(step) {
                        let to = self.cell(to);
                        let args = match what {
                            What::Choose => [self.cell(a), self.cell(b), self.cell(c)],
                            What::Divide | What::Table => [self.cell(a), b, c],
                            What::Stated | What::Odd => [a, b, c],
                            _ => [self.cell(a), self.cell(b), c],
                        };
                        self.push(what, to, args);
                    }
                }
                Some(Item::Choice(choice)) => self.choice(choice),
                _ => {}
            }
        }
    }

    fn choice(&mut self, at: usize) {
        let Some(choice) = self.plan.choices.get(at) else { return };
        let (when, yes, no, made) = (choice.when, choice.yes, choice.no, choice.made.clone());
        if self.jumps.get(at) != Some(&true) {
            self.block(yes);
            self.block(no);
            for Chosen { cell, yes, no } in made.into_iter().rev() {
                let args = [self.cell(when), self.cell(yes), self.cell(no)];
                self.push(What::Choose, self.cell(cell), args);
            }
            return;
        }
        let unless = self.here();
        match self.in_jump(when) {
            Some((jump, a, b)) => self.push(jump, 0, [self.cell(a), self.cell(b), 0]),
            None => self.push(What::Unless, 0, [self.cell(when), 0, 0]),
        }
        self.block(yes);
        made.iter().for_each(|chosen| self.copy(chosen.yes, chosen.cell));
        let end = self.here();
        self.push(What::Jump, 0, [0; 3]);
        self.land(unless);
        self.block(no);
        made.iter().for_each(|chosen| self.copy(chosen.no, chosen.cell));
        self.land(end);
    }

    fn copy(&mut self, from: u16, to: u16) {
        let (from, to) = (self.cell(from), self.cell(to));
        if from != to {
            self.push(What::Copy, to, [from, 0, 0]);
        }
    }

    /// A comparison that only a jump reads is part of it.
    fn in_jump(&self, when: u16) -> Option<(What, u16, u16)> {
        let Step { what, a, b, .. } = self.step(when).filter(|_| self.plan.is_read_once(when))?;
        let jump = match what {
            What::Less => What::UnlessLess,
            What::AtMost => What::UnlessAtMost,
            What::Equal => What::UnlessEqual,
            What::Different => What::UnlessDifferent,
            _ => return None,
        };
        Some((jump, a, b))
    }
}
