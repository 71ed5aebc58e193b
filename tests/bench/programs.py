"""The C++ programs of `tests/bench/cpp`, if they are built."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pairs import Clock, Timer


class Programs:
    """The programs of a build directory."""

    def __init__(self, build: Path) -> None:
        self._folder = build / "tests" / "bench" / "cpp"
        self._build = build

    def has(self, name: str) -> bool:
        """Whether a program is built."""
        return (self._folder / name).exists()

    def missing(self) -> bool:
        """Whether there are none."""
        return not self.has("fleetstatus_micro")

    def how_to_build(self) -> str:
        """Commands that build all programs."""
        return (
            f"cmake -S . -B {self._build} -DFLEETSTATUS_BENCH=ON -DFLEETSTATUS_PYTHON=OFF && "
            f"cmake --build {self._build}"
        )

    def run(self, name: str, *arguments: str) -> str:
        """Run a program and return what it prints."""
        command = [str(self._folder / name), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def timer(self, name: str, clock: Clock, *arguments: str) -> Timer:
        """Make a timer of a program that prints the seconds that passed and those it worked."""

        def seconds() -> float:
            wall, cpu = map(float, self.run(name, *arguments).split())
            return wall if clock == "wall" else cpu

        return seconds
