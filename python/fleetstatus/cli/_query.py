"""The question to put to the API, for any HTTP client, or to openBalena's database."""

import click

import fleetstatus as fs
from fleetstatus.cli._errors import wrong_usage

# The first line tells click to leave the others as they are.
_EXAMPLE = """\b
curl --header "Authorization: Bearer $BALENA_TOKEN" \\
  "https://api.balena-cloud.com$(fleetstatus query)" > fleet.json
psql --no-align --tuples-only --command \\
  "select row_to_json(device) from ($(fleetstatus query --sql)) as device" > fleet.ndjson
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
@click.option("--top", metavar="N", type=int, help="Devices of one page, in the order of ids.")
@click.option("--after", metavar="ID", type=int, help="The page behind the device with this id.")
@click.option("--sql", is_flag=True, help="A SELECT for openBalena's PostgreSQL instead.")
def query(  # noqa: PLR0917 - click names them
    fleet: str | None,
    by: tuple[str, ...],
    cloud: bool,
    top: int | None,
    after: int | None,
    sql: bool,
) -> int:
    """Print the path that asks the API for every field that the rules read."""
    if sql and not (top is after is None):
        message = "--top and --after ask the API for a page; SQL has LIMIT and WHERE around --sql"
        raise click.UsageError(message)
    try:
        if sql:
            question = fs.database_query(fleet, carry=by)
        else:
            question = fs.device_query(fleet, cloud=cloud, carry=by, top=top, after=after)
    except ValueError as error:
        raise wrong_usage(error) from error
    click.echo(question)
    return 0
