"""What a table is: its scheme, its moment, its columns, and what its source held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._catalog import NOW_SOURCES, NowSource, fields_of
from fleetstatus._coerce import from_ms, scheme_of
from fleetstatus._table.column import Column
from fleetstatus._table.find import find_rows
from fleetstatus._words.names import kept_by_carry, no_column
from fleetstatus._words.text import quoted

if TYPE_CHECKING:
    from datetime import datetime

    from fleetstatus import _core
    from fleetstatus.enums import StatusScheme


class TableFacts:
    """The part of `StatusTable` that is about the table as a whole."""

    __slots__ = ("_core",)

    def __init__(self, core: _core.StatusTable) -> None:
        self._core = core

    def __len__(self) -> int:
        return len(self._core)

    @property
    def scheme(self) -> StatusScheme:
        """Vocabulary of the statuses."""
        return scheme_of(self._core.scheme)

    @property
    def now(self) -> datetime:
        """Moment at which durations end."""
        return from_ms(self._core.now_ms)

    @property
    def now_source(self) -> NowSource:
        """Where `now` comes from.

        ``given``: by the caller. ``fetched_at``: from the API responses. ``file``: when the newest
        file was written. ``clock``: the time of the clock. ``newest``: the newest event.
        """
        return NOW_SOURCES[self._core.now_source]

    @property
    def newest_event(self) -> datetime | None:
        """Latest time in the whole source."""
        return from_ms(self._core.newest_event_ms)

    @property
    def fields_missing(self) -> dict[str, str]:
        """Fields that no record of the source had, and what is unknown without them."""
        return dict(self._core.gaps)

    @property
    def fields_seen(self) -> frozenset[str]:
        """Needed fields that some record of the source had, by their names in the API.

        If one of several fields is enough, each is listed by its own name; see `check_fields`.
        """
        return fields_of(self._core.fields_seen)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in their order.

        A name that ends in ``_s`` is a whole number of seconds. The same name without ``_s`` is a
        duration, in `DeviceStatus` and in pandas.
        """
        return tuple(self._core.columns)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return len(self), len(self.columns)

    @property
    def schema(self) -> dict[str, str]:
        """Arrow type of each column, by name; see `Column.type`."""
        return {name: self._column(name).type for name in self.columns}

    def _column(self, name: str) -> Column:
        return Column(self._core.column(name), name)

    def _named(self, name: str) -> Column:
        """Give the column that a user names.

        Raises
        ------
        KeyError
            If there is none; the message lists them, and those that are near.
        """
        if not isinstance(name, str):
            message = f"a column is named by text, not by a {type(name).__name__}"
            raise TypeError(message)
        if name not in self._core.columns:
            raise KeyError(no_column(name, self.columns) + self._instead_of(name))
        return self._column(name)

    def _instead_of(self, name: str) -> str:
        """Say how to get at what a name that is no column may mean, as the end of a message."""
        if find_rows(self._core, name):
            return f"; table.find({quoted(name)}) finds a device"
        return kept_by_carry(name, self.columns)
