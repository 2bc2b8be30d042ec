//! Totals are the sums of the rows' answers, by the values that these used, however the table is cut.

use super::super::totals::{Grouping, Totals};
use crate::batch::tests::{OF_ROWS, OF_TABLES, facts_of, outcomes_of, pieces::piece, stated, tables};
use crate::batch::{Batch, ColumnValues, Columns, FieldCell, GroupFields, GroupKey};
use crate::effort;
use crate::facts::Facts;
use crate::generator::{Dice, made};
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, FieldId, Policy, Type};
use crate::run::{Decided, Evaluator};
use crate::value::{Day, Number, Value};
use crate::worlds::unless_circle;
use std::collections::BTreeMap;

/// For each group its rows, and for each outcome how many answers have which status, and the sum of their numbers.
type Told = BTreeMap<Vec<GroupKey>, (u64, Vec<([u64; 5], Number)>)>;

fn words(_: &Type, value: &Value) -> String {
    format!("{value:?}")
}

#[test]
fn totals_are_the_sums_of_the_answers_by_the_values_they_used() {
    let mut met = BTreeMap::new();
    for seed in 0..effort::times(150, 40_000) {
        let mut dice = Dice::new(seed);
        let features = if dice.one_in(2) { OF_TABLES } else { OF_ROWS };
        let made = made(&mut dice, features);
        let more = "  line : text\n  odd : text\n  s : number over time\n";
        let text = made.policy.replacen("  line : text\n", more, 1);
        let Some(policy) = unless_circle(&text) else { continue };
        let entity = policy.entity("entry").unwrap();
        let mut facts = stated(&mut dice, &made, &policy);
        if dice.one_in(3) {
            facts.stated_through = Day::parse("2026-01-15");
        }
        let count = 1 + dice.below(40) as usize;
        let mut rows = tables::rows(&mut dice, &policy, count);
        every_row_has_its_day(&mut rows, &policy, entity, count);
        let asked = tables::asked(&mut dice);
        let outcomes = outcomes_of(&policy);
        let fields: Vec<FieldId> = policy.entities[entity].fields.ids().collect();
        let by: Vec<FieldId> =
            (0..1 + dice.below(2)).map(|_| fields[dice.below(fields.len() as u64) as usize]).collect();
        let groups = GroupFields::new(&policy, entity, &by);
        let batch = Batch::new(&policy, &facts, entity, &outcomes, asked).unwrap();
        let grouped = groups.batch(&facts, asked).unwrap();
        let point = Point::new(asked.on, asked.known);
        let plan = Grouping { policy: &policy, entity, by: by.clone(), outcomes: outcomes.clone(), point };
        let mut sums = Totals::default();
        let size = if batch.in_pieces() { 1 + dice.below(15) as usize } else { count };
        for start in (0..count).step_by(size) {
            let part = piece(&rows, start..count.min(start + size));
            let keys: Vec<String> = (start..start + part.rows).map(|row| format!("e{row}")).collect();
            let names = groups.of_rows(&grouped, &part, |row| keys[row].as_str(), &words);
            sums.merge(plan.sum(&batch.evaluate(&part), names, Vec::new()));
        }
        let table = facts_of(&batch, &rows);
        let wanted = wanted(&plan, &table, &rows);
        let found: Told = sums
            .groups
            .iter()
            .map(|(name, group)| {
                let outcome =
                    |sum: &super::super::totals::OutcomeTotals| (sum.status, sum.total.finish().unwrap());
                (name.clone(), (group.rows, group.outcomes.iter().map(outcome).collect()))
            })
            .collect();
        assert_eq!(found, wanted, "seed {seed}, by {by:?}\n{text}");
        let mut run = groups.evaluator(&table);
        for row in 0..count as u32 {
            let name = groups.of_row(&mut run, &table, row, point, &words);
            assert!(wanted.contains_key(&name), "seed {seed}, row {row}: {name:?}\n{text}");
        }
        for name in found.into_keys().flatten() {
            let sort = match name {
                GroupKey::Value(_) => "value",
                GroupKey::NotStated => "not stated",
                GroupKey::Unknown => "unknown",
                GroupKey::Error => "error",
            };
            *met.entry(sort).or_insert(0) += 1;
        }
    }
    println!("groups met: {met:?}");
    assert!(["value", "not stated", "unknown"].iter().all(|sort| met.contains_key(sort)), "{met:?}");
}

/// On a day that is open a row has no one group.
fn every_row_has_its_day(rows: &mut Columns, policy: &Policy, entity: EntityId, count: usize) {
    let decl = &policy.entities[entity];
    let on = decl.fields.iter().find(|(_, field)| field.name == "on").unwrap().0;
    let days: Vec<i32> = (0..count as i32).map(|row| 20_178 + row % 900).collect();
    rows.columns.retain(|(field, _)| *field != on);
    rows.columns.push((on, crate::batch::FieldColumn::of(ColumnValues::Days(days))));
}

/// Row by row, from `run`.
fn wanted(plan: &Grouping<'_>, table: &Facts, rows: &Columns) -> Told {
    let mut run = Evaluator::new(plan.policy, table);
    let mut told = Told::new();
    for row in 0..rows.rows {
        let at = row as u32;
        let point = run.row_point(plan.entity, at, plan.point).unwrap();
        let name = plan.by.iter().map(|field| group(plan, table, rows, &mut run, (*field, row), point));
        let nothing = || (0, vec![([0; 5], Number::ZERO); plan.outcomes.len()]);
        let (count, outcomes) = told.entry(name.collect()).or_insert_with(nothing);
        *count += 1;
        for ((by_status, sum), outcome) in outcomes.iter_mut().zip(&plan.outcomes) {
            let decided = run.decide(*outcome, Some(at), plan.point);
            let status = match &decided {
                Decided::Value(_) => Status::Determined,
                Decided::Undetermined => Status::Undetermined,
                Decided::Gap => Status::Gap,
                Decided::Conflict => Status::Conflict,
                Decided::Error => Status::Error,
            };
            by_status[status as usize] += 1;
            match decided {
                Decided::Value(Value::Number(number)) => *sum = sum.add(&number).unwrap(),
                Decided::Value(Value::Bool(true)) => *sum = sum.add(&Number::ONE).unwrap(),
                _ => {}
            }
        }
    }
    told
}

/// What a row's own evaluation reads of a field.
fn group(
    plan: &Grouping<'_>,
    table: &Facts,
    rows: &Columns,
    run: &mut Evaluator<'_>,
    (field, row): (FieldId, usize),
    point: Point,
) -> GroupKey {
    let decl = &plan.policy.entities[plan.entity].fields[field];
    let is_over = decl.over_time && table.stated_through.is_some_and(|through| through < point.day);
    match (rows.column(field).map_or(FieldCell::NotStated, |column| column.cell(row)), decl.default) {
        (FieldCell::One(_) | FieldCell::Odd(_), _) if is_over => GroupKey::Unknown,
        (FieldCell::One(Value::Text(key)), _) if field == plan.policy.entities[plan.entity].key => {
            GroupKey::Value(key.to_string())
        }
        (FieldCell::One(value), _) => named(&value),
        (FieldCell::Odd(_), _) => GroupKey::Unknown,
        // A default over time ends with what is stated, too (T3).
        (FieldCell::NotStated, Some(_)) if is_over => GroupKey::Unknown,
        (FieldCell::NotStated, None) => GroupKey::NotStated,
        (FieldCell::NotStated, Some(default)) => {
            let set = run.value(default, Some((plan.entity, row as u32)), point);
            match (set.single(), &set.fault) {
                (Some(value), None) => named(value),
                (_, Some(_)) if set.values == crate::value::Possible::Nothing => GroupKey::Error,
                _ => GroupKey::Unknown,
            }
        }
    }
}

/// Two spellings of one code are one group (M7).
fn named(value: &Value) -> GroupKey {
    let Value::Code(code) = value else { return GroupKey::Value(format!("{value:?}")) };
    let digits = code.digits();
    let (heading, rest) = digits.split_at(digits.len().min(4));
    let pairs = rest.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    let text: Vec<&str> = std::iter::once(heading).chain(pairs).collect();
    GroupKey::Value(format!("Code({})", text.join(".")))
}
