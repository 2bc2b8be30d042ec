//! Single matters, each with the rows that show it.

use super::{ON, agrees};
use crate::batch::{Batch, BatchPoint, Class, ColumnValues, Columns, FieldColumn, NotForEach};
use crate::facts::Facts;
use crate::outcome::{SlotRef, Status};
use crate::policy::{FieldId, Policy};
use crate::value::{Code, Country, Day, Number, Possible, Value};
use crate::worlds::policy;
use std::fmt::Write as _;

const ENTRY: &str = "entity entry keyed by line { line : text value : number b : bool d : date }\n";

fn field(policy: &Policy, name: &str) -> FieldId {
    let entity = &policy.entities[policy.entity("entry").unwrap()];
    entity.fields.iter().find(|(_, field)| field.name == name).unwrap().0
}

fn scaled(policy: &Policy, values: &[i64], scale: u8) -> (FieldId, FieldColumn) {
    (field(policy, "value"), FieldColumn::of(ColumnValues::Scaled { values: values.to_vec(), scale }))
}

fn classes(policy: &Policy, rows: &Columns) -> Vec<Class> {
    let facts = Facts::none(policy);
    let outcomes: Vec<_> = policy.outcomes.ids().collect();
    let batch = Batch::new(policy, &facts, policy.entity("entry").unwrap(), &outcomes, ON).unwrap();
    batch.plan(rows).into_iter().map(|(_, class, _)| class).collect()
}

#[test]
fn a_long_chain_of_names_is_left_to_run() {
    let mut text = format!("{ENTRY}define v0 : number for each entry = entry.value\n");
    for at in 1..=2_000 {
        let _ = writeln!(text, "define v{at} : number for each entry = v{} + 1", at - 1);
    }
    text.push_str("outcome o : number for each entry otherwise v2000\n");
    let policy = policy(&text);
    let rows = Columns { rows: 3, columns: vec![scaled(&policy, &[1, 2, 3], 0)] };
    assert_eq!(classes(&policy, &rows), [Class::Run]);
    let outcome = policy.outcome("o").unwrap();
    let (results, _) = agrees(&policy, &Facts::none(&policy), &[outcome], &rows, ON, &"a long chain");
    assert_eq!(results.outcomes[0].value(0), Some(Value::Number(Number::from(2_001))));
}

#[test]
fn numbers_beyond_64_bits_and_beyond_128() {
    let policy = policy(&format!(
        "{ENTRY}outcome square : number for each entry otherwise entry.value * entry.value\n\
         outcome fourth : number rounded down to 7 for each entry otherwise entry.value * entry.value * entry.value * entry.value\n"
    ));
    let outcomes: Vec<_> = policy.outcomes.ids().collect();
    let values = [i64::MAX, i64::MIN, i64::MIN + 1, 0, 1, -1, 3_037_000_500, 4_294_967_296];
    for scale in [0, 2, 18] {
        let rows = Columns { rows: values.len(), columns: vec![scaled(&policy, &values, scale)] };
        let square = if scale < 18 { Class::Columns } else { Class::Run };
        assert_eq!(classes(&policy, &rows), [square, Class::Run]);
        agrees(&policy, &Facts::none(&policy), &outcomes, &rows, ON, &scale);
    }
}

#[test]
fn a_later_chunk_with_larger_numbers() {
    let policy = policy(&format!(
        "{ENTRY}outcome square : number for each entry otherwise entry.value * entry.value / 3\n\
         outcome large : bool for each entry\nrule one for each entry: if entry.value > 1_000 then large := true\n\
         rule two for each entry: if entry.b then large := true\n"
    ));
    let outcomes: Vec<_> = policy.outcomes.ids().collect();
    // Each chunk goes beyond all that came before.
    let values: Vec<i64> =
        (0..6_000).map(|row| (row % 97 - 48) * 10i64.pow(row as u32 / 1_000 * 3)).collect();
    let bits = (
        field(&policy, "b"),
        FieldColumn::of(ColumnValues::Bool((0..6_000).map(|row| row % 5 == 0).collect())),
    );
    let rows = Columns { rows: values.len(), columns: vec![scaled(&policy, &values, 2), bits] };
    agrees(&policy, &Facts::none(&policy), &outcomes, &rows, ON, &"larger and larger");
}

#[test]
fn cells_that_are_no_values_are_not_stated() {
    let policy =
        policy(&format!("{ENTRY}outcome late : bool for each entry otherwise entry.d > 2026-01-01\n"));
    let outcome = policy.outcome("late").unwrap();
    let days = vec![20_000, i32::MIN, Day::NEVER.number(), 500_000, 21_000];
    let rows =
        Columns { rows: 5, columns: vec![(field(&policy, "d"), FieldColumn::of(ColumnValues::Days(days)))] };
    let (results, _) = agrees(&policy, &Facts::none(&policy), &[outcome], &rows, ON, &"no days");
    let open = Status::Undetermined;
    let sure = Status::Determined;
    assert_eq!(results.outcomes[0].status, [sure, open, sure, open, sure]);
}

#[test]
fn an_outcome_that_reads_the_table_sees_all_rows() {
    let policy = policy(&format!(
        "{ENTRY}outcome share : number for each entry otherwise entry.value / (sum of other.value for each other in entry)\n"
    ));
    let outcome = policy.outcome("share").unwrap();
    let rows = Columns { rows: 3, columns: vec![scaled(&policy, &[100, 200, 100], 2)] };
    assert_eq!(classes(&policy, &rows), [Class::Table]);
    let (results, _) = agrees(&policy, &Facts::none(&policy), &[outcome], &rows, ON, &"shares");
    assert_eq!(results.outcomes[0].value(1), Some(Value::Number(Number::from_ratio(1, 2).unwrap())));
}

#[test]
fn what_is_missing_is_told_of_the_row() {
    let policy =
        policy(&format!("{ENTRY}outcome double : number for each entry otherwise entry.value * 2\n"));
    let (entry, outcome) = (policy.entity("entry").unwrap(), policy.outcome("double").unwrap());
    let mut column = scaled(&policy, &[1, 2, 3], 0);
    column.1.stated = Some(vec![true, true, false]);
    column.1.odd.insert(1, Possible::Numbers(crate::value::Interval::all()));
    let rows = Columns { rows: 3, columns: vec![column] };
    let facts = Facts::none(&policy);
    let batch = Batch::new(&policy, &facts, entry, &[outcome], ON).unwrap();
    for row in [1, 2] {
        let answer = batch.answer(&rows, outcome, row).unwrap();
        let slot =
            SlotRef::Field { entity: entry, row: row as u32, field: field(&policy, "value"), day: None };
        assert_eq!(answer.needs.unwrap().all[0].slot, slot);
    }
    assert_eq!(batch.answer(&rows, outcome, 3), None);
}

#[test]
fn results_may_be_used_again_for_other_rows() {
    let policy = policy(&format!(
        "{ENTRY}outcome o : number for each entry\nrule one for each entry: if entry.b then o := entry.value / 3\n\
         rule two for each entry: if entry.value > 1 then o := 1\n"
    ));
    let (entry, outcome) = (policy.entity("entry").unwrap(), policy.outcome("o").unwrap());
    let facts = Facts::none(&policy);
    let asked = BatchPoint { on: Day::FIRST, known: Day::NEVER };
    let batch = Batch::new(&policy, &facts, entry, &[outcome], asked).unwrap();
    let mut results = Default::default();
    for count in [2_000usize, 3, 0, 1_500, 1] {
        let values: Vec<i64> = (0..count as i64).map(|row| row % 5).collect();
        let bits = ColumnValues::Bool((0..count).map(|row| row % 3 == 0).collect());
        let columns = vec![scaled(&policy, &values, 0), (field(&policy, "b"), FieldColumn::of(bits))];
        let rows = Columns { rows: count, columns };
        batch.evaluate_into(&rows, &mut results);
        let fresh = batch.evaluate(&rows);
        assert_eq!(results.rows, count);
        for row in 0..count {
            let (again, first) = (&results.outcomes[0], &fresh.outcomes[0]);
            assert_eq!(again.status[row], first.status[row]);
            assert_eq!(again.value(row), first.value(row));
            assert_eq!(again.reasons(row), first.reasons(row));
        }
        assert_eq!(results.outcomes[0].side, fresh.outcomes[0].side);
    }
}

#[test]
fn an_outcome_of_another_table_is_refused() {
    let policy = policy(&format!("{ENTRY}outcome o : number otherwise 1\n"));
    let outcome = policy.outcome("o").unwrap();
    let facts = Facts::none(&policy);
    let batch = Batch::new(&policy, &facts, policy.entity("entry").unwrap(), &[outcome], ON);
    assert_eq!(batch.err(), Some(NotForEach(outcome)));
}

#[test]
fn a_later_chunk_whose_numbers_decide_otherwise() {
    let policy = policy(&format!(
        "{ENTRY}outcome large : bool for each entry otherwise false\n\
         rule one for each entry: if entry.value > 250 then large := true\n"
    ));
    let outcome = policy.outcome("large").unwrap();
    let values: Vec<i64> = (0..3_000).map(|row| row / 10).collect();
    let rows = Columns { rows: values.len(), columns: vec![scaled(&policy, &values, 0)] };
    let (results, _) = agrees(&policy, &Facts::none(&policy), &[outcome], &rows, ON, &"decided before");
    assert_eq!(results.outcomes[0].value(2_999), Some(Value::Bool(true)));
}

#[test]
fn a_lookup_by_several_keys_is_made_column_by_column() {
    let policy = policy(
        "enum Kind = alpha, beta (gamma, delta), epsilon, zeta\n\
         annex pair from \"pairs.csv\" (code, country) -> rate : number = 2\n\
         annex triple from \"triples.csv\" (Kind, bool, code) -> name : text = \"none\", weight : number\n\
         entity entry keyed by line { line : text h : code c : country k : Kind b : bool }\n\
         outcome rate : number for each entry otherwise pair(entry.h, entry.c).rate\n\
         outcome name : text for each entry otherwise triple(entry.k, entry.b, entry.h).name\n",
    );
    let outcomes: Vec<_> = policy.outcomes.ids().collect();
    let codes = ["8703.23.01", "8703.23", "8703.24", "87", "88", "8802", "0101.21.00", "0101", "6202.40"];
    let codes: Vec<Value> = codes.iter().map(|code| Value::Code(Code::parse(code).unwrap())).collect();
    let countries = ["JP", "KR", "CH", "US", "FR"];
    let countries: Vec<Value> =
        countries.iter().map(|name| Value::Country(Country::parse(name).unwrap())).collect();
    let count = codes.len() * countries.len() * 6 * 2;
    let words = |list: &[Value], by: usize| {
        let keys = (0..count).map(|row| (row / by % list.len()) as u32).collect();
        FieldColumn::of(ColumnValues::Words { dictionary: list.into(), keys })
    };
    let kinds: Vec<Value> = (0..6).map(Value::Choice).collect();
    let columns = vec![
        (field(&policy, "h"), words(&codes, 1)),
        (field(&policy, "c"), words(&countries, codes.len())),
        (field(&policy, "k"), words(&kinds, codes.len() * countries.len())),
        (
            field(&policy, "b"),
            FieldColumn::of(ColumnValues::Bool((0..count).map(|row| row >= count / 2).collect())),
        ),
    ];
    let rows = Columns { rows: count, columns };
    assert_eq!(classes(&policy, &rows), [Class::Columns; 2]);
    let (results, _) = agrees(&policy, &Facts::none(&policy), &outcomes, &rows, ON, &"several keys");
    // 8703.23.01 of Switzerland is found as 8703, so of Japan, whose 8703.23 has an empty cell (X3), of France not at all.
    let rate = |row: usize| results.outcomes[0].value(row).map(|value| format!("{value:?}"));
    let place = |country: usize| rate(country * codes.len());
    assert_eq!(place(2).as_deref(), Some("Number(1/3)"));
    assert_eq!(place(0).as_deref(), Some("Number(0.1)"));
    assert_eq!(place(4), None);
}
