"""Copies of the Python package, to be changed and tested at the same time."""

from __future__ import annotations

import importlib.util
import itertools
import os
import queue
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mutant import ROOT
from python_tests import concerning
from sandbox import Fate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mutant import Mutant

_COPIED = ("README.md", "pyproject.toml", "python", "notebooks", "tests")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "_core.*.so")
_START_S = 60
_WHERE = "import fleetstatus; print(fleetstatus.__file__)"


class PythonSandbox:
    """As many copies of the package and its tests as there are jobs."""

    def __init__(self, build: Path, jobs: int, mutants: Iterable[Mutant]) -> None:
        self._tests = dict.fromkeys(test for mutant in mutants for test in concerning(mutant.path))
        self._copies = [build.resolve() / f"python-{number}" for number in range(jobs)]
        self._free: queue.SimpleQueue[Path] = queue.SimpleQueue()
        self._seconds = itertools.count(1)
        self._longest_s = float(_START_S)

    def prepare(self) -> str:
        """Copy the package and test it as it is; return what went wrong, if anything has."""
        engine = _engine()
        for copy in self._copies:
            _make(copy, engine)
            self._free.put(copy)
        first = self._copies[0]
        imported = _run([sys.executable, "-c", _WHERE], first).stdout.strip()
        if not imported.startswith(str(first)):
            return f"Python imports {imported or 'nothing'} where it should the copy in {first}"
        begin = time.monotonic()
        done = _run(_test_command(self._tests), first)
        self._longest_s = _START_S + time.monotonic() - begin
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def try_out(self, mutant: Mutant) -> Fate:
        """Test with one change, which is taken back in any case."""
        copy = self._free.get()
        path = copy / mutant.path
        original, times = path.read_text(encoding="utf-8"), path.stat()
        try:
            path.write_text(mutant.apply(original), encoding="utf-8")
            # Python takes a compiled module for new if second and size are those of the source.
            os.utime(path, (next(self._seconds),) * 2)
            return self._fate(mutant, copy)
        finally:
            path.write_text(original, encoding="utf-8")
            os.utime(path, (times.st_atime, times.st_mtime))
            self._free.put(copy)

    def _fate(self, mutant: Mutant, copy: Path) -> Fate:
        try:
            done = _run(_test_command(concerning(mutant.path)), copy, self._longest_s)
        except subprocess.TimeoutExpired:
            return Fate.TIME_OUT
        return Fate.TESTS if done.returncode else Fate.SURVIVED


def _test_command(tests: Iterable[str]) -> list[str]:
    paths = [f"tests/python/{test}" for test in tests]
    return [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *paths]


def _run(
    command: list[str], copy: Path, longest_s: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command with a copy of the package; kill it, with what it started, if it takes long."""
    own = {
        "PYTHONPATH": str(copy / "python"),
        "PYTHONPYCACHEPREFIX": str(copy / "compiled"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(copy / "hypothesis"),
    }
    with subprocess.Popen(
        command,
        cwd=copy,
        env=os.environ | own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(timeout=longest_s)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _engine() -> Path:
    """Find the built engine: beside the sources, else where the package is installed."""
    if beside := sorted((ROOT / "python" / "fleetstatus").glob("_core.*.so")):
        return beside[0]
    found = importlib.util.find_spec("fleetstatus._core")
    if found is None or found.origin is None:
        sys.exit("The engine is not built: install the package first.")
    return Path(found.origin)


def _make(copy: Path, engine: Path) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    for name in _COPIED:
        source, target = ROOT / name, copy / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=_LEFT_OUT)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    shutil.copy2(engine, copy / "python" / "fleetstatus")
