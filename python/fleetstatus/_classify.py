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
        Device records: a path, bytes or a binary file object of JSON (records, arrays, API
        responses or JSON lines), CSV, Parquet or Arrow IPC, recognized by content, also gzip; a
        mapping, or a sequence or iterator of mappings; a sequence of paths or bytes, read as one
        source; pages, each a list of records or an API response; fleets with their devices in
        ``owns__device``; a pandas frame, or anything with an Arrow stream or array (polars,
        pyarrow, DuckDB), which is read once. Frames have columns named like the fields; lists and
        objects may also be JSON text in them.
    scheme
        Vocabulary of the statuses.
    now
        Moment that durations end at: an aware datetime, RFC 3339 text with a zone, ``"newest"``
        (the newest event in the data), ``"file"`` (when the newest file was written) or
        ``"clock"``. None: the latest ``fetched_at`` of API responses that were stored with one;
        else, for files by path, when the newest was written, but not before the newest event and
        not after the clock; else the clock, read once. `StatusTable.now_source` says which.
    allow_missing
        Required fields, and carried ones, that may be absent, or ``"all"``. Without a link
        field the status is null, reason ``unknown``, where it depends on links.
    on_error
        What to do with a record that cannot be read: ``"raise"``, or ``"keep"`` its row, with null
        for the answers that depend on the unreadable field, and the ``error`` column set.
    carry
        Further fields to keep as columns: ``"os_version"``; one link deep
        ``"is_running__release.raw_version"``; the value of a device tag, ``"tag:site"``. Numbers,
        bools and times of the API's device have their types, by name; all others are text. A
        mapping gives the types: ``{"rack": int}`` (int, float, bool, datetime or str).
    threads
        Threads that may read a large source of JSON or Arrow at once; None: as many as there are
        cores. The table and any error are the same on any number.
    default_poll_interval
        The server's default and least poll interval, from which the heartbeat window follows; more
        than 0, at most 10 years, also text such as ``"10min"``. balenaCloud has 15 minutes,
        openBalena 10.
    assume_utc
        Whether times without a zone are UTC; else they are bad records. openBalena's databases
        hold such times before API v39.
    missing
        ``"source"``: a needed field that no record has is an error. ``"parts"``: the source is a
        part of something larger, so a needed field that may be null is null where it is absent,
        and `check_fields` judges all parts together.

    Returns
    -------
    StatusTable
        Row i is record i of the source; of none an empty table.

    Raises
    ------
    NotDevicesError
        If the source holds no device records: an error answer, a list of fleets, a web page.
    RecordError
        If a record is bad; the first in the source.
    JSONError
        If the source is no JSON, nor any of the other forms.
    MissingFieldsError
        If no record has a field that the rules need, or a carried one.
    ValueError, TypeError
        If an argument is none of the above.

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
