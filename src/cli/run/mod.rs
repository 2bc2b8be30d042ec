//! `comity run`: answers for tables too long for memory.

mod explain;
mod input;
mod pipeline;
mod setup;
mod stood;
mod summary;
mod told;
mod work;
mod write;

use super::{Console, Exit, Told, day, setting};
use crate::batch::{Fields, NotForEach};
use crate::diag::{Code, Diagnostic, tick};
use crate::outcome::Point;
use crate::policy::{FieldId, Policy};
use crate::table::{Layout, Lexicons, Names, Wheres, sum::Plan};
use crate::value::{Day, Trouble};
pub(super) use input::rows_as_csv;
use input::{Head, Said};
use setup::Setup;
use work::{Ask, Later, Questions};

/// Answer for every row of a long table, file to file
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
    /// The rows of one table: one or more .csv or .parquet files; `-` for CSV from stdin
    #[arg(required = true, value_name = "ROWS")]
    rows: Vec<String>,
    /// What is stated beside the rows: a .yaml, .json or .toml file
    #[arg(long, value_name = "FILE")]
    facts: Option<String>,
    /// State a fact in place of what the file says
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// The table of the rows, where more than one has outcomes
    #[arg(long, value_name = "NAME")]
    entity: Option<String>,
    /// Ask only for this outcome; may be repeated
    #[arg(long, value_name = "NAME")]
    outcome: Vec<String>,
    /// The day asked about, for rows without a date of their own
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<Day>,
    /// As was known on that day; else everything stated is known
    #[arg(long, value_name = "DATE", value_parser = day)]
    known: Option<Day>,
    /// What bare numbers count in a column that does not say it: `value=USD`, `rate=%`, `rate=1` for 0.15
    #[arg(long, value_name = "FIELD=UNIT", value_parser = setting)]
    unit: Vec<(String, String)>,
    /// Do not read this column; may be repeated
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    /// Write the answers to this file, .csv or .parquet, instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// In a Parquet file: so many decimals for an outcome that the policy does not round; `duty=38,2` for more digits
    #[arg(long, value_name = "NAME=N", value_parser = decimals)]
    decimals: Vec<(String, Option<u8>, u8)>,
    /// Set rows that cannot be read aside in this file, and go on
    #[arg(long, value_name = "FILE.csv")]
    rejects: Option<String>,
    /// Write totals instead of rows
    #[arg(long)]
    summary: bool,
    /// Totals by the values of these fields
    #[arg(long, value_name = "FIELD,FIELD", value_delimiter = ',')]
    by: Vec<String>,
    /// Tell the reasons of the answers for this row alone
    #[arg(long, value_name = "KEY", conflicts_with_all = ["out", "rejects", "summary", "by"])]
    explain: Option<String>,
    /// How many threads work; else as many as the machine has cores
    #[arg(long, value_name = "N")]
    threads: Option<std::num::NonZeroUsize>,
}

impl Args {
    /// Whether answers are summed.
    fn sums(&self) -> bool {
        self.summary || !self.by.is_empty()
    }
}

/// `additional=4`, or with the number of all digits before it, `duty=38,2`.
fn decimals(text: &str) -> Result<(String, Option<u8>, u8), String> {
    let parts = text.split_once('=').and_then(|(name, said)| {
        let (digits, places) = match said.split_once(',') {
            Some((digits, places)) => (Some(digits.trim().parse().ok()?), places),
            None => (None, said),
        };
        Some((name.trim().to_string(), digits, places.trim().parse().ok()?))
    });
    parts.ok_or_else(|| "decimals are given as `additional=4`, or as `duty=38,2` with 38 digits".to_string())
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Told> {
    let world = console.world();
    let mut setup = Setup::new(args, console)?;
    let units = input::units(args, &mut setup.loaded.sources);
    let opened = input::heads(args, &mut setup, &units, world);
    let (heads, waiting) = opened.map_err(|said| told(&said, console, &setup.loaded.sources))?;
    // Messages take excerpts of the rows in, while what answers holds on to the policy.
    let mut sources = setup.loaded.sources.clone();
    let ready = ready(args, &setup, &heads);
    let (wheres, plan) = ready.map_err(|said| told(&said, console, &sources))?;
    let groups = Fields::new(&setup.loaded.policy, setup.entity, &plan.by);
    let made = make(&setup, (wheres.as_ref(), &groups), plan.point);
    let (questions, layout) = made.map_err(|error| told(&[error], console, &sources))?;
    let given = (&setup.loaded.policy, &setup.loaded.sources);
    let later = setup.later.as_ref().map(|beside| {
        move |keys: &Names| {
            let names = (0..keys.len()).map(|row| keys.get(row));
            beside.with_rows(given, (setup.entity, names), world)
        }
    });
    let targets = write::targets(args, world);
    let sums = args.sums().then(|| plan.clone());
    let made = targets.and_then(|targets| targets.writer(args, &heads, &layout, sums));
    let (give, mut writer) = made.map_err(|said| told(&said, console, &sources))?;
    let lexicons = Lexicons::new(&setup.loaded.policy, setup.entity);
    let ask = Ask {
        policy: &setup.loaded.policy,
        entity: setup.entity,
        outcomes: &setup.outcomes,
        point: plan.point,
        on: args.on.is_some(),
        wheres: wheres.as_ref(),
        groups: &groups,
        questions,
        later: later.as_ref().map(|bind| bind as &Later<'_>),
        layout,
        units: &units,
        ignored: &args.ignore,
        files: &heads,
        lexicons: &lexicons,
        give,
        rejects: args.rejects.is_some(),
    };
    if let Some(key) = &args.explain {
        let told_it = explain::explain(&ask, key, waiting, world, console, &mut sources);
        let bad = told_it.map_err(|said| told(&said, console, &sources))?;
        return Ok(if bad { Exit::Findings } else { Exit::Fine });
    }
    let mut ended = writer.begin(&ask, console);
    if ended.is_ok() {
        let take = &mut |done, share| writer.take(done, share, console, &mut sources);
        ended = match ask.in_pieces() {
            true => pipeline::pieces(&ask, waiting, world, args, take),
            false => pipeline::whole(&ask, waiting, world, take),
        };
    }
    console.progress(1, 1);
    let ended = ended.and_then(|()| {
        let totals = args.sums().then(|| summary::totals(args, &plan, &writer.sums));
        writer.end(totals.as_deref(), console)
    });
    ended.map_err(|said| {
        let rows = said.iter().any(|one| one.span().is_some()) && args.rejects.is_none() && !writer.broken;
        let exit = told(&said, console, &sources);
        if rows {
            console.say_text("with `--rejects FILE.csv` such rows are set aside, and the others answered\n");
        }
        if let Some(path) = &args.out {
            console.say_text(&format!("{} was not written\n", tick(path)));
        }
        exit
    })?;
    console.say_text(&told::closing(ask.policy, ask.outcomes, &writer.counts));
    if let Some(path) = args.rejects.as_ref().filter(|_| writer.set_aside > 0) {
        console.say_text(&format!("{}: {}\n", told::rows(writer.set_aside, "set aside"), tick(path)));
    }
    let beyond = if args.sums() { summary::beyond(&plan, &writer.sums) } else { Vec::new() };
    for name in &beyond {
        console.say_text(&format!("{name}: a total is an error: {}\n", Trouble::Overflow));
    }
    let open = writer.counts.open() || writer.set_aside > 0 || !beyond.is_empty();
    Ok(if open { Exit::Findings } else { Exit::Fine })
}

fn told(said: &[Diagnostic], console: &mut Console<'_>, sources: &crate::text::Sources) -> Told {
    console.say(said, sources);
    Told
}

/// What the rows are checked against, and what is asked of them.
fn ready<'s>(args: &Args, setup: &'s Setup, heads: &[Head]) -> Result<(Option<Wheres>, Plan<'s>), Said> {
    let policy = &setup.loaded.policy;
    let decl = &policy.entities[setup.entity];
    let mut by: Vec<FieldId> = Vec::new();
    for name in &args.by {
        let field = decl.fields.iter().find(|(_, field)| field.name == name.trim()).map(|(id, _)| id);
        by.push(field.ok_or_else(|| {
            let names: Vec<&str> = decl.fields.values().map(|field| field.name.as_str()).collect();
            let message = format!("{} has no field {}", tick(&decl.name), tick(name));
            vec![setup::unknown(&message, name, &names)]
        })?);
    }
    let stated = |name: &str| {
        let named = |heading: &String| heading.split('[').next().unwrap_or("").trim_end() == name;
        heads.iter().any(|head| head.header.iter().any(named))
    };
    let fields: Vec<FieldId> =
        decl.fields.iter().filter(|(_, field)| stated(&field.name)).map(|(id, _)| id).collect();
    let point = Point::new(args.on.unwrap_or(Day::FIRST), args.known.unwrap_or(Day::NEVER));
    let plan = Plan { policy, entity: setup.entity, by, outcomes: setup.outcomes.clone(), point };
    Ok((Wheres::new(policy, setup.entity, &fields), plan))
}

fn make<'s>(
    setup: &'s Setup,
    checked: (Option<&'s Wheres>, &'s Fields),
    point: Point,
) -> Result<(Questions<'s>, Layout<'s>), Diagnostic> {
    let policy = &setup.loaded.policy;
    let asked = (setup.entity, setup.outcomes.as_slice(), point);
    let questions = Questions::new(policy, asked, checked, &setup.facts);
    let questions = questions.map_err(|other| not_for_each(policy, other))?;
    let layout = Layout::new(policy, &setup.facts, setup.entity, &setup.outcomes).map_err(|name| {
        let message = format!("two columns of the answers would be called {}", tick(&name));
        Diagnostic::general(Code::AnswerFormat, message).help("ask for one of them: `--outcome NAME`")
    })?;
    Ok((questions, layout))
}

fn not_for_each(policy: &Policy, other: NotForEach) -> Diagnostic {
    let message = format!("{} is not for each row", tick(&policy.outcomes[other.0].name));
    Diagnostic::general(Code::RowMissing, message)
}
