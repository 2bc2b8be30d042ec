//! Stated lines of annexes (X6), one by one: what facts leave open of annexes is filled in.

use crate::generator::{COUNTRIES, Dice};
use crate::policy::{Annex, AnnexBuilder, AnnexKey, AnnexLines, Cell, EMPTY, LineValidity, Type, UNKNOWN};
use crate::text::Span;
use crate::value::{Code, Day, Possible};
use std::sync::Arc;

/// Chapters of all codes of the dice.
const CHAPTERS: [&str; 5] = ["01", "62", "87", "88", "99"];

/// A line in the hand.
#[derive(Clone, Debug)]
pub(crate) struct OneLine {
    pub keys: Vec<AnnexKey>,
    pub validity: LineValidity,
    pub unlisted: bool,
    /// Empty, unknown, or what it may be.
    pub cells: Vec<Option<Option<Possible>>>,
}

pub(crate) fn taken(annex: &Annex, lines: Option<&AnnexLines>) -> Vec<OneLine> {
    let Some(lines) = lines else { return Vec::new() };
    let cell = |line: usize, column: usize| match lines.cell(line, column) {
        Cell::Empty => None,
        Cell::Unknown => Some(None),
        Cell::Value(value) => Some(Some(value.clone().into())),
        Cell::Within(possible) => Some(Some(possible.clone())),
    };
    let one = |line: usize| OneLine {
        keys: lines.keys(line).cloned().collect(),
        validity: lines.validity(line),
        unlisted: lines.is_unlisted(line),
        cells: (0..annex.columns.len()).map(|column| cell(line, column)).collect(),
    };
    (0..lines.len()).map(one).collect()
}

pub(crate) fn built(annex: &Annex, lines: &[OneLine]) -> Option<Arc<AnnexLines>> {
    if lines.is_empty() {
        return None;
    }
    let mut builder = AnnexBuilder::new(annex.keys.len(), annex.columns.len());
    for line in lines {
        builder.keys.iter_mut().zip(&line.keys).for_each(|(list, key)| list.push(key.clone()));
        builder.validity.extend(annex.lines.is_dated().then_some(line.validity));
        builder.unlisted.push(line.unlisted);
        builder.places.push(Span::default());
        for (list, cell) in builder.cells.iter_mut().zip(&line.cells) {
            let place = match cell {
                None => EMPTY,
                Some(None) => UNKNOWN,
                Some(Some(possible)) => list.list_possible(possible.clone()),
            };
            list.push(place);
        }
    }
    let values = vec![true; annex.columns.len()];
    Some(Arc::new(builder.finish(&values, 1).expect("no two lines of one key at once")))
}

/// What is stated of an annex with more known: with `all`, everything that the policies of the dice ask.
pub(crate) fn narrowed(
    annex: &Annex,
    stated: Option<&AnnexLines>,
    single: impl Fn(&mut Dice, &Type, &Possible) -> Possible,
    (dice, all): (&mut Dice, bool),
) -> Option<Arc<AnnexLines>> {
    let mut lines = taken(annex, stated);
    // What is open in the file, by the keys of its line.
    for at in 0..annex.lines.len() {
        let open: Vec<bool> = (0..annex.columns.len()).map(|column| annex.leaves_open(at, column)).collect();
        let keys: Vec<AnnexKey> = annex.lines.keys(at).cloned().collect();
        if !open.contains(&true) || lines.iter().any(|line| line.keys == keys) || !(all || dice.one_in(2)) {
            continue;
        }
        let cells = open.iter().map(|open| open.then_some(None)).collect();
        lines.push(OneLine { keys, validity: LineValidity::ALWAYS, unlisted: false, cells });
    }
    let seconds: Vec<Option<AnnexKey>> = match annex.keys.as_slice() {
        [Type::Code] => vec![None],
        [Type::Code, Type::Country] => {
            COUNTRIES.map(|country| Some(AnnexKey::Other(country.into()))).to_vec()
        }
        _ => Vec::new(),
    };
    for chapter in CHAPTERS.iter().filter(|_| annex.in_part) {
        let first = AnnexKey::Code(Code::parse(chapter).unwrap());
        let new = lines.iter().all(|line| line.keys.first() != Some(&first));
        if new && seconds.len() > 1 && dice.one_in(3) {
            let cells = annex.columns.iter().map(|_| None).collect();
            let keys = vec![first, AnnexKey::Any];
            lines.push(OneLine { keys, validity: LineValidity::ALWAYS, unlisted: true, cells });
            continue;
        }
        let none = vec![first.clone(), AnnexKey::Any];
        if lines.iter().any(|line| line.keys == none) {
            continue;
        }
        for second in &seconds {
            let first = first.clone();
            let keys: Vec<AnnexKey> = std::iter::once(first).chain(second.clone()).collect();
            let ends = lines.iter().filter(|line| line.keys == keys).map(|line| line.validity.until).max();
            let from = ends.unwrap_or(Day::FIRST);
            if from.is_never() || !(all || dice.one_in(2)) {
                continue;
            }
            let (validity, unlisted) = (LineValidity { from, ..LineValidity::ALWAYS }, dice.one_in(3));
            let cells = annex.columns.iter().map(|_| (!unlisted && dice.one_in(2)).then_some(None)).collect();
            lines.push(OneLine { keys, validity, unlisted, cells });
        }
    }
    for line in lines.iter_mut().filter(|line| !line.unlisted) {
        for (cell, column) in line.cells.iter_mut().zip(&annex.columns) {
            if cell.is_none() && column.default.is_some() || !(all || dice.one_in(2)) {
                continue;
            }
            let was = cell.take().flatten().unwrap_or(column.ty.anything());
            *cell = Some(Some(single(dice, &column.ty, &was)));
        }
    }
    built(annex, &lines)
}
