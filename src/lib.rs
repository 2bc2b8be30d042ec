//! Comity: rules of trade agreements, run and compared.
//!
//! From text to answer: 1 [`compile::compile`] reads the files of a policy, 2 [`syntax::file_lossy`] makes trees of
//! them, 3 [`amend::amended`] changes these as amendments say, 4 [`check::check`] makes a policy; 5 [`formats::facts`] reads
//! facts, 6 [`facts::bind`] binds them to the policy; 7 [`run::Evaluator`] answers. The modules stand in the order of their floors: each knows only those above it here.

mod steps;
pub mod text;

pub mod diag;
pub mod limits;
pub mod value;

pub mod solve;

pub mod tree;

pub mod syntax;

pub mod policy;
pub mod sheet;

pub mod amend;
pub mod import;
pub mod literal;

pub mod facts;
pub mod outcome;

pub mod check;

pub mod compile;
pub mod formats;
pub mod run;

pub mod explain;

pub mod batch;
pub mod regions;
pub mod scenarios;
pub mod timeline;

pub mod compare;

pub mod words;

pub mod answers;
pub mod table;

pub mod report;

pub mod cli;

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
