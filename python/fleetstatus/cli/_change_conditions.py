"""Conditions on changes under which the program ends with exit code 1.

With exit code 2 where the data lacks what they need.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from fleetstatus._words.text import visible
from fleetstatus.cli._change_fleets import labels_of
from fleetstatus.cli._change_gaps import why_unjudged
from fleetstatus.cli._change_names import OF_TRACKERS, find_name, is_change_to
from fleetstatus.cli._fail_on import CONDITION

if TYPE_CHECKING:
    from collections.abc import Iterable

    import fleetstatus as fs

_FORM = "write it like 'Disconnected > 3', 'removed > 0' or 'acme/kiosk: Rejected >= 5%'"


@dataclass(frozen=True)
class Compared:
    """What conditions count.

    Attributes
    ----------
    changes
        What changed.
    snapshots
        Tables that were compared; the last holds the devices that N% is of.
    fleets
        Labels of the fleets of ``--fleet``; None for all.
    """

    changes: fs.Changes
    snapshots: tuple[fs.StatusTable, ...]
    fleets: frozenset[str] | None

    def n_devices(self, fleets: frozenset[str] | None) -> int:
        """Count the devices of the newest snapshot that are of some fleets."""
        newest = self.snapshots[-1]
        rows = zip(newest["uuid"].to_list(), newest["fleet"].to_list(), strict=True)
        return len({uuid for uuid, fleet in rows if fleets is None or fleet in fleets} - {None})


@dataclass(frozen=True)
class ChangeMatch:
    """A condition that is met or cannot be judged, in words, and the rows that meet it."""

    text: str
    rows: list[dict[str, Any]]
    is_judged: bool = True


@dataclass(frozen=True)
class ChangeCondition:
    """One limit on how many changes of some kind, or to some state, there may be."""

    fleet: str | None
    column: str
    value: str
    limit: Decimal
    includes_limit: bool
    is_share: bool
    text: str

    def match(self, compared: Compared) -> ChangeMatch | None:
        """Count the changes; None if they are surely within the limit.

        Raises
        ------
        click.UsageError
            If the input has no such fleet, or ``--fleet`` leaves it out.
        """
        fleets = self._fleets(compared)
        rows = [
            row
            for row in compared.changes
            if (self.fleet is None or row["fleet"] in (fleets or ()))
            and is_change_to(self.column, self.value, row)
        ]
        if why := why_unjudged(self.column, self.value, compared.snapshots):
            text = f"--fail-on {self.text!r} cannot be judged: {why}"
            return ChangeMatch(text, rows, is_judged=False)
        n_devices = compared.n_devices(fleets)
        measured = Decimal(100 * len(rows)) if self.is_share else Decimal(len(rows))
        limit = self.limit * n_devices if self.is_share else self.limit
        if not (measured > limit or (self.includes_limit and measured == limit)):
            return None
        number = f"{len(rows):,} change" if len(rows) == 1 else f"{len(rows):,} changes"
        share = f" among {n_devices:,} devices ({len(rows) / n_devices:.1%})" if n_devices else ""
        return ChangeMatch(f"--fail-on {self.text!r} matched: {number}{share}", rows)

    def _fleets(self, compared: Compared) -> frozenset[str] | None:
        if self.fleet is None:
            return compared.fleets
        labels = frozenset(labels_of((self.fleet,), compared.snapshots) or ())
        if compared.fleets is not None and not labels <= compared.fleets:
            message = f"--fail-on {self.text!r} is about a fleet that --fleet leaves out"
            raise click.UsageError(message)
        return labels


def parse_change_conditions(
    texts: Iterable[str], scheme: str, *, is_complete: bool, of_tracker: bool = False
) -> list[ChangeCondition]:
    """Read the conditions of a command line.

    Raises
    ------
    click.UsageError
        If a text is no condition, names nothing that the scheme knows, or can never be met.
    """
    conditions = [_parse(text, scheme) for text in texts]
    for condition in conditions:
        kind = condition.value if condition.column == "kind" else None
        if kind in OF_TRACKERS and not of_tracker:
            message = f"--fail-on: two snapshots cannot tell {kind!r}; `fleetstatus track` does"
            raise click.UsageError(message)
        if kind == "removed" and not is_complete:
            message = "--fail-on: with --incomplete no device counts as removed"
            raise click.UsageError(message)
    return conditions


def _parse(text: str, scheme: str) -> ChangeCondition:
    match = CONDITION.fullmatch(text)
    shown = " ".join(visible(text).split())
    if match is None:
        message = f"--fail-on {shown!r}: {_FORM}"
        raise click.UsageError(message)
    if match["duration"] is not None:
        message = f"--fail-on {shown!r}: a change has no duration; leave 'for' out"
        raise click.UsageError(message)
    column, value = find_name(match["name"], scheme)
    return ChangeCondition(
        fleet=match["fleet"],
        column=column,
        value=value,
        limit=Decimal(match["limit"]),
        includes_limit=match["operator"] == ">=",
        is_share=match["percent"] == "%",
        text=shown,
    )
