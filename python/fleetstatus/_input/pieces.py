"""Text of a file, piece by piece."""

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain

from fleetstatus._input.decode import UTF8_BOM
from fleetstatus._input.json_errors import BEFORE_SIZE, cut_out, in_words
from fleetstatus._input.shapes import HEAD_SIZE
from fleetstatus.errors import FleetStatusError, JSONError


def head_of(chunks: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """Read ahead.

    Returns
    -------
    The beginning of some text, as many bytes or more where there are so many; and all of the text.
    """
    pieces, n_bytes = [], 0
    while n_bytes < size and (piece := next(chunks, None)) is not None:
        pieces.append(piece)
        n_bytes += len(piece)
    head = b"".join(pieces)
    return head, chain([head], chunks)


class Pieces:
    """Pieces of a text; keeps what the words of an error need."""

    def __init__(self, pieces: Iterable[bytes], name: str) -> None:
        self._pieces = filter(None, pieces)
        self._name = name
        self._head = b""
        self._line = (0, b"")  # begins the line in which the kept pieces begin
        self._kept: deque[tuple[int, bytes]] = deque()
        self._end_of_kept = sys.maxsize
        self._n_bytes = 0
        self.size = sys.maxsize
        """Bytes of all of the text, once its end was read; more than that before."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self.size = self._n_bytes
            raise
        if (n_missing := HEAD_SIZE + len(UTF8_BOM) - len(self._head)) > 0:
            self._head += piece[:n_missing]
        if self._n_bytes < self._end_of_kept:
            self._kept.append((self._n_bytes, piece))
        self._n_bytes += len(piece)
        return piece

    def forget(self, offset: int) -> None:
        """Drop what no error needs that is at an offset or behind it."""
        while len(self._kept) > 1 and self._kept[1][0] + BEFORE_SIZE <= offset:
            begin, piece = self._kept.popleft()
            if (n_before := piece.rfind(b"\n") + 1) > 0:
                self._line = (begin + n_before, piece[n_before : n_before + HEAD_SIZE])
            elif (n_missing := HEAD_SIZE - len(self._line[1])) > 0:
                self._line = (self._line[0], self._line[1] + piece[:n_missing])

    def read_rest(self, offset: int = 0) -> None:
        """Read to the end; what is right behind an offset is kept."""
        self._end_of_kept = offset + HEAD_SIZE
        deque(self, maxlen=0)

    def in_words(self, error: JSONError, n_records: int) -> FleetStatusError:
        """Say of text that is no JSON what it looks like.

        Parameters
        ----------
        n_records
            Records of the whole source before the error.
        """
        excerpt = cut_out(self._head, self._at, self.size, error)
        return in_words(error, excerpt, self._name, n_records)

    def _at(self, offset: int) -> bytes:
        """Give what follows an offset, as far as it is kept."""
        found = b""
        for begin, piece in ((0, self._head), self._line, *self._kept):
            start = offset + len(found) - begin
            if 0 <= start < len(piece):
                found += piece[start : start + HEAD_SIZE - len(found)]
        return found
