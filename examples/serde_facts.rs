//! Facts from a value of one's own, answers as JSON by the published schema.

// What is not there ends the example.
#![allow(clippy::indexing_slicing)]

use comity::Policy;
use serde::Serialize;
use std::error::Error;

#[derive(Serialize)]
struct Disbursement {
    /// Each amount with the day from which it holds.
    disbursed: Vec<String>,
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::load("policies/pledge.comity")?;
    let paid = [("2025-09-04", "0"), ("2028-12-31", "549_999_999_999.99")];
    let disbursed = paid.iter().map(|(day, amount)| format!("{amount} USD from {day}")).collect();
    let facts = policy.facts().from_serde(&Disbursement { disbursed }).build()?;
    let answers = policy.ask(&facts).on("2029-01-20").answers()?;
    let document = serde_json::to_value(&answers)?;
    assert_eq!(document["outcomes"]["tariff"]["value"], "25%");
    println!("{document:#}");
    Ok(())
}
