//! Every cell: the same verdict and the same value as in the CSV file of a facts file.

use super::policy;
use crate::batch::FieldCell;
use crate::facts::{Facts, Input, RowsInput, Slot, TableInput, bind};
use crate::policy::{FieldId, Policy};
use crate::sheet::Csv;
use crate::table::{Dictionaries, IgnoredColumns, RecordDecoder, RowChunk, RowSchema, header};
use crate::text::{SourceId, Span};
use crate::tree::Name;
use crate::value::{Day, Possible};
use proptest::prelude::*;

const VALUES: &str = "0|-0|5|-5|100|100.55|99.9|1_000|0.005|007|05|.5|5.|1e5|123456789012345678|\
    1234567890123456789|9999999999999999999999999999999999999999.99|0.0000000000000000001|15%|-15%|15 %|0.15|250 bp|\
    5 USD|5 usd|5  USD|USD 5|5 million USD|1.5 thousand USD|5 EUR|5 kg|5 tonne|2.5 tonne|3 USD/kg|0.5 USD/tonne|\
    1 USD / 3|1 car|1.5 car|1 USD + 2 USD|2029-01-19|2029-1-19|2029-02-30|2024-02-29|1899-12-31|2300-01-01|never|\
    90 days|2 weeks|1 day|45 business days|1 month|energy|nuclear|Sector.gas|coal|ships|8703|8703.23|0101.21|87.0.3.|\
    JP|CH|UK|jp|NO|true|false|True|yes|unknown|at least 5 USD|at most 15%|between 1 USD and 2 USD|between 2 USD and 1 USD|\
    5 USD from 2026-01-01|0 USD from 2026-01-01 known from 2026-02-01|at least 1 USD from 2026-01-01|hello|\
    two words|yokohama|kobe|today|5 USD from never|-|#|12 345|1,5|2 trillion USD|999999999999 USD|";

fn facts(policy: &Policy) -> Facts {
    let entity = Name { text: "port".to_string(), span: Span::default() };
    let csv = Csv { source: SourceId(0), text: "name\nyokohama\nkobe\n", decimals: None };
    let table = TableInput { entity, rows: RowsInput::Records(Box::new(csv)) };
    bind(policy, &Input { tables: vec![table], ..Input::default() }).expect("they are ports")
}

/// What a facts file makes of one row, or what it says of it.
fn by_facts(policy: &Policy, heading: &str, cell: &str) -> Result<Slot, Vec<String>> {
    let ports = "name\nyokohama\nkobe\n";
    let text = format!("line,{heading}\ne1,{}\n", quoted(cell));
    let table = |entity: &str, source, text| TableInput {
        entity: Name { text: entity.to_string(), span: Span::default() },
        rows: RowsInput::Records(Box::new(Csv { source: SourceId(source), text, decimals: None })),
    };
    let tables = vec![table("port", 0, ports), table("entry", 1, &text)];
    let bound = bind(policy, &Input { tables, ..Input::default() });
    let bound = bound.map_err(|errors| errors.into_iter().map(|error| error.message).collect::<Vec<_>>())?;
    let entry = policy.entity("entry").expect("there is one");
    let rows = bound.tables[entry].as_ref().expect("it is stated");
    Ok(rows.get(0).expect("one row").cells[field(policy, heading)].clone())
}

fn field(policy: &Policy, heading: &str) -> FieldId {
    let name = heading.split('[').next().unwrap().trim();
    let entry = policy.entity("entry").expect("there is one");
    policy.entities[entry]
        .fields
        .iter()
        .find(|(_, field)| field.name == name)
        .map(|(id, _)| id)
        .expect("a field")
}

fn quoted(cell: &str) -> String {
    let mut out = Vec::new();
    crate::table::cell(cell, &mut out);
    String::from_utf8(out).unwrap()
}

type Told = Vec<(Day, Day, Possible)>;

fn told(slot: &Slot) -> Told {
    slot.statements.iter().map(|one| (one.from, one.known, one.value.clone())).collect()
}

/// What a reader makes of many rows: one entry for each.
fn by_chunk(policy: &Policy, heading: &str, cells: &[&str]) -> Vec<Result<Told, Vec<String>>> {
    let lines: String =
        cells.iter().enumerate().map(|(at, cell)| format!("e{at},{}\n", quoted(cell))).collect();
    let text = format!("line,{heading}\n{lines}");
    let (words, from, dialect) = header(&text).expect("a header");
    let entry = policy.entity("entry").expect("there is one");
    let facts = facts(policy);
    let lexicons = Dictionaries::new(policy, entry);
    let table = RowSchema {
        policy,
        entity: entry,
        facts: &facts,
        units: &[],
        ignored: IgnoredColumns::default(),
        key: false,
        lexicons: &lexicons,
    };
    let mut reader = RecordDecoder::new(&table, &words, dialect).expect("a sound header");
    let mut batch = RowChunk::default();
    batch.begin();
    reader.read(&text, from, &mut batch);
    reader.finish(&mut batch);
    let id = field(policy, heading);
    let mut found = Vec::new();
    let mut rows = 0..batch.keys.len();
    let mut dated = batch.dated.iter().peekable();
    let mut rejected = batch.rejected.iter().peekable();
    for at in 0..cells.len() {
        let name = format!("e{at}");
        if let Some(one) = dated.next_if(|one| *one.name == name) {
            found.push(Ok(told(&one.row.cells[id])));
        } else if let Some(one) =
            rejected.next_if(|one| one.cells.as_ref().is_some_and(|cells| cells[0] == name))
        {
            found.push(Err(one.errors.iter().map(|wrong| wrong.error.message.clone()).collect()));
        } else {
            let row = rows.next().expect("a row");
            assert_eq!(batch.keys.get(row), name);
            let value = match batch.columns.column(id).expect("a column").cell(row) {
                FieldCell::One(value) => Possible::One(value),
                FieldCell::Odd(odd) => odd,
                FieldCell::NotStated => panic!("every cell states something"),
            };
            found.push(Ok(vec![(Day::FIRST, Day::FIRST, value)]));
        }
    }
    found
}

const HEADINGS: &str = "value|value [USD]|column1|column1 [%]|column1 [bp]|column1 [1]|weight|weight [kg]|price|price [USD/kg]|\
    cars|cars [car]|plain|entered|wait|wait [days]|sector|goods|origin|note|fast|funded|funded [USD]|port";

#[test]
fn every_cell_says_what_it_says_in_a_facts_file() {
    let policy = policy();
    for heading in HEADINGS.split('|') {
        // Twice, for what was read once is remembered.
        let cells: Vec<&str> = VALUES.split('|').chain(VALUES.split('|').rev()).collect();
        for (cell, found) in cells.iter().zip(by_chunk(&policy, heading, &cells)) {
            let expected = by_facts(&policy, heading, cell).map(|slot| told(&slot));
            assert_eq!(found, expected, "{heading}: {cell}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    /// Numbers of any length and scale, in any company.
    #[test]
    fn numbers_are_read_alike(
        heading in prop::sample::select(HEADINGS.split('|').take(13).collect::<Vec<_>>()),
        cells in prop::collection::vec(("-?[0-9]{1,22}(\\.[0-9]{1,21})?", prop::sample::select(
            vec!["", "", "%", " USD", " bp", " kg", " tonne", " USD/kg", " car", " thousand", " million USD"])), 1..12),
    ) {
        let policy = policy();
        let cells: Vec<String> = cells.into_iter().map(|(digits, unit)| format!("{digits}{unit}")).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        for (cell, found) in cells.iter().zip(by_chunk(&policy, heading, &cells)) {
            let expected = by_facts(&policy, heading, cell).map(|slot| told(&slot));
            prop_assert_eq!(found, expected, "{}: {}", heading, cell);
        }
    }

    /// Any words at all.
    #[test]
    fn anything_is_read_alike(
        heading in prop::sample::select(HEADINGS.split('|').collect::<Vec<_>>()),
        cells in prop::collection::vec(prop::collection::vec(prop::sample::select(
            VALUES.split(['|', ' ']).collect::<Vec<_>>()), 1..4), 1..6),
    ) {
        let policy = policy();
        let cells: Vec<String> = cells.iter().map(|words| words.join(" ")).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        for (cell, found) in cells.iter().zip(by_chunk(&policy, heading, &cells)) {
            let expected = by_facts(&policy, heading, cell).map(|slot| told(&slot));
            prop_assert_eq!(found, expected, "{}: {}", heading, cell);
        }
    }
}
