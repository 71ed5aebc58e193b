"""Print results, as text and as the README has them."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import fleetstatus as fs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pairs import Result

HEADER = f"{'work':<35}{'peer':<31}{'ours/s':>9}{'peer/s':>9}{'ratio':>8}  {'range':<14}target"


def line(result: Result) -> str:
    """Write a result as a line of text under `HEADER`; speeds are devices a second."""
    target = result.target
    ratios = f"{_ratio(min(result.ratios))} to {_ratio(max(result.ratios))}"
    return (
        f"{target.work:<35}{target.peer:<31}{_speed(result, result.ours):>9}"
        f"{_speed(result, result.peer):>9}{_ratio(result.ratio):>7}x  {ratios:<14}"
        f"{_target(result)}"
    )


def markdown(results: Iterable[Result]) -> str:
    """Write results as the README's table, with what was measured where."""
    rows = [
        f"| {result.target.work} | {_speed(result, result.ours)} | {result.target.peer} | "
        f"{_speed(result, result.peer)} | {_ratio(result.ratio)}x | {_target(result) or '-'} |"
        for result in results
    ]
    head = ["| work | devices/s | peer | devices/s | ratio | target |", "|---|--:|---|--:|--:|---|"]
    return "\n".join([*head, *rows, "", f"Measured {environment()}."])


def environment() -> str:
    """Say when, on what and with which versions."""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}"
        for name in ("orjson", "msgspec", "polars", "duckdb")
    )
    build = ", ".join(f"{key} {value}" for key, value in fs.build_info().items())
    return (
        f"{today} on {_processor()}, {os.cpu_count()} cores; fleetstatus {fs.__version__} "
        f"({build}), Python {platform.python_version()}, {versions}"
    )


def _speed(result: Result, seconds: float) -> str:
    speed = result.n_devices / seconds
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if speed >= size:
            return f"{speed / size:.3g} {unit}"
    return f"{speed:.3g}"


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 1 else f"{ratio:.1f}"


def _target(result: Result) -> str:
    if result.target.at_least is None:
        return ""
    return f"{result.target.at_least:g}x {'met' if result.is_met else 'missed'}"


def _processor() -> str:
    """Name of the processor, where Linux tells it."""
    cpu_info = Path("/proc/cpuinfo")
    lines = cpu_info.read_text(encoding="utf-8").splitlines() if cpu_info.exists() else []
    names = [text.partition(":")[2].strip() for text in lines if text.startswith("model name")]
    return names[0] if names else platform.processor()
