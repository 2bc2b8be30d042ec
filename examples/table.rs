//! Many rows at once: columns of plain slices in, columns of answers out.

// What is not there ends the example.
#![allow(clippy::indexing_slicing)]

use comity::{Column, Policy, Status};
use std::error::Error;

const POLICY: &str = "
enum Sector = cars, steel, other
entity entry keyed by id { id : text  value : USD  sector : Sector }
outcome duty : USD rounded to 0.01 USD for each entry
rule cars for each entry: if entry.sector = cars then duty := 15% * entry.value
rule steel for each entry: if entry.sector = steel then duty := 50% * entry.value
rule other for each entry: if entry.sector = other then duty := 10% * entry.value
";

pub fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::from_text(POLICY)?;
    let cents = [2_500_000, 1_234_567, 99];
    let sectors = ["cars", "steel", "unknown"];
    let answers = policy.table("entry", &["duty"])?.answer(&[
        ("value [USD]", Column::Numbers { values: &cents, places: 2 }),
        ("sector", Column::Texts(&sectors)),
    ])?;
    for (row, status) in answers.statuses("duty").iter().enumerate() {
        let duty =
            answers.value("duty", row).map_or_else(|| status.as_str().to_string(), |duty| duty.to_string());
        println!("{:>12} cents of {:<8} {duty}", cents[row], sectors[row]);
    }
    assert_eq!(answers.statuses("duty")[2], Status::Undetermined);
    assert_eq!(answers.value("duty", 1).map(|duty| duty.to_string()).as_deref(), Some("6172.84 USD"));
    Ok(())
}
