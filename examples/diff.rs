//! Two versions of a policy: what changed, for whom, from when to when.

// What is not there ends the example.
#![allow(clippy::indexing_slicing)]

use comity::Policy;
use std::error::Error;

pub fn main() -> Result<(), Box<dyn Error>> {
    let before = Policy::load("policies/changes/snapback_cure/before.comity")?;
    let after = Policy::load("policies/changes/snapback_cure/after.comity")?;
    let difference = Policy::diff(&before, &after)?;
    assert!(difference.is_change());
    println!("{difference}");
    let document = serde_json::to_value(&difference)?;
    println!("{} clauses changed", document["clauses"]["changes"].as_array().map_or(0, Vec::len));
    Ok(())
}
