//! All that the checker says, by what it is about.

mod annexes;
mod conduct;
mod functions;
mod lints;
mod names;
mod rows;
mod rules;
mod running;
mod sources;
mod types;

pub(super) use annexes::*;
pub(super) use conduct::*;
pub(super) use functions::*;
pub(super) use lints::*;
pub(super) use names::*;
pub(super) use rows::*;
pub(super) use rules::*;
pub(super) use running::*;
pub(super) use sources::*;
pub(super) use types::*;

use super::Checker;
use super::names::{Symbol, TAKEN};
use super::types::BUILT_IN;
use crate::diag::{Code, Diagnostic, closest, count, list_and, list_or, tick};
use crate::literal::type_noun;
use crate::policy::{
    Annex, AnnexId, Entity, EntityId, Enum, ExprId, Face, Fact, Fold, Outcome, OutcomeId, PowerId, Rule,
    RuleId, Type,
};
use crate::text::Span;
use crate::tree::{self, AddOp, MulOp, Name, Quoted};
use crate::value::SHIPPED;

fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, span, message)
}

/// A remedy by the nearest name, where one is near.
fn suggest<'a>(said: Diagnostic, name: &Name, candidates: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    match closest(&name.text, candidates) {
        Some(known) => said.here(format!("did you mean {}?", tick(known))).fix(name.span, known),
        None => said,
    }
}
