"""What the package is, and what ships with it."""

from datetime import timedelta
from operator import index
from pathlib import Path
from typing import SupportsIndex

from fleetstatus import _core
from fleetstatus._coerce import duration_ms, to_poll_interval_ms

__version__: str = _core.version


def sample_fleet() -> Path:
    """Return the path of a sample of 300 devices, in the form that the API returns.

    It has every status, both links, every update status and several fleets.

    Examples
    --------
    >>> sample_fleet().name
    'fleet.json'
    """
    return Path(__file__).parent / "sample" / "fleet.json"


def heartbeat_window(
    poll_interval_ms: int | timedelta | str | None,
    *,
    default_poll_interval: timedelta | str = timedelta(minutes=15),
) -> timedelta:
    """Return how long after a heartbeat the API counts the link as up, without the grace.

    Parameters
    ----------
    poll_interval_ms
        The device's poll interval: milliseconds, a timedelta, or text such as ``"20min"``; None if
        no configuration variable sets it.
    default_poll_interval
        The server's default poll interval, which is also its smallest: 15 minutes on balenaCloud,
        10 on openBalena. A timedelta or text such as ``"10min"``, more than 0, at most 10 years.

    Returns
    -------
    timedelta
        1.5 times the poll interval, or the server's default if that is longer, in whole seconds,
        rounded up. The API then waits 15 seconds more before it shows ``offline``.

    Raises
    ------
    ValueError, TypeError
        If an argument has a wrong value or type.

    Notes
    -----
    Source: the API's heartbeat code.

    Examples
    --------
    >>> heartbeat_window(None)
    datetime.timedelta(seconds=1350)
    >>> heartbeat_window("20min") == heartbeat_window(timedelta(minutes=20))
    True
    >>> heartbeat_window(timedelta(minutes=20), default_poll_interval="10min")
    datetime.timedelta(seconds=1800)
    """
    default_ms = to_poll_interval_ms(default_poll_interval, name="default_poll_interval")
    return timedelta(seconds=_core.heartbeat_window_s(_interval_ms(poll_interval_ms), default_ms))


def _interval_ms(poll_interval: object) -> int | None:
    if poll_interval is None:
        return None
    if isinstance(poll_interval, timedelta | str):
        poll_interval = duration_ms(poll_interval, name="poll_interval_ms")
    if not isinstance(poll_interval, SupportsIndex) or isinstance(poll_interval, bool):
        message = (
            f"poll_interval_ms is a {type(poll_interval).__name__}, "
            "expected milliseconds, a timedelta, text such as '20min', or None"
        )
        raise TypeError(message)
    limit = 2**63 - 1
    return max(-limit, min(index(poll_interval), limit))


def build_info() -> dict[str, str]:
    """Return the compiler, the build type, and the versions of the built-in libraries.

    Returns
    -------
    dict
        Text for ``compiler``, ``build_type`` and the name of each library.

    Examples
    --------
    >>> sorted(build_info())
    ['build_type', 'compiler', 'nlohmann_json', 'pybind11']
    """
    return dict(_core.build_info())
