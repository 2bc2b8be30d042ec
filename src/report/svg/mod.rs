//! A chart as a picture: one SVG that stands alone, in a memo or on a page, and says the same whenever it is drawn.

mod bars;
mod measure;
mod style;
mod table;
mod xml;

#[cfg(test)]
mod tests;

use super::axis::Axis;
use super::lanes::{Chart, Lane, LaneStretch};
use super::timeline::chart;
use crate::answers::DrawnTimelines;
use style::{HEAD, PATTERNS, SMALL, STYLE, TEXT, TITLE};
pub(super) use xml::escape;
use xml::{Anchor, Xml};

/// Pixels.
const WIDE: i64 = 960;
const EDGE: i64 = 24;
/// Of the lanes.
const ROOM: i64 = WIDE - 2 * EDGE;
/// Between the bottom of one thing and the top of the next.
const GAP: i64 = 22;

/// Timelines as one SVG.
pub fn svg(drawn: &DrawnTimelines) -> String {
    draw(&chart(drawn))
}

pub(super) fn draw(chart: &Chart) -> String {
    let mut picture = SvgPicture { xml: Xml::default(), y: EDGE, keys: 0 };
    picture.heading(chart);
    let mut tables = Vec::new();
    if chart.lanes.iter().any(|lane| !lane.stretches.is_empty()) {
        let axis = Axis::new(chart.days, ROOM);
        let grid = picture.axis(&axis);
        let top = picture.y;
        let mut lanes = SvgPicture { xml: Xml::default(), y: top, keys: 0 };
        for lane in &chart.lanes {
            tables.push((lane, lanes.lane(lane, &axis)));
        }
        for x in grid {
            picture.xml.line("grid", (x, top), (x, lanes.y));
        }
        picture.xml.append(&lanes.xml);
        picture.y = lanes.y.saturating_add(GAP);
        picture.table(&tables);
    } else {
        for lane in &chart.lanes {
            picture.paragraph("head", HEAD, &lane.title);
            lane.note.iter().for_each(|note| picture.paragraph("text soft", TEXT, note));
        }
    }
    for remark in &chart.remarks {
        picture.y = picture.y.saturating_add(6);
        picture.paragraph("small soft", SMALL, &quoted(remark));
    }
    page(chart, &picture)
}

/// What is drawn, from the top downwards.
struct SvgPicture {
    xml: Xml,
    /// Where the next thing goes.
    y: i64,
    /// How many letters refer to the table.
    keys: usize,
}

/// The whole document.
fn page(chart: &Chart, picture: &SvgPicture) -> String {
    let high = picture.y.saturating_add(EDGE);
    let mut xml = Xml::default();
    xml.fixed(&format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="comity" role="img" aria-label="{}" width="{WIDE}" height="{high}" viewBox="0 0 {WIDE} {high}">"#,
        escape(&format!("{}, {}", chart.title, chart.about)),
    ));
    xml.element("title", &chart.title);
    xml.element("desc", &described(chart));
    xml.fixed(STYLE);
    xml.fixed(PATTERNS);
    xml.rect("paper", (0, 0), (WIDE, high));
    xml.append(&picture.xml);
    xml.fixed("</svg>");
    xml.finish()
}

/// All of it in sentences, for those who do not see it.
fn described(chart: &Chart) -> String {
    let mut parts = vec![format!("Timeline {}.", chart.about)];
    for lane in &chart.lanes {
        let mut said: Vec<String> = lane.note.iter().cloned().collect();
        said.extend(lane.stretches.iter().map(|stretch| {
            let who = if stretch.who.is_empty() { String::new() } else { format!(" ({})", stretch.who) };
            format!("{} from {} to {}{who}", stretch.said(), stretch.from, stretch.last())
        }));
        parts.push(format!("{}: {}.", lane.title, said.join("; ")));
    }
    parts.extend(chart.remarks.iter().cloned());
    parts.join(" ")
}

impl SvgPicture {
    fn heading(&mut self, chart: &Chart) {
        self.paragraph("title", TITLE, &chart.title);
        self.paragraph("text soft", TEXT, &chart.about);
        self.y = self.y.saturating_add(8);
    }

    /// Lines of text over the whole width.
    fn paragraph(&mut self, class: &str, size: i64, text: &str) {
        // Bold letters are wider.
        for line in measure::wrap(text, size, ROOM * 100 / 112) {
            self.y = self.y.saturating_add(size);
            self.xml.text(class, (EDGE, self.y), Anchor::Start, &line);
            self.y = self.y.saturating_add(size / 2);
        }
    }

    /// The days along the top; where the lines of the grid stand.
    fn axis(&mut self, axis: &Axis) -> Vec<i64> {
        self.y = self.y.saturating_add(TEXT);
        let ticks = axis.ticks(|label| measure::width(label, TEXT).saturating_add(4), 8);
        for tick in &ticks {
            let x = EDGE.saturating_add(tick.at);
            self.xml.text("text", (x.saturating_add(4), self.y), Anchor::Start, &tick.label);
            self.xml.line("rule", (x, self.y.saturating_sub(TEXT)), (x, self.y.saturating_add(6)));
        }
        self.y = self.y.saturating_add(6);
        self.xml.line("rule", (EDGE, self.y), (EDGE.saturating_add(ROOM), self.y));
        ticks.into_iter().map(|tick| EDGE.saturating_add(tick.at)).collect()
    }
}

/// `a` to `z`, then `aa`: no number, which might be a value.
fn letters(at: usize) -> String {
    let letter = char::from(b'a'.saturating_add(u8::try_from(at % 26).unwrap_or(0)));
    match (at / 26).checked_sub(1) {
        Some(before) => format!("{}{letter}", letters(before)),
        None => letter.to_string(),
    }
}

/// A picture has no back-ticks but quotation marks.
fn quoted(text: &str) -> String {
    let mut open = false;
    let mark = |sign: char| match sign {
        '`' => {
            open = !open;
            if open { '“' } else { '”' }
        }
        sign => sign,
    };
    text.chars().map(mark).collect()
}
