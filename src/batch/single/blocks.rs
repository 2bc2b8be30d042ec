//! Which instructions are jumped over. An instruction whose result is read on one side of choices only goes to that
//! side: what a row does
//! not need is not worked out for it.

use super::interpreter::{Opcode, ScalarInstruction};
use std::collections::BTreeMap;

/// A stretch of instructions that is gone through from its first to its last, or not at all.
#[derive(Debug, Default)]
pub(super) struct Block {
    parent: usize,
    /// Of its choice among the items of the parent.
    place: usize,
    depth: u32,
    /// From the last to the first.
    pub items: Vec<BlockItem>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum BlockItem {
    Instruction(u16),
    Conditional(usize),
}

/// Choices by one condition that are made at one place.
#[derive(Debug)]
pub(super) struct Conditional {
    pub when: u16,
    place: usize,
    /// The blocks of its sides.
    pub yes: usize,
    pub no: usize,
    pub selects: Vec<Select>,
}

/// `cell` becomes `yes` or `no`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Select {
    pub cell: u16,
    pub yes: u16,
    pub no: u16,
}

/// Where something is read: in a block, by its item of that place.
#[derive(Clone, Copy, Debug)]
struct Site {
    block: usize,
    place: usize,
}

#[derive(Debug)]
pub(super) struct BlockTree {
    /// The first of them is the whole.
    pub blocks: Vec<Block>,
    pub conditionals: Vec<Conditional>,
    /// For each instruction where it stands; none: nobody needs it.
    read: Vec<Option<Site>>,
    /// How many instructions and choices read it.
    reads: Vec<u32>,
}

/// Behind all items.
const END: usize = usize::MAX;

/// Blocks within each other: whatever goes through them does so by recursion.
const DEEP: u32 = 128;

impl BlockTree {
    /// Of instructions that come after those that they read, each with its own number as its cell; for all that is
    /// wanted.
    pub fn new(
        code: &[ScalarInstruction],
        wanted: impl Iterator<Item = u16>,
        no: u16,
        yes: u16,
    ) -> BlockTree {
        let mut tree = BlockTree {
            blocks: vec![Block::default()],
            conditionals: Vec::new(),
            read: vec![None; code.len()],
            reads: vec![0; code.len()],
        };
        let mut open: BTreeMap<(u16, usize), usize> = BTreeMap::new();
        for cell in wanted {
            tree.reads(cell, Site { block: 0, place: END });
        }
        for (place, instruction) in code.iter().enumerate().rev() {
            let Some(Some(site)) = tree.read.get(place).copied() else { continue };
            let depth = tree.blocks.get(site.block).map_or(DEEP, |block| block.depth);
            let conditional = match conditional(code, instruction, no, yes) {
                Some(conditional) if depth < DEEP => conditional,
                _ => {
                    if instruction.opcode != Opcode::Leaf {
                        tree.add(site.block, BlockItem::Instruction(instruction.to));
                    }
                    for cell in operands(instruction) {
                        tree.reads(cell, Site { place, ..site });
                    }
                    continue;
                }
            };
            let (when, select) = conditional;
            // It can wait for a choice that comes later, unless it is read before that.
            let same = open.get(&(when, site.block)).copied();
            let same = same.filter(|at| tree.conditionals.get(*at).is_some_and(|one| one.place < site.place));
            let at = same.unwrap_or_else(|| {
                open.insert((when, site.block), tree.conditionals.len());
                tree.conditional(when, Site { place, ..site }, depth)
            });
            if let Some(conditional) = tree.conditionals.get_mut(at) {
                conditional.selects.push(select);
                let (in_yes, in_no) = (conditional.yes, conditional.no);
                tree.reads(select.yes, Site { block: in_yes, place: END });
                tree.reads(select.no, Site { block: in_no, place: END });
            }
        }
        tree
    }

    /// The block in which an instruction stands.
    pub fn block_of(&self, instruction: u16) -> Option<usize> {
        self.read.get(usize::from(instruction)).copied().flatten().map(|site| site.block)
    }

    pub fn is_read_once(&self, instruction: u16) -> bool {
        self.reads.get(usize::from(instruction)) == Some(&1)
    }

    fn add(&mut self, block: usize, item: BlockItem) {
        if let Some(block) = self.blocks.get_mut(block) {
            block.items.push(item);
        }
    }

    fn conditional(&mut self, when: u16, site: Site, depth: u32) -> usize {
        let at = self.conditionals.len();
        let (yes, no) = (self.blocks.len(), self.blocks.len().saturating_add(1));
        for _ in [yes, no] {
            let depth = depth.saturating_add(1);
            self.blocks.push(Block { parent: site.block, place: site.place, depth, items: Vec::new() });
        }
        self.conditionals.push(Conditional { when, place: site.place, yes, no, selects: Vec::new() });
        self.add(site.block, BlockItem::Conditional(at));
        self.reads(when, site);
        at
    }

    fn reads(&mut self, cell: u16, site: Site) {
        let at = usize::from(cell);
        let site = match self.read.get(at) {
            Some(Some(other)) => self.meet(site, *other),
            _ => site,
        };
        if let (Some(read), Some(reads)) = (self.read.get_mut(at), self.reads.get_mut(at)) {
            *read = Some(site);
            *reads = reads.saturating_add(1);
        }
    }

    /// The innermost block around both, and the first of the two there. Blocks come after those around them.
    fn meet(&self, mut a: Site, mut b: Site) -> Site {
        while a.block != b.block {
            if a.block > b.block {
                a = self.around(a);
            } else {
                b = self.around(b);
            }
        }
        Site { block: a.block, place: a.place.min(b.place) }
    }

    fn around(&self, site: Site) -> Site {
        let block = self.blocks.get(site.block);
        block.map_or(Site { block: 0, place: 0 }, |block| Site { block: block.parent, place: block.place })
    }
}

/// An instruction as a choice.
fn conditional(
    code: &[ScalarInstruction],
    instruction: &ScalarInstruction,
    no: u16,
    yes: u16,
) -> Option<(u16, Select)> {
    let ScalarInstruction { to: cell, a, b, c, .. } = *instruction;
    let (mut when, mut select) = match instruction.opcode {
        Opcode::Choose => (a, Select { cell, yes: b, no: c }),
        Opcode::And => (a, Select { cell, yes: b, no }),
        Opcode::Or => (a, Select { cell, yes, no: b }),
        Opcode::Except => (b, Select { cell, yes: no, no: a }),
        _ => return None,
    };
    while let Some(ScalarInstruction { opcode: Opcode::Not, a, .. }) = code.get(usize::from(when)) {
        when = *a;
        (select.yes, select.no) = (select.no, select.yes);
    }
    Some((when, select))
}

/// The cells that an instruction reads.
fn operands(instruction: &ScalarInstruction) -> impl Iterator<Item = u16> {
    let count = match instruction.opcode {
        Opcode::Leaf | Opcode::Stated | Opcode::Odd | Opcode::Jump => 0,
        Opcode::Copy | Opcode::Not | Opcode::Divide | Opcode::Table | Opcode::Unless => 1,
        Opcode::And | Opcode::Or | Opcode::Except => 2,
        Opcode::Less | Opcode::AtMost | Opcode::Equal | Opcode::Different => 2,
        Opcode::Plus | Opcode::Minus | Opcode::Times | Opcode::Least | Opcode::Greatest => 2,
        Opcode::Ratio | Opcode::Place => 2,
        Opcode::UnlessLess | Opcode::UnlessAtMost | Opcode::UnlessEqual | Opcode::UnlessDifferent => 2,
        Opcode::Choose => 3,
    };
    [instruction.a, instruction.b, instruction.c].into_iter().take(count)
}
