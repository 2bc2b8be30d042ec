//! A clause taken apart: what it says, part by part, in the normal form and as it is written.

use super::item::{Item, Kind};
use super::normal::{Normal, period_word, rounding};
use crate::policy::{
    AnnexId, ArticleId, Branch, Citation, Column, Dated, EntityId, ExprId, Fact, Lasting, OutcomeId, Rule,
    RuleId, Type,
};
use crate::text::Span;
use crate::value::wire;

/// Which part of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Title,
    Parties,
    Binding,
    Article,
    Citation,
    Priority,
    ForEach,
    HeldBy,
    Each,
    Order,
    Groups,
    Starting,
    Block,
    From,
    FromKnown,
    Until,
    UntilKnown,
    Parameters,
    Type,
    OverTime,
    Default,
    Where,
    Key,
    Dated,
    Known,
    Scale,
    Choices,
    Columns,
    Rows,
    Rounding,
    Otherwise,
    Requires,
    Ends,
    Condition,
    Value,
    Lasting,
    Performance,
    Deadline,
    Start,
}

impl Part {
    pub fn word(self) -> &'static str {
        match self {
            Part::Title => "title",
            Part::Parties => "parties",
            Part::Binding => "binding",
            Part::Article => "article",
            Part::Citation => "citation",
            Part::Priority => "priority",
            Part::ForEach => "for each",
            Part::HeldBy => "held by",
            Part::Each => "each",
            Part::Order => "order",
            Part::Groups => "groups",
            Part::Starting => "starting",
            Part::Block => "running",
            Part::From => "from",
            Part::FromKnown => "known from",
            Part::Until => "until",
            Part::UntilKnown => "end known from",
            Part::Parameters => "parameters",
            Part::Type => "type",
            Part::OverTime => "over time",
            Part::Default => "default",
            Part::Where => "where",
            Part::Key => "key",
            Part::Dated => "dated by",
            Part::Known => "known by",
            Part::Scale => "unit",
            Part::Choices => "choices",
            Part::Columns => "columns",
            Part::Rows => "rows",
            Part::Rounding => "rounding",
            Part::Otherwise => "otherwise",
            Part::Requires => "requires",
            Part::Ends => "ends",
            Part::Condition => "condition",
            Part::Value => "value",
            Part::Lasting => "lasting",
            Part::Performance => "performance",
            Part::Deadline => "deadline",
            Part::Start => "start",
        }
    }

    /// Whether answers may depend on it: titles and citations say where a rule comes from, not what it does.
    pub fn bears(self) -> bool {
        !matches!(self, Part::Title | Part::Parties | Part::Binding | Part::Article | Part::Citation)
    }
}

/// How a part is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As it stands in the text.
    Text(Span),
    Words(String),
}

/// One part as one side has it.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub part: Part,
    /// Which of several: the second branch, the outcome assigned.
    pub of: String,
    /// In the normal form.
    pub normal: String,
    pub shown: Shown,
}

/// A clause of one side.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub kind: Kind,
    /// None: a rule without a name, the agreement line, a unit, a calendar.
    pub item: Option<Item>,
    /// Of a rule with or without a name; of a power its effect.
    pub rule: Option<RuleId>,
    /// By which it is found on the other side.
    pub token: String,
    /// As it is called.
    pub name: String,
    pub span: Span,
    pub parts: Vec<Said>,
}

impl Clause {
    /// All that it says but for where it comes from; what two clauses must share to be one under two names.
    pub fn text(&self) -> String {
        let parts = self.parts.iter().filter(|said| said.part.bears());
        let parts: Vec<String> =
            parts.map(|said| format!("{:?} {}: {}", said.part, said.of, said.normal)).collect();
        format!("{:?}\n{}", self.kind, parts.join("\n"))
    }

    /// The same with title and citations.
    pub fn whole(&self) -> String {
        let parts: Vec<String> =
            self.parts.iter().map(|said| format!("{:?} {}: {}", said.part, said.of, said.normal)).collect();
        parts.join("\n")
    }
}

/// Puts the parts of one clause together.
pub(super) struct Parts<'n, 'a> {
    pub normal: &'n Normal<'a>,
    pub list: Vec<Said>,
}

impl<'n, 'a> Parts<'n, 'a> {
    pub fn new(normal: &'n Normal<'a>) -> Parts<'n, 'a> {
        Parts { normal, list: Vec::new() }
    }

    pub fn words(&mut self, part: Part, words: impl Into<String>) {
        let words = words.into();
        self.said(part, "", words.clone(), Shown::Words(words));
    }

    pub fn said(&mut self, part: Part, of: &str, normal: String, shown: Shown) {
        self.list.push(Said { part, of: of.to_string(), normal, shown });
    }

    pub fn expr(&mut self, part: Part, of: &str, id: ExprId) {
        let span = self.normal.policy.exprs.span(id);
        self.said(part, of, self.normal.expr(id), Shown::Text(span));
    }

    pub fn title(&mut self, title: Option<&String>) {
        if let Some(title) = title {
            self.said(Part::Title, "", title.clone(), Shown::Words(format!("\"{title}\"")));
        }
    }

    pub fn for_each(&mut self, entity: Option<EntityId>) {
        if let Some(id) = entity {
            let name = self.normal.policy.entities[id].name.clone();
            self.said(Part::ForEach, "", self.normal.item(Item::Entity(id)), Shown::Words(name));
        }
    }

    /// Article and citations.
    pub fn origin(&mut self, article: Option<ArticleId>, cites: &[Citation]) {
        let policy = self.normal.policy;
        if let Some(article) = article.and_then(|id| policy.articles.try_get(id)) {
            self.words(Part::Article, article.number.to_string());
        }
        if cites.is_empty() {
            return;
        }
        let place = |citation: &Citation| {
            citation.place.as_ref().map_or(String::new(), |place| format!(" \"{place}\""))
        };
        let mut normal: Vec<String> = cites
            .iter()
            .map(|it| format!("{}{}", self.normal.item(Item::Instrument(it.instrument)), place(it)))
            .collect();
        normal.sort();
        normal.dedup();
        let shown: Vec<String> = cites
            .iter()
            .map(|it| format!("{}{}", policy.instruments[it.instrument].name, place(it)))
            .collect();
        self.said(Part::Citation, "", normal.join(", "), Shown::Words(shown.join(", ")));
    }

    pub fn window(&mut self, from: Option<&Dated>, until: Option<&Dated>) {
        let days = [(from, Part::From, Part::FromKnown), (until, Part::Until, Part::UntilKnown)];
        for (dated, day, known) in days {
            if let Some(dated) = dated {
                self.expr(day, "", dated.day);
                if let Some(id) = dated.known {
                    self.expr(known, "", id);
                }
            }
        }
    }

    pub fn lasting(&mut self, lasting: Option<Lasting>) {
        let Some(lasting) = lasting else { return };
        let word = match lasting {
            Lasting::Until(_) => "until",
            Lasting::For(..) => "for",
        };
        let normal = format!("{word} {}", self.normal.expr(lasting.expr()));
        self.said(Part::Lasting, word, normal, Shown::Text(self.normal.policy.exprs.span(lasting.expr())));
    }

    /// What a rule does; of an outcome alone if one is named.
    pub fn branches(&mut self, branches: &[Branch], only: Option<OutcomeId>) {
        let many = branches.len() > 1;
        for (at, branch) in branches.iter().enumerate() {
            let place = if many { format!("branch {}", at.saturating_add(1)) } else { String::new() };
            if let Some(condition) = branch.condition {
                self.expr(Part::Condition, &place, condition);
            } else if many {
                self.said(
                    Part::Condition,
                    &place,
                    "otherwise".to_string(),
                    Shown::Words("otherwise".to_string()),
                );
            }
            for (outcome, value) in &branch.assigns {
                if only.is_some_and(|only| only != *outcome) {
                    continue;
                }
                let token = self.normal.item(Item::Outcome(*outcome));
                let normal = format!("{token} := {}", self.normal.expr(*value));
                let name = token.split_once(':').map_or(token.as_str(), |(_, name)| name);
                let of = if many { format!("{name}, {place}") } else { name.to_string() };
                self.said(Part::Value, &of, normal, Shown::Text(self.normal.policy.exprs.span(*value)));
            }
        }
    }

    /// Of a fact or field.
    pub fn fact(&mut self, fact: &Fact) {
        let ty = self.normal.ty(&fact.ty);
        self.said(Part::Type, "", ty, Shown::Words(type_shown(self.normal, &fact.ty)));
        if fact.over_time {
            self.words(Part::OverTime, if fact.cumulative { "over time cumulative" } else { "over time" });
        }
        if let Some(default) = fact.default {
            self.expr(Part::Default, "", default);
        }
        if let Some(condition) = fact.condition {
            self.expr(Part::Where, "", condition);
        }
    }

    /// Of a rule, without its rank among others; of an outcome alone if one is named.
    pub fn rule(&mut self, rule: &Rule, only: Option<OutcomeId>) {
        self.title(rule.title.as_ref());
        self.origin(rule.article, &rule.cites);
        self.for_each(rule.for_each);
        self.window(rule.from.as_ref(), rule.until.as_ref());
        self.branches(&rule.branches, only);
        self.lasting(rule.lasting);
    }

    pub fn finish(mut self) -> Vec<Said> {
        // By part, so that the order of the parts in a head is no matter; branches keep theirs.
        self.list.sort_by(|a, b| (a.part, &a.of).cmp(&(b.part, &b.of)));
        self.list
    }
}

/// A type in the words of the policy.
pub(super) fn type_shown(normal: &Normal<'_>, ty: &Type) -> String {
    match ty {
        Type::Enum(id) => normal.policy.enums[*id].name.clone(),
        Type::Row(id) => normal.policy.entities[*id].name.clone(),
        other => normal.ty(other),
    }
}

/// The clause that declares a named thing.
pub(super) fn clause(normal: &Normal<'_>, item: Item, token: String) -> Clause {
    let policy = normal.policy;
    let mut parts = Parts::new(normal);
    let mut rule = None;
    let span = match item {
        Item::Instrument(id) => {
            let instrument = &policy.instruments[id];
            parts.title(Some(&instrument.title));
            if let Some(binding) = instrument.binding {
                parts.words(Part::Binding, if binding { "binding" } else { "non-binding" });
            }
            instrument.span
        }
        Item::Holder(id) => {
            let holder = &policy.holders[id];
            parts.title(holder.title.as_ref());
            if let Some(of) = &holder.of {
                parts.words(Part::Parties, of.clone());
            }
            holder.span
        }
        Item::Enum(id) => {
            let the = &policy.enums[id];
            let choices = (0..the.choices.len()).map(|at| nested(the, at));
            let mut normal: Vec<String> = choices.collect();
            normal.sort();
            let shown = the.choices.iter().map(|choice| choice.name.as_str()).collect::<Vec<_>>().join(", ");
            parts.said(Part::Choices, "", normal.join(", "), Shown::Words(shown));
            the.span
        }
        Item::Fact(id) => {
            parts.fact(&policy.facts[id]);
            policy.facts[id].span
        }
        Item::Field(entity, field) => {
            let field = &policy.entities[entity].fields[field];
            parts.fact(field);
            field.span
        }
        Item::Entity(id) => {
            let entity = &policy.entities[id];
            let fields =
                [(Part::Key, Some(entity.key)), (Part::Dated, entity.dated), (Part::Known, entity.known)];
            for (part, field) in fields {
                if let Some(field) = field {
                    let shown = Shown::Words(entity.fields[field].name.clone());
                    parts.said(part, "", normal.item(Item::Field(id, field)), shown);
                }
            }
            entity.span
        }
        Item::Annex(id) => {
            annex(&mut parts, id);
            policy.annexes[id].span
        }
        Item::Define(id) => {
            let define = &policy.defines[id];
            parts.for_each(define.for_each);
            if let Some((fold, _)) = define.block {
                let shown = Shown::Words(policy.folds[fold].name.clone());
                parts.said(Part::Block, "", normal.item(Item::Fold(fold)), shown);
            }
            parts.expr(Part::Value, "", define.value);
            define.span
        }
        Item::Function(id) => {
            let function = &policy.functions[id];
            let types = |show: &dyn Fn(&Type) -> String| {
                function.params.iter().map(|(_, ty)| show(ty)).collect::<Vec<_>>().join(", ")
            };
            let shown = Shown::Words(types(&|ty| type_shown(normal, ty)));
            parts.said(Part::Parameters, "", types(&|ty| normal.ty(ty)), shown);
            let shown = Shown::Words(type_shown(normal, &function.ty));
            parts.said(Part::Type, "", normal.ty(&function.ty), shown);
            parts.expr(Part::Value, "", function.value);
            function.span
        }
        Item::Fold(id) => {
            let fold = &policy.folds[id];
            parts.for_each(Some(fold.entity));
            // The order of the keys counts, that of the groups does not.
            for (part, list) in [(Part::Order, &fold.keys), (Part::Groups, &fold.per)] {
                let mut keys: Vec<String> = list.iter().map(|key| normal.expr(*key)).collect();
                if part == Part::Groups {
                    keys.sort();
                }
                if let (Some(first), Some(last)) = (list.first(), list.last()) {
                    let span = policy.exprs.span(*first).to(policy.exprs.span(*last));
                    parts.said(part, "", keys.join(", "), Shown::Text(span));
                }
            }
            parts.expr(Part::Starting, "", fold.starting);
            parts.expr(Part::Value, "", fold.next);
            parts.said(Part::Type, "", normal.ty(&fold.ty), Shown::Words(type_shown(normal, &fold.ty)));
            fold.span
        }
        Item::Outcome(id) => {
            let outcome = &policy.outcomes[id];
            parts.said(Part::Type, "", normal.ty(&outcome.ty), Shown::Words(type_shown(normal, &outcome.ty)));
            parts.for_each(outcome.for_each);
            if let Some((mode, step)) = &outcome.rounded {
                parts.words(Part::Rounding, format!("{} to {}", rounding(*mode), wire(step)));
            }
            if let Some(otherwise) = outcome.otherwise {
                parts.expr(Part::Otherwise, "", otherwise);
            }
            outcome.span
        }
        Item::Rule(id) => {
            parts.rule(&policy.rules[id], None);
            rule = Some(id);
            policy.rules[id].span
        }
        Item::Duty(id) => {
            let duty = &policy.duties[id];
            parts.title(duty.title.as_ref());
            parts.origin(duty.article, &duty.cites);
            parts.for_each(duty.for_each);
            if let Some(period) = duty.each {
                parts.words(Part::Each, period_word(period));
            }
            let holder = policy.holders[duty.holder].name.clone();
            parts.said(Part::HeldBy, "", normal.item(Item::Holder(duty.holder)), Shown::Words(holder));
            parts.window(duty.from.as_ref(), duty.until.as_ref());
            if let Some(condition) = duty.condition {
                parts.expr(Part::Condition, "", condition);
            }
            parts.expr(Part::Performance, "", duty.performance);
            parts.expr(Part::Deadline, "", duty.deadline);
            if let Some(start) = duty.start {
                parts.expr(Part::Start, "", start);
            }
            duty.span
        }
        Item::Power(id) => {
            power(&mut parts, id);
            rule = Some(policy.powers[id].rule);
            policy.powers[id].span
        }
        Item::Guarantee(id) => {
            let guarantee = &policy.guarantees[id];
            parts.for_each(guarantee.for_each);
            for (part, day) in [(Part::From, guarantee.from), (Part::Until, guarantee.until)] {
                if let Some(day) = day {
                    parts.expr(part, "", day);
                }
            }
            parts.expr(Part::Condition, "", guarantee.what);
            guarantee.span
        }
    };
    let name = item.name(policy);
    Clause { kind: item.kind(), item: Some(item), rule, token, name, span, parts: parts.finish() }
}

/// A choice with those it is nested in.
fn nested(the: &crate::policy::Enum, at: usize) -> String {
    let Ok(place) = u16::try_from(at) else { return String::new() };
    let within = (0..=place).filter(|outer| the.under(place, *outer)).map(|outer| the.choice(outer));
    within.collect::<Vec<_>>().join("/")
}

fn annex(parts: &mut Parts<'_, '_>, id: AnnexId) {
    let normal = parts.normal;
    let annex = &normal.policy.annexes[id];
    let table = |show: &dyn Fn(&Type) -> String| {
        let keys: Vec<String> = annex.keys.iter().map(show).collect();
        let column = |column: &Column| match &column.name {
            Some(name) => format!("{name} : {}", show(&column.ty)),
            None => show(&column.ty),
        };
        let columns: Vec<String> = annex.columns.iter().map(column).collect();
        format!("({}) -> {}", keys.join(", "), columns.join(", "))
    };
    let shown = Shown::Words(table(&|ty| type_shown(normal, ty)));
    parts.said(Part::Columns, "", table(&|ty| normal.ty(ty)), shown);
    let mut rows = Vec::with_capacity(annex.rows.len());
    for (keys, row) in &annex.rows {
        let cells = annex.cells.get(*row as usize).map_or(&[][..], Vec::as_slice);
        let cells = cells.iter().zip(&annex.columns).map(|(cell, column)| {
            cell.as_ref().map_or_else(|| "unknown".to_string(), |value| normal.value(&column.ty, value))
        });
        rows.push(format!("{keys:?}: {}", cells.collect::<Vec<_>>().join(", ")));
    }
    let shown = Shown::Words(crate::diag::count(rows.len(), "row"));
    parts.said(Part::Rows, "", rows.join("\n"), shown);
}

fn power(parts: &mut Parts<'_, '_>, id: crate::policy::PowerId) {
    let normal = parts.normal;
    let policy = normal.policy;
    let power = &policy.powers[id];
    parts.title(power.title.as_ref());
    parts.origin(power.article, &power.cites);
    parts.for_each(power.for_each);
    let holder = policy.holders[power.holder].name.clone();
    parts.said(Part::HeldBy, "", normal.item(Item::Holder(power.holder)), Shown::Words(holder));
    if !power.params.is_empty() {
        let list = |show: &dyn Fn(&Type) -> String| {
            let one = |param: &crate::policy::Param| format!("{} : {}", param.name, show(&param.ty));
            power.params.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let shown = Shown::Words(list(&|ty| type_shown(normal, ty)));
        parts.said(Part::Parameters, "", list(&|ty| normal.ty(ty)), shown);
    }
    parts.window(power.from.as_ref(), power.until.as_ref());
    // What names a parameter is judged of an act only (O5); within each kind it is no matter how it is cut up.
    for (of_act, of) in [(false, ""), (true, "an act")] {
        let requires = power.requires.iter().filter(|one| one.of_act == of_act);
        let requires: Vec<ExprId> = requires.map(|requirement| requirement.what).collect();
        if let (Some(first), Some(last)) = (requires.first(), requires.last()) {
            let span = policy.exprs.span(*first).to(policy.exprs.span(*last));
            parts.said(Part::Requires, of, normal.conjuncts(&requires), Shown::Text(span));
        }
    }
    if !power.ends.is_empty() {
        let mut ends: Vec<String> = power.ends.iter().map(|id| normal.item(Item::Power(*id))).collect();
        ends.sort();
        let shown: Vec<String> = power.ends.iter().map(|id| policy.powers[*id].name.clone()).collect();
        parts.said(Part::Ends, "", ends.join(", "), Shown::Words(shown.join(", ")));
    }
    let effect = &policy.rules[power.rule];
    parts.branches(&effect.branches, None);
    parts.lasting(effect.lasting);
}
