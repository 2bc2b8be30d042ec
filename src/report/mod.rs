//! People's text: answers, reasons, failed tests. Calm, aligned, in the words of the policy.

mod conflict;
mod eval;
mod heads;
mod needs;
mod page;
mod reads;
mod summary;
mod trial;
mod why;

pub use eval::{Told, eval};
pub use summary::holds;
pub use trial::{failure, totals};
pub use why::why;

use crate::wire::Words;
use page::Page;

/// What is needed to write a report.
struct Report<'a> {
    words: Words<'a>,
    page: Page,
}
