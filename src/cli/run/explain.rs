//! The reasons behind the answers for one row, found by its key.

use super::RunErrors;
use crate::answers::{self, ToldStory};
use crate::cli::Console;
use crate::diag::{Code, Diagnostic, Style, tick};
use crate::facts::Row;
use crate::outcome::Status;
use crate::report::{self, Look};
use crate::run::Evaluator;
use crate::scenarios::outside;
use crate::table::{FoundRow, Job, in_excerpt, shown};
use crate::text::{SourceId, Sources};
use crate::words::{Audience, Words};

/// Tells them; `on`: the day was given. True: an answer is a gap, a conflict or an error.
pub(super) fn explain(
    job: &Job<'_>,
    (key, on): (&str, bool),
    console: &mut Console<'_>,
    sources: &mut Sources,
) -> Result<bool, RunErrors> {
    let plan = &job.plan;
    let entity = &plan.policy.entities[plan.entity];
    if !job.in_pieces() {
        let message = format!("the answers for a row of {} read the whole table", tick(&entity.name));
        return Err(vec![
            Diagnostic::general(Code::RowMissing, message)
                .help("name the rows in a facts file and ask with `comity why`"),
        ]);
    }
    let found = job.find(key)?;
    let Some((file, found)) = found else {
        let message = format!("no row of {} is called {}", tick(&entity.name), tick(key));
        return Err(vec![
            Diagnostic::general(Code::UnknownName, message).help("a key is spelled as in its file"),
        ]);
    };
    let head = job.files().get(file);
    let (name, row) = match found {
        FoundRow::Reject(reject) => {
            return Err(head.map_or(Vec::new(), |head| shown(&reject, head, sources)));
        }
        FoundRow::Row { name, row, line, text, start } => {
            let line = usize::try_from(line).unwrap_or(usize::MAX);
            let id = sources.excerpt(head.map_or("", |head| head.name.as_str()), text, line);
            (name, moved(row, id, start))
        }
    };
    let facts = job.one(name, row);
    let errors = outside(plan.policy, &facts);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut run = Evaluator::new(plan.policy, &facts);
    let words = Words { policy: plan.policy, facts: &facts, sources, audience: Audience::People };
    let dated = run.row_point(plan.entity, 0, plan.point).is_some() && (entity.dated.is_some() || on);
    let mut bad = false;
    let mut stories = Vec::new();
    for (at, id) in plan.outcomes.iter().enumerate() {
        let story = run.story(*id, Some(0), plan.point);
        bad |= matches!(story.answer.status, Status::Gap | Status::Conflict | Status::Error);
        let data = console.is_data();
        let look = Look::Text(if data { Style::PLAIN } else { console.out_style() });
        let text = report::why(&story, words, dated, look);
        if data {
            let name = &plan.policy.outcomes[*id].name;
            let told = ToldStory::new("outcome", name, text).asked(Some(key), None, None);
            stories.push(told.answering(*id, story.point, &story.answer, words));
        } else {
            console.print(if at > 0 { "\n" } else { "" });
            console.tell(&text);
        }
    }
    if console.is_data() {
        console.document(&answers::told(&stories));
    }
    Ok(bad)
}

/// A row whose cells stand in an excerpt of a chunk that begins at `start`.
fn moved(mut row: Row, excerpt: SourceId, start: u32) -> Row {
    row.span = in_excerpt(row.span, excerpt, start);
    for statement in row.cells.values_mut().flat_map(|slot| &mut slot.statements) {
        statement.span = in_excerpt(statement.span, excerpt, start);
    }
    row
}
