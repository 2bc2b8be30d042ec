//! A refusal of pest as a message: what was wanted, what was found, and a remedy where the slip is a common one.

use super::expected;
use super::grammar::{Noun, Refusal, Rule, noun};
use super::habits::StopPlace;
use super::recover::{STARTERS, meant};
use super::scan::{Token, TokenKind, scan};
use super::{errors, numeral, slips};
use crate::diag::{Code, Diagnostic, closest};
use crate::text::{SourceId, Span};
use pest::error::{ErrorVariant, InputLocation};

/// A stretch of a source that is parsed by itself.
#[derive(Clone, Copy)]
pub(super) struct TextPiece<'t> {
    pub(super) source: SourceId,
    pub(super) text: &'t str,
    /// Where it begins in its source.
    pub(super) base: usize,
    /// What follows it: `the end`, `the next declaration`.
    pub(super) then: &'static str,
}

impl TextPiece<'_> {
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, self.base.saturating_add(start), self.base.saturating_add(end))
    }

    pub(super) fn place(&self, token: Token) -> Span {
        self.span(token.start, token.end)
    }
}

/// A place where a piece stops making sense.
struct StopToken<'t> {
    piece: TextPiece<'t>,
    wanted: &'t [Rule],
    /// Before what is before.
    above: Option<Token>,
    before: Option<Token>,
    found: Option<Token>,
    after: Option<Token>,
    /// The innermost bracket still open.
    open: Option<Token>,
    /// The first word of the line.
    line: &'t str,
    first: bool,
    /// The same with all tokens around it.
    stop: StopPlace<'t>,
}

/// The message for a piece that the grammar refused.
pub(super) fn about(piece: TextPiece, refusal: &Refusal) -> Diagnostic {
    let at = match refusal.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let wanted = match &refusal.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        // Its own watch over the stack; ours is set to speak first.
        ErrorVariant::CustomError { .. } => return *errors::too_deep(piece.span(at, at)),
    };
    let (mut above, mut before, mut found, mut after, mut open) = (None, None, None, None, Vec::new());
    let (mut line, mut first) = ("", true);
    let tokens: Vec<Token> = scan(piece.text).collect();
    let mut place = tokens.len();
    for (index, token) in tokens.iter().copied().enumerate() {
        if found.is_some() {
            after = Some(token);
            break;
        }
        if starts_line(piece.text, before, token) {
            line = token.text(piece.text);
        }
        if token.end > at {
            found = Some(token);
            place = index;
            continue;
        }
        match token.kind {
            TokenKind::Open => open.push(token),
            TokenKind::Close => drop(open.pop()),
            _ => {}
        }
        first &= token.kind == TokenKind::Doc;
        (above, before) = (before, Some(token));
    }
    let open = open.last().copied();
    let stop = StopPlace { piece, wanted, tokens: &tokens, at: place };
    StopToken { piece, wanted, above, before, found, after, open, line, first, stop }.message()
}

fn starts_line(text: &str, before: Option<Token>, token: Token) -> bool {
    before.is_none_or(|before| text.get(before.end..token.start).is_some_and(|gap| gap.contains('\n')))
}

impl<'t> StopToken<'t> {
    fn message(&self) -> Diagnostic {
        self.stop
            .early()
            .or_else(|| self.numeral())
            .or_else(|| self.open_text())
            .or_else(|| self.doc())
            .or_else(|| self.stop.message())
            .or_else(|| self.sign())
            .or_else(|| self.case())
            .or_else(|| self.misspelt())
            .or_else(|| self.bracket())
            .or_else(|| self.inner_if())
            .unwrap_or_else(|| self.plain())
    }

    fn text(&self, token: Token) -> &'t str {
        token.text(self.piece.text)
    }

    fn wants(&self, rule: Rule) -> bool {
        self.wanted.contains(&rule)
    }

    /// A numeral that is none, just before the stop or at it.
    fn numeral(&self) -> Option<Diagnostic> {
        let wrong = [self.before, self.found].into_iter().flatten().find_map(|token| {
            if token.kind != TokenKind::Number {
                return None;
            }
            Some((token, numeral::read(self.text(token)).err()?))
        });
        wrong.map(|(token, wrong)| {
            let mut span = self.piece.place(token);
            if let numeral::Wrong::TimeOfDay(_) = wrong {
                // Its minutes and its zone are read as signs and words.
                let rest = self.piece.text.get(token.end..).unwrap_or("");
                let more = rest.find(|sign: char| !sign.is_ascii_alphanumeric() && !":.+".contains(sign));
                let more = rest.get(..more.unwrap_or(rest.len())).unwrap_or("").trim_end_matches(['.', ':']);
                span = self.piece.span(token.start, token.end.saturating_add(more.len()));
            }
            *errors::numeral(span, &wrong)
        })
    }

    fn open_text(&self) -> Option<Diagnostic> {
        let token = self.found.filter(|token| token.kind == TokenKind::OpenText)?;
        let message = "this text has no closing quote on its line";
        Some(Diagnostic::error(Code::Unclosed, self.piece.place(token), message))
    }

    /// A doc comment at the stop, or before it with nothing behind that it could belong to.
    fn doc(&self) -> Option<Diagnostic> {
        let is_doc = |token: &Token| token.kind == TokenKind::Doc;
        let (token, above) = match (self.found.filter(is_doc), self.before.filter(is_doc)) {
            (Some(found), _) => (found, self.before),
            (None, Some(before)) => (before, self.above),
            (None, None) => return None,
        };
        let span = self.piece.place(token);
        if !starts_line(self.piece.text, above, token) {
            return Some(*errors::doc_beside_text(span));
        }
        // What comes behind may be a declaration with a slip of its own.
        if !self.found.is_none_or(|found| is_doc(&found) || meant(self.text(found)).is_none()) {
            return None;
        }
        let hash = self.piece.span(token.start, token.start + 2);
        let message = "a doc comment stands before a declaration, and none begins here";
        Some(
            Diagnostic::error(Code::DocComment, hash, message)
                .safe_fix(hash, "#")
                .help("write `#` for a remark"),
        )
    }

    /// A sign that is not the language's, or not the one for this place.
    fn sign(&self) -> Option<Diagnostic> {
        let token = self.found.filter(|token| matches!(token.kind, TokenKind::Mark | TokenKind::Open))?;
        let (sign, span) = (self.text(token), self.piece.place(token));
        let foreign = |message: String| Diagnostic::error(Code::ForeignSign, span, message);
        if self.wants(Rule::assigned) && matches!(sign, "=" | ":" | "==") {
            return Some(foreign(format!("an outcome is set with `:=`, not `{sign}`")).safe_fix(span, ":="));
        }
        if self.wants(Rule::eq) && sign == ":=" {
            return Some(
                foreign("`:=` sets an outcome in a rule; here it is `=`".to_string()).safe_fix(span, "="),
            );
        }
        if sign == "%" {
            let number = self.before.filter(|before| before.kind == TokenKind::Number)?;
            let whole = self.piece.place(number).to(span);
            return Some(*errors::loose_percent(whole, &format!("{}%", self.text(number))));
        }
        if let Some(help) = slips::currency(sign) {
            let message = format!("which currency does `{sign}` mean?");
            return Some(Diagnostic::error(Code::WhichCurrency, span, message).help(help));
        }
        let (ours, why) = slips::sign(sign)?;
        let made = foreign(why.replace("{}", sign));
        Some(match ours {
            // A quote without its fellow mends nothing.
            "" | "\"" => made,
            // A dash between two numbers may be `to`.
            ours => {
                let safe = !matches!(sign, "–" | "—");
                made.fix_by(format!("write `{ours}`"), vec![self.stop.at_stop(ours)], safe)
            }
        })
    }

    /// `IF`, `And`: where a keyword is wanted, its capitals are a slip. `IN` and `BY` are countries elsewhere.
    fn case(&self) -> Option<Diagnostic> {
        let wrong = |token: Token, known: &dyn Fn(&str) -> bool| {
            let text = self.text(token);
            let small = text.to_ascii_lowercase();
            (token.kind == TokenKind::Word && small != text && known(&small)).then_some((token, small))
        };
        let keywords = self.keywords();
        let found =
            self.found.and_then(|token| wrong(token, &|small| keywords.iter().any(|word| word == small)));
        let (token, small) = found.or_else(|| {
            let token = self.before?;
            let starts = |small: &str| STARTERS.contains(&small) && starts_line(self.piece.text, None, token);
            wrong(token, &|small| slips::RESERVED.contains(&small) || starts(small))
        })?;
        let span = self.piece.place(token);
        let message = format!("keywords are written in small letters: `{}`", self.text(token));
        Some(Diagnostic::error(Code::WrongCase, span, message).safe_fix(span, small))
    }

    /// The words that could have stood at the stop; of several that belong together, the first.
    fn keywords(&self) -> Vec<String> {
        let mut words: Vec<String> = self.wanted.iter().filter_map(|rule| expected::keyword(*rule)).collect();
        // What the grammar has not tried, for it looks at first letters.
        if expected::behind_operand(self.wanted) {
            words.extend(slips::OPERATORS.iter().map(|word| (*word).to_string()));
        }
        if expected::in_head(self.wanted) {
            words.extend(slips::HEADS.iter().map(|word| (*word).to_string()));
        }
        if self.wants_declaration() {
            words.extend(STARTERS.iter().chain(&["if"]).map(|word| (*word).to_string()));
        }
        words
    }

    fn wants_declaration(&self) -> bool {
        self.wanted.iter().any(|rule| noun(*rule) == Noun::Starter)
    }

    fn misspelt(&self) -> Option<Diagnostic> {
        let token = self.found.filter(|token| token.kind == TokenKind::Word)?;
        let (word, span) = (self.text(token), self.piece.place(token));
        let said = |message: String| Diagnostic::error(Code::MisspeltKeyword, span, message);
        if let Some(ours) = slips::word(word) {
            return Some(said(format!("`{word}` is not a word of the language here")).fix(span, ours));
        }
        let keywords = self.keywords();
        // Of short words, only swapped letters are a likely slip.
        let letters = |word: &str| {
            let mut letters: Vec<char> = word.chars().collect();
            letters.sort_unstable();
            letters
        };
        let likely = |ours: &&str| word.len() > 2 && (ours.len() > 3 || letters(ours) == letters(word));
        let meant = closest(word, keywords.iter().map(String::as_str).filter(likely))?;
        (meant != word).then(|| {
            said(format!("`{word}` is not a keyword"))
                .fix(span, meant)
                .help(format!("did you mean `{meant}`?"))
        })
    }

    fn bracket(&self) -> Option<Diagnostic> {
        let closing = self.wants(Rule::rparen) || self.wants(Rule::rbrace);
        match (self.found, self.open) {
            (None, Some(open)) if closing => {
                let message = format!("this `{}` is never closed", self.text(open));
                let end = self.end();
                Some(
                    Diagnostic::error(Code::Unclosed, self.piece.place(open), message)
                        .also(end, "not closed by here"),
                )
            }
            (Some(found), None) if found.kind == TokenKind::Close => {
                let message = format!("this `{}` closes nothing", self.text(found));
                Some(Diagnostic::error(Code::Unclosed, self.piece.place(found), message))
            }
            _ => None,
        }
    }

    fn inner_if(&self) -> Option<Diagnostic> {
        let token = self.found.filter(|token| self.text(*token) == "if")?;
        expected::value(self.wanted).then(|| *errors::if_brackets(self.piece.place(token)))
    }

    /// Behind the last word.
    fn end(&self) -> Span {
        self.before.map_or(self.piece.span(0, 0), |token| self.piece.place(token).after())
    }

    fn plain(&self) -> Diagnostic {
        let wanted = expected::phrase(self.wanted, self.first);
        let wanted = if wanted.is_empty() { "something else".to_string() } else { wanted };
        let Some(token) = self.found else {
            let message = format!("expected {wanted}, found {}", self.piece.then);
            let made = Diagnostic::error(Code::Syntax, self.end(), message);
            return match self.missing() {
                Some(help) => made.help(help),
                None => made,
            };
        };
        let text = errors::short(self.text(token));
        let made = Diagnostic::error(
            Code::Syntax,
            self.piece.place(token),
            format!("expected {wanted}, found `{text}`"),
        );
        let made = match self.open {
            Some(open) if self.wants(Rule::rparen) || self.wants(Rule::rbrace) => {
                made.also(self.piece.place(open), "opened here")
            }
            _ => made,
        };
        match self.help(token) {
            Some(help) => made.help(help),
            None => made,
        }
    }

    /// What is missing at the end.
    fn missing(&self) -> Option<String> {
        self.wants(Rule::THEN)
            .then(|| "a condition stands before what it is for: `if … then o := …`".to_string())
    }

    fn help(&self, found: Token) -> Option<String> {
        let text = self.text(found);
        let next = self.after.map_or("", |after| self.text(after));
        if self.wants(Rule::state) {
            return Some(match closest(text, slips::STATES.iter().copied()) {
                Some(state) => format!("did you mean `is {state}`?"),
                None => "values are compared with `=`".to_string(),
            });
        }
        if slips::RESERVED.contains(&text) && self.wants(Rule::ident) {
            return Some(format!("`{text}` is a reserved word, and names nothing"));
        }
        if self.line == "replace" && self.wants_declaration() {
            return Some(
                "what is replaced is found by its name: a rule, an article, a fact and so on".to_string(),
            );
        }
        match (self.line, text) {
            ("fact" | "define", "=") if self.wants(Rule::colon) => self.untyped(),
            ("given", "=") => Some("state one fact for each `given`".to_string()),
            (_, "per") => Some("a price for each unit is glued to it: `3 USD/kg`".to_string()),
            (_, "but") => Some("write `but at least X` or `but at most X`".to_string()),
            _ if next == ":=" && self.wants_declaration() => {
                Some(format!("an outcome is set in a rule: `rule NAME: {text} := …`"))
            }
            _ => {
                // A misspelt keyword behind a number was taken for its unit.
                let word = self.text(self.before.filter(|before| before.kind == TokenKind::Word)?);
                let keywords = self.keywords();
                let ours = closest(word, keywords.iter().map(String::as_str).filter(|ours| ours.len() > 3))?;
                (word.len() > 3 && ours != word)
                    .then(|| format!("did you mean `{ours}` where `{word}` stands?"))
            }
        }
    }

    /// `fact rate = 25`: the type is missing, and the value tells which it may be.
    fn untyped(&self) -> Option<String> {
        let name = self.text(self.before?);
        let value = self.after?;
        let line = self.piece.text.get(value.start..)?.lines().next()?;
        let line = line.split('#').next()?.trim();
        let bare = line.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_'));
        let unit = line.rsplit(' ').next().filter(|unit| unit.bytes().all(|byte| byte.is_ascii_alphabetic()));
        Some(match (value.kind, unit) {
            (TokenKind::Number, _) if bare => format!(
                "say its type: `fact {name} : rate = {line}%` if {line} per cent is meant, else `fact {name} : number = {line}`"
            ),
            (TokenKind::Number, _) if line.ends_with('%') => {
                format!("say its type: `fact {name} : rate = {line}`")
            }
            (TokenKind::Number, Some(unit)) => format!("say its type: `fact {name} : {unit} = {line}`"),
            _ => format!("say its type: `fact {name} : TYPE = {line}`"),
        })
    }
}
