//! What is said to people about their text: plain data first, pictures in [`render`].

mod codes;
#[cfg(feature = "fancy")]
mod render;
mod said;
mod words;
mod wrap;

pub use codes::Code;
pub use said::{MOST, Style, plain, render, render_all, summary};
pub use words::{closest, count, list_and, list_or, tick};
pub use wrap::wrap;

use crate::text::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The input is refused.
    Error,
    /// A lint: the input stands, but look here.
    Warning,
}

/// A remark beside a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// Text that would stand at `span` instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixEdit {
    pub span: Span,
    pub text: String,
}

impl FixEdit {
    pub fn new(span: Span, text: impl Into<String>) -> FixEdit {
        FixEdit { span, text: text.into() }
    }
}

/// One way to mend the trouble. Where what is written may mean several things, each reading is a fix of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in a few words: ``write `25%` ``.
    pub title: String,
    /// All of them together.
    pub edits: Vec<FixEdit>,
    /// What is written can mean nothing else.
    pub safe: bool,
}

/// One message. Lower case, no final period, user's words in back-ticks; the remedy is the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    /// Where, with what is to be said there (may be empty). The first is the main place.
    pub labels: Vec<Label>,
    pub help: Option<String>,
    /// The likeliest first.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A name that is none of these.
    pub fn unknown_name(message: &str, name: &str, names: &[&str]) -> Diagnostic {
        let error = Diagnostic::general(Code::UnknownName, message);
        match closest(name, names.iter().copied()) {
            Some(meant) => error.help(format!("did you mean {}?", tick(meant))),
            None if names.is_empty() => error,
            None => {
                let names: Vec<String> = names.iter().map(|name| tick(name)).collect();
                error.help(format!("name one: {}", list_or(&names)))
            }
        }
    }

    /// An error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: None,
            fixes: Vec::new(),
        }
    }

    /// A lint at a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// An error without a place in any text (a file that cannot be read, a flag).
    pub fn general(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic { labels: Vec::new(), ..Diagnostic::error(code, Span::default(), message) }
    }

    /// What is said at the main place.
    pub fn here(mut self, text: impl Into<String>) -> Diagnostic {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// A second place with a remark.
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// A remedy where none is known yet.
    pub fn or_help(mut self, text: impl FnOnce() -> String) -> Diagnostic {
        if self.help.is_none() {
            self.help = Some(text());
        }
        self
    }

    /// What may be meant; also written out as help when none is given.
    pub fn fix(self, span: Span, text: impl Into<String>) -> Diagnostic {
        let text = text.into();
        let title = format!("write {}", tick(text.trim()));
        self.fix_by(title, vec![FixEdit::new(span, text)], false)
    }

    /// What must be meant: the text is not as it should be, and there is one way to say the same.
    pub fn safe_fix(self, span: Span, text: impl Into<String>) -> Diagnostic {
        let text = text.into();
        let title = format!("write {}", tick(text.trim()));
        self.fix_by(title, vec![FixEdit::new(span, text)], true)
    }

    /// A fix of several edits, with what it does in words.
    pub fn fix_by(mut self, title: impl Into<String>, edits: Vec<FixEdit>, safe: bool) -> Diagnostic {
        let title = title.into();
        if self.help.is_none() {
            self.help = Some(title.clone());
        }
        self.fixes.push(Fix { title, edits, safe });
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The main place, if there is one.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}
