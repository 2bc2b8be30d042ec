//! What is missing, in words, and what would come of it.

use comity::{Policy, Status};
use std::error::Error;

pub fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::load("policies/pledge.comity")?;
    let nothing = policy.facts().build()?;
    let answers = policy.ask(&nothing).on("2029-01-20").answers()?;
    let tariff = answers.get("tariff").ok_or("the policy has no such outcome")?;
    assert_eq!(tariff.status(), Status::Undetermined);
    println!("the tariff may be {}", tariff.possible().join(" or "));
    println!("it wants: {}", answers.missing().join(", "));
    let needs = tariff.document().needs.as_ref().ok_or("nothing is missing")?;
    for way in &needs.ways {
        println!("if {}, then {}", way.condition, way.then);
    }
    assert_eq!(needs.ways.len(), 2);
    Ok(())
}
