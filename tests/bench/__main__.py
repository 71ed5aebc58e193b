"""Compare fleetstatus with what users write today: ``python tests/bench``.

``python tests/bench scan --gigabytes 3`` scans more than memory need hold, and says what it took.

Each pair works on the same data in one run, in turn; the answers are checked first. Ratios are the
peer's time over ours, median of the rounds, with their range.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
from fleet_data import as_json, full_records, selected_records
from python_loop import classify_by_loop
from scan import scan_made_lines

import fleetstatus as fs

if TYPE_CHECKING:
    from collections.abc import Callable

_NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
_IMPORTS = 20


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", nargs="?", choices=["compare", "scan"], default="compare")
    parser.add_argument("--devices", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--gigabytes", type=float, default=3)
    options = parser.parse_args()
    print(f"fleetstatus {fs.__version__}, {fs.build_info()}, Python {sys.version.split()[0]}")
    if options.command == "scan":
        scan_made_lines(options.gigabytes)
    else:
        compare_all(options)


def compare_all(options: argparse.Namespace) -> None:
    """Run all pairs and print the table."""
    print(f"{options.devices:,} devices, median of {options.rounds} rounds\n")
    print(f"{'work':<28}{'peer':<18}{'ours s':>9}{'peer s':>9}{'ratio':>8}  range")
    for name, records in (("selected", selected_records), ("all fields", full_records)):
        compare_on(name, as_json(records(options.devices)), options.rounds)
    compare_imports()


def compare_on(name: str, content: bytes, rounds: int) -> None:
    """Compare on one set of records, as bytes and as dicts."""
    records = orjson.loads(content)["d"]
    check_answers(content, records)
    size = len(content) / len(records)

    def ours() -> Any:
        return fs.classify(content, now=_NOW)

    for peer, loads in (("json + loop", json.loads), ("orjson + loop", orjson.loads)):
        row = f"{name}, bytes, {size:,.0f} B"
        compare(row, peer, ours, lambda: classify_by_loop(loads(content)["d"], _NOW), rounds)  # noqa: B023
    compare(
        f"{name}, dicts",
        "loop",
        lambda: fs.classify(records, now=_NOW),
        lambda: classify_by_loop(records, _NOW),
        rounds,
    )


def check_answers(content: bytes, records: list[dict[str, Any]]) -> None:
    """Stop if the contenders do not agree."""
    expected = classify_by_loop(records, _NOW)
    for source in (content, records):
        table = fs.classify(source, now=_NOW)
        columns = ("status", "update_status_duration_s", "uuid", "device_name")
        answers = list(zip(*(table[name].to_list() for name in columns), strict=True))
        if answers != expected:
            sys.exit("the answers differ; there is nothing to compare")


def compare(
    work: str, peer: str, ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int
) -> None:
    """Time two ways in turn and print their ratio."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    ratios = [their_time / our_time for our_time, their_time in pairs]
    our_median, their_median = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(
        f"{work:<28}{peer:<18}{our_median:>9.3f}{their_median:>9.3f}"
        f"{statistics.median(ratios):>7.1f}x  {min(ratios):.1f} to {max(ratios):.1f}"
    )


def seconds(work: Callable[[], Any]) -> float:
    """Time one run; what it makes is dropped after the clock has stopped."""
    start = time.perf_counter()
    result = work()
    elapsed = time.perf_counter() - start
    del result
    return elapsed


def compare_imports() -> None:
    """Time the import in fresh interpreters, less that of an empty one."""

    def import_time(module: str) -> float:
        command = [sys.executable, "-c", f"import {module}"]
        runs = [seconds(lambda: subprocess.run(command, check=True)) for _ in range(_IMPORTS)]
        return statistics.median(runs)

    empty = import_time("sys")
    for module in ("fleetstatus", "numpy"):
        print(f"\nimport {module}: {1000 * (import_time(module) - empty):.0f} ms", end="")
    print()


if __name__ == "__main__":
    main()
