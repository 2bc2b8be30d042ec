//! Which answers change for given facts, and from when to when (the second question): the timelines of both sides side by
//! side, wherever they differ.

use super::item::NamedItem;
use super::same::{Delta, Voice, delta};
use super::{Pairing, PolicySide};
use crate::facts::Facts;
use crate::outcome::{
    Answer, DutyAnswer, DutyTimeline, Point, PowerAnswer, PowerTimeline, Reason, Stretch, Timeline,
};
use crate::policy::{DutyId, EntityId, OutcomeId, Policy, PowerId};
use crate::run::Evaluator;
use crate::timeline::{Timelines, days_named};
use crate::value::{Day, Period};

/// Facts of both sides.
#[derive(Clone, Debug)]
pub struct ComparisonCase {
    pub origin: CaseOrigin,
    pub old: Facts,
    pub new: Facts,
}

/// Where the facts of a case come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseOrigin {
    /// A facts file.
    File(String),
    /// A scenario, of one side only if the other has none of that title with the same facts.
    Scenario(String, Option<PolicySide>),
    /// Nothing is stated.
    Nothing,
}

/// For which days, and as known when, a case is compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct CaseQuestion {
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// None: everything stated is known.
    pub known: Option<Day>,
    /// Also what no change can reach, whose answers are then the same.
    pub every: bool,
}

/// The answers to one case that are not the same on both sides.
#[derive(Clone, Debug)]
pub struct CaseComparison {
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// What changes, in the order of the new policy.
    pub changes: Vec<Moved>,
    /// How many answers were compared; what no change can reach is not asked.
    pub asked: usize,
}

/// Something whose answers are not the same on both sides.
#[derive(Clone, Debug)]
pub enum Moved {
    Outcome { old: Timeline, new: Timeline, pieces: Vec<ChangedPeriod<Answer>> },
    Duty { old: DutyTimeline, new: DutyTimeline, pieces: Vec<ChangedPeriod<DutyAnswer>> },
    Power { old: PowerTimeline, new: PowerTimeline, pieces: Vec<ChangedPeriod<PowerAnswer>> },
}

/// Days on which both sides answer the same thing each, and not the same.
#[derive(Clone, Debug)]
pub struct ChangedPeriod<T> {
    pub from: Day,
    /// The last day; none: a row with a day of its own that is open.
    pub to: Option<Day>,
    pub old: T,
    pub new: T,
    pub delta: Option<Delta>,
}

/// One policy with facts, ready to be asked.
struct CaseSide<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    timelines: Timelines<'a>,
    run: Evaluator<'a>,
    voice: Voice<'a>,
}

pub(super) fn compare(pairing: &Pairing<'_>, case: &ComparisonCase, asked: CaseQuestion) -> CaseComparison {
    let known = asked.known.unwrap_or(Day::NEVER);
    let (from, to) = range(pairing, case, asked);
    if !asked.every && pairing.reached().is_empty() {
        return CaseComparison { from, to, changes: Vec::new(), asked: 0 };
    }
    let side = |policy, facts, tokens| CaseSide {
        policy,
        facts,
        timelines: Timelines::new(policy, facts, known),
        run: Evaluator::new(policy, facts),
        voice: Voice::new(policy, tokens, facts),
    };
    let mut both = Both {
        old: side(pairing.old, &case.old, &pairing.names.old),
        new: side(pairing.new, &case.new, &pairing.names.new),
        days: (from, to),
        known,
        changes: Vec::new(),
        asked: 0,
    };
    let wanted = |item| asked.every || pairing.reached().contains(&item);
    for (old, new) in &pairing.outcomes {
        if wanted(NamedItem::Outcome(*new)) {
            both.outcome(*old, *new);
        }
    }
    for (old, new) in &pairing.duties {
        if wanted(NamedItem::Duty(*new)) {
            both.duty(*old, *new);
        }
    }
    for (old, new) in &pairing.powers {
        if wanted(NamedItem::Power(*new)) {
            both.power(*old, *new);
        }
    }
    CaseComparison { from, to, changes: both.changes, asked: both.asked }
}

/// Whole years around all days that either side names.
fn range(pairing: &Pairing<'_>, case: &ComparisonCase, asked: CaseQuestion) -> (Day, Day) {
    let named = [days_named(pairing.old, &case.old), days_named(pairing.new, &case.new)];
    let first = named.iter().flatten().map(|(first, _)| *first).min().unwrap_or(Day::FIRST);
    let last = named.iter().flatten().map(|(_, last)| *last).max().unwrap_or(Day::LAST);
    let year_after = last.last_of(Period::Year).next().last_of(Period::Year).min(Day::LAST);
    let from = asked.from.unwrap_or_else(|| first.min(asked.to.unwrap_or(first)).first_of(Period::Year));
    (from, asked.to.unwrap_or_else(|| year_after.max(from)))
}

/// The rows that both sides have, by their places; none: what is asked has no rows, or none are stated.
type RowPairs = Option<Vec<(u32, u32)>>;

struct Both<'a> {
    old: CaseSide<'a>,
    new: CaseSide<'a>,
    days: (Day, Day),
    known: Day,
    changes: Vec<Moved>,
    asked: usize,
}

impl Both<'_> {
    fn rows(&self, old: Option<EntityId>, new: Option<EntityId>) -> RowPairs {
        let (old, new) = (old?, new?);
        let mine = self.old.facts.tables.try_get(old).and_then(Option::as_ref)?;
        let theirs = self.new.facts.tables.try_get(new).and_then(Option::as_ref)?;
        let pair = |(at, key): (usize, &std::sync::Arc<str>)| {
            let other = theirs.rows.get_index_of(key)?;
            Some((u32::try_from(at).ok()?, u32::try_from(other).ok()?))
        };
        Some(mine.rows.keys().enumerate().filter_map(pair).collect())
    }

    fn outcome(&mut self, old: OutcomeId, new: OutcomeId) {
        let (before, after) = (&self.old.policy.outcomes[old], &self.new.policy.outcomes[new]);
        let (entities, types) = ((before.for_each, after.for_each), (before.ty.clone(), after.ty.clone()));
        let rows = self.rows(entities.0, entities.1);
        for (mine, theirs) in each(rows) {
            let days = self.days_of(entities, (mine, theirs));
            let one = self.old.timelines.of(old, mine, days.old.0, days.old.1);
            let two = self.new.timelines.of(new, theirs, days.new.0, days.new.1);
            let pieces = pieces(
                &days,
                (&one.segments, &two.segments),
                (&|it| self.old.voice.answer(&types.0, it), &|it| self.new.voice.answer(&types.1, it)),
                (&|it| rules(&it.reasons), &|it| rules(&it.reasons)),
                &|a, b| delta((&types.0, a), (&types.1, b)),
            );
            self.asked = self.asked.saturating_add(1);
            if !pieces.is_empty() {
                self.changes.push(Moved::Outcome { old: one, new: two, pieces });
            }
        }
    }

    fn duty(&mut self, old: DutyId, new: DutyId) {
        let entities = (self.old.policy.duties[old].for_each, self.new.policy.duties[new].for_each);
        for (mine, theirs) in each(self.rows(entities.0, entities.1)) {
            let days = self.days_of(entities, (mine, theirs));
            let one = self.old.timelines.duty(old, mine, days.old.0, days.old.1);
            let two = self.new.timelines.duty(new, theirs, days.new.0, days.new.1);
            let pieces = pieces(
                &days,
                (&one.segments, &two.segments),
                (&|it| self.old.voice.duty(it), &|it| self.new.voice.duty(it)),
                (&|_| Vec::new(), &|_| Vec::new()),
                &|_, _| None,
            );
            self.asked = self.asked.saturating_add(1);
            if !pieces.is_empty() {
                self.changes.push(Moved::Duty { old: one, new: two, pieces });
            }
        }
    }

    fn power(&mut self, old: PowerId, new: PowerId) {
        let entities = (self.old.policy.powers[old].for_each, self.new.policy.powers[new].for_each);
        for (mine, theirs) in each(self.rows(entities.0, entities.1)) {
            let days = self.days_of(entities, (mine, theirs));
            let one = self.old.timelines.power(old, mine, days.old.0, days.old.1);
            let two = self.new.timelines.power(new, theirs, days.new.0, days.new.1);
            let pieces = pieces(
                &days,
                (&one.segments, &two.segments),
                (&|it| self.old.voice.power(it), &|it| self.new.voice.power(it)),
                (&|_| Vec::new(), &|_| Vec::new()),
                &|_, _| None,
            );
            self.asked = self.asked.saturating_add(1);
            if !pieces.is_empty() {
                self.changes.push(Moved::Power { old: one, new: two, pieces });
            }
        }
    }

    /// The days to be asked: all, or the one day of a row (T9).
    fn days_of(
        &mut self,
        (old, new): (Option<EntityId>, Option<EntityId>),
        (mine, theirs): (Option<u32>, Option<u32>),
    ) -> Days {
        let point = Point::new(Day::FIRST, self.known);
        let own = |side: &mut CaseSide<'_>, entity: Option<EntityId>, row: Option<u32>| {
            let dated = entity.filter(|id| side.policy.entities[*id].dated.is_some())?;
            row.map(|row| side.run.row_point(dated, row, point).map(|point| point.day))
        };
        let before = own(&mut self.old, old, mine);
        let after = own(&mut self.new, new, theirs);
        let all = |day: Option<Option<Day>>, days| day.flatten().map_or(days, |day| (day, day));
        Days {
            old: all(before, self.days),
            new: all(after, self.days),
            own: before.is_some() || after.is_some(),
            day: after.flatten().or(before.flatten()),
        }
    }
}

/// Days on which one thing is asked of each side.
struct Days {
    old: (Day, Day),
    new: (Day, Day),
    /// It has a day of its own, on one side at least.
    own: bool,
    day: Option<Day>,
}

fn each(rows: RowPairs) -> Vec<(Option<u32>, Option<u32>)> {
    match rows {
        None => vec![(None, None)],
        Some(rows) => rows.into_iter().map(|(mine, theirs)| (Some(mine), Some(theirs))).collect(),
    }
}

/// The rules and branches behind an answer.
fn rules(reasons: &[Reason]) -> Vec<(Option<u32>, Option<u32>)> {
    reasons.iter().map(|reason| (reason.rule.map(|rule| rule.0), reason.branch)).collect()
}

type Tell<'f, T> = (&'f dyn Fn(&T) -> String, &'f dyn Fn(&T) -> String);
type Who = Vec<(Option<u32>, Option<u32>)>;
/// What a side answers, in words, and the rules behind it.
type AttributedAnswer = (String, Who);
type Tells<'f, T> = (&'f dyn Fn(&T) -> Who, &'f dyn Fn(&T) -> Who);

/// Both lists of stretches cut at all borders; where they differ, with neighbours that say the same put together.
fn pieces<T: Clone>(
    days: &Days,
    (old, new): (&[Stretch<T>], &[Stretch<T>]),
    (say_old, say_new): Tell<'_, T>,
    (who_old, who_new): Tells<'_, T>,
    apart: &dyn Fn(&T, &T) -> Option<Delta>,
) -> Vec<ChangedPeriod<T>> {
    if days.own {
        let (Some(one), Some(two)) = (old.first(), new.first()) else { return Vec::new() };
        if say_old(&one.answer) == say_new(&two.answer) {
            return Vec::new();
        }
        return vec![ChangedPeriod {
            from: days.day.unwrap_or(one.from),
            to: days.day,
            delta: apart(&one.answer, &two.answer),
            old: one.answer.clone(),
            new: two.answer.clone(),
        }];
    }
    let said = |list: &[Stretch<T>], say: &dyn Fn(&T) -> String, who: &dyn Fn(&T) -> Who| {
        list.iter().map(|one| (say(&one.answer), who(&one.answer))).collect::<Vec<_>>()
    };
    let (words_old, words_new) = (said(old, say_old, who_old), said(new, say_new, who_new));
    let mut pieces: Vec<(ChangedPeriod<T>, [AttributedAnswer; 2])> = Vec::new();
    let mut mine = old.iter().zip(&words_old).peekable();
    let mut theirs = new.iter().zip(&words_new).peekable();
    while let (Some((one, before)), Some((two, after))) = (mine.peek().copied(), theirs.peek().copied()) {
        let from = one.from.max(two.from);
        let to = one.last().min(two.last());
        if before.0 != after.0 {
            let words = [before.clone(), after.clone()];
            match pieces.last_mut() {
                Some((last, known)) if *known == words && last.to.map(Day::next) == Some(from) => {
                    last.to = Some(to)
                }
                _ => {
                    let delta = apart(&one.answer, &two.answer);
                    let (old, new) = (one.answer.clone(), two.answer.clone());
                    pieces.push((ChangedPeriod { from, to: Some(to), old, new, delta }, words));
                }
            }
        }
        if one.last() <= to {
            mine.next();
        }
        if two.last() <= to {
            theirs.next();
        }
    }
    pieces.into_iter().map(|(piece, _)| piece).collect()
}
