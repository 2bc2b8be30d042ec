//! `substitute X for Y in R`: where the literal Y stands in R, and X in its place (A4).

use super::visit::{self, TreeVisitor};
use crate::text::Span;
use crate::tree::{Expr, ExprKind, Item, Quantity, Quoted, Rounded, Suffix};

/// Where `old` stands in a declaration, and `new` can stand in its place.
pub(super) fn places(item: &Item, old: &Expr, new: &Expr) -> Vec<Span> {
    let mut walk = LiteralSearch { old, new, found: Vec::new() };
    visit::item(&mut item.clone(), &mut walk);
    walk.found.sort();
    walk.found
}

/// The places of all literals of a declaration.
pub(super) fn literals(item: &Item) -> Vec<Span> {
    let mut walk = Literals(Vec::new());
    visit::item(&mut item.clone(), &mut walk);
    walk.0.sort();
    walk.0
}

struct LiteralSearch<'a> {
    old: &'a Expr,
    new: &'a Expr,
    found: Vec<Span>,
}

impl TreeVisitor for LiteralSearch<'_> {
    fn expr(&mut self, expr: &mut Expr) {
        if same(expr, self.old) {
            self.found.push(expr.span);
        }
    }

    fn step(&mut self, rounded: &mut Rounded) {
        if let (ExprKind::Quantity(old), ExprKind::Quantity(_)) = (&self.old.kind, &self.new.kind)
            && same_quantity(&rounded.step, old)
        {
            self.found.push(rounded.step_span);
        }
    }

    fn quoted(&mut self, quoted: &mut Quoted) {
        if let (ExprKind::Text(old), ExprKind::Text(_)) = (&self.old.kind, &self.new.kind)
            && quoted.text == *old
        {
            self.found.push(quoted.span);
        }
    }
}

struct Literals(Vec<Span>);

impl TreeVisitor for Literals {
    fn expr(&mut self, expr: &mut Expr) {
        if let ExprKind::Quantity(_)
        | ExprKind::Date(_)
        | ExprKind::Code(_)
        | ExprKind::Codes { .. }
        | ExprKind::Text(_)
        | ExprKind::Bool(_) = expr.kind
        {
            self.0.push(expr.span);
        }
    }

    fn step(&mut self, rounded: &mut Rounded) {
        self.0.push(rounded.step_span);
    }
}

/// Whether two literals are the same: amounts by what they amount to, codes and texts by their signs.
fn same(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Quantity(a), ExprKind::Quantity(b)) => same_quantity(a, b),
        (ExprKind::Negative(a), ExprKind::Negative(b)) => same(a, b),
        (ExprKind::Date(a), ExprKind::Date(b)) => a == b,
        (ExprKind::Codes { first: a, last: b }, ExprKind::Codes { first: c, last: d }) => (a, b) == (c, d),
        (ExprKind::Code(a), ExprKind::Code(b)) | (ExprKind::Text(a), ExprKind::Text(b)) => a == b,
        (ExprKind::Bool(a), ExprKind::Bool(b)) => a == b,
        _ => false,
    }
}

fn same_quantity(a: &Quantity, b: &Quantity) -> bool {
    let suffixes = match (&a.suffix, &b.suffix) {
        // One dot may make it a code, whose zeros count.
        (Suffix::None, Suffix::None) => {
            a.spelled == b.spelled || !a.spelled.contains('.') && !b.spelled.contains('.')
        }
        (Suffix::Unit(a), Suffix::Unit(b)) => {
            let names = |list: &[(crate::tree::Name, i8)]| -> Vec<(String, i8)> {
                list.iter().map(|(name, power)| (name.text.clone(), *power)).collect()
            };
            names(a) == names(b)
        }
        (Suffix::Percent, Suffix::Percent)
        | (Suffix::BasisPoints, Suffix::BasisPoints)
        | (Suffix::Days, Suffix::Days)
        | (Suffix::Weeks, Suffix::Weeks) => true,
        (Suffix::Months(a), Suffix::Months(b)) | (Suffix::Years(a), Suffix::Years(b)) => a == b,
        (Suffix::BusinessDays { calendar: a }, Suffix::BusinessDays { calendar: b }) => {
            a.as_ref().map(|name| &name.text) == b.as_ref().map(|name| &name.text)
        }
        _ => false,
    };
    suffixes && a.number == b.number
}
