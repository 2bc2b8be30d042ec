//! What is stated, before it is bound to a policy: by a facts file, by the `given`s of a scenario, on the command line.
//! Words keep the spelling and the place they were found in.

use super::errors;
use crate::diag::Diagnostic;
use crate::sheet::{Form, Records, Written};
use crate::text::{SourceId, Span};
use crate::tree::{self, GivenKind, Name, Series};

/// A name with what is stated of it.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub name: Name,
    pub value: Stated<'a>,
}

#[derive(Clone, Debug)]
pub enum Stated<'a> {
    /// One text: `550 billion USD`, `0 USD from 2025-09-04, at least 5 USD from 2026-01-01`.
    Text(Written<'a>),
    /// A list of such texts, with its place.
    List(Vec<Written<'a>>, Span),
    /// Read already, as part of a policy.
    Series(&'a Series),
    /// One value, read already.
    Expr(&'a tree::Expr),
}

impl Stated<'_> {
    pub fn span(&self) -> Span {
        match self {
            Stated::Text(written) => written.span,
            Stated::List(_, span) => *span,
            Stated::Series(series) => series.span,
            Stated::Expr(expr) => expr.span,
        }
    }
}

/// All that is stated in one go.
#[derive(Debug, Default)]
pub struct Input<'a> {
    pub facts: Vec<Entry<'a>>,
    /// A table may come in several parts.
    pub tables: Vec<Table<'a>>,
    /// `stated through H`
    pub through: Vec<Through<'a>>,
    /// Acts and announcements.
    pub acts: Vec<Act<'a>>,
    /// What is wrong with the layout of the file; [`super::bind`] adds what is wrong with its values.
    pub errors: Vec<Diagnostic>,
    /// Lines of annexes (X6); those of one annex may come in several parts.
    pub annexes: Vec<AnnexInput<'a>>,
    /// `--set name=value`: stands instead of what `facts` has of that name; `--set "a(8703).duty=5%"`, of that line.
    pub settings: Vec<Entry<'a>>,
}

/// Lines of one annex.
#[derive(Debug)]
pub struct AnnexInput<'a> {
    pub annex: Name,
    pub lines: LinesInput<'a>,
}

#[derive(Debug)]
pub enum LinesInput<'a> {
    Listed(Vec<LineInput<'a>>),
    /// From a file of records, which are read when they are bound.
    Records(Box<dyn Records + 'a>),
}

/// One line with what is stated of it.
#[derive(Clone, Debug)]
pub struct LineInput<'a> {
    /// The first of its keys, in their order; the others stand by name among the cells.
    pub keys: Vec<Stated<'a>>,
    /// By name: keys, cells, days, and whether it is listed; without a name, the one cell that has none.
    pub cells: Vec<Entry<'a>>,
    pub span: Span,
}

/// `{act: call("ohio"), by: president, on: 2026-03-01, with: {due: 2026-06-01}}`
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// An announcement only.
    pub announced: bool,
    pub what: Performed<'a>,
    /// More than one: together.
    pub by: Vec<Name>,
    pub on: Through<'a>,
    pub known: Option<Through<'a>>,
    pub with: Vec<Entry<'a>>,
    pub span: Span,
}

/// A power, and its row if it is for each row.
#[derive(Clone, Debug)]
pub enum Performed<'a> {
    /// `call("ohio")`, in one text.
    Text(Written<'a>),
    Named(Name, Option<&'a tree::Expr>),
}

/// A day.
#[derive(Clone, Debug)]
pub enum Through<'a> {
    Text(Written<'a>),
    Expr(&'a tree::Expr),
}

impl Through<'_> {
    pub fn span(&self) -> Span {
        match self {
            Through::Text(written) => written.span,
            Through::Expr(expr) => expr.span,
        }
    }
}

#[derive(Debug)]
pub struct Table<'a> {
    pub entity: Name,
    pub rows: Rows<'a>,
}

#[derive(Debug)]
pub enum Rows<'a> {
    Listed(Vec<Row<'a>>),
    /// From a file of records, which are read when they are bound.
    Records(Box<dyn Records + 'a>),
}

/// One row with the cells that are stated.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    pub key: Written<'a>,
    pub cells: Vec<Entry<'a>>,
}

impl<'a> Input<'a> {
    /// The `given`s of a scenario. A table is stated by giving one of its rows (S1).
    pub fn of_givens(givens: &'a [tree::Given]) -> Input<'a> {
        let mut input = Input::default();
        for given in givens {
            match &given.kind {
                GivenKind::Fact { name, series } => input.facts.push(Entry::of_series(name, series)),
                GivenKind::Row { entity, key, cells } => {
                    let key = Written {
                        text: key.text.as_str().into(),
                        span: key.span,
                        at: None,
                        form: Form::Quoted,
                    };
                    let cells =
                        cells.iter().map(|cell| Entry::of_series(&cell.field, &cell.series)).collect();
                    let rows = Rows::Listed(vec![Row { key, cells }]);
                    input.tables.push(Table { entity: entity.clone(), rows });
                }
                GivenKind::Line { annex, keys, cells } => {
                    let cells =
                        cells.iter().map(|cell| Entry::of_series(&cell.field, &cell.series)).collect();
                    let keys = keys.iter().map(Stated::Expr).collect();
                    let lines = LinesInput::Listed(vec![LineInput { keys, cells, span: given.span }]);
                    input.annexes.push(AnnexInput { annex: annex.clone(), lines });
                }
                GivenKind::StatedThrough(day) => input.through.push(Through::Expr(day)),
                GivenKind::Act(act) => input.acts.push(Act::of_given(act, given.span)),
            }
        }
        input
    }
}

impl<'a> Entry<'a> {
    /// `--set name=value`, of a source that holds just that.
    pub fn setting(source: SourceId, text: &str) -> Result<Entry<'static>, Diagnostic> {
        let Some((name, value)) = text.split_once('=') else {
            return Err(errors::no_value(Span::new(source, 0, text.len())));
        };
        let word = |start: usize, part: &str| {
            let start = start + (part.len() - part.trim_start().len());
            let part = part.trim();
            Written {
                text: part.to_string().into(),
                span: Span::new(source, start, start + part.len()),
                at: u32::try_from(start).ok(),
                form: Form::Plain,
            }
        };
        let mut value = word(name.len() + 1, value);
        if value.text.is_empty() {
            value.form = Form::Null;
        }
        Ok(Entry { name: word(0, name).name(), value: Stated::Text(value) })
    }

    pub(super) fn of_expr(name: &Name, value: &'a tree::Expr) -> Entry<'a> {
        Entry { name: name.clone(), value: Stated::Expr(value) }
    }

    fn of_series(name: &Name, series: &'a Series) -> Entry<'a> {
        Entry { name: name.clone(), value: Stated::Series(series) }
    }
}
