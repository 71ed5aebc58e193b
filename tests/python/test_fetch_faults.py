"""What a server does wrong: tried again where that helps, else an error in words, never a part."""

from __future__ import annotations

import gzip
import json
import socket
import time
import tracemalloc
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

import fleetstatus as fs
from api_server import (
    SLUG,
    TOKEN,
    ApiServer,
    Handler,
    devices_of,
    page,
    running,
    seconds_since,
    status,
    wait_for_ever,
)
from fleetstatus import balena
from fleetstatus.balena import _client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api_server import Fault

LONG_TIME = 60  # seconds, on a machine that is ten times slower


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with running(ApiServer(devices_of(7))) as server:
        yield server


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the waits between tries, which take no time here."""
    seconds: list[float] = []
    monkeypatch.setattr(_client, "sleep", seconds.append)
    return seconds


def fetch(server: ApiServer, **options: Any) -> list[bytes]:
    asked: dict[str, Any] = {"token": TOKEN, "api": server.url, "timeout": LONG_TIME} | options
    return balena.fetch(SLUG, **asked)


def fails(server: ApiServer, **options: Any) -> fs.ApiError:
    with pytest.raises(fs.ApiError) as caught:
        fetch(server, **options)
    error = caught.value
    assert TOKEN not in f"{error}{error.args}"
    assert error.__cause__ is error.__context__ is None
    what, _, advice = str(error).partition("\n")
    assert "page" in what
    assert advice
    return error


def n_devices(pages: list[bytes]) -> int:
    return len(fs.classify(pages))


# Statuses


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_an_api_that_is_busy_is_asked_again(
    server: ApiServer, waits: list[float], code: int
) -> None:
    server.faults += [status(code)] * 4
    assert n_devices(fetch(server, page_size=6)) == 7
    assert len(server.paths) == 6
    assert len(waits) == 4
    for wait, least in zip(waits, (0, 1, 2, 4), strict=True):
        assert least <= wait <= least + 0.5


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_an_api_that_stays_busy_is_an_error(server: ApiServer, code: int) -> None:
    server.always = status(code, b"sorry")
    error = fails(server)
    assert (error.status, error.body) == (code, "sorry")
    assert f"page 1: {code} " in str(error)
    assert ", in 5 tries\ntry again later" in str(error)
    assert len(server.paths) == 5


def test_each_page_has_its_own_tries(server: ApiServer) -> None:
    server.faults += [*[status(503)] * 4, lambda _: False, *[status(503)] * 4]
    assert n_devices(fetch(server, page_size=6)) == 7


def test_an_error_at_a_later_page_gives_no_page(server: ApiServer) -> None:
    server.faults += [lambda _: False, *[status(503)] * 5]
    assert "page 2: 503 " in str(fails(server, page_size=6))
    server.faults += [lambda _: False, *[status(503)] * 5]
    given = balena.pages(SLUG, token=TOKEN, api=server.url, page_size=6)
    next(given)
    with pytest.raises(fs.ApiError, match="page 2: 503 "):
        next(given)


@pytest.mark.parametrize("code", [400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 422, 501, 505])
def test_any_other_status_is_an_error_at_once(
    server: ApiServer, waits: list[float], code: int
) -> None:
    server.always = status(code, b"no", Retry_After="1")
    error = fails(server)
    assert (error.status, error.body) == (code, "no")
    assert str(code) in str(error)
    assert (len(server.paths), waits) == (1, [])


@pytest.mark.parametrize("code", [201, 202, 203, 206, 226])
def test_only_200_is_an_answer(server: ApiServer, code: int) -> None:
    server.always = status(code, server.page_for("/v7/device"))
    assert fails(server).status == code


@pytest.mark.parametrize("code", [204, 304])
def test_an_answer_without_a_body_is_an_error(server: ApiServer, code: int) -> None:
    server.always = lambda handler: handler.begin(code, {})
    assert fails(server).status == code


def test_the_words_of_an_answer_are_kept_in_part(server: ApiServer) -> None:
    server.always = status(403, ("x" * 498 + TOKEN + "y" * 1_000_000).encode())
    assert fails(server).body == "x" * 498 + "[t"
    server.always = status(403, b"\xff\xfe")
    assert fails(server).body == "\ufffd\ufffd"


# Retry-After


def test_retry_after_is_obeyed(server: ApiServer, waits: list[float]) -> None:
    later = formatdate(time.time() + 100, usegmt=True)
    server.faults += [status(429, Retry_After="7"), status(503, Retry_After=later)]
    assert n_devices(fetch(server)) == 7
    assert waits[0] == 7
    assert 60 < waits[1] <= 100


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "-5",
        "1.5",
        "9" * 30 + "x",
        "9" * 5000,
        "Sun, 99 Nov",
        "Sun, 6 Nov 99999 00:00:00",
    ],
    ids=lambda text: text[:9],
)
def test_a_retry_after_that_says_nothing_is_passed_over(
    server: ApiServer, waits: list[float], text: str
) -> None:
    server.faults += [status(429, Retry_After=text)] * 2
    assert n_devices(fetch(server)) == 7
    assert waits[0] == 0
    assert 1 <= waits[1] <= 1.5


def test_a_retry_after_in_the_past_is_now(server: ApiServer, waits: list[float]) -> None:
    server.faults += [status(429, Retry_After="Sun, 06 Nov 1994 08:49:37 GMT")]
    assert n_devices(fetch(server)) == 7
    assert waits == [0]


def test_a_wait_of_five_minutes_is_the_longest(server: ApiServer, waits: list[float]) -> None:
    server.faults += [status(429, Retry_After="300")]
    assert n_devices(fetch(server)) == 7
    assert waits == [300]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("301", "429: the API asks to wait 5 minutes, more than the 5 minutes"),
        ("7200", "429: the API asks to wait 2 hours, more than the 5 minutes"),
        ("9" * 400, "429: the API asks to wait"),
        (formatdate(time.time() + 90_000, usegmt=True), "429: the API asks to wait"),
    ],
    ids=["a second more", "hours", "ages", "date"],
)
def test_a_longer_wait_is_an_error_at_once(
    server: ApiServer, waits: list[float], text: str, words: str
) -> None:
    server.always = status(429, b"slow down", Retry_After=text)
    error = fails(server)
    assert words in str(error)
    assert (error.status, error.body) == (429, "slow down")
    assert (len(server.paths), waits) == (1, [])


# Connections


def cut_before_the_head(handler: Handler) -> None:
    handler.cut()


def cut_in_the_head(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
    handler.cut()


def cut_in_the_body(handler: Handler) -> None:
    body = handler.server.page_for(handler.path)
    handler.begin(200, {"Content-Length": str(len(body))})
    handler.wfile.write(body[: len(body) // 2])
    handler.cut()


def cut_in_a_chunk(handler: Handler) -> None:
    handler.begin(200, {"Transfer-Encoding": "chunked"})
    handler.wfile.write(b'ff\r\n{"d": []}')
    handler.cut()


def reset(handler: Handler) -> None:
    handler.connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
    )
    handler.close_connection = True


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    handler.cut()


def too_long_a_length(handler: Handler) -> None:
    handler.begin(200, {"Content-Length": "1000000"})
    handler.wfile.write(handler.server.page_for(handler.path))
    handler.cut()


def bad_gzip(handler: Handler) -> None:
    handler.answer(200, b'{"d": []}', {"Content-Encoding": "gzip"})


CUTS: list[Callable[[Handler], None]] = [
    cut_before_the_head,
    cut_in_the_head,
    cut_in_the_body,
    cut_in_a_chunk,
    reset,
    no_http,
    too_long_a_length,
    bad_gzip,
]


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.__name__)
def test_a_connection_that_is_cut_is_made_again(server: ApiServer, cut: Fault) -> None:
    server.faults += [cut] * 4
    assert n_devices(fetch(server, page_size=6)) == 7
    server.faults += [lambda _: False, *[cut] * 4]
    assert n_devices(fetch(server, page_size=6)) == 7


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.__name__)
def test_a_connection_that_is_cut_always_is_an_error(server: ApiServer, cut: Fault) -> None:
    server.always = cut
    error = fails(server)
    assert error.status is None
    words = "the answer cannot be unpacked" if cut is bad_gzip else "the connection was cut"
    assert f"page 1: {words}, in 5 tries" in str(error)
    assert len(server.paths) == 5


def test_an_answer_that_is_longer_than_it_says_is_an_error(server: ApiServer) -> None:
    body = server.page_for("/v7/device")
    server.always = page(body, Content_Length=str(len(body) - 9))
    assert "page 1: no page of devices" in str(fails(server))


def test_an_answer_without_a_length_that_is_cut_is_an_error(server: ApiServer) -> None:
    def cut(handler: Handler) -> None:
        handler.begin(200, {"Connection": "close"})
        handler.wfile.write(handler.server.page_for(handler.path)[:-9])
        handler.cut()

    server.always = cut
    assert "page 1: no page of devices" in str(fails(server))


def test_a_packed_answer_that_is_cut_is_an_error(server: ApiServer) -> None:
    packed = gzip.compress(server.page_for("/v7/device"))
    server.always = page(packed[:-40], Content_Encoding="gzip")
    fails(server)


def test_a_server_that_is_not_there_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(fs.ApiError, match="no connection could be made, in 5 tries") as caught:
            balena.fetch(token=TOKEN, api=url)
    assert caught.value.status is None


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "no host of this name is known"),
        (TimeoutError("timed out"), "connecting took longer than 60 s"),
        (OSError(101, "Network is unreachable"), "no connection could be made"),
    ],
    ids=["name", "time", "network"],
)
def test_without_a_network_there_is_an_error(
    monkeypatch: pytest.MonkeyPatch, raised: OSError, words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(urllib3.util.connection, "create_connection", fail)
    with pytest.raises(fs.ApiError, match=words) as caught:
        balena.fetch(token=TOKEN, api="https://api.acme.example", timeout=LONG_TIME)
    assert str(caught.value).startswith("api.acme.example, page 1: ")


def test_an_unusual_error_shows_its_words_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise urllib3.exceptions.HTTPError("gone\x1b[2J\r\nX: y\u202e" + "x" * 1000)

    monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", fail)
    with pytest.raises(fs.ApiError, match="page 1: no connection: gone") as caught:
        balena.fetch(token=TOKEN, api="https://api.acme.example")
    what, _, advice = str(caught.value).partition("\n")
    assert r"gone\x1b[2J\x0d\x0aX: y\u202exxx" in what
    assert len(what) < 300
    assert advice == "check the network, the proxy of the environment and api="


# Time


def drip_the_head(handler: Handler) -> None:
    handler.drip(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 10_000, every=0.1)


def drip_the_body(handler: Handler) -> None:
    handler.begin(200, {"Content-Length": "1000000"})
    handler.drip(b" " * 1_000_000, every=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("slow", [wait_for_ever, drip_the_head, drip_the_body])
def test_a_server_that_is_slow_holds_nobody_for_ever(
    server: ApiServer, slow: Callable[[Handler], None]
) -> None:
    server.always = slow
    begin = time.monotonic()
    error = fails(server, timeout=0.5)
    assert seconds_since(begin) < LONG_TIME
    assert "page 1: no whole answer came in 0.5 s, in 5 tries\nraise timeout=" in str(error)


@pytest.mark.slow
def test_a_server_that_is_slow_once_is_asked_again(server: ApiServer) -> None:
    server.faults += [drip_the_body]
    assert n_devices(fetch(server, timeout=2)) == 7


# Size


def test_packed_answers_are_unpacked(server: ApiServer) -> None:
    server.is_packed = True
    assert n_devices(fetch(server, page_size=3)) == 7
    assert server.headers[0]["Accept-Encoding"] == "gzip"


def test_a_large_page_is_read(server: ApiServer) -> None:
    server.devices[0]["device_name"] = "x" * 3_000_000
    assert n_devices(fetch(server)) == 7


def send_without_end(handler: Handler) -> None:
    handler.begin(200, {"Connection": "close"})
    while not handler.server.is_over.is_set():
        handler.wfile.write(b" " * 65536)


def bomb(layers: int) -> Fault:
    packed = b" " * (200 << 20)
    for _ in range(layers):
        packed = gzip.compress(packed, 1)
    return page(packed, Content_Encoding=", ".join(["gzip"] * layers))


@pytest.mark.slow
@pytest.mark.parametrize("layers", [0, 1, 2], ids=["no end", "bomb", "bomb in a bomb"])
def test_a_page_that_is_too_large_is_not_read_to_its_end(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch, layers: int
) -> None:
    monkeypatch.setattr(_client, "_LARGEST_PAGE", 4 << 20)
    server.always = bomb(layers) if layers else send_without_end
    tracemalloc.start()
    error = fails(server)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "the answer is over" in str(error)
    assert peak < 32 << 20
    assert len(server.paths) == 1


def test_an_error_that_is_large_is_not_read_to_its_end(server: ApiServer) -> None:
    def send(handler: Handler) -> None:
        handler.begin(403, {"Connection": "close"})
        while not handler.server.is_over.is_set():
            handler.wfile.write(b"x" * 65536)

    server.always = send
    assert fails(server).body == "x" * 500


def test_a_page_may_hold_much(server: ApiServer) -> None:
    assert _client._LARGEST_PAGE == 256 << 20
    assert json.loads(fetch(server)[0])["d"] == server.devices


# Interrupts


def test_an_interrupt_passes(server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    server.always = status(503)
    monkeypatch.setattr(_client, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch(server)
