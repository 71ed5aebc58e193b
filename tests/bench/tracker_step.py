"""Open a tracker's file in this process, and print what its memory holds; `tracked.py` runs it."""

from __future__ import annotations

import ctypes
import gc
import json
import sys
from pathlib import Path

import fleetstatus as fs

_STATUS = Path("/proc/self/status")


def main() -> None:
    fs.Tracker().update(fs.sample_fleet())  # loads what is loaded once
    before = _resident_bytes()
    tracker = fs.Tracker(sys.argv[1])
    tracker.changes()
    resident = _resident_bytes() - before
    n_bytes = tracker._memory.engine().n_bytes
    print(json.dumps({"n_bytes": n_bytes, "resident_bytes": resident}))


def _resident_bytes() -> int:
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what was freed is not held
    return int(_STATUS.read_text(encoding="utf-8").partition("VmRSS:")[2].split()[0]) * 1024


if __name__ == "__main__":
    main()
