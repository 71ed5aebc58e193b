"""Looks of a tracker, each at a file in the state that it is to find."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import fleetstatus as fs

if TYPE_CHECKING:
    from pathlib import Path

    from changed_fleet import Snapshots


class Looks:
    """A tracker's first look, a look after it, and one that finds nothing changed.

    Each is done with a tracker that is made ready before, off the clock.
    """

    def __init__(self, snapshots: Snapshots, directory: Path) -> None:
        self._snapshots = snapshots
        self._first = directory / "first.tracker"
        self._file = directory / "looks.tracker"
        with fs.Tracker(self._first) as tracker:
            tracker.update(snapshots.old)
        self._tracker = fs.Tracker()

    def make_empty(self) -> None:
        """Make ready a file without looks."""
        self._remove()
        self._tracker = fs.Tracker(self._file)

    def make_looked_at(self) -> None:
        """Make ready a file with one look, all of it on the disk, that a tracker has read."""
        self._remove()
        shutil.copyfile(self._first, self._file)
        handle = os.open(self._file, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
        self._tracker = fs.Tracker(self._file)
        self._tracker.changes()

    def look_first(self) -> fs.Changes:
        """Look at the older snapshot."""
        return self._tracker.update(self._snapshots.old)

    def look(self) -> fs.Changes:
        """Look at the newer snapshot."""
        return self._tracker.update(self._snapshots.new)

    def look_quietly(self) -> fs.Changes:
        """Look at the older snapshot again, later."""
        return self._tracker.update(self._snapshots.still)

    @property
    def first(self) -> Path:
        """A file with one look."""
        return self._first

    def _remove(self) -> None:
        self._tracker.close()
        for path in self._file.parent.glob(f"{self._file.name}*"):
            path.unlink()
