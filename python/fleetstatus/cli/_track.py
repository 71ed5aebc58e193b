"""Look at devices again and again: tell what changed, and remember it in a file."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

import fleetstatus as fs
from fleetstatus._words.text import in_devices, visible
from fleetstatus.cli._change_conditions import Compared, parse_change_conditions
from fleetstatus.cli._change_fleets import labels_of
from fleetstatus.cli._change_options import ChangeOptions, change_options, reading_of
from fleetstatus.cli._change_outcome import matches_of, tell_matches, warn_of_age
from fleetstatus.cli._change_output import print_changes, print_names
from fleetstatus.cli._errors import InputError, input_error, wrong_usage
from fleetstatus.cli._exit_codes import UNUSABLE
from fleetstatus.cli._options import add_options
from fleetstatus.cli._outcome import tell
from fleetstatus.cli._paths import STANDARD_INPUT, files_of
from fleetstatus.cli._reading import Devices, read_devices
from fleetstatus.cli._state import (
    gap_option,
    hold_option,
    max_removed_option,
    opened,
    state_error,
    state_option,
    tracker_scheme_option,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from fleetstatus.cli._change_conditions import ChangeCondition, ChangeMatch

_PER_LOOK = ("table", "text")  # formats in which each look is told by itself


class TrackOptions(ChangeOptions):
    """Where devices are remembered, and how to look at them."""

    state: str
    files: tuple[str, ...]
    each: bool
    hold: str
    gap: str
    max_removed: float
    scheme: str | None


_track_options = add_options(
    state_option,
    click.option(
        "--each",
        is_flag=True,
        help="Each file is a look of its own, in the order of their moments; those that are older "
        "than the last look are left out.",
    ),
    hold_option,
    gap_option,
    max_removed_option,
    tracker_scheme_option,
)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@_track_options
@change_options
def track(**options: Unpack[TrackOptions]) -> int:
    """Print what changed since the last look, and remember the devices.

    All files together are one look, such as the pages of one answer; with --each, each file is a
    look. The first look prints no changes. A look is remembered only when its changes are printed,
    so after an interruption they are printed again. The exit code is 0 even if there are changes;
    --fail-on says which changes give 1.
    """
    files = files_of(options["files"])
    if options["each"] and len(files.on_disk) < len(files.paths):
        name = "standard input" if STANDARD_INPUT in files.paths else "balena:"
        message = f"{name} is one look; leave --each out"
        raise click.UsageError(message)
    if not Path(options["state"]).exists():  # so that wrong usage makes no file
        _conditions(options, options["scheme"] or fs.StatusScheme.DOCS_2024_11)
    settings = {name: options[name] for name in ("hold", "gap", "max_removed", "scheme")}
    with opened(options["state"], **settings) as tracker:
        job = _Job(tracker, options, _conditions(options, tracker.scheme))
        if options["each"]:
            job.look_at_each(files.paths)
        else:
            job.look_at(_read(tracker, options, options["files"]), is_alone=True)
        return job.exit_code()


def _conditions(options: TrackOptions, scheme: str) -> list[ChangeCondition]:
    return parse_change_conditions(
        options["fail_on"], scheme, is_complete=not options["incomplete"], of_tracker=True
    )


def _read(tracker: fs.Tracker, options: TrackOptions, files: tuple[str, ...]) -> Devices:
    devices = read_devices(reading_of(options, files, tracker.scheme))
    if not devices.has_statuses:
        message = f"{devices.name}: not one of its devices has a status"
        raise InputError(message)
    warn_of_age(devices.name, devices.whole)
    return devices


def in_looks(count: int) -> str:
    """Count of looks, in words.

    Examples
    --------
    >>> in_looks(1), in_looks(3000)
    ('1 look', '3,000 looks')
    """
    return "1 look" if count == 1 else f"{count:,} looks"


class _Job:
    """The looks of one run, and the conditions that they met."""

    def __init__(
        self, tracker: fs.Tracker, options: TrackOptions, conditions: Sequence[ChangeCondition]
    ) -> None:
        self.matches: list[ChangeMatch] = []
        self._tracker = tracker
        self._options = options
        self._conditions = conditions
        self._has_printed = False
        self._has_refused = False

    def look_at_each(self, paths: Sequence[str]) -> None:
        """Look at each file, by their moments; then print what is not printed look by look."""
        last = self._tracker.last_look
        moments = sorted((self._moment_of(path), path) for path in paths)
        newer = [path for now, path in moments if last is None or now >= last]
        if older := len(paths) - len(newer):
            tell(f"left out {older:,} of {len(paths):,} files, older than the last look")
        for path in newer:  # read again, so that no more than one of them is in memory
            reading = reading_of(self._options, (path,), self._tracker.scheme)
            self._look_or_go_on(read_devices(reading))
        if not self._is_told_by_look:
            begin = moments[0][0] if last is None else last + timedelta(milliseconds=1)
            self._print_changes(self._tracker.changes(since=begin))
        elif not self._has_printed and not self._options["quiet"]:
            click.echo(f"nothing changed in {in_looks(len(newer))}")

    def _look_or_go_on(self, devices: Devices) -> None:
        """Look at one of several snapshots; one that is refused stops none of the others."""
        refused = self._tracker.counters()["refused"]
        try:
            self.look_at(devices, is_alone=False)
        except InputError as error:
            if self._tracker.counters()["refused"] == refused:
                raise
            error.show()
            self._has_refused = True

    def _moment_of(self, path: str) -> datetime:
        return _read(self._tracker, self._options, (path,)).whole.now

    def look_at(self, devices: Devices, *, is_alone: bool) -> None:
        """Look at one snapshot; print what changed, if that is told look by look."""
        is_first = self._tracker.last_look is None
        fleets = self._fleets(devices)
        with self._transaction(devices, fleets) as changes:
            compared = Compared(
                changes, (devices.whole,), None if fleets is None else frozenset(fleets)
            )
            matches = matches_of(self._conditions, compared)
            if is_first:
                n_devices = in_devices(len(devices.counted))
                tell(f"first look, at {n_devices}: changes are reported from the next one on")
            if is_alone or self._is_told_by_look:
                is_wanted = is_alone and not (is_first and self._is_told_by_look)
                self._print(changes, matches, is_wanted=is_wanted)
                sys.stdout.flush()  # so that the look is told again if nobody reads this
        self.matches += matches

    def exit_code(self) -> int:
        """Say why the exit code is not 0, if so, and give it."""
        code = tell_matches(self.matches)
        return UNUSABLE if self._has_refused else code

    def _fleets(self, devices: Devices) -> list[str] | None:
        names = self._options["fleet"]
        return labels_of(names, (devices.whole, self._tracker.devices)) if names else None

    @contextmanager
    def _transaction(self, devices: Devices, fleets: list[str] | None) -> Iterator[fs.Changes]:
        """Remember a look at the end of the block; only errors of the look are put into words."""
        with ExitStack() as stack:
            with _errors_of(devices):
                changes = stack.enter_context(
                    self._tracker.transaction(
                        devices.whole, complete=not self._options["incomplete"], fleets=fleets
                    )
                )
            yield changes
            with _errors_of(devices):
                stack.close()

    @property
    def _is_told_by_look(self) -> bool:
        return self._options["quiet"] or self._options["output_format"] in _PER_LOOK

    def _print(
        self, changes: fs.Changes, matches: Sequence[ChangeMatch], *, is_wanted: bool
    ) -> None:
        if self._options["quiet"]:
            print_names(changes, matches if self._conditions else None)
        elif is_wanted or len(changes):
            if self._has_printed:
                click.echo()
            self._has_printed = True
            self._print_changes(changes)

    def _print_changes(self, changes: fs.Changes) -> None:
        title = f"What changed, as {visible(self._options['state'])} tells"
        print_changes(changes, self._options["output_format"], self._options["limit"], title)


@contextmanager
def _errors_of(devices: Devices) -> Iterator[None]:
    try:
        yield
    except fs.SnapshotError as error:
        raise input_error(error, name=devices.name) from error
    except ValueError as error:
        raise wrong_usage(error) from error
    except OSError as error:
        raise state_error(error) from error
