"""What the package is, and what ships with it."""

from datetime import timedelta
from pathlib import Path

from fleetstatus import _core

__version__: str = _core.version


def sample_fleet() -> Path:
    """Path of a sample of a few hundred devices, in the form that the API returns.

    Every status, both links, updates in every state and several fleets are in it.

    Examples
    --------
    >>> sample_fleet().name
    'fleet.json'
    """
    return Path(__file__).parent / "sample" / "fleet.json"


def heartbeat_window(poll_interval_ms: int | None) -> timedelta:
    """Time after a heartbeat for which the API still counts the link as up, without the grace.

    Parameters
    ----------
    poll_interval_ms
        The device's poll interval in milliseconds; None if no configuration variable sets it.

    Returns
    -------
    timedelta
        1.5 times the interval, which is never taken as shorter than ten minutes, in whole
        seconds, rounded up. The API then waits 15 seconds more before it shows ``offline``.

    Notes
    -----
    Source: the API's heartbeat code.

    Examples
    --------
    >>> heartbeat_window(None)
    datetime.timedelta(seconds=900)
    """
    limit = 2**63 - 1
    ms = None if poll_interval_ms is None else max(-limit, min(poll_interval_ms, limit))
    return timedelta(seconds=_core.heartbeat_window_s(ms))


def build_info() -> dict[str, str]:
    """Compiler, build type, versions of the libraries built in, and simdjson's instruction set."""
    return dict(_core.build_info())
