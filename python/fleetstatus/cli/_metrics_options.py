"""Options of the commands that give metrics."""

import click

from fleetstatus._openmetrics import DEFAULT_LIMIT, DETAILS
from fleetstatus.cli._options import count_or_all

detail_option = click.option(
    "--detail",
    type=click.Choice(DETAILS),
    default="attention",
    show_default=True,
    help="Which devices to list one by one; each is a time series.",
)
device_limit_option = click.option(
    "--limit",
    type=count_or_all,
    default=str(DEFAULT_LIMIT),
    show_default=True,
    metavar="N|all",
    help="How many devices to list one by one, worst first; fleetstatus_devices_omitted counts the "
    "rest.",
)
