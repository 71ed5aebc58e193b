"""Several Python threads and processes at once, on the same objects and on their own."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import NOW, Record, as_json, device_record

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

N_THREADS = 8


def records(n_records: int) -> list[Record]:
    heartbeats = ["online", "timeout", "offline"]
    return [
        device_record(
            id=i,
            uuid=f"{i:032x}",
            device_name=f"device {i}",
            api_heartbeat_state=heartbeats[i % 3],
            belongs_to__application={"slug": f"org/{i % 5}"},
        )
        for i in range(n_records)
    ]


RECORDS = records(5000)
LINES = b"\n".join(map(as_json, RECORDS))
TABLE = fs.classify(RECORDS, now=NOW)
ARROW = pa.table(TABLE).select(["uuid", "device_name"])


def in_threads(act: Callable[[], Any]) -> list[Any]:
    """Do the same at the same time; give all results."""
    barrier = threading.Barrier(N_THREADS)

    def wait_and_act() -> Any:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(N_THREADS) as pool:
        return [future.result() for future in [pool.submit(wait_and_act) for _ in range(N_THREADS)]]


def classified(source: Any, **options: Any) -> list[dict[str, Any]]:
    return fs.classify(source, now=NOW, allow_missing="all", **options).to_dicts()


WORKS: dict[str, Callable[[], Any]] = {
    "dicts": lambda: classified(RECORDS),
    "lines": lambda: classified(LINES, threads=3),
    "arrow": lambda: classified(ARROW),
    "scan": lambda: [table.to_dicts() for table in fs.scan(io.BytesIO(LINES), now=NOW)],
    "filter": lambda: TABLE.filter(TABLE["heartbeat"]).where(fleet="org/3").to_dicts(),
    "summary": lambda: TABLE.summary(by=["fleet", "heartbeat_state"]).to_dicts(),
    "attention": lambda: TABLE.attention().to_dicts(),
    "export": lambda: pa.table(TABLE).to_pylist(),
    "explain": lambda: [str(TABLE.explain(row)) for row in range(50)],
    "find": lambda: [TABLE.find(f"device {row}") for row in range(0, 5000, 500)],
}


@pytest.mark.parametrize("act", WORKS.values(), ids=WORKS)
def test_threads_get_what_one_gets(act: Callable[[], Any]) -> None:
    alone = act()
    assert all(result == alone for result in in_threads(act))


def test_threads_may_do_all_of_it_at_once() -> None:
    alone = {name: act() for name, act in WORKS.items()}
    with ThreadPoolExecutor(N_THREADS) as pool:
        futures = [(name, pool.submit(act)) for _ in range(3) for name, act in WORKS.items()]
        for name, future in futures:
            assert future.result() == alone[name], name


def work_in_a_process(seed: int) -> tuple[int, fs.StatusTable]:
    table = fs.classify(LINES, now=NOW, threads=2)
    return seed, table.filter(table["heartbeat"])


@pytest.mark.parametrize("method", sorted(set(multiprocessing.get_all_start_methods())))
def test_workers_of_any_kind_give_the_same(method: str) -> None:
    expected = work_in_a_process(0)[1].to_dicts()
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        for seed, table in pool.map(work_in_a_process, range(4)):
            assert 0 <= seed < 4
            assert table.to_dicts() == expected


AT_THE_END = """
import ctypes, sys, threading
import fleetstatus as fs
if sys.platform == "linux":  # the process outlives Python, so that the thread goes on without it
    libc = ctypes.CDLL(None)
    sleep = ctypes.cast(libc.usleep, ctypes.c_void_p)
    libc.__cxa_atexit(sleep, ctypes.c_void_p(500_000), None)
source = fs.sample_fleet().read_bytes()
long_source = source * 2000
devices = fs.classify(source)
started = threading.Event()
def work():
    while True:
        started.set()
        WORK
threading.Thread(target=work, daemon=True).start()
started.wait()
"""
LASTING_WORKS = {
    "classify": "fs.classify(source)",
    "long classify": "fs.classify(long_source, threads=1)",
    "threads": "fs.classify(long_source, threads=4)",
    "scan": "list(fs.scan(source))",
    "long scan": "list(fs.scan(long_source))",
    "select": "devices.attention(), devices.duplicates()",
}


@pytest.mark.parametrize("work", LASTING_WORKS.values(), ids=LASTING_WORKS)
def test_python_may_end_while_a_thread_works(work: str) -> None:
    program = AT_THE_END.replace("WORK", work)
    for _ in range(3):
        run = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
        )
        assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_process_may_fork_while_threads_read() -> None:
    expected = len(TABLE)
    stop = threading.Event()

    def read_on() -> None:
        while not stop.is_set():
            assert len(fs.classify(LINES, now=NOW, threads=3)) == expected

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read_on) for _ in range(2)]
        try:
            for _ in range(20):
                child = os.fork()
                if child == 0:
                    signal.alarm(60)  # ends it where it waits for what its parent's threads held
                    same = len(fs.classify(LINES, now=NOW, threads=3)) == expected
                    os._exit(0 if same else 1)
                assert os.waitpid(child, 0)[1] == 0
        finally:
            stop.set()
        for reader in readers:
            reader.result()
