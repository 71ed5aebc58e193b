"""Build columns from Python values."""

from __future__ import annotations

from datetime import datetime
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetstatus import _core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_IN_64_BITS = range(-(2**63), 2**63)


class Kind(NamedTuple):
    """What a column holds: its Arrow type, and the labels that a value can have, if any."""

    type: str
    labels: tuple[str, ...] | None = None

    def build(self, values: Iterable[Any]) -> _core.Column:
        """Build a column of this kind."""
        if self.labels is None:
            return _core.column_of(self.type, [_form(self.type, v) for v in values], None)
        codes: dict[str | None, int | None] = {label: i for i, label in enumerate(self.labels)}
        codes[None] = None
        return _core.column_of(self.type, [codes[value] for value in values], self.labels)


def kind_of_column(column: _core.Column) -> Kind:
    """Return the kind of a column."""
    labels = column.labels
    return Kind(column.type, None if labels is None else tuple(labels))


def kind_of_values(values: Sequence[Any]) -> Kind:
    """Return the kind that holds all values, any of which may be None; at worst they are text."""
    known = [value for value in values if value is not None]
    tests: dict[str, Callable[[Any], bool]] = {
        "bool": lambda value: isinstance(value, bool),
        "int64": _is_integer,
        "float64": lambda value: (
            _is_integer(value) or (isinstance(value, Real) and not isinstance(value, Integral))
        ),
        "timestamp[ms, UTC]": _is_aware,
    }
    fitting = (name for name, fits in tests.items() if known and all(map(fits, known)))
    return Kind(next(fitting, "large_utf8"))


def _is_integer(value: Any) -> bool:
    return isinstance(value, Integral) and int(value) in _IN_64_BITS


def _is_aware(value: Any) -> bool:
    return isinstance(value, datetime) and value.utcoffset() is not None


def _form(type_name: str, value: Any) -> Any:
    """Form of a value that the engine takes."""
    if value is None:
        return None
    if type_name == "int64":
        return int(value)
    if type_name == "float64":
        return float(value)
    if type_name == "large_utf8":
        return str(value).encode(errors="backslashreplace").decode()
    return value
