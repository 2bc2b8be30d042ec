//! Wrong numbers, dates and signs, with what is said about them.

use super::*;

#[test]
fn literals() {
    check_said(&[
        ("define x = 15 %", "bad-number @15 %: `%` is glued to its number (write `15%`)"),
        ("define x = 15 % + t := 3", "syntax @:=: expected an operator or the next declaration, found `:=`"),
        (
            "define x = 550bn USD",
            "bad-number @550bn: `550bn` is neither a number nor a word (write `550 billion`)",
        ),
        ("define x = 5USD", "bad-number @5USD: `5USD` is neither a number nor a word (write `5 USD`)"),
        ("define x = 30d", "bad-number @30d: `30d` is neither a number nor a word (write `30 days`)"),
        (
            "define x = 1e5",
            "bad-number @1e5: numbers have no exponents: `1e5` (write it out, or with `thousand`, `million`, `billion`, `trillion`)",
        ),
        ("define x = 5-3", "bad-number @5-3: subtraction of numbers needs spaces around `-` (write `5 - 3`)"),
        (
            "define x = 1__000",
            "bad-number @1__000: `_` stands between two digits only: `1__000` (write `1000`)",
        ),
        ("define x = 1_", "bad-number @1_: `_` stands between two digits only: `1_` (write `1`)"),
        (
            "define x = 0101 USD",
            "bad-number @0101 USD: `0101` is a code, and a code has no unit (write `101`)",
        ),
        ("define x = 00 USD", "bad-number @00 USD: `00` is a code, and a code has no unit"),
        (
            "define x = 9903.02.73 USD",
            "bad-number @9903.02.73 USD: `9903.02.73` is a code, and a code has no unit",
        ),
        (
            "define x = 2029-01-19 USD",
            "bad-number @2029-01-19 USD: `2029-01-19` is a date, and a date has no unit",
        ),
        (
            "define x = 5 days rounding up",
            "syntax @rounding up: `rounding up` belongs to months and years (amounts are `rounded to` a step)",
        ),
        ("unit u = 0101", "bad-number @0101: an amount must stand here, not `0101`"),
        (
            "fact x : date = 2029-1-19",
            "bad-date @2029-1-19: dates are written year-month-day, with four, two and two digits (write `2029-01-19`)",
        ),
        (
            "fact x : date = 19-01-2029",
            "bad-date @19-01-2029: dates are written year-month-day, with four, two and two digits (write `2029-01-19`)",
        ),
        (
            "fact x : date = 2029-02-30",
            "bad-date @2029-02-30: there is no day `2029-02-30` (the last day of that month is `2029-02-28`)",
        ),
        (
            "fact x : date = 2029/01/19",
            "bad-date @2029/01/19: dates are written year-month-day, with four, two and two digits (write `2029-01-19`)",
        ),
        (
            "fact x : date = 01/02/2029",
            "bad-date @01/02/2029: dates are written year-month-day, with four, two and two digits (write `2029-02-01` or `2029-01-02`, whichever day is meant)",
        ),
        (
            "fact x : date = 2029-01-19T00:00",
            "bad-date @2029-01-19T00:00: there are no times of day, the unit is the day (write `2029-01-19`)",
        ),
        (
            "define x = £5",
            "which-currency @£: currencies are written with three letters: `GBP` (write `5 GBP`)",
        ),
        (
            "define x = 50¢",
            "which-currency @¢: which currency does `¢` mean? (write a fraction of the currency: `0.05 USD`)",
        ),
        (
            "define x = 5 €",
            "which-currency @€: currencies are written with three letters: `EUR` (write `5 EUR`)",
        ),
        (
            "unit by whole",
            "unit-name @by: `by` cannot name a unit: after a number it means something else (choose another name)",
        ),
        (
            "unit million",
            "unit-name @million: `million` cannot name a unit: after a number it means something else (choose another name)",
        ),
        (
            "define x = 3 USD per kg",
            "syntax @per: expected an operator or the next declaration, found `per` (a price for each unit is glued to it: `3 USD/kg`)",
        ),
    ]);
}

#[test]
fn signs() {
    check_said(&[
        ("rule x: if a == b then t := 1", "foreign-sign @==: equality is asked with `=` (write `=`)"),
        (
            "rule x: if a && !b then t := 1",
            "foreign-sign @&&: conditions are joined with `and` (write `and`)",
        ),
        ("rule x: if !a then t := 1", "foreign-sign @!: a condition is denied with `not` (write `not`)"),
        ("define x = a || b", "foreign-sign @||: conditions are joined with `or` (write `or`)"),
        ("define x = a <> b", "foreign-sign @<>: inequality is asked with `!=` (write `!=`)"),
        ("define x = a ≤ b", "foreign-sign @≤: `≤` is written `<=` (write `<=`)"),
        ("define x = a × b", "foreign-sign @×: multiplication is written `*` (write `*`)"),
        ("define x = a – b", "foreign-sign @–: a minus is written with the ordinary `-` (write `-`)"),
        ("define x = a ** b", "foreign-sign @**: there are no powers of numbers"),
        ("define x = “abc”", "foreign-sign @“: texts stand in straight double quotes (write `\"abc\"`)"),
        (
            "fact x : USD; fact y : USD",
            "foreign-sign @;: no `;` is needed: a declaration ends where the next begins",
        ),
        (
            "define x = 5\u{a0}USD",
            "foreign-sign @\u{a0}: this is a special kind of space (write an ordinary space)",
        ),
        ("rule x: if a then t = 1", "foreign-sign @=: an outcome is set with `:=`, not `=` (write `:=`)"),
        ("rule x: if a then t : 1", "foreign-sign @:: an outcome is set with `:=`, not `:` (write `:=`)"),
        ("define x := 5", "foreign-sign @:=: `:=` sets an outcome in a rule; here it is `=` (write `=`)"),
        ("// remark", "foreign-sign @//: a comment begins with `#` (write `#`)"),
        ("define x = [a, b]", "foreign-sign @[: lists stand in braces: `{A, B}`"),
    ]);
}
