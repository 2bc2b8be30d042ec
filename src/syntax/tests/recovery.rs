//! Trouble in one declaration leaves the others alone.

use super::*;

fn check(text: &str, good: &str, wrong: &str) {
    let mut sources = Sources::new();
    let id = sources.add("test", text);
    let (tree, errors) = file_lossy(id, text);
    assert_eq!(print::file(&tree), good, "{text}");
    assert_eq!(shown(&sources, &errors), wrong, "{text}");
}

#[test]
fn three_broken_declarations_give_three_messages() {
    check(
        "fact a : USD\nfact : USD\nrule r: t = 1\nrule s: t := 2\ndefine d =\nfact z : USD\n",
        "(fact a:USD)\n(rule s {_ => t := 2})\n(fact z:USD)",
        "syntax @:: expected a name, found `:`\n\
         foreign-sign @=: an outcome is set with `:=`, not `=` (write `:=`)\n\
         syntax @: expected a value, found the next declaration",
    );
}

#[test]
fn messages_of_the_grammar_and_of_the_builder_come_together() {
    check(
        "define a = 15 %\nrule r: t = 1\ndefine b = x < y < z\n",
        "",
        "bad-number @15 %: `%` is glued to its number (write `15%`)\n\
         foreign-sign @=: an outcome is set with `:=`, not `=` (write `:=`)\n\
         comparison-chain @<: comparisons cannot be chained (write `x < y and y < …`)",
    );
}

#[test]
fn the_rest_of_an_article_stands() {
    check(
        "article 1 \"A\" {\n  rule a: t := 1\n  rule b: t = 2\n  ## about c\n  rule c: t := 3\n  rule d: t := 15 %\n}\nfact z : USD\n",
        "(article 1 \"A\" (rule a {_ => t := 1}) ## about c (rule c {_ => t := 3}))\n(fact z:USD)",
        "foreign-sign @=: an outcome is set with `:=`, not `=` (write `:=`)\n\
         bad-number @15 %: `%` is glued to its number (write `15%`)",
    );
}

#[test]
fn an_open_brace_does_not_swallow_the_file() {
    check(
        "article 1 {\n  rule a: t := 1\n\nfact b : USD\nfact c : USD\n",
        "(fact b:USD)\n(fact c:USD)",
        "unclosed @{: this `{` is never closed",
    );
}

#[test]
fn docs_stay_with_their_declaration() {
    check(
        "rule r: t = 1\n## about b\n## and more\nfact b : USD\n",
        "## about b|and more (fact b:USD)",
        "foreign-sign @=: an outcome is set with `:=`, not `=` (write `:=`)",
    );
}

#[test]
fn a_stray_line_is_one_error() {
    check(
        "fact a : USD\nhello world\nfact b : USD\n",
        "(fact a:USD)\n(fact b:USD)",
        "syntax @hello: expected `=`, `where`, `over time` or the next declaration, found `hello`",
    );
    check(
        "fact a : USD\nfakt b : USD\nif a > 1 USD then t := 1\n",
        "(fact a:USD)\n(rule - {(> a 1~USD) => t := 1})",
        "misspelt-keyword @fakt: `fakt` is not a keyword (did you mean `fact`?)",
    );
}

#[test]
fn an_if_in_column_0_may_go_on_with_a_rule() {
    check(
        "rule r:\nif a then t := 1\nrule s: t = 1\n",
        "(rule r {a => t := 1})",
        "foreign-sign @=: an outcome is set with `:=`, not `=` (write `:=`)",
    );
}
