//! What quantities are called, and linear expressions over them.

use super::exprs::SymbolicReader;
use super::found::{NamedTerm, Sum};
use super::space::{Lin, SpaceQuantity};
use crate::solve::{Formula, Model, Truths, Var};
use crate::value::Number;
use std::collections::BTreeSet;

/// A linear expression in names.
pub(super) fn sum(reader: &SymbolicReader<'_>, model: &Model, lin: &Lin) -> Sum {
    let term = |(var, factor): (&Var, &Number)| (factor.clone(), named(reader, model, *var));
    Sum { terms: lin.parts.iter().map(term).collect(), rest: lin.rest.clone() }
}

pub(super) fn named(reader: &SymbolicReader<'_>, model: &Model, var: Var) -> NamedTerm {
    match reader.space.quantities.get(&var) {
        Some(SpaceQuantity::Today) => NamedTerm::Today,
        Some(SpaceQuantity::Stated { entity, name, at, .. }) => {
            let today = reader.space.today().map(Lin::var);
            let moved = at.as_ref().filter(|(day, _)| Some(day) != today.as_ref());
            let day =
                moved.map(|(day, _)| sum(reader, model, &without_parts(reader, model, day, &mut Vec::new())));
            match (day, entity) {
                (Some(day), _) => NamedTerm::On(entity.clone(), name.clone(), Box::new(day)),
                (None, None) => NamedTerm::Fact(name.clone()),
                (None, Some(entity)) => NamedTerm::Field(entity.clone(), name.clone()),
            }
        }
        Some(SpaceQuantity::Opaque { side, expr: Some(expr), .. }) => {
            NamedTerm::Outside(*side, *expr, reader.is_of_one_side(var))
        }
        Some(SpaceQuantity::Opaque { what, .. }) => NamedTerm::Term(what.clone()),
        Some(SpaceQuantity::Product(factors)) => {
            NamedTerm::Product(factors.iter().map(|factor| named(reader, model, *factor)).collect())
        }
        Some(SpaceQuantity::Quotient(of, by)) => {
            NamedTerm::Quotient(Box::new(sum(reader, model, of)), Box::new(sum(reader, model, by)))
        }
        Some(SpaceQuantity::Rounded { of, step }) => {
            NamedTerm::Rounded(Box::new(sum(reader, model, of)), step.clone())
        }
        Some(SpaceQuantity::Part) | None => match reader.space.written.get(&var) {
            Some((side, expr)) => NamedTerm::Outside(*side, *expr, reader.is_of_one_side(var)),
            None => NamedTerm::Term("a part of the value".to_owned()),
        },
    }
}

/// What a linear expression comes to at a model.
pub(super) fn worth_of(model: &Model, lin: &Lin) -> Option<Number> {
    let mut total = lin.rest.clone();
    for (var, factor) in &lin.parts {
        total = total.add(&model.number(*var)?.mul(factor).ok()?).ok()?;
    }
    Some(total)
}

/// A value without any parts, as they are at the model; which way each went joins the key.
pub(super) fn without_parts(
    reader: &SymbolicReader<'_>,
    model: &Model,
    lin: &Lin,
    key: &mut Vec<Formula>,
) -> Lin {
    without_parts_but(reader, model, lin, &BTreeSet::new(), key)
}

/// A value without its parts but those kept, as they are at the model; which way each went joins the key.
pub(super) fn without_parts_but(
    reader: &SymbolicReader<'_>,
    model: &Model,
    lin: &Lin,
    kept: &BTreeSet<Var>,
    key: &mut Vec<Formula>,
) -> Lin {
    let mut truths = Truths::new(&reader.space.forms, model);
    let mut lin = lin.clone();
    for _ in 0..64 {
        let part =
            lin.parts.iter().find(|(var, _)| reader.space.cases.contains_key(var) && !kept.contains(var));
        let Some((var, factor)) = part.map(|(var, factor)| (*var, factor.clone())) else { break };
        let cases = reader.space.cases.get(&var).map_or(&[][..], Vec::as_slice);
        let taken = cases.iter().find(|(when, _)| truths.holds(*when).unwrap_or(false));
        let Some((when, value)) = taken else { break };
        let mut rest = lin.clone();
        rest.parts.remove(&var);
        let Ok(next) = value.scale(&factor).and_then(|value| rest.add(&value)) else { break };
        key.push(*when);
        lin = next;
    }
    lin
}
