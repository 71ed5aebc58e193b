"""Ctrl-C ends long work within half a second, and leaves no damage."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="has no such signals"),
]

# Works on and on until it is interrupted; then the same once more must give the same.
PROGRAM = """
import gzip, io, json, sys
import fleetstatus as fs

record = {"id": 1, "uuid": "5a1c0de5", "device_name": "quiet-river", "is_active": True,
    "is_connected_to_vpn": True, "api_heartbeat_state": "online", "status": "Idle",
    "last_connectivity_event": "2026-10-20T08:00:00Z", "provisioning_state": None,
    "provisioning_progress": None, "download_progress": None,
    "image_install": [{"id": 1, "status": "Running", "download_progress": None}]}
line = json.dumps(record).encode()
lines = b"\\n".join([line] * 100_000)
path = sys.argv[2]

def classify(source, **options):
    return fs.classify(source, now="2026-11-01T12:00:00Z", allow_missing="all", **options)

def scan():
    return sum(map(len, fs.scan(io.BytesIO(lines), now="2026-11-01T12:00:00Z")))

def work():
    WORK

def outcome():
    done = work()
    return len(done) if hasattr(done, "__len__") else done

SETUP
expected = outcome()
print("ready", flush=True)
try:
    while True:
        work()
except KeyboardInterrupt:
    print("interrupted", flush=True)
assert outcome() == expected
"""

ARROW = """import pyarrow as pa
source = pa.Table.from_pylist([record]).take([0] * 1_000_000)"""
ONE_RECORD = """source = b'{"is_frozen":false,"x":[' + lines.replace(b"\\n", b",") + b"]}" """
TABLE = "table = classify(lines)"

WORKS = {
    "lines": ("return classify(lines, threads=2)", ""),
    "bad lines": (
        "return classify(source, on_error='keep')",
        "source = lines + b'\\n{x' * 300_000",
    ),
    "dicts": ("return classify(source)", "source = [record] * 200_000"),
    "arrow": ("return classify(source)", ARROW),
    "gzip": ("return classify(source)", "source = gzip.compress(lines, 1)"),
    "one record": ("return classify(source)", ONE_RECORD),
    "scan": ("return scan()", ""),
    "write": ("table.write(path)", TABLE),
    "to_dicts": ("return table.to_dicts()", TABLE),
    "attention": ("return table.attention()", TABLE),
}


def seconds_to_end(work: str, setup: str, path: str, delay: float) -> float:
    """Interrupt the work after a while; tell how long it took to end."""
    program = PROGRAM.replace("WORK", work).replace("SETUP", setup)
    with subprocess.Popen(
        [sys.executable, "-c", program, "-", path], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(delay)
        start = time.perf_counter()
        child.send_signal(signal.SIGINT)
        assert child.stdout.readline() == b"interrupted\n"
        seconds = time.perf_counter() - start
        child.stdout.read()
    assert child.returncode == 0
    return seconds


@pytest.mark.parametrize(("work", "setup"), WORKS.values(), ids=WORKS)
def test_an_interrupt_is_prompt_and_leaves_no_damage(
    work: str, setup: str, tmp_path: pytest.TempPathFactory
) -> None:
    path = f"{tmp_path}/table.ndjson"
    # Machines stall at times, but not three times in a row.
    delays = (0.05, 0.1, 0.17)
    assert any(seconds_to_end(work, setup, path, delay) < 0.5 for delay in delays)
