"""Fetch and track devices again and again, and serve metrics of them."""

from __future__ import annotations

import re
import signal
import warnings
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

import click

from fleetstatus._coerce import to_duration
from fleetstatus._words.text import quoted, visible
from fleetstatus.cli._errors import InputError, wrong_usage
from fleetstatus.cli._exit_codes import INTERRUPTED
from fleetstatus.cli._metrics_options import detail_option, device_limit_option
from fleetstatus.cli._options import live_options
from fleetstatus.cli._outcome import tell
from fleetstatus.cli._state import (
    gap_option,
    hold_option,
    max_removed_option,
    state_option,
    tracker_of,
    tracker_scheme_option,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.%\w]+)\]|(?P<host>[^\s:\[\]/]+)):(?P<port>\d{1,5})")
_SHORTEST_S = 1


class ExporterOptions(TypedDict):
    """What to fetch, where to remember it, and where to serve it."""

    state: str
    interval: str
    listen: tuple[str, int]
    fleet: tuple[str, ...]
    api: str | None
    ca: str | None
    detail: Literal["none", "attention", "all"]
    limit: int
    hold: str
    gap: str
    max_removed: float
    scheme: str | None


def _address(text: str) -> tuple[str, int]:
    """Read an address: ``127.0.0.1:19105`` or ``[::1]:19105``."""
    found = _ADDRESS.fullmatch(text)
    if found is None or int(found["port"]) > 65_535:
        message = f"{quoted(text)} is no address; write 127.0.0.1:19105 or [::1]:19105"
        raise click.BadParameter(message)
    return found["v6"] or found["host"], int(found["port"])


def _seconds(text: str) -> float:
    try:
        seconds = to_duration(text, name="--interval").total_seconds()
    except ValueError as error:
        raise wrong_usage(error) from error
    if seconds < _SHORTEST_S:
        message = f"--interval is {quoted(text)}, expected at least {_SHORTEST_S} second"
        raise click.UsageError(message)
    return seconds


@click.command()
@state_option
@click.option(
    "--interval",
    default="60s",
    show_default=True,
    metavar="DURATION",
    help="How often to fetch the devices.",
)
@click.option(
    "--listen",
    type=_address,
    default="127.0.0.1:19105",
    show_default=True,
    metavar="HOST:PORT",
    help="Where to serve. Names and uuids of devices go out there, to whoever asks.",
)
@click.option(
    "--fleet",
    multiple=True,
    metavar="ORG/FLEET",
    help="Fetch this fleet. May be repeated.  [default: all devices that the token may see]",
)
@live_options
@detail_option
@device_limit_option
@hold_option
@gap_option
@max_removed_option
@tracker_scheme_option
def exporter(**options: Unpack[ExporterOptions]) -> int:
    """Serve metrics of live devices to Prometheus, at /metrics, and health at /healthz.

    The token is taken from BALENA_TOKEN, BALENA_API_TOKEN or BALENA_API_KEY. If a request to the
    API fails, the last metrics stay, fleetstatus_up is 0, and standard error says why; after three
    intervals without devices, /healthz answers 503. SIGTERM ends it with exit code 0.
    """
    interval_s = _seconds(options["interval"])
    try:
        from fleetstatus import balena
        from fleetstatus._exporter.looks import Looks, Settings
        from fleetstatus._exporter.server import bound
        from fleetstatus._exporter.service import run
    except ImportError as error:
        raise InputError(_missing(error)) from error

    def fetch() -> list[bytes]:
        return _fetched(balena.fetch, options)

    settings = Settings(interval_s, options["fleet"], options["detail"], options["limit"])
    host, port = options["listen"]
    with ExitStack() as stack:
        try:
            server = stack.enter_context(bound(host, port))
        except OSError as error:
            message = (
                f"{_shown(host, port)}: {error.strerror or error}; --listen names another address"
            )
            raise InputError(message) from error
        tracker = tracker_of(
            options["state"],
            hold=options["hold"],
            gap=options["gap"],
            max_removed=options["max_removed"],
            scheme=options["scheme"],
        )
        looks = Looks(tracker, fetch, settings, log=_log)
        _log(f"metrics are at http://{_shown(host, server.server_port)}/metrics")
        ended_by, has_ended = run(server, looks)
    if has_ended:
        tracker.close()
    return 0 if ended_by is signal.SIGTERM else INTERRUPTED


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{visible(host)}:{port}"


def _missing(error: ImportError) -> str:
    """Say which packages to install, if it is one of them."""
    package = (error.name or str(error)).partition(".")[0]
    if package not in {"prometheus_client", "urllib3"}:
        raise error
    return f'the exporter needs {package}: pip install "fleetstatus[live,metrics]"'


def _fetched(fetch: Callable[..., list[bytes]], options: ExporterOptions) -> list[bytes]:
    """Fetch all devices of the fleets; what is told of clocks is a line of its own."""
    fleets = dict.fromkeys(options["fleet"]) or (None,)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        pages = [
            page for fleet in fleets for page in fetch(fleet, api=options["api"], ca=options["ca"])
        ]
    for text in dict.fromkeys(str(one.message) for one in told):
        _log(text)
    return pages


def _log(line: str) -> None:
    """Tell a line; that nobody reads the log any more ends nothing."""
    with suppress(OSError):
        tell(line)
