//! `comity run`: answers for tables too long for memory. What is here are flags, files and messages; [`crate::table`] answers.

mod explain;
mod files;
mod setup;
mod targets;

use super::facts::stdin_once;
use super::{Console, Exit, PlainFormat, Reported, day, outputs, setting};
use crate::answers::{self, RunReport};
use crate::batch::HandOver;
use crate::diag::{self, Diagnostic, tick};
use crate::outcome::Point;
use crate::policy::FieldId;
use crate::report;
use crate::sheet::{DecimalMark, Written};
use crate::table::{
    IgnoredColumns, Job, JobFailure, Later, Output, PreparedTable, RowKeys, RowSource, Sink, SpreadsheetSafe,
    TablePlan, TableReport, totals_csv,
};
#[cfg(feature = "parquet")]
use crate::table::{ParquetSink, arrow::Decimals, is_parquet};
use crate::text::Sources;
use crate::value::{Day, Trouble};
use files::Stored;
pub(super) use files::rows_as_csv;
use setup::Setup;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write;
use std::thread::available_parallelism;
use targets::{Stdout, Targets, ToFile};

/// Answer for every row of a long table, file to file
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
    /// The rows of one table: one or more .csv, .parquet or .xlsx files; `-` for CSV from stdin
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
    /// Do not read columns that are no fields; they are listed
    #[arg(long)]
    ignore_other: bool,
    /// What numbers have before their decimals, where `;` or tabs set the cells apart and the numbers do not show it
    #[arg(long, value_name = "MARK", value_enum)]
    decimal_mark: Option<MarkName>,
    /// The sheet of a workbook that has several
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Two rows with one key are an error
    #[arg(long)]
    unique: bool,
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
    /// In CSV: put a `'` before what a spreadsheet would compute
    #[arg(long)]
    spreadsheet_safe: bool,
    /// Tell the reasons of the answers for this row alone
    #[arg(long, value_name = "KEY", conflicts_with_all = ["out", "rejects", "summary", "by"])]
    explain: Option<String>,
    /// How many threads work; else as many as the machine has cores
    #[arg(long, value_name = "N")]
    threads: Option<std::num::NonZeroUsize>,
    /// How what was done is told: for people, or for programs (docs/schema/run.json), with the answers in a file
    #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
    format: PlainFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum MarkName {
    Point,
    Comma,
}

impl From<MarkName> for DecimalMark {
    fn from(name: MarkName) -> DecimalMark {
        match name {
            MarkName::Point => DecimalMark::Point,
            MarkName::Comma => DecimalMark::Comma,
        }
    }
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

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut setup = Setup::new(args, console)?;
    let units = setup::units(args, &mut setup.loaded.sources);
    // Messages take excerpts of the rows in, while what answers holds on to the policy.
    let mut sources = setup.loaded.sources.clone();
    answer(args, &setup, &units, &mut sources, console).map_err(|stop| {
        stop.say(args, console, &sources);
        Reported
    })
}

/// Where many rows are wrong, so many kinds are shown.
const KINDS: usize = 2;

/// Everything that is wrong.
type RunErrors = Vec<Diagnostic>;

/// Why there are no answers.
enum Unanswered {
    /// No row was asked about yet.
    Before(RunErrors),
    /// What was written is taken away. `broken`: rows cannot be set aside, for nothing after one can be read.
    Midway { said: RunErrors, broken: bool },
    /// The same of many rows, the first of each kind.
    Many(u64, RunErrors),
}

impl From<RunErrors> for Unanswered {
    fn from(said: RunErrors) -> Unanswered {
        Unanswered::Before(said)
    }
}

impl From<Diagnostic> for Unanswered {
    fn from(error: Diagnostic) -> Unanswered {
        Unanswered::Before(vec![error])
    }
}

impl Unanswered {
    fn midway(said: RunErrors) -> Unanswered {
        Unanswered::Midway { said, broken: false }
    }

    fn of(failure: JobFailure, args: &Args) -> Unanswered {
        let name = |path: &Option<String>| path.clone().unwrap_or_default();
        match failure {
            JobFailure::Said(said) => Unanswered::midway(said),
            JobFailure::Many(rows, said) => Unanswered::Many(rows, said),
            JobFailure::Broken(said) => Unanswered::Midway { said, broken: true },
            JobFailure::Answers(error) => Unanswered::midway(vec![outputs::failed(&name(&args.out), error)]),
            JobFailure::Rejects(error) => {
                Unanswered::midway(vec![outputs::failed(&name(&args.rejects), error)])
            }
        }
    }

    #[cfg(feature = "parquet")]
    fn into_said(self) -> RunErrors {
        match self {
            Unanswered::Before(said) | Unanswered::Midway { said, .. } | Unanswered::Many(_, said) => said,
        }
    }

    fn say(&self, args: &Args, console: &mut Console<'_>, sources: &Sources) {
        let (said, broken) = match self {
            Unanswered::Before(said) => return console.say(said, sources),
            Unanswered::Midway { said, broken } => {
                console.say(said, sources);
                (said, *broken)
            }
            Unanswered::Many(rows, said) => {
                for one in said.iter().take(KINDS) {
                    console.say_text(&diag::plain(one, sources));
                }
                let more = said.len().saturating_sub(KINDS);
                if more > 0 {
                    console.say_text(&format!(
                        "and {} more of other kinds or columns\n",
                        diag::count(more, "error")
                    ));
                }
                console.say_text(&format!("{}\n", report::rows_said(*rows, "cannot be read")));
                (said, false)
            }
        };
        if said.iter().any(|one| one.span().is_some()) && args.rejects.is_none() && !broken {
            console.say_text("with `--rejects FILE.csv` such rows are set aside, and the others answered\n");
        }
        if let Some(path) = &args.out {
            console.say_text(&format!("{} was not written\n", tick(path)));
        }
    }
}

fn answer(
    args: &Args,
    setup: &Setup,
    units: &[(Written<'static>, Written<'static>)],
    sources: &mut Sources,
    console: &mut Console<'_>,
) -> Result<Exit, Unanswered> {
    let world = console.world();
    let given = (&setup.loaded.policy, &setup.loaded.sources);
    let later = setup.later.as_ref().map(|beside| {
        move |keys: &RowKeys| {
            let names = (0..keys.len()).map(|row| keys.get(row));
            beside.with_rows(given, (setup.entity, names), world)
        }
    });
    let plan = TablePlan {
        policy: &setup.loaded.policy,
        entity: setup.entity,
        outcomes: &setup.outcomes,
        facts: &setup.facts,
        later: later.as_ref().map(|bind| bind as &Later<'_>),
        point: Point::new(args.on.unwrap_or(Day::FIRST), args.known.unwrap_or(Day::NEVER)),
        by: &[],
        units,
        ignored: IgnoredColumns { named: &args.ignore, others: args.ignore_other },
        sheet: args.sheet.as_deref(),
        unique: args.unique,
        decimals: args.decimal_mark.map(Into::into),
    };
    stdin_once(std::iter::once(&args.policy).chain(&args.rows).chain(&args.facts))?;
    let storage = Stored(world);
    let input = RowSource::open(&plan, &args.rows, &storage, sources)?;
    for note in input.notes(&plan) {
        console.say_text(&format!("{note}\n"));
    }
    let by = fields(args, &plan)?;
    let plan = TablePlan { by: &by, ..plan };
    let prepared = PreparedTable::new(&plan, &input);
    let job = Job::new(plan, &prepared, &input)?;
    let mut targets = targets::targets(args, world)?;
    if let Some(key) = &args.explain {
        let bad = explain::explain(&job, (key, args.on.is_some()), console, sources)?;
        return Ok(if bad { Exit::Findings } else { Exit::Fine });
    }
    let report = fill(args, &job, &mut targets, sources, console)?;
    targets.finish(world).map_err(Unanswered::midway)?;
    Ok(close(args, &job, &report, console))
}

/// The fields that totals are by.
fn fields(args: &Args, plan: &TablePlan<'_>) -> Result<Vec<FieldId>, Diagnostic> {
    let decl = &plan.policy.entities[plan.entity];
    let field = |name: &String| {
        let field = decl.fields.iter().find(|(_, field)| field.name == name.trim()).map(|(id, _)| id);
        field.ok_or_else(|| {
            let names: Vec<&str> = decl.fields.values().map(|field| field.name.as_str()).collect();
            let message = format!("{} has no field {}", tick(&decl.name), tick(name));
            Diagnostic::unknown_name(&message, name, &names)
        })
    };
    args.by.iter().map(field).collect()
}

/// Answers go to their file, or to standard output.
fn fill(
    args: &Args,
    job: &Job<'_>,
    targets: &mut Targets,
    sources: &mut Sources,
    console: &mut Console<'_>,
) -> Result<TableReport, Unanswered> {
    let console = RefCell::new(console);
    let mut stdout = Stdout(&console);
    let mut out = targets.out.as_mut().map(|(_, target)| ToFile(target));
    let mut rejects = targets.rejects.as_mut().map(|(_, target)| ToFile(target));
    let mut safe = None;
    let output = Output {
        answers: sink(args, job, (out.as_mut(), &mut stdout), &mut safe)?,
        rejects: rejects.as_mut().map(|target| target as &mut dyn Write),
    };
    let threads = args.threads.or_else(|| available_parallelism().ok()).map_or(1, |n| n.get());
    let part = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let progress = &mut |done, all| console.borrow_mut().progress(part(done), part(all));
    let ended = job.run(output, threads, sources, progress);
    console.borrow_mut().progress(1, 1);
    let report = ended.map_err(|failure| Unanswered::of(failure, args))?;
    if args.sums() {
        match &mut out {
            Some(out) => {
                let totals = totals_csv(job.grouping(), &report.totals);
                match args.spreadsheet_safe {
                    true => SpreadsheetSafe::new(out).write_all(totals.as_bytes()),
                    false => out.write_all(totals.as_bytes()),
                }
            }
            // They stand in the document.
            None if args.format == PlainFormat::Json => Ok(()),
            None => {
                let text = report::table_totals(job.grouping(), &report.totals);
                console.borrow_mut().tell(&text);
                Ok(())
            }
        }
        .map_err(|error| Unanswered::of(JobFailure::Answers(error), args))?;
    }
    Ok(report)
}

fn sink<'w>(
    args: &Args,
    #[cfg_attr(not(feature = "parquet"), allow(unused_variables))] job: &Job<'_>,
    (out, stdout): (Option<&'w mut ToFile<'_>>, &'w mut Stdout<'_, '_, '_>),
    safe: &'w mut Option<SpreadsheetSafe<&'w mut dyn Write>>,
) -> Result<Sink<'w>, Unanswered> {
    if args.sums() {
        return Ok(Sink::Totals);
    }
    let Some(out) = out else { return Ok(csv(args, stdout, safe)) };
    #[cfg(feature = "parquet")]
    if args.out.as_ref().is_some_and(|path| is_parquet(path)) {
        let asked = |(name, digits, places): &(String, Option<u8>, u8)| {
            let plain = Decimals::new(*places);
            (name.clone(), Decimals { digits: digits.unwrap_or(plain.digits), ..plain })
        };
        let decimals = args.decimals.iter().map(asked).collect();
        let made = ParquetSink::new(job.layout(), out, &decimals);
        let made = made.map_err(|failure| Unanswered::Before(Unanswered::of(failure, args).into_said()))?;
        return Ok(Sink::Parquet(Box::new(made)));
    }
    Ok(csv(args, out, safe))
}

fn csv<'w>(
    args: &Args,
    to: &'w mut dyn Write,
    safe: &'w mut Option<SpreadsheetSafe<&'w mut dyn Write>>,
) -> Sink<'w> {
    match args.spreadsheet_safe {
        true => Sink::Csv(safe.insert(SpreadsheetSafe::new(to))),
        false => Sink::Csv(to),
    }
}

/// What is said at the end.
fn close(args: &Args, job: &Job<'_>, report: &TableReport, console: &mut Console<'_>) -> Exit {
    let plan = &job.plan;
    console.say_text(&report::closing(plan.policy, plan.outcomes, &report.counts));
    if args.sums() {
        console.say_text(&report::not_in_columns(plan.policy, plan.outcomes, &report.counts));
    }
    if report.repeated.rows > 0 {
        let example = report.repeated.example.as_ref();
        let example = example.map_or(String::new(), |key| format!(" ({} among them)", tick(key)));
        let said = report::rows_said(report.repeated.rows, "share a key with another row");
        console.say_text(&format!("{said}{example}\n"));
    }
    if let Some(path) = args.rejects.as_ref().filter(|_| report.set_aside > 0) {
        console.say_text(&format!("{}: {}\n", report::rows_said(report.set_aside, "set aside"), tick(path)));
    }
    let beyond = if args.sums() { job.grouping().beyond(&report.totals) } else { Vec::new() };
    for name in &beyond {
        console.say_text(&format!("{name}: a total is an error: {}\n", Trouble::Overflow));
    }
    if args.format == PlainFormat::Json {
        let totals = args.sums().then(|| totals_csv(job.grouping(), &report.totals));
        let (said, more) = console.kept();
        let names = plan.outcomes.iter().map(|id| plan.policy.outcomes[*id].name.as_str());
        let done = RunReport {
            root: &args.policy,
            table: &plan.policy.entities[plan.entity].name,
            rows: report.counts.rows,
            outcomes: names.clone().zip(report.counts.outcomes.iter().copied()).collect(),
            not_in_columns: names.zip(&report.counts.handed).filter_map(handed).collect(),
            set_aside: report.set_aside,
            out: args.out.as_deref(),
            rejects: args.rejects.as_deref(),
            totals,
            beyond: &beyond,
        };
        console.document(&answers::ran(done, &said, more));
    }
    let open = report.counts.open() || report.set_aside > 0 || !beyond.is_empty();
    if open { Exit::Findings } else { Exit::Fine }
}

/// The rows of an outcome that were not answered in columns, if there are any.
fn handed<'n>(
    (name, rows): (&'n str, &BTreeMap<HandOver, u64>),
) -> Option<(&'n str, Vec<(&'static str, u64)>)> {
    let rows: Vec<_> = rows.iter().map(|(why, rows)| (why.why(), *rows)).collect();
    (!rows.is_empty()).then_some((name, rows))
}
