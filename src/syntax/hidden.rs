//! Signs in the text of a policy that nobody sees: they may turn what is read, or part two names that look alike.

use crate::diag::{Code, Diagnostic, tick};
use crate::text::{SourceId, Span, is_unseen};

/// So many are told of one text.
const TOLD: usize = 10;

/// A lint for each stretch of signs that are not seen, comments and quoted texts included.
pub fn hidden_text(source: SourceId, text: &str) -> Vec<Diagnostic> {
    let mut said: Vec<Diagnostic> = Vec::new();
    let mut end = 0;
    for (at, sign) in text.char_indices().filter(|(at, sign)| is_foreign(text, *at, *sign)) {
        let next = at + sign.len_utf8();
        if at > end || said.is_empty() {
            if said.len() == TOLD {
                break;
            }
            let message = format!("a sign that nobody sees stands here: {}", tick(&name(sign)));
            let lint = Diagnostic::warning(Code::HiddenText, Span::new(source, at, next), message);
            said.push(lint.here(does(sign)).help("take it out, or write what it stands for in letters"));
        } else if let Some(label) = said.last_mut().and_then(|one| one.labels.first_mut()) {
            label.span = label.span.to(Span::new(source, at, next));
        }
        end = next;
    }
    said
}

/// Lines and tabs are seen, and so is that a text begins.
fn is_foreign(text: &str, at: usize, sign: char) -> bool {
    let line_end = sign == '\r' && text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
    let begins = at == 0 && sign == '\u{feff}';
    is_unseen(sign) && !matches!(sign, '\n' | '\t') && !line_end && !begins
}

fn name(sign: char) -> String {
    format!("U+{:04X}", u32::from(sign))
}

/// What it does to those who read.
fn does(sign: char) -> &'static str {
    match sign {
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "it turns the direction in which the text around it is shown"
        }
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' | '\r' => "it is shown as the end of a line",
        sign if sign.is_control() => "it is an order to a terminal",
        _ => "it takes no room",
    }
}
