//! Rules that contradict each other, and errors: the clauses as they stand in the text.

use super::Report;
use crate::diag::tick;
use crate::outcome::{Answer, Fault};
use crate::policy::{OutcomeId, RuleId};
use crate::text::Span;

/// A clause longer than this is cut.
const LINES: usize = 10;

impl Report<'_> {
    /// Both clauses, and the priority that is missing between them.
    pub(super) fn conflict(&mut self, indent: usize, outcome: OutcomeId, answer: &Answer) {
        let ty = &self.words.policy.outcomes[outcome].ty;
        let mut rules: Vec<RuleId> = Vec::new();
        for reason in &answer.reasons {
            let value =
                reason.value.as_ref().map_or_else(String::new, |value| self.words.possible(ty, value));
            self.page.line(indent, &format!("{value} by {}", self.reason(reason, answer.status)));
            if let Some(rule) = reason.rule.filter(|rule| !rules.contains(rule)) {
                self.quote(indent + 2, self.words.policy.rules[rule].span);
                rules.push(rule);
            }
        }
        let help = match rules.as_slice() {
            [first, second, ..] => self.which_prevails(*first, *second),
            [one] => self.which_act(*one),
            [] => return,
        };
        self.page.hanging(indent, 6, &format!("help: {help}"));
    }

    /// Two acts of one power on one day (O4): no priority can decide between them.
    fn which_act(&self, power: RuleId) -> String {
        format!(
            "{} was used twice on one day, with different terms: state the one act that holds",
            self.ticked(power)
        )
    }

    fn which_prevails(&self, first: RuleId, second: RuleId) -> String {
        let rules = &self.words.policy.rules;
        let named = |id: RuleId| rules[id].name.as_deref();
        let above = |below: &str| tick(&format!("notwithstanding {below}"));
        match (named(first), named(second)) {
            (Some(a), Some(b)) => format!(
                "say which prevails: {} in the head of {}, or {} in the head of {}",
                above(b),
                tick(a),
                above(a),
                tick(b)
            ),
            (Some(a), None) => format!(
                "say which prevails: give {} a name, and write {} in its head",
                self.ticked(second),
                above(a)
            ),
            (None, Some(b)) => format!(
                "say which prevails: give {} a name, and write {} in its head",
                self.ticked(first),
                above(b)
            ),
            (None, None) => format!(
                "say which prevails: give {} and {} names, and write {} in the head of one",
                self.ticked(first),
                self.ticked(second),
                tick("notwithstanding")
            ),
        }
    }

    /// A stretch of the text, with its file and its line numbers.
    pub(super) fn quote(&mut self, indent: usize, span: Span) {
        let Some(source) = self.words.sources.get(span.source) else { return };
        let (first, _) = source.line_column(span.start);
        let (last, _) = source.line_column(span.end.saturating_sub(1).max(span.start));
        let last_shown = last.min(first.saturating_add(LINES - 1));
        let width = last_shown.to_string().len();
        let name = source.name.clone();
        let lines: Vec<(usize, String)> = (first..=last_shown)
            .map(|line| (line, self.words.sources.text(source.line_span(span.source, line)).to_string()))
            .collect();
        if self.page.is_markdown() {
            self.page.item(indent, &format!("{name}:{first}"));
            return self.page.fence(&lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>());
        }
        self.page.raw(indent, &format!("{} ╭─ {name}:{first}", " ".repeat(width)));
        for (number, line) in lines {
            self.page.raw(indent, &format!("{number:>width$} │ {}", clipped(&line)));
        }
        if last > last_shown {
            self.page.raw(indent, &format!("{} │ …", " ".repeat(width)));
        }
    }

    /// An error with its place, and what it came from.
    pub(super) fn fault(&mut self, indent: usize, fault: &Fault) {
        self.faults.push(fault.clone());
        self.chain(indent, fault);
    }

    /// The same, unless it has been told.
    pub(super) fn fault_once(&mut self, indent: usize, fault: &Fault) {
        if !self.faults.contains(fault) {
            self.fault(indent, fault);
        }
    }

    fn chain(&mut self, indent: usize, fault: &Fault) {
        let mut next = Some(fault);
        while let Some(fault) = next {
            let text = match &fault.depends_on {
                Some((outcome, row, status)) => {
                    let name = self.words.outcome(*outcome, *row);
                    format!("because {} is {}", tick(&name), status_noun(*status))
                }
                None => {
                    let detail = fault.detail.as_ref().map_or(String::new(), |detail| format!(" ({detail})"));
                    let place = self.words.place(fault.span);
                    format!(
                        "{}{detail} in {} at {place}",
                        fault.trouble,
                        tick(&self.words.source(fault.span))
                    )
                }
            };
            self.page.line(indent, &text);
            next = fault.cause.as_deref();
        }
    }
}

pub(super) fn status_noun(status: crate::outcome::Status) -> &'static str {
    use crate::outcome::Status;
    match status {
        Status::Determined => "determined",
        Status::Undetermined => "undetermined",
        Status::Gap => "a gap",
        Status::Conflict => "in conflict",
        Status::Error => "an error",
    }
}

/// A line of a text at a readable length.
fn clipped(line: &str) -> String {
    const MOST: usize = 140;
    let line = line.replace(['\t', '\r'], " ");
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or("")),
        None => line,
    }
}
