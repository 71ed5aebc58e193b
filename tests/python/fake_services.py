"""The API and a chat, on this machine: for programs that ask the one and tell the other."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Services(ThreadingHTTPServer):
    """Answers a GET with `answer`, and takes what is posted.

    Attributes
    ----------
    answer
        What the API says; None: that it is not available.
    paths, tokens
        What it was asked for, and with which authorization.
    told
        Texts that the chat has taken.
    is_chat_up
        Whether the chat takes texts.
    is_chat_slow
        Whether it takes texts without ever saying so.
    has_told
        Set when a text has come.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: bytes | None = None
        self.paths: list[str] = []
        self.tokens: set[str | None] = set()
        self.told: list[str] = []
        self.is_chat_up, self.is_chat_slow = True, False
        self.has_told, self.is_over = threading.Event(), threading.Event()

    @property
    def url(self) -> str:
        """Address of the API and of the chat."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Services

    def do_GET(self) -> None:
        """Answer as the API."""
        self.server.paths.append(self.path)
        self.server.tokens.add(self.headers["Authorization"])
        answer = self.server.answer
        self._end(503 if answer is None else 200, answer or b"")

    def do_POST(self) -> None:
        """Take a text as a chat does."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.is_chat_up:
            self.server.told.append(json.loads(body)["text"])
            self.server.has_told.set()
        if self.server.is_chat_slow:
            self.server.is_over.wait(60)
            return
        self._end(200 if self.server.is_chat_up else 500, b"")

    def _end(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def running_services() -> Iterator[Services]:
    """Run both until the end of a block."""
    with Services() as services:
        thread = threading.Thread(target=services.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield services
        finally:
            services.is_over.set()
            services.shutdown()
            thread.join()
