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
    """What happened to devices between two looks: one row for each change. It never changes.

    Columns are the device (``uuid``, ``device_name``, ``fleet``), the ``kind`` of the change, what
    was told ``before`` and ``after`` it (labels of statuses or update statuses, reasons, releases,
    names), the ``reason_before`` and the ``reason`` after it, the ``cause`` of a change of status,
    when it happened (``at``, null where no field says so; ``not_before`` and ``not_after``, the
    two looks that it lies between), how many seconds the earlier state had lasted
    (``previous_duration_s``), and whether the device was part of an outage (``in_outage``). Made
    by `diff` and `Tracker`.

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
        """Moment of the older snapshot; None where the changes are of several looks."""
        return self._about.old_now

    @property
    def now(self) -> datetime | None:
        """Moment of the newer snapshot; None where the changes are of several looks."""
        return self._about.now

    @property
    def notes(self) -> tuple[str, ...]:
        """What the changes cannot tell: fields that one of the snapshots lacks."""
        return self._about.notes

    @property
    def unreadable(self) -> int:
        """Rows that were not compared, since they do not say which status the device has."""
        return self._about.unreadable

    @property
    def duplicates(self) -> int:
        """Rows that were not compared, since a later row of the snapshot is of the same device."""
        return self._about.duplicates

    @property
    def without_uuid(self) -> int:
        """Rows that were not compared, since they have no uuid."""
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
            One state or several: a status, reason or update status ignoring case, or what the
            changes have, exactly.
        fleet
            One or several, exactly: the slug, or the name of the app where one fleet has it.

        Raises
        ------
        ValueError
            If a kind, a cause or a state is unknown, or a fleet that neither snapshot has; the
            message lists what there is.

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
        """Count the changes that have the same values in some columns, most first.

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
        """Write what happened as lines for a chat or a mail, worst first, recoveries last.

        The first line says what was compared and how many devices changed in which way; lines that
        begin with ``!`` say what the changes cannot tell. Changes of one device at one time are
        one line, an outage of many devices is one line. A change without a time lies somewhere
        between the two moments. Names are shown with control characters as escapes.

        Parameters
        ----------
        limit
            How many lines of devices and outages to write at most; the rest is counted. None: all.

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
        """Write what `to_text` says as Markdown; names and other texts make no markup.

        Raises
        ------
        ValueError
            If the limit is negative.
        """
        return text.to_markdown(self._digest(limit))

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return self.to_text()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        told = self._digest(LIMIT)
        return {"text/plain": text.to_text(told), "text/html": page.to_html(told)}

    def _page(self) -> Callable[[], str]:
        return lambda: page.to_page(self._digest(None), "Changes")

    def _digest(self, limit: int | None) -> Digest:
        return digest(self, self._about, to_limit(limit))


def _with_own_labels(kind: Kind, values: Iterable[str | None]) -> Kind:
    """Give an open list of labels those that the values have."""
    if kind.labels is None or kind.type == "dictionary<int8, utf8>":
        return kind
    return Kind(kind.type, tuple(dict.fromkeys(value for value in values if value is not None)))
