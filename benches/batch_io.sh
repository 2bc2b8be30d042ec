#!/usr/bin/env bash
# `comity run` from Parquet to Parquet beside DuckDB and polars, ten million rows each: benches/peers.py with all it needs.
set -euo pipefail
cd "$(dirname "$0")/.."

target="${CARGO_TARGET_DIR:-target}"
cargo build --release --features parquet
if [ ! -x "$target/peers/bin/python" ]; then
  python3 -m venv "$target/peers"
  "$target/peers/bin/pip" install --quiet duckdb polars pyarrow numpy
fi
"$target/peers/bin/python" benches/peers.py --comity "$target/release/comity" --folder "$target/peers/rows" "$@"
