"""Counts of a table's labels."""

from __future__ import annotations

import math
from array import array
from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast, get_args

from fleetstatus._catalog import MEASURES
from fleetstatus._show import html
from fleetstatus._show.cross import Cross
from fleetstatus._show.lines import GAP, laid_out, square, terminal_width
from fleetstatus._table import hints
from fleetstatus._table.arrow import ArrowExport
from fleetstatus._table.column import Column
from fleetstatus._table.frames import to_pandas
from fleetstatus._table.kinds import Kind, kind_of_column, kind_of_values
from fleetstatus._table.masks import check_order
from fleetstatus._words.names import kept_by_carry, no_column
from fleetstatus._words.text import cell_width, in_seconds, label_text, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from fleetstatus import _core

SummaryOf = Literal["status", "reason", "update_status", "attention"]

_MEASURE_KINDS = (Kind("int64"), Kind("float64"), Kind("float64"), Kind("float64"))
_HEADINGS = ("label", "devices", "share", "", "median", "p95")
_NUMBERS = (1, 2)
_BAR_PLACE = 3
_BAR_WIDTH = 20
_LEAST_BAR = 4
_WIDTH = 80


@dataclass(frozen=True)
class Summary(ArrowExport):
    """How many devices have each label, and for how long; one row for each group and label.

    Attributes
    ----------
    by : tuple of str
        Names of the columns that groups are made of.
    of : str
        Column whose labels are counted.
    rows : tuple of dict
        The group's values by column; ``label``, None for null; ``devices``; ``share`` of the
        group's devices; ``median_duration_s`` and ``p95_duration_s`` in seconds, interpolated, None
        where no duration is known. Labels without devices have a row too.
    """

    by: tuple[str, ...]
    of: str
    rows: tuple[dict[str, Any], ...]
    kinds: InitVar[tuple[Kind, ...]]

    def __post_init__(self, kinds: tuple[Kind, ...]) -> None:
        object.__setattr__(self, "_kinds", kinds)  # no field, so that no framework writes it

    if not TYPE_CHECKING:  # a type checker then knows which names there are

        def __getattr__(self, name):
            raise hints.no_attribute(self, name, hints.of_summary(name))

        def __getitem__(self, key):
            message = f"a summary has rows and no item {shortened(repr(key))}; {hints.OF_SUMMARY}"
            raise TypeError(message)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the values of a row."""
        return (*self.by, *MEASURES)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_dicts())

    def to_dicts(self) -> list[dict[str, Any]]:
        """Rows as dicts, in the order of groups and labels."""
        return [dict(row) for row in self.rows]

    def to_pandas(self) -> pd.DataFrame:
        """Make a pandas data frame, a row for each group and label; see `StatusTable.to_pandas`.

        Durations stay numbers of seconds, since a percentile need not be whole.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> frame = fs.classify(fs.sample_fleet()).summary(by="fleet").to_pandas()
        >>> frame.pivot(index="fleet", columns="label", values="devices").shape
        (4, 8)
        """
        columns = {name: Column(core, name) for name, core in self._named_columns()}
        return to_pandas(columns, durations={})

    def _named_columns(self) -> list[tuple[str, _core.Column]]:
        return [
            (name, kind.build([row[name] for row in self.rows]))
            for name, kind in zip(self.columns, vars(self)["_kinds"], strict=True)
        ]

    def __str__(self) -> str:
        """Lay the counts out as text: a row for each group, or with bars where there are none."""
        if self.by:
            return self._cross().to_text()
        width = terminal_width() or _WIDTH
        rows = [[self.of, *_HEADINGS[1:]], *map(self._cells, self.rows)]
        lines = _with_bars(rows, self.rows, width)
        return laid_out(lines, n_fixed=1, width=width, right=_NUMBERS)

    __repr__ = __str__

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        page = self._cross().to_html() if self.by else html.page(self._table())
        return {"text/plain": str(self), "text/html": page}

    def _cross(self) -> Cross:
        return Cross(self.by, self.of, self.rows)

    def _table(self) -> html.Markup:
        rows = []
        for row in self.rows:
            cells: list[str] = self._cells(row)
            cells[0] = html.key(row["label"], cells[0])
            cells[_BAR_PLACE] = html.share_bar(row["label"], row["share"])
            rows.append(cells)
        headings = [self.of, *_HEADINGS[1:]]
        numbers = [_HEADINGS[place] for place in _NUMBERS]
        return html.table(headings, rows, numbers=numbers, is_stacked=True)

    def _cells(self, row: dict[str, Any]) -> list[str]:
        return [
            label_text(row["label"], of=self.of),
            f"{row['devices']:,}",
            f"{row['share']:.1%}",
            "",
            in_seconds(row["median_duration_s"]) or "-",
            in_seconds(row["p95_duration_s"]) or "-",
        ]


def _with_bars(
    lines: list[list[str]], rows: Sequence[dict[str, Any]], width: int
) -> list[list[str]]:
    """Draw bars of the shares into lines, the headings first, as long as there is room."""
    widths = [max(map(cell_width, cells)) for cells in zip(*lines, strict=True)]
    others = sum(widths) + len(GAP) * (len(widths) - 1)
    room = min(width - others, _BAR_WIDTH)
    if room < _LEAST_BAR:
        return [[*line[:_BAR_PLACE], *line[_BAR_PLACE + 1 :]] for line in lines]
    for line, row in zip(lines[1:], rows, strict=True):
        # What is more than nothing can be seen.
        line[_BAR_PLACE] = square() * max(round(row["share"] * room), row["share"] > 0)
    return lines


def summarize(core: _core.StatusTable, by: str | Sequence[Any] | None, of: SummaryOf) -> Summary:
    """Count the labels of a column of a table in groups, which are sorted; see `StatusTable`."""
    if of not in get_args(SummaryOf):
        message = f"of is {of!r}, expected one of {', '.join(get_args(SummaryOf))}; by= groups"
        raise ValueError(message)
    groups = _groups(core, by)
    labels = cast("list[str]", core.column(of).labels)
    rows: list[list[dict[str, Any]]] = [[] for _ in groups.keys]
    for group, label, *measures in core.summary(groups.group_of, len(groups.keys), of):
        row = dict(zip(groups.names, groups.keys[group], strict=True))
        values = (None if label < 0 else labels[label], *measures)
        rows[group].append(row | dict(zip(MEASURES, values, strict=True)))
    order = _in_order(groups.keys)
    kinds = (*groups.kinds, kind_of_column(core.column(of)), *_MEASURE_KINDS)
    return Summary(groups.names, of, tuple(row for group in order for row in rows[group]), kinds)


class _Groups(NamedTuple):
    names: tuple[str, ...]
    keys: list[tuple[Any, ...]]
    group_of: array[int] | _core.Buffer
    kinds: tuple[Kind, ...]


def _groups(core: _core.StatusTable, by: str | Sequence[Any] | None) -> _Groups:
    """Put each row into a group, by columns or by a key for each row."""
    name = by if isinstance(by, str) else None
    keys = [name] if name is not None else [] if by is None else _listed(by)
    if not keys:
        return _Groups((), [()], array("i", bytes(4 * len(core))), ())
    unknown = [key for key in keys if key not in core.columns]
    if not unknown:
        if twice := [key for i, key in enumerate(keys) if key in keys[:i]]:
            message = f"by has {twice[0]!r} twice"
            raise ValueError(message)
        return _groups_by_columns(core, keys)
    if name is not None:
        message = f"by: {no_column(name, core.columns)}{kept_by_carry(name, core.columns)}"
        raise ValueError(message)
    if len(keys) != len(core):
        message = f"by has {len(keys)} keys for a table of {len(core)} rows"
        if all(isinstance(key, str) for key in keys):
            message += f", and {no_column(unknown[0], core.columns)}"
        raise ValueError(message)
    numbers: dict[Any, int] = {}
    group_of = array("i", (numbers.setdefault(key, len(numbers)) for key in keys))
    kind = kind_of_values(list(numbers))
    return _Groups(("group",), [(key,) for key in numbers], group_of, (kind,))


def _listed(by: Iterable[Any]) -> list[Any]:
    """Keys of groups; all NaNs are one."""
    check_order(by, what="by")
    try:
        keys = list(by)
        hash(tuple(keys))
    except TypeError:
        message = (
            "by takes names of columns or a key for each row, such as text or numbers, not "
            f"{shortened(repr(by))}"
        )
        raise TypeError(message) from None
    return [math.nan if isinstance(key, float) and math.isnan(key) else key for key in keys]


def _groups_by_columns(core: _core.StatusTable, names: list[str]) -> _Groups:
    group_of, columns = core.groups(names)
    keys = list(zip(*(column.to_list() for column in columns), strict=True))
    return _Groups(tuple(names), keys, group_of, tuple(map(kind_of_column, columns)))


def _in_order(keys: Sequence[tuple[Any, ...]]) -> list[int]:
    """Places of group keys in ascending order, None last; as text where they do not compare."""

    def sort_key(group: int) -> list[Any]:
        return [(value is None, value) for value in keys[group]]

    def text_key(group: int) -> list[Any]:
        return [(value is None, str(value)) for value in keys[group]]

    try:
        return sorted(range(len(keys)), key=sort_key)
    except TypeError:
        return sorted(range(len(keys)), key=text_key)
