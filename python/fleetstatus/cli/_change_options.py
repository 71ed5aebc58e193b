"""Options of the commands that tell what changed."""

from __future__ import annotations

from typing import Literal, TypedDict

import click

from fleetstatus.cli._options import (
    SourceOptions,
    add_options,
    count_or_all,
    fleet_option,
    live_options,
    missing_option,
    on_error_option,
    poll_option,
    utc_option,
)

ROW_FORMATS = ("json", "csv", "ndjson")


class ChangeOptions(TypedDict):
    """What to compare and how to print it, as it was written on the command line."""

    fleet: tuple[str, ...]
    incomplete: bool
    fail_on: tuple[str, ...]
    quiet: bool
    now: str | None
    assume_utc: bool
    default_poll_interval: str | None
    allow_missing: tuple[str, ...]
    on_error: Literal["keep", "raise"]
    limit: int | None
    output_format: str
    api: str | None
    ca: str | None


change_options = add_options(
    fleet_option,
    click.option(
        "--incomplete",
        is_flag=True,
        help="The newer snapshot holds some devices only: one that is not in it was not removed.",
    ),
    click.option(
        "--fail-on",
        multiple=True,
        metavar='"NAME > N"',
        help="Exit with code 1 if more than N devices changed to this status, reason, update "
        "status or attention class, or if there are more than N changes of this kind (removed, "
        'restarted, ...); N% of the devices, and >=, work too. "[FLEET: ]NAME > N[%]" counts one '
        "fleet. May be repeated.",
    ),
    click.option(
        "--quiet",
        is_flag=True,
        help="Print nothing but the names of the devices that made a --fail-on match or, without "
        "one, that changed for the worse.",
    ),
    click.option(
        "--now",
        type=click.Choice(["newest", "file"]),
        help="The moment of each snapshot: that of its newest event, or when its file was "
        "written.  [default: when it was fetched, if it says so, else file, else the clock]",
    ),
    utc_option,
    poll_option,
    missing_option,
    on_error_option,
    live_options,
    click.option(
        "--limit",
        type=count_or_all,
        default=None,
        metavar="N|all",
        help="How many devices to tell of, worst first.  [default: 50; text: 20; json, csv and "
        "ndjson: all]",
    ),
    click.option(
        "--format",
        "output_format",
        type=click.Choice(["table", "text", "md", "html", *ROW_FORMATS]),
        default="table",
        show_default=True,
        help="text is short, for a chat; json, csv and ndjson hold the changes as rows.",
    ),
)


def reading_of(options: ChangeOptions, files: tuple[str, ...], scheme: str) -> SourceOptions:
    """Say how to read one snapshot."""
    return {
        "files": files,
        "fleet": (),
        "scheme": scheme,
        "now": options["now"],
        "assume_utc": options["assume_utc"],
        "default_poll_interval": options["default_poll_interval"],
        "allow_missing": options["allow_missing"],
        "on_error": options["on_error"],
        "threshold": (),
        "api": options["api"],
        "ca": options["ca"],
    }
