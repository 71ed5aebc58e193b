"""Classify device records."""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from fleetstatus._coerce import to_ms
from fleetstatus._readers import readers_for
from fleetstatus._sources import read_source
from fleetstatus.enums import StatusScheme
from fleetstatus.table import StatusTable


def classify(
    source: Any,
    *,
    scheme: StatusScheme | str = StatusScheme.DOCS_2024_11,
    now: datetime | str | None = None,
    allow_missing: str | Iterable[str] = (),
    on_error: Literal["raise", "keep"] = "raise",
    carry: str | Iterable[str] = (),
    threads: int | None = None,
) -> StatusTable:
    """Tell the status of every device of a source, why it has it, and since when.

    Parameters
    ----------
    source
        Device records: a path (JSON: records, arrays or API responses in a row, so JSON lines
        too; gzip by its content), bytes of the same, a binary file object, a mapping, a sequence
        or iterator of mappings, a sequence of paths or bytes, read as one source, a pandas frame,
        or anything with an Arrow stream or array (polars, pyarrow, DuckDB), which is read once.
        Frames have columns named like the fields; lists and objects may also stand as JSON text.
    scheme
        Vocabulary of the statuses.
    now
        Moment that durations end at: an aware datetime or RFC 3339 text with a zone. None: the
        source's own ``fetched_at``, if it is an API response that was stored with one, else the
        clock, read once.
    allow_missing
        Names of needed fields that no record need have, or ``"all"``. Without a link field the
        status is null, reason ``unknown``, where it would rest on links.
    on_error
        What to do with a record that cannot be read: ``"raise"``, or ``"keep"`` its row, with null
        for the answers that rest on the unreadable field, and the ``error`` column set.
    carry
        Further scalar fields to keep as text columns, such as ``"os_version"`` or, one link deep,
        ``"is_running__release.raw_version"``.
    threads
        Threads that may read a large source of JSON or Arrow at once; None: as many as there are
        cores. The table and any error are the same on any number.

    Returns
    -------
    StatusTable
        Row i is record i of the source.

    Raises
    ------
    RecordError
        If a record is bad; the first in the source.
    JSONError
        If the source is no JSON.
    MissingFieldsError
        If no record has a field that the rules need.
    ValueError, TypeError
        If an argument is none of the above.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> devices = fs.classify(fs.sample_fleet())
    >>> devices["status"][0]
    'Disconnected'
    """
    readers = readers_for(scheme, allow_missing, on_error, carry, threads)
    now_ms = None if now is None else to_ms(now, name="now")
    reader = readers.take()
    fetched_at = read_source(reader, source)
    if now_ms is None:
        now_ms = reader.fetched_at_ms if fetched_at is None else _fetched_at_ms(fetched_at)
    if now_ms is None:
        now_ms = time.time_ns() // 1_000_000
    table = StatusTable(reader.finish(now_ms))
    readers.give_back(reader)
    return table


def _fetched_at_ms(fetched_at: Any) -> int:
    try:
        return to_ms(fetched_at, name="fetched_at")
    except (TypeError, ValueError) as error:
        message = f"{error}; pass now="
        raise ValueError(message) from None
