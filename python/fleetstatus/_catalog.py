"""What the engine lists: the columns of tables, the fields of records, where a moment is from."""

from collections.abc import Container, Iterator
from itertools import chain
from typing import Literal, get_args

from fleetstatus import _core

COLUMNS: tuple[str, ...] = tuple(_core.columns())
"""Columns that every table has, in their order."""

MEASURES = ("label", "devices", "share", "median_duration_s", "p95_duration_s")
"""Columns that every summary has, behind those of its groups."""

RULE_BITS = "rule_bits"
FIELDS_SEEN = "fields_seen"
"""Columns that a table may have where it is handed on."""

FIELDS = {field["name"]: field for field in _core.fields()}
"""The fields that are read, by their names in the API, in the engine's order."""

DEVICE_FIELDS = frozenset(name for name, field in FIELDS.items() if field["is_device"])
"""Fields that no other resource of the API has: one of them makes a device record."""

HEARTBEAT = "api_heartbeat_state"

NowSource = Literal["given", "fetched_at", "file", "clock", "newest"]
NOW_SOURCES: tuple[NowSource, ...] = get_args(NowSource)
"""In the order of the engine's codes."""

NAMED_MOMENTS: tuple[NowSource, ...] = ("newest", "file", "clock")
"""Moments that a caller can ask for by name."""


def _names_before_links() -> Iterator[str]:
    for scheme in range(len(_core.schemes())):
        rules = _core.rules(scheme)
        reasons = [reason for reason, _ in rules]
        if "unknown" in reasons:
            yield from chain.from_iterable(rules[: reasons.index("unknown")])


BEFORE_LINKS = frozenset(name.casefold() for name in _names_before_links())
"""Reasons and labels of the rules that come before those of the links, in any scheme."""


def fields_of(bits: int) -> frozenset[str]:
    """Name the needed fields that a source held, of the engine's bits."""
    return frozenset(name for bit, name in enumerate(FIELDS) if bits >> bit & 1)


def bits_of(fields: Container[str]) -> int:
    """Give the engine's bits of fields."""
    return sum(1 << bit for bit, name in enumerate(FIELDS) if name in fields)


def to_api_name(name: str) -> str:
    """Name of a field in the API's spelling; databases write blanks and hyphens.

    Examples
    --------
    >>> to_api_name("changed api heartbeat state on-date")
    'changed_api_heartbeat_state_on__date'
    """
    return name.replace(" ", "_").replace("-", "__")
