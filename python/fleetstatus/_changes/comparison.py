"""What was compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fleetstatus.enums import StatusScheme

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was compared.

    Attributes
    ----------
    scheme
        Vocabulary of the statuses.
    old_now, now
        Moments of the two snapshots; None where changes are of several looks.
    notes
        What the changes cannot tell, a line for each reason.
    unreadable, duplicates, without_uuid
        Rows of both snapshots that were not compared: those that say no status, those whose
        device has a later row, and those that name no device.
    fleets
        All fleets of both snapshots; None if they are not known.
    app_names
        Fleets, each with the name of its app, as far as the snapshots say it.
    """

    scheme: StatusScheme = StatusScheme.DOCS_2024_11
    old_now: datetime | None = None
    now: datetime | None = None
    notes: tuple[str, ...] = ()
    unreadable: int = 0
    duplicates: int = 0
    without_uuid: int = 0
    fleets: frozenset[str] | None = None
    app_names: frozenset[tuple[str, str]] = frozenset()
