"""Classify so many devices in this process, and print what it cost; `growth.py` runs it.

Answers are made when somebody asks, so the four columns of the peers are taken too.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import fleetstatus as fs
from answers import NOW, four_columns

_STATUS = Path("/proc/self/status")
# Seconds that runs take in all: this long, or three runs if these take longer, but no more than so.
_SHORT, _LONG = 0.5, 10.0


class _Time(NamedTuple):
    seconds: float
    cpu_seconds: float  # of all threads; other processes do not add to it


def main() -> None:
    kind, path, count = sys.argv[1:]
    n_devices = int(count)
    source = Path(path) if kind == "lines" else _frame(Path(path), n_devices)
    four_columns(fs.classify([], now=NOW))  # loads what is loaded once
    _forget_peak()
    before = _status_bytes("VmRSS")
    runs = [_classify(source)]
    peak = _status_bytes("VmHWM") - before
    while sum(run.seconds for run in runs) < (_SHORT if len(runs) >= 3 else _LONG):
        runs.append(_classify(source))
    least = _Time(*map(min, zip(*runs, strict=True)))
    print(json.dumps({**least._asdict(), "peak_bytes": peak}))


def _classify(source: Any) -> _Time:
    start, cpu_start = time.perf_counter(), time.process_time()
    table = fs.classify(source, now=NOW)
    columns = four_columns(table)
    elapsed = _Time(time.perf_counter() - start, time.process_time() - cpu_start)
    del table, columns
    return elapsed


def _frame(path: Path, n_devices: int) -> Any:
    """Repeat a frame, in one chunk: polars puts several together for whoever reads them."""
    import polars as pl

    frame = pl.read_ipc(path.read_bytes())  # a mapped file would count as memory
    if n_devices <= len(frame):
        return frame.head(n_devices)
    return pl.concat([frame] * (n_devices // len(frame)), rechunk=True)


def _forget_peak() -> None:
    """Let the peak of resident memory begin anew, see proc(5)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _status_bytes(name: str) -> int:
    return int(_STATUS.read_text(encoding="utf-8").partition(f"{name}:")[2].split()[0]) * 1024


if __name__ == "__main__":
    main()
