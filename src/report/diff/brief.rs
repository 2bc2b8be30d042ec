//! A comparison on a page: root causes before what follows from them, equal changes of all cases together, of each group an
//! example told in a sentence. What is left out is counted, and `--full` has it.

use super::rows::told;
use super::text::{clauses, effect};
use super::{SubjectText, plan, remarks, rows_title, subjects};
use crate::answers::{VersionDiff, regions_said};
use crate::compare::{Moved, RootCause};
use crate::diag::{Style, count, list_and, tick};
use crate::report::page::{Look, Page, Tint};
use crate::report::regions::is_at_the_edge;
use crate::words::{Audience, GroupSaid, OutcomeSaid};
use std::collections::{BTreeMap, BTreeSet};

/// So many lines fit a page.
const PAGE: usize = 60;

/// How much is shown.
#[derive(Clone, Copy)]
struct Extent {
    clauses: usize,
    causes: usize,
    /// Of each cause.
    changes: usize,
    groups: usize,
    conditions: usize,
    /// Names in a row.
    names: usize,
    rows: bool,
}

const EXTENTS: [Extent; 4] = [
    Extent { clauses: 12, causes: 8, changes: 4, groups: 4, conditions: 8, names: 12, rows: true },
    Extent { clauses: 8, causes: 5, changes: 3, groups: 3, conditions: 6, names: 10, rows: true },
    Extent { clauses: 5, causes: 3, changes: 2, groups: 2, conditions: 4, names: 8, rows: false },
    Extent { clauses: 3, causes: 2, changes: 1, groups: 1, conditions: 3, names: 5, rows: false },
];

/// The most that fits a page.
pub(super) fn brief(diffed: &VersionDiff<'_>, style: Style) -> String {
    let mut page = String::new();
    for extent in EXTENTS {
        page = Brief { diffed, style, extent, short: false }.page();
        if page.lines().count() <= PAGE {
            break;
        }
    }
    page
}

struct Brief<'a> {
    diffed: &'a VersionDiff<'a>,
    style: Style,
    extent: Extent,
    /// Something was left out.
    short: bool,
}

impl Brief<'_> {
    fn page(mut self) -> String {
        let mut page = Page::new(Look::Text(self.style));
        let plan = page.tint(Tint::Strong, &plan(self.diffed));
        page.line(0, &plan);
        page.gap();
        page.line(0, &format!("old: {}", crate::text::shown(&self.diffed.names.0)));
        page.line(0, &format!("new: {}", crate::text::shown(&self.diffed.names.1)));
        self.short |= clauses(&mut page, self.diffed, self.extent.clauses);
        self.rows(&mut page);
        let causes = self.diffed.frame.causes(&moved(self.diffed));
        self.cases(&mut page, &causes);
        self.facts(&mut page, &causes);
        let remarks = remarks(self.diffed);
        if !remarks.is_empty() {
            page.gap();
            remarks
                .iter()
                .take(self.extent.causes)
                .for_each(|remark| page.line(0, &format!("note: {remark}")));
            self.short |= remarks.len() > self.extent.causes;
        }
        if self.short {
            page.gap();
            page.line(0, "`--full` shows all of it");
        }
        page.finish()
    }

    fn rows(&mut self, page: &mut Page) {
        for (rows, population) in &self.diffed.populations {
            page.gap();
            let title = page.tint(Tint::Strong, &rows_title(self.diffed, rows, population));
            page.line(0, &title);
            for mut told in told(self.diffed, population) {
                if !self.extent.rows {
                    self.short |= !told.steps.is_empty() || told.movers.len() > self.extent.changes;
                    told.steps.clear();
                    told.movers.truncate(self.extent.changes);
                }
                effect(page, &told);
            }
        }
    }

    /// What changes in the cases that were tried.
    fn cases(&mut self, page: &mut Page, causes: &BTreeMap<String, RootCause>) {
        let rolled = rolled(self.diffed);
        if rolled.is_empty() {
            return;
        }
        page.gap();
        let head = page.tint(Tint::Strong, "what changes");
        page.line(0, &head);
        let of = count(self.diffed.cases.len(), "case");
        let (roots, _) = split(causes);
        let mut shown = 0;
        for (name, subject) in rolled.iter().filter(|(name, _)| roots.contains(*name)) {
            if shown >= self.extent.causes {
                self.short = true;
                break;
            }
            shown = shown.saturating_add(1);
            page.line(2, &format!("{name}: in {} of {of}", subject.cases.len()));
            let mut changes: Vec<(&ChangeKey, &RolledChange)> = subject.changes.iter().collect();
            changes.sort_by_key(|(_, change)| std::cmp::Reverse(change.cases.len()));
            for (key, change) in changes.iter().take(self.extent.changes) {
                let many = match (change.cases.len(), subject.changes.len()) {
                    (_, 1) => String::new(),
                    (many, _) => format!("  in {}", count(many, "case")),
                };
                page.hanging(4, 2, &format!("{} → {}{}{many}", key.0, key.1, change.delta));
                page.line(6, &days(change));
                let who =
                    if key.2 == key.3 { key.3.clone() } else { format!("old: {}; new: {}", key.2, key.3) };
                page.line(6, &who);
            }
            let more = changes.len().saturating_sub(self.extent.changes);
            if more > 0 {
                self.short = true;
                page.line(4, &format!("and {}", count(more, "other change")));
            }
        }
        self.followers(page, causes, |name| rolled.contains_key(name));
        if let Some(example) = self.example(&roots) {
            page.line(2, &example);
        }
    }

    /// `8 outcomes follow from `agreed_rate`: a, b, c`
    fn followers(
        &mut self,
        page: &mut Page,
        causes: &BTreeMap<String, RootCause>,
        shown: impl Fn(&str) -> bool,
    ) {
        let mut groups: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
        for (name, cause) in causes.iter().filter(|(name, _)| shown(name)) {
            if !cause.direct {
                let from = cause.roots.iter().map(|root| tick(root)).collect();
                groups.entry(from).or_default().push(tick(name));
            }
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
        for (from, names) in groups.iter().take(self.extent.causes) {
            let verb = if names.len() == 1 { "follows" } else { "follow" };
            let list = self.names(names);
            page.line(2, &format!("{} {verb} from {}: {list}", names.len(), list_and(from)));
        }
        self.short |= groups.len() > self.extent.causes;
    }

    fn names(&mut self, names: &[String]) -> String {
        let more = names.len().saturating_sub(self.extent.names);
        if more == 0 {
            return list_and(names);
        }
        self.short = true;
        let shown: Vec<String> = names.iter().take(self.extent.names).cloned().collect();
        format!("{} and {more} more", shown.join(", "))
    }

    /// The first case in which a root cause changes.
    fn example(&self, roots: &BTreeSet<String>) -> Option<String> {
        let changed = |(_, compared): &&(_, crate::compare::CaseComparison)| {
            compared.changes.iter().any(|one| roots.contains(&name_of(self.diffed, one)))
        };
        let (case, _) = self.diffed.cases.iter().find(changed)?;
        (self.diffed.cases.len() > 1).then(|| format!("first in {}", super::case_title(case)))
    }

    /// For which facts at all.
    fn facts(&mut self, page: &mut Page, causes: &BTreeMap<String, RootCause>) {
        let Some(regions) = &self.diffed.regions else { return };
        page.gap();
        let all = regions_said(self.diffed, regions, Audience::People);
        let (roots, _) = split(causes);
        let head = page.tint(Tint::Strong, &crate::report::regions::summary(regions));
        page.line(0, &head);
        let mut shown = 0;
        let (mut others, mut open) = (Vec::new(), Vec::new());
        for (one, said) in regions.outcomes.iter().zip(&all) {
            let doubtful = said.groups.iter().filter(|group| group.doubt.is_some()).count();
            if said.groups.iter().all(|group| group.doubt.is_some()) {
                if doubtful > 0 || !said.settled {
                    open.push(tick(&said.outcome));
                }
                continue;
            }
            if !roots.contains(&said.outcome) || shown >= self.extent.causes {
                others.push(tick(&said.outcome));
                continue;
            }
            shown = shown.saturating_add(1);
            page.gap();
            let head = page.tint(Tint::Strong, &said.outcome);
            page.line(0, &head);
            let edge: Vec<bool> = one.groups.iter().map(is_at_the_edge).collect();
            self.groups(page, said, &edge);
        }
        if !others.is_empty() {
            page.gap();
            self.short = true;
            let list = self.names(&others);
            page.line(0, &format!("{} of what follows: {list}", count(others.len(), "outcome")));
        }
        if !open.is_empty() {
            page.gap();
            self.short = true;
            let list = self.names(&open);
            let line = page.tint(Tint::Open, &format!("not decided for all facts: {list}"));
            page.line(0, &line);
        }
    }

    fn groups(&mut self, page: &mut Page, said: &OutcomeSaid, edge: &[bool]) {
        let proven = || said.groups.iter().zip(edge).filter(|(group, _)| group.doubt.is_none());
        let all = proven().filter(|(_, edge)| !**edge).count();
        for (number, (group, _)) in (1usize..).zip(proven().filter(|(_, edge)| !**edge)) {
            if number > self.extent.groups {
                break;
            }
            let change = page.tint(Tint::Strong, &group.change);
            page.line(2, &format!("{number}. {change}"));
            for range in group.ranges.iter().take(self.extent.conditions) {
                page.line(6, range);
            }
            let more = group.ranges.len().saturating_sub(self.extent.conditions);
            if more > 0 {
                self.short = true;
                page.line(6, &format!("and {}", count(more, "more condition")));
            }
            page.line(6, &story(group));
        }
        let more = all.saturating_sub(self.extent.groups);
        if more > 0 {
            self.short = true;
            page.line(2, &format!("and {}", count(more, "more group")));
        }
        let far = proven().filter(|(_, edge)| **edge).count();
        if far > 0 {
            self.short = true;
            page.line(2, &format!("{} at the far end of the calendar", count(far, "more group")));
        }
        let doubtful = said.groups.iter().filter(|group| group.doubt.is_some()).count();
        if said.settled && doubtful == 0 {
            page.line(2, "for all other facts the answer is the same (proven)");
        } else if doubtful > 0 {
            let line = page.tint(Tint::Open, &format!("{} not proven", count(doubtful, "more group")));
            page.line(2, &line);
        }
    }
}

/// `for example on 2026-01-01, with paid: 0 USD: 25% by `snap`, article 2; new: 15% by `agreed``
fn story(group: &GroupSaid) -> String {
    let by = |who: &str| match who {
        "no rule applies" => ", for no rule applies".to_owned(),
        "otherwise" => " by the `otherwise`".to_owned(),
        who => format!(" by {who}"),
    };
    format!(
        "for example on {}{}: {}{}; under the new text {}{}",
        group.told.day,
        match group.told.facts.as_slice() {
            [] => ", whatever is stated".to_owned(),
            facts => format!(", with {}", facts.join(", ")),
        },
        group.told.values[0],
        by(&group.told.who[0]),
        group.told.values[1],
        by(&group.told.who[1]),
    )
}

/// Old and new answer, and who says so.
type ChangeKey = (String, String, String, String);

/// A change that is the same in many cases.
struct RolledChange {
    delta: String,
    cases: BTreeSet<usize>,
    /// The first day and the last of all stretches.
    from: String,
    to: String,
    /// Whether every stretch is that long.
    alike: bool,
}

/// All changes of one outcome, duty or power, over all cases and rows.
#[derive(Default)]
struct RolledSubject {
    cases: BTreeSet<usize>,
    changes: BTreeMap<ChangeKey, RolledChange>,
}

fn rolled(diffed: &VersionDiff<'_>) -> BTreeMap<String, RolledSubject> {
    let mut all: BTreeMap<String, RolledSubject> = BTreeMap::new();
    for (at, (case, compared)) in diffed.cases.iter().enumerate() {
        for (moved, SubjectText { lines, .. }) in
            compared.changes.iter().zip(subjects(diffed, case, compared))
        {
            let subject = all.entry(name_of(diffed, moved)).or_default();
            for line in lines.into_iter().filter(|line| line.old != line.new) {
                subject.cases.insert(at);
                let (from, to) = line.days.split_once(" – ").unwrap_or((&line.days, &line.days));
                let delta = if line.delta.is_empty() { String::new() } else { format!("  ({})", line.delta) };
                let (from, to) = (from.to_owned(), to.to_owned());
                let key = (line.old, line.new, line.who_old, line.who_new);
                let change = subject.changes.entry(key).or_insert_with(|| RolledChange {
                    delta,
                    cases: BTreeSet::new(),
                    from: from.clone(),
                    to: to.clone(),
                    alike: true,
                });
                change.cases.insert(at);
                change.alike &= (&change.from, &change.to) == (&from, &to);
                change.from = std::mem::take(&mut change.from).min(from);
                change.to = std::mem::take(&mut change.to).max(to);
            }
        }
    }
    all.retain(|_, subject| !subject.changes.is_empty());
    all
}

/// `2029-01-20 – 2031-12-31`, or where it is not as long everywhere the days within which it is.
fn days(change: &RolledChange) -> String {
    let days = if change.from == change.to {
        change.from.clone()
    } else {
        format!("{} – {}", change.from, change.to)
    };
    if change.alike { days } else { format!("on days within {days}") }
}

fn name_of(diffed: &VersionDiff<'_>, moved: &Moved) -> String {
    let policy = diffed.frame.new;
    match moved {
        Moved::Outcome { new, .. } => policy.outcomes[new.outcome].name.clone(),
        Moved::Duty { new, .. } => policy.duties[new.duty].name.clone(),
        Moved::Power { new, .. } => policy.powers[new.power].name.clone(),
    }
}

/// All that changes, or may, by name.
pub(super) fn moved(diffed: &VersionDiff<'_>) -> BTreeSet<String> {
    let mut names: BTreeSet<String> =
        diffed.cases.iter().flat_map(|(_, one)| &one.changes).map(|one| name_of(diffed, one)).collect();
    let policy = diffed.frame.new;
    let outcomes = diffed.regions.iter().flat_map(|regions| &regions.outcomes);
    let outcomes = outcomes.filter(|one| !one.groups.is_empty() || !one.left.is_empty());
    names.extend(outcomes.map(|one| policy.outcomes[one.outcome.1].name.clone()));
    names
}

/// What changes of itself, and what follows.
fn split(causes: &BTreeMap<String, RootCause>) -> (BTreeSet<String>, BTreeSet<String>) {
    let names = |direct: bool| {
        causes.iter().filter(|(_, cause)| cause.direct == direct).map(|(name, _)| name.clone()).collect()
    };
    (names(true), names(false))
}
