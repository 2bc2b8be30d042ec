//! Two versions of a policy, compared.

use super::diagnostics::Diagnostics;
use super::policy::Policy;
use crate::answers::{DiffDoc, VersionDiff, diff_doc};
use crate::asking::{AskedDays, VersionQuestion, compared, is_changed, nothing_stated};
use crate::compare::{Pairing, Settings};
use crate::diag::Style;
use crate::regions::BUDGET;
use crate::report::{self, Look};
use crate::text::Sources;
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// What changed from one version of a policy to another: clauses, answers in the scenarios of both, and for which facts at all
/// an answer differs. `Display` tells it in words; serialised it is the document of `docs/schema/diff.json`.
#[derive(Clone)]
pub struct Difference {
    changed: bool,
    document: Arc<DiffDoc>,
    text: String,
    markdown: String,
    html: String,
}

impl Difference {
    pub(super) fn new(old: &Policy, new: &Policy) -> Result<Difference, Diagnostics> {
        let mut sources = Sources::new();
        let (old_policy, new_policy) = (old.beside(&mut sources)?, new.beside(&mut sources)?);
        let frame = Pairing::new(&old_policy, &new_policy);
        let settings = Settings::default();
        let nothing = nothing_stated(&frame, &settings).map_err(|said| Diagnostics::new(said, &sources))?;
        let days = AskedDays::default();
        let asked = VersionQuestion { settings: &settings, days, scenarios: true, steps: Some(BUDGET) };
        let made = compared(&frame, asked, nothing, (Vec::new(), false));
        let diffed = VersionDiff {
            frame: &frame,
            sources: &sources,
            names: (old.root().to_string(), new.root().to_string()),
            known: None,
            clauses: frame.clauses().clone(),
            cases: made.cases,
            one_sided: made.one_sided,
            populations: Vec::new(),
            regions: made.regions,
            left_out: Vec::new(),
        };
        Ok(Difference {
            changed: is_changed(&diffed),
            document: Arc::new(diff_doc(&diffed)),
            text: report::diff(&diffed, Look::Text(Style::PLAIN), true),
            markdown: report::diff(&diffed, Look::Markdown, true),
            html: report::html(&diffed),
        })
    }

    /// Whether an answer changed, or a clause that may bear on one.
    pub fn is_change(&self) -> bool {
        self.changed
    }

    /// A remark for where changes are looked at.
    pub fn markdown(&self) -> &str {
        &self.markdown
    }

    /// A page to be sent around.
    pub fn html(&self) -> &str {
        &self.html
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Difference").field("changed", &self.changed).finish_non_exhaustive()
    }
}

impl Serialize for Difference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document.serialize(serializer)
    }
}
