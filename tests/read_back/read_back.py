"""Files of answers, read as people read them: every reader must find what `run` says, row by row, reasons included.

    python tests/read_back/read_back.py FOLDER

FOLDER has a folder for each table, with `out.parquet`, `out.csv` and `expected.json`, written by
`COMITY_READ_BACK=FOLDER cargo test --features parquet --lib files_to_be_read_back -- --ignored`.
The first difference ends it.
"""

import datetime
import decimal
import json
import pathlib
import sys
from fractions import Fraction

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.csv
import pyarrow.parquet


def by_pandas(path):
    if path.suffix == ".csv":
        table = pandas.read_csv(path, dtype=str, keep_default_na=False)
    else:
        table = pandas.read_parquet(path)
    columns = {name: table[name].astype(object).tolist() for name in table.columns}
    missing = lambda value: value is None or value is pandas.NaT or value != value
    return {name: [None if missing(cell) else cell for cell in cells] for name, cells in columns.items()}


def by_polars(path):
    if path.suffix == ".csv":
        table = polars.read_csv(path, infer_schema=False, empty_string_is_null=False)
    else:
        table = polars.read_parquet(path)
    return table.to_dict(as_series=False)


def by_pyarrow(path):
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path, page_checksum_verification=True).to_pydict()
    with open(path, "rb") as file:
        names = file.readline().decode().rstrip("\n").split(",")
    convert = pyarrow.csv.ConvertOptions(
        column_types={name: pyarrow.string() for name in names}, strings_can_be_null=False
    )
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    return pyarrow.csv.read_csv(path, parse_options=parse, convert_options=convert).to_pydict()


def by_duckdb(path):
    if path.suffix == ".parquet":
        found = duckdb.sql(f"select * from read_parquet('{path}')")
    else:
        found = duckdb.sql(
            f"select * from read_csv('{path}', header=true, all_varchar=true, delim=',', quote='\"', escape='\"', nullstr='\\0')"
        )
    rows = found.fetchall()
    return {name: [row[at] for row in rows] for at, name in enumerate(found.columns)}


READERS = {"pandas": by_pandas, "polars": by_polars, "pyarrow": by_pyarrow, "DuckDB": by_duckdb}


def number(cell):
    if isinstance(cell, str):
        above, _, below = cell.partition("/")
        return Fraction(decimal.Decimal(above)) / int(below or 1)
    return Fraction(cell)


def same(value, cell, is_text_file):
    """Whether a cell says a value."""
    if value is None:
        return cell in (None, "") if is_text_file else cell is None
    ((kind, wanted),) = value.items()
    if kind == "number":
        return number(cell) == number(wanted)
    if kind == "day":
        if is_text_file or wanted == "never":
            return cell == (wanted if is_text_file else None)
        day = cell.date() if isinstance(cell, datetime.datetime) else cell
        return day.isoformat() == wanted
    if kind == "truth":
        return cell == str(wanted).lower() if is_text_file else bool(cell) == wanted
    if kind == "count":
        if is_text_file:
            return cell == f"{wanted} day{'' if wanted == 1 else 's'}"
        return int(cell) == wanted
    return (cell or "" if is_text_file else cell) == wanted


def differences(found, expected, is_text_file):
    """Where the columns that a reader found do not say what is expected."""
    lines = [row["line"] for row in expected]
    if list(found["line"]) != lines:
        yield f"the rows are {found['line']!r}, not {lines!r}"
        return
    outcomes = expected[0]["answers"] if expected else {}
    names = ["line"] + [outcome + end for outcome in outcomes for end in ("", "_status", "_by")]
    if expected and sorted(found) != sorted(names):
        yield f"the columns are {list(found)}, not {names}"
        return
    for at, row in enumerate(expected):
        for outcome, said in row["answers"].items():
            cell, status, by = (found[outcome + end][at] for end in ("", "_status", "_by"))
            by = (by or "") if is_text_file else by
            if not same(said["value"], cell, is_text_file) or status != said["status"] or by != said["by"]:
                yield f"{outcome} of {row['line']} is {cell!r}, {status!r}, {by!r}; wanted {said}"


def first_difference(path, name, expected):
    try:
        return next(differences(READERS[name](path), expected, path.suffix == ".csv"), None)
    except Exception as error:  # a reader that gives up has found a fault, too
        return f"{type(error).__name__}: {error}"


def main(folder):
    files = rows = answers = 0
    for wanted in sorted(pathlib.Path(folder).glob("*/expected.json")):
        expected = json.loads(wanted.read_text())
        for path in (wanted.with_name("out.parquet"), wanted.with_name("out.csv")):
            for name in READERS:
                difference = first_difference(path, name, expected)
                if difference:
                    print(f"{path} by {name}: {difference}")
                    return 1
            files += 1
            rows += len(expected)
            answers += sum(len(row["answers"]) for row in expected)
    print(f"{files} files, {rows} rows, {answers} answers, the same by {', '.join(READERS)}")
    # Nothing read is nothing shown.
    return 0 if answers else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
