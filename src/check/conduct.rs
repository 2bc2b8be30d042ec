//! Holders, duties and powers: the names they enter, and what they say.

use super::declare::LATER;
use super::errors;
use super::names::Symbol;
use super::scope::{EDGES, Scope};
use super::types::DeclaredType;
use super::{Checker, Placed, Priority};
use crate::policy::{
    self, Branch, DutyId, Expr, ExprId, HolderId, Id, Lasting, Op, PowerId, Requirement, RuleId, Type,
};
use crate::tree::{self, AddOp, Deadline, Decl, Name};
use crate::value::{DurationKind, Value};

/// What is read of every act, so that no parameter can be called so.
const OF_EVERY_ACT: [&str; 2] = ["on", "by"];

impl Checker<'_> {
    /// O1: the parties of the agreement, then the offices.
    pub(super) fn holders(&mut self, items: &[Placed]) {
        let mut parties: Vec<&Name> = Vec::new();
        for placed in items {
            if let Decl::Agreement(agreement) = &placed.item.kind {
                for party in &agreement.parties {
                    match parties.iter().find(|known| known.text == party.text) {
                        Some(first) => self.say(errors::party_twice(party, first.span)),
                        None => parties.push(party),
                    }
                }
            }
        }
        for party in &parties {
            self.policy.holders.push(policy::Holder {
                name: party.text.clone(),
                title: None,
                of: None,
                office: false,
                span: party.span,
            });
        }
        for placed in items {
            let Decl::Office(office) = &placed.item.kind else { continue };
            self.enter(&office.name, Symbol::Office);
            if let Some(party) = parties.iter().find(|party| party.text == office.name.text) {
                self.say(errors::office_is_party(&office.name, party.span));
            }
            if let Some(of) = &office.party
                && !parties.is_empty()
                && !parties.iter().any(|party| party.text == of.text)
            {
                self.say(errors::party_wanted(of, parties.iter().map(|party| party.text.as_str())));
            }
            self.policy.holders.push(policy::Holder {
                name: office.name.text.clone(),
                title: office.title.as_ref().map(|title| title.text.clone()),
                of: office.party.as_ref().map(|party| party.text.clone()),
                office: true,
                span: office.name.span,
            });
        }
    }

    /// Who is named by `held by`. That it is written is the grammar's to ask.
    fn holders_of(&mut self, held: Option<&tree::HeldBy>) -> policy::Holders {
        let Some(held) = held else { return policy::Holders::one(HolderId(0)) };
        let mut list: Vec<HolderId> = held.names.iter().map(|name| self.holder(name)).collect();
        for (place, name) in held.names.iter().enumerate() {
            if let Some(first) = held.names.iter().take(place).find(|first| first.text == name.text) {
                self.say(errors::holder_twice(name, first.span));
            }
        }
        list.sort_unstable();
        policy::Holders { list, together: held.together }
    }

    fn holder(&mut self, name: &Name) -> HolderId {
        let known = self.policy.holders.iter().find(|(_, holder)| holder.name == name.text);
        match known.map(|(id, _)| id) {
            Some(id) => id,
            None => {
                let error = errors::holder_wanted(self, name, self.names.get(&name.text));
                self.say(error);
                HolderId(0)
            }
        }
    }

    pub(super) fn duty_shell(&mut self, duty: &tree::Obligation, placed: &Placed) -> DutyId {
        let head = &duty.head;
        let held_by = self.holders_of(head.held_by.as_ref());
        let cites = self.cited(head, placed);
        let for_each = head.for_each.as_ref().and_then(|each| self.entity_of(each));
        let each = head.each.as_ref().map(|(period, _)| self.recurrence(period));
        let id = self.policy.duties.push(policy::Duty {
            name: duty.name.text.clone(),
            title: duty.title.as_ref().map(|title| title.text.clone()),
            doc: placed.item.doc.clone(),
            article: self.article_of(placed),
            cites,
            for_each,
            each,
            held_by,
            from: None,
            until: None,
            condition: None,
            performance: LATER,
            deadline: LATER,
            start: None,
            span: placed.item.span,
            name_span: duty.name.span,
        });
        self.enter(&duty.name, Symbol::Duty(id));
        if let (Some((_, span)), None) = (&head.each, &head.from) {
            self.say(errors::no_beginning(&duty.name, *span));
        }
        id
    }

    pub(super) fn duty_body(&mut self, id: DutyId, duty: &tree::Obligation) {
        let head = &duty.head;
        let mut scope = self.row_scope(self.policy.duties[id].for_each, head.for_each.as_ref());
        let from = head.from.as_ref().and_then(|dated| self.dated(&mut scope, dated));
        let until = head.until.as_ref().and_then(|dated| self.dated(&mut scope, dated));
        if head.each.is_some() {
            EDGES.iter().for_each(|edge| scope.add(edge, Type::Date));
        }
        let condition = duty.condition.as_ref().map(|condition| self.bool(&mut scope, condition));
        let performance = self.bool(&mut scope, &duty.performance);
        let (start, deadline) = match &duty.deadline {
            Deadline::By(day) => (None, self.date(&mut scope, day)),
            Deadline::Within { wait, start } => {
                let start = self.date(&mut scope, start);
                let waited = self.duration(&mut scope, wait);
                let deadline = start.zip(waited).map(|(day, (wait_id, kind))| {
                    let shift = Expr::Op(Op::Shift { day, sign: AddOp::Plus, wait: wait_id, kind });
                    self.push(shift, Type::Date, wait.span)
                });
                (start, deadline)
            }
        };
        let made = &mut self.policy.duties[id];
        made.from = from;
        made.until = until;
        made.condition = condition.flatten();
        made.performance = performance.unwrap_or(LATER);
        made.start = start;
        made.deadline = deadline.unwrap_or(LATER);
    }

    /// A power with its effect, which is a rule (O4).
    pub(super) fn power_shell(&mut self, power: &tree::Power, placed: &Placed) -> PowerId {
        let head = &power.head;
        let held_by = self.holders_of(head.held_by.as_ref());
        let cites = self.cited(head, placed);
        let for_each = head.for_each.as_ref().and_then(|each| self.entity_of(each));
        let params = self.params(power);
        let id = PowerId::from_index(self.policy.powers.len());
        let title = power.title.as_ref().map(|title| title.text.clone());
        let article = self.article_of(placed);
        let rule = self.policy.rules.push(policy::Rule {
            name: Some(power.name.text.clone()),
            shown: power.name.text.clone(),
            title: title.clone(),
            doc: placed.item.doc.clone(),
            article,
            cites: cites.clone(),
            for_each,
            from: None,
            until: None,
            branches: Vec::new(),
            lasting: None,
            versions: Vec::new(),
            power: Some(id),
            notwithstanding: Vec::new(),
            subject_to: Vec::new(),
            span: placed.item.span,
            name_span: power.name.span,
        });
        self.policy.powers.push(policy::Power {
            name: power.name.text.clone(),
            title,
            doc: placed.item.doc.clone(),
            article,
            cites,
            for_each,
            held_by,
            params,
            from: None,
            until: None,
            requires: Vec::new(),
            ends: Vec::new(),
            rule,
            group: 0,
            span: placed.item.span,
            name_span: power.name.span,
        });
        self.enter(&power.name, Symbol::Power(id));
        for (list, above) in [(&head.notwithstanding, true), (&head.subject_to, false)] {
            for reference in list {
                self.priorities.push(Priority { rule, reference: reference.clone(), above });
            }
        }
        id
    }

    fn params(&mut self, power: &tree::Power) -> Vec<policy::Param> {
        let row = power.head.for_each.as_ref().map(|each| &each.row);
        let mut made: Vec<policy::Param> = Vec::new();
        for param in &power.params {
            let name = &param.name;
            let known = made.iter().find(|known| known.name == name.text).map(|known| known.span);
            let known = known.or(row.filter(|row| row.text == name.text).map(|row| row.span));
            if let Some(first) = known {
                self.say(errors::param_twice(name, first));
            }
            if OF_EVERY_ACT.contains(&name.text.as_str()) {
                self.say(errors::param_reserved(name));
            }
            let declared = self.type_of(&param.ty, None);
            let DeclaredType { ty, whole } =
                declared.unwrap_or(DeclaredType { ty: Type::number(), whole: false });
            made.push(policy::Param { name: name.text.clone(), ty, whole, span: name.span });
        }
        made
    }

    pub(super) fn power_body(&mut self, id: PowerId, power: &tree::Power) {
        let head = &power.head;
        let (each, rule) = (self.policy.powers[id].for_each, self.policy.powers[id].rule);
        let mut scope = self.row_scope(each, head.for_each.as_ref());
        let from = head.from.as_ref().and_then(|dated| self.dated(&mut scope, dated));
        let until = head.until.as_ref().and_then(|dated| self.dated(&mut scope, dated));
        let params = self.policy.powers[id].params.clone();
        params.iter().for_each(|param| scope.add(&param.name, param.ty.clone()));
        let first = u32::from(each.is_some());
        let locals = first..first.saturating_add(u32::try_from(params.len()).unwrap_or(u32::MAX));
        let mut requires = Vec::new();
        for required in &power.requires {
            if let Some(what) = self.bool(&mut scope, required) {
                self.no_clamps(what, &locals);
                requires.push(Requirement { what, of_act: self.mentions(what, &locals) });
            }
        }
        let ends = self.ended(id, &head.ends);
        if !power.effect.is_empty() {
            self.effect(rule, power, &mut scope, &locals);
        }
        let effect = &mut self.policy.rules[rule];
        effect.from = from.clone();
        effect.until = until.clone();
        let made = &mut self.policy.powers[id];
        made.from = from;
        made.until = until;
        made.requires = requires;
        made.ends = ends;
    }

    /// What stands after `then`: one branch without a condition.
    fn effect(
        &mut self,
        rule: RuleId,
        power: &tree::Power,
        scope: &mut Scope,
        locals: &std::ops::Range<u32>,
    ) {
        let assigns = self.assigns(scope, rule, &power.effect);
        let lasting = power.lasting.as_ref().and_then(|lasting| self.lasting(scope, lasting));
        let Some(assigns) = assigns else { return };
        self.contends(rule, 0, &assigns);
        let end = lasting.map(|lasting| match lasting {
            Lasting::Until(end) => end,
            Lasting::For(time, _) => time,
        });
        for id in assigns.iter().map(|(_, value)| *value).chain(end) {
            self.no_clamps(id, locals);
        }
        let span = match (power.effect.first(), power.effect.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => power.name.span,
        };
        let made = &mut self.policy.rules[rule];
        made.branches = vec![Branch { condition: None, assigns, span }];
        made.lasting = lasting;
    }

    /// `until C` or `for W` after `then` (T8).
    pub(super) fn lasting(&mut self, scope: &mut Scope, lasting: &tree::Lasting) -> Option<Lasting> {
        match lasting {
            tree::Lasting::Until(end) => self.bool(scope, end).map(Lasting::Until),
            tree::Lasting::For(time) => {
                let (id, kind) = self.duration(scope, time)?;
                if self.written_count(id).is_some_and(|count| count < 1) {
                    self.say(errors::no_time(time.span));
                }
                Some(Lasting::For(id, kind))
            }
        }
    }

    /// How many days or months are written out.
    fn written_count(&self, id: ExprId) -> Option<i64> {
        match self.policy.exprs.node(id) {
            Expr::Const(Value::Duration(count)) => Some(*count),
            Expr::Op(Op::DurationNegative(of)) => self.written_count(*of)?.checked_neg(),
            _ => None,
        }
    }

    /// A time, with its kind.
    pub(super) fn duration(
        &mut self,
        scope: &mut Scope,
        expr: &tree::Expr,
    ) -> Option<(ExprId, DurationKind)> {
        let id = self.expr(scope, expr, None)?;
        match *self.ty(id) {
            Type::Duration(kind) => Some((id, kind)),
            _ => {
                self.say(errors::duration_wanted(self, expr, id));
                None
            }
        }
    }

    /// The powers whose acts end with an act of this one: for the same row, where both have one (O4).
    fn ended(&mut self, id: PowerId, names: &[Name]) -> Vec<PowerId> {
        let mut made = Vec::new();
        for name in names {
            match self.names.get(&name.text) {
                Some(Symbol::Power(other)) if other == id => self.say(errors::ends_itself(name)),
                Some(Symbol::Power(other)) => {
                    let rows = (self.policy.powers[id].for_each, self.policy.powers[other].for_each);
                    if let (Some(own), Some(others)) = rows
                        && own != others
                    {
                        let error = errors::ends_other_rows(self, name, (id, own), (other, others));
                        self.say(error);
                    }
                    if !made.contains(&other) {
                        made.push(other);
                    }
                }
                Some(Symbol::Waiting) => {}
                found => {
                    let error = errors::power_wanted(self, name, found);
                    self.say(error);
                }
            }
        }
        made
    }

    /// O3: a clamp would accept in silence what the power does not allow.
    fn no_clamps(&mut self, id: ExprId, params: &std::ops::Range<u32>) {
        let exprs = &self.policy.exprs;
        let is_param = |id| matches!(exprs.node(id), Expr::Local(at) if params.contains(at));
        if let Expr::Op(Op::Clamp { value, side, bound }) = exprs.node(id) {
            let (value, bound) = (*value, *bound);
            let limited = if is_param(value) {
                Some((value, *side, bound))
            } else if is_param(bound) && matches!(exprs.node(value), Expr::Const(_)) {
                Some((bound, *side, value))
            } else {
                None
            };
            if let Some((param, side, limit)) = limited {
                let error = errors::clamped_parameter(
                    exprs.span(id),
                    self.written(exprs.span(param)),
                    side,
                    self.written(exprs.span(limit)),
                );
                self.say(error);
            }
        }
        let operands = self.policy.exprs.parts(id);
        operands.into_iter().for_each(|operand| self.no_clamps(operand, params));
    }

    /// Whether an expression reads one of these locals.
    fn mentions(&self, id: ExprId, locals: &std::ops::Range<u32>) -> bool {
        if let Expr::Local(at) = self.policy.exprs.node(id) {
            return locals.contains(at);
        }
        let mut found = false;
        self.policy.exprs.operands(id, |operand| found |= self.mentions(operand, locals));
        found
    }

    /// Its own citations, or those of its article (R1).
    fn cited(&mut self, head: &tree::Head, placed: &Placed) -> Vec<policy::Citation> {
        match placed.article {
            Some(article) if head.cites.is_empty() => self.citations(&article.head.cites),
            _ => self.citations(&head.cites),
        }
    }

    fn article_of(&self, placed: &Placed) -> Option<policy::ArticleId> {
        placed.article.and_then(|article| self.articles.get(&article.number).copied())
    }
}
