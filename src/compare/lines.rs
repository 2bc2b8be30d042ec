//! Lines of annexes: those that are not the same on both sides, and keys that are listed on one side and open on the other (X6),
//! where answers hang on what is stated.

use crate::diag::{count, list_and, tick};
use crate::policy::{Annex, AnnexDay, AnnexId, AnnexKey, Cell, LineAnswer, Policy, Type};
use crate::steps;
use crate::value::{Day, Value, wire};
use std::cmp::Ordering;

/// More keys than these are not named.
const NAMED: usize = 5;

/// What is said of an annex of two versions, if there are such keys.
pub(super) fn open_on_one_side(old: (&Policy, &Annex), new: (&Policy, &Annex)) -> Option<String> {
    let before = open_beside(new, old.1).map(|keys| format!("listed now, open before: {keys}"));
    let after = open_beside(old, new.1).map(|keys| format!("listed before, open now: {keys}"));
    let said: Vec<String> = before.into_iter().chain(after).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// The keys that the one lists and the other leaves open.
fn open_beside((policy, annex): (&Policy, &Annex), other: &Annex) -> Option<String> {
    if !other.in_part || other.keys.len() != annex.keys.len() {
        return None;
    }
    let is_open = |line: &usize| {
        let keys: Vec<AnnexKey> = annex.lines.keys(*line).cloned().collect();
        let validity = annex.lines.validity(*line);
        let at = AnnexDay { day: validity.from, known: Day::NEVER };
        other.alone().find(&keys, 0, at) == LineAnswer::Open
    };
    let mut open: Vec<String> = (0..annex.lines.len())
        .filter(is_open)
        .map(|line| tick(&shown(policy, annex, annex.lines.keys(line))))
        .collect();
    open.dedup();
    let more = open.len().saturating_sub(NAMED);
    open.truncate(NAMED);
    if more > 0 {
        open.push(count(more, "other key"));
    }
    (!open.is_empty()).then(|| list_and(&open))
}

fn shown<'k>(policy: &Policy, annex: &Annex, keys: impl Iterator<Item = &'k AnnexKey>) -> String {
    let one =
        |(ty, key): (&Type, &AnnexKey)| key.value(ty).map_or("*".to_string(), |key| said(policy, ty, &key));
    let keys: Vec<String> = annex.keys.iter().zip(keys).map(one).collect();
    keys.join(", ")
}

/// A value whatever the numbers of its policy are.
fn said(policy: &Policy, ty: &Type, value: &Value) -> String {
    match (value, ty) {
        (Value::Code(code), _) => code.to_string(),
        (Value::Country(country), _) => country.as_str().to_string(),
        (Value::Choice(at), Type::Enum(id)) => policy.enums[*id].choice(*at).to_string(),
        (Value::Choice(at), _) => at.to_string(),
        (Value::Text(text), _) => format!("\"{text}\""),
        (Value::Number(number), _) => wire(number),
        (Value::Bool(truth), _) => truth.to_string(),
        (Value::Date(day), _) => day.to_string(),
        (Value::Duration(days), _) => days.to_string(),
        (Value::Row(row), _) => row.to_string(),
    }
}

/// The lines of an annex that are not the same on both sides, by their keys.
#[derive(Clone, Debug)]
pub struct ChangedRows {
    pub old: AnnexId,
    pub new: AnnexId,
    pub rows: Vec<ChangedRow>,
}

impl ChangedRows {
    /// `3 rows added and 1 row changed`
    pub(super) fn counts(&self) -> String {
        let many = |is: &dyn Fn(&ChangedRow) -> bool| self.rows.iter().filter(|row| is(row)).count();
        let words = [
            (many(&|row| row.old.is_none()), "added"),
            (many(&|row| row.new.is_none()), "removed"),
            (many(&|row| row.old.is_some() && row.new.is_some()), "changed"),
        ];
        let said = words.iter().filter(|(many, _)| *many > 0);
        let said: Vec<String> = said.map(|(many, word)| format!("{} {word}", count(*many, "row"))).collect();
        list_and(&said)
    }
}

/// A line that one side lacks, or that has other cells there.
#[derive(Clone, Debug)]
pub struct ChangedRow {
    /// Its place on either side.
    pub old: Option<usize>,
    pub new: Option<usize>,
    /// The columns of either side with what is not the same.
    pub columns: Vec<(Option<usize>, Option<usize>)>,
}

/// Lines are the same line where they have the same keys and are in force on the same days. None: the keys are others.
pub(super) fn changed_rows(old: (&Policy, AnnexId), new: (&Policy, AnnexId)) -> Option<ChangedRows> {
    let sides = [AnnexSide::new(old), AnnexSide::new(new)];
    let [before, after] = &sides;
    if before.annex.keys.len() != after.annex.keys.len() {
        return None;
    }
    let columns = columns(before.annex, after.annex);
    let mut rows = Vec::new();
    let [mut mine, mut theirs] = sides.each_ref().map(|side| side.lines().into_iter().peekable());
    loop {
        steps::step();
        let order = match (mine.peek(), theirs.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => before.order(*a, after, *b),
        };
        let was = if order.is_le() { mine.next() } else { None };
        let is = if order.is_ge() { theirs.next() } else { None };
        let moved = |(a, b): &&(Option<usize>, Option<usize>)| {
            let (a, b) = (was.zip(*a), is.zip(*b));
            let same =
                a.zip(b).is_some_and(|((was, a), (is, b))| before.says_the_same((was, a), after, (is, b)));
            !same && before.text(a) != after.text(b)
        };
        let columns: Vec<_> = columns.iter().filter(moved).copied().collect();
        if was.is_none() || is.is_none() || !columns.is_empty() {
            rows.push(ChangedRow { old: was, new: is, columns });
        }
    }
    Some(ChangedRows { old: old.1, new: new.1, rows })
}

/// An annex of one side.
struct AnnexSide<'p> {
    policy: &'p Policy,
    annex: &'p Annex,
    /// Its keys are what they are called, for choices may stand elsewhere on the other side.
    named: bool,
}

impl<'p> AnnexSide<'p> {
    fn new((policy, id): (&'p Policy, AnnexId)) -> AnnexSide<'p> {
        let annex = &policy.annexes[id];
        let named = annex.keys.iter().any(|ty| matches!(ty, Type::Enum(_)));
        AnnexSide { policy, annex, named }
    }

    /// In order.
    fn lines(&self) -> Vec<usize> {
        let mut lines: Vec<usize> = (0..self.annex.lines.len()).collect();
        lines.sort_by(|a, b| self.order(*a, self, *b));
        lines
    }

    fn order(&self, line: usize, other: &AnnexSide<'_>, of: usize) -> Ordering {
        let (mine, theirs) = (self.annex.lines.keys(line), other.annex.lines.keys(of));
        let keys = match self.named || other.named {
            true => shown(self.policy, self.annex, mine).cmp(&shown(other.policy, other.annex, theirs)),
            false => mine.cmp(theirs),
        };
        keys.then_with(|| self.annex.lines.validity(line).cmp(&other.annex.lines.validity(of)))
    }

    /// Whether two cells are the same at a glance.
    fn says_the_same(
        &self,
        (line, at): (usize, usize),
        other: &AnnexSide<'_>,
        (of, beside): (usize, usize),
    ) -> bool {
        let listed = self.annex.lines.is_unlisted(line) == other.annex.lines.is_unlisted(of);
        listed
            && match (self.annex.lines.cell(line, at), other.annex.lines.cell(of, beside)) {
                (Cell::Empty, Cell::Empty) | (Cell::Unknown, Cell::Unknown) => true,
                (Cell::Value(Value::Choice(_)), _) => false,
                (Cell::Value(one), Cell::Value(two)) => one == two,
                _ => false,
            }
    }

    fn text(&self, cell: Option<(usize, usize)>) -> String {
        let Some((line, at)) = cell else { return String::new() };
        match (
            self.annex.lines.is_unlisted(line),
            self.annex.lines.cell(line, at),
            self.annex.columns.get(at),
        ) {
            (true, ..) => "not listed".to_string(),
            (_, Cell::Value(value), Some(column)) => said(self.policy, &column.ty, value),
            (_, Cell::Empty, _) | (_, _, None) => String::new(),
            (_, Cell::Unknown | Cell::Within(_), _) => "unknown".to_string(),
        }
    }
}

/// The columns of both sides by their names, or by their places.
fn columns(old: &Annex, new: &Annex) -> Vec<(Option<usize>, Option<usize>)> {
    let of = |name: &Option<String>| old.columns.iter().position(|column| column.name == *name);
    let both = new.columns.iter().enumerate().map(|(at, column)| (of(&column.name), Some(at)));
    let mut both: Vec<_> = both.collect();
    let gone = (0..old.columns.len()).filter(|at| !both.iter().any(|(old, _)| *old == Some(*at)));
    let gone: Vec<_> = gone.map(|at| (Some(at), None)).collect();
    both.extend(gone);
    both
}
