"""Errors of records that lack needed or carried fields, in words. Called by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus import _core
from fleetstatus._carry import TAG, api_spelling
from fleetstatus._catalog import HEARTBEAT, bits_of
from fleetstatus._coerce import scheme_code
from fleetstatus._input.shapes import shape_of_seen
from fleetstatus._words.names import near
from fleetstatus._words.text import listed, quoted
from fleetstatus.enums import StatusScheme
from fleetstatus.errors import MissingFieldsError
from fleetstatus.query import device_options, device_query

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASK = (
    "ask the API for all that the rules read: fleetstatus.device_options() for balena-sdk, or "
    "the query below; openBalena's database is asked with fleetstatus.database_query()"
)
_LIBRARY = scheme_code(StatusScheme.LIBRARY_2020)


def missing_fields_error(
    fields: tuple[str, ...], index: int, scheme: int, seen: Sequence[str], bad_record: str = ""
) -> MissingFieldsError:
    """Error that says what is missing, what to do, and what it costs to go without.

    Parameters
    ----------
    fields
        Needed fields that no record has, in the API's spelling.
    index
        The first record that lacks them, counted from 0.
    scheme
        The engine's code of the scheme that needs them.
    seen
        Read fields and aliases that some record has.
    bad_record
        What is wrong with the first record that could not be read, if one was kept.
    """
    shape = shape_of_seen(set(seen))
    without = f"go without, with allow_missing={fields!r}; then:"
    lines = [
        f"no record has {', '.join(fields)} (from record {index} on)"
        + (f": {shape[0]}" if shape else ""),
        *_what_to_do(fields, scheme, set(seen), shape[1] if shape else _ASK, without),
        *(f"  {field}: {_core.hides(field, scheme)}" for field in fields),
        *([f"and not all could be read: {bad_record}"] if bad_record else []),
        "the query that asks for everything:",
        f"  {device_query()}",
    ]
    return MissingFieldsError("\n".join(lines), fields, index, device_options())


def _what_to_do(
    fields: Sequence[str], scheme: int, seen: set[str], advice: str, without: str
) -> list[str]:
    """Say what to do about missing fields, which depends on what the scheme reads.

    Advice that is followed must not lead to advice to go back.
    """
    if scheme != _LIBRARY:
        return [advice or _in_library(seen), f"or {without}"]
    if not advice or ("current_services" in fields and HEARTBEAT not in seen):
        gone = "current_services" if "current_services" in fields else "records of that time"
        return [f"no query returns {gone} any more: {without}"]
    if "current_services" in fields:
        advice = (
            "no query returns current_services any more: records of today are read by "
            f"scheme='{StatusScheme.DOCS_2024_11}'"
        )
        return [advice, f"or {without}"]
    return [_ASK, f"or {without}"]


def _in_library(seen: set[str]) -> str:
    """Say how records that are older than the heartbeat are read, with what they lack, too."""
    lacking = tuple(_core.missing_fields(bits_of(seen), _LIBRARY, []))
    options = f"scheme='{StatusScheme.LIBRARY_2020}'"
    if not lacking:
        return f"read them with {options}"
    costs = "; ".join(f"{field}: {_core.hides(field, _LIBRARY)}" for field in lacking)
    return f"read them with {options} and allow_missing={lacking!r}; there {costs}"


def missing_carried_error(
    names: Sequence[str], index: int, keys: Sequence[str], tags: Sequence[str]
) -> MissingFieldsError:
    """Error of carried fields that no record has, and of tags that no device has.

    Parameters
    ----------
    names
        The carried fields, as the caller wrote them.
    index
        The first record, counted from 0.
    keys
        Keys of that record.
    tags
        Keys of all tags that devices have.
    """
    fields = tuple(names)
    lines = [
        "; ".join(_not_carried(name, keys, tags) for name in fields),
        _advice_to_carry(fields),
    ]
    return MissingFieldsError("\n".join(lines), fields, index, device_options(carry=fields))


def _advice_to_carry(fields: tuple[str, ...]) -> str:
    return (
        f"correct the name, ask for it with device_options(carry={list(fields)!r}), or pass "
        f"allow_missing={fields!r} to have null there"
    )


def _not_carried(name: str, keys: Sequence[str], tags: Sequence[str]) -> str:
    if not name.startswith(TAG):
        root = api_spelling(name).partition(".")[0]
        told = "" if root in map(api_spelling, keys) else near(root, keys)
        return f"carry: no record has {quoted(name)}{told}"
    tag = name.removeprefix(TAG)
    if not tags:
        return f"carry: no device has the tag {quoted(tag)}, nor any other"
    there = listed(sorted(tags), quoted)
    return f"carry: no device has the tag {quoted(tag)}{near(tag, tags)}; there are {there}"
