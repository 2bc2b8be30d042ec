//! A clause taken apart: what it says, part by part, in the normal form and as it is written.

use super::declared::type_shown;
use super::item::{ClauseKind, NamedItem};
use super::normal::Normal;
use crate::policy::{
    ArticleId, Branch, Citation, Dated, EntityId, ExprId, Fact, Lasting, OutcomeId, Rule, RuleId,
};
use crate::text::Span;

/// Which part of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
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

impl PartKind {
    pub fn word(self) -> &'static str {
        match self {
            PartKind::Title => "title",
            PartKind::Parties => "parties",
            PartKind::Binding => "binding",
            PartKind::Article => "article",
            PartKind::Citation => "citation",
            PartKind::Priority => "priority",
            PartKind::ForEach => "for each",
            PartKind::HeldBy => "held by",
            PartKind::Each => "each",
            PartKind::Order => "order",
            PartKind::Groups => "groups",
            PartKind::Starting => "starting",
            PartKind::Block => "running",
            PartKind::From => "from",
            PartKind::FromKnown => "known from",
            PartKind::Until => "until",
            PartKind::UntilKnown => "end known from",
            PartKind::Parameters => "parameters",
            PartKind::Type => "type",
            PartKind::OverTime => "over time",
            PartKind::Default => "default",
            PartKind::Where => "where",
            PartKind::Key => "key",
            PartKind::Dated => "dated by",
            PartKind::Known => "known by",
            PartKind::Scale => "unit",
            PartKind::Choices => "choices",
            PartKind::Columns => "columns",
            PartKind::Rows => "rows",
            PartKind::Rounding => "rounding",
            PartKind::Otherwise => "otherwise",
            PartKind::Requires => "requires",
            PartKind::Ends => "ends",
            PartKind::Condition => "condition",
            PartKind::Value => "value",
            PartKind::Lasting => "lasting",
            PartKind::Performance => "performance",
            PartKind::Deadline => "deadline",
            PartKind::Start => "start",
        }
    }

    /// Whether answers may depend on it: titles and citations say where a rule comes from, not what it does.
    pub fn bears(self) -> bool {
        !matches!(
            self,
            PartKind::Title | PartKind::Parties | PartKind::Binding | PartKind::Article | PartKind::Citation
        )
    }
}

/// How a part is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartText {
    /// As it stands in the text.
    Text(Span),
    Words(String),
}

/// One part as one side has it.
#[derive(Clone, Debug)]
pub(super) struct ClausePart {
    pub part: PartKind,
    /// Which of several: the second branch, the outcome assigned.
    pub of: String,
    /// In the normal form.
    pub normal: String,
    pub shown: PartText,
}

/// A clause of one side.
#[derive(Clone, Debug)]
pub(super) struct ComparedClause {
    pub kind: ClauseKind,
    /// None: a rule without a name, the agreement line, a unit, a calendar.
    pub item: Option<NamedItem>,
    /// Of a rule with or without a name; of a power its effect.
    pub rule: Option<RuleId>,
    /// By which it is found on the other side.
    pub token: String,
    /// As it is called.
    pub name: String,
    pub span: Span,
    pub parts: Vec<ClausePart>,
}

impl ComparedClause {
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
pub(super) struct PartBuilder<'n, 'a> {
    pub normal: &'n Normal<'a>,
    pub list: Vec<ClausePart>,
}

impl<'n, 'a> PartBuilder<'n, 'a> {
    pub fn new(normal: &'n Normal<'a>) -> PartBuilder<'n, 'a> {
        PartBuilder { normal, list: Vec::new() }
    }

    pub fn words(&mut self, part: PartKind, words: impl Into<String>) {
        let words = words.into();
        self.said(part, "", words.clone(), PartText::Words(words));
    }

    pub fn said(&mut self, part: PartKind, of: &str, normal: String, shown: PartText) {
        self.list.push(ClausePart { part, of: of.to_string(), normal, shown });
    }

    pub fn expr(&mut self, part: PartKind, of: &str, id: ExprId) {
        let span = self.normal.policy.exprs.span(id);
        self.said(part, of, self.normal.expr(id), PartText::Text(span));
    }

    pub fn title(&mut self, title: Option<&String>) {
        if let Some(title) = title {
            self.said(PartKind::Title, "", title.clone(), PartText::Words(format!("\"{title}\"")));
        }
    }

    pub fn for_each(&mut self, entity: Option<EntityId>) {
        if let Some(id) = entity {
            let name = self.normal.policy.entities[id].name.clone();
            self.said(PartKind::ForEach, "", self.normal.item(NamedItem::Entity(id)), PartText::Words(name));
        }
    }

    /// Article and citations.
    pub fn origin(&mut self, article: Option<ArticleId>, cites: &[Citation]) {
        let policy = self.normal.policy;
        if let Some(article) = article.and_then(|id| policy.articles.try_get(id)) {
            self.words(PartKind::Article, article.number.to_string());
        }
        if cites.is_empty() {
            return;
        }
        let place = |citation: &Citation| {
            citation.place.as_ref().map_or(String::new(), |place| format!(" \"{place}\""))
        };
        let mut normal: Vec<String> = cites
            .iter()
            .map(|it| format!("{}{}", self.normal.item(NamedItem::Instrument(it.instrument)), place(it)))
            .collect();
        normal.sort();
        normal.dedup();
        let shown: Vec<String> = cites
            .iter()
            .map(|it| format!("{}{}", policy.instruments[it.instrument].name, place(it)))
            .collect();
        self.said(PartKind::Citation, "", normal.join(", "), PartText::Words(shown.join(", ")));
    }

    pub fn window(&mut self, from: Option<&Dated>, until: Option<&Dated>) {
        let days =
            [(from, PartKind::From, PartKind::FromKnown), (until, PartKind::Until, PartKind::UntilKnown)];
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
        self.said(
            PartKind::Lasting,
            word,
            normal,
            PartText::Text(self.normal.policy.exprs.span(lasting.expr())),
        );
    }

    /// What a rule does; of an outcome alone if one is named.
    pub fn branches(&mut self, branches: &[Branch], only: Option<OutcomeId>) {
        let many = branches.len() > 1;
        for (at, branch) in branches.iter().enumerate() {
            let place = if many { format!("branch {}", at.saturating_add(1)) } else { String::new() };
            if let Some(condition) = branch.condition {
                self.expr(PartKind::Condition, &place, condition);
            } else if many {
                self.said(
                    PartKind::Condition,
                    &place,
                    "otherwise".to_string(),
                    PartText::Words("otherwise".to_string()),
                );
            }
            for (outcome, value) in &branch.assigns {
                if only.is_some_and(|only| only != *outcome) {
                    continue;
                }
                let token = self.normal.item(NamedItem::Outcome(*outcome));
                let normal = format!("{token} := {}", self.normal.expr(*value));
                let name = token.split_once(':').map_or(token.as_str(), |(_, name)| name);
                let of = if many { format!("{name}, {place}") } else { name.to_string() };
                self.said(
                    PartKind::Value,
                    &of,
                    normal,
                    PartText::Text(self.normal.policy.exprs.span(*value)),
                );
            }
        }
    }

    /// Of a fact or field.
    pub fn fact(&mut self, fact: &Fact) {
        let ty = self.normal.ty(&fact.ty);
        self.said(PartKind::Type, "", ty, PartText::Words(type_shown(self.normal, &fact.ty)));
        if fact.over_time {
            self.words(
                PartKind::OverTime,
                if fact.cumulative { "over time cumulative" } else { "over time" },
            );
        }
        if let Some(default) = fact.default {
            self.expr(PartKind::Default, "", default);
        }
        if let Some(condition) = fact.condition {
            self.expr(PartKind::Where, "", condition);
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

    pub fn finish(mut self) -> Vec<ClausePart> {
        // By part, so that the order of the parts in a head is no matter; branches keep theirs.
        self.list.sort_by(|a, b| (a.part, &a.of).cmp(&(b.part, &b.of)));
        self.list
    }
}
