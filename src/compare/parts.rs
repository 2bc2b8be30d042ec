//! A clause taken apart: what it says, part by part, in the normal form and as it is written.

use super::declared::type_shown;
use super::item::{Item, Kind};
use super::normal::Normal;
use crate::policy::{
    ArticleId, Branch, Citation, Dated, EntityId, ExprId, Fact, Lasting, OutcomeId, Rule, RuleId,
};
use crate::text::Span;

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
