//! A facts file against its policy.

use super::documents::OpenTexts;
use super::view::PolicyView;
use crate::diag::Diagnostic;
use crate::formats::{self, Format};
use crate::scenarios::stated;
use crate::text::{Files, Sources};

/// What is wrong with the facts stated in a file, and the texts it is about; nothing, while the policy has errors itself.
pub(super) fn wrong(view: &PolicyView, path: &str, texts: &OpenTexts<'_>) -> (Vec<Diagnostic>, Sources) {
    let mut sources = view.sources.clone();
    let (Some(policy), Some(format)) = (view.policy.as_deref(), Format::of(path)) else {
        return (Vec::new(), sources);
    };
    let Ok(text) = texts.read(path) else { return (Vec::new(), sources) };
    let id = sources.add(path, text);
    let said = match formats::facts(&mut sources, id, format, texts) {
        Ok(input) => stated(policy, &input).err(),
        Err(said) => Some(said),
    };
    (said.unwrap_or_default(), sources)
}
