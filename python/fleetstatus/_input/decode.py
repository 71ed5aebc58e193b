"""Bytes of a file as UTF-8: gzip and UTF-16 are told by how they begin."""

import codecs
from collections.abc import Iterable, Iterator
from typing import Any

from fleetstatus.errors import JSONError

GZIP_MAGIC = b"\x1f\x8b"
UTF8_BOM = codecs.BOM_UTF8
BOM_SIZE = 4
"""Bytes at the beginning of a file that say how its text is encoded."""

_ENCODINGS = {  # UTF-32 first: its mark begins like that of UTF-16
    codecs.BOM_UTF32_LE: "UTF-32-LE",
    codecs.BOM_UTF32_BE: "UTF-32-BE",
    codecs.BOM_UTF16_LE: "UTF-16-LE",
    codecs.BOM_UTF16_BE: "UTF-16-BE",
}


def is_encoded(head: bytes) -> bool:
    """Whether bytes that begin so are gzip, or text in UTF-16 or UTF-32."""
    return head.startswith(GZIP_MAGIC) or _mark_of(head) is not None


def begins_like_json(content: Any) -> bool:
    """Whether text in UTF-8 begins as an object or a list of JSON does, behind little white space."""
    few = bytes(memoryview(content).cast("B")[:64])
    return few.removeprefix(UTF8_BOM).lstrip()[:1] in {b"{", b"["}


def to_utf8(chunks: Iterator[Any], head: bytes, name: str) -> Iterator[Any]:
    """Decode text by the byte order mark that it begins with; text without one stays as it is.

    Parameters
    ----------
    chunks
        All of the text.
    head
        Its first bytes, as many as `BOM_SIZE` where there are so many.
    """
    mark = _mark_of(head)
    return chunks if mark is None else _decoded(chunks, mark, name)


def broken_gzip(name: str, error: Exception) -> ValueError:
    """Error of a file that begins like gzip and does not go on so."""
    message = (
        f"{name or 'the source'} is a broken gzip file: {error}\ncopy or fetch it again, whole"
    )
    return ValueError(message)


def _mark_of(head: bytes) -> bytes | None:
    return next((mark for mark in _ENCODINGS if head.startswith(mark)), None)


def _decoded(chunks: Iterable[Any], mark: bytes, name: str) -> Iterator[bytes]:
    encoding = _ENCODINGS[mark]
    decoder = codecs.getincrementaldecoder(encoding)()
    n_done, n_to_skip = 0, len(mark)  # the mark is whole in the first chunk
    try:
        for chunk in chunks:
            n_waiting = len(decoder.getstate()[0])
            n_done += n_to_skip
            text = decoder.decode(chunk[n_to_skip:])
            n_done += len(chunk) - n_to_skip
            n_to_skip = 0
            yield text.encode()
        n_waiting = len(decoder.getstate()[0])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _broken_text(encoding, n_done - n_waiting + error.start, name) from error


def _broken_text(encoding: str, offset: int, name: str) -> JSONError:
    message = (
        f"{name or 'the source'}: {encoding[:6]} text that breaks at byte {offset}, no JSON\n"
        "write it again, as UTF-8"
    )
    return JSONError(message, offset, 1, offset + 1)
