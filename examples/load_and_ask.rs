//! Read a policy from the disk, state facts by name, ask on a day.

use comity::{Policy, usd};
use std::error::Error;

pub fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::load("policies/pledge.comity")?;
    let disbursed = ["0 USD from 2025-09-04", "550 billion USD from 2028-12-31"];
    let facts = policy.facts().set("disbursed", disbursed).set("pledged", usd("550 billion")).build()?;
    let answers = policy.ask(&facts).on("2029-01-20").answers()?;
    let tariff = answers.get("tariff").ok_or("the policy has no such outcome")?;
    println!("tariff: {tariff}, by {}", tariff.rules().join(", "));
    // 3/20: exact, and no float on the way.
    let fraction = tariff.value().and_then(|value| value.amount()?.fraction());
    assert_eq!(fraction, Some((3, 20)));
    Ok(())
}
