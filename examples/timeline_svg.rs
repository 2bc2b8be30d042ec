//! Answers over time, as a picture for a page.

use comity::Policy;
use std::error::Error;

pub fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::load("policies/pledge.comity")?;
    let facts = policy.facts().from_file("policies/pledge.short.facts.yaml").build()?;
    let timeline = policy.ask(&facts).timeline("2025-01-01", "2030-12-31")?;
    for (_, segments) in timeline.segments("tariff") {
        for segment in segments {
            let value = segment.value.as_deref().unwrap_or(segment.status);
            println!("{} to {}: {value}", segment.from, segment.to);
        }
    }
    let picture = timeline.svg();
    assert!(picture.starts_with("<svg"));
    println!("{picture}");
    Ok(())
}
