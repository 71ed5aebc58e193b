"""Files of this machine, read by one process table by table."""

from __future__ import annotations

import os
from contextlib import suppress
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetstatus._classify import classify
from fleetstatus._input.file_sources import name_of, to_path
from fleetstatus._scan import scan
from fleetstatus._words.text import visible
from fleetstatus.errors import FleetStatusError, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from fleetstatus._table.table import StatusTable


def files_matching(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """Names of files, each path as it stands if there is such a file, else as a pattern.

    Raises
    ------
    FileNotFoundError
        If no file matches a pattern.
    ValueError
        If a path is text that is JSON.
    """
    return [file for path in paths for file in _matching(os.fspath(to_path(path)))]


def _matching(path: str) -> list[str]:
    if not has_magic(path) or Path(path).exists():
        return [path]
    found = glob(path, recursive=True)  # noqa: PTH207 - patterns may be absolute
    files = sorted(file for file in found if not Path(file).is_dir())
    if not files:
        message = f"no file matches {path!r}"
        raise FileNotFoundError(message)
    return files


def table_in_memory(source: Any, **options: Any) -> StatusTable:
    """Read records or columns in memory, as `classify` does.

    Raises
    ------
    RecordError
        If a record is bad; the message says which device it is.
    """
    try:
        return classify(source, **options)
    except RecordError as error:
        with suppress(Exception):  # what can be read once only does not say which device it is
            kept = classify(source, **options | {"on_error": "keep", "now": "clock"})
            _name_place(error, _Place("", error.index, kept["uuid"][error.index]))
        raise


def tables_of(
    parts: list[Any], options: dict[str, Any], now: datetime | str | None
) -> Iterator[StatusTable]:
    """Read parts of a source one after another, as `scan` does.

    Parameters
    ----------
    parts
        Paths, bytes or open files.
    options
        Those of `classify` that `scan` has too, but ``now``.
    now
        As in `scan`.

    Raises
    ------
    RecordError
        If a record is bad. The message says which device of which file it is, and counts records
        from the start of the file.
    """
    # What is not a file has no name, unless it is one of several.
    source = parts[0] if len(parts) == 1 and not name_of(parts[0]) else parts
    try:
        yield from scan(source, **options, now=now)
    except RecordError as error:
        place = _place_of(error.index, parts, options)
        if place is not None:
            _name_place(error, place)
        raise


class _Place(NamedTuple):
    """Where a record stands."""

    part: str
    record: int
    uuid: str | None


def _place_of(index: int, parts: list[Any], options: dict[str, Any]) -> _Place | None:
    """Find a record, for which the parts up to it are read again."""
    for number, part in enumerate(parts):
        n_before = 0
        try:
            for table in scan(part, **options | {"on_error": "keep"}):
                if index < n_before + len(table):
                    name = name_of(part) or (f"item {number}" if len(parts) > 1 else "")
                    return _Place(name, index, table["uuid"][index - n_before])
                n_before += len(table)
        except (FleetStatusError, ValueError, OSError):  # it can be read once, or has changed
            return None
        index -= n_before
    return None


def _name_place(error: RecordError, place: _Place) -> None:
    words = str(error).removeprefix(f"{place.part}: ").removeprefix(f"record {error.index}")
    uuid = "" if place.uuid is None else f"uuid {visible(place.uuid)}"
    where = ", ".join(filter(None, [place.part, uuid, f"record {place.record}"]))
    error.index = place.record
    error.args = (f"{where}{words}", place.record, *error.args[2:])
