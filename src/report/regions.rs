//! For which facts two versions differ: the groups, in the words of the rules, each with an example.

use super::page::{Page, Tint};
use crate::diag::{count, list_and, tick};
use crate::regions::{Group, RangeKind, Regions};
use crate::value::Day;
use crate::words::{GroupSaid, OutcomeSaid};

/// More groups of one outcome are not shown; the JSON has all.
const MOST: usize = 12;
/// Where none is proven, so many are shown.
const FEW: usize = 2;

/// `for which facts: 1 outcome differs in 2 groups; 3 are the same for all facts; 0 not decided`
pub(super) fn summary(regions: &Regions) -> String {
    let differ = regions.outcomes.iter().filter(|one| !one.groups.is_empty());
    let groups: usize = differ.clone().map(|one| one.groups.len()).sum();
    let differ = differ.count();
    let same = regions.outcomes.iter().filter(|one| one.groups.is_empty() && one.left.is_empty()).count();
    let same = same.saturating_add(regions.untouched);
    let verb = if same == 1 { "is" } else { "are" };
    let first = match differ {
        0 if regions.undecided() > 0 => "no difference was found".to_owned(),
        0 => "no outcome differs".to_owned(),
        1 => format!("1 outcome differs in {}", count(groups, "group")),
        _ => format!("{differ} outcomes differ in {}", count(groups, "group")),
    };
    format!(
        "for which facts: {first}; {same} {verb} the same for all facts; {} not decided",
        regions.undecided()
    )
}

/// The lines under a group, each with whether it is a doubt.
pub(super) fn lines(group: &GroupSaid) -> Vec<(String, bool)> {
    let mut lines: Vec<(String, bool)> = group.ranges.iter().map(|range| (range.clone(), false)).collect();
    lines.push((format!("old: {}", group.old), false));
    lines.push((format!("new: {}", group.new), false));
    lines.push((format!("for example on {}", group.example), false));
    lines.extend(group.doubt.iter().map(|doubt| (format!("not proven: {doubt}"), true)));
    lines
}

/// The groups that are shown, and what is to be said after them, each with whether it is a doubt.
pub(super) fn shown(said: &OutcomeSaid) -> (&[GroupSaid], Vec<(String, bool)>) {
    // Those that are proven come first.
    let proven = said.groups.iter().take_while(|group| group.doubt.is_none()).count();
    let doubtful = said.groups.len().saturating_sub(proven);
    let few = if proven == 0 { doubtful.min(FEW) } else { proven.min(MOST) };
    let shown = said.groups.get(..few).unwrap_or_default();
    let mut after = Vec::new();
    let more = proven.saturating_sub(few);
    if more > 0 {
        after.push((format!("and {} more, all of them with `--format json`", count(more, "group")), false));
    }
    let more = doubtful.saturating_sub(if proven == 0 { few } else { 0 });
    if more > 0 {
        let text = format!(
            "not proven: {} in which the rules and terms taken as unknown may make it differ, and no facts were found (`--format json`)",
            count(more, "more group")
        );
        after.push((text, true));
    }
    if said.settled {
        let all = if said.groups.is_empty() { "all" } else { "all other" };
        after.push((format!("for {all} facts the answer is the same (proven)"), false));
    }
    if !said.outside.is_empty() {
        let taken: Vec<String> = said.outside.iter().map(|text| tick(text)).collect();
        after.push((format!("taken as unknown: {}", list_and(&taken)), false));
    }
    after.extend(said.left.iter().map(|left| (format!("not decided: {left}"), true)));
    (shown, after)
}

/// So many days before the last of the calendar is its far end.
const EDGE: i32 = 3_653;

/// Whether its facts have a day at the far end of the calendar, where days that are added lead beyond it.
pub(super) fn is_at_the_edge(group: &Group) -> bool {
    group.ranges.iter().any(|range| match &range.kind {
        RangeKind::Days { first, .. } => {
            !first.is_never() && first.number() > Day::LAST.number().saturating_sub(EDGE)
        }
        _ => false,
    })
}

/// Nothing of an outcome that is proven to be the same.
pub(super) fn is_quiet(said: &OutcomeSaid) -> bool {
    said.groups.is_empty() && said.settled
}

pub(super) fn on_page(page: &mut Page, regions: &Regions, all: &[OutcomeSaid]) {
    page.head(2, &summary(regions));
    for said in all.iter().filter(|said| !is_quiet(said)) {
        page.gap();
        let head = page.tint(Tint::Strong, &said.outcome);
        page.line(0, &head);
        let (groups, after) = shown(said);
        for (number, group) in groups.iter().enumerate() {
            let change = page.tint(Tint::Strong, &group.change);
            page.line(2, &format!("{}. {change}", number.saturating_add(1)));
            for (line, doubt) in lines(group) {
                let line = if doubt { page.tint(Tint::Open, &line) } else { line };
                page.line(6, &line);
            }
        }
        for (line, doubt) in after {
            let line = if doubt { page.tint(Tint::Open, &line) } else { line };
            page.line(2, &line);
        }
    }
}
