"""Options that several commands share, and the table that they ask for."""

from collections.abc import Callable
from typing import Any, Literal, TypedDict, TypeVar

import click

import fleetstatus as fs
from fleetstatus._text import visible
from fleetstatus.cli.reading import InputError, name_of, source_of
from fleetstatus.cli.text import visible_lines
from fleetstatus.table import COLUMNS

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator = Callable[[Command], Command]


class ReadingOptions(TypedDict):
    """What to read, and how."""

    files: tuple[str, ...]
    scheme: str
    now: str | None
    allow_missing: tuple[str, ...]
    on_error: Literal["keep", "raise"]


files_argument = click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
)
by_option = click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Group by this column, or by a further field of the records such as os_version or "
    "is_running__release.raw_version. May be repeated.  [default: fleet]",
)
fail_on_option = click.option(
    "--fail-on",
    multiple=True,
    metavar='"NAME > N"',
    help="Exit with code 1 if more than N devices, or N% of them, have this status, reason, "
    "update status or attention class; >= works too. May be repeated.",
)


def reading_options(command: Command) -> Command:
    """Add the options of every command that reads records."""
    for option in reversed(_READING_OPTIONS):
        command = option(command)
    return command


_READING_OPTIONS: tuple[Decorator[Callable[..., Any]], ...] = (
    click.option(
        "--scheme",
        type=click.Choice([str(scheme) for scheme in fs.StatusScheme], case_sensitive=False),
        default=str(fs.StatusScheme.DOCS_2024_11),
        show_default=True,
        help="The words in which to tell statuses.",
    ),
    click.option(
        "--now",
        metavar="TIME",
        help="The moment to measure at, with a zone.  [default: when the data was fetched, if it "
        "says so, else the clock]",
    ),
    click.option(
        "--allow-missing",
        multiple=True,
        metavar="FIELD",
        help="Go on although this field is not in the data; all allows any. May be repeated.",
    ),
    click.option(
        "--on-error",
        type=click.Choice(["keep", "raise"]),
        default="keep",
        show_default=True,
        help="Keep unreadable records as rows that need attention, or stop at the first.",
    ),
)


def read_table(reading: ReadingOptions, *, by: tuple[str, ...] = ()) -> fs.StatusTable:
    """Classify all records of the files.

    Parameters
    ----------
    reading
        What to read, and how.
    by
        Columns that the caller will group by; those that no table has are carried over from the
        records.

    Raises
    ------
    InputError
        If the input cannot be read, or holds no devices.
    """
    name = name_of(reading["files"])
    allow_missing = reading["allow_missing"]
    further = [column for column in by if column not in COLUMNS]
    try:
        table = fs.classify(
            source_of(reading["files"]),
            scheme=reading["scheme"],
            now=reading["now"],
            allow_missing="all" if "all" in allow_missing else allow_missing,
            on_error=reading["on_error"],
            carry=further,
        )
    except fs.MissingFieldsError as error:
        message = f"{name}: {visible_lines(str(error))}\n{_ways_out(error)}"
        raise InputError(message) from error
    except (ValueError, OSError, EOFError) as error:
        text = visible_lines(str(error))
        raise InputError(text if name in text else f"{name}: {text}") from error
    if len(table) == 0:
        message = f"{name}: no devices"
        raise InputError(message)
    for column in further:
        if all(value is None for value in table[column].to_list()):
            message = f"{name}: no record has a value in {visible(column)}"
            raise InputError(message)
    return table


def _ways_out(error: fs.MissingFieldsError) -> str:
    allowed = " ".join(f"--allow-missing {field}" for field in error.fields)
    return (
        "On the command line: ask the API for what `fleetstatus query` prints, or go on with\n"
        f"  {allowed}"
    )
