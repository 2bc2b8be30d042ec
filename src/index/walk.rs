//! What declarations name.

use super::exprs::NameWalk;
use super::names::{NameId, NameTable, NameUse, UseRole};
use super::order::RuleOrder;
use crate::tree::*;

/// Finds what a file names.
pub(super) fn file(file: &File, table: &mut NameTable, uses: &mut Vec<NameUse>, order: &mut RuleOrder) {
    let mut walk = NameWalk { table, uses, locals: Vec::new() };
    file.items.iter().for_each(|one| item(one, None, &mut walk, order));
}

fn item(item: &Item, article: Option<&Article>, walk: &mut NameWalk<'_>, order: &mut RuleOrder) {
    match &item.kind {
        Decl::Agreement(it) => {
            walk.global(&it.name, UseRole::Declares);
            it.parties.iter().for_each(|party| walk.party(party));
        }
        Decl::Source(it) => walk.declares(&it.name),
        Decl::Period(it) => walk.declares(&it.name),
        Decl::Calendar(it) => {
            walk.global(&it.name, UseRole::Declares);
            it.parts.iter().for_each(|part| walk.reads(part));
        }
        Decl::Office(it) => {
            walk.global(&it.name, UseRole::Declares);
            it.party.iter().for_each(|party| walk.holder(party));
        }
        Decl::Unit(it) => {
            walk.global(&it.name, UseRole::Declares);
            it.value.iter().for_each(|value| walk.quantity(value));
        }
        Decl::Enum(it) => {
            if let Some(id) = walk.global(&it.name, UseRole::Declares) {
                choices(id, &it.choices, walk);
            }
        }
        Decl::Fact(it) => {
            walk.global(&it.name, UseRole::Declares);
            fact(it, walk);
        }
        Decl::Entity(it) => {
            let Some(id) = walk.global(&it.name, UseRole::Declares) else { return };
            for name in [&it.key, &it.dated, &it.known].into_iter().flatten() {
                walk.member(id, name, UseRole::Reads);
            }
            for field in &it.fields {
                walk.member(id, &field.fact.name, UseRole::Declares);
                fact(&field.fact, walk);
            }
        }
        Decl::Annex(it) => {
            let Some(id) = walk.global(&it.name, UseRole::Declares) else { return };
            for column in it.keys.iter().chain(&it.columns) {
                if let Some(name) = &column.name {
                    walk.member(id, name, UseRole::Declares);
                }
                walk.type_expr(&column.ty);
                column.default.iter().for_each(|default| walk.expr(default));
            }
        }
        Decl::Define(it) => define(it, walk),
        Decl::Function(it) => {
            let id = walk.global(&it.name, UseRole::Declares);
            walk.type_expr(&it.ty);
            walk.within_params(id, &it.params, |walk| walk.expr(&it.value));
        }
        Decl::Outcome(it) => {
            walk.global(&it.name, UseRole::Declares);
            walk.type_expr(&it.ty);
            it.rounded.iter().for_each(|rounded| walk.quantity(&rounded.step));
            walk.within_row(it.for_each.as_ref(), |walk| {
                it.otherwise.iter().for_each(|value| walk.expr(value));
            });
        }
        Decl::Rule(it) => rule(it, article, walk, order),
        Decl::Obligation(it) => {
            walk.global(&it.name, UseRole::Declares);
            walk.within_row(it.head.for_each.as_ref(), |walk| {
                head(&it.head, None, walk, order);
                it.condition.iter().for_each(|condition| walk.expr(condition));
                walk.expr(&it.performance);
                match &it.deadline {
                    Deadline::By(day) => walk.expr(day),
                    Deadline::Within { wait, start } => [wait, start].into_iter().for_each(|x| walk.expr(x)),
                }
            });
        }
        Decl::Power(it) => power(it, article, walk, order),
        Decl::Running(it) => running(it, walk),
        Decl::Scenario(it) => scenario(it, walk),
        Decl::Guarantee(it) => {
            walk.global(&it.name, UseRole::Declares);
            walk.within_row(it.for_each.as_ref(), |walk| {
                it.from.iter().chain(&it.until).for_each(|day| dated(day, walk));
                walk.expr(&it.what);
            });
        }
        Decl::Article(it) => {
            if let Some(id) = walk.table.article(it.number) {
                walk.uses.push(NameUse { name: id, span: it.number_span, role: UseRole::Declares });
            }
            walk.within_row(it.head.for_each.as_ref(), |walk| {
                head(&it.head, None, walk, order);
                it.items.iter().for_each(|inner| self::item(inner, Some(it), walk, order));
            });
        }
        Decl::Replace(new) => self::item(new, article, walk, order),
        Decl::Insert(new) => {
            new.article.iter().for_each(|(number, span)| article_ref(*number, *span, walk));
            self::item(&new.item, article, walk, order);
        }
        Decl::Repeal(it) => {
            match &it.target {
                RepealTarget::Named(_, name) => walk.reads(name),
                RepealTarget::Article { number, span } => article_ref(*number, *span, walk),
                RepealTarget::Scenario(title) => {
                    if let Some(id) = walk.table.scenario(&title.text) {
                        walk.uses.push(NameUse { name: id, span: title.span, role: UseRole::Reads });
                    }
                }
            }
            it.from.iter().for_each(|day| dated(day, walk));
        }
        Decl::Substitute(it) => {
            walk.global(&it.target, UseRole::Reads);
            [&it.new, &it.old].into_iter().for_each(|value| walk.expr(value));
        }
        Decl::Set { name, value } => {
            walk.global(name, UseRole::Reads);
            walk.expr(value);
        }
        Decl::Amends(it) => it.effective.iter().for_each(|day| dated(day, walk)),
        Decl::Use(_) => {}
    }
}

fn choices(owner: NameId, list: &[Choice], walk: &mut NameWalk<'_>) {
    for choice in list {
        walk.member(owner, &choice.name, UseRole::Declares);
        choices(owner, &choice.inner, walk);
    }
}

fn fact(fact: &Fact, walk: &mut NameWalk<'_>) {
    walk.type_expr(&fact.ty);
    fact.default.iter().chain(&fact.condition).for_each(|value| walk.expr(value));
}

fn define(define: &Define, walk: &mut NameWalk<'_>) {
    walk.global(&define.name, UseRole::Declares);
    define.ty.iter().for_each(|ty| walk.type_expr(ty));
    walk.within_row(define.for_each.as_ref(), |walk| walk.expr(&define.value));
}

fn rule(rule: &Rule, article: Option<&Article>, walk: &mut NameWalk<'_>, order: &mut RuleOrder) {
    let id = rule.name.as_ref().and_then(|name| walk.global(name, UseRole::Declares));
    if let (Some(id), Some(name)) = (id, &rule.name) {
        ranked(id, name, &rule.head, article, walk, order);
    }
    walk.within_row(rule.head.for_each.as_ref(), |walk| {
        head(&rule.head, id, walk, order);
        for branch in &rule.body.branches {
            branch.condition.iter().for_each(|condition| walk.expr(condition));
            assigns(&branch.assigns, walk);
        }
        rule.body.lasting.iter().for_each(|until| lasting(until, walk));
    });
}

/// By which article and which sources others may mean it.
fn ranked(
    id: NameId,
    name: &Name,
    head: &Head,
    article: Option<&Article>,
    walk: &NameWalk<'_>,
    order: &mut RuleOrder,
) {
    order.head(id, name.span);
    if let Some(group) = article.and_then(|article| walk.table.article(article.number)) {
        order.member(id, group);
    }
    let cites =
        if head.cites.is_empty() { article.map_or(&[][..], |it| &it.head.cites) } else { &head.cites };
    for source in cites.iter().filter_map(|one| walk.table.global(&one.source.text)) {
        order.member(id, source);
    }
}

fn power(power: &Power, article: Option<&Article>, walk: &mut NameWalk<'_>, order: &mut RuleOrder) {
    let id = walk.global(&power.name, UseRole::Declares);
    if let Some(id) = id {
        ranked(id, &power.name, &power.head, article, walk, order);
    }
    walk.within_row(power.head.for_each.as_ref(), |walk| {
        walk.within_params(id, &power.params, |walk| {
            head(&power.head, id, walk, order);
            power.requires.iter().for_each(|condition| walk.expr(condition));
            assigns(&power.effect, walk);
            power.lasting.iter().for_each(|until| lasting(until, walk));
        });
    });
}

fn running(running: &Running, walk: &mut NameWalk<'_>) {
    walk.global(&running.name, UseRole::Declares);
    walk.global(&running.entity, UseRole::Reads);
    running.keys.iter().chain(&running.per).for_each(|key| walk.expr(key));
    walk.expr(&running.starting);
    running.defines.iter().for_each(|(_, one)| define(one, walk));
    assigns(&running.assigns, walk);
}

fn assigns(list: &[Assign], walk: &mut NameWalk<'_>) {
    for assign in list {
        walk.global(&assign.target, UseRole::Decides);
        walk.expr(&assign.value);
    }
}

fn lasting(lasting: &Lasting, walk: &mut NameWalk<'_>) {
    match lasting {
        Lasting::Until(x) | Lasting::For(x) => walk.expr(x),
    }
}

fn dated(dated: &Dated, walk: &mut NameWalk<'_>) {
    walk.expr(&dated.day);
    dated.known.iter().for_each(|known| walk.expr(known));
}

/// A head, of the rule or power `of`.
fn head(head: &Head, of: Option<NameId>, walk: &mut NameWalk<'_>, order: &mut RuleOrder) {
    head.cites.iter().for_each(|one| walk.reads(&one.source));
    for lower in head.notwithstanding.iter().filter_map(|one| rule_ref(one, walk)) {
        of.iter().for_each(|of| order.rank(*of, lower));
    }
    for upper in head.subject_to.iter().filter_map(|one| rule_ref(one, walk)) {
        of.iter().for_each(|of| order.rank(upper, *of));
    }
    head.held_by.iter().flat_map(|held| &held.names).for_each(|holder| walk.holder(holder));
    if let Some((EachPeriod::Named(name), _)) = &head.each {
        walk.global(name, UseRole::Reads);
    }
    head.ends.iter().for_each(|power| walk.reads(power));
    head.from.iter().chain(&head.until).for_each(|day| dated(day, walk));
}

fn rule_ref(reference: &RuleRef, walk: &mut NameWalk<'_>) -> Option<NameId> {
    match reference {
        RuleRef::Named(name) => walk.global(name, UseRole::Reads),
        RuleRef::Article { number, span } => {
            article_ref(*number, *span, walk);
            walk.table.article(*number)
        }
    }
}

/// `article 2`: the name is the number.
fn article_ref(number: u32, span: crate::text::Span, walk: &mut NameWalk<'_>) {
    if let Some(id) = walk.table.article(number) {
        walk.uses.push(NameUse { name: id, span, role: UseRole::Reads });
    }
}

fn scenario(scenario: &Scenario, walk: &mut NameWalk<'_>) {
    if let Some(id) = walk.table.scenario(&scenario.title.text) {
        walk.uses.push(NameUse { name: id, span: scenario.title.span, role: UseRole::Declares });
    }
    for given in &scenario.givens {
        match &given.kind {
            GivenKind::Fact { name, series: stated } => {
                walk.global(name, UseRole::Reads);
                series(stated, walk);
            }
            GivenKind::Row { entity, cells: list, .. } => {
                let owner = walk.global(entity, UseRole::Reads);
                cells(owner, list, walk);
            }
            GivenKind::Line { annex, keys, cells: list } => {
                let owner = walk.global(annex, UseRole::Reads);
                keys.iter().for_each(|key| walk.expr(key));
                cells(owner, list, walk);
            }
            GivenKind::Act(act) => {
                let power = walk.global(&act.power, UseRole::Reads);
                act.row.iter().for_each(|row| walk.expr(row));
                act.by.iter().for_each(|holder| walk.holder(holder));
                dated(&act.on, walk);
                for (name, value) in &act.with {
                    power.iter().for_each(|power| walk.reads_member(*power, name));
                    walk.expr(value);
                }
            }
            GivenKind::StatedThrough(day) => walk.expr(day),
        }
    }
    for expect in &scenario.expects {
        walk.expr(&expect.what);
        expect.on.iter().chain(&expect.known).for_each(|day| walk.expr(day));
    }
}

fn cells(owner: Option<NameId>, list: &[Cell], walk: &mut NameWalk<'_>) {
    for cell in list {
        owner.iter().for_each(|owner| walk.reads_member(*owner, &cell.field));
        series(&cell.series, walk);
    }
}

fn series(series: &Series, walk: &mut NameWalk<'_>) {
    for stated in &series.statements {
        match &stated.value {
            StatedValue::Exactly(x) | StatedValue::AtLeast(x) | StatedValue::AtMost(x) => walk.expr(x),
            StatedValue::Between(x, y) => [x, y].into_iter().for_each(|x| walk.expr(x)),
            StatedValue::Unknown => {}
        }
        stated.from.iter().for_each(|day| dated(day, walk));
    }
}
