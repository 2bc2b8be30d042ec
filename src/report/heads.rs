//! Who says so: a rule with its title, article and citations.

use super::Report;
use crate::outcome::{Reason, Status};
use crate::policy::{ArticleId, Citation, RuleId};

impl Report<'_> {
    /// `snapback "Title", article 2: EO14345 "sec. 6(b)", MOU`
    pub(super) fn rule(&self, id: RuleId) -> String {
        let rule = &self.words.policy.rules[id];
        let title = rule.title.as_ref().map_or(String::new(), |title| format!(" \"{title}\""));
        format!("{}{title}{}", rule.shown, self.sourced(rule.article, &rule.cites))
    }

    /// `, article 2: EO14345 "sec. 6(b)", MOU`
    pub(super) fn sourced(&self, article: Option<ArticleId>, cites: &[Citation]) -> String {
        let article = article.and_then(|id| self.words.policy.articles.try_get(id));
        let article = article.map_or(String::new(), |article| format!(", article {}", article.number));
        let cites: Vec<String> = cites.iter().map(|citation| self.short(citation)).collect();
        if cites.is_empty() { article } else { format!("{article}: {}", cites.join(", ")) }
    }

    /// The rule of a reason, or the `otherwise` of its outcome.
    pub(super) fn reason(&self, reason: &Reason, status: Status) -> String {
        let who = reason.rule.map_or_else(|| "otherwise".to_string(), |rule| self.rule(rule));
        let act = reason.act.map_or(String::new(), |act| format!(", done {}", self.act_told(act)));
        format!("{who}{act}{}", doubt(reason, status))
    }

    /// The same in few words: `snapback, article 2`.
    pub(super) fn short_reason(&self, reason: &Reason, status: Status) -> String {
        let policy = self.words.policy;
        let who = match reason.rule {
            None => "otherwise".to_string(),
            Some(id) => {
                let rule = &policy.rules[id];
                match rule.article.and_then(|id| policy.articles.try_get(id)) {
                    Some(article) => format!("{}, article {}", rule.shown, article.number),
                    None => rule.shown.clone(),
                }
            }
        };
        format!("{who}{}", doubt(reason, status))
    }

    fn short(&self, citation: &Citation) -> String {
        let name = &self.words.policy.instruments[citation.instrument].name;
        match &citation.place {
            Some(place) => format!("{name} \"{place}\""),
            None => name.clone(),
        }
    }

    /// Article, citations and place of a rule, in full.
    pub(super) fn credentials(&mut self, indent: usize, id: RuleId) {
        for line in self.article_and_sources(id) {
            self.page.line(indent, &line);
        }
        let place = self.words.place(self.words.policy.rules[id].name_span);
        self.page.raw(indent, &format!("at {place}"));
    }

    pub(super) fn article_and_sources(&self, id: RuleId) -> Vec<String> {
        let rule = &self.words.policy.rules[id];
        self.sources_of(rule.article, &rule.cites)
    }

    pub(super) fn sources_of(&self, article: Option<ArticleId>, cites: &[Citation]) -> Vec<String> {
        let policy = self.words.policy;
        let mut lines = Vec::new();
        if let Some(article) = article.and_then(|id| policy.articles.try_get(id)) {
            let title = article.title.as_ref().map_or(String::new(), |title| format!(" \"{title}\""));
            lines.push(format!("article {}{title}", article.number));
        }
        for citation in cites {
            let instrument = &policy.instruments[citation.instrument];
            let binding = match instrument.binding {
                Some(true) => " (binding)",
                Some(false) => " (not binding)",
                None => "",
            };
            lines.push(format!("cites {}: {}{binding}", self.short(citation), instrument.title));
        }
        lines
    }

    /// The name of a rule, in ticks.
    pub(super) fn ticked(&self, id: RuleId) -> String {
        crate::diag::tick(&self.words.policy.rules[id].shown)
    }
}

/// What is to be said of a rule that may or may not apply.
fn doubt(reason: &Reason, status: Status) -> &'static str {
    match (reason.doubtful, reason.rule, status) {
        (false, ..) => "",
        (true, Some(_), Status::Determined) => " (whether or not it applies)",
        (true, Some(_), _) => " (may apply)",
        (true, None, _) => " (if no rule applies)",
    }
}
