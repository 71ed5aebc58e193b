"""Options that several commands share."""

import sys
from collections.abc import Callable
from typing import Any, Literal, TypedDict, TypeVar

import click

import fleetstatus as fs
from fleetstatus._words.text import quoted

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator = Callable[[Command], Command]


class SourceOptions(TypedDict):
    """What to read and how, as it was written on the command line."""

    files: tuple[str, ...]
    fleet: tuple[str, ...]
    scheme: str
    now: str | None
    assume_utc: bool
    default_poll_interval: str | None
    allow_missing: tuple[str, ...]
    on_error: Literal["keep", "raise"]
    threshold: tuple[str, ...]
    api: str | None
    ca: str | None


class ReadingOptions(SourceOptions):
    """The same, and what decides the exit code and whether anything is printed."""

    fail_on: tuple[str, ...]
    quiet: bool


files_argument = click.argument("files", nargs=-1, required=True, metavar="FILE...")
by_option = click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Group by this column, or by a further field of the records such as os_version, "
    "is_running__release.raw_version or tag:site. May be repeated.  [default: fleet]",
)


def count_or_all(text: str) -> int:
    """Read how many things to show; ``all`` is more than there can be."""
    if text == "all":
        return sys.maxsize
    if not (text.isdecimal() and text.isascii()):
        message = f"{quoted(text)} is neither a number from 0 nor 'all'"
        raise click.BadParameter(message)
    return int(text)


def add_options(*options: Decorator[Callable[..., Any]]) -> Decorator[Command]:
    """Add options to a command, in the order in which its help shows them."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


fleet_option = click.option(
    "--fleet",
    multiple=True,
    metavar="ORG/FLEET",
    help="Only devices of this fleet; its own name is enough where one fleet has it. May be "
    "repeated.",
)
scheme_option = click.option(
    "--scheme",
    type=click.Choice([str(scheme) for scheme in fs.StatusScheme], case_sensitive=False),
    default=str(fs.StatusScheme.DOCS_2024_11),
    show_default=True,
    help="The vocabulary of the statuses.",
)
utc_option = click.option("--assume-utc", is_flag=True, help="Times without a zone are UTC.")
poll_option = click.option(
    "--default-poll-interval",
    metavar="DURATION",
    help="The server's default and least poll interval: 10min on openBalena.  [default: "
    "15min, as on balenaCloud]",
)
missing_option = click.option(
    "--allow-missing",
    multiple=True,
    metavar="FIELD",
    help="Go on although this field is not in the data; all allows any. May be repeated.",
)
on_error_option = click.option(
    "--on-error",
    type=click.Choice(["keep", "raise"]),
    default="keep",
    show_default=True,
    help="Keep unreadable records as rows that need attention, or stop at the first.",
)
live_options = add_options(
    click.option(
        "--api",
        metavar="URL",
        help="The API that balena: asks.  [default: BALENA_API_URL, else balenaCloud's]",
    ),
    click.option("--ca", metavar="FILE", help="Certificates to trust, of an API with its own."),
)
threshold_option = click.option(
    "--threshold",
    multiple=True,
    metavar="CLASS=DURATION",
    help="How long it may last before it needs attention: disconnected, downloading, "
    "downloaded, applying, reduced or never-connected. May be repeated.",
)
now_option = click.option(
    "--now",
    metavar="MOMENT",
    help="The moment to measure at: a date (its end in UTC), a time with its zone, newest "
    "(the newest event), file (when the file was written) or clock.  [default: when the data "
    "was fetched, if it says so, else file, else clock]",
)
source_options = add_options(
    threshold_option,
    scheme_option,
    now_option,
    utc_option,
    poll_option,
    missing_option,
    on_error_option,
    live_options,
)
reading_options = add_options(
    fleet_option,
    click.option(
        "--fail-on",
        multiple=True,
        metavar='"NAME > N"',
        help="Exit with code 1 if more than N devices, or N% of them, have this status, reason, "
        'update status or attention class; >= works too. "[FLEET: ]NAME[ for DURATION] > N[%]" '
        "counts one fleet, and what has lasted. Counts all devices of --fleet. May be repeated.",
    ),
    click.option(
        "--quiet",
        is_flag=True,
        help="Print nothing but the names of the devices that made a --fail-on match or, without "
        "one, that need attention.",
    ),
    source_options,
)
