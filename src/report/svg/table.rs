//! Below the picture: the stretches with their days, who says so, and why it begins.

use super::bars::Shown;
use super::measure::wrap;
use super::style::{HEAD, TEXT};
use super::xml::Anchor;
use super::{EDGE, Lane, LaneStretch, ROOM, SvgPicture, quoted};

/// Where each column begins, and how wide it is.
const KEY: (i64, i64) = (EDGE, 26);
const DAYS: (i64, i64) = (EDGE + 28, 174);
const SAID: (i64, i64) = (EDGE + 208, 170);
const WHO: (i64, i64) = (EDGE + 384, 184);
const WHY: (i64, i64) = (EDGE + 574, ROOM - 574);
/// From one line to the next.
const LINE: i64 = 16;

impl SvgPicture {
    /// The lanes that change or could not be shown whole.
    pub(super) fn table(&mut self, lanes: &[(&Lane, Vec<Shown>)]) {
        for (lane, shown) in lanes {
            let changes = lane.stretches.iter().any(|stretch| !stretch.causes.is_empty());
            if !changes && shown.iter().all(|shown| *shown == Shown::Whole) {
                continue;
            }
            self.paragraph("head", HEAD, &lane.title);
            for (stretch, shown) in lane.stretches.iter().zip(shown) {
                self.row(stretch, shown);
            }
            self.y = self.y.saturating_add(8);
        }
    }

    fn row(&mut self, stretch: &LaneStretch, shown: &Shown) {
        let key = match shown {
            Shown::Part(Some(key)) => vec![key.clone()],
            Shown::Part(None) | Shown::Whole => Vec::new(),
        };
        let lines = |text: &str, (_, room): (i64, i64)| wrap(text, TEXT, room);
        let causes = stretch.causes.iter().flat_map(|cause| lines(&quoted(cause), WHY)).collect();
        let who = stretch.who.split_inclusive("; ").flat_map(|who| lines(&quoted(who), WHO)).collect();
        let cells = [
            (KEY, key),
            (DAYS, lines(&stretch.days(), DAYS)),
            (SAID, lines(&stretch.said(), SAID)),
            (WHO, who),
            (WHY, causes),
        ];
        self.xml.line("grid", (EDGE, self.y), (EDGE.saturating_add(ROOM), self.y));
        let mut deepest = 1;
        for ((x, _), lines) in &cells {
            let mut y = self.y;
            for line in lines {
                y = y.saturating_add(LINE);
                let class = if *x == KEY.0 { "text key" } else { "text" };
                self.xml.text(class, (*x, y), Anchor::Start, line);
            }
            deepest = deepest.max(i64::try_from(lines.len()).unwrap_or(1));
        }
        self.y = self.y.saturating_add(LINE.saturating_mul(deepest)).saturating_add(6);
    }
}
