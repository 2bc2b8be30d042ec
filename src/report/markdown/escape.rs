//! Text made safe inside Markdown: what a policy or a facts file says stays text. Stretches in back-ticks become code.

use crate::text::shown;

/// In a line of its own.
pub(super) fn text(text: &str) -> String {
    pieces(text, code)
}

/// In a cell of a table, where even code must not hold a bare `|`.
pub(super) fn cell(text: &str) -> String {
    pieces(text, |piece| code(piece).replace('|', "\\|"))
}

fn pieces(text: &str, code: impl Fn(&str) -> String) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // Without a partner a back-tick is a letter like others.
    if pieces.len().is_multiple_of(2) {
        return plain(text, true);
    }
    let pieces = pieces.iter().enumerate();
    pieces.map(|(at, piece)| if at.is_multiple_of(2) { plain(piece, at == 0) } else { code(piece) }).collect()
}

/// As code; a text without back-ticks.
fn code(text: &str) -> String {
    let text = one_line(text);
    if text.trim().is_empty() { format!("``{text}``") } else { format!("`{text}`") }
}

fn plain(text: &str, begins: bool) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    // `1.` and `1)` begin a list.
    let numbered = begins && text.trim_start_matches(|sign: char| sign.is_ascii_digit()).len() < text.len();
    let mut digits = numbered;
    let mut before = ' ';
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let first = begins && out.is_empty();
        let special = match sign {
            '\\' | '`' | '*' | '<' | '>' | '[' | ']' | '|' | '~' | '$' => true,
            '&' => signs.peek().is_some_and(|next| next.is_alphanumeric() || *next == '#'),
            // At the end of a heading too.
            '#' => first || before == ' ',
            '+' | '-' | '=' => first,
            '_' => !(before.is_alphanumeric() && signs.peek().is_some_and(|next| next.is_alphanumeric())),
            '.' | ')' => digits && signs.peek().is_none_or(|next| next.is_whitespace()),
            _ => false,
        };
        digits = digits && sign.is_ascii_digit();
        if special {
            out.push('\\');
        }
        out.push(sign);
        before = sign;
    }
    out
}

/// Line breaks and other control characters would end what stands in one line.
fn one_line(text: &str) -> String {
    shown(&text.replace(['\n', '\r', '\t'], " ")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_stays_text_and_ticks_are_code() {
        assert_eq!(text("a *b* <c> [d](e) all_in _f_"), "a \\*b\\* \\<c\\> \\[d\\](e) all_in \\_f\\_");
        assert_eq!(text("`a | *b*` begins"), "`a | *b*` begins");
        assert_eq!(cell("`a | b` or c | d"), "`a \\| b` or c \\| d");
        assert_eq!(text("one ` alone"), "one \\` alone");
        assert_eq!(text("1. no list"), "1\\. no list");
        assert_eq!(text("7.5% & more &amp; #1"), "7.5% & more \\&amp; \\#1");
        assert_eq!(text("# no\nheading"), "\\# no heading");
    }

    proptest! {
        /// Whatever stands in it, a cell is one line with no bare `|`, and no tag opens outside of code.
        #[test]
        fn no_cell_breaks_its_table(words in any::<String>()) {
            let cell = cell(&words);
            prop_assert!(!cell.contains('\n'));
            let mut escaped = false;
            let mut inside = false;
            for sign in cell.chars() {
                match sign {
                    '|' => prop_assert!(escaped, "{}", cell),
                    '<' => prop_assert!(escaped || inside, "{}", cell),
                    '`' if !escaped || inside => inside = !inside,
                    _ => {}
                }
                escaped = sign == '\\' && !escaped;
            }
            prop_assert!(!inside, "{}", cell);
        }
    }
}
