"""The overview of a fleet, and of its devices that need attention."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Unpack

import click

import fleetstatus as fs
from fleetstatus._report.report import LIMIT, Report, report_on
from fleetstatus._report.report_page import DASHBOARD, check_dashboard
from fleetstatus._report.report_page import to_html as to_page
from fleetstatus.cli._again import list_command
from fleetstatus.cli._chat import to_text
from fleetstatus.cli._errors import in_options, wrong_usage
from fleetstatus.cli._fail_on import parse_conditions
from fleetstatus.cli._json_report import to_json
from fleetstatus.cli._markdown import to_markdown
from fleetstatus.cli._options import (
    ReadingOptions,
    add_options,
    by_option,
    count_or_all,
    files_argument,
    reading_options,
)
from fleetstatus.cli._outcome import exit_code, matches_of, print_names
from fleetstatus.cli._reading import read_devices
from fleetstatus.cli._render import print_report

if TYPE_CHECKING:
    from collections.abc import Callable

    CommandFor = Callable[[fs.Attention], str]

_CHAT_LIMIT = 12
_FORMATS = ("table", "md", "html", "json", "text")


class AuditOptions(ReadingOptions):
    """How to group, limit and print an audit."""

    by: tuple[str, ...]
    limit: int | None
    groups: int
    output_format: str
    dashboard: str


_audit_options = add_options(
    by_option,
    click.option(
        "--limit",
        type=count_or_all,
        metavar="N|all",
        help="How many devices that need attention to list; each class has its share.  "
        f"[default: {LIMIT}; text: {_CHAT_LIMIT}]",
        default=None,
    ),
    click.option(
        "--groups",
        type=count_or_all,
        default="10",
        show_default=True,
        metavar="N|all",
        help="How many fleets, or other groups, to show.",
    ),
    click.option(
        "--format",
        "output_format",
        type=click.Choice(_FORMATS),
        default="table",
        show_default=True,
        help="text is short, for a chat.",
    ),
    click.option(
        "--dashboard",
        default=DASHBOARD,
        show_default=True,
        metavar="URL|none",
        help="Where devices have their pages, for the links of html.",
    ),
)


@click.command()
@files_argument
@_audit_options
@reading_options
def audit(**options: Unpack[AuditOptions]) -> int:
    """Show how a fleet is, and which of its devices need attention, worst first.

    Begins with a verdict. Of several records of one device the last counts.
    """
    return _audit(options)


@click.command()
@_audit_options
@reading_options
def demo(**options: Unpack[AuditOptions]) -> int:
    """Audit the sample fleet that comes with the package."""
    options["files"] = (str(fs.sample_fleet()),)
    return _audit(options, name="sample fleet")


def _audit(options: AuditOptions, *, name: str | None = None) -> int:
    conditions = parse_conditions(options["fail_on"], options["scheme"])
    dashboard = _dashboard(options["dashboard"])
    by = options["by"] or ("fleet",)
    devices = read_devices(options, carry=by)
    matches = matches_of(conditions, devices)
    if options["quiet"]:
        print_names(devices, conditions, matches, devices.attention)
    else:
        report = report_on(
            devices.table,
            source=name or devices.name,
            by=by,
            limit=_limit(options),
            max_groups=options["groups"],
            thresholds=devices.thresholds,
        )
        _print(_in_options(report), options, dashboard)
    return exit_code(devices, matches)


def _in_options(report: Report) -> Report:
    """Let errors of records name the options of the command line."""
    classes = [
        replace(found, findings=[replace(one, why=in_options(one.why)) for one in found.findings])
        if found.attention is fs.Attention.UNREADABLE
        else found
        for found in report.classes
    ]
    return replace(report, classes=classes)


def _limit(options: AuditOptions) -> int:
    if options["limit"] is not None:
        return options["limit"]
    return _CHAT_LIMIT if options["output_format"] == "text" else LIMIT


def _dashboard(text: str) -> str | None:
    if text == "none":
        return None
    try:
        return check_dashboard(text)
    except ValueError as error:
        raise wrong_usage(error) from error


def _print(report: Report, options: AuditOptions, dashboard: str | None) -> None:
    command_for: CommandFor = partial(list_command, options)
    output_format = options["output_format"]
    if output_format == "table":
        print_report(report, command_for)
    elif output_format == "html":
        click.echo(to_page(report, dashboard=dashboard, command_for=command_for), nl=False)
    else:
        write = {"md": to_markdown, "json": to_json, "text": to_text}[output_format]
        click.echo(write(report, command_for), nl=False)
