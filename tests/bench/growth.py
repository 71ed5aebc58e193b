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
# A step whose cost for a device is higher than that of the step before by less than this is
# linear: the rest is noise.
_TOLERANCE = 1.25


@dataclass(frozen=True)
class Step:
    """What a number of devices cost."""

    n_devices: int
    seconds: float
    peak_bytes: int

    @property
    def nanoseconds_each(self) -> float:
        return 1e9 * self.seconds / self.n_devices

    @property
    def bytes_each(self) -> float:
        return self.peak_bytes / self.n_devices


def print_growth(most: int, directory: Path) -> None:
    """Measure each step in a process of its own, and say whether any is worse than linear."""
    print(f"\n{'work':<18}{'devices':>12}{'seconds':>10}{'ns each':>10}{'peak B each':>13}")
    for work, measure in (("JSON lines file", _measure_lines), ("frame", _measure_frame)):
        steps = []
        for step in measure(_sizes(most), directory):
            steps.append(step)
            print(
                f"{work:<18}{step.n_devices:>12,}{step.seconds:>10.4f}"
                f"{step.nanoseconds_each:>10,.0f}{step.bytes_each:>13,.0f}",
                flush=True,
            )
        print(f"{work}: {_verdict(steps)}")


def _sizes(most: int) -> list[int]:
    return [10**power for power in range(3, 8) if 10**power <= most]


def _verdict(steps: list[Step]) -> str:
    worse = [
        f"{step.n_devices:,} devices"
        for before, step in itertools.pairwise(steps)
        if step.nanoseconds_each > _TOLERANCE * before.nanoseconds_each
        or step.bytes_each > _TOLERANCE * before.bytes_each
    ]
    return f"worse than linear at {', '.join(worse)}" if worse else "no step is worse than linear"


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
