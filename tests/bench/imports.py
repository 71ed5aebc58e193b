"""Time imports in fresh interpreters."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

_N_IMPORTS = 20


def compare_imports() -> None:
    """Print how long imports take, less an empty interpreter."""
    empty = _seconds("sys")
    for module in ("fleetstatus", "numpy"):
        print(f"import {module}: {1000 * (_seconds(module) - empty):.0f} ms")


def _seconds(module: str) -> float:
    command = [sys.executable, "-c", f"import {module}"]
    runs = []
    for _ in range(_N_IMPORTS):
        start = time.perf_counter()
        subprocess.run(command, check=True)
        runs.append(time.perf_counter() - start)
    return statistics.median(runs)
