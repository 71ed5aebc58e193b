"""Devices that the API is asked for, where a command line names no file."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import click

from fleetstatus.cli._errors import InputError
from fleetstatus.cli._progress import while_asking

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGN = "balena:"


def is_live(argument: str) -> bool:
    """Whether an argument names a fleet, or all devices, instead of a file."""
    return argument.startswith(_SIGN)


def as_file(path: str) -> str:
    """Write the path of a file so that it names no fleet."""
    return f"./{path}" if is_live(path) else path


def fetched(argument: str, *, api: str | None, ca: str | None, carry: Sequence[str]) -> list[bytes]:
    """Ask the API for the devices that an argument names.

    Parameters
    ----------
    argument
        ``balena:ORG/FLEET``, or ``balena:`` for all that the token may see.
    api, ca, carry
        As `fleetstatus.balena.fetch` takes them.

    Raises
    ------
    InputError
        If urllib3 is not installed.
    ApiError, ValueError, OSError
        As `fleetstatus.balena.fetch` raises them.
    """
    try:
        from fleetstatus import balena
    except ImportError as error:
        raise InputError(_missing(error)) from error
    options: dict[str, Any] = {"api": api, "ca": ca, "carry": carry}
    with warnings.catch_warnings(record=True) as told, while_asking() as on_page:
        warnings.simplefilter("always", UserWarning)
        pages = balena.fetch(argument.removeprefix(_SIGN) or None, on_page=on_page, **options)
    for one in told:
        click.echo(f"fleetstatus: {one.message}", err=True)
    return pages


def _missing(error: ImportError) -> str:
    if error.name != "urllib3":
        raise error
    return str(error).replace("fleetstatus.balena needs", f"{_SIGN} needs")
