"""An API on this machine that serves the device resource, and does wrong what it is told to."""

from __future__ import annotations

import gzip
import json
import re
import ssl
import threading
import time
from collections import deque
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from examples import device_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    Fault = Callable[["Handler"], bool | None]

TOKEN = "s3cr3t-t0ken-0123456789"
SLUG = "acme/cold-chain"
FLEET_ID = 7
_AFTER = re.compile(r"\bid gt (\d+)")
_FLEET_ID = re.compile(r"\bbelongs_to__application eq (\d+)")
_SLUG = re.compile(r"\bslug(?: eq |=)'((?:[^']|'')*)'")


def devices_of(n_devices: int, *, first: int = 1, slug: str = SLUG) -> list[dict[str, Any]]:
    """Make devices with ids that have gaps."""
    return [
        device_record(
            id=3 * number,
            uuid=f"{number:032x}",
            device_name=f'device {number} {{"d": [1, 2]}}',
            belongs_to__application=[
                {"id": FLEET_ID, "slug": slug, "app_name": slug.partition("/")[2]}
            ],
            image_install=[{"id": number, "status": "Running", "download_progress": None}],
        )
        for number in range(first, first + n_devices)
    ]


class ApiServer(ThreadingHTTPServer):
    """Serves devices.

    Attributes
    ----------
    devices
        What it knows, in any order.
    fleets
        Slugs of its fleets.
    faults
        What to do wrong, one for each request: a function that answers in its own way, or changes
        the server and gives False, so that the request is answered as usual.
    always
        A fault for each request that `faults` has none for.
    paths, headers
        What it was asked for, and the headers of that.
    date
        Header ``Date``; None for none, ``""`` for that of the clock.
    most
        Devices of a page, whatever is asked for.
    is_packed
        Whether answers are gzipped.
    """

    daemon_threads = True

    def __init__(self, devices: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.devices = list(devices)
        self.fleets = {SLUG}
        self.faults: deque[Fault] = deque()
        self.always: Fault | None = None
        self.paths: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.date: str | None = ""
        self.most: int | None = None
        self.is_packed = False
        self.scheme = "http"
        self.is_over = threading.Event()

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def use_certificate(self, certificate: Path, key: Path) -> None:
        """Speak TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        self.scheme = "https"

    def page_for(self, path: str) -> bytes:
        """Answer a question as the API does."""
        asked = urlsplit(path)
        options = {name: values[0] for name, values in parse_qs(asked.query).items()}
        condition = options.get("$filter", "")
        slug = _SLUG.search(condition) or _SLUG.search(unquote(asked.path))
        wanted = slug[1].replace("''", "'") if slug else None
        if asked.path.startswith("/v7/application"):
            fleets = (device["belongs_to__application"][0] for device in self.devices)
            known = {fleet["slug"]: fleet["id"] for fleet in fleets}
            found = [{"id": known.get(wanted, FLEET_ID)}] if wanted in self.fleets else []
            return json.dumps({"d": found}).encode()
        after, fleet_id = _AFTER.search(condition), _FLEET_ID.search(condition)
        found = [
            device
            for device in self.devices
            if after is None or device["id"] > int(after[1])
            if wanted is None or device["belongs_to__application"][0]["slug"] == wanted
            if fleet_id is None or device["belongs_to__application"][0]["id"] == int(fleet_id[1])
        ]
        if options.get("$orderby") == "id":
            found = sorted(found, key=lambda device: device["id"])
        limits = [int(options["$top"])] if "$top" in options else []
        limits += [] if self.most is None else [self.most]
        return json.dumps({"d": found[: min(limits, default=None)]}).encode()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that have gone."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: ApiServer

    def do_GET(self) -> None:
        """Answer in the way of the next fault, else as the API does."""
        server = self.server
        server.paths.append(self.path)
        server.headers.append(dict(self.headers))
        fault = server.faults.popleft() if server.faults else server.always
        if fault is None or fault(self) is False:
            self.answer(200, server.page_for(self.path))

    def answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Send an answer."""
        own = {"Content-Type": "application/json"} | dict(headers or {})
        if self.server.is_packed and "Content-Encoding" not in own:
            body, own["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        self.begin(status, {"Content-Length": str(len(body))} | own)
        self.wfile.write(body)

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the head of an answer."""
        self.send_response_only(status)
        date = formatdate(usegmt=True) if self.server.date == "" else self.server.date
        if date is not None:
            self.send_header("Date", date)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def cut(self) -> None:
        """End the connection as it is."""
        self.wfile.flush()
        self.close_connection = True

    def drip(self, data: bytes, *, every: float) -> None:
        """Send byte after byte."""
        for byte in data:
            if self.server.is_over.wait(every):
                break
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    """Answer with a status; names of headers have ``_`` for ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.answer(code, body, named)


def page(body: bytes, **headers: str) -> Fault:
    """Answer 200 with what is no page, or with one that was not asked for."""
    return status(200, body, **headers)


@contextmanager
def running(server: ApiServer) -> Iterator[ApiServer]:
    """Let a server run for a block."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def wait_for_ever(handler: Handler) -> None:
    """Answer nothing until the server ends."""
    handler.server.is_over.wait()
    handler.close_connection = True


def seconds_since(begin: float) -> float:
    """Seconds that have passed."""
    return time.monotonic() - begin
