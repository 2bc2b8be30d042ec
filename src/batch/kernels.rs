//! The loops. Each is compiled for what the processor at hand can do (`pulp`), so that many cells go at once.

use super::divide::{self, Divider};
use super::graph::Relation;
use super::lanes::{Element, StaticRounding, Whole};
use pulp::{Arch, Simd, WithSimd};

/// An operand: a cell for each row, or one for all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand<'a, T> {
    Each(&'a [T]),
    All(T),
}

struct UnaryLoop<'a, O, A, F>(&'a mut [O], &'a [A], F);

impl<O, A: Copy, F: Fn(A) -> O> WithSimd for UnaryLoop<'_, O, A, F> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (out, a) in self.0.iter_mut().zip(self.1) {
            *out = (self.2)(*a);
        }
    }
}

struct BinaryLoop<'a, O, A, B, F>(&'a mut [O], &'a [A], &'a [B], F);

impl<O, A: Copy, B: Copy, F: Fn(A, B) -> O> WithSimd for BinaryLoop<'_, O, A, B, F> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for ((out, a), b) in self.0.iter_mut().zip(self.1).zip(self.2) {
            *out = (self.3)(*a, *b);
        }
    }
}

struct TernaryLoop<'a, O, A, B, C, F>(&'a mut [O], &'a [A], &'a [B], &'a [C], F);

impl<O, A: Copy, B: Copy, C: Copy, F: Fn(A, B, C) -> O> WithSimd for TernaryLoop<'_, O, A, B, C, F> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (((out, a), b), c) in self.0.iter_mut().zip(self.1).zip(self.2).zip(self.3) {
            *out = (self.4)(*a, *b, *c);
        }
    }
}

/// Whether every operand has a cell for each row written.
fn fits<O, A>(out: &[O], a: &[A]) -> Option<()> {
    (out.len() == a.len()).then_some(())
}

/// `out = f(a)`; `None` here and below: an operand is not there.
#[inline(always)]
pub(super) fn unary<O, A: Copy>(arch: Arch, out: &mut [O], a: &[A], f: impl Fn(A) -> O) -> Option<()> {
    fits(out, a)?;
    arch.dispatch(UnaryLoop(out, a, f));
    Some(())
}

#[inline(always)]
pub(super) fn binary<O, A: Copy, B: Copy>(
    arch: Arch,
    out: &mut [O],
    a: &[A],
    b: &[B],
    f: impl Fn(A, B) -> O,
) -> Option<()> {
    fits(out, a)?;
    fits(out, b)?;
    arch.dispatch(BinaryLoop(out, a, b, f));
    Some(())
}

#[inline(always)]
fn ternary<O, A: Copy, B: Copy, C: Copy>(
    arch: Arch,
    out: &mut [O],
    (a, b, c): (&[A], &[B], &[C]),
    f: impl Fn(A, B, C) -> O,
) -> Option<()> {
    fits(out, a)?;
    fits(out, b)?;
    fits(out, c)?;
    arch.dispatch(TernaryLoop(out, a, b, c, f));
    Some(())
}

/// Two operands, of which one at least has a cell for each row; the other is broadcast.
#[inline(always)]
pub(super) fn broadcast<O, T: Copy>(
    arch: Arch,
    out: &mut [O],
    a: Operand<'_, T>,
    b: Operand<'_, T>,
    f: impl Fn(T, T) -> O,
) -> Option<()> {
    match (a, b) {
        (Operand::Each(a), Operand::Each(b)) => binary(arch, out, a, b, f),
        (Operand::Each(a), Operand::All(b)) => unary(arch, out, a, |a| f(a, b)),
        (Operand::All(a), Operand::Each(b)) => unary(arch, out, b, |b| f(a, b)),
        (Operand::All(_), Operand::All(_)) => None,
    }
}

pub(super) fn compare<T: Element>(
    arch: Arch,
    out: &mut [bool],
    relation: Relation,
    a: Operand<'_, T>,
    b: Operand<'_, T>,
) -> Option<()> {
    match relation {
        Relation::Less => broadcast(arch, out, a, b, |a, b| a < b),
        Relation::AtMost => broadcast(arch, out, a, b, |a, b| a <= b),
        Relation::Equal => broadcast(arch, out, a, b, |a, b| a == b),
        Relation::Different => broadcast(arch, out, a, b, |a, b| a != b),
    }
}

pub(super) fn choose<T: Element>(
    arch: Arch,
    out: &mut [T],
    when: &[bool],
    yes: Operand<'_, T>,
    no: Operand<'_, T>,
) -> Option<()> {
    match (yes, no) {
        (Operand::Each(yes), Operand::Each(no)) => ternary(arch, out, (when, yes, no), T::blend),
        (Operand::Each(yes), Operand::All(no)) => {
            binary(arch, out, when, yes, |when, yes| T::blend(when, yes, no))
        }
        (Operand::All(yes), Operand::Each(no)) => {
            binary(arch, out, when, no, |when, no| T::blend(when, yes, no))
        }
        (Operand::All(yes), Operand::All(no)) => unary(arch, out, when, |when| T::blend(when, yes, no)),
    }
}

/// Magnitudes divided, signs kept.
pub(super) fn divide_long<M: StaticRounding>(
    arch: Arch,
    out: &mut [i64],
    a: &[i64],
    by: Divider,
) -> Option<()> {
    let put = |value: i64, times: u64, rest: u64, divisor: u64| {
        let times = times + u64::from(M::up(times, rest, divisor - rest));
        let sign = value >> 63;
        (times as i64 ^ sign).wrapping_sub(sign)
    };
    match by {
        Divider::Short { digit, magic, shift, divisor } => unary(arch, out, a, |value| {
            let (times, rest) = divide::short(value.unsigned_abs(), digit, magic, shift, divisor);
            put(value, times, rest, divisor.into())
        }),
        Divider::Long { magic, shift, divisor } => unary(arch, out, a, |value| {
            let (times, rest) = divide::long(value.unsigned_abs(), magic, shift, divisor);
            put(value, times, rest, divisor)
        }),
    }
}

pub(super) fn divide_wide(
    out: &mut [i128],
    a: &[i128],
    divisor: i128,
    mode: super::graph::RoundingMode,
) -> Option<()> {
    fits(out, a)?;
    for (out, a) in out.iter_mut().zip(a) {
        // What does not fit was proved not to be.
        *out = super::graph::quotient(*a, divisor, mode).unwrap_or(0);
    }
    Some(())
}

/// What a table of truth values has, packed into the bits of one word.
pub(super) fn bits(arch: Arch, out: &mut [bool], keys: &[u32], word: u32) -> Option<()> {
    unary(arch, out, keys, |key| word.wrapping_shr(key) & 1 != 0)
}

pub(super) fn table<T: Copy + Default>(out: &mut [T], keys: &[u32], table: &[T]) -> Option<()> {
    fits(out, keys)?;
    for (out, key) in out.iter_mut().zip(keys) {
        *out = table.get(*key as usize).copied().unwrap_or_default();
    }
    Some(())
}

pub(super) fn place<T: Copy>(out: &mut [T], numbers: &[i32], base: i32, table: &[T]) -> Option<()> {
    fits(out, numbers)?;
    let last = table.len().checked_sub(1)?;
    let default = *table.last()?;
    for (out, number) in out.iter_mut().zip(numbers) {
        let at = (i64::from(*number) - i64::from(base)).max(0) as usize;
        *out = table.get(at.min(last)).copied().unwrap_or(default);
    }
    Some(())
}

pub(super) fn arithmetic<T: Whole>(
    arch: Arch,
    out: &mut [T],
    op: Arithmetic,
    a: Operand<'_, T>,
    b: Operand<'_, T>,
) -> Option<()> {
    match op {
        Arithmetic::Plus => broadcast(arch, out, a, b, T::plus),
        Arithmetic::Minus => broadcast(arch, out, a, b, T::minus),
        Arithmetic::Times => broadcast(arch, out, a, b, T::times),
        Arithmetic::Least => broadcast(arch, out, a, b, |a, b| if a < b { a } else { b }),
        Arithmetic::Greatest => broadcast(arch, out, a, b, |a, b| if a > b { a } else { b }),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Plus,
    Minus,
    Times,
    Least,
    Greatest,
}
