"""How many changes of each kind were told, for counters that only grow."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetstatus import _core

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEADING_TO_LABELS = frozenset(_core.kinds_to_labels())


class Told(NamedTuple):
    """What one counter counts.

    Attributes
    ----------
    fleet
        The fleet; empty where there is none, as for an outage of several fleets.
    kind
        Kind of the change.
    after
        The status, reason or update status that it led to; empty for all that is no label, such
        as a release or a name, since there may be any number of these.
    """

    fleet: str
    kind: str
    after: str


def told_in(columns: Sequence[tuple[str, Any]]) -> Counter[Told]:
    """Count changes, given as columns of `Changes`."""
    named = dict(columns)
    lists = (named[name].to_list() for name in ("fleet", "kind", "after"))
    return Counter(
        Told(fleet or "", kind, (after or "") if kind in _LEADING_TO_LABELS else "")
        for fleet, kind, after in zip(*lists, strict=True)
    )
