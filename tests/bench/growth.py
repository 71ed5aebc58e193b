"""Cost as work grows: time and peak memory for each device, from a thousand to ten million."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import targets
from fleet_data import as_lines, selected_records
from inputs import make_frame
from timing import Costs, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inputs import Inputs

_N_DIFFERENT = 100_000
_N_COUNTED = 10_000  # fewer devices cost more each, since every call costs something
_STEP = Path(__file__).parent / "growth_step.py"


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


def memory_of_lines(inputs: Inputs, n_rounds: int) -> Result:
    """Compare the peak of memory while a file is classified with the size of the file."""
    n_devices = len(inputs.records)
    steps = [_run_step("lines", inputs.lines, n_devices) for _ in range(n_rounds)]
    return Result(
        next(t for t in targets.TARGETS if t.work == targets.MEMORY.format(inputs.name)),
        Costs([step.bytes_each() for step in steps]),
        Costs([inputs.lines.stat().st_size / n_devices]),
    )


def print_growth(most: int, directory: Path) -> None:
    """Measure each step in a process of its own, and say whether any costs too much a device."""
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
        counted = [step for step in steps if step.n_devices >= _N_COUNTED]
        for what, costs in (
            ("time", [step.cpu_each() for step in counted]),
            ("memory", [step.bytes_each() for step in counted]),
        ):
            print(f"{work}, {what}: {_verdict(costs)}")


def _verdict(costs: list[float]) -> str:
    """Tell how far apart the costs of a device are, and whether that is within the limit."""
    times = max(costs) / min(costs)
    met = "met" if times <= targets.GROWTH_AT_MOST else "missed"
    return (
        f"at most {times:.2f} times the least from {_N_COUNTED:,} devices on "
        f"({targets.GROWTH_AT_MOST:g}, {met})"
    )


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
