"""Conditions under which the program ends with exit code 1: ``--fail-on "Disconnected > 5%"``.

With exit code 2 where the data lacks what they need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

import fleetstatus as fs
from fleetstatus import _core
from fleetstatus._coerce import scheme_code
from fleetstatus._explanation.advice import UPDATE_CLASSES
from fleetstatus._table.labels import schemes_with
from fleetstatus._words.durations import parse_duration
from fleetstatus._words.names import near
from fleetstatus._words.text import quoted, visible
from fleetstatus.cli._errors import wrong_usage
from fleetstatus.cli._unjudged import LINK_CLASSES, without_heartbeats, without_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta

    from fleetstatus.cli._reading import Devices

CONDITION = re.compile(
    r"\s*(?:(?P<fleet>.+?): )?\s*(?P<name>.*?\S)(?:\s+for\s+(?P<duration>[^>]*?))?"
    r"\s*(?P<operator>>=?)\s*(?P<limit>[0-9]+(?:\.[0-9]+)?)\s*(?P<percent>%?)\s*",
    re.DOTALL,
)
_FORM = "write it like 'Disconnected > 3', 'frozen >= 5%' or 'acme/kiosk: no-link for 2h > 0'"


@dataclass(frozen=True)
class Match:
    """A condition that is met or cannot be judged, in words, and the devices that meet it."""

    text: str
    devices: fs.StatusTable
    is_judged: bool = True


@dataclass(frozen=True)
class Condition:
    """One limit on how many devices may be in some state."""

    fleet: str | None
    column: str
    value: str
    least: timedelta | None
    limit: Decimal
    includes_limit: bool
    is_share: bool
    text: str

    def match(self, devices: Devices) -> Match | None:
        """Count the devices; None if they are surely within the limit.

        Raises
        ------
        click.UsageError
            If the input has no such fleet, or ``--fleet`` leaves it out.
        """
        counted = self._of_fleet(devices)
        found = self._found(devices, counted)
        if why := self._why_unjudged(devices, counted):
            text = f"--fail-on {self.text!r} cannot be judged: {why}"
            return Match(text, found, is_judged=False)
        measured = Decimal(100 * len(found)) if self.is_share else Decimal(len(found))
        limit = self.limit * len(counted) if self.is_share else self.limit
        if not (measured > limit or (self.includes_limit and measured == limit)):
            return None
        share = f" ({len(found) / len(counted):.1%})" if len(counted) else ""
        text = f"--fail-on {self.text!r} matched: {len(found):,} of {len(counted):,} devices{share}"
        return Match(text, found)

    def _of_fleet(self, devices: Devices) -> fs.StatusTable:
        if self.fleet is None:
            return devices.counted
        try:
            of_fleet = devices.counted.where(fleet=self.fleet)
        except ValueError as error:
            raise wrong_usage(error) from error
        if not len(of_fleet):
            message = f"--fail-on {self.text!r} is about a fleet that --fleet leaves out"
            raise click.UsageError(message)
        return of_fleet

    def _found(self, devices: Devices, counted: fs.StatusTable) -> fs.StatusTable:
        lasted = {} if self.least is None else {f"{self._what_lasts}_for": self.least}
        return self._named(devices, counted, lasted)

    def _named(
        self, devices: Devices, counted: fs.StatusTable, lasted: Mapping[str, Any]
    ) -> fs.StatusTable:
        if self.column == "attention":
            counted = devices.attention_in(counted)
        wanted: dict[str, Any] = {self.column: self.value, **lasted}
        return counted.where(**wanted)

    def _why_unjudged(self, devices: Devices, counted: fs.StatusTable) -> str | None:
        if why := without_heartbeats(counted, self.column, self.value):
            return why
        if self.least is None:
            return None
        return without_start(self._named(devices, counted, {}), of=self._what_lasts)

    @property
    def _what_lasts(self) -> str:
        is_class = self.column == "attention" and self.value in UPDATE_CLASSES
        return "update_status" if is_class or self.column == "update_status" else "status"


def parse_conditions(texts: Iterable[str], scheme: str) -> list[Condition]:
    """Read the conditions of a command line.

    Raises
    ------
    click.UsageError
        If a text is no condition, or names nothing that the scheme knows.
    """
    return [_parse(text, scheme) for text in texts]


def _parse(text: str, scheme: str) -> Condition:
    match = CONDITION.fullmatch(text)
    shown = " ".join(visible(text).split())
    if match is None:
        message = f"--fail-on {shown!r}: {_FORM}"
        raise click.UsageError(message)
    column, value = _find(match["name"], scheme)
    return Condition(
        fleet=match["fleet"],
        column=column,
        value=value,
        least=_least(match["duration"], column, value, scheme),
        limit=Decimal(match["limit"]),
        includes_limit=match["operator"] == ">=",
        is_share=match["percent"] == "%",
        text=shown,
    )


def _least(text: str | None, column: str, value: str, scheme: str) -> timedelta | None:
    if text is None:
        return None
    if not _has_start(column, value, scheme):
        message = f"--fail-on: nothing says when {value!r} began, so 'for' can never match"
        raise click.UsageError(message)
    try:
        return parse_duration(text)
    except ValueError as error:
        message = f"--fail-on: {visible(error)}"
        raise click.UsageError(message) from error


def _has_start(column: str, value: str, scheme: str) -> bool:
    with_start: dict[str, Iterable[str]] = {
        "status": _core.statuses_with_start(scheme_code(fs.StatusScheme(scheme))),
        "reason": _core.reasons_with_start(),
        "update_status": fs.UpdateStatus,
        "attention": LINK_CLASSES | UPDATE_CLASSES,
    }
    return value in set(with_start[column])


def _vocabularies(scheme: str) -> dict[str, list[str]]:
    """List the names that a condition may use, by the column that holds them."""
    return {
        "status": list(fs.StatusScheme(scheme).labels),
        "reason": [str(reason) for reason in fs.Reason],
        "update_status": [str(status) for status in fs.UpdateStatus],
        "attention": [str(attention) for attention in fs.Attention],
    }


def _find(name: str, scheme: str) -> tuple[str, str]:
    vocabularies = _vocabularies(scheme)
    for column, words in vocabularies.items():
        for word in words:
            if word.casefold() == name.casefold():
                return column, word
    raise click.UsageError(_unknown(name, scheme, vocabularies))


def _unknown(name: str, scheme: str, vocabularies: dict[str, list[str]]) -> str:
    kinds = "status, reason, update status or attention class"
    lines = [f"--fail-on: {quoted(name)} is no {kinds}"]
    if elsewhere := schemes_with(name):
        lines[0] += f" of {scheme}, but a status of {', '.join(elsewhere)}"
    else:
        lines[0] += near(name, [word for listed in vocabularies.values() for word in listed])
    lines += [
        f"  {column.replace('_', ' ')}: {', '.join(listed)}"
        for column, listed in vocabularies.items()
    ]
    return "\n".join(lines)
