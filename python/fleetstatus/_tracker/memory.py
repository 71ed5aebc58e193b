"""What a tracker remembers: the engine's memory, and the file that it is kept in."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from fleetstatus import _core
from fleetstatus._changes.changes import Changes
from fleetstatus._changes.comparison import Comparison
from fleetstatus._coerce import from_ms, scheme_code
from fleetstatus._table.fleets import fleet_labels
from fleetstatus.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetstatus._tracker.arguments import Settings
    from fleetstatus._tracker.store import Store
    from fleetstatus.enums import StatusScheme


class Snapshot(NamedTuple):
    """What a look is to look at.

    Attributes
    ----------
    core
        Devices, in the tracker's scheme.
    complete, fleets, max_removed
        See `Tracker.update`.
    """

    core: _core.StatusTable
    complete: bool
    fleets: list[str] | None
    max_removed: float


class Looked(NamedTuple):
    """What a look found out: what it changes in the engine's memory, and what it tells."""

    look: _core.Look
    engine: _core.Tracker
    core: _core.StatusTable
    changes: Changes


class RefusedError(Exception):
    """A look that was refused, as opposed to a file that cannot be used."""

    def __init__(self, reason: SnapshotError) -> None:
        super().__init__(reason)
        self.reason = reason


class Memory:
    """The engine's memory, which is read from the file again where others have written to it.

    All that asks for the engine is to be called with the store's lock.
    """

    def __init__(self, store: Store, settings: Settings, scheme: StatusScheme) -> None:
        self.store = store
        self.settings = settings
        self.scheme = scheme
        self._engine: _core.Tracker | None = None
        self._n_looks = 0
        self._tables: dict[bool, tuple[list[int], _core.StatusTable]] = {}

    # What is remembered

    def engine(self) -> _core.Tracker:
        """Give the engine, with the memory of all looks that are in the file."""
        n_looks = self.store.last_look()[0]
        if self._engine is None or n_looks != self._n_looks:
            engine = _core.Tracker(
                scheme=scheme_code(self.scheme),
                hold_ms=self.settings.hold_ms,
                gap_ms=self.settings.gap_ms,
                outage=self.settings.outage,
                flapping=self.settings.flapping,
                forget_ms=self.settings.forget_ms,
            )
            self._n_looks = self.store.load_into(engine)
            self._engine = engine
            self._tables.clear()
        return self._engine

    def table(self, *, removed: bool) -> tuple[list[int], _core.StatusTable]:
        """Give the numbers of the devices, and a table of them.

        Parameters
        ----------
        removed
            Whether those that are removed are in it.
        """
        self.engine()
        if removed not in self._tables:
            self._tables[removed] = self.store.table(removed=removed)
        return self._tables[removed]

    def stale_reads(self, last_ms: int) -> list[tuple[int, int]]:
        """Give the devices that nobody has read for long, with the moments of their last reads."""
        return [
            (device, moment)
            for device, moment in self.engine().last_reads()
            if last_ms - moment > self.settings.gap_ms
        ]

    # Looks

    def look(self, asked: Snapshot) -> Looked:
        """Find out what a look changes, and change nothing.

        Raises
        ------
        RefusedError
            If it cannot follow the looks before it.
        ValueError
            If a fleet is not known.
        """
        engine = self.engine()
        fleets = asked.fleets
        if fleets is not None:
            labels = {*engine.fleets, *asked.core.fleets}
            fleets = fleet_labels(fleets, labels, {*self._app_names(), *asked.core.app_names})
        try:
            look = engine.look(asked.core, asked.complete, fleets, asked.max_removed)
        except SnapshotError as error:
            raise RefusedError(error) from None
        return Looked(look, engine, asked.core, self._changes_of(look, asked.core))

    @contextmanager
    def refusals_counted(self) -> Iterator[None]:
        """Count a look that is refused, and raise why.

        Raises
        ------
        SnapshotError
            If a look is refused.
        """
        try:
            yield
        except RefusedError as refused:
            with suppress(SnapshotError, OSError):  # that it was refused is worth more than a count
                self.store.count_refused()
            raise refused.reason from None

    def look_and_keep(self, asked: Snapshot) -> Changes:
        """Look, and write what the look changes, in one transaction."""
        with self.store.lock:
            with self.refusals_counted(), self.store.writing():
                looked = self.look(asked)
                forgotten = self._write(looked)
            self._remember(looked, forgotten)
        return looked.changes

    def keep(self, looked: Looked) -> None:
        """Write what a look changes.

        Raises
        ------
        SnapshotError
            If another look was written since.
        """
        with self.store.lock:
            with self.store.writing():
                if self.store.last_look()[0] != looked.look.number - 1:
                    message = (
                        "another look was remembered in the meantime, so this one is not; look "
                        "again, and what is still to be told is told then"
                    )
                    raise SnapshotError(message)
                forgotten = self._write(looked)
            self._remember(looked, forgotten)

    def use_kept_gap(self) -> None:
        """Answer with the gap that the last look had."""
        gap_ms = self.store.kept_gap()
        if gap_ms is not None:
            self.settings = self.settings._replace(gap_ms=gap_ms)

    def compact(self) -> None:
        """Delete what is too old, and give the room back to the disk."""
        with self.store.lock:
            engine = self.engine()
            forgotten = self.store.compact(
                keep_ms=self.settings.keep_ms, forget_ms=self.settings.forget_ms
            )
            engine.forget(forgotten)
            self._tables.clear()

    def _write(self, looked: Looked) -> list[int]:
        keep_ms, forget_ms = self.settings.keep_ms, self.settings.forget_ms
        self.store.keep_gap(self.settings.gap_ms)
        return self.store.write(looked.look, looked.core, keep_ms=keep_ms, forget_ms=forget_ms)

    def _remember(self, looked: Looked, forgotten: list[int]) -> None:
        """Take what was committed into the engine's memory."""
        engine, self._engine = self._engine, None  # so that it is read again if this is interrupted
        self._tables.clear()
        if engine is looked.engine:
            engine.apply(looked.look)
            engine.forget(forgotten)
            self._engine, self._n_looks = engine, looked.look.number

    # Changes

    def _changes_of(self, look: _core.Look, core: _core.StatusTable) -> Changes:
        unreadable, duplicates, without_uuid = look.counts
        number, before_ms = self.store.last_look()
        about = Comparison(
            scheme=self.scheme,
            old_now=from_ms(before_ms) if number else None,
            now=from_ms(look.moment_ms),
            notes=tuple(look.notes),
            unreadable=unreadable,
            duplicates=duplicates,
            without_uuid=without_uuid,
            fleets=self._fleets_with(core),
            app_names=self._app_names() | frozenset(core.app_names),
        )
        return Changes(look.changes, about)

    def about_log(self, *, until_ms: int | None = None) -> Comparison:
        """Give what holds for all changes in the log, or for those before a moment."""
        number, last_ms = self.store.last_look()
        end_ms = last_ms if until_ms is None else min(until_ms, last_ms)
        return Comparison(
            scheme=self.scheme,
            now=from_ms(end_ms) if number else None,
            fleets=frozenset(self.engine().fleets),
            app_names=self._app_names(),
        )

    def _app_names(self) -> frozenset[tuple[str, str]]:
        """Fleets that looks held, each with the name of its app."""
        names = self.store.settings().get("app_names", [])
        return frozenset((fleet, name) for fleet, name in names)

    def _fleets_with(self, core: _core.StatusTable) -> frozenset[str] | None:
        if not core.knows_fleets:
            return None
        return frozenset({*self.engine().fleets, *core.fleets})
