//! Signs that stand in pairs, or for a whole word: quotes, spaces, currencies, remarks, full stops.

use super::StopPlace;
use crate::diag::{Code, Diagnostic, FixEdit, list_or, tick};
use crate::syntax::grammar::Rule;
use crate::syntax::recover::STARTERS;
use crate::syntax::scan::TokenKind;
use crate::syntax::slips;
use crate::value::Day;

const QUOTES: &[char] = &['“', '”', '„', '‟', '«', '»', '‘', '’', '\'', '`'];
const SPACES: &[char] = &['\u{a0}', '\u{202f}', '\u{2009}', '\u{2007}', '\u{2003}', '\u{2002}', '\u{3000}'];
/// Signs that take no room.
const NOTHING: &[char] = &['\u{200b}', '\u{feff}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{ad}'];

/// The quote that closes one, in the rest of its line; none where others stand between the two. An apostrophe within a word
/// closes nothing.
fn closing(first: char, rest: &str) -> Option<(usize, char)> {
    let closes = |sign: char| match first {
        '“' | '‟' => sign == '”',
        '„' => matches!(sign, '“' | '”'),
        '«' => sign == '»',
        '»' => sign == '«',
        '‘' => sign == '’',
        '`' => matches!(sign, '`' | '\''),
        other => sign == other,
    };
    let letter = |sign: Option<char>| sign.is_some_and(char::is_alphabetic);
    for (at, sign) in rest.char_indices().filter(|(_, sign)| QUOTES.contains(sign) || *sign == '"') {
        let (before, after) = rest.split_at_checked(at)?;
        let within = letter(before.chars().next_back()) && letter(after.chars().nth(1));
        if matches!(sign, '’' | '\'') && within {
            continue;
        }
        return closes(sign).then_some((at, sign));
    }
    None
}

impl StopPlace<'_> {
    /// `“Fifteen”`: both quotes at once.
    pub(super) fn quotes(&self) -> Option<Diagnostic> {
        let token = self.token(self.at)?;
        let line = self.piece.text.get(token.start..)?.lines().next()?;
        let first = line.chars().next().filter(|sign| QUOTES.contains(sign))?;
        let rest = line.get(first.len_utf8()..)?;
        let said =
            |start| Diagnostic::error(Code::ForeignSign, start, "texts stand in straight double quotes");
        let opened = self.piece.span(token.start, token.start.saturating_add(first.len_utf8()));
        let Some((end, last)) = closing(first, rest) else { return Some(said(opened)) };
        let start = opened;
        let close = token.start.saturating_add(first.len_utf8()).saturating_add(end);
        let close = self.piece.span(close, close.saturating_add(last.len_utf8()));
        let inside = rest.get(..end)?;
        let said = said(start);
        // A name, a day or a number is no text.
        let word =
            inside.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        let named = !self.wants(Rule::string) && self.wants(Rule::ident);
        if word && (Day::parse(inside).is_some() || named) {
            let whole = start.to(close);
            let message = format!("{} stands without quotes", tick(inside));
            return Some(Diagnostic::error(Code::ForeignSign, whole, message).safe_fix(whole, inside));
        }
        let edits = vec![FixEdit::new(start, "\""), FixEdit::new(close, "\"")];
        let title = format!("write `\"{inside}\"`");
        Some(said.fix_by(title, edits, true))
    }

    /// Spaces that are none to the grammar, all of them in this declaration.
    pub(super) fn spaces(&self) -> Option<Diagnostic> {
        let sign = self.text(self.at).chars().next()?;
        let (ours, title) = match sign {
            sign if SPACES.contains(&sign) => (" ", "write an ordinary space"),
            // Behind a keyword it stands for the space.
            sign if NOTHING.contains(&sign) && self.behind_keyword() => (" ", "write an ordinary space"),
            sign if NOTHING.contains(&sign) => ("", "take it out"),
            _ => return None,
        };
        let alike = self
            .tokens
            .iter()
            .filter(|token| token.kind == TokenKind::Mark && token.text(self.piece.text).starts_with(sign));
        let edits = alike.map(|token| FixEdit::new(self.piece.place(*token), ours)).collect();
        let message = match NOTHING.contains(&sign) {
            true => format!("a sign that is not to be seen stands here: U+{:04X}", u32::from(sign)),
            false => "this is a special kind of space".to_string(),
        };
        Some(Diagnostic::error(Code::ForeignSign, self.span(self.at), message).fix_by(title, edits, true))
    }

    fn behind_keyword(&self) -> bool {
        let glued = self.before(self.at).filter(|before| self.glued(*before) && self.glued(self.at));
        glued.is_some_and(|word| {
            STARTERS.contains(&self.text(word)) || slips::RESERVED.contains(&self.text(word))
        })
    }

    /// `USD250 million`
    fn glued_currency(&self) -> Option<Diagnostic> {
        let near = [Some(self.at), self.before(self.at)].into_iter().flatten();
        let word = near.into_iter().find(|at| {
            let text = self.text(*at);
            self.word(*at)
                && text.len() > 3
                && text.bytes().take(3).all(|byte| byte.is_ascii_uppercase())
                && text.bytes().skip(3).all(|byte| byte.is_ascii_digit() || byte == b'_')
        })?;
        let (code, digits) = self.text(word).split_at_checked(3)?;
        let span = self.span(word);
        let message = format!("{} and its number are two words", tick(code));
        Some(Diagnostic::error(Code::BadNumber, span, message).safe_fix(span, format!("{code} {digits}")))
    }

    /// `-- a remark`, `/* a remark */`
    pub(super) fn dashes(&self) -> Option<Diagnostic> {
        let span = self.span(self.at);
        match self.text(self.at) {
            "--" | ";" if self.begins_line(self.at) => {
                let said = Diagnostic::error(Code::ForeignSign, span, "a comment begins with `#`");
                Some(said.safe_fix(span, "#"))
            }
            "/" if self.glued(self.at) && matches!(self.text(self.at.saturating_add(1)), "*" | "**") => {
                let span = self.span_of(self.at, self.at.saturating_add(1));
                let said = Diagnostic::error(Code::ForeignSign, span, "a comment begins with `#`");
                Some(said.help("write `#` before each line of it"))
            }
            _ => None,
        }
    }

    /// `lot's worth`, `lot->worth`: a field of a row.
    pub(super) fn possessive(&self) -> Option<Diagnostic> {
        let sign = self.text(self.at);
        let owner = self.before(self.at).filter(|owner| self.word(*owner) && self.glued(*owner))?;
        let last = match sign {
            "'" | "’" if self.text(self.at.saturating_add(1)) == "s" => self.at.saturating_add(1),
            "->" => self.at,
            _ => return None,
        };
        let field = last.saturating_add(1);
        if !self.word(field) {
            return None;
        }
        let span = self.span_of(owner, field);
        let path = format!("{}.{}", self.text(owner), self.text(field));
        Some(
            Diagnostic::error(Code::ForeignSign, span, "a field of a row is read with a dot").fix(span, path),
        )
    }

    /// `> =`, `===`, `~=`, `<-`: one sign in two pieces, or in too many.
    pub(super) fn pieces(&self) -> Option<Diagnostic> {
        const SIGNS: &[(&[&str], &str)] = &[
            (&["==", "="], "="),
            (&["!=", "="], "!="),
            (&["~", "="], "!="),
            (&[">", "="], ">="),
            (&["<", "="], "<="),
            (&["!", "="], "!="),
            (&["<", ">"], "!="),
            (&[":", "="], ":="),
            (&["<", "-"], ":="),
        ];
        let near = [Some(self.at), self.before(self.at)].into_iter().flatten();
        let hit = near.into_iter().find_map(|at| {
            let pair = [self.text(at), self.text(at.saturating_add(1))];
            let (_, ours) = SIGNS.iter().find(|(signs, _)| **signs == pair)?;
            Some((at, *ours))
        });
        let (at, ours) = hit?;
        if (ours == ":=") != self.wants(Rule::assigned) && at == self.at {
            return None;
        }
        let span = self.span_of(at, at.saturating_add(1));
        let message = format!("`{}` is written `{ours}`", self.written(at, at.saturating_add(1)));
        Some(Diagnostic::error(Code::ForeignSign, span, message).fix(span, ours))
    }

    /// `%10`
    pub(super) fn percent_first(&self) -> Option<Diagnostic> {
        let number = self.at.saturating_add(1);
        if self.text(self.at) != "%"
            || !self.number(number)
            || self.before(self.at).is_some_and(|one| self.number(one))
        {
            return None;
        }
        let span = self.span_of(self.at, number);
        let said = Diagnostic::error(Code::BadNumber, span, "`%` stands behind its number");
        Some(said.safe_fix(span, format!("{}%", self.text(number))))
    }

    /// `25%.` and `25%;` at the end of a line.
    pub(super) fn full_stop(&self) -> Option<Diagnostic> {
        let sign = self.text(self.at);
        let last = self.at.saturating_add(1) >= self.tokens.len() || !self.same_line(self.at);
        if !matches!(sign, "." | ";") || !last || self.begins_line(self.at) {
            return None;
        }
        let span = self.span(self.at);
        let message = format!("nothing ends with `{sign}`: a declaration goes on until the next begins");
        Some(Diagnostic::error(Code::ForeignSign, span, message).fix_by(
            format!("leave the `{sign}` out"),
            vec![FixEdit::new(span, "")],
            true,
        ))
    }

    /// `$550 billion`, `US$5`, `5 €`
    pub(super) fn currency(&self) -> Option<Diagnostic> {
        let sign = self.text(self.at);
        let Some(usual) = slips::currency(sign) else { return self.glued_currency() };
        let span = self.span(self.at);
        let prefix = self.before(self.at).filter(|word| self.glued(*word) && self.word(*word));
        let country = prefix.and_then(|word| slips::dollar(self.text(word)).filter(|_| sign == "$"));
        let first = if country.is_some() { prefix.unwrap_or(self.at) } else { self.at };
        let mut meant = country.map_or_else(|| slips::currencies(sign).to_vec(), |one| vec![one]);
        if meant.len() > 1 {
            // Of several, those that the declaration speaks of.
            meant.retain(|one| self.tokens.iter().any(|token| token.text(self.piece.text) == *one));
        }
        let number = self.at.saturating_add(1);
        let (amount, edits) = if self.number(number) {
            let more = number.saturating_add(1);
            let last = if slips::MULTIPLIERS.contains(&self.text(more)) { more } else { number };
            (self.written(number, last), (self.span_of(first, self.at), self.span(last).after()))
        } else {
            let last = self.before(first)?;
            let many = slips::MULTIPLIERS.contains(&self.text(last));
            let start = if many { self.before(last)? } else { last };
            if !self.number(start) {
                return None;
            }
            (self.written(start, last), (self.span_of(first, self.at), self.span(last).after()))
        };
        let certain = country.is_some() || slips::currencies(sign).len() == 1;
        let message = match meant.as_slice() {
            [one] if certain => format!("currencies are written with three letters: {}", tick(one)),
            _ => format!("which currency does `{sign}` mean?"),
        };
        let said = Diagnostic::error(Code::WhichCurrency, span, message);
        let ways: Vec<String> =
            slips::currencies(sign).iter().map(|one| tick(&format!("{amount} {one}"))).collect();
        let help = if ways.is_empty() { usual.to_string() } else { format!("write {}", list_or(&ways)) };
        let said = if certain { said } else { said.help(help) };
        let (gone, behind) = edits;
        Some(meant.iter().fold(said, |said, one| {
            let edits = vec![FixEdit::new(gone, ""), FixEdit::new(behind, format!(" {one}"))];
            said.fix_by(format!("write `{amount} {one}`"), edits, certain)
        }))
    }
}
