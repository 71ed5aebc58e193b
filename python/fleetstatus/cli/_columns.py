"""Columns of a list: what they show, and how they are fitted into a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from fleetstatus._words.text import best_name, cell_width, visible
from fleetstatus.cli._errors import in_options
from fleetstatus.cli._text import NOTHING, lasted, shortened_to, shown

if TYPE_CHECKING:
    import fleetstatus as fs

GAP = "  "
_LEAST_DEVICE = 20
_LEAST_NAME = 12
_FLOOR = 8


@dataclass
class ListColumn:
    """One column of a list.

    Attributes
    ----------
    header, cells
        What it shows.
    least
        Cells of a terminal to which it is shortened so that other columns have room; None if it
        is not.
    is_fixed
        Whether it stays, whatever room there is.
    floor
        Cells to which it is shortened where those that stay have no room otherwise.
    rank
        Where there is no room, columns of a higher rank go first.
    """

    header: str
    cells: list[str]
    least: int | None = None
    is_fixed: bool = False
    floor: int | None = None
    rank: int = 0
    width: int = field(init=False)

    def __post_init__(self) -> None:
        self.width = max(map(cell_width, (self.header, *self.cells)))

    @property
    def narrowest(self) -> int:
        """Cells of a terminal that it takes at least."""
        return self.width if self.least is None else min(self.width, self.least)


def usual_columns(
    table: fs.StatusTable, further: list[str], api_answers: list[str | None]
) -> list[ListColumn]:
    """Give the columns of a list: first those that always stay, then the most useful ones.

    Parameters
    ----------
    table
        The rows.
    further
        Columns that the caller has asked for beside the usual ones.
    api_answers
        The API's own answer where it differs from what its rules give.
    """
    columns = [
        ListColumn("DEVICE", _names(table), _LEAST_DEVICE, is_fixed=True, floor=_FLOOR),
        ListColumn("STATUS", _texts(table, "status"), is_fixed=True, floor=_FLOOR),
        ListColumn("FOR", _durations(table, "status_duration_s"), is_fixed=True),
        ListColumn("REASON", _texts(table, "reason"), is_fixed=True, floor=_FLOOR),
        ListColumn("ATTENTION", _texts(table, "attention")),
    ]
    if any(answer is not None for answer in api_answers):
        columns.append(ListColumn("API SAYS", list(map(shown, api_answers)), _LEAST_NAME))
    statuses = table["status"].to_list()
    links = [ListColumn("CLOUDLINK", _links(table))] if None in statuses else []
    if not any(statuses):  # then the links are all that is known
        columns += links
        links = []
    columns += [ListColumn(_header(name), _texts(table, name), _LEAST_NAME) for name in further]
    return [
        *columns,
        ListColumn("FLEET", _texts(table, "fleet"), _LEAST_NAME),
        ListColumn("UPDATE STATUS", _texts(table, "update_status")),
        ListColumn("UPDATE FOR", _durations(table, "update_status_duration_s")),
        *links,
        ListColumn("RELEASE", _texts(table, "release"), _LEAST_NAME),
        ListColumn("DETAIL", _texts(table, "detail"), _LEAST_NAME),
    ]


def chosen_columns(table: fs.StatusTable, names: list[str]) -> list[ListColumn]:
    """Give the columns that the caller has chosen; the first of them always stays."""
    columns = [_chosen(table, name) for name in names]
    columns[0].is_fixed = True
    return columns


def _chosen(table: fs.StatusTable, name: str) -> ListColumn:
    usual = {"device_name": "DEVICE", "status_duration_s": "FOR"}
    usual["update_status_duration_s"] = "UPDATE FOR"
    header = usual.get(name, _header(name))
    cells = _names(table) if name == "device_name" else _cells(table, name)
    return ListColumn(header, cells, _LEAST_NAME)


def fitted(columns: list[ListColumn], room: int, mark: str) -> list[ListColumn]:
    """Leave out and shorten columns until the rest has room.

    Names are shortened before a column goes. Columns go by rank, then from the last on, but for
    those that stay; only where those have no room are statuses and reasons shortened too.
    """
    kept = list(columns)
    while _least_width(kept) > room and not all(column.is_fixed for column in kept):
        loose = [column for column in reversed(kept) if not column.is_fixed]
        kept.remove(max(loose, key=lambda column: column.rank))
    for column in sorted(kept, key=lambda column: -column.width):
        _shorten(column, column.narrowest, _width(kept) - room, mark)
    for column in kept:
        _shorten(column, column.floor or column.width, _width(kept) - room, mark)
    return kept


def _shorten(column: ListColumn, least: int, excess: int, mark: str) -> None:
    """Shorten a column by as many cells as there are too many, but not below its least."""
    width = max(column.width - excess, min(column.width, least))
    if excess <= 0 or width == column.width:
        return
    column.cells = [shortened_to(cell, width, mark) for cell in column.cells]
    column.header = shortened_to(column.header, width, mark)
    column.width = width


def _width(columns: list[ListColumn]) -> int:
    return sum(column.width for column in columns) + len(GAP) * (len(columns) - 1)


def _least_width(columns: list[ListColumn]) -> int:
    return sum(column.narrowest for column in columns) + len(GAP) * (len(columns) - 1)


def _header(name: str) -> str:
    return visible(name.replace("_", " ")).upper()


def _cells(table: fs.StatusTable, name: str) -> list[str]:
    if name == "cloudlink":
        return _links(table)
    return _durations(table, name) if name.endswith("_duration_s") else _texts(table, name)


def _names(table: fs.StatusTable) -> list[str]:
    columns = (table[name].to_list() for name in ("device_name", "uuid", "id"))
    return [visible(best_name(*names)) for names in zip(*columns, strict=True)]


def _texts(table: fs.StatusTable, column: str) -> list[str]:
    cells = [shown(value) for value in table[column].to_list()]
    return list(map(in_options, cells)) if column == "error" else cells


def _durations(table: fs.StatusTable, column: str) -> list[str]:
    seconds = table[column].to_list()
    return [lasted(None if one is None else timedelta(seconds=one)) for one in seconds]


def _links(table: fs.StatusTable) -> list[str]:
    words = {True: "up", False: "down", None: NOTHING}
    return [words[state] for state in table["cloudlink"].to_list()]
