use super::Trouble;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A tariff code as spelled, `8703.23`. The dots are punctuation: equality, order, hash and [`Code::under`] look at the
/// digits only, and every digit counts (M7).
#[derive(Clone)]
// Invariant: ASCII digits and dots, each dot between two digits.
pub struct Code(Arc<str>);

/// Why a text is no code (M9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeTrouble {
    /// Something else than digits with single marks between them.
    NotDigits,
    /// A zero is missing before the first digit, or after the last: with it, it would be this code.
    LostZero(Code),
    /// `.0` at its end, or an exponent: somebody took it for a number.
    AsNumber,
    /// So many digits, or such groups of them, has no tariff.
    Shape,
}

/// Groups of digits that codes have: those of the harmonized system and its longer forms in groups of any size, then those
/// of Japan, the Eurasian Union, Taiwan and Switzerland, which only their groups tell from a code that has lost a zero.
const SHAPES: [&str; 21] = [
    "2",
    "4",
    "6",
    "8",
    "10",
    "12",
    "4.2",
    "4.2.2",
    "4.2.2.2",
    "4.2.2.2.2",
    "4.2.4",
    "4.4",
    "4.4.2",
    "6.2",
    "6.2.2",
    "6.4",
    "4.2.3",
    "6.3",
    "4.2.3.1",
    "4.2.2.2.1",
    "4.4.3",
];

impl Code {
    /// A code as policies have it: digits, with single dots between their groups.
    ///
    /// # Errors
    /// It has another shape than codes have (M9).
    pub fn parse(text: &str) -> Result<Code, CodeTrouble> {
        shaped(text)?;
        Ok(Code(text.into()))
    }

    /// A code as data have it, where blanks and hyphens may stand for the dots.
    ///
    /// # Errors
    /// As for [`Code::parse`].
    pub fn read(text: &str) -> Result<Code, CodeTrouble> {
        match text.contains([' ', '-']) {
            true => Code::parse(&text.replace([' ', '-'], ".")),
            false => Code::parse(text),
        }
    }

    /// Any digits, in no group.
    pub fn of_digits(digits: &str) -> Option<Code> {
        let sound = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        sound.then(|| Code(digits.into()))
    }

    /// As spelled.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the dots.
    pub fn digits(&self) -> String {
        self.0.chars().filter(|character| *character != '.').collect()
    }

    /// The same digits, spelled in groups of four and then of two, `8703.23.01`; of nine the last three are one group.
    pub fn dotted(&self) -> Code {
        let count = self.bytes().count();
        let mut text = String::with_capacity(self.0.len());
        for (at, digit) in self.bytes().enumerate() {
            if at >= 4 && at % 2 == 0 && (count, at) != (9, 8) {
                text.push('.');
            }
            text.push(char::from(digit));
        }
        Code(text.into())
    }

    /// Whether the digits of `prefix` begin the digits of this code: `8703.23 under 8703`. A code is under itself.
    pub fn under(&self, prefix: &Code) -> bool {
        let mut mine = self.bytes();
        prefix.bytes().all(|byte| mine.next() == Some(byte))
    }

    /// Its chapter, heading or subheading, as spelled.
    pub fn level(&self, level: Level) -> Result<Code, Trouble> {
        let mut digits = self.0.char_indices().filter(|(_, sign)| *sign != '.');
        let (last, _) = digits.nth(level.digits().saturating_sub(1)).ok_or(Trouble::CodeTooShort)?;
        Ok(Code(self.0.get(..=last).unwrap_or(&self.0).into()))
    }

    /// The digits one by one, as ASCII.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().filter(|byte| *byte != b'.')
    }
}

/// Whether digits stand in groups as those of codes do.
fn shaped(text: &str) -> Result<(), CodeTrouble> {
    let sound = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    if text.is_ascii() && text.to_ascii_lowercase().split_once('e').is_some_and(|(one, _)| sound_number(one))
    {
        return Err(CodeTrouble::AsNumber);
    }
    if !text.split('.').all(sound) {
        return Err(CodeTrouble::NotDigits);
    }
    let groups: Vec<usize> = text.split('.').map(str::len).collect();
    let fits =
        |shape: &&str| shape.split('.').map(|group| group.parse().unwrap_or(0)).eq(groups.iter().copied());
    if SHAPES.iter().any(fits) {
        return Ok(());
    }
    Err(lost(text, &groups))
}

fn sound_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// What has become of a code whose groups no code has.
fn lost(text: &str, groups: &[usize]) -> CodeTrouble {
    if text.ends_with(".0") {
        return CodeTrouble::AsNumber;
    }
    let mut digits: String = text.split('.').collect();
    // `101.2` has lost one zero at each end.
    let before = groups.first() == Some(&3) || (groups.len() == 1 && digits.len() % 2 == 1);
    let after = groups.len() > 1 && groups.last() == Some(&1);
    if before {
        digits.insert(0, '0');
    }
    if after {
        digits.push('0');
    }
    let whole = (before || after).then(|| Code(digits.into()).dotted());
    match whole.filter(|whole| shaped(whole.as_str()).is_ok()) {
        Some(whole) => CodeTrouble::LostZero(whole),
        None => CodeTrouble::Shape,
    }
}

/// What the first digits of a code name (M10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Chapter,
    Heading,
    Subheading,
}

impl Level {
    /// How many digits its codes have.
    pub fn digits(self) -> usize {
        match self {
            Level::Chapter => 2,
            Level::Heading => 4,
            Level::Subheading => 6,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Level::Chapter => "chapter",
            Level::Heading => "heading",
            Level::Subheading => "subheading",
        }
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.0 == other.0 || self.bytes().eq(other.bytes())
    }
}

impl Eq for Code {}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Code) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Code {
    fn cmp(&self, other: &Code) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl Hash for Code {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.bytes() {
            state.write_u8(byte);
        }
        state.write_u8(0xff);
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A country: an officially assigned ISO 3166-1 alpha-2 code, or `XK`, which customs data have for Kosovo.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
// Invariant: one of the codes of `ISO_3166`.
pub struct Country([u8; 2]);

impl Country {
    /// Upper case, as on the list; `EU` and other reserved codes are not countries.
    pub fn parse(text: &str) -> Option<Country> {
        let code: [u8; 2] = text.as_bytes().try_into().ok()?;
        Country::all().any(|known| known.0 == code).then_some(Country(code))
    }

    /// Every country, by code.
    pub fn all() -> impl Iterator<Item = Country> {
        ISO_3166.as_bytes().chunks(3).filter_map(|chunk| match chunk {
            [first, second, ..] => Some(Country([*first, *second])),
            _ => None,
        })
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The 249 officially assigned codes and `XK`, in order, three bytes apart.
const ISO_3166: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK \
FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM \
JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS \
MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM \
US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";
