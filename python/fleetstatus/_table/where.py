"""Rows of a table that meet conditions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

from fleetstatus import _core
from fleetstatus._coerce import check_flag, duration_ms, is_unicode
from fleetstatus._table.column import Column
from fleetstatus._table.fleets import fleet_labels
from fleetstatus._table.labels import as_values, to_text
from fleetstatus._words.names import kept_by_carry, near
from fleetstatus._words.text import shortened, visible
from fleetstatus.enums import Capability

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

_PATTERNS = ("detail", "release", "device_name")


def select(
    core: _core.StatusTable,
    values: Mapping[str, Any],
    *,
    carried: Mapping[str, Any],
    others: Mapping[str, Any],
    can: Capability | None,
    lasted: Mapping[str, timedelta | str | None],
) -> _core.StatusTable:
    """Rows that meet all conditions; None is no condition.

    Parameters
    ----------
    values
        One value or several by the name of a column.
    carried
        The same for carried columns.
    others
        The same, given as arguments that `where` has not.
    can
        Capabilities that must all certainly work.
    lasted
        Least durations by the name of the column that must have lasted so long.
    """
    if not isinstance(carried, Mapping):
        message = (
            "where takes conditions by name, as where(status=...), or first a mapping of carried "
            f"columns, not a {type(carried).__name__}; filter takes a mask"
        )
        raise TypeError(message)
    for name in others:
        if name not in core.columns:
            raise TypeError(_no_column(core, name))
    given = {name: value for name, value in values.items() if value is not None}
    if twice := (given.keys() | others.keys()) & carried.keys():
        message = f"where: {min(twice)} is given in the mapping and as an argument"
        raise ValueError(message)
    carried = {**carried, **others}
    given |= {name: value for name, value in carried.items() if name in values}
    wanted = {name: as_values(value) for name, value in given.items()}
    masks = [_mask(core, name, texts) for name, texts in wanted.items()]
    further = carried.keys() - wanted.keys()
    masks += [_carried_mask(core, name, carried[name]) for name in carried if name in further]
    if can is not None:
        masks.append(core.column("capabilities").has_bits(_bits_of(can)))
    for name, least in lasted.items():
        if least is not None:
            least_ms = duration_ms(least, name=f"{name}_for")
            masks.append(core.column(f"{name}_since").has_lasted(core.now_ms, least_ms))
    if lasted["status"] is not None and not core.knows_starts:
        _check_starts(core, wanted)
    return core.filter(reduce(_core.Column.both, masks)) if masks else core


def _bits_of(can: object) -> int:
    """Bits of capabilities; the error lists all of them."""
    every = ~Capability(0)
    if isinstance(can, int) and not isinstance(can, bool) and 0 <= can <= every:
        return int(can)
    given = visible(shortened(repr(can)))
    listed = ", ".join(str(one.name) for one in Capability)
    message = f"can is {given}, expected members of Capability, joined with |: {listed}"
    raise ValueError(message) if isinstance(can, int) else TypeError(message)


def _mask(core: _core.StatusTable, name: str, values: list[Any]) -> _core.Column:
    """Flag the rows whose value in a column of every table is one of several."""
    if name == "fleet":
        values = _fleet_labels(core, values)
    if name == "on_target":
        values = [flag.item() if hasattr(flag, "item") else flag for flag in values]
        for flag in values:
            check_flag(flag, name=name)
    column = Column(core.column(name), name)
    if name in _PATTERNS:
        texts = [to_text(value, name=name) for value in values if value is not None]
        return _matches(column, texts)
    return column.is_in(values)._core


def _carried_mask(core: _core.StatusTable, name: str, given: Any) -> _core.Column:
    if name not in core.columns:
        raise ValueError(_no_column(core, str(name)))
    return Column(core.column(name), name).is_in(as_values(given))._core


def _no_column(core: _core.StatusTable, name: str) -> str:
    hint = near(name, core.columns) + kept_by_carry(name, core.columns)
    return f"where: no column {shortened(name)!r}{hint}"


def _matches(column: Column, patterns: list[str]) -> _core.Column:
    """Flag the rows whose text is one of several, in which ``*`` and ``?`` match anything."""
    if not any("*" in pattern or "?" in pattern for pattern in patterns):
        return column.is_in(patterns)._core
    return column._core.matches([pattern for pattern in patterns if is_unicode(pattern)])


def _fleet_labels(core: _core.StatusTable, values: Iterable[Any]) -> list[str]:
    """Labels of the fleets that are asked for, as far as the table knows which there are."""
    names = [to_text(value, name="fleet") for value in values if value is not None]
    if not core.knows_fleets:
        return names
    return fleet_labels(names, set(core.fleets), core.app_names)


def _check_starts(core: _core.StatusTable, wanted: Mapping[str, list[Any]]) -> None:
    """Refuse a least duration where none of the statuses or reasons asked for can have one.

    Raises
    ------
    ValueError
        The message lists those that can.
    """
    known = {
        "status": _core.statuses_with_start(core.scheme),
        "reason": _core.reasons_with_start(),
    }
    for name, labels in known.items():
        asked = [to_text(value) for value in wanted.get(name, []) if value is not None]
        folded = {label.casefold() for label in labels}
        if asked and not any(label.casefold() in folded for label in asked):
            message = (
                f"status_for: no snapshot says since when a device has the {name} "
                f"{', '.join(asked)}; it does for {', '.join(labels)}"
            )
            raise ValueError(message)
