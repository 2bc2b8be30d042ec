//! A sheet of a workbook (.xlsx) as the CSV it stands for: dates are dates there, numbers are decimals as the sheet has
//! them, and a number is never a code.

use super::decode::heading_name;
use super::record;
use crate::diag::{list_or, tick};
use crate::policy::{Entity, Type};
use calamine::{Data, ExcelDateTime, Range, Reader, Xlsx, open_workbook_from_rs};
use std::io::Cursor;

/// A workbook is at most this long.
const WORKBOOK_LIMIT: usize = 256 << 20;

/// The sheet of that name, or the only one.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn as_csv(bytes: Vec<u8>, sheet: Option<&str>, entity: &Entity) -> Result<Vec<u8>, String> {
    if bytes.len() > WORKBOOK_LIMIT {
        return Err(format!("it is larger than {} MiB", WORKBOOK_LIMIT >> 20));
    }
    let opened: Result<Xlsx<_>, _> = open_workbook_from_rs(Cursor::new(bytes));
    let mut workbook = opened.map_err(|error| format!("it is no workbook: {error}"))?;
    let names = workbook.sheet_names();
    let name = chosen(&names, sheet)?;
    let range =
        workbook.worksheet_range(&name).map_err(|error| format!("its sheet {}: {error}", tick(&name)))?;
    Ok(csv(&range, entity))
}

fn chosen(names: &[String], sheet: Option<&str>) -> Result<String, String> {
    let listed = || list_or(&names.iter().map(|name| tick(name)).collect::<Vec<_>>());
    match (sheet, names) {
        (Some(name), _) if names.iter().any(|one| one == name) => Ok(name.to_string()),
        (Some(name), _) => Err(format!("it has no sheet {}, but {}", tick(name), listed())),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(format!("it has several sheets: say `--sheet`, {}", listed())),
    }
}

fn csv(range: &Range<Data>, entity: &Entity) -> Vec<u8> {
    let mut rows = range.rows();
    let Some(header) = rows.next() else { return Vec::new() };
    let headings: Vec<String> = header.iter().map(|cell| text(cell, false)).collect();
    let code = |heading: &String| {
        let field = entity.fields.values().find(|field| field.name == heading_name(heading));
        field.is_some_and(|field| field.ty == Type::Code)
    };
    let codes: Vec<bool> = headings.iter().map(code).collect();
    let mut out = record(headings.iter().map(String::as_str));
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(codes.iter().copied().chain(std::iter::repeat(false)))
            .map(|(cell, code)| text(cell, code))
            .collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            out.extend(record(cells.iter().map(String::as_str)));
        } else {
            out.push(b'\n');
        }
    }
    out
}

/// A cell as CSV has it. `code`: a code is text; a number shows that it is one.
fn text(cell: &Data, code: bool) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.trim().to_string(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) if code => format!("{value}.0"),
        Data::Int(value) => value.to_string(),
        Data::Float(value) if code => format!("{value}.0").replace(".0.0", ".0"),
        Data::Float(value) => value.to_string(),
        Data::DateTime(value) => day(value),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Error(error) => error.to_string(),
    }
}

/// A day, with its time where it has one, which is then refused.
fn day(value: &ExcelDateTime) -> String {
    if !value.is_datetime() {
        return value.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
    }
}
