//! Which rate a line has that has none of its own: by the indents, as schedules are read; and by its code, as annexes
//! answer. Both are the same but where a schedule is laid out strangely; there the line gets a row of its own.

use super::history::{ReadSpecial, ReadText, SameContent};
use super::line::{ScheduleLine, is_code};
use super::report::LineRemark;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What was read of a line.
#[derive(Clone, Debug, Default)]
pub(super) struct LineReading {
    pub column1: Option<Rc<ReadText>>,
    pub special: Option<Rc<ReadSpecial>>,
    pub column2: Option<Rc<ReadText>>,
    pub additional: Option<Rc<ReadText>>,
}

impl LineReading {
    pub fn says(&self, other: &LineReading) -> bool {
        Inherited::ALL.into_iter().all(|(column, _)| self.says_in(column, other))
            && same(&self.additional, &other.additional)
    }

    fn says_in(&self, column: Inherited, other: &LineReading) -> bool {
        match column {
            Inherited::Column1 => same(&self.column1, &other.column1),
            Inherited::Special => same(&self.special, &other.special),
            Inherited::Column2 => same(&self.column2, &other.column2),
        }
    }

    fn has(&self, column: Inherited) -> bool {
        match column {
            Inherited::Column1 => self.column1.is_some(),
            Inherited::Special => self.special.is_some(),
            Inherited::Column2 => self.column2.is_some(),
        }
    }

    fn take(&mut self, column: Inherited, from: &LineReading) {
        match column {
            Inherited::Column1 => self.column1.clone_from(&from.column1),
            Inherited::Special => self.special.clone_from(&from.special),
            Inherited::Column2 => self.column2.clone_from(&from.column2),
        }
    }
}

fn same<T: SameContent>(one: &Option<T>, other: &Option<T>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.same(other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

#[derive(Clone, Copy)]
enum Inherited {
    Column1,
    Special,
    Column2,
}

impl Inherited {
    const ALL: [(Inherited, &'static str); 3] =
        [(Inherited::Column1, "column1"), (Inherited::Special, "special"), (Inherited::Column2, "column2")];
}

/// The digits with dots of the lines whose rates a longer line may have.
const PREFIXES: [usize; 3] = [10, 7, 4];

/// The lines whose codes begin that of a line, the longest first.
fn prefixes<'c>(
    line: &'c ScheduleLine<'_>,
    coded: &'c BTreeMap<&str, usize>,
) -> impl Iterator<Item = usize> + 'c {
    let shorter = PREFIXES.iter().filter(|end| **end < line.code.len());
    shorter.filter_map(|end| coded.get(line.code.get(..*end)?).copied())
}

/// Gives lines a row of their own that would else have another rate than by their indent; says which.
pub(super) fn inherit(
    file: &str,
    lines: &[ScheduleLine<'_>],
    readings: &mut [LineReading],
) -> Vec<LineRemark> {
    let coded: BTreeMap<&str, usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| is_code(&line.code))
        .map(|(at, line)| (line.code.as_ref(), at))
        .collect();
    let mut remarks = nested(file, lines, readings, &coded);
    let mut above: Vec<usize> = Vec::new();
    let mut taken = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let indent = |at: &usize| lines.get(*at).map_or(0, |line| line.indent);
        while above.last().is_some_and(|last| indent(last) >= line.indent) {
            above.pop();
        }
        if is_code(&line.code) {
            for (column, name) in Inherited::ALL {
                let has = |at: &usize| readings.get(*at).is_some_and(|reading| reading.has(column));
                let by_indent = above.iter().rev().copied().find(has);
                let by_code = prefixes(line, &coded).find(has);
                let at_both =
                    by_indent.and_then(|at| readings.get(at)).zip(by_code.and_then(|at| readings.get(at)));
                let differs =
                    by_indent != by_code && !at_both.is_some_and(|(one, other)| one.says_in(column, other));
                if !has(&at) && differs {
                    taken.push((at, column, name, by_indent));
                }
            }
        }
        above.push(at);
    }
    let own = |(at, column, name, from)| own_row((file, lines, readings), at, (column, name), from);
    remarks.extend(taken.into_iter().filter_map(own));
    remarks
}

/// A line with a rate of its own below one with special rates has those that it names; a lookup would find the others above it.
/// Which it has is then not known.
fn nested(
    file: &str,
    lines: &[ScheduleLine<'_>],
    readings: &mut [LineReading],
    coded: &BTreeMap<&str, usize>,
) -> Vec<LineRemark> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_code(&line.code)) {
        let special = |at: usize| readings.get(at).and_then(|reading| reading.special.as_ref());
        let own_rate = readings.get(at).is_some_and(|reading| reading.has(Inherited::Column1));
        let above = prefixes(line, coded).find_map(special);
        let own = special(at);
        let Some(above) = above.filter(|_| own_rate || own.is_some()) else { continue };
        let names = |programme: &String| own.is_some_and(|own| own.names(programme));
        if !above.said.keys().all(names) {
            found.push((at, own.map_or_else(ReadSpecial::unread, |own| own.with_others_unread())));
        }
    }
    let remark = |(at, special): (usize, ReadSpecial)| {
        let line = lines.get(at)?;
        readings.get_mut(at)?.special = Some(Rc::new(special));
        let said =
            "it has a rate of its own, and the line above it special rates that it does not name".to_string();
        Some(LineRemark { code: line.code.to_string(), file: file.to_string(), line: line.place, said })
    };
    found.into_iter().filter_map(remark).collect()
}

fn own_row(
    (file, lines, readings): (&str, &[ScheduleLine<'_>], &mut [LineReading]),
    at: usize,
    (column, name): (Inherited, &str),
    from: Option<usize>,
) -> Option<LineRemark> {
    let line = lines.get(at)?;
    let source = match from.and_then(|from| readings.get(from)) {
        Some(source) => source.clone(),
        None => unread(),
    };
    readings.get_mut(at)?.take(column, &source);
    let above = from.and_then(|from| lines.get(from)).map(|line| line.code.as_ref());
    let said = match above {
        Some(above) => format!("by its indent it has the {name} rate of `{above}`, by its code another"),
        None => format!("by its indent it has no {name} rate, by its code one"),
    };
    Some(LineRemark { code: line.code.to_string(), file: file.to_string(), line: line.place, said })
}

/// What a line has of which it is not clear what it has.
fn unread() -> LineReading {
    let text = Rc::new(ReadText::unread());
    LineReading {
        column1: Some(Rc::clone(&text)),
        special: Some(Rc::new(ReadSpecial::unread())),
        column2: Some(text),
        additional: None,
    }
}
