"""Read what a command line names, and choose the devices of its fleets."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import fleetstatus as fs
from fleetstatus import _core
from fleetstatus._catalog import COLUMNS
from fleetstatus._coerce import duration_ms
from fleetstatus._report.report import last_of_each
from fleetstatus._words.names import did_you_mean, nearest
from fleetstatus._words.text import quoted
from fleetstatus.cli._errors import InputError, input_error, wrong_usage
from fleetstatus.cli._live import fetched, is_live
from fleetstatus.cli._moment import to_now
from fleetstatus.cli._paths import STANDARD_INPUT, Files, check_that_no_snapshots, files_of
from fleetstatus.cli._progress import counted, while_reading
from fleetstatus.cli._text import visible_lines
from fleetstatus.cli._thresholds import Thresholds, to_thresholds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fleetstatus.cli._options import SourceOptions


@dataclass(frozen=True)
class Devices:
    """What was read.

    Attributes
    ----------
    name
        What to call the input.
    whole
        All rows of the input.
    table
        Those of ``--fleet``; all where that was not given.
    thresholds
        How long something may last before it needs attention.
    """

    name: str
    whole: fs.StatusTable
    table: fs.StatusTable
    thresholds: Thresholds

    @cached_property
    def counted(self) -> fs.StatusTable:
        """Rows of `table` that are counted: of one uuid the last."""
        return last_of_each(self.table)

    @cached_property
    def attention(self) -> fs.StatusTable:
        """Devices that need attention, worst first."""
        return self.attention_in(self.counted)

    def attention_in(self, table: fs.StatusTable) -> fs.StatusTable:
        """Rows of a table that need attention, worst first."""
        return table.attention(**self.thresholds)

    def with_attention(self, table: fs.StatusTable) -> fs.StatusTable:
        """All rows of a table, with the attention class that the thresholds give them."""
        if not self.thresholds:
            return table
        in_ms = _core.attention_thresholds_ms()
        in_ms |= {name: duration_ms(one, name=name) for name, one in self.thresholds.items()}
        core = table._core.with_attention(**{f"{name}_ms": ms for name, ms in in_ms.items()})
        return fs.StatusTable(core)

    @property
    def has_statuses(self) -> bool:
        """Whether a row of the whole input has a status."""
        return any(code >= 0 for code in self.whole["status"].codes())


def read_devices(reading: SourceOptions, *, carry: Sequence[str] = ()) -> Devices:
    """Classify all records of the files.

    Parameters
    ----------
    reading
        What to read, and how.
    carry
        Columns that the caller will show or group by; those that no table has are carried over
        from the records.

    Raises
    ------
    InputError
        If the input cannot be read, or holds no devices.
    click.UsageError
        If an option cannot be used.
    """
    thresholds = to_thresholds(reading["threshold"])
    further = [column for column in dict.fromkeys(carry) if column not in COLUMNS]
    files = files_of(reading["files"])
    whole = _classify(files, reading, further)
    if len(whole) == 0:
        message = f"{files.name}: no devices"
        raise InputError(message)
    check_that_no_snapshots(files, whole)
    return Devices(files.name, whole, _of_fleets(whole, reading["fleet"]), thresholds)


def _python_options(reading: SourceOptions) -> dict[str, Any]:
    allowed = reading["allow_missing"]
    options: dict[str, Any] = {
        "scheme": reading["scheme"],
        "now": to_now(reading["now"]),
        "allow_missing": "all" if "all" in allowed else allowed,
        "on_error": reading["on_error"],
        "assume_utc": reading["assume_utc"],
    }
    if reading["default_poll_interval"] is not None:
        options["default_poll_interval"] = reading["default_poll_interval"]
    return options


def _classify(files: Files, reading: SourceOptions, carry: Sequence[str]) -> fs.StatusTable:
    options = _python_options(reading)
    if len(files.paths) > 1:
        _check_that_none_is_empty([Path(path) for path in files.on_disk])
    try:
        live = {path: _fetched(path, reading, carry) for path in files.paths if is_live(path)}
        with while_reading(files.on_disk), ExitStack() as stack:
            sources: list[Any] = []
            for path in files.paths:
                sources += live.get(path) or [_source_of(path, stack)]
            source = sources[0] if len(sources) == 1 else sources
            return fs.classify(source, carry=carry, **options)
    except fs.MissingFieldsError as error:
        raise input_error(error, name=files.name, hint=_near_columns(error, carry)) from error
    except (fs.ApiError, ValueError, OSError, EOFError) as error:
        raise input_error(error, name=files.name) from error


def _fetched(path: str, reading: SourceOptions, carry: Sequence[str]) -> list[bytes]:
    return fetched(path, api=reading["api"], ca=reading["ca"], carry=carry)


def _near_columns(error: fs.MissingFieldsError, carry: Sequence[str]) -> str:
    """Ask for columns of every table whose names are near, but for those already named."""
    message = str(error)
    asked = (nearest(name, COLUMNS) for name in error.fields if name in carry)
    names = dict.fromkeys(name for found in asked for name in found)
    return did_you_mean([name for name in names if quoted(name) not in message])


def _check_that_none_is_empty(paths: Sequence[Path]) -> None:
    """Refuse an empty file among others: what should have been in it is missing from the answer."""
    for path in paths:
        if path.is_file() and path.stat().st_size == 0:
            message = (
                f"{path}: an empty file among others, no devices\nfetch it again, or leave it out"
            )
            raise InputError(visible_lines(message))


def _source_of(path: str, stack: ExitStack) -> object:
    """Source of a file; a redirected one stays a file, whose time of writing is known."""
    if path != STANDARD_INPUT:
        return Path(path)
    if sys.stdin is None:
        message = "standard input is closed"
        raise InputError(message)
    stream = sys.stdin.buffer
    return stream if _is_file(stream) else stack.enter_context(counted(stream))


def _is_file(stream: BinaryIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:
        return False


def _of_fleets(table: fs.StatusTable, fleets: tuple[str, ...]) -> fs.StatusTable:
    if not fleets:
        return table
    try:
        return table.where(fleet=fleets)
    except ValueError as error:
        raise wrong_usage(error) from error
