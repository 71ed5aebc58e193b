"""Needed fields that a source held, as the engine's bits and as names."""

from functools import cache

from fleetstatus import _core


def fields_of(bits: int) -> frozenset[str]:
    """Name the needed fields that a source held, of the engine's bits."""
    return frozenset(name for bit, name in _bits_of_needed() if bits >> bit & 1)


@cache
def _bits_of_needed() -> tuple[tuple[int, str], ...]:
    return tuple(
        (bit, field["name"]) for bit, field in enumerate(_core.fields()) if field["needed"]
    )
