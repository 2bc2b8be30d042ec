//! What quantities are called, and linear expressions over them.

use super::exprs::SymbolicReader;
use super::found::{NamedTerm, Sum};
use super::space::{Lin, SpaceQuantity};
use super::told::without_parts;
use crate::solve::{Model, Var};
use crate::value::Number;

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
