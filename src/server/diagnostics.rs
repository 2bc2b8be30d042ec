//! What is said of a policy, as messages of the editor, each with the file it is about.

use super::documents::OpenTexts;
use super::places::ColumnCount;
use crate::diag::{self, Severity};
use crate::text::{Sources, Span};
use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, Range,
};
use std::collections::BTreeMap;

/// Messages by the path of their file; those about no text stand at the head of `root`.
pub(super) fn by_file(
    said: &[diag::Diagnostic],
    sources: &Sources,
    root: &str,
    (texts, unit): (&OpenTexts<'_>, ColumnCount),
) -> BTreeMap<String, Vec<Diagnostic>> {
    let mut files: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    for one in said {
        let place = one.span().and_then(|span| place(span, sources, unit));
        let (path, range) = place.unwrap_or_else(|| (root.to_string(), Range::default()));
        files.entry(path).or_default().push(message(one, range, sources, (texts, unit)));
    }
    files
}

fn place(span: Span, sources: &Sources, unit: ColumnCount) -> Option<(String, Range)> {
    let span = sources.origin(span);
    let source = sources.get(span.source)?;
    Some((source.name.clone(), unit.range(source, span)))
}

fn message(
    said: &diag::Diagnostic,
    range: Range,
    sources: &Sources,
    (texts, unit): (&OpenTexts<'_>, ColumnCount),
) -> Diagnostic {
    let here = said.labels.first().map_or("", |label| label.text.as_str());
    let mut text = said.message.clone();
    for more in [here, said.help.as_deref().unwrap_or("")].into_iter().filter(|more| !more.is_empty()) {
        text.push('\n');
        text.push_str(more);
    }
    let beside = said.labels.iter().skip(1).filter(|label| !label.text.is_empty());
    let related = beside.filter_map(|label| {
        let (path, range) = place(label.span, sources, unit)?;
        let location = Location { uri: texts.uri(&path), range };
        Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
    });
    let related: Vec<DiagnosticRelatedInformation> = related.collect();
    Diagnostic {
        range,
        severity: Some(match said.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
        }),
        code: Some(Code::String(said.code.as_str().to_string())),
        code_description: None,
        source: Some("comity".to_string()),
        message: text.into(),
        tags: is_idle(said.code).then(|| vec![DiagnosticTag::Unnecessary]),
        related_information: (!related.is_empty()).then_some(related),
        data: None,
    }
}

/// What is shown paler: it changes nothing.
fn is_idle(code: diag::Code) -> bool {
    use diag::Code::{AlwaysDisplaced, IdleCondition, NeverApplies, RedundantRule};
    matches!(code, AlwaysDisplaced | IdleCondition | NeverApplies | RedundantRule)
}
