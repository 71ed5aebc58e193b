"""The programs of `08_databases.md` run as they stand there, on a server with openBalena's tables."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs
from postgres import find_programs, running_openbalena

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).parents[2] / "notebooks" / "08_databases.md").read_text("utf-8")
PROGRAMS = {
    match["name"]: match[0]
    for match in re.finditer(r"(?<=```python\n)# (?P<name>\w+\.py):.*?(?=```)", PAGE, re.DOTALL)
}
[SHELL] = re.findall(r"(?<=```sh\n).*?(?=```)", PAGE, re.DOTALL)
PACKAGE = Path(fs.__file__).parents[1]
TOLD = {
    "with_psycopg.py": "device",
    "with_adbc.py": "'Disconnected': ",
    "with_copy.py": "400 devices",
    "snapshots.py": "Disconnected",
    "with_duckdb.py": "acme/cold-chain",
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_openbalena(400) as address:
        yield address


def run(server: str, folder: Path, *command: str) -> str:
    path = os.pathsep.join(
        [str(find_programs()), str(Path(sys.executable).parent), os.environ["PATH"]]
    )
    environment = os.environ | {"DATABASE_URL": server, "PYTHONPATH": str(PACKAGE), "PATH": path}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    assert not done.stderr
    return done.stdout


def test_all_programs_are_run() -> None:
    assert set(PROGRAMS) == set(TOLD)


def test_programs_run_as_printed(server: str, tmp_path: Path) -> None:
    for name, text in PROGRAMS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert TOLD[name] in run(server, tmp_path, sys.executable, name)


def test_the_shell_keeps_a_snapshot(server: str, tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("no POSIX shell")
    program = SHELL.replace("fleetstatus ", f"{sys.executable} -m fleetstatus ")
    told = run(server, tmp_path, "sh", "-c", program)
    assert "need attention" in told or "attention" in told
    assert len(fs.classify(tmp_path / "fleet.ndjson")) == 400
