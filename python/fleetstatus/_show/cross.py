"""Counts of labels by groups as a cross table: a row for each group, a column for each label."""

from __future__ import annotations

import re
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetstatus._show import html
from fleetstatus._show.lines import GAP, laid_out, terminal_width
from fleetstatus._words.text import and_more, cell_width, clipped, label_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MOST_GROUPS = 50
_NAME_WIDTH = 32
_LEAST_NAME = 8
_WIDTH = 80
_NOTE = "shares and durations: .to_dicts() or .to_pandas()"
_PARTS = re.compile(r"\s+|(?<=-)")


class _Group(NamedTuple):
    names: list[str]
    counts: dict[str | None, int]

    @property
    def devices(self) -> int:
        return sum(self.counts.values())


class Cross:
    """Counts by group and label, of the rows of a summary; labels that no device has are left out.

    Parameters
    ----------
    by, of
        Names of the groups' columns and of the one that is counted.
    rows
        One for each group and label, those of a group together.
    """

    def __init__(self, by: Sequence[str], of: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.by, self.of = by, of
        self._groups = list(_groups(by, rows))
        self._labels: list[str | None] = []
        for label in dict.fromkeys(row["label"] for row in rows):
            if any(group.counts.get(label) for group in self._groups):
                self._labels.append(label)

    def to_text(self) -> str:
        """Write it in blocks as wide as the terminal."""
        n_names, width = len(self.by), terminal_width() or _WIDTH
        heads = [*self.by, "devices", *(label_text(label, of=self.of) for label in self._labels)]
        tops = _tops(heads, n_names=n_names)
        text = laid_out(
            [*tops, *self._rows(tops, width)],
            n_fixed=n_names,
            width=width,
            right=range(n_names, len(heads)),
            n_heads=len(tops),
        )
        return "\n".join([text, *self._notes()])

    def to_html(self) -> html.Markup:
        """Draw it, each group with a bar of its shares."""
        labels = [self._heading(label) for label in self._labels]
        headings = [*self.by, "devices", *([""] if self._has_colours else []), *labels]
        rows: list[list[str]] = []
        for group in self._shown():
            counts = [(label, group.counts.get(label, 0)) for label in self._labels]
            names, devices, *numbers = self._cells(group)
            bar = [html.bar(counts, of=self.of)] if self._has_colours else []
            rows.append([*names, devices, *bar, *numbers])
        return html.page(
            html.table(headings, rows, numbers=("devices", *labels), is_stacked=True),
            *(html.paragraph(note, kind="note") for note in self._notes()),
        )

    @property
    def _has_colours(self) -> bool:
        return self.of != "reason"

    def _heading(self, label: str | None) -> html.Markup:
        text = label_text(label, of=self.of)
        return html.key_above(label, text) if self._has_colours else html.markup(text)

    def _shown(self) -> list[_Group]:
        """Give the groups to show, and all together if there are several."""
        if len(self._groups) < 2:
            return self._groups
        total = {
            label: sum(group.counts.get(label, 0) for group in self._groups)
            for label in self._labels
        }
        names = ["total", *("" for _ in self.by[1:])]
        return [*self._groups[:_MOST_GROUPS], _Group(names, total)]

    def _cells(self, group: _Group) -> list[Any]:
        counts = [group.devices, *(group.counts.get(label, 0) for label in self._labels)]
        return [group.names, *(f"{count:,}" for count in counts)]

    def _rows(self, tops: list[list[str]], width: int) -> list[list[str]]:
        """Write the groups; names are cut where a count would have no room beside them."""
        n_names = len(self.by)
        rows = [[*names, *numbers] for names, *numbers in map(self._cells, self._shown())]
        widths = [max(map(cell_width, cells)) for cells in zip(*tops, *rows, strict=True)]
        most = _most_of_names(widths[:n_names], width - max(widths[n_names:]))
        return [[*(clipped(name, most) for name in row[:n_names]), *row[n_names:]] for row in rows]

    def _notes(self) -> list[str]:
        more = len(self._groups) - _MOST_GROUPS
        left_out = [f"{and_more(more, 'group')}, which the total includes"] if more > 0 else []
        return [*left_out, _NOTE]


def _groups(by: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterator[_Group]:
    def key_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(row[name] for name in by)

    for key, listed in groupby(rows, key_of):
        names = ["-" if part is None else visible(part) for part in key]
        yield _Group(names, {row["label"]: row["devices"] for row in listed})


def _most_of_names(widths: Sequence[int], room: int) -> int:
    """Find to how many cells names are cut, so that those of a group have room."""
    room -= len(GAP) * len(widths)
    for most in range(_NAME_WIDTH, _LEAST_NAME, -1):
        if sum(min(width, most) for width in widths) <= room:
            return most
    return _LEAST_NAME


def _tops(heads: Sequence[str], *, n_names: int) -> list[list[str]]:
    """Break the headings of labels into lines, so that columns are narrow; the last line is full."""
    parts = [
        [head] if column < n_names else [part for part in _PARTS.split(head) if part]
        for column, head in enumerate(heads)
    ]
    lines = list(zip_longest(*(reversed(one) for one in parts), fillvalue=""))
    return [list(line) for line in reversed(lines)]
