//! Every message of the builder, to be read in one sitting.

use super::grammar::Rule;
use super::numeral::Wrong;
use super::{DEPTH_LIMIT, SIZE_LIMIT};
use crate::diag::{Code, Diagnostic, FixEdit, list_or, tick};
use crate::text::Span;
use crate::value::Day;

/// A message, boxed.
type Refused = Box<Diagnostic>;

fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, span, message)
}

/// Texts longer than a message bears are cut.
pub(super) fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    let mut cut: String = line.chars().take(40).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// What the grammar lets through and the builder does not know: a slip of ours, still a message and no panic.
pub(super) fn unread(span: Span) -> Refused {
    Box::new(error(Code::Syntax, span, "this cannot be read"))
}

pub(super) fn too_large(span: Span, length: usize) -> Diagnostic {
    let message = format!("the text is {length} bytes long, the limit is {SIZE_LIMIT}");
    error(Code::TooLarge, span, message).help("split it into several files and join them with `use`")
}

pub(super) fn too_deep(span: Span) -> Refused {
    let message = format!("this is nested more than {DEPTH_LIMIT} levels deep");
    Box::new(error(Code::TooDeep, span, message).help("name the inner parts with `define`"))
}

pub(super) fn doc_beside_text(span: Span) -> Refused {
    let message = "`##` begins a doc comment, which stands alone on its line";
    let hash = Span { end: span.start.saturating_add(2), ..span };
    let help = "write `#` for a remark, or put the `##` line above the declaration";
    Box::new(error(Code::DocComment, hash, message).safe_fix(hash, "#").help(help))
}

pub(super) fn twice(span: Span, words: &str) -> Refused {
    Box::new(error(Code::HeadPart, span, format!("{words} is written twice")))
}

pub(super) fn head_twice(span: Span, words: &str, first: Span, list: bool) -> Refused {
    let made = error(Code::HeadPart, span, format!("`{words}` is written twice")).also(first, "first here");
    Box::new(if list { made.help(format!("give one list: `{words} a, b`")) } else { made })
}

pub(super) fn head_part(span: Span, words: &str, owner: &str) -> Refused {
    let made = error(Code::HeadPart, span, format!("{owner} has no `{words}`"));
    Box::new(match (words, owner) {
        ("notwithstanding" | "subject to", "an article") => {
            made.help("say it of each rule inside; another rule may stand above `article N` as a whole")
        }
        ("held by", _) => made.help("only obligations and powers are held by somebody"),
        _ => made,
    })
}

pub(super) fn no_holder(span: Span, what: &str, name: &str) -> Refused {
    let message = format!("{what} `{name}` does not say who holds it");
    Box::new(error(Code::HeadPart, span, message).help("add `held by` with an office or a party"))
}

pub(super) fn each_and_for_each(each: Span, for_each: Span) -> Refused {
    let message = "a duty of each period cannot also be one for each row";
    Box::new(error(Code::HeadPart, each, message).also(for_each, "for each row"))
}

pub(super) fn unit_name(span: Span, name: &str) -> Refused {
    let message = format!("`{name}` cannot name a unit: after a number it means something else");
    Box::new(error(Code::UnitName, span, message).help("choose another name"))
}

pub(super) fn column_name(span: Span) -> Refused {
    Box::new(error(Code::Syntax, span, "a column has one name, then `:` and its type"))
}

/// `from A to B`, `{7208 to 7210}`: what the words for the two ends may mean.
pub(super) fn no_place_between((to, first): (Span, &str), (end, last): (Span, &str), start: Span) -> Refused {
    let (first, last) = (first.trim(), last.trim());
    let code = |text: &str| text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let whole = to.to(end);
    if let (Some(_), Some(day)) = (Day::parse(first), Day::parse(last)) {
        let next = day.next();
        return Box::new(
            error(Code::ForeignWord, to, "`to` does not end anything here")
                .help(format!(
                    "`until` names the first day on which it is over: write `until {next}` if {day} is the last"
                ))
                .fix(whole, format!("until {next}"))
                .fix(whole, format!("until {day}")),
        );
    }
    if first.ends_with('%') && last.ends_with('%') {
        let message =
            format!("{} is a range, and a value is one number", tick(&format!("{first} to {last}")));
        return Box::new(error(Code::BadNumber, start.to(end), message).help(format!(
            "write the number that is meant; a limit is {}",
            tick(&format!("x but at least {first} but at most {last}"))
        )));
    }
    if code(first) && code(last) && first.len() == last.len() && first < last {
        let message = "a range of codes is written with `..`";
        return Box::new(error(Code::BadCode, to, message).fix(start.to(end), format!("{first}..{last}")));
    }
    no_place_for(Rule::TO, to, "to")
}

pub(super) fn article_number(span: Span) -> Refused {
    Box::new(error(Code::Syntax, span, "the number of this article is too large"))
}

/// A part of an expression that belongs to a word which is not there.
pub(super) fn no_place_for(rule: Rule, span: Span, text: &str) -> Refused {
    let words = tick(&short(text.trim_end()));
    let help = match rule {
        Rule::for_each => "`for each` belongs to `sum of`, `any of` and the like",
        Rule::WHERE => "`where` follows `count of E` or `for each E`",
        Rule::TO => {
            "`to` belongs to `top up X to Y` and `rounded to`; what ends in a head is said with `until D`"
        }
        Rule::OF => {
            "a share of an amount is a product, `15% * base`; a field of a row is read with a dot, `entry.value`; `of` belongs to `within W of D`, `sum of X for each E` and the like"
        }
        _ => return unread(span),
    };
    Box::new(error(Code::Syntax, span, format!("{words} has nothing to belong to")).help(help))
}

// ---------- precedence ----------

pub(super) fn brackets_around(span: Span, sign: &str) -> Refused {
    let message = format!("`{sign}` inside a larger expression needs brackets");
    Box::new(error(Code::NeedsBrackets, span, message).help(format!("write `({sign} …)`")))
}

pub(super) fn one_operand(span: Span, words: &str, minus: bool) -> Refused {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let sign = if minus { "-" } else { "not" };
    let message = format!("`{words}` takes one operand");
    Box::new(error(Code::NeedsBrackets, span, message).help(format!("write `{words} ({sign} …)`")))
}

pub(super) fn clamp_brackets(place: Span, sign: &str, left: Span, text: &str) -> Refused {
    let message = format!("it is not clear whether `{sign}` belongs to the bound or to the whole");
    let text = text.trim();
    let help = format!("write `({}) {sign} …`, or put brackets around the bound", short(text));
    Box::new(error(Code::NeedsBrackets, place, message).also(left, "the clamp").help(help))
}

pub(super) fn brackets_before(place: Span, sign: &str, left: Span, text: &str) -> Refused {
    let message = format!("`{sign}` cannot follow this without brackets");
    let help = format!("write `({}) {sign} …`, or put brackets where they are meant", short(text));
    Box::new(error(Code::NeedsBrackets, place, message).also(left, "binds more loosely").help(help))
}

pub(super) fn if_brackets(span: Span) -> Refused {
    let message = "`if … otherwise` inside a larger expression needs brackets";
    Box::new(error(Code::NeedsBrackets, span, message).help("write `(if … then … otherwise …)`"))
}

pub(super) fn comparison_chain(
    place: Span,
    left: &str,
    middle: &str,
    sign: &str,
    middle_span: Span,
) -> Refused {
    let help = format!("write `{} and {} {sign} …`", short(left), short(middle));
    let again = FixEdit::new(middle_span.after(), format!(" and {middle}"));
    let said = error(Code::ComparisonChain, place, "comparisons cannot be chained");
    Box::new(said.fix_by(help, vec![again], false))
}

/// `15% of base`
pub(super) fn share_of(of: Span, share: &str) -> Refused {
    let of = Span { end: of.start.saturating_add(2), ..of };
    let message = "a share of an amount is a product here";
    let said = error(Code::ForeignWord, of, message).help(format!("write `{} * …`", short(share)));
    Box::new(said.fix(of, "*"))
}

pub(super) fn not_by(span: Span, fixed: &str) -> Refused {
    let message = "`not (… by …)` is true before the deadline, when nobody has missed it";
    let short = fixed.split_whitespace().collect::<Vec<_>>().join(" ");
    Box::new(error(Code::NotBy, span, message).fix(span, short))
}

pub(super) fn as_of_literal(op: Span, words: &str, literal: Span, text: &str) -> Refused {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = format!("`{words}` asks for another day, but `{}` is the same on every day", short(text));
    Box::new(error(Code::AsOfLiteral, op, message).also(literal, "a value written out"))
}

pub(super) fn within_without_of(span: Span, wait: &str) -> Refused {
    let message = "`within` needs `of` and the day it counts from";
    Box::new(error(Code::Syntax, span, message).help(format!("write `within {} of D`", short(wait))))
}

pub(super) fn braces(span: Span) -> Refused {
    let message = "a list in braces stands only after `in` or `under`";
    Box::new(error(Code::Syntax, span, message).help("write `x in {A, B}`"))
}

pub(super) fn top_up_without_to(span: Span, value: &str) -> Refused {
    let message = "`top up` needs `to` and the amount to be reached";
    Box::new(error(Code::Syntax, span, message).help(format!("write `top up {} to Y`", short(value))))
}

pub(super) fn count_of(span: Span) -> Refused {
    let message = "`count of` is followed by the name of an entity, or by a power and `since`";
    Box::new(
        error(Code::Syntax, span, message)
            .help("write `count of E where …`; an amount is added up with `sum of`"),
    )
}

pub(super) fn days_without_through(span: Span) -> Refused {
    let message = "`over days from` is followed by the first day, `through` and the last one";
    let help = "write `average of F over days from 2026-01-01 through 2026-12-31`; both days count";
    Box::new(error(Code::Syntax, span, message).help(help))
}

pub(super) fn count_for_each(span: Span, name: &str) -> Refused {
    let message = "`count of` takes an entity, and no `for each`";
    Box::new(error(Code::Syntax, span, message).help(format!("write `count of {name} where …`")))
}

pub(super) fn summand(span: Span, sign: &str, words: &str) -> Refused {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = format!("what `{words}` collects is an amount, and `{sign}` makes a condition");
    Box::new(error(Code::NeedsBrackets, span, message).help(match words.as_str() {
        "max of" => "of two values write `a but at least b`; conditions are asked with `any of` or `all of`",
        "min of" => "of two values write `a but at most b`; conditions are asked with `any of` or `all of`",
        _ => "ask conditions with `any of`, `all of`, or after `where`",
    }))
}

pub(super) fn no_for_each(span: Span, words: &str) -> Refused {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = format!("`{words}` does not say over which rows");
    Box::new(error(Code::Syntax, span, message).help(format!("write `{words} X for each E`")))
}

// ---------- rules ----------

pub(super) fn no_otherwise(span: Span) -> Refused {
    let message = "an `if` that stands for a value needs an `otherwise`";
    Box::new(error(Code::NoOtherwise, span, message).help("write `if … then X otherwise Y`"))
}

pub(super) fn after_otherwise(span: Span) -> Refused {
    Box::new(error(Code::Syntax, span, "nothing can follow an `otherwise` without a condition"))
}

pub(super) fn otherwise_without_if(span: Span) -> Refused {
    let message = "`otherwise` needs an `if` before it";
    Box::new(error(Code::Syntax, span, message).help("write `if … then … otherwise …`"))
}

pub(super) fn late_lasting(span: Span) -> Refused {
    let message = "`until` and `for` stand after the first `then` only";
    Box::new(error(Code::Syntax, span, message).help("make this branch a rule of its own"))
}

pub(super) fn no_deadline(span: Span, inside: bool) -> Refused {
    let message = if inside {
        "the deadline of a duty stands outside of its `and` and `or`"
    } else {
        "a duty needs a deadline"
    };
    let help = if inside { "write `(…) by D`" } else { "end it with `by D`, or `within W of D`" };
    Box::new(error(Code::NoDeadline, span, message).help(help))
}

pub(super) fn no_day(span: Span, text: &str) -> Refused {
    let message = "every value after the first needs its day";
    Box::new(error(Code::Syntax, span, message).help(format!("write `{} from D`", short(text))))
}

// ---------- literals ----------

const DATES: &str = "dates are written year-month-day, with four, two and two digits";

/// `period fiscal = quarter from 10-01`
pub(super) fn period_of_years(span: Span) -> Refused {
    Box::new(
        error(Code::Syntax, span, "only a year has a beginning of its own".to_string())
            .help("write `period fiscal = year from 10-01`"),
    )
}

/// `period fiscal = year from 1 October`
pub(super) fn year_begins(span: Span, written: &str) -> Refused {
    let message = format!("{} is no day on which every year can begin", tick(written));
    Box::new(error(Code::BadDate, span, message).help(
        "write its month and its day with two digits each, as `10-01` for 1 October; 29 February is not in every year",
    ))
}

pub(super) fn numeral(span: Span, wrong: &Wrong) -> Refused {
    let said = |code: Code, message: String| error(code, span, message);
    Box::new(match wrong {
        Wrong::LooseDate(full) => said(Code::BadDate, DATES.to_string()).safe_fix(span, full),
        Wrong::NoDate => {
            said(Code::BadDate, DATES.to_string()).help("write `2029-01-19` for 19 January 2029")
        }
        Wrong::NoSuchDay { written, last } => {
            let made = said(Code::BadDate, format!("there is no day {}", tick(written)));
            made.help(match last {
                Some(last) => format!("the last day of that month is `{last}`"),
                None => "months run from 01 to 12, days from 1900-01-01 to 2299-12-31".to_string(),
            })
        }
        Wrong::TimeOfDay(date) => {
            said(Code::BadDate, "there are no times of day, the unit is the day".to_string()).fix(span, date)
        }
        Wrong::GluedMinus(spaced, None) => {
            said(Code::BadNumber, "subtraction of numbers needs spaces around `-`".to_string())
                .fix(span, spaced)
        }
        Wrong::GluedMinus(spaced, Some(code)) => {
            let message = "a code has dots, and subtraction has spaces around `-`";
            said(Code::BadNumber, message.to_string())
                .help(format!("write {} for the code, {} for the difference", tick(code), tick(spaced)))
                .fix(span, code)
                .fix(span, spaced)
        }
        Wrong::Dates(days) => {
            let ways: Vec<String> = days.iter().map(|day| tick(day)).collect();
            let made = said(Code::BadDate, DATES.to_string())
                .help(format!("write {}, whichever day is meant", list_or(&ways)));
            days.iter().fold(made, |made, day| made.fix(span, day))
        }
        Wrong::Month { first, last, code } => {
            let made =
                said(Code::BadDate, "a date has a day, and this is a month".to_string()).help(format!(
                    "write {} for its first day, {} for its last; a code is {}",
                    tick(first),
                    tick(last),
                    tick(code)
                ));
            made.fix(span, first).fix(span, last)
        }
        Wrong::Glued { written, meant } => {
            let made =
                said(Code::BadNumber, format!("{} is neither a number nor a word", tick(&short(written))));
            match meant {
                Some(meant) => made.fix(span, meant),
                None => made,
            }
        }
        Wrong::Exponent(text) => said(Code::BadNumber, format!("numbers have no exponents: {}", tick(text)))
            .help("write it out, or with `thousand`, `million`, `billion`, `trillion`"),
        Wrong::Underscore(text) => {
            let digits: String = text.chars().filter(|sign| *sign != '_').collect();
            said(Code::BadNumber, format!("`_` stands between two digits only: {}", tick(text)))
                .safe_fix(span, digits)
        }
        Wrong::TooLong => said(Code::BadNumber, "this number has too many digits".to_string()),
    })
}

pub(super) fn loose_percent(span: Span, fixed: &str) -> Refused {
    Box::new(error(Code::BadNumber, span, "`%` is glued to its number").safe_fix(span, fixed))
}

/// `more`: what stands behind the date; `ends`: it stands behind `until`.
pub(super) fn date_with_more((span, date): (Span, Span), text: &str, more: &str, ends: bool) -> Refused {
    if let (Some(day), "inclusive" | "included" | "incl") = (Day::parse(text), more) {
        let said = error(Code::ForeignWord, span, format!("{} is not said of a day here", tick(more)));
        // `from` and `by` take their day in.
        let meant = if ends { day.next() } else { day };
        return Box::new(match ends {
            true => said
                .help(format!(
                    "`until` names the first day on which it is over: write {}",
                    tick(&meant.to_string())
                ))
                .fix(span, meant.to_string()),
            false => said.fix(span, meant.to_string()),
        });
    }
    let message = format!("{} is a date, and a date has no unit", tick(text));
    Box::new(error(Code::BadNumber, span, message).also(date, "a date"))
}

pub(super) fn code_with_more(span: Span, code: Span, text: &str) -> Refused {
    let groups: Vec<&str> = text.split('.').collect();
    let grouped = groups.len() > 2
        && groups.first().is_some_and(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'))
        && groups.iter().skip(1).all(|group| group.len() == 3);
    if grouped {
        let message = "digits are grouped with `_`, and a point stands before decimals";
        return Box::new(error(Code::BadNumber, code, message).safe_fix(code, groups.join("_")));
    }
    let message = format!("{} is a code, and a code has no unit", tick(text));
    let digits = text.trim_start_matches('0');
    let made = error(Code::BadNumber, span, message);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    Box::new(if plain { made.fix(code, digits) } else { made })
}

pub(super) fn no_amount(span: Span, text: &str) -> Refused {
    Box::new(error(Code::BadNumber, span, format!("an amount must stand here, not {}", tick(&short(text)))))
}

pub(super) fn rounding_of_days(span: Span, words: &str) -> Refused {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = format!("`{words}` belongs to months and years");
    Box::new(error(Code::Syntax, span, message).help("amounts are `rounded to` a step"))
}
