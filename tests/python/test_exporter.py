"""`fleetstatus exporter`: serves what it last fetched, says when that is old, ends when told."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

import fleetstatus as fs
from api_server import SLUG, TOKEN, ApiServer, devices_of, page, running, status, wait_for_ever
from command_line import NOW, as_input, disconnected, invoke, numbered, of_fleet, record
from fleetstatus._exporter import server as server_module
from fleetstatus._exporter.looks import Looks, Settings
from fleetstatus._exporter.server import application, bound, serving
from oracle_metrics import Metrics, counts_of, key
from test_openmetrics import read, read_openmetrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGE = Path(fs.__file__).parents[1]
UP = key("fleetstatus_up")


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Source:
    """What a fetch gives, one after another; the last one again and again."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.n_fetches = 0

    def __call__(self) -> list[bytes]:
        self.n_fetches += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return [answer]


def snapshot(minute: int, *records: dict[str, Any]) -> bytes:
    devices = numbered(*(records or (record(), disconnected())))
    return json.dumps({"d": devices, "fetched_at": f"2026-01-02T00:{minute:02}:00Z"}).encode()


class World:
    """Looks with a clock, a source and a log of a test's own."""

    def __init__(self, *answers: Any, **settings: Any) -> None:
        self.clock, self.log = Clock(), list[str]()
        self.tracker = fs.Tracker(hold="0s")
        self.source = Source(*answers)
        self.looks = Looks(
            self.tracker,
            self.source,
            Settings(**{"interval_s": 60.0} | settings),
            log=self.log.append,
            clock=self.clock,
        )
        self.app = application(self.looks)

    def get(self, path: str, **headers: str) -> tuple[str, str]:
        said: list[Any] = []
        environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", **headers}

        def start_response(*given: Any) -> Callable[[bytes], object]:
            said.extend(given)
            return said.append

        body = b"".join(self.app(environ, start_response))
        return said[0][:3], body.decode()

    def metrics(self) -> Metrics:
        return read(self.get("/metrics")[1])


def test_before_the_first_snapshot_there_is_fleetstatus_up_0_alone() -> None:
    world = World(OSError("no network"))
    assert world.metrics() == {UP: 0}
    world.looks.look()
    assert world.metrics() == {UP: 0}
    assert world.log == ["the last snapshot stays: no network"]


def test_after_a_fetch_the_devices_are_told() -> None:
    world = World(snapshot(0))
    world.looks.look()
    found = world.metrics()
    assert found[UP] == 1
    table = fs.classify(snapshot(0), allow_missing="all")
    wanted = counts_of(table)
    assert {one: value for one, value in found.items() if one in wanted} == wanted
    assert key("fleetstatus_fetch_seconds") in found
    assert world.log == []


def test_a_fetch_that_fails_keeps_the_last_snapshot_and_is_a_line_in_the_log() -> None:
    refused = fs.ApiError("401 Unauthorized\nsee whether the token is right", 401, "")
    broken = [refused, ZeroDivisionError("a bug")]
    world = World(snapshot(0), *broken, snapshot(2))
    world.looks.look()
    before = world.metrics()
    world.looks.look()
    after = world.metrics()
    assert after[UP] == 0
    fetch = key("fleetstatus_fetch_seconds")
    assert {**after, UP: 1, fetch: 0} == {**before, fetch: 0}
    world.looks.look()
    world.looks.look()
    assert world.metrics()[UP] == 1
    assert world.log == [
        "the last snapshot stays: 401 Unauthorized; see whether the token is right",
        "the last snapshot stays: ZeroDivisionError: a bug",
        "fetched 2 devices again, after 2 attempts that failed",
    ]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"<html>502 Bad Gateway</html>", "web page"),
        (b'{"error": "Unauthorized"}', "Unauthorized"),
        (snapshot(0, *[record()] * 2), "looks go forward in time"),
        (snapshot(9, record()), "more likely a page failed"),
    ],
    ids=["a proxy's page", "refused", "older", "a page missing"],
)
def test_an_answer_that_cannot_follow_is_no_snapshot(answer: bytes, words: str) -> None:
    world = World(snapshot(5, *[record()] * 4), answer)
    world.looks.look()
    world.looks.look()
    assert world.metrics()[UP] == 0
    [line] = world.log
    assert words in line
    assert "\n" not in line
    healthy = key("fleetstatus_devices", fleet="acme/test", status="Operational")
    assert world.metrics()[healthy] == 4


def test_health_is_503_after_3_intervals_without_a_fetch() -> None:
    world = World(OSError("no network"), snapshot(0), OSError("no network"))
    assert world.get("/healthz") == ("200", "ok\n")
    world.clock.now += 180
    assert world.get("/healthz")[0] == "200"
    world.clock.now += 0.5
    code, text = world.get("/healthz")
    assert (code, "no devices were fetched for 180 seconds" in text) == ("503", True)
    world.looks.look()
    assert world.get("/healthz")[0] == "503"
    world.looks.look()
    assert world.get("/healthz")[0] == "200"
    world.clock.now += 179
    world.looks.look()
    assert world.get("/healthz")[0] == "200"
    world.clock.now += 2
    assert world.get("/healthz")[0] == "503"


def test_a_fetch_that_never_ends_is_not_up_for_ever() -> None:
    world = World(snapshot(0))
    world.looks.look()
    world.clock.now += 181
    assert world.metrics()[UP] == 0


def test_changes_are_counted_from_look_to_look() -> None:
    world = World(snapshot(0), snapshot(5, disconnected(), disconnected()))
    world.looks.look()
    down = key("fleetstatus_changes_total", fleet="acme/test", kind="status", after="Disconnected")
    assert world.metrics()[down] == 0
    world.looks.look()
    assert world.metrics()[down] == 1


def test_both_formats_are_served() -> None:
    world = World(snapshot(0))
    world.looks.look()
    text = world.get("/metrics", HTTP_ACCEPT="application/openmetrics-text; version=1.0.0")[1]
    assert read_openmetrics(text) == world.metrics()


@pytest.mark.parametrize("path", ["/", "/metrics/", "", "/healthz/x"])
def test_other_paths_are_not_found(path: str) -> None:
    code, text = World(snapshot(0)).get(path)
    assert (code, "/metrics" in text) == ("404", True)


def test_the_limit_and_the_detail_hold() -> None:
    world = World(snapshot(0, *[disconnected()] * 5), limit=2)
    world.looks.look()
    assert world.metrics()[key("fleetstatus_devices_omitted")] == 3
    world = World(snapshot(0), detail="none")
    world.looks.look()
    assert not [name for name, _ in world.metrics() if name == "fleetstatus_device_attention"]


def test_fleets_are_looked_at_as_if_there_were_no_others() -> None:
    first = snapshot(0, record(), of_fleet("acme/b", **record()))
    world = World(first, snapshot(1, record()), fleets=("acme/test",))
    world.looks.look()
    world.looks.look()
    assert world.log == []
    assert world.tracker.counters()["changes"] == {}


def test_a_fleet_without_devices_is_none() -> None:
    world = World(b'{"d": [], "fetched_at": "2026-01-02T00:00:00Z"}', fleets=("acme/new",))
    world.looks.look()
    assert world.log == []
    assert world.metrics()[UP] == 1


def test_looks_come_in_even_intervals_until_they_are_stopped() -> None:
    world = World(snapshot(0), OSError("no network"), interval_s=0.01)
    world.clock = time.monotonic  # type: ignore[assignment]
    looks = Looks(
        world.tracker, world.source, Settings(0.01), log=world.log.append, clock=time.monotonic
    )
    stopped = threading.Event()
    thread = threading.Thread(target=looks.run, args=(stopped,))
    thread.start()
    wait_until(lambda: world.source.n_fetches > 3)
    stopped.set()
    thread.join(60)
    assert not thread.is_alive()


def test_a_client_that_says_nothing_keeps_nobody_waiting() -> None:
    world = World(snapshot(0))
    with bound("127.0.0.1", 0) as server, serving(server, world.looks):
        address = ("127.0.0.1", server.server_port)
        with socket.create_connection(address), socket.create_connection(address):
            assert get(f"http://127.0.0.1:{server.server_port}/healthz")[0] == 200


@pytest.mark.slow
def test_a_client_that_stops_reading_is_no_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server_module._Handler, "timeout", 0.2)
    has_ended = threading.Event()
    close = server_module._Server.shutdown_request

    def shutdown_request(*arguments: Any) -> None:
        close(*arguments)
        has_ended.set()

    monkeypatch.setattr(server_module._Server, "shutdown_request", shutdown_request)
    down = (disconnected(device_name="x" * 500) for _ in range(4_000))
    world = World(snapshot(0, *down), limit=None)
    world.looks.look()
    with (
        bound("127.0.0.1", 0) as server,
        serving(server, world.looks),
        socket.socket() as client,
    ):
        server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", server.server_port))
        client.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        assert has_ended.wait(120)
    assert "".join(capfd.readouterr()) == ""


# The process


def wait_until(is_so: Callable[[], Any], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def get(url: str) -> tuple[int, str]:
    try:
        with urlopen(Request(url), timeout=60) as got:
            return got.status, got.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


class Exporter:
    """A process that exports."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def url(self) -> str:
        wait_until(lambda: "metrics are at" in self.log())
        found = re.search(r"(http://\S+)/metrics", self.log())
        assert found
        return found[1]

    def metrics(self) -> Metrics:
        return read(get(f"{self.url()}/metrics")[1])

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        begin = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(60)
        return code, time.monotonic() - begin


@contextmanager
def unread_pipe() -> Iterator[int]:
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@contextmanager
def exporting(
    api: ApiServer, folder: Path, *options: str, is_log_read: bool = True
) -> Iterator[Exporter]:
    own = {"BALENA_API_URL": api.url, "BALENA_TOKEN": TOKEN, "NO_PROXY": "*"}
    command = [sys.executable, "-m", "fleetstatus", "exporter", "--state", str(folder / "f.db")]
    if "--listen" not in options:
        command += ["--listen", "127.0.0.1:0"]
    log = folder / "log"
    told: AbstractContextManager[Any] = log.open("wb") if is_log_read else unread_pipe()
    with (
        told as errors,
        subprocess.Popen(
            [*command, *options],
            env=os.environ | {"PYTHONPATH": str(PACKAGE)} | own,
            stderr=errors,
        ) as process,
    ):
        try:
            yield Exporter(process, log)
        finally:
            process.kill()
    if is_log_read:
        assert "Traceback" not in log.read_text(encoding="utf-8")
        assert TOKEN not in log.read_text(encoding="utf-8")


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with running(ApiServer(devices_of(12))) as server:
        yield server


@pytest.mark.slow
def test_a_process_fetches_serves_and_goes_on_after_errors(api: ApiServer, tmp_path: Path) -> None:
    with exporting(api, tmp_path, "--interval", "1s", "--fleet", SLUG) as exporter:
        wait_until(lambda: exporter.metrics()[UP] == 1)
        found = exporter.metrics()
        total = [value for (name, _), value in found.items() if name == "fleetstatus_devices"]
        assert sum(total) == 12
        api.always = status(403)
        wait_until(lambda: exporter.metrics()[UP] == 0)
        kept = exporter.metrics()
        assert [v for (name, _), v in kept.items() if name == "fleetstatus_devices"] == total
        wait_until(lambda: get(f"{exporter.url()}/healthz")[0] == 503)
        api.always = None
        wait_until(lambda: get(f"{exporter.url()}/healthz")[0] == 200)
        wait_until(lambda: "again, after" in exporter.log())
        code, _ = exporter.end()
    assert code == 0
    assert "the last snapshot stays: " in exporter.log()
    with fs.Tracker(tmp_path / "f.db") as tracker:
        assert len(tracker.devices) == 12


@pytest.mark.slow
def test_it_goes_on_when_nobody_reads_its_log_any_more(api: ApiServer, tmp_path: Path) -> None:
    with exporting(api, tmp_path, "--interval", "1s", is_log_read=False) as exporter:
        wait_until(lambda: api.paths)
        api.always = status(403)
        n_asked = len(api.paths)
        wait_until(lambda: len(api.paths) > n_asked + 2)
        api.always = None
        wait_until(lambda: len(api.paths) > n_asked + 4)
        code, _ = exporter.end()
    assert code == 0


def test_a_fleet_that_is_named_twice_is_fetched_once(api: ApiServer, tmp_path: Path) -> None:
    with exporting(api, tmp_path, "--fleet", SLUG, "--fleet", SLUG) as exporter:
        wait_until(lambda: exporter.metrics()[UP] == 1)
    assert len(api.paths) == 1


@pytest.mark.slow
def test_sigterm_ends_it_within_2_seconds_also_during_a_fetch(
    api: ApiServer, tmp_path: Path
) -> None:
    api.always = wait_for_ever
    with exporting(api, tmp_path) as exporter:
        exporter.url()
        wait_until(lambda: api.paths)
        assert exporter.metrics() == {UP: 0}
        code, seconds = exporter.end()
    assert code == 0
    # 2 s where nothing else runs: one second for the fetch, and the end of the interpreter.
    assert seconds < 20


@pytest.mark.slow
def test_an_interrupt_ends_it_as_one(api: ApiServer, tmp_path: Path) -> None:
    with exporting(api, tmp_path) as exporter:
        exporter.url()
        code, _ = exporter.end(signal.SIGINT)
    assert code == 130


def test_an_address_in_use_is_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = invoke("exporter", "--state", tmp_path / "f.db", "--listen", address)
    assert done.code == 2
    assert done.err == (
        f"fleetstatus: {address}: Address already in use; --listen names another address\n"
    )
    assert not (tmp_path / "f.db").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--listen", "19105"], "'19105' is no address; write 127.0.0.1:19105 or [::1]:19105"),
        (["--listen", "127.0.0.1:70000"], "is no address"),
        (["--interval", "soon"], "--interval"),
        (["--interval", "0s"], "expected at least 1 second"),
        (["--detail", "some"], "'some' is not one of 'none', 'attention', 'all'"),
        (["--limit", "-1"], "neither a number from 0 nor 'all'"),
    ],
)
def test_wrong_usage(tmp_path: Path, options: list[str], words: str) -> None:
    done = invoke("exporter", "--state", tmp_path / "f.db", *options)
    assert done.code == 2
    assert words in done.err


def test_a_file_that_is_no_tracker_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "f.db").write_text("no database")
    done = invoke("exporter", "--state", tmp_path / "f.db", "--listen", "127.0.0.1:0")
    assert done.code == 2
    assert "f.db" in done.err


def test_devices_that_no_longer_come_are_not_told(api: ApiServer, tmp_path: Path) -> None:
    api.always = page(b"<html>Sign in</html>")
    with exporting(api, tmp_path, "--interval", "1s") as exporter:
        wait_until(lambda: "the last snapshot stays" in exporter.log())
        assert exporter.metrics() == {UP: 0}


# fleetstatus metrics


def test_the_command_writes_what_the_function_gives(tmp_path: Path) -> None:
    sample = fs.sample_fleet()
    done = invoke("metrics", sample)
    assert (done.code, done.out) == (0, fs.openmetrics(fs.classify(sample)))
    done = invoke("metrics", sample, "--detail", "all", "--limit", "all", "--format", "openmetrics")
    wanted = fs.openmetrics(fs.classify(sample), detail="all", limit=None, format="openmetrics")
    assert done.out == wanted
    done = invoke("metrics", sample, "--fleet", "cold-chain", "--scheme", "api-v7", "--limit", "3")
    table = fs.classify(sample, scheme="api-v7").where(fleet="cold-chain")
    assert done.out == fs.openmetrics(table, limit=3)


def test_thresholds_decide_what_needs_attention() -> None:
    down = disconnected(changed_api_heartbeat_state_on__date="2026-01-01T23:00:00Z")
    arguments = ("metrics", "-", "--now", NOW, "--allow-missing", "all")
    text = as_input(down)
    line = 'fleetstatus_attention_devices{fleet="acme/test",attention="disconnected"}'
    assert f"{line} 1" in invoke(*arguments, stdin=text).out
    slower = invoke(*arguments, "--threshold", "disconnected=2h", stdin=text)
    assert f"{line} 0" in slower.out


def test_without_a_status_the_exit_code_says_so() -> None:
    unreadable = as_input(record(api_heartbeat_state="asleep"))
    done = invoke("metrics", "-", "--now", NOW, "--allow-missing", "all", stdin=unreadable)
    assert done.code == 2
    assert "has a status" in done.err


def test_a_fleet_may_be_asked_for_live(api: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALENA_TOKEN", TOKEN)
    done = invoke("metrics", f"balena:{SLUG}", "--api", api.url)
    assert done.code == 0
    found = read(done.out)
    assert sum(value for (name, _), value in found.items() if name == "fleetstatus_devices") == 12
