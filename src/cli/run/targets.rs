//! The files that answers go to, and rows that are set aside.

use super::{Args, RunErrors};
use crate::cli::outputs::{self, Outputs};
use crate::cli::{Console, PlainFormat, Target, World};
use crate::diag::{Code, Diagnostic};
use crate::table::is_parquet;
use std::cell::RefCell;
use std::io::{self, ErrorKind, Write};

/// The file of answers and that of rows set aside, before anything is written.
pub(super) struct Targets {
    pub out: Option<(String, Target)>,
    pub rejects: Option<(String, Target)>,
}

/// Makes the files, under names of their own until they are whole.
pub(super) fn targets(args: &Args, world: &dyn World) -> Result<Targets, RunErrors> {
    let create = |path: &Option<String>| {
        let path = path.clone();
        path.map(|path| outputs::create(&path, world).map(|target| (path, target))).transpose()
    };
    let wrong = |message: &str, help: &str| {
        Err(vec![Diagnostic::general(Code::AnswerFormat, message.to_string()).help(help.to_string())])
    };
    if args.out.is_some() && args.out == args.rejects {
        return wrong("`--out` and `--rejects` name the same file", "name two files");
    }
    if args.rejects.as_ref().is_some_and(|path| is_parquet(path)) {
        return wrong("rows that are set aside are written as CSV", "name a file that ends with `.csv`");
    }
    if let Some(path) = args.out.as_ref().filter(|path| is_parquet(path)) {
        if args.sums() {
            return wrong("totals are written as CSV", "name a file that ends with `.csv`, or none");
        }
        #[cfg(not(feature = "parquet"))]
        return Err(vec![crate::table::no_parquet(path)]);
        #[cfg(feature = "parquet")]
        let _ = path;
    }
    if args.format == PlainFormat::Json && args.out.is_none() && args.explain.is_none() && !args.sums() {
        return wrong(
            "a document and the answers cannot both go to standard output",
            "name a file for the answers with `--out`",
        );
    }
    let one = |error| vec![error];
    let targets =
        Targets { out: create(&args.out).map_err(one)?, rejects: create(&args.rejects).map_err(one)? };
    if !args.decimals.is_empty() && !args.out.as_ref().is_some_and(|path| is_parquet(path)) {
        return wrong(
            "`--decimals` is for answers in a Parquet file: in CSV every number has all its decimals",
            "leave it out, or write to a Parquet file",
        );
    }
    let parquet = args.out.as_ref().is_some_and(|path| is_parquet(path));
    if args.spreadsheet_safe && (parquet || (args.sums() && args.out.is_none())) {
        return wrong(
            "`--spreadsheet-safe` is for CSV",
            "leave it out, or write to a file that ends with `.csv`",
        );
    }
    Ok(targets)
}

impl Targets {
    /// Gives the files their names: none has its own before all are whole.
    pub fn finish(self, world: &dyn World) -> Result<(), RunErrors> {
        let mut outputs = Outputs::default();
        for (path, target) in self.rejects.into_iter().chain(self.out) {
            outputs.add(&path, target);
        }
        outputs.finish(world).map_err(|error| vec![error])
    }
}

/// Standard output; whoever reads it may go away, which is no error.
pub(super) struct Stdout<'r, 'c, 'a>(pub &'r RefCell<&'c mut Console<'a>>);

impl Write for Stdout<'_, '_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.0.borrow_mut().write(bytes);
        written.map(|()| bytes.len()).map_err(|_| ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file; where nobody reads it, that is an error.
pub(super) struct ToFile<'t>(pub &'t mut Target);

impl Write for ToFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => io::Error::other(error),
            _ => error,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
