"""The tracker that a command line names with ``--state``."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import fleetstatus as fs
from fleetstatus._words.text import visible
from fleetstatus.cli._errors import InputError, in_options, wrong_usage
from fleetstatus.cli._text import visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

state_option = click.option(
    "--state",
    required=True,
    metavar="FILE",
    help="The tracker's file, in which devices are remembered from look to look.",
)


gap_option = click.option(
    "--gap",
    default="15min",
    show_default=True,
    metavar="DURATION",
    help="Time between two looks that are further apart counts as unknown.",
)


@contextmanager
def opened(state: str, **options: Any) -> Iterator[fs.Tracker]:
    """Open a tracker, and close it at the end.

    Raises
    ------
    InputError
        If the file cannot be used.
    click.UsageError
        If an option cannot be.
    """
    if state == ":memory:":
        message = "--state names a file, since a tracker in memory forgets all at the end"
        raise click.UsageError(message)
    try:
        tracker = fs.Tracker(state, **options)
    except (fs.SnapshotError, OSError) as error:
        raise state_error(error) from error
    except ValueError as error:
        raise wrong_usage(error) from error
    with tracker:
        yield tracker


@contextmanager
def existing(state: str, **options: Any) -> Iterator[fs.Tracker]:
    """Open a tracker whose file there is.

    Raises
    ------
    InputError
        If there is none, or it cannot be used.
    """
    if not Path(state).exists():
        message = f"{visible(state)}: no such file; `fleetstatus track --state` makes one"
        raise InputError(message)
    with opened(state, **options) as tracker:
        try:
            yield tracker
        except (fs.SnapshotError, OSError) as error:
            raise state_error(error) from error


def state_error(error: Exception) -> InputError:
    """Error of the tracker's file as one of the command line; it names the file itself."""
    return InputError(in_options(visible_lines(str(error))))
