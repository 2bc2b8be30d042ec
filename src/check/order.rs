//! Which rule stands above which (R4): the transitive closure over all rules, whatever their outcomes.

use super::errors;
use super::names::Symbol;
use super::{Checker, Priority};
use crate::policy::{Contender, Id, RuleId};
use crate::text::Span;
use crate::tree::RuleRef;
use std::collections::BTreeMap;

impl Checker<'_> {
    pub(super) fn order(&mut self) {
        self.join_versions();
        let mut below: Vec<Vec<(RuleId, Span)>> = vec![Vec::new(); self.policy.rules.len()];
        for priority in std::mem::take(&mut self.priorities) {
            for other in self.named_rules(&priority) {
                let (upper, lower) =
                    if priority.above { (priority.rule, other) } else { (other, priority.rule) };
                if let Some(list) = below.get_mut(upper.index()) {
                    list.push((lower, priority.reference.span()));
                }
                let rule = &mut self.policy.rules[priority.rule];
                let list = if priority.above { &mut rule.notwithstanding } else { &mut rule.subject_to };
                if !list.contains(&other) {
                    list.push(other);
                }
            }
        }
        let Some(order) = self.sorted(&below) else { return };
        let above = closure(&order, &below);
        for outcome in self.policy.outcomes.values_mut() {
            arrange(&mut outcome.contenders, &order, &above);
        }
    }

    /// The rules that a `notwithstanding` or `subject to` means: one, those of an article, or those citing a source.
    fn named_rules(&mut self, priority: &Priority) -> Vec<RuleId> {
        let others = |wanted: &dyn Fn(&crate::policy::Rule) -> bool| -> Vec<RuleId> {
            let own = self.all_versions(priority.rule);
            let rules = self.policy.rules.iter();
            rules.filter(|(id, rule)| wanted(rule) && !own.contains(id)).map(|(id, _)| id).collect()
        };
        match &priority.reference {
            RuleRef::Article { number, span } => match self.articles.get(number).copied() {
                Some(article) => others(&|rule| rule.article == Some(article)),
                None => {
                    let error = errors::article_unknown(*number, self.articles.keys(), *span);
                    self.say(error);
                    Vec::new()
                }
            },
            RuleRef::Named(name) => match self.rule_or_power(&name.text) {
                Some(Symbol::Rule(id)) => {
                    let meant = self.all_versions(id);
                    if meant.contains(&priority.rule) {
                        self.say(errors::above_itself(name));
                        return Vec::new();
                    }
                    meant
                }
                Some(Symbol::Instrument(id)) => {
                    others(&|rule| rule.cites.iter().any(|citation| citation.instrument == id))
                }
                Some(Symbol::Waiting) => Vec::new(),
                found => {
                    let error = errors::rule_wanted(self, name, found);
                    self.say(error);
                    Vec::new()
                }
            },
        }
    }

    /// A power counts as a rule: its effect (O4).
    fn rule_or_power(&self, name: &str) -> Option<Symbol> {
        match self.names.get(name) {
            Some(Symbol::Power(id)) => Some(Symbol::Rule(self.policy.powers[id].rule)),
            found => found,
        }
    }

    /// All rules, each after every rule above it; of those that are free, the first in the text. None: there is a loop.
    fn sorted(&mut self, below: &[Vec<(RuleId, Span)>]) -> Option<Vec<RuleId>> {
        let mut waiting = vec![0usize; below.len()];
        for (lower, _) in below.iter().flatten() {
            if let Some(count) = waiting.get_mut(lower.index()) {
                *count += 1;
            }
        }
        let free = self.policy.rules.ids().filter(|id| waiting.get(id.index()) == Some(&0));
        let mut ready: std::collections::BTreeSet<RuleId> = free.collect();
        let mut order = Vec::with_capacity(below.len());
        while let Some(next) = ready.pop_first() {
            order.push(next);
            for (lower, _) in below.get(next.index()).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(lower.index()) {
                    *count -= 1;
                    if *count == 0 {
                        ready.insert(*lower);
                    }
                }
            }
        }
        if order.len() == below.len() {
            return Some(order);
        }
        let stuck =
            self.policy.rules.ids().find(|id| waiting.get(id.index()).is_some_and(|count| *count > 0));
        if let Some(stuck) = stuck {
            self.loop_from(stuck, below, &waiting);
        }
        None
    }

    /// Walks up from a rule that waits for ever, until a rule comes again.
    fn loop_from(&mut self, stuck: RuleId, below: &[Vec<(RuleId, Span)>], waiting: &[usize]) {
        let mut uppers: BTreeMap<RuleId, (RuleId, Span)> = BTreeMap::new();
        for upper in self.policy.rules.ids() {
            let held = waiting.get(upper.index()).is_some_and(|count| *count > 0);
            for (lower, span) in below.get(upper.index()).into_iter().flatten().filter(|_| held) {
                uppers.entry(*lower).or_insert((upper, *span));
            }
        }
        let mut path: Vec<(RuleId, Span)> = Vec::new();
        let mut at = stuck;
        while let Some((upper, span)) = uppers.get(&at).copied() {
            if let Some(start) = path.iter().position(|(rule, _)| *rule == upper) {
                path.drain(..start);
                break;
            }
            path.push((upper, span));
            at = upper;
        }
        path.reverse();
        let loop_: Vec<(String, Span)> =
            path.iter().map(|(rule, span)| (self.policy.rules[*rule].shown.clone(), *span)).collect();
        let amended = path.iter().any(|(rule, _)| self.all_versions(*rule).len() > 1);
        self.say(errors::priority_loop(&loop_, amended));
    }
}

/// For each rule, the rules above it through any chain, as bits.
fn closure(order: &[RuleId], below: &[Vec<(RuleId, Span)>]) -> Vec<Vec<u64>> {
    let words = below.len().div_ceil(64);
    let mut above: Vec<Vec<u64>> = vec![Vec::new(); below.len()];
    for upper in order {
        let mut bits = above.get(upper.index()).cloned().unwrap_or_default();
        bits.resize(words, 0);
        if let Some(word) = bits.get_mut(upper.index() / 64) {
            *word |= 1 << (upper.index() % 64);
        }
        for (lower, _) in below.get(upper.index()).into_iter().flatten() {
            if let Some(mine) = above.get_mut(lower.index()) {
                mine.resize(words, 0);
                mine.iter_mut().zip(&bits).for_each(|(mine, more)| *mine |= more);
            }
        }
    }
    above
}

/// Sorts the contenders of one outcome so that every rule comes after those above it, and notes which those are.
fn arrange(contenders: &mut [Contender], order: &[RuleId], above: &[Vec<u64>]) {
    let mut place = vec![0usize; order.len()];
    for (at, rule) in order.iter().enumerate() {
        if let Some(slot) = place.get_mut(rule.index()) {
            *slot = at;
        }
    }
    contenders.sort_by_key(|contender| place.get(contender.rule.index()).copied());
    let rules: Vec<RuleId> = contenders.iter().map(|contender| contender.rule).collect();
    for (at, contender) in contenders.iter_mut().enumerate() {
        let Some(bits) = above.get(contender.rule.index()) else { continue };
        let is_above = |rule: &RuleId| {
            bits.get(rule.index() / 64).is_some_and(|word| word & (1 << (rule.index() % 64)) != 0)
        };
        let uppers = rules.iter().take(at).enumerate().filter(|(_, rule)| is_above(rule));
        contender.above = uppers.filter_map(|(at, _)| u32::try_from(at).ok()).collect();
    }
}
