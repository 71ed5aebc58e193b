"""Print results, as text and as the page of benchmarks has them."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import fleetstatus as fs
from targets import FILE_SIZE, TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targets import Target
    from timing import Costs, Result

PAGE = Path(__file__).parents[2] / "notebooks" / "benchmarks.md"
README = Path(__file__).parents[2] / "README.md"
_MARKED = "(<!-- python tests/bench{} --update-docs -->\n).*?(<!-- end -->\n)"

HEADER = f"{'work':<58}{'peer':<34}{'ours':>9}{'peer':>9}{'spread':>8}{'ratio':>8}  target"


def line(result: Result) -> str:
    """Write a result as a line of text under `HEADER`: devices a second, or bytes of each."""
    target = result.target
    return (
        f"{target.work:<58}{target.peer:<34}{amount(target, result.ours):>9}"
        f"{amount(target, result.peer):>9}{result.spread:>8.0%}{ratio_text(result.ratio):>7}x  "
        f"{_outcome(result)}"
    ).rstrip()


def markdown(results: Iterable[Result]) -> str:
    """Write results as the page's table, with what was measured where."""
    head = [
        "| work | fleetstatus | peer | its speed | ratio | spread |",
        "|---|--:|---|--:|--:|--:|",
    ]
    rows = [
        f"| {result.target.work} | {amount(result.target, result.ours)} | {result.target.peer} | "
        f"{amount(result.target, result.peer)} | {ratio_text(result.ratio)}x | "
        f"{result.spread:.0%} |"
        for result in results
    ]
    return "\n".join(["", *head, *rows, "", f"Measured {environment()}.", ""])


def update_docs(
    results: Iterable[Result], targets: Iterable[Target] = TARGETS, command: str = ""
) -> None:
    """Put a table between its marks in the page of benchmarks, its lines in the order of the targets.

    The few ratios that the README repeats follow it.

    Parameters
    ----------
    command
        What stands in the marks behind ``python tests/bench``.

    Raises
    ------
    ValueError
        If a line is missing, or the page has no such marks; it then stays as it is.
    """
    measured = {result.target: result for result in results}
    wanted = list(targets)
    missing = [
        f"{each.work} / {each.peer}: not measured" for each in wanted if each not in measured
    ]
    if missing:
        raise ValueError("\n  ".join(["the page stays as it is:", *missing]))
    old = PAGE.read_text(encoding="utf-8")
    table = markdown(measured[target] for target in wanted)
    marked = re.compile(_MARKED.format(f" {command}" if command else ""), re.DOTALL)
    new, n_tables = marked.subn(lambda mark: f"{mark[1]}{table}{mark[2]}", old)
    if n_tables != 1:
        message = f"the page stays as it is: it has {n_tables} places for this table, not 1"
        raise ValueError(message)
    PAGE.write_text(new, encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    for result in measured.values():
        beside = f"| {result.target.work} | {result.target.peer} | "
        ratio = f"{beside}{ratio_text(result.ratio)}x |"
        readme = re.sub(re.escape(beside) + r"[\d.]+x \|", ratio, readme)
    README.write_text(readme, encoding="utf-8")


def environment() -> str:
    """Say when, on what and with which versions."""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    build = fs.build_info()
    name = f"fleetstatus {fs.__version__}"
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}"
        for name in ("orjson", "msgspec", "polars", "duckdb")
    )
    return (
        f"{today} on {_processor()}, {os.cpu_count()} cores: {name} "
        f"({build['compiler']}, {build['build_type']}), Python {platform.python_version()}, {versions}"
    )


def ratio_text(ratio: float) -> str:
    """Write a ratio with two digits or more."""
    return f"{ratio:.2f}" if ratio < 1 else f"{ratio:.1f}"


def amount(target: Target, costs: Costs) -> str:
    """Write devices a second, or bytes of each where memory is compared."""
    if target.peer == FILE_SIZE:
        return f"{costs.median:.0f} B"
    speed = 1 / costs.median
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if speed >= size:
            return f"{speed / size:#.3g}".rstrip(".") + f" {unit}"
    return f"{speed:.0f}"


def _outcome(result: Result) -> str:
    if result.target.at_least is None:
        return ""
    return f"{result.target.at_least:.3g}x, {'met' if result.is_met else 'missed'}"


def _processor() -> str:
    """Name of the processor, where Linux tells it."""
    cpu_info = Path("/proc/cpuinfo")
    lines = cpu_info.read_text(encoding="utf-8").splitlines() if cpu_info.exists() else []
    names = [text.partition(":")[2].strip() for text in lines if text.startswith("model name")]
    return names[0] if names else platform.processor()
