"""The question to the API whose answer holds every field that the rules read."""

from copy import deepcopy
from typing import Any
from urllib.parse import quote

from fleetstatus._carry import TAG, Carry, api_spelling, to_carried
from fleetstatus._catalog import FIELDS
from fleetstatus._coerce import to_count, to_fleet

# Targets are compared by id, or by commit where one of them has no id.
_RELEASE = {"$select": ["id", "commit"]}
_RUNNING_RELEASE = {"$select": ["id", "commit", "raw_version"]}
_VARIABLES = {"$select": ["name", "value"]}
_TAGS = {"$select": ["tag_key", "value"]}
_EXPANSIONS: dict[str, dict[str, Any]] = {
    # Deleted images play no part in any rule, and pile up on devices that were often updated.
    "installs": {
        "$select": ["id", "status", "download_progress"],
        "$filter": {"status": {"$ne": "deleted"}},
        "$expand": {"is_provided_by__release": {"$select": ["id"]}},
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
    "running": _RUNNING_RELEASE,
}
# Characters of OData's own syntax that a URL query may hold as they are.
_SYNTAX = "$(),;=/:"


def device_options(*, cloud: bool = True, carry: Carry = ()) -> dict[str, Any]:
    """Return options for balena-sdk that ask for every field that the rules read.

    Parameters
    ----------
    cloud
        Whether the API is balenaCloud's; openBalena has no ``is_active`` and refuses to select it.
    carry
        Further fields to ask for, as `classify` takes them.

    Returns
    -------
    dict
        ``$select`` and ``$expand``; each call returns a new dict.

    Raises
    ------
    ValueError, TypeError
        If `carry` names no fields.

    Examples
    --------
    ``balena.models.device.get_all_by_application("acme/cold-chain", device_options())`` returns
    records that `classify` can read.

    >>> options = device_options(carry=["os_version", "tag:site"])
    >>> sorted(options)
    ['$expand', '$select']
    >>> "api_heartbeat_state" in options["$select"], "os_version" in options["$select"]
    (True, True)
    >>> options["$expand"]["is_pinned_on__release"], options["$expand"]["device_tag"]
    ({'$select': ['id', 'commit']}, {'$select': ['tag_key', 'value']})
    """
    fields = [
        field
        for field in FIELDS.values()
        if field["selectable"] and (cloud or not field["cloud_only"])
    ]
    options: dict[str, Any] = {
        "$select": [field["name"] for field in fields if field["kind"] not in _EXPANSIONS],
        "$expand": {
            field["name"]: deepcopy(_EXPANSIONS[field["kind"]])
            for field in fields
            if field["kind"] in _EXPANSIONS
        },
    }
    for name, _ in to_carried(carry):
        _ask_for(options, api_spelling(name))
    return options


def _ask_for(options: dict[str, Any], name: str) -> None:
    """Add a carried field to the options."""
    if name.startswith(TAG):
        options["$expand"]["device_tag"] = deepcopy(_TAGS)
        return
    link, dot, field = name.rpartition(".")
    asked = options["$expand"].setdefault(link, {"$select": []}) if dot else options
    if field not in asked["$select"]:
        asked["$select"].append(field)


def device_query(
    fleet: str | None = None,
    *,
    cloud: bool = True,
    carry: Carry = (),
    top: int | None = None,
    after: int | None = None,
) -> str:
    """Return the path of a GET request for every field that the rules read.

    Parameters
    ----------
    fleet
        Slug of the fleet, such as ``acme/cold-chain``; None for all devices that the caller may
        see.
    cloud, carry
        As for `device_options`.
    top
        Devices of one page; None for all at once.
    after
        Id of the last device of the page before; devices come in the order of their ids.

    Returns
    -------
    str
        The encoded path and query. Append it to an address such as
        ``https://api.balena-cloud.com``.

    Raises
    ------
    ValueError
        If `fleet` is not of the form organization/fleet, or a number is out of range.
    TypeError
        If an argument has another type.

    Examples
    --------
    >>> device_query("acme/cold-chain").partition("&$filter=")[2]
    'belongs_to__application/any(a:a/slug%20eq%20%27acme/cold-chain%27)'
    >>> device_query(top=500, after=1234567).partition("&$filter=")[2]
    'id%20gt%201234567&$orderby=id&$top=500'
    """
    options = device_options(cloud=cloud, carry=carry)
    conditions = [] if fleet is None else [_is_of_fleet(fleet)]
    if after is not None:
        conditions.append(f"id gt {_to_id(after)}")
    if conditions:
        options["$filter"] = " and ".join(conditions)
    if top is not None or after is not None:
        options["$orderby"] = "id"
    if top is not None:
        options["$top"] = str(to_count(top, name="top"))
    return quote(f"/v7/device?{'&'.join(_odata(options))}", safe=f"{_SYNTAX}?&%")


def _is_of_fleet(fleet: str) -> str:
    literal = quote(to_fleet(fleet).replace("'", "''"), safe="/")
    return f"belongs_to__application/any(a:a/slug eq '{literal}')"


def _to_id(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        message = f"after is a {type(number).__name__}, expected the id of a device"
        raise TypeError(message)
    if number < 0:
        message = f"after is {number}, expected the id of a device"
        raise ValueError(message)
    return number


def _odata(options: dict[str, Any]) -> list[str]:
    """Write each option as ``name=value``."""
    return [f"{name}={_odata_value(name, value)}" for name, value in options.items()]


def _odata_value(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if name == "$select":
        return ",".join(quote(field, safe="") for field in value)
    if name == "$filter":
        return " and ".join(
            f"{field} {operator[1:]} '{operand}'"
            for field, condition in value.items()
            for operator, operand in condition.items()
        )
    return ",".join(
        f"{quote(link, safe='')}({';'.join(_odata(nested))})" for link, nested in value.items()
    )
