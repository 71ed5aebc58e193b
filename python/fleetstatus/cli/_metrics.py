"""Write devices as metrics for Prometheus."""

from __future__ import annotations

from typing import Literal, TypedDict, Unpack

import click

import fleetstatus as fs
from fleetstatus._openmetrics import FORMATS
from fleetstatus.cli._metrics_options import detail_option, device_limit_option
from fleetstatus.cli._options import (
    files_argument,
    fleet_option,
    live_options,
    missing_option,
    now_option,
    on_error_option,
    poll_option,
    scheme_option,
    threshold_option,
    utc_option,
)
from fleetstatus.cli._outcome import exit_code, warn
from fleetstatus.cli._reading import read_devices


class MetricsOptions(TypedDict):
    """What to read, and how to write it."""

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
@threshold_option
@scheme_option
@now_option
@utc_option
@poll_option
@missing_option
@on_error_option
@live_options
def metrics(**options: Unpack[MetricsOptions]) -> int:
    """Write the devices of FILEs as metrics that Prometheus reads, such as by the node exporter."""
    devices = read_devices(
        {
            "files": options["files"],
            "fleet": options["fleet"],
            "scheme": options["scheme"],
            "now": options["now"],
            "assume_utc": options["assume_utc"],
            "default_poll_interval": options["default_poll_interval"],
            "allow_missing": options["allow_missing"],
            "on_error": options["on_error"],
            "threshold": options["threshold"],
            "fail_on": (),
            "quiet": False,
            "api": options["api"],
            "ca": options["ca"],
        }
    )
    text = fs.openmetrics(
        devices.with_attention(devices.table),
        detail=options["detail"],
        limit=options["limit"],
        format=options["output_format"],
    )
    warn(devices.table)
    click.echo(text, nl=False)
    return exit_code(devices, ())
