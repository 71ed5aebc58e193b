"""The programs of `06_a_job_every_minute.md` run as they stand there, and lose no message."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

import fleetstatus as fs
from a_week import answer
from fake_services import Services, running_services
from page_programs import programs_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.slow

PROGRAMS = programs_in("06_a_job_every_minute.md")
PACKAGE = Path(fs.__file__).parents[1]
BEFORE, OUTAGE, OVER = (answer(f"2026-11-04T{time}Z") for time in ("03:00", "03:40", "05:20"))
TOLD = "northwind/greenhouse: outage"


@pytest.fixture
def services() -> Iterator[Services]:
    with running_services() as services:
        services.answer = BEFORE
        yield services


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in PROGRAMS.items():
        faster = text.replace("wait(60)", "wait(0.05)").replace("sleep(60)", "sleep(0.05)")
        (tmp_path / name).write_text(faster, encoding="utf-8")
    return tmp_path


def environment(services: Services) -> dict[str, str]:
    own = {"BALENA_API_URL": services.url, "CHAT_URL": services.url, "BALENA_TOKEN": "secret"}
    return os.environ | own | {"PYTHONPATH": str(PACKAGE), "NO_PROXY": "*"}


@contextmanager
def started(services: Services, folder: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program, and kill it at the end of a block if it still runs."""
    with (
        (folder / "errors").open("wb") as errors,
        subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=environment(services), stderr=errors
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def run(services: Services, folder: Path, *command: str) -> tuple[int, str]:
    with started(services, folder, *command) as process:
        status = process.wait(60)
    return status, errors_of(folder)


def errors_of(folder: Path) -> str:
    return (folder / "errors").read_text(encoding="utf-8")


def wait_until(is_so: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def looks(folder: Path) -> Any:
    with fs.Tracker(folder / "fleet.db") as tracker:
        return tracker.counters()["looks"]


def test_the_page_has_a_program_for_each_way() -> None:
    assert list(PROGRAMS) == ["fleet.py", "job.py", "service.py", "app.py"]
    for text in PROGRAMS.values():
        lines = text.splitlines()
        assert max(map(len, lines)) <= 100
        assert len([line for line in lines if line]) <= 40


# cron


def test_a_job_tells_each_change_once(services: Services, folder: Path) -> None:
    assert run(services, folder, "job.py") == (0, "")
    assert services.told == []
    services.answer = OUTAGE
    assert run(services, folder, "job.py") == (0, "")
    assert run(services, folder, "job.py") == (0, "")
    [text] = services.told
    assert TOLD in text
    assert services.tokens == {"Bearer secret"}
    assert set(services.paths) == {fs.device_query("acme/cold-chain")}


def test_a_job_that_could_not_tell_tells_it_the_next_time(services: Services, folder: Path) -> None:
    run(services, folder, "job.py")
    services.answer, services.is_chat_up = OUTAGE, False
    status, errors = run(services, folder, "job.py")
    assert status == 1
    assert errors.startswith("nothing was saved, the next look reports it: HTTP Error 500")
    assert looks(folder) == 1
    services.is_chat_up = True
    assert run(services, folder, "job.py") == (0, "")
    assert TOLD in services.told[0]


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (None, "HTTP Error 503"),
        (b'{"error": "Unauthorized"}', "Unauthorized"),
        (answer("2026-11-06T20:40Z"), "more likely a page failed"),
    ],
    ids=["unavailable", "refused", "page missing"],
)
def test_a_job_says_why_it_did_not_look(
    services: Services, folder: Path, answered: bytes | None, words: str
) -> None:
    run(services, folder, "job.py")
    services.answer = answered
    status, errors = run(services, folder, "job.py")
    assert status == 1
    assert words in errors
    assert "Traceback" not in errors
    assert (services.told, looks(folder)) == ([], 1)


# A service


def test_a_service_goes_on_after_errors_until_it_is_stopped(
    services: Services, folder: Path
) -> None:
    with started(services, folder, "service.py") as process:
        wait_until(lambda: len(services.paths) > 1)
        services.answer = None
        wait_until(lambda: len(services.paths) > 3)
        services.answer = OUTAGE
        assert services.has_told.wait(60)
        services.answer = OVER
        wait_until(lambda: len(services.told) > 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert "HTTP Error 503" in errors_of(folder)
    assert TOLD in services.told[0]
    assert "outage of" in services.told[1]
    assert "is over" in services.told[1]
    assert len(services.told) == 2


def test_a_service_that_is_killed_while_it_tells_tells_it_again(
    services: Services, folder: Path
) -> None:
    run(services, folder, "job.py")
    services.answer, services.is_chat_slow = OUTAGE, True
    with started(services, folder, "service.py") as process:
        assert services.has_told.wait(60)
        process.kill()
    services.is_chat_slow = False
    services.is_over.set()
    with started(services, folder, "service.py"):
        wait_until(lambda: len(services.told) > 1)
        wait_until(lambda: looks(folder) > 1)
    assert services.told[0] == services.told[1]
    assert TOLD in services.told[0]


def test_what_is_told_again_can_be_known_by_its_key() -> None:
    tracker = fs.Tracker()
    tracker.update(BEFORE)

    def keys(snapshot: bytes) -> set[Any]:
        found: set[Any] = set()

        def fail_to_tell() -> None:
            with tracker.transaction(snapshot) as changes:
                found.update((one["uuid"], one["kind"], one["not_before"]) for one in changes)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_to_tell()
        return found

    first = keys(OUTAGE)
    assert len(first) > 40
    assert first <= keys(answer("2026-11-04T03:50Z"))


# FastAPI


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


def test_an_application_looks_while_it_answers(services: Services, folder: Path) -> None:
    port = free_port()

    def ask(path: str) -> Any:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as got:
            return json.load(got)

    def is_up() -> bool:
        try:
            return bool(ask("/attention"))
        except URLError:
            return False

    serve = ("-m", "uvicorn", "app:app", "--port", str(port), "--log-level", "error")
    with started(services, folder, *serve) as process:
        wait_until(is_up)
        services.answer = b"Bad Gateway"
        n_asked = len(services.paths)
        wait_until(lambda: len(services.paths) > n_asked + 2)
        services.answer = OUTAGE
        assert services.has_told.wait(60)
        wait_until(lambda: ask("/changes"))
        kinds = {change["kind"] for change in ask("/changes?since=1h")}
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert "outage" in kinds
    assert "nothing was saved, the next look reports it" in errors_of(folder)
    assert TOLD in services.told[0]
