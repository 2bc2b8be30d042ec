//! Numbers whose thousands are set apart, with points or with commas for their decimals.

/// What the numbers of a text have before their decimals; the other sign sets thousands apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    Point,
    Comma,
    /// Nothing says it: what can be read in two ways is not read.
    Unsaid,
}

/// Why a number has no plain spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberTrouble {
    /// It may be either.
    TwoReadings(String, String),
    /// It has a decimal point where numbers have commas.
    OtherMark,
    /// It has marks elsewhere than in a number that begins the text.
    Marks,
}

impl DecimalMark {
    /// A number as the language spells it: `14,172.00` is `14172.00`. None: it is so already, or no number at all.
    ///
    /// # Errors
    /// It is a number of which it is not clear which one.
    pub fn plain(self, text: &str) -> Result<Option<String>, NumberTrouble> {
        // What does not begin with a number, or goes on with another, is read as the language has it: with points.
        let elsewhere = |text: &str| match self {
            DecimalMark::Point => Ok(None),
            DecimalMark::Comma | DecimalMark::Unsaid if marked(text) => Err(NumberTrouble::Marks),
            DecimalMark::Comma | DecimalMark::Unsaid => Ok(None),
        };
        let Some(parts) = NumberParts::of(text) else { return elsewhere(text) };
        elsewhere(parts.rest)?;
        if !parts.number.contains([',', '.']) {
            return Ok(None);
        }
        let (point, comma) = (parts.read('.', ','), parts.read(',', '.'));
        match (self, point, comma) {
            (DecimalMark::Point, point, _) => Ok(point),
            (DecimalMark::Comma, _, Some(comma)) => Ok(Some(comma)),
            (DecimalMark::Comma, Some(_), None) => Err(NumberTrouble::OtherMark),
            (DecimalMark::Unsaid, Some(point), Some(comma)) if point != comma => {
                Err(NumberTrouble::TwoReadings(point, comma))
            }
            // With a comma for its decimals alone it is said by name what it is.
            (DecimalMark::Unsaid, point, _) => Ok(point),
            (DecimalMark::Comma, None, None) => Ok(None),
        }
    }

    /// What a number shows of the mark.
    pub fn shown(text: &str) -> Option<DecimalMark> {
        let parts = NumberParts::of(text)?;
        match (parts.read('.', ','), parts.read(',', '.')) {
            _ if !parts.number.contains([',', '.']) => None,
            (Some(_), None) => Some(DecimalMark::Point),
            (None, Some(_)) => Some(DecimalMark::Comma),
            _ => None,
        }
    }
}

/// What the numbers of a column or a table show together.
#[derive(Clone, Copy, Debug, Default)]
pub struct DecimalEvidence(Option<DecimalMark>);

impl DecimalEvidence {
    pub fn see(&mut self, text: &str) {
        if let Some(shown) = DecimalMark::shown(text) {
            let seen = *self.0.get_or_insert(shown);
            self.0 = Some(if seen == shown { seen } else { DecimalMark::Unsaid });
        }
    }

    /// What all of them have; nothing, or both: it is unsaid.
    pub fn mark(self) -> DecimalMark {
        self.0.unwrap_or(DecimalMark::Unsaid)
    }
}

/// Whether a mark stands between two digits.
fn marked(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(3).any(|three| {
        matches!(three, [before, b',' | b'.', after] if before.is_ascii_digit() && after.is_ascii_digit())
    })
}

/// The sign, the digits with their marks, and what follows them.
struct NumberParts<'t> {
    sign: &'t str,
    number: &'t str,
    rest: &'t str,
}

impl<'t> NumberParts<'t> {
    fn of(text: &'t str) -> Option<NumberParts<'t>> {
        let (sign, bare) = text.split_at_checked(usize::from(text.starts_with('-')))?;
        let end = bare.find(|sign: char| !sign.is_ascii_digit() && !matches!(sign, ',' | '.'));
        let (number, rest) = bare.split_at_checked(end.unwrap_or(bare.len()))?;
        let sound = number.starts_with(|sign: char| sign.is_ascii_digit())
            && number.ends_with(|sign: char| sign.is_ascii_digit())
            && (rest.is_empty() || rest.starts_with([' ', '%']));
        sound.then_some(NumberParts { sign, number, rest })
    }

    /// The number with this mark before its decimals and that between its thousands, spelled without the latter.
    fn read(&self, decimal: char, thousands: char) -> Option<String> {
        let (whole, places) = match self.number.split_once(decimal) {
            Some((whole, places)) => (whole, Some(places)),
            None => (self.number, None),
        };
        if places.is_some_and(|places| places.contains(['.', ','])) {
            return None;
        }
        let mut groups = whole.split(thousands);
        let first = groups.next()?;
        let others: Vec<&str> = groups.collect();
        let grouped = others.is_empty()
            || ((1..=3).contains(&first.len())
                && !first.starts_with('0')
                && others.iter().all(|group| group.len() == 3));
        let places = places.map_or(String::new(), |places| format!(".{places}"));
        grouped.then(|| format!("{}{first}{}{places}{}", self.sign, others.concat(), self.rest))
    }
}

/// `14,172.00` as `14172.00`, where every group but the first has three digits. None: it has no groups, or others.
pub fn ungrouped(text: &str) -> Option<String> {
    let plain = DecimalMark::Point.plain(text).ok().flatten()?;
    (plain != text).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_groups_are_joined_and_others_left_alone() {
        for (text, plain) in [
            ("14,172.00", "14172.00"),
            ("1,234", "1234"),
            ("-1,234,567.8 USD", "-1234567.8 USD"),
            ("1,234%", "1234%"),
        ] {
            assert_eq!(ungrouped(text).as_deref(), Some(plain));
        }
        for text in [
            "1234",
            "12.5",
            "1234,56",
            "12,34",
            "1,2345",
            "0,123",
            "1,234,56",
            "1,234.5,6",
            ",123",
            "1,,234",
            "1,234x",
        ] {
            assert_eq!(ungrouped(text), None, "{text}");
        }
    }

    #[test]
    fn a_decimal_comma_is_read_where_the_file_has_them() {
        let read = |text: &str| DecimalMark::Comma.plain(text);
        for (text, plain) in
            [("1234,56", "1234.56"), ("1.234,56", "1234.56"), ("-0,5 kg", "-0.5 kg"), ("1.234", "1234")]
        {
            assert_eq!(read(text), Ok(Some(plain.into())));
        }
        assert_eq!(read("12.5"), Err(NumberTrouble::OtherMark));
        assert_eq!(read("1,234.5"), Err(NumberTrouble::OtherMark));
        assert_eq!((read("1234"), read("JP")), (Ok(None), Ok(None)));
    }

    #[test]
    fn what_may_be_either_is_not_read() {
        let read = |text: &str| DecimalMark::Unsaid.plain(text);
        let two = |one: &str, other: &str| Err(NumberTrouble::TwoReadings(one.into(), other.into()));
        assert_eq!(read("1,234"), two("1234", "1.234"));
        assert_eq!(read("1.234"), two("1.234", "1234"));
        assert_eq!(read("12.5"), Ok(Some("12.5".into())));
        assert_eq!(read("1,234.50"), Ok(Some("1234.50".into())));
        assert_eq!(read("12,5"), Ok(None));
        assert_eq!(
            ["1,234", "12,5", "12.5", "1.234,5", "1,234,567", "15", "8703.23.01"].map(DecimalMark::shown),
            [
                None,
                Some(DecimalMark::Comma),
                Some(DecimalMark::Point),
                Some(DecimalMark::Comma),
                Some(DecimalMark::Point),
                None,
                None
            ]
        );
    }
}
