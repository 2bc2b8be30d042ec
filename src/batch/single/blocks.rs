//! Which steps are jumped over. A step whose result is read on one side of choices only goes to that side: what a row does
//! not need is not worked out for it.

use super::step::{Step, What};
use std::collections::BTreeMap;

/// A stretch of steps that is gone through from its first to its last, or not at all.
#[derive(Debug, Default)]
pub(super) struct Block {
    parent: usize,
    /// Of its choice among the items of the parent.
    place: usize,
    depth: u32,
    /// From the last to the first.
    pub items: Vec<Item>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    Step(u16),
    Choice(usize),
}

/// Choices by one condition that are made at one place.
#[derive(Debug)]
pub(super) struct Choice {
    pub when: u16,
    place: usize,
    /// The blocks of its sides.
    pub yes: usize,
    pub no: usize,
    pub made: Vec<Chosen>,
}

/// `cell` becomes `yes` or `no`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chosen {
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
pub(super) struct Plan {
    /// The first of them is the whole.
    pub blocks: Vec<Block>,
    pub choices: Vec<Choice>,
    /// For each step where it stands; none: nobody needs it.
    read: Vec<Option<Site>>,
    /// How many steps and choices read it.
    reads: Vec<u32>,
}

/// Behind all items.
const END: usize = usize::MAX;

/// Blocks within each other: whatever goes through them does so by recursion.
const DEEP: u32 = 128;

impl Plan {
    /// Of steps that come after those that they read, each with its own number as its cell; for all that is wanted.
    pub fn new(steps: &[Step], wanted: impl Iterator<Item = u16>, no: u16, yes: u16) -> Plan {
        let mut plan = Plan {
            blocks: vec![Block::default()],
            choices: Vec::new(),
            read: vec![None; steps.len()],
            reads: vec![0; steps.len()],
        };
        let mut open: BTreeMap<(u16, usize), usize> = BTreeMap::new();
        for cell in wanted {
            plan.reads(cell, Site { block: 0, place: END });
        }
        for (place, step) in steps.iter().enumerate().rev() {
            let Some(Some(site)) = plan.read.get(place).copied() else { continue };
            let depth = plan.blocks.get(site.block).map_or(DEEP, |block| block.depth);
            let choice = match choice(steps, step, no, yes) {
                Some(choice) if depth < DEEP => choice,
                _ => {
                    if step.what != What::Leaf {
                        plan.add(site.block, Item::Step(step.to));
                    }
                    for cell in operands(step) {
                        plan.reads(cell, Site { place, ..site });
                    }
                    continue;
                }
            };
            let (when, chosen) = choice;
            // It can wait for a choice that comes later, unless it is read before that.
            let same = open.get(&(when, site.block)).copied();
            let same = same.filter(|at| plan.choices.get(*at).is_some_and(|one| one.place < site.place));
            let at = same.unwrap_or_else(|| {
                open.insert((when, site.block), plan.choices.len());
                plan.choice(when, Site { place, ..site }, depth)
            });
            if let Some(choice) = plan.choices.get_mut(at) {
                choice.made.push(chosen);
                let (in_yes, in_no) = (choice.yes, choice.no);
                plan.reads(chosen.yes, Site { block: in_yes, place: END });
                plan.reads(chosen.no, Site { block: in_no, place: END });
            }
        }
        plan
    }

    /// The block in which a step stands.
    pub fn block_of(&self, step: u16) -> Option<usize> {
        self.read.get(usize::from(step)).copied().flatten().map(|site| site.block)
    }

    pub fn is_read_once(&self, step: u16) -> bool {
        self.reads.get(usize::from(step)) == Some(&1)
    }

    fn add(&mut self, block: usize, item: Item) {
        if let Some(block) = self.blocks.get_mut(block) {
            block.items.push(item);
        }
    }

    fn choice(&mut self, when: u16, site: Site, depth: u32) -> usize {
        let at = self.choices.len();
        let (yes, no) = (self.blocks.len(), self.blocks.len().saturating_add(1));
        for _ in [yes, no] {
            let depth = depth.saturating_add(1);
            self.blocks.push(Block { parent: site.block, place: site.place, depth, items: Vec::new() });
        }
        self.choices.push(Choice { when, place: site.place, yes, no, made: Vec::new() });
        self.add(site.block, Item::Choice(at));
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

/// A step as a choice.
fn choice(steps: &[Step], step: &Step, no: u16, yes: u16) -> Option<(u16, Chosen)> {
    let Step { to: cell, a, b, c, .. } = *step;
    let (mut when, mut chosen) = match step.what {
        What::Choose => (a, Chosen { cell, yes: b, no: c }),
        What::And => (a, Chosen { cell, yes: b, no }),
        What::Or => (a, Chosen { cell, yes, no: b }),
        What::Except => (b, Chosen { cell, yes: no, no: a }),
        _ => return None,
    };
    while let Some(Step { what: What::Not, a, .. }) = steps.get(usize::from(when)) {
        when = *a;
        (chosen.yes, chosen.no) = (chosen.no, chosen.yes);
    }
    Some((when, chosen))
}

/// The cells that a step reads.
fn operands(step: &Step) -> impl Iterator<Item = u16> {
    let count = match step.what {
        What::Leaf | What::Stated | What::Odd | What::Jump => 0,
        What::Copy | What::Not | What::Divide | What::Table | What::Unless => 1,
        What::And | What::Or | What::Except => 2,
        What::Less | What::AtMost | What::Equal | What::Different => 2,
        What::Plus | What::Minus | What::Times | What::Least | What::Greatest | What::Place => 2,
        What::UnlessLess | What::UnlessAtMost | What::UnlessEqual | What::UnlessDifferent => 2,
        What::Choose => 3,
    };
    [step.a, step.b, step.c].into_iter().take(count)
}
