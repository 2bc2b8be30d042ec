//! Policies and facts as text, for failures.

use crate::facts::{Facts, Slot};
use crate::policy::*;
use std::fmt::Write as _;

pub fn expr(policy: &Policy, id: ExprId) -> String {
    let e = |id: &ExprId| expr(policy, *id);
    let list = |list: &[ExprId], by: &str| list.iter().map(e).collect::<Vec<_>>().join(by);
    match policy.exprs.node(id) {
        Expr::Const(value) => {
            format!("{value:?}").replace("Number(", "").replace("Date(", "").replace(')', "")
        }
        Expr::Today => "today".to_owned(),
        Expr::Local(place) => format!("row{place}"),
        Expr::Fact(fact) => policy.facts[*fact].name.clone(),
        Expr::Field { entity, row, field } => {
            format!("{}.{}", e(row), policy.entities[*entity].fields[*field].name)
        }
        Expr::RowByKey { entity, key } => format!("{}({})", policy.entities[*entity].name, e(key)),
        Expr::Define { id, row } => {
            format!("{}({})", policy.defines[*id].name, row.iter().map(e).collect::<String>())
        }
        Expr::Outcome { id, row } => {
            format!("{}({})", policy.outcomes[*id].name, row.iter().map(e).collect::<String>())
        }
        Expr::Running(id) => policy.folds[*id].name.clone(),
        Expr::And(x) => format!("({})", list(x, " and ")),
        Expr::Or(x) => format!("({})", list(x, " or ")),
        Expr::Op(Op::Not(x)) => format!("not {}", e(x)),
        Expr::Op(Op::Compare { op, left, right }) => format!("({} {op:?} {})", e(left), e(right)),
        Expr::Op(Op::Sum { first, rest }) => {
            format!(
                "({}{})",
                e(first),
                rest.iter().map(|(op, x)| format!(" {op:?} {}", e(x))).collect::<String>()
            )
        }
        Expr::Op(Op::Product { first, rest }) => {
            format!(
                "({}{})",
                e(first),
                rest.iter().map(|(op, x)| format!(" {op:?} {}", e(x))).collect::<String>()
            )
        }
        Expr::Op(Op::Clamp { value, side, bound }) => format!("({} but {side:?} {})", e(value), e(bound)),
        Expr::If { branches, otherwise } => format!(
            "({} otherwise {})",
            branches.iter().map(|(c, v)| format!("if {} then {}", e(c), e(v))).collect::<String>(),
            e(otherwise)
        ),
        Expr::AsOf { value, day } => format!("({} as of {})", e(value), e(day)),
        Expr::AsKnownOn { value, day } => format!("({} as known on {})", e(value), e(day)),
        Expr::By { condition, day } => format!("({} by {})", e(condition), e(day)),
        Expr::Op(Op::Shift { day, wait, kind, .. }) => format!("({} + {} {kind:?})", e(day), e(wait)),
        Expr::Aggregate { kind, entity, local, value, condition } => format!(
            "({kind:?} of {} for row{local} in {} where {})",
            value.iter().map(e).collect::<String>(),
            policy.entities[*entity].name,
            condition.iter().map(e).collect::<String>()
        ),
        Expr::Op(Op::TopUp { value, to }) => format!("(top up {} to {})", e(value), e(to)),
        Expr::Op(Op::Round { value, mode, .. }) => format!("({} rounded {mode:?})", e(value)),
        other => {
            let mut below = Vec::new();
            policy.exprs.operands(id, |operand| below.push(expr(policy, operand)));
            let name = format!("{other:?}");
            format!("{}({})", name.split([' ', '(']).next().unwrap_or(""), below.join(", "))
        }
    }
}

pub fn policy(policy: &Policy) -> String {
    let mut text = String::new();
    let each = |entity: Option<EntityId>| {
        entity.map_or(String::new(), |e| format!(" each {}", policy.entities[e].name))
    };
    for fact in policy.facts.values() {
        if let Some(default) = fact.default {
            writeln!(text, "fact {} = {}", fact.name, expr(policy, default)).unwrap();
        }
    }
    for define in policy.defines.values() {
        writeln!(text, "define {}{} = {}", define.name, each(define.for_each), expr(policy, define.value))
            .unwrap();
    }
    for fold in policy.folds.values() {
        let list = |list: &[ExprId]| list.iter().map(|x| expr(policy, *x)).collect::<Vec<_>>().join(", ");
        let (by, per) = (list(&fold.keys), list(&fold.per));
        let (start, next) = (expr(policy, fold.starting), expr(policy, fold.next));
        let name = &policy.entities[fold.entity].name;
        writeln!(text, "running {} over {name} by {by} per {per} starting {start}", fold.name).unwrap();
        writeln!(text, "  := {next} whole {}", fold.whole).unwrap();
    }
    for outcome in policy.outcomes.values() {
        let otherwise = outcome.otherwise.map_or("-".to_owned(), |x| expr(policy, x));
        writeln!(
            text,
            "outcome {}{} otherwise {otherwise} rounded {:?} whole {}",
            outcome.name,
            each(outcome.for_each),
            outcome.rounded,
            outcome.whole
        )
        .unwrap();
    }
    for rule in policy.rules.values() {
        let day = |dated: &Option<Dated>| {
            dated.as_ref().map_or("-".to_owned(), |dated| {
                let known =
                    dated.known.map_or(String::new(), |known| format!(" known {}", expr(policy, known)));
                format!("{}{known}", expr(policy, dated.day))
            })
        };
        let above: Vec<_> = rule.notwithstanding.iter().map(|rule| &policy.rules[*rule].shown).collect();
        writeln!(
            text,
            "rule {} above {above:?} from {} until {}",
            rule.shown,
            day(&rule.from),
            day(&rule.until)
        )
        .unwrap();
        for branch in &rule.branches {
            let condition = branch.condition.map_or("always".to_owned(), |x| expr(policy, x));
            let assigns: Vec<_> = branch
                .assigns
                .iter()
                .map(|(o, x)| format!("{} := {}", policy.outcomes[*o].name, expr(policy, *x)))
                .collect();
            writeln!(text, "  if {condition} then {assigns:?}").unwrap();
        }
    }
    text
}

pub fn facts(policy: &Policy, facts: &Facts) -> String {
    let mut text = format!("through {:?}\n", facts.stated_through);
    let slot = |slot: &Slot| {
        slot.statements
            .iter()
            .map(|s| format!("{:?} from {} known {}; ", s.value, s.from, s.known))
            .collect::<String>()
    };
    for (id, fact) in policy.facts.iter() {
        writeln!(text, "{}: {}", fact.name, slot(&facts.facts[id])).unwrap();
    }
    for (id, entity) in policy.entities.iter() {
        match &facts.tables[id] {
            None => writeln!(text, "{} not stated", entity.name).unwrap(),
            Some(table) => {
                for (key, row) in &table.rows {
                    let cells =
                        entity.fields.iter().map(|(f, d)| format!("{}: {} ", d.name, slot(&row.cells[f])));
                    writeln!(text, "{}({key}) {}", entity.name, cells.collect::<String>()).unwrap();
                }
            }
        }
    }
    text.replace("One(Number(", "((").replace("Interval", "")
}
