"""Other ways to write one record: spellings of its keys, and their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oracle_fields import ALIASES, DEVICE_READERS, INSTALL_READERS, SLUG_ALIAS
from oracle_links import FLEET_READERS, RUNNING_READERS
from oracle_members import spellings

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

Record = dict[str, Any]

OLD_NAMES = (*ALIASES, SLUG_ALIAS)
TOP_LEVEL = spellings((*DEVICE_READERS, *OLD_NAMES))
FIELD_OF = spellings(
    (*DEVICE_READERS, *OLD_NAMES, *FLEET_READERS, *INSTALL_READERS, *RUNNING_READERS)
)
SPELLINGS_OF = {
    field: [key for key, name in FIELD_OF.items() if name == field]
    for field in {*FIELD_OF.values()}
}


def respelled(record: Record, random: Random) -> Record:
    """Spell each key in one of its ways, and put the keys in another order, at all levels."""
    keys = random.sample(list(record), len(record))
    return {
        random.choice(SPELLINGS_OF.get(key, [key])): within(record[key], random, respelled)
        for key in keys
    }


def shuffled(record: Record, random: Random) -> Record:
    """Put the keys in another order, at all levels; spellings of one field keep theirs."""
    keys = random.sample(list(record), len(record))
    in_order: dict[str, list[str]] = {}
    for key in record:
        in_order.setdefault(FIELD_OF.get(key, key), []).append(key)
    ordered = [in_order[FIELD_OF.get(key, key)].pop(0) for key in keys]
    return {key: within(record[key], random, shuffled) for key in ordered}


def within(value: Any, random: Random, rewrite: Callable[[Record, Random], Record]) -> Any:
    """Rewrite the objects in a value; lists keep their order."""
    if isinstance(value, list):
        return [within(element, random, rewrite) for element in value]
    return rewrite(value, random) if isinstance(value, dict) else value


def without_field(record: Record, name: str) -> Record:
    """Take every spelling of a field out."""
    return {key: value for key, value in record.items() if FIELD_OF.get(key) != name}


def with_both_spellings(record: Record, name: str, first: Any, last: Any) -> Record:
    """Give a field twice, of which the last counts; names with one spelling stay alone."""
    record = without_field(record, name) | {SPELLINGS_OF[name][0]: first}
    return record | {SPELLINGS_OF[name][-1]: last}


def last_value(record: Record, name: str) -> Any:
    """Find the value of a field that counts; None if it is absent."""
    values = [value for key, value in record.items() if FIELD_OF.get(key) == name]
    return values[-1] if values else None
