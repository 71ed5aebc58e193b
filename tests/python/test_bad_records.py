"""Records that cannot be read: what is said of them, and what is kept, in both readers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from bad_values import BAD_BY_FIELD
from examples import NOW, Record, as_json, device_record, table_of, without

if TYPE_CHECKING:
    from collections.abc import Callable

READERS: dict[str, Callable[[list[Any]], Any]] = {"mappings": list, "JSON": as_json}
both_readers = pytest.mark.parametrize("form", READERS.values(), ids=READERS)
DOWNLOAD = {"status": "Downloading", "download_progress": 40}


def error_of(source: Any, **options: Any) -> fs.RecordError:
    with pytest.raises(fs.RecordError) as raised:
        fs.classify(source, now=NOW, **options)
    return raised.value


INTEGER = "a whole number of 64 bits"
INTEGER32 = "a whole number of 32 bits"
FLAG = "true or false"
TIME = "an RFC 3339 time with a zone"
ZONELESS = f"{TIME}; if they are UTC, pass assume_utc=True"
STATES = "online, timeout, offline or unknown"
UPDATES = "done, downloading, downloaded, applying changes, rejected or aborted"
LINK = "a link: an id, an object, or a list of at most one"
SAYS = [
    ("id", "5", "", '"5"', INTEGER),
    ("id", 1.5, "", "1.5", INTEGER),
    ("uuid", 7, "", "7", "text"),
    ("device_name", ["a"], "", "a list", "text"),
    ("is_active", 2, "", "2", FLAG),
    ("is_frozen", "true", "", '"true"', FLAG),
    ("is_connected_to_vpn", {}, "", "an object", FLAG),
    ("is_online", [], "", "a list", FLAG),
    ("api_heartbeat_state", "Online", "", '"Online"', STATES),
    ("api_heartbeat_state", 1, "", "1", STATES),
    ("last_connectivity_event", "2026-02-30T08:00:00Z", "", '"2026-02-30T08:00:00Z"', TIME),
    ("last_vpn_event", "2026-10-20T08:00:00", "", '"2026-10-20T08:00:00"', ZONELESS),
    ("changed_api_heartbeat_state_on__date", "", "", '""', TIME),
    ("provisioning_state", 5, "", "5", "text"),
    ("provisioning_progress", 2**31, "", "2147483648", INTEGER32),
    ("download_progress", "40", "", '"40"', INTEGER32),
    ("status", 5, "", "5", "text"),
    ("image_install", {}, "", "an object", "a list"),
    ("image_install", [5], "/0", "5", "an object"),
    ("image_install", [{}, {"status": 5}], "/1/status", "5", "text"),
    ("image_install", [{"download progress": "5"}], "/0/download progress", '"5"', INTEGER32),
    (
        "image_install",
        [{"is_provided_by__release": "1"}],
        "/0/is_provided_by__release",
        '"1"',
        LINK,
    ),
    ("current_services", [], "", "a list", "an object of lists"),
    ("current_services", {"a/b~c": [{"id": "x"}]}, "/a~1b~0c/0/id", '"x"', INTEGER),
    ("device_config_variable", [{"name": 5}], "/0/name", "5", "text"),
    ("belongs_to__application", "5", "", '"5"', LINK),
    ("belongs_to__application", [{}, {}], "", "a list of several", LINK),
    ("belongs_to__application", {"slug": 5}, "/slug", "5", "text"),
    ("is_pinned_on__release", {"__id": 0.5}, "/__id", "0.5", INTEGER),
    ("should_be_running__release", [[]], "/0", "a list", "an object"),
    ("update_status", "Done", "", '"Done"', UPDATES),
    ("last_update_status_event", 1761000000, "", "1761000000", TIME),
    ("supervisor_version", 16, "", "16", "text"),
    ("overall_status", 1, "", "1", "text"),
]


@both_readers
@pytest.mark.parametrize("fault", SAYS, ids=lambda fault: f"{fault[0]}{fault[2]}={fault[1]}")
def test_a_bad_record_is_named(form: Any, fault: tuple[str, Any, str, str, str]) -> None:
    field, value, below, shown, expected = fault
    error = error_of(form([device_record(), device_record(**{field: value})]))
    assert (error.index, error.field, error.value) == (1, field, shown)
    assert error.pointer == f"/{field}{below}"
    at = f" at {error.pointer}" if below else ""
    assert str(error) == f"record 1: {field}{at} is {shown}, expected {expected}"


EVERY_BAD_VALUE = [(field, value) for field, values in BAD_BY_FIELD.items() for value in values]


@both_readers
def test_no_bad_value_passes(form: Any) -> None:
    for field, value in EVERY_BAD_VALUE:
        records = form([device_record(), device_record() | {field: value}])
        error = error_of(records)
        assert (error.index, error.field) == (1, field), value
        kept = fs.classify(records, now=NOW, on_error="keep")
        assert kept["error"].to_list() == [None, str(error)]
        assert kept["attention"].to_list() == [None, "unreadable"]


@pytest.mark.parametrize(
    ("value", "in_python", "in_json"),
    [
        (True, "True", "true"),
        (10**30, "a number of more than 64 bits", "1" + "0" * 30),
        (1e30, "1e+30", "1e+30"),
        (b"5", "a bytes", None),
        (object(), "a object", None),
        (NOW.replace(tzinfo=None), "a datetime without a zone", None),
        ("x" * 41, '"' + "x" * 40 + '..."', '"' + "x" * 39 + "..."),
        ("a" + "ü" * 20, '"a' + "ü" * 19 + '..."', '"a' + "ü" * 19 + "..."),
        ("\x00\x1b\x7f", r'"\u0000\u001b\u007f"', r'"\u0000\u001b\u007f"'),
    ],
)
def test_a_value_is_told_in_short(value: Any, in_python: str, in_json: str | None) -> None:
    field = "id" if not isinstance(value, type(NOW)) else "last_vpn_event"
    assert error_of([device_record(**{field: value})]).value == in_python
    if in_json is not None:
        text = json.dumps([device_record(**{field: value})], ensure_ascii=False)
        text = text.replace("\x7f", "\\u007f")
        assert error_of(text.encode()).value == in_json


HOSTILE = "\x1b[2J\x9b\u202e\u2066"


@both_readers
def test_names_of_services_cannot_write_to_the_terminal(form: Any) -> None:
    error = error_of(form([device_record(current_services={HOSTILE: 5})]))
    assert error.pointer == f"/current_services/{HOSTILE}"
    assert not set(HOSTILE) - set("[2J") & set(str(error))


def test_values_cannot_write_to_the_terminal() -> None:
    error = error_of([device_record(api_heartbeat_state=HOSTILE)])
    assert not set(HOSTILE) - set("[2J") & set(str(error) + error.value)


@both_readers
@pytest.mark.parametrize("lone", ["\ud800", "a\udfffb", "\udc00\ud800"])
def test_text_with_a_lone_surrogate_is_bad_where_it_is_read(form: Any, lone: str) -> None:
    error = error_of(form([device_record(device_name=lone)]))
    assert (error.field, error.pointer) == ("device_name", "/device_name")
    assert len(fs.classify(form([device_record(note=lone) | {lone: lone}]), now=NOW)) == 1


@both_readers
def test_a_service_may_have_any_name(form: Any) -> None:
    services: dict[str, list[Any]] = {"\ud800": [], "": [], "\0": []}
    assert len(fs.classify(form([device_record(current_services=services)]), now=NOW)) == 1
    faulty = services | {"\ud800": [{"id": "x"}]}
    error = error_of(form([device_record(current_services=faulty)]))
    assert (error.field, error.value) == ("current_services", '"x"')


def test_a_pair_of_surrogates_is_a_letter() -> None:
    table = fs.classify(as_json([device_record(device_name="\U0001f680")]), now=NOW)
    assert table["device_name"][0] == "\U0001f680"


@both_readers
@pytest.mark.parametrize(
    ("record", "shown"),
    [(17, "17"), (0.5, "0.5")],
    ids=repr,
)
def test_what_is_no_object_is_a_bad_record(form: Any, record: Any, shown: str) -> None:
    source = form([device_record(), record, device_record()])
    error = error_of(source)
    assert str(error) == f"record 1 is {shown}, expected an object"
    assert (error.index, error.field, error.pointer, error.value) == (1, "", "", shown)
    row = fs.classify(source, now=NOW, on_error="keep").to_dicts()[1]
    held = {name: value for name, value in row.items() if value is not None}
    assert held == {"attention": "unreadable", "error": str(error)}


# Which fault is named

FAULTY = {"uuid": 5, "image_install": [{"id": "x", "status": 5}], "is_frozen": 7}


@both_readers
def test_the_first_fault_of_a_record_is_named(form: Any) -> None:
    names = list(FAULTY)
    for first in range(len(names)):
        ordered = {name: FAULTY[name] for name in names[first:] + names[:first]}
        record = without(*names) | ordered
        assert error_of(form([record])).field == names[first]
    record = device_record(image_install=[{"status": 5, "id": "x"}])
    assert error_of(form([record])).pointer == "/image_install/0/status"


@both_readers
def test_the_first_bad_record_of_a_source_is_raised(form: Any) -> None:
    many: list[Any] = [device_record()] * 20_000
    for index in (0, 4095, 4096, 13_000, 19_999):
        bad = [*many[:index], device_record(uuid=5), *many[index + 1 :]]
        bad[-1] = 17
        assert error_of(form(bad)).index == index


@both_readers
def test_the_last_spelling_of_a_field_counts(form: Any) -> None:
    late = device_record(**{"is active": "no"})
    assert error_of(form([late])).pointer == "/is active"
    healed = {"is active": "no"} | device_record()
    assert fs.classify(form([healed]), now=NOW)["error"].to_list() == [None]


def test_the_last_of_two_equal_keys_counts() -> None:
    text = as_json(device_record(id=3))[:-1]
    assert fs.classify(b'{"id": "x", ' + text[1:] + b"}", now=NOW)["id"][0] == 3
    assert error_of(text + b', "id": "x"}').value == '"x"'


# A link field that is missing

LINKS = ["is_connected_to_vpn", "api_heartbeat_state"]


@both_readers
@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_link_that_one_record_lacks_makes_it_bad(form: Any, link: str, index: int) -> None:
    records: list[Record] = [device_record() for _ in range(3)]
    records[index] = without(link)
    error = error_of(form(records))
    assert (error.index, error.field, error.pointer) == (index, link, f"/{link}")
    assert error.value == "missing"
    kept = fs.classify(form(records), now=NOW, on_error="keep")
    assert [error is not None for error in kept["error"]] == [i == index for i in range(3)]


@both_readers
@pytest.mark.parametrize("link", LINKS)
def test_a_link_that_all_records_lack_is_a_missing_field(form: Any, link: str) -> None:
    for on_error in ("raise", "keep"):
        with pytest.raises(fs.MissingFieldsError) as raised:
            fs.classify(form([17, without(link)][on_error == "raise" :]), on_error=on_error)
        assert raised.value.fields == (link,)
        assert raised.value.index == (on_error == "keep")


@both_readers
@pytest.mark.parametrize("link", LINKS)
def test_a_link_is_never_null(form: Any, link: str) -> None:
    error = error_of(form([device_record(**{link: None})]))
    assert (error.field, error.value) == (link, "null")


@both_readers
def test_a_link_that_is_missing_is_named_last(form: Any) -> None:
    lacking = without("api_heartbeat_state") | {"overall_status": 5}
    assert error_of(form([device_record(), lacking])).field == "overall_status"


# What is kept

KEPT = [
    ({"api_heartbeat_state": "late"}, {"status": None, "cloudlink": True, "heartbeat": None}),
    ({"is_connected_to_vpn": "up"}, {"status": None, "cloudlink": None, "heartbeat": True}),
    ({"is_frozen": "?"}, {"status": None, "reason": None, "heartbeat": True}),
    ({"is_frozen": True, "api_heartbeat_state": 5}, {"status": "Frozen", "heartbeat": None}),
    ({"is_active": False, "is_connected_to_vpn": 5}, {"status": "Inactive", "capabilities": 0}),
    ({"update_status": "done?"}, {"status": "Operational", "update_status": None}),
    ({"last_vpn_event": "?"}, {"status": "Operational", "status_since": None}),
    ({"uuid": 5, "device_name": "lake"}, {"uuid": None, "device_name": "lake", "id": 1}),
    ({"image_install": 5, **DOWNLOAD}, {"status": "Updating", "progress": 40}),
    ({"image_install": 5}, {"status": None, "progress": None, "capabilities": 2**13 - 1 - 4}),
    ({"device_config_variable": 5}, {"cloudlink_expected": None, "heartbeat_window_s": None}),
    ({"supervisor_version": 5}, {"update_status_support": None}),
]


@both_readers
@pytest.mark.parametrize(("changes", "expected"), KEPT)
def test_what_does_not_rest_on_the_fault_stands(
    form: Any, changes: Record, expected: Record
) -> None:
    (row,) = fs.classify(form([device_record(**changes)]), now=NOW, on_error="keep").to_dicts()
    assert {name: row[name] for name in expected} == expected
    assert row["error"] is not None


def test_keep_changes_nothing_where_all_is_well() -> None:
    records = [device_record(id=number) for number in range(3)]
    kept = fs.classify(records, now=NOW, on_error="keep")
    assert kept.to_dicts() == fs.classify(records, now=NOW).to_dicts()


@pytest.mark.parametrize("on_error", ["ignore", "", None, True])
def test_there_are_two_ways_to_treat_errors(on_error: Any) -> None:
    with pytest.raises(ValueError, match="expected 'raise' or 'keep'"):
        table_of({}, on_error=on_error)
