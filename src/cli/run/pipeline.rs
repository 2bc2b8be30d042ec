//! From files to a file: one thread reads, some answer, one writes in the order of the rows. No more is in memory than a
//! few parts, unless answers read the whole table.

use super::Args;
use super::input::{Head, Said, Stream, broken};
use super::work::{Ask, Done, Records, Text, Worker};
use crate::cli::World;
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
struct Job {
    at: u64,
    text: Text,
    share: u64,
}

/// Takes what came of a part, and its share; false: nobody wants any more.
pub(super) type Take<'t> = dyn FnMut(Done, u64) -> Result<bool, Said> + 't;

/// All parts through all threads.
pub(super) fn pieces(
    ask: &Ask<'_>,
    waiting: Option<Stream>,
    world: &dyn World,
    args: &Args,
    take: &mut Take<'_>,
) -> Result<(), Said> {
    let threads = args.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, |n| n.get());
    let stop = AtomicBool::new(false);
    let ahead = threads.saturating_mul(AHEAD);
    // As many parts are under way as there are tokens.
    let (give, tokens) = channel::<()>();
    for _ in 0..ahead {
        let _ = give.send(());
    }
    let (jobs, wanted) = sync_channel::<Job>(ahead);
    let (ready, results) = sync_channel::<(u64, u64, Done)>(ahead);
    let wanted = Mutex::new(wanted);
    thread::scope(|scope| {
        let (stop, wanted) = (&stop, &wanted);
        let reading = scope.spawn(move || read(ask.files, waiting, world, stop, &tokens, &jobs).err());
        for _ in 0..threads {
            let ready = ready.clone();
            scope.spawn(move || answer(ask, wanted, &ready, stop));
        }
        drop(ready);
        let mut early: BTreeMap<u64, (u64, Done)> = BTreeMap::new();
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
                    Err(said) => {
                        ended = Err(said);
                        break 'all;
                    }
                }
            }
        }
        stop.store(true, Ordering::Relaxed);
        drop(give);
        match (ended, reading.join()) {
            (Err(said), _) => Err(said),
            (Ok(()), Ok(None)) => Ok(()),
            (Ok(()), Ok(Some(error))) => Err(vec![error]),
            (Ok(()), Err(_)) => {
                Err(vec![Diagnostic::general(Code::FileUnreadable, "the rows cannot be read")])
            }
        }
    })
}

/// Every part of every file, one for each token.
///
/// # Errors
/// Why no more of them can be read.
fn read(
    heads: &[Head],
    mut waiting: Option<Stream>,
    world: &dyn World,
    stop: &AtomicBool,
    tokens: &Receiver<()>,
    jobs: &SyncSender<Job>,
) -> Result<(), Diagnostic> {
    let mut at = 0;
    for (file, head) in heads.iter().enumerate() {
        let mut parts = Parts::new(head, &mut waiting, world)?;
        loop {
            if tokens.recv().is_err() || stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let Some((records, share)) = parts.next(head)? else { break };
            if jobs.send(Job { at, text: Text { file, records }, share }).is_err() {
                return Ok(());
            }
            at += 1;
        }
    }
    Ok(())
}

/// The parts of a file that are still to be read.
pub(super) enum Parts {
    Csv(Box<Stream>, usize),
    #[cfg(feature = "parquet")]
    Sheet(std::vec::IntoIter<crate::table::parquet::Part>),
}

impl Parts {
    pub fn new(head: &Head, waiting: &mut Option<Stream>, world: &dyn World) -> Result<Parts, Diagnostic> {
        #[cfg(feature = "parquet")]
        if let Some(sheet) = &head.sheet {
            return Ok(Parts::Sheet(sheet.parts().into_iter()));
        }
        Ok(Parts::Csv(Box::new(head.stream(waiting, world)?), head.from))
    }

    pub fn next(&mut self, head: &Head) -> Result<Option<(Records, u64)>, Diagnostic> {
        match self {
            Parts::Csv(stream, from) => {
                let (first, chunks) = &mut **stream;
                let chunk = match first.take() {
                    Some(chunk) => Some(chunk),
                    None => chunks.chunk().map_err(|error| broken(&head.name, &error))?,
                };
                let Some(chunk) = chunk else { return Ok(None) };
                let share = u64::try_from(chunk.text.len()).unwrap_or(u64::MAX);
                let from = std::mem::take(from);
                Ok(Some((Records::Csv { line: chunk.line, text: chunk.text, from }, share)))
            }
            #[cfg(feature = "parquet")]
            Parts::Sheet(parts) => Ok(parts.next().map(|part| {
                let share = u64::try_from(part.len()).unwrap_or(u64::MAX);
                (Records::Sheet(part), share)
            })),
        }
    }
}

fn answer(
    ask: &Ask<'_>,
    wanted: &Mutex<Receiver<Job>>,
    ready: &SyncSender<(u64, u64, Done)>,
    stop: &AtomicBool,
) {
    let mut worker = Worker::new(ask);
    loop {
        let job = wanted.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        if stop.load(Ordering::Relaxed) {
            continue;
        }
        let done = worker.work(std::slice::from_ref(&job.text));
        if ready.send((job.at, job.share, done)).is_err() {
            return;
        }
    }
}

/// The whole table at once, for answers read all of it.
pub(super) fn whole(
    ask: &Ask<'_>,
    waiting: Option<Stream>,
    world: &dyn World,
    take: &mut Take<'_>,
) -> Result<(), Said> {
    if let [first, others @ ..] = ask.files
        && let Some(other) = others.iter().find(|other| !other.like(first))
    {
        let message = format!(
            "answers read the whole table, and the columns of `{}` are not in the order of those of `{}`",
            other.name, first.name
        );
        return Err(vec![
            Diagnostic::general(Code::FactsLayout, message)
                .help("put all rows in one file, or give all files the same header"),
        ]);
    }
    let mut texts = Vec::new();
    let mut all: usize = 0;
    let mut waiting = waiting;
    for (file, head) in ask.files.iter().enumerate() {
        let mut parts = Parts::new(head, &mut waiting, world).map_err(|error| vec![error])?;
        let mut joined: Option<Text> = None;
        while let Some((records, _)) = parts.next(head).map_err(|error| vec![error])? {
            match (records, &mut joined) {
                // The lines of a file are one text, so that rows of it are found again.
                (Records::Csv { text: more, .. }, Some(Text { records: Records::Csv { text, .. }, .. })) => {
                    all = all.saturating_add(more.len());
                    text.extend_from_slice(&more);
                }
                (records, _) => texts.extend(joined.replace(Text { file, records })),
            }
            if all > WHOLE {
                let message = "answers read the whole table, and it has more than 1 GiB";
                return Err(vec![
                    Diagnostic::general(Code::TooLarge, message)
                        .help("answer for parts of it that do not need each other in runs of their own"),
                ]);
            }
        }
        texts.extend(joined);
    }
    take(Worker::new(ask).work(&texts), 0).map(drop)
}
