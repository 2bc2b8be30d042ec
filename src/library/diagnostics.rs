//! What is wrong with what was handed in.

use crate::answers::{MessageDoc, MessagesDoc, message};
use crate::diag::{Code, Diagnostic, MOST, plain};
use crate::text::Sources;
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// Everything that is wrong with a policy, with facts or with a question: at least one message.
///
/// It is a [`std::error::Error`]. `Display` writes the messages in few words, one after the other;
/// [`Diagnostics::pictures`] shows each place in its text. Serialised it is the document of `docs/schema/messages.json`.
#[derive(Clone)]
pub struct Diagnostics(Arc<KeptMessages>);

struct KeptMessages {
    said: Vec<Diagnostic>,
    sources: Sources,
    messages: Vec<MessageDoc>,
}

impl Diagnostics {
    pub(super) fn new(said: Vec<Diagnostic>, sources: &Sources) -> Diagnostics {
        let messages = said.iter().take(MOST).map(|one| message(one, sources)).collect();
        Diagnostics(Arc::new(KeptMessages { said, sources: sources.clone(), messages }))
    }

    pub(super) fn one(said: Diagnostic, sources: &Sources) -> Diagnostics {
        Diagnostics::new(vec![said], sources)
    }

    /// An error that is about no text.
    pub(super) fn general(code: Code, message: impl Into<String>) -> Diagnostics {
        Diagnostics::one(Diagnostic::general(code, message), &Sources::new())
    }

    /// The messages as data, in the order of the text; of very many the first hundred.
    pub fn messages(&self) -> &[MessageDoc] {
        &self.0.messages
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.0.said.len()
    }

    /// Whether there is none, as of the warnings of a policy.
    pub fn is_empty(&self) -> bool {
        self.0.said.is_empty()
    }

    /// Every message with the stretch of text that it is about, underlined, as the command line shows it; `width` in
    /// characters. Without the feature `fancy` it is what `Display` writes.
    pub fn pictures(&self, colour: bool, width: usize) -> String {
        crate::diag::render_all(&self.0.said, &self.0.sources, crate::diag::Style { colour, width })
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: String = self.0.said.iter().map(|one| plain(one, &self.0.sources)).collect();
        f.write_str(all.trim_end())
    }
}

impl fmt::Debug for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Diagnostics(\n{self}\n)")
    }
}

impl std::error::Error for Diagnostics {}

impl Serialize for Diagnostics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let more = self.len().saturating_sub(self.0.messages.len());
        MessagesDoc { diagnostics: &self.0.messages, more }.serialize(serializer)
    }
}
