//! Walks over everything that is written in a declaration.

use crate::tree::*;

/// What is done on the way; operands come before what they stand in.
pub(crate) trait TreeVisitor {
    fn expr(&mut self, _: &mut Expr) {}
    /// The step of a `rounded`.
    fn step(&mut self, _: &mut Rounded) {}
    /// A title, or the place in a source that is cited.
    fn quoted(&mut self, _: &mut Quoted) {}
    fn rule_ref(&mut self, _: &RuleRef) {}
    /// A power that an act or `ends` names.
    fn power(&mut self, _: &Name) {}
}

pub(crate) fn item(item: &mut Item, visit: &mut impl TreeVisitor) {
    match &mut item.kind {
        Decl::Fact(it) => fact(it, visit),
        Decl::Entity(it) => it.fields.iter_mut().for_each(|field| fact(&mut field.fact, visit)),
        Decl::Annex(it) => {
            it.columns.iter_mut().flat_map(|column| &mut column.default).for_each(|x| expr(x, visit))
        }
        Decl::Define(it) => expr(&mut it.value, visit),
        Decl::Function(it) => expr(&mut it.value, visit),
        Decl::Outcome(it) => {
            it.rounded.iter_mut().for_each(|rounded| visit.step(rounded));
            it.otherwise.iter_mut().for_each(|x| expr(x, visit));
        }
        Decl::Rule(it) => {
            it.title.iter_mut().for_each(|title| visit.quoted(title));
            head(&mut it.head, visit);
            for branch in &mut it.body.branches {
                branch.condition.iter_mut().for_each(|x| expr(x, visit));
                assigns(&mut branch.assigns, visit);
            }
            it.body.lasting.iter_mut().for_each(|x| lasting(x, visit));
        }
        Decl::Obligation(it) => {
            it.title.iter_mut().for_each(|title| visit.quoted(title));
            head(&mut it.head, visit);
            it.condition.iter_mut().for_each(|x| expr(x, visit));
            expr(&mut it.performance, visit);
            match &mut it.deadline {
                Deadline::By(day) => expr(day, visit),
                Deadline::Within { wait, start } => [wait, start].into_iter().for_each(|x| expr(x, visit)),
            }
        }
        Decl::Power(it) => {
            it.title.iter_mut().for_each(|title| visit.quoted(title));
            head(&mut it.head, visit);
            it.requires.iter_mut().for_each(|x| expr(x, visit));
            assigns(&mut it.effect, visit);
            it.lasting.iter_mut().for_each(|x| lasting(x, visit));
        }
        Decl::Running(it) => {
            it.keys.iter_mut().chain(&mut it.per).for_each(|x| expr(x, visit));
            expr(&mut it.starting, visit);
            it.defines.iter_mut().for_each(|(_, define)| expr(&mut define.value, visit));
            assigns(&mut it.assigns, visit);
        }
        Decl::Scenario(it) => scenario(it, visit),
        Decl::Guarantee(it) => {
            dated(&mut it.from, visit);
            dated(&mut it.until, visit);
            expr(&mut it.what, visit);
        }
        Decl::Article(it) => {
            head(&mut it.head, visit);
            it.items.iter_mut().for_each(|inner| self::item(inner, visit));
        }
        Decl::Agreement(_)
        | Decl::Use(_)
        | Decl::Source(_)
        | Decl::Calendar(_)
        | Decl::Period(_)
        | Decl::Office(_)
        | Decl::Unit(_)
        | Decl::Enum(_)
        | Decl::Amends(_)
        | Decl::Repeal(_)
        | Decl::Replace(_)
        | Decl::Insert(_)
        | Decl::Substitute(_)
        | Decl::Set { .. } => {}
    }
}

fn fact(it: &mut Fact, visit: &mut impl TreeVisitor) {
    it.default.iter_mut().chain(&mut it.condition).for_each(|x| expr(x, visit));
}

fn assigns(list: &mut [Assign], visit: &mut impl TreeVisitor) {
    list.iter_mut().for_each(|assign| expr(&mut assign.value, visit));
}

fn lasting(it: &mut Lasting, visit: &mut impl TreeVisitor) {
    match it {
        Lasting::Until(x) | Lasting::For(x) => expr(x, visit),
    }
}

fn dated(it: &mut Option<Dated>, visit: &mut impl TreeVisitor) {
    if let Some(it) = it {
        expr(&mut it.day, visit);
        it.known.iter_mut().for_each(|x| expr(x, visit));
    }
}

fn head(it: &mut Head, visit: &mut impl TreeVisitor) {
    it.cites.iter_mut().flat_map(|cited| &mut cited.place).for_each(|place| visit.quoted(place));
    it.notwithstanding.iter().chain(&it.subject_to).for_each(|reference| visit.rule_ref(reference));
    it.ends.iter().for_each(|power| visit.power(power));
    dated(&mut it.from, visit);
    dated(&mut it.until, visit);
}

fn scenario(it: &mut Scenario, visit: &mut impl TreeVisitor) {
    for given in &mut it.givens {
        match &mut given.kind {
            GivenKind::Fact { series: it, .. } => series(it, visit),
            GivenKind::Row { cells, .. } => cells.iter_mut().for_each(|cell| series(&mut cell.series, visit)),
            GivenKind::Line { keys, cells, .. } => {
                keys.iter_mut().for_each(|key| expr(key, visit));
                cells.iter_mut().for_each(|cell| series(&mut cell.series, visit));
            }
            GivenKind::Act(act) => {
                visit.power(&act.power);
                act.row.iter_mut().for_each(|x| expr(x, visit));
                expr(&mut act.on.day, visit);
                act.on.known.iter_mut().for_each(|x| expr(x, visit));
                act.with.iter_mut().for_each(|(_, x)| expr(x, visit));
            }
            GivenKind::StatedThrough(day) => expr(day, visit),
        }
    }
    for expect in &mut it.expects {
        expr(&mut expect.what, visit);
        expect.on.iter_mut().chain(&mut expect.known).for_each(|x| expr(x, visit));
    }
}

fn series(it: &mut Series, visit: &mut impl TreeVisitor) {
    for stated in &mut it.statements {
        match &mut stated.value {
            StatedValue::Exactly(x) | StatedValue::AtLeast(x) | StatedValue::AtMost(x) => expr(x, visit),
            StatedValue::Between(x, y) => [x, y].into_iter().for_each(|x| expr(x, visit)),
            StatedValue::Unknown => {}
        }
        dated(&mut stated.from, visit);
    }
}

fn expr(it: &mut Expr, visit: &mut impl TreeVisitor) {
    if let ExprKind::Path(path) = &mut it.kind {
        for step in &mut path.steps {
            if let Step::Args(list, _) = step {
                list.iter_mut().for_each(|x| expr(x, visit));
            }
        }
    }
    it.operands_mut(&mut |x| expr(x, visit));
    if let ExprKind::Rounded { rounded, .. } | ExprKind::Compound { rounded, .. } = &mut it.kind {
        visit.step(rounded);
    }
    visit.expr(it);
}
