//! Functions of spreadsheets and of other languages, and how to say what they work out.

use super::names::suggest_value;
use super::*;

/// The call of a function that is none here, with its operands as they are written.
struct ForeignCall<'c, 's> {
    checker: &'c Checker<'s>,
    name: &'c Name,
    /// In brackets where they are more than one word.
    operands: Vec<String>,
    args: &'c [tree::Expr],
    span: Span,
}

/// A function that is none here, with how to say what it works out.
pub(in crate::check) fn call_unknown(
    checker: &Checker,
    name: &Name,
    args: &[tree::Expr],
    span: Span,
) -> Diagnostic {
    let operand = |expr: &tree::Expr| {
        let text = checker.written(expr.span);
        match expr.kind {
            tree::ExprKind::Path(_) | tree::ExprKind::Quantity(_) | tree::ExprKind::Date(_) => {
                text.to_string()
            }
            _ => format!("({text})"),
        }
    };
    let operands = args.iter().map(operand).collect();
    let call = ForeignCall { checker, name, operands, args, span };
    let word = name.text.to_ascii_lowercase();
    let said = call.said();
    call.condition(&word)
        .or_else(|| call.day(&word))
        .or_else(|| call.rounding(&word))
        .or_else(|| call.amount(&word))
        .or_else(|| call.rows(&word))
        .unwrap_or_else(|| suggest_value(checker, said, name))
}

impl ForeignCall<'_, '_> {
    fn said(&self) -> Diagnostic {
        let message = format!("no function is called {}", tick(&self.name.text));
        error(Code::UnknownName, self.name.span, message)
    }

    fn help(&self, text: impl Into<String>) -> Option<Diagnostic> {
        Some(self.said().help(text))
    }

    fn fix(&self, text: String) -> Option<Diagnostic> {
        Some(self.said().fix(self.span, text))
    }

    /// The fix if the operands are there for it, else how it is said.
    fn fixed(&self, text: Option<String>, otherwise: &str) -> Option<Diagnostic> {
        match text {
            Some(text) => self.fix(text),
            None => self.help(otherwise),
        }
    }

    fn operand(&self, at: usize) -> &str {
        self.operands.get(at).map_or("X", String::as_str)
    }

    /// An operand as it stands there.
    fn written(&self, at: usize) -> Option<&str> {
        self.args.get(at).map(|arg| self.checker.written(arg.span))
    }

    /// A number that is written out.
    fn number(&self, at: usize) -> Option<String> {
        let whole =
            |quantity: &tree::Quantity| matches!(quantity.suffix, tree::Suffix::None) && !quantity.multiplied;
        match &self.args.get(at)?.kind {
            tree::ExprKind::Quantity(quantity) if whole(quantity) => Some(quantity.spelled.clone()),
            tree::ExprKind::Negative(inner) => match &inner.kind {
                tree::ExprKind::Quantity(quantity) if whole(quantity) => {
                    Some(format!("-{}", quantity.spelled))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn condition(&self, word: &str) -> Option<Diagnostic> {
        // Comparisons bind closer than what joins them.
        let loose = |expr: &tree::Expr| {
            matches!(expr.kind, tree::ExprKind::Or(_) | tree::ExprKind::And(_) | tree::ExprKind::If { .. })
        };
        let operand = |at: usize, arg: &tree::Expr| match loose(arg) {
            true => self.operand(at).to_string(),
            false => self.checker.written(arg.span).to_string(),
        };
        let joined = |sign: &str| {
            let operands: Vec<String> =
                self.args.iter().enumerate().map(|(at, arg)| operand(at, arg)).collect();
            (operands.len() > 1).then(|| format!("({})", operands.join(&format!(" {sign} "))))
        };
        match word {
            "if" | "iif" => match (self.written(0), self.written(1), self.written(2)) {
                (Some(condition), Some(then), Some(otherwise)) if self.args.len() == 3 => {
                    self.fix(format!("(if {condition} then {then} otherwise {otherwise})"))
                }
                _ => self.help("write `(if … then … otherwise …)`"),
            },
            "and" => self.fixed(joined("and"), "conditions are joined with `and`: `A and B`"),
            "or" => self.fixed(joined("or"), "conditions are joined with `or`: `A or B`"),
            "not" => {
                let one = self.written(0).filter(|_| self.args.len() == 1);
                self.fixed(one.map(|one| format!("(not ({one}))")), "a condition is denied with `not`")
            }
            "xor" => self.help("write `(A or B) and not (A and B)`"),
            "ifs" | "choose" | "switch" | "case" => {
                self.help("write `(if … then … otherwise if … then … otherwise …)`")
            }
            "isblank" | "isna" | "coalesce" | "ifnull" | "iferror" | "isnull" | "nvl" | "ifna"
            | "isnumber" | "iserror" => self
                .help("what is unknown stays so: a fact may have a default, and an outcome an `otherwise`"),
            "exact" if self.args.len() == 2 => self.fixed(
                Some(format!("({} = {})", self.operand(0), self.operand(1))),
                "values are compared with `=`",
            ),
            _ => None,
        }
    }

    fn day(&self, word: &str) -> Option<Diagnostic> {
        // `D + 3 months`, `D - 3 months`
        let later = |unit: &str| {
            let count = self.number(1)?;
            let (sign, count) = count.strip_prefix('-').map_or(("+", count.as_str()), |rest| ("-", rest));
            let unit = if count == "1" { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
            (self.args.len() == 2).then(|| format!("({} {sign} {count} {unit})", self.operand(0)))
        };
        match word {
            "date" => {
                let part = |at: usize| self.number(at);
                let day = match (part(0), part(1), part(2)) {
                    (Some(year), Some(month), Some(day)) => Some(format!("{year}-{month:0>2}-{day:0>2}")),
                    _ => None,
                };
                let day = day.filter(|day| crate::value::Day::parse(day).is_some());
                self.fixed(day, "a day is written `2029-01-19`, and counted from with `D + 30 days`")
            }
            "datevalue" | "todate" | "to_date" => self.help("a day is written `2029-01-19`, without quotes"),
            "workday" | "workdays" if !self.checker.policy.calendars.is_empty() => {
                self.fixed(later("business days"), "write `D + 45 business days`; its holidays are those of a `calendar`")
            }
            "workday" | "workdays" | "networkdays" => self.help(
                "write `D + 45 business days`; its holidays are those of a `calendar`, such as `calendar us_federal`",
            ),
            // A day that a month has not is said by what is to become of it.
            "edate" | "add_months" => {
                let months = later("months");
                let text = months.map(|text| format!("{} rounding down)", text.trim_end_matches(')')));
                self.fixed(text, "write `D + 3 months`")
            }
            "dateadd" | "date_add" => self.help("write `D + 30 days`, `D + 45 business days` or `D + 3 months`"),
            "eomonth" => match self.number(1).as_deref() {
                Some("0") => self.fix(format!("(last day of month of {})", self.operand(0))),
                Some(count) if !count.starts_with('-') => {
                    let unit = if count == "1" { "month" } else { "months" };
                    self.fix(format!(
                        "(last day of month of ({} + {count} {unit} rounding down))",
                        self.operand(0)
                    ))
                }
                _ => self.help("write `last day of month of D`"),
            },
            "today" | "now" if self.args.is_empty() => self.fix("today".to_string()),
            "days" | "datedif" | "datediff" | "yearfrac" | "days360" => self.help(
                "days are compared, not counted: `end >= start + 30 days`, `within 30 days of start`",
            ),
            "day" | "weekday" | "hour" | "minute" => {
                self.help("of a day, its `month of`, `quarter of` and `year of` are read")
            }
            part @ ("year" | "month" | "quarter" | "chapter" | "heading" | "subheading")
                if self.args.len() == 1 =>
            {
                self.fix(format!("({part} of {})", self.operand(0)))
            }
            "left" | "mid" | "right" | "substr" | "substring" => self.help(
                "parts of a code are `chapter of`, `heading of` and `subheading of`; what falls under one is asked with `under 8703`",
            ),
            _ => None,
        }
    }

    /// A step and a direction: `ROUND(X, 2)`, `CEILING(X, 5)`.
    fn rounding(&self, word: &str) -> Option<Diagnostic> {
        let how = match word {
            "round" | "mround" => "half up ",
            "roundup" | "ceil" | "ceiling" => "up ",
            "rounddown" | "floor" | "trunc" | "int" => "down ",
            _ => return None,
        };
        let step = match (word, self.args.len()) {
            ("round" | "roundup" | "rounddown" | "trunc", 2) => self.number(1).as_deref().and_then(step_of),
            ("mround" | "ceiling" | "floor", 2) => self.number(1),
            (_, 1) => Some("1".to_string()),
            _ => None,
        };
        let step = step.unwrap_or_else(|| "0.01".to_string());
        let text = format!("{} rounded {how}to {step} USD", self.operand(0));
        self.help(format!(
            "an amount is `rounded to` a step with its unit, which says how: {}; a rate to {}",
            tick(&text),
            tick("0.1%")
        ))
    }

    fn amount(&self, word: &str) -> Option<Diagnostic> {
        let one = self.operands.first().filter(|_| self.operands.len() == 1);
        match word {
            "max" | "greatest" => self
                .fixed(self.limited("least"), "write `a but at least b`; over rows, `max of X for each E`"),
            "min" | "least" | "smallest" => {
                self.fixed(self.limited("most"), "write `a but at most b`; over rows, `min of X for each E`")
            }
            "median" | "clamp" => self.help("write `X but at least A but at most B`"),
            "abs" => {
                self.fixed(one.map(|x| format!("({x} but at least -{x})")), "write `(x but at least -x)`")
            }
            "product" => {
                let text = (self.operands.len() > 1).then(|| format!("({})", self.operands.join(" * ")));
                self.fixed(text, "write `A * B`")
            }
            "sqrt" | "power" | "exp" | "ln" | "log" | "pow" => {
                self.help("there are no powers of numbers: amounts are added, multiplied and divided")
            }
            "mod" => self.help("there are no remainders: write how many whole steps with `rounded down to`"),
            _ => None,
        }
    }

    fn limited(&self, side: &str) -> Option<String> {
        let mut parts = self.operands.iter();
        let (first, second) = (parts.next()?, parts.next()?);
        let pair = |so_far: String, next: &String| format!("({so_far} but at {side} {next})");
        Some(parts.fold(pair(first.clone(), second), pair))
    }

    fn rows(&self, word: &str) -> Option<Diagnostic> {
        let whole = self.operand(0);
        match word {
            "sum" | "sumif" | "sumifs" | "total" | "sumproduct" | "subtotal" => {
                self.help(format!("write {}", tick(&format!("sum of {whole} for each E"))))
            }
            "count" | "countif" | "countifs" | "counta" => self.help("write `count of E where …`"),
            "average" | "avg" | "mean" | "averageif" | "averageifs" => {
                self.help(format!("write {}", tick(&format!("average of {whole} for each E"))))
            }
            "maxifs" | "minifs" => {
                let word = word.get(..3).unwrap_or("max");
                self.help(format!("write {}", tick(&format!("{word} of {whole} for each E where …"))))
            }
            "vlookup" | "xlookup" | "lookup" | "index" | "hlookup" | "match" | "indirect" | "offset" => {
                self.help("a table is an `annex`: declare it, and ask `ANNEX(key).column`")
            }
            _ => None,
        }
    }
}

/// `2` decimals are a step of 0.01, `-3` one of 1000.
fn step_of(decimals: &str) -> Option<String> {
    let whole = decimals.strip_prefix('-');
    let count: usize = whole.unwrap_or(decimals).parse().ok().filter(|count| *count <= 12)?;
    Some(match (whole, count) {
        (_, 0) => "1".to_string(),
        (Some(_), count) => format!("1{}", "0".repeat(count)),
        (None, count) => format!("0.{}1", "0".repeat(count.saturating_sub(1))),
    })
}
