//! Rules: heads, branches and clauses (R1).

use super::errors;
use super::names::Symbol;
use super::scope::Scope;
use super::{Checker, Placed, Priority};
use crate::policy::{self, Branch, Clause, Contender, Expr, ExprId, FoldId, Places, RuleId};
use crate::tree::{self, Head};

/// Every branch asks the conditions of all before it: their number is bounded.
const MOST_BRANCHES: usize = 1_000;

impl Checker<'_> {
    /// Enters a rule with its head; each part of the article's head holds where the rule does not say its own.
    pub(super) fn rule_shell(&mut self, rule: &tree::Rule, placed: &Placed) -> RuleId {
        let empty = Head::default();
        let outer = placed.article.map_or(&empty, |article| &article.head);
        let own = &rule.head;
        let each = own.for_each.as_ref().or(outer.for_each.as_ref());
        let cites = if own.cites.is_empty() { &outer.cites } else { &own.cites };
        let cites = self.citations(cites);
        let for_each = each.and_then(|each| self.entity_of(each));
        let name_span = rule.name.as_ref().map_or(placed.item.span, |name| name.span);
        let id = self.policy.rules.push(policy::Rule {
            name: rule.name.as_ref().map(|name| name.text.clone()),
            shown: rule.name.as_ref().map_or_else(|| self.anonymous(rule), |name| name.text.clone()),
            title: rule.title.as_ref().map(|title| title.text.clone()),
            doc: placed.item.doc.clone(),
            article: placed.article.and_then(|article| self.articles.get(&article.number).copied()),
            cites,
            for_each,
            from: None,
            until: None,
            branches: Vec::new(),
            lasting: None,
            versions: Vec::new(),
            power: None,
            notwithstanding: Vec::new(),
            subject_to: Vec::new(),
            span: placed.item.span,
            name_span,
        });
        if let Some(name) = &rule.name {
            self.enter_rule(name, id, [&own.from, &outer.from], [&own.until, &outer.until]);
        }
        let above =
            if own.notwithstanding.is_empty() { &outer.notwithstanding } else { &own.notwithstanding };
        let below = if own.subject_to.is_empty() { &outer.subject_to } else { &own.subject_to };
        for (list, above) in [(above, true), (below, false)] {
            for reference in list {
                self.priorities.push(Priority { rule: id, reference: reference.clone(), above });
            }
        }
        id
    }

    /// R10: shown by its first outcome and its place among the anonymous rules of that outcome.
    fn anonymous(&self, rule: &tree::Rule) -> String {
        let outcome = rule.body.branches.first().and_then(|branch| branch.assigns.first());
        let outcome = outcome.map_or("rule", |assign| assign.target.text.as_str());
        let before = self.policy.rules.values().filter(|known| {
            known.name.is_none() && known.shown.rsplit_once('#').is_some_and(|(name, _)| name == outcome)
        });
        format!("{outcome}#{}", before.count() + 1)
    }

    pub(super) fn citations(&mut self, cites: &[tree::Citation]) -> Vec<policy::Citation> {
        let mut made = Vec::new();
        for citation in cites {
            match self.names.get(&citation.source.text) {
                Some(Symbol::Instrument(instrument)) => made.push(policy::Citation {
                    instrument,
                    place: citation.place.as_ref().map(|place| place.text.clone()),
                }),
                found => {
                    let error = errors::source_wanted(self, &citation.source, found);
                    self.say(error);
                }
            }
        }
        made
    }

    pub(super) fn rule_body(&mut self, id: RuleId, rule: &tree::Rule, placed: &Placed) {
        let empty = Head::default();
        let outer = placed.article.map_or(&empty, |article| &article.head);
        let each = rule.head.for_each.as_ref().or(outer.for_each.as_ref());
        let entity = self.policy.rules[id].for_each;
        let mut scope = self.row_scope(entity, each);
        let from = rule.head.from.as_ref().or(outer.from.as_ref());
        let until = rule.head.until.as_ref().or(outer.until.as_ref());
        let from = from.and_then(|dated| self.dated(&mut scope, dated));
        let until = until.and_then(|dated| self.dated(&mut scope, dated));
        if rule.body.branches.len() > MOST_BRANCHES {
            self.say(errors::too_many_branches(
                placed.item.span.before(),
                rule.body.branches.len(),
                MOST_BRANCHES,
            ));
            return;
        }
        let mut branches = Vec::new();
        let mut sound = true;
        for (at, branch) in rule.body.branches.iter().enumerate() {
            let condition = branch.condition.as_ref().map(|condition| self.bool(&mut scope, condition));
            let assigns = self.assigns(&mut scope, id, &branch.assigns);
            let (condition, assigns) = match (condition, assigns) {
                (Some(Some(condition)), Some(assigns)) => (Some(condition), assigns),
                (None, Some(assigns)) => (None, assigns),
                _ => {
                    sound = false;
                    continue;
                }
            };
            self.contends(id, at, &assigns);
            branches.push(Branch { condition, assigns, span: branch.span });
        }
        let lasting = rule.body.lasting.as_ref().and_then(|lasting| self.lasting(&mut scope, lasting));
        let made = &mut self.policy.rules[id];
        made.from = from;
        made.until = until;
        made.lasting = lasting;
        if sound {
            made.branches = branches;
        }
    }

    /// Enters a branch of a rule among the contenders of what it assigns.
    pub(super) fn contends(&mut self, id: RuleId, branch: usize, assigns: &[(policy::OutcomeId, ExprId)]) {
        for (outcome, value) in assigns {
            let clause = Clause { value: *value, branch: u32::try_from(branch).unwrap_or(u32::MAX) };
            let contenders = &mut self.policy.outcomes[*outcome].contenders;
            // The branches of a rule come one after the other.
            match contenders.last_mut().filter(|contender| contender.rule == id) {
                Some(contender) => contender.clauses.push(clause),
                None => {
                    let above = Places::default();
                    contenders.push(Contender { rule: id, clauses: vec![clause], above });
                }
            }
        }
    }

    pub(super) fn assigns(
        &mut self,
        scope: &mut Scope,
        rule: RuleId,
        assigns: &[tree::Assign],
    ) -> Option<Vec<(policy::OutcomeId, ExprId)>> {
        let mut made: Vec<(policy::OutcomeId, ExprId)> = Vec::new();
        let mut sound = true;
        for assign in assigns {
            let Some(outcome) = self.outcome_named(&assign.target) else {
                sound = false;
                continue;
            };
            if made.iter().any(|(known, _)| *known == outcome) {
                self.say(errors::assigned_twice(&assign.target));
                sound = false;
            }
            let (ty, each) =
                (self.policy.outcomes[outcome].ty.clone(), self.policy.outcomes[outcome].for_each);
            if each != self.policy.rules[rule].for_each {
                let error = errors::rows_differ(self, rule, outcome, &assign.target);
                self.say(error);
                sound = false;
                continue;
            }
            match self.typed(scope, &assign.value, &ty) {
                Some(value) => made.push((outcome, value)),
                None => sound = false,
            }
        }
        sound.then_some(made)
    }

    /// A day of a head; that it does not move is asked when everything is known, in [`Checker::windows`].
    pub(super) fn dated(&mut self, scope: &mut Scope, dated: &tree::Dated) -> Option<policy::Dated> {
        let day = self.date(scope, &dated.day);
        let known = dated.known.as_ref().map(|known| self.date(scope, known));
        Some(policy::Dated {
            day: day?,
            known: match known {
                Some(known) => Some(known?),
                None => None,
            },
        })
    }

    /// R2: the days of a head read neither today nor what changes from day to day.
    pub(super) fn windows(&mut self) {
        let mut moving = Vec::new();
        let rules = self.policy.rules.values().map(|rule| [&rule.from, &rule.until]);
        let duties = self.policy.duties.values().map(|duty| [&duty.from, &duty.until]);
        // The window of a power is that of its rule.
        for dated in rules.chain(duties).flatten().flatten() {
            let days = std::iter::once(dated.day).chain(dated.known);
            moving.extend(days.filter_map(|day| self.moving(day, &mut Vec::new())));
        }
        for at in moving {
            self.say(errors::window_moves(self.policy.exprs.span(at)));
        }
    }

    /// What in an expression may differ from day to day, if anything is seen directly. A running total is looked at once.
    fn moving(&self, id: ExprId, seen: &mut Vec<FoldId>) -> Option<ExprId> {
        let here = match self.policy.exprs.node(id) {
            Expr::Today
            | Expr::By { .. }
            | Expr::Outcome { .. }
            | Expr::LastStart(_)
            | Expr::Duty { .. }
            | Expr::Power { .. }
            | Expr::Act { .. }
            | Expr::ActCount { .. } => true,
            Expr::Fact(fact) => self.policy.facts[*fact].over_time,
            Expr::Field { entity, field, .. } => self.policy.entities[*entity].fields[*field].over_time,
            // Its rows come one by one (T9).
            Expr::Aggregate { entity, .. } => self.policy.entities[*entity].dated.is_some(),
            _ => self.policy.asks_dated_annex(id),
        };
        if here {
            return Some(id);
        }
        let mut found = None;
        let mut operands = self.policy.exprs.parts(id);
        match self.policy.exprs.node(id) {
            Expr::Define { id, .. } => operands.push(self.policy.defines[*id].value),
            Expr::Call { function, .. } => operands.push(self.policy.functions[*function].value),
            Expr::Fact(fact) => operands.extend(self.policy.facts[*fact].default),
            Expr::Field { entity, field, .. } => {
                operands.extend(self.policy.entities[*entity].fields[*field].default);
            }
            Expr::Running(id) if !seen.contains(id) => {
                seen.push(*id);
                let fold = &self.policy.folds[*id];
                operands.extend(fold.keys.iter().chain(&fold.per).chain([&fold.starting, &fold.next]));
            }
            _ => {}
        }
        for operand in operands {
            found = found.or_else(|| self.moving(operand, seen));
        }
        found
    }
}
