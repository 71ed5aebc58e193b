"""Write devices as metrics for Prometheus."""

from __future__ import annotations

from typing import Literal, Unpack

import click

import fleetstatus as fs
from fleetstatus._openmetrics import FORMATS
from fleetstatus.cli._metrics_options import detail_option, device_limit_option
from fleetstatus.cli._options import (
    SourceOptions,
    files_argument,
    fleet_option,
    source_options,
)
from fleetstatus.cli._outcome import exit_code, warn
from fleetstatus.cli._reading import read_devices


class MetricsOptions(SourceOptions):
    """What to read, and how to write it."""

    detail: Literal["none", "attention", "all"]
    limit: int
    output_format: Literal["prometheus", "openmetrics"]


@click.command()
@files_argument
@fleet_option
@detail_option
@device_limit_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    default="prometheus",
    show_default=True,
)
@source_options
def metrics(**options: Unpack[MetricsOptions]) -> int:
    """Write the devices of FILEs as metrics that Prometheus reads, such as by the node exporter."""
    devices = read_devices(options)
    text = fs.openmetrics(
        devices.with_attention(devices.table),
        detail=options["detail"],
        limit=options["limit"],
        format=options["output_format"],
    )
    warn(devices.table)
    click.echo(text, nl=False)
    return exit_code(devices, ())
