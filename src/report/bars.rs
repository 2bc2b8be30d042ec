//! A chart in blocks: a bar for each lane on one axis of days.

use super::axis::Axis;
use super::lanes::{Chart, Lane, LaneKind};
use super::page::Page;
use crate::value::Day;

/// Of values. Neighbours differ much.
const SHADES: [char; 4] = ['█', '▒', '▓', '░'];
const QUIET: char = '─';
/// Where more changes fall on one place than can be drawn.
const CROWD: char = '┃';
/// Between stretches that look alike.
const BORDER: char = '│';
/// The second cell of a sign that takes two.
const TAKEN: char = '\0';
/// A longer name stands on a line of its own.
const NAME: usize = 24;
/// The least that shows anything.
const LEAST: usize = 30;

impl Page {
    /// The axis, a bar for each lane, and what the signs mean.
    pub(super) fn bars(&mut self, chart: &Chart) {
        let drawn = || chart.lanes.iter().filter(|lane| !lane.stretches.is_empty());
        if drawn().next().is_none() {
            return;
        }
        let name = drawn().map(|lane| length(&lane.title)).filter(|width| *width <= NAME).max();
        let name = name.unwrap_or(0);
        let margin = if name == 0 { 2 } else { name.saturating_add(2) };
        let room = self.width().saturating_sub(margin).max(LEAST);
        let axis = Axis::new(chart.days, signed(room));
        self.gap();
        self.axis(margin, &axis, room);
        for lane in drawn() {
            let bar = joined(cells(lane, &axis, room));
            if length(&lane.title) <= NAME {
                let space = " ".repeat(margin.saturating_sub(length(&lane.title)));
                self.raw(0, &format!("{}{space}{bar}", lane.title));
            } else {
                self.raw(0, &lane.title);
                self.raw(margin, &bar);
            }
        }
        let legend = legend(chart, &axis);
        if !legend.is_empty() {
            self.gap();
            self.line(0, &legend.join("   "));
        }
    }

    fn axis(&mut self, margin: usize, axis: &Axis, room: usize) {
        let mut labels = vec![' '; room];
        let mut ruler = vec!['─'; room];
        for tick in axis.ticks(|label| signed(label.chars().count()), 2) {
            let at = unsigned(tick.at);
            put(&mut labels, at, &tick.label);
            put(&mut ruler, at, if at == 0 { "├" } else { "┼" });
        }
        self.raw(margin, &labels.into_iter().collect::<String>());
        self.raw(margin, &ruler.into_iter().collect::<String>());
    }
}

/// The bar of a lane.
fn cells(lane: &Lane, axis: &Axis, room: usize) -> Vec<char> {
    let mut cells = vec![' '; room];
    let shades = lane.shades(SHADES.len());
    let mut before: Option<(char, Day)> = None;
    let mut crowds = Vec::new();
    for (stretch, shade) in lane.stretches.iter().zip(shades) {
        let (start, end) = (unsigned(axis.at(stretch.from)), unsigned(axis.at(stretch.until)).min(room));
        let sign = sign(stretch.kind, shade);
        let alike = before == Some((sign, stretch.from));
        before = Some((sign, stretch.until));
        if start >= end {
            crowds.push(start.min(room.saturating_sub(1)));
            continue;
        }
        cells.iter_mut().take(end).skip(start).for_each(|cell| *cell = sign);
        let start = if alike { start.saturating_add(1) } else { start };
        if alike {
            put(&mut cells, start.saturating_sub(1), &BORDER.to_string());
        }
        let label = format!(" {} ", stretch.short());
        let wide = length(&label);
        if let Some(free) = end.saturating_sub(start).checked_sub(wide).filter(|free| *free >= 2) {
            put(&mut cells, start.saturating_add(free / 2), &label);
        }
    }
    for at in crowds {
        put(&mut cells, at, &CROWD.to_string());
    }
    // A row on its one day has room beside it.
    if let [only] = lane.stretches.as_slice()
        && axis.at(only.until).saturating_sub(axis.at(only.from))
            < signed(length(only.short())).saturating_add(4)
    {
        let (start, end) = (unsigned(axis.at(only.from)), unsigned(axis.at(only.until)));
        let end = end.max(start.saturating_add(1));
        let wide = length(only.short());
        if end.saturating_add(1).saturating_add(wide) <= room {
            put(&mut cells, end.saturating_add(1), only.short());
        } else if let Some(at) = start.checked_sub(wide.saturating_add(1)) {
            put(&mut cells, at, only.short());
        }
    }
    cells
}

fn put(cells: &mut [char], at: usize, text: &str) {
    let signs = text.chars().flat_map(|sign| {
        let sign = if sign.is_control() { ' ' } else { sign };
        let rest = if wide(sign) == 2 { Some(TAKEN) } else { None };
        std::iter::once(sign).chain(rest)
    });
    for (cell, sign) in cells.iter_mut().skip(at).zip(signs) {
        *cell = sign;
    }
}

/// Cells as they are written.
fn joined(cells: Vec<char>) -> String {
    cells.into_iter().filter(|cell| *cell != TAKEN).collect()
}

/// How many cells a text takes.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(wide).fold(0, usize::saturating_add)
}

/// Signs of East Asia take two cells.
fn wide(sign: char) -> usize {
    match u32::from(sign) {
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f => 2,
        0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

fn sign(kind: LaneKind, shade: usize) -> char {
    match kind {
        LaneKind::Value => SHADES.get(shade).copied().unwrap_or('█'),
        LaneKind::Quiet => QUIET,
        LaneKind::Open => '?',
        LaneKind::Gap => '·',
        LaneKind::Conflict => '!',
        LaneKind::Error => '×',
        LaneKind::Pending => '>',
        LaneKind::Fulfilled => '=',
        LaneKind::Breached => '#',
        LaneKind::Cured => '~',
        LaneKind::Available => '+',
        LaneKind::Done => '*',
        LaneKind::Threatened => '^',
        LaneKind::Invalid => '%',
    }
}

/// The signs that are not values.
fn legend(chart: &Chart, axis: &Axis) -> Vec<String> {
    let stretches = || chart.lanes.iter().flat_map(|lane| &lane.stretches);
    let mut lines = Vec::new();
    for kind in LaneKind::EXPLAINED {
        if let Some(word) = kind.meaning().filter(|_| stretches().any(|stretch| stretch.kind == kind)) {
            lines.push(format!("{} {word}", sign(kind, 0)));
        }
    }
    let crowded = chart.lanes.iter().filter(|lane| lane.stretches.len() > 1).flat_map(|lane| &lane.stretches);
    if crowded.into_iter().any(|stretch| axis.at(stretch.from) == axis.at(stretch.until)) {
        lines.push(format!("{CROWD} too short to draw"));
    }
    lines
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn unsigned(at: i64) -> usize {
    usize::try_from(at).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Style;
    use crate::report::lanes::LaneStretch;
    use crate::report::page::Look;
    use crate::value::Day;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        /// Whatever the labels and however close the changes, each bar ends where the page ends.
        #[test]
        fn bars_are_as_wide_as_the_page(
            texts in prop::collection::vec((1_i64..900, "[a-z日本\\n ]{0,40}", 0_usize..6), 1..20),
            width in 40_usize..100,
        ) {
            let kinds = [LaneKind::Value, LaneKind::Quiet, LaneKind::Open, LaneKind::Gap, LaneKind::Conflict, LaneKind::Error];
            let first = Day::FIRST;
            let mut from = first;
            let mut stretches = Vec::new();
            for (days, text, kind) in &texts {
                let until = from.add_days(*days).expect("in range");
                let label = text.clone();
                let kind = kinds[*kind];
                stretches.push(LaneStretch { from, until, label, kind, who: String::new(), causes: Vec::new() });
                from = until;
            }
            let lane = Lane { title: "rate".to_string(), note: None, stretches };
            let last = from.previous().expect("a day before");
            let chart = Chart {
                title: String::new(),
                about: String::new(),
                days: (first, last),
                lanes: vec![lane],
                remarks: Vec::new(),
                rules: BTreeSet::new(),
            };
            let mut page = Page::new(Look::Text(Style { colour: false, width }));
            page.bars(&chart);
            let text = page.finish();
            let bars: Vec<&str> = text.lines().filter(|line| line.starts_with("rate  ")).collect();
            prop_assert_eq!(bars.len(), 1);
            prop_assert!(length(bars[0]) <= width, "{}", text);
            let last = chart.lanes[0].stretches.last().expect("one");
            if last.kind != LaneKind::Value {
                prop_assert_eq!(length(bars[0]), width);
            }
        }
    }
}
