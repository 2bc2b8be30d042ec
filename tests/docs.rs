//! The documentation is run: its policies are checked, its commands give what is shown beside them, and the page of each
//! code has an example that gives the code and one that does not.

use crate::blocks::{Block, blocks};
use crate::memory::Memory;
use crate::support::{comity, files_under, words};
use comity::compile::compile;
use comity::diag::{Code, Diagnostic};
use comity::formats::{Format, facts};
use comity::policy::Policy;
use comity::regions::findings::{STEPS, look};
use comity::report::{allowances, noted, unmet as unmet_claim};
use comity::run::Evaluator;
use comity::scenarios::{Check, Claim, stated, try_scenario};
use comity::text::{Files, Sources};
use comity::words::{Audience, Words};
use std::path::PathBuf;

/// The policy of an example.
const EXAMPLE: &str = "example.comity";

/// Pages whose examples are files, folders or commands, not policies.
const WITHOUT_POLICY: &[Code] = &[
    Code::WhichPolicy,
    Code::AnswerFormat,
    Code::Usage,
    Code::NotBuiltIn,
    Code::FactsFormat,
    Code::FileUnreadable,
    Code::FileUnwritable,
    Code::TooLarge,
    Code::BadCalendar,
    Code::BadSchedule,
    Code::NoSuchNote,
    Code::BadLedger,
    Code::NotShown,
    Code::NotInLedger,
    Code::OutOfDate,
];

#[test]
fn policies_in_the_documentation_have_no_errors_and_their_scenarios_hold() {
    let mut failed = Vec::new();
    for (path, text) in documents() {
        let blocks = blocks(&text);
        let files: Vec<&Block> = blocks.iter().filter(|block| block.file().is_some()).collect();
        for block in blocks.iter().filter(|block| block.language() == "comity") {
            let mut example = files.clone();
            example.push(block);
            let said = codes(&example, None);
            match block.mark() {
                Some(mark) if mark.starts_with("ignore-") => continue,
                _ if said.is_empty() => failed.extend(
                    unmet(&example)
                        .iter()
                        .map(|title| format!("{}:{}: {title:?} fails", path.display(), block.line)),
                ),
                _ => failed.push(format!("{}:{}: {said:?}", path.display(), block.line)),
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn commands_in_the_documentation_give_what_is_shown() {
    let mut failed = Vec::new();
    for (path, text) in documents() {
        for block in blocks(&text).iter().filter(|block| block.language() == "console") {
            for (command, shown) in commands(&block.text) {
                let args = words(&command);
                let ran = comity(&args.iter().map(String::as_str).collect::<Vec<_>>());
                let got = ran.out + &ran.err;
                if !shows(&shown, &got) {
                    failed.push(format!("{}:{}: comity {command}\n{got}", path.display(), block.line));
                }
            }
        }
    }
    assert!(failed.is_empty(), "not as shown:\n{}", failed.join("\n"));
}

#[test]
fn pages_of_codes_have_an_example_that_gives_the_code_and_one_that_does_not() {
    let mut failed = Vec::new();
    for code in Code::ALL {
        let path = format!("docs/errors/{code}.md");
        let page = std::fs::read_to_string(&path).expect("a page");
        if !page.starts_with(&format!("# {code}")) {
            failed.push(format!("{path}: begins with another heading than `# {code}`"));
        }
        let blocks = blocks(&page);
        let under = |heading: &str| -> Vec<&Block> {
            blocks.iter().filter(|block| block.under.starts_with(heading)).collect()
        };
        let (wrong, right) = (under("Wrong"), under("Right"));
        if WITHOUT_POLICY.contains(code) {
            continue;
        }
        let said = codes(&wrong, Some(*code));
        if said.is_empty() || said.iter().any(|other| other != code) {
            failed.push(format!("{path}: the wrong example gives {said:?}"));
        }
        let said = codes(&right, Some(*code));
        if right.is_empty() || !said.is_empty() {
            failed.push(format!("{path}: the right example gives {said:?}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_page_is_that_of_a_code() {
    for path in files_under("docs/errors") {
        let name = path.file_stem().expect("a file").to_string_lossy();
        assert!(Code::named(&name).is_some(), "{} is no page of a code", path.display());
    }
}

/// README, the guides and the reference; not the pages of codes.
fn documents() -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> =
        files_under("docs").into_iter().filter(|path| !path.starts_with("docs/errors")).collect();
    paths.extend(
        ["README.md", "policies/README.md"].map(PathBuf::from).into_iter().filter(|path| path.exists()),
    );
    let paths = paths.into_iter().filter(|path| path.extension().is_some_and(|end| end == "md"));
    paths.map(|path| (path.clone(), std::fs::read_to_string(path).expect("a document"))).collect()
}

/// The policies of an example, each with all of its files. Blocks with a file name are files.
fn policies(example: &[&Block]) -> Vec<Memory> {
    let files = || {
        let named = example.iter().filter_map(|block| Some((block.file()?, block)));
        named.fold(Memory::default(), |files, (name, block)| files.with(name, block.text.clone()))
    };
    let roots = example.iter().filter(|block| block.language() == "comity" && block.file().is_none());
    roots.map(|root| files().with(EXAMPLE, root.text.clone())).collect()
}

/// The scenarios of an example in which something expected is not so.
fn unmet(example: &[&Block]) -> Vec<String> {
    let mut unmet = Vec::new();
    for files in policies(example) {
        let compiled = compile(EXAMPLE, &files, &mut Sources::new()).expect("a policy");
        for scenario in &compiled.policy.scenarios {
            let tried = try_scenario(&compiled.policy, scenario).expect("facts");
            let expected = |check: &Check| matches!(check.claim, Claim::Expect(_)) && check.fails();
            unmet.extend(tried.checks.iter().any(expected).then(|| scenario.title.clone()));
        }
    }
    unmet
}

/// Everything that is said of an example: its policy, then its facts, then its scenarios. `of` a lint counts only where
/// that lint is meant.
fn codes(example: &[&Block], of: Option<Code>) -> Vec<Code> {
    let mut codes = Vec::new();
    for files in policies(example) {
        let data: Vec<&&Block> =
            example.iter().filter(|block| Format::of(&file_name(block)).is_some()).collect();
        let said = said(&files, &data);
        codes.extend(said.iter().filter(|one| one.is_error() || of == Some(one.code)).map(|one| one.code));
    }
    codes
}

fn file_name(block: &Block) -> String {
    block.file().map_or_else(|| format!("facts.{}", block.language()), String::from)
}

fn said(files: &dyn Files, data: &[&&Block]) -> Vec<Diagnostic> {
    let mut sources = Sources::new();
    let compiled = match compile(EXAMPLE, files, &mut sources) {
        Ok(compiled) => compiled,
        Err(said) => return said,
    };
    let mut said = compiled.lints;
    said.extend(found(&compiled.policy, &sources));
    for block in data {
        let name = file_name(block);
        let id = sources.add(name.clone(), block.text.clone());
        let format = Format::of(&name).expect("a facts file");
        let bound = facts(&mut sources, id, format, files).and_then(|input| stated(&compiled.policy, &input));
        said.extend(bound.err().unwrap_or_default());
    }
    for scenario in &compiled.policy.scenarios {
        match try_scenario(&compiled.policy, scenario) {
            Err(wrong) => said.extend(wrong),
            Ok(tried) => {
                let (policy, facts, sources) = (&compiled.policy, &tried.facts, &sources);
                let words = Words { policy, facts, sources, audience: Audience::People };
                let mut run = Evaluator::new(policy, facts);
                let failed = tried.checks.iter().filter(|check| check.fails());
                said.extend(failed.map(|check| unmet_claim(scenario, check, words, &mut run)));
                said.extend(tried.wrong);
            }
        }
    }
    said
}

/// What is found for all facts, and not allowed.
fn found(policy: &Policy, sources: &Sources) -> Vec<Diagnostic> {
    let made = look(policy, STEPS);
    let mut noted = noted(policy, sources, made.found);
    let mut allowed = allowances(sources);
    allowed.apply(&mut noted, sources);
    let open = noted.into_iter().filter(|one| one.allowed.is_none()).map(|one| one.diagnostic);
    open.chain(allowed.in_vain(|_| true)).collect()
}

/// `$ comity …` lines, each with the lines below it.
fn commands(text: &str) -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ comity ") {
            commands.push((command.to_string(), Vec::new()));
        } else if let Some((_, shown)) = commands.last_mut() {
            shown.push(line.to_string());
        }
    }
    commands
}

/// Whether an output is as shown; a line `…` stands for any lines, and nothing shown for anything.
fn shows(shown: &[String], got: &str) -> bool {
    let got: Vec<&str> = got.trim_end().lines().map(str::trim_end).collect();
    let shown: Vec<&str> = shown.iter().map(|line| line.trim_end()).collect();
    shown.iter().all(|line| line.is_empty()) || matches(&shown, &got)
}

fn matches(shown: &[&str], got: &[&str]) -> bool {
    match (shown, got) {
        ([], []) | ([""], []) => true,
        (["…", rest @ ..], _) => (0..=got.len()).any(|skip| matches(rest, &got[skip..])),
        ([first, rest @ ..], [line, more @ ..]) => first == line && matches(rest, more),
        _ => false,
    }
}
