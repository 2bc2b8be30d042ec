//! Which rule stands above which (R4): the transitive closure over all rules, whatever their outcomes.

use super::errors;
use super::names::Symbol;
use super::{Checker, Priority};
use crate::policy::{Contender, Id, Places, RuleId};
use crate::text::Span;
use crate::tree::RuleRef;
use std::collections::{BTreeMap, BTreeSet};

impl Checker<'_> {
    pub(super) fn order(&mut self) {
        self.join_versions();
        let mut below: Vec<Vec<(RuleId, Span)>> = vec![Vec::new(); self.policy.rules.len()];
        let mut listed = BTreeSet::new();
        for priority in std::mem::take(&mut self.priorities) {
            for other in self.named_rules(&priority) {
                let (upper, lower) =
                    if priority.above { (priority.rule, other) } else { (other, priority.rule) };
                if let Some(list) = below.get_mut(upper.index()) {
                    list.push((lower, priority.reference.span()));
                }
                let rule = &mut self.policy.rules[priority.rule];
                let list = if priority.above { &mut rule.notwithstanding } else { &mut rule.subject_to };
                if listed.insert((priority.above, priority.rule, other)) {
                    list.push(other);
                }
            }
        }
        let Some(order) = self.sorted(&below) else { return };
        let mut place = vec![0usize; order.len()];
        for (at, rule) in order.iter().enumerate() {
            if let Some(slot) = place.get_mut(rule.index()) {
                *slot = at;
            }
        }
        let closure = closure(&below);
        for outcome in self.policy.outcomes.values_mut() {
            arrange(&mut outcome.contenders, &place, &closure);
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
        let mut ready: BTreeSet<RuleId> = free.collect();
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

/// Of each rule its place in an order in which lines of rules are not torn apart, and the places of those above it, through
/// any chain.
struct Closure {
    rank: Vec<u32>,
    above: Vec<Places>,
}

impl Closure {
    fn of(&self, rule: RuleId) -> (u32, Places) {
        let rank = self.rank.get(rule.index()).copied().unwrap_or(u32::MAX);
        (rank, self.above.get(rule.index()).cloned().unwrap_or_default())
    }
}

fn closure(below: &[Vec<(RuleId, Span)>]) -> Closure {
    let mut uppers: Vec<Vec<usize>> = vec![Vec::new(); below.len()];
    for (upper, lower) in
        below.iter().enumerate().flat_map(|(upper, list)| list.iter().map(move |l| (upper, l.0)))
    {
        if let Some(list) = uppers.get_mut(lower.index()) {
            list.push(upper);
        }
    }
    let mut waiting: Vec<usize> = uppers.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> =
        (0..below.len()).rev().filter(|rule| waiting.get(*rule) == Some(&0)).collect();
    let (mut rank, mut above) = (vec![u32::MAX; below.len()], vec![Places::default(); below.len()]);
    let mut next = 0;
    // What was freed last comes first: so one goes along a line.
    while let Some(rule) = ready.pop() {
        let mine = uppers.get(rule).map_or(&[][..], Vec::as_slice);
        let own =
            mine.iter().filter_map(|upper| rank.get(*upper)).map(|at| Places::run(*at, at.saturating_add(1)));
        let own: Vec<Places> = own.collect();
        let all = Places::union(own.iter().chain(mine.iter().filter_map(|upper| above.get(*upper))));
        if let (Some(rank), Some(above)) = (rank.get_mut(rule), above.get_mut(rule)) {
            (*rank, *above) = (next, all);
        }
        next = next.saturating_add(1);
        for (lower, _) in below.get(rule).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(lower.index()) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(lower.index());
                }
            }
        }
    }
    Closure { rank, above }
}

/// Sorts the contenders of one outcome so that every rule comes after those above it, and notes which those are.
fn arrange(contenders: &mut [Contender], place: &[usize], closure: &Closure) {
    contenders.sort_by_key(|contender| place.get(contender.rule.index()).copied());
    let mut ranks: Vec<(u32, u32)> =
        (0..).zip(contenders.iter()).map(|(at, contender)| (closure.of(contender.rule).0, at)).collect();
    ranks.sort_unstable();
    let alike = ranks.is_sorted_by_key(|(_, at)| *at);
    for contender in contenders.iter_mut() {
        let (_, above) = closure.of(contender.rule);
        let found = |rank: &u32| ranks.partition_point(|(other, _)| other < rank);
        let runs = above.runs().iter().map(|(from, to)| found(from)..found(to));
        contender.above = if alike {
            let run = |run: std::ops::Range<usize>| {
                Some(Places::run(run.start.try_into().ok()?, run.end.try_into().ok()?))
            };
            Places::union(&runs.filter_map(run).collect::<Vec<_>>())
        } else {
            runs.filter_map(|run| ranks.get(run)).flatten().map(|(_, at)| *at).collect()
        };
    }
}
