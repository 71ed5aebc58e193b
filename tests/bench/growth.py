"""Cost as work grows: time and peak memory for each device, from a thousand to ten million."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fleet_data import as_lines, selected_records
from inputs import make_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

_N_DIFFERENT = 100_000
_STEP = Path(__file__).parent / "growth_step.py"
# A device may cost so many times what it costs in the step before: more does not fit into caches,
# and memory must be had from the system.
_TOLERANCE = 1.5


@dataclass(frozen=True)
class Step:
    """What a number of devices cost."""

    n_devices: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int

    def cpu_each(self) -> float:
        return self.cpu_seconds / self.n_devices

    def bytes_each(self) -> float:
        return self.peak_bytes / self.n_devices


def print_growth(most: int, directory: Path) -> None:
    """Measure each step in a process of its own, and say whether any is worse than linear."""
    print(f"\n{'work':<18}{'devices':>12}{'seconds':>10}{'CPU ns each':>13}{'peak B each':>13}")
    for work, measure in (("JSON lines file", _measure_lines), ("frame", _measure_frame)):
        steps = []
        for step in measure(_sizes(most), directory):
            steps.append(step)
            print(
                f"{work:<18}{step.n_devices:>12,}{step.seconds:>10.4f}"
                f"{1e9 * step.cpu_each():>13,.0f}{step.bytes_each():>13,.0f}",
                flush=True,
            )
        for what, costs in (
            ("time", [step.cpu_each() for step in steps]),
            ("memory", [step.bytes_each() for step in steps]),
        ):
            print(f"{work}, {what}: {_verdict(steps, costs)}")


def _verdict(steps: list[Step], costs: list[float]) -> str:
    """Tell which steps cost more for a device than the step before."""
    worse = [
        f"{step.n_devices:,}"
        for step, (before, cost) in zip(steps[1:], itertools.pairwise(costs), strict=True)
        if cost > _TOLERANCE * before
    ]
    return f"worse than linear at {', '.join(worse)}" if worse else "no step is worse than linear"


def _sizes(most: int) -> list[int]:
    return [10**power for power in range(3, 8) if 10**power <= most]


def _measure_lines(sizes: list[int], directory: Path) -> Iterator[Step]:
    lines = as_lines(selected_records(min(_N_DIFFERENT, sizes[-1])))
    path = directory / "growing.ndjson"
    for n_devices in sizes:
        with path.open("wb") as file:
            if n_devices <= _N_DIFFERENT:
                file.writelines(lines.splitlines(keepends=True)[:n_devices])
            else:
                file.writelines([lines] * (n_devices // _N_DIFFERENT))
        yield _run_step("lines", path, n_devices)
    path.unlink()


def _measure_frame(sizes: list[int], directory: Path) -> Iterator[Step]:
    path = directory / "frame.arrow"
    records = list(selected_records(min(_N_DIFFERENT, sizes[-1])))
    make_frame(records).head(len(records)).write_ipc(path)
    for n_devices in sizes:
        yield _run_step("frame", path, n_devices)


def _run_step(kind: str, path: Path, n_devices: int) -> Step:
    command = [sys.executable, str(_STEP), kind, str(path), str(n_devices)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return Step(n_devices, **json.loads(done.stdout))
