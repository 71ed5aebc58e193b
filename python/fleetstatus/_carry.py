"""Further fields to keep: their names, and the types that they have by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from fleetstatus import _core
from fleetstatus._catalog import COLUMNS, FIELDS_SEEN, MEASURES, RULE_BITS, to_api_name
from fleetstatus._coerce import is_unicode, to_names
from fleetstatus._words.names import near
from fleetstatus._words.text import shortened

Carry = str | Iterable[str] | Mapping[str, type]

TAG = "tag:"
_TYPES: dict[object, str] = {
    int: "int64",
    float: "float64",
    bool: "bool",
    datetime: "timestamp",
    str: "text",
}
_TYPE_BY_NAME = _core.carried_types()


def to_carried(carry: Carry) -> list[tuple[str, str]]:
    """Names of further fields (``field``, ``link.field`` or ``tag:KEY``), each with its type.

    Raises
    ------
    ValueError
        If a name makes no column, if a field is named twice, or if a tag is to be no text.
    TypeError
        If a name is no text, or a type is none that a column can have.
    """
    names = to_names(carry, name="carry")
    for name in names:
        _check_name(name)
    if len(set(map(api_spelling, names))) < len(names):
        message = "carry names a field twice"
        raise ValueError(message)
    if isinstance(carry, Mapping):
        return [(name, _type_of(name, carry[name])) for name in names]
    return [(name, _type_by_name(name)) for name in names]


def api_spelling(name: str) -> str:
    """Spelling of a carried name that says whether two names mean one field.

    Examples
    --------
    >>> api_spelling("is running-release.raw version"), api_spelling("tag:cold room")
    ('is_running__release.raw_version', 'tag:cold room')
    """
    if name.startswith(TAG):
        return name
    root, dot, rest = to_api_name(name).partition(".")
    return ("belongs_to__application" if root == "application" else root) + dot + rest


def _check_name(name: str) -> None:
    parts = [name.removeprefix(TAG)] if name.startswith(TAG) else name.split(".")
    if len(parts) > 2 or not all(parts) or not is_unicode(name):
        message = f"carry names {shortened(name)!r}, expected 'field', 'link.field' or 'tag:KEY'"
        raise ValueError(message)
    if f"{name}_s" in COLUMNS:
        message = f"carry names {name!r}, which no record has{near(name, COLUMNS)}"
        raise ValueError(message)
    if name in COLUMNS or name in MEASURES:
        message = f"carry names {name!r}, which is a column of every table or summary"
        raise ValueError(message)
    if name in {RULE_BITS, FIELDS_SEEN}:
        message = f"carry names {name!r}, which is a column of tables that are handed on"
        raise ValueError(message)


def _type_by_name(name: str) -> str:
    if name.startswith(TAG):
        return "text"
    return _TYPE_BY_NAME.get(api_spelling(name).rpartition(".")[2], "text")


def _type_of(name: str, kind: object) -> str:
    type_name = _TYPES.get(kind) if isinstance(kind, type) else None
    told = shortened(kind.__name__ if isinstance(kind, type) else repr(kind))
    if type_name is None:
        message = (
            f"carry gives {shortened(name)!r} the type {told}, "
            "expected int, float, bool, datetime or str"
        )
        raise TypeError(message)
    if name.startswith(TAG) and type_name != "text":
        message = f"carry gives {shortened(name)!r} the type {told}, but values of tags are text"
        raise ValueError(message)
    return type_name
