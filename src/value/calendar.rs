use std::sync::LazyLock;

use super::{Day, Trouble};

/// A calendar of a policy, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarId(pub u16);

/// The calendars that come with Comity.
pub const SHIPPED: [&str; 2] = ["us_federal", "jp_holidays"];

// Read once: an editor compiles at every key.
static US_FEDERAL: LazyLock<Option<Calendar>> =
    LazyLock::new(|| Calendar::parse("us_federal", include_str!("calendars/us_federal.csv")).ok());
static JP_HOLIDAYS: LazyLock<Option<Calendar>> =
    LazyLock::new(|| Calendar::parse("jp_holidays", include_str!("calendars/jp_holidays.csv")).ok());

/// Business days of whole years (T6): Monday to Friday, without the holidays. Outside these years every question is
/// `calendar does not cover`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    name: String,
    first_year: i32,
    last_year: i32,
    start: Day,
    // One entry per day from `start`, and one more: how many business days lie before it. So `before` answers counts and
    // `open` the n-th business day, each in one step.
    before: Vec<u32>,
    open: Vec<Day>,
}

impl Calendar {
    /// A calendar from its file: a comment `# covers 2024-2035`, other comments, then a line `date,name` per holiday.
    /// A heading `date,name` is skipped. An error is the line, from 1, and what is wrong with it.
    pub fn parse(name: &str, text: &str) -> Result<Calendar, (usize, String)> {
        let mut covered = None;
        let mut holidays: Vec<Day> = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_start_matches('\u{feff}').trim();
            let wrong = |message: String| (at + 1, message);
            if let Some(comment) = line.strip_prefix('#') {
                if let Some(years) = comment.trim().strip_prefix("covers ") {
                    let years = span_of_years(years).ok_or_else(|| {
                        wrong(format!("expected years like `covers 2024-2035`, found `{}`", comment.trim()))
                    })?;
                    if covered.replace(years).is_some() {
                        return Err(wrong("the years covered are given twice".to_owned()));
                    }
                }
                continue;
            }
            let (date, _) = line.split_once(',').unwrap_or((line, ""));
            let date = date.trim();
            if line.is_empty() || (date == "date" && holidays.is_empty()) {
                continue;
            }
            let day =
                Day::parse(date).ok_or_else(|| wrong(format!("`{date}` is not a day like 2026-07-03")))?;
            let Some((first, last)) = covered else {
                return Err(wrong("the years covered must come first, like `# covers 2024-2035`".to_owned()));
            };
            if !(first..=last).contains(&day.ymd().0) {
                return Err(wrong(format!("{day} is outside the years covered, {first} to {last}")));
            }
            if holidays.contains(&day) {
                return Err(wrong(format!("{day} is listed twice")));
            }
            holidays.push(day);
        }
        let Some((first, last)) = covered else {
            return Err((1, "the years covered are missing, like `# covers 2024-2035`".to_owned()));
        };
        holidays.sort_unstable();
        let mut ahead = holidays.iter().peekable();
        Ok(Calendar::new(name, first, last, |day| {
            ahead.next_if(|next| **next == day).is_none() && !day.is_weekend()
        }))
    }

    /// Open only where all parts are; covers the years they all cover, which may be none.
    pub fn combined(name: &str, parts: &[&Calendar]) -> Calendar {
        let first = parts.iter().map(|part| part.first_year).max().unwrap_or(1);
        let last = parts.iter().map(|part| part.last_year).min().unwrap_or(0);
        Calendar::new(name, first, last, |day| parts.iter().all(|part| part.is_open(day) == Ok(true)))
    }

    /// One of [`SHIPPED`].
    pub fn shipped(name: &str) -> Option<Calendar> {
        let calendar = match name {
            "us_federal" => &US_FEDERAL,
            "jp_holidays" => &JP_HOLIDAYS,
            _ => return None,
        };
        calendar.as_ref().cloned()
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first and last day covered; `None` if it covers no year.
    pub fn covers(&self) -> Option<(Day, Day)> {
        let end = self.start.add_days(i64::try_from(self.before.len()).ok()? - 2).ok()?;
        (end >= self.start).then_some((self.start, end))
    }

    /// Whether it is a business day; `calendar does not cover` outside its years, and for `never`.
    pub fn is_open(&self, day: Day) -> Result<bool, Trouble> {
        let index = self.index(day)?;
        Ok(self.count(index)? != self.count(index + 1)?)
    }

    /// `day + n business days` (T6): for n ≥ 1 the n-th business day after it, for n ≤ -1 before it, for 0 the day itself
    /// or the next business day. `never` stays `never`; else `calendar does not cover`.
    pub fn add(&self, day: Day, n: i64) -> Result<Day, Trouble> {
        if day.is_never() {
            return Ok(day);
        }
        let index = self.index(day)?;
        // Which business day it is, counted from 0: before the day for n <= 0, up to it for n >= 1.
        let (counted, ahead) = if n >= 1 { (self.count(index + 1)?, n - 1) } else { (self.count(index)?, n) };
        i64::from(counted)
            .checked_add(ahead)
            .and_then(|target| usize::try_from(target).ok())
            .and_then(|target| self.open.get(target))
            .copied()
            .ok_or(Trouble::CalendarDoesNotCover)
    }

    fn new(name: &str, first_year: i32, last_year: i32, mut is_open: impl FnMut(Day) -> bool) -> Calendar {
        let (mut before, mut open) = (vec![0], Vec::new());
        let span = Day::from_ymd(first_year, 1, 1).zip(Day::from_ymd(last_year, 12, 31));
        let (start, end) = span.unwrap_or((Day::FIRST, Day::FIRST));
        let mut day = start;
        while day <= end && first_year <= last_year {
            if is_open(day) {
                open.push(day);
            }
            before.push(open.len() as u32);
            day = day.next();
        }
        Calendar { name: name.to_owned(), first_year, last_year, start, before, open }
    }

    fn index(&self, day: Day) -> Result<usize, Trouble> {
        day.days_since(self.start)
            .ok()
            .and_then(|index| usize::try_from(index).ok())
            .filter(|index| index + 1 < self.before.len())
            .ok_or(Trouble::CalendarDoesNotCover)
    }

    fn count(&self, index: usize) -> Result<u32, Trouble> {
        self.before.get(index).copied().ok_or(Trouble::CalendarDoesNotCover)
    }
}

/// `2024-2035`, `2024–2035`, `2024 to 2035` or `2024`.
fn span_of_years(text: &str) -> Option<(i32, i32)> {
    let text = text.replace('–', "-").replace(" to ", "-");
    let (first, last) = text.split_once('-').unwrap_or((&text, &text));
    let year = |text: &str| text.trim().parse().ok().filter(|year| (1900..=2299).contains(year));
    let (first, last) = (year(first)?, year(last)?);
    (first <= last).then_some((first, last))
}
