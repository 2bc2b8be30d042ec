//! The files of rows: their headers first, then their records, part by part.

use super::decode::heading_name;
use super::plan::{TableErrors, TablePlan};
use super::rejects::{placed, unreadable};
#[cfg(feature = "xlsx")]
use super::workbook;
use super::{CHUNK, Chunks, Dictionaries, RecordDecoder, SplitError, TextChunk, header};
#[cfg(feature = "parquet")]
use super::{Record, arrow::BatchDecoder, parquet};
use crate::diag::{Code, Diagnostic, count, list_and, tick};
use crate::policy::Fact;
use crate::sheet::{DecimalMark, Dialect, Written};
use crate::text::{Sources, not_in, not_utf8, other_encoding};
use crate::words::io_reason;
use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// So much of a file is worked on at a time.
const SIZE: usize = 4 << 20;

/// Enough of a file to hold its header.
const HEAD: usize = 1 << 16;

/// Where the bytes of files are. The caller opens them, each as often as it is read.
pub trait Storage: Sync {
    /// How messages call a file.
    fn name(&self, path: &str) -> String {
        path.to_string()
    }

    /// A file of CSV from its beginning; else why it cannot be opened.
    fn stream(&self, path: &str) -> Result<Box<dyn Read + Send>, String>;

    /// Whether it can be opened once only.
    fn once(&self, _path: &str) -> bool {
        false
    }

    /// How many bytes a file has, if that is known before it is read.
    fn size(&self, _path: &str) -> Option<u64> {
        None
    }

    /// A Parquet file; else why it cannot be opened.
    #[cfg(feature = "parquet")]
    fn random_access(&self, path: &str) -> Result<parquet::RandomAccess, String>;
}

/// A file whose rows are not read yet.
#[derive(Debug)]
pub struct RowFile {
    path: String,
    pub name: String,
    /// The headings as written.
    pub header: Vec<String>,
    /// Of CSV, where the records begin, and how their cells are set apart.
    from: usize,
    pub dialect: Dialect,
    /// Of a workbook: its sheet, as CSV.
    sheet: Option<Arc<[u8]>>,
    /// How much there is to read, if known: bytes of CSV, rows of Parquet.
    pub(super) size: Option<u64>,
    #[cfg(feature = "parquet")]
    pub(super) row_groups: Option<parquet::RowGroups>,
}

impl RowFile {
    /// Whether what reads one of them reads the other.
    pub(super) fn like(&self, other: &RowFile) -> bool {
        #[cfg(feature = "parquet")]
        match (&self.row_groups, &other.row_groups) {
            (None, None) => {}
            (Some(one), Some(two)) if one.schema() == two.schema() => {}
            _ => return false,
        }
        self.header == other.header && self.dialect == other.dialect
    }
}

/// A stream of CSV, perhaps with its first chunk read already.
type Stream = (Option<TextChunk>, Chunks<Box<dyn Read + Send>>);

/// A part of a file.
pub(super) struct FilePart {
    pub file: usize,
    pub records: RecordFiles,
}

pub(super) enum RecordFiles {
    /// Whole records, the first on a line of that number; the header, if it is there, ends at `from`.
    Csv { line: u64, text: Vec<u8>, from: usize },
    #[cfg(feature = "parquet")]
    RowGroup(parquet::GroupSlice),
}

/// The files of one table: their headers have been read and name columns of the table, the same in every file.
pub struct RowSource<'s> {
    pub(super) files: Vec<RowFile>,
    storage: &'s dyn Storage,
    /// What can be opened once only, from its beginning.
    begun: Mutex<Option<Stream>>,
}

impl std::fmt::Debug for RowSource<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowSource").field("files", &self.files).finish_non_exhaustive()
    }
}

impl<'s> RowSource<'s> {
    /// Opens every file as far as its header. Messages take the headers into `sources`.
    ///
    /// # Errors
    /// A file cannot be read, or its header does not fit the table or the files before it.
    pub fn open(
        plan: &TablePlan<'_>,
        paths: &[String],
        storage: &'s dyn Storage,
        sources: &mut Sources,
    ) -> Result<RowSource<'s>, Vec<Diagnostic>> {
        if let Some(path) = paths.iter().find(|path| !matches!(RowFormat::of(path), RowFormat::Workbook))
            && plan.sheet.is_some()
        {
            let message = format!("{} is no workbook and has no sheets", tick(&storage.name(path)));
            return Err(vec![Diagnostic::general(Code::Usage, message).help("leave `--sheet` out")]);
        }
        let mut input = RowSource { files: Vec::new(), storage, begun: Mutex::new(None) };
        for path in paths {
            let file = match RowFormat::of(path) {
                RowFormat::Parquet => input.parquet(path, plan, sources)?,
                RowFormat::Workbook => input.workbook(path, plan, sources)?,
                RowFormat::Csv => input.csv(path, None, plan, sources)?,
            };
            if let Some(first) = input.files.first() {
                same_columns(first, &file).map_err(|error| vec![error])?;
            }
            input.files.push(file);
        }
        Ok(input)
    }

    /// What is to be known before the run: how the cells are set apart, columns that are not read, fields that no column
    /// states.
    pub fn notes(&self, plan: &TablePlan<'_>) -> Vec<String> {
        let decl = &plan.policy.entities[plan.entity];
        let mut notes = Vec::new();
        for file in &self.files {
            let name = tick(&file.name);
            if let Some(separator) = file.dialect.separator_name() {
                let decimals = match file.dialect.decimals {
                    DecimalMark::Comma => ", decimals by commas",
                    DecimalMark::Point => ", decimals by points",
                    DecimalMark::Unsaid => "",
                };
                notes.push(format!("{name}: cells are set apart by {separator}{decimals}"));
            }
            let field =
                |heading: &&String| !decl.fields.values().any(|field| field.name == heading_name(heading));
            let others: Vec<String> = file.header.iter().filter(field).map(|one| tick(one)).collect();
            if plan.ignored.others && !others.is_empty() {
                notes.push(format!("{name}: {} not read: {}", columns_are(others.len()), list_and(&others)));
            }
        }
        let missing = |field: &&Fact| field.default.is_none() && !self.states(&field.name);
        let missing: Vec<String> = decl.fields.values().filter(missing).map(|one| tick(&one.name)).collect();
        if !missing.is_empty() {
            let fields = list_and(&missing);
            let (have, are) = if missing.len() == 1 { ("has", "it is") } else { ("have", "they are") };
            notes.push(format!("{fields} {have} no column and no default: {are} unknown in every row"));
        }
        notes
    }

    /// Whether a file has a column for a field.
    pub(super) fn states(&self, field: &str) -> bool {
        let named = |heading: &String| heading_name(heading) == field;
        self.files.iter().any(|file| file.header.iter().any(named))
    }

    /// A sheet of a workbook, read as the CSV it stands for.
    #[cfg(feature = "xlsx")]
    fn workbook(
        &mut self,
        path: &str,
        plan: &TablePlan<'_>,
        sources: &mut Sources,
    ) -> Result<RowFile, TableErrors> {
        let cannot = |why: String| vec![unreadable(path, &why)];
        let mut bytes = Vec::new();
        let mut stream = self.storage.stream(path).map_err(cannot)?;
        stream.read_to_end(&mut bytes).map_err(|error| cannot(io_reason(&error)))?;
        let sheet =
            workbook::as_csv(bytes, plan.sheet, &plan.policy.entities[plan.entity]).map_err(cannot)?;
        self.csv(path, Some(sheet.into()), plan, sources)
    }

    #[cfg(not(feature = "xlsx"))]
    fn workbook(&mut self, path: &str, _: &TablePlan<'_>, _: &mut Sources) -> Result<RowFile, TableErrors> {
        let message = format!("{} is a workbook, and this program was built without workbooks", tick(path));
        Err(vec![Diagnostic::general(Code::NotBuiltIn, message).help(format!(
            "build it with {}, or save the sheet as CSV UTF-8",
            tick("cargo install --path . --features xlsx")
        ))])
    }

    fn csv(
        &mut self,
        path: &str,
        sheet: Option<Arc<[u8]>>,
        plan: &TablePlan<'_>,
        sources: &mut Sources,
    ) -> Result<RowFile, TableErrors> {
        let name = self.storage.name(path);
        let once = self.storage.once(path);
        let bytes = self.bytes(path, sheet.as_ref()).map_err(|why| vec![unreadable(&name, &why)])?;
        let mut chunks = Chunks::new(bytes, if once { SIZE } else { HEAD });
        let chunk = chunks.chunk().map_err(|error| vec![broken(&name, &error)])?;
        let chunk = chunk.unwrap_or(TextChunk { text: Vec::new(), line: 1, from: 0 });
        if let Some(encoding) = other_encoding(&chunk.text) {
            return Err(vec![unreadable(&name, &not_in(encoding))]);
        }
        let text = beginning(&chunk.text).ok_or_else(|| vec![not_text(&name, 1)])?;
        let (words, from, mut dialect) =
            header(text).map_err(|error| shown(&name, text, vec![error], sources))?;
        missing(&name, plan.ignored.named, &words)?;
        let lexicons = Dictionaries::new(plan.policy, plan.entity);
        let tried = RecordDecoder::new(&plan.table(false, &lexicons), &words, dialect);
        let tried = tried.map_err(|errors| with_ignore(errors, &words));
        let tried = tried.map_err(|errors| shown(&name, text.get(..from).unwrap_or(""), errors, sources))?;
        if let Some(said) = plan.decimals {
            dialect.decimals = said;
        } else if dialect.decimals == DecimalMark::Unsaid {
            dialect.decimals = tried.decimals(text, from);
        }
        let file = RowFile {
            path: path.to_string(),
            header: words.iter().map(|word| word.text.to_string()).collect(),
            name,
            from,
            dialect,
            size: sheet
                .as_ref()
                .map_or_else(|| self.storage.size(path), |sheet| u64::try_from(sheet.len()).ok()),
            sheet,
            #[cfg(feature = "parquet")]
            row_groups: None,
        };
        if once {
            self.begun = Mutex::new(Some((Some(chunk), chunks)));
        }
        Ok(file)
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(&self, path: &str, _: &TablePlan<'_>, _: &mut Sources) -> Result<RowFile, TableErrors> {
        Err(vec![no_parquet(path)])
    }

    #[cfg(feature = "parquet")]
    fn parquet(
        &self,
        path: &str,
        plan: &TablePlan<'_>,
        sources: &mut Sources,
    ) -> Result<RowFile, TableErrors> {
        let cannot = |why: String| vec![unreadable(path, &why)];
        let file = self.storage.random_access(path).map_err(cannot)?;
        let row_groups =
            parquet::RowGroups::open(&file, &plan.policy.entities[plan.entity]).map_err(cannot)?;
        let header: Vec<String> =
            row_groups.schema().fields().iter().map(|field| field.name().clone()).collect();
        let record = Record::new(header.iter().cloned().map(Some));
        let words = record.words();
        missing(path, plan.ignored.named, &words)?;
        let lexicons = Dictionaries::new(plan.policy, plan.entity);
        let tried = BatchDecoder::new(&plan.table(false, &lexicons), row_groups.schema());
        let tried = tried.map(drop).map_err(|errors| with_ignore(errors, &words));
        tried.map_err(|errors| shown(path, &record.text, errors, sources))?;
        Ok(RowFile {
            path: path.to_string(),
            name: path.to_string(),
            from: 0,
            dialect: Dialect::CSV,
            sheet: None,
            size: Some(row_groups.rows()),
            row_groups: Some(row_groups),
            header,
        })
    }

    /// A Parquet file, opened once more.
    #[cfg(feature = "parquet")]
    pub(super) fn random_access(&self, file: &RowFile) -> Result<parquet::RandomAccess, Diagnostic> {
        self.storage.random_access(&file.path).map_err(|why| unreadable(&file.name, &why))
    }

    /// The parts of a file from its beginning.
    pub(super) fn parts(&self, at: usize) -> Result<FileParts<'_>, Diagnostic> {
        let Some(file) = self.files.get(at) else {
            return Err(Diagnostic::general(Code::FactsLayout, "the rows cannot be read"));
        };
        #[cfg(feature = "parquet")]
        if let Some(row_groups) = &file.row_groups {
            return Ok(FileParts { at, file, rest: Rest::Parquet(row_groups.parts().into_iter()) });
        }
        let rest = Rest::Csv(Box::new(self.stream(file)?), file.from);
        Ok(FileParts { at, file, rest })
    }

    fn stream(&self, file: &RowFile) -> Result<Stream, Diagnostic> {
        if self.storage.once(&file.path)
            && let Some(stream) = self.begun.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            return Ok(stream);
        }
        let bytes =
            self.bytes(&file.path, file.sheet.as_ref()).map_err(|why| unreadable(&file.name, &why))?;
        Ok((None, Chunks::new(bytes, SIZE)))
    }

    /// A file of CSV, or the sheet that was read of it.
    fn bytes(&self, path: &str, sheet: Option<&Arc<[u8]>>) -> Result<Box<dyn Read + Send>, String> {
        match sheet {
            Some(sheet) => Ok(Box::new(Cursor::new(sheet.clone()))),
            None => self.storage.stream(path),
        }
    }
}

/// The parts of a file that are still to be read.
pub(super) struct FileParts<'f> {
    at: usize,
    file: &'f RowFile,
    rest: Rest,
}

enum Rest {
    Csv(Box<Stream>, usize),
    #[cfg(feature = "parquet")]
    Parquet(std::vec::IntoIter<parquet::GroupSlice>),
}

impl FileParts<'_> {
    /// The next part, and how much of the file it is.
    pub fn next(&mut self) -> Result<Option<(FilePart, u64)>, Diagnostic> {
        let (records, share) = match &mut self.rest {
            Rest::Csv(stream, from) => {
                let (first, chunks) = &mut **stream;
                let chunk = match first.take() {
                    Some(chunk) => Some(chunk),
                    None => chunks.chunk().map_err(|error| broken(&self.file.name, &error))?,
                };
                let Some(TextChunk { line, text, .. }) = chunk else { return Ok(None) };
                let share = text.len();
                (RecordFiles::Csv { line, text, from: std::mem::take(from) }, share)
            }
            #[cfg(feature = "parquet")]
            Rest::Parquet(parts) => {
                let Some(part) = parts.next() else { return Ok(None) };
                (RecordFiles::RowGroup(part), part.len())
            }
        };
        let share = u64::try_from(share).unwrap_or(u64::MAX);
        Ok(Some((FilePart { file: self.at, records }, share)))
    }
}

/// The text at the beginning of a file: the header may be text, and what follows is looked at in its turn.
fn beginning(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
            good.contains(&b'\n').then(|| std::str::from_utf8(good).unwrap_or(""))
        }
    }
}

fn columns_are(n: usize) -> String {
    format!("{} {}", count(n, "column"), if n == 1 { "is" } else { "are" })
}

/// How the rows of a file are written, by the end of its name.
enum RowFormat {
    Csv,
    Parquet,
    Workbook,
}

impl RowFormat {
    fn of(path: &str) -> RowFormat {
        let end = path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match end.as_deref() {
            Some("parquet" | "pq") => RowFormat::Parquet,
            Some("xlsx" | "xlsm") => RowFormat::Workbook,
            _ => RowFormat::Csv,
        }
    }
}

/// By the end of its name.
pub fn is_parquet(path: &str) -> bool {
    matches!(RowFormat::of(path), RowFormat::Parquet)
}

/// What is said of Parquet where this program was built without it.
#[cfg(not(feature = "parquet"))]
pub fn no_parquet(path: &str) -> Diagnostic {
    let message = format!("{} is a Parquet file, and this program was built without Parquet", tick(path));
    Diagnostic::general(Code::NotBuiltIn, message)
        .help(format!("build it with {}, or use CSV", tick("cargo install --path . --features parquet")))
}

/// What is wrong with a header, with the header in sight.
fn shown(name: &str, line: &str, errors: TableErrors, sources: &mut Sources) -> TableErrors {
    let id = sources.excerpt(name, line.to_string(), 1);
    errors.into_iter().map(|error| placed(error, id, 0)).collect()
}

/// Columns to be left out must be there.
fn missing(name: &str, ignored: &[String], words: &[Written<'_>]) -> Result<(), TableErrors> {
    for ignored in ignored {
        if !words.iter().any(|word| *word.text == **ignored || heading_name(&word.text) == ignored) {
            let headings: Vec<&str> = words.iter().map(|word| word.text.as_ref()).collect();
            let message = format!("{} has no column {}", tick(name), tick(ignored));
            return Err(vec![Diagnostic::unknown_name(&message, ignored, &headings)]);
        }
    }
    Ok(())
}

/// A column that is no field may be left out.
fn with_ignore(errors: TableErrors, words: &[Written<'_>]) -> TableErrors {
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
fn same_columns(first: &RowFile, other: &RowFile) -> Result<(), Diagnostic> {
    let lacks = |one: &RowFile, two: &RowFile| {
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
fn broken(name: &str, error: &SplitError) -> Diagnostic {
    match error {
        SplitError::Io(error) => unreadable(name, &io_reason(error)),
        SplitError::TooLong { line } => {
            let message = format!("the record on line {line} of {} is longer than 16 MiB", tick(name));
            Diagnostic::general(Code::TooLarge, message).help("a quote in it may never be closed")
        }
    }
}

pub(super) fn not_text(name: &str, line: u64) -> Diagnostic {
    unreadable(name, &not_utf8(line))
}
