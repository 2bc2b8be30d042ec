//! Why an answer differs from the one of the day before: what is followed is only what differs itself.

use crate::facts::{Act, Facts, Slot};
use crate::outcome::{Answer, Cause, Point, SlotRef};
use crate::policy::{
    Contender, DutyId, EntityId, Expr, ExprId, Fact, FieldId, Lasting, Op, OutcomeId, Policy, PowerId, RuleId,
};
use crate::run::{ANY_ROW, Evaluator, Set, reached, row_set};
use crate::steps;
use crate::value::{Day, Possible, Value};

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
    given: Option<(ExprId, Pair)>,
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
struct Pair {
    before: Point,
    after: Point,
    base: usize,
    own: Option<(EntityId, u32)>,
}

pub(super) struct Causes<'s, 'a> {
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

impl<'s, 'a> Causes<'s, 'a> {
    pub fn new(policy: &'a Policy, facts: &'a Facts, run: &'s mut Evaluator<'a>) -> Self {
        let (locals, found) = (Vec::new(), Vec::new());
        Causes { policy, facts, run, locals, found, moved: false, looks: 0, depth: 0 }
    }

    pub fn of(
        mut self,
        (outcome, row): (OutcomeId, Option<u32>),
        answers: (&Answer, &Answer),
        (before, after): (Point, Point),
    ) -> Vec<Cause> {
        let own = self.policy.outcomes[outcome].for_each.zip(row);
        self.locals.extend(own.map(|(_, row)| Local::row(row)));
        self.rules(outcome, answers, &Pair { before, after, base: 0, own });
        self.found.truncate(MOST);
        self.found
    }

    pub fn of_duty(mut self, id: DutyId, row: Option<u32>, points: (Point, Point)) -> Vec<Cause> {
        let own = self.policy.duties[id].for_each.zip(row);
        let pair = Pair { before: points.0, after: points.1, base: 0, own: None };
        self.duty(id, own, None, &pair);
        self.found
    }

    pub fn of_power(mut self, id: PowerId, row: Option<u32>, points: (Point, Point)) -> Vec<Cause> {
        let own = self.policy.powers[id].for_each.zip(row);
        self.locals.extend(own.map(|(_, row)| Local::row(row)));
        let pair = Pair { before: points.0, after: points.1, base: 0, own };
        self.acts(id, row, &pair);
        let power = &self.policy.powers[id];
        self.window(power.rule, &pair);
        power.requires.iter().filter(|one| !one.of_act).for_each(|one| self.top(one.what, &pair));
        self.lapses(id, row, &pair);
        self.found
    }

    /// What changed about a duty: its terms, its deadline, its performance.
    fn duty(&mut self, id: DutyId, own: Option<(EntityId, u32)>, period: Option<Day>, pair: &Pair) {
        let (policy, run) = (self.policy, &mut *self.run);
        let duty = &policy.duties[id];
        let row = own.map(|(_, row)| row);
        let (before, after) = (run.duty(id, row, period, pair.before), run.duty(id, row, period, pair.after));
        if let (true, Some((first, _))) = (before.period != after.period, after.period)
            && first == pair.after.day
        {
            self.note(Cause::Period { duty: id, first });
        }
        if duty.each.is_some() && period.is_none() {
            // Which period is the worst may be open: each is looked at by itself.
            for (first, _) in self.run.periods(id, pair.after) {
                let mut stands = |point| self.run.duty(id, row, Some(first), point);
                if stands(pair.before) != stands(pair.after) {
                    self.duty(id, own, Some(first), pair);
                }
            }
            return;
        }
        let base = self.locals.len();
        self.locals.extend(own.map(|(_, row)| Local::row(row)));
        let day = |day: Day| Local::fixed(Set::one(Value::Date(day)));
        let frame = after.period.or(before.period);
        self.locals.extend(frame.into_iter().flat_map(|(first, last)| [day(first), day(last)]));
        let inside = Pair { base, own, ..*pair };
        let had = self.found.len();
        duty.condition.iter().for_each(|condition| self.top(*condition, &inside));
        if self.found.len() == had {
            self.top(duty.performance, &inside);
        }
        if self.found.len() == had {
            self.top(duty.deadline, &inside);
        }
        if self.found.len() == had
            && let Some(Value::Date(day)) = after.deadline.as_ref().and_then(Possible::single)
            && pair.before.day <= *day
            && *day < pair.after.day
        {
            self.note(Cause::Deadline { duty: id, day: *day });
        }
        self.locals.truncate(base);
    }

    /// Acts and threats that came between.
    fn acts(&mut self, id: PowerId, row: Option<u32>, pair: &Pair) {
        let (policy, facts) = (self.policy, self.facts);
        let came = |act: &Act| {
            let concerns = act.power == id || policy.powers[act.power].ends.contains(&id);
            let seen = |point: Point| act.on <= point.day && act.known <= point.known;
            let same_row = row.is_none() || act.row.is_none() || act.row == row;
            concerns && same_row && seen(pair.after) && !seen(pair.before)
        };
        for (place, _) in (0u32..).zip(&facts.acts).filter(|(_, act)| came(act)) {
            self.note(Cause::Act(place));
        }
        for (place, _) in (0u32..).zip(&facts.announcements).filter(|(_, act)| came(act)) {
            self.note(Cause::Threat(place));
        }
    }

    /// What ended the effect of an act: its `until`, or that its time is over.
    fn lapses(&mut self, id: PowerId, row: Option<u32>, pair: &Pair) {
        let (policy, facts) = (self.policy, self.facts);
        let rule = policy.powers[id].rule;
        let Some(lasting) = policy.rules[rule].lasting else { return };
        let before = self.run.power(id, row, pair.before);
        let after = self.run.power(id, row, pair.after);
        for (then, now) in before.acts.iter().zip(&after.acts) {
            if then.stands == now.stands {
                continue;
            }
            let Some(act) = facts.acts.get(then.act as usize) else { continue };
            let had = self.found.len();
            if let Lasting::Until(end) = lasting {
                let length = self.locals.len();
                self.give(act);
                self.top(end, pair);
                self.locals.truncate(length);
            }
            // A condition that came true by something noted already is no matter of time.
            let timed = matches!(lasting, Lasting::For(..)) || self.found.is_empty();
            if timed && self.found.len() == had {
                self.note(Cause::Lapsed(rule));
            }
        }
    }

    /// What the acts that stand offer.
    fn effect(&mut self, id: PowerId, row: Option<u32>, contender: &Contender, pair: &Pair) {
        let facts = self.facts;
        let stand = self.run.power(id, row, pair.after).acts;
        for one in stand.iter().filter(|act| act.stands.may_be_true()) {
            let Some(act) = facts.acts.get(one.act as usize) else { continue };
            let length = self.locals.len();
            self.give(act);
            contender.clauses.iter().for_each(|clause| self.top(clause.value, pair));
            self.locals.truncate(length);
        }
    }

    /// Whether a rule begins or ends between.
    fn window(&mut self, id: RuleId, pair: &Pair) -> bool {
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

    fn before(&mut self, id: ExprId, pair: &Pair) -> Set {
        let frame = self.frame(pair, |local| &local.before);
        self.run.value_in(id, &frame, pair.own, pair.before)
    }

    fn after(&mut self, id: ExprId, pair: &Pair) -> Set {
        let frame = self.frame(pair, |local| &local.after);
        self.run.value_in(id, &frame, pair.own, pair.after)
    }

    fn frame(&self, pair: &Pair, side: impl Fn(&Local) -> &Set) -> Vec<Set> {
        self.locals.get(pair.base..).unwrap_or(&[]).iter().map(|local| side(local).clone()).collect()
    }

    /// The parameters of an act, in its frame.
    fn give(&mut self, act: &Act) {
        self.locals.extend(act.params.iter().cloned().map(|param| Local::fixed(Set::of(param))));
    }

    /// The rules whose part in the answer is not what it was.
    fn rules(&mut self, id: OutcomeId, (before, after): (&Answer, &Answer), pair: &Pair) {
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

    fn rule(&mut self, outcome: OutcomeId, id: RuleId, pair: &Pair) {
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
            branch.value.into_iter().for_each(|value| self.top(value, pair));
            match branch.lasting {
                Some(Lasting::Until(end)) => self.top(end, pair),
                Some(Lasting::For(..)) if self.found.len() == had => self.note(Cause::Lapsed(id)),
                _ => {}
            }
        }
    }

    /// A whole condition or value: that it moves with the day is said of it, where nothing better is known.
    fn top(&mut self, id: ExprId, pair: &Pair) {
        let had = self.found.len();
        self.moved = false;
        self.expr(id, pair);
        if self.moved && self.found.len() == had {
            self.note(Cause::Moved(id));
        }
        self.moved = false;
    }

    fn expr(&mut self, id: ExprId, pair: &Pair) {
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

    fn differs(&mut self, id: ExprId, pair: &Pair) {
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
                self.expr(policy.functions[*function].value, &Pair { base, ..*pair });
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
                    self.expr(*value, &Pair { before, after, ..*pair });
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
            Expr::Duty { id, of, .. } => {
                let duty = &policy.duties[*id];
                of.iter().for_each(|of| self.expr(*of, pair));
                match (duty.for_each, of) {
                    (Some(entity), Some(of)) => {
                        if let Some(row) = self.row(*of, pair) {
                            self.duty(*id, Some((entity, row)), None, pair);
                        }
                    }
                    (None, Some(of)) => {
                        if let (_, Some(period)) = self.days(*of, pair) {
                            self.duty(*id, None, Some(period), pair);
                        }
                    }
                    (None, None) => self.duty(*id, None, None, pair),
                    (Some(_), None) => {}
                }
            }
            Expr::Power { id, row, .. } | Expr::Act { id, row, .. } => {
                row.iter().for_each(|row| self.expr(*row, pair));
                let entity = policy.powers[*id].for_each;
                let row = row.and_then(|row| self.row(row, pair));
                let had = self.found.len();
                self.acts(*id, row, pair);
                if self.found.len() > had {
                    return;
                }
                self.inside(entity, row, pair, |causes, pair| {
                    let power = &policy.powers[*id];
                    if !causes.window(power.rule, pair) {
                        let requires = power.requires.iter().filter(|one| !one.of_act);
                        requires.for_each(|one| causes.expr(one.what, pair));
                    }
                });
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
    fn elsewhere(&mut self, value: ExprId, days: (Option<Day>, Option<Day>), pair: &Pair) {
        if let (Some(first), Some(then)) = days {
            let before = Point { day: first, ..pair.before };
            let after = Point { day: then, ..pair.after };
            self.expr(value, &Pair { before, after, ..*pair });
        }
    }

    /// What a day is on either side, where it is certain.
    fn days(&mut self, id: ExprId, pair: &Pair) -> (Option<Day>, Option<Day>) {
        (the_day(&self.before(id, pair)), the_day(&self.after(id, pair)))
    }

    /// The row, where it is certain which and the same on both sides.
    fn row(&mut self, id: ExprId, pair: &Pair) -> Option<u32> {
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
        pair: &Pair,
        look: impl FnOnce(&mut Self, &Pair),
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
        look(self, &Pair { before, after, base, own });
        self.locals.truncate(base);
    }

    fn field(&mut self, entity: EntityId, row: u32, field: FieldId, pair: &Pair) {
        let decl = &self.policy.entities[entity].fields[field];
        let facts = self.facts;
        let table = facts.tables[entity].as_ref();
        if let Some(cell) = table.and_then(|table| table.get(row)).map(|row| &row.cells[field]) {
            let slot = SlotRef::Field { entity, row, field, day: None };
            self.slot(cell, decl, slot, Some((entity, row)), pair);
        }
    }

    fn slot(&mut self, slot: &Slot, decl: &Fact, named: SlotRef, row: Option<(EntityId, u32)>, pair: &Pair) {
        let at = |point: Point| slot.at(if decl.over_time { point.day } else { Day::NEVER }, point.known);
        let key = |point: Point| at(point).map(|statement| (statement.from, statement.known));
        match at(pair.after) {
            Some(new) if key(pair.before) != key(pair.after) => {
                let (value, from, span) = (new.value.clone(), new.from, new.span);
                self.note(Cause::Stated { slot: named, value, from, span });
            }
            Some(_) => self.note(Cause::NoLongerStated(named)),
            None if decl.over_time && self.ends_between(pair) => self.note(Cause::NoLongerStated(named)),
            None => {
                let Some(default) = decl.default else { return };
                let base = self.locals.len();
                self.locals.extend(row.map(|(_, row)| Local::row(row)));
                self.expr(default, &Pair { base, own: row, ..*pair });
                self.locals.truncate(base);
            }
        }
    }

    /// T3: after `stated through` a default holds no longer.
    fn ends_between(&self, pair: &Pair) -> bool {
        let through = self.facts.stated_through;
        through.is_some_and(|through| pair.before.day <= through && through < pair.after.day)
    }

    /// The rows that came, and what the members read.
    fn aggregate(
        &mut self,
        entity: EntityId,
        local: u32,
        (value, condition): (Option<ExprId>, Option<ExprId>),
        pair: &Pair,
    ) {
        let (policy, facts) = (self.policy, self.facts);
        let Some(table) = facts.tables[entity].as_ref() else {
            // Any row of a table that is not stated.
            return self.member(ANY_ROW, local, (value, condition), pair);
        };
        let dated = policy.entities[entity].dated;
        let one_view = (pair.before.known, pair.before.sight) == (pair.after.known, pair.after.sight);
        let mut parts = value.into_iter().chain(condition);
        let differ = parts.any(|part| !one_view || self.run.may_differ_by_day(part, pair.own));
        let count = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        // Where the rows stay as they are, only one that comes makes a difference.
        let rows: Vec<u32> = match (dated, differ) {
            (None, false) => Vec::new(),
            (Some(field), false) => self.run.rows_that_come(entity, field, pair.before.day, pair.after.day),
            _ => (0..count).collect(),
        };
        for row in rows {
            steps::step();
            let date = dated.and_then(|field| table.get(row)?.cells[field].at(Day::NEVER, pair.after.known));
            if let Some(Possible::One(Value::Date(date))) = date.map(|statement| &statement.value) {
                if pair.before.day < *date && *date <= pair.after.day {
                    self.note(Cause::Row { entity, row });
                }
                if *date > pair.before.day {
                    continue;
                }
            }
            if self.found.len() < MOST && self.looks <= LOOKS {
                self.member(row, local, (value, condition), pair);
            }
        }
    }

    /// A row of an aggregate: its value matters where it may be a member.
    fn member(
        &mut self,
        row: u32,
        local: u32,
        (value, condition): (Option<ExprId>, Option<ExprId>),
        pair: &Pair,
    ) {
        let length = self.locals.len();
        self.locals.resize(pair.base.saturating_add(local as usize), Local::row(row));
        self.locals.push(Local::row(row));
        let member = condition.is_none_or(|condition| {
            self.expr(condition, pair);
            self.after(condition, pair).mask().may_be_true()
        });
        value.filter(|_| member).into_iter().for_each(|value| self.expr(value, pair));
        self.locals.truncate(length);
    }
}

fn the_day(set: &Set) -> Option<Day> {
    match set.single() {
        Some(Value::Date(day)) if !day.is_never() => Some(*day),
        _ => None,
    }
}
