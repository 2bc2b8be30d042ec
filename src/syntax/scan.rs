//! A quick look at a text as words and marks, without grammar: how deep its brackets go, where its declarations begin,
//! which token stands at a place. It reads strings and comments as the grammar does, so neither can fool it.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Word,
    Number,
    Text,
    /// A text whose line ends before its closing quote.
    OpenText,
    Open,
    Close,
    /// `##` and the rest of its line.
    Doc,
    Mark,
}

#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    pub fn text(self, of: &str) -> &str {
        of.get(self.range()).unwrap_or("")
    }
}

/// Marks of two signs, ours and those of other languages, so that each is shown whole.
const PAIRS: &[&str] = &[
    ":=", "->", "<=", ">=", "!=", "==", "&&", "||", "<>", "=<", "=>", "**", "//", "..", "+=", "-=", "++",
    "--",
];

pub struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

pub fn scan(text: &str) -> Scanner<'_> {
    Scanner { text, at: 0 }
}

impl Iterator for Scanner<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let wordy = |at: usize| byte(at).is_ascii_alphanumeric() || byte(at) == b'_';
        let line_end = |from: usize| {
            let rest = bytes.get(from..).unwrap_or(&[]);
            rest.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |past| from + past)
        };
        loop {
            let start = self.at;
            let first = self.text.get(start..)?.chars().next()?;
            let (kind, end) = match first {
                ' ' | '\t'..='\r' => {
                    self.at = start + 1;
                    continue;
                }
                '#' if byte(start + 1) == b'#' && byte(start + 2) != b'#' => {
                    (TokenKind::Doc, line_end(start))
                }
                '#' => {
                    self.at = line_end(start);
                    continue;
                }
                '"' => {
                    let mut end = start + 1;
                    while !matches!(byte(end), b'"' | b'\n' | b'\r') && end < bytes.len() {
                        end += 1;
                    }
                    if byte(end) == b'"' { (TokenKind::Text, end + 1) } else { (TokenKind::OpenText, end) }
                }
                '(' | '{' | '[' => (TokenKind::Open, start + 1),
                ')' | '}' | ']' => (TokenKind::Close, start + 1),
                '0'..='9' => {
                    let mut end = start + 1;
                    loop {
                        if wordy(end) {
                            end += 1;
                        } else if byte(end) == b'.' && wordy(end + 1)
                            || byte(end) == b'-' && byte(end + 1).is_ascii_digit()
                        {
                            end += 2;
                        } else {
                            break;
                        }
                    }
                    (TokenKind::Number, end)
                }
                letter if letter.is_alphanumeric() || letter == '_' => {
                    let rest = self.text.get(start..).unwrap_or("");
                    let long = rest.find(|next: char| !next.is_alphanumeric() && next != '_');
                    (TokenKind::Word, start + long.unwrap_or(rest.len()))
                }
                sign => {
                    let pair = self.text.get(start..start + 2).filter(|pair| PAIRS.contains(pair));
                    (TokenKind::Mark, start + pair.map_or(sign.len_utf8(), str::len))
                }
            };
            self.at = end;
            return Some(Token { kind, start, end });
        }
    }
}

/// Where brackets first go deeper than the limit.
pub(super) fn too_deep(text: &str, limit: usize) -> Option<Token> {
    let mut depth = 0usize;
    scan(text).find(|token| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > limit
    })
}

/// Bytes with every sign but line ends made a space: the same length, the same lines.
pub(super) fn blank(text: &str) -> String {
    text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte as char } else { ' ' }).collect()
}
