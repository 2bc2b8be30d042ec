//! The pages of the codes about facts: what is shown as wrong gives just that message, what is shown as right gives none.

use super::disk;
use crate::check::check;
use crate::diag::Code;
use crate::facts::bind;
use crate::syntax;
use crate::text::Sources;
use crate::wire::{Format, facts};

const ABOUT_FACTS: &[Code] = &[
    Code::FactsSyntax,
    Code::NotPlainData,
    Code::FactsLayout,
    Code::StatedTwice,
    Code::Computed,
    Code::NotOverTime,
    Code::NoSuchStart,
    Code::NotOrdered,
    Code::EmptyRange,
    Code::NotWhole,
    Code::FallingFact,
    Code::RowKey,
];

/// The first block of that language after a heading.
fn block<'a>(page: &'a str, heading: &str, language: &str) -> &'a str {
    let after = page.split(&format!("## {heading}\n")).nth(1).expect("the heading");
    let after = after.split(&format!("```{language}\n")).nth(1).expect("the block");
    after.split("```").next().expect("its end")
}

fn codes(page: &str, heading: &str) -> Vec<Code> {
    let text = block(page, heading, "comity");
    let mut sources = Sources::new();
    let id = sources.add("page.comity", text);
    let tree = syntax::file(id, text).expect("a policy");
    let checked = check(&[tree], &disk(&[]), &mut sources);
    assert_eq!(checked.said, [], "{heading}");
    let policy = checked.policy.expect("a policy");
    let text = block(page, heading, "yaml");
    let id = sources.add("facts.yaml", text);
    let facts = facts(&mut sources, id, Format::Yaml, &disk(&[])).and_then(|input| bind(&policy, &input));
    facts.err().unwrap_or_default().iter().map(|error| error.code).collect()
}

#[test]
fn pages_show_what_they_say() {
    for code in ABOUT_FACTS {
        let page = code.page();
        assert!(page.starts_with(&format!("# {code}\n")), "{code}");
        assert_eq!(codes(page, "Wrong"), [*code], "{code}");
        assert_eq!(codes(page, "Right"), [], "{code}");
    }
}
