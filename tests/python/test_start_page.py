"""The programs of `start.md` run as they stand there, and say the same of a fleet."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from live_programs import live_programs, needing, put_programs, run, sample_server, send_sdk_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api_server import ApiServer

PROGRAMS = live_programs("start.md")


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with sample_server() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put_programs(PROGRAMS, tmp_path)
    return tmp_path


def test_the_page_has_a_program_for_each_way() -> None:
    assert list(PROGRAMS) == ["look.sh", "look.py", "look_by_sdk.py", "look_by_curl.sh"]
    for text in PROGRAMS.values():
        assert max(map(len, text.splitlines())) <= 100


@pytest.mark.slow
def test_the_command_line(server: ApiServer, folder: Path) -> None:
    done = run(server, folder, "sh", "-e", "look.sh")
    assert done.returncode == 0, done
    assert f"{len(needing())} of 117" in done.stdout


@pytest.mark.slow
def test_fetch(server: ApiServer, folder: Path) -> None:
    done = run(server, folder, sys.executable, "look.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{len(needing())} of {len(needing())} devices need attention")


@pytest.mark.slow
@pytest.mark.skipif(find_spec("balena") is None, reason="balena-sdk is not installed")
def test_the_sdk(server: ApiServer, folder: Path) -> None:
    send_sdk_to(server, folder)
    done = run(server, folder, sys.executable, "look_by_sdk.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{len(needing())} of {len(needing())} devices need attention")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(server: ApiServer, folder: Path) -> None:
    done = run(server, folder, "sh", "look_by_curl.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(needing())} of 117" in done.stdout
