//! Foreign text is shown, never obeyed: whatever facts, keys, titles and remarks hold, no report has a sign that is not seen, and
//! no line that begins in a fact.

use crate::effort;
use crate::memory::Memory;
use crate::support::comity_in;
use comity::text::is_unseen;
use proptest::prelude::*;

const POLICY: &str = "agreement deal \"the deal TITLE\" between US and JP
source act \"Act TITLE\"
## doc TITLE
fact t : text
fact on_day : date
entity entry keyed by line { line : text  who : text  value : USD }
outcome who : text otherwise t
outcome fee : USD for each entry
rule own \"title TITLE\" for each entry cites act \"sec. TITLE\": if entry.who = t then fee := entry.value * 2%
rule two \"title TITLE\" for each entry: if entry.who = \"TITLE\" then fee := 3 USD
obligation pay \"title TITLE\" for each entry held by JP: entry.value >= 5 USD by on_day
scenario \"title TITLE\" { given t = \"TITLE\" expect who = \"other\" }
";

/// With it begins what a fact would have as a line of its own.
const FORGED: &str = "tariff = 0%";

fn facts(key: &str, text: &str) -> String {
    let key = serde_json::to_string(key).expect("JSON");
    let text = serde_json::to_string(text).expect("JSON");
    format!(
        "{{\"facts\": {{\"t\": {text}, \"on_day\": \"2026-06-01\"}}, \"rows\": {{\"entry\": {{
        {key}: {{\"who\": {text}, \"value\": \"4 USD\"}}, \"b\": {{\"who\": \"b\", \"value\": \"9 USD\"}}}}}}}}"
    )
}

/// Every report there is, of facts and a policy with such texts.
fn reports(title: &str, text: &str, flags: &[&str]) -> Vec<(String, String)> {
    let policy = POLICY.replace("TITLE", title);
    let rows = format!("line,who,value [USD]\nk,\"{0}\",4\n", text.replace('"', "\"\""));
    let world = Memory::default()
        .with("p.comity", &policy)
        .with("q.comity", policy.replace("2%", "3%"))
        .with("f.json", facts("k", text))
        .with("keyed.json", facts(text, text))
        .with("r.csv", rows)
        .with("wrong.json", facts("k", text).replace("\"t\"", &serde_json::to_string(text).expect("JSON")))
        .with("wrong.csv", format!("line,who,\"{}\"\na,b,c\n", text.replace('"', "\"\"")));
    let set = format!("t={text}");
    let commands: &[&[&str]] = &[
        &["check", "p.comity"],
        &["test", "p.comity"],
        &["test", "p.comity", "--format", "markdown"],
        &["eval", "p.comity", "f.json", "--on", "2026-05-01"],
        &["eval", "p.comity", "f.json", "--on", "2026-05-01", "--format", "markdown"],
        &["eval", "p.comity", "f.json", "--on", "2026-05-01", "--set", &set],
        &["eval", "p.comity", "wrong.json", "--on", "2026-05-01"],
        &["why", "p.comity", "f.json", "who", "--on", "2026-05-01"],
        &["why", "p.comity", "f.json", "fee", "k", "--on", "2026-05-01"],
        &["why", "p.comity", "f.json", "fee", "b", "--on", "2026-05-01", "--format", "markdown"],
        &["why", "p.comity", "f.json", "pay", "k", "--on", "2026-05-01"],
        &["why", "p.comity", "f.json", text, "--on", "2026-05-01"],
        &["timeline", "p.comity", "f.json"],
        &["timeline", "p.comity", "f.json", "--format", "markdown"],
        &["timeline", "p.comity", "f.json", "--format", "svg"],
        &["deadlines", "p.comity", "f.json", "--on", "2026-01-01", "--to", "2027-01-01"],
        &[
            "deadlines",
            "p.comity",
            "f.json",
            "--on",
            "2026-01-01",
            "--to",
            "2027-01-01",
            "--format",
            "markdown",
        ],
        &["diff", "p.comity", "q.comity", "--facts", "f.json"],
        &["diff", "p.comity", "q.comity", "--facts", "f.json", "--format", "markdown"],
        &["diff", "p.comity", "q.comity", "--facts", "f.json", "--format", "html"],
        &[
            "diff",
            "p.comity",
            "q.comity",
            "--rows",
            "r.csv",
            "--by",
            "who",
            "--set-old",
            &set,
            "--set-new",
            &set,
        ],
        &["run", "p.comity", "r.csv", "--set", &set, "--by", "who"],
        &["run", "p.comity", "r.csv", "--set", &set, "--explain", "k"],
        &["run", "p.comity", "r.csv", "--set", &set, "--explain", text],
        &["eval", "p.comity", "keyed.json", "--on", "2026-05-01"],
        &["why", "p.comity", "f.json", "fee", text, "--on", "2026-05-01"],
        &["run", "p.comity", "wrong.csv", "--set", &set],
    ];
    commands.iter().map(|command| report(&world, command, flags)).collect()
}

fn report(world: &Memory, command: &[&str], flags: &[&str]) -> (String, String) {
    let args: Vec<&str> = command.iter().chain(flags).copied().collect();
    let ran = comity_in(world, &args);
    (format!("{command:?}"), format!("{}\n{}", ran.out, ran.err))
}

fn is_sound(command: &str, report: &str) -> Result<(), TestCaseError> {
    let hidden = report.chars().find(|sign| is_unseen(*sign) && *sign != '\n');
    prop_assert_eq!(hidden, None, "{}: {:?}", command, report);
    let forged = report.lines().find(|line| line.trim_start().starts_with(FORGED));
    prop_assert_eq!(forged, None, "{}: {}", command, report);
    Ok(())
}

/// Texts that would be more than texts.
fn foreign(signs: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(signs), 1..6).prop_map(|signs| signs.concat())
}

const IN_FACTS: &[&str] = &[
    "ACME",
    "\n",
    "\r",
    "\r\n",
    "\ntariff = 0%",
    "\r\ntariff = 0%\n",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\t",
    "\u{1b}[2J",
    "\u{1b}[1m",
    "\u{8}",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{0}",
    "`",
    "\"",
    "|",
    "<b>",
    " ",
    "é",
    "\u{e0041}",
];

const IN_POLICIES: &[&str] = &[
    "ACME",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\t",
    "\u{1b}[2J",
    "\u{1b}[31m",
    "\u{8}",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "`",
    "|",
    "<b>",
    " ",
    "é",
];

proptest! {
    #![proptest_config(effort::config(24, 5_000))]

    #[test]
    fn no_report_has_a_sign_that_is_not_seen_nor_a_line_that_begins_in_a_fact(
        title in foreign(IN_POLICIES),
        text in foreign(IN_FACTS).prop_map(|text| format!("ACME{text}")),
    ) {
        for (command, report) in reports(&title, &text, &[]) {
            is_sound(&command, &report)?;
        }
    }
}

/// The reports are there, and the text is in them.
#[test]
fn what_is_foreign_is_shown() {
    let text = "ACME\u{202e}\"\n\ntariff = 0%";
    for (command, report) in reports("T\u{200b}", text, &[]) {
        assert!(report.contains("ACME⟨U+202E⟩") || report.contains("T⟨U+200B⟩"), "{command}: {report}");
    }
    let eval = &reports("T", text, &[])[3].1;
    assert!(eval.contains("who = \"ACME⟨U+202E⟩\"␊␊tariff = 0%\""), "{eval}");
}

/// Where there are colours, they are those of the program.
#[test]
fn no_fact_is_coloured() {
    let text = "A\u{1b}[31mB\u{1b}[2JC";
    for (command, report) in reports("T\u{1b}[2J", text, &["--color", "always"]) {
        assert!(!report.contains("\u{1b}[31mB") && !report.contains("\u{1b}[2J"), "{command}: {report:?}");
    }
}
