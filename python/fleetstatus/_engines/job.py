"""What each task of an engine is told: how to read records, and the one moment of all tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

from fleetstatus import _core
from fleetstatus._coerce import check_choice
from fleetstatus._engines.flat import flat_batches, flat_schema
from fleetstatus._engines.moment import one_moment
from fleetstatus._input.memory import read_source
from fleetstatus._options import ReadOptions
from fleetstatus._table.table import StatusTable
from fleetstatus._words.names import near
from fleetstatus.enums import StatusScheme

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    import pyarrow as pa

    from fleetstatus._carry import Carry
    from fleetstatus._types import SchemeName

ROWS_OF_TABLE = 65_536
"""Rows of a table that a task hands on, at most."""


class EngineOptions(TypedDict, total=False):
    """Options of `classify`, with its defaults but ``missing="parts"``."""

    scheme: StatusScheme | SchemeName
    now: datetime | str | None
    allow_missing: str | Iterable[str]
    on_error: Literal["raise", "keep"]
    carry: Carry
    threads: int | None
    default_poll_interval: timedelta | str
    assume_utc: bool
    missing: Literal["parts"]


_DEFAULTS: dict[str, Any] = {
    "scheme": StatusScheme.DOCS_2024_11,
    "now": None,
    "allow_missing": (),
    "on_error": "raise",
    "carry": (),
    "threads": None,
    "default_poll_interval": timedelta(minutes=15),
    "assume_utc": False,
    "missing": "parts",
}


class Job(NamedTuple):
    """How each task reads its records. It can be pickled, and holds plain values alone.

    Attributes
    ----------
    options
        How records are read, as the core takes it.
    moment
        The moment that all durations end at, in milliseconds since 1970, and the core's code of
        where it comes from. The driver has decided it, once for all tasks.
    """

    options: dict[str, Any]
    moment: tuple[int, int]

    def scanner(self) -> _core.Scanner:
        """Make a reader of text, which runs on the thread of its task."""
        return _core.Scanner(**self.options, batch_size=ROWS_OF_TABLE, n_threads=1)

    def reader(self) -> _core.Reader:
        """Make a reader of one source, which runs on the thread of its task."""
        return _core.Reader(**self.options, n_threads=1)

    def classify(self, source: Any) -> StatusTable:
        """Read a source that is in memory."""
        reader = self.reader()
        read_source(reader, source)
        return StatusTable(reader.finish(*self.moment))

    def cut(self, scanner: _core.Scanner) -> Iterator[pa.RecordBatch]:
        """Make flat batches of the rows that were read since the last ones."""
        return flat_batches(StatusTable(scanner.cut(*self.moment)), ROWS_OF_TABLE)

    def batches(self, reader: _core.Reader) -> Iterator[pa.RecordBatch]:
        """Make flat batches of all rows that were read."""
        return flat_batches(StatusTable(reader.finish(*self.moment)), ROWS_OF_TABLE)

    def keeping(self) -> Job:
        """Make a job that keeps the rows of bad records."""
        return self._replace(options=self.options | {"keep": True})

    def schema(self) -> pa.Schema:
        """Give the schema that the batches of all tasks have."""
        return flat_schema(StatusTable(self.scanner().cut(*self.moment)))

    def is_read(self, name: str) -> bool:
        """Whether a column of a frame is read, by its name."""
        return self.reader().is_listed(name)


def job_of(options: EngineOptions, files: Sequence[Path] | None = None) -> Job:
    """Check the options of an engine, and decide the one moment.

    Parameters
    ----------
    options
        As the caller gave them.
    files
        The files of the source where all of them are files of this machine.

    Raises
    ------
    ValueError, TypeError
        If an option is none.
    """
    all_options = all_of(options)
    read = {name: all_options[name] for name in ReadOptions._fields}
    return Job(ReadOptions(**read).for_engine(), one_moment(all_options["now"], files))


def all_of(options: EngineOptions) -> dict[str, Any]:
    """Give all options, also those that the caller left out, by their names in `classify`.

    Raises
    ------
    ValueError, TypeError
        If there is no such option, or if no engine can do as it says.
    """
    for name in options:
        if name not in _DEFAULTS:
            message = f"no option {name!r}{near(name, _DEFAULTS)}; there are {', '.join(_DEFAULTS)}"
            raise TypeError(message)
    all_options = _DEFAULTS | dict(options)
    _check_missing(all_options["missing"])
    _check_threads(all_options["threads"])
    return all_options


def _check_missing(missing: object) -> None:
    if missing == "source":
        message = (
            "missing='source' judges all of a source, and each task of an engine has a part alone\n"
            "leave it out, and judge the result: fleetstatus.check_fields([result]), of its column "
            "fields_seen"
        )
        raise ValueError(message)
    check_choice(missing, ("parts",), name="missing")


def _check_threads(threads: object) -> None:
    if threads is None or (threads == 1 and not isinstance(threads, bool)):
        return
    message = f"threads is {threads!r}, but each task of an engine has one thread; leave it out"
    raise ValueError(message)
