//! Timelines in Markdown: the picture in blocks, a table for each outcome, the clauses.

use super::fenced;
use crate::answers::DrawnTimelines;
use crate::diag::Style;
use crate::report::Report;
use crate::report::lanes::{Lane, LaneStretch};
use crate::report::page::{Look, Page};
use crate::report::timeline::chart;
use crate::words::{Audience, Words};

pub(in crate::report) fn timeline(drawn: &DrawnTimelines) -> String {
    let chart = chart(drawn);
    let words = Words {
        policy: drawn.policy,
        facts: drawn.facts,
        sources: drawn.sources,
        audience: Audience::People,
    };
    let mut report = Report::new(words, Look::Markdown);
    report.page.heading(2, &chart.title);
    report.page.paragraph(&chart.about);
    let mut picture = Page::new(Look::Text(Style::PLAIN));
    picture.bars(&chart);
    let picture: Vec<String> = picture.finish().lines().map(str::to_string).collect();
    if !picture.is_empty() {
        report.page.verbatim(&fenced("text", &picture));
    }
    for lane in &chart.lanes {
        report.page.lane(lane);
    }
    for remark in &chart.remarks {
        report.page.paragraph(remark);
    }
    report.clauses(&chart.rules);
    report.page.finish()
}

impl Page {
    fn lane(&mut self, lane: &Lane) {
        self.heading(3, &self.code(&lane.title));
        if let Some(note) = &lane.note {
            self.paragraph(note);
        }
        let row = |stretch: &LaneStretch| {
            vec![
                stretch.from.to_string(),
                stretch.last().to_string(),
                stretch.said(),
                stretch.who.clone(),
                stretch.causes.join("\n"),
            ]
        };
        if !lane.stretches.is_empty() {
            let rows: Vec<Vec<String>> = lane.stretches.iter().map(row).collect();
            self.grid(&["from", "to", "answer", "rule", "why it changes"], &rows);
        }
    }

    fn verbatim(&mut self, lines: &[String]) {
        self.gap();
        for line in lines {
            self.out.push_str(line);
            self.out.push('\n');
        }
        self.out.push('\n');
    }
}
