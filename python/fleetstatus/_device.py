"""One row of a table, as an object."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Never, NoReturn

from fleetstatus._catalog import COLUMNS
from fleetstatus._show import html
from fleetstatus._words.text import best_name, in_words, lasted, moment, since, status_text, visible
from fleetstatus.enums import Attention, Capability, HeartbeatState, Reason, UpdateStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_FOLD = "All that is known"
_IN_TITLE = {"device_name"}

Carried = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True, repr=False)
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

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in _told(self).items())
        return f"{type(self).__name__}({told})"

    if not TYPE_CHECKING:  # a type checker then knows which names there are

        def __getattr__(self, name):
            message = f"{type(self).__name__!r} object has no attribute {name!r}"
            if name.endswith("_s") and name.removesuffix("_s") in _NAMES:
                message += f"; as a timedelta it is {name.removesuffix('_s')}"
            elif name in _INSTEAD:
                message += f": {_INSTEAD[name]}"
            elif not name.startswith("__") and name != "carried" and name in self.carried:
                message += f": device.carried[{name!r}]"
            raise AttributeError(message, name=name, obj=self)

    def __getitem__(self, name: Never) -> NoReturn:
        message = f"a device has attributes, such as device.status, and no item {name!r}"
        raise TypeError(message)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": _to_html(self)}


_DICT = "dataclasses.asdict(device), or to_dicts() of the table"
_INSTEAD = {
    **dict.fromkeys(("to_dict", "asdict", "_asdict", "dict", "model_dump"), _DICT),
    **dict.fromkeys(("keys", "values", "items", "get"), _DICT),
    **dict.fromkeys(("to_json", "json", "model_dump_json"), "to_json() of the table"),
    "name": "device.device_name",
    "state": "device.status",
    "explain": "table.explain(device)",
}
_NAMES = frozenset(each.name for each in fields(DeviceStatus))


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


def _told(device: DeviceStatus) -> dict[str, str]:
    """Say who a device is and how it is, in the order to read it; what is null is left out."""
    told: dict[str, object] = {
        "device_name": device.device_name,
        "attention": device.attention,
        "status": None if device.status is None and device.error is None else str(device),
        "reason": device.reason,
        "status_since": since(device.status_since, _in_seconds(device.status_duration)),
        "update_status": lasted(device.update_status, _in_seconds(device.update_status_duration)),
        "fleet": device.fleet,
        "release": device.release,
        "uuid": device.uuid,
        "id": None if device.uuid else device.id,
        "error": device.error,
    }
    return {name: visible(value) for name, value in told.items() if value not in {None, ""}}


def _in_seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def _to_html(device: DeviceStatus) -> str:
    """Draw what to know of a device at once, and folded all that is known of it."""
    columns = {field.name: getattr(device, field.name) for field in fields(device)}
    known = columns | columns.pop("carried")
    rows = [(name, _shown(value)) for name, value in known.items() if value is not None]
    told = _told(device)
    name = best_name(device.device_name, device.uuid, device.id, otherwise="device")
    label = device.attention or device.status
    return html.page(
        html.paragraph(html.key(label, name), kind="title"),
        _table([(name, value) for name, value in told.items() if name not in _IN_TITLE]),
        html.folded(_FOLD, _table(rows)),
    )


def _table(rows: Iterable[tuple[str, str]]) -> html.Markup:
    return html.table(("", ""), list(rows), prose=("",))


def _shown(value: object) -> str:
    """Write a value of a device for people."""
    if isinstance(value, Capability):
        return ", ".join(capability_names(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    return in_words(value) if isinstance(value, timedelta) else str(value)
