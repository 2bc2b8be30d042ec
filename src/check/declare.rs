//! First pass: every name with its type, so that declarations may refer to each other in any order.

use super::errors;
use super::names::Symbol;
use super::types::DeclaredType;
use super::{Checker, Placed};
use crate::literal;
use crate::policy::{
    self, ArticleId, DefineId, DutyId, EntityId, ExprId, FactId, FoldId, FunctionId, GuaranteeId,
    InstrumentId, OutcomeId, PowerId, RuleId, Table, Type,
};
use crate::steps;
use crate::text::{Span, beside};
use crate::tree::{self, Decl};
use crate::value::{Calendar, OwnYear, Period, Recurrence, UnitTrouble, Units, Value};
use std::collections::BTreeMap;

/// Stands where an expression will be; replaced in the second pass, or the policy is never made.
pub(super) const LATER: ExprId = ExprId(u32::MAX);

/// What a declaration became, for the second pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shell {
    None,
    Entity(EntityId),
    Fact(FactId),
    Define(DefineId),
    Function(FunctionId),
    Fold(FoldId),
    Outcome(OutcomeId),
    Rule(RuleId),
    Duty(DutyId),
    Power(PowerId),
    Guarantee(GuaranteeId),
}

impl Checker<'_> {
    /// One shell for each declaration. Kinds that others are typed by come first.
    pub(super) fn declare(&mut self, items: &[Placed]) -> Vec<Shell> {
        self.policy.units = Units::standard();
        self.calendars(items);
        for placed in items {
            match &placed.item.kind {
                Decl::Unit(unit) => self.unit(unit),
                Decl::Period(period) => self.period(period),
                Decl::Enum(list) => self.enumeration(list, placed.item.doc.clone()),
                Decl::Agreement(agreement) => self.agreement(agreement),
                Decl::Source(source) => self.instrument(source),
                _ => {}
            }
        }
        self.holders(items);
        let mut shells = vec![Shell::None; items.len()];
        for (placed, shell) in items.iter().zip(shells.iter_mut()) {
            if let Decl::Entity(entity) = &placed.item.kind {
                *shell = self.entity_shell(entity, placed.item);
            }
        }
        for (placed, shell) in items.iter().zip(shells.iter_mut()) {
            if let (Decl::Entity(entity), Shell::Entity(id)) = (&placed.item.kind, *shell) {
                self.declare_fields(id, entity);
            }
        }
        for (placed, shell) in items.iter().zip(shells.iter_mut()) {
            if let Some(found) = self.shell(placed) {
                *shell = found;
            }
        }
        shells
    }

    fn period(&mut self, period: &tree::PeriodDecl) {
        self.enter(&period.name, Symbol::Period(period.year));
        self.policy.years.insert(period.name.text.clone(), period.year);
    }

    /// The year of its own that a name means; `of`: what it is asked of.
    pub(super) fn own_year(&mut self, name: &tree::Name, of: Option<&tree::Expr>) -> Option<OwnYear> {
        let found = self.policy.years.get(&name.text).copied();
        if found.is_none() {
            self.say(errors::no_such_year(self, name, of));
        }
        found
    }

    pub(super) fn recurrence(&mut self, each: &tree::EachPeriod) -> Recurrence {
        match each {
            tree::EachPeriod::Calendar(period) => Recurrence::Calendar(*period),
            // What failed was said; what stands on it is no other mistake.
            tree::EachPeriod::Named(name) => {
                self.own_year(name, None).map_or(Recurrence::Calendar(Period::Year), Recurrence::Own)
            }
        }
    }

    /// Calendars first: durations are typed by them. A combined one may name any other that is not combined.
    fn calendars(&mut self, items: &[Placed]) {
        let declared = items.iter().filter_map(|placed| match &placed.item.kind {
            Decl::Calendar(calendar) => Some(calendar),
            _ => None,
        });
        for calendar in declared.clone() {
            self.enter(&calendar.name, Symbol::Calendar);
        }
        let declared: Vec<&tree::Calendar> = declared.collect();
        // A calendar that failed has said so; an empty one in its place keeps its name known.
        let empty = |name: &tree::Name| Calendar::combined(&name.text, &[]);
        let mut plain: BTreeMap<&str, Calendar> = BTreeMap::new();
        for calendar in declared.iter().filter(|calendar| calendar.parts.is_empty()) {
            let made = self.plain_calendar(&calendar.name).unwrap_or_else(|| empty(&calendar.name));
            plain.insert(&calendar.name.text, made);
        }
        for calendar in &declared {
            let mut parts = Vec::new();
            for part in &calendar.parts {
                match plain.get(part.text.as_str()) {
                    Some(known) => parts.push(known),
                    None => self.say(errors::calendar_part(part, plain.keys().copied())),
                }
            }
            let made = match plain.get(calendar.name.text.as_str()) {
                Some(made) => made.clone(),
                None => Calendar::combined(&calendar.name.text, &parts),
            };
            self.policy.calendars.push(made);
        }
    }

    /// A shipped calendar, or `calendars/NAME.csv` beside the file that declares it.
    fn plain_calendar(&mut self, name: &tree::Name) -> Option<Calendar> {
        if let Some(shipped) = Calendar::shipped(&name.text) {
            return Some(shipped);
        }
        let from = self.sources.get(name.span.source).map_or("", |source| source.name.as_str());
        let path = beside(from, &format!("calendars/{}.csv", name.text));
        let Ok(text) = self.files.read(&path) else {
            self.say(errors::calendar_not_found(name, &path));
            return None;
        };
        match Calendar::parse(&name.text, &text) {
            Ok(calendar) => Some(calendar),
            Err((line, message)) => {
                let id = self.sources.add(path, text);
                let span = self.sources.get(id).map(|source| source.line_span(id, line));
                self.say(errors::calendar_wrong(span.unwrap_or(name.span), &message));
                None
            }
        }
    }

    fn unit(&mut self, unit: &tree::Unit) {
        let done = match &unit.value {
            None => self.policy.units.declare(&unit.name.text, unit.whole),
            Some(quantity) => {
                let parts = match &quantity.suffix {
                    tree::Suffix::Unit(parts) => literal::unit_expr(&self.policy.units, parts),
                    _ => Err(errors::unit_of_nothing(&unit.name)),
                };
                let Some(of) = self.accept(parts) else { return };
                self.policy.units.declare_scaled(&unit.name.text, &quantity.number, &of)
            }
        };
        if let Err(trouble) = done {
            self.say(match trouble {
                UnitTrouble::AlreadyDeclared => errors::unit_taken(&unit.name),
                _ => errors::unit_bad(&unit.name),
            });
        }
    }

    fn enumeration(&mut self, list: &tree::Enum, doc: Option<String>) {
        let mut choices = Vec::new();
        flatten_choices(&list.choices, &mut choices);
        let mut named: BTreeMap<&str, Span> = BTreeMap::new();
        for choice in &choices {
            steps::step();
            match named.get(choice.name.as_str()) {
                Some(first) => self.say(errors::choice_twice(&choice.name, *first, choice.span)),
                None => drop(named.insert(&choice.name, choice.span)),
            }
        }
        let list_of = policy::Enum::new(list.name.text.clone(), doc, choices, list.name.span);
        let id = self.policy.enums.push(list_of);
        for (place, choice) in (0..=u16::MAX).zip(&self.policy.enums[id].choices) {
            let places = self.choices.entry(choice.name.clone()).or_default();
            if places.last().is_none_or(|(last, _)| *last != id) {
                places.push((id, place));
            }
        }
        self.enter(&list.name, Symbol::Enum(id));
    }

    fn agreement(&mut self, agreement: &tree::Agreement) {
        if self.policy.agreement.is_some() {
            self.say(errors::second_agreement(agreement.name.span));
            return;
        }
        self.enter(&agreement.name, Symbol::Agreement);
        self.policy.agreement = Some(policy::Agreement {
            name: agreement.name.text.clone(),
            title: agreement.title.as_ref().map(|title| title.text.clone()),
            parties: agreement.parties.iter().map(|party| party.text.clone()).collect(),
        });
    }

    fn instrument(&mut self, source: &tree::Instrument) {
        if let Some(file) = &source.text {
            let from = self.sources.get(file.span.source).map_or("", |source| source.name.as_str());
            if let Err(why) = self.files.read(&beside(from, &file.text)) {
                self.say(errors::file_unreadable(file, &why));
            }
        }
        let id: InstrumentId = self.policy.instruments.push(policy::Instrument {
            name: source.name.text.clone(),
            title: source.title.text.clone(),
            binding: source.binding,
            span: source.name.span,
        });
        self.enter(&source.name, Symbol::Instrument(id));
    }

    fn entity_shell(&mut self, entity: &tree::Entity, item: &tree::Item) -> Shell {
        let id = self.policy.entities.push(policy::Entity {
            name: entity.name.text.clone(),
            doc: item.doc.clone(),
            fields: Table::new(),
            key: policy::FieldId(0),
            dated: None,
            known: None,
            span: entity.name.span,
        });
        self.enter(&entity.name, Symbol::Entity(id));
        Shell::Entity(id)
    }

    fn declare_fields(&mut self, id: EntityId, entity: &tree::Entity) {
        for field in &entity.fields {
            let name = &field.fact.name;
            let known = self.policy.entities[id].fields.values().find(|known| known.name == name.text);
            if let Some(span) = known.map(|known| known.span) {
                self.say(errors::field_twice(name, span));
                continue;
            }
            let fact = self.fact_shell(&field.fact, field.doc.clone());
            let waiting = fact.is_none();
            let fact = fact.unwrap_or_else(|| placeholder(&field.fact));
            let field = self.policy.entities[id].fields.push(fact);
            if waiting {
                self.waiting_fields.insert((id, field));
            }
        }
        let named = |name: &tree::Name| {
            let fields = &self.policy.entities[id].fields;
            fields.iter().find(|(_, field)| field.name == name.text).map(|(at, field)| (at, field.ty.clone()))
        };
        let mut key = None;
        let (mut dated, mut known) = (None, None);
        let mut wrong = Vec::new();
        match &entity.key {
            None => wrong.push(errors::key_missing(&entity.name)),
            Some(name) => match named(name) {
                Some((at, Type::Text | Type::Code | Type::Date)) => key = Some(at),
                Some((at, _)) if self.waiting_fields.contains(&(id, at)) => key = Some(at),
                Some(_) => wrong.push(errors::key_type(name)),
                None => wrong.push(errors::field_unknown(&self.policy.entities[id], name)),
            },
        }
        for (name, place) in [(&entity.dated, &mut dated), (&entity.known, &mut known)] {
            let Some(name) = name else { continue };
            match named(name) {
                Some((at, Type::Date)) => *place = Some(at),
                Some((at, _)) if self.waiting_fields.contains(&(id, at)) => {}
                Some(_) => wrong.push(errors::date_field(name)),
                None => wrong.push(errors::field_unknown(&self.policy.entities[id], name)),
            }
        }
        for at in [dated, known].into_iter().flatten() {
            let field = &self.policy.entities[id].fields[at];
            if field.over_time {
                wrong.push(errors::row_date_over_time(field));
            }
        }
        let made = &mut self.policy.entities[id];
        made.key = key.unwrap_or(policy::FieldId(0));
        made.dated = dated;
        made.known = known;
        self.said.extend(wrong);
    }

    fn fact_shell(&mut self, fact: &tree::Fact, doc: Option<String>) -> Option<policy::Fact> {
        let DeclaredType { ty, whole } = self.type_of(&fact.ty, fact.default.as_ref())?;
        if fact.cumulative && !matches!(ty, Type::Number { .. }) {
            self.say(errors::cumulative_number(fact));
        }
        Some(policy::Fact {
            name: fact.name.text.clone(),
            doc,
            ty,
            over_time: fact.over_time,
            cumulative: fact.cumulative,
            default: None,
            condition: None,
            whole,
            span: fact.name.span,
        })
    }

    /// The rest: facts, annexes, defines, functions, outcomes, articles, rules, duties, powers, guarantees, and what does not run yet.
    fn shell(&mut self, placed: &Placed) -> Option<Shell> {
        let item = placed.item;
        match &item.kind {
            Decl::Fact(fact) => {
                let Some(made) = self.fact_shell(fact, item.doc.clone()) else {
                    self.enter(&fact.name, Symbol::Waiting);
                    return None;
                };
                let id = self.policy.facts.push(made);
                self.enter(&fact.name, Symbol::Fact(id));
                Some(Shell::Fact(id))
            }
            Decl::Annex(annex) => {
                self.annex(annex, item.doc.clone());
                None
            }
            Decl::Define(define) => {
                let id = self.define_shell(define, item.doc.clone());
                Some(Shell::Define(id))
            }
            Decl::Function(function) => {
                let mut params = Vec::new();
                for param in &function.params {
                    let declared = self.type_of(&param.ty, None);
                    params.push((param.name.text.clone(), declared.map_or(Type::number(), |it| it.ty)));
                }
                let Some(DeclaredType { ty, .. }) = self.type_of(&function.ty, None) else {
                    self.enter(&function.name, Symbol::Waiting);
                    return None;
                };
                let id = self.policy.functions.push(policy::Function {
                    name: function.name.text.clone(),
                    doc: item.doc.clone(),
                    params,
                    ty,
                    value: LATER,
                    span: function.name.span,
                });
                self.enter(&function.name, Symbol::Function(id));
                Some(Shell::Function(id))
            }
            Decl::Outcome(outcome) => {
                let Some(DeclaredType { ty, whole }) = self.type_of(&outcome.ty, None) else {
                    self.enter(&outcome.name, Symbol::Waiting);
                    return None;
                };
                let for_each = match &outcome.for_each {
                    None => None,
                    Some(each) => match self.entity_of(each) {
                        Some(entity) => Some(entity),
                        None => {
                            self.enter(&outcome.name, Symbol::Waiting);
                            return None;
                        }
                    },
                };
                let rounded = outcome.rounded.as_ref().and_then(|rounded| {
                    let step = self.step_of(rounded, &ty)?;
                    Some((rounded.mode, step))
                });
                let id = self.policy.outcomes.push(policy::Outcome {
                    name: outcome.name.text.clone(),
                    doc: item.doc.clone(),
                    ty,
                    rounded,
                    whole,
                    for_each,
                    otherwise: None,
                    contenders: Vec::new(),
                    span: outcome.name.span,
                });
                self.enter(&outcome.name, Symbol::Outcome(id));
                Some(Shell::Outcome(id))
            }
            Decl::Article(article) => {
                let id: ArticleId = self.policy.articles.push(policy::Article {
                    number: article.number,
                    title: article.title.as_ref().map(|title| title.text.clone()),
                    span: article.number_span,
                });
                if let Some(first) = self.articles.insert(article.number, id) {
                    let span = self.policy.articles[first].span;
                    self.say(errors::article_twice(article, span));
                }
                None
            }
            Decl::Rule(rule) => {
                let id = self.rule_shell(rule, placed);
                Some(Shell::Rule(id))
            }
            Decl::Guarantee(guarantee) => {
                let for_each = guarantee.for_each.as_ref().and_then(|each| self.entity_of(each));
                let id = self.policy.guarantees.push(policy::Guarantee {
                    name: guarantee.name.text.clone(),
                    doc: item.doc.clone(),
                    for_each,
                    from: None,
                    until: None,
                    what: LATER,
                    span: guarantee.name.span,
                });
                self.enter(&guarantee.name, Symbol::Guarantee(id));
                Some(Shell::Guarantee(id))
            }
            Decl::Obligation(duty) => Some(Shell::Duty(self.duty_shell(duty, placed))),
            Decl::Power(power) => Some(Shell::Power(self.power_shell(power, placed))),
            Decl::Running(running) => self.fold_shell(running, item.doc.clone()),
            // `amend` has carried them out.
            Decl::Amends(_)
            | Decl::Repeal(_)
            | Decl::Replace(_)
            | Decl::Insert(_)
            | Decl::Substitute(_)
            | Decl::Set { .. } => None,
            Decl::Agreement(_)
            | Decl::Use(_)
            | Decl::Source(_)
            | Decl::Calendar(_)
            | Decl::Period(_)
            | Decl::Office(_)
            | Decl::Unit(_)
            | Decl::Enum(_)
            | Decl::Entity(_)
            | Decl::Scenario(_) => None,
        }
    }

    pub(super) fn define_shell(&mut self, define: &tree::Define, doc: Option<String>) -> DefineId {
        let declared = define.ty.as_ref().map(|ty| self.type_of(ty, None));
        let for_each = define.for_each.as_ref().and_then(|each| self.entity_of(each));
        let id = self.policy.defines.push(policy::Define {
            name: define.name.text.clone(),
            doc,
            ty: declared.flatten().map_or(Type::number(), |declared| declared.ty),
            for_each,
            value: LATER,
            block: None,
            span: define.name.span,
        });
        if define.ty.is_none() {
            self.inferred.insert(id);
        }
        self.enter(&define.name, Symbol::Define(id));
        id
    }

    /// A cell of an annex, or the default of its column, as a value (M5).
    pub(super) fn constant(&mut self, expr: &tree::Expr, ty: &Type) -> Option<Value> {
        let read = literal::value(&self.literals(), expr, ty);
        let value = self.accept(read)?;
        if matches!(&value, Value::Number(number) if self.is_whole(ty) && !number.is_integer()) {
            self.say(errors::cell_not_whole(expr.span));
            return None;
        }
        Some(value)
    }
}

/// A fact whose type is not known, so that its name is.
fn placeholder(fact: &tree::Fact) -> policy::Fact {
    policy::Fact {
        name: fact.name.text.clone(),
        doc: None,
        ty: Type::number(),
        over_time: fact.over_time,
        cumulative: fact.cumulative,
        default: None,
        condition: None,
        whole: false,
        span: fact.name.span,
    }
}

fn flatten_choices(list: &[tree::Choice], out: &mut Vec<policy::Choice>) {
    for choice in list {
        let at = out.len();
        out.push(policy::Choice { name: choice.name.text.clone(), end: 0, span: choice.name.span });
        flatten_choices(&choice.inner, out);
        let end = u16::try_from(out.len()).unwrap_or(u16::MAX);
        if let Some(made) = out.get_mut(at) {
            made.end = end;
        }
    }
}
