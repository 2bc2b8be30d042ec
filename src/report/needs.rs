//! What would settle an undetermined answer.

use super::Report;
use crate::diag::list_or;
use crate::outcome::{Answer, Need, Point, Possibility, SlotRef, Way, WayAnswer};
use crate::policy::{OutcomeId, Type};
use crate::value::Possible;
use crate::words::{annexes_said, lines_to_state, sorted};

/// More ways than these nobody reads.
const WAYS: usize = 8;
/// An expression longer than this does not stand in a column.
const SHORT: usize = 24;

impl Report<'_> {
    /// `15%, 25% or a gap`
    pub(super) fn possibilities(&self, outcome: OutcomeId, answer: &Answer) -> String {
        let ty = &self.words.policy.outcomes[outcome].ty;
        let mut items: Vec<String> = Vec::new();
        for possibility in sorted(&answer.possible) {
            match possibility {
                Possibility::Value(Possible::Bools) => {
                    items.extend(["true".to_string(), "false".to_string()])
                }
                other => items.push(self.possibility(ty, &other)),
            }
        }
        list_or(&items)
    }

    pub(super) fn possibility(&self, ty: &Type, possibility: &Possibility) -> String {
        match possibility {
            Possibility::Value(Possible::Any) => "any value".to_string(),
            Possibility::Value(Possible::Numbers(range)) if range.is_all() => "any amount".to_string(),
            Possibility::Value(possible) => self.words.possible(ty, possible),
            Possibility::Gap => "a gap".to_string(),
            Possibility::Conflict => "a conflict".to_string(),
            Possibility::Error => "an error".to_string(),
        }
    }

    /// What is missing, and which answer each way of stating it gives.
    pub(super) fn needs(&mut self, indent: usize, outcome: OutcomeId, point: Point, answer: &Answer) {
        let Some(needs) = &answer.needs else { return };
        let ty = &self.words.policy.outcomes[outcome].ty;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut label = "missing";
        for need in &needs.all {
            let again =
                if need.then_ask_again { " (then ask again: other facts are read on that day)" } else { "" };
            rows.push(vec![label.to_string(), format!("{}{again}", self.slot(&need.slot))]);
            label = "";
        }
        // A way without conditions says no more than what is missing.
        let ways: Vec<&Way> = needs.ways.iter().filter(|way| !way.when.is_empty()).collect();
        for way in ways.iter().take(WAYS) {
            rows.push(vec![self.way_answer(ty, way), format!("if {}", self.way(way, point))]);
        }
        self.page.table(indent, &rows);
        self.lines_to_state(indent, &needs.all);
        if !needs.complete || ways.len() > WAYS {
            self.page.line(indent, "there are more ways than these");
        }
    }

    /// Lines of annexes, as a facts file states them.
    fn lines_to_state(&mut self, indent: usize, needs: &[Need]) {
        let lines = annexes_said(&lines_to_state(&self.words, needs));
        if lines.is_empty() {
            return;
        }
        const HEAD: &str = "in a facts file, with what is known in place of `unknown`:";
        if self.page.is_markdown() {
            let lines = lines.iter().map(|line| format!("  {line}"));
            self.page.paragraph(HEAD);
            let lines: Vec<String> = std::iter::once("annexes:".to_string()).chain(lines).collect();
            return self.page.fence_of("yaml", &lines);
        }
        self.page.line(indent, HEAD);
        self.page.line(indent, "annexes:");
        for line in &lines {
            let deeper = line.len() - line.trim_start().len();
            self.page.line(indent + 2 + deeper, line.trim_start());
        }
    }

    fn way(&self, way: &Way, point: Point) -> String {
        let conditions: Vec<String> = way
            .when
            .iter()
            .map(|atom| {
                let text = crate::diag::tick(&self.words.expr(atom.atom));
                let truth = if atom.is { "is true" } else { "is false" };
                let day = self.words.moved(atom, point).map_or(String::new(), |day| format!(" on {day}"));
                format!("{text} {truth}{day}")
            })
            .collect();
        conditions.join(" and ")
    }

    fn way_answer(&self, ty: &Type, way: &Way) -> String {
        match &way.then {
            WayAnswer::Is(possibility) => self.possibility(ty, possibility),
            WayAnswer::Open(expr) => {
                let text = self.words.expr(*expr);
                if text.chars().count() <= SHORT { text } else { "a value".to_string() }
            }
        }
    }

    pub(super) fn slot(&self, slot: &SlotRef) -> String {
        match slot {
            SlotRef::Table(entity) => format!("the rows of {}", self.words.policy.entities[*entity].name),
            _ => self.words.slot(slot),
        }
    }
}
