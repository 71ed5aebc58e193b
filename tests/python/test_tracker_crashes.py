"""A tracker that dies, or shares its file with others: the file holds whole looks, all of them.

``FLEETSTATUS_KILLS`` says how often a process is killed; the issue asks for 200 times.
"""

from __future__ import annotations

import ast
import os
import random
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import fleetstatus as fs
from tracker_looks import TELLS_ALL, query, up_or_down

N_KILLS = int(os.environ.get("FLEETSTATUS_KILLS", "12"))
NAMES = [f"device{i:02}" for i in range(40)]

# Looks on and on, each of which moves all devices; says which looks are committed.
LOOKS_ON = f"""
import sys, fleetstatus as fs
from tracker_looks import TELLS_ALL, up_or_down
tracker = fs.Tracker(sys.argv[1], **TELLS_ALL)
minutes = tracker.counters()["looks"]
while True:
    states = dict.fromkeys({NAMES!r}, minutes % 2 == 0)
    tracker.update(up_or_down(minutes, **states))
    minutes += 1
    print(minutes, flush=True)
"""


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Run Python that may import what these tests do."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent,
    )


def killed(path: Path, seconds: float) -> int:
    """Kill a process that looks on and on; give the last look that it said was committed."""
    process = started(LOOKS_ON, path)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    lines = [first, *process.stdout]
    process.wait()
    process.stdout.close()
    return max((int(line) for line in lines if line.endswith("\n")), default=0)


def check_whole(path: Path, at_least: int) -> int:
    """Check that a file is at a committed look; give its number."""
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        looks = tracker.counters()["looks"]
        assert at_least <= looks <= at_least + 1
        status = "Reduced Functionality" if looks % 2 == 1 else "Disconnected"
        assert set(tracker.devices["status"].to_list()) == {status}
        assert len(tracker.changes()) == len(NAMES) * (looks - 1)
        assert tracker.counters()["changes"] == {"status": len(NAMES) * (looks - 1)}
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    assert query(path, "SELECT count(*) FROM spans") == [(len(NAMES) * looks,)]
    assert query(path, "SELECT count(*) FROM spans WHERE until IS NULL") == [(len(NAMES),)]
    assert query(path, "SELECT count(*), max(look) FROM looks") == [(looks, looks)]
    return looks


@pytest.mark.slow
def test_a_process_that_is_killed_leaves_a_committed_look(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    moments = random.Random(16)
    looks = 0
    for _ in range(N_KILLS):
        committed = killed(path, moments.uniform(0, 0.15))
        assert committed > looks
        looks = check_whole(path, committed)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["fleet.db"]


@pytest.mark.slow
def test_a_process_that_is_killed_while_it_makes_the_file_leaves_none_or_a_whole_one(
    tmp_path: Path,
) -> None:
    moments = random.Random(17)
    code = (
        "import sys, fleetstatus as fs\n"
        "print('ready', flush=True)\n"
        "for i in range(10**6): fs.Tracker(f'{sys.argv[1]}/{i}.db').close()\n"
    )
    process = started(code, tmp_path)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(moments.uniform(0.1, 0.4))
    process.kill()
    process.wait()
    process.stdout.close()
    made = [file for file in tmp_path.glob("*.db") if file.name[0] != "."]
    assert made
    for file in made:
        fs.Tracker(file).close()


# Other processes

LOOKS_ONCE = """
import sys, fleetstatus as fs
from tracker_looks import TELLS_ALL, up_or_down
with fs.Tracker(sys.argv[1], **TELLS_ALL) as tracker:
    told = tracker.update(up_or_down(float(sys.argv[2]), aaaa=sys.argv[3] == "up"))
    print(len(told))
"""


def looked_elsewhere(path: Path, minutes: float, state: str) -> int:
    """Let another process look; give how much that told."""
    process = started(LOOKS_ONCE, path, minutes, state)
    told, _ = process.communicate()
    assert process.returncode == 0
    return int(told)


@pytest.mark.slow
def test_a_look_of_another_process_is_what_the_next_one_compares_with(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        tracker.update(up_or_down(0, aaaa=True))
        assert looked_elsewhere(path, 1, "down") == 1
        assert tracker.devices["status"].to_list() == ["Disconnected"]
        assert len(tracker.update(up_or_down(2, aaaa=False))) == 0
        assert looked_elsewhere(path, 3, "up") == 1
        assert len(tracker.changes()) == 2
        assert tracker.time_in_status()["seconds"].to_list() == [60, 120]
        with pytest.raises(fs.SnapshotError, match="looks go forward in time"):
            tracker.update(up_or_down(2.5, aaaa=False))


def test_a_look_of_another_process_makes_the_end_of_a_block_an_error(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        tracker.update(up_or_down(0, aaaa=True))
        with (
            pytest.raises(fs.SnapshotError, match="another look was remembered"),
            tracker.transaction(up_or_down(2, aaaa=False)) as changes,
        ):
            assert (len(changes), looked_elsewhere(path, 1, "up")) == (1, 0)
        assert len(tracker.update(up_or_down(2, aaaa=False))) == 1


LOOKS_IN_TURN = """
import sys, fleetstatus as fs
from tracker_looks import TELLS_ALL, up_or_down
tracker = fs.Tracker(sys.argv[1], **TELLS_ALL)
n = {"looked": 0, "refused": 0, "told": 0}
for minutes in range(60):
    try:
        n["told"] += len(tracker.update(up_or_down(minutes, aaaa=minutes % 2 == 0)))
        n["looked"] += 1
    except fs.SnapshotError as error:
        assert "forward in time" in str(error), error
        n["refused"] += 1
print(n)
"""


@pytest.mark.slow
def test_two_processes_look_at_once(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    processes = [started(LOOKS_IN_TURN, path) for _ in range(3)]
    counts: list[dict[str, Any]] = []
    for process in processes:
        text, _ = process.communicate()
        assert process.returncode == 0
        counts.append(ast.literal_eval(text))
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        counters = tracker.counters()
        # Twice the same look is no refusal.
        assert counters["looks"] == sum(count["looked"] for count in counts)
        assert counters["refused"] == sum(count["refused"] for count in counts)
        told = tracker.changes()
        assert len(told) == sum(count["told"] for count in counts)
        after = told["after"].to_list()
        assert all(one != other for one, other in pairwise(after))
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


# Forks


def in_child(tracker: fs.Tracker) -> str:
    """Say what a forked child is told that uses its parent's tracker."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            tracker.update(up_or_down(1, aaaa=False))
            told = "no error"
        except BaseException as error:  # noqa: BLE001 - what it is, is what is told
            told = f"{type(error).__name__}: {error}"
        tracker.close()
        os.write(writing, told.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as pipe:
        return pipe.read()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_is_told_to_open_the_file_again(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        tracker.update(up_or_down(0, aaaa=True))
        told = in_child(tracker)
        assert told.startswith("RuntimeError: ")
        assert "fleet.db was opened before this process was forked; open it again here" in told
        assert len(tracker.update(up_or_down(1, aaaa=False))) == 1
        assert looked_elsewhere(path, 2, "up") == 1
        assert len(tracker.changes()) == 2
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
