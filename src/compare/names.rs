//! Which names of the two sides mean the same thing: the same name, or another one that is used in all the same places.
//!
//! What has no namesake is told apart by what its clause says and by the clauses that name it, round after round, until
//! nothing more can be told apart (as isomorphism of graphs is tried by colours). No guess: what is used otherwise, or
//! cannot be told from a third, stays unpaired.

use super::item::{Item, Kind, Tokens, items};
use super::normal::Normal;
use super::parts::{Clause, clause};
use super::rules::unnamed;
use crate::policy::Policy;
use std::collections::{BTreeMap, BTreeSet};

/// The words of both sides, and what goes by another name.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub old: Tokens,
    pub new: Tokens,
    /// Old and new, in the order of the old side.
    pub renamed: Vec<(Item, Item)>,
}

/// One side while names are looked for.
struct Side<'a> {
    policy: &'a Policy,
    items: Vec<Item>,
    tokens: Tokens,
    /// Without a namesake.
    open: Vec<Item>,
}

/// More names without a namesake than this are not tried: such texts are two policies, not two versions of one.
const MOST: usize = 400;

pub(super) fn pair(old: &Policy, new: &Policy) -> Names {
    let named = |policy: &Policy| -> BTreeSet<(Kind, String)> {
        items(policy).into_iter().map(|item| (item.kind(), item.name(policy))).collect()
    };
    let (of_old, of_new) = (named(old), named(new));
    let side = |policy, others: &BTreeSet<(Kind, String)>| {
        let items = items(policy);
        let mut tokens = Tokens::default();
        let mut open = Vec::new();
        for item in &items {
            let (kind, name) = (item.kind(), item.name(policy));
            if others.contains(&(kind, name.clone())) {
                tokens.set(*item, format!("{}:{name}", kind.word()));
            } else {
                tokens.set(*item, format!("?{}", kind.word()));
                open.push(*item);
            }
        }
        Side { policy, items, tokens, open }
    };
    let (mut old, mut new) = (side(old, &of_new), side(new, &of_old));
    let mut renamed = Vec::new();
    if !old.open.is_empty() && !new.open.is_empty() && old.open.len().max(new.open.len()) <= MOST {
        colour(&mut old, &mut new);
        renamed = matches(&old, &new);
    }
    for side in [&mut old, &mut new] {
        let open = side.open.clone();
        for item in open {
            let word = format!("{}:{}", item.kind().word(), item.name(side.policy));
            side.tokens.set(item, word);
        }
    }
    for (before, after) in &renamed {
        let word = old.tokens.get(*before).to_string();
        new.tokens.set(*after, word);
    }
    Names { old: old.tokens, new: new.tokens, renamed }
}

/// Rounds of telling apart.
fn colour<'a>(old: &mut Side<'a>, new: &mut Side<'a>) {
    let (by_old, by_new) = (users(old), users(new));
    let mut classes = 0;
    loop {
        let texts = [texts(old, &by_old), texts(new, &by_new)];
        let ranks: BTreeSet<&String> = texts.iter().flat_map(|texts| texts.values()).collect();
        let ranks: BTreeMap<&String, usize> =
            ranks.into_iter().enumerate().map(|(at, text)| (text, at)).collect();
        for (side, texts) in [&mut *old, &mut *new].into_iter().zip(&texts) {
            for (item, text) in texts {
                let rank = ranks.get(text).copied().unwrap_or(0);
                side.tokens.set(*item, format!("?{}#{rank}", item.kind().word()));
            }
        }
        if ranks.len() <= classes {
            return;
        }
        classes = ranks.len();
    }
}

/// Who names what has no namesake: items, and rules without a name by their place.
fn users(side: &Side<'_>) -> BTreeMap<Item, Vec<usize>> {
    let normal = Normal::new(side.policy, &side.tokens, None);
    let mut users: BTreeMap<Item, Vec<usize>> = BTreeMap::new();
    for at in 0..count(side) {
        normal.take_named();
        drop(nth(side, &normal, at));
        for named in normal.take_named() {
            users.entry(named).or_default().push(at);
        }
    }
    users
}

fn count(side: &Side<'_>) -> usize {
    side.items.len().saturating_add(side.policy.rules.len())
}

/// The clause of an item, or, behind the items, of a rule without a name.
fn nth(side: &Side<'_>, normal: &Normal<'_>, at: usize) -> Vec<Clause> {
    match side.items.get(at) {
        Some(item) => vec![clause(normal, *item, side.tokens.get(*item).to_string())],
        None => {
            let rule = side.policy.rules.ids().nth(at.saturating_sub(side.items.len()));
            rule.map_or_else(Vec::new, |rule| unnamed(normal, rule))
        }
    }
}

/// What is said by and of each open name, itself written as `@`.
fn texts(side: &Side<'_>, users: &BTreeMap<Item, Vec<usize>>) -> BTreeMap<Item, String> {
    let text = |item: &Item| {
        let normal = Normal::new(side.policy, &side.tokens, Some(*item));
        let own = clause(&normal, *item, String::new());
        // A source is its title; a rule stays one under another.
        let own = if item.kind() == Kind::Source { own.whole() } else { own.text() };
        let used = users.get(item).map_or(&[][..], Vec::as_slice).iter();
        let others = used.filter(|at| side.items.get(**at) != Some(item));
        let mut uses: Vec<String> = others
            .flat_map(|at| nth(side, &normal, *at))
            .map(|user| format!("{} {}", user.token, user.text()))
            .collect();
        uses.sort();
        (*item, format!("{}\n{own}\n{}", side.tokens.get(*item), uses.join("\n")))
    };
    side.open.iter().map(text).collect()
}

/// Those of one colour, where each side has as many: what cannot be told apart is used alike, in the order of the text.
fn matches(old: &Side<'_>, new: &Side<'_>) -> Vec<(Item, Item)> {
    let mut pairs = Vec::new();
    for item in &old.open {
        let token = old.tokens.get(*item);
        let mine: Vec<&Item> = old.open.iter().filter(|other| old.tokens.get(**other) == token).collect();
        let theirs: Vec<&Item> = new.open.iter().filter(|other| new.tokens.get(**other) == token).collect();
        let place = mine.iter().position(|other| *other == item);
        if let (true, Some(other)) = (mine.len() == theirs.len(), place.and_then(|place| theirs.get(place))) {
            pairs.push((*item, **other));
        }
    }
    pairs
}
