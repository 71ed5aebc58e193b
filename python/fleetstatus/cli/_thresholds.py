"""How long something may last before it needs a person: ``--threshold downloaded=2d``."""

from collections.abc import Iterable
from datetime import timedelta

import click

from fleetstatus import _core
from fleetstatus._words.durations import parse_duration
from fleetstatus._words.names import near
from fleetstatus._words.text import quoted, visible

Thresholds = dict[str, timedelta]


def names() -> list[str]:
    """List what has a threshold, as the command line writes it."""
    return [name.replace("_", "-") for name in _core.attention_thresholds_ms()]


def to_thresholds(texts: Iterable[str]) -> Thresholds:
    """Read the thresholds of a command line, as `StatusTable.attention` takes them.

    Raises
    ------
    click.UsageError
        If a text is none, or names nothing that has a threshold.
    """
    return dict(map(_threshold, texts))


def _threshold(text: str) -> tuple[str, timedelta]:
    name, sign, duration = text.partition("=")
    name = name.strip().lower()
    if not sign:
        message = f"--threshold {quoted(text)}: write it like 'downloaded=2d'"
        raise click.UsageError(message)
    if name not in names():
        message = (
            f"--threshold: nothing that needs attention is called {quoted(name)}"
            f"{near(name, names())}; there are {', '.join(names())}"
        )
        raise click.UsageError(message)
    try:
        return name.replace("-", "_"), parse_duration(duration)
    except ValueError as error:
        message = f"--threshold {name}: {visible(error)}"
        raise click.UsageError(message) from error
