//! Running totals beside the columns: every row is as `run` has it, whatever its group, its place and what came before.

use super::{OF_ROWS, ON, agrees, outcomes_of, stated, tables};
use crate::batch::{Batch, Class, ColumnValues, Columns, FieldColumn};
use crate::effort;
use crate::facts::Facts;
use crate::generator::{Dice, Features};
use crate::outcome::Status;
use crate::policy::Policy;
use crate::value::Value;
use crate::worlds::{policy, world};

const OF_RUNNING: Features = Features { running: true, ..OF_ROWS };

#[test]
fn running_totals_of_any_policy_are_as_run_has_them() {
    let mut classes = [0usize; 3];
    for seed in 0..effort::times(250, 60_000) {
        let mut dice = Dice::new(seed);
        let Some((made, policy)) = world(&mut dice, OF_RUNNING) else { continue };
        let facts = stated(&mut dice, &made, &policy);
        let count = [1, 5, 40][dice.below(3) as usize];
        let rows = tables::rows(&mut dice, &policy, count);
        let asked = tables::asked(&mut dice);
        let outcomes = outcomes_of(&policy);
        let batch = Batch::new(&policy, &facts, policy.entity("entry").unwrap(), &outcomes, asked).unwrap();
        if batch.in_pieces() {
            continue;
        }
        batch.plan(&rows).iter().for_each(|(_, class, _)| classes[*class as usize] += 1);
        agrees(&policy, &facts, &outcomes, &rows, asked, &format!("seed {seed}\n{}", made.policy));
    }
    println!("{classes:?} by class");
    assert!(classes.iter().all(|n| *n > 0), "{classes:?}");
}

const QUOTA: &str = "entity call keyed by name dated by due {\n\
     name : text due : date kind : text amount : number share : number b : bool }\n\
     fact ceiling : number = 400\n\
     running used over call by call.due, call.name per year of call.due, call.kind starting START {\n\
       define room  : number for each call = ceiling - used but at least 0\n\
       define taken : number for each call = TAKEN\n\
       used := NEXT\n\
     }\n\
     running turns over call by call.due, call.name starting 0 { turns := turns + (if call.b then room otherwise 1) }\n\
     define turn : number for each call = taken\n\
     outcome drawn : number for each call otherwise taken\n\
     outcome rate : number rounded half up to 0.01 for each call otherwise\n\
       (5 * taken + 27.5 * (call.amount - taken)) / call.amount\n\
     outcome late : bool for each call otherwise room = 0\n";

fn quota(dice: &mut Dice) -> String {
    let start = dice.pick(&["0", "call.amount / 2", "10 / call.share", "ceiling"]);
    let taken = dice.pick(&["call.amount but at most room", "call.amount / call.share", "call.amount"]);
    let next = dice.pick(&[
        "used + taken",
        "used + taken",
        "if call.b then used otherwise used + call.amount",
        "taken",
    ]);
    QUOTA.replace("START", start).replace("TAKEN", taken).replace("NEXT", next)
}

fn calls(dice: &mut Dice, policy: &Policy, count: usize) -> Columns {
    let entity = &policy.entities[policy.entity("call").unwrap()];
    let (twice, sparse) = (dice.one_in(6), dice.one_in(3));
    let mut columns = Vec::new();
    for (id, field) in entity.fields.iter() {
        let words = |keys: Vec<u32>, list: Vec<String>| ColumnValues::Words {
            dictionary: list.into_iter().map(|text| Value::Text(text.into())).collect(),
            keys,
        };
        let values = match field.name.as_str() {
            "name" if twice => words((0..count).map(|row| row as u32 / 2).collect(), names(count)),
            "name" => words((0..count as u32).rev().collect(), names(count)),
            "due" => ColumnValues::Days((0..count).map(|_| 20_400 + dice.below(900) as i32 / 3).collect()),
            "kind" => words((0..count).map(|_| dice.below(3) as u32).collect(), names(3)),
            "b" => ColumnValues::Bool((0..count).map(|_| dice.one_in(4)).collect()),
            "share" => {
                let values = (0..count).map(|_| dice.below(40) as i64).collect();
                ColumnValues::Scaled { values, scale: 0 }
            }
            _ => {
                let values = (0..count).map(|_| dice.below(5_000) as i64).collect();
                ColumnValues::Scaled { values, scale: 1 }
            }
        };
        let open = sparse && ["amount", "share"].contains(&field.name.as_str());
        let stated = open.then(|| (0..count).map(|_| !dice.one_in(30)).collect());
        columns.push((id, FieldColumn { stated, ..FieldColumn::of(values) }));
    }
    Columns { rows: count, columns }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|row| format!("n{row:04}")).collect()
}

#[test]
fn a_quota_is_drawn_down_row_by_row() {
    let (mut columns, mut left, mut counts) = (0, 0, [0usize; 5]);
    for seed in 0..effort::times(30, 20_000) {
        let mut dice = Dice::new(seed);
        let text = quota(&mut dice);
        let policy = policy(&text);
        let rows = calls(&mut dice, &policy, 60);
        let facts = Facts::none(&policy);
        let outcomes: Vec<_> = policy.outcomes.ids().collect();
        let batch = Batch::new(&policy, &facts, policy.entity("call").unwrap(), &outcomes, ON).unwrap();
        for (_, class, _) in batch.plan(&rows) {
            match class {
                Class::Columns => columns += 1,
                Class::Run | Class::Table => left += 1,
            }
        }
        let (_, seen) = agrees(&policy, &facts, &outcomes, &rows, ON, &format!("seed {seed}\n{text}"));
        counts.iter_mut().zip(seen).for_each(|(count, seen)| *count += seen);
    }
    println!("{columns} compiled, {left} left; by status {counts:?}");
    assert!(columns > left, "{columns} {left}");
    let seen = |status: Status| counts[status as usize] > 20;
    assert!(seen(Status::Determined) && seen(Status::Undetermined) && seen(Status::Error), "{counts:?}");
}

#[test]
fn rows_that_are_not_in_the_order_of_their_dates_are_left_to_run() {
    let policy = policy(
        "entity call keyed by name dated by due { name : text due : date amount : number }\n\
         running used over call by call.name starting 0 { used := used + call.amount }\n\
         define before : number for each call = 1\n\
         running late over call by call.due, call.name starting 0 {\n\
           define so_far : number for each call = late\n\
           late := late + call.amount\n\
         }\n\
         running early over call by call.name starting 0 {\n\
           define so_good : number for each call = early\n\
           early := early + call.amount\n\
         }\n\
         outcome one : number for each call otherwise so_far\n\
         outcome two : number for each call otherwise so_good\n",
    );
    let entity = policy.entity("call").unwrap();
    let outcomes: Vec<_> = policy.outcomes.ids().collect();
    let fields: Vec<_> = policy.entities[entity].fields.ids().collect();
    let keys: Vec<Value> = ["a", "b", "c"].iter().map(|text| Value::Text((*text).into())).collect();
    let columns = [
        ColumnValues::Words { dictionary: keys.into(), keys: vec![0, 1, 2] },
        ColumnValues::Days(vec![20_500, 20_300, 20_400]),
        ColumnValues::Scaled { values: vec![1, 10, 100], scale: 0 },
    ];
    let columns = fields.into_iter().zip(columns.map(FieldColumn::of)).collect();
    let rows = Columns { rows: 3, columns };
    let facts = Facts::none(&policy);
    let batch = Batch::new(&policy, &facts, entity, &outcomes, ON).unwrap();
    let classes: Vec<Class> = batch.plan(&rows).into_iter().map(|(_, class, _)| class).collect();
    assert_eq!(classes, [Class::Columns, Class::Table]);
    agrees(&policy, &facts, &outcomes, &rows, ON, &"in order, and not");
}
