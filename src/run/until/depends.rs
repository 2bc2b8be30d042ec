//! Whether anything may differ from day to day (S1), without evaluating: what reads today, dated facts, rules that begin
//! or end. What is read on a day of its own (`as of` a fixed day, the row of a dated entity) does not.

use crate::facts::{Facts, Slot};
use crate::policy::deps::Node;
use crate::policy::{EntityId, Expr, ExprId, Fact, Lasting, OutcomeId, Policy, PowerId, PowerTest};
use crate::steps;
use crate::value::Day;
use std::collections::BTreeSet;

/// Which names may differ from day to day.
#[derive(Clone, Debug)]
pub struct DayDependence<'a> {
    policy: &'a Policy,
    facts: Option<&'a Facts>,
    /// Rows of dated entities are held fixed while the days go by, as where a condition of theirs is followed (T7, T8).
    held: bool,
    /// Of facts and fields: that their defaults may. Of the rows of a table: that their dates may, apart from their coming.
    differ: BTreeSet<Node>,
}

/// Looks at the policy; with facts, what is stated once and for all does not differ.
pub fn depends_on_day<'a>(policy: &'a Policy, facts: Option<&'a Facts>) -> DayDependence<'a> {
    look(policy, facts, false)
}

/// The same where rows of dated entities are held fixed.
pub(crate) fn depends_with_rows_held<'a>(policy: &'a Policy, facts: Option<&'a Facts>) -> DayDependence<'a> {
    look(policy, facts, true)
}

fn look<'a>(policy: &'a Policy, facts: Option<&'a Facts>, held: bool) -> DayDependence<'a> {
    let mut found = DayDependence { policy, facts, held, differ: BTreeSet::new() };
    let mut others = policy.nodes();
    // Nothing differs until something says so; once more for as long as anything new is found.
    loop {
        let before = found.differ.len();
        others.retain(|node| !found.is_different(*node) || !found.differ.insert(*node));
        if found.differ.len() == before {
            return found;
        }
    }
}

impl DayDependence<'_> {
    pub fn outcome(&self, id: OutcomeId) -> bool {
        self.node(Node::Outcome(id))
    }

    pub fn power(&self, id: PowerId) -> bool {
        self.is_exercised(id) || self.node(Node::Available(id))
    }

    /// Of a fact or a field: what stands in place of what is not stated; of the rows of a table: which there are, and on
    /// which day each of them stands, apart from their dates coming.
    pub fn node(&self, node: Node) -> bool {
        self.differ.contains(&node)
    }

    /// An expression, in no frame or in that of an undated row.
    pub fn expr(&self, id: ExprId) -> bool {
        steps::step();
        match self.policy.exprs.node(id) {
            Expr::Const(_) | Expr::Local(_) => false,
            // `by` asks whether its day has passed.
            Expr::Today | Expr::By { .. } => true,
            Expr::Fact(fact) => {
                let slot = self.facts.and_then(|facts| facts.facts.try_get(*fact));
                self.slot(&self.policy.facts[*fact], slot, self.node(Node::Fact(*fact)))
            }
            Expr::Field { entity, row, field } => {
                let decl = &self.policy.entities[*entity];
                let default = self.node(Node::Field(*entity, *field));
                let differs = |slot| self.slot(&decl.fields[*field], slot, default);
                let stated =
                    self.facts.and_then(|facts| facts.tables.try_get(*entity)).and_then(Option::as_ref);
                let cell = match stated {
                    // T9: the row of a dated entity has a day of its own.
                    _ if decl.dated.is_some() && !self.held => self.node(Node::Rows(*entity)),
                    Some(table) => table.rows.values().any(|row| differs(row.cells.try_get(*field))),
                    None => differs(None),
                };
                cell || self.expr(*row)
            }
            Expr::Define { id, row } => match self.policy.defines[*id].for_each {
                Some(entity) if self.has_one_day(entity) => {
                    self.node(Node::Rows(entity)) || self.any(row.iter())
                }
                _ => self.node(Node::Define(*id)) || self.any(row.iter()),
            },
            Expr::Outcome { id, row } => match self.policy.outcomes[*id].for_each {
                Some(entity) if self.has_one_day(entity) => {
                    self.node(Node::Rows(entity)) || self.any(row.iter())
                }
                _ => self.outcome(*id) || self.any(row.iter()),
            },
            Expr::Running(id) => self.node(Node::Running(*id)),
            Expr::Call { function, args } => self.node(Node::Function(*function)) || self.any(args.iter()),
            // Its deadline may pass any day.
            Expr::Duty { .. } => true,
            Expr::Power { id, row, test } => {
                let available = *test == PowerTest::Available && self.node(Node::Available(*id));
                available || self.is_exercised(*id) || self.any(row.iter())
            }
            Expr::Act { id, row, .. } => self.is_exercised(*id) || self.any(row.iter()),
            Expr::ActCount { id, row, since } => {
                self.is_exercised(*id) || self.any(row.iter().chain([since]))
            }
            Expr::DayAverage { first, last, .. } => self.any([first, last].into_iter()),
            // In doubt any day may be the last start, up to the day asked.
            Expr::LastStart(_) => true,
            // The same day, always the same.
            Expr::AsOf { day, .. } => self.expr(*day),
            Expr::Aggregate { entity, .. } => {
                let empty = self.is_empty(*entity);
                // A row does not exist before its date.
                let grows = self.policy.entities[*entity].dated.is_some() && !empty;
                grows || (!empty && (self.node(Node::Rows(*entity)) || self.operands(id)))
            }
            _ => self.policy.asks_dated_annex(id) || self.operands(id),
        }
    }

    fn is_empty(&self, entity: EntityId) -> bool {
        let table = self.facts.and_then(|facts| facts.tables.try_get(entity)).and_then(Option::as_ref);
        table.is_some_and(|table| table.rows.is_empty())
    }

    /// T9
    fn has_one_day(&self, entity: EntityId) -> bool {
        self.policy.entities[entity].dated.is_some() && !self.held
    }

    /// Whether an act of the power, or of one that ends it, or a threat may be stated.
    fn is_exercised(&self, id: PowerId) -> bool {
        let Some(facts) = self.facts else { return true };
        let ends = |power: PowerId| power == id || self.policy.powers[power].ends.contains(&id);
        facts.acts.iter().chain(&facts.announcements).any(|act| ends(act.power))
    }

    fn any<'e>(&self, mut exprs: impl Iterator<Item = &'e ExprId>) -> bool {
        exprs.any(|expr| self.expr(*expr))
    }

    fn operands(&self, id: ExprId) -> bool {
        let mut found = false;
        self.policy.exprs.operands(id, |operand| found = found || self.expr(operand));
        found
    }

    /// T2, T3
    fn slot(&self, decl: &Fact, slot: Option<&Slot>, default: bool) -> bool {
        let ends = decl.over_time && self.facts.is_some_and(|facts| facts.stated_through.is_some());
        match slot.map(|slot| slot.statements.as_slice()) {
            None => decl.over_time || default,
            Some([]) => match decl.default {
                Some(_) => ends || default,
                // Unknown, each day for itself.
                None => decl.over_time,
            },
            Some([one]) if one.from == Day::FIRST => ends,
            Some(_) => decl.over_time,
        }
    }

    fn is_different(&self, node: Node) -> bool {
        let policy = self.policy;
        let own = match node {
            Node::Rows(id) => {
                let entity = &policy.entities[id];
                let mut dates = [entity.dated, entity.known].into_iter().flatten();
                return dates.any(|field| self.node(Node::Field(id, field)));
            }
            Node::Outcome(id) => return self.rules(id),
            Node::Running(id) => {
                let entity = policy.folds[id].entity;
                // A row does not exist before its date.
                let grows = policy.entities[entity].dated.is_some() && !self.is_empty(entity);
                grows || self.node(Node::Rows(entity))
            }
            Node::Available(id) => policy.powers[id].from.is_some() || policy.powers[id].until.is_some(),
            // Its deadline may pass any day, an act may come.
            Node::Duty(_) | Node::Acts(_) => return true,
            Node::Fact(_) | Node::Field(..) | Node::Define(_) | Node::Function(_) => false,
        };
        own || policy.exprs_of(node).into_iter().any(|expr| self.expr(expr))
    }

    fn rules(&self, id: OutcomeId) -> bool {
        let outcome = &self.policy.outcomes[id];
        outcome.otherwise.is_some_and(|otherwise| self.expr(otherwise))
            || outcome.contenders.iter().any(|contender| {
                let rule = &self.policy.rules[contender.rule];
                if rule.power.is_some_and(|power| !self.is_exercised(power)) {
                    return false;
                }
                let lasts = match rule.lasting {
                    Some(Lasting::Until(end)) => self.expr(end),
                    // What began on day one is over some day.
                    Some(Lasting::For(..)) => true,
                    None => false,
                };
                // R2: it begins or ends on some day.
                rule.power.is_some()
                    || lasts
                    || rule.from.is_some()
                    || rule.until.is_some()
                    || rule.branches.iter().any(|branch| self.any(branch.condition.iter()))
                    || contender.clauses.iter().any(|clause| self.expr(clause.value))
            })
    }
}
