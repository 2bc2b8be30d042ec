//! Numbers as accountants, spreadsheets and other countries write them.

use super::super::LiteralScope;
use super::bad;
use crate::diag::{Code, Diagnostic, tick};
use crate::policy::Face;
use crate::sheet::DecimalMark;
use crate::text::Span;
use crate::value::Day;

/// `1.4¢/kg`, `$1.035/kg + 6%`, `10.2% + 1.4¢/kg`: an amount for each unit, alone or beside a percentage.
fn is_rate_text(text: &str) -> bool {
    let amount = |part: &str| {
        let number = part.split_once('/').map_or("", |(number, _)| number.trim());
        let cents = number.strip_suffix(['¢', 'c']).or_else(|| number.strip_suffix("cents"));
        cents.or_else(|| number.strip_prefix('$')).is_some_and(|number| is_decimal(number.trim()))
    };
    let share = |part: &str| part.strip_suffix('%').is_some_and(|number| is_decimal(number.trim()));
    let mut parts = text.split('+').map(str::trim);
    parts.clone().all(|part| amount(part) || share(part)) && parts.any(amount)
}

pub(super) fn about(
    scope: &LiteralScope<'_>,
    face: &Face,
    (text, bare): (&str, bool),
    span: Span,
) -> Option<Diagnostic> {
    if is_rate_text(text) {
        let said = bad(text, span, "this is a rate as a schedule prints it");
        return Some(said.help(
            "`comity import hts` reads a published schedule, and writes each part of a rate into a column of its own",
        ));
    }
    let unit = if bare { String::new() } else { unit(scope, face) };
    let rate = *face == Face::Rate && !bare;
    let written = |number: &str| {
        let fraction = number.strip_prefix('-').unwrap_or(number).starts_with("0.");
        match rate && fraction {
            true => format!("`{number}%`, or `{}%` if it is a fraction of one", shifted(number, 2)),
            false => tick(&format!("{number}{unit}")),
        }
    };
    if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        let said = bad(text, span, "in accounts, brackets are a minus sign");
        let inner = inner.trim();
        return Some(match is_decimal(inner) {
            true => said.help(format!("write {}", written(&format!("-{inner}")))),
            false => said.help("write the amount with its sign and without brackets"),
        });
    }
    if let Some(said) = sign(text, span, &written).or_else(|| exponent(text, span, &written)) {
        return Some(said);
    }
    if let Some(said) = computed(text, span).or_else(|| bare_rate(face, text, span)) {
        return Some(said);
    }
    decimal_comma(text, span, &written).or_else(|| grouped(text, span, &written))
}

/// A plain number where a rate stands: per cent, or a fraction of one.
fn bare_rate(face: &Face, text: &str, span: Span) -> Option<Diagnostic> {
    let bare = text.strip_prefix('-').unwrap_or(text);
    let code = bare.starts_with('0') && !bare.starts_with("0.");
    if *face != Face::Rate || code || !is_decimal(bare) {
        return None;
    }
    let message = format!("{} is not written as a rate", tick(text));
    let said = Diagnostic::error(Code::BareRate, span, message).here("a rate is meant here");
    let (percent, fraction) = (format!("{text}%"), format!("{}%", shifted(text, 2)));
    Some(said.help(match bare.starts_with("0.") {
        true => format!(
            "write {} if it is a fraction of one, {} if it is per cent",
            tick(&fraction),
            tick(&percent)
        ),
        false => format!("write {} if {text} per cent is meant", tick(&percent)),
    }))
}

/// Something that would have to be worked out.
pub(super) fn computed(text: &str, span: Span) -> Option<Diagnostic> {
    if text.split_whitespace().any(|word| Day::parse(word).is_some()) {
        return None;
    }
    let inner = text.get(1..).unwrap_or("");
    let signs = inner.contains(['+', '*', '=']) || text.starts_with('=') || minus(inner);
    let counts = text.bytes().filter(u8::is_ascii_digit).count() > 1 || text.starts_with('=');
    (signs && counts)
        .then(|| bad(text, span, "nothing is computed in a cell").help("write the value itself, worked out"))
}

/// A minus between two numbers.
fn minus(text: &str) -> bool {
    text.match_indices('-').any(|(at, _)| {
        let before = text.get(..at).unwrap_or("").trim_end();
        before.ends_with(|sign: char| sign.is_ascii_digit() || sign == '%')
            && text.get(at..).is_some_and(|rest| rest.bytes().any(|byte| byte.is_ascii_digit()))
    })
}

/// `250-`, `+250`, and minus signs of print.
fn sign(text: &str, span: Span, written: &dyn Fn(&str) -> String) -> Option<Diagnostic> {
    let (number, negative) = match text.chars().next()? {
        '+' => (text.get(1..)?, false),
        '−' | '–' => (text.get('−'.len_utf8()..)?, true),
        _ => (text.strip_suffix('-')?, true),
    };
    let number = number.trim();
    let whole = if negative { format!("-{number}") } else { number.to_string() };
    let said = bad(text, span, "the sign is not written as signs are");
    is_decimal(number).then(|| said.help(format!("write {}", written(&whole))))
}

/// `1.2E+06`
fn exponent(text: &str, span: Span, written: &dyn Fn(&str) -> String) -> Option<Diagnostic> {
    let (digits, power) = text.split_once(['e', 'E'])?;
    let bare = digits.strip_prefix('-').unwrap_or(digits);
    let power: i32 = power.strip_prefix('+').unwrap_or(power).parse().ok()?;
    if !is_decimal(bare) || power.abs() > 30 {
        return None;
    }
    let said = bad(text, span, "written with an exponent, perhaps cut by a spreadsheet");
    let whole = shifted(digits, power);
    Some(said.help(format!("write all its digits: {} if none was cut", written(&whole))))
}

/// A decimal with its point moved to the right.
fn shifted(digits: &str, power: i32) -> String {
    let (sign, bare) = digits.strip_prefix('-').map_or(("", digits), |bare| ("-", bare));
    let (whole, places) = bare.split_once('.').unwrap_or((bare, ""));
    let all = format!("{whole}{places}");
    let point = i32::try_from(whole.len()).unwrap_or(0).saturating_add(power);
    let count = i32::try_from(all.len()).unwrap_or(0);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let text = match point {
        point if point <= 0 => format!("0.{}{all}", zeros(-point)),
        point if point >= count => format!("{all}{}", zeros(point - count)),
        point => {
            let (before, after) =
                all.split_at_checked(usize::try_from(point).unwrap_or(0)).unwrap_or((&all, ""));
            format!("{before}.{after}")
        }
    };
    let text = text.trim_start_matches('0');
    format!("{sign}{}{text}", if text.is_empty() || text.starts_with('.') { "0" } else { "" })
}

/// `1234,56`, `1.234,56`
fn decimal_comma(text: &str, span: Span, written: &dyn Fn(&str) -> String) -> Option<Diagnostic> {
    let number = text.trim_end_matches('%').trim_end();
    let plain = DecimalMark::Comma.plain(number).ok()??;
    if !number.contains(',') || !is_decimal(plain.strip_prefix('-').unwrap_or(&plain)) {
        return None;
    }
    let instead = if number.len() < text.len() { tick(&format!("{plain}%")) } else { written(&plain) };
    let said = bad(text, span, "a decimal comma");
    Some(
        said.help(format!(
            "write {instead}; for a whole file of rows `comity run` has `--decimal-mark comma`"
        )),
    )
}

/// `1 234.56`, `1'234`: groups of thousands with other marks than commas.
fn grouped(text: &str, span: Span, written: &dyn Fn(&str) -> String) -> Option<Diagnostic> {
    const MARKS: [char; 6] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’'];
    let number = text.replace(MARKS, "");
    let bare = number.strip_prefix('-').unwrap_or(&number);
    (text.contains(MARKS) && is_decimal(bare))
        .then(|| bad(text, span, "thousands are set apart").help(format!("write {}", written(&number))))
}

/// What stands after a number of the type.
fn unit(scope: &LiteralScope<'_>, face: &Face) -> String {
    match face {
        Face::Rate => "%".to_string(),
        Face::Unit(unit) => format!(" {}", unit.display(scope.units)),
        Face::Plain => String::new(),
    }
}

/// `1234.50`, `1,234.50`
fn is_decimal(text: &str) -> bool {
    let plain = crate::sheet::ungrouped(text);
    let text = plain.as_deref().unwrap_or(text);
    let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(places)
}
