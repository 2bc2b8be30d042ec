//! Why an answer is as it is, and why other rules do not apply.

use comity::Policy;
use std::error::Error;

pub fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::load("policies/pledge.comity")?;
    let facts = policy.facts().from_file("policies/pledge.short.facts.yaml").build()?;
    let answers = policy.ask(&facts).on("2029-01-20").answers()?;
    let story = answers.why("tariff")?;
    println!("{story}");
    assert!(story.text().contains("snapback"));
    for reason in answers.get("tariff").ok_or("the policy has no such outcome")?.reasons() {
        let article = reason.article.as_ref().map_or(0, |article| article.number);
        let sources: Vec<&str> = reason.cites.iter().map(|cite| cite.title.as_str()).collect();
        println!("article {article}, {}: {}", reason.rule, sources.join("; "));
    }
    Ok(())
}
