"""The life of the service: until a signal ends it."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from fleetstatus._exporter.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetstatus._exporter.looks import Looks
    from fleetstatus._exporter.server import _Server

_ENDING = (signal.SIGTERM, signal.SIGINT)
_LAST_LOOK_S = 1.0


def run(server: _Server, looks: Looks) -> tuple[signal.Signals, bool]:
    """Look and serve until a signal ends it.

    A look that is under way gets a moment to end; if it does not, it is left alone, since what it
    writes is one transaction.

    Returns
    -------
    Signals
        The signal.
    bool
        Whether no look is under way any more, so that the tracker may be closed.
    """
    stopped = Event()
    # Blocked and waited for, since a handler could run while the main thread holds a lock.
    with _blocked():
        thread = Thread(target=looks.run, args=(stopped,), daemon=True)
        thread.start()
        with serving(server, looks):
            number = signal.sigwait(_ENDING)
        stopped.set()
        thread.join(_LAST_LOOK_S)
    return signal.Signals(number), not thread.is_alive()


@contextmanager
def _blocked() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
