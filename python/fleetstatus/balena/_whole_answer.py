"""Connections whose time limit holds for a whole answer.

A socket's own limit begins anew with each byte, so that a server which sends a byte a second would
hold its client for ever.
"""

from __future__ import annotations

import io
import time
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any, Protocol

from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    import socket
    from typing import BinaryIO


class _Raw(Protocol):
    def readinto(self, buffer: Any, /) -> int | None: ...

    def close(self) -> None: ...


class _Limited(io.RawIOBase):
    """What a socket receives, until a moment."""

    def __init__(self, sock: socket.socket, raw: _Raw, seconds: float) -> None:
        self._socket = sock
        self._raw = raw
        self._end = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            message = "timed out"
            raise TimeoutError(message)
        self._socket.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _WholeAnswer(HTTPResponse):
    """An answer that must be complete within the time limit of its socket."""

    fp: BinaryIO | None  # type: ignore[assignment]

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        seconds = sock.gettimeout()
        if seconds is not None:
            raw = self.fp.detach()  # type: ignore[union-attr]
            self.fp = io.BufferedReader(_Limited(sock, raw, seconds))


class Connection(HTTPConnection):
    """A connection without TLS."""

    response_class = _WholeAnswer


class SecureConnection(HTTPSConnection):
    """A connection with TLS."""

    response_class = _WholeAnswer
