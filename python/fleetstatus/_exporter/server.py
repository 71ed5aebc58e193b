"""Serves metrics and health over HTTP."""

from __future__ import annotations

import io
import socket
from contextlib import contextmanager
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, TextIO
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, make_wsgi_app

from fleetstatus.metrics import register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from fleetstatus._exporter.looks import Looks

_SLOWEST_S = 10  # what a client may take to ask and to read


class _Handler(WSGIRequestHandler):
    timeout = _SLOWEST_S

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def get_stderr(self) -> TextIO:
        """Take tracebacks of clients that stop reading, and drop them."""
        return io.StringIO()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False

    def server_bind(self) -> None:
        """Take the address, without asking the network for its name."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that have gone."""


class _ServerOfIPv6(_Server):
    address_family = socket.AF_INET6


@contextmanager
def bound(host: str, port: int) -> Iterator[_Server]:
    """Take an address; nothing is answered before `serving`.

    Raises
    ------
    OSError
        If the address is in use, or is none of this machine.
    """
    kind = _ServerOfIPv6 if ":" in host else _Server
    with kind((host, port), _Handler) as server:
        yield server


@contextmanager
def serving(server: _Server, looks: Looks) -> Iterator[None]:
    """Answer ``/metrics`` and ``/healthz`` until the end of a block."""
    server.set_app(application(looks))
    thread = Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()


def application(looks: Looks) -> WSGIApplication:
    """Make the application that answers."""
    registry = CollectorRegistry(auto_describe=False)
    register(looks, registry)
    metrics: Callable[..., Iterable[bytes]] = make_wsgi_app(registry)

    def answer(request: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = request.get("PATH_INFO", "")
        if path == "/metrics":
            return metrics(request, start)
        status, text = "404 Not Found", "metrics are at /metrics, health is at /healthz"
        if path == "/healthz":
            status = "200 OK" if looks.is_healthy() else "503 Service Unavailable"
            text = looks.health()
        body = f"{text}\n".encode()
        kind = ("Content-Type", "text/plain; charset=utf-8")
        start(status, [kind, ("Content-Length", str(len(body)))])
        return [body]

    return answer
