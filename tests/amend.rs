//! The laws of amendments, on random policies: before its day an amendment changes nothing, from its day on it means what
//! the corrected text means; and a consolidated text means what the amended trees mean.

use crate::generator::Dice;
use crate::memory::Memory;
use crate::support::files_under;
use comity::cli::Disk;
use comity::compile::{compile, consolidate};
use comity::facts::Facts;
use comity::outcome::Point;
use comity::policy::Policy;
use comity::run::Evaluator;
use comity::scenarios::try_scenario;
use comity::text::{Files, Sources};
use comity::value::Day;

const DAYS: [&str; 6] = ["2025-01-01", "2025-03-01", "2025-06-01", "2025-09-01", "2025-12-01", "2026-03-01"];
/// The day of the amendments, and from when they are known.
const EFFECTIVE: &str = "2025-06-01";
const KNOWN: &str = "2025-05-01";

/// Writes a base and what amends it.
struct Writer {
    dice: Dice,
    /// What each rule of the base stands above: the order has no days (R4), so a new text keeps it.
    above: Vec<String>,
}

impl Writer {
    fn new(seed: u64) -> Writer {
        Writer { dice: Dice::new(seed), above: Vec::new() }
    }

    fn head(&mut self, above: &[&str]) -> String {
        let mut head = String::new();
        if self.dice.below(3) == 0 {
            let title = self.dice.pick(&["one", "two"]);
            head = format!(" \"{title}\"");
        }
        if self.dice.below(3) == 0 {
            head += &format!(" from {}", self.dice.pick(&DAYS));
            if self.dice.below(2) == 0 {
                head += &format!(" known from {}", self.dice.pick(&DAYS));
            }
        }
        let mut priority = String::new();
        if !above.is_empty() && self.dice.below(3) > 0 {
            priority = format!(" notwithstanding {}", self.dice.pick(above));
        }
        head += &priority;
        self.above.push(priority);
        if self.dice.below(4) == 0 {
            head += &format!(" until {}", self.dice.pick(&DAYS));
            if self.dice.below(3) == 0 {
                head += &format!(" known from {}", self.dice.pick(&DAYS));
            }
        }
        head
    }

    fn body(&mut self) -> String {
        let (x, y) = (self.dice.pick(&["1%", "2%", "3%"]), self.dice.pick(&["1%", "2%", "4%"]));
        match self.dice.below(4) {
            0 => format!("t := {x}"),
            1 => format!("if a < 5 then t := {x}"),
            2 => format!("if a < 5 then t := {x} # a remark\n  otherwise t := {y}"),
            _ => format!("if b then t := {x}"),
        }
    }

    fn rule(&mut self, name: &str, above: &[&str]) -> String {
        format!("rule {name}{}: {}", self.head(above), self.body())
    }

    fn base(&mut self) -> String {
        let mut text =
            String::from("# The base.\nfact a : number = 3 # a number\nfact b : bool\noutcome t : rate");
        text += self.dice.pick(&["\n", " otherwise 0%\n"]);
        text += &format!("## A rule.\n{}\n", self.rule("r0", &[]));
        let from = self.dice.pick(&["", " from 2025-03-01", " until 2025-12-01"]);
        text += &format!(
            "article 1{from} {{\n  {}\n  {}\n}}\n",
            self.rule("r1", &["r0"]),
            self.rule("r2", &["r0", "r1"])
        );
        text += &format!("# Last.\n\n{}\n", self.rule("r3", &["r0", "r2", "article 1"]));
        text
    }

    /// Operations without days of their own; `repeals`: some of them take rules away.
    fn operations(&mut self, new: &str, repeals: bool) -> String {
        let mut text = String::new();
        for (rule, above) in ["r0", "r1", "r2", "r3"].into_iter().zip(self.above.clone()) {
            text += &match self.dice.below(8) {
                0 if repeals => format!("repeal rule {rule}\n"),
                1 => {
                    format!("# Why.\n## Its new text.\nreplace rule {rule}{above}: {} # here\n", self.body())
                }
                2 => {
                    format!("substitute 7% for {} in rule {rule} everywhere\n", self.dice.pick(&["1%", "2%"]))
                }
                _ => String::new(),
            };
        }
        match self.dice.below(4) {
            0 => text += &format!("insert in article 1 rule {new} notwithstanding r1: {}\n", self.body()),
            1 => text += &format!("\ninsert rule {new} notwithstanding r3:\n  {}\n", self.body()),
            2 => {
                text +=
                    &format!("insert article 2 {{\n  rule {new} notwithstanding r0: {}\n}}\n", self.body())
            }
            _ => {}
        }
        text
    }
}

fn policy(files: &dyn Files, path: &str) -> Option<Policy> {
    compile(path, files, &mut Sources::new()).ok().map(|compiled| compiled.policy)
}

/// What every outcome without rows is at a point.
fn answers(policy: &Policy, facts: &Facts, point: Point) -> String {
    let mut run = Evaluator::new(policy, facts);
    let asked = policy.outcomes.iter().filter(|(_, outcome)| outcome.for_each.is_none());
    let one = |id| {
        let answer = run.answer(id, None, point);
        // In which order possible answers are listed follows the text.
        let mut possible: Vec<String> = answer.possible.iter().map(|one| format!("{one:?}")).collect();
        possible.sort();
        format!("{:?} {possible:?}\n", answer.status)
    };
    asked.map(|(id, _)| id).map(one).collect()
}

fn points() -> impl Iterator<Item = Point> {
    let days = DAYS.iter().chain(&["2024-12-31", "2025-04-30", "2025-05-31", KNOWN, "2026-06-01"]);
    let days: Vec<Day> = days.map(|day| Day::parse(day).unwrap()).collect();
    let known: Vec<Day> = days.iter().copied().chain([Day::NEVER]).collect();
    days.into_iter().flat_map(move |day| known.clone().into_iter().map(move |known| Point::new(day, known)))
}

fn assert_same(left: &Policy, right: &Policy, point: Point, context: &str) {
    let [one, other] = [left, right].map(|policy| answers(policy, &Facts::none(policy), point));
    assert_eq!(one, other, "on {} as known on {}\n{context}", point.day, point.known);
}

#[test]
fn before_its_day_nothing_changes_and_from_then_on_the_corrected_text_holds() {
    let (mut changed, mut refused) = (0, 0);
    for seed in 0..300 {
        let mut writer = Writer::new(seed);
        let (base, operations) = (writer.base(), writer.operations("new", false));
        let dated = format!("amends \"base\" effective {EFFECTIVE} known from {KNOWN}\n{operations}");
        let corrected = format!("amends \"base\"\n{operations}");
        let context = format!("{base}----\n{dated}");
        let files = Memory::default().with("base", base).with("dated", dated).with("corrected", corrected);
        let Some(before) = policy(&files, "base") else { continue };
        let (Some(dated), Some(after)) = (policy(&files, "dated"), policy(&files, "corrected")) else {
            refused += 1;
            continue;
        };
        changed += 1;
        let (day, known) = (Day::parse(EFFECTIVE).unwrap(), Day::parse(KNOWN).unwrap());
        for point in points() {
            let begun = point.day >= day && point.known >= known;
            assert_same(&dated, if begun { &after } else { &before }, point, &context);
        }
    }
    assert!(changed > 100, "{changed} were compared, {refused} refused");
}

#[test]
fn a_consolidated_text_means_what_the_amended_trees_mean() {
    let mut compared = 0;
    for seed in 0..300 {
        let mut writer = Writer::new(seed + 10_000);
        let mut files = Memory::default().with("base", writer.base());
        let mut context = files.0["base"].clone();
        let mut last = "base".to_string();
        for file in ["first", "second", "third"] {
            let head = [
                "",
                " effective 2025-06-01",
                " effective 2025-06-01 known from 2025-05-01",
                " effective 2025-09-01",
            ];
            let text =
                format!("amends \"{last}\"{}\n{}", writer.dice.pick(&head), writer.operations(file, true));
            context += &format!("---- {file}\n{text}");
            files = files.with(file, text);
            let mut sources = Sources::new();
            let Ok(amended) = compile(file, &files, &mut sources) else { break };
            let text = consolidate(file, &files, &mut Sources::new());
            let text =
                text.unwrap_or_else(|said| panic!("{context}\n{:?}", said.first().map(|one| &one.message)));
            context += &format!("==== as one text\n{text}");
            files = files.with("whole", text);
            let whole = policy(&files, "whole").unwrap_or_else(|| panic!("does not compile: {context}"));
            for point in points() {
                assert_same(&amended.policy, &whole, point, &context);
            }
            last = file.to_string();
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared} were compared");
}

/// The cases of amendments in the project, and its policies: all scenarios come out the same.
#[test]
fn policies_may_be_consolidated() {
    let mut compared = 0;
    let paths = files_under("tests/cases/amend").into_iter().chain(files_under("policies"));
    for path in paths.map(|path| path.to_string_lossy().into_owned()) {
        if !path.ends_with(".comity") && !path.ends_with(".comity.md") {
            continue;
        }
        let Some(amended) = policy(&Disk::default(), &path) else { continue };
        let text = consolidate(&path, &Disk::default(), &mut Sources::new());
        let text = text.unwrap_or_else(|said| panic!("{path}: {:?}", said.first().map(|one| &one.message)));
        let files = Instead { path: path.trim_end_matches(".md").to_string(), text };
        let mut sources = Sources::new();
        let whole = compile(&files.path, &files, &mut sources).expect("compiles").policy;
        assert_eq!(amended.rules.len(), whole.rules.len(), "{path}");
        assert_eq!(amended.scenarios.len(), whole.scenarios.len(), "{path}");
        for scenario in &amended.scenarios {
            let other = whole.scenarios.iter().find(|other| other.title == scenario.title).expect("the same");
            let verdicts = [(&amended, scenario), (&whole, other)].map(|(policy, scenario)| {
                let tried = try_scenario(policy, scenario).expect("it runs");
                let checks = tried.checks.iter().map(|check| check.fails()).collect::<Vec<_>>();
                (
                    checks,
                    answers(policy, &tried.facts, Point::new(Day::parse("2026-12-31").unwrap(), Day::NEVER)),
                )
            });
            assert_eq!(verdicts[0], verdicts[1], "{path}: {}", scenario.title);
        }
        compared += 1;
    }
    assert!(compared > 20, "{compared} were compared");
}

/// The files of the disk, but for one.
struct Instead {
    path: String,
    text: String,
}

impl Files for Instead {
    fn read(&self, path: &str) -> Result<String, String> {
        if path == self.path { Ok(self.text.clone()) } else { Disk::default().read(path) }
    }
}
