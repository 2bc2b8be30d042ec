//! Where answers go, and rows that are set aside.

use super::Args;
use super::input::{Head, Said, is_parquet};
use super::told::{self, rejected, rejects_header, shown, unwritable};
use super::work::{Ask, Counts, Done, Give, Out};
use crate::cli::{Console, Target, World};
use crate::diag::{Code, Diagnostic, tick};
use crate::table::sum::{Plan, Sums};
use crate::table::{Layout, cell};
use crate::text::Sources;
use std::io::Write;

/// What is written, and how far it is.
pub(super) struct Writer<'h> {
    heads: &'h [Head],
    out: Sink,
    rejects: Option<(String, Target)>,
    pub counts: Counts,
    pub set_aside: u64,
    pub sums: Sums,
    /// A file cannot be read beyond a record.
    pub broken: bool,
    done: u64,
    all: Option<u64>,
}

/// Where answers go.
enum Sink {
    /// Standard output.
    Stdout,
    File(String, Target),
    #[cfg(feature = "parquet")]
    Parquet(String, Box<crate::table::parquet::Sink<Target>>),
}

/// The file of answers and that of rows set aside, before anything is written.
pub(super) struct Targets {
    out: Option<(String, Target)>,
    rejects: Option<(String, Target)>,
}

/// Makes the files, under names of their own until they are whole.
pub(super) fn targets(args: &Args, world: &dyn World) -> Result<Targets, Said> {
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
        return Err(vec![super::input::no_parquet(path)]);
        #[cfg(feature = "parquet")]
        let _ = path;
    }
    Ok(Targets { out: create(&args.out)?, rejects: create(&args.rejects)? })
}

impl Targets {
    /// In which form answers are given, and what writes them. `plan`: they are summed.
    pub fn writer<'h, 'p>(
        self,
        args: &Args,
        heads: &'h [Head],
        layout: &Layout<'p>,
        plan: Option<Plan<'p>>,
    ) -> Result<(Give<'p>, Writer<'h>), Said> {
        let all = heads.iter().map(|head| head.size).sum();
        let writer = |out| Writer {
            heads,
            out,
            rejects: self.rejects,
            counts: Counts::default(),
            set_aside: 0,
            sums: Sums::default(),
            broken: false,
            done: 0,
            all,
        };
        let file = |(path, target)| Sink::File(path, target);
        #[cfg(feature = "parquet")]
        if let Some((path, _)) = &self.out
            && is_parquet(path)
            && let Some((path, target)) = self.out
        {
            use crate::table::arrow::{Decimals, Giver};
            use crate::table::parquet;
            let asked = |(name, digits, places): &(String, Option<u8>, u8)| {
                let plain = Decimals::new(*places);
                (name.clone(), Decimals { digits: digits.unwrap_or(plain.digits), ..plain })
            };
            let decimals = args.decimals.iter().map(asked).collect();
            let giver = Giver::new(layout, &decimals).map_err(|error| vec![error])?;
            let made = parquet::create(target, giver.schema(), |at| giver.repeats(at));
            let (sink, encoder) = made.map_err(|error| vec![unwritable(&path, &error)])?;
            return Ok((Give::Parquet(giver, encoder), writer(Sink::Parquet(path, Box::new(sink)))));
        }
        #[cfg(not(feature = "parquet"))]
        let _ = layout;
        if !args.decimals.is_empty() {
            let message =
                "`--decimals` is for answers in a Parquet file: in CSV every number has all its decimals";
            return Err(vec![
                Diagnostic::general(Code::AnswerFormat, message)
                    .help("leave it out, or write to a Parquet file"),
            ]);
        }
        let out = self.out.map_or(Sink::Stdout, file);
        Ok((plan.map_or(Give::Csv, Give::Sums), writer(out)))
    }
}

impl Writer<'_> {
    /// Writes what stands before the first row.
    pub fn begin(&mut self, ask: &Ask<'_>, console: &mut Console<'_>) -> Result<(), Said> {
        if let Give::Csv = ask.give {
            let mut head = Vec::new();
            for (at, name) in ask.layout.header().iter().enumerate() {
                if at > 0 {
                    head.push(b',');
                }
                cell(name, &mut head);
            }
            head.push(b'\n');
            self.write(&head, console)?;
        }
        if let (Some((path, target)), Some(first)) = (&mut self.rejects, self.heads.first()) {
            target.write_all(&rejects_header(first)).map_err(|error| vec![unwritable(path, &error)])?;
        }
        Ok(())
    }

    /// False: whoever reads standard output has gone away.
    fn write(&mut self, bytes: &[u8], console: &mut Console<'_>) -> Result<bool, Said> {
        match &mut self.out {
            Sink::File(path, target) => {
                target.write_all(bytes).map_err(|error| vec![unwritable(path, &error)])?;
                Ok(true)
            }
            Sink::Stdout => Ok(console.write(bytes).is_ok()),
            // Rows of a sheet are no bytes.
            #[cfg(feature = "parquet")]
            Sink::Parquet(..) => Ok(true),
        }
    }

    /// Takes the next part in; false: nobody wants any more.
    pub fn take(
        &mut self,
        done: Done,
        share: u64,
        console: &mut Console<'_>,
        sources: &mut Sources,
    ) -> Result<bool, Said> {
        let fatal = |reject: &&super::stood::Reject| self.rejects.is_none() || reject.last;
        let mut said: Said = Vec::new();
        for reject in done.rejected.iter().filter(fatal).take(told::SHOWN) {
            if let Some(head) = self.heads.get(reject.file) {
                said.extend(shown(reject, head, sources));
                self.broken |= reject.last;
            }
        }
        if !said.is_empty() {
            return Err(said);
        }
        if !done.failed.is_empty() {
            return Err(done.failed);
        }
        if let (Some((path, target)), Some(first)) = (&mut self.rejects, self.heads.first()) {
            for reject in &done.rejected {
                let Some(head) = self.heads.get(reject.file) else { continue };
                let line = rejected(reject, head, first);
                target.write_all(&line).map_err(|error| vec![unwritable(path, &error)])?;
                self.set_aside = self.set_aside.saturating_add(1);
            }
        }
        let more = match (done.out, &mut self.out) {
            (Out::Nothing, _) => true,
            (Out::Csv(bytes), _) => self.write(&bytes, console)?,
            (Out::Sums(sums), _) => {
                self.sums.merge(sums);
                true
            }
            #[cfg(feature = "parquet")]
            (Out::Part(part), Sink::Parquet(path, sink)) => {
                sink.append(part).map_err(|error| vec![unwritable(path, &error)])?;
                true
            }
            #[cfg(feature = "parquet")]
            (Out::Part(_), _) => true,
        };
        self.counts.add(&done.counts);
        self.done = self.done.saturating_add(share);
        if let Some(all) = self.all {
            let part = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
            console.progress(part(self.done.min(all.saturating_sub(1))), part(all));
        }
        Ok(more)
    }

    /// Gives the files their names.
    pub fn end(&mut self, totals: Option<&str>, console: &mut Console<'_>) -> Result<(), Said> {
        if let Some(totals) = totals {
            self.write(totals.as_bytes(), console)?;
        }
        let mut whole: Vec<(String, Target)> = self.rejects.take().into_iter().collect();
        match std::mem::replace(&mut self.out, Sink::Stdout) {
            Sink::Stdout => {}
            Sink::File(path, target) => whole.push((path, target)),
            #[cfg(feature = "parquet")]
            Sink::Parquet(path, sink) => {
                let target = sink.finish().map_err(|error| vec![unwritable(&path, &error)])?;
                whole.push((path, target));
            }
        }
        // None has its name before all are whole.
        for (path, target) in &mut whole {
            target.seal().map_err(|error| vec![unwritable(path, &error)])?;
        }
        for (path, target) in whole {
            target.name().map_err(|error| vec![unwritable(&path, &error)])?;
        }
        Ok(())
    }
}
