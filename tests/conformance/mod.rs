//! The cases of the laws: plain data in `LAW.toml`, asked through the command line alone. `README.md` says how they are read.

use crate::support::files_under;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use toml::de::{DeTable, DeValue};

type Table = Map<String, Json>;

const FOLDER: &str = "tests/conformance";

/// How many there are at least, in all and for each law.
const CASES: usize = 400;
const FOR_EACH_LAW: usize = 2;

/// What the program left behind.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// One case, with the name of its test: `conformance::R4::of_two_rules_the_one_above_decides`.
pub struct Case {
    pub name: String,
    entries: Table,
}

pub fn cases() -> Vec<Case> {
    let is_data = |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "toml");
    files_under(FOLDER).into_iter().filter(is_data).flat_map(|path| in_file(&path)).collect()
}

fn in_file(path: &std::path::Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("a file of cases");
    let file = DeTable::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file = plain(&DeValue::Table(file.into_inner()));
    let law = path.file_stem().expect("a name").to_string_lossy();
    let listed = file.get("case").and_then(Json::as_array).expect("cases");
    let named = |case: &Json| {
        let entries = case.as_object().expect("a case").clone();
        let says: String = text_of(&entries, "says")
            .chars()
            .map(|sign| if sign.is_alphanumeric() { sign } else { '_' })
            .collect();
        Case { name: format!("conformance::{law}::{says}"), entries }
    };
    listed.iter().map(named).collect()
}

/// A value without its places.
fn plain(value: &DeValue<'_>) -> Json {
    match value {
        DeValue::Table(table) => {
            table.iter().map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref()))).collect()
        }
        DeValue::Array(list) => list.iter().map(|item| plain(item.get_ref())).collect(),
        DeValue::String(text) => Json::from(text.as_ref()),
        DeValue::Integer(number) => Json::from(number.as_str().parse::<i64>().expect("a small number")),
        other => panic!("{other:?} is in no case"),
    }
}

/// Every law of the page is shown, and there are many cases.
pub fn every_law_is_shown() -> Result<(), String> {
    let page = std::fs::read_to_string("docs/semantics.md").expect("the page of laws");
    let laws = page.lines().filter_map(|line| line.strip_prefix("**"));
    let laws =
        laws.filter_map(|line| line.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '\'').next());
    let laws = laws.filter(|law| law.contains(|sign: char| sign.is_ascii_digit()));
    let cases = cases();
    let mut shown: BTreeMap<&str, usize> = laws.map(|law| (law, 0)).collect();
    let mut names = BTreeSet::new();
    for case in &cases {
        for law in list_of(&case.entries, "laws") {
            *shown.get_mut(law).ok_or(format!("{}: there is no law {law}", case.name))? += 1;
        }
        if !names.insert(&case.name) {
            return Err(format!("two cases say the same: {}", case.name));
        }
    }
    let rare: Vec<&str> =
        shown.into_iter().filter(|(_, count)| *count < FOR_EACH_LAW).map(|(law, _)| law).collect();
    match (rare.is_empty(), cases.len() < CASES) {
        (false, _) => Err(format!("shown less than {FOR_EACH_LAW} times: {}", rare.join(", "))),
        (true, true) => Err(format!("only {} cases", cases.len())),
        (true, false) => Ok(()),
    }
}

impl Case {
    /// Nothing, or what is other than it should be.
    pub fn judge(&self) -> Result<(), String> {
        const KEYS: [&str; 13] = [
            "says", "laws", "policy", "facts", "on", "known", "ask", "args", "files", "exit", "answer",
            "output", "refused",
        ];
        if let Some(key) = self.entries.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!("there is no key `{key}`"));
        }
        let ran = self.ask();
        let said = |what: String| format!("{what}\nexit {:?}\n{}{}", ran.code, ran.out, ran.err);
        self.compare(&ran).map_err(said)
    }

    /// In a folder of its own.
    fn ask(&self) -> Ran {
        let text = |key| self.entries.get(key).map(|_| text_of(&self.entries, key));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(self.name.replace("::", "/"));
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder to write in");
            std::fs::write(path, text).expect("a file to write");
        };
        write("policy.comity", text_of(&self.entries, "policy"));
        write("facts.yaml", text("facts").unwrap_or("{}\n"));
        if let Some(more) = self.entries.get("files").and_then(Json::as_object) {
            more.keys().for_each(|name| write(name, text_of(more, name)));
        }
        let ask = text("ask").unwrap_or("eval");
        let mut args = vec![ask];
        args.extend(match ask {
            "eval" | "timeline" | "deadlines" => vec!["policy.comity", "facts.yaml"],
            "check" | "test" => vec!["policy.comity"],
            _ => Vec::new(),
        });
        args.extend(list_of(&self.entries, "args"));
        for (flag, key) in [("--on", "on"), ("--known", "known")] {
            args.extend(text(key).map(|day| [flag, day]).into_iter().flatten());
        }
        if self.entries.contains_key("answer") && !args.contains(&"--format") {
            args.extend(["--format", "json"]);
        }
        let mut program = Command::new(env!("CARGO_BIN_EXE_comity"));
        let ran =
            program.args(args).current_dir(&folder).stdin(Stdio::null()).output().expect("the program runs");
        std::fs::remove_dir_all(&folder).expect("a folder to take away");
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        Ran { code: ran.status.code(), out: text(ran.stdout), err: text(ran.stderr) }
    }

    fn compare(&self, ran: &Ran) -> Result<(), String> {
        let entry = |key: &str| self.entries.get(key);
        if let Some(code) = entry("exit").and_then(Json::as_i64)
            && ran.code.map(i64::from) != Some(code)
        {
            return Err(format!("exit {code} was wanted"));
        }
        if entry("refused").is_some() {
            let wanted: BTreeSet<&str> = list_of(&self.entries, "refused").into_iter().collect();
            let codes = codes(&ran.err);
            if codes != wanted {
                return Err(format!("refused with {codes:?}, not {wanted:?}"));
            }
        }
        if entry("output").is_some() && text_of(&self.entries, "output") != ran.out {
            return Err(format!("another output was wanted:\n{}", text_of(&self.entries, "output")));
        }
        if entry("answer").is_some() {
            let wanted: Json =
                serde_json::from_str(text_of(&self.entries, "answer")).map_err(|error| error.to_string())?;
            let got: Json = serde_json::from_str(&ran.out).map_err(|error| format!("no JSON: {error}"))?;
            return differs(&wanted, &got, "answer").map_or(Ok(()), Err);
        }
        match ["refused", "output"].iter().any(|key| entry(key).is_some()) {
            true => Ok(()),
            false => Err("it wants nothing".to_string()),
        }
    }
}

/// The codes of errors: each on a line of its own, above an empty one.
fn codes(printed: &str) -> BTreeSet<&str> {
    let is_code = |line: &str| {
        line.starts_with(|sign: char| sign.is_ascii_lowercase())
            && line.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-')
    };
    let lines: Vec<&str> = printed.lines().collect();
    let pairs = lines.iter().zip(lines.iter().skip(1).chain([&""]));
    pairs.filter(|(line, next)| is_code(line) && next.trim().is_empty()).map(|(line, _)| *line).collect()
}

/// Where what was got is not what was wanted: of an object only the keys that are wanted count.
fn differs(wanted: &Json, got: &Json, at: &str) -> Option<String> {
    match (wanted, got) {
        (Json::Object(wanted), Json::Object(got)) => {
            wanted.iter().find_map(|(key, value)| match got.get(key) {
                Some(got) => differs(value, got, &format!("{at}.{key}")),
                None => Some(format!("{at} has no `{key}`")),
            })
        }
        (Json::Array(wanted), Json::Array(got)) if wanted.len() == got.len() => {
            let mut items = wanted.iter().zip(got).enumerate();
            items.find_map(|(place, (wanted, got))| differs(wanted, got, &format!("{at}[{place}]")))
        }
        _ => (wanted != got).then(|| format!("{at}: {wanted} was wanted, not {got}")),
    }
}

fn text_of<'t>(entries: &'t Table, key: &str) -> &'t str {
    entries.get(key).and_then(Json::as_str).unwrap_or_else(|| panic!("`{key}` is a text"))
}

fn list_of<'t>(entries: &'t Table, key: &str) -> Vec<&'t str> {
    let list = entries.get(key).and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    list.iter().map(|item| item.as_str().expect("a text")).collect()
}
