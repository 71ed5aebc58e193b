"""The question to put to the API, for any HTTP client."""

import click

import fleetstatus as fs
from fleetstatus.cli._errors import wrong_usage

# The first line tells click to leave the others as they are.
_EXAMPLE = """\b
curl --header "Authorization: Bearer $TOKEN" \\
  "https://api.balena-cloud.com$(fleetstatus query)" > fleet.json
"""


@click.command(epilog=_EXAMPLE)
@click.option("--fleet", metavar="ORG/FLEET", help="Only the devices of this fleet.")
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Also ask for this field, which --by of the other commands groups by. May be repeated.",
)
@click.option(
    "--cloud/--no-cloud",
    default=True,
    help="Whether the API is balenaCloud's; openBalena lacks one of the fields.",
)
def query(fleet: str | None, by: tuple[str, ...], cloud: bool) -> int:
    """Print the path that asks the API for every field that the rules read."""
    try:
        path = fs.device_query(fleet, cloud=cloud, carry=by)
    except ValueError as error:
        raise wrong_usage(error) from error
    click.echo(path)
    return 0
