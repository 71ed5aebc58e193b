"""Alert rules for Prometheus, and a dashboard for Grafana."""

from importlib.resources import files

import click

_FOLDER = files("fleetstatus") / "alerts"


@click.command()
@click.option(
    "--dashboard", is_flag=True, help="Print a dashboard for Grafana instead, as JSON to import."
)
def rules(dashboard: bool) -> int:
    """Print alert rules for Prometheus, to be checked and changed.

    They fire for old or missing metrics, devices and fleets without a link, outages, updates that
    failed or are stuck, and records that cannot be read.
    """
    name = "dashboard.json" if dashboard else "rules.yml"
    click.echo((_FOLDER / name).read_text(encoding="utf-8"), nl=False)
    return 0
