"""What records hold stays with the caller: nothing is printed, logged, written or sent."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fleetstatus as fs
from examples import as_json, device_record

PACKAGE = Path(fs.__file__).parent
SECRET = "code of the back door"

# Whatever opens a file, a socket or a process raises an audit event of these names.
USE = """
import contextlib, json, sys
import fleetstatus as fs

records = json.load(sys.stdin)
leaks = ("open", "os.", "shutil.", "socket.", "subprocess.", "syslog.", "tempfile.")
sys.addaudithook(lambda event, _: event.startswith(leaks) and sys.exit(f"leaks by {event}"))
text = json.dumps(records).encode()
for source in (records, text, text[:-1]):
    for on_error in ("raise", "keep"):
        with contextlib.suppress(fs.FleetStatusError):
            fs.classify(source, on_error=on_error).explain(0)
"""


def test_records_leave_no_trace() -> None:
    secrets = dict.fromkeys(("device_name", "status", "provisioning_state"), SECRET)
    records = [device_record(**secrets), device_record(api_heartbeat_state=SECRET)]
    # Coverage would write a file, which nothing may here.
    environment = {name: text for name, text in os.environ.items() if "COVERAGE" not in name}
    run = subprocess.run(
        [sys.executable, "-W", "always", "-c", USE],
        input=json.dumps(records),
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"PYTHONPATH": str(PACKAGE.parent)},
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


# What asks the API, and nothing else: the connection, and the environment's token and addresses.
LIVE = {
    "balena/_address.py": {"environ", "ssl", "urllib.request", "urllib3"},
    "balena/_client.py": {"urllib3"},
    "balena/_paging.py": {"warnings"},
    "balena/_problems.py": {"http", "ssl", "urllib3"},
    "balena/_token.py": {"environ"},
    "balena/_whole_answer.py": {"http", "socket", "urllib3"},
    "balena/__init__.py": {"urllib3"},
    "cli/_exporter.py": {"warnings"},
    "cli/_live.py": {"warnings"},
    "_exporter/server.py": {"socket", "socketserver"},
}
_CONNECTIONS = {"aiohttp", "asyncio", "ftplib", "http", "httpx", "requests", "smtplib", "socket"}
_CONNECTIONS |= {"socketserver", "ssl", "urllib.request", "urllib3", "websockets", "xmlrpc"}


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_logs_sends_or_reads_the_environment(path: Path) -> None:
    used = _used_by(path)
    assert used == LIVE.get(path.relative_to(PACKAGE).as_posix(), set()), path


def _used_by(path: Path) -> set[str]:
    """Name what a module has for logs, for connections and of the environment."""
    tree = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    imported = {name.name for node in tree if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in tree if isinstance(node, ast.ImportFrom)}
    imported |= {name.partition(".")[0] for name in imported}
    names = {node.id for node in tree if isinstance(node, ast.Name)}
    names |= {node.attr for node in tree if isinstance(node, ast.Attribute)}
    forbidden = imported & {*_CONNECTIONS, "logging", "syslog", "warnings"}
    return forbidden | (names & {"environ", "environb", "getenv"})


LONG = "x" * 100_000


@pytest.mark.parametrize(
    "source",
    [
        [device_record(api_heartbeat_state=LONG)],
        [device_record(current_services={LONG: 5})],
        as_json([device_record(image_install=[{"id": LONG}])]),
        as_json([device_record(current_services={LONG: 5})]),
        as_json(LONG) + b"}",
        as_json([LONG])[:-2] + b"\x01",
        b'{"id": ' + b"9" * 100_000 + b"x}",
    ],
    ids=["value", "key", "value in JSON", "key in JSON", "text", "cut text", "number"],
)
def test_messages_quote_short_pieces_of_the_source(source: Any) -> None:
    with pytest.raises(fs.FleetStatusError) as caught:
        fs.classify(source)
    assert len(str(caught.value)) < 300
