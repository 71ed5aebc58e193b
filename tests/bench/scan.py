"""Scan JSON lines that are made on the way, and Parquet files of which one is ten times the other."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import fleetstatus as fs
from fleet_data import full_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

_DIFFERENT_RECORDS = 2000
_PARQUET_DEVICES = 20_000


class MadeLines:
    """A file of as many records as it takes; they repeat, since making them costs more."""

    def __init__(self, n_bytes: int) -> None:
        self.n_bytes = 0
        self._n_left = n_bytes
        records = full_records(_DIFFERENT_RECORDS)
        lines = [json.dumps(record, separators=(",", ":")).encode() + b"\n" for record in records]
        self._lines: Iterator[bytes] = itertools.cycle(lines)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Hand out the next bytes; whole lines only at the end."""
        parts = [self._rest]
        n_bytes = len(self._rest)
        while n_bytes < size and self._n_left > 0:
            line = next(self._lines)
            parts.append(line)
            n_bytes += len(line)
            self._n_left -= len(line)
        text = b"".join(parts)
        self._rest = text[size:]
        self.n_bytes += min(len(text), size)
        return text[:size]


def scan_made_lines(gigabytes: float) -> None:
    """Scan that much, and print what it took."""
    lines = MadeLines(int(gigabytes * 1e9))
    start = time.perf_counter()
    n_records = sum(map(len, fs.scan(lines)))
    seconds = time.perf_counter() - start
    print(
        f"scan: {n_records:,} records, {lines.n_bytes:,} bytes, {seconds:.1f} s "
        f"({lines.n_bytes / seconds / 1e6:,.0f} MB/s with making them), "
        f"peak of resident memory {_peak_megabytes():,.0f} MB"
    )


def _peak_megabytes() -> float:
    """Ask Linux; `getrusage` would count what the parent process took, too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


# A process of its own, whose peak is of the scan alone.
_SCAN_PARQUET = """
import sys, time
sys.path.insert(0, sys.argv[2])
import fleetstatus as fs
from scan import _peak_megabytes
start = time.perf_counter()
n_rows = sum(map(len, fs.scan(sys.argv[1])))
print(n_rows, time.perf_counter() - start, _peak_megabytes())
"""


def scan_parquet(n_devices: int, directory: Path) -> None:
    """Scan a Parquet file and one with ten times the rows; print what each took, and the ratio."""
    import polars as pl

    n_copies = max(n_devices // _PARQUET_DEVICES, 1)
    frame = pl.DataFrame(list(full_records(_PARQUET_DEVICES)), infer_schema_length=None)
    peaks = []
    for times in (n_copies, 10 * n_copies):
        path = directory / f"{times}.parquet"
        _write_copies(path, frame, times)
        n_rows, seconds, peak = _scanned_apart(path)
        peaks.append(peak)
        print(
            f"scan of Parquet: {n_rows:,.0f} rows, {path.stat().st_size:,} bytes, "
            f"{seconds:.1f} s ({n_rows / seconds:,.0f} rows/s), "
            f"peak of resident memory {peak:,.0f} MB"
        )
    print(
        f"scan of Parquet: peak at ten times the rows {peaks[1] / peaks[0]:.2f} times (at most 1.2)"
    )


def _write_copies(path: Path, frame: pl.DataFrame, times: int) -> None:
    """Write a frame again and again, each time as a row group of its own."""
    import pyarrow.parquet

    table = frame.to_arrow()
    with pyarrow.parquet.ParquetWriter(path, table.schema) as writer:
        for _ in range(times):
            writer.write_table(table)


def _scanned_apart(path: Path) -> tuple[float, ...]:
    command = [sys.executable, "-c", _SCAN_PARQUET, str(path), str(Path(__file__).parent)]
    environment = os.environ | {"PYTHONPATH": str(Path(fs.__file__).parents[1])}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return tuple(map(float, done.stdout.split()))
