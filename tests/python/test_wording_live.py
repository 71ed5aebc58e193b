"""What `fleetstatus.balena` says is said word for word."""

from __future__ import annotations

import json
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
from urllib3 import exceptions

import fleetstatus as fs
from api_server import SLUG, TOKEN, ApiServer, Handler, devices_of, page, running, status
from fleetstatus import balena
from fleetstatus.balena import _client
from fleetstatus.balena._problems import of_error
from wording import check

if TYPE_CHECKING:
    from pathlib import Path

STATUSES = (204, 302, 400, 401, 403, 404, 410, 429, 500, 503, 599)
PAGES = [
    b"",
    b"<html><title>502 Bad Gateway</title></html>",
    b'{"error": "Unauthorized"}',
    b"[]",
    b'{"d": null}',
    b'{"d": [{"id": 3, "uui',
    b'{"d": [{"id": 3, "slug": "acme/x"}]}',
    b"\x1f\x8b\x08",
    json.dumps({"d": devices_of(2)[::-1]}).encode(),
]
ARGUMENTS: list[dict[str, Any]] = [
    {"token": None},
    {"token": 5},
    {"token": " "},
    {"token": "a b"},
    {"api": 5},
    {"api": "acme"},
    {"api": "http://acme.example"},
    {"api": "https://me@acme.example"},
    {"api": "https://acme.example/a b"},
    {"timeout": 0},
    {"timeout": "30"},
    {"page_size": 0},
    {"fleet": "kiosk"},
    {"fleet": "acme/none"},
]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BALENA_TOKEN", "BALENA_API_TOKEN", "BALENA_API_KEY", "BALENA_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(_client, "sleep", lambda _: None)


def said(server: ApiServer, **options: Any) -> str:
    asked: dict[str, Any] = {"fleet": SLUG, "token": TOKEN, "api": server.url} | options
    with pytest.raises((fs.ApiError, ValueError, TypeError)) as caught:
        balena.fetch(**asked)
    return str(caught.value).replace(f"127.0.0.1:{server.server_port}", "HOST")


def test_what_is_said_of_answers() -> None:
    lines: list[str] = []
    with running(ApiServer(devices_of(3))) as server:
        for code in STATUSES:
            server.always = status(code, b"no such field", Location="https://a.example/x")
            lines.append(said(server))
        for fault in (
            status(400, b"is_active is no field"),
            status(302),
            status(503, Retry_After="7200"),
            Handler.cut,
            *map(page, PAGES),
        ):
            server.always = fault
            lines.append(said(server))
    check("live_answers.txt", lines)


def test_what_is_said_of_arguments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with running(ApiServer(devices_of(3))) as server:
        lines = [said(server, **one) for one in ARGUMENTS]
        empty = tmp_path / "empty.pem"
        empty.touch()
        lines.append(said(server, ca=empty).replace(str(tmp_path), "FOLDER"))
        monkeypatch.setenv("BALENA_API_TOKEN", TOKEN)
        server.always = status(401)
        lines.append(said(server, token=None))
        monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:9")
        lines.append(said(server, api="https://acme.example"))
    check("live_arguments.txt", lines)


def test_what_is_said_of_clocks() -> None:
    told: list[str] = []
    now = datetime.now(UTC)
    with running(ApiServer(devices_of(3))) as server:
        event = (now - timedelta(minutes=10)).isoformat().replace("+00:00", "Z")
        server.devices[0]["last_connectivity_event"] = event
        for skew in (timedelta(hours=3, minutes=30), -timedelta(hours=3, minutes=30)):
            server.date = format_datetime(now + skew, usegmt=True)
            with pytest.warns(UserWarning, match="clock") as caught:
                balena.fetch(SLUG, token=TOKEN, api=server.url)
            told += [str(one.message) for one in caught]
    check("live_clocks.txt", told)


def test_what_is_said_of_connections() -> None:
    untrusted = ssl.SSLCertVerificationError("bad")
    untrusted.verify_message = "self-signed certificate"
    pool: Any = None
    errors = [
        exceptions.NameResolutionError("acme.example", pool, socket.gaierror("unknown")),
        exceptions.NewConnectionError(pool, "refused"),
        exceptions.ConnectTimeoutError(pool, "slow"),
        exceptions.ReadTimeoutError(pool, "/", "slow"),
        exceptions.ProtocolError("cut"),
        exceptions.DecodeError("no gzip"),
        exceptions.ProxyError("no", OSError("407")),
        exceptions.SSLError(untrusted),
        exceptions.ProxyError("no", exceptions.SSLError(untrusted)),
        exceptions.SSLError("wrong version number"),
    ]
    check("live_connections.txt", [of_error(error, 30) for error in errors])
