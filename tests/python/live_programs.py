"""Programs of pages that ask the API, run against a server of the tests."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import fleetstatus as fs
from api_server import TOKEN, ApiServer, running

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PACKAGE = Path(fs.__file__).parents[1]
_PROGRAM = re.compile(r"```(?:sh|python)\n(?P<text># (?P<name>\w+\.\w+):.*?)```", re.DOTALL)


def live_programs(page: str) -> dict[str, str]:
    """Take the programs out of a page, by the names in their first lines."""
    text = (NOTEBOOKS / page).read_text("utf-8")
    return {match["name"]: match["text"] for match in _PROGRAM.finditer(text)}


@contextmanager
def sample_server() -> Iterator[ApiServer]:
    """Serve the sample fleet."""
    server = ApiServer(json.loads(fs.sample_fleet().read_bytes())["d"])
    server.date = None
    with running(server):
        yield server


def put_programs(programs: dict[str, str], folder: Path) -> None:
    """Write programs into a folder, and the command line beside them."""
    for name, text in programs.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = folder / "bin" / "fleetstatus"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m fleetstatus "$@"\n')
    command.chmod(0o755)


def run(server: ApiServer, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command that asks the server; it prints no token."""
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


def send_sdk_to(server: ApiServer, folder: Path) -> None:
    """Let balena-sdk ask the server."""
    settings = "from balena import Balena; import os; Balena().settings.set('api_endpoint', %r)"
    run(server, folder, sys.executable, "-c", settings % f"{server.url}/")


def needing() -> fs.StatusTable:
    """Devices of one fleet that need attention, as the programs see them weeks later."""
    devices = fs.classify(fs.sample_fleet(), now="clock")
    return devices.where(fleet="acme/cold-chain").attention()
