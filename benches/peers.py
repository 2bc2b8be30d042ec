#!/usr/bin/env python3
"""What `comity run` costs from Parquet to Parquet, beside DuckDB and polars that do the same work: `benches/batch_io.sh`.

    python3 -m venv peers && peers/bin/pip install duckdb polars pyarrow numpy
    peers/bin/python benches/peers.py --comity target/release/comity

All take turns within one run, for figures of different runs do not compare. The rows are those of `cargo bench --bench batch`
(`stack15.comity`), a pure function of their number. Each writes the key, the additional rate, the duty to the cent and the
rule that decides; the sums of the answers are compared.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

SECTORS = ["general", "autos", "semiconductors", "pharma", "steel", "textiles", "agri", "machinery"]
COLUMN1 = [120, 250, 280, 320, 375, 530, 650, 680, 750, 900, 1100, 1490, 1600, 2000, 2750, 3200]
PLEDGED = [550_000, 350_000, 100_000, 600_000]


def mix(z):
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def decimal(values, precision, scale):
    """Whole numbers as decimals of that scale, without a detour through floats."""
    high = np.where(values < 0, -1, 0).astype(np.int64)
    wide = np.empty(len(values) * 2, dtype=np.int64)
    wide[0::2], wide[1::2] = values, high
    buffers = [None, pa.py_buffer(wide.tobytes())]
    return pa.Array.from_buffers(pa.decimal128(precision, scale), len(values), buffers)


def rows(start, count):
    i = np.arange(start, start + count, dtype=np.uint64)
    a = mix(np.uint64(3) * i + np.uint64(20_250_807))
    b = mix(a)
    c = mix(b)

    def some(values, places):
        return np.array(values, dtype=np.int64)[places.astype(np.int64)]

    free = a % np.uint64(5) < 2
    column1 = np.where(free, 0, some(COLUMN1, (a >> np.uint64(8)) % np.uint64(16)))
    value = (np.uint64(100) + b % np.uint64(50_000_000)).astype(np.int64)
    disbursed = ((b >> np.uint64(32)) % np.uint64(700_000)).astype(np.int64)
    pledged = some(PLEDGED, (a >> np.uint64(16)) % np.uint64(4))
    entered = (20_270 + (c % np.uint64(1_150)).astype(np.int64)).astype(np.int32)
    deadline = (20_800 + ((c >> np.uint64(20)) % np.uint64(600)).astype(np.int64)).astype(np.int32)
    sector = ((a >> np.uint64(24)) % np.uint64(8)).astype(np.int32)
    aircraft = (c >> np.uint64(40)) % np.uint64(33) == 0
    line = np.char.add("e", i.astype(str))
    words = pa.DictionaryArray.from_arrays(pa.array(sector), pa.array(SECTORS)).cast(pa.string())
    table = {
        "line": pa.array(line),
        "entered": pa.array(entered).cast(pa.date32()),
        "sector": words,
        "civil_aircraft": pa.array(aircraft),
        "deadline": pa.array(deadline).cast(pa.date32()),
    }
    exact = {
        "column1": decimal(column1, 5, 4),
        "value": decimal(value, 18, 2),
        "pledged": decimal(pledged * 100, 18, 2),
        "disbursed": decimal(disbursed * 100, 18, 2),
    }
    whole = {
        "column1": pa.array(column1),
        "value": pa.array(value),
        "pledged": pa.array(pledged * 100),
        "disbursed": pa.array(disbursed * 100),
    }
    return pa.table(table | exact), pa.table(table | whole)


def generate(folder, count):
    paths = [os.path.join(folder, f"stack15_{kind}_{count}.parquet") for kind in ("decimal", "whole")]
    if all(os.path.exists(path) for path in paths):
        return paths
    writers = [None, None]
    for start in range(0, count, 1 << 19):
        tables = rows(start, min(1 << 19, count - start))
        for at, table in enumerate(tables):
            writers[at] = writers[at] or pq.ParquetWriter(paths[at] + ".new", table.schema, compression="snappy")
            writers[at].write_table(table, row_group_size=122_880)
    for path, writer in zip(paths, writers):
        writer.close()
        os.rename(path + ".new", path)
    return paths


# Rates as a part of one, money in dollars; `%` gives what is left beyond the cent, of which half goes to the even one.
DECIMAL = """
copy (
  with rated as (
    select line, value, column1,
      case
        when entered < date '2025-08-07' or entered >= date '2028-07-01' then 0.2500
        when civil_aircraft then 0.0000
        when entered > deadline and disbursed < pledged then greatest(0.2500 - column1, 0.0000)
        when sector = 'autos' then greatest(0.1500 - column1, 0.0000)
        when sector = 'semiconductors' then least(greatest(0.1500 - column1, 0.0000), 0.2500)
        when sector = 'pharma' then least(greatest(0.1500 - column1, 0.0000), 0.1000)
        else greatest(0.1500 - column1, 0.0000)
      end::decimal(5, 4) as additional,
      case
        when entered < date '2025-08-07' then 'before'
        when entered >= date '2028-07-01' then 'after'
        when civil_aircraft then 'aircraft'
        when entered > deadline and disbursed < pledged then 'snapback'
        when sector = 'autos' then 'autos'
        else 'ceiling'
      end as rule
    from read_parquet('{path}')
  ), due as (
    select line, additional, rule, (value * (column1 + additional))::decimal(26, 6) as exact from rated
  )
  select line, additional, rule,
    ((exact - exact % 0.01) + case
      when exact % 0.01 > 0.005 then 0.01
      when exact % 0.01 = 0.005 and ((exact - exact % 0.01) * 100)::bigint % 2 = 1 then 0.01
      else 0.00 end)::decimal(18, 2) as duty
  from due
) to '{out}' (format parquet, compression snappy)
"""

# Rates in ten-thousandths, money in cents.
WHOLE = """
copy (
  with rated as (
    select line, value, column1,
      case
        when entered < date '2025-08-07' or entered >= date '2028-07-01' then 2500
        when civil_aircraft then 0
        when entered > deadline and disbursed < pledged then greatest(2500 - column1, 0)
        when sector = 'autos' then greatest(1500 - column1, 0)
        when sector = 'semiconductors' then least(greatest(1500 - column1, 0), 2500)
        when sector = 'pharma' then least(greatest(1500 - column1, 0), 1000)
        else greatest(1500 - column1, 0)
      end as additional,
      case
        when entered < date '2025-08-07' then 'before'
        when entered >= date '2028-07-01' then 'after'
        when civil_aircraft then 'aircraft'
        when entered > deadline and disbursed < pledged then 'snapback'
        when sector = 'autos' then 'autos'
        else 'ceiling'
      end as rule
    from read_parquet('{path}')
  ), due as (
    select line, additional, rule, value * (column1 + additional) as exact from rated
  )
  select line, additional, rule,
    exact // 10000 + case
      when exact % 10000 > 5000 or (exact % 10000 = 5000 and exact // 10000 % 2 = 1) then 1 else 0 end as duty
  from due
) to '{out}' (format parquet, compression snappy)
"""


def by_duckdb(sql, path, out, threads):
    connection = duckdb.connect(config={"threads": threads, "preserve_insertion_order": "true"})
    connection.execute(sql.format(path=path, out=out))
    connection.close()


def by_polars(path, out):
    c = pl.col
    top = lambda to: pl.max_horizontal(to - c("column1"), pl.lit(0, pl.Int64))
    early = c("entered") < pl.date(2025, 8, 7)
    late = c("entered") >= pl.date(2028, 7, 1)
    back = (c("entered") > c("deadline")) & (c("disbursed") < c("pledged"))
    additional = (
        pl.when(early | late).then(2500)
        .when(c("civil_aircraft")).then(0)
        .when(back).then(top(2500))
        .when(c("sector") == "autos").then(top(1500))
        .when(c("sector") == "semiconductors").then(pl.min_horizontal(top(1500), pl.lit(2500, pl.Int64)))
        .when(c("sector") == "pharma").then(pl.min_horizontal(top(1500), pl.lit(1000, pl.Int64)))
        .otherwise(top(1500))
    )
    rule = (
        pl.when(early).then(pl.lit("before")).when(late).then(pl.lit("after"))
        .when(c("civil_aircraft")).then(pl.lit("aircraft")).when(back).then(pl.lit("snapback"))
        .when(c("sector") == "autos").then(pl.lit("autos")).otherwise(pl.lit("ceiling"))
    )
    exact = c("value") * (c("column1") + c("additional"))
    cents = exact // 10_000
    left = exact % 10_000
    up = (left > 5_000) | ((left == 5_000) & (cents % 2 == 1))
    frame = pl.scan_parquet(path).with_columns(additional=additional, rule=rule)
    frame = frame.with_columns(duty=cents + up.cast(pl.Int64)).select("line", "additional", "rule", "duty")
    frame.sink_parquet(out, compression="snappy")


def by_comity(program, path, out, threads):
    here = os.path.dirname(os.path.abspath(__file__))
    units = ["column1=1", "value=USD", "pledged=USD", "disbursed=USD"]
    command = [program, "run", os.path.join(here, "stack15.comity"), path, "--out", out, "--decimals", "additional=4"]
    command += ["--threads", str(threads)]
    for unit in units:
        command += ["--unit", unit]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(ran.stderr)


def answers(path, scale):
    """Sums that do not depend on who answered."""
    rule = "additional_by" if "additional_by" in pq.read_schema(path).names else "rule"
    [found] = duckdb.sql(
        f"select count(*), sum(additional::decimal(38, 4) * {scale[0]})::decimal(38, 0), "
        f"sum(duty::decimal(38, 2) * {scale[1]})::decimal(38, 0), "
        f"sum(length({rule})), sum(hash(line) % 1000003) from read_parquet('{path}')"
    ).fetchall()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comity", default="target/release/comity", help="the program, built with --features parquet")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--folder", default="/tmp/comity-peers")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    exact, whole = generate(args.folder, args.rows)
    out = lambda name: os.path.join(args.folder, f"out_{name}.parquet")
    os.environ["POLARS_MAX_THREADS"] = str(args.threads)
    work = {
        "comity": (lambda: by_comity(args.comity, exact, out("comity"), args.threads), (10_000, 100)),
        "duckdb decimal": (lambda: by_duckdb(DECIMAL, exact, out("duckdb_decimal"), args.threads), (10_000, 100)),
        "duckdb bigint": (lambda: by_duckdb(WHOLE, whole, out("duckdb_bigint"), args.threads), (1, 1)),
        "polars integers": (lambda: by_polars(whole, out("polars_integers")), (1, 1)),
    }
    times = {name: [] for name in work}
    cpu = {name: [] for name in work}
    for _ in range(args.rounds):
        for name, (job, _) in work.items():
            used = lambda: sum(
                one.ru_utime + one.ru_stime
                for one in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
            )
            before, start = used(), time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
            cpu[name].append(used() - before)
    ours = statistics.median(times["comity"])
    print(f"{args.rows:,} rows, {args.threads} threads, {args.rounds} rounds; medians\n")
    print(f"{'':<18} {'ns/row':>8} {'CPU ns/row':>11} {'times ours':>11}   (least – most)")
    found = {}
    for name, (_, scale) in work.items():
        median = statistics.median(times[name])
        used = statistics.median(cpu[name])
        ends = f"({min(times[name]) / args.rows * 1e9:.0f} – {max(times[name]) / args.rows * 1e9:.0f})"
        print(f"{name:<18} {median / args.rows * 1e9:>8.1f} {used / args.rows * 1e9:>11.1f} {median / ours:>11.2f}   {ends}")
        found[name] = answers(out(name.replace(" ", "_")), scale)
    if len(set(found.values())) != 1:
        sys.exit(f"the answers differ: {found}")
    print("\nall answers agree")


if __name__ == "__main__":
    main()
