"""Rows of an Arrow column as one text, without a look at each from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def joined_lines(texts: pa.Array) -> bytes | None:
    """Join rows that are all an object of JSON on one line, as is usual.

    Returns
    -------
    None if any row is something else, or if there is none.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    # Other types cannot be joined. Of what is packed or encoded, nothing begins with a brace.
    if len(texts) == 0 or texts.null_count > 0 or texts.type not in (pa.string(), pa.binary()):
        return None
    rows = texts.cast(pa.binary())
    if not pc.all(pc.starts_with(rows, "{")).as_py():
        return None
    lists = pa.ListArray.from_arrays(pa.array([0, len(rows)], pa.int32()), rows)
    try:
        joined: bytes = pc.binary_join(lists, b"\n")[0].as_py()
    except pa.ArrowInvalid:  # more than 2 GiB together
        return None
    return joined if joined.count(b"\n") == len(rows) - 1 else None


def is_one_text(texts: pa.Array) -> bool:
    """Whether all rows hold the same text."""
    import pyarrow.compute as pc

    if len(texts) == 0 or texts.null_count > 0:
        return False
    return bool(pc.all(pc.equal(texts, texts[0])).as_py())
