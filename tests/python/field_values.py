"""Values of each field of a device record for property tests, as the API and others write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from bad_values import BAD_FLEETS, BAD_TIMESTAMPS
from drawn_times import moments, timestamps
from oracle_values import HEARTBEAT_STATES, UPDATE_STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

Record = dict[str, Any]

ABSENT = object()
CLOUDLINK_FIELDS = ("is_connected_to_vpn", "is_online")
COMMITS: dict[float, str] = {
    1: "c0ffee1234",
    2: "c0ffee1235",
    3: "\u00fc\u202e\U0001f680 long",
    4: "",
}
API_WORDS = ["updating", "reduced-functionality", "configuring"]
ORDERS = ["Ordered", "Preparing", "Shipped"]
PROVISIONING_STATES = [
    *("", "post-provisioning", "Waiting for reboot", "Post-Provisioning", "OS update failed"),
    *("FAILURE", "xfAiLx", "fai", "f ail", "FA\u0130L", "\uff46ail"),
]
VERSIONS = [
    *("16.7.0", "16.6.9", "v17.0.1", "16.7.0-rc.1+b", "16.10.0", "9.99.99", "v16.7.0+1"),
    *("17.6.9", "17.7.0", "18.99.0", "19.0.0", "v19.0.0-rc.1", "19.0", "100.0.0"),
    *("16.07.0", "16.7", "16.7.0-", "16.7.0-01", "V16.7.0", " 16.7.0", "", "9" * 30 + ".0.0"),
]
SWITCHES = ["BALENA_SUPERVISOR_VPN_CONTROL", "RESIN_SUPERVISOR_VPN_CONTROL"]
SWITCH_VALUES = ["false"] * 8 + ["true", "False", "false ", " false", "0", "", "1"]
INTERVALS = ["BALENA_SUPERVISOR_POLL_INTERVAL", *["RESIN_SUPERVISOR_POLL_INTERVAL"] * 3]
NUMBERS = [
    *("600000", "600001", "900000", "900001", "1200000ms", "9e5", "-900000", "+1200000"),
    *(" \t 1200000", "", "text", "+ 1200000", "315360000000", "315360000001"),
    *("0" * 30 + "1200000", "9" * 40),
]


def mostly(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Draw values, or null now and then."""
    return st.one_of(st.none(), *[values] * 6)


def rarely(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Draw nulls, or a value now and then."""
    return st.integers(0, 3).flatmap(lambda n: st.none() if n else values)


def members(
    values: Mapping[str, SearchStrategy[Any]], *needed: str, times_absent: int = 1
) -> SearchStrategy[Record]:
    """Draw objects in which most members are there; the needed ones always are."""
    drawn = {
        name: value
        if name in needed
        else st.one_of(*[st.just(ABSENT)] * times_absent, *[value] * 4)
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


def releases() -> SearchStrategy[Record]:
    """Draw what few releases have, so that they meet; a commit seldom has another id."""
    number = st.sampled_from([1, 2, 3, 4, 2.0])
    other = st.builds(lambda id_, commit: (id_, COMMITS[commit]), number, number)
    usual = number.map(lambda id_: (id_, COMMITS[id_]))
    return st.one_of(usual, usual, usual, other).map(
        lambda pair: {"id": pair[0], "commit": pair[1]}
    )


def release_links(extra: SearchStrategy[Record] | None = None) -> SearchStrategy[Any]:
    """Draw links to releases: by id, by commit, by both, and links that lead nowhere."""
    forms: list[Callable[[Record], Any]] = [
        lambda release: release["id"],
        lambda release: {"__id": release["id"], "commit": release["commit"]},
        lambda release: {"id": release["id"], "commit": None},
        lambda release: {"commit": release["commit"]},
        lambda release: {"__id": None, "commit": release["commit"]},
    ]
    more = st.just({}) if extra is None else extra
    linked = st.builds(
        lambda form, release, more: with_members(form(release), more),
        st.sampled_from(forms),
        releases(),
        more,
    )
    return links(releases().map(lambda release: release["id"]), more) | linked.flatmap(
        lambda one: st.sampled_from([one, [one] if isinstance(one, dict) else one])
    )


def with_members(link: Any, more: Record) -> Any:
    """Add members to a link that is an object."""
    return link | more if isinstance(link, dict) else link


def running_releases() -> SearchStrategy[Any]:
    """Draw links to the running release, with its version or as its version alone."""
    version = texts("1.4.2", "1.4.2+rev3")
    return release_links(members({"raw_version": mostly(version)})) | version


def installs() -> SearchStrategy[Any]:
    """Draw image installs, which give their release in each way or not."""
    statuses = ["Downloading", "Downloading", "Downloaded", "Running", "deleted", "downloading", ""]
    values = {
        "id": mostly(st.sampled_from([0, 1, 2, 3.0, 2**63 - 1, -1])),
        "status": mostly(st.sampled_from(statuses)),
        "download_progress": mostly(percents()),
    }
    said = st.one_of(
        *[st.fixed_dictionaries({"is_provided_by__release": release_links()})] * 3,
        releases().map(lambda release: {"release_id": release["id"]}),
        releases().map(lambda release: {"commit": release["commit"]}),
        releases().map(lambda r: {"release_id": r["id"], "commit": r["commit"]}),
        st.sampled_from([{}, {"release_id": None}, {"commit": ""}, {"commit": None}]),
        st.builds(
            lambda link, id_: {"is_provided_by__release": link, "release_id": id_},
            release_links(),
            st.sampled_from([1, 2, None]),
        ),
    )
    return st.lists(
        st.builds(lambda one, release: one | release, members(values), said), max_size=4
    )


def services() -> SearchStrategy[Any]:
    """Draw installs by service."""
    return st.dictionaries(
        st.sampled_from(["main", "a/b", "c~d", ""]), mostly(installs()), max_size=2
    )


def services_by_fleet() -> SearchStrategy[Any]:
    """Draw services by fleet."""
    fleet = st.sampled_from(["acme/weather", "c~d", ""])
    return st.dictionaries(fleet, mostly(services()), max_size=2)


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
    return links(ids(), expanded) | links(st.none(), expanded)


def with_others(values: SearchStrategy[Any], *others: Any) -> SearchStrategy[Any]:
    """Draw values of an old name, and what people put under that name themselves."""
    return st.one_of(st.none(), values, values, values, st.sampled_from(others))


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
    "provisioning_state": mostly(st.sampled_from(PROVISIONING_STATES)),
    "provisioning_progress": rarely(percents()),
    "download_progress": mostly(percents()),
    "status": mostly(
        st.sampled_from(["Idle", "Downloading", "Downloading", "downloading", *API_WORDS, *ORDERS])
    ),
    "image_install": mostly(installs()),
    "current_services": mostly(services()),
    "current_services_by_app": mostly(services_by_fleet()),
    "device_config_variable": mostly(variables()),
    "belongs_to__application": fleets(),
    "is_running__release": running_releases(),
    "is_pinned_on__release": release_links(),
    "should_be_running__release": release_links(),
    "update_status": mostly(st.sampled_from(UPDATE_STATUSES)),
    "last_update_status_event": mostly(timestamps()),
    "created_at": mostly(timestamps()),
    "is_web_accessible": mostly(flags()),
    "supervisor_version": mostly(st.sampled_from(VERSIONS)),
    "overall_status": mostly(texts("operational", "disconnected", *API_WORDS)),
}
ALIAS_VALUES: dict[str, SearchStrategy[Any]] = {
    "name": with_others(texts("old-mill"), 5, True, {"first": "Ada"}, ["a"], "\ud800"),
    "last_seen_time": with_others(timestamps(), *BAD_TIMESTAMPS),
    "application": with_others(fleets(), *BAD_FLEETS),
    "fleet": with_others(texts("acme/tide"), 5, 1.5, {"slug": "acme/tide"}, [], "\ud800"),
}
TIME_FIELDS = (
    *("last_connectivity_event", "last_vpn_event", "changed_api_heartbeat_state_on__date"),
    *("last_update_status_event", "created_at"),
)
ZONELESS_VALUES = dict.fromkeys(TIME_FIELDS, mostly(timestamps("")))
PYTHON_VALUES: dict[str, SearchStrategy[Any]] = {
    name: values | st.just(float("nan")) | (moments() if name in TIME_FIELDS else st.nothing())
    for name, values in FIELD_VALUES.items()
    if name != "api_heartbeat_state" and name not in CLOUDLINK_FIELDS
}
