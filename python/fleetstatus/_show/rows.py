"""Rows of a table as people read them: the device, what is the matter, since when and how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetstatus._show import html
from fleetstatus._words.text import (
    best_name,
    clipped,
    in_seconds,
    lasted,
    padded,
    since,
    status_text,
    visible,
)
from fleetstatus.enums import Attention, UpdateStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetstatus import _core

COLUMNS = ("device_name", "fleet", "attention", "status", "reason", "status_since", "update_status")
_READ = (
    *COLUMNS,
    *("id", "uuid", "detail", "status_duration_s"),
    *("update_status_since", "update_status_duration_s"),
)
_WITHOUT_START = {Attention.UNREADABLE, Attention.FROZEN}
_UPDATES = {Attention.UPDATE_FAILED, Attention.UPDATE_STUCK}
_FAILED = {UpdateStatus.REJECTED, UpdateStatus.ABORTED}
_NAME_WIDTH = 24
_CLASS_WIDTH = 15


def table(core: _core.StatusTable, rows: Iterable[int]) -> html.Markup:
    """Draw rows; headings are the names of the columns."""
    return html.table(COLUMNS, [_cells(core, row) for row in rows], is_stacked=True)


def line(core: _core.StatusTable, row: int) -> str:
    """Name a device that needs attention, its class, and for how long, in 60 cells."""
    values = _values(core, row)
    name = clipped(visible(_name(values)), _NAME_WIDTH)
    cells = padded(name, _NAME_WIDTH), f"{values['attention']:<{_CLASS_WIDTH}}"
    return "  ".join((*cells, in_seconds(_duration(values)) or "")).rstrip()


def _values(core: _core.StatusTable, row: int) -> dict[str, Any]:
    return {name: core.column(name).value_at(row) for name in _READ}


def _name(values: dict[str, Any]) -> str:
    return best_name(values["device_name"], values["uuid"], values["id"])


def _duration(values: dict[str, Any]) -> int | None:
    """For how long a device has needed attention, where an event says so; in seconds."""
    attention, of_update = values["attention"], values["update_status"]
    lasted_s: int | None = values["status_duration_s"]
    if attention in _UPDATES:
        lasted_s = values["update_status_duration_s"]
    is_of_os = attention == Attention.UPDATE_FAILED and of_update not in _FAILED
    return None if is_of_os or attention in _WITHOUT_START else lasted_s


def _cells(core: _core.StatusTable, row: int) -> list[str]:
    values = _values(core, row)
    status = values["status"]
    return [
        _name(values),
        values["fleet"] or "",
        values["attention"] or "",
        html.key(status, status_text(status, values["detail"])),
        values["reason"] or "",
        since(values["status_since"], values["status_duration_s"]),
        lasted(values["update_status"], values["update_status_duration_s"]),
    ]
