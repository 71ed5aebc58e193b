"""Whether a file holds a record, or a page of them, on each line, so that it can be read in parts."""

from __future__ import annotations

import json
import zlib

from fleetstatus._input.decode import GZIP_MAGIC, UTF8_BOM

HEAD_SIZE = 1 << 16
"""Bytes of a file that say whether it is JSON lines."""


def is_lines(head: bytes) -> bool:
    """Whether the first line of a file is an object of JSON, and not all that there is.

    Parameters
    ----------
    head
        Beginning of the file, maybe compressed with gzip.
    """
    if head.startswith(GZIP_MAGIC):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head)
        except zlib.error:  # told when it is read
            return False
    line, newline, _ = head.removeprefix(UTF8_BOM).lstrip().partition(b"\n")
    try:
        return bool(newline) and isinstance(json.loads(line), dict)
    except ValueError:
        return False
