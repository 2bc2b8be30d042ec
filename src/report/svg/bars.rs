//! The lanes: a bar each, with what holds and who says so inside, and the days of its changes below.

use super::measure::{bold, width};
use super::style::{HEAD, LABEL, SHADES, SMALL, TEXT, class, pattern};
use super::xml::Anchor;
use super::{Axis, EDGE, Lane, LaneStretch, ROOM, SvgPicture, letters, measure, quoted};

/// How high a bar is.
const BAR: i64 = 40;
/// Around a text in a bar.
const AIR: i64 = 12;
/// A stretch is never narrower than this.
const LEAST: i64 = 3;

/// How much of a stretch could be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Whole,
    /// The table has the rest, beside this letter if there is one.
    Part(Option<String>),
}

/// A stretch on its bar.
#[derive(Clone, Copy)]
struct BarPlace {
    x: i64,
    wide: i64,
    /// Of the bar.
    top: i64,
}

impl BarPlace {
    fn middle(self) -> i64 {
        self.x.saturating_add(self.wide / 2)
    }
}

impl SvgPicture {
    /// Draws a lane; how much of each stretch could be shown.
    pub(super) fn lane(&mut self, lane: &Lane, axis: &Axis) -> Vec<Shown> {
        self.y = self.y.saturating_add(10);
        self.paragraph("head", HEAD, &lane.title);
        if let Some(note) = &lane.note {
            self.paragraph("text soft", TEXT, note);
        }
        if lane.stretches.is_empty() {
            return Vec::new();
        }
        let top = self.y;
        self.xml.rect("track", (EDGE, top), (ROOM, BAR));
        let mut shown = Vec::with_capacity(lane.stretches.len());
        for (stretch, shade) in lane.stretches.iter().zip(lane.shades(SHADES)) {
            let (start, end) = (axis.at(stretch.from), axis.at(stretch.until));
            let wide = end.saturating_sub(start).max(LEAST);
            let x = EDGE.saturating_add(start.min(ROOM.saturating_sub(wide)));
            let alone = lane.stretches.len() == 1;
            shown.push(self.stretch(stretch, &class(stretch.kind, shade), BarPlace { x, wide, top }, alone));
        }
        self.y = top.saturating_add(BAR);
        self.changes(lane, axis, top);
        shown
    }

    fn stretch(&mut self, stretch: &LaneStretch, class: &str, place: BarPlace, alone: bool) -> Shown {
        self.xml.fixed("<g>");
        let days = stretch.days();
        self.xml.element("title", &format!("{days}: {}", stretch.told()));
        let size = (place.wide, BAR);
        self.xml.rect(&format!("box {class}"), (place.x, place.top), size);
        if let Some(pattern) = pattern(stretch.kind) {
            let BarPlace { x, wide, top } = place;
            self.xml.fixed(&format!(
                r##"<rect fill="url(#{pattern})" x="{x}" y="{top}" width="{wide}" height="{BAR}"/>"##
            ));
        }
        let shown = self.label(stretch, class, place, alone);
        self.xml.fixed("</g>");
        shown
    }

    /// What holds and who says so, as far as they fit.
    fn label(&mut self, stretch: &LaneStretch, class: &str, place: BarPlace, alone: bool) -> Shown {
        let fits = |wide: i64| wide.saturating_add(AIR) <= place.wide;
        let said = stretch.said();
        let says = quoted(&stretch.who);
        let shown = [said.as_str(), stretch.short()].into_iter().find(|text| fits(bold(text, LABEL)));
        let x = place.middle();
        match shown {
            Some(shown) => {
                let who = !says.is_empty() && fits(width(&says, SMALL));
                let widest = if who { width(&says, SMALL) } else { 0 }.max(bold(shown, LABEL));
                if pattern(stretch.kind).is_some() {
                    let plate = widest.saturating_add(8);
                    let left = x.saturating_sub(plate / 2);
                    self.xml.rect(
                        &format!("plate {class}"),
                        (left, place.top.saturating_add(3)),
                        (plate, BAR - 6),
                    );
                }
                let y = place.top.saturating_add(if who { 17 } else { 25 });
                self.xml.text("label", (x, y), Anchor::Middle, shown);
                if who {
                    self.xml.text("small", (x, y.saturating_add(16)), Anchor::Middle, &says);
                }
                if (who || says.is_empty()) && shown == said { Shown::Whole } else { Shown::Part(None) }
            }
            None if alone && self.beside(stretch, place) => Shown::Whole,
            None => {
                let text = letters(self.keys);
                if width(&text, SMALL).saturating_add(4) > place.wide {
                    return Shown::Part(None);
                }
                self.keys = self.keys.saturating_add(1);
                if pattern(stretch.kind).is_some() {
                    let plate = width(&text, SMALL).saturating_add(2);
                    let left = x.saturating_sub(plate / 2);
                    self.xml.rect(
                        &format!("plate {class}"),
                        (left, place.top.saturating_add(12)),
                        (plate, 16),
                    );
                }
                self.xml.text("small key", (x, place.top.saturating_add(24)), Anchor::Middle, &text);
                Shown::Part(Some(text))
            }
        }
    }

    /// On a bar with nothing else there is room to the right, or to the left.
    fn beside(&mut self, stretch: &LaneStretch, place: BarPlace) -> bool {
        let said = stretch.said();
        let says = quoted(&stretch.who);
        let wide = bold(&said, LABEL).max(width(&says, SMALL)).saturating_add(AIR);
        let right = place.x.saturating_add(place.wide);
        let (x, anchor) = if right.saturating_add(wide) <= EDGE.saturating_add(ROOM) {
            (right.saturating_add(8), Anchor::Start)
        } else if place.x.saturating_sub(wide) >= EDGE {
            (place.x.saturating_sub(8), Anchor::End)
        } else {
            return false;
        };
        self.xml.text("label", (x, place.top.saturating_add(17)), anchor, &said);
        self.xml.text("small", (x, place.top.saturating_add(33)), anchor, &says);
        true
    }

    /// The days of the changes, in two rows, as far as they do not cover each other; the table has all.
    fn changes(&mut self, lane: &Lane, axis: &Axis, top: i64) {
        let mut free = [EDGE, EDGE];
        let mut deepest = 0;
        for stretch in lane.stretches.iter().filter(|stretch| axis.at(stretch.from) > 0) {
            let day = stretch.from.to_string();
            let half = measure::width(&day, SMALL) / 2;
            let mark = EDGE.saturating_add(axis.at(stretch.from));
            let (least, most) = (EDGE.saturating_add(half), EDGE.saturating_add(ROOM).saturating_sub(half));
            let x = mark.clamp(least, most);
            let rows = free.iter_mut().zip([1, 2]);
            let row = rows.into_iter().find(|(free, _)| x.saturating_sub(half) >= **free);
            let bottom = top.saturating_add(BAR);
            let Some((free, row)) = row else {
                self.xml.line("mark", (mark, top), (mark, bottom.saturating_add(4)));
                continue;
            };
            *free = x.saturating_add(half).saturating_add(6);
            deepest = deepest.max(row);
            let y = bottom.saturating_add(14 * row);
            // A line to the second row passes between the days of the first.
            self.xml.line("mark", (mark, top), (mark, bottom.saturating_add(4)));
            self.xml.text("small", (x, y), Anchor::Middle, &day);
        }
        self.y = self.y.saturating_add(14 * deepest).saturating_add(6);
    }
}
