"""The question to openBalena's PostgreSQL whose rows hold every field that the rules read."""

from collections.abc import Iterable, Mapping

from fleetstatus._carry import TAG, Carry, api_spelling, to_carried
from fleetstatus._catalog import FIELDS
from fleetstatus._coerce import to_fleet
from fleetstatus._words.names import near
from fleetstatus._words.text import shortened

# What the API computes at each request: no table of openBalena has it.
_COMPUTED = {"is_frozen", "is_web_accessible", "overall_status"}
_DEVICE_NAMES = """
actor api_heartbeat_state api_port api_secret belongs_to__application
changed_api_heartbeat_state_on__date cpu_id cpu_temp cpu_usage created_at device_name
download_progress id ip_address is_connected_to_vpn is_locked_until__date
is_managed_by__service_instance is_of__device_type is_online is_pinned_on__release
is_running__release is_undervolted last_connectivity_event last_update_status_event
last_vpn_event local_id mac_address memory_total memory_usage modified_at note os_variant
os_version provisioning_progress provisioning_state public_address should_be_managed_by__release
should_be_operated_by__release status storage_block_device storage_total storage_usage
supervisor_version update_status uuid
"""
_DEVICE_COLUMNS = frozenset(_DEVICE_NAMES.split())
_RELEASE_NAMES = """
belongs_to__application build_log commit composition contract created_at end_timestamp id
invalidation_reason is_finalized_at__date is_invalidated is_passing_tests known_issue_list
modified_at note phase release_version revision semver_build semver_major semver_minor
semver_patch semver_prerelease source start_timestamp status update_timestamp variant
"""
_RELEASE_FIELDS = frozenset(["raw_version", *_RELEASE_NAMES.split()])
# The API computes it from these columns: 1.2.3-rc.1+rev4, and with the time for a draft.
_RAW_VERSION = """concat(
      concat_ws('.', release."semver major", release."semver minor", release."semver patch"),
      '-' || nullif(concat_ws('.',
        nullif(release."semver prerelease", ''),
        case when release.revision is null
          then cast(floor(extract(epoch from release."created at") * 1000) as bigint) end
      ), ''),
      '+' || nullif(concat_ws('.',
        nullif(release."semver build", ''),
        case when release.revision > 0 and strpos(
          concat('.', release."semver build", '.'), concat('.rev', release.revision, '.')
        ) = 0 then concat('rev', release.revision) end,
        nullif(release.variant, '')
      ), '')
    )"""
# An array, since json_agg writes lines.
_INSTALLS = """array_to_json(array(
    select json_build_object(
      'id', install.id,
      'status', install.status,
      'download_progress', install."download progress",
      'is_provided_by__release', install."is provided by-release"
    )
    from "image install" as install
    where install.device = device.id and install.status <> 'deleted'
    order by install.id
  ))"""
_TAGS = """array_to_json(array(
    select json_build_object('tag_key', tag."tag key", 'value', tag.value)
    from "device tag" as tag
    where tag.device = device.id
    order by tag."tag key"
  ))"""
_FLEET = "belongs_to__application"
# Each link to a release: where it leads, and what the rules read there.
_TARGET = ("id", "commit")
_RELEASES = {
    "is_pinned_on__release": ('device."is pinned on-release"', _TARGET),
    "should_be_running__release": (
        'coalesce(device."is pinned on-release", fleet."should be running-release")',
        _TARGET,
    ),
    "is_running__release": ('device."is running-release"', (*_TARGET, "raw_version")),
}


def database_query(fleet: str | None = None, *, carry: Carry = ()) -> str:
    """Return a SELECT for openBalena's PostgreSQL, for every field that the rules read.

    Parameters
    ----------
    fleet
        Slug of the fleet, such as ``acme/cold-chain``; None for all devices.
    carry
        Further fields to ask for, as `classify` takes them: columns of the table ``device``, tags
        (``tag:KEY``), and columns of a release, such as ``should_be_running__release.raw_version``.

    Returns
    -------
    str
        One statement without a semicolon, which can be used as a subquery in parentheses. It reads
        stored columns, and calls no function of the API.

    Raises
    ------
    ValueError
        If `fleet` is not of the form organization/fleet, or `carry` names something that is not a
        column.
    TypeError
        If an argument has another type.

    Notes
    -----
    For openBalena's API of August 2024 (v27) or later. Each field is a column, named as in the API;
    installs, variables, the fleet and releases are JSON. Fields that the API computes
    (``overall_status``, ``is_frozen``, ``is_web_accessible``) are not in the database. Times have
    no zone before API v39 (June 2025): classify those with ``assume_utc=True``. openBalena's
    ``default_poll_interval`` is 10 minutes.

    `classify` takes rows from ADBC, and from psycopg with ``row_factory=dict_row``. ``psql -At -c
    "select row_to_json(device) from (QUERY) as device"`` writes them as lines of JSON; ``COPY``
    does not in its text format, which doubles each backslash.

    Examples
    --------
    >>> query = database_query("acme/cold-chain", carry="os_version")
    >>> query.startswith("select"), ";" in query, 'device."os version" as "os_version"' in query
    (True, False, True)
    >>> query.splitlines()[-1]
    "where fleet.slug = 'acme/cold-chain'"
    """
    carried = {_to_column(name): name for name, _ in to_carried(carry)}
    parts = [
        *_plain_columns(carried),
        *_release_columns(carried),
        f"{_INSTALLS} as image_install",
        f"{_variables('device')} as device_config_variable",
        f"{_fleet_record()} as {_FLEET}",
    ]
    if any(name.startswith(TAG) for name in carried):
        parts.append(f"{_TAGS} as device_tag")
    lines = [
        "select\n  " + ",\n  ".join(parts),
        "from device",
        'left join application as fleet on fleet.id = device."belongs to-application"',
    ]
    if fleet is not None:
        lines.append(f"where fleet.slug = {_literal(to_fleet(fleet))}")
    return "\n".join(lines)


def _to_column(given: str) -> str:
    """Spell a carried name as the API does, and check that the database has it."""
    name = api_spelling(given)
    if name.startswith(TAG) or name in _DEVICE_COLUMNS:
        return name
    link, _, field = name.rpartition(".")
    if link in _RELEASES and field in _RELEASE_FIELDS:
        return name
    if link in _RELEASES:
        told = f"no column of a release{near(field, _RELEASE_FIELDS)}"
    elif link:
        told = f"no link to a release{near(link, _RELEASES)}"
    elif name in _COMPUTED:
        told = "which the API computes, and its database does not hold"
    else:
        told = f"no column of the table device{near(name, _DEVICE_COLUMNS)}"
    message = f"carry names {shortened(given)!r}, {told}"
    raise ValueError(message)


def _plain_columns(carried: Mapping[str, str]) -> list[str]:
    """Select what the rules read of the table of devices, and what is carried of it.

    Parameters
    ----------
    carried
        Names in the API's spelling, each with the name that the caller gave.
    """
    read = {field["name"]: field["name"] for field in FIELDS.values()}
    return [
        f'device.{_identifier(name)} as "{given}"'
        for name, given in {**carried, **read}.items()
        if name in _DEVICE_COLUMNS and name not in {*_RELEASES, _FLEET}
    ]


def _release_columns(names: Iterable[str]) -> list[str]:
    """Select a release as JSON for each link, with what is carried of it."""
    columns = []
    for link, (reference, read) in _RELEASES.items():
        carried = [name.removeprefix(f"{link}.") for name in names if name.startswith(f"{link}.")]
        columns.append(f"{_release(reference, dict.fromkeys((*read, *carried)))} as {link}")
    return columns


def _release(reference: str, fields: Iterable[str]) -> str:
    pairs = ", ".join(
        f"'{field}', "
        + (_RAW_VERSION if field == "raw_version" else f"release.{_identifier(field)}")
        for field in fields
    )
    return f"""(
    select json_build_object({pairs})
    from release
    where release.id = {reference}
  )"""


def _variables(owner: str) -> str:
    """Select the configuration variables of a device or of its fleet."""
    table, row = ("device", "device") if owner == "device" else ("application", "fleet")
    return f"""array_to_json(array(
    select json_build_object('name', variable.name, 'value', variable.value)
    from "{table} config variable" as variable
    where variable.{table} = {row}.id
    order by variable.name
  ))"""


def _fleet_record() -> str:
    return f"""case when fleet.id is not null then json_build_object(
    'id', fleet.id,
    'slug', fleet.slug,
    'app_name', fleet."app name",
    'should_be_running__release', {_release('fleet."should be running-release"', _TARGET)},
    'application_config_variable', {_variables("application")}
  ) end"""


def _identifier(name: str) -> str:
    """Name of a column in the database: `_` is a blank, `__` a hyphen."""
    spelled = name.replace("__", "-").replace("_", " ")
    return f'"{spelled}"'


def _literal(text: str) -> str:
    r"""Text in quotes, in which all that is special is written by its number.

    So it ends no quotes, whatever the server's settings, and holds nothing that a client takes for
    a placeholder.

    Examples
    --------
    >>> _literal("acme/cold-chain"), _literal("a/b'; drop")
    ("'acme/cold-chain'", "E'a/b\\x27\\x3b drop'")
    """
    escaped = "".join(
        c if c.isalnum() or c in " _-./" or not c.isascii() else f"\\x{ord(c):02x}" for c in text
    )
    return f"'{text}'" if escaped == text else f"E'{escaped}'"
