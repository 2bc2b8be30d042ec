//! The command line: arguments in, text and an exit code out. The only part that touches files, terminals and processes.
//!
//! Data goes to stdout, talk to stderr. 0: fine. 1: findings (a failed test, a gap, a conflict, an error). 2: bad input.

mod check;
mod console;
mod consolidate;
mod deadlines;
mod diff;
mod disk;
mod eval;
mod explain;
mod facts;
mod fidelity;
mod fix;
mod fmt;
mod git;
mod identity;
mod import;
mod in_place;
mod in_use;
#[cfg(feature = "lsp")]
mod lsp;
mod names;
mod outputs;
mod policy;
mod revision;
mod rooted;
mod run;
mod stump;
mod target;
mod test;
mod timeline;
mod why;

#[cfg(test)]
mod growth;

pub use crate::roots::PathKind;
use console::MessageFormat;
pub use console::{Console, Terminal};
pub use disk::{Disk, World};
pub use in_use::Unwritable;
pub use target::Target;

use crate::diag::{Code, Diagnostic, Style};
use crate::report::Look;
use crate::text::{Sources, shown};
use crate::value::Day;
use clap::{Parser, Subcommand, ValueEnum};
use in_place::InPlace;
use rooted::Rooted;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Fine,
    /// The answer is bad news.
    Findings,
    /// There is no answer: what was given is wrong, and it was said how.
    BadInput,
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::BadInput => 2,
        }
    }
}

/// The rules of trade agreements, run and explained
#[derive(Parser)]
#[command(name = "comity", bin_name = "comity", version = crate::VERSION, max_term_width = 100, propagate_version = false)]
#[command(
    after_help = "A policy is a .comity file, a folder with one that has the `agreement` line or amends another, or `-`: a text from stdin.\n\
    Nothing reads the clock: where an answer depends on the day, say which with --on."
)]
struct Args {
    /// Whether to colour what is printed
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    color: When,
    /// What a policy from standard input (`-`) is called: its messages say so, and files are looked for beside it
    #[arg(long, global = true, value_name = "PATH")]
    stdin_name: Option<String>,
    /// Keep the policy, and all that it or a facts file names, in this folder
    #[arg(long, global = true, value_name = "FOLDER")]
    root: Option<String>,
    /// Read this file in place of that of an annex; may be repeated
    #[arg(long, global = true, value_name = "NAME=FILE", value_parser = in_place::named)]
    annex: Vec<(String, String)>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    Eval(eval::Args),
    Run(run::Args),
    Why(why::Args),
    Timeline(timeline::Args),
    Deadlines(deadlines::Args),
    Test(test::Args),
    Diff(diff::Args),
    Fidelity(fidelity::Args),
    Fmt(fmt::Args),
    Consolidate(consolidate::Args),
    Import(import::Args),
    Explain(explain::Args),
    #[cfg(feature = "lsp")]
    Lsp(lsp::Args),
}

/// Runs one command line, the first of `args` being the name of the program.
pub fn run(args: &[String], console: &mut Console<'_>) -> Exit {
    console.format(format_asked(args));
    let exit = run_parsed(args, console);
    console.finish();
    exit
}

fn run_parsed(args: &[String], console: &mut Console<'_>) -> Exit {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            // What was written is shown, never obeyed.
            let seen = Args::try_parse_from(args.iter().map(|arg| shown(arg).into_owned()));
            return usage(seen.err().as_ref().unwrap_or(&error), console);
        }
    };
    if let Some(name) = &args.stdin_name {
        console.name_stdin(name);
    }
    match args.color {
        When::Auto => {}
        When::Always => console.colour(true),
        When::Never => console.colour(false),
    }
    let done = match &args.root {
        None => in_place(&args, console),
        Some(folder) => match Rooted::new(folder, console.world()) {
            Ok(rooted) => console.with_world(&rooted, |console| in_place(&args, console)),
            Err(error) => Err(console.report(error)),
        },
    };
    done.unwrap_or(Exit::BadInput)
}

fn in_place(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    if args.annex.is_empty() {
        return command(&args.command, console);
    }
    match InPlace::new(&args.annex, console.world()) {
        Ok(world) => console.with_world(&world, |console| {
            let exit = command(&args.command, console)?;
            // An answer lists it with what else it assumes.
            if !matches!(args.command, Command::Eval(_)) {
                console.say_text(&in_place::said(&args.annex));
            }
            Ok(exit)
        }),
        Err(error) => Err(console.report(error)),
    }
}

fn command(command: &Command, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let exit = match command {
        Command::Check(args) => check::run(args, console),
        Command::Eval(args) => eval::run(args, console),
        Command::Run(args) => run::run(args, console),
        Command::Why(args) => why::run(args, console),
        Command::Timeline(args) => timeline::run(args, console),
        Command::Deadlines(args) => deadlines::run(args, console),
        Command::Test(args) => test::run(args, console),
        Command::Diff(args) => diff::run(args, console),
        Command::Fidelity(args) => fidelity::run(args, console),
        Command::Fmt(args) => fmt::run(args, console),
        Command::Consolidate(args) => consolidate::run(args, console),
        Command::Import(args) => import::run(args, console),
        Command::Explain(args) => explain::run(args, console),
        #[cfg(feature = "lsp")]
        Command::Lsp(args) => lsp::run(args, console),
    }?;
    match console.world().changed() {
        Some(input) => {
            console.take_back();
            Err(console.report(outputs::changed(&input)))
        }
        None => Ok(exit),
    }
}

/// How messages are to be written, asked before anything else is understood, so that what is wrong with the command line
/// itself is said in that format too.
fn format_asked(args: &[String]) -> MessageFormat {
    let mut args = args.iter().map(String::as_str).take_while(|arg| *arg != "--").skip(1);
    let mut asked = MessageFormat::Text;
    while let Some(arg) = args.next() {
        let value = if arg == "--format" { args.next() } else { arg.strip_prefix("--format=") };
        asked = match value {
            Some("json") => MessageFormat::Json,
            Some("github") => MessageFormat::Github,
            Some("sarif") => MessageFormat::Sarif,
            Some("junit") => MessageFormat::Junit,
            Some(_) => MessageFormat::Text,
            None => asked,
        };
    }
    asked
}

/// What clap has to say: help and version are data, the rest is talk.
fn usage(error: &clap::Error, console: &mut Console<'_>) -> Exit {
    let text = error.render();
    if error.use_stderr() && console.is_data() {
        let text = text.to_string();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let message = lines.next().unwrap_or("").trim_start_matches("error: ").to_string();
        let help: Vec<&str> = lines.collect();
        let said = Diagnostic::general(Code::Usage, message.replace('\'', "`"));
        let said = if help.is_empty() { said } else { said.help(help.join("\n")) };
        console.say(&[said], &Sources::new());
        Exit::BadInput
    } else if error.use_stderr() {
        let text = if console.err_style().colour { text.ansi().to_string() } else { text.to_string() };
        console.say_text(&text);
        Exit::BadInput
    } else {
        let text = if console.out_style().colour { text.ansi().to_string() } else { text.to_string() };
        console.document(&text);
        Exit::Fine
    }
}

/// Bad input that was reported.
struct Reported;

/// How an answer is written out.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ReportFormat {
    Text,
    Markdown,
    Json,
}

impl ReportFormat {
    /// Words that stand in data have no colours.
    fn look(self, console: &Console<'_>) -> Look {
        match self {
            ReportFormat::Text => Look::Text(console.out_style()),
            ReportFormat::Json => Look::Text(Style::PLAIN),
            ReportFormat::Markdown => Look::Markdown,
        }
    }
}

/// How what has no other form is written out.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum PlainFormat {
    Text,
    Json,
}

/// A day on the command line.
fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day is written as `2029-01-19`".to_string())
}

/// `name=value`
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.to_string(), value.to_string())),
        _ => Err("a fact is set as `name=value`".to_string()),
    }
}
