//! Before, up to, from one to another, by so much more: words that can be taken in two ways, with a fix for each.

use super::{StopPlace, foreign};
use crate::diag::{Code, Diagnostic, FixEdit, tick};
use crate::syntax::ranges;
use crate::value::{Day, Number, decimal};

/// A change by so much.
const CHANGES: &[(&str, &str)] = &[
    ("increased by", "+"),
    ("raised by", "+"),
    ("reduced by", "-"),
    ("decreased by", "-"),
    ("lowered by", "-"),
    ("cut by", "-"),
];

impl StopPlace<'_> {
    /// `column1 increased by 10%`: by ten points, or to 110% of what it was.
    pub(super) fn changed_by(&self) -> Option<Diagnostic> {
        if !self.behind_operand() {
            return None;
        }
        let (start, end, sign) = self.found(CHANGES).filter(|(_, end, _)| *end > self.at)?;
        let last = end.checked_sub(1)?;
        let span = self.span_of(start, last);
        let message = format!("{} may be a sum or a product", tick(self.written(start, last)));
        let said = foreign(span, message);
        let percent = self.number(end) && self.text(end.saturating_add(1)) == "%";
        let unit = self.number(end) && self.word(end.saturating_add(1));
        if unit {
            return Some(self.reworded(start, last, sign));
        }
        let spelled = self.text(end).replace('_', "");
        let by = Number::parse_decimal(&spelled).filter(|_| percent);
        let hundred = Number::from(100);
        let whole = by.and_then(|by| if sign == "+" { hundred.add(&by) } else { hundred.sub(&by) }.ok());
        let before = self.before(start)?;
        let first = self.operand_start(before)?;
        // A product takes the last operand alone.
        let alone = self.before(first).is_none_or(|one| !matches!(self.text(one), "+" | "-" | "*" | "/"));
        let Some(share) = whole.and_then(|whole| decimal(&whole)).filter(|_| alone) else {
            return Some(said.help(format!(
                "write `a {sign} b` for so many points or so much, `a * (100% {sign} b)` for a share of it"
            )));
        };
        let points = format!("{sign} {spelled}%");
        let product = format!("* {share}%");
        let operand = self.written(first, before);
        let said = said.help(format!(
            "write {} for so many points, {} for a share of it",
            tick(&format!("{operand} {points}")),
            tick(&format!("{operand} {product}"))
        ));
        let edit = |text: &str| vec![FixEdit::new(self.span_of(start, end.saturating_add(1)), text)];
        let title = |text: &str| format!("write {}", tick(&format!("{operand} {text}")));
        let said = said.fix_by(title(&product), edit(&product), false);
        Some(said.fix_by(title(&points), edit(&points), false))
    }

    /// `disbursed < pledged before deadline`: up to the day before, or on the day as well.
    pub(super) fn before_a_day(&self, first: usize, last: usize) -> Diagnostic {
        let span = self.span_of(first, last);
        let theirs = self.written(first, last);
        let message = format!("`by` looks at the close of a day, {} may leave it out", tick(theirs));
        let said = foreign(span, message);
        let start = last.saturating_add(1);
        let Some(end) = self.day_end(start) else {
            return said.help("write `by D - 1 day` if that day is too late, `by D` if it is in time");
        };
        let day = self.written(start, end);
        let strict = match Day::parse(day).map(Day::previous) {
            Some(Some(previous)) => previous.to_string(),
            _ => format!("{day} - 1 day"),
        };
        let whole = span.to(self.span(end));
        let said = said.help(format!(
            "write {} if {} itself is too late, {} if it is in time",
            tick(&format!("by {strict}")),
            tick(day),
            tick(&format!("by {day}"))
        ));
        said.fix(whole, format!("by {strict}")).fix(whole, format!("by {day}"))
    }

    /// The last token of a day that begins here: a date, a name with its fields, and so many days from it.
    fn day_end(&self, start: usize) -> Option<usize> {
        if !self.word(start) && !self.number(start) || self.text(start) == "the" {
            return None;
        }
        let mut end = start;
        loop {
            let next = end.saturating_add(1);
            let (sign, after) = (self.text(next), next.saturating_add(1));
            end = match sign {
                "." if self.word(after) => after,
                "+" | "-" if self.number(after) && self.word(after.saturating_add(1)) => {
                    after.saturating_add(1)
                }
                "+" | "-" | "*" | "/" | "(" => return None,
                _ => return Some(end),
            };
        }
    }

    /// `15–20 USD`
    pub(in crate::syntax) fn range_of_numbers(&self) -> Option<Diagnostic> {
        let dash = |text: &str| matches!(text, "–" | "—" | "‑");
        let mut starts = self.at.saturating_sub(3)..=self.at;
        let first = starts.find(|first| {
            self.number(*first)
                && dash(self.text(first.saturating_add(1)))
                && self.number(first.saturating_add(2))
                && first.saturating_add(4) >= self.at
        })?;
        let (last, behind) = (first.saturating_add(2), first.saturating_add(3));
        let counted = self.text(behind) == "%" || self.word(behind) && self.same_line(last);
        let more = if counted { self.text(behind) } else { "" };
        let span = self.span_of(first, behind);
        ranges::of_numbers(span, self.written(first, behind), (self.text(first), self.text(last)), more)
    }

    /// `2025–08–07`: a day with other dashes.
    pub(in crate::syntax) fn dashed_day(&self) -> Option<Diagnostic> {
        let starts = self.at.saturating_sub(3)..=self.at;
        let dash = |at: usize| matches!(self.text(at), "–" | "—" | "‑" | "−" | "‐");
        let hit = starts.into_iter().find_map(|first| {
            let last = first.saturating_add(4);
            let shape = self.number(first)
                && dash(first.saturating_add(1))
                && self.number(first.saturating_add(2))
                && dash(first.saturating_add(3))
                && self.number(last);
            let parts = [self.text(first), self.text(first.saturating_add(2)), self.text(last)];
            let day = parts.join("-");
            (shape && Day::parse(&day).is_some()).then_some((first, last, day))
        });
        let (first, last, day) = hit?;
        let span = self.span_of(first, last);
        let message = "a date has ordinary hyphens";
        Some(Diagnostic::error(Code::ForeignSign, span, message).safe_fix(span, day))
    }
}
