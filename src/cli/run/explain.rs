//! The reasons behind the answers for one row, found by its key.

use super::input::{Said, Stream};
use super::pipeline::Parts;
use super::stood::Found;
use super::told::shown;
use super::work::{Ask, Text, Worker};
use crate::cli::{Console, World};
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::Row;
use crate::outcome::Status;
use crate::report::{self, Look};
use crate::run::Evaluator;
use crate::table::CHUNK;
use crate::text::{SourceId, Sources, Span};
use crate::scenarios::outside;
use crate::words::{Reader, Words};

/// Tells them; true: an answer is a gap, a conflict or an error.
pub(super) fn explain(
    ask: &Ask<'_>,
    key: &str,
    mut waiting: Option<Stream>,
    world: &dyn World,
    console: &mut Console<'_>,
    sources: &mut Sources,
) -> Result<bool, Said> {
    let entity = &ask.policy.entities[ask.entity];
    if !ask.in_pieces() {
        let message = format!("the answers for a row of {} read the whole table", tick(&entity.name));
        return Err(vec![
            Diagnostic::general(Code::RowMissing, message)
                .help("name the rows in a facts file and ask with `comity why`"),
        ]);
    }
    let found = find(ask, key, &mut waiting, world)?;
    let Some((file, found)) = found else {
        let message = format!("no row of {} is called {}", tick(&entity.name), tick(key));
        return Err(vec![
            Diagnostic::general(Code::UnknownName, message).help("a key is spelled as in its file"),
        ]);
    };
    let head = ask.files.get(file);
    let (name, row) = match found {
        Found::Reject(reject) => {
            return Err(head.map_or(Vec::new(), |head| shown(&reject, head, sources)));
        }
        Found::Row { name, row, line, text, start } => {
            let line = usize::try_from(line).unwrap_or(usize::MAX);
            let id = sources.excerpt(head.map_or("", |head| head.name.as_str()), text, line);
            (name, moved(row, id, start))
        }
    };
    let facts = ask.one(name, row);
    let errors = outside(ask.policy, &facts);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut run = Evaluator::new(ask.policy, &facts);
    let words = Words { policy: ask.policy, facts: &facts, sources, reader: Reader::People };
    let dated = run.row_point(ask.entity, 0, ask.point).is_some() && (entity.dated.is_some() || ask.on);
    let mut bad = false;
    for (at, id) in ask.outcomes.iter().enumerate() {
        let story = run.story(*id, Some(0), ask.point);
        bad |= matches!(story.answer.status, Status::Gap | Status::Conflict | Status::Error);
        let text = report::why(&story, words, dated, Look::Text(console.out_style()));
        console.print(if at > 0 { "\n" } else { "" });
        console.print(&text);
    }
    Ok(bad)
}

fn find(
    ask: &Ask<'_>,
    key: &str,
    waiting: &mut Option<Stream>,
    world: &dyn World,
) -> Result<Option<(usize, Found)>, Said> {
    let mut worker = Worker::new(ask);
    for (file, head) in ask.files.iter().enumerate() {
        let mut parts = Parts::new(head, waiting, world).map_err(|error| vec![error])?;
        while let Some((records, _)) = parts.next(head).map_err(|error| vec![error])? {
            let text = Text { file, records };
            if let Some(found) = worker.find(&text, key).map_err(|error| vec![error])? {
                return Ok(Some((file, found)));
            }
        }
    }
    Ok(None)
}

/// A row whose cells stand in an excerpt of a chunk that begins at `start`.
fn moved(mut row: Row, excerpt: SourceId, start: u32) -> Row {
    let place = |span: Span| match span.source == CHUNK {
        true => Span {
            source: excerpt,
            start: span.start.saturating_sub(start),
            end: span.end.saturating_sub(start),
        },
        false => span,
    };
    row.span = place(row.span);
    for statement in row.cells.values_mut().flat_map(|slot| &mut slot.statements) {
        statement.span = place(statement.span);
    }
    row
}
