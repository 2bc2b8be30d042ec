//! Names in expressions: rows and parameters first, then what the policy declares, then choices and countries.

use super::Checker;
use super::errors;
use super::names::Symbol;
use crate::literal;
use crate::policy::{AnnexId, EntityId, Expr, ExprId, FoldId, Type};
use crate::text::Span;
use crate::tree::{self, ExprKind, Name, Step};
use crate::value::{Country, Day, Value, country_meant};

/// What the locals of a recurring duty are called (D2); no name can be written so.
pub(super) const EDGES: [&str; 2] = ["first day of period", "last day of period"];

/// The rows and parameters in sight.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    locals: Vec<(String, Type)>,
    /// Whether local 0 is the row of the declaration itself.
    own_row: bool,
    /// The running total in whose block this is.
    fold: Option<FoldId>,
}

impl Scope {
    /// Nothing in sight.
    pub(super) fn empty() -> Scope {
        Scope::default()
    }

    /// The row of a declaration `for each`.
    pub(super) fn row(name: &str, entity: EntityId) -> Scope {
        Scope { locals: vec![(name.to_string(), Type::Row(entity))], own_row: true, fold: None }
    }

    /// In the block of a running total.
    pub(super) fn block(self, fold: Option<FoldId>) -> Scope {
        Scope { fold, ..self }
    }

    pub(super) fn params(params: &[(String, Type)]) -> Scope {
        Scope { locals: params.to_vec(), own_row: false, fold: None }
    }

    pub(super) fn find(&self, name: &str) -> Option<(u32, &Type)> {
        let at = self.locals.iter().rposition(|(local, _)| local == name)?;
        let (_, ty) = self.locals.get(at)?;
        Some((u32::try_from(at).ok()?, ty))
    }

    /// The row that a bare `for each` name means: the declaration's own, or the only one of its entity in sight.
    fn implied(&self, entity: EntityId) -> Option<u32> {
        let wanted = Type::Row(entity);
        if self.own_row && self.locals.first().is_some_and(|(_, ty)| *ty == wanted) {
            return Some(0);
        }
        let mut found = self.locals.iter().enumerate().filter(|(_, (_, ty))| *ty == wanted);
        match (found.next(), found.next()) {
            (Some((at, _)), None) => u32::try_from(at).ok(),
            _ => None,
        }
    }

    pub(super) fn enter(&mut self, name: &str, entity: EntityId) -> u32 {
        self.locals.push((name.to_string(), Type::Row(entity)));
        u32::try_from(self.locals.len() - 1).unwrap_or(u32::MAX)
    }

    /// A parameter, or an edge of the period.
    pub(super) fn add(&mut self, name: &str, ty: Type) {
        self.locals.push((name.to_string(), ty));
    }

    pub(super) fn leave(&mut self) {
        self.locals.pop();
    }
}

/// Whether a word can only be meant for a country: it names one elsewhere, or is written as they are.
fn names_country(text: &str) -> bool {
    let capital = (2..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase());
    capital || country_meant(text).is_some()
}

impl Checker<'_> {
    /// A path: a name with arguments and fields.
    pub(super) fn path(
        &mut self,
        scope: &mut Scope,
        path: &tree::Path,
        span: Span,
        want: Option<&Type>,
    ) -> Option<ExprId> {
        let head = &path.head;
        if let Some((at, ty)) = scope.find(&head.text) {
            let ty = ty.clone();
            let local = self.push(Expr::Local(at), ty, head.span);
            return self.fields(local, &path.steps, span);
        }
        if head.text == "period" && scope.find(EDGES[0]).is_some() {
            self.say(errors::period_alone(head.span));
            return None;
        }
        match (head.text.as_str(), path.steps.is_empty()) {
            ("today", true) => return Some(self.push(Expr::Today, Type::Date, span)),
            ("never", true) => {
                return Some(self.push(Expr::Const(Value::Date(Day::NEVER)), Type::Date, span));
            }
            ("unknown", true) => {
                self.say(errors::unknown_in_rule(span));
                return None;
            }
            _ => {}
        }
        match self.names.get(&head.text) {
            Some(Symbol::Fact(id)) => {
                let ty = self.policy.facts[id].ty.clone();
                let fact = self.push(Expr::Fact(id), ty, head.span);
                self.fields(fact, &path.steps, span)
            }
            Some(Symbol::Define(id)) => {
                let (ty, each) = (self.policy.defines[id].ty.clone(), self.policy.defines[id].for_each);
                let (row, rest) = self.row_of(scope, head, each, &path.steps)?;
                let define = self.push(Expr::Define { id, row }, ty, span);
                self.fields(define, rest, span)
            }
            Some(Symbol::Outcome(id)) => {
                let (ty, each) = (self.policy.outcomes[id].ty.clone(), self.policy.outcomes[id].for_each);
                let (row, rest) = self.row_of(scope, head, each, &path.steps)?;
                let outcome = self.push(Expr::Outcome { id, row }, ty, span);
                self.fields(outcome, rest, span)
            }
            Some(Symbol::Running(id)) => {
                if scope.fold != Some(id) || matches!(path.steps.first(), Some(Step::Args(..))) {
                    let error = errors::running_outside(&self.policy.folds[id], head);
                    self.say(error);
                    return None;
                }
                let ty = self.policy.folds[id].ty.clone();
                let value = self.push(Expr::Running(id), ty, head.span);
                self.fields(value, &path.steps, span)
            }
            Some(Symbol::Function(id)) => {
                let (params, ty) =
                    (self.policy.functions[id].params.clone(), self.policy.functions[id].ty.clone());
                let Some((Step::Args(args, _), rest)) = path.steps.split_first() else {
                    self.say(errors::arguments_missing(head, &params));
                    return None;
                };
                if args.len() != params.len() {
                    self.say(errors::arguments_counted(head, &params, args.len(), span));
                    return None;
                }
                let ids: Vec<Option<ExprId>> =
                    args.iter().zip(&params).map(|(arg, (_, ty))| self.typed(scope, arg, ty)).collect();
                let args: Vec<ExprId> = ids.into_iter().collect::<Option<_>>()?;
                let call = Expr::Call { function: id, args: args.into_boxed_slice() };
                let call = self.push(call, ty, span);
                self.fields(call, rest, span)
            }
            Some(Symbol::Annex(id)) => self.lookup(scope, head, id, &path.steps, span),
            Some(Symbol::Entity(id)) => match path.steps.split_first() {
                Some((Step::Args(args, _), rest)) if args.len() == 1 => {
                    let key = self.expr(scope, args.first()?, Some(&Type::Row(id)))?;
                    self.is_row(key, id, head)?;
                    self.fields(key, rest, span)
                }
                _ => {
                    self.say(errors::row_not_in_sight(head));
                    None
                }
            },
            Some(Symbol::Enum(id)) => match path.steps.as_slice() {
                [Step::Field(_)] => {
                    let expr = tree::Expr { kind: ExprKind::Path(path.clone()), span };
                    let read = literal::value(&self.literals(), &expr, &Type::Enum(id));
                    let value = self.accept(read)?;
                    Some(self.push(Expr::Const(value), Type::Enum(id), span))
                }
                _ => {
                    self.say(errors::choice_wanted(head, &self.policy.enums[id]));
                    None
                }
            },
            Some(Symbol::Power(id)) if !path.steps.is_empty() || !self.is_constant(&head.text) => {
                self.act(scope, head, id, &path.steps, span)
            }
            Some(Symbol::Duty(_)) if !self.is_constant(&head.text) => {
                self.say(errors::bare_duty(head));
                None
            }
            Some(Symbol::Waiting) => None,
            // A rule or a source may be called like a choice; only the choice is a value.
            Some(symbol) if !path.steps.is_empty() || !self.is_constant(&head.text) => {
                self.say(errors::not_a_value(head, symbol));
                None
            }
            Some(_) | None => self.constant_name(scope, path, span, want),
        }
    }

    /// Whether it names a choice of an enum or a country.
    pub(super) fn is_constant(&self, name: &str) -> bool {
        self.choices.contains_key(name) || Country::parse(name).is_some()
    }

    /// A choice of an enum or a country.
    fn constant_name(
        &mut self,
        scope: &Scope,
        path: &tree::Path,
        span: Span,
        want: Option<&Type>,
    ) -> Option<ExprId> {
        let head = &path.head;
        let mut found: Vec<(Value, Type)> = Vec::new();
        if path.steps.is_empty() {
            let choices = self.choices.get(&head.text).into_iter().flatten();
            found.extend(choices.map(|(id, at)| (Value::Choice(*at), Type::Enum(*id))));
            if let Some(country) = Country::parse(&head.text) {
                found.push((Value::Country(country), Type::Country));
            }
        }
        if let Some(want) = want
            && let Some(at) = found.iter().position(|(_, ty)| ty == want)
        {
            found = vec![found.swap_remove(at)];
        }
        match (found.pop(), found.is_empty()) {
            (Some((value, ty)), true) => Some(self.push(Expr::Const(value), ty, span)),
            (Some((_, Type::Enum(last))), false) => {
                let lists = found.iter().filter_map(|(_, ty)| match ty {
                    Type::Enum(id) => Some(self.policy.enums[*id].name.as_str()),
                    _ => None,
                });
                let lists: Vec<&str> = lists.chain([self.policy.enums[last].name.as_str()]).collect();
                let error = errors::choice_ambiguous(head, &lists);
                self.say(error);
                None
            }
            (Some((_, _)), false) => {
                let lists: Vec<&str> = Vec::new();
                self.say(errors::choice_ambiguous(head, &lists));
                None
            }
            (None, _) => {
                let error = match want {
                    Some(Type::Enum(id)) if path.steps.is_empty() => {
                        literal::choice_unknown(&self.policy.enums[*id], head)
                    }
                    Some(Type::Country) if path.steps.is_empty() && names_country(&head.text) => {
                        literal::country_unknown(head)
                    }
                    _ => match path.steps.as_slice() {
                        [Step::Args(args, _)] => errors::call_unknown(self, head, args, span),
                        steps => {
                            let want = want.filter(|_| steps.is_empty());
                            errors::name_unknown(self, &scope.locals, head, want)
                        }
                    },
                };
                self.say(error);
                None
            }
        }
    }

    /// The row that a `for each` name is asked of: written in brackets, or the one in sight.
    pub(super) fn row_of<'p>(
        &mut self,
        scope: &mut Scope,
        name: &Name,
        each: Option<EntityId>,
        steps: &'p [Step],
    ) -> Option<(Option<ExprId>, &'p [Step])> {
        match (each, steps.split_first()) {
            (None, Some((Step::Args(_, args), _))) => {
                self.say(errors::row_not_wanted(name, *args));
                None
            }
            (None, _) => Some((None, steps)),
            (Some(entity), Some((Step::Args(args, at), rest))) => match args.as_slice() {
                [row] => {
                    let id = self.expr(scope, row, Some(&Type::Row(entity)))?;
                    self.is_row(id, entity, name)?;
                    Some((Some(id), rest))
                }
                _ => {
                    self.say(errors::one_row_wanted(name, *at));
                    None
                }
            },
            (Some(entity), _) => match scope.implied(entity) {
                Some(at) => {
                    let row = self.push(Expr::Local(at), Type::Row(entity), name.span);
                    Some((Some(row), steps))
                }
                None => {
                    let error = errors::row_wanted(name, &self.policy.entities[entity].name);
                    self.say(error);
                    None
                }
            },
        }
    }

    fn is_row(&mut self, id: ExprId, entity: EntityId, name: &Name) -> Option<()> {
        if *self.ty(id) == Type::Row(entity) {
            return Some(());
        }
        let error = errors::row_of_entity_wanted(
            name,
            &self.policy.entities[entity].name,
            self.policy.exprs.span(id),
        );
        self.say(error);
        None
    }

    /// `.field` steps on a row.
    pub(super) fn fields(&mut self, base: ExprId, steps: &[Step], span: Span) -> Option<ExprId> {
        let mut at = base;
        for step in steps {
            match (step, self.ty(at).clone()) {
                (Step::Field(name), Type::Row(entity)) => {
                    let fields = &self.policy.entities[entity].fields;
                    let found = fields.iter().find(|(_, field)| field.name == name.text);
                    let Some((field, ty)) = found.map(|(id, field)| (id, field.ty.clone())) else {
                        let error = errors::field_unknown(&self.policy.entities[entity], name);
                        self.say(error);
                        return None;
                    };
                    if self.waiting_fields.contains(&(entity, field)) {
                        return None;
                    }
                    at = self.push(Expr::Field { entity, row: at, field }, ty, span);
                }
                (Step::Field(name), ty) => {
                    let error = errors::no_fields(self, name, &ty);
                    self.say(error);
                    return None;
                }
                (Step::Args(_, args), _) => {
                    self.say(errors::not_called(*args));
                    return None;
                }
            }
        }
        Some(at)
    }

    /// `hts(entry.hts).general`
    fn lookup(
        &mut self,
        scope: &mut Scope,
        head: &Name,
        annex: AnnexId,
        steps: &[Step],
        span: Span,
    ) -> Option<ExprId> {
        let keys = self.policy.annexes[annex].keys.clone();
        let (args, rest) = match steps.split_first() {
            Some((Step::Args(args, _), rest)) => (args, rest),
            _ => {
                self.say(errors::annex_keys_missing(head));
                return None;
            }
        };
        if args.len() != keys.len() {
            self.say(errors::annex_keys_counted(head, keys.len(), args.len(), span));
            return None;
        }
        let ids: Vec<Option<ExprId>> =
            args.iter().zip(&keys).map(|(arg, ty)| self.typed(scope, arg, ty)).collect();
        let keys: Vec<ExprId> = ids.into_iter().collect::<Option<_>>()?;
        let columns = &self.policy.annexes[annex].columns;
        let (at, rest) = match rest.split_first() {
            Some((Step::Field(name), rest)) => {
                let at = columns.iter().position(|column| column.name.as_ref() == Some(&name.text));
                if at.is_none() {
                    let error = errors::column_unknown(&self.policy.annexes[annex], name);
                    self.say(error);
                }
                (at?, rest)
            }
            _ => match columns.iter().position(|column| column.name.is_none()) {
                Some(at) => (at, rest),
                None if columns.len() == 1 => (0, rest),
                None => {
                    let error = errors::column_missing(&self.policy.annexes[annex], head);
                    self.say(error);
                    return None;
                }
            },
        };
        let columns = &self.policy.annexes[annex].columns;
        let ty = columns.get(at).map(|column| column.ty.clone())?;
        let column = u32::try_from(at).ok()?;
        let node = Expr::Lookup { annex, column, keys: keys.into_boxed_slice() };
        let value = self.push(node, ty, span);
        self.fields(value, rest, span)
    }

    /// The entity of a `for each`.
    pub(super) fn entity_of(&mut self, each: &tree::ForEach) -> Option<EntityId> {
        let name = each.entity.as_ref().unwrap_or(&each.row);
        match self.names.get(&name.text) {
            Some(Symbol::Entity(id)) => Some(id),
            found => {
                let error = errors::entity_wanted(self, name, found);
                self.say(error);
                None
            }
        }
    }
}
