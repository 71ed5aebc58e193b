"""Print results, as text and as the README has them."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import fleetstatus as fs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pairs import Result

README = Path(__file__).parents[2] / "README.md"
_MARKED = re.compile("(<!-- python tests/bench --update-readme -->\n).*(<!-- end -->\n)", re.DOTALL)

HEADER = f"{'work':<36}{'peer':<35}{'ours/s':>9}{'peer/s':>9}{'ratio':>8}  {'range':<14}target"


def line(result: Result) -> str:
    """Write a result as a line of text under `HEADER`; speeds are devices a second."""
    target = result.target
    ratios = f"{ratio_text(min(result.ratios))} to {ratio_text(max(result.ratios))}"
    return (
        f"{target.work:<36}{target.peer:<35}{_speed(result, result.ours):>9}"
        f"{_speed(result, result.peer):>9}{ratio_text(result.ratio):>7}x  {ratios:<14}"
        f"{_outcome(result):<15}{result.note}"
    ).rstrip()


def markdown(results: Iterable[Result]) -> str:
    """Write results as the README's table, with what was measured where."""
    head = [
        "| work | fleetstatus | peer | its speed | ratio |",
        "|---|--:|---|--:|--:|",
    ]
    rows = [
        f"| {result.target.work} | {_speed(result, result.ours)} | {result.target.peer} | "
        f"{_speed(result, result.peer)} | {ratio_text(result.ratio)}x |"
        for result in results
    ]
    return "\n".join(["", *head, *rows, "", f"Measured {environment()}.", ""])


def update_readme(results: Iterable[Result]) -> None:
    """Put the table between the README's marks."""
    old = README.read_text(encoding="utf-8")
    table = markdown(results)
    README.write_text(_MARKED.sub(lambda mark: f"{mark[1]}{table}{mark[2]}", old), encoding="utf-8")


def environment() -> str:
    """Say when, on what and with which versions."""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    build = fs.build_info()
    name = f"fleetstatus {fs.__version__}".rstrip()  # plain cmake knows no version
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}"
        for name in ("orjson", "msgspec", "polars", "duckdb")
    )
    return (
        f"{today} on {_processor()}, {os.cpu_count()} cores: {name} "
        f"({build['compiler']}, {build['build_type']}), simdjson {build['simdjson']} "
        f"({build['simdjson_implementation']}), Python {platform.python_version()}, {versions}"
    )


def ratio_text(ratio: float) -> str:
    """Write a ratio with two digits or more."""
    return f"{ratio:.2f}" if ratio < 1 else f"{ratio:.1f}"


def _speed(result: Result, seconds: float) -> str:
    speed = result.n_devices / seconds
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if speed >= size:
            return f"{speed / size:#.3g}".rstrip(".") + f" {unit}"
    return f"{speed:.0f}"


def _outcome(result: Result) -> str:
    if result.target.at_least is None:
        return ""
    return f"{result.target.at_least:g}x, {'met' if result.is_met else 'missed'}"


def _processor() -> str:
    """Name of the processor, where Linux tells it."""
    cpu_info = Path("/proc/cpuinfo")
    lines = cpu_info.read_text(encoding="utf-8").splitlines() if cpu_info.exists() else []
    names = [text.partition(":")[2].strip() for text in lines if text.startswith("model name")]
    return names[0] if names else platform.processor()
