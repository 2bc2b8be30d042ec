//! Comity: rules of trade agreements, run, explained and compared.
//!
//! A policy is text that mirrors an agreement: its articles and notes are declarations, one by one. This library reads such
//! texts and answers for stated facts: exactly, with the clauses behind each answer, and with what is missing where facts are
//! open. The same crate is the program `comity`; programs that embed it leave that out:
//!
//! ```toml
//! comity = { version = "0.1", default-features = false }
//! ```
//!
//! [`Policy`] is where it begins:
//!
//! ```
//! # fn main() -> Result<(), comity::Diagnostics> {
//! use comity::{Policy, usd};
//!
//! let policy = Policy::from_text(
//!     "fact pledged   : USD = 550 billion USD\n\
//!      fact disbursed : USD over time\n\
//!      outcome tariff : rate\n\
//!      article 2 \"Snapback\" {\n\
//!        rule snapback: if disbursed < pledged then tariff := 25% otherwise tariff := 15%\n\
//!      }\n",
//! )?;
//! let facts = policy.facts().set("disbursed", usd("549_999_999_999.99")).build()?;
//! let answers = policy.ask(&facts).on("2029-01-20").answers()?;
//! let tariff = answers.get("tariff").unwrap();
//! assert_eq!(tariff.to_string(), "25%");
//! assert_eq!(tariff.value().unwrap().amount().unwrap().fraction(), Some((1, 4)));
//! assert_eq!(tariff.rules(), ["snapback"]);
//!
//! // What is not stated is not known, and it is said what would settle the matter.
//! let nothing = policy.facts().build()?;
//! let answers = policy.ask(&nothing).on("2029-01-20").answers()?;
//! assert_eq!(answers.get("tariff").unwrap().possible(), ["15%", "25%"]);
//! assert_eq!(answers.missing(), ["disbursed as of 2029-01-20"]);
//! # Ok(())
//! # }
//! ```
//!
//! | | |
//! | --- | --- |
//! | [`Policy`] | read from the disk, from any [`Files`], or from text; kept, shared between threads |
//! | [`FactsBuilder`], [`Facts`] | what is stated: by name, with [`Literal`]s, or from YAML, JSON, TOML and values of serde |
//! | [`Question`] | on which day, as known when, of what |
//! | [`Answers`], [`Answer`], [`AnswerValue`], [`Amount`] | statuses, exact values, what is missing, reasons |
//! | [`Story`], [`Timeline`], [`Difference`] | why; over time; between two versions |
//! | [`Table`], [`RowAnswers`] | many rows at once, in columns |
//! | [`Checked`], [`Tested`] | findings about all facts; the policy's own scenarios |
//! | [`Diagnostics`] | everything that is wrong, with places and remedies: a [`std::error::Error`] |
//!
//! Answers, stories, timelines and comparisons are serialised by the schemas in `docs/schema`. Nothing reads the clock, the
//! locale or the network, and no number passes through a binary float.
//!
//! What is not shown here is open to the program, its tests and its benches, and may change with any version.

#![warn(missing_docs)]

// From text to answer: 1 [`compile::compile`] reads the files of a policy, 2 [`syntax::file_lossy`] makes trees of
// them, 3 [`amend::amended`] changes these as amendments say, 4 [`check::check`] makes a policy; 5 [`formats::facts`] reads
// facts, 6 [`facts::bind`] binds them to the policy; 7 [`run::Evaluator`] answers. The modules stand in the order of their
// floors: each knows only those above it here.

mod steps;
#[doc(hidden)]
pub mod text;

#[doc(hidden)]
pub mod diag;
#[doc(hidden)]
pub mod limits;
#[doc(hidden)]
pub mod value;

#[doc(hidden)]
pub mod solve;

#[doc(hidden)]
pub mod tree;

#[doc(hidden)]
pub mod syntax;

#[doc(hidden)]
pub mod policy;
#[doc(hidden)]
pub mod sheet;

#[doc(hidden)]
pub mod amend;
#[doc(hidden)]
pub mod import;
#[doc(hidden)]
pub mod index;
#[doc(hidden)]
pub mod literal;

#[doc(hidden)]
pub mod facts;
#[doc(hidden)]
pub mod outcome;

#[doc(hidden)]
pub mod check;

#[doc(hidden)]
pub mod compile;
#[doc(hidden)]
pub mod formats;
#[doc(hidden)]
pub mod run;

#[doc(hidden)]
pub mod explain;
#[doc(hidden)]
pub mod mend;
#[doc(hidden)]
pub mod roots;

#[doc(hidden)]
pub mod batch;
#[doc(hidden)]
pub mod regions;
#[doc(hidden)]
pub mod scenarios;
#[doc(hidden)]
pub mod timeline;

#[doc(hidden)]
pub mod compare;

#[doc(hidden)]
pub mod words;

#[doc(hidden)]
pub mod answers;
#[doc(hidden)]
pub mod table;

#[doc(hidden)]
pub mod report;

#[doc(hidden)]
pub mod asking;

mod library;

#[cfg(feature = "lsp")]
#[doc(hidden)]
pub mod server;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;

pub use library::{
    Amount, Answer, AnswerValue, Answers, BrokenGuarantee, Checked, Column, Diagnostics, Difference, Facts,
    FactsBuilder, Literal, Policy, Question, RowAnswers, Story, Table, Tested, Timeline, percent, unknown,
    usd,
};
#[doc(inline)]
pub use outcome::Status;
#[doc(inline)]
pub use text::{Files, StandIn};
#[doc(inline)]
pub use value::Day;

/// Parts of answers and messages as data, as the published schemas have them.
pub mod documents {
    #[doc(inline)]
    pub use crate::answers::{
        AnswerDoc, ArticleDoc, CauseDoc, CitationDoc, EditDoc, FaultDoc, FixDoc, LabelDoc, MessageDoc,
        NeedsDoc, PlaceDoc, PositionDoc, ReasonDoc, SegmentDoc, WayDoc,
    };
}

/// The version of the language: it changes when any policy's answer may change.
pub const LANGUAGE_VERSION: &str = "0.1";

/// What `comity --version` says.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (language 0.1)");

#[cfg(test)]
#[path = "../tests/effort.rs"]
mod effort;
#[cfg(test)]
#[path = "../tests/generator/mod.rs"]
#[allow(dead_code, reason = "each of the two places that know it uses a part")]
mod generator;
#[cfg(test)]
#[path = "../tests/stated_lines.rs"]
mod stated_lines;
#[cfg(test)]
#[path = "../tests/worlds.rs"]
mod worlds;

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_names_the_language() {
        assert!(super::VERSION.ends_with(&format!("(language {})", super::LANGUAGE_VERSION)));
    }
}
