"""What changed, as a table."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from typing import TYPE_CHECKING, Any, ClassVar, Self

from fleetstatus import _core
from fleetstatus._changes import page, text
from fleetstatus._changes.comparison import Comparison
from fleetstatus._changes.digest import LIMIT, Digest, digest
from fleetstatus._changes.matching import mask_of_fleets, mask_of_labels, mask_of_states
from fleetstatus._coerce import to_limit
from fleetstatus._show.lines import terminal_width
from fleetstatus._table.kinds import Kind, kind_of_column
from fleetstatus._table.rows import Rows
from fleetstatus._words.names import no_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from fleetstatus.enums import StatusScheme

COLUMNS: tuple[str, ...] = tuple(_core.change_columns())
"""Columns of changes, in their order."""

KINDS: dict[str, str] = dict(_core.change_kinds())
"""Kinds of changes, and what each means."""


class Changes(Rows):
    """What changed between snapshots: one row for each change. It is immutable.

    Columns are the device (``uuid``, ``device_name``, ``fleet``), the ``kind`` of the change, the
    value ``before`` and ``after`` it (a status, update status, release, name or fleet), the
    ``reason_before`` and the ``reason`` after it, the ``cause`` of a change of status, when it
    happened (``at``, null if no field says so; always between the snapshots at ``not_before`` and
    ``not_after``), how many seconds the earlier state had lasted (``previous_duration_s``), and
    whether the change is part of an outage (``in_outage``). Made by `diff` and `Tracker`.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> before = fs.classify(fs.sample_fleet())
    >>> changes = fs.diff(before, before)
    >>> len(changes), changes.columns[:4]
    (0, ('uuid', 'device_name', 'fleet', 'kind'))
    """

    __slots__ = ("_about",)
    _durations: ClassVar[Mapping[str, str]] = {"previous_duration_s": "previous_duration"}

    def __init__(
        self, columns: Sequence[tuple[str, _core.Column]], about: Comparison | None = None
    ) -> None:
        super().__init__(columns)
        self._about = about or Comparison()

    @classmethod
    def _of_rows(cls, rows: Iterable[Sequence[Any]], about: Comparison | None = None) -> Self:
        """Make changes of rows in the order of the columns: texts, datetimes, numbers, bools."""
        kinds = [kind_of_column(column) for _, column in _core.empty_changes()]
        lists = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in kinds]
        columns = [
            (name, _with_own_labels(kind, values).build(values))
            for name, kind, values in zip(COLUMNS, kinds, lists, strict=True)
        ]
        return cls(columns, about)

    def _further(self) -> tuple[Any, ...]:
        return (self._about,)

    @property
    def scheme(self) -> StatusScheme:
        """Vocabulary of the statuses."""
        return self._about.scheme

    @property
    def old_now(self) -> datetime | None:
        """Moment of the older snapshot; None if the changes are from several looks."""
        return self._about.old_now

    @property
    def now(self) -> datetime | None:
        """Moment of the newer snapshot; None if the changes are from several looks."""
        return self._about.now

    @property
    def notes(self) -> tuple[str, ...]:
        """What the data does not show, because one of the snapshots lacks fields."""
        return self._about.notes

    @property
    def unreadable(self) -> int:
        """Number of rows that were not compared, because they have no status."""
        return self._about.unreadable

    @property
    def duplicates(self) -> int:
        """Number of rows that were not compared, because the same device has a later row."""
        return self._about.duplicates

    @property
    def without_uuid(self) -> int:
        """Number of rows that were not compared, because they have no uuid."""
        return self._about.without_uuid

    def where(
        self,
        *,
        kind: str | Iterable[str] | None = None,
        before: str | Iterable[str] | None = None,
        after: str | Iterable[str] | None = None,
        fleet: str | Iterable[str] | None = None,
        cause: str | Iterable[str] | None = None,
    ) -> Self:
        """Select the changes that meet all conditions; null meets none.

        Parameters
        ----------
        kind, cause
            One or several, ignoring case.
        before, after
            One value or several: a status, reason or update status, ignoring case, or any other
            value, exactly.
        fleet
            One or several, exactly: the slug, or the name of the app if only one fleet has it.

        Raises
        ------
        ValueError
            If a kind, a cause or a value is unknown, or neither snapshot has the fleet; the message
            lists the valid values.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> len(fs.diff(devices, devices).where(kind="status", after="Disconnected"))
        0
        """
        masks = [
            mask_of_labels(self[name], given)
            for name, given in (("kind", kind), ("cause", cause))
            if given is not None
        ]
        masks += [
            mask_of_states(self[name], given, self.scheme)
            for name, given in (("before", before), ("after", after))
            if given is not None
        ]
        if fleet is not None:
            masks.append(mask_of_fleets(self["fleet"], fleet, self._about))
        return self._filter(reduce(_core.Column.both, masks)) if masks else self

    def counts(self, by: str | Iterable[str] = ("kind", "after")) -> Rows:
        """Count the changes by the values of some columns, the most frequent first.

        Parameters
        ----------
        by
            One column or several.

        Returns
        -------
        Rows, shape (n_groups, n_columns + 1)
            The columns, then ``changes``, how many there are.

        Raises
        ------
        ValueError
            If there is no such column.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> fs.diff(devices, devices).counts(by="kind").to_dicts()
        []
        """
        names = [by] if isinstance(by, str) else list(by)
        for name in names:
            if name not in COLUMNS:
                message = f"by: {no_column(str(name), COLUMNS)}"
                raise ValueError(message)
        groups = Counter(zip(*(self[name].to_list() for name in names), strict=True))
        keys = [key for key, _ in groups.most_common()]
        values = [list(column) for column in zip(*keys, strict=True)] or [[] for _ in names]
        columns = [
            (name, kind_of_column(self[name]._core).build(column))
            for name, column in zip(names, values, strict=True)
        ]
        return Rows([*columns, ("changes", Kind("int64").build([groups[key] for key in keys]))])

    def to_text(self, limit: int | None = LIMIT) -> str:
        """Write the changes as lines for a chat or an e-mail, worst first, recoveries last.

        The first line says what was compared and how many devices changed in which way. Lines that
        begin with ``!`` say what the data does not show. Changes of one device at one time are one
        line, and so is an outage of many devices. A change without a time happened between the two
        moments. Control characters in names are escaped.

        Parameters
        ----------
        limit
            Maximum number of lines for devices and outages; the rest is counted. None: all.

        Raises
        ------
        ValueError
            If the limit is negative.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> before = fs.classify(fs.sample_fleet())
        >>> print(fs.diff(before, before).to_text())
        2026-11-01 12:00 UTC: nothing changed
        """
        return text.to_text(self._digest(limit))

    def to_markdown(self, limit: int | None = LIMIT) -> str:
        """Write the text of `to_text` as Markdown, with names and other texts escaped.

        Raises
        ------
        ValueError
            If the limit is negative.
        """
        return text.to_markdown(self._digest(limit))

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return text.to_text(self._digest(LIMIT), terminal_width())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": page.to_html(self._digest(LIMIT))}

    def _page(self) -> Callable[[], str]:
        return lambda: page.to_page(self._digest(None), "Changes")

    def _digest(self, limit: int | None) -> Digest:
        return digest(self, self._about, to_limit(limit))


def _with_own_labels(kind: Kind, values: Iterable[str | None]) -> Kind:
    """Give an open list of labels those that the values have."""
    if kind.labels is None or kind.type == "dictionary<int8, utf8>":
        return kind
    return Kind(kind.type, tuple(dict.fromkeys(value for value in values if value is not None)))
