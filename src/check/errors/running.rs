//! Running totals.

use super::*;

pub(in crate::check) fn running_outside(fold: &Fold, name: &Name) -> Diagnostic {
    let message = format!("{} has a value only between the rows of its block", tick(&name.text));
    error(Code::RunningOutside, name.span, message)
        .also(fold.span, "declared here")
        .help("read it in a `define` of its block or in its assignment, and read that `define` elsewhere")
}

pub(in crate::check) fn block_define(define: &tree::Define, entity: &str) -> Diagnostic {
    let message = format!("{} stands in a block over {}", tick(&define.name.text), tick(entity));
    error(Code::BadRunning, define.name.span, message)
        .help(format!("write {}", tick(&format!("define {} for each {entity} = …", define.name.text))))
}

pub(in crate::check) fn no_order_by(checker: &Checker, ty: &Type, span: Span) -> Diagnostic {
    let message = format!("rows cannot be put in order by {}", noun_of(checker, ty));
    error(Code::BadRunning, span, message)
        .help("order by an amount, a date, a duration, a text or a code; of a row, by one of its fields")
}

pub(in crate::check) fn running_unassigned(name: &Name) -> Diagnostic {
    let message = format!("the block does not say what a row leaves of {}", tick(&name.text));
    error(Code::BadRunning, name.span, message)
        .help(format!("assign it once: {}", tick(&format!("{} := …", name.text))))
}

pub(in crate::check) fn running_twice(first: &Name, second: &Name) -> Diagnostic {
    error(Code::BadRunning, second.span, format!("{} is assigned twice", tick(&second.text)))
        .also(first.span, "first here")
        .help("a row leaves one value to the next: put the cases together with `if … otherwise`")
}

pub(in crate::check) fn running_target(name: &Name, target: &Name) -> Diagnostic {
    let message = format!("the block of {} assigns {}", tick(&name.text), tick(&target.text));
    error(Code::BadRunning, target.span, message)
        .help(format!("it assigns {} alone; another value of a row is a `define`", tick(&name.text)))
}
