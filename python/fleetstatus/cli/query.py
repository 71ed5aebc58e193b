"""The question to put to the API, for any HTTP client."""

import click

import fleetstatus as fs
from fleetstatus._text import visible

# The first line tells click to leave the others as they are.
_EXAMPLE = """\b
curl --header "Authorization: Bearer $TOKEN" \\
  "https://api.balena-cloud.com$(fleetstatus query)" > fleet.json
"""


@click.command(epilog=_EXAMPLE)
@click.option("--fleet", metavar="ORG/FLEET", help="Only the devices of this fleet.")
@click.option(
    "--cloud/--no-cloud",
    default=True,
    help="Whether the API is balenaCloud's; openBalena lacks one of the fields.",
)
def query(fleet: str | None, cloud: bool) -> int:
    """Print the path that asks the API for every field that the rules read."""
    try:
        path = fs.device_query(fleet, cloud=cloud)
    except ValueError as error:
        raise click.UsageError(visible(error)) from error
    click.echo(path)
    return 0
