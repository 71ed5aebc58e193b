"""Needed fields that a source held, as the engine's bits and as names."""

from functools import cache

from fleetstatus import _core


def fields_of(bits: int) -> frozenset[str]:
    """Name the needed fields that a source held, of the engine's bits."""
    return frozenset(name for bit, name in enumerate(_names()) if bits >> bit & 1)


@cache
def _names() -> tuple[str, ...]:
    return tuple(field["name"] for field in _core.fields())
