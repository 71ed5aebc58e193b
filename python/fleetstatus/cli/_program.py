"""The program: its commands, and how it ends."""

import os
import sys
from contextlib import suppress
from io import TextIOWrapper

import click

import fleetstatus as fs
from fleetstatus._words.text import visible
from fleetstatus.cli._audit import audit, demo
from fleetstatus.cli._diff import diff
from fleetstatus.cli._errors import InputError
from fleetstatus.cli._exit_codes import CLOSED_PIPE, INTERRUPTED, UNUSABLE
from fleetstatus.cli._explain import explain
from fleetstatus.cli._exporter import exporter
from fleetstatus.cli._history import history
from fleetstatus.cli._listing import list_devices
from fleetstatus.cli._metrics import metrics
from fleetstatus.cli._query import query
from fleetstatus.cli._rules import rules
from fleetstatus.cli._track import track


class ClosedPipeError(Exception):
    """The reader of the output has gone, as ``head`` does when it has seen enough."""


class Program(click.Group):
    """A group of commands that distinguishes a closed pipe from bad input."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command and write out all that it printed."""
        if sys.stdout is None:
            message = "standard output is closed"
            raise InputError(message)
        try:
            exit_code: object = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise ClosedPipeError from error
        return exit_code


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(fs.__version__, message="%(prog)s %(version)s")
def program() -> None:
    """Show the status of each device of a balena fleet, why, and what needs attention.

    FILE is an answer of the API, an array of device records, JSON lines, CSV, Parquet or several
    of these, gzipped or not; a folder, a quoted pattern such as 'pages/*.json', or - for standard
    input. balena:ORG/FLEET asks the API for a fleet, balena: for all devices, with the token in
    BALENA_TOKEN. Several files count as one.

    Exit codes: 2 for wrong usage, input that cannot be used, no devices, not one device with a
    status, or a --fail-on condition that the data cannot answer; else 1 if a --fail-on condition
    matched; else 0. 130 if interrupted.
    """


_LOOKING = (demo, audit, list_devices, explain, diff, track, history)
_FOR_OTHERS = (query, metrics, exporter, rules)
for command in (*_LOOKING, *_FOR_OTHERS):
    program.add_command(command)


def run() -> int:
    """Run the program; whatever happens, end with a line for people and an exit code."""
    _print_anything()
    try:
        exit_code = program.main(prog_name="fleetstatus", standalone_mode=False)
    except ClosedPipeError:
        _drop_output()
        return CLOSED_PIPE
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return UNUSABLE
    except OSError as error:
        _drop_output()
        return _fail(error.strerror or str(error))
    except Exception as error:  # noqa: BLE001
        return _fail(f"this should not happen: {type(error).__name__}: {error}")
    return exit_code if isinstance(exit_code, int) else 0


def _fail(message: str) -> int:
    with suppress(OSError):
        click.echo(f"fleetstatus: {visible(message)}", err=True)
    return UNUSABLE


def _print_anything() -> None:
    """Have characters that the terminal's encoding lacks printed as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Let what is still buffered go nowhere, so that the interpreter's own flush is silent."""
    with suppress(OSError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
