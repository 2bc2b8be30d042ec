//! X3–X6 against a reading of all lines one by one, as the laws put it.

use super::*;
use crate::generator::Dice;
use crate::policy::Face;
use crate::value::{Code, Number};

/// A line as a file has it: keys, days, and for each cell nothing, `unknown`, or a number or text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    keys: Vec<AnnexKey>,
    validity: LineValidity,
    listed: bool,
    cells: Vec<Option<Option<Value>>>,
}

const CODES: [&str; 7] = ["87", "8703", "870323", "87032301", "8703230110", "6202", "62024045"];
const COUNTRIES: [&str; 3] = ["JP", "KR", "US"];

fn code(dice: &mut Dice) -> AnnexKey {
    AnnexKey::Code(Code::of_digits(dice.pick(&CODES)).unwrap())
}

fn country(dice: &mut Dice) -> AnnexKey {
    AnnexKey::Other(dice.pick(&COUNTRIES).into())
}

fn day(dice: &mut Dice) -> Day {
    Day::parse(dice.pick(&["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"])).unwrap()
}

fn line(dice: &mut Dice, keys: usize, dated: bool, known: bool) -> Line {
    let any = |dice: &mut Dice, key: AnnexKey| if dice.one_in(6) { AnnexKey::Any } else { key };
    let first = code(dice);
    let mut all = vec![any(dice, first)];
    if keys > 1 {
        let second = country(dice);
        all.push(any(dice, second));
    }
    let mut validity = LineValidity::ALWAYS;
    if dated && !dice.one_in(4) {
        validity.from = day(dice);
        if dice.one_in(2) {
            validity.until = day(dice);
        }
        if known && dice.one_in(2) {
            validity.from_known = day(dice);
        }
        if known && dice.one_in(2) {
            validity.until_known = day(dice);
        }
    }
    let number = |dice: &mut Dice| match dice.below(4) {
        0 => Some(None),
        1 => Some(Some(Value::Number(Number::from(dice.below(3) as i64)))),
        _ => None,
    };
    let text = if dice.one_in(2) { Some(Some(Value::Text(dice.pick(&["kg", "No."]).into()))) } else { None };
    let cells = vec![number(dice), number(dice), text];
    if dice.one_in(5) {
        return Line { keys: all, validity, listed: false, cells: vec![None, None, None] };
    }
    Line { keys: all, validity, listed: true, cells }
}

fn built(lines: &[Line], keys: usize, dated: bool) -> Option<AnnexLines> {
    let mut builder = AnnexBuilder::new(keys, 3);
    for line in lines {
        for (list, key) in builder.keys.iter_mut().zip(&line.keys) {
            list.push(key.clone());
        }
        if dated {
            builder.validity.push(line.validity);
        }
        builder.unlisted.push(!line.listed);
        for (list, cell) in builder.cells.iter_mut().zip(&line.cells) {
            let place = match cell {
                None => EMPTY,
                Some(None) => UNKNOWN,
                Some(Some(value)) => list.list(value.clone()),
            };
            list.push(place);
        }
    }
    builder.finish(&[true, true, false], 10).ok()
}

fn made(lines: &[Line], keys: usize, dated: bool, in_part: bool) -> Option<Annex> {
    let lines = built(lines, keys, dated)?;
    let number = || Type::Number { dimension: Default::default(), face: Face::Plain };
    let column = |ty: Type, default| Column { name: None, ty, default };
    Some(Annex {
        name: "a".to_string(),
        doc: None,
        file: "a.csv".to_string(),
        instead_of: None,
        in_part,
        keys: vec![Type::Code, Type::Country].into_iter().take(keys).collect(),
        columns: vec![
            column(number(), Some(Value::Number(Number::from(9)))),
            column(number(), None),
            column(Type::Text, None),
        ],
        headings: AnnexHeadings::default(),
        lines,
        span: Span::default(),
    })
}

fn clashes(lines: &[Line]) -> bool {
    let days: Vec<Day> = ["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"]
        .iter()
        .map(|day| Day::parse(day).unwrap())
        .chain([Day::FIRST, Day::LAST])
        .collect();
    let at_once = |one: &Line, other: &Line| {
        days.iter().any(|day| {
            days.iter().any(|known| one.validity.holds(*day, *known) && other.validity.holds(*day, *known))
        })
    };
    lines.iter().enumerate().any(|(at, one)| {
        lines[..at].iter().any(|other| {
            one.keys == other.keys
                && (&one.cells, one.listed) != (&other.cells, other.listed)
                && at_once(one, other)
        })
    })
}

/// How far a key is from the one asked: equal, shorter and shorter, any; none: it does not match.
fn distance(own: &AnnexKey, asked: &AnnexKey) -> Option<usize> {
    match (own, asked) {
        (AnnexKey::Any, _) => Some(usize::MAX),
        (AnnexKey::Code(own), AnnexKey::Code(asked)) => {
            asked.digits().starts_with(&own.digits()).then(|| asked.len() - own.len())
        }
        _ => (own == asked).then_some(0),
    }
}

/// The answer of the law.
fn wanted<'a>(
    annex: &'a Annex,
    lines: &'a [Line],
    keys: &[AnnexKey],
    column: usize,
    at: AnnexDay,
) -> LineAnswer<'a> {
    let mut matching: Vec<(Vec<usize>, &Line)> = lines
        .iter()
        .filter(|line| line.validity.holds(at.day, at.known))
        .filter_map(|line| {
            let all = line.keys.iter().zip(keys).map(|(own, asked)| distance(own, asked));
            Some((all.collect::<Option<Vec<usize>>>()?, line))
        })
        .collect();
    matching.sort_by_key(|(distances, _)| distances.clone());
    let counts = |line: &Line| match column {
        _ if !line.listed => true,
        2 => line.cells[2].is_some(),
        _ => line.cells[0].is_some() || line.cells[1].is_some(),
    };
    let Some((_, first)) = matching.first() else {
        return if annex.in_part { LineAnswer::Open } else { LineAnswer::NotListed };
    };
    let line = matching.iter().map(|(_, line)| *line).find(|line| counts(line)).unwrap_or(first);
    if !line.listed {
        return LineAnswer::NotListed;
    }
    let said = match &line.cells[column] {
        Some(said) => said.as_ref(),
        None => annex.columns[column].default.as_ref(),
    };
    said.map_or(LineAnswer::Unknown, LineAnswer::Value)
}

/// Whether a first key is listed, or a code under one: what the closest first key says that says something; none: none does.
fn listed(lines: &[Line], key: &AnnexKey, under: bool, at: AnnexDay) -> Option<bool> {
    let mut matching: Vec<(usize, &Line)> = lines
        .iter()
        .filter(|line| line.validity.holds(at.day, at.known) && line.keys[0] != AnnexKey::Any)
        .filter_map(|line| Some((distance(&line.keys[0], key)?, line)))
        .collect();
    matching.sort_by_key(|(distance, _)| *distance);
    for group in matching.chunk_by(|(a, _), (b, _)| a == b) {
        let is_it = |(distance, line): &(usize, &Line)| line.listed && (under || *distance == 0);
        if group.iter().any(is_it) {
            return Some(true);
        }
        // A line for all second keys leaves no other of this first key.
        if group.iter().any(|(_, line)| line.keys[1..].iter().all(|key| *key == AnnexKey::Any)) {
            return Some(false);
        }
    }
    None
}

#[test]
fn x3_x4_x5_x6_lookups_and_lists_are_those_of_the_laws() {
    let (mut read, mut refused, mut found, mut narrowed) = (0, 0, 0, 0);
    for seed in 0..crate::effort::times(3_000, 200_000) {
        let mut dice = Dice::new(seed);
        let keys = 1 + dice.below(2) as usize;
        let (dated, known) = (dice.one_in(2), dice.one_in(2));
        let count = dice.below(9);
        let lines: Vec<Line> = (0..count).map(|_| line(&mut dice, keys, dated, known)).collect();
        let in_part = dice.one_in(3);
        let annex = made(&lines, keys, dated, in_part);
        assert_eq!(annex.is_none(), clashes(&lines), "seed {seed}: {lines:?}");
        let Some(annex) = annex else {
            refused += 1;
            continue;
        };
        read += 1;
        for _ in 0..6 {
            let mut asked = vec![code(&mut dice)];
            if keys > 1 {
                asked.push(country(&mut dice));
            }
            let at = AnnexDay { day: day(&mut dice), known: day(&mut dice) };
            for column in 0..3 {
                let here = || format!("seed {seed}: {asked:?} {column} {at:?} of {lines:#?}");
                let wanted = wanted(&annex, &lines, &asked, column, at);
                let answer = annex.alone().find(&asked, column, at);
                assert_eq!(answer, wanted, "{}", here());
                found += usize::from(answer != LineAnswer::NotListed);
                // With one key open, whatever any value of it finds is among what may be found.
                let open: Vec<Option<AnnexKey>> =
                    asked.iter().cloned().map(Some).rev().skip(1).rev().chain([None]).collect();
                let may = annex.alone().may_find(&open, column, at);
                if wanted != LineAnswer::NotListed {
                    assert!(may.contains(&wanted), "{}", here());
                }
            }
            for under in [false, true] {
                let said = listed(&lines, &asked[0], under, at);
                let told = if in_part { said } else { Some(said.unwrap_or(false)) };
                assert_eq!(
                    annex.alone().lists(&asked[0], under, at),
                    told,
                    "{asked:?} {under} of {lines:#?}"
                );
            }
            // What is stated answers only what the file leaves open.
            let stated: Vec<Line> = (0..3).map(|_| line(&mut dice, keys, dated, known)).collect();
            let Some(stated) = built(&stated, keys, dated) else { continue };
            let view = annex.with(Some(&stated));
            for column in 0..3 {
                let before = annex.alone().find(&asked, column, at);
                let after = view.find(&asked, column, at);
                let open = matches!(before, LineAnswer::Unknown | LineAnswer::Open);
                assert!(open || before == after, "{before:?} {after:?}");
                let told = view.stated_line(&asked, Some(column), at).is_some();
                assert!(told || before == after, "{before:?} {after:?}");
                narrowed += usize::from(before != after);
            }
            for under in [false, true] {
                let (before, after) =
                    (annex.alone().lists(&asked[0], under, at), view.lists(&asked[0], under, at));
                assert!(before.is_none() || before == after, "{before:?} {after:?}");
            }
            let asked: Vec<Option<AnnexKey>> = asked.into_iter().map(Some).collect();
            let edge = annex.lines.edge_after(&asked, at.day);
            let edges = lines.iter().filter(|line| {
                line.keys
                    .iter()
                    .zip(&asked)
                    .all(|(own, asked)| distance(own, asked.as_ref().unwrap()).is_some())
            });
            let edges = edges.flat_map(|line| [line.validity.from, line.validity.until]);
            // Undated, no line begins or ends.
            let edges = edges.filter(|edge| *edge > at.day && !edge.is_never() && dated);
            assert_eq!(edge, edges.min());
        }
    }
    assert!(narrowed * 4 > read, "{narrowed} of {read}");
    assert!(read > refused && found * 2 > read, "{read} annexes, {refused} refused, {found} found");
}
