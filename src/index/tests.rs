use super::{NameIndex, NameKind, UseRole};
use crate::syntax::{file_lossy, literate};
use crate::text::Sources;

fn index(text: &str) -> (NameIndex, Sources) {
    let mut sources = Sources::new();
    let id = sources.add("p.comity", text);
    let (file, _) = file_lossy(id, text);
    (NameIndex::of(&[(id, &file)], &sources), sources)
}

/// The uses of a name with their roles, as `line:column role`.
fn uses(text: &str, name: &str) -> Vec<String> {
    let (index, sources) = index(text);
    let named = index.names().filter(|(_, thing)| thing.name == name);
    let shown = |one: &super::NameUse| {
        format!("{} {:?}", sources.place(one.span).trim_start_matches("p.comity:"), one.role)
    };
    named.flat_map(|(id, _)| index.uses(id).map(shown).collect::<Vec<_>>()).collect()
}

#[test]
fn a_name_is_declared_read_and_decided() {
    let text = "fact a : USD\noutcome o : USD\nrule r: if a > 1 USD then o := a\n";
    assert_eq!(uses(text, "a"), ["1:6 Declares", "3:12 Reads", "3:32 Reads"]);
    assert_eq!(uses(text, "o"), ["2:9 Declares", "3:27 Decides"]);
}

#[test]
fn what_cannot_be_read_still_has_its_words() {
    let text =
        "fact a : USD\noutcome o : USD\nrule r: if a > then o := a\nrule s notwithstanding r: o := a\n";
    assert_eq!(uses(text, "a"), ["1:6 Declares", "3:12 Unread", "3:26 Unread", "4:32 Reads"]);
    assert_eq!(uses(text, "r"), ["3:6 Unread", "4:24 Reads"]);
}

#[test]
fn a_choice_may_be_called_like_a_rule() {
    let text = "enum E = a, b\nfact f : E\noutcome o : bool\nrule a: o := f = a\nrule c notwithstanding a: o := f = E.b\n";
    let (index, _) = index(text);
    let of = |kind| {
        let id = index.names().find(|(_, thing)| thing.name == "a" && thing.kind == kind).map(|(id, _)| id);
        index.uses(id.expect("a name")).count()
    };
    assert_eq!((of(NameKind::Choice), of(NameKind::Rule)), (2, 2));
}

#[test]
fn who_stands_above_whom_is_known_both_ways() {
    let text = "\
source S \"s\"
article 1 cites S {
  rule low: o := 1%
}
article 2 {
  rule high notwithstanding article 1: o := 2%
  rule higher notwithstanding S: o := 3%
  rule lowest subject to low: o := 0%
}
outcome o : rate
";
    let (index, _) = index(text);
    let names = |list: Vec<super::NameId>| -> Vec<String> {
        list.into_iter().filter_map(|id| Some(index.get(id)?.name.clone())).collect()
    };
    let rule = |name: &str| index.global(name).expect("a rule");
    assert_eq!(names(index.order().above(rule("low"))), ["high", "higher"]);
    assert_eq!(names(index.order().below(rule("low"))), ["lowest"]);
    assert_eq!(names(index.order().above(rule("lowest"))), ["low"]);
    assert_eq!(names(index.order().below(rule("high"))), ["1"]);
}

/// Every word of every policy that is a name of the policy and no other word is found where it stands.
#[test]
fn uses_are_where_their_words_are() {
    let mut seen = 0;
    for path in policies("policies") {
        let text = std::fs::read_to_string(&path).expect("a policy");
        let rules = if path.ends_with(".md") { literate(&text) } else { text };
        let (index, sources) = index(&rules);
        for (id, thing) in index.names() {
            for one in index.uses(id) {
                let words = sources.text(one.span).trim_matches('"');
                assert_eq!(words, thing.name, "{path}");
                seen += 1;
            }
            let declared = index.uses(id).filter(|one| one.role == UseRole::Declares).count();
            assert!(declared >= 1, "{path}: {} is declared nowhere", thing.name);
        }
    }
    assert!(seen > 5_000, "{seen}");
}

fn policies(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path().display().to_string();
        if std::path::Path::new(&path).is_dir() {
            found.extend(policies(&path));
        } else if path.ends_with(".comity") || path.ends_with(".comity.md") {
            found.push(path);
        }
    }
    found.sort();
    found
}
