//! Comity: rules of trade agreements, run and compared.

pub mod text;
pub mod diag;
pub mod value;
pub mod tree;
pub mod syntax;
pub mod policy;
pub mod literal;
pub mod facts;
pub mod outcome;
pub mod run;
pub mod wire;
