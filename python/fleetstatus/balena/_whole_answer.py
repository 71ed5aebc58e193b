"""Connections whose answers are whole: in time, and with their heads.

A socket's own time limit begins anew with each byte, so that a server which sends a byte a second
would hold its client for ever. And the standard library takes a head that is cut for a whole one.
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

_LONGEST = 86_400.0  # seconds; sockets without a time limit are not made here


class _Raw(Protocol):
    def readinto(self, buffer: Any, /) -> int | None: ...

    def close(self) -> None: ...


class _Limited(io.RawIOBase):
    """What a socket receives, until a moment."""

    def __init__(self, sock: socket.socket, raw: _Raw, seconds: float) -> None:
        self._socket = sock
        self._raw = raw
        self._end = time.monotonic() + seconds
        self.is_at_head = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            message = "timed out"
            raise TimeoutError(message)
        self._socket.settimeout(left)
        n_bytes = self._raw.readinto(buffer)
        if n_bytes == 0 and self.is_at_head:
            message = "cut in the head of an answer"
            raise ConnectionResetError(message)
        return n_bytes

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _WholeAnswer(HTTPResponse):
    """An answer that must be complete within the time limit of its socket."""

    fp: BinaryIO | None  # type: ignore[assignment]

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        raw = self.fp.detach()  # type: ignore[union-attr]
        self._limited = _Limited(sock, raw, sock.gettimeout() or _LONGEST)
        self.fp = io.BufferedReader(self._limited)

    def begin(self) -> None:
        super().begin()
        self._limited.is_at_head = False


class Connection(HTTPConnection):
    """A connection without TLS."""

    response_class = _WholeAnswer


class SecureConnection(HTTPSConnection):
    """A connection with TLS."""

    response_class = _WholeAnswer
