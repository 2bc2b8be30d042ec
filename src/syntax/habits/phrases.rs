//! Words of lawyers, of spreadsheets and of other languages, and what they are here.

use super::words::{
    COMPARISONS, CONDITIONS, COPULAS, COUNTED, DECLARATIONS, DENIALS, HEADS, LIMITS, MULTIPLIERS, OPERATORS,
    PARTS,
};
use super::{Seat, StopPlace};
use crate::diag::{Diagnostic, FixEdit, closest};
use crate::syntax::grammar::Rule;
use crate::syntax::slips;

impl StopPlace<'_> {
    /// Words around the stop that mean something which is written otherwise.
    pub(super) fn phrase(&self) -> Option<Diagnostic> {
        self.and_or()
            .or_else(|| self.idle())
            .or_else(|| self.counted())
            .or_else(|| self.multiplied())
            .or_else(|| self.subject())
            .or_else(|| self.article())
            .or_else(|| if self.in_head() { self.of(HEADS).or_else(|| self.like(HEADS)) } else { None })
            .or_else(|| self.greater_of())
            .or_else(|| self.days_after())
            .or_else(
                || if self.behind_operand() && self.seat() == Seat::Value { self.of(LIMITS) } else { None },
            )
            .or_else(|| if self.wants(Rule::state) { self.state() } else { None })
            .or_else(|| self.is_for_set())
            .or_else(|| if self.behind_operand() || self.wants(Rule::state) { self.compared() } else { None })
            .or_else(|| self.changed_by())
            .or_else(|| if self.behind_operand() { self.operator() } else { None })
            .or_else(|| self.for_sign())
            .or_else(|| self.cents())
            .or_else(|| if self.begins_rule() { self.of(CONDITIONS) } else { None })
            .or_else(|| if self.wants_declaration() { self.declaration() } else { None })
    }

    /// Where a condition or an outcome begins, or the word for one was taken for an outcome.
    fn begins_rule(&self) -> bool {
        self.wants(Rule::IF) || self.wants(Rule::assigned)
    }

    /// A single word of these, misspelt.
    fn like(&self, phrases: &[(&str, &str)]) -> Option<Diagnostic> {
        let word = self.text(self.at);
        let words = phrases.iter().filter(|(words, _)| words.len() > 6 && !words.contains(' '));
        let near = closest(word, words.clone().map(|(words, _)| *words)).filter(|_| word.len() > 6)?;
        let (_, ours) = words.clone().find(|(words, _)| *words == near)?;
        Some(self.reworded(self.at, self.at, ours))
    }

    /// `fact imports is kg`, `given open is true`, `set o := 5%`: a word for a sign, or beside one.
    fn for_sign(&self) -> Option<Diagnostic> {
        const SETS: &[(&str, &str)] = &[
            ("shall be", ":="),
            ("will be", ":="),
            ("is set at", ":="),
            ("is set to", ":="),
            ("shall equal", ":="),
        ];
        if let Some((start, end, ours)) = self.found(SETS).filter(|_| self.wants(Rule::assigned)) {
            return Some(self.reworded(start, end.checked_sub(1)?, ours));
        }
        let word = self.text(self.at);
        if matches!(word, "is" | "as" | "to" | "equals") {
            let sign = if self.wants(Rule::colon) {
                ":"
            } else if self.wants(Rule::eq) {
                "="
            } else if self.wants(Rule::assigned) {
                ":="
            } else {
                return None;
            };
            return Some(self.reworded(self.at, self.at, sign));
        }
        let set = self.before(self.at).filter(|set| matches!(self.text(*set), "set" | "let" | "assign"))?;
        let named = self.wants(Rule::assigned) && self.word(self.at) && self.text(self.at + 1) == ":=";
        let span = self.span(set);
        let said =
            super::foreign(span, format!("an outcome is set with `:=` alone, without `{}`", self.text(set)));
        let gone = span.to(self.span(self.at).before());
        named.then(|| {
            said.fix_by(format!("leave `{}` out", self.text(set)), vec![FixEdit::new(gone, "")], true)
        })
    }

    /// Words that say nothing more: `15% ad valorem`, `notwithstanding rule R`.
    fn idle(&self) -> Option<Diagnostic> {
        let (first, last) = match self.text(self.at) {
            "ad" if self.text(self.at.saturating_add(1)) == "valorem" => (self.at, self.at.saturating_add(1)),
            _ if self.in_head() && self.word(self.at) => {
                let rule = self.before(self.at).filter(|rule| self.text(*rule) == "rule")?;
                let list = self.before(rule)?;
                matches!(self.text(list), "notwithstanding" | "to" | ",").then_some((rule, rule))?
            }
            _ => return None,
        };
        let before = self.span(self.before(first)?).after();
        let gone = before.to(self.span(last));
        let words = self.written(first, last);
        let said = super::foreign(self.span_of(first, last), format!("`{words}` is not said here"));
        Some(said.fix_by(format!("leave `{words}` out"), vec![FixEdit::new(gone, "")], false))
    }

    /// `rounded to cents`, `rounded to 2 decimal places`
    fn cents(&self) -> Option<Diagnostic> {
        let places = matches!(self.text(self.at), "decimals" | "decimal" | "places" | "digits" | "figures");
        if places && (0..self.at).rev().take(5).any(|at| self.text(at) == "rounded") {
            let said = super::foreign(self.span(self.at), "a step is an amount, not a count of decimals");
            return Some(said.help(
                "write the step as an amount: `rounded to 0.01 USD`, `rounded to 0.1%`, `rounded to 1 kg`",
            ));
        }
        let before = self.before(self.at)?;
        let rounded =
            self.text(before) == "to" && (0..before).rev().take(3).any(|at| self.text(at) == "rounded");
        let span = self.span(self.at);
        let message = format!("`{}` is no step to round to", self.text(self.at));
        let said = super::foreign(span, message);
        rounded.then(|| {
            said.help(
                "write the step as an amount: `rounded to 0.01 USD`, `rounded to 0.1%`, `rounded to 1 kg`",
            )
        })
    }

    /// `30 days after D`
    fn days_after(&self) -> Option<Diagnostic> {
        const UNITS: [&str; 8] = ["day", "days", "week", "weeks", "month", "months", "year", "years"];
        let sign = match self.text(self.at) {
            "after" | "following" | "from" => "+",
            "before" => "-",
            _ => return None,
        };
        let unit = self.before(self.at).filter(|unit| UNITS.contains(&self.text(*unit)))?;
        let mut first = self.before(unit)?;
        if self.text(first) == "business" {
            first = self.before(first)?;
        }
        let start = self.at.saturating_add(1);
        let mut last = start;
        while self.text(last.saturating_add(1)) == "." && self.word(last.saturating_add(2)) {
            last = last.saturating_add(2);
        }
        let day = self.word(last) || self.number(last);
        if !self.number(first) || !day || self.in_head() {
            return None;
        }
        // A span of time belongs to its day.
        if sign == "+" && self.before(first).is_some_and(|within| self.text(within) == "within") {
            return Some(self.reworded(self.at, self.at, "of"));
        }
        let text = format!("{} {sign} {}", self.written(start, last), self.written(first, unit));
        let message = format!("time is counted from a day with `{sign}`");
        let said = super::foreign(self.span(self.at), message);
        let whole = self.span_of(first, last);
        Some(said.fix_by(format!("write `{text}`"), vec![FixEdit::new(whole, text)], false))
    }

    /// How many tokens from here on are these words.
    fn words_at(&self, at: usize, words: &str) -> Option<usize> {
        let mut next = at;
        for word in words.split(' ') {
            if !self.text(next).eq_ignore_ascii_case(word) {
                return None;
            }
            next = next.saturating_add(1);
        }
        Some(next.saturating_sub(at))
    }

    /// The longest of these phrases that takes the stop in, or ends just before it.
    pub(super) fn found<'p>(&self, phrases: &'p [(&'p str, &'p str)]) -> Option<(usize, usize, &'p str)> {
        let starts = self.at.saturating_sub(4)..=self.at;
        let hits = starts.flat_map(|start| {
            let here = move |(words, ours): &(&'p str, &'p str)| {
                let end = start.saturating_add(self.words_at(start, words)?);
                (end >= self.at).then_some((start, end, *ours))
            };
            phrases.iter().filter_map(here)
        });
        let takes_in = |end: usize| usize::from(end > self.at);
        hits.max_by_key(|(start, end, _)| (takes_in(*end), end.saturating_sub(*start)))
    }

    fn of(&self, phrases: &[(&str, &str)]) -> Option<Diagnostic> {
        let (start, end, ours) = self.found(phrases)?;
        // `top up to 15%` is short of what is topped up.
        if self.before(start).is_some_and(|top| self.text(top) == "top") {
            return None;
        }
        Some(self.reworded(start, end.checked_sub(1)?, ours))
    }

    /// A word for a declaration, where one begins.
    fn declaration(&self) -> Option<Diagnostic> {
        let (start, end, ours) = self.found(DECLARATIONS)?;
        self.begins_line(start).then_some(())?;
        Some(self.reworded(start, end.checked_sub(1)?, ours))
    }

    fn operator(&self) -> Option<Diagnostic> {
        let (start, end, ours) = self.found(OPERATORS).filter(|(_, end, _)| *end > self.at)?;
        Some(self.reworded(start, end.checked_sub(1)?, ours))
    }

    /// `and/or` takes in both.
    fn and_or(&self) -> Option<Diagnostic> {
        let (start, end, ours) = self.found(&[("and / or", "or")])?;
        let said = self.reworded(start, end.checked_sub(1)?, ours);
        Some(said.help("write `or`: one of them, or both"))
    }

    /// `25 per cent`, `45 working days`.
    fn counted(&self) -> Option<Diagnostic> {
        let (start, end, ours) = self.found(COUNTED)?;
        let number = self.before(start).filter(|number| self.number(*number))?;
        let last = end.checked_sub(1)?;
        let said = self.reworded(start, last, ours);
        if ours != "%" {
            return Some(said);
        }
        // A rate is glued to its number.
        let fixed = format!("{}%", self.text(number));
        let span = self.span_of(number, last);
        Some(super::foreign(span, said.message).fix(span, fixed))
    }

    /// `250 mio USD`, where the word was taken for the unit.
    fn multiplied(&self) -> Option<Diagnostic> {
        let word = self.before(self.at)?;
        let number = self.before(word).filter(|number| self.number(*number) && self.same_line(*number))?;
        if let Some(said) = self.indian(number, word) {
            return Some(said);
        }
        let (_, ours) = MULTIPLIERS.iter().find(|(words, _)| self.words_at(word, words).is_some())?;
        let unit = self.word(self.at) && self.same_line(word);
        let known = number < word && unit && self.text(word) != *ours;
        known.then(|| self.reworded(word, word, ours))
    }

    /// `subject R` without its `to`; `section 2` for `article 2`.
    fn subject(&self) -> Option<Diagnostic> {
        let named = self.in_head() && self.text(self.at) == "subject" && self.text(self.at + 1) != "to";
        named.then(|| self.reworded(self.at, self.at, "subject to"))
    }

    fn article(&self) -> Option<Diagnostic> {
        let of = |at: usize| {
            let named = PARTS.contains(&self.text(at)) || self.text(at) == "§";
            // `sec. 2`
            let dot = usize::from(self.text(at.saturating_add(1)) == ".");
            let number = at.saturating_add(1).saturating_add(dot);
            (named && self.number(number)).then_some((at, number))
        };
        let starts = self.at.saturating_sub(2)..=self.at;
        let (at, number) = starts.rev().filter(|at| at.saturating_add(2) >= self.at).find_map(of)?;
        let last = number.saturating_sub(1);
        // A place in a source is a text.
        let cited = self.before(at).filter(|name| self.word(*name)).and_then(|name| self.before(name));
        if cited.is_some_and(|cites| matches!(self.text(cites), "cites" | ",")) {
            let span = self.span_of(at, number);
            let place = format!("\"{}\"", self.written(at, number));
            return Some(super::foreign(span, "a place in a source stands in quotes").fix(span, place));
        }
        let said = self.reworded(at, last, "article");
        Some(
            said.help(format!(
                "write `article {}`; a place in a source stands in `cites`",
                self.text(number)
            )),
        )
    }

    /// `is in {…}`, `is under 8703`
    fn is_for_set(&self) -> Option<Diagnostic> {
        let words = [("is in", "in"), ("is one of", "in"), ("is under", "under")];
        if !self.wants(Rule::state) && !self.behind_operand() {
            return None;
        }
        let (start, end, ours) = self.found(&words)?;
        let last = end.checked_sub(1)?;
        // A list needs its braces too.
        if ours == "in" && self.text(end) != "{" {
            let message =
                format!("`{}` is written `in` here, with a list in braces", self.written(start, last));
            return Some(super::foreign(self.span_of(start, last), message).help("write `in {A, B}`"));
        }
        Some(self.reworded(start, last, ours))
    }

    /// `does not exceed`, `is at least`, `after`
    fn compared(&self) -> Option<Diagnostic> {
        let starts = self.at.saturating_sub(4)..=self.at.saturating_add(3);
        let hits = starts.flat_map(|core| {
            COMPARISONS.iter().filter_map(move |(words, sign)| {
                let end = core.saturating_add(self.words_at(core, words)?);
                let (start, denied) = self.denied(core);
                let start = self.without_copula(start);
                let takes_in = start <= self.at && end >= self.at && *sign != "in";
                takes_in.then_some((start, end, if denied { opposite(sign) } else { *sign }))
            })
        });
        let longest =
            hits.max_by_key(|(start, end, _)| (usize::from(*end > self.at), end.saturating_sub(*start)));
        let (start, end, sign) = longest.or_else(|| self.bare_is())?;
        let last = end.checked_sub(1)?;
        // A bound on an amount is a limit, in a condition it is a comparison.
        let written = self.written(start, last);
        if self.seat() == Seat::Value && matches!(written, "at least" | "at most") && !self.is_expected() {
            return Some(self.reworded(start, last, &format!("but {written}")));
        }
        // A day is before another; what is asked for is so by a day.
        let before = ["before", "prior", "later", "earlier"].iter().any(|word| written.contains(word));
        if before && sign == "<" && self.is_compared(start) {
            return Some(self.before_a_day(start, last));
        }
        if before && sign == "<=" && self.is_compared(start) {
            return Some(self.reworded(start, last, "by"));
        }
        let said = self.reworded(start, last, sign);
        let day = self.before(start).is_some_and(|left| self.text(left) == "today");
        Some(match before && !day && matches!(sign, "<" | "<=") {
            true => {
                said.help(format!("write `{sign}` between two days, and `by` after what must be so by a day"))
            }
            false => said,
        })
    }

    /// Whether the condition before this place compares already.
    fn is_compared(&self, at: usize) -> bool {
        let own = (0..at).rev().map(|at| self.text(at));
        own.take_while(|text| {
            !matches!(*text, "if" | "requires" | "and" | "or" | "not" | "then" | ":=" | "=" | ":")
        })
        .any(|text| matches!(text, "<" | "<=" | ">" | ">=" | "!="))
    }

    /// Whether this is what a scenario expects.
    fn is_expected(&self) -> bool {
        (0..self.at)
            .rev()
            .find(|at| matches!(self.text(*at), "expect" | "given"))
            .is_some_and(|at| self.text(at) == "expect")
    }

    /// `is finished`: a state by another name, or misspelt.
    fn state(&self) -> Option<Diagnostic> {
        const STATES: &[(&str, &[&str])] = &[
            ("done", &["finished", "completed", "complete", "exercised"]),
            ("fulfilled", &["met", "satisfied", "discharged", "performed", "complied"]),
            ("breached", &["violated", "broken", "missed", "late"]),
            ("pending", &["open", "outstanding", "due"]),
            ("cured", &["remedied", "healed"]),
            ("undetermined", &["unknown", "undecided"]),
        ];
        let word = self.text(self.at);
        let meant = STATES.iter().find(|(_, words)| words.contains(&word)).map(|(state, _)| *state);
        let near = || closest(word, slips::STATES.iter().copied()).filter(|_| word.len() > 3);
        let meant = meant.or_else(near)?;
        let span = self.span(self.at);
        let said = super::foreign(span, format!("no state is called `{word}`"));
        Some(said.help(format!("did you mean `is {meant}`?")).fix(span, meant))
    }

    /// `x is JP`, `x is not JP`: the word alone.
    fn bare_is(&self) -> Option<(usize, usize, &'static str)> {
        if !self.wants(Rule::state) {
            return None;
        }
        let before = self.before(self.at)?;
        match self.text(before) {
            "is" => Some((before, self.at, "=")),
            "not" if self.before(before).is_some_and(|is| self.text(is) == "is") => {
                Some((before.checked_sub(1)?, self.at, "!="))
            }
            _ => None,
        }
    }

    fn denied(&self, start: usize) -> (usize, bool) {
        let denial = DENIALS.iter().find_map(|words| self.words_before(start, words));
        denial.map_or((start, false), |first| (first, true))
    }

    fn without_copula(&self, start: usize) -> usize {
        COPULAS.iter().find_map(|words| self.words_before(start, words)).unwrap_or(start)
    }

    /// Where these words begin, if they end just before a token.
    fn words_before(&self, end: usize, words: &str) -> Option<usize> {
        let start = end.checked_sub(words.split(' ').count())?;
        self.words_at(start, words).map(|_| start)
    }

    /// `the greater of a and b`
    fn greater_of(&self) -> Option<Diagnostic> {
        const WORDS: &[(&str, &str)] = &[
            ("whichever is higher", "least"),
            ("whichever is greater", "least"),
            ("whichever is the higher", "least"),
            ("whichever is the greater", "least"),
            ("whichever is lower", "most"),
            ("whichever is less", "most"),
            ("whichever is the lower", "most"),
            ("the greater of", "least"),
            ("the higher of", "least"),
            ("the larger of", "least"),
            ("greater of", "least"),
            ("higher of", "least"),
            ("the lesser of", "most"),
            ("the lower of", "most"),
            ("the smaller of", "most"),
            ("lesser of", "most"),
            ("lower of", "most"),
        ];
        let (start, end, side) = self.found(WORDS)?;
        let span = self.span_of(start, end.checked_sub(1)?);
        let message = format!("`{}` is said with a limit here", self.written(start, end.checked_sub(1)?));
        Some(super::foreign(span, message).help(format!("write `a but at {side} b`")))
    }
}

fn opposite(sign: &'static str) -> &'static str {
    match sign {
        ">" => "<=",
        "<" => ">=",
        ">=" => "<",
        "<=" => ">",
        "=" => "!=",
        _ => "=",
    }
}
