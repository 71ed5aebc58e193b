"""Slow, obvious reading of the members of an object, in either spelling of their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from oracle_values import UnreadableError, is_null, step

Readers = Mapping[str, Callable[[Any, str], Any]]


def database_spelling(api_name: str) -> str:
    """Spell an API name as the database does; ``__id`` has one spelling only."""
    if api_name.startswith("__"):
        return api_name
    return api_name.replace("__", "-").replace("_", " ")


@cache
def spellings(api_names: tuple[str, ...]) -> dict[str, str]:
    """Map each accepted spelling to its API name."""
    accepted = {}
    for name in api_names:
        accepted[name] = accepted[database_spelling(name)] = name
    return accepted


def written_members(
    record: Mapping[str, object], api_names: Iterable[str]
) -> dict[str, tuple[str, object]]:
    """Find the members that count: API name to (key as written, value), in the order written.

    Of two spellings of one field the last wins.
    """
    accepted = spellings(tuple(api_names))
    members: dict[str, tuple[str, object]] = {}
    for key, value in record.items():
        if key in accepted:
            members.pop(accepted[key], None)
            members[accepted[key]] = (key, value)
    return members


def members_of(record: Any, pointer: str, readers: Readers) -> dict[str, Any]:
    """Read the members of an object that ``readers`` lists; None for those absent or null."""
    if not isinstance(record, Mapping):
        raise UnreadableError(pointer)
    values: dict[str, Any] = dict.fromkeys(readers)
    for name, (key, value) in written_members(record, readers).items():
        values[name] = None if is_null(value) else readers[name](value, step(pointer, key))
    return values
