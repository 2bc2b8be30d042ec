use super::Trouble;
use std::fmt::{self, Write};

/// A tariff code, `8703.23`. It is its digits, of which every one counts (M7), and has one spelling, however it was
/// written: so nothing that is answered can tell equal codes apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
// Invariant: four bits for each digit from the top, one more than it is, then nothing: so order is that of the digits, and
// a code comes before those that begin with it.
pub struct Code(u64);

/// The most digits there is room for.
const ROOM: usize = 16;

/// Why a text is no code (M9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeTrouble {
    /// Something else than digits with single marks between them.
    NotDigits,
    /// A zero is missing before the first digit, or after the last: with it, it would be this code.
    LostZero(Code),
    /// `.0` at its end, or an exponent: somebody took it for a number.
    AsNumber,
    /// Two codes of one length, from one to the other or one and the other; with dots they may be one.
    Two(Code, Code, Option<Code>),
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
        Code::packed(text.bytes().filter(|sign| *sign != b'.')).ok_or(CodeTrouble::Shape)
    }

    /// A code as data have it, where blanks and hyphens may stand for the dots.
    ///
    /// # Errors
    /// As for [`Code::parse`].
    pub fn read(text: &str) -> Result<Code, CodeTrouble> {
        if !text.contains([' ', '-', '–', '—']) {
            return Code::parse(text);
        }
        let one = Code::parse(&text.replace([' ', '-'], "."));
        match two(text) {
            Some((first, last)) => Err(CodeTrouble::Two(first, last, one.ok())),
            None => one,
        }
    }

    /// Of up to 16 digits.
    pub fn of_digits(digits: &str) -> Option<Code> {
        Code::packed(digits.bytes()).filter(|code| code.len() > 0)
    }

    fn packed(digits: impl Iterator<Item = u8>) -> Option<Code> {
        let (mut packed, mut room) = (0u64, ROOM);
        for digit in digits {
            let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
            room = room.checked_sub(1)?;
            packed |= (u64::from(digit) + 1) << (4 * room);
        }
        Some(Code(packed))
    }

    /// How many digits it has.
    #[allow(clippy::len_without_is_empty, reason = "no code is without digits")]
    pub fn len(self) -> usize {
        ROOM - self.0.trailing_zeros() as usize / 4
    }

    /// Its first digits; all of them, if it has no more.
    pub fn first(self, count: usize) -> Code {
        match ROOM.checked_sub(count) {
            Some(0) | None => self,
            Some(rest) if rest >= ROOM => Code(0),
            Some(rest) => Code(self.0 >> (4 * rest) << (4 * rest)),
        }
    }

    /// Without dots.
    pub fn digits(self) -> String {
        self.bytes().map(char::from).collect()
    }

    /// The digits one by one, as ASCII.
    pub fn bytes(self) -> impl Iterator<Item = u8> + Clone {
        (0..self.len()).map(move |at| b'0' - 1 + (self.0 >> (4 * (ROOM - 1 - at)) & 15) as u8)
    }

    /// Whether the digits of `prefix` begin the digits of this code: `8703.23 under 8703`. A code is under itself.
    pub fn under(self, prefix: Code) -> bool {
        self.first(prefix.len()) == prefix
    }

    /// Its chapter, heading or subheading.
    pub fn level(self, level: Level) -> Result<Code, Trouble> {
        match self.len() >= level.digits() {
            true => Ok(self.first(level.digits())),
            false => Err(Trouble::CodeTooShort),
        }
    }
}

/// Codes of one length, from one to another, both included (M11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeRange {
    first: Code,
    last: Code,
}

impl CodeRange {
    /// None: they are of two lengths, or stand the other way round.
    pub fn new(first: Code, last: Code) -> Option<CodeRange> {
        (first.len() == last.len() && first <= last).then_some(CodeRange { first, last })
    }

    /// Whether a code is one of these; `under`: or under one.
    pub fn holds(&self, code: Code, under: bool) -> bool {
        let length = self.first.len();
        let long_enough = if under { code.len() >= length } else { code.len() == length };
        long_enough && (self.first..=self.last).contains(&code.first(length))
    }

    /// Every one of these; none: they are more than `most`.
    pub fn each(&self, most: usize) -> Option<Vec<Code>> {
        let number = |code: Code| code.digits().parse::<u64>().ok();
        let (first, last) = (number(self.first)?, number(self.last)?);
        let count = usize::try_from(last.checked_sub(first)?).ok()?.checked_add(1)?;
        let length = self.first.len();
        let code = |number: u64| Code::of_digits(&format!("{number:0length$}"));
        (count <= most).then(|| (first..=last).filter_map(code).collect())
    }
}

impl fmt::Display for CodeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
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

/// What may be a range or a list in data: `8701-8705`, `8703.21 – 8703.24`.
fn two(text: &str) -> Option<(Code, Code)> {
    let halves = [" - ", " – ", " — ", "-", "–", "—", " "].into_iter().find_map(|mark| {
        let (first, last) = text.split_once(mark)?;
        (first.len() == last.len()).then_some((first, last))
    });
    let (first, last) = halves?;
    Code::parse(first).ok().zip(Code::parse(last).ok()).filter(|(first, _)| first.len() > 2)
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
    let whole = (before || after).then(|| Code::of_digits(&digits)).flatten();
    match whole.filter(|whole| shaped(&whole.to_string()).is_ok()) {
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

/// In groups of four digits and then of two, `8703.23.01`; of nine the last three are one group.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nine = self.len() == 9;
        for (at, digit) in self.bytes().enumerate() {
            if at >= 4 && at % 2 == 0 && !(nine && at == 8) {
                f.write_char('.')?;
            }
            f.write_char(char::from(digit))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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
