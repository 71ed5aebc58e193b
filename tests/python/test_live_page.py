"""The programs of `07_live.md` run as they stand there, and say the same of a fleet."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs
from api_server import TOKEN, ApiServer, status
from live_programs import live_programs, needing, put_programs, run, sample_server, send_sdk_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

PROGRAMS = live_programs("07_live.md")


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with sample_server() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put_programs(PROGRAMS, tmp_path)
    return tmp_path


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
    send_sdk_to(server, folder)
    done = run(server, folder, sys.executable, "by_sdk.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{len(needing())} of {len(needing())} devices need attention")


def test_fetch(server: ApiServer, folder: Path) -> None:
    done = run(server, folder, sys.executable, "by_fetch.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{len(needing())} of {len(needing())} devices need attention")
    server.always = status(401)
    done = run(server, folder, sys.executable, "by_fetch.py")
    assert done.returncode == 1
    assert done.stderr.startswith("could not get the fleet: 127.0.0.1")


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
