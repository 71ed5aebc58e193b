"""Scan JSON lines that are made on the way: neither on the disk nor in memory."""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import fleetstatus as fs
from fleet_data import full_records

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIFFERENT_RECORDS = 2000


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
