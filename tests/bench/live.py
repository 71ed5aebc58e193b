"""Get a fleet of the tests' server, and read the same pages with urllib3 alone."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import urllib3

import fleetstatus as fs
from fleetstatus import balena

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PAGE_SIZE = 500
_SERVER = Path(__file__).with_name("live_server.py")


# How the server has its pages: made at each request as in the tests, or before, or gzipped too.
_FORMS = ("anew", "made", "gzipped")


def compare_live(n_devices: int, rounds: int) -> None:
    """Print how fast `fetch` is, of what reading the bytes alone takes."""
    for form in _FORMS:
        with _serving(n_devices, form) as url:
            _compare(url, n_devices, rounds, form)


@contextmanager
def _serving(n_devices: int, form: str) -> Iterator[str]:
    command = [sys.executable, str(_SERVER), str(n_devices), form]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.stdin.close()


def _compare(url: str, n_devices: int, rounds: int, form: str) -> None:
    # Where pages begin is found out beforehand; the pages themselves are what `fetch` asks for.
    ids = [fs.classify(page)["id"][-1] for page in _fetch(url)]
    starts = [None, *ids[:-1]]
    paths = [fs.device_query(cloud=False, top=_PAGE_SIZE + 1, after=after) for after in starts]
    read: list[float] = []
    fetched: list[float] = []
    for _ in range(rounds):
        read.append(_seconds(lambda: _read(url, paths)))
        fetched.append(_seconds(lambda: _fetch(url)))
    n_bytes = _read(url, paths)
    ratio = statistics.median(read) / statistics.median(fetched)
    print(
        f"live, {form}: {n_devices:,} devices, {n_bytes:,} bytes, {len(paths)} requests, "
        f"{n_bytes / statistics.median(fetched) / 1e6:,.0f} MB/s, "
        f"{ratio:.2f} of the speed of reading the bytes"
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _fetch(url: str) -> list[bytes]:
    return balena.fetch(token="token", api=url, page_size=_PAGE_SIZE)


def _read(url: str, paths: list[str]) -> int:
    with urllib3.PoolManager() as pool:
        headers = {"Accept-Encoding": "gzip"}
        pages = [pool.request("GET", url + path, headers=headers).data for path in paths]
    return sum(map(len, pages))
