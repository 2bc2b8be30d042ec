//! The files that answers go to, and rows that are set aside.

use super::{Args, RunErrors};
use crate::cli::{Console, PlainFormat, Target, World};
use crate::diag::{Code, Diagnostic, tick};
use crate::table::is_parquet;
use crate::words::io_reason;
use std::cell::RefCell;
use std::io::{self, ErrorKind, Write};

/// The file of answers and that of rows set aside, before anything is written.
pub(super) struct Targets {
    pub out: Option<(String, Target)>,
    pub rejects: Option<(String, Target)>,
}

/// Makes the files, under names of their own until they are whole.
pub(super) fn targets(args: &Args, world: &dyn World) -> Result<Targets, RunErrors> {
    let create = |path: &Option<String>| match path {
        None => Ok(None),
        Some(path) if args.rows.contains(path) || args.facts.as_ref() == Some(path) => {
            let message = format!("{} is read, and would be written over", tick(path));
            Err(vec![Diagnostic::general(Code::FileUnwritable, message).help("name another file")])
        }
        Some(path) => match world.create(path) {
            Ok(target) => Ok(Some((path.clone(), target))),
            Err(why) => {
                let message = format!("{} cannot be written: {why}", tick(path));
                Err(vec![Diagnostic::general(Code::FileUnwritable, message)])
            }
        },
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
    let targets = Targets { out: create(&args.out)?, rejects: create(&args.rejects)? };
    if !args.decimals.is_empty() && !args.out.as_ref().is_some_and(|path| is_parquet(path)) {
        return wrong(
            "`--decimals` is for answers in a Parquet file: in CSV every number has all its decimals",
            "leave it out, or write to a Parquet file",
        );
    }
    Ok(targets)
}

impl Targets {
    /// Gives the files their names: none has its own before all are whole.
    pub fn finish(self) -> Result<(), RunErrors> {
        let mut whole: Vec<(String, Target)> = self.rejects.into_iter().chain(self.out).collect();
        for (path, target) in &mut whole {
            target.seal().map_err(|error| vec![unwritable(path, &error)])?;
        }
        for (path, target) in whole {
            target.name().map_err(|error| vec![unwritable(&path, &error)])?;
        }
        Ok(())
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

pub(super) fn unwritable(name: &str, error: &std::io::Error) -> Diagnostic {
    let why = match error.kind() {
        std::io::ErrorKind::StorageFull => "the disk is full".to_string(),
        _ => io_reason(error),
    };
    Diagnostic::general(Code::FileUnwritable, format!("{} cannot be written: {why}", tick(name)))
}
