"""The programs of `07_live.md` run as they stand there, and say the same of a fleet."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs
from api_server import TOKEN, ApiServer, running, status

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "notebooks" / "07_live.md"
PROGRAMS = {
    match["name"]: match["text"]
    for match in re.finditer(
        r"```(?:sh|python)\n(?P<text># (?P<name>\w+\.\w+):.*?)```",
        PAGE.read_text("utf-8"),
        re.DOTALL,
    )
}
PACKAGE = Path(fs.__file__).parents[1]


@pytest.fixture
def server() -> Iterator[ApiServer]:
    devices = json.loads(fs.sample_fleet().read_bytes())["d"]
    server = ApiServer(devices)
    server.date = None
    with running(server):
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in PROGRAMS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = tmp_path / "bin" / "fleetstatus"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m fleetstatus "$@"\n')
    command.chmod(0o755)
    return tmp_path


def run(server: ApiServer, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    own = {
        "BALENA_API_URL": server.url,
        "BALENA_TOKEN": TOKEN,
        "HOME": str(folder),
        "NO_PROXY": "*",
        "PATH": os.pathsep.join([str(folder / "bin"), os.environ["PATH"]]),
        "PYTHONPATH": str(PACKAGE),
        "COLUMNS": "100",
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert TOKEN not in done.stdout + done.stderr
    return done


def needing() -> fs.StatusTable:
    devices = fs.classify(fs.sample_fleet(), now="clock")  # as the programs, weeks later
    return devices.where(fleet="acme/cold-chain").attention()


def test_the_page_has_a_program_for_each_way() -> None:
    assert list(PROGRAMS) == ["audit.sh", "by_sdk.py", "by_fetch.py", "by_pages.py", "look.sh"]
    for text in PROGRAMS.values():
        assert max(map(len, text.splitlines())) <= 100


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(server: ApiServer, folder: Path) -> None:
    done = run(server, folder, "sh", "audit.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(needing())} of 117" in done.stdout
    assert server.headers[0]["Authorization"] == f"Bearer {TOKEN}"
    server.always = status(401)
    assert run(server, folder, "sh", "audit.sh").returncode != 0


@pytest.mark.skipif(find_spec("balena") is None, reason="balena-sdk is not installed")
def test_the_sdk(server: ApiServer, folder: Path) -> None:
    settings = "from balena import Balena; import os; Balena().settings.set('api_endpoint', %r)"
    run(server, folder, sys.executable, "-c", settings % f"{server.url}/")
    done = run(server, folder, sys.executable, "by_sdk.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{len(needing())} devices")


def test_fetch(server: ApiServer, folder: Path) -> None:
    done = run(server, folder, sys.executable, "by_fetch.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{len(needing())} devices")
    server.always = status(401)
    done = run(server, folder, sys.executable, "by_fetch.py")
    assert done.returncode == 1
    assert done.stderr.startswith("no look at the fleet: 127.0.0.1")


def test_pages(server: ApiServer, folder: Path) -> None:
    done = run(server, folder, sys.executable, "by_pages.py")
    assert (done.returncode, done.stderr) == (0, "")
    counts = [int(line.split()[0]) for line in done.stdout.splitlines()]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == len(needing())


def test_the_command_line(server: ApiServer, folder: Path) -> None:
    done = run(server, folder, "sh", "-e", "look.sh")
    assert done.returncode == 0, done
    assert "balena:acme/cold-chain" in done.stdout
    rows = (folder / "attention.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + len(needing())
    with fs.Tracker(folder / "fleet.db") as tracker:
        assert len(tracker.devices) == 117
