"""A copy of the sources, to be changed, built and tested."""

from __future__ import annotations

import subprocess
from enum import StrEnum
from typing import TYPE_CHECKING

from mutant import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from mutant import Mutant

_COPIED = ("CMakeLists.txt", "pyproject.toml", "src", "tests/cpp", "tests/data", "tests/fuzz")
_OPTIONS = (
    "-DFLEETSTATUS_TESTS=ON",
    "-DFLEETSTATUS_PYTHON=OFF",
    "-DCMAKE_BUILD_TYPE=None",
    "-DCMAKE_CXX_FLAGS=-O0 -w",
)
_TARGET = "fleetstatus_rule_tests"
_LONGEST_TEST_S = 60


class Fate(StrEnum):
    """What became of a mutant."""

    COMPILER = "killed by the compiler"
    TESTS = "killed by the tests"
    TIME_OUT = "killed by time-out"
    SURVIVED = "survived"


class Sandbox:
    """The copy, and the directory that it is built in."""

    def __init__(self, build: Path, jobs: int) -> None:
        self._sources = build.resolve() / "sources"
        self._build = build.resolve() / "build"
        self._jobs = jobs

    def prepare(self) -> str:
        """Copy and build the sources as they are; return what went wrong, if anything has."""
        self._copy()
        places: list[str | Path] = ["-S", self._sources, "-B", self._build]
        configure = ["cmake", *places, "-G", "Ninja", *_OPTIONS]
        for command in (configure, self._build_command(), self._test_command()):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                return done.stdout + done.stderr
        return ""

    def try_out(self, mutant: Mutant) -> Fate:
        """Build and test with one change, which is taken back in any case."""
        path = self._sources / mutant.path
        original = path.read_text(encoding="utf-8")
        try:
            path.write_text(mutant.apply(original), encoding="utf-8")
            return self._fate()
        finally:
            path.write_text(original, encoding="utf-8")

    def _fate(self) -> Fate:
        try:
            if _fails(self._build_command()):
                return Fate.COMPILER
            return Fate.TESTS if _fails(self._test_command(), _LONGEST_TEST_S) else Fate.SURVIVED
        except subprocess.TimeoutExpired:
            return Fate.TIME_OUT

    def _build_command(self) -> list[str | Path]:
        jobs = str(self._jobs)
        return ["cmake", "--build", self._build, "--target", _TARGET, "--parallel", jobs]

    def _test_command(self) -> list[str | Path]:
        return [self._build / "tests" / "cpp" / _TARGET, "--abort-after=1"]

    def _copy(self) -> None:
        """Bring the copy up to date; a file that is the same is left alone, so that it is not built."""
        files = [
            path
            for name in _COPIED
            for path in ((ROOT / name).rglob("*") if (ROOT / name).is_dir() else [ROOT / name])
            if path.is_file()
        ]
        wanted = {self._sources / path.relative_to(ROOT): path.read_bytes() for path in files}
        for path in self._sources.rglob("*"):
            if path.is_file() and path not in wanted:
                path.unlink()
        for path, content in wanted.items():
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)


def _fails(command: list[str | Path], longest_s: float | None = None) -> bool:
    done = subprocess.run(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=longest_s,
        check=False,
    )
    return done.returncode != 0
