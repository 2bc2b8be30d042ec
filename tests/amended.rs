//! What amendments make of a text is what somebody would have written by hand: the amended policy, the consolidated text
//! and a text written anew from the laws (A2) give the same answers, for the same reasons, in the same words, on the days
//! around the one from which the law changes and from which that was known.

use crate::effort::times;
use crate::generator::Dice;
use crate::memory::Memory;
use crate::support::comity_in;
use comity::compile::{compile, consolidate};
use comity::outcome::Point;
use comity::policy::{Dated, ExprId, Policy, RuleId};
use comity::run::Evaluator;
use comity::scenarios::try_scenario;
use comity::text::Sources;
use comity::value::Day;

const DAYS: [&str; 5] = ["2025-02-01", "2025-04-15", "2025-06-01", "2025-09-01", "2026-02-01"];

/// A day in a head, and from when it is known.
#[derive(Clone, Copy)]
struct When {
    day: &'static str,
    known: Option<&'static str>,
}

impl When {
    fn written(self) -> String {
        match self.known {
            Some(known) => format!("{} known from {known}", self.day),
            None => self.day.to_string(),
        }
    }
}

/// Written days come in the order of their letters; what was always known was known before any day.
fn earlier(own: Option<When>, day: When) -> Result<Option<When>, Refused> {
    let Some(own) = own else { return Ok(Some(day)) };
    if own.day <= day.day && own.known <= day.known {
        return Ok(None);
    }
    if own.day >= day.day && own.known >= day.known {
        return Ok(Some(day));
    }
    if own.known == day.known { Ok(Some(own)) } else { Err(Refused) }
}

fn later(own: Option<When>, day: When) -> When {
    let Some(own) = own else { return day };
    When { day: own.day.max(day.day), known: own.known.max(day.known) }
}

/// One head would have to say two ends, or the text has ended.
#[derive(Debug)]
struct Refused;

#[derive(Clone)]
struct Clause {
    kind: &'static str,
    name: String,
    article: Option<usize>,
    from: Option<When>,
    until: Option<When>,
    title: &'static str,
    head: String,
    shape: &'static str,
    literals: Vec<&'static str>,
}

impl Clause {
    fn body(&self) -> String {
        let mut literals = self.literals.iter();
        let parts = self.shape.split("{}").enumerate();
        parts
            .map(
                |(at, part)| {
                    if at == 0 { part.to_string() } else { format!("{}{part}", literals.next().unwrap()) }
                },
            )
            .collect()
    }

    /// What is inserted into no article comes behind all others.
    fn is_behind(&self) -> bool {
        self.article.is_none() && self.name.starts_with('n')
    }

    /// Without its first and last day.
    fn undated(&self) -> String {
        format!("{} {}{}{}: {}", self.kind, self.name, self.title, self.head, self.body())
    }

    fn written(&self) -> String {
        let from = self.from.map(|when| format!(" from {}", when.written())).unwrap_or_default();
        let until = self.until.map(|when| format!(" until {}", when.written())).unwrap_or_default();
        format!("{} {}{}{from}{until}{}: {}", self.kind, self.name, self.title, self.head, self.body())
    }
}

#[derive(Clone, Copy, Default)]
struct Window {
    from: Option<When>,
    until: Option<When>,
}

#[derive(Clone)]
struct Law {
    articles: [Window; 2],
    clauses: Vec<Clause>,
}

const RULES: [(&str, &str); 7] = [
    ("t := {}", "P"),
    ("if a < {} then t := {}", "NP"),
    ("if a < {} then t := {} # a remark\n  otherwise t := {}", "NPP"),
    ("if late then t := {} until paid", "P"),
    ("if late or a > {} then t := {} until paid\n  otherwise t := {}", "NPP"),
    ("if late then t := {} for {}", "PW"),
    ("if begun + {} < today then t := {}", "BP"),
];
const DUTIES: [(&str, &str); 2] = [("if a > {} then paid by {}", "ND"), ("paid within {} of begun", "B")];

fn literal(kind: char, dice: &mut Dice) -> &'static str {
    match kind {
        'P' => dice.pick(&["1%", "2%", "3.5%", "40 bp"]),
        'N' => dice.pick(&["2", "5", "-3"]),
        'W' => dice.pick(&["30 days", "6 weeks", "2 months rounding down", "20 business days"]),
        'B' => dice.pick(&["45 business days", "10 business days in us_federal", "30 days"]),
        _ => dice.pick(&["2025-05-15", "2025-08-01", "2025-12-31"]),
    }
}

fn shaped(list: &[(&'static str, &str)], dice: &mut Dice) -> (&'static str, Vec<&'static str>) {
    let (shape, kinds) = dice.pick(list);
    (shape, kinds.chars().map(|kind| literal(kind, dice)).collect())
}

/// What the rule of that number may stand above: rules of smaller numbers only, so that there is no loop.
fn head(number: usize, dice: &mut Dice) -> String {
    let mut head = String::new();
    // Rule 1 alone cites it, and rule 4 stands above it though it cites it itself.
    if number == 1 || number == 4 {
        head += " cites S1";
    }
    let above: &[&str] = match number {
        0 => &[],
        1 => &["r0"],
        2 => &["r0", "r1", "article 1", "S1, r0"],
        3 => &["r1, r2", "article 1", "S1"],
        4 => &["S1, r0", "article 1, r3", "r0, r1, r2, r3"],
        _ => &["article 2", "r4", "r0, article 1, article 2"],
    };
    if !above.is_empty() && dice.below(4) > 0 {
        head += &format!(" notwithstanding {}", dice.pick(above));
    }
    head
}

fn rule(number: usize, name: &str, article: Option<usize>, dice: &mut Dice) -> Clause {
    let (shape, literals) = shaped(&RULES, dice);
    let (title, head) = (dice.pick(&["", "", " \"A title\"", " \"Another\""]), head(number, dice));
    Clause {
        kind: "rule",
        name: name.to_string(),
        article,
        from: None,
        until: None,
        title,
        head,
        shape,
        literals,
    }
}

fn duty(name: &str, article: Option<usize>, dice: &mut Dice) -> Clause {
    let (shape, literals) = shaped(&DUTIES, dice);
    let (title, head) = ("", " held by CH".to_string());
    Clause {
        kind: "obligation",
        name: name.to_string(),
        article,
        from: None,
        until: None,
        title,
        head,
        shape,
        literals,
    }
}

fn window(dice: &mut Dice) -> Window {
    let when = |dice: &mut Dice| dice.one_in(3).then(|| When { day: dice.pick(&DAYS), known: None });
    let (from, until) = (when(dice), when(dice));
    let ordered = from.zip(until).is_none_or(|(from, until)| from.day < until.day);
    if ordered { Window { from, until } } else { Window { from, until: None } }
}

const PLACES: [Option<usize>; 6] = [None, Some(0), Some(0), Some(1), Some(1), None];

fn law(dice: &mut Dice) -> Law {
    let mut clauses = Vec::new();
    for (number, article) in PLACES.into_iter().enumerate() {
        let mut one = rule(number, &format!("r{number}"), article, dice);
        if dice.one_in(3) {
            Window { from: one.from, until: one.until } = window(dice);
        }
        clauses.push(one);
        if number == 2 || number == 5 {
            let mut one = duty(&format!("d{number}"), article, dice);
            Window { from: one.from, until: one.until } = window(dice);
            clauses.push(one);
        }
    }
    Law { articles: [window(dice), window(dice)], clauses }
}

const FACTS: &str = "calendar us_federal
source S1 \"The order\" binding
fact a : number
fact late : bool over time
fact paid : bool over time
fact begun : date
outcome t : rate otherwise 0%
";

const GIVEN: &str = "scenario \"the facts\" {
  given a = 4
  given late = false from 2025-01-01, true from 2025-04-20, false from 2025-05-20, true from 2025-07-10
  given paid = false from 2025-01-01, true from 2025-07-20, false from 2025-07-21, true from 2025-10-01
  given begun = 2025-04-01
}
";

const STATED: &str = "a: 4
late: [false from 2025-01-01, true from 2025-04-20, false from 2025-05-20, true from 2025-07-10]
paid: [false from 2025-01-01, true from 2025-07-20, false from 2025-07-21, true from 2025-10-01]
begun: 2025-04-01
";

impl Law {
    fn written(&self) -> String {
        let mut text = format!("agreement law between US and CH\n{FACTS}");
        for article in [None, Some(0), Some(1)] {
            let mut inside: Vec<String> = Vec::new();
            let here = self.clauses.iter().filter(|clause| clause.article == article && !clause.is_behind());
            inside.extend(here.map(Clause::written));
            match article {
                None => text += &format!("{}\n", inside.join("\n")),
                Some(number) => {
                    let window = self.articles[number];
                    let from =
                        window.from.map(|when| format!(" from {}", when.written())).unwrap_or_default();
                    let until =
                        window.until.map(|when| format!(" until {}", when.written())).unwrap_or_default();
                    text +=
                        &format!("article {}{from}{until} {{\n  {}\n}}\n", number + 1, inside.join("\n  "));
                }
            }
        }
        text += GIVEN;
        let behind = self.clauses.iter().filter(|clause| clause.is_behind());
        behind.fold(text, |text, clause| format!("{text}{}\n", clause.written()))
    }

    /// R1: the days of an article are those of its rules, and of nothing else.
    fn outer(&self, clause: &Clause) -> Window {
        match clause.article {
            Some(article) if clause.kind == "rule" => self.articles[article],
            _ => Window::default(),
        }
    }

    fn versions(&self, name: &str) -> Vec<usize> {
        (0..self.clauses.len()).filter(|at| self.clauses[*at].name == name).collect()
    }

    fn end(&mut self, name: &str, day: When) -> Result<(), Refused> {
        let (mut ends, mut ended) = (false, false);
        for at in self.versions(name) {
            let clause = &self.clauses[at];
            match earlier(clause.until.or(self.outer(clause).until), day)? {
                Some(until) => {
                    self.clauses[at].until = Some(until);
                    ends = true;
                }
                None => ended = true,
            }
        }
        if !ends && ended { Err(Refused) } else { Ok(()) }
    }

    fn new_version(&mut self, new: Clause, own: Option<When>, day: When) -> Result<(), Refused> {
        let last = *self.versions(&new.name).last().expect("it is there");
        let from = later(own.or(self.outer(&new).from), day);
        let name = new.name.clone();
        self.end(&name, day)?;
        self.clauses.insert(last + 1, Clause { from: Some(from), ..new });
        Ok(())
    }

    fn is_named(&self, name: &str) -> bool {
        let words = |clause: &Clause| clause.head.split([' ', ',']).any(|word| word == name);
        self.clauses.iter().any(|clause| clause.name != name && words(clause))
    }
}

/// One amending file: what it says, and the law as it is then.
fn amendment(law: &Law, layer: usize, dice: &mut Dice) -> Result<(String, Law), Refused> {
    let effective = match dice.below(4) {
        0 => None,
        1 => Some(When { day: dice.pick(&["2025-06-01", "2025-07-15"]), known: None }),
        _ => Some(When { day: dice.pick(&["2025-06-01", "2025-07-15"]), known: Some("2025-05-01") }),
    };
    let mut said = effective.map(|when| format!(" effective {}", when.written())).unwrap_or_default();
    said.push('\n');
    let mut new = law.clone();
    let gone = if dice.one_in(6) { Some(1) } else { None };
    if let (Some(article), Some(day)) = (gone, effective) {
        said += "repeal article 2\n";
        let window = &mut new.articles[article];
        window.until = Some(earlier(window.until, day)?.ok_or(Refused)?);
        for clause in new.clauses.iter_mut().filter(|clause| clause.article == Some(article)) {
            if clause.kind != "rule" || clause.until.is_some() {
                clause.until = earlier(clause.until, day)?.or(clause.until);
            }
        }
    }
    let mut names: Vec<String> = law.clauses.iter().map(|clause| clause.name.clone()).collect();
    names.dedup();
    for name in names {
        let versions = law.versions(&name);
        let last = law.clauses[*versions.last().expect("it is there")].clone();
        if gone.is_some() && last.article == gone {
            continue;
        }
        let number: usize = name[1..].parse().unwrap_or(9);
        let dated = effective.filter(|_| last.kind == "rule");
        match dice.below(7) {
            0 if effective.is_some() || !new.is_named(&name) => {
                said += &format!("repeal {} {name}\n", last.kind);
                match effective {
                    Some(day) => new.end(&name, day)?,
                    None => new.clauses.retain(|clause| clause.name != name),
                }
            }
            1 if dated.is_some() == effective.is_some() => {
                let text = if last.kind == "rule" {
                    rule(number, &name, last.article, dice)
                } else {
                    duty(&name, last.article, dice)
                };
                said += &format!("# Why.\nreplace {} # here\n", text.undated());
                match dated {
                    Some(day) => new.new_version(text, None, day)?,
                    None => {
                        let first = new.versions(&name)[0];
                        new.clauses[first] = text;
                        let mut seen = 0;
                        new.clauses.retain(|clause| {
                            seen += usize::from(clause.name == name);
                            clause.name != name || seen == 1
                        });
                    }
                }
            }
            2 | 3 if dated.is_some() == effective.is_some() => {
                let about = if dated.is_some() { vec![*versions.last().expect("one")] } else { versions };
                let places: Vec<&str> =
                    about.iter().flat_map(|at| law.clauses[*at].literals.clone()).collect();
                let (old, fresh) = (dice.pick(&places), literal(dice.pick(&['P', 'N', 'W', 'B']), dice));
                let kind = |text: &str| {
                    (
                        text.contains('%') || text.ends_with("bp"),
                        text.contains("days") || text.contains("week") || text.contains("month"),
                        text.len() > 8 && !text.contains(' '),
                    )
                };
                if kind(old) != kind(fresh) {
                    continue;
                }
                let everywhere =
                    if places.iter().filter(|one| **one == old).count() > 1 { " everywhere" } else { "" };
                said += &format!("substitute {fresh} for {old} in {} {name}{everywhere}\n", last.kind);
                let put = |clause: &mut Clause| {
                    clause.literals.iter_mut().filter(|one| **one == old).for_each(|one| *one = fresh);
                };
                match dated {
                    Some(day) => {
                        let mut text = last.clone();
                        put(&mut text);
                        let own = text.from;
                        new.new_version(text, own, day)?;
                    }
                    None => new.clauses.iter_mut().filter(|clause| clause.name == name).for_each(put),
                }
            }
            _ => {}
        }
    }
    if dice.one_in(2) {
        let article = dice.pick(&[None, Some(0), Some(1)]).filter(|article| Some(*article) != gone);
        let name = format!("n{layer}");
        let mut text =
            if dice.one_in(3) { duty(&name, article, dice) } else { rule(6, &name, article, dice) };
        let place = article.map(|article| format!("in article {} ", article + 1)).unwrap_or_default();
        said += &format!("insert {place}{}\n", text.undated());
        text.from = effective.map(|day| later(new.outer(&text).from, day));
        new.clauses.push(text);
    }
    Ok((said, new))
}

/// A policy with the texts it was read from.
fn read(path: &str, files: &Memory) -> Result<(Policy, Sources), Vec<String>> {
    let mut sources = Sources::new();
    match compile(path, files, &mut sources) {
        Ok(compiled) => Ok((compiled.policy, sources)),
        Err(said) => Err(said.into_iter().map(|one| one.message).collect()),
    }
}

/// The words of every rule and duty, as reports quote them.
fn quoted((policy, sources): &(Policy, Sources)) -> Vec<String> {
    let words = |id: ExprId| {
        let text = sources.text(policy.exprs.span(id));
        text.lines()
            .flat_map(|line| line.split('#').next().unwrap_or("").split_whitespace())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let dated = |dated: &Option<Dated>| dated.as_ref().map(|it| (words(it.day), it.known.map(words)));
    let mut all: Vec<String> = Vec::new();
    for rule in policy.rules.values() {
        let branches: Vec<_> = rule
            .branches
            .iter()
            .map(|branch| (branch.condition.map(words), words(branch.assigns[0].1)))
            .collect();
        let lasting = rule.lasting.map(|lasting| words(lasting.expr()));
        all.push(format!(
            "{} {:?} {:?} {branches:?} {lasting:?}",
            rule.shown,
            dated(&rule.from),
            dated(&rule.until)
        ));
    }
    for duty in policy.duties.values() {
        let parts = (duty.condition.map(words), words(duty.performance), words(duty.deadline));
        all.push(format!("{} {:?} {:?} {parts:?}", duty.name, dated(&duty.from), dated(&duty.until)));
    }
    all.sort();
    all
}

/// Answers, states and reasons on the days around.
fn answers((policy, _): &(Policy, Sources)) -> Vec<String> {
    let scenario = policy.scenarios.first().expect("the facts");
    let facts = try_scenario(policy, scenario).expect("it runs").facts;
    let mut run = Evaluator::new(policy, &facts);
    let day = |text: &str| Day::parse(text).expect("a day");
    let around = [
        "2025-05-31",
        "2025-06-01",
        "2025-06-02",
        "2025-07-14",
        "2025-07-15",
        "2025-07-20",
        "2025-08-05",
        "2025-09-01",
        "2026-03-01",
    ];
    let known = ["2025-04-30", "2025-05-01", "2025-05-02"].map(day).into_iter().chain([Day::NEVER]);
    let points = known.flat_map(|known| around.map(day).map(|day| Point::new(day, known)));
    let rule = |id: Option<RuleId>| id.map(|id| policy.rules[id].shown.clone());
    let mut all = Vec::new();
    for point in points {
        for (id, outcome) in policy.outcomes.iter() {
            let answer = run.answer(id, None, point);
            let mut reasons: Vec<_> = answer
                .reasons
                .iter()
                .map(|one| format!("{:?} {:?} {:?}", rule(one.rule), one.branch, one.value))
                .collect();
            reasons.sort();
            let mut possible: Vec<_> = answer.possible.iter().map(|one| format!("{one:?}")).collect();
            possible.sort();
            all.push(format!("{} {point:?} {:?} {possible:?} {reasons:?}", outcome.name, answer.status));
        }
    }
    all
}

/// What `why` says, but for where it stands.
fn why(path: &str, files: &Memory, day: &str) -> Vec<String> {
    let ran = comity_in(files, &["why", path, "facts.yaml", "t", "--on", day]);
    let placed = |line: &str| {
        line.trim_start().starts_with("at ") || line.contains("` at ") || line.contains(['│', '╭'])
    };
    // Where a statement stands is said where it is read first, in the order of the text.
    let unplaced = |line: &str| line.split(", stated").next().unwrap_or(line).to_string();
    let lines = ran.out.lines().filter(|line| !placed(line)).map(unplaced);
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}

#[test]
fn an_amended_text_is_what_one_would_have_written_by_hand() {
    let (mut compared, mut refused) = (0, 0);
    for seed in 0..times(64, 4_000) {
        let dice = &mut Dice::new(seed);
        let mut law = law(dice);
        let mut files = Memory::default().with("base", law.written()).with("facts.yaml", STATED);
        let mut context = files.0["base"].clone();
        let mut last = "base".to_string();
        if read("base", &files).is_err() {
            continue;
        }
        for (layer, file) in ["first", "second", "third"].into_iter().enumerate() {
            let Ok((said, new)) = amendment(&law, layer, dice) else {
                refused += 1;
                break;
            };
            let said = format!("amends \"{last}\"{said}");
            context += &format!("---- {file}\n{said}");
            files = files.with(file, said).with("by hand", new.written());
            let shown = format!("{context}==== by hand\n{}", files.0["by hand"]);
            let (amended, by_hand) = (read(file, &files), read("by hand", &files));
            let (amended, by_hand) = match (amended, by_hand) {
                (Ok(amended), Ok(by_hand)) => (amended, by_hand),
                (Err(_), Err(_)) => break,
                (amended, by_hand) => {
                    panic!("{shown}\n{seed}: {:?} but {:?}", amended.err(), by_hand.err())
                }
            };
            let whole = consolidate(file, &files, &mut Sources::new())
                .unwrap_or_else(|said| panic!("{shown}{:?}", said.first().map(|one| &one.message)));
            let shown = format!("{shown}==== consolidated\n{whole}");
            files = files.with("whole", whole);
            let whole = read("whole", &files).unwrap_or_else(|said| panic!("{shown}{said:?}"));
            for (name, other) in [("consolidated", &whole), ("by hand", &by_hand)] {
                assert_eq!(quoted(&amended), quoted(other), "{name} {seed}\n{shown}");
                assert_eq!(answers(&amended), answers(other), "{name} {seed}\n{shown}");
            }
            for day in ["2025-05-31", "2025-06-01", "2025-07-15"] {
                let here = why(file, &files, day);
                assert_eq!(here, why("whole", &files, day), "{seed} on {day}\n{shown}");
                assert_eq!(here, why("by hand", &files, day), "{seed} on {day}\n{shown}");
            }
            compared += 1;
            law = new;
            last = file.to_string();
        }
    }
    let told = format!("{compared} were compared, {refused} could not be written by hand");
    assert!(compared > refused && compared > times(40, 3_000), "{told}");
}

/// A version of a remembering rule, as the laws have it (T8, R10).
#[derive(Clone, Copy, Debug)]
struct Version {
    from: usize,
    urgent: bool,
    ends: Ends,
}

#[derive(Clone, Copy, Debug)]
enum Ends {
    Until,
    For(usize),
    With,
}

/// How many days are looked at.
const LENGTH: usize = 60;

/// What was so on each day.
#[derive(Clone)]
struct Past {
    late: Vec<bool>,
    urgent: Vec<bool>,
    paid: Vec<bool>,
}

fn flips(dice: &mut Dice, often: u64) -> Vec<bool> {
    let mut now = dice.one_in(2);
    let mut flip = |_| {
        now ^= dice.one_in(often);
        now
    };
    (0..LENGTH).map(&mut flip).collect()
}

fn version_on(versions: &[Version], day: usize) -> Option<(usize, Version)> {
    versions.iter().copied().enumerate().rfind(|(_, version)| version.from <= day)
}

fn is_met(versions: &[Version], past: &Past, day: usize) -> bool {
    version_on(versions, day)
        .is_some_and(|(_, version)| if version.urgent { past.urgent[day] } else { past.late[day] })
}

fn is_over(versions: &[Version], past: &Past, start: usize, day: usize) -> bool {
    match version_on(versions, day).map(|(_, version)| version.ends) {
        Some(Ends::Until) => past.paid[day],
        Some(Ends::For(days)) => day >= start + days,
        Some(Ends::With) => !is_met(versions, past, day),
        None => false,
    }
}

/// Which version applies on a day.
fn applies(versions: &[Version], past: &Past, today: usize) -> Option<usize> {
    let (number, version) = version_on(versions, today)?;
    let starts = (0..=today)
        .filter(|day| is_met(versions, past, *day) && (*day == 0 || !is_met(versions, past, day - 1)));
    let lasts = |start: usize| (start..=today).all(|day| !is_over(versions, past, start, day));
    let remembered = match version.ends {
        Ends::With => is_met(versions, past, today),
        _ => starts.into_iter().any(lasts),
    };
    remembered.then_some(number)
}

fn date(day: usize) -> String {
    Day::parse("2025-01-01")
        .expect("a day")
        .add_days(i64::try_from(day).expect("few"))
        .expect("a day")
        .to_string()
}

/// A fact over time, unknown on some of the days.
fn series(name: &str, days: &[bool], unknown: std::ops::Range<usize>) -> String {
    let word =
        |day: usize| if unknown.contains(&day) { "unknown".to_string() } else { days[day].to_string() };
    let mut list = Vec::new();
    for day in 0..days.len() {
        if day == 0 || word(day) != word(day - 1) {
            list.push(format!("{} from {}", word(day), date(day)));
        }
    }
    format!("  given {name} = {}\n", list.join(", "))
}

fn remembering(versions: &[Version], past: &Past, unknown: std::ops::Range<usize>) -> String {
    let mut text = "agreement memory\nfact late : bool over time\nfact urgent : bool over time\nfact paid : bool over time\noutcome t : rate otherwise 0%\n".to_string();
    for (at, version) in versions.iter().enumerate() {
        let until =
            versions.get(at + 1).map(|next| format!(" until {}", date(next.from))).unwrap_or_default();
        let guard = if version.urgent { "urgent" } else { "late" };
        let lasts = match version.ends {
            Ends::Until => " until paid".to_string(),
            Ends::For(days) => format!(" for {days} days"),
            Ends::With => String::new(),
        };
        text +=
            &format!("rule r from {}{until}: if {guard} then t := {}%{lasts}\n", date(version.from), at + 1);
    }
    text += "scenario \"the facts\" {\n";
    text += &series("late", &past.late, unknown.clone());
    text += &series("urgent", &past.urgent, 0..0);
    text += &series("paid", &past.paid, 0..0);
    text + "}\n"
}

/// What may come out on each day, asked day by day, and as a timeline.
fn came_out(text: &str) -> Vec<Vec<String>> {
    let (policy, _) = read("policy", &Memory::default().with("policy", text)).expect(text);
    let facts = try_scenario(&policy, &policy.scenarios[0]).expect("it runs").facts;
    let mut run = Evaluator::new(&policy, &facts);
    let outcome = policy.outcome("t").expect("declared");
    let day = |day: usize| Day::parse(&date(day)).expect("a day");
    let line = comity::timeline::of(&policy, &facts, outcome, None, (day(0), day(LENGTH - 1)), Day::NEVER);
    let mut all = Vec::new();
    for at in 0..LENGTH {
        let answer = run.answer(outcome, None, Point::new(day(at), Day::NEVER));
        let segment =
            line.segments.iter().find(|one| one.from <= day(at) && day(at) < one.until).expect("no gaps");
        assert_eq!(answer.possible, segment.answer.possible, "on {}\n{text}", date(at));
        all.push(answer.possible.iter().map(|one| format!("{one:?}")).collect());
    }
    all
}

#[test]
fn a_memory_goes_on_over_the_versions_of_a_rule() {
    let mut went_on = 0;
    for seed in 0..times(60, 6_000) {
        let dice = &mut Dice::new(seed + 77_000);
        let mut from = 0;
        let mut versions = Vec::new();
        while versions.len() < 2 + dice.below(2) as usize {
            let ends = dice.pick(&[Ends::Until, Ends::Until, Ends::For(5), Ends::For(12), Ends::With]);
            versions.push(Version { from, urgent: dice.one_in(4), ends });
            from += 8 + dice.below(20) as usize;
        }
        let past = Past { late: flips(dice, 6), urgent: flips(dice, 6), paid: flips(dice, 10) };
        let text = remembering(&versions, &past, 0..0);
        let shown = |number: Option<usize>| format!("{}%", number.map_or(0, |number| number + 1));
        let expected: Vec<String> = (0..LENGTH).map(|day| shown(applies(&versions, &past, day))).collect();
        let here = came_out(&text);
        for (day, expected) in expected.iter().enumerate() {
            let rate: i64 = expected.trim_end_matches('%').parse().expect("a number");
            assert_eq!(here[day], wanted(rate), "{seed}: on {}\n{text}", date(day));
        }
        let second = versions[1].from;
        went_on +=
            usize::from(applies(&versions, &past, second) == Some(1) && !is_met(&versions, &past, second));
        // Whatever the unknown days were, the answer is among those said to be possible.
        let start = dice.below(LENGTH as u64 - 12) as usize;
        let unknown = start..start + 1 + dice.below(10) as usize;
        let open = came_out(&remembering(&versions, &past, unknown.clone()));
        for late in [vec![false; LENGTH], vec![true; LENGTH], flips(dice, 2), flips(dice, 3)] {
            let mut whole = past.clone();
            whole.late[unknown.clone()].copy_from_slice(&late[unknown.clone()]);
            for (day, possible) in open.iter().enumerate() {
                let rate = applies(&versions, &whole, day).map_or(0, |number| number + 1);
                let rate = wanted(i64::try_from(rate).expect("small"));
                assert!(
                    possible.contains(&rate[0]),
                    "{seed}: {rate:?} is not among {possible:?} on {}\n{text}",
                    date(day)
                );
            }
        }
    }
    assert!(went_on > 2, "{went_on} went on");
}

/// A rate as a possible answer.
fn wanted(percent: i64) -> Vec<String> {
    let rate = comity::value::Number::from_ratio(percent, 100).expect("a number");
    let value =
        comity::outcome::Possibility::Value(comity::value::Possible::One(comity::value::Value::Number(rate)));
    vec![format!("{value:?}")]
}
