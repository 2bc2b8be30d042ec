//! Policies and facts by hand.

use crate::facts::{Facts, Row, Rows, Slot, Statement};
use crate::outcome::{Answer, Point, Possibility, Status};
use crate::policy::*;
use crate::run::Evaluator;
use crate::text::{SourceId, Span};
use crate::tree::{AddOp, AggregateKind, ClampSide, CompareOp, MulOp};
use crate::value::{Day, DurationKind, Interval, Number, Possible, Value};

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub fn num(n: i64) -> Value {
    Value::Number(Number::from(n))
}

pub fn ratio(n: i64, d: i64) -> Value {
    Value::Number(Number::from_ratio(n, d).unwrap())
}

pub fn numbers(lo: Option<i64>, hi: Option<i64>) -> Possible {
    Possible::numbers(Interval::new(lo.map(Number::from), hi.map(Number::from)).unwrap())
}

pub fn on(text: &str) -> Point {
    Point::new(day(text), Day::NEVER)
}

pub fn known(text: &str, known: &str) -> Point {
    Point::new(day(text), day(known))
}

#[derive(Default)]
pub struct Build {
    pub policy: Policy,
    place: u32,
}

/// A branch: its condition and what it assigns.
pub type Arm = (Option<ExprId>, Vec<(OutcomeId, ExprId)>);

impl Build {
    pub fn new() -> Build {
        Build::default()
    }
    pub fn span(&mut self) -> Span {
        self.place += 1;
        Span { source: SourceId(0), start: self.place, end: self.place + 1 }
    }

    pub fn push(&mut self, expr: Expr, ty: Type) -> ExprId {
        let span = self.span();
        self.policy.exprs.push(expr, ty, span)
    }

    pub fn c(&mut self, value: Value) -> ExprId {
        let ty = match &value {
            Value::Number(_) => Type::number(),
            Value::Bool(_) => Type::Bool,
            Value::Date(_) => Type::Date,
            Value::Duration(_) => Type::Duration(DurationKind::Days),
            Value::Code(_) => Type::Code,
            Value::Country(_) => Type::Country,
            Value::Choice(_) => Type::Enum(EnumId(0)),
            Value::Row(_) => Type::Row(EntityId(0)),
            Value::Text(_) => Type::Text,
        };
        self.push(Expr::Const(value), ty)
    }

    pub fn n(&mut self, n: i64) -> ExprId {
        self.c(num(n))
    }

    pub fn date(&mut self, text: &str) -> ExprId {
        self.c(Value::Date(day(text)))
    }

    pub fn never(&mut self) -> ExprId {
        self.c(Value::Date(Day::NEVER))
    }

    pub fn today(&mut self) -> ExprId {
        self.push(Expr::Today, Type::Date)
    }

    pub fn fact_decl(&mut self, name: &str, ty: Type) -> Fact {
        Fact {
            name: name.to_owned(),
            doc: None,
            ty,
            over_time: false,
            cumulative: false,
            default: None,
            condition: None,
            whole: false,
            span: self.span(),
        }
    }

    pub fn fact(&mut self, name: &str, ty: Type) -> FactId {
        let decl = self.fact_decl(name, ty);
        self.policy.facts.push(decl)
    }

    pub fn dated_fact(&mut self, name: &str, ty: Type) -> FactId {
        let id = self.fact(name, ty);
        self.policy.facts[id].over_time = true;
        id
    }

    pub fn f(&mut self, id: FactId) -> ExprId {
        let ty = self.policy.facts[id].ty.clone();
        self.push(Expr::Fact(id), ty)
    }

    /// A number fact and an expression that reads it.
    pub fn x(&mut self, name: &str) -> ExprId {
        let id = self.fact(name, Type::number());
        self.f(id)
    }

    /// A truth-value fact and an expression that reads it.
    pub fn b(&mut self, name: &str) -> ExprId {
        let id = self.fact(name, Type::Bool);
        self.f(id)
    }

    pub fn cmp(&mut self, left: ExprId, op: CompareOp, right: ExprId) -> ExprId {
        self.push(Expr::Op(Op::Compare { op, left, right }), Type::Bool)
    }

    pub fn and(&mut self, list: &[ExprId]) -> ExprId {
        self.push(Expr::And(list.into()), Type::Bool)
    }

    pub fn or(&mut self, list: &[ExprId]) -> ExprId {
        self.push(Expr::Or(list.into()), Type::Bool)
    }

    pub fn not(&mut self, x: ExprId) -> ExprId {
        self.push(Expr::Op(Op::Not(x)), Type::Bool)
    }

    pub fn add(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.push(Expr::Op(Op::Sum { first: a, rest: vec![(AddOp::Plus, b)].into() }), Type::number())
    }

    pub fn sub(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.push(Expr::Op(Op::Sum { first: a, rest: vec![(AddOp::Minus, b)].into() }), Type::number())
    }

    pub fn mul(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.push(Expr::Op(Op::Product { first: a, rest: vec![(MulOp::Times, b)].into() }), Type::number())
    }

    pub fn div(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.push(Expr::Op(Op::Product { first: a, rest: vec![(MulOp::Divide, b)].into() }), Type::number())
    }

    pub fn clamp(&mut self, value: ExprId, side: ClampSide, bound: ExprId) -> ExprId {
        let ty = self.policy.exprs.ty(value).clone();
        self.push(Expr::Op(Op::Clamp { value, side, bound }), ty)
    }

    pub fn iff(&mut self, c: ExprId, a: ExprId, b: ExprId) -> ExprId {
        let ty = self.policy.exprs.ty(a).clone();
        self.push(Expr::If { branches: vec![(c, a)].into(), otherwise: b }, ty)
    }

    pub fn as_of(&mut self, value: ExprId, day: ExprId) -> ExprId {
        let ty = self.policy.exprs.ty(value).clone();
        self.push(Expr::AsOf { value, day }, ty)
    }

    pub fn known_on(&mut self, value: ExprId, day: ExprId) -> ExprId {
        let ty = self.policy.exprs.ty(value).clone();
        self.push(Expr::AsKnownOn { value, day }, ty)
    }

    pub fn by(&mut self, condition: ExprId, day: ExprId) -> ExprId {
        self.push(Expr::By { condition, day }, Type::Bool)
    }

    pub fn days(&mut self, day: ExprId, count: i64, kind: DurationKind) -> ExprId {
        let wait = self.push(Expr::Const(Value::Duration(count)), Type::Duration(kind));
        self.push(Expr::Op(Op::Shift { day, sign: AddOp::Plus, wait, kind }), Type::Date)
    }

    pub fn define(&mut self, name: &str, value: ExprId, for_each: Option<EntityId>) -> DefineId {
        let (ty, span) = (self.policy.exprs.ty(value).clone(), self.span());
        self.policy.defines.push(Define {
            name: name.to_owned(),
            doc: None,
            ty,
            for_each,
            value,
            block: None,
            span,
        })
    }

    pub fn d(&mut self, id: DefineId, row: Option<ExprId>) -> ExprId {
        let ty = self.policy.defines[id].ty.clone();
        self.push(Expr::Define { id, row }, ty)
    }

    pub fn o(&mut self, id: OutcomeId, row: Option<ExprId>) -> ExprId {
        let ty = self.policy.outcomes[id].ty.clone();
        self.push(Expr::Outcome { id, row }, ty)
    }

    pub fn local(&mut self, place: u32, ty: Type) -> ExprId {
        self.push(Expr::Local(place), ty)
    }

    pub fn outcome(&mut self, name: &str, ty: Type) -> OutcomeId {
        let span = self.span();
        self.policy.outcomes.push(Outcome {
            name: name.to_owned(),
            doc: None,
            ty,
            rounded: None,
            whole: false,
            for_each: None,
            otherwise: None,
            contenders: Vec::new(),
            span,
        })
    }

    pub fn rule(&mut self, name: &str, above: &[RuleId], arms: Vec<Arm>) -> RuleId {
        let branches = arms.into_iter().map(|(condition, assigns)| {
            let span = self.span();
            Branch { condition, assigns, span }
        });
        let branches = branches.collect();
        let span = self.span();
        self.policy.rules.push(Rule {
            name: Some(name.to_owned()),
            shown: name.to_owned(),
            title: None,
            doc: None,
            article: None,
            cites: Vec::new(),
            for_each: None,
            from: None,
            until: None,
            branches,
            lasting: None,
            versions: Vec::new(),
            power: None,
            notwithstanding: above.to_vec(),
            subject_to: Vec::new(),
            span,
            name_span: span,
        })
    }

    /// `rule NAME notwithstanding …: [if C then] outcome := value`
    pub fn clause(
        &mut self,
        name: &str,
        above: &[RuleId],
        condition: Option<ExprId>,
        outcome: OutcomeId,
        value: ExprId,
    ) -> RuleId {
        self.rule(name, above, vec![(condition, vec![(outcome, value)])])
    }

    pub fn from(&mut self, rule: RuleId, day: ExprId, known: Option<ExprId>) {
        self.policy.rules[rule].from = Some(Dated { day, known });
    }

    pub fn until(&mut self, rule: RuleId, day: ExprId, known: Option<ExprId>) {
        self.policy.rules[rule].until = Some(Dated { day, known });
    }

    /// An entity keyed by its first field, a text.
    pub fn entity(&mut self, name: &str) -> EntityId {
        let key = self.fact_decl("key", Type::Text);
        let span = self.span();
        let mut fields = Table::new();
        let key = fields.push(key);
        self.policy.entities.push(Entity {
            name: name.to_owned(),
            doc: None,
            fields,
            key,
            dated: None,
            known: None,
            span,
        })
    }

    pub fn field(&mut self, entity: EntityId, name: &str, ty: Type) -> FieldId {
        let decl = self.fact_decl(name, ty);
        self.policy.entities[entity].fields.push(decl)
    }

    pub fn get(&mut self, entity: EntityId, row: ExprId, field: FieldId) -> ExprId {
        let ty = self.policy.entities[entity].fields[field].ty.clone();
        self.push(Expr::Field { entity, row, field }, ty)
    }

    pub fn aggregate(
        &mut self,
        kind: AggregateKind,
        entity: EntityId,
        local: u32,
        value: Option<ExprId>,
        condition: Option<ExprId>,
    ) -> ExprId {
        let ty = match (kind, value) {
            (AggregateKind::Count, _) => Type::number(),
            (_, Some(value)) => self.policy.exprs.ty(value).clone(),
            (_, None) => Type::Bool,
        };
        self.push(Expr::Aggregate { kind, entity, local, value, condition }, ty)
    }

    /// Contenders with the rules above them, as the checker makes them (R4).
    pub fn finish(mut self) -> Policy {
        let count = self.policy.rules.len();
        let mut above = vec![vec![false; count]; count];
        for (id, rule) in self.policy.rules.iter() {
            for below in &rule.notwithstanding {
                above[below.index()][id.index()] = true;
            }
        }
        let plain = self.policy.rules.values().all(|rule| rule.notwithstanding.is_empty());
        for k in (0..count).filter(|_| !plain) {
            for i in 0..count {
                for j in 0..count {
                    above[i][j] |= above[i][k] && above[k][j];
                }
            }
        }
        for outcome in 0..self.policy.outcomes.len() {
            let id = OutcomeId::from_index(outcome);
            let mut waiting: Vec<RuleId> = self.policy.rules.ids().collect();
            let mut contenders: Vec<Contender> = Vec::new();
            let assigns = |rule: &Rule| rule.branches.iter().any(|b| b.assigns.iter().any(|a| a.0 == id));
            waiting.retain(|rule| assigns(&self.policy.rules[*rule]));
            while let Some(at) = waiting
                .iter()
                .position(|rule| !waiting.iter().any(|other| above[rule.index()][other.index()]))
            {
                let rule = waiting.remove(at);
                let mut clauses = Vec::new();
                for (branch, arm) in self.policy.rules[rule].branches.iter().enumerate() {
                    for (_, value) in arm.assigns.iter().filter(|assign| assign.0 == id) {
                        clauses.push(Clause { value: *value, branch: branch as u32 });
                    }
                }
                let places = contenders.iter().enumerate();
                let above = places
                    .filter(|(_, other)| above[rule.index()][other.rule.index()])
                    .map(|(at, _)| at as u32)
                    .collect();
                contenders.push(Contender { rule, clauses, above });
            }
            assert!(waiting.is_empty(), "a loop");
            self.policy.outcomes[id].contenders = contenders;
        }
        self.policy
    }
}

/// States one value for always.
pub fn state(facts: &mut Facts, fact: FactId, value: impl Into<Possible>) {
    facts.facts[fact] = Slot::fixed(value.into(), Span::default());
}

/// States a dated series.
pub fn series(values: &[(&str, &str, Possible)]) -> Slot {
    let mut statements: Vec<Statement> = values
        .iter()
        .map(|(from, known, value)| Statement {
            from: if from.is_empty() { Day::FIRST } else { day(from) },
            known: if known.is_empty() { Day::FIRST } else { day(known) },
            value: value.clone(),
            span: Span::default(),
        })
        .collect();
    statements.sort_by_key(|statement| (statement.from, statement.known));
    Slot { statements }
}

/// A stated table: keys with cells in the order of the fields after the key; `None`: an empty cell.
pub fn table(facts: &mut Facts, entity: EntityId, rows: &[(&str, Vec<Option<Possible>>)]) {
    let mut table = Rows::default();
    for (key, cells) in rows {
        let key_cell = Slot::fixed(Value::Text((*key).into()).into(), Span::default());
        let cells = cells.iter().map(|cell| match cell {
            Some(value) => Slot::fixed(value.clone(), Span::default()),
            None => Slot::default(),
        });
        let cells = std::iter::once(key_cell).chain(cells).collect();
        table.rows.insert((*key).into(), Row { cells, span: Span::default() });
    }
    facts.tables[entity] = Some(table);
}

/// An answer in one line: `25% by snapback`, `undetermined: 15, 25`.
pub fn say(policy: &Policy, answer: &Answer) -> String {
    let name = |reason: &crate::outcome::Reason| {
        let name = reason.rule.map_or("otherwise", |rule| policy.rules[rule].shown.as_str());
        if reason.doubtful { format!("{name}?") } else { name.to_owned() }
    };
    let possible: Vec<String> = answer
        .possible
        .iter()
        .map(|possibility| match possibility {
            Possibility::Value(Possible::One(Value::Number(number))) => number.to_string(),
            Possibility::Value(Possible::One(value)) => format!("{value:?}"),
            Possibility::Value(Possible::Numbers(range)) => {
                let end = |end: Option<&Number>| end.map_or("…".to_owned(), ToString::to_string);
                format!("{} to {}", end(range.lo()), end(range.hi()))
            }
            Possibility::Value(value) => format!("{value:?}"),
            other => format!("{other:?}").to_lowercase(),
        })
        .collect();
    let reasons: Vec<String> = answer.reasons.iter().map(name).collect();
    let by = if reasons.is_empty() { String::new() } else { format!(" by {}", reasons.join(", ")) };
    match answer.status {
        Status::Determined => format!("{}{by}", possible.join(", ")),
        Status::Undetermined => format!("undetermined: {}{by}", possible.join(", ")),
        status => format!("{}{by}", status.as_str()),
    }
}

pub fn ask(policy: &Policy, facts: &Facts, outcome: OutcomeId, point: Point) -> String {
    let mut run = Evaluator::new(policy, facts);
    let decided = run.decide(outcome, None, point);
    let answer = run.answer(outcome, None, point);
    let same = match (&decided, answer.status) {
        (crate::run::Decided::Value(value), Status::Determined) => answer.value() == Some(value),
        (crate::run::Decided::Undetermined, Status::Undetermined)
        | (crate::run::Decided::Gap, Status::Gap)
        | (crate::run::Decided::Conflict, Status::Conflict)
        | (crate::run::Decided::Error, Status::Error) => true,
        _ => false,
    };
    assert!(same, "{decided:?} but {answer:?}");
    say(policy, &answer)
}
