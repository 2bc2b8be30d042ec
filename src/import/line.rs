//! The lines of a schedule, as its files have them.

use std::borrow::Cow;

/// A line as published: texts without markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScheduleLine<'a> {
    /// The line of the file on which it begins.
    pub place: usize,
    /// Blank in a text that stands above others.
    pub code: Cow<'a, str>,
    pub indent: usize,
    pub description: Cow<'a, str>,
    pub units: Vec<String>,
    pub general: Cow<'a, str>,
    pub special: Cow<'a, str>,
    pub other: Cow<'a, str>,
    pub additional: Cow<'a, str>,
    pub footnotes: Vec<String>,
}

impl ScheduleLine<'_> {
    pub fn has_rate(&self) -> bool {
        [&self.general, &self.special, &self.other, &self.additional].iter().any(|text| !text.is_empty())
    }

    /// Two digits.
    pub fn chapter(&self) -> &str {
        self.code.get(..2).unwrap_or("")
    }
}

/// Whether a text is a code as schedules print them: 4, 6, 8 or 10 digits with dots after the fourth, sixth and eighth.
pub fn is_code(text: &str) -> bool {
    let mut groups = text.split('.');
    let digits =
        |group: &str, count: usize| group.len() == count && group.bytes().all(|byte| byte.is_ascii_digit());
    groups.next().is_some_and(|first| digits(first, 4))
        && groups.clone().count() <= 3
        && groups.all(|group| digits(group, 2))
}
