//! What may stand at a place, by the grammar: for whoever completes a text that is being written.

use super::DEPTH_LIMIT;
use super::expected::{self, keywords as keywords_of};
use super::grammar::{self, Noun, Rule, noun};
use super::recover::{STARTERS, piece_at};
use super::scan::{self, Token, TokenKind};

use pest::error::{ErrorVariant, InputLocation};

/// Something that may stand at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WantedHere {
    /// A keyword, or several that belong together.
    Keyword(String),
    /// One of [`starters`].
    Declaration,
    Value,
    Type,
    /// The unit of the number before.
    UnitOfNumber,
    SourceName,
    /// A rule, an article or a source.
    RuleName,
    /// An outcome that is assigned.
    Target,
    /// `breached`, after `is`.
    DutyOrPowerState,
    EntityName,
    PowerName,
    FactName,
    /// An office or a party.
    HolderName,
    /// What a scenario states: a fact, a row, a line of an annex.
    GivenName,
    /// A name of another sort, or a new one.
    AnyName,
}

/// The words that begin declarations.
pub fn starters() -> &'static [&'static str] {
    STARTERS
}

/// What a word after `is` may be.
pub const STATES: [&str; 12] = [
    "available",
    "breached",
    "conflict",
    "cured",
    "done",
    "error",
    "fulfilled",
    "gap",
    "invalid",
    "pending",
    "threatened",
    "undetermined",
];

/// The words with which a value may begin.
pub const VALUE_WORDS: [&str; 24] = [
    "if",
    "not",
    "true",
    "false",
    "today",
    "never",
    "sum of",
    "count of",
    "min of",
    "max of",
    "average of",
    "first of",
    "any of",
    "all of",
    "top up",
    "compound of",
    "last start of",
    "first day of",
    "last day of",
    "year of",
    "month of",
    "chapter of",
    "heading of",
    "subheading of",
];

/// Every word that is a keyword somewhere, sorted.
pub fn keywords() -> Vec<String> {
    let is_word =
        |rule: &&Rule| format!("{rule:?}").chars().all(|sign| sign.is_ascii_uppercase() || sign == '_');
    let of_rules = Rule::all_rules().iter().filter(is_word).flat_map(|rule| keywords_of(*rule));
    let starters = STARTERS.iter().chain(&STATES).chain(&VALUE_WORDS).chain(&OTHERS).map(ToString::to_string);
    let phrases: Vec<String> = of_rules.chain(starters).collect();
    let mut words: Vec<String> =
        phrases.iter().flat_map(|phrase| phrase.split(' ')).map(str::to_string).collect();
    words.sort();
    words.dedup();
    words
}

/// Words of the grammar that stand inside of longer ones.
const OTHERS: [&str; 22] = [
    "half up",
    "even",
    "down",
    "thousand",
    "million",
    "billion",
    "trillion",
    "business days",
    "day",
    "rounding",
    "quarter of",
    "otherwise",
    "is",
    "then",
    "but at least",
    "at most",
    "weeks",
    "months",
    "years",
    "bp",
    "unknown",
    "days",
];

/// What may stand behind a text, which ends where a word begins; nothing: what stands before it is broken.
pub fn wanted_after(text: &str) -> Vec<WantedHere> {
    let (piece, in_article) = piece_at(text);
    if scan::too_deep(piece, DEPTH_LIMIT).is_some() {
        return Vec::new();
    }
    // A sign that nothing begins with.
    let stopped = format!("{piece}\u{1}");
    let entrance = if in_article { Rule::inners } else { Rule::file };
    let Err(refusal) = grammar::parse(entrance, &stopped) else { return Vec::new() };
    let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = refusal.location;
    if at < piece.trim_end().len() {
        return Vec::new();
    }
    let ErrorVariant::ParsingError { positives, .. } = &refusal.variant else { return Vec::new() };
    let mut wanted: Vec<WantedHere> = positives.iter().flat_map(|rule| meant(*rule)).collect();
    wanted.extend(guarded(positives).iter().map(|word| WantedHere::Keyword(word.to_string())));
    if expected::value(positives) {
        wanted.push(WantedHere::Value);
    }
    // The grammar looks at the first letter before it tries a declaration, and fields have names.
    if positives.contains(&Rule::doc) && !positives.contains(&Rule::ident) {
        wanted.push(WantedHere::Declaration);
    }
    if positives.contains(&Rule::loose_percent) {
        wanted.push(WantedHere::UnitOfNumber);
    }
    if positives.contains(&Rule::ident) || wanted.contains(&WantedHere::AnyName) {
        let tokens: Vec<Token> = scan::scan(piece).collect();
        let words: Vec<&str> = tokens.iter().map(|token| token.text(piece)).collect();
        let begins = tokens.iter().position(|token| token.kind != TokenKind::Doc).unwrap_or(0);
        let first = words.get(begins).copied().unwrap_or("");
        let assigns = matches!(first, "rule" | "replace" | "insert" | "power" | "if");
        wanted.extend(named(&words, assigns));
    }
    wanted.sort();
    wanted.dedup();
    wanted
}

/// The words that the grammar does not try where another letter stands.
fn guarded(positives: &[Rule]) -> &'static [&'static str] {
    const HEAD: &[&str] =
        &["notwithstanding", "subject to", "cites", "from", "until", "for each", "held by", "each", "ends"];
    const NARROW: &[&str] = &["but at least", "but at most", "rounded", "as of", "as known on"];
    const WIDE: &[&str] = &[
        "and",
        "or",
        "by",
        "within",
        "in",
        "under",
        "is",
        "is not",
        "where",
        "for each",
        "but at least",
        "but at most",
        "rounded",
        "as of",
        "as known on",
    ];
    if positives.contains(&Rule::compare) {
        WIDE
    } else if expected::behind_operand(positives) {
        NARROW
    } else if expected::in_head(positives) {
        HEAD
    } else {
        &[]
    }
}

/// Of which sort a name is, by the words before it.
fn named(words: &[&str], assigns: bool) -> Option<WantedHere> {
    let back =
        |at: usize| words.len().checked_sub(at + 1).and_then(|at| words.get(at)).copied().unwrap_or("");
    let listed = |at: usize| match (back(at), back(at + 1)) {
        ("cites", _) => Some(WantedHere::SourceName),
        ("notwithstanding", _) | ("to", "subject") => Some(WantedHere::RuleName),
        ("ends", _) => Some(WantedHere::PowerName),
        _ => None,
    };
    match (back(0), back(1), back(2)) {
        // The lists of a head.
        (",", ..) => {
            let in_list = |word: &str| {
                word == "," || word.starts_with(['"', '_']) || word.starts_with(char::is_alphanumeric)
            };
            (1..words.len()).take_while(|at| in_list(back(*at))).find_map(listed)
        }
        ("each", ..) | ("in", _, "each") | ("over", ..) => Some(WantedHere::EntityName),
        ("by", "held", _) => Some(WantedHere::HolderName),
        ("by", ..) if words.iter().any(|word| matches!(*word, "act" | "announcement")) => {
            Some(WantedHere::HolderName)
        }
        ("of", _, "office") => Some(WantedHere::HolderName),
        ("given", ..) => Some(WantedHere::GivenName),
        ("act" | "announcement", ..) => Some(WantedHere::PowerName),
        ("rule", "in" | "repeal" | "replace", _) => Some(WantedHere::RuleName),
        ("set", ..) => Some(WantedHere::FactName),
        (":" | "then" | "and" | "otherwise", ..) if assigns => Some(WantedHere::Target),
        (":", ..) => Some(WantedHere::Type),
        _ => listed(0),
    }
}

fn meant(rule: Rule) -> Vec<WantedHere> {
    match rule {
        Rule::type_ => vec![WantedHere::Type],
        Rule::unit => vec![WantedHere::UnitOfNumber],
        Rule::citation => vec![WantedHere::SourceName],
        Rule::rule_ref => vec![WantedHere::RuleName],
        Rule::body | Rule::branch | Rule::assigns | Rule::assign => vec![WantedHere::Target],
        Rule::state => vec![WantedHere::DutyOrPowerState],
        Rule::ident | Rule::choice | Rule::typed | Rule::param | Rule::given_fact | Rule::cell => {
            vec![WantedHere::AnyName]
        }
        _ => match noun(rule) {
            Noun::Starter => vec![WantedHere::Declaration],
            Noun::Thing(_) if expected::value(&[rule]) => vec![WantedHere::Value],
            _ => keywords_of(rule).into_iter().map(WantedHere::Keyword).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let word = |one| match one {
            WantedHere::Keyword(word) => Some(word),
            _ => None,
        };
        wanted_after(text).into_iter().filter_map(word).collect()
    }

    fn wants(text: &str, what: WantedHere) -> bool {
        wanted_after(text).contains(&what)
    }

    #[test]
    fn the_grammar_says_what_may_follow() {
        assert!(wants("", WantedHere::Declaration));
        assert!(wants("article 2 {\n  fact a : USD\n  ", WantedHere::Declaration));
        assert!(!wants("entity e keyed by a {\n  a : text,\n  ", WantedHere::Declaration));
        assert!(wants("fact a : ", WantedHere::Type));
        assert!(wants("article 2 {\n  rule a cites ", WantedHere::SourceName));
        assert!(wants("rule a notwithstanding ", WantedHere::RuleName));
        assert!(wants("rule a subject to b, article 2, ", WantedHere::RuleName));
        assert!(wants("rule a: if x then ", WantedHere::Target));
        assert!(wants("obligation a held by ", WantedHere::HolderName));
        assert!(wants("define a : rate for each ", WantedHere::EntityName));
        assert!(wants("scenario \"s\" {\n  given ", WantedHere::GivenName));
        assert!(wants("rule a: if x < ", WantedHere::Value));
        assert!(wants("fact a : USD = 550 ", WantedHere::UnitOfNumber));
        assert!(wants("rule a: if duty is ", WantedHere::DutyOrPowerState));
        assert_eq!(wanted_after("fact a : : "), []);
    }

    #[test]
    fn keywords_come_where_they_stand() {
        assert!(words("rule a: if x < y ").contains(&"then".to_string()));
        assert!(words("rule a ").contains(&"notwithstanding".to_string()));
        assert!(words("rule a: if x ").contains(&"but at least".to_string()));
        assert!(words("fact a : USD ").contains(&"over time".to_string()));
        assert!(words("rule a from 2026-01-01 ").contains(&"as of".to_string()));
        assert!(!words("rule a from 2026-01-01 ").contains(&"and".to_string()));
        assert!(!words("fact a : USD ").contains(&"notwithstanding".to_string()));
        assert!(words("scenario \"s\" {\n  ").contains(&"given".to_string()));
    }

    #[test]
    fn every_state_and_word_is_one_of_the_grammar() {
        for state in STATES {
            assert!(super::super::expression(Default::default(), &format!("x is {state}"), 0).is_ok());
        }
        for starter in starters() {
            assert!(keywords().iter().any(|word| word == starter), "{starter}");
        }
    }
}
