//! The parts of all files through all threads: one reads, some answer, and the caller takes what came of them in the order
//! of the rows. No more is in memory than a few parts, unless answers read the whole table.

use super::input::{FilePart, RecordFiles, RowSource};
use super::plan::JobFailure;
use super::worker::{PartResult, Worker};
use crate::diag::{Code, Diagnostic};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Parts under way for each thread that answers.
const AHEAD: usize = 3;

/// The most bytes a table may have whose answers read all of it.
const WHOLE: usize = 1 << 30;

/// A part on its way, with its place in the order and its share of all there is to read.
struct PipelineTask {
    at: u64,
    part: FilePart,
    share: u64,
}

/// Takes what came of a part, and its share; false: nobody wants any more.
pub(super) type Take<'t> = dyn FnMut(PartResult, u64) -> Result<bool, JobFailure> + 't;

/// All parts through so many threads.
pub(super) fn pieces<'a>(
    input: &RowSource<'_>,
    threads: usize,
    worker: &(dyn Fn() -> Worker<'a> + Sync),
    take: &mut Take<'_>,
) -> Result<(), JobFailure> {
    let stop = AtomicBool::new(false);
    let ahead = threads.saturating_mul(AHEAD);
    // As many parts are under way as there are tokens.
    let (give, tokens) = channel::<()>();
    for _ in 0..ahead {
        let _ = give.send(());
    }
    let (tasks, wanted) = sync_channel::<PipelineTask>(ahead);
    let (ready, results) = sync_channel::<(u64, u64, PartResult)>(ahead);
    let wanted = Mutex::new(wanted);
    thread::scope(|scope| {
        let (stop, wanted) = (&stop, &wanted);
        let reading = scope.spawn(move || read(input, stop, &tokens, &tasks).err());
        for _ in 0..threads {
            let ready = ready.clone();
            scope.spawn(move || answer(worker(), wanted, &ready, stop));
        }
        drop(ready);
        let mut early: BTreeMap<u64, (u64, PartResult)> = BTreeMap::new();
        let mut next = 0;
        let mut ended = Ok(());
        'all: for (at, share, done) in results {
            early.insert(at, (share, done));
            while let Some((share, done)) = early.remove(&next) {
                next = next.saturating_add(1);
                match take(done, share) {
                    Ok(true) => {
                        // No token is wanted once all is read.
                        let _ = give.send(());
                    }
                    Ok(false) => break 'all,
                    Err(failure) => {
                        ended = Err(failure);
                        break 'all;
                    }
                }
            }
        }
        stop.store(true, Ordering::Relaxed);
        drop(give);
        match (ended, reading.join()) {
            (Err(failure), _) => Err(failure),
            (Ok(()), Ok(None)) => Ok(()),
            (Ok(()), Ok(Some(error))) => Err(error.into()),
            (Ok(()), Err(_)) => {
                Err(Diagnostic::general(Code::FileUnreadable, "the rows cannot be read").into())
            }
        }
    })
}

/// Every part of every file, one for each token.
///
/// # Errors
/// Why no more of them can be read.
fn read(
    input: &RowSource<'_>,
    stop: &AtomicBool,
    tokens: &Receiver<()>,
    tasks: &SyncSender<PipelineTask>,
) -> Result<(), Diagnostic> {
    let mut at = 0;
    for file in 0..input.files.len() {
        let mut parts = input.parts(file)?;
        loop {
            if tokens.recv().is_err() || stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let Some((part, share)) = parts.next()? else { break };
            if tasks.send(PipelineTask { at, part, share }).is_err() {
                return Ok(());
            }
            at += 1;
        }
    }
    Ok(())
}

fn answer(
    mut worker: Worker<'_>,
    wanted: &Mutex<Receiver<PipelineTask>>,
    ready: &SyncSender<(u64, u64, PartResult)>,
    stop: &AtomicBool,
) {
    loop {
        let task = wanted.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(task) = task else { return };
        if stop.load(Ordering::Relaxed) {
            continue;
        }
        let done = worker.work(std::slice::from_ref(&task.part));
        if ready.send((task.at, task.share, done)).is_err() {
            return;
        }
    }
}

/// The whole table at once, for answers read all of it.
pub(super) fn whole(
    input: &RowSource<'_>,
    mut worker: Worker<'_>,
    take: &mut Take<'_>,
) -> Result<(), JobFailure> {
    alike(input)?;
    let mut all: Vec<FilePart> = Vec::new();
    let mut size: usize = 0;
    for file in 0..input.files.len() {
        let mut parts = input.parts(file)?;
        let mut joined: Option<FilePart> = None;
        while let Some((part, _)) = parts.next()? {
            match (part.records, &mut joined) {
                // The lines of a file are one text, so that rows of it are found again.
                (
                    RecordFiles::Csv { text: more, .. },
                    Some(FilePart { records: RecordFiles::Csv { text, .. }, .. }),
                ) => {
                    size = size.saturating_add(more.len());
                    text.extend_from_slice(&more);
                }
                (records, _) => all.extend(joined.replace(FilePart { file, records })),
            }
            if size > WHOLE {
                let message = "answers read the whole table, and it has more than 1 GiB";
                let error = Diagnostic::general(Code::TooLarge, message)
                    .help("answer for parts of it that do not need each other in runs of their own");
                return Err(error.into());
            }
        }
        all.extend(joined);
    }
    take(worker.work(&all), 0).map(drop)
}

/// Rows that are answered together have their columns in one order.
fn alike(input: &RowSource<'_>) -> Result<(), Diagnostic> {
    let Some((first, others)) = input.files.split_first() else { return Ok(()) };
    let Some(other) = others.iter().find(|other| !other.like(first)) else { return Ok(()) };
    let message = format!(
        "answers read the whole table, and the columns of `{}` are not in the order of those of `{}`",
        other.name, first.name
    );
    Err(Diagnostic::general(Code::FactsLayout, message)
        .help("put all rows in one file, or give all files the same header"))
}
