//! The files of rows: their headers first, then their records, part by part.

use super::told::{placed, unreadable};
use super::{Args, setup::Setup};
use crate::cli::World;
use crate::diag::{Code, Diagnostic, list_and, tick};
use crate::facts::{Form, Written};
use crate::table::{CHUNK, Chunk, Chunks, Lexicons, Reader, SplitError, header, is_ignored};
use crate::text::{Sources, Span};
use std::io::Read;

/// So much of a file is worked on at a time.
pub(super) const SIZE: usize = 4 << 20;

/// Enough of a file to hold its header.
const HEAD: usize = 1 << 16;

/// What is known of a file of rows before they are read.
pub(super) struct Head {
    pub path: String,
    pub name: String,
    /// The headings as written.
    pub header: Vec<String>,
    /// Of CSV, where the records begin.
    pub from: usize,
    /// How much there is to read, if known.
    pub size: Option<u64>,
    #[cfg(feature = "parquet")]
    pub sheet: Option<crate::table::parquet::Sheet>,
}

/// A stream of CSV, perhaps with its beginning read already.
pub(super) type Stream = (Option<Chunk>, Chunks<Box<dyn Read + Send>>);

pub(super) type Said = Vec<Diagnostic>;

impl Head {
    /// Whether what reads one of them reads the other.
    pub fn like(&self, other: &Head) -> bool {
        #[cfg(feature = "parquet")]
        match (&self.sheet, &other.sheet) {
            (None, None) => {}
            (Some(one), Some(two)) if one.schema() == two.schema() => {}
            _ => return false,
        }
        self.header == other.header
    }

    /// The records of a file of CSV, chunk by chunk; the first chunk has the header too. `waiting`: the file was begun.
    pub fn stream(&self, waiting: &mut Option<Stream>, world: &dyn World) -> Result<Stream, Diagnostic> {
        if self.path == "-"
            && let Some(stream) = waiting.take()
        {
            return Ok(stream);
        }
        let bytes = world.open(&self.path).map_err(|why| unreadable(&self.name, &why))?;
        Ok((None, Chunks::new(bytes, SIZE)))
    }
}

pub(super) fn is_parquet(path: &str) -> bool {
    let end = path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    end.is_some_and(|end| end == "parquet" || end == "pq")
}

/// What is said of Parquet where this program was built without it.
#[cfg(not(feature = "parquet"))]
pub(super) fn no_parquet(path: &str) -> Diagnostic {
    let message = format!("{} is a Parquet file, and this program was built without Parquet", tick(path));
    Diagnostic::general(Code::NotBuiltIn, message)
        .help(format!("build it with {}, or use CSV", tick("cargo install --path . --features parquet")))
}

/// Units given beside the headings.
pub(super) fn units(args: &Args, sources: &mut Sources) -> Vec<(Written<'static>, Written<'static>)> {
    let mut units = Vec::new();
    for (field, unit) in &args.unit {
        let source = sources.add("--unit", format!("{field}={unit}"));
        let word = |start: usize, text: &str| Written {
            text: text.trim().to_string().into(),
            span: Span::new(source, start, start.saturating_add(text.len())),
            at: None,
            form: Form::Plain,
        };
        units.push((word(0, field), word(field.len().saturating_add(1), unit)));
    }
    units
}

/// Opens every file as far as its header, and checks that. What was read of standard input is kept.
pub(super) fn heads(
    args: &Args,
    setup: &mut Setup,
    units: &[(Written<'static>, Written<'static>)],
    world: &dyn World,
) -> Result<(Vec<Head>, Option<Stream>), Said> {
    let mut heads: Vec<Head> = Vec::new();
    let mut waiting = None;
    if args.rows.iter().filter(|path| *path == "-").count() > 1 {
        let message = "standard input is read once only, and `-` stands twice";
        return Err(vec![Diagnostic::general(Code::StatedTwice, message).help("name it once")]);
    }
    for path in &args.rows {
        let head = match is_parquet(path) {
            true => sheet(path, args, setup, units)?,
            false => csv(path, args, setup, units, world, &mut waiting)?,
        };
        if let Some(first) = heads.first() {
            same_columns(first, &head).map_err(|error| vec![error])?;
        }
        heads.push(head);
    }
    Ok((heads, waiting))
}

fn csv(
    path: &str,
    args: &Args,
    setup: &mut Setup,
    units: &[(Written<'static>, Written<'static>)],
    world: &dyn World,
    waiting: &mut Option<Stream>,
) -> Result<Head, Said> {
    let name = if path == "-" { "<stdin>" } else { path };
    let bytes = world.open(path).map_err(|why| vec![unreadable(name, &why)])?;
    let mut chunks = Chunks::new(bytes, if path == "-" { SIZE } else { HEAD });
    let chunk = chunks.chunk().map_err(|error| vec![broken(name, &error)])?;
    let chunk = chunk.unwrap_or(Chunk { text: Vec::new(), line: 1, from: 0 });
    let text = match std::str::from_utf8(&chunk.text) {
        Ok(text) => text,
        // The header may be text, and what follows is looked at in its turn.
        Err(error) => {
            let good = chunk.text.get(..error.valid_up_to()).unwrap_or(&[]);
            match good.contains(&b'\n') {
                true => std::str::from_utf8(good).unwrap_or(""),
                false => return Err(vec![not_text(name, 1)]),
            }
        }
    };
    let (words, from) = header(text).map_err(|error| shown(name, text, vec![error], setup))?;
    missing(name, args, &words)?;
    let policy = &setup.loaded.policy;
    let lexicons = Lexicons::new(policy, setup.entity);
    let tried = Reader::new(&setup.table(units, &args.ignore, &lexicons), &words);
    let tried = tried.map(drop).map_err(|errors| with_ignore(errors, &words));
    tried.map_err(|errors| shown(name, text.get(..from).unwrap_or(""), errors, setup))?;
    let head = Head {
        path: path.to_string(),
        name: name.to_string(),
        header: words.iter().map(|word| word.text.to_string()).collect(),
        from,
        size: world.size(path),
        #[cfg(feature = "parquet")]
        sheet: None,
    };
    if path == "-" {
        *waiting = Some((Some(chunk), chunks));
    }
    Ok(head)
}

#[cfg(not(feature = "parquet"))]
fn sheet(path: &str, _: &Args, _: &mut Setup, _: &[(Written<'_>, Written<'_>)]) -> Result<Head, Said> {
    Err(vec![no_parquet(path)])
}

#[cfg(feature = "parquet")]
fn sheet(
    path: &str,
    args: &Args,
    setup: &mut Setup,
    units: &[(Written<'static>, Written<'static>)],
) -> Result<Head, Said> {
    use crate::table::{Record, arrow::Taker, parquet::Sheet};
    let policy = &setup.loaded.policy;
    let cannot = |why: &str| vec![unreadable(path, why)];
    let file = std::fs::File::open(path).map_err(|error| cannot(&crate::cli::disk::reason(&error)))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(cannot("it is a folder"));
    }
    let sheet = Sheet::open(&file, &policy.entities[setup.entity]).map_err(|why| cannot(&why))?;
    let header: Vec<String> = sheet.schema().fields().iter().map(|field| field.name().clone()).collect();
    let record = Record::new(header.iter().cloned().map(Some));
    let words = record.words();
    missing(path, args, &words)?;
    let lexicons = Lexicons::new(policy, setup.entity);
    let tried = Taker::new(&setup.table(units, &args.ignore, &lexicons), sheet.schema());
    let tried = tried.map(drop).map_err(|errors| with_ignore(errors, &words));
    tried.map_err(|errors| shown(path, &record.text, errors, setup))?;
    Ok(Head {
        path: path.to_string(),
        name: path.to_string(),
        from: 0,
        size: Some(sheet.rows()),
        sheet: Some(sheet),
        header,
    })
}

/// What is wrong with a header, with the header in sight.
fn shown(name: &str, line: &str, errors: Said, setup: &mut Setup) -> Said {
    let id = setup.loaded.sources.excerpt(name, line.to_string(), 1);
    errors.into_iter().map(|error| placed(error, id, 0)).collect()
}

/// Columns to be left out must be there.
fn missing(name: &str, args: &Args, words: &[Written<'_>]) -> Result<(), Said> {
    for ignored in &args.ignore {
        if !words.iter().any(|word| is_ignored(word, std::slice::from_ref(ignored))) {
            let headings: Vec<&str> = words.iter().map(|word| word.text.as_ref()).collect();
            let message = format!("{} has no column {}", tick(name), tick(ignored));
            return Err(vec![super::setup::unknown(&message, ignored, &headings)]);
        }
    }
    Ok(())
}

/// A column that is no field may be left out.
fn with_ignore(errors: Said, words: &[Written<'_>]) -> Said {
    let more = |error: Diagnostic| {
        let span = error.span().filter(|span| span.source == CHUNK && error.code == Code::UnknownName);
        let heading = span.and_then(|span| words.iter().find(|word| word.span.start == span.start));
        let Some(heading) = heading else { return error };
        let leave = format!("leave the column out: {}", tick(&format!("--ignore \"{}\"", heading.text)));
        let help = error.help.as_ref().map_or(leave.clone(), |help| format!("{help}; or {leave}"));
        error.help(help)
    };
    errors.into_iter().map(more).collect()
}

/// Files of one run have the same columns, in any order.
fn same_columns(first: &Head, other: &Head) -> Result<(), Diagnostic> {
    let lacks = |one: &Head, two: &Head| {
        let missing = one.header.iter().filter(|name| !two.header.contains(name));
        missing.map(|name| tick(name)).collect::<Vec<_>>()
    };
    let (missing, more) = (lacks(first, other), lacks(other, first));
    if missing.is_empty() && more.is_empty() {
        return Ok(());
    }
    let message = format!("{} and {} have different columns", tick(&first.name), tick(&other.name));
    let mut help = Vec::new();
    if !missing.is_empty() {
        help.push(format!("only the first has {}", list_and(&missing)));
    }
    if !more.is_empty() {
        help.push(format!("only the second has {}", list_and(&more)));
    }
    Err(Diagnostic::general(Code::FactsLayout, message)
        .help(format!("{}; answer for them in runs of their own", help.join("; "))))
}

/// A stream that cannot be read on.
pub(super) fn broken(name: &str, error: &SplitError) -> Diagnostic {
    match error {
        SplitError::Io(error) => unreadable(name, &crate::cli::disk::reason(error)),
        SplitError::TooLong { line } => {
            let message = format!("the record on line {line} of {} is longer than 16 MiB", tick(name));
            Diagnostic::general(Code::TooLarge, message).help("a quote in it may never be closed")
        }
    }
}

pub(super) fn not_text(name: &str, line: u64) -> Diagnostic {
    unreadable(name, &format!("it is not UTF-8 text (line {line})"))
}

/// A file of rows as CSV, whatever it is: for those that look at all rows at once.
pub(in crate::cli) fn rows_as_csv(
    path: &str,
    entity: &crate::policy::Entity,
    world: &dyn World,
) -> Result<String, Diagnostic> {
    if !is_parquet(path) {
        return world.read(path).map_err(|why| unreadable(path, &why));
    }
    #[cfg(not(feature = "parquet"))]
    {
        let _ = entity;
        Err(no_parquet(path))
    }
    #[cfg(feature = "parquet")]
    {
        let cannot = |why: String| unreadable(path, &why);
        let open = || std::fs::File::open(path).map_err(|error| cannot(crate::cli::disk::reason(&error)));
        let sheet = crate::table::parquet::Sheet::open(&open()?, entity).map_err(cannot)?;
        let mut text = crate::table::arrow::header(sheet.schema());
        for part in sheet.parts() {
            let rows = sheet.read(open()?, &part).map_err(cannot)?;
            for row in 0..rows.num_rows() {
                text.push_str(&crate::table::arrow::record(&rows, row).text);
                text.push('\n');
            }
            if text.len() > crate::formats::ROWS_LIMIT {
                return Err(cannot("as text it is larger than 1 GiB".to_string()));
            }
        }
        Ok(text)
    }
}
