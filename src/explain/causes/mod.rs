//! Why an answer differs from the one of the day before: what is followed is only what differs itself.

mod conduct;
mod rows;

use crate::facts::{Act, Facts};
use crate::outcome::{Answer, Cause, Point, SlotRef};
use crate::policy::{DutyId, EntityId, Expr, ExprId, Lasting, Op, OutcomeId, Policy, PowerId, RuleId};
use crate::run::{ANY_ROW, Evaluator, Set, reached, row_set};
use crate::steps;
use crate::value::{Day, Value};

/// No more expressions than this are compared for one change, and no deeper.
const LOOKS: u32 = 2_000;
const DEEP: u32 = 150;
/// More causes than this nobody reads.
const MOST: usize = 8;

/// A local of a frame, on both sides, and what was given for it.
#[derive(Clone)]
struct Local {
    before: Set,
    after: Set,
    given: Option<(ExprId, TwoPoints)>,
}

impl Local {
    /// The same on both sides, from nothing that could differ.
    fn fixed(set: Set) -> Local {
        Local { before: set.clone(), after: set, given: None }
    }

    fn row(row: u32) -> Local {
        Local::fixed(row_set(row))
    }
}

/// Two points and a frame.
#[derive(Clone, Copy)]
struct TwoPoints {
    before: Point,
    after: Point,
    base: usize,
    own: Option<(EntityId, u32)>,
}

struct Causes<'s, 'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    run: &'s mut Evaluator<'a>,
    locals: Vec<Local>,
    found: Vec<Cause>,
    /// `today` was met where something differs.
    moved: bool,
    looks: u32,
    depth: u32,
}

impl Evaluator<'_> {
    /// Why the answer for an outcome at the second of two points is not what it is at the first.
    pub fn causes(
        &mut self,
        (outcome, row): (OutcomeId, Option<u32>),
        answers: (&Answer, &Answer),
        points: (Point, Point),
    ) -> Vec<Cause> {
        let own = self.policy.outcomes[outcome].for_each.zip(row);
        Causes::of(self, own, points, |causes, pair| causes.rules(outcome, answers, pair))
    }

    /// Why a duty stands otherwise at the second of two points.
    pub fn causes_of_duty(&mut self, id: DutyId, row: Option<u32>, points: (Point, Point)) -> Vec<Cause> {
        let own = self.policy.duties[id].for_each.zip(row);
        Causes::of(self, own, points, |causes, pair| causes.duty(id, own, None, pair))
    }

    /// Why a power, or what was done by it, stands otherwise at the second of two points.
    pub fn causes_of_power(&mut self, id: PowerId, row: Option<u32>, points: (Point, Point)) -> Vec<Cause> {
        let power = &self.policy.powers[id];
        Causes::of(self, power.for_each.zip(row), points, |causes, pair| {
            causes.acts(id, row, pair);
            causes.window(power.rule, pair);
            power.requires.iter().filter(|one| !one.of_act).for_each(|one| causes.top(one.what, pair));
            causes.lapses(id, row, pair);
        })
    }
}

impl<'s, 'a> Causes<'s, 'a> {
    fn of(
        run: &'s mut Evaluator<'a>,
        own: Option<(EntityId, u32)>,
        (before, after): (Point, Point),
        look: impl FnOnce(&mut Self, &TwoPoints),
    ) -> Vec<Cause> {
        let (policy, facts, locals) = (run.policy, run.facts, own.map(|(_, row)| Local::row(row)));
        let locals = locals.into_iter().collect();
        let mut causes =
            Causes { policy, facts, run, locals, found: Vec::new(), moved: false, looks: 0, depth: 0 };
        look(&mut causes, &TwoPoints { before, after, base: 0, own });
        causes.found
    }

    /// Whether a rule begins or ends between.
    fn window(&mut self, id: RuleId, pair: &TwoPoints) -> bool {
        let rule = &self.policy.rules[id];
        for (dated, cause) in [(&rule.from, Cause::RuleBegins(id)), (&rule.until, Cause::RuleEnds(id))] {
            let Some(dated) = dated else { continue };
            let came = reached(&self.before(dated.day, pair), pair.before.day);
            if came != reached(&self.after(dated.day, pair), pair.after.day) {
                self.note(cause);
                return true;
            }
        }
        false
    }

    fn note(&mut self, cause: Cause) {
        if self.found.len() < MOST && !self.found.contains(&cause) {
            self.found.push(cause);
        }
    }

    fn before(&mut self, id: ExprId, pair: &TwoPoints) -> Set {
        let frame = self.frame(pair, |local| &local.before);
        self.run.value_in(id, &frame, pair.own, pair.before)
    }

    fn after(&mut self, id: ExprId, pair: &TwoPoints) -> Set {
        let frame = self.frame(pair, |local| &local.after);
        self.run.value_in(id, &frame, pair.own, pair.after)
    }

    fn frame(&self, pair: &TwoPoints, side: impl Fn(&Local) -> &Set) -> Vec<Set> {
        self.locals.get(pair.base..).unwrap_or(&[]).iter().map(|local| side(local).clone()).collect()
    }

    /// The parameters of an act, in its frame.
    fn give(&mut self, act: &Act) {
        self.locals.extend(act.params.iter().cloned().map(|param| Local::fixed(Set::of(param))));
    }

    /// The rules whose part in the answer is not what it was.
    fn rules(&mut self, id: OutcomeId, (before, after): (&Answer, &Answer), pair: &TwoPoints) {
        let policy = self.policy;
        let outcome = &policy.outcomes[id];
        let mut rules: Vec<Option<RuleId>> = Vec::new();
        for (mine, others) in [(before, after), (after, before)] {
            let news = mine.reasons.iter().filter(|reason| !others.reasons.contains(reason));
            rules.extend(news.map(|reason| reason.rule));
        }
        rules.sort_unstable();
        rules.dedup();
        for rule in rules {
            match rule {
                Some(rule) => self.rule(id, rule, pair),
                None => outcome.otherwise.into_iter().for_each(|otherwise| self.top(otherwise, pair)),
            }
        }
    }

    fn rule(&mut self, outcome: OutcomeId, id: RuleId, pair: &TwoPoints) {
        let policy = self.policy;
        let rule = &policy.rules[id];
        if self.window(id, pair) {
            return;
        }
        let Some(contender) = policy.outcomes[outcome].contenders.iter().find(|one| one.rule == id) else {
            return;
        };
        if let Some(power) = rule.power {
            let row = pair.own.map(|(_, row)| row);
            let had = self.found.len();
            self.acts(power, row, pair);
            if self.found.len() == had {
                self.lapses(power, row, pair);
            }
            if self.found.len() == had {
                self.effect(power, row, contender, pair);
            }
            return;
        }
        let had = self.found.len();
        let frame = self.frame(pair, |local| &local.after);
        for branch in self.run.branches_in(contender, &frame, pair.own, pair.after) {
            branch.condition.into_iter().for_each(|condition| self.top(condition, pair));
            branch.live_value().into_iter().for_each(|value| self.top(value, pair));
            match branch.lasting {
                Some(Lasting::Until(end)) => self.top(end, pair),
                Some(Lasting::For(..)) if self.found.len() == had => self.note(Cause::Lapsed(id)),
                _ => {}
            }
        }
    }

    /// A whole condition or value: that it moves with the day is said of it, where nothing better is known.
    fn top(&mut self, id: ExprId, pair: &TwoPoints) {
        let had = self.found.len();
        self.moved = false;
        self.expr(id, pair);
        if self.moved && self.found.len() == had {
            self.note(Cause::Moved(id));
        }
        self.moved = false;
    }

    fn expr(&mut self, id: ExprId, pair: &TwoPoints) {
        steps::step();
        self.looks = self.looks.saturating_add(1);
        if self.looks > LOOKS || self.depth > DEEP || self.found.len() >= MOST {
            return;
        }
        if self.before(id, pair) == self.after(id, pair) {
            return;
        }
        self.depth = self.depth.saturating_add(1);
        self.differs(id, pair);
        self.depth = self.depth.saturating_sub(1);
    }

    fn differs(&mut self, id: ExprId, pair: &TwoPoints) {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Today => self.moved = true,
            Expr::Fact(fact) => {
                let slot = &self.facts.facts[*fact];
                self.slot(slot, &policy.facts[*fact], SlotRef::Fact(*fact, None), None, pair);
            }
            Expr::Field { entity, row, field } => {
                self.expr(*row, pair);
                if let Some(row) = self.row(*row, pair) {
                    self.field(*entity, row, *field, pair);
                }
            }
            Expr::Define { id: define, row } => {
                row.iter().for_each(|row| self.expr(*row, pair));
                let own = policy.defines[*define].for_each;
                let row = row.and_then(|row| self.row(row, pair));
                self.inside(own, row, pair, |causes, pair| causes.expr(policy.defines[*define].value, pair));
            }
            Expr::Outcome { id: outcome, row } => {
                row.iter().for_each(|row| self.expr(*row, pair));
                let own = policy.outcomes[*outcome].for_each;
                let row = row.and_then(|row| self.row(row, pair));
                self.inside(own, row, pair, |causes, pair| {
                    let before = causes.run.bare_answer(*outcome, row, pair.before);
                    let after = causes.run.bare_answer(*outcome, row, pair.after);
                    causes.rules(*outcome, (&before, &after), pair);
                });
            }
            Expr::Local(place) => {
                let local = self.locals.get(pair.base.saturating_add(*place as usize));
                if let Some((given, of)) = local.and_then(|local| local.given) {
                    self.expr(given, &of);
                }
            }
            // What was given matters where the body reads it; where it failed, at once.
            Expr::Call { function, args } => {
                let mut frame = Vec::with_capacity(args.len());
                for arg in args {
                    let (before, after) = (self.before(*arg, pair), self.after(*arg, pair));
                    if before.fault.is_some() || after.fault.is_some() {
                        self.expr(*arg, pair);
                    }
                    let (before, after) = (Set::of(before.values), Set::of(after.values));
                    frame.push(Local { before, after, given: Some((*arg, *pair)) });
                }
                let base = self.locals.len();
                self.locals.extend(frame);
                self.expr(policy.functions[*function].value, &TwoPoints { base, ..*pair });
                self.locals.truncate(base);
            }
            Expr::By { condition, day } => {
                let (first, then) = self.days(*day, pair);
                match (first, then) {
                    (Some(first), Some(day)) if first == day => {
                        if pair.before.day <= day && day < pair.after.day {
                            self.note(Cause::Passed { by: id, day });
                        }
                    }
                    _ => {
                        self.expr(*day, pair);
                        self.elsewhere(*condition, (first, then), pair);
                    }
                }
            }
            Expr::AsOf { value, day } => {
                let days = self.days(*day, pair);
                let had = self.found.len();
                self.elsewhere(*value, days, pair);
                if self.found.len() == had {
                    self.expr(*day, pair);
                }
            }
            Expr::AsKnownOn { value, day } => {
                let (first, then) = self.days(*day, pair);
                if let (Some(first), Some(then)) = (first, then) {
                    let before = Point { known: first.min(pair.before.known), ..pair.before };
                    let after = Point { known: then.min(pair.after.known), ..pair.after };
                    self.expr(*value, &TwoPoints { before, after, ..*pair });
                }
            }
            Expr::Op(Op::Compare { left, right, .. }) => {
                let had = self.found.len();
                self.expr(*left, pair);
                self.expr(*right, pair);
                if self.moved && self.found.len() == had {
                    self.note(Cause::Moved(id));
                }
            }
            Expr::Duty { id, of, .. } => self.duty_read(*id, *of, pair),
            Expr::Power { id, row, .. } | Expr::Act { id, row, .. } => self.power_read(*id, *row, pair),
            Expr::ActCount { id, row, since } => {
                self.expr(*since, pair);
                self.power_read(*id, *row, pair);
            }
            // On each of its days it is what it was: they moved.
            Expr::DayAverage { first, last, .. } => {
                let had = self.found.len();
                self.expr(*first, pair);
                self.expr(*last, pair);
                if self.moved && self.found.len() == had {
                    self.note(Cause::Moved(id));
                }
            }
            Expr::Aggregate { entity, local, value, condition, .. } => {
                self.aggregate(*entity, *local, (*value, *condition), pair);
            }
            // Only what the new value rests on can have made it.
            _ => {
                let frame = self.frame(pair, |local| &local.after);
                let live = self.run.live_operands_in(id, &frame, pair.own, pair.after);
                live.into_iter().for_each(|operand| self.expr(operand, pair));
            }
        }
    }

    /// On two days of its own.
    fn elsewhere(&mut self, value: ExprId, days: (Option<Day>, Option<Day>), pair: &TwoPoints) {
        if let (Some(first), Some(then)) = days {
            let before = Point { day: first, ..pair.before };
            let after = Point { day: then, ..pair.after };
            self.expr(value, &TwoPoints { before, after, ..*pair });
        }
    }

    /// What a day is on either side, where it is certain.
    fn days(&mut self, id: ExprId, pair: &TwoPoints) -> (Option<Day>, Option<Day>) {
        (the_day(&self.before(id, pair)), the_day(&self.after(id, pair)))
    }

    /// The row, where it is certain which and the same on both sides.
    fn row(&mut self, id: ExprId, pair: &TwoPoints) -> Option<u32> {
        match (self.before(id, pair).single(), self.after(id, pair).single()) {
            (Some(Value::Row(first)), Some(Value::Row(then))) if first == then => Some(*then),
            _ => None,
        }
    }

    /// In the frame of a name; T9: a row of a dated entity on its own date.
    fn inside(
        &mut self,
        entity: Option<EntityId>,
        row: Option<u32>,
        pair: &TwoPoints,
        look: impl FnOnce(&mut Self, &TwoPoints),
    ) {
        let (mut before, mut after) = (pair.before, pair.after);
        // Any row of a table that is not stated.
        let any = entity.filter(|entity| self.facts.tables[*entity].is_none()).map(|_| ANY_ROW);
        let own = entity.zip(row.or(any));
        if entity.is_some() && own.is_none() {
            return;
        }
        if let Some((entity, row)) = own {
            let points = (self.run.row_point(entity, row, before), self.run.row_point(entity, row, after));
            let (Some(first), Some(then)) = points else { return };
            (before, after) = (first, then);
        }
        let base = self.locals.len();
        self.locals.extend(own.map(|(_, row)| Local::row(row)));
        look(self, &TwoPoints { before, after, base, own });
        self.locals.truncate(base);
    }
}

fn the_day(set: &Set) -> Option<Day> {
    match set.single() {
        Some(Value::Date(day)) if !day.is_never() => Some(*day),
        _ => None,
    }
}
