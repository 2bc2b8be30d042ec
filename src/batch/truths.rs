//! Truth values in a column program.

use super::graph::{Arg, Graph, VectorOp};
use super::lanes::LaneType;

impl Graph {
    pub fn bit(&mut self, op: VectorOp) -> Arg {
        self.push(op, LaneType::Bit, (0, 1))
    }

    pub fn not(&mut self, a: Arg) -> Arg {
        match a {
            Arg::Const(value) => Arg::bit(value == 0),
            Arg::Reg(reg) => match self.register(reg).map(|register| register.op) {
                Some(VectorOp::Not(of)) => Arg::Reg(of),
                _ => self.bit(VectorOp::Not(reg)),
            },
        }
    }

    pub fn and(&mut self, a: Arg, b: Arg) -> Arg {
        match (a, b) {
            (Arg::FALSE, _) | (_, Arg::FALSE) => Arg::FALSE,
            (Arg::Const(_), other) | (other, Arg::Const(_)) => other,
            (Arg::Reg(a), Arg::Reg(b)) if a == b => Arg::Reg(a),
            (Arg::Reg(a), Arg::Reg(b)) => match (self.negated(a), self.negated(b)) {
                (Some(a), None) => self.bit(VectorOp::Except(b, a)),
                (None, Some(b)) => self.bit(VectorOp::Except(a, b)),
                _ => self.bit(VectorOp::And(a.min(b), a.max(b))),
            },
        }
    }

    pub fn or(&mut self, a: Arg, b: Arg) -> Arg {
        match (a, b) {
            (Arg::FALSE, other) | (other, Arg::FALSE) => other,
            (Arg::Const(_), _) | (_, Arg::Const(_)) => Arg::TRUE,
            (Arg::Reg(a), Arg::Reg(b)) if a == b => Arg::Reg(a),
            (Arg::Reg(a), Arg::Reg(b)) => self.bit(VectorOp::Or(a.min(b), a.max(b))),
        }
    }

    pub fn except(&mut self, a: Arg, b: Arg) -> Arg {
        match (a, b) {
            (Arg::FALSE, _) => Arg::FALSE,
            (_, Arg::Const(value)) => {
                if value == 0 {
                    a
                } else {
                    Arg::FALSE
                }
            }
            (Arg::Const(_), b) => self.not(b),
            (Arg::Reg(a), Arg::Reg(b)) if a == b => Arg::FALSE,
            (Arg::Reg(a), Arg::Reg(b)) => match self.negated(b) {
                Some(b) => self.and(Arg::Reg(a), Arg::Reg(b)),
                None => self.bit(VectorOp::Except(a, b)),
            },
        }
    }

    fn negated(&self, reg: u32) -> Option<u32> {
        match self.register(reg)?.op {
            VectorOp::Not(of) => Some(of),
            _ => None,
        }
    }

    pub fn choose_bit(&mut self, when: Arg, yes: Arg, no: Arg) -> Arg {
        if yes == no {
            return yes;
        }
        match (yes, no) {
            (Arg::TRUE, no) => self.or(when, no),
            (Arg::FALSE, no) => self.except(no, when),
            (yes, Arg::FALSE) => self.and(when, yes),
            (yes, Arg::TRUE) => {
                let not = self.not(when);
                self.or(yes, not)
            }
            (yes, no) => {
                let (yes, no) = (self.and(when, yes), self.except(no, when));
                self.or(yes, no)
            }
        }
    }
}
