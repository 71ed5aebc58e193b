"""One row of a table, as an object."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fleetstatus._catalog import COLUMNS
from fleetstatus._show import html
from fleetstatus._words.text import best_name, in_words, moment, status_text
from fleetstatus.enums import Attention, Capability, HeartbeatState, Reason, UpdateStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Carried = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """All answers for one device; see the columns of `StatusTable` for what each means.

    Durations are `timedelta` (whole seconds), times aware and in UTC, and None is null; carried
    fields have the types of their columns.
    """

    id: int | None
    uuid: str | None
    device_name: str | None
    fleet: str | None
    status: str | None
    detail: str | None
    reason: Reason | None
    status_since: datetime | None
    status_duration: timedelta | None
    release: str | None
    on_target: bool | None
    attention: Attention | None
    heartbeat: bool | None
    cloudlink: bool | None
    cloudlink_expected: bool | None
    heartbeat_state: HeartbeatState | None
    heartbeat_since: datetime | None
    cloudlink_since: datetime | None
    heartbeat_window: timedelta | None
    capabilities: Capability | None
    progress: int | None
    update_status: UpdateStatus | None
    update_status_since: datetime | None
    update_status_duration: timedelta | None
    update_status_support: str | None
    api_overall_status: str | None
    error: str | None
    carried: dict[str, Carried] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """Give status and detail as people read them, ``Configuring (Update successful)``."""
        return status_text(self.status, self.detail)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": _to_html(self)}


def devices(names: Sequence[str], lists: Sequence[list[Any]]) -> Iterator[DeviceStatus]:
    """Make the objects of some rows.

    Parameters
    ----------
    names
        Of the table's columns.
    lists
        The rows' values, a list for each column.
    """
    n_fields = len(COLUMNS)
    columns = [_typed(*column) for column in zip(names[:n_fields], lists[:n_fields], strict=True)]
    rows = zip(*columns, strict=True)
    carried_names = names[n_fields:]
    if not carried_names:
        return (DeviceStatus(*row) for row in rows)
    carried = (
        dict(zip(carried_names, values, strict=True))
        for values in zip(*lists[n_fields:], strict=True)
    )
    return (DeviceStatus(*row) for row in zip(*columns, carried, strict=True))


_TYPES: dict[str, Any] = {
    "reason": Reason,
    "attention": Attention,
    "heartbeat_state": HeartbeatState,
    "capabilities": Capability,
    "update_status": UpdateStatus,
}


def _typed(name: str, values: list[Any]) -> list[Any]:
    """Values of a column as a device has them; equal ones are made once."""
    to: Any = _seconds if name.endswith("_s") else _TYPES.get(name)
    if to is None:
        return values
    made = {value: to(value) for value in set(values) if value is not None}
    return list(map(made.get, values))


def _seconds(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


def capability_names(capabilities: Capability) -> list[str]:
    """Name capabilities in words."""
    return [(one.name or "").lower().replace("_", " ") for one in capabilities]


def _to_html(device: DeviceStatus) -> str:
    """List what is known of a device."""
    columns = {field.name: getattr(device, field.name) for field in fields(device)}
    known = columns | columns.pop("carried")
    rows = [(name, _shown(value)) for name, value in known.items() if value is not None]
    name = best_name(device.device_name, device.uuid, device.id, otherwise="device")
    title = html.paragraph(name, kind="title")
    return html.page(title, html.table(("", ""), rows, prose=("",)))


def _shown(value: object) -> str:
    """Write a value of a device for people."""
    if isinstance(value, Capability):
        return ", ".join(capability_names(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    return in_words(value) if isinstance(value, timedelta) else str(value)
