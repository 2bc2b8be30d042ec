//! Tree → policy: names, types and units, priorities, cycles, lints. All troubles are collected; a policy is made only
//! if none of them is an error.
//!
//! The order of the work: 1 [`declare`] enters every name with its type, 2 [`bodies`] checks what the declarations say,
//! 3 [`order`] works out which rule stands above which, 4 [`cycles`] looks for circles, [`calls`] at
//! how far functions expand and [`groups`] at which acts of one day may see each other, 5 [`lints`] looks for what is
//! probably not meant.

mod annexes;
mod arithmetic;
mod bodies;
mod calls;
mod conduct;
mod cycles;
mod declare;
mod errors;
mod exprs;
mod graph;
mod groups;
mod infer;
mod lints;
mod moving;
mod names;
mod once;
mod order;
mod rules;
mod running;
mod scenarios;
mod scope;
mod sets;
mod states;
mod types;

#[cfg(test)]
mod tests;
mod versions;

use crate::diag::Diagnostic;
use crate::literal;
use crate::policy::{ArticleId, DefineId, EntityId, EnumId, Expr, ExprId, FieldId, Policy, RuleId, Type};
use crate::text::{Files, Sources, Span};
use crate::tree::{Article, Decl, File, Item, RuleRef};
use names::Names;
use std::collections::{BTreeMap, BTreeSet};

/// A policy, or what is wrong with it; in both cases everything that was said, in the order of the text.
pub struct Checked {
    pub policy: Option<Policy>,
    pub said: Vec<Diagnostic>,
}

/// Checks the files of one policy, in the order in which they are used. Annexes are read through `files` and entered
/// into `sources`, so that messages can point into them.
pub fn check(trees: &[File], files: &dyn Files, sources: &mut Sources) -> Checked {
    let mut items = Vec::new();
    for tree in trees {
        flatten(&tree.items, &mut items);
    }
    let mut checker = Checker {
        policy: Policy { amended: sources.amended_lines().collect(), ..Policy::default() },
        names: Names::default(),
        choices: BTreeMap::new(),
        said: Vec::new(),
        inferred: BTreeSet::new(),
        waiting_fields: BTreeSet::new(),
        articles: BTreeMap::new(),
        priorities: Vec::new(),
        versions: BTreeMap::new(),
        files,
        sources,
    };
    let shells = checker.declare(&items);
    checker.bodies(&items, &shells);
    checker.order();
    if !checker.failed() {
        checker.cycles();
    }
    if !checker.failed() {
        checker.calls();
        checker.order_blocks();
        checker.windows();
        checker.groups();
    }
    if !checker.failed() {
        checker.lints();
        checker.day_by_day();
    }
    let policy = if checker.failed() { None } else { Some(checker.policy) };
    let mut said = checker.said;
    said.sort_by_key(|one| one.span());
    said.dedup();
    let said = once::said_once(said, checker.sources);
    Checked { policy, said }
}

/// A declaration with the article it stands in.
pub(crate) struct Placed<'t> {
    item: &'t Item,
    article: Option<&'t Article>,
}

/// The declarations in the order of the text; those of an article follow it.
fn flatten<'t>(items: &'t [Item], out: &mut Vec<Placed<'t>>) {
    for item in items {
        out.push(Placed { item, article: None });
        if let Decl::Article(article) = &item.kind {
            out.extend(article.items.iter().map(|item| Placed { item, article: Some(article) }));
        }
    }
}

/// A `notwithstanding` or `subject to`, kept until all rules are known.
struct Priority {
    rule: RuleId,
    reference: RuleRef,
    /// `notwithstanding`: the rule stands above; `subject to`: below.
    above: bool,
}

struct Checker<'s> {
    policy: Policy,
    names: Names,
    /// The choices of each name, one for each enum that has it.
    choices: BTreeMap<String, Vec<(EnumId, u16)>>,
    said: Vec<Diagnostic>,
    /// Defines whose type is not written: their face is not a declaration (M3).
    inferred: BTreeSet<DefineId>,
    /// Fields whose declaration is wrong, which was said there: nothing follows from them.
    waiting_fields: BTreeSet<(EntityId, FieldId)>,
    articles: BTreeMap<u32, ArticleId>,
    priorities: Vec<Priority>,
    /// The rules of each name.
    versions: BTreeMap<String, Vec<versions::Version>>,
    files: &'s dyn Files,
    sources: &'s mut Sources,
}

impl Checker<'_> {
    fn say(&mut self, diagnostic: Diagnostic) {
        self.said.push(diagnostic);
    }

    /// The value, or its trouble is said.
    fn accept<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.say(error);
                None
            }
        }
    }

    fn failed(&self) -> bool {
        self.said.iter().any(Diagnostic::is_error)
    }

    fn literals(&self) -> literal::LiteralScope<'_> {
        literal::LiteralScope {
            units: &self.policy.units,
            calendars: &self.policy.calendars,
            enums: &self.policy.enums,
        }
    }

    /// The words at a place.
    fn written(&self, span: Span) -> &str {
        let source = self.sources.get(span.source);
        source.and_then(|source| source.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// Whether brackets stand around a place, which the tree does not keep.
    fn bracketed(&self, span: Span) -> bool {
        self.brackets(span).is_some()
    }

    /// An operand that others precede and follow, with the brackets around it.
    fn with_brackets(&self, span: Span) -> Span {
        std::iter::successors(Some(span), |span| self.brackets(*span)).last().unwrap_or(span)
    }

    /// With the two brackets around it.
    fn brackets(&self, span: Span) -> Option<Span> {
        let text = &self.sources.get(span.source)?.text;
        let before = text.get(..span.start as usize)?.trim_end().strip_suffix('(')?;
        let after = text.get(span.end as usize..)?.trim_start().strip_prefix(')')?;
        let end = text.len().checked_sub(after.len())?;
        Some(Span { start: u32::try_from(before.len()).ok()?, end: u32::try_from(end).ok()?, ..span })
    }

    fn push(&mut self, expr: Expr, ty: Type, span: Span) -> ExprId {
        self.policy.exprs.push(expr, ty, span)
    }

    fn ty(&self, id: ExprId) -> &Type {
        self.policy.exprs.ty(id)
    }
}
