//! The question of `stack15.comity` as somebody would write it in Rust who has nothing else to do: one loop over the columns.

use crate::rows::{Piece, Read};

/// The answers: rates in 1/10,000, cents, and which rule decided.
#[derive(Default)]
pub struct Out {
    pub additional: Vec<i64>,
    pub duty: Vec<i64>,
    pub rule: Vec<u32>,
}

/// The number that [`additional`] gives a rule of the policy.
pub fn rule(rule: u32, branch: u32) -> u32 {
    match (rule, branch) {
        (0, branch) => branch,
        (rule, _) => rule + 2,
    }
}

#[inline(always)]
fn top_up(from: i64, to: i64) -> i64 {
    (to - from).max(0)
}

#[inline(always)]
fn additional(read: &Read, row: usize) -> (i64, u32) {
    let (column1, entered) = (read.column1[row], read.entered[row]);
    // 2028-07-01, 2025-08-07
    if entered >= 21_366 {
        (2500, 7)
    } else if entered < 20_307 {
        (2500, 6)
    } else if read.civil_aircraft[row] {
        (0, 5)
    } else if entered > read.deadline[row] && read.disbursed[row] < read.pledged[row] {
        (top_up(column1, 2500), 4)
    } else {
        match read.sector[row] {
            1 => (top_up(column1, 1500), 3),
            2 => (top_up(column1, 1500).min(2500), 0),
            3 => (top_up(column1, 1500).min(1000), 1),
            _ => (top_up(column1, 1500), 2),
        }
    }
}

fn room(out: &mut Out, rows: usize) {
    out.additional.resize(rows, 0);
    out.duty.resize(rows, 0);
    out.rule.resize(rows, 0);
}

/// One row.
#[inline(never)]
pub fn one(read: &Read, row: usize) -> (i64, i64, u32) {
    let (rate, rule) = additional(read, row);
    let exact = read.value[row] * (read.column1[row] + rate);
    let (whole, rest) = (exact / 10_000, exact % 10_000);
    (rate, whole + i64::from(rest + (whole & 1) > 5_000), rule)
}

pub fn fused_64(piece: &Piece, out: &mut Out) {
    let read = piece.read();
    let rows = piece.columns.rows;
    room(out, rows);
    for row in 0..rows {
        let (rate, rule) = additional(&read, row);
        let exact = read.value[row] * (read.column1[row] + rate);
        let (whole, rest) = (exact / 10_000, exact % 10_000);
        out.additional[row] = rate;
        out.rule[row] = rule;
        out.duty[row] = whole + i64::from(rest + (whole & 1) > 5_000);
    }
}

pub fn fused_128(piece: &Piece, out: &mut Out) {
    let read = piece.read();
    let rows = piece.columns.rows;
    room(out, rows);
    for row in 0..rows {
        let (rate, rule) = additional(&read, row);
        let exact = i128::from(read.value[row]) * i128::from(read.column1[row] + rate);
        let (whole, rest) = (exact / 10_000, exact % 10_000);
        out.additional[row] = rate;
        out.rule[row] = rule;
        out.duty[row] = (whole + i128::from(rest + (whole & 1) > 5_000)) as i64;
    }
}
