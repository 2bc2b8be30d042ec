//! Conditions given a truth value (N3), and what is worked out under them. What reads none of them is what it was.

use crate::outcome::Point;
use crate::policy::ExprId;
use crate::policy::deps::Node;
use crate::policy::readers::Readers;
use crate::run::frame::{At, Named, NamedPoint};
use crate::run::past::history::{Followed, Histories};
use crate::run::{Evaluator, Set};
use std::collections::{BTreeMap, BTreeSet};

/// A condition, the row it is asked of and when.
pub(crate) type GivenPlace = (ExprId, u32, Point);

#[derive(Default)]
pub(crate) struct GivenTruths {
    truths: BTreeMap<GivenPlace, bool>,
    /// What reads any of the conditions, through however many names.
    readers: BTreeSet<Node>,
    /// Which histories do.
    followed: BTreeMap<Followed, bool>,
    sets: BTreeMap<NamedPoint, Set>,
    histories: Histories,
}

impl Evaluator<'_> {
    /// With conditions given truth values.
    pub(crate) fn under<T>(
        &mut self,
        truths: impl IntoIterator<Item = (GivenPlace, bool)>,
        evaluate: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let truths: BTreeMap<GivenPlace, bool> = truths.into_iter().collect();
        let (policy, prepared) = (self.policy, &self.plan.prepared);
        let exprs = truths.keys().map(|(expr, ..)| *expr);
        let readers = prepared.readers.get_or_init(|| Readers::new(policy)).reach(exprs);
        self.given =
            (!truths.is_empty()).then(|| Box::new(GivenTruths { truths, readers, ..GivenTruths::default() }));
        let result = evaluate(self);
        self.given = None;
        result
    }

    /// The truth value given to a condition.
    pub(crate) fn given_truth(&self, id: ExprId, at: &At) -> Option<bool> {
        self.given.as_ref()?.truths.get(&(id, at.row(), at.point)).copied()
    }

    /// Whether a condition given a truth value may be read for this: what it comes to is not learned for good.
    pub(crate) fn is_given(&self, node: Node) -> bool {
        self.given.as_ref().is_some_and(|given| given.readers.contains(&node))
    }

    pub(crate) fn is_name_given(&self, named: Named) -> bool {
        self.is_given(match named {
            Named::Define(id) => Node::Define(id),
            Named::Outcome(id) => Node::Outcome(id),
            Named::Running(id) => Node::Running(id),
            Named::Default(id) => Node::Fact(id),
        })
    }

    fn is_history_given(&mut self, what: Followed) -> bool {
        let policy = self.policy;
        let Some(given) = &mut self.given else { return false };
        let (truths, readers) = (&given.truths, &given.readers);
        *given.followed.entry(what).or_insert_with(|| {
            let mut open: Vec<ExprId> = match what {
                Followed::Condition(id) | Followed::InPeriod(id) => vec![id],
                Followed::Force(id) => policy.rules[id].window().collect(),
                Followed::Guard(id) | Followed::End(id) => {
                    policy.remembered_with(id).flat_map(|version| policy.rules[version].exprs()).collect()
                }
            };
            let read = |id: &ExprId| policy.reads_alone(*id).iter().any(|read| readers.contains(&read.node));
            if open.iter().any(read) {
                return true;
            }
            while let Some(expr) = open.pop() {
                if truths.keys().any(|(given, ..)| *given == expr) {
                    return true;
                }
                open.extend(policy.exprs.parts(expr));
            }
            false
        })
    }

    /// Where a history is kept.
    pub(crate) fn histories_of(&mut self, what: Followed) -> &mut Histories {
        let is_given = self.is_history_given(what);
        match &mut self.given {
            Some(given) if is_given => &mut given.histories,
            _ => &mut self.histories,
        }
    }

    /// What was worked out before as a set. Under conditions given a truth value what reads them holds only if it was
    /// decided without them.
    pub(crate) fn remembered(&self, node: &NamedPoint) -> Option<Set> {
        if let Some(Ok(value)) = self.points.get(node) {
            return Some(Set::one(value.clone()));
        }
        let known = self.sets.get(node);
        match &self.given {
            Some(given) if self.is_name_given(node.named) => {
                known.filter(|set| set.is_decided()).or_else(|| given.sets.get(node)).cloned()
            }
            _ => known.cloned(),
        }
    }

    pub(crate) fn remember(&mut self, node: NamedPoint, set: &Set) {
        let is_given = self.is_name_given(node.named);
        match &mut self.given {
            Some(given) if is_given => {
                given.sets.insert(node, set.clone());
            }
            _ => self.sets.put(node, set.clone()),
        }
    }
}
