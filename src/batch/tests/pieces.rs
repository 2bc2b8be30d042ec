//! A table cut into pieces anywhere is answered as the whole of it, and as `run` does.

use super::{OF_TABLES, agrees, outcomes_of, stated, tables};
use crate::batch::{Batch, ColumnValues, Columns, FieldColumn};
use crate::effort;
use crate::generator::Dice;
use crate::worlds::world;
use std::collections::BTreeMap;
use std::ops::Range;

fn cut(column: &FieldColumn, rows: Range<usize>) -> FieldColumn {
    let words = |list: &[u32]| list[rows.clone()].to_vec();
    let values = match &column.values {
        ColumnValues::Bool(list) => ColumnValues::Bool(list[rows.clone()].to_vec()),
        ColumnValues::Scaled { values, scale } => {
            ColumnValues::Scaled { values: values[rows.clone()].to_vec(), scale: *scale }
        }
        ColumnValues::Wide { values, scale } => {
            ColumnValues::Wide { values: values[rows.clone()].to_vec(), scale: *scale }
        }
        ColumnValues::Exact(list) => ColumnValues::Exact(list[rows.clone()].to_vec()),
        ColumnValues::Days(list) => ColumnValues::Days(list[rows.clone()].to_vec()),
        ColumnValues::Durations(list) => ColumnValues::Durations(list[rows.clone()].to_vec()),
        ColumnValues::Words { dictionary, keys } => {
            ColumnValues::Words { dictionary: dictionary.clone(), keys: words(keys) }
        }
    };
    let inside = |row: &u32| rows.contains(&(*row as usize));
    let odd = column.odd.iter().filter(|(row, _)| inside(row));
    let odd: BTreeMap<_, _> = odd.map(|(row, odd)| (*row - rows.start as u32, odd.clone())).collect();
    FieldColumn { values, stated: column.stated.as_ref().map(|stated| stated[rows.clone()].to_vec()), odd }
}

pub(crate) fn piece(all: &Columns, rows: Range<usize>) -> Columns {
    let columns = all.columns.iter().map(|(field, column)| (*field, cut(column, rows.clone())));
    Columns { rows: rows.len(), columns: columns.collect() }
}

#[test]
fn any_pieces_of_a_table_are_answered_as_the_whole() {
    let (mut cuts, mut whole) = (0, 0);
    for seed in 0..effort::times(150, 40_000) {
        let mut dice = Dice::new(seed);
        let Some((made, policy)) = world(&mut dice, OF_TABLES) else { continue };
        let facts = stated(&mut dice, &made, &policy);
        let count = dice.below(30) as usize + 2;
        let rows = tables::rows(&mut dice, &policy, count);
        let asked = tables::asked(&mut dice);
        let outcomes = outcomes_of(&policy);
        let entity = policy.entity("entry").unwrap();
        let name = format!("seed {seed}\n{}\n", made.policy);
        let (all, _) = agrees(&policy, &facts, &outcomes, &rows, asked, &name);
        let batch = Batch::new(&policy, &facts, entity, &outcomes, asked).unwrap();
        if !batch.in_pieces() {
            whole += 1;
            continue;
        }
        cuts += 1;
        let mut start = 0;
        while start < count {
            let end = count.min(start + 1 + dice.below(9) as usize);
            let part = batch.evaluate(&piece(&rows, start..end));
            for (one, other) in part.outcomes.iter().zip(&all.outcomes) {
                for row in start..end {
                    let here = || format!("{name}row {row} of the piece {start}..{end}");
                    assert_eq!(one.status[row - start], other.status[row], "{}", here());
                    assert_eq!(one.value(row - start), other.value(row), "{}", here());
                    assert_eq!(one.reasons(row - start), other.reasons(row), "{}", here());
                }
            }
            start = end;
        }
    }
    println!("{cuts} policies in pieces, {whole} that read the whole table");
    assert!(cuts > 0 && whole > 0, "{cuts} {whole}");
}
