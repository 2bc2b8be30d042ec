//! Numbers over numbers of the row: through sums, products, comparisons, choices and roundings, as `run` has them.

use super::{ON, agrees, settled_errors};
use crate::batch::graph::VectorOp;
use crate::batch::{Batch, Class, ColumnValues, Columns, FieldColumn};
use crate::effort;
use crate::facts::Facts;
use crate::generator::Dice;
use crate::outcome::Status;
use crate::policy::{FieldId, OutcomeId, Policy};
use crate::value::{Number, Value};
use crate::worlds::policy;

const ENTRY: &str =
    "entity entry keyed by line { line : text value : number weight : number pieces : number b : bool }\n";

const MODES: [&str; 5] = ["half up", "half even", "half down", "up", "down"];

fn number(dice: &mut Dice, depth: u32) -> String {
    if depth == 0 {
        return dice
            .pick(&["entry.value", "entry.weight", "entry.pieces", "entry.value", "3", "0.25", "-2", "0"])
            .to_string();
    }
    let (a, b) = (number(dice, depth - 1), number(dice, dice_below(depth)));
    match dice.below(9) {
        0 => format!("({a} + {b})"),
        1 => format!("({a} - {b})"),
        2 => format!("({a} * {b})"),
        3 | 4 => format!("({a} / {b})"),
        5 => format!("({a} but at least {b})"),
        6 => format!("({a} but at most {b})"),
        7 => format!("(top up {a} to {b})"),
        _ => format!("(if {} then {a} otherwise {b})", truth(dice)),
    }
}

/// The second operand nests less deep.
fn dice_below(depth: u32) -> u32 {
    depth / 2
}

fn truth(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => "entry.b".to_string(),
        1 => format!("{} / {} < {}", number(dice, 0), number(dice, 0), number(dice, 1)),
        _ => format!("{} = {} / {}", number(dice, 1), number(dice, 0), number(dice, 0)),
    }
}

fn text(dice: &mut Dice) -> String {
    let (mode, step) = (dice.pick(&MODES), dice.pick(&["0.01", "1", "0.3", "7"]));
    format!(
        "{ENTRY}outcome plain : number for each entry otherwise {}\n\
         outcome rounded : number rounded {mode} to {step} for each entry otherwise {}\n\
         outcome chosen : bool for each entry\n\
         rule one for each entry: if {} then chosen := true\n\
         rule two for each entry: if {} then chosen := false\n",
        number(dice, 3),
        number(dice, 3),
        truth(dice),
        truth(dice),
    )
}

fn rows(dice: &mut Dice, policy: &Policy, count: usize) -> Columns {
    let entity = &policy.entities[policy.entity("entry").unwrap()];
    let mut columns: Vec<(FieldId, FieldColumn)> = Vec::new();
    for (id, field) in entity.fields.iter().filter(|(_, field)| field.name != "line") {
        let (least, most) =
            ([0, 0, 1, -50][dice.below(4) as usize], [9, 200, 50_000][dice.below(3) as usize]);
        let scale = [0, 0, 2][dice.below(3) as usize];
        let values = match field.name.as_str() {
            "b" => ColumnValues::Bool((0..count).map(|_| dice.one_in(2)).collect()),
            _ => {
                let values = (0..count).map(|_| least + dice.below(most) as i64).collect();
                ColumnValues::Scaled { values, scale }
            }
        };
        let stated = dice.one_in(3).then(|| (0..count).map(|_| !dice.one_in(9)).collect());
        columns.push((id, FieldColumn { stated, ..FieldColumn::of(values) }));
    }
    Columns { rows: count, columns }
}

/// Quotients by a register among the operations of the program at hand.
fn ratios(batch: &Batch<'_>) -> usize {
    let made = batch.made.lock().unwrap();
    let program = &made.1.as_ref().unwrap().program;
    program.operations().filter(|(op, ..)| matches!(op, VectorOp::Ratio(..))).count()
}

#[test]
fn quotients_by_numbers_of_the_row_are_as_run_has_them() {
    let (mut compiled, mut left, mut divided, mut exact, mut failed, mut settled) = (0, 0, 0, 0, 0, 0);
    for seed in 0..effort::times(300, 100_000) {
        let mut dice = Dice::new(seed);
        let text = text(&mut dice);
        let policy = policy(&text);
        let rows = rows(&mut dice, &policy, 60);
        let facts = Facts::none(&policy);
        let outcomes: Vec<OutcomeId> = policy.outcomes.ids().collect();
        let batch = Batch::new(&policy, &facts, policy.entity("entry").unwrap(), &outcomes, ON).unwrap();
        let plan = batch.plan(&rows);
        let (results, _) = agrees(&policy, &facts, &outcomes, &rows, ON, &format!("seed {seed}\n{text}"));
        divided += ratios(&batch);
        for ((_, class, _), column) in plan.iter().zip(&results.outcomes) {
            let columns = *class == Class::Columns;
            compiled += usize::from(columns);
            left += usize::from(!columns);
            exact += usize::from(columns && matches!(column.values, ColumnValues::Exact(_)));
            failed += column.status.iter().filter(|status| **status == Status::Error).count();
            settled += settled_errors(column);
        }
    }
    println!(
        "{compiled} compiled, {left} left; {divided} roundings by a register, {exact} exact; {settled} of {failed} errors"
    );
    // What is left would be too large.
    assert!(compiled > 5 * left, "{compiled} {left}");
    assert!(divided > 50 && exact > 50, "{divided} {exact}");
    assert!(settled * 2 > failed, "{settled} of {failed}");
}

fn one(text: &str, values: &[(&str, i64)]) -> (Vec<Class>, Vec<Option<Value>>) {
    let policy = policy(&format!("{ENTRY}{text}"));
    let entity = &policy.entities[policy.entity("entry").unwrap()];
    let field = |name: &str| entity.fields.iter().find(|(_, field)| field.name == name).unwrap().0;
    let column =
        |value: i64| FieldColumn::of(ColumnValues::Scaled { values: vec![value, value + 1], scale: 0 });
    let columns = values.iter().map(|(name, value)| (field(name), column(*value))).collect();
    let rows = Columns { rows: 2, columns };
    let outcomes: Vec<OutcomeId> = policy.outcomes.ids().collect();
    let facts = Facts::none(&policy);
    let batch = Batch::new(&policy, &facts, policy.entity("entry").unwrap(), &outcomes, ON).unwrap();
    let classes = batch.plan(&rows).into_iter().map(|(_, class, _)| class).collect();
    let (results, _) = agrees(&policy, &facts, &outcomes, &rows, ON, &text);
    (classes, results.outcomes.iter().map(|column| column.value(0)).collect())
}

fn ratio(num: i64, den: i64) -> Option<Value> {
    Some(Value::Number(Number::from_ratio(num, den).unwrap()))
}

#[test]
fn a_quotient_times_its_divisor_is_what_was_divided() {
    let text = "define ave : number for each entry = 5 + entry.weight * 3 / entry.value\n\
                outcome rate : number for each entry otherwise ave but at least 6\n\
                outcome duty : number rounded half up to 0.01 for each entry otherwise entry.value * ave / 7\n";
    let (classes, values) = one(text, &[("value", 9), ("weight", 4)]);
    assert_eq!(classes, [Class::Columns; 2]);
    assert_eq!(values, [ratio(19, 3), ratio(814, 100)]);
}

#[test]
fn what_may_be_too_large_is_left_to_run() {
    let text = "outcome far : number for each entry otherwise\n\
                (entry.value / entry.weight + entry.weight / entry.value) * (entry.value / entry.pieces) / entry.pieces\n";
    let (classes, _) = one(text, &[("value", i64::MAX - 1), ("weight", 1 << 60), ("pieces", 1 << 61)]);
    assert_eq!(classes, [Class::Run]);
}
