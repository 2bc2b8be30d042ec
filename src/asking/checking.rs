//! What is found in a policy, for some facts or for all.

use crate::answers::FindingMessage;
use crate::compile::is_amending;
use crate::diag::Diagnostic;
use crate::policy::Policy;
use crate::regions::findings::{self, Findings};
use crate::report;
use crate::text::Sources;

/// All that was found.
#[derive(Debug)]
pub struct PolicyCheck {
    /// What is probably not meant, and remarks that allow nothing.
    pub lints: Vec<Diagnostic>,
    /// These, and the findings that are not allowed, in the order of the text.
    pub said: Vec<Diagnostic>,
    pub noted: Vec<FindingMessage>,
    pub made: Findings,
    /// Every finding is allowed, and nothing is allowed in vain.
    pub clean: bool,
}

/// Looks at a policy. `steps`: how much work each question about all facts may take; none: nothing is asked about all facts.
pub fn checked(
    root: &str,
    (policy, sources): (&Policy, &Sources),
    lints: &[Diagnostic],
    steps: Option<u64>,
) -> PolicyCheck {
    let mut made = steps.map_or_else(Findings::default, |steps| findings::look(policy, steps));
    let mut noted = report::noted(policy, sources, std::mem::take(&mut made.found));
    let mut allowances = report::allowances(sources);
    allowances.apply(&mut noted, sources);
    // What a base allows may be cured by what amends it: there only the root speaks for itself.
    let root = sources.read().find(|(_, source)| source.name == root);
    let amending = root.filter(|(_, source)| is_amending(&source.name, &source.text));
    // What was not looked for is not there in vain.
    let vain = match steps {
        None => Vec::new(),
        Some(_) => allowances.in_vain(|id| amending.is_none_or(|(root, _)| root == id)),
    };
    let open: Vec<Diagnostic> =
        noted.iter().filter(|one| one.allowed.is_none()).map(|one| one.diagnostic.clone()).collect();
    let clean = open.is_empty() && vain.is_empty();
    let lints: Vec<Diagnostic> = lints.iter().chain(&vain).cloned().collect();
    let mut said: Vec<Diagnostic> = lints.iter().chain(&open).cloned().collect();
    said.sort_by_key(|one| one.span().map(|span| sources.origin(span)));
    PolicyCheck { lints, said, noted, made, clean }
}
