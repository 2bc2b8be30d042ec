//! The operations of a program as steps.

use super::step::{Beside, Step, What};
use crate::batch::divide::Divider;
use crate::batch::graph::{Arg, Op, Relation};
use crate::batch::lanes::Cells as Table;
use crate::batch::machine::Program;
use std::collections::BTreeMap;

/// Makes the steps of a program: each register has the cell of its number, constants have those behind.
pub(super) struct Maker {
    pub steps: Vec<Step>,
    pub cells_of: Vec<u16>,
    pub constants: BTreeMap<i64, u16>,
    pub beside: Beside,
}

impl Maker {
    pub fn new(program: &Program) -> Option<Maker> {
        let mut maker = Maker {
            steps: Vec::new(),
            cells_of: Vec::new(),
            constants: BTreeMap::new(),
            beside: Beside { tables: program.tables().iter().map(long).collect(), divisors: Vec::new() },
        };
        for _ in 0..program.registers() {
            let at = maker.leaf()?;
            maker.cells_of.push(at);
        }
        Some(maker)
    }

    pub fn leaf(&mut self) -> Option<u16> {
        let to = u16::try_from(self.steps.len()).ok()?;
        self.steps.push(Step { what: What::Leaf, to, a: 0, b: 0, c: 0 });
        Some(to)
    }

    pub fn constant(&mut self, value: i64) -> Option<u16> {
        if let Some(at) = self.constants.get(&value) {
            return Some(*at);
        }
        let at = self.leaf()?;
        self.constants.insert(value, at);
        Some(at)
    }

    pub fn put(&mut self, reg: u32, (what, [a, b, c]): (What, [u16; 3])) {
        // What only changes the width is the same cell.
        if what == What::Copy {
            if let Some(cell) = self.cells_of.get_mut(reg as usize) {
                *cell = a;
            }
            return;
        }
        if let Some(step) = self.steps.get_mut(reg as usize) {
            *step = Step { what, a, b, c, ..*step };
        }
    }

    fn reg(&self, reg: u32) -> Option<u16> {
        self.cells_of.get(reg as usize).copied()
    }

    fn arg(&mut self, arg: Arg) -> Option<u16> {
        match arg {
            Arg::Reg(reg) => self.reg(reg),
            Arg::Const(value) => self.constant(i64::try_from(value).ok()?),
        }
    }

    pub fn step(&mut self, op: Op, divider: Option<Divider>) -> Option<(What, [u16; 3])> {
        let table = |at: u32| u16::try_from(at).ok();
        Some(match op {
            Op::Load(_) => return None,
            Op::Stated(column) => (What::Stated, [table(column)?, 0, 0]),
            Op::Odd(column) => (What::Odd, [table(column)?, 0, 0]),
            Op::Convert(of) => (What::Copy, [self.reg(of)?, 0, 0]),
            Op::Not(a) => (What::Not, [self.reg(a)?, 0, 0]),
            Op::And(a, b) => (What::And, [self.reg(a)?, self.reg(b)?, 0]),
            Op::Or(a, b) => (What::Or, [self.reg(a)?, self.reg(b)?, 0]),
            Op::Except(a, b) => (What::Except, [self.reg(a)?, self.reg(b)?, 0]),
            Op::Compare(relation, a, b) => {
                let what = match relation {
                    Relation::Less => What::Less,
                    Relation::AtMost => What::AtMost,
                    Relation::Equal => What::Equal,
                    Relation::Different => What::Different,
                };
                (what, [self.arg(a)?, self.arg(b)?, 0])
            }
            Op::Plus(a, b) => (What::Plus, [self.reg(a)?, self.arg(b)?, 0]),
            Op::Minus(a, b) => (What::Minus, [self.arg(a)?, self.arg(b)?, 0]),
            Op::Times(a, b) => (What::Times, [self.reg(a)?, self.arg(b)?, 0]),
            Op::Least(a, b) => (What::Least, [self.reg(a)?, self.arg(b)?, 0]),
            Op::Greatest(a, b) => (What::Greatest, [self.reg(a)?, self.arg(b)?, 0]),
            Op::Choose(when, a, b) => (What::Choose, [self.reg(when)?, self.arg(a)?, self.arg(b)?]),
            Op::Divide(of, divisor, mode) => {
                let at = u16::try_from(self.beside.divisors.len()).ok()?;
                self.beside.divisors.push((divisor, mode, divider));
                (What::Divide, [self.reg(of)?, at, 0])
            }
            Op::Table(key, at) => (What::Table, [self.reg(key)?, table(at)?, 0]),
            Op::Place(number, base, at) => {
                (What::Place, [self.reg(number)?, self.constant(base.into())?, table(at)?])
            }
        })
    }
}

fn long(cells: &Table) -> Vec<i64> {
    match cells {
        Table::Bit(list) => list.iter().map(|bit| i64::from(*bit)).collect(),
        Table::Key(list) => list.iter().map(|key| i64::from(*key)).collect(),
        Table::Int32(list) => list.iter().map(|value| i64::from(*value)).collect(),
        Table::Int64(list) => list.clone(),
        Table::Int128(_) => Vec::new(),
    }
}
