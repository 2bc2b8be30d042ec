//! What still names a text that is gone (A3): leaving it out in silence would lose what the name did.

use super::errors;
use super::targets::{all, key};
use super::visit::{self, TreeVisitor};
use crate::diag::Diagnostic;
use crate::text::Span;
use crate::tree::{Decl, Expr, ExprKind, File, Name, RuleRef};
use std::collections::BTreeMap;

/// The kinds whose names stand in heads, acts and tests, and nowhere as values: the checker knows the others.
const KINDS: [&str; 4] = ["article", "rule", "obligation", "power"];

/// The articles, rules, duties and powers of a text.
pub(super) fn names(trees: &[File]) -> Vec<(&'static str, String)> {
    all(trees).filter_map(|(_, item)| key(&item.kind)).filter(|(word, _)| KINDS.contains(word)).collect()
}

/// One error for each name that was there `before`, is no more, and is still used.
pub(super) fn still_named(
    before: &[(&'static str, String)],
    trees: &mut [File],
    own: &[File],
) -> Vec<Diagnostic> {
    let after: Vec<(&str, String)> = all(trees).filter_map(|(_, item)| key(&item.kind)).collect();
    let there = |word: &str, name: &str| {
        let same = |other: &str| (other == "article") == (word == "article") && other != "scenario";
        after.iter().any(|(other, known)| known == name && same(other))
    };
    let mut gone: BTreeMap<String, (&'static str, Vec<Span>)> = BTreeMap::new();
    for (word, name) in before.iter().filter(|(word, name)| !there(word, name)) {
        gone.entry(name.clone()).or_insert((word, Vec::new()));
    }
    if gone.is_empty() {
        return Vec::new();
    }
    let mut walk = ReferenceSearch { gone };
    trees.iter_mut().flat_map(|file| &mut file.items).for_each(|item| visit::item(item, &mut walk));
    let used = walk.gone.into_iter().filter(|(_, (_, places))| !places.is_empty());
    used.map(|(name, (word, places))| errors::still_named(word, &name, repealed(word, &name, own), &places))
        .collect()
}

/// Where an amending file takes a name away: at its own target, or at an article that is changed as a whole.
fn repealed(word: &str, name: &str, own: &[File]) -> Option<Span> {
    let mut article = None;
    for item in own.iter().flat_map(|file| &file.items) {
        let target = match &item.kind {
            Decl::Repeal(repeal) => super::targets::AmendTarget::repealed(&repeal.target),
            Decl::Replace(new) => match super::targets::AmendTarget::of(new) {
                Some(target) => target,
                None => continue,
            },
            _ => continue,
        };
        if target.word == word && target.name == name {
            return Some(item.span);
        }
        if target.word == "article" {
            article = article.or(Some(item.span));
        }
    }
    article
}

struct ReferenceSearch {
    gone: BTreeMap<String, (&'static str, Vec<Span>)>,
}

impl ReferenceSearch {
    fn note(&mut self, name: &str, kinds: &[&str], span: Span) {
        if let Some((word, places)) = self.gone.get_mut(name)
            && kinds.contains(word)
        {
            places.push(span);
        }
    }
}

impl TreeVisitor for ReferenceSearch {
    fn rule_ref(&mut self, reference: &RuleRef) {
        match reference {
            RuleRef::Article { number, span } => self.note(&number.to_string(), &["article"], *span),
            RuleRef::Named(name) => self.note(&name.text, &["rule", "power"], name.span),
        }
    }

    fn power(&mut self, name: &Name) {
        self.note(&name.text, &["power"], name.span);
    }

    fn expr(&mut self, expr: &mut Expr) {
        // A rule is no value: where its name stands as one, something else is meant.
        if let ExprKind::Path(path) = &expr.kind {
            self.note(&path.head.text, &["obligation", "power"], path.head.span);
        }
    }
}
