"""Classify device records."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from fleetstatus._carry import Carry
from fleetstatus._input.memory import read_source
from fleetstatus._input.moment import wanted_moment
from fleetstatus._input.readers import readers_for
from fleetstatus._options import ReadOptions
from fleetstatus._table.table import StatusTable
from fleetstatus.enums import StatusScheme

if TYPE_CHECKING:
    from fleetstatus._types import SchemeName, Source


def classify(
    source: "Source",
    *,
    scheme: "StatusScheme | SchemeName" = StatusScheme.DOCS_2024_11,
    now: datetime | str | None = None,
    allow_missing: str | Iterable[str] = (),
    on_error: Literal["raise", "keep"] = "raise",
    carry: Carry = (),
    threads: int | None = None,
    default_poll_interval: timedelta | str = timedelta(minutes=15),
    assume_utc: bool = False,
    missing: Literal["source", "parts"] = "source",
) -> StatusTable:
    """Find the status of every device of a source, why it has it, and since when.

    Parameters
    ----------
    source
        Device records. A path, bytes or a binary file object: JSON (records, arrays, API responses
        or JSON lines), CSV, Parquet or Arrow IPC, also compressed with gzip; the format is
        recognized by content. Or a mapping, or a sequence or iterator of mappings: records, pages
        or fleets with their devices in ``owns__device``. Or a sequence of paths or bytes, read as
        one source. Or a data frame with columns named like the fields: pandas, or anything with an
        Arrow stream or array (polars, pyarrow, DuckDB); lists and objects in it may also be JSON
        text.
    scheme
        Vocabulary of the statuses.
    now
        Moment at which durations end: an aware datetime, RFC 3339 text with a zone, ``"newest"``
        (the newest event in the data), ``"file"`` (when the newest file was written) or
        ``"clock"``. None: the latest ``fetched_at`` of the API responses, if they have one; else,
        for paths, when the newest file was written (but not before the newest event, and not after
        the time of the clock); else the time of the clock. `StatusTable.now_source` says which of
        them it is.
    allow_missing
        Names of needed or carried fields that may be missing in all records, or ``"all"``. Without
        a link field, a status that depends on links is null, with the reason ``unknown``.
    on_error
        What to do with a record that cannot be read: ``"raise"`` an error, or ``"keep"`` its row.
        Then the column ``error`` says what is wrong, and answers that depend on the unreadable
        field are null.
    carry
        Further fields to keep as columns: a field such as ``"os_version"``, a field of a linked
        object such as ``"is_running__release.raw_version"``, or a device tag such as
        ``"tag:site"``. Known numbers, bools and times of the API keep their types; all others are
        text. To set the types, pass a mapping: ``{"rack": int}`` (int, float, bool, datetime or
        str).
    threads
        Number of threads for a large source of JSON or Arrow; None: one for each core. The table
        and any error are the same for any number.
    default_poll_interval
        The server's default poll interval, which is also its smallest: a timedelta or text such as
        ``"10min"``, more than 0, at most 10 years. The heartbeat window depends on it. It is 15
        minutes on balenaCloud and 10 on openBalena.
    assume_utc
        True: times without a zone are UTC. False: a record with such a time is bad. Databases of
        openBalena before API v39 have such times.
    missing
        ``"source"``: it is an error if no record has a needed field. ``"parts"``: the source is one
        part of a larger one, so missing fields are not an error yet (except for the two links, it
        reads as null); use `check_fields` to check all parts together.

    Returns
    -------
    StatusTable
        Row i is record i of the source. An empty source gives an empty table.

    Raises
    ------
    NotDevicesError
        If the source holds no device records: an error answer, a list of fleets, a web page.
    RecordError
        If a record cannot be read; it is the first such record of the source.
    JSONError
        If the source is neither JSON nor any of the other formats.
    MissingFieldsError
        If no record has a field that the rules need, or a carried one.
    ValueError, TypeError
        If an argument has a wrong value or type.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> devices = fs.classify(fs.sample_fleet())
    >>> devices["status"][0]
    'Disconnected'
    >>> devices.now_source
    'fetched_at'
    """
    options = ReadOptions(
        scheme, allow_missing, on_error, carry, default_poll_interval, assume_utc, missing
    )
    readers = readers_for(options, threads)
    wanted = wanted_moment(now, source)
    reader = readers.take()
    written_ns = read_source(reader, source)
    try:
        moment = wanted.decide(reader, written_ns)
    except ValueError:
        reader.finish(0, 0)  # what is wrong with the records comes first
        raise
    table = StatusTable(reader.finish(*moment))
    readers.give_back(reader)
    return table
