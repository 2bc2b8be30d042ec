//! The operations of a program as instructions.

use super::interpreter::{ConstantPool, Opcode, ScalarInstruction};
use crate::batch::divide::Divider;
use crate::batch::graph::{Arg, Relation, VectorOp};
use crate::batch::lanes::Buffer;
use crate::batch::machine::Program;
use std::collections::BTreeMap;

/// Makes the instructions of a program: each register has the cell of its number, constants have those behind.
pub(super) struct Lowering {
    pub code: Vec<ScalarInstruction>,
    pub cells_of: Vec<u16>,
    pub constants: BTreeMap<i64, u16>,
    pub pool: ConstantPool,
}

impl Lowering {
    pub fn new(program: &Program) -> Option<Lowering> {
        let mut lowering = Lowering {
            code: Vec::new(),
            cells_of: Vec::new(),
            constants: BTreeMap::new(),
            pool: ConstantPool {
                tables: program.tables().iter().map(long).collect(),
                ..ConstantPool::default()
            },
        };
        for _ in 0..program.registers() {
            let at = lowering.leaf()?;
            lowering.cells_of.push(at);
        }
        Some(lowering)
    }

    pub fn leaf(&mut self) -> Option<u16> {
        let to = u16::try_from(self.code.len()).ok()?;
        self.code.push(ScalarInstruction { opcode: Opcode::Leaf, to, a: 0, b: 0, c: 0 });
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

    pub fn put(&mut self, reg: u32, (opcode, [a, b, c]): (Opcode, [u16; 3])) {
        // What only changes the width is the same cell.
        if opcode == Opcode::Copy {
            if let Some(cell) = self.cells_of.get_mut(reg as usize) {
                *cell = a;
            }
            return;
        }
        if let Some(instruction) = self.code.get_mut(reg as usize) {
            *instruction = ScalarInstruction { opcode, a, b, c, ..*instruction };
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

    pub fn instruction(&mut self, op: VectorOp, divider: Option<Divider>) -> Option<(Opcode, [u16; 3])> {
        let table = |at: u32| u16::try_from(at).ok();
        Some(match op {
            VectorOp::Load(_) => return None,
            VectorOp::Stated(column) => (Opcode::Stated, [table(column)?, 0, 0]),
            VectorOp::Odd(column) => (Opcode::Odd, [table(column)?, 0, 0]),
            VectorOp::Convert(of) => (Opcode::Copy, [self.reg(of)?, 0, 0]),
            VectorOp::Not(a) => (Opcode::Not, [self.reg(a)?, 0, 0]),
            VectorOp::And(a, b) => (Opcode::And, [self.reg(a)?, self.reg(b)?, 0]),
            VectorOp::Or(a, b) => (Opcode::Or, [self.reg(a)?, self.reg(b)?, 0]),
            VectorOp::Except(a, b) => (Opcode::Except, [self.reg(a)?, self.reg(b)?, 0]),
            VectorOp::Compare(relation, a, b) => {
                let opcode = match relation {
                    Relation::Less => Opcode::Less,
                    Relation::AtMost => Opcode::AtMost,
                    Relation::Equal => Opcode::Equal,
                    Relation::Different => Opcode::Different,
                };
                (opcode, [self.arg(a)?, self.arg(b)?, 0])
            }
            VectorOp::Plus(a, b) => (Opcode::Plus, [self.reg(a)?, self.arg(b)?, 0]),
            VectorOp::Minus(a, b) => (Opcode::Minus, [self.arg(a)?, self.arg(b)?, 0]),
            VectorOp::Times(a, b) => (Opcode::Times, [self.reg(a)?, self.arg(b)?, 0]),
            VectorOp::Least(a, b) => (Opcode::Least, [self.reg(a)?, self.arg(b)?, 0]),
            VectorOp::Greatest(a, b) => (Opcode::Greatest, [self.reg(a)?, self.arg(b)?, 0]),
            VectorOp::Choose(when, a, b) => (Opcode::Choose, [self.reg(when)?, self.arg(a)?, self.arg(b)?]),
            VectorOp::Divide(of, divisor, mode) => {
                let at = u16::try_from(self.pool.divisors.len()).ok()?;
                self.pool.divisors.push((divisor, mode, divider));
                (Opcode::Divide, [self.reg(of)?, at, 0])
            }
            VectorOp::Ratio(a, by, mode) => {
                let at = u16::try_from(self.pool.modes.len()).ok()?;
                self.pool.modes.push(mode);
                (Opcode::Ratio, [self.arg(a)?, self.reg(by)?, at])
            }
            VectorOp::Table(key, at) => (Opcode::Table, [self.reg(key)?, table(at)?, 0]),
            VectorOp::Place(number, base, at) => {
                (Opcode::Place, [self.reg(number)?, self.constant(base.into())?, table(at)?])
            }
        })
    }
}

fn long(cells: &Buffer) -> Vec<i64> {
    match cells {
        Buffer::Bit(list) => list.iter().map(|bit| i64::from(*bit)).collect(),
        Buffer::Key(list) => list.iter().map(|key| i64::from(*key)).collect(),
        Buffer::Int32(list) => list.iter().map(|value| i64::from(*value)).collect(),
        Buffer::Int64(list) => list.clone(),
        Buffer::Int128(_) => Vec::new(),
    }
}
