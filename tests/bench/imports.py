"""Time imports in fresh interpreters."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time


def compare_imports(n_imports: int) -> None:
    """Print how long imports take, less an empty interpreter."""
    empty = _seconds("sys", n_imports)
    for module in ("fleetstatus", "numpy"):
        print(f"import {module}: {1000 * (_seconds(module, n_imports) - empty):.0f} ms")


def _seconds(module: str, n_imports: int) -> float:
    command = [sys.executable, "-c", f"import {module}"]
    runs = []
    for _ in range(n_imports):
        start = time.perf_counter()
        subprocess.run(command, check=True)
        runs.append(time.perf_counter() - start)
    return statistics.median(runs)
