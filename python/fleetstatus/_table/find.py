"""One device of a table, by its uuid or its name."""

from __future__ import annotations

from fleetstatus import _core
from fleetstatus._coerce import is_unicode
from fleetstatus._words.names import near
from fleetstatus._words.text import best_name, listed, shortened, visible


def find_rows(core: _core.StatusTable, device: str) -> list[int]:
    """Row of each device that a text can mean; of several rows of one uuid the last."""
    uuids = core.column("uuid")
    rows = core.find(device) if is_unicode(device) else []
    last_rows: dict[str | int, int] = {}
    for row in rows:
        uuid = uuids.value_at(row)
        last_rows[row if uuid is None else uuid] = row
    if len(last_rows) == 1 and isinstance(uuid := next(iter(last_rows)), str):
        return [max(core.find(uuid))]  # its last row may have another name
    return sorted(last_rows.values())


def find_row(core: _core.StatusTable, device: str) -> int:
    """Row of the one device that a text means.

    Raises
    ------
    LookupError
        If there is none, or several; the message lists them.
    """
    rows = find_rows(core, device)
    if len(rows) == 1:
        return rows[0]
    raise LookupError(_several(core, device, rows) if rows else _none(core, device))


def _none(core: _core.StatusTable, device: str) -> str:
    message = f"no device has the uuid or the name {shortened(device)!r}"
    if len(device) < _core.shortest_prefix:
        message += f"; the beginning of a uuid takes {_core.shortest_prefix} letters"
    columns = (core.column(name).to_list() for name in ("device_name", "uuid"))
    return message + near(device, (name for names in columns for name in names if name))


def _several(core: _core.StatusTable, device: str, rows: list[int]) -> str:
    columns = [core.column(name) for name in ("device_name", "uuid", "id")]

    def title(row: int) -> str:
        name = best_name(*(column.value_at(row) for column in columns))
        return f"{shortened(visible(name))} (row {row})"

    return f"{shortened(device)!r} may be any of {len(rows):,}: {listed(rows, title)}"
