"""Conditions under which the program ends with exit code 1: ``--fail-on "Disconnected > 5%"``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import click

import fleetstatus as fs
from fleetstatus._text import visible

_CONDITION = re.compile(
    r"\s*(?P<name>.*?\S)\s*(?P<operator>>=?)\s*(?P<limit>[0-9]+(?:\.[0-9]+)?)\s*(?P<percent>%?)\s*"
)


@dataclass(frozen=True)
class Condition:
    """One limit on how many devices may be in some state."""

    column: str
    value: str
    limit: Decimal
    includes_limit: bool
    is_share: bool
    text: str

    def explain_match(self, table: fs.StatusTable) -> str | None:
        """Tell in words that the condition matches; None if it does not."""
        wanted: dict[str, Any] = {self.column: self.value}
        devices = len(table.where(**wanted))
        measured = Decimal(100 * devices) if self.is_share else Decimal(devices)
        limit = self.limit * len(table) if self.is_share else self.limit
        if not (measured > limit or (self.includes_limit and measured == limit)):
            return None
        share = f" ({devices / len(table):.1%})" if len(table) else ""
        return f"--fail-on {self.text!r} matched: {devices:,} of {len(table):,} devices{share}"


def parse_conditions(texts: Iterable[str], scheme: str) -> list[Condition]:
    """Read the conditions of a command line.

    Raises
    ------
    click.UsageError
        If a text is no condition, or names nothing that the scheme knows.
    """
    return [_parse(text, scheme) for text in texts]


def exit_code(conditions: Iterable[Condition], table: fs.StatusTable) -> int:
    """Print each condition that matches; 1 if one does, else 0."""
    matches = [match for each in conditions if (match := each.explain_match(table)) is not None]
    for match in matches:
        click.echo(f"fleetstatus: {match}", err=True)
    return 1 if matches else 0


def _parse(text: str, scheme: str) -> Condition:
    match = _CONDITION.fullmatch(text)
    if match is None:
        message = f"--fail-on {visible(text)!r}: write it like 'Disconnected > 3' or 'frozen >= 5%'"
        raise click.UsageError(message)
    column, value = _find(match["name"], scheme)
    return Condition(
        column=column,
        value=value,
        limit=Decimal(match["limit"]),
        includes_limit=match["operator"] == ">=",
        is_share=match["percent"] == "%",
        text=" ".join(visible(text).split()),
    )


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
    lines = [f"--fail-on: {visible(name)!r} is no status, reason, update status or attention class"]
    elsewhere = [
        str(other)
        for other in fs.StatusScheme
        if name.casefold() in {label.casefold() for label in other.labels}
    ]
    words = {word.casefold(): word for listed in vocabularies.values() for word in listed}
    close = get_close_matches(name.casefold(), words, n=1)
    if elsewhere:
        lines[0] += f" of {scheme}, but a status of {', '.join(elsewhere)}"
    elif close:
        lines[0] += f"; did you mean {words[close[0]]!r}?"
    lines += [
        f"  {column.replace('_', ' ')}: {', '.join(listed)}"
        for column, listed in vocabularies.items()
    ]
    return "\n".join(lines)
