//! Numbers and days as they are written elsewhere.

use super::{StopPlace, foreign};
use crate::diag::{Code, Diagnostic, FixEdit};
use crate::syntax::scan::{TokenKind, scan};
use crate::value::{Day, Number, decimal, month_named};

/// A number in groups, or with a comma for its point: the ways it can be read.
struct GroupedNumber {
    first: usize,
    last: usize,
    readings: Vec<String>,
}

impl StopPlace<'_> {
    /// `550,000,000`, `550 000 000`, `550'000'000`, `15,5`
    pub(super) fn grouped(&self) -> Option<Diagnostic> {
        let mut starts = self.at.saturating_sub(2)..=self.at;
        let found = |at| self.groups(at).filter(|groups| groups.last >= self.at);
        let mut groups = starts.find_map(found)?;
        // `1 500,50`: the decimals belong to the number.
        let decimals = groups.last.saturating_add(2);
        let sure =
            self.written(groups.first, groups.last).contains(',') || self.separator(groups.last) != Some(',');
        if !sure {
            let places = self.text(decimals).to_string();
            groups.readings.iter_mut().for_each(|reading| reading.push_str(&format!(".{places}")));
            groups.last = decimals;
        }
        // A rate is taken whole.
        if self.glued(groups.last) && self.text(groups.last.saturating_add(1)) == "%" {
            groups.last = groups.last.saturating_add(1);
            groups.readings.iter_mut().for_each(|reading| reading.push('%'));
        }
        let span = self.span_of(groups.first, groups.last);
        let written = self.written(groups.first, groups.last);
        Some(said(span, written, &groups.readings, sure))
    }

    /// The number that begins with this token.
    fn groups(&self, first: usize) -> Option<GroupedNumber> {
        if !self.number(first) {
            return None;
        }
        let separator = self.separator(first)?;
        let mut last = first;
        while self.separator(last) == Some(separator) {
            last = last.saturating_add(if separator == ' ' { 1 } else { 2 });
        }
        let readings = readings(self.written(first, last), separator);
        (!readings.is_empty()).then_some(GroupedNumber { first, last, readings })
    }

    /// What stands between a number and the next.
    fn separator(&self, number: usize) -> Option<char> {
        let next = number.saturating_add(1);
        if self.number(next) && self.same_line(number) {
            return Some(' ');
        }
        let sign = self.text(next);
        let between = self.glued(number) && self.glued(next) && self.number(next.saturating_add(1));
        match sign {
            "," if between => Some(','),
            "'" | "’" if between => Some('\''),
            _ => None,
        }
    }

    /// `4 September 2025`, `Sept. 4, 2025`
    pub(super) fn worded_date(&self) -> Option<Diagnostic> {
        let starts = self.at.saturating_sub(4)..=self.at;
        let (mut first, last, day) =
            starts.filter_map(|at| self.date_at(at)).find(|(_, last, _)| *last >= self.at)?;
        if let Some(the) = self.before(first).filter(|the| self.text(*the) == "the") {
            first = the;
        }
        let span = self.span_of(first, last);
        let message = "dates are written year-month-day, with four, two and two digits";
        Some(Diagnostic::error(Code::BadDate, span, message).safe_fix(span, day))
    }

    fn date_at(&self, at: usize) -> Option<(usize, usize, String)> {
        let skip = |at: usize, sign: &str| at.saturating_add(usize::from(self.text(at) == sign));
        let (day, month, year) = if self.word(at) {
            let day = skip(at + 1, ".");
            (day, at, skip(day + 1, ","))
        } else {
            let of = skip(skip(at + 1, "."), "of");
            (at, of, skip(skip(of + 1, "."), ","))
        };
        let number = month_named(self.text(month))?;
        let figures = |at: usize| self.number(at).then(|| ordinal(self.text(at)));
        let (day, text) = (figures(day)?, figures(year)?);
        if text.len() != 4 || day.len() > 2 {
            return None;
        }
        let date = format!("{text}-{number:02}-{day:0>2}");
        Day::parse(&date).map(|_| (at, year, date))
    }

    /// `２５％`: signs of full width.
    pub(super) fn wide(&self) -> Option<Diagnostic> {
        let is_wide = |at: usize| self.text(at).chars().any(|sign| narrow(sign).is_some());
        let mut first =
            [Some(self.at), self.before(self.at)].into_iter().flatten().find(|at| is_wide(*at))?;
        let mut last = first;
        while self.before(first).is_some_and(|before| is_wide(before) && self.glued(before)) {
            first = first.checked_sub(1)?;
        }
        while self.glued(last) && is_wide(last.saturating_add(1)) {
            last = last.saturating_add(1);
        }
        let written = self.written(first, last);
        let ours: String = written.chars().map(|sign| narrow(sign).unwrap_or(sign)).collect();
        let span = self.span_of(first, last);
        let message = format!("`{written}` is written in signs of full width");
        Some(Diagnostic::error(Code::ForeignSign, span, message).safe_fix(span, ours))
    }

    /// `2.1`, `2a`, `II` where the number of an article stands.
    pub(super) fn article_part(&self) -> Option<Diagnostic> {
        const ROMAN: [&str; 10] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];
        self.before(self.at).filter(|before| self.text(*before) == "article")?;
        let text = self.text(self.at);
        let span = self.span(self.at);
        let said = foreign(span, format!("articles have whole numbers, not `{text}`"));
        const WORDS: [&str; 10] =
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
        if let Some(number) = WORDS.iter().position(|word| *word == text) {
            return Some(said.fix(span, number.saturating_add(1).to_string()));
        }
        if let Some(number) = ROMAN.iter().position(|roman| *roman == text) {
            return Some(said.fix(span, number.saturating_add(1).to_string()));
        }
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        if !self.number(self.at) || digits.is_empty() || digits == text {
            return None;
        }
        Some(said.help(format!(
            "write `article {digits}`, and name the part in the title of a rule or in `cites`"
        )))
    }

    /// `through 2026-12-31`: `until` names the day after.
    pub(super) fn last_day(&self) -> Option<Diagnostic> {
        const WORDS: &[&str] =
            &["through", "thru", "to", "till", "ending", "ends", "including", "after", "following"];
        // Behind a day the word was taken for its unit.
        if let Some(said) = self.last_named_day() {
            return Some(said);
        }
        let is_day = |at: usize| Day::parse(self.text(at)).map(|day| (at, day));
        let (date, day) = is_day(self.at).or_else(|| is_day(self.at.saturating_add(1)))?;
        let word = self.before(date)?;
        if !self.in_head() || !WORDS.contains(&self.text(word)) {
            return None;
        }
        let message = format!("`{}` does not end anything here", self.text(word));
        let next = day.next();
        if matches!(self.text(word), "after" | "following") {
            let span = self.span_of(word, date);
            let said = foreign(span, format!("`{}` does not begin anything here", self.text(word)));
            return Some(said.fix(span, format!("from {next}")));
        }
        let help = format!(
            "`until` names the first day on which it is over: write `until {next}` if {day} is the last"
        );
        let exclusive = format!("write `until {day}` if it is over on that day");
        let span = self.span_of(word, date);
        let said = foreign(span, message).help(help);
        let said = said.fix_by(
            format!("write `until {next}`"),
            vec![FixEdit::new(span, format!("until {next}"))],
            false,
        );
        Some(said.fix_by(exclusive, vec![FixEdit::new(span, format!("until {day}"))], false))
    }
}

impl StopPlace<'_> {
    /// `5 crore INR`: ten million each.
    pub(super) fn indian(&self, number: usize, word: usize) -> Option<Diagnostic> {
        let (times, ours) = match self.text(word).to_ascii_lowercase().as_str() {
            "crore" | "crores" => (10, "million"),
            "lakh" | "lakhs" | "lac" | "lacs" => (100, "thousand"),
            _ => return None,
        };
        let count = Number::parse_decimal(&self.text(number).replace('_', ""))?;
        let count = decimal(&count.mul(&Number::from(times)).ok()?)?;
        let span = self.span_of(number, word);
        let message = format!("`{}` is {times} {ours}", self.text(word));
        let unit = self.word(self.at) && self.same_line(word);
        unit.then(|| foreign(span, message).fix(span, format!("{count} {ours}")))
    }

    /// `through deadline`, `after deadline`: with the day it names or without it.
    fn last_named_day(&self) -> Option<Diagnostic> {
        let near = [Some(self.at), self.before(self.at)].into_iter().flatten();
        let word = near.into_iter().find(|at| {
            matches!(self.text(*at), "through" | "thru" | "to" | "till" | "ending" | "after" | "following")
                && self.in_head()
        })?;
        let name = word.saturating_add(1);
        let bare = !matches!(self.text(name.saturating_add(1)), "." | "(" | "+" | "-");
        if !self.word(name) || !bare || self.text(word) == "to" && self.text(name) == "be" {
            return None;
        }
        let (word, name, span) = (self.text(word), self.text(name), self.span_of(word, name));
        let day = format!("{name} + 1 day");
        if matches!(word, "after" | "following") {
            let said = foreign(span, format!("`{word}` does not begin anything here"));
            return Some(said.fix(span, format!("from {day}")));
        }
        let said = foreign(span, format!("`{word}` does not end anything here")).help(format!(
            "`until` names the first day on which it is over: write `until {day}` if {name} is the last"
        ));
        Some(said.fix(span, format!("until {day}")).fix(span, format!("until {name}")))
    }
}

/// `4th` without its letters.
fn ordinal(text: &str) -> &str {
    let bare = ["st", "nd", "rd", "th"].into_iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    if bare.bytes().all(|byte| byte.is_ascii_digit()) { bare } else { "" }
}

fn narrow(sign: char) -> Option<char> {
    let code = u32::from(sign);
    (0xFF01..=0xFF5E).contains(&code).then(|| char::from_u32(code - 0xFEE0)).flatten()
}

/// The ways in which digits with separators can be read: none if they are not a number.
fn readings(written: &str, separator: char) -> Vec<String> {
    let parts: Vec<String> = match separator {
        ' ' => written.split_whitespace().map(str::to_string).collect(),
        ',' => written.split(',').map(str::to_string).collect(),
        _ => written.split(['\'', '’']).map(str::to_string).collect(),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (Some(first), Some((last, inner))) = (parts.first(), parts.get(1..).and_then(<[String]>::split_last))
    else {
        return Vec::new();
    };
    // `1.500,00`
    if separator == ',' && inner.is_empty() && first.contains('.') {
        let groups: Vec<&str> = first.split('.').collect();
        let regular = groups.iter().skip(1).all(|group| group.len() == 3 && digits(group));
        let sound =
            regular && groups.first().is_some_and(|group| digits(group) && group.len() <= 3) && digits(last);
        return if sound { vec![format!("{}.{last}", groups.join("_"))] } else { Vec::new() };
    }
    let (whole, fraction) =
        last.split_once('.').map_or((last.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let group = |text: &str| text.len() == 3 && digits(text);
    let grouped = digits(first)
        && first.len() <= 3
        && !first.starts_with('0')
        && inner.iter().all(|part| group(part))
        && group(whole)
        && fraction.is_none_or(digits);
    let mut readings = Vec::new();
    if grouped {
        readings.push(parts.join("_"));
    }
    let comma = separator == ',' && inner.is_empty() && fraction.is_none() && digits(first) && digits(last);
    if comma && (!grouped || first.len() <= 3) {
        readings.push(format!("{first}.{last}"));
    }
    readings
}

fn said(span: crate::text::Span, written: &str, readings: &[String], sure: bool) -> Diagnostic {
    let message = "digits are grouped with `_`, and a point stands before decimals".to_string();
    let said = Diagnostic::error(Code::BadNumber, span, message);
    match readings {
        [only] if sure && only.contains('_') => said.safe_fix(span, only),
        [only] => said.fix(span, only),
        many => {
            let help: Vec<String> = many.iter().map(|one| format!("`{one}`")).collect();
            let help = format!("`{written}` may be {}: write the one that is meant", help.join(" or "));
            many.iter().fold(said.help(help), |said, one| said.fix(span, one))
        }
    }
}

/// A value in groups that was read as a list of values: `550,000 USD`.
pub(in crate::syntax) fn series_of_groups(text: &str, at: crate::text::Span) -> Option<Diagnostic> {
    let (written, readings) = grouped_text(text)?;
    let span = crate::text::Span { end: at.start.saturating_add(u32::try_from(written.len()).ok()?), ..at };
    Some(said(span, written, &readings, true))
}

/// The digits with commas that a text begins with, and how they can be read.
fn grouped_text(text: &str) -> Option<(&str, Vec<String>)> {
    let tokens: Vec<_> = scan(text).collect();
    let mut end = tokens.first().filter(|token| token.kind == TokenKind::Number)?.end;
    for pair in tokens.get(1..)?.chunks(2) {
        match pair {
            [comma, number]
                if comma.start == end
                    && comma.text(text) == ","
                    && number.kind == TokenKind::Number
                    && number.start == comma.end =>
            {
                end = number.end;
            }
            _ => break,
        }
    }
    let written = text.get(..end)?;
    let readings = readings(written, ',');
    (!readings.is_empty()).then_some((written, readings))
}
