"""The command line for tests: run in a process of its own, on a terminal, or in this process."""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios
import tty
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import fleetstatus as fs
from fleetstatus.cli._program import run as run_program

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLE = fs.sample_fleet()
NOW = "2026-01-02T00:00:00Z"
SLUG = "acme/test"


@dataclass(frozen=True)
class Done:
    """What a program has done."""

    code: int
    out: str
    err: str


def run(
    *arguments: object,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Done:
    """Run the program in a process of its own; nothing that it does may end in a traceback."""
    clean = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    package = str(Path(fs.__file__).parents[1])  # also where the tests run in another folder
    settings = {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": package}
    done = subprocess.run(
        [sys.executable, "-m", "fleetstatus", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=clean | settings | dict(env or {}),
        cwd=cwd,
        check=False,
        timeout=120,
    )
    assert b"Traceback" not in done.stderr
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


# Rich keeps how it has written a colour, so all tests of this process must have the same colours.
_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": ""}


class _Output(io.TextIOWrapper):
    """Text in memory, with the bytes that programs write beside it."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")

    def text(self) -> str:
        self.flush()
        self.seek(0)
        return self.read()


def invoke(*arguments: object, stdin: bytes = b"", columns: int = 80) -> Done:
    """Run the program in this process, which takes no time to start."""
    out, err = _Output(), _Output()
    with (
        mock.patch.object(sys, "argv", ["fleetstatus", *map(str, arguments)]),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        mock.patch.dict(os.environ, _TERMINAL | {"COLUMNS": str(columns)}),
    ):
        code = run_program()
    assert "should not happen" not in err.text()
    return Done(code, out.text(), err.text())


def on_terminal(*arguments: object, stdin: bytes = b"", columns: int = 80) -> Done:
    """Run the program with its standard output on a terminal of a width."""
    terminal, program_side = pty.openpty()
    fcntl.ioctl(program_side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with os.fdopen(terminal, "rb", buffering=0) as reader:
        tty.setraw(program_side)  # so that line ends arrive as they are written
        environment = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "NO_COLOR"}}
        done = subprocess.run(
            [sys.executable, "-m", "fleetstatus", *map(str, arguments)],
            input=stdin,
            stdout=program_side,
            stderr=subprocess.PIPE,
            check=False,
            env=environment | {"PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color"},
            timeout=120,
        )
        os.close(program_side)
        written = _read_to_hang_up(reader)
    return Done(done.returncode, written, done.stderr.decode())


def _read_to_hang_up(terminal: Any) -> str:
    written = b""
    with contextlib.suppress(OSError):
        while part := terminal.read(65_536):
            written += part
    return written.decode()


def record(**fields: Any) -> dict[str, Any]:
    """Make a record of a healthy device."""
    return {
        "uuid": "0" * 32,
        "device_name": "calm-lake",
        "is_connected_to_vpn": True,
        "api_heartbeat_state": "online",
        "last_connectivity_event": "2026-01-01T00:00:00Z",
        "changed_api_heartbeat_state_on__date": "2026-01-01T00:00:00Z",
        "provisioning_state": None,
        "provisioning_progress": None,
        "status": "Idle",
        "download_progress": None,
        "image_install": [],
        "belongs_to__application": [{"id": 1, "slug": SLUG, "app_name": "test"}],
        **fields,
    }


def disconnected(**fields: Any) -> dict[str, Any]:
    return record(is_connected_to_vpn=False, api_heartbeat_state="offline", **fields)


def of_fleet(slug: str, **fields: Any) -> dict[str, Any]:
    link = {"id": len(slug), "slug": slug, "app_name": slug.partition("/")[2]}
    return fields | {"belongs_to__application": [link]}


def numbered(*records: dict[str, Any]) -> list[dict[str, Any]]:
    """Give each record its own uuid and name."""
    return [
        {**one, "uuid": f"{number:032x}", "device_name": f"device-{number}"}
        for number, one in enumerate(records)
    ]


def as_input(*records: dict[str, Any]) -> bytes:
    return json.dumps(records).encode()
