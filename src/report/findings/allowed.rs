//! Findings that are meant: `# allow gap: no text says who bears a loss`, on a line of its own above the declaration. What
//! allows nothing is a finding itself, so that no remark outlives its reason.

use crate::answers::FindingMessage;
use crate::diag::{Code, Diagnostic, closest, tick};
use crate::syntax;
use crate::text::{SourceId, Sources, Span};

/// The codes that can be allowed.
const CODES: &[Code] = &[
    Code::Gap,
    Code::Conflict,
    Code::Fails,
    Code::NeverApplies,
    Code::AlwaysDisplaced,
    Code::RedundantRule,
    Code::SettledCondition,
    Code::IdleCondition,
    Code::GuaranteeBroken,
];

/// All that is allowed in the texts of a policy.
#[derive(Debug, Default)]
pub struct Allowances {
    all: Vec<Allowance>,
}

#[derive(Debug)]
struct Allowance {
    span: Span,
    code: String,
    reason: String,
    /// The line of the declaration below it, counted from 0; none: there is none.
    line: Option<usize>,
    used: bool,
}

/// Reads what is allowed in the texts of a policy.
pub fn allowances(sources: &Sources) -> Allowances {
    let mut all = Vec::new();
    for (id, source) in sources.read() {
        let text = match source.name.as_str() {
            name if name.ends_with(".comity") => source.text.clone(),
            name if name.ends_with(".comity.md") => syntax::literate(&source.text),
            _ => continue,
        };
        of_text(id, &text, &mut all);
    }
    Allowances { all }
}

fn of_text(source: SourceId, text: &str, all: &mut Vec<Allowance>) {
    let mut waiting: Vec<Allowance> = Vec::new();
    let mut start = 0usize;
    for (line, content) in text.split('\n').enumerate() {
        let words = content.trim();
        match words.strip_prefix("# allow ") {
            Some(allowed) => {
                let (code, reason) = allowed.split_once(':').unwrap_or((allowed, ""));
                let from = start.saturating_add(content.find('#').unwrap_or(0));
                let span = Span::new(source, from, from.saturating_add(words.len()));
                let (code, reason) = (code.trim().to_owned(), reason.trim().to_owned());
                waiting.push(Allowance { span, code, reason, line: None, used: false });
            }
            None if words.is_empty() || words.starts_with('#') => {}
            None => {
                all.extend(waiting.drain(..).map(|one| Allowance { line: Some(line), ..one }));
            }
        }
        start = start.saturating_add(content.len()).saturating_add(1);
    }
    all.extend(waiting);
}

impl Allowances {
    /// Notes the reason at each finding that is allowed.
    pub fn apply(&mut self, noted: &mut [FindingMessage], sources: &Sources) {
        for one in noted {
            let lines: Vec<(SourceId, usize)> =
                one.anchors.iter().filter_map(|span| line_of(sources, *span)).collect();
            for allowance in &mut self.all {
                let here = allowance.line.is_some_and(|line| lines.contains(&(allowance.span.source, line)));
                if here && !allowance.reason.is_empty() && allowance.code == one.diagnostic.code.as_str() {
                    allowance.used = true;
                    one.allowed.get_or_insert_with(|| allowance.reason.clone());
                }
            }
        }
    }

    /// Those that allow nothing. `own`: whether a text is the policy's own; what a base allows may be cured in an amendment.
    pub fn in_vain(&self, own: impl Fn(SourceId) -> bool) -> Vec<Diagnostic> {
        let idle = self.all.iter().filter(|one| !one.used && own(one.span.source));
        idle.map(|one| {
            let code = Code::named(&one.code).filter(|code| CODES.contains(code));
            let said = |message: String| Diagnostic::warning(Code::AllowedInVain, one.span, message);
            match (code, one.reason.is_empty()) {
                (None, _) => {
                    let names = CODES.iter().map(|code| code.as_str());
                    let help = match closest(&one.code, names) {
                        Some(meant) => format!("did you mean {}?", tick(meant)),
                        None => "the code of a finding stands above its message".to_owned(),
                    };
                    said(format!("{} is no finding that can be allowed", tick(&one.code))).help(help)
                }
                (Some(_), true) => said("it is not said why this is allowed".to_owned())
                    .help(format!("write {}", tick(&format!("# allow {}: the reason", one.code)))),
                (Some(code), false) => {
                    said(format!("there is no finding {} here to allow", tick(code.as_str())))
                        .help("strike the remark, or move it to the line above the declaration that is meant")
                }
            }
        })
        .collect()
    }
}

fn line_of(sources: &Sources, span: Span) -> Option<(SourceId, usize)> {
    let span = sources.origin(span);
    let source = sources.get(span.source)?;
    let (line, _) = source.line_column(span.start);
    Some((span.source, line.saturating_sub(1)))
}
