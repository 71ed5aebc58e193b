"""Counts of a table's labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fleetstatus import _html
from fleetstatus._text import in_words, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MEASURES = ("label", "devices", "share", "median_duration_s", "p95_duration_s")
_BAR_WIDTH = 20


@dataclass(frozen=True)
class Summary:
    """How many devices have each label, and for how long; one row for each group and label.

    Attributes
    ----------
    by : tuple of str
        Names of the columns that groups are made of.
    of : str
        Column whose labels are counted.
    rows : tuple of dict
        The group's values by column; ``label``, None for null; ``devices``; ``share`` of the group's devices; ``median_duration_s`` and ``p95_duration_s`` in seconds,
        interpolated, None where no duration is known. Labels without devices have their row too.
    """

    by: tuple[str, ...]
    of: str
    rows: tuple[dict[str, Any], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the values of a row."""
        return (*self.by, *_MEASURES)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_dicts())

    def to_dicts(self) -> list[dict[str, Any]]:
        """Rows as dicts, in the order of groups and labels."""
        return [dict(row) for row in self.rows]

    def __str__(self) -> str:
        """Lay the rows out as text, with bars."""
        return "\n".join(_aligned([self._headings(), *map(self._cells, self.rows)]))

    __repr__ = __str__

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {
            "text/plain": str(self),
            "text/html": _html.page(_html.table(self._headings(), map(self._cells, self.rows))),
        }

    def _headings(self) -> list[str]:
        return [*self.by, self.of, "devices", "share", "", "median", "p95"]

    def _cells(self, row: dict[str, Any]) -> list[str]:
        return [
            *("-" if row[name] is None else visible(row[name]) for name in (*self.by, "label")),
            str(row["devices"]),
            f"{row['share']:.1%}",
            "█" * round(row["share"] * _BAR_WIDTH),
            _duration(row["median_duration_s"]),
            _duration(row["p95_duration_s"]),
        ]


def _duration(seconds: float | None) -> str:
    return "-" if seconds is None else in_words(timedelta(seconds=seconds))


def _aligned(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()
