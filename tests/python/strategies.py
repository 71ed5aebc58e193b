"""Device records for property tests: well-formed, broken, and one for every decision.

Records are made as the API spells them; ``device_records`` then picks a spelling for each key.
Everything survives ``json.dumps`` and ``json.loads``, unless a test asks for Python values.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from bad_values import BAD_BY_FIELD
from decision_space import decision_space, some_decision
from oracle_members import database_spelling
from oracle_values import HEARTBEAT_STATES, UPDATE_STATUSES
from record_spelling import (
    TOP_LEVEL,
    last_value,
    respelled,
    shuffled,
    with_both_spellings,
    without_field,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = [
    "NOW",
    "bad_records",
    "decision_space",
    "device_records",
    "junk_fields",
    "shuffled",
]

Record = dict[str, Any]

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
ABSENT = object()
FIRST_DAY = datetime(1, 1, 2, tzinfo=UTC)
LAST_DAY = datetime(9999, 12, 30, 23, 59, 59, 999000, tzinfo=UTC)
SEEDS = st.integers(0, 2**16)
ZONES = ["Z", "z", "+HH", "+HHMM", "+HH:MM"]
ODD_LETTERS = 'aZ9 _-/~"\\\0\u00fc\u202e\U0001f680'
CLOUDLINK_FIELDS = ("is_connected_to_vpn", "is_online")
LINK_FIELDS = (*CLOUDLINK_FIELDS, "api_heartbeat_state")
RELEASES = [1, 2, 3]
ORDERS = ["Ordered", "Preparing", "Shipped"]
VERSIONS = [
    *("16.7.0", "16.6.9", "v17.0.1", "16.7.0-rc.1+b", "16.10.0", "9.99.99", "v16.7.0+1"),
    *("16.07.0", "16.7", "16.7.0-", "16.7.0-01", "V16.7.0", " 16.7.0", "", "9" * 30 + ".0.0"),
]
SWITCHES = ["BALENA_SUPERVISOR_VPN_CONTROL", "RESIN_SUPERVISOR_VPN_CONTROL"]
SWITCH_VALUES = ["false"] * 8 + ["true", "False", "false ", " false", "0", "", "1"]
INTERVALS = ["BALENA_SUPERVISOR_POLL_INTERVAL", "RESIN_SUPERVISOR_POLL_INTERVAL"]
NUMBERS = [
    *("600000", "600001", "900000", "900000ms", "9e5", "-900000", "+1200000", " \t 900000", ""),
    *("text", "+ 900000", "315360000000", "315360000001", "0" * 30 + "900000", "9" * 40),
]


def mostly(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Draw values, or null now and then."""
    return st.one_of(st.none(), *[values] * 6)


def rarely(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Draw nulls, or a value now and then."""
    return st.integers(0, 3).flatmap(lambda n: st.none() if n else values)


def members(values: Mapping[str, SearchStrategy[Any]], *needed: str) -> SearchStrategy[Record]:
    """Draw objects in which most members are there; the needed ones always are."""
    drawn = {
        name: value if name in needed else st.one_of(st.just(ABSENT), *[value] * 4)
        for name, value in values.items()
    }
    return st.fixed_dictionaries(drawn).map(
        lambda record: {key: value for key, value in record.items() if value is not ABSENT}
    )


def flags(*usual: bool) -> SearchStrategy[Any]:
    """Draw booleans, mostly the usual one, also as old dumps and data frames have them."""
    return st.sampled_from([True, False, 0, 1, 0.0, 1.0, *usual * 6])


def percents() -> SearchStrategy[Any]:
    """Draw progress values, clamped or not, whole floats among them."""
    edges = [0, 1, 49, 50, 99, 100, 101, -1, -3, 2**31 - 1, -(2**31), 50.0, 0.0, -7.0]
    return st.integers(0, 100) | st.sampled_from(edges)


def ids() -> SearchStrategy[Any]:
    """Draw 64-bit ids."""
    edges = [0, 1, -1, 2**31, 2**53, 2**63 - 1, -(2**63), 12345.0]
    return st.integers(1, 10**7) | st.sampled_from(edges)


def texts(*usual: str) -> SearchStrategy[str]:
    """Draw the usual texts, and unusual ones that UTF-8 can hold."""
    return st.sampled_from([*usual, "", 'ü\u202e\0"\\/', "\U0001f680" * 3]) | st.text(max_size=8)


def moments() -> SearchStrategy[datetime]:
    """Draw instants in UTC with milliseconds, many of them near thresholds."""
    ages_s = [0, 1, 1799, 1800, 7199, 7200, 86399, 86400, 86401, -5]
    near = st.builds(
        lambda s, ms: NOW - timedelta(seconds=s, milliseconds=ms),
        st.sampled_from(ages_s) | st.integers(-100, 10**6),
        st.sampled_from([0, 1, -1]),
    )
    edges = [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        datetime(2013, 1, 1, tzinfo=UTC),
        datetime(2012, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        datetime(2024, 2, 29, 12, tzinfo=UTC),
        FIRST_DAY,
        LAST_DAY,
    ]
    days = st.integers(0, (LAST_DAY - FIRST_DAY).days)
    anywhere = days.map(lambda n: FIRST_DAY + timedelta(days=n, milliseconds=n))
    return near | st.sampled_from(edges) | anywhere


def zones() -> SearchStrategy[tuple[timedelta, str]]:
    """Draw an offset from UTC and one of its spellings."""
    return st.builds(spelled_zone, st.integers(-(24 * 60 - 1), 24 * 60 - 1), st.sampled_from(ZONES))


def spelled_zone(minutes: int, spelling: str) -> tuple[timedelta, str]:
    """Spell an offset; what the spelling cannot hold is left out of the offset too."""
    hours, rest = divmod(abs(minutes), 60)
    rest *= "MM" in spelling
    hours *= "HH" in spelling
    sign = -1 if minutes < 0 else 1
    zone = spelling.replace("+", "-" if sign < 0 else "+")
    zone = zone.replace("HH", f"{hours:02}").replace("MM", f"{rest:02}")
    return sign * timedelta(hours=hours, minutes=rest), zone


def written_time(
    moment: datetime, zone: tuple[timedelta, str], separator: str, fraction: tuple[int, str]
) -> str:
    """Write an instant in one of its many spellings; ``fraction`` is digits and what is cut."""
    offset, zone_text = zone
    local = moment.astimezone(timezone(offset))
    n_digits, beyond = fraction
    digits = f"{local.microsecond // 1000:03}{beyond}"[:n_digits]
    # isoformat, unlike strftime, pads years to four digits everywhere.
    date, time = local.replace(tzinfo=None, microsecond=0).isoformat().split("T")
    return f"{date}{separator}{time}{'.' if digits else ''}{digits}{zone_text}"


def timestamps() -> SearchStrategy[str]:
    """Draw instants in their many spellings, with digits beyond milliseconds."""
    fractions = st.tuples(st.integers(0, 9), st.sampled_from(["000000", "999999", "500000"]))
    return st.builds(written_time, moments(), zones(), st.sampled_from("Tt "), fractions)


def links(
    target: SearchStrategy[Any], members: SearchStrategy[Record] | None = None
) -> SearchStrategy[Any]:
    """Draw a link in any of its forms, and links that lead nowhere."""
    extra = st.just({}) if members is None else members
    expanded = st.builds(
        lambda to, more, form: form(to) | more, target, extra, st.sampled_from(OBJECT_FORMS)
    )
    nowhere: SearchStrategy[Any] = st.sampled_from(
        [None, [], {}, {"__id": None}, {"id": None, "__id": None}]
    )
    return target | expanded | expanded.map(lambda linked: [linked]) | nowhere


OBJECT_FORMS: list[Callable[[Any], Record]] = [
    lambda to: {"__id": to},
    lambda to: {"id": to},
    lambda to: {"id": to, "commit": "abc", "status": 7},
    lambda to: {"__deferred": {"uri": "/resin/release(@id)?@id=1"}, "__id": to},
    lambda to: {"__id": None, "id": to},
    lambda to: {"id": 99, "__id": to},
]


def release_links() -> SearchStrategy[Any]:
    """Draw links to few releases, so that they meet."""
    return links(st.sampled_from([*RELEASES, 2.0]))


def installs() -> SearchStrategy[Any]:
    """Draw lists of image installs with every combination of what the rules read."""
    statuses = ["Downloading", "Downloading", "Downloaded", "Running", "deleted", "downloading", ""]
    values = {
        "id": mostly(st.sampled_from([0, 1, 2, 3.0, 2**63 - 1, -1])),
        "status": mostly(st.sampled_from(statuses)),
        "download_progress": mostly(percents()),
        "is_provided_by__release": release_links(),
    }
    return st.lists(members(values), max_size=4)


def services() -> SearchStrategy[Any]:
    """Draw installs by service."""
    return st.dictionaries(st.sampled_from(["main", "a/b", "c~d", ""]), installs(), max_size=2)


def variables() -> SearchStrategy[Any]:
    """Draw configuration variables: both prefixes, odd values, doubles, and others."""
    switch = {"name": st.sampled_from(SWITCHES), "value": mostly(st.sampled_from(SWITCH_VALUES))}
    interval = {"name": st.sampled_from(INTERVALS), "value": mostly(st.sampled_from(NUMBERS))}
    skipped: dict[str, SearchStrategy[Any]] = {
        "name": st.sampled_from(["BALENA_HOST_CONFIG_gpu_mem", "SUPERVISOR_VPN_CONTROL", ""]),
        "value": st.sampled_from([None, "false", 5, {}, []]),
    }
    often = [members(switch, "name"), members(interval, "name")]
    return st.lists(st.one_of(*often, *often, members(skipped, "name")), max_size=4)


def fleets() -> SearchStrategy[Any]:
    """Draw links to the fleet, expanded or not."""
    expanded = members(
        {
            "slug": mostly(texts("acme/weather", "acme/tide")),
            "app_name": mostly(texts("weather", "tide")),
            "should_be_running__release": release_links(),
            "application_config_variable": mostly(variables()),
        }
    )
    return links(ids(), expanded)


FIELD_VALUES: dict[str, SearchStrategy[Any]] = {
    "id": mostly(ids()),
    "uuid": mostly(texts("5a1c0de5a1c0de5a1c0de5a1c0de5a1c")),
    "device_name": mostly(texts("quiet-river", "loud-brook")),
    "is_active": mostly(flags(True)),
    "is_frozen": mostly(flags(False)),
    "is_connected_to_vpn": mostly(flags()),
    "is_online": mostly(flags()),
    "api_heartbeat_state": st.sampled_from(["online", *HEARTBEAT_STATES]),
    "last_connectivity_event": mostly(timestamps()),
    "last_vpn_event": mostly(timestamps()),
    "changed_api_heartbeat_state_on__date": mostly(timestamps()),
    "provisioning_state": mostly(
        st.sampled_from(["", "post-provisioning", "Waiting for reboot", "Post-Provisioning"])
    ),
    "provisioning_progress": rarely(percents()),
    "download_progress": mostly(percents()),
    "status": mostly(
        st.sampled_from(["Idle", "Downloading", "Downloading", "downloading", *ORDERS])
    ),
    "image_install": mostly(installs()),
    "current_services": mostly(services()),
    "device_config_variable": mostly(variables()),
    "belongs_to__application": fleets(),
    "is_pinned_on__release": release_links(),
    "should_be_running__release": release_links(),
    "update_status": mostly(st.sampled_from(UPDATE_STATUSES)),
    "last_update_status_event": mostly(timestamps()),
    "supervisor_version": mostly(st.sampled_from(VERSIONS)),
    "overall_status": mostly(texts("operational", "disconnected", "idle")),
}
PYTHON_VALUES: dict[str, SearchStrategy[Any]] = {
    name: values
    | st.just(float("nan"))
    | (moments() if name.endswith(("_event", "_date")) else st.nothing())
    for name, values in FIELD_VALUES.items()
    if name not in LINK_FIELDS
}


@st.composite
def device_records(draw: DrawFn, *, with_links: bool = True, python_values: bool = False) -> Record:
    """Draw well-formed records: half of them adversarial in every field, half decided by facts.

    With links, the heartbeat is set and so is at least one flag of cloudlink; without, both are
    as absent and null as any other field. Python values are NaN and aware datetimes.
    """
    values = FIELD_VALUES | (PYTHON_VALUES if python_values else {})
    if not with_links:
        values = values | {"api_heartbeat_state": mostly(values["api_heartbeat_state"])}
    record = draw(members(values, *(["api_heartbeat_state"] if with_links else [])))
    if draw(st.booleans()):
        decided = some_decision(Random(draw(SEEDS)))
        undecided = () if with_links else LINK_FIELDS
        record |= {key: value for key, value in decided.items() if key not in undecided}
    record = rewritten(record, draw(SEEDS), respelled)
    double = draw(rarely(st.sampled_from(list(values))))
    if double is not None:
        record = with_both_spellings(record, double, draw(values[double]), draw(values[double]))
    return with_cloudlink(record, draw(flags())) if with_links else record


def rewritten(record: Record, seed: int, rewrite: Callable[[Record, Random], Record]) -> Record:
    """Write a record differently for each seed; 0, to which examples shrink, leaves it alone."""
    return rewrite(record, Random(seed)) if seed else record


def with_cloudlink(record: Record, flag: Any) -> Record:
    """Set a flag of cloudlink where the record has none."""
    if any(last_value(record, name) is not None for name in CLOUDLINK_FIELDS):
        return record
    return without_field(record, "is_connected_to_vpn") | {"is_connected_to_vpn": flag}


@st.composite
def bad_records(draw: DrawFn, *, most: int = 3, missing_links: bool = False) -> Record:
    """Draw records with one or more broken fields, at most ``most``.

    With missing links, the record may also lack a link field, which every scheme but
    library-2020 needs.
    """
    record = draw(device_records())
    broken = draw(st.sets(st.sampled_from(sorted(BAD_BY_FIELD)), min_size=1, max_size=most))
    if missing_links and draw(st.booleans()):
        broken = broken - set(LINK_FIELDS)
        lost = draw(st.sampled_from([CLOUDLINK_FIELDS, ("api_heartbeat_state",)]))
        for name in lost:
            record = without_field(record, name)
    for name in sorted(broken):
        key = draw(st.sampled_from([name, database_spelling(name)]))
        record = without_field(record, name) | {key: draw(st.sampled_from(BAD_BY_FIELD[name]))}
    return rewritten(record, draw(SEEDS), shuffled)


NEAR_MISSES = [
    *("Is_Online", "is-online", "is_online ", "is connected_to_vpn", "api_heartbeat", "STATUS"),
    *("belongs_to_application", "application_config_variable", "app name", "slug", "__id", ""),
    *("name", "value", "fetched_at", "image_installs", "image_install__", "overall_progress"),
]


def junk_fields() -> SearchStrategy[Record]:
    """Draw unlisted keys with any JSON value, listed names within them included.

    ``d`` is left out, since an object with a list under that key is an envelope.
    """
    scalars = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8)
        | st.just("\ud800")
    )
    inner_keys = st.sampled_from(sorted(TOP_LEVEL)) | st.text(max_size=4) | st.just("d")
    values = st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(inner_keys, inner, max_size=3),
        max_leaves=8,
    )
    keys = st.sampled_from(NEAR_MISSES) | st.text(max_size=6)
    unlisted = keys.filter(lambda key: key not in TOP_LEVEL and key != "d")
    return st.dictionaries(unlisted, values, max_size=5)
