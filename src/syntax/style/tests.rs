use super::*;
use crate::effort;
use crate::generator::{Dice, Features, made};
use crate::syntax::scan::{TokenKind, scan};
use std::path::Path;

fn formatted_as(text: &str, kind: TextKind) -> String {
    match formatted(SourceId::default(), text, kind) {
        Ok(new) => new,
        Err(why) => panic!("{why:?}\n{text}"),
    }
}

/// What the style makes of a text, and nothing more the second time.
fn styled(text: &str) -> String {
    let once = formatted_as(text, TextKind::Plain);
    assert_eq!(formatted_as(&once, TextKind::Plain), once, "of\n{text}");
    once
}

#[track_caller]
fn becomes(text: &str, wanted: &str) {
    assert_eq!(styled(text), wanted, "of\n{text}");
}

#[test]
fn spaces_and_indentation() {
    becomes("fact   a:USD=3 USD", "fact a : USD = 3 USD\n");
    becomes(
        "outcome o:rate\nif a<-3  USD/kg   then o:=-( x.y+f( 1,2 ) )",
        "outcome o : rate\nif a < -3 USD/kg then o := -(x.y + f(1, 2))\n",
    );
    becomes(
        "article 1 \"A\"{ rule r : o:=1 rule s:o:=2\n}",
        "article 1 \"A\" {\n  rule r: o := 1\n  rule s: o := 2\n}\n",
    );
    becomes("entity e keyed by k { k:text, v : USD / kg }", "entity e keyed by k { k : text, v : USD/kg }\n");
}

#[test]
fn a_text_of_comments_alone() {
    becomes("", "");
    becomes("  # a\n\n\n\n # b", "# a\n\n# b\n");
}

/// A line ends before an operator, and behind a comma.
#[test]
fn line_ends_that_move() {
    becomes("define d : bool = a and\n  b or\n  c", "define d : bool = a\n    and b\n  or c\n");
    becomes(
        "outcome o : rate\nrule r: if a then\n  o := 1",
        "outcome o : rate\nrule r: if a\n  then o := 1\n",
    );
    becomes("enum E = a\n  , b", "enum E = a,\n  b\n");
    becomes("fact\n  f\n  :\n  USD", "fact f : USD\n");
}

#[test]
fn comments_keep_their_place_and_their_owner() {
    let text = "# of all\n\n## of a\nfact a : USD # of a too\n# of b\nfact b : USD\n";
    becomes(text, &text.replace("USD # of", "USD  # of"));
    becomes(
        "article 1 {\n# first\n\n    rule r: o := 1\n # last\n}",
        "article 1 {\n  # first\n\n  rule r: o := 1\n  # last\n}\n",
    );
    becomes(
        "define d : bool = a # why\nand b\n  # and why not\n  and c",
        "define d : bool = a  # why\n  and b\n  # and why not\n  and c\n",
    );
    // Behind an operator no line can end before it.
    becomes("define d : bool = a and # both\n b", "define d : bool = a and  # both\n  b\n");
}

#[test]
fn columns_that_the_drafter_has_begun() {
    // One has been moved below another: a third with room joins them, one without does not.
    becomes(
        "fact a    : USD\nfact four : USD\nfact c : USD\nfact much_longer : USD\n",
        "fact a    : USD\nfact four : USD\nfact c    : USD\nfact much_longer : USD\n",
    );
    let none = "fact a : USD\nfact four : USD\n";
    becomes(none, none);
    becomes("fact a     : USD\nfact four : USD\n", none);
    let sources =
        "source A   \"One\" binding\nsource BCD \"Two\" binding  # told\nuse \"x\"                   # too\n";
    becomes(sources, sources);
}

/// What binds tighter stands further in.
#[test]
fn operators_that_begin_lines() {
    becomes(
        "define d : bool =\na\nor b\nand c\nor x\n- (y\n+ z)\n+ 1\n> 0",
        "define d : bool =\n  a\n  or b\n    and c\n  or x\n      - (y\n        + z)\n      + 1\n      > 0\n",
    );
    becomes("define d : USD = a\n * b\n + c", "define d : USD = a\n    * b\n  + c\n");
}

#[test]
fn what_is_too_long_for_a_line() {
    let long = "x".repeat(40);
    becomes(
        &format!("define d : bool = {long} and {long} or {long} and {long}"),
        &format!("define d : bool =\n  {long} and {long}\n  or {long} and {long}\n"),
    );
    becomes(
        &format!("outcome o : rate\nrule r: if {long} then o := {long} otherwise if {long} then o := {long}"),
        &format!(
            "outcome o : rate\nrule r:\n  if {long} then o := {long}\n  otherwise if {long} then o := {long}\n"
        ),
    );
    becomes(
        &format!("scenario \"s\" {{ given e \"1\" {{ a = {long}, b = {long}, c = {long} }} }}"),
        &format!("scenario \"s\" {{\n  given e \"1\" {{ a = {long}, b = {long},\n    c = {long} }}\n}}\n"),
    );
    let many = format!("enum E = {long}, {long}, {long}, a,\n  b, c");
    becomes(&many, &format!("enum E = {long}, {long},\n  {long}, a, b, c\n"));
    let title = "word ".repeat(40);
    let unbroken = format!("scenario \"{title}\" {{\n  expect true\n}}\n");
    becomes(&unbroken, &unbroken);
}

#[test]
fn of_a_page_only_its_blocks() {
    let page = "# A  page\n\n```comity\n\nfact   a:USD\n\n```\n   *  kept  \n\n  ```comity\n  fact b:USD\n# c\n  ```\n\n```yaml\na:   1\n```";
    let wanted = "# A  page\n\n```comity\nfact a : USD\n```\n   *  kept  \n\n  ```comity\n  fact b : USD\n  # c\n  ```\n\n```yaml\na:   1\n```\n";
    let new = formatted_as(page, TextKind::Literate);
    assert_eq!(new, wanted);
    assert_eq!(formatted_as(&new, TextKind::Literate), wanted);
}

#[test]
fn the_beginning_and_the_line_ends_of_a_file_stay() {
    becomes("\u{feff}fact a:USD\r\n\r\n\r\n# b\r\n", "\u{feff}fact a : USD\r\n\r\n# b\r\n");
}

#[test]
fn a_text_that_does_not_parse_is_refused() {
    let refused = formatted(SourceId::default(), "fact a : USD\nrul r: o := 1", TextKind::Plain);
    assert!(matches!(refused, Err(Unformatted::Errors(errors)) if errors.len() == 1));
}

/// What would lose a word, move a comment or change the grammar is seen.
#[test]
fn what_is_not_the_same_is_seen() {
    let same = |one: &str, other: &str| {
        same::is_same(&WrittenText::new(one, TextKind::Plain), &WrittenText::new(other, TextKind::Plain))
    };
    let text = "fact a : USD # b\nfact c : USD\n";
    assert!(same(text, "fact a:USD # b\n\nfact c : USD"));
    for other in [
        "fact a : USD\nfact c : USD\n",
        "fact a : USD\n# b\nfact c : USD\n",
        "fact a : USD\nfact c : USD # b\n",
        "fact a : EUR # b\nfact c : USD\n",
        "fact a : USD # b\n",
        "fact a : USD # b\nfact c",
    ] {
        assert!(!same(text, other), "{other}");
    }
    // A unit stands on the line of its number.
    assert!(!same("rule r: o := 5 USD", "rule r: o := 5\nUSD"));
}

/// Every policy that the project has: those that are wrong in their text are refused.
#[test]
fn every_policy_of_the_project() {
    let mut looked = 0;
    for folder in ["policies", "tests", "docs"] {
        for path in files_under(Path::new(folder)) {
            let name = path.to_string_lossy().into_owned();
            let kind = match name {
                _ if name.ends_with(".comity") => TextKind::Plain,
                _ if name.ends_with(".comity.md") || name.ends_with(".md") => TextKind::Literate,
                _ => continue,
            };
            let text = std::fs::read_to_string(&path).unwrap();
            let new = match formatted(SourceId::default(), &text, kind) {
                Ok(new) => new,
                Err(Unformatted::Errors(_)) => continue,
                Err(Unformatted::NotTheSame) => panic!("{name} would not be the same"),
            };
            kept(&text, &new, kind);
            looked += 1;
        }
    }
    assert!(looked > 200, "{looked}");
}

fn files_under(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

/// Generated policies, as they are and put together badly.
#[test]
fn generated_policies() {
    for seed in 0..effort::times(30, 100_000) {
        let mut dice = Dice::new(seed);
        let policy = made(&mut dice, Features::ALL).policy;
        let text = torn(&mut dice, &policy);
        let new = formatted(SourceId::default(), &text, TextKind::Plain);
        let new = new.unwrap_or_else(|why| panic!("{seed}: {why:?}\n{text}"));
        kept(&text, &new, TextKind::Plain);
    }
}

/// The words and the comments of both are the same, as another reader sees them; the style has nothing to add.
fn kept(old: &str, new: &str, kind: TextKind) {
    assert_eq!(formatted_as(new, kind), new, "the second time, of\n{old}");
    let policy = |text: &str| if kind == TextKind::Literate { literate(text) } else { text.to_string() };
    let (old, new) = (policy(old), policy(new));
    assert_eq!(read(&old), read(&new), "{old}\n----\n{new}");
    for line in new.lines().map(str::trim_end).filter(|line| line.chars().count() > LINE_WIDTH) {
        assert!(line.contains('#') || line.contains('"'), "{line}");
    }
}

/// Words, marks and comments, without the spaces between and in them.
fn read(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut end = 0;
    let comments = |gap: &str, all: &mut Vec<String>| {
        all.extend(gap.lines().map(str::trim).filter(|line| line.starts_with('#')).map(str::to_string));
    };
    for token in scan(text) {
        comments(&text[end..token.start], &mut all);
        end = token.end;
        all.push(token.text(text).trim_end().to_string());
    }
    comments(&text[end..], &mut all);
    all
}

/// A text that parses, with other spaces, line ends and comments between its words; a few are tried at a time.
fn torn(dice: &mut Dice, text: &str) -> String {
    let tokens: Vec<_> = scan(text).collect();
    let mut torn = text.to_string();
    for _ in 0..6 {
        let mut gaps: Vec<_> = (0..6).map(|_| dice.below(tokens.len() as u64) as usize).collect();
        gaps.sort_unstable();
        gaps.dedup();
        let tokens: Vec<_> = scan(&torn).collect();
        let (mut next, mut kept) = (String::new(), 0);
        for at in gaps {
            let (Some(one), Some(other)) = (tokens.get(at), tokens.get(at + 1)) else { continue };
            let gap = &torn[one.end..other.start];
            let is_free = !gap.is_empty() && !gap.contains('#');
            // A unit stands on the line of its number.
            if is_free && !matches!(one.kind, TokenKind::Doc | TokenKind::Number) {
                let new =
                    dice.pick(&["\n", "   ", "\n\n\n", " # told\n", "\n  # alone\n", "\n# one\n\n# other\n"]);
                next += &torn[kept..one.end];
                next += new;
                kept = other.start;
            }
        }
        next += &torn[kept..];
        if crate::syntax::file(SourceId::default(), &next).is_ok() {
            torn = next;
        }
    }
    torn
}
