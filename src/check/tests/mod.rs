//! Laws the checker keeps that no message shows.

mod groups;

use super::check;
use crate::policy::Policy;
use crate::syntax;
use crate::text::{Files, Sources};

struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &str) -> Result<String, String> {
        Err("no such file".to_string())
    }
}

/// The policy of a text; else the codes of its errors.
fn checked(text: &str) -> Result<Policy, Vec<String>> {
    let mut sources = Sources::new();
    let id = sources.add("test.comity", text);
    let tree = syntax::file(id, text).expect("a text of the language");
    let checked = check(&[tree], &Nothing, &mut sources);
    checked.policy.ok_or_else(|| checked.said.iter().map(|one| one.code.to_string()).collect())
}
