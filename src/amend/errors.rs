//! All that is said of amendments.

use super::targets::{AmendTarget, all, key};
use crate::diag::{Code, Diagnostic, closest, list_and, tick};
use crate::text::{Sources, Span};
use crate::tree::{Dated, Decl, File, Item, Substitute};

/// More names than this are not listed.
const LISTED: usize = 8;

fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, span, message)
}

/// `rule ceiling`, `scenario "a title"`
fn shown(word: &str, name: &str) -> String {
    match word {
        "scenario" => tick(&format!("scenario \"{name}\"")),
        _ => tick(&format!("{word} {name}")),
    }
}

pub fn loop_of_amendments(span: Span, path: &str) -> Diagnostic {
    error(Code::BadAmendment, span, format!("{} amends itself, through this file", tick(path)))
        .help("a chain of amendments ends at a file that amends nothing")
}

pub(super) fn used_file_amends(span: Span) -> Diagnostic {
    error(Code::BadAmendment, span, "a file that amends another is used by a third")
        .help("a file that amends is the root of its policy: amend it in turn, or compile it by itself")
}

pub(super) fn second_base(span: Span, first: Span) -> Diagnostic {
    error(Code::BadAmendment, span, "this file amends two texts")
        .also(first, "the first")
        .help("amendments form a chain: let one file amend the other, and this one amend the last")
}

pub(super) fn amends_nothing(item: &Item) -> Diagnostic {
    let word = match item.kind {
        Decl::Repeal(_) => "repeal",
        Decl::Replace(_) => "replace",
        Decl::Insert(_) => "insert",
        Decl::Substitute(_) => "substitute",
        _ => "set",
    };
    let message = format!("{} changes another text, and this file amends none", tick(word));
    error(Code::BadAmendment, item.span, message)
        .help(format!("say at the top which text: {}", tick("amends \"base.comity\"")))
}

pub(super) fn not_inserted(item: &Item, known: bool) -> Diagnostic {
    let (what, span) = match AmendTarget::of(item) {
        Some(target) => (shown(target.word, &target.name), target.span),
        None => ("a rule without a name".to_string(), item.span),
    };
    let message = format!("{what} stands in a file that amends, and no operation says what is done with it");
    let said = error(Code::BadAmendment, span, message);
    if known {
        said.help(format!("the base has it: write {} before it to change it", tick("replace")))
    } else {
        said.fix(item.span.before(), "insert ").help(format!("write {} before it", tick("insert")))
    }
}

pub(super) fn article_in_article(span: Span) -> Diagnostic {
    error(Code::BadAmendment, span, "an article cannot stand in an article")
        .help("insert it by itself, or insert its rules one by one")
}

pub(super) fn nameless_on_a_day(span: Span) -> Diagnostic {
    error(Code::BadAmendment, span, "a rule without a name has no head in which its first day could stand")
        .help(format!("give it a name: {}", tick("insert rule NAME: if …")))
}

pub(super) fn unknown_target(target: &AmendTarget, base: &[File], derived: bool) -> Diagnostic {
    let keys: Vec<(&'static str, String)> = all(base).filter_map(|(_, item)| key(&item.kind)).collect();
    let message = format!("the text that is amended has no {}", shown(target.word, &target.name));
    let said = error(Code::UnknownTarget, target.span, message);
    if derived && target.word == "scenario" {
        return said.help("an agreement with a line of its own does not take over the scenarios of its base");
    }
    if let Some((word, _)) = keys.iter().find(|(word, name)| *word != target.word && *name == target.name) {
        return said.help(format!("there it is {} {}", article_of(word), tick(word)));
    }
    let names: Vec<&str> =
        keys.iter().filter(|(word, _)| *word == target.word).map(|(_, name)| name.as_str()).collect();
    let mut once = names.clone();
    once.dedup();
    match closest(&target.name, names.iter().copied()) {
        Some(meant) if target.word == "scenario" => said.here(format!("did you mean \"{meant}\"?")),
        Some(meant) if target.word != "article" => {
            said.here(format!("did you mean {}?", tick(meant))).fix(target.span, meant)
        }
        _ if once.is_empty() => said.help(format!("it has no {} at all", target.word)),
        _ => {
            let mut shown: Vec<String> = once.iter().take(LISTED).map(|name| tick(name)).collect();
            if once.len() > LISTED {
                shown.push(format!("{} others", once.len() - LISTED));
            }
            said.help(format!("it has {}", list_and(&shown)))
        }
    }
}

fn article_of(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) && word != "unit" { "an" } else { "a" }
}

pub(super) fn changed_twice(target: &AmendTarget, first: Span, second: Span) -> Diagnostic {
    let message = format!("two operations are about {}", shown(target.word, &target.name));
    error(Code::ChangedTwice, second, message)
        .also(first, "the first")
        .help("all operations of a file are about the same text: join the two, or put one in a file that amends this one")
}

pub(super) fn only_corrected(target: &AmendTarget, day: &Dated) -> Diagnostic {
    let message = format!("{} cannot change on a day", shown(target.word, &target.name));
    let said = error(Code::OnlyCorrected, target.span, message).also(day.day.span, "this is the day");
    match target.word {
        "fact" => said.help(
            "correct it in a file without `effective`; an amount that changes with time is a fact `over time`",
        ),
        _ => said.help("rules, duties and powers begin and end; this is corrected, in a file without `effective`"),
    }
}

pub(super) fn not_repealed(target: &AmendTarget) -> Diagnostic {
    let message = format!("{} cannot be repealed", shown(target.word, &target.name));
    error(Code::OnlyCorrected, target.span, message)
        .help(format!("correct it: {}", tick(&format!("replace {} {} = …", target.word, target.name))))
}

pub(super) fn one_version(target: &AmendTarget, day: &Dated) -> Diagnostic {
    let message = format!("{} cannot have another text from a day on", shown(target.word, &target.name));
    error(Code::OnlyCorrected, target.span, message).also(day.day.span, "this is the day").help(format!(
        "{} it on that day and {} another under a new name, or correct it in a file without `effective`",
        tick("repeal"),
        tick("insert")
    ))
}

pub(super) fn still_named(word: &str, name: &str, gone: Option<Span>, places: &[Span]) -> Diagnostic {
    let what = shown(word, name);
    let message = format!("{what} is gone, and is still named");
    let (first, rest) = match (gone, places.split_first()) {
        (Some(gone), _) => (error(Code::StillNamed, gone, message).here("gone by this"), places),
        (None, Some((first, rest))) => (error(Code::StillNamed, *first, message), rest),
        (None, None) => (Diagnostic::general(Code::StillNamed, message), places),
    };
    let said = rest.iter().take(LISTED).fold(first, |said, place| said.also(*place, "named here"));
    let more = match rest.len().saturating_sub(LISTED) {
        0 => String::new(),
        n => format!("{n} more places name it; "),
    };
    said.help(format!("{more}change each of these too, so that what the name did there is not lost"))
}

pub(super) fn substitute_once(
    sources: &Sources,
    it: &Substitute,
    target: &AmendTarget,
    found: &[Span],
    others: &[Span],
) -> Diagnostic {
    let (old, what) = (tick(sources.text(it.old.span)), shown(target.word, &target.name));
    if found.is_empty() {
        let said = error(Code::SubstituteOnce, it.old.span, format!("{old} is not in {what}"));
        let mut texts: Vec<String> = others.iter().map(|span| tick(sources.text(*span))).collect();
        texts.dedup();
        texts.truncate(LISTED);
        return match texts.is_empty() {
            true => said.help("no value is written out there"),
            false => said.help(format!("there are {} in it", list_and(&texts))),
        };
    }
    let message = format!("{old} is in {what} {} times", found.len());
    let said = error(Code::SubstituteOnce, it.old.span, message);
    let said = found.iter().take(LISTED).fold(said, |said, place| said.also(*place, "here"));
    said.help(format!(
        "if all are meant, write {} at the end; else {} the whole",
        tick("everywhere"),
        tick("replace")
    ))
}

pub(super) fn first_day(sources: &Sources, it: &Substitute, target: &AmendTarget, first: Span) -> Diagnostic {
    let (old, what) = (tick(sources.text(it.old.span)), shown(target.word, &target.name));
    error(Code::OnlyCorrected, it.old.span, format!("{old} is the first day of {what}, which cannot change on a day"))
        .also(first, "the first day")
        .help("a text that changes on a day begins on that day; correct its first day in a file without `effective`")
}

pub(super) fn two_ends(target: &AmendTarget, own: Span) -> Diagnostic {
    let message = format!("{} has an end of its own already", shown(target.word, &target.name));
    error(Code::TwoEnds, target.span, message)
        .also(own, "this end")
        .help("a head has room for one end: the earlier of the two must be known no later than the other (`known from`)")
}

pub(super) fn ended_already(target: &AmendTarget, own: Span) -> Diagnostic {
    let message = format!("{} has ended by that day", shown(target.word, &target.name));
    error(Code::TwoEnds, target.span, message)
        .also(own, "it ends here")
        .help("insert a new text under a name of its own, or correct this one in a file without `effective`")
}
