//! Habits brought along from other languages, and what they are here.

pub(super) const RESERVED: &[&str] = &["if", "then", "otherwise", "and", "or", "not", "true", "false"];

pub(super) const STATES: &[&str] = &[
    "pending",
    "fulfilled",
    "breached",
    "cured",
    "available",
    "done",
    "invalid",
    "threatened",
    "undetermined",
    "gap",
    "conflict",
    "error",
];

/// The words that may follow an operand, the first of those that belong together.
pub(super) const OPERATORS: &[&str] =
    &["and", "or", "by", "within", "of", "in", "under", "is", "but", "rounded", "as", "to", "where", "for"];

/// The words that begin parts of a head.
pub(super) const HEADS: &[&str] =
    &["for", "cites", "notwithstanding", "subject", "from", "until", "held", "each", "ends"];

/// What to write in place of a sign (nothing: there is no such thing), and why.
pub(super) fn sign(sign: &str) -> Option<(&'static str, &'static str)> {
    Some(match sign {
        "==" => ("=", "equality is asked with `=`"),
        "&&" | "&" => ("and", "conditions are joined with `and`"),
        "||" | "|" => ("or", "conditions are joined with `or`"),
        "!" => ("not", "a condition is denied with `not`"),
        "<>" | "≠" => ("!=", "inequality is asked with `!=`"),
        "=<" | "≤" | "⩽" => ("<=", "`{}` is written `<=`"),
        "=>" | "≥" | "⩾" => (">=", "`{}` is written `>=`"),
        "×" | "·" | "⋅" | "∙" | "∗" | "✕" => ("*", "multiplication is written `*`"),
        "÷" => ("/", "division is written `/`"),
        "−" | "–" | "—" => ("-", "a minus is written with the ordinary `-`"),
        "“" | "”" | "„" | "«" | "»" | "‘" | "’" | "'" | "`" => {
            ("\"", "texts stand in straight double quotes")
        }
        "\u{a0}" | "\u{202f}" | "\u{2009}" | "\u{2007}" | "\u{200b}" | "\u{feff}" => {
            (" ", "this is a special kind of space")
        }
        "//" => ("#", "a comment begins with `#`"),
        "**" | "^" => ("", "there are no powers of numbers"),
        ";" => ("", "no `;` is needed: a declaration ends where the next begins"),
        "[" => ("", "lists stand in braces: `{A, B}`"),
        "+=" | "-=" | "++" | "--" => ("", "an outcome is set once, with `:=`"),
        _ => return None,
    })
}

/// What multiplies a number.
pub(super) const MULTIPLIERS: &[&str] = &["thousand", "million", "billion", "trillion"];

/// The currencies that a sign stands for, the usual ones.
pub(super) fn currencies(sign: &str) -> &'static [&'static str] {
    match sign {
        "$" => &["USD", "CAD", "AUD"],
        "£" => &["GBP"],
        "€" => &["EUR"],
        "¥" => &["JPY", "CNY"],
        "₩" => &["KRW"],
        "₹" => &["INR"],
        _ => &[],
    }
}

/// `US$`
pub(super) fn dollar(prefix: &str) -> Option<&'static str> {
    Some(match prefix {
        "US" => "USD",
        "CA" | "C" | "CAN" => "CAD",
        "A" | "AU" => "AUD",
        "NZ" => "NZD",
        "HK" => "HKD",
        "S" | "SG" => "SGD",
        "NT" => "TWD",
        _ => return None,
    })
}

/// A remedy for a sign of money.
pub(super) fn currency(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "$" => "write `USD`, `CAD`, `AUD`, … behind the amount",
        "£" => "write `GBP`, or the pound that is meant, behind the amount",
        "€" => "write `EUR` behind the amount",
        "¥" => "write `JPY` or `CNY` behind the amount",
        "₩" => "write `KRW` behind the amount",
        "₹" => "write `INR` behind the amount",
        "¢" => "write a fraction of the currency: `0.05 USD`",
        _ => return None,
    })
}

/// What a word of other languages is called here.
pub(super) fn word(word: &str) -> Option<&'static str> {
    Some(match word {
        "else" => "otherwise",
        "elif" | "elsif" | "elseif" => "otherwise if",
        "when" => "if",
        "let" | "var" | "const" => "define",
        "import" | "include" => "use",
        _ => return None,
    })
}
