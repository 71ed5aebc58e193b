"""Where there is no memory left, a MemoryError says so, and nothing else is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="limits memory by RLIMIT_AS"),
]

# Reads a source with ever more memory to spare, before and after with all of it.
PROGRAM = """
import ctypes, json, resource, sys
import fleetstatus as fs

form, path = sys.argv[1:]
with open(fs.sample_fleet(), "rb") as file:
    records = json.load(file)["d"] * 20
if form == "array":
    source = json.dumps(records).encode()
elif form == "lines":
    source = "\\n".join(map(json.dumps, records)).encode()
elif form == "arrow":
    import pyarrow as pa
    names = ["uuid", "device_name", "api_heartbeat_state", "is_connected_to_vpn"]
    source = pa.Table.from_pylist([{name: record[name] for name in names} for record in records])
else:
    source = records

def work():
    table = fs.classify(source, now="2026-11-01T12:00:00Z", allow_missing="all", threads=8)
    table.__arrow_c_stream__()
    table.write(path)
    online = table.filter(table["heartbeat"])
    return len(online), len(table.attention()), table.summary(by="fleet").to_dicts()

def in_use():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmSize:")) * 1024

give_back = getattr(ctypes.CDLL(None), "malloc_trim", int)  # of what was freed
work()
outcomes = []
for room in [0, *(2**i for i in range(16, 28)), *range(10**6, 50 * 10**6, 10**6)]:
    give_back(0)
    resource.setrlimit(resource.RLIMIT_AS, (in_use() + room, resource.RLIM_INFINITY))
    try:
        outcomes.append(work())
    except MemoryError:
        outcomes.append(None)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
answer = work()
assert all(outcome in (None, answer) for outcome in outcomes)
print(outcomes.count(None), "times out of memory,", outcomes.count(answer), "times answered")
"""


@pytest.mark.parametrize("form", ["array", "lines", "dicts", "arrow"])
def test_lack_of_memory_is_told_and_passes(form: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, form, str(tmp_path / "table.ndjson")],
        capture_output=True,
        text=True,
        check=False,
        # Else each thread holds more in reserve than the little that is left.
        env=os.environ | {"MALLOC_ARENA_MAX": "1"},
    )
    assert run.returncode == 0, run.stderr
    n_lacking, n_answered = (int(word) for word in run.stdout.split() if word.isdigit())
    assert n_lacking > 0, run.stdout
    assert n_answered > 0, run.stdout
