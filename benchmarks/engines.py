r"""The decisive steps of preparing many pairs, in nlpflow's parts, in Arrow and in DuckDB.

The steps are those that look at all pairs at once: give equal sources equal numbers, in the order
of the rows, and find the first of equal pairs. `parts` are nlpflow's files of Arrow, divided by
hash; `arrow` has the whole columns in memory, since Arrow's own operations cannot use a disk;
`duckdb` has a limit of memory and a folder on disk. Each runs in a process of its own on one
thread, and the results must be the same. DuckDB is not a dependency of nlpflow:

    pip install duckdb
    python benchmarks/engines.py data/prepared/french/train.parquet
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when arrow is imported

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scale import peak_mb

from nlpflow.prepare.keys import KeyColumn
from nlpflow.prepare.partitions import Partitions
from nlpflow.tables import StoredTable, write_table

SIDES = ("source", "target")
Result = tuple[Any, Any]
"""The number of each row's source, and whether the row is the first of equal pairs."""


def main() -> None:
    """Run every engine and compare the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("table", type=Path, help="a prepared table")
    parser.add_argument("--memory", default="1GB", help="limit of DuckDB (%(default)s)")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/engines"))
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    values = parser.parse_args()
    if values.engine:
        print(json.dumps(run_engine(values.engine, values.table, values.memory)))
        return
    rows = []
    for engine in ENGINES:
        command = [sys.executable, __file__, str(values.table), "--engine", engine]
        command += ["--memory", values.memory]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        rows.append({"engine": engine} | json.loads(done.stdout.splitlines()[-1]))
        print(*(f"{name} {value}" for name, value in rows[-1].items()), sep=", ", flush=True)
    if len({row.pop("result") for row in rows}) > 1:
        raise SystemExit("the engines do not agree")
    values.output.mkdir(parents=True, exist_ok=True)
    write_table(values.output / "engines.tsv", pd.DataFrame(rows))


def run_engine(engine: str, table: Path, memory: str) -> dict[str, Any]:
    """Run an engine in this process."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter(), time.process_time()
        numbers, first = ENGINES[engine](table, Path(folder), memory)
        seconds, processor = time.perf_counter() - begun[0], time.process_time() - begun[1]
        peak = peak_mb()
    # Numbers in the order of the rows, whatever those of the engine are.
    numbers, _ = pd.factorize(numbers)
    result = hashlib.sha256(numbers.astype(np.int64).tobytes() + np.packbits(first).tobytes())
    return {
        "rows": len(numbers),
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "peak_mb": peak,
        "result": result.hexdigest()[:12],
    }


def in_parts(table: Path, folder: Path, memory: str) -> Result:
    """Nlpflow's way."""
    sources = KeyColumn(folder, "sources", "salt")
    pairs = Partitions(folder, "pairs")
    rows = 0
    for batch in StoredTable(table, SIDES):
        sources.add(batch["source"])
        pairs.add(batch.append_column("row", pa.array(np.arange(rows, rows + len(batch)))))
        rows += len(batch)
    first = np.zeros(rows, np.bool_)
    for part in pairs.parts():
        first[part["row"].to_numpy()] = first_of_equal(part)
    return sources.keys().numbers, first


def first_of_equal(pairs: pa.Table) -> Any:
    """Whether no row before has the same source and target."""
    numbers = {
        side: pairs[side].combine_chunks().dictionary_encode().indices.to_numpy() for side in SIDES
    }
    return ~pd.DataFrame(numbers).duplicated().to_numpy()


def in_arrow(table: Path, folder: Path, memory: str) -> Result:
    """Whole columns."""
    pairs = pq.read_table(table, columns=list(SIDES))
    numbers = pairs["source"].combine_chunks().dictionary_encode().indices.to_numpy()
    return numbers, first_of_equal(pairs)


def in_duckdb(table: Path, folder: Path, memory: str) -> Result:
    """SQL."""
    import duckdb

    database = duckdb.connect(str(folder / "pairs.duckdb"))
    database.execute(f"set memory_limit = '{memory}'; set threads = 1")
    database.execute(f"set temp_directory = '{folder}'; set preserve_insertion_order = false")
    database.execute(
        f"""
        create table pairs as
            select file_row_number as row, source, target
            from read_parquet('{table}', file_row_number = true);
        create table sources as
            select source, row_number() over () as number
            from (select distinct source from pairs);
        """
    )
    numbers = database.execute(
        "select number from pairs join sources using (source) order by row"
    ).fetchnumpy()["number"]
    rows = database.execute("select min(row) as row from pairs group by source, target")
    first = np.zeros(len(numbers), np.bool_)
    first[rows.fetchnumpy()["row"]] = True
    return numbers, first


ENGINES: dict[str, Callable[[Path, Path, str], Result]] = {
    "parts": in_parts,
    "arrow": in_arrow,
    "duckdb": in_duckdb,
}


if __name__ == "__main__":
    main()
