//! Instructions in their order, with jumps.

use super::blocks::{BlockItem, BlockTree, Select};
use super::interpreter::{Opcode, ScalarInstruction};
use std::collections::BTreeSet;

/// The sides of a choice are both worked out where that takes no more instructions than this: a jump that the processor
/// does not
/// foresee costs more.
const FEW: u32 = 3;

/// Instructions that fill the cells wanted; `None`: there are too many. `code` are as for [`BlockTree::new`].
pub(super) fn emit(
    code: &[ScalarInstruction],
    wanted: impl Iterator<Item = u16>,
    no: u16,
    yes: u16,
) -> Option<Vec<ScalarInstruction>> {
    let tree = BlockTree::new(code, wanted, no, yes);
    let jumps = jumps(&tree);
    let cells = cells(code, &tree, &jumps);
    let mut emitter = Emitter { code, tree, jumps, cells, jumped: BTreeSet::new(), out: Vec::new() };
    let jumping = emitter.tree.conditionals.iter().zip(&emitter.jumps).filter(|(_, jumps)| **jumps);
    let whens =
        jumping.map(|(conditional, _)| conditional.when).filter(|when| emitter.in_jump(*when).is_some());
    emitter.jumped = whens.collect();
    emitter.block(0);
    let mut out = emitter.out;
    u16::try_from(out.len()).ok()?;
    // A jump to a jump goes where that goes: all go forward.
    for at in (0..out.len()).rev() {
        let to = out
            .get(at)
            .filter(|instruction| is_jump(instruction.opcode))
            .map(|instruction| usize::from(instruction.to));
        let further = to
            .and_then(|to| out.get(to))
            .filter(|instruction| instruction.opcode == Opcode::Jump)
            .map(|instruction| instruction.to);
        if let (Some(further), Some(instruction)) = (further, out.get_mut(at)) {
            instruction.to = further;
        }
    }
    Some(out)
}

fn is_jump(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Jump
            | Opcode::Unless
            | Opcode::UnlessLess
            | Opcode::UnlessAtMost
            | Opcode::UnlessEqual
            | Opcode::UnlessDifferent
    )
}

/// For each choice whether it is made by a jump.
fn jumps(tree: &BlockTree) -> Vec<bool> {
    let mut costs = vec![0u32; tree.blocks.len()];
    let mut jumps = vec![false; tree.conditionals.len()];
    let cost = |costs: &[u32], at: usize| costs.get(at).copied().unwrap_or(0);
    // Blocks come after those around them.
    for (at, block) in tree.blocks.iter().enumerate().rev() {
        let mut sum = 0u32;
        for item in &block.items {
            let own = match item {
                BlockItem::Instruction(_) => 1,
                BlockItem::Conditional(at) => tree.conditionals.get(*at).map_or(0, |conditional| {
                    let sides = cost(&costs, conditional.yes).saturating_add(cost(&costs, conditional.no));
                    if let Some(jump) = jumps.get_mut(*at) {
                        *jump = sides > FEW;
                    }
                    let selects = u32::try_from(conditional.selects.len()).unwrap_or(u32::MAX);
                    sides.saturating_add(selects)
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

/// The cell for each instruction. What a side of a choice works out for it is put where the choice wants it.
fn cells(code: &[ScalarInstruction], tree: &BlockTree, jumps: &[bool]) -> Vec<u16> {
    let mut cells: Vec<u16> = code.iter().map(|instruction| instruction.to).collect();
    // From the outer to the inner ones.
    for (conditional, jumps) in tree.conditionals.iter().zip(jumps) {
        if !jumps {
            continue;
        }
        for Select { cell, yes, no } in &conditional.selects {
            let Some(place) = cells.get(usize::from(*cell)).copied() else { continue };
            for (side, block) in [(*yes, conditional.yes), (*no, conditional.no)] {
                let own =
                    code.get(usize::from(side)).is_some_and(|instruction| instruction.opcode != Opcode::Leaf);
                if let Some(cell) = cells.get_mut(usize::from(side))
                    && own
                    && *cell == side
                    && tree.block_of(side) == Some(block)
                {
                    *cell = place;
                }
            }
        }
    }
    cells
}

struct Emitter<'a> {
    code: &'a [ScalarInstruction],
    tree: BlockTree,
    jumps: Vec<bool>,
    cells: Vec<u16>,
    /// Comparisons that are made by jumps.
    jumped: BTreeSet<u16>,
    out: Vec<ScalarInstruction>,
}

impl Emitter<'_> {
    fn cell(&self, of: u16) -> u16 {
        self.cells.get(usize::from(of)).copied().unwrap_or(of)
    }

    fn instruction(&self, at: u16) -> Option<ScalarInstruction> {
        self.code.get(usize::from(at)).copied()
    }

    fn push(&mut self, opcode: Opcode, to: u16, [a, b, c]: [u16; 3]) {
        self.out.push(ScalarInstruction { opcode, to, a, b, c });
    }

    fn here(&self) -> u16 {
        u16::try_from(self.out.len()).unwrap_or(u16::MAX)
    }

    fn land(&mut self, jump: u16) {
        let here = self.here();
        if let Some(instruction) = self.out.get_mut(usize::from(jump)) {
            instruction.to = here;
        }
    }

    fn block(&mut self, at: usize) {
        let mut left = self.tree.blocks.get(at).map_or(0, |block| block.items.len());
        while left > 0 {
            left -= 1;
            match self.tree.blocks.get(at).and_then(|block| block.items.get(left)).copied() {
                Some(BlockItem::Instruction(instruction)) if !self.jumped.contains(&instruction) => {
                    if let Some(ScalarInstruction { opcode, to, a, b, c }) = self.instruction(instruction) {
                        let to = self.cell(to);
                        let args = match opcode {
                            Opcode::Choose => [self.cell(a), self.cell(b), self.cell(c)],
                            Opcode::Divide | Opcode::Table => [self.cell(a), b, c],
                            Opcode::Stated | Opcode::Odd => [a, b, c],
                            _ => [self.cell(a), self.cell(b), c],
                        };
                        self.push(opcode, to, args);
                    }
                }
                Some(BlockItem::Conditional(conditional)) => self.conditional(conditional),
                _ => {}
            }
        }
    }

    fn conditional(&mut self, at: usize) {
        let Some(conditional) = self.tree.conditionals.get(at) else { return };
        let (when, yes, no, selects) =
            (conditional.when, conditional.yes, conditional.no, conditional.selects.clone());
        if self.jumps.get(at) != Some(&true) {
            self.block(yes);
            self.block(no);
            for Select { cell, yes, no } in selects.into_iter().rev() {
                let args = [self.cell(when), self.cell(yes), self.cell(no)];
                self.push(Opcode::Choose, self.cell(cell), args);
            }
            return;
        }
        let unless = self.here();
        match self.in_jump(when) {
            Some((jump, a, b)) => self.push(jump, 0, [self.cell(a), self.cell(b), 0]),
            None => self.push(Opcode::Unless, 0, [self.cell(when), 0, 0]),
        }
        self.block(yes);
        selects.iter().for_each(|select| self.copy(select.yes, select.cell));
        let end = self.here();
        self.push(Opcode::Jump, 0, [0; 3]);
        self.land(unless);
        self.block(no);
        selects.iter().for_each(|select| self.copy(select.no, select.cell));
        self.land(end);
    }

    fn copy(&mut self, from: u16, to: u16) {
        let (from, to) = (self.cell(from), self.cell(to));
        if from != to {
            self.push(Opcode::Copy, to, [from, 0, 0]);
        }
    }

    /// A comparison that only a jump reads is part of it.
    fn in_jump(&self, when: u16) -> Option<(Opcode, u16, u16)> {
        let ScalarInstruction { opcode, a, b, .. } =
            self.instruction(when).filter(|_| self.tree.is_read_once(when))?;
        let jump = match opcode {
            Opcode::Less => Opcode::UnlessLess,
            Opcode::AtMost => Opcode::UnlessAtMost,
            Opcode::Equal => Opcode::UnlessEqual,
            Opcode::Different => Opcode::UnlessDifferent,
            _ => return None,
        };
        Some((jump, a, b))
    }
}
