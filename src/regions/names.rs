//! What quantities are called, and linear expressions over them.

use super::exprs::Reader;
use super::found::{Named, Sum};
use super::space::{Lin, Quantity, day_of};
use crate::solve::{Model, Var};
use crate::value::Number;

/// A linear expression in names.
pub(super) fn sum(reader: &Reader<'_>, model: &Model, lin: &Lin) -> Sum {
    let term = |(var, factor): (&Var, &Number)| (factor.clone(), named(reader, model, *var));
    Sum { terms: lin.parts.iter().map(term).collect(), rest: lin.rest.clone() }
}

pub(super) fn named(reader: &Reader<'_>, model: &Model, var: Var) -> Named {
    match reader.space.quantities.get(&var) {
        Some(Quantity::Today) => Named::Today,
        Some(Quantity::Stated { entity, name, at, .. }) => {
            let today = reader.space.today().map(Lin::var);
            let moved = at.as_ref().filter(|(day, _)| Some(day) != today.as_ref());
            let day = moved.and_then(|(day, _)| worth_of(model, day)).as_ref().and_then(day_of);
            match (day, entity) {
                (Some(day), _) => Named::On(entity.clone(), name.clone(), day),
                (None, None) => Named::Fact(name.clone()),
                (None, Some(entity)) => Named::Field(entity.clone(), name.clone()),
            }
        }
        Some(Quantity::Opaque { side, expr: Some(expr), .. }) => {
            Named::Outside(*side, *expr, reader.is_of_one_side(var))
        }
        Some(Quantity::Opaque { what, .. }) => Named::Term(what.clone()),
        Some(Quantity::Product(factors)) => {
            Named::Product(factors.iter().map(|factor| named(reader, model, *factor)).collect())
        }
        Some(Quantity::Quotient(of, by)) => {
            Named::Quotient(Box::new(sum(reader, model, of)), Box::new(sum(reader, model, by)))
        }
        Some(Quantity::Rounded { of, step }) => {
            Named::Rounded(Box::new(sum(reader, model, of)), step.clone())
        }
        Some(Quantity::Part) | None => match reader.space.written.get(&var) {
            Some((side, expr)) => Named::Outside(*side, *expr, reader.is_of_one_side(var)),
            None => Named::Term("a part of the value".to_owned()),
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
