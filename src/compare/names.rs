//! Which names of the two sides mean the same thing: the same name, or another one that is used in all the same places.
//!
//! What has no namesake is told apart by what its clause says and by the clauses that name it, round after round, until
//! nothing more can be told apart (as isomorphism of graphs is tried by colours). No guess: what is used otherwise, or
//! of which one side has more, stays unpaired.

use super::declared::clause;
use super::item::{ClauseKind, NamedItem, Tokens, items};
use super::normal::{MARK, Normal};
use super::parts::ComparedClause;
use super::rules::{is_above, unnamed};
use crate::policy::Policy;
use std::collections::{BTreeMap, BTreeSet};

/// The words of both sides, and what goes by another name.
#[derive(Clone, Debug)]
pub(super) struct NamePairing {
    pub old: Tokens,
    pub new: Tokens,
    /// Old and new, in the order of the old side.
    pub renamed: Vec<(NamedItem, NamedItem)>,
}

/// One side while names are looked for.
struct NamingSide<'a> {
    policy: &'a Policy,
    items: Vec<NamedItem>,
    tokens: Tokens,
    /// Without a namesake.
    open: Vec<NamedItem>,
}

/// More names without a namesake than this are not tried: such texts are two policies, not two versions of one.
const MOST: usize = 400;

/// So many names that are used alike are paired one by one.
const ALIKE: usize = 100;

pub(super) fn pair(old: &Policy, new: &Policy) -> NamePairing {
    let named = |policy: &Policy| -> BTreeSet<(ClauseKind, String)> {
        items(policy).into_iter().map(|item| (item.kind(), item.name(policy))).collect()
    };
    let (of_old, of_new) = (named(old), named(new));
    let side = |policy, others: &BTreeSet<(ClauseKind, String)>| {
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
        NamingSide { policy, items, tokens, open }
    };
    let (mut old, mut new) = (side(old, &of_new), side(new, &of_old));
    let mut renamed = Vec::new();
    if !old.open.is_empty() && !new.open.is_empty() && old.open.len().max(new.open.len()) <= MOST {
        renamed = told_apart(&mut old, &mut new);
        renamed.sort();
    }
    for side in [&mut old, &mut new] {
        for item in std::mem::take(&mut side.open) {
            let word = format!("{}:{}", item.kind().word(), item.name(side.policy));
            side.tokens.set(item, word);
        }
    }
    NamePairing { old: old.tokens, new: new.tokens, renamed }
}

/// Rounds of telling apart. A text that one name has on each side makes them one at once, so that a clause that did change
/// takes with it only the names it uses. Where nothing more can be told apart, what is left is used alike: any pair is as
/// good as any other, but the next is seen in its light (the sides of `x < 1` with its rule, and `y < 1` with its own).
fn told_apart<'a>(old: &mut NamingSide<'a>, new: &mut NamingSide<'a>) -> Vec<(NamedItem, NamedItem)> {
    let (by_old, by_new) = (users(old), users(new));
    let mut pairs = Vec::new();
    let (mut classes, mut alike) = (0, 0_usize);
    // Rules that say the same are told apart by who stands above whom. Others are the same even where that changed.
    let mut ranked = false;
    loop {
        let mut groups: BTreeMap<String, (Vec<NamedItem>, Vec<NamedItem>)> = BTreeMap::new();
        for (item, text) in texts(old, &by_old, ranked) {
            groups.entry(text).or_default().0.push(item);
        }
        for (item, text) in texts(new, &by_new, ranked) {
            groups.entry(text).or_default().1.push(item);
        }
        let first =
            |(mine, theirs): &(Vec<NamedItem>, Vec<NamedItem>)| Some((*mine.first()?, *theirs.first()?));
        let alone = groups.values().filter(|(mine, theirs)| mine.len() == 1 && theirs.len() == 1);
        let mut found: Vec<(NamedItem, NamedItem)> = alone.filter_map(first).collect();
        if found.is_empty() && groups.len() > classes {
            classes = groups.len();
            for (rank, (mine, theirs)) in groups.values().enumerate() {
                let word = |item: &NamedItem| format!("?{}#{rank}", item.kind().word());
                mine.iter().for_each(|item| old.tokens.set(*item, word(item)));
                theirs.iter().for_each(|item| new.tokens.set(*item, word(item)));
            }
            continue;
        }
        if found.is_empty() && !ranked {
            (ranked, classes) = (true, 0);
            continue;
        }
        if found.is_empty() {
            let mut even = groups.values().filter(|(mine, theirs)| mine.len() == theirs.len());
            let Some((mine, theirs)) = even.next() else { return pairs };
            // Beyond that many, all at once, in the order of the text.
            alike = alike.saturating_add(1);
            let many = if alike > ALIKE { mine.len() } else { 1 };
            found = mine.iter().copied().zip(theirs.iter().copied()).take(many).collect();
        }
        for (before, after) in &found {
            let word = format!("{}:{}", before.kind().word(), before.name(old.policy));
            old.tokens.set(*before, word.clone());
            new.tokens.set(*after, word);
        }
        old.open.retain(|item| !found.iter().any(|(before, _)| before == item));
        new.open.retain(|item| !found.iter().any(|(_, after)| after == item));
        pairs.extend(found);
        classes = 0;
    }
}

/// Who names what has no namesake: items, and rules without a name by their place.
fn users(side: &NamingSide<'_>) -> BTreeMap<NamedItem, Vec<usize>> {
    let normal = Normal::new(side.policy, &side.tokens, None);
    let mut users: BTreeMap<NamedItem, Vec<usize>> = BTreeMap::new();
    for at in 0..count(side) {
        normal.take_named();
        drop(nth(side, &normal, at));
        for named in normal.take_named() {
            users.entry(named).or_default().push(at);
        }
    }
    users
}

fn count(side: &NamingSide<'_>) -> usize {
    side.items.len().saturating_add(side.policy.rules.len())
}

/// The clause of an item, or, behind the items, of a rule without a name.
fn nth(side: &NamingSide<'_>, normal: &Normal<'_>, at: usize) -> Vec<ComparedClause> {
    match side.items.get(at) {
        Some(item) => vec![clause(normal, *item, side.tokens.get(*item).to_string())],
        None => {
            let rule = side.policy.rules.ids().nth(at.saturating_sub(side.items.len()));
            rule.map_or_else(Vec::new, |rule| unnamed(normal, rule))
        }
    }
}

/// What is said by and of each open name, itself written as the mark.
/// `ranked`: of a rule also who stands above and below it.
fn texts(
    side: &NamingSide<'_>,
    users: &BTreeMap<NamedItem, Vec<usize>>,
    ranked: bool,
) -> BTreeMap<NamedItem, String> {
    let text = |item: &NamedItem| {
        let normal = Normal::new(side.policy, &side.tokens, Some(*item));
        let own = clause(&normal, *item, String::new());
        // A source is its title; a rule stays one under another.
        let own = if item.kind() == ClauseKind::Source { own.whole() } else { own.text() };
        let used = users.get(item).map_or(&[][..], Vec::as_slice).iter();
        let others = used.filter(|at| side.items.get(**at) != Some(item));
        let mut uses: Vec<String> = others
            .flat_map(|at| nth(side, &normal, *at))
            .map(|user| format!("{} {}", user.token, user.text()))
            // Of a rule without a name only the outcomes that it is used for.
            .filter(|user| user.contains(MARK))
            .collect();
        uses.sort();
        let rank = if ranked { rank(side, *item) } else { String::new() };
        (*item, format!("{}\n{own}\n{}{rank}", side.tokens.get(*item), uses.join("\n")))
    };
    side.open.iter().map(text).collect()
}

/// The named rules that a rule stands above, and those above it.
fn rank(side: &NamingSide<'_>, item: NamedItem) -> String {
    let NamedItem::Rule(own) = item else { return String::new() };
    let named = |upper: bool| {
        let rules = side.items.iter().filter(|item| match item {
            NamedItem::Rule(other) if upper => is_above(side.policy, *other, own),
            NamedItem::Rule(other) => is_above(side.policy, own, *other),
            _ => false,
        });
        let mut words: Vec<&str> = rules.map(|item| side.tokens.get(*item)).collect();
        words.sort_unstable();
        words.join(", ")
    };
    format!("\nabove {}\nbelow {}", named(false), named(true))
}
