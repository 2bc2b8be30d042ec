//! `comity diff`

mod rows;

use super::revision::Revision;
use super::{Console, Exit, PathKind, Reported, World, day, facts, in_place, policy, setting};
use crate::answers;
use crate::answers::VersionDiff;
use crate::asking::{self, AskedDays, ComparedVersions, VersionQuestion, is_changed, nothing_stated};
use crate::compare::{CaseOrigin, ComparisonCase, Pairing, PolicySide, Settings};
use crate::compile::compile_with;
use crate::diag::{Code, Diagnostic, tick};
use crate::formats;
use crate::formats::Format as FactsFormat;
use crate::policy::Policy;
use crate::regions::BUDGET;
use crate::report::{self, Look};
use crate::text::{Files, SourceId, Sources};
use crate::value::Day;

/// Compare two policies: which clauses changed, which answers change, for whom, from when to when
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, a folder, either in a git revision (`HEAD~1:policies/japan`), or `-`: a text from stdin
    old: String,
    /// The same; left out, the old one with what `--with` and `--set-new` say
    new: Option<String>,
    /// An amendment done to the new side; may be repeated, the first is done first
    #[arg(long, value_name = "FILE")]
    with: Vec<String>,
    /// Facts to compare answers for: a .yaml, .json or .toml file, a folder of them, or `-`: YAML from stdin; may be repeated
    #[arg(long, value_name = "PATH")]
    facts: Vec<String>,
    /// State a fact to the old side, in place of what files and scenarios say
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    set_old: Vec<(String, String)>,
    /// State a fact to the new side
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    set_new: Vec<(String, String)>,
    /// Rows to compare answers for, in totals: a .csv or .parquet file of one table; may be repeated
    #[arg(long, value_name = "FILE")]
    rows: Vec<String>,
    /// The table of the rows, where more than one has outcomes
    #[arg(long, value_name = "NAME", requires = "rows")]
    entity: Option<String>,
    /// Group the rows by these fields
    #[arg(long, value_name = "FIELD,FIELD", value_delimiter = ',', requires = "rows")]
    by: Vec<String>,
    /// How many of the largest movers are named, up and down
    #[arg(long, value_name = "N", default_value_t = 5, requires = "rows")]
    top: usize,
    /// The day asked about, for rows without a date of their own
    #[arg(long, value_name = "DATE", value_parser = day, requires = "rows")]
    on: Option<Day>,
    /// Do not compare the answers in the policies' own scenarios
    #[arg(long)]
    no_scenarios: bool,
    /// Do not search for which facts at all an answer differs
    #[arg(long)]
    no_regions: bool,
    /// Steps that each search for such facts may take; what is not settled within them is said to be not decided
    #[arg(long, value_name = "N", default_value_t = BUDGET, conflicts_with = "no_regions")]
    steps: u64,
    /// Write the example of each group of facts into this folder, as a facts file for each side
    #[arg(long, value_name = "FOLDER", conflicts_with = "no_regions")]
    examples: Option<String>,
    /// The first day; else the year of the first day named in policies or facts begins it
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// The last day; else the year after the last day named ends it
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
    /// As was known on that day; else everything stated is known
    #[arg(long, value_name = "DATE", value_parser = day)]
    known: Option<Day>,
    /// For people, for a remark on a change, for programs (docs/schema/diff.json), or as a page to be sent around
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    format: DiffFormat,
    /// As text: all changes of all cases and all groups of facts, and not the page that sums them up
    #[arg(long)]
    full: bool,
    /// Write the rows of annexes that changed to this file, as CSV: a line for each cell
    #[arg(long, value_name = "FILE")]
    changed_rows: Option<String>,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum DiffFormat {
    Text,
    Markdown,
    Json,
    Html,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut sources = Sources::new();
    let look = Look::Text(console.style_of(args.out.as_deref()));
    let world = console.world();
    let compared = compared(args, look, (world, console), &mut sources);
    let DiffTexts { text, examples, rows, exit } = compared.map_err(|said| {
        console.say(&said, &sources);
        Reported
    })?;
    let text = match args.format {
        DiffFormat::Json => text,
        _ => console.seen(&text, args.out.as_deref()),
    };
    let folder = args.examples.as_deref().map(|folder| folder.trim_end_matches('/'));
    if let Some(folder) = folder {
        console.make_folder(folder)?;
    }
    let folder = folder.unwrap_or(".");
    let examples = examples.iter().map(|(name, text)| (format!("{folder}/{name}"), text.as_str()));
    let out = args.out.iter().map(|path| (path.clone(), text.as_str()));
    let rows = args.changed_rows.iter().map(|path| (path.clone(), rows.as_str()));
    console.deliver_all(examples.chain(rows).chain(out))?;
    if args.out.is_none() {
        console.document(&text);
    }
    Ok(exit)
}

type DiffErrors = Vec<Diagnostic>;

/// What a comparison is written as.
struct DiffTexts {
    text: String,
    /// Facts files by name.
    examples: Vec<(String, String)>,
    /// The rows of annexes that changed.
    rows: String,
    exit: Exit,
}

fn compared(
    args: &Args,
    look: Look,
    (world, console): (&dyn World, &mut Console<'_>),
    sources: &mut Sources,
) -> Result<DiffTexts, DiffErrors> {
    let inputs = std::iter::once(&args.old).chain(&args.new).chain(&args.facts);
    facts::stdin_once(inputs.chain(&args.with).chain(&args.rows)).map_err(|error| vec![error])?;
    let stdin = console.stdin_name();
    let (old, new) = sides(args, &stdin, world, sources)?;
    let set: Vec<String> =
        args.set_old.iter().chain(&args.set_new).map(|(name, _)| name.trim().to_string()).collect();
    let frame = Pairing::new(&old, &new).stating(&set);
    let settings = Settings {
        old: args.set_old.iter().map(|set| facts::entry("--set-old", sources, set)).collect(),
        new: args.set_new.iter().map(|set| facts::entry("--set-new", sources, set)).collect(),
    };
    let nothing = nothing_stated(&frame, &settings)?;
    let mut cases = Vec::new();
    let mut left_out: Vec<(String, PolicySide)> = Vec::new();
    let files = facts_files(&args.facts, world, sources)?;
    for file in &files {
        let input = formats::facts(sources, file.id, file.format, world.files())?;
        let (old, new, more) = frame.bind(&input, &settings)?;
        left_out.extend(more.into_iter().filter(|one| !left_out.contains(one)).collect::<Vec<_>>());
        cases.push(ComparisonCase { origin: CaseOrigin::File(file.path.clone()), old, new });
    }
    let mut populations = Vec::new();
    if !args.rows.is_empty() {
        let read = rows::read(args, &frame, world, sources)?;
        // Each facts file is another world around the same rows.
        let beside: Vec<Option<&FactsFile>> =
            if files.is_empty() { vec![None] } else { files.iter().map(Some).collect() };
        for facts in beside {
            let mut told = |done, all| console.progress(done, all);
            populations.push(rows::population(
                args,
                &frame,
                (&read, facts),
                &settings,
                world,
                sources,
                &mut told,
            )?);
        }
    }
    let asked = VersionQuestion {
        settings: &settings,
        days: AskedDays { from: args.from, to: args.to, known: args.known },
        scenarios: !args.no_scenarios,
        steps: (!args.no_regions).then_some(args.steps),
    };
    let ComparedVersions { cases, one_sided, regions } =
        asking::compared(&frame, asked, nothing, (cases, !populations.is_empty()));
    let diffed = VersionDiff {
        frame: &frame,
        sources,
        names: names(args, &stdin),
        known: args.known,
        clauses: frame.clauses().clone(),
        cases,
        one_sided,
        populations,
        regions,
        left_out,
    };
    let look = if args.format == DiffFormat::Markdown { Look::Markdown } else { look };
    let text = match args.format {
        DiffFormat::Json => answers::diff(&diffed),
        DiffFormat::Text | DiffFormat::Markdown => report::diff(&diffed, look, args.full),
        DiffFormat::Html => report::html(&diffed),
    };
    let changed = is_changed(&diffed);
    let examples = if args.examples.is_some() { answers::region_examples(&diffed) } else { Vec::new() };
    let rows = if args.changed_rows.is_some() { answers::changed_rows(&diffed) } else { String::new() };
    Ok(DiffTexts { text, examples, rows, exit: if changed { Exit::Findings } else { Exit::Fine } })
}

/// Both policies.
fn sides(
    args: &Args,
    stdin: &str,
    world: &dyn World,
    sources: &mut Sources,
) -> Result<(Policy, Policy), DiffErrors> {
    let range = args.from.zip(args.to).filter(|(from, to)| from > to);
    if let Some((from, to)) = range {
        let message = format!("the first day, {from}, comes after the last, {to}");
        return Err(vec![Diagnostic::general(Code::DayNeeded, message)]);
    }
    let alone = args.new.is_none() && args.with.is_empty();
    if alone && args.set_old.is_empty() && args.set_new.is_empty() {
        return Err(vec![
            Diagnostic::general(Code::WhichPolicy, format!("nothing is given to compare {} with", tick(&args.old)))
                .help("name a second policy, an amendment (`--with FILE`), or another reading (`--set-new NAME=VALUE`)"),
        ]);
    }
    let named = [Some(&args.old), args.new.as_ref()];
    let read = named.contains(&Some(&policy::STDIN.to_string())).then(|| policy::from_stdin(stdin, world));
    let read = read.transpose().map_err(|error| vec![error])?;
    let mut side = |path: &String, with: &[String]| match &read {
        Some((root, files)) if path == policy::STDIN => compile(root, with, files, sources),
        _ => side(path, with, world, sources),
    };
    let old = side(&args.old, &[])?;
    let new = match (&args.new, alone) {
        (_, true) => old.clone(),
        (new, false) => side(new.as_ref().unwrap_or(&args.old), &args.with)?,
    };
    match in_place::unknown(&[&old, &new], world) {
        Some(error) => Err(vec![error]),
        None => Ok((old, new)),
    }
}

/// One policy, from the disk or from a revision.
fn side(path: &str, with: &[String], world: &dyn World, sources: &mut Sources) -> Result<Policy, DiffErrors> {
    let Some((revision, root)) = Revision::of(path, world, !with.is_empty()) else {
        let root = policy::root_in(path, world).map_err(|error| vec![error])?;
        return compile(&root, with, world.files(), sources);
    };
    if let Some(why) = revision.missing() {
        let message = format!("{} cannot be read: {why}", tick(path));
        let help = "a revision is named as git does, before the path: `HEAD~1:policies/japan`";
        return Err(vec![Diagnostic::general(Code::FileUnreadable, message).help(help)]);
    }
    let root = policy::root_in(&root, &revision).map_err(|error| vec![error])?;
    compile(&root, with, &revision, sources)
}

fn compile(
    root: &str,
    with: &[String],
    files: &dyn Files,
    sources: &mut Sources,
) -> Result<Policy, DiffErrors> {
    compile_with(root, with, files, sources).map(|compiled| compiled.policy)
}

/// How the sides are called: as they were named, with what was done to them.
fn names(args: &Args, stdin: &str) -> (String, String) {
    let named = |path: &str| if path == policy::STDIN { stdin.to_string() } else { path.to_string() };
    let set = |list: &[(String, String)]| {
        list.iter().map(|(name, value)| format!(" with {name} = {}", value.trim())).collect::<String>()
    };
    let with: String = args.with.iter().map(|file| format!(" with {file}")).collect();
    let new = args.new.as_ref().unwrap_or(&args.old);
    (
        format!("{}{}", named(&args.old), set(&args.set_old)),
        format!("{}{with}{}", named(new), set(&args.set_new)),
    )
}

/// A facts file that was read.
struct FactsFile {
    /// As it was named.
    path: String,
    id: SourceId,
    format: FactsFormat,
}

/// The facts files named, and those in the folders named, each read once.
fn facts_files(
    paths: &[String],
    world: &dyn World,
    sources: &mut Sources,
) -> Result<Vec<FactsFile>, DiffErrors> {
    let mut read = |path: String| {
        let (id, format) = facts::file(sources, &path, world)?;
        Ok(FactsFile { path, id, format })
    };
    files(paths, world)?.into_iter().map(&mut read).collect()
}

fn files(paths: &[String], world: &dyn World) -> Result<Vec<String>, DiffErrors> {
    let mut files = Vec::new();
    for path in paths {
        if world.kind(path) != PathKind::Folder {
            files.push(path.clone());
            continue;
        }
        let unreadable = |why: String| {
            vec![Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(path)))]
        };
        let names = world.list(path).map_err(unreadable)?;
        let inside = names.iter().map(|name| format!("{}/{name}", path.trim_end_matches('/')));
        let before = files.len();
        files.extend(inside.filter(|file| FactsFormat::of(file).is_some()));
        if files.len() == before {
            return Err(unreadable(
                "no file in it ends with `.yaml`, `.yml`, `.json` or `.toml`".to_string(),
            ));
        }
    }
    Ok(files)
}
