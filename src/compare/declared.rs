//! The clause of each named thing, taken apart.

use super::item::NamedItem;
use super::normal::{Normal, rounding};
use super::parts::{ComparedClause, PartBuilder, PartKind, PartText};
use crate::policy::{AnnexId, AnnexKey, Cell, Column, ExprId, Type};
use crate::value::wire;

/// A type in the words of the policy.
pub(super) fn type_shown(normal: &Normal<'_>, ty: &Type) -> String {
    match ty {
        Type::Enum(id) => normal.policy.enums[*id].name.clone(),
        Type::Row(id) => normal.policy.entities[*id].name.clone(),
        other => normal.ty(other),
    }
}

/// The clause that declares a named thing.
pub(super) fn clause(normal: &Normal<'_>, item: NamedItem, token: String) -> ComparedClause {
    let policy = normal.policy;
    let mut parts = PartBuilder::new(normal);
    let mut rule = None;
    let span = match item {
        NamedItem::Instrument(id) => {
            let instrument = &policy.instruments[id];
            parts.title(Some(&instrument.title));
            if let Some(binding) = instrument.binding {
                parts.words(PartKind::Binding, if binding { "binding" } else { "non-binding" });
            }
            instrument.span
        }
        NamedItem::Holder(id) => {
            let holder = &policy.holders[id];
            parts.title(holder.title.as_ref());
            if let Some(of) = &holder.of {
                parts.words(PartKind::Parties, of.clone());
            }
            holder.span
        }
        NamedItem::Enum(id) => {
            let the = &policy.enums[id];
            let mut normal = nested(the);
            normal.sort();
            let shown = the.choices.iter().map(|choice| choice.name.as_str()).collect::<Vec<_>>().join(", ");
            parts.said(PartKind::Choices, "", normal.join(", "), PartText::Words(shown));
            the.span
        }
        NamedItem::Fact(id) => {
            parts.fact(&policy.facts[id]);
            policy.facts[id].span
        }
        NamedItem::Field(entity, field) => {
            let field = &policy.entities[entity].fields[field];
            parts.fact(field);
            field.span
        }
        NamedItem::Entity(id) => {
            let entity = &policy.entities[id];
            let fields = [
                (PartKind::Key, Some(entity.key)),
                (PartKind::Dated, entity.dated),
                (PartKind::Known, entity.known),
            ];
            for (part, field) in fields {
                if let Some(field) = field {
                    let shown = PartText::Words(entity.fields[field].name.clone());
                    parts.said(part, "", normal.item(NamedItem::Field(id, field)), shown);
                }
            }
            entity.span
        }
        NamedItem::Annex(id) => {
            annex(&mut parts, id);
            policy.annexes[id].span
        }
        NamedItem::Define(id) => {
            let define = &policy.defines[id];
            parts.for_each(define.for_each);
            if let Some((fold, _)) = define.block {
                let shown = PartText::Words(policy.folds[fold].name.clone());
                parts.said(PartKind::Block, "", normal.item(NamedItem::Fold(fold)), shown);
            }
            parts.expr(PartKind::Value, "", define.value);
            define.span
        }
        NamedItem::Function(id) => {
            let function = &policy.functions[id];
            let types = |show: &dyn Fn(&Type) -> String| {
                function.params.iter().map(|(_, ty)| show(ty)).collect::<Vec<_>>().join(", ")
            };
            let shown = PartText::Words(types(&|ty| type_shown(normal, ty)));
            parts.said(PartKind::Parameters, "", types(&|ty| normal.ty(ty)), shown);
            let shown = PartText::Words(type_shown(normal, &function.ty));
            parts.said(PartKind::Type, "", normal.ty(&function.ty), shown);
            parts.expr(PartKind::Value, "", function.value);
            function.span
        }
        NamedItem::Fold(id) => {
            let fold = &policy.folds[id];
            parts.for_each(Some(fold.entity));
            // The order of the keys counts, that of the groups does not.
            for (part, list) in [(PartKind::Order, &fold.keys), (PartKind::Groups, &fold.per)] {
                let mut keys: Vec<String> = list.iter().map(|key| normal.expr(*key)).collect();
                if part == PartKind::Groups {
                    keys.sort();
                }
                if let (Some(first), Some(last)) = (list.first(), list.last()) {
                    let span = policy.exprs.span(*first).to(policy.exprs.span(*last));
                    parts.said(part, "", keys.join(", "), PartText::Text(span));
                }
            }
            parts.expr(PartKind::Starting, "", fold.starting);
            parts.expr(PartKind::Value, "", fold.next);
            parts.said(
                PartKind::Type,
                "",
                normal.ty(&fold.ty),
                PartText::Words(type_shown(normal, &fold.ty)),
            );
            fold.span
        }
        NamedItem::Outcome(id) => {
            let outcome = &policy.outcomes[id];
            parts.said(
                PartKind::Type,
                "",
                normal.ty(&outcome.ty),
                PartText::Words(type_shown(normal, &outcome.ty)),
            );
            parts.for_each(outcome.for_each);
            if let Some((mode, step)) = &outcome.rounded {
                parts.words(PartKind::Rounding, format!("{} to {}", rounding(*mode), wire(step)));
            }
            if let Some(otherwise) = outcome.otherwise {
                parts.expr(PartKind::Otherwise, "", otherwise);
            }
            outcome.span
        }
        NamedItem::Rule(id) => {
            parts.rule(&policy.rules[id], None);
            rule = Some(id);
            policy.rules[id].span
        }
        NamedItem::Duty(id) => {
            let duty = &policy.duties[id];
            parts.title(duty.title.as_ref());
            parts.origin(duty.article, &duty.cites);
            parts.for_each(duty.for_each);
            if let Some(period) = duty.each {
                parts.words(PartKind::Each, period.to_string());
            }
            let holder = policy.held_by_said(&duty.held_by);
            parts.said(PartKind::HeldBy, "", normal.held_by(&duty.held_by), PartText::Words(holder));
            parts.window(duty.from.as_ref(), duty.until.as_ref());
            if let Some(condition) = duty.condition {
                parts.expr(PartKind::Condition, "", condition);
            }
            parts.expr(PartKind::Performance, "", duty.performance);
            parts.expr(PartKind::Deadline, "", duty.deadline);
            if let Some(start) = duty.start {
                parts.expr(PartKind::Start, "", start);
            }
            duty.span
        }
        NamedItem::Power(id) => {
            power(&mut parts, id);
            rule = Some(policy.powers[id].rule);
            policy.powers[id].span
        }
        NamedItem::Guarantee(id) => {
            let guarantee = &policy.guarantees[id];
            parts.for_each(guarantee.for_each);
            for (part, day) in [(PartKind::From, guarantee.from), (PartKind::Until, guarantee.until)] {
                if let Some(day) = day {
                    parts.expr(part, "", day);
                }
            }
            parts.expr(PartKind::Condition, "", guarantee.what);
            guarantee.span
        }
    };
    let name = item.name(policy);
    ComparedClause { kind: item.kind(), item: Some(item), rule, token, name, span, parts: parts.finish() }
}

/// Each choice with those it is nested in.
fn nested(the: &crate::policy::Enum) -> Vec<String> {
    let mut within: Vec<(u16, &str)> = Vec::new();
    let mut paths = Vec::with_capacity(the.choices.len());
    for (place, choice) in (0..=u16::MAX).zip(&the.choices) {
        within.retain(|(end, _)| place < *end);
        within.push((choice.end, &choice.name));
        paths.push(within.iter().map(|(_, name)| *name).collect::<Vec<_>>().join("/"));
    }
    paths
}

/// So many of its first rows and of its last tell an annex from others that are declared alike.
const TOLD_BY: usize = 1_000;

fn annex(parts: &mut PartBuilder<'_, '_>, id: AnnexId) {
    let normal = parts.normal;
    let annex = &normal.policy.annexes[id];
    let table = |show: &dyn Fn(&Type) -> String| {
        let keys: Vec<String> = annex.keys.iter().map(show).collect();
        let column = |column: &Column| match &column.name {
            Some(name) => format!("{name} : {}", show(&column.ty)),
            None => show(&column.ty),
        };
        let columns: Vec<String> = annex.columns.iter().map(column).collect();
        let part = if annex.in_part { "in part " } else { "" };
        format!("{part}({}) -> {}", keys.join(", "), columns.join(", "))
    };
    let shown = PartText::Words(table(&|ty| type_shown(normal, ty)));
    parts.said(PartKind::Columns, "", table(&|ty| normal.ty(ty)), shown);
    // Which rows changed is found row by row; what tells a long annex from another stands at its ends.
    let many = annex.lines.len();
    let ends = (0..many).filter(|line| *line < TOLD_BY || line.saturating_add(TOLD_BY) >= many);
    let mut rows = Vec::new();
    for line in ends {
        let cells = annex.columns.iter().enumerate().map(|(at, column)| match annex.lines.cell(line, at) {
            // An empty cell is not one in which the default is written (X3).
            Cell::Empty => {
                let default = column.default.as_ref().map(|value| normal.value(&column.ty, value));
                format!("={}", default.unwrap_or_default())
            }
            Cell::Unknown | Cell::Within(_) => "unknown".to_string(),
            Cell::Value(value) => normal.value(&column.ty, value),
        });
        let cells = cells.collect::<Vec<_>>().join(", ");
        let keys: Vec<&AnnexKey> = annex.lines.keys(line).collect();
        let validity = match annex.lines.is_dated() {
            true => format!(" {:?}", annex.lines.validity(line)),
            false => String::new(),
        };
        let listed = if annex.lines.is_unlisted(line) { "not listed" } else { cells.as_str() };
        // No key has a tab in it that is not escaped.
        rows.push(format!("{keys:?}{validity}\t{listed}"));
    }
    let shown = PartText::Words(crate::diag::count(many, "row"));
    rows.push(many.to_string());
    parts.said(PartKind::Rows, "", rows.join("\n"), shown);
}

fn power(parts: &mut PartBuilder<'_, '_>, id: crate::policy::PowerId) {
    let normal = parts.normal;
    let policy = normal.policy;
    let power = &policy.powers[id];
    parts.title(power.title.as_ref());
    parts.origin(power.article, &power.cites);
    parts.for_each(power.for_each);
    let holder = policy.held_by_said(&power.held_by);
    parts.said(PartKind::HeldBy, "", normal.held_by(&power.held_by), PartText::Words(holder));
    if !power.params.is_empty() {
        let list = |show: &dyn Fn(&Type) -> String| {
            let one = |param: &crate::policy::Param| format!("{} : {}", param.name, show(&param.ty));
            power.params.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let shown = PartText::Words(list(&|ty| type_shown(normal, ty)));
        parts.said(PartKind::Parameters, "", list(&|ty| normal.ty(ty)), shown);
    }
    parts.window(power.from.as_ref(), power.until.as_ref());
    // What names a parameter is judged of an act only (O5); within each kind it is no matter how it is cut up.
    for (of_act, of) in [(false, ""), (true, "an act")] {
        let requires = power.requires.iter().filter(|one| one.of_act == of_act);
        let requires: Vec<ExprId> = requires.map(|requirement| requirement.what).collect();
        if let (Some(first), Some(last)) = (requires.first(), requires.last()) {
            let span = policy.exprs.span(*first).to(policy.exprs.span(*last));
            parts.said(PartKind::Requires, of, normal.conjuncts(&requires), PartText::Text(span));
        }
    }
    if !power.ends.is_empty() {
        let mut ends: Vec<String> = power.ends.iter().map(|id| normal.item(NamedItem::Power(*id))).collect();
        ends.sort();
        let shown: Vec<String> = power.ends.iter().map(|id| policy.powers[*id].name.clone()).collect();
        parts.said(PartKind::Ends, "", ends.join(", "), PartText::Words(shown.join(", ")));
    }
    let effect = &policy.rules[power.rule];
    parts.branches(&effect.branches, None);
    parts.lasting(effect.lasting);
}
