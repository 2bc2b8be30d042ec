//! Whether anything may differ from day to day (S1), without evaluating: what reads today, dated facts, rules that begin
//! or end. What is read on a day of its own (`as of` a fixed day, the row of a dated entity) does not.

use crate::facts::{Facts, Slot};
use crate::policy::{
    DefineId, EntityId, Expr, ExprId, Fact, FactId, FieldId, FoldId, Id, Lasting, OutcomeId, Policy, PowerId,
    PowerTest,
};
use crate::steps;
use crate::value::Day;

/// Which names may differ from day to day.
#[derive(Clone, Debug)]
pub struct DayDependence<'a> {
    policy: &'a Policy,
    facts: Option<&'a Facts>,
    /// Rows of dated entities are held fixed while the days go by, as where a condition of theirs is followed (T7, T8).
    held: bool,
    defines: Vec<bool>,
    outcomes: Vec<bool>,
    functions: Vec<bool>,
    folds: Vec<bool>,
    /// Of defaults (V7).
    defaults: Vec<bool>,
    fields: Vec<Vec<bool>>,
    /// The dates of rows, where they are defaults.
    dates: Vec<bool>,
}

/// Looks at the policy; with facts, what is stated once and for all does not differ.
pub fn depends_on_day<'a>(policy: &'a Policy, facts: Option<&'a Facts>) -> DayDependence<'a> {
    look(policy, facts, false)
}

/// The same where rows of dated entities are held fixed.
pub(in crate::run) fn depends_with_rows_held<'a>(
    policy: &'a Policy,
    facts: Option<&'a Facts>,
) -> DayDependence<'a> {
    look(policy, facts, true)
}

fn look<'a>(policy: &'a Policy, facts: Option<&'a Facts>, held: bool) -> DayDependence<'a> {
    let mut found = DayDependence {
        policy,
        facts,
        held,
        defines: vec![false; policy.defines.len()],
        outcomes: vec![false; policy.outcomes.len()],
        functions: vec![false; policy.functions.len()],
        folds: vec![false; policy.folds.len()],
        defaults: vec![false; policy.facts.len()],
        fields: policy.entities.values().map(|entity| vec![false; entity.fields.len()]).collect(),
        dates: vec![false; policy.entities.len()],
    };
    // Nothing differs until something says so; once more for as long as anything new is found.
    while found.round() {}
    found
}

impl DayDependence<'_> {
    pub fn outcome(&self, id: OutcomeId) -> bool {
        self.outcomes.get(id.index()).copied().unwrap_or(true)
    }

    /// The value of a running total before a row.
    pub fn running(&self, id: FoldId) -> bool {
        self.folds.get(id.index()).copied().unwrap_or(true)
    }

    pub fn power(&self, id: PowerId) -> bool {
        self.is_exercised(id) || self.available(id)
    }

    /// What stands in place of a fact that is not stated.
    pub fn default_of(&self, id: FactId) -> bool {
        self.defaults.get(id.index()).copied().unwrap_or(true)
    }

    fn default_of_field(&self, entity: EntityId, field: FieldId) -> bool {
        self.fields.get(entity.index()).and_then(|fields| fields.get(field.index())).copied().unwrap_or(true)
    }

    /// Which rows there are, and on which day each of them stands, apart from their dates coming.
    pub fn dates_of(&self, entity: EntityId) -> bool {
        self.dates.get(entity.index()).copied().unwrap_or(true)
    }

    pub fn define(&self, id: DefineId) -> bool {
        self.defines.get(id.index()).copied().unwrap_or(true)
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
                self.slot(&self.policy.facts[*fact], slot, self.default_of(*fact))
            }
            Expr::Field { entity, row, field } => {
                let decl = &self.policy.entities[*entity];
                let default = self.default_of_field(*entity, *field);
                let differs = |slot| self.slot(&decl.fields[*field], slot, default);
                let stated =
                    self.facts.and_then(|facts| facts.tables.try_get(*entity)).and_then(Option::as_ref);
                let cell = match stated {
                    // T9: the row of a dated entity has a day of its own.
                    _ if decl.dated.is_some() && !self.held => self.dates_of(*entity),
                    Some(table) => table.rows.values().any(|row| differs(row.cells.try_get(*field))),
                    None => differs(None),
                };
                cell || self.expr(*row)
            }
            Expr::Define { id, row } => match self.policy.defines[*id].for_each {
                Some(entity) if self.has_one_day(entity) => self.dates_of(entity) || self.any(row.iter()),
                _ => self.define(*id) || self.any(row.iter()),
            },
            Expr::Outcome { id, row } => match self.policy.outcomes[*id].for_each {
                Some(entity) if self.has_one_day(entity) => self.dates_of(entity) || self.any(row.iter()),
                _ => self.outcome(*id) || self.any(row.iter()),
            },
            Expr::Running(id) => self.running(*id),
            Expr::Call { function, args } => {
                self.functions.get(function.index()).copied().unwrap_or(true) || self.any(args.iter())
            }
            // Its deadline may pass any day.
            Expr::Duty { .. } => true,
            Expr::Power { id, row, test } => {
                let available = *test == PowerTest::Available && self.available(*id);
                available || self.is_exercised(*id) || self.any(row.iter())
            }
            Expr::Act { id, row, .. } => self.is_exercised(*id) || self.any(row.iter()),
            // In doubt any day may be the last start, up to the day asked.
            Expr::LastStart(_) => true,
            // The same day, always the same.
            Expr::AsOf { day, .. } => self.expr(*day),
            Expr::Aggregate { entity, .. } => {
                let empty = self.is_empty(*entity);
                // A row does not exist before its date.
                let grows = self.policy.entities[*entity].dated.is_some() && !empty;
                grows || (!empty && (self.dates_of(*entity) || self.operands(id)))
            }
            _ => self.operands(id),
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

    fn available(&self, id: PowerId) -> bool {
        let power = &self.policy.powers[id];
        let requires = power.requires.iter().filter(|one| !one.of_act);
        power.from.is_some() || power.until.is_some() || requires.into_iter().any(|one| self.expr(one.what))
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

    fn round(&mut self) -> bool {
        let policy = self.policy;
        let mut news = false;
        let mut learn = |list: &mut Vec<bool>, at: usize, differs: bool| {
            if let Some(place) = list.get_mut(at)
                && differs
                && !*place
            {
                *place = true;
                news = true;
            }
        };
        for (id, function) in policy.functions.iter() {
            let differs = self.expr(function.value);
            learn(&mut self.functions, id.index(), differs);
        }
        for (id, fact) in policy.facts.iter() {
            let differs = fact.default.is_some_and(|default| self.expr(default));
            learn(&mut self.defaults, id.index(), differs);
        }
        for (id, entity) in policy.entities.iter() {
            for (field, decl) in entity.fields.iter() {
                let differs = decl.default.is_some_and(|default| self.expr(default));
                if let Some(fields) = self.fields.get_mut(id.index()) {
                    learn(fields, field.index(), differs);
                }
            }
            let mut dates = [entity.dated, entity.known].into_iter().flatten();
            let differs = dates.any(|field| self.default_of_field(id, field));
            learn(&mut self.dates, id.index(), differs);
        }
        for (id, fold) in policy.folds.iter() {
            // A row does not exist before its date.
            let grows = policy.entities[fold.entity].dated.is_some() && !self.is_empty(fold.entity);
            let own = fold.keys.iter().chain(&fold.per).copied().chain([fold.starting, fold.next]);
            let block = fold.defines.iter().map(|define| policy.defines[*define].value);
            let moved = self.dates_of(fold.entity);
            let differs = grows || moved || own.chain(block).any(|expr| self.expr(expr));
            learn(&mut self.folds, id.index(), differs);
        }
        for (id, define) in policy.defines.iter() {
            let differs = self.expr(define.value);
            learn(&mut self.defines, id.index(), differs);
        }
        for (id, _) in policy.outcomes.iter() {
            let differs = self.rules(id);
            learn(&mut self.outcomes, id.index(), differs);
        }
        news
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
