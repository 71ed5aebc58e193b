"""The question to the API whose answer holds every field that the rules read."""

from copy import deepcopy
from typing import Any
from urllib.parse import quote

from fleetstatus import _core

_RELEASE = {"$select": ["id"]}
_VARIABLES = {"$select": ["name", "value"]}
_EXPANSIONS: dict[str, dict[str, Any]] = {
    # Deleted images play no part in any rule, and pile up on devices that were often updated.
    "installs": {
        "$select": ["id", "status", "download_progress"],
        "$filter": {"status": {"$ne": "deleted"}},
        "$expand": {"is_provided_by__release": _RELEASE},
    },
    "variables": _VARIABLES,
    "fleet": {
        "$select": ["id", "slug", "app_name"],
        "$expand": {
            "should_be_running__release": _RELEASE,
            "application_config_variable": _VARIABLES,
        },
    },
    "release": _RELEASE,
}
# Characters of OData's own syntax that a URL query may hold as they are.
_SYNTAX = "$(),;=/:"


def device_options(*, cloud: bool = True) -> dict[str, Any]:
    """Options for one call through balena-sdk that answer every field the rules read.

    Parameters
    ----------
    cloud
        Whether the API is balenaCloud's; openBalena has no ``is_active`` and refuses to select it.

    Returns
    -------
    dict
        ``$select`` and ``$expand``, made anew at each call.

    Examples
    --------
    ``balena.models.device.get_all_by_application("acme/cold-chain", device_options())`` returns
    records that `classify` can read.

    >>> options = device_options()
    >>> sorted(options)
    ['$expand', '$select']
    >>> "api_heartbeat_state" in options["$select"]
    True
    >>> options["$expand"]["is_pinned_on__release"]
    {'$select': ['id']}
    """
    fields = [
        field
        for field in _core.fields()
        if field["selectable"] and (cloud or not field["cloud_only"])
    ]
    return {
        "$select": [field["name"] for field in fields if field["kind"] not in _EXPANSIONS],
        "$expand": {
            field["name"]: deepcopy(_EXPANSIONS[field["kind"]])
            for field in fields
            if field["kind"] in _EXPANSIONS
        },
    }


def device_query(fleet: str | None = None, *, cloud: bool = True) -> str:
    """Path of a GET request that answers every field the rules read.

    Parameters
    ----------
    fleet
        Slug of the fleet, such as ``acme/cold-chain``; None for all devices that the caller may
        see.
    cloud
        As for `device_options`.

    Returns
    -------
    str
        Encoded path and query, to be appended to an address such as
        ``https://api.balena-cloud.com``.

    Raises
    ------
    ValueError
        If the fleet is not named by organization and fleet.

    Examples
    --------
    >>> device_query("acme/cold-chain").partition("&$filter=")[2]
    'belongs_to__application/any(a:a/slug%20eq%20%27acme/cold-chain%27)'
    """
    options = device_options(cloud=cloud)
    if fleet is not None:
        options["$filter"] = f"belongs_to__application/any(a:a/slug eq {_slug_literal(fleet)})"
    query = "&".join(_odata(options))
    return quote(f"/v7/device?{query}", safe=f"{_SYNTAX}?&%")


def _slug_literal(fleet: str) -> str:
    organization, slash, name = fleet.partition("/")
    if not (organization and slash and name):
        message = f"a fleet is named like 'acme/cold-chain', not {fleet!r}"
        raise ValueError(message)
    literal = quote(fleet.replace("'", "''"), safe="/")
    return f"'{literal}'"


def _odata(options: dict[str, Any]) -> list[str]:
    """Write each option as ``name=value``."""
    return [f"{name}={_odata_value(name, value)}" for name, value in options.items()]


def _odata_value(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if name == "$select":
        return ",".join(value)
    if name == "$filter":
        return " and ".join(
            f"{field} {operator[1:]} '{operand}'"
            for field, condition in value.items()
            for operator, operand in condition.items()
        )
    return ",".join(f"{link}({';'.join(_odata(nested))})" for link, nested in value.items())
