//! Wrong texts, with what is said about them.

use super::*;

#[test]
fn precedence() {
    check_said(&[
        (
            "define x = a < b < c",
            "comparison-chain @<: comparisons cannot be chained (write `a < b and b < …`)",
        ),
        (
            "define x = a = b != c",
            "comparison-chain @!=: comparisons cannot be chained (write `a = b and b != …`)",
        ),
        (
            "define x = a is done is cured",
            "needs-brackets @is: `is` cannot follow this without brackets (write `(a is done) is …`, or put brackets where they are meant)",
        ),
        (
            "define x = not (a by d)",
            "not-by @not (a by d): `not (… by …)` is true before the deadline, when nobody has missed it (write `not a by d`)",
        ),
        (
            "define x = not ((a or b) within 5 days of d)",
            "not-by @not ((a or b) within 5 days of d): `not (… by …)` is true before the deadline, when nobody has missed it (write `not (a or b) within 5 days of d`)",
        ),
        (
            "define x = a but at most b - c",
            "needs-brackets @-: it is not clear whether `-` belongs to the bound or to the whole (write `(a but at most b) - …`, or put brackets around the bound)",
        ),
        (
            "define x = a but at most b + c < d",
            "needs-brackets @+: it is not clear whether `+` belongs to the bound or to the whole (write `(a but at most b) + …`, or put brackets around the bound)",
        ),
        (
            "define x = a rounded to 1 USD + b",
            "needs-brackets @+: `+` cannot follow this without brackets (write `(a rounded to 1 USD) + …`, or put brackets where they are meant)",
        ),
        (
            "define x = a by d < e",
            "needs-brackets @<: `<` cannot follow this without brackets (write `(a by d) < …`, or put brackets where they are meant)",
        ),
        (
            "define x = a by d by e",
            "needs-brackets @by: `by` cannot follow this without brackets (write `(a by d) by …`, or put brackets where they are meant)",
        ),
        (
            "define x = a = not b",
            "needs-brackets @not: `not` inside a larger expression needs brackets (write `(not …)`)",
        ),
        (
            "define x = -not a",
            "needs-brackets @not: `not` inside a larger expression needs brackets (write `(not …)`)",
        ),
        (
            "define x = last start of not b",
            "needs-brackets @last start of: `last start of` takes one operand (write `last start of (not …)`)",
        ),
        (
            "define x = year of -b",
            "needs-brackets @year of: `year of` takes one operand (write `year of (- …)`)",
        ),
        (
            "define x = 1 + if a then b otherwise c",
            "needs-brackets @if: `if … otherwise` inside a larger expression needs brackets (write `(if … then … otherwise …)`)",
        ),
        (
            "define x = a as of -d",
            "needs-brackets @-: `-` inside a larger expression needs brackets (write `(- …)`)",
        ),
        (
            "define x = 25% as of d",
            "as-of-literal @as of: `as of` asks for another day, but `25%` is the same on every day",
        ),
        (
            "define x = \"a\" as known on d",
            "as-of-literal @as known on: `as known on` asks for another day, but `\"a\"` is the same on every day",
        ),
    ]);
}

#[test]
fn misspelt_words() {
    check_said(&[
        ("IF a < b then t := 1", "wrong-case @IF: keywords are written in small letters: `IF` (write `if`)"),
        ("Rule x: t := 1", "wrong-case @Rule: keywords are written in small letters: `Rule` (write `rule`)"),
        (
            "rule x: if a AND b then t := 1",
            "wrong-case @AND: keywords are written in small letters: `AND` (write `and`)",
        ),
        (
            "rule x: IF a then t := 1",
            "wrong-case @IF: keywords are written in small letters: `IF` (write `if`)",
        ),
        (
            "rule x: if NOT a then t := 1",
            "wrong-case @NOT: keywords are written in small letters: `NOT` (write `not`)",
        ),
        ("outcme t : rate", "misspelt-keyword @outcme: `outcme` is not a keyword (did you mean `outcome`?)"),
        (
            "rule x notwithstandng y: t := 1",
            "misspelt-keyword @notwithstandng: `notwithstandng` is not a keyword (did you mean `notwithstanding`?)",
        ),
        (
            "rule x frm 2025-01-01: t := 1",
            "misspelt-keyword @frm: `frm` is not a keyword (did you mean `from`?)",
        ),
        (
            "power p held by x\n  require a",
            "misspelt-keyword @require: `require` is not a keyword (did you mean `requires`?)",
        ),
        (
            "rule x: t := 25% else t := 3",
            "misspelt-keyword @else: `else` is not a word of the language here (write `otherwise`)",
        ),
        (
            "when a then t := 1",
            "misspelt-keyword @when: `when` is not a word of the language here (write `if`)",
        ),
        ("define x = a adn b", "misspelt-keyword @adn: `adn` is not a keyword (did you mean `and`?)"),
        (
            "fact then : USD",
            "syntax @then: expected a name, found `then` (`then` is a reserved word, and names nothing)",
        ),
        (
            "define x = a is finished",
            "foreign-word @finished: no state is called `finished` (did you mean `is done`?)",
        ),
        (
            "define x = a is breeched",
            "foreign-word @breeched: no state is called `breeched` (did you mean `is breached`?)",
        ),
    ]);
}

#[test]
fn heads() {
    check_said(&[
        (
            "rule x from 2025-01-01 from 2025-02-02: t := 1",
            "head-part @from 2025-02-02: `from` is written twice",
        ),
        (
            "rule x cites A cites B: t := 1",
            "head-part @cites B: `cites` is written twice (give one list: `cites a, b`)",
        ),
        (
            "rule x held by y: t := 1",
            "head-part @held by y: a rule has no `held by` (only obligations and powers are held by somebody)",
        ),
        ("guarantee g cites A: a", "head-part @cites A: a guarantee has no `cites`"),
        (
            "article 1 notwithstanding b { rule a: t := 1 }",
            "head-part @notwithstanding b: an article has no `notwithstanding` (say it of each rule inside; another rule may stand above `article N` as a whole)",
        ),
        (
            "obligation x: a by d",
            "head-part @obligation x: obligation `x` does not say who holds it (add `held by` with an office or a party)",
        ),
        (
            "power p\n  requires a",
            "head-part @power p: power `p` does not say who holds it (add `held by` with an office or a party)",
        ),
        (
            "obligation x each year for each e held by y: a by d",
            "head-part @each year: a duty of each period cannot also be one for each row",
        ),
        (
            "source S \"s\" binding non-binding",
            "head-part @non-binding: `binding` or `non-binding` is written twice",
        ),
        ("office o \"a\" \"b\"", "head-part @\"b\": the title is written twice"),
        ("entity e keyed by a keyed by b { a : text }", "head-part @keyed by b: `keyed by` is written twice"),
        ("outcome t : rate for each e for each f", "head-part @for each f: `for each` is written twice"),
    ]);
}

#[test]
fn bodies() {
    check_said(&[
        (
            "define x = if a then b",
            "no-otherwise @if a then b: an `if` that stands for a value needs an `otherwise` (write `if … then X otherwise Y`)",
        ),
        (
            "rule r: if a then t := if b then 1\notherwise t := 2",
            "no-otherwise @if b then 1: an `if` that stands for a value needs an `otherwise` (write `if … then X otherwise Y`)",
        ),
        (
            "obligation x held by y: a >= b",
            "no-deadline @a >= b: a duty needs a deadline (end it with `by D`, or `within W of D`)",
        ),
        (
            "obligation x held by y: a or b by d",
            "no-deadline @a or b by d: the deadline of a duty stands outside of its `and` and `or` (write `(…) by D`)",
        ),
        (
            "rule x: t := 1 otherwise t := 2",
            "syntax @otherwise t := 2: `otherwise` needs an `if` before it (write `if … then … otherwise …`)",
        ),
        (
            "rule x: if a then t := 1 otherwise t := 2 otherwise t := 3",
            "syntax @otherwise t := 3: nothing can follow an `otherwise` without a condition",
        ),
        (
            "rule x: if a then t := 1 otherwise t := 2 until b",
            "syntax @until b: `until` and `for` stand after the first `then` only (make this branch a rule of its own)",
        ),
        ("rule x: if a < 3 t := 1", "syntax @t: expected `then`, found `t`"),
        (
            "t := 25%",
            "syntax @t: expected a declaration, found `t` (an outcome is set in a rule: `rule NAME: t := …`)",
        ),
    ]);
}

#[test]
fn misplaced_docs() {
    check_said(&[
        (
            "fact x : USD ## pledge",
            "doc-comment @##: `##` begins a doc comment, which stands alone on its line (write `#` for a remark, or put the `##` line above the declaration)",
        ),
        (
            "fact x : USD ## pledge\nfact y : USD",
            "doc-comment @##: `##` begins a doc comment, which stands alone on its line (write `#` for a remark, or put the `##` line above the declaration)",
        ),
        (
            "rule r: t := 1\n  ## why\n  and u := 2",
            "doc-comment @##: a doc comment stands before a declaration, and none begins here (write `#` for a remark)",
        ),
        (
            "rule r:\n  ## why\n  t := 1",
            "doc-comment @##: a doc comment stands before a declaration, and none begins here (write `#` for a remark)",
        ),
        (
            "## the last word",
            "doc-comment @##: a doc comment stands before a declaration, and none begins here (write `#` for a remark)",
        ),
    ]);
}

#[test]
fn open_ends() {
    check_said(&[
        ("fact x : text = \"abc", "unclosed @\"abc: this text has no closing quote on its line"),
        ("define x = (a + b", "unclosed @(: this `(` is never closed"),
        ("define x = a + b)", "unclosed @): this `)` closes nothing"),
        ("define x = f(a b)", "syntax @b: expected `)`, `,` or an operator, found `b`"),
        ("scenario \"s\" {\n  expect a", "unclosed @{: this `{` is never closed"),
        ("article 1 {\n  rule r: t := 1\n", "unclosed @{: this `{` is never closed"),
        ("define x = (a}", "syntax @}: expected `)` or an operator, found `}`"),
    ]);
}

#[test]
fn other_slips() {
    check_said(&[
        (
            "define x = sum of a > b for each e",
            "needs-brackets @>: what `sum of` collects is an amount, and `>` makes a condition (ask conditions with `any of`, `all of`, or after `where`)",
        ),
        (
            "define x = sum of a",
            "syntax @sum of a: `sum of` does not say over which rows (write `sum of X for each E`)",
        ),
        (
            "define x = a for each e",
            "syntax @for each e: `for each e` has nothing to belong to (`for each` belongs to `sum of`, `any of` and the like)",
        ),
        (
            "define x = top up a + b",
            "syntax @top up a + b: `top up` needs `to` and the amount to be reached (write `top up a + b to Y`)",
        ),
        (
            "define x = a within 5 days",
            "syntax @within 5 days: `within` needs `of` and the day it counts from (write `within 5 days of D`)",
        ),
        (
            "define x = {a, b}",
            "syntax @{a, b}: a list in braces stands only after `in` or `under` (write `x in {A, B}`)",
        ),
        (
            "define x = count of f(x)",
            "syntax @f(x): `count of` is followed by the name of an entity, or by a power and `since` (write `count of E where …`; an amount is added up with `sum of`)",
        ),
        (
            "define x = count of e for each e",
            "syntax @e: `count of` takes an entity, and no `for each` (write `count of e where …`)",
        ),
        (
            "define x = a to b",
            "syntax @to: `to` has nothing to belong to (`to` belongs to `top up X to Y` and `rounded to`; what ends in a head is said with `until D`)",
        ),
        (
            "scenario \"s\" {\n  given a = 1, b = 2\n}",
            "syntax @=: expected `}`, `,`, `expect`, `from` or an operator, found `=` (state one fact for each `given`)",
        ),
        (
            "scenario \"s\" {\n  given a = 1 from 2025-01-01, 5\n}",
            "syntax @5: every value after the first needs its day (write `5 from D`)",
        ),
        (
            "fact a : USD foo",
            "syntax @foo: expected `=`, `where`, `over time` or the next declaration, found `foo`",
        ),
        ("fact a USD", "syntax @USD: expected `:`, found `USD`"),
        (
            "rule x foo: t := 1",
            "foreign-word @x foo: a name is one word (write `x_foo`, wherever it is used)",
        ),
        (
            "define x = a but atleast 5",
            "syntax @but: expected an operator or the next declaration, found `but` (write `but at least X` or `but at most X`)",
        ),
        (
            "replace use \"x\"",
            "syntax @use: expected a declaration, found `use` (what is replaced is found by its name: a rule, an article, a fact and so on)",
        ),
        (
            "annex a from \"x.csv\" (code) -> a/b : rate",
            "syntax @a/b: a column has one name, then `:` and its type",
        ),
        (
            "article 99999999999 { rule r: t := 1 }",
            "syntax @99999999999: the number of this article is too large",
        ),
        ("enum E = A,, B", "syntax @,: expected a name, found `,`"),
        ("substitute x for y in rule z", "syntax @x: expected a value written out, found `x`"),
        ("foo bar", "syntax @foo: expected a declaration, found `foo`"),
    ]);
}

#[test]
fn a_type_that_is_missing_is_proposed() {
    check_said(&[
        (
            "fact rate = 25",
            "syntax @=: expected `:`, found `=` (say its type: `fact rate : rate = 25%` if 25 per cent is meant, else `fact rate : number = 25`)",
        ),
        ("fact cap = 15%", "syntax @=: expected `:`, found `=` (say its type: `fact cap : rate = 15%`)"),
        (
            "fact pledged = 550 billion USD",
            "syntax @=: expected `:`, found `=` (say its type: `fact pledged : USD = 550 billion USD`)",
        ),
    ]);
}
