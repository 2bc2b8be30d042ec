//! Which clauses changed (the first question): those of both sides are paired by name, rules without one by outcome and
//! text (R10), and compared part by part in the normal form. How a text is laid out, in which order, with which remarks
//! and under which names is no change.

use super::affected::ClauseNode;
use super::declared::clause;
use super::item::{ClauseKind, NamedItem, Tokens, items};
use super::lines::{ChangedRows, changed_rows, open_on_one_side};
use super::names::NamePairing;
use super::normal::Normal;
use super::parts::{ClausePart, ComparedClause, PartBuilder, PartKind, PartText};
use super::rules::{below, unnamed};
use crate::diag::{count, list_and};
use crate::policy::{Policy, RuleId};
use crate::text::Span;
use crate::value::{Units, wire};
use std::collections::{BTreeMap, BTreeSet};

/// What was found about clauses.
#[derive(Clone, Debug, Default)]
pub struct Clauses {
    /// Rules first, then what they are made of; each kind in the order of the new text.
    pub changes: Vec<ClauseChange>,
    /// Rules of either side.
    pub rules: usize,
    /// Rules that say the same on both sides.
    pub unaffected: usize,
}

/// One clause that is not the same on both sides.
#[derive(Clone, Debug)]
pub struct ClauseChange {
    pub kind: ClauseKind,
    /// As it is called now, or was.
    pub name: String,
    /// As it was called before, if it is called otherwise now.
    pub renamed: Option<String>,
    pub what: ChangeKind,
    pub old: Option<Span>,
    pub new: Option<Span>,
    /// What is not the same; of an added or repealed clause all that it says.
    pub parts: Vec<PartChange>,
    pub(super) sides: Sides,
}

/// What it is on either side.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sides {
    pub old: Option<ClauseNode>,
    pub new: Option<ClauseNode>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Added,
    Repealed,
    Changed,
    /// Nothing but its name: a note.
    Renamed,
}

#[derive(Clone, Debug)]
pub struct PartChange {
    pub part: PartKind,
    /// Which of several.
    pub of: String,
    pub old: Option<PartText>,
    pub new: Option<PartText>,
    /// Of the rows of an annex: which.
    pub rows: Option<ChangedRows>,
}

impl ClauseChange {
    /// Whether answers may depend on it.
    pub fn bears(&self) -> bool {
        let idle = matches!(self.kind, ClauseKind::Source | ClauseKind::Guarantee | ClauseKind::Agreement);
        match self.what {
            ChangeKind::Added | ChangeKind::Repealed => !idle,
            ChangeKind::Changed => !idle && self.parts.iter().any(|change| change.part.bears()),
            ChangeKind::Renamed => false,
        }
    }
}

impl Clauses {
    /// Changes that are more than another name.
    pub fn real(&self) -> impl Iterator<Item = &ClauseChange> {
        self.changes.iter().filter(|change| change.what != ChangeKind::Renamed)
    }

    /// Whether what is not stated is taken for something else than before.
    pub fn default_moves(&self) -> bool {
        self.changes
            .iter()
            .any(|change| change.bears() && change.parts.iter().any(|one| one.part == PartKind::Default))
    }
}

pub(super) fn compare(old: &Policy, new: &Policy, names: &NamePairing) -> Clauses {
    let (mine, theirs) = (all(old, &names.old), all(new, &names.new));
    let pairs = pairs(&mine, &theirs);
    let mut clauses = Clauses::default();
    let ranks = Ranks::new(&pairs, (old, new));
    for (at, (before, after)) in pairs.iter().enumerate() {
        let mut change = change(*before, *after);
        if let (Some(before), Some(after)) = (before, after) {
            change.parts.extend(ranks.moved(at, before, after));
            lines_of_annex(&mut change.parts, (old, before), (new, after));
            change.parts.sort_by(|a, b| (a.part, &a.of).cmp(&(b.part, &b.of)));
            if !change.parts.is_empty() {
                change.what = ChangeKind::Changed;
            }
        }
        let same = change.what == ChangeKind::Renamed;
        if change.kind == ClauseKind::Rule {
            clauses.rules = clauses.rules.saturating_add(1);
            clauses.unaffected = clauses.unaffected.saturating_add(usize::from(!change.bears()));
        }
        if !same || change.renamed.is_some() {
            clauses.changes.push(change);
        }
    }
    clauses.changes.sort_by_key(|change| (rank(change.kind), change.what == ChangeKind::Renamed));
    clauses
}

/// Rules first.
fn rank(kind: ClauseKind) -> usize {
    match kind {
        ClauseKind::Rule => 0,
        ClauseKind::Obligation => 1,
        ClauseKind::Power => 2,
        ClauseKind::Outcome => 3,
        ClauseKind::Define | ClauseKind::Running => 4,
        ClauseKind::Function => 5,
        ClauseKind::Fact => 6,
        ClauseKind::Entity => 7,
        ClauseKind::Field => 8,
        ClauseKind::Annex => 9,
        ClauseKind::Enum => 10,
        ClauseKind::Unit => 11,
        ClauseKind::Calendar => 12,
        ClauseKind::Period => 13,
        ClauseKind::Guarantee => 14,
        ClauseKind::Holder => 15,
        ClauseKind::Source => 16,
        ClauseKind::Agreement => 17,
    }
}

/// Every clause of a policy.
fn all(policy: &Policy, tokens: &Tokens) -> Vec<ComparedClause> {
    let normal = Normal::new(policy, tokens, None);
    let mut all: Vec<ComparedClause> =
        items(policy).into_iter().map(|item| clause(&normal, item, tokens.get(item).to_string())).collect();
    all.extend(policy.rules.ids().flat_map(|id| unnamed(&normal, id)));
    all.sort_by_key(|clause| policy.in_order(clause.span));
    let bare = |kind: ClauseKind, name: &str, span, parts: PartBuilder<'_, '_>| ComparedClause {
        kind,
        item: None,
        rule: None,
        token: format!("{} {name}", kind.word()),
        name: name.to_string(),
        span,
        parts: parts.finish(),
    };
    if let Some(agreement) = &policy.agreement {
        let mut parts = PartBuilder::new(&normal);
        parts.title(agreement.title.as_ref());
        parts.words(PartKind::Parties, agreement.parties.join(", "));
        parts.words(PartKind::Key, agreement.name.clone());
        let mut line = bare(ClauseKind::Agreement, "", Span::default(), parts);
        line.name.clone_from(&agreement.name);
        all.push(line);
    }
    let built_in = Units::standard();
    for (_, unit) in policy.units.iter().filter(|(_, unit)| built_in.find(&unit.name).is_none()) {
        let mut parts = PartBuilder::new(&normal);
        let base = crate::value::dimension_name(&unit.base, &policy.units);
        let whole = if unit.whole { " whole" } else { "" };
        parts.words(PartKind::Scale, format!("{} {base}{whole}", wire(&unit.scale)));
        all.push(bare(ClauseKind::Unit, &unit.name, Span::default(), parts));
    }
    for calendar in &policy.calendars {
        let mut parts = PartBuilder::new(&normal);
        let years = calendar.covers().map(|(first, last)| format!("{first} to {last}")).unwrap_or_default();
        parts.said(PartKind::Rows, "", format!("{calendar:?}"), PartText::Words(years));
        all.push(bare(ClauseKind::Calendar, calendar.name(), Span::default(), parts));
    }
    for (name, year) in &policy.years {
        let mut parts = PartBuilder::new(&normal);
        parts.words(PartKind::Value, year.to_string());
        all.push(bare(ClauseKind::Period, name, Span::default(), parts));
    }
    all
}

type ClausePairing<'c> = (Option<&'c ComparedClause>, Option<&'c ComparedClause>);

/// The clauses of both sides in the order of the new one, what is repealed behind what stood before it.
fn pairs<'c>(old: &'c [ComparedClause], new: &'c [ComparedClause]) -> Vec<ClausePairing<'c>> {
    let mut groups: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, clause) in old.iter().enumerate() {
        groups.entry(&clause.token).or_default().0.push(at);
    }
    for (at, clause) in new.iter().enumerate() {
        groups.entry(&clause.token).or_default().1.push(at);
    }
    let mut partner: BTreeMap<usize, usize> = BTreeMap::new();
    for (mine, theirs) in groups.into_values() {
        matched(old, new, mine, theirs, &mut partner);
    }
    let taken: BTreeSet<usize> = partner.values().copied().collect();
    let mut pairs = Vec::new();
    let mut repealed = old.iter().enumerate().filter(|(at, _)| !taken.contains(at)).peekable();
    for (at, clause) in new.iter().enumerate() {
        let before = partner.get(&at).copied();
        if let Some(before) = before {
            while let Some((_, gone)) = repealed.next_if(|(at, _)| *at < before) {
                pairs.push((Some(gone), None));
            }
        }
        pairs.push((before.and_then(|before| old.get(before)), Some(clause)));
    }
    pairs.extend(repealed.map(|(_, gone)| (Some(gone), None)));
    pairs
}

/// Pairs clauses of one token: several are versions of one rule (A2), or rules without a name.
fn matched(
    old: &[ComparedClause],
    new: &[ComparedClause],
    mut mine: Vec<usize>,
    mut theirs: Vec<usize>,
    partner: &mut BTreeMap<usize, usize>,
) {
    let alike = |score: &dyn Fn(&ComparedClause, &ComparedClause) -> usize,
                 mine: &mut Vec<usize>,
                 theirs: &mut Vec<usize>,
                 partner: &mut BTreeMap<usize, usize>| {
        theirs.retain(|after| {
            let Some(clause) = new.get(*after) else { return false };
            let scores = mine.iter().enumerate().map(|(place, before)| {
                (old.get(*before).map_or(0, |before| score(before, clause)), std::cmp::Reverse(place))
            });
            let Some((best, std::cmp::Reverse(place))) = scores.max() else { return true };
            if best == 0 {
                return true;
            }
            partner.insert(*after, mine.remove(place));
            false
        });
    };
    let same = |a: &ComparedClause, b: &ComparedClause| usize::from(a.whole() == b.whole());
    let does_the_same = |a: &ComparedClause, b: &ComparedClause| usize::from(a.text() == b.text());
    let shares = |a: &ComparedClause, b: &ComparedClause| {
        let has = |said: &&ClausePart| {
            let counts = matches!(said.part, PartKind::Condition | PartKind::Value);
            counts && b.parts.iter().any(|other| (other.part, &other.normal) == (said.part, &said.normal))
        };
        a.parts.iter().filter(has).count()
    };
    // One name is reason enough, where nothing better is left.
    let named =
        |a: &ComparedClause, _: &ComparedClause| usize::from(a.item.is_some() || a.kind != ClauseKind::Rule);
    alike(&same, &mut mine, &mut theirs, partner);
    alike(&does_the_same, &mut mine, &mut theirs, partner);
    alike(&shares, &mut mine, &mut theirs, partner);
    alike(&named, &mut mine, &mut theirs, partner);
}

fn change(old: Option<&ComparedClause>, new: Option<&ComparedClause>) -> ClauseChange {
    let one = new.or(old);
    let (kind, name) =
        one.map_or((ClauseKind::Rule, String::new()), |clause| (clause.kind, clause.name.clone()));
    let mut renamed = None;
    let parts;
    let what = match (old, new) {
        (Some(old), Some(new)) => {
            // The number in `tariff#1` is no name.
            renamed = Some(old.name.clone()).filter(|before| *before != name && new.item.is_some());
            parts = changed(&old.parts, &new.parts);
            ChangeKind::Renamed
        }
        (None, _) => {
            parts = changed(&[], new.map_or(&[][..], |clause| clause.parts.as_slice()));
            ChangeKind::Added
        }
        (Some(old), None) => {
            parts = changed(&old.parts, &[]);
            ChangeKind::Repealed
        }
    };
    let span = |clause: Option<&ComparedClause>| clause.map(|clause| clause.span);
    let node = |clause: &ComparedClause| match (clause.kind, clause.rule, clause.item) {
        (ClauseKind::Rule, Some(rule), _) => Some(ClauseNode::Rule(rule)),
        (_, _, item) => item.map(ClauseNode::Item),
    };
    let sides = Sides { old: old.and_then(node), new: new.and_then(node) };
    ClauseChange { kind, name, renamed, what, old: span(old), new: span(new), parts, sides }
}

fn changed(old: &[ClausePart], new: &[ClausePart]) -> Vec<PartChange> {
    let find = |list: &[ClausePart], like: &ClausePart| {
        list.iter().find(|said| (said.part, &said.of) == (like.part, &like.of)).cloned()
    };
    let mut changes = Vec::new();
    for said in old {
        match find(new, said) {
            Some(after) if after.normal == said.normal => {}
            after => changes.push(part_change(Some(said), after.as_ref())),
        }
    }
    let added = new.iter().filter(|said| find(old, said).is_none());
    changes.extend(added.map(|said| part_change(None, Some(said))));
    changes
}

fn part_change(old: Option<&ClausePart>, new: Option<&ClausePart>) -> PartChange {
    let one = new.or(old);
    PartChange {
        part: one.map_or(PartKind::Value, |said| said.part),
        of: one.map_or(String::new(), |said| said.of.clone()),
        old: old.map(|said| said.shown.clone()),
        new: new.map(|said| said.shown.clone()),
        rows: None,
    }
}

/// Of an annex the rows that changed: how many, which, and keys that one side lists and the other leaves open.
fn lines_of_annex(
    parts: &mut Vec<PartChange>,
    old: (&Policy, &ComparedClause),
    new: (&Policy, &ComparedClause),
) {
    let (Some(NamedItem::Annex(before)), Some(NamedItem::Annex(after))) = (old.1.item, new.1.item) else {
        return;
    };
    parts.retain(|change| change.part != PartKind::Rows);
    let changed = changed_rows((old.0, before), (new.0, after));
    if changed.as_ref().is_some_and(|changed| changed.rows.is_empty()) {
        return;
    }
    let (mine, theirs) = (&old.0.annexes[before], &new.0.annexes[after]);
    let mut words = count(theirs.lines.len(), "row");
    if let Some(changed) = &changed {
        words.push_str(&format!(": {}", changed.counts()));
    }
    if let Some(said) = open_on_one_side((old.0, mine), (new.0, theirs)) {
        words.push_str(&format!("; {said}"));
    }
    let old = Some(PartText::Words(count(mine.lines.len(), "row")));
    let new = Some(PartText::Words(words));
    parts.push(PartChange { part: PartKind::Rows, of: String::new(), old, new, rows: changed });
}

/// What each rule stands above on each side, of the clauses that are on both.
struct Ranks {
    old: BTreeMap<RuleId, Vec<usize>>,
    new: BTreeMap<RuleId, Vec<usize>>,
    names: Vec<String>,
}

impl Ranks {
    fn new(pairs: &[ClausePairing<'_>], (old, new): (&Policy, &Policy)) -> Ranks {
        let mut names = Vec::new();
        let mut known: [BTreeMap<RuleId, Vec<usize>>; 2] = Default::default();
        for (at, (old, new)) in pairs.iter().enumerate() {
            names.push(new.map_or(String::new(), |clause| clause.name.clone()));
            let (Some(old), Some(new)) = (old, new) else { continue };
            let [before, after] = &mut known;
            old.rule.into_iter().for_each(|id| before.entry(id).or_default().push(at));
            new.rule.into_iter().for_each(|id| after.entry(id).or_default().push(at));
        }
        let [before, after] = known;
        Ranks { old: below(old, &before), new: below(new, &after), names }
    }

    /// What a rule stands above on one side only.
    fn moved(&self, at: usize, old: &ComparedClause, new: &ComparedClause) -> Option<PartChange> {
        let under = |clause: &ComparedClause, known: &BTreeMap<RuleId, Vec<usize>>| -> Vec<usize> {
            let list = clause.rule.and_then(|rule| known.get(&rule)).map_or(&[][..], Vec::as_slice);
            list.iter().copied().filter(|other| *other != at).collect()
        };
        let (before, after) = (under(old, &self.old), under(new, &self.new));
        if before == after {
            return None;
        }
        let words = |set: &[usize]| {
            let names: BTreeSet<&str> =
                set.iter().filter_map(|at| self.names.get(*at)).map(String::as_str).collect();
            let names: Vec<String> = names.into_iter().map(crate::diag::tick).collect();
            if names.is_empty() {
                "above no other".to_string()
            } else {
                format!("above {}", list_and(&names))
            }
        };
        Some(PartChange {
            part: PartKind::Priority,
            of: String::new(),
            old: Some(PartText::Words(words(&before))),
            new: Some(PartText::Words(words(&after))),
            rows: None,
        })
    }
}
