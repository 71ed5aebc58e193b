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


_GAP = "Time between two looks that are further apart counts as unknown."
gap_option = click.option(
    "--gap", default="15min", show_default=True, metavar="DURATION", help=_GAP
)
kept_gap_option = click.option(
    "--gap", metavar="DURATION", help=f"{_GAP}  [default: that of the last look]"
)


hold_option = click.option(
    "--hold",
    default="2min",
    show_default=True,
    metavar="DURATION",
    help="Tell a status once it has lasted so long; 0s: at once.",
)


def _share(text: str) -> float:
    """Read a share: ``20%`` or ``0.2``."""
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        message = f"{text[:40]!r} is no share; write 20% or 0.2, or 100% to accept all"
        raise click.BadParameter(message)
    return share


max_removed_option = click.option(
    "--max-removed",
    type=_share,
    default="20%",
    show_default=True,
    metavar="SHARE",
    help="Refuse a look that lacks more than this share of the devices, which is more likely a "
    "page that failed; 100%: accept any.",
)
tracker_scheme_option = click.option(
    "--scheme",
    type=click.Choice([str(scheme) for scheme in fs.StatusScheme], case_sensitive=False),
    help="The vocabulary of the statuses, which a new file keeps.  [default: that of the file; "
    f"of a new one {fs.StatusScheme.DOCS_2024_11}]",
)


@contextmanager
def opened(state: str, **options: Any) -> Iterator[fs.Tracker]:
    """Open a tracker, and close it at the end; see `tracker_of`."""
    with tracker_of(state, **options) as tracker:
        yield tracker


def tracker_of(state: str, **options: Any) -> fs.Tracker:
    """Open a tracker.

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
        return fs.Tracker(state, **options)
    except (fs.SnapshotError, OSError) as error:
        raise state_error(error) from error
    except ValueError as error:
        raise wrong_usage(error) from error


@contextmanager
def existing(state: str, gap: str | None) -> Iterator[fs.Tracker]:
    """Open a tracker whose file there is.

    Parameters
    ----------
    gap
        Time between two looks that are further apart counts as unknown; None: as the last look had
        it.

    Raises
    ------
    InputError
        If there is none, or it cannot be used.
    """
    if not Path(state).exists():
        message = f"{visible(state)}: no such file; `fleetstatus track --state` makes one"
        raise InputError(message)
    with opened(state, **({} if gap is None else {"gap": gap})) as tracker:
        try:
            if gap is None:
                tracker._memory.use_kept_gap()
            yield tracker
        except (fs.SnapshotError, OSError) as error:
            raise state_error(error) from error


def state_error(error: Exception) -> InputError:
    """Error of the tracker's file as one of the command line; it names the file itself."""
    return InputError(in_options(visible_lines(str(error))))
