"""The overview of a fleet, and of its devices that need attention."""

from typing import Unpack

import click

import fleetstatus as fs
from fleetstatus._text import visible
from fleetstatus.cli.fail_on import exit_code, parse_conditions
from fleetstatus.cli.markup import to_html, to_json, to_markdown
from fleetstatus.cli.options import (
    Command,
    ReadingOptions,
    by_option,
    fail_on_option,
    files_argument,
    read_table,
    reading_options,
)
from fleetstatus.cli.reading import name_of
from fleetstatus.cli.render import print_report
from fleetstatus.cli.report import report_on

_WRITERS = {"md": to_markdown, "html": to_html, "json": to_json}


class AuditOptions(ReadingOptions):
    """How to group, limit and print an audit."""

    by: tuple[str, ...]
    fail_on: tuple[str, ...]
    limit: int | None
    output_format: str


def _limit(text: str) -> int | None:
    """Read how many devices to list; None stands for all."""
    if text == "all":
        return None
    if not text.isdecimal():
        message = f"{visible(text)!r} is neither a number from 0 nor 'all'"
        raise click.BadParameter(message)
    return int(text)


def _audit_options(command: Command) -> Command:
    """Add the options of an audit."""
    options = (
        by_option,
        fail_on_option,
        click.option(
            "--limit",
            type=_limit,
            default="50",
            show_default=True,
            metavar="N|all",
            help="How many devices that need attention to list.",
        ),
        click.option(
            "--format",
            "output_format",
            type=click.Choice(["table", *_WRITERS]),
            default="table",
            show_default=True,
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@files_argument
@_audit_options
@reading_options
def audit(**options: Unpack[AuditOptions]) -> int:
    """Show how a fleet is, and which of its devices need attention, worst first."""
    return _audit(options, source=name_of(options["files"]))


@click.command()
@_audit_options
@reading_options
def demo(**options: Unpack[AuditOptions]) -> int:
    """Audit the sample fleet that comes with the package."""
    options["files"] = (str(fs.sample_fleet()),)
    return _audit(options, source="sample fleet")


def _audit(options: AuditOptions, *, source: str) -> int:
    by = options["by"] or ("fleet",)
    conditions = parse_conditions(options["fail_on"], options["scheme"])
    table = read_table(options, by=by)
    report = report_on(table, source=source, by=by, limit=options["limit"])
    write = _WRITERS.get(options["output_format"])
    if write is None:
        print_report(report)
    else:
        click.echo(write(report), nl=False)
    return exit_code(conditions, table)
