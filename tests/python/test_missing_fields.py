"""Fields that the data lacks: which are needed, what is said of them, and how to go without."""

from __future__ import annotations

import ast
import contextlib
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from decision_space import decision_space
from examples import NOW, Record, as_json, device_record, table_of, without
from fleetstatus._catalog import FIELDS
from oracle import NEEDED, NEEDED_2020
from record_spelling import without_field

if TYPE_CHECKING:
    from collections.abc import Iterable

LIBRARY = fs.StatusScheme.LIBRARY_2020
NEEDS = {
    scheme: [names[0] for names in (NEEDED_2020 if scheme == LIBRARY else NEEDED)]
    for scheme in fs.StatusScheme
}
RECORD = device_record(is_online=True, current_services={})
ONE_OF_TWO = {"is_connected_to_vpn": "is_online", "image_install": "current_services"}
CASES = [(scheme, field) for scheme, fields in NEEDS.items() for field in fields]
LINKS = {"is_connected_to_vpn", "api_heartbeat_state"}
BY_APP = ("current_services_by_app",)
STAND_INS: dict[str, tuple[str, ...]] = {
    "is_connected_to_vpn": ("is_online",),
    "image_install": ("current_services", *BY_APP),
}
ALL_REASONS = {*map(str, fs.Reason)}
BEFORE_LINKS = {"frozen", "inactive", "post-provisioning"}
ONLINE_2020 = ("downloading-release", "os-configuration", "downloading-service", "online")


def record_for(scheme: str) -> Record:
    """Make a record with the needed fields of a scheme, and no field that can stand in."""
    spare = {"is_connected_to_vpn", "image_install"}
    others = spare if scheme == LIBRARY else {*ONE_OF_TWO.values()}
    return {name: value for name, value in RECORD.items() if name not in others}


def missing_from(source: Any, **options: Any) -> fs.MissingFieldsError:
    with pytest.raises(fs.MissingFieldsError) as raised:
        fs.classify(source, now=NOW, **options)
    return raised.value


def test_every_scheme_needs_eight_fields() -> None:
    assert {len(fields) for fields in NEEDS.values()} == {8}


@pytest.mark.parametrize(("scheme", "field"), CASES)
@pytest.mark.parametrize("form", [list, as_json])
def test_a_needed_field_that_no_record_has_is_an_error(scheme: Any, field: str, form: Any) -> None:
    record = record_for(scheme)
    lacking = {name: value for name, value in record.items() if name != field}
    error = missing_from(form([lacking, lacking]), scheme=scheme)
    assert (error.fields, error.index) == ((field,), 0)
    assert error.options == fs.device_options()


@pytest.mark.parametrize(("scheme", "field"), CASES)
def test_one_record_with_the_field_will_do_unless_it_is_a_link(scheme: Any, field: str) -> None:
    record = record_for(scheme)
    lacking = {name: value for name, value in record.items() if name != field}
    is_link = scheme != LIBRARY and field in {"is_connected_to_vpn", "api_heartbeat_state"}
    with pytest.raises(fs.RecordError) if is_link else contextlib.nullcontext():
        assert len(fs.classify([lacking, record, lacking], scheme=scheme)) == 3


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_null_is_not_missing(scheme: fs.StatusScheme) -> None:
    links = {"is_connected_to_vpn", "api_heartbeat_state"}
    nullable = set(NEEDS[scheme]) - (set() if scheme == LIBRARY else links)
    record = record_for(scheme) | dict.fromkeys(nullable)
    assert len(fs.classify([record], scheme=scheme)) == 1


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_either_of_two_fields_will_do_but_not_in_2020(scheme: fs.StatusScheme) -> None:
    record = without(*ONE_OF_TWO) | {"is_online": True, "current_services": {}}
    assert len(fs.classify([record], scheme=scheme)) == 1
    modern = without() | {"is_connected_to_vpn": True}
    if scheme == LIBRARY:
        error = missing_from([modern], scheme=scheme)
        assert error.fields == ("is_online", "current_services")
    else:
        assert len(fs.classify([modern], scheme=scheme)) == 1


def test_either_spelling_will_do() -> None:
    record = {name.replace("_", " "): value for name, value in record_for("docs-2022").items()}
    assert len(fs.classify([record])) == 1


def test_all_missing_fields_are_named_in_one_go() -> None:
    error = missing_from([{"device_name": "a"}, {"device_name": "b"}])
    assert sorted(error.fields) == sorted(NEEDS[fs.StatusScheme.DOCS_2024_11])
    assert sorted(missing_from(b'{"device_name": "a"}', scheme=LIBRARY).fields) == sorted(
        NEEDS[LIBRARY]
    )


def test_the_index_is_of_the_first_record_that_is_one() -> None:
    assert missing_from([17, {}, {"device_name": "a"}], on_error="keep").index == 2


@pytest.mark.parametrize("source", [[17, 5], [{}, {}], [{"slug": "a"}]], ids=repr)
@pytest.mark.parametrize("allowed", [(), "all"])
def test_fields_are_not_spoken_of_where_no_record_is_a_device(source: Any, allowed: Any) -> None:
    for on_error in ("raise", "keep"):
        with pytest.raises((fs.NotDevicesError, fs.RecordError)):
            fs.classify(source, on_error=on_error, allow_missing=allowed)
    with pytest.raises(fs.NotDevicesError):
        fs.classify(source, on_error="keep", allow_missing=allowed)


# What the error says

TWO_MISSING = without("status", "image_install")


def test_the_first_two_lines_say_what_is_missing_and_what_to_do() -> None:
    first, second, *_ = str(missing_from([TWO_MISSING])).splitlines()
    assert first.startswith("no record has status, image_install (from record 0 on)")
    assert first.endswith("on): device records of a `$select` that leaves fields out")
    assert "ask the API" in second
    assert "/v7/device" not in first + second


def test_the_query_comes_last_and_on_its_own() -> None:
    lines = str(missing_from([TWO_MISSING])).splitlines()
    assert lines[-1].strip() == fs.device_query()
    assert max(map(len, lines[:-1])) < 250


def test_what_the_records_look_like_says_what_to_do() -> None:
    """As `balena device list --json` writes them."""
    listed = {"id": 1, "device_name": "a", "fleet": "acme/weather", "is_online": True, "status": ""}
    first, second, *_ = str(missing_from([listed])).splitlines()
    assert "api_heartbeat_state" in first
    assert "`balena device list --json`" in first
    assert "it holds no heartbeat; ask the API" in second


def test_records_older_than_the_heartbeat_have_a_scheme_of_their_own() -> None:
    """As an API of 2018 answers; read in that scheme they lack nothing."""
    names = ["id", "uuid", "is_active", "provisioning_state", "provisioning_progress", "status"]
    record = {name: device_record()[name] for name in [*names, "download_progress"]}
    record |= {"name": "a", "last_seen_time": None, "is_online": True, "current_services": {}}
    first, second, *_ = str(missing_from([record])).splitlines()
    assert "older than 2020" in first
    assert second == "read them with scheme='library-2020'"
    assert len(fs.classify([record], scheme=LIBRARY)) == 1


OLD: dict[str, Record] = {
    "name": {
        **without("api_heartbeat_state", "image_install", "device_name", "is_frozen"),
        "name": "A2",
        "is_online": False,
    },
    "last_seen_time": {
        "name": "one",
        "is_online": 1,
        "last_seen_time": "2016-01-06T14:10:49.000Z",
        "status": "Idle",
        "provisioning_progress": None,
        "provisioning_state": None,
        "download_progress": None,
    },
}
OLD["owns__device"] = {
    "id": 61,
    "slug": "acme/test-app",
    "owns__device": [{**OLD["name"], "image_install": []}],
}


@pytest.mark.parametrize("name", OLD)
@pytest.mark.parametrize("form", [list, as_json])
def test_advice_for_records_older_than_the_heartbeat_works_at_once(name: str, form: Any) -> None:
    lacking = ("is_active", "current_services") if "seen" in name else ("current_services",)
    source = form([OLD[name]])
    first, second, *_ = str(missing_from(source)).splitlines()
    assert "older than 2020" in first
    advice, _, costs = second.partition("; there ")
    assert advice == f"read them with scheme='library-2020' and allow_missing={lacking!r}"
    assert "current_services: no device can show as updating because it downloads" in costs
    assert ("is_active: every device shows as inactive" in costs) == ("is_active" in lacking)
    assert len(fs.classify(source, scheme=LIBRARY, allow_missing=lacking)) == 1


@pytest.mark.parametrize("name", OLD)
def test_in_2020_records_without_a_heartbeat_are_not_sent_back(name: str) -> None:
    error = missing_from([OLD[name]], scheme=LIBRARY)
    assert "docs-2024-11" not in str(error)
    _, second, *_ = str(error).splitlines()
    without_it = f"go without, with allow_missing={error.fields!r}; then:"
    assert second == f"no query returns current_services any more: {without_it}"


def test_in_2020_no_query_helps_with_what_the_api_has_no_more() -> None:
    _, second, *_ = str(missing_from([device_record(is_online=True)], scheme=LIBRARY)).splitlines()
    assert second.startswith("no query returns current_services any more")
    assert "scheme='docs-2024-11'" in second
    _, second, *_ = str(
        missing_from([{"current_services": {}, "is_online": True}], scheme=LIBRARY)
    ).splitlines()
    assert "device_options()" in second


@pytest.mark.parametrize("scheme", fs.StatusScheme)
@pytest.mark.parametrize("fields", [("status",), ("status", "download_progress"), ()])
def test_what_the_error_says_to_paste_works(scheme: Any, fields: tuple[str, ...]) -> None:
    record = {name: value for name, value in record_for(scheme).items() if name in fields}
    error = missing_from([record | {"device_name": "a"}], scheme=scheme)
    pasted = re.search(r"allow_missing=(\(.*?\))", str(error))
    assert pasted
    names = ast.literal_eval(pasted[1])
    assert names == error.fields
    source = [record | {"device_name": "a"}]
    assert len(fs.classify(source, scheme=scheme, allow_missing=names)) == 1


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_the_error_says_what_it_costs_to_go_without(scheme: Any) -> None:
    record = {"device_name": "a"}
    error = missing_from([record], scheme=scheme)
    table = fs.classify([record], scheme=scheme, allow_missing="all")
    lines = str(error).splitlines()
    for field in error.fields:
        assert f"  {field}: {table.fields_missing[field]}" in lines


# What it costs

MODERN_COSTS: dict[str, tuple[set[str], set[str]]] = {
    # field: reasons that devices no longer have, reasons that the sentence names beside them
    "is_connected_to_vpn": (ALL_REASONS, BEFORE_LINKS),
    "api_heartbeat_state": (ALL_REASONS, BEFORE_LINKS),
    "last_connectivity_event": ({"no-link"}, {"never-connected"}),
    "provisioning_state": ({"post-provisioning"}, set()),
    "provisioning_progress": ({"os-configuration"}, set()),
    "status": ({"downloading-release"}, set()),
    "download_progress": ({"downloading-release"}, set()),
    "image_install": ({"downloading-service"}, set()),
}
LIBRARY_COSTS: dict[str, tuple[set[str], set[str]]] = {
    "is_online": ({*ONLINE_2020}, {"no-link", "never-connected", "shipped"}),
    "is_active": (ALL_REASONS, {"inactive", "ordered", "preparing", "shipped"}),
    "last_connectivity_event": ({"no-link"}, {"never-connected"}),
    "provisioning_state": ({"post-provisioning"}, set()),
    "provisioning_progress": ({"os-configuration"}, set()),
    "status": ({"ordered", "preparing", "shipped", "downloading-release"}, set()),
    "download_progress": ({"downloading-release"}, set()),
    "current_services": ({"downloading-service"}, set()),
}


@cache
def label_of_reasons(scheme: fs.StatusScheme) -> dict[str, str]:
    """Labels that a scheme has for each reason."""
    table = answers(scheme, ())
    return dict(zip(table["reason"], table["status"], strict=True))


@cache
def answers(scheme: fs.StatusScheme, lacking: tuple[str, ...]) -> fs.StatusTable:
    """Classify a record of every combination of facts, without some fields."""
    space = "library-2020" if scheme == LIBRARY else "docs-2024-11"  # all others read the same
    source = records_without(space, lacking)
    return fs.classify(source, scheme=scheme, allow_missing="all", now=NOW)


@cache
def records_without(space: str, lacking: tuple[str, ...]) -> bytes:
    records = list(decision_space(space))
    for field in lacking:
        records = [without_field(record, field) for record in records]
    return as_json(records)


def named_in(sentence: str, labels: Iterable[str]) -> set[str]:
    """Find the labels that a sentence names, the longest first."""
    found = set()
    for label in sorted(labels, key=len, reverse=True):
        pattern = rf"(?<![\w-]){re.escape(label)}(?![\w-])"
        if re.search(pattern, sentence):
            found.add(label)
            sentence = re.sub(pattern, "", sentence)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "field"), CASES)
def test_what_it_costs_is_true(scheme: fs.StatusScheme, field: str) -> None:
    lost, besides = (LIBRARY_COSTS if scheme == LIBRARY else MODERN_COSTS)[field]
    stand_ins = {"current_services": BY_APP} if scheme == LIBRARY else STAND_INS
    lacking = (field, *stand_ins.get(field, ()))
    whole, part = answers(scheme, ()), answers(scheme, lacking)
    sentence = part.fields_missing[field]

    changed = [
        (before, after)
        for before, after in zip(whole["reason"], part["reason"], strict=True)
        if before != after
    ]
    # What is shipped is asked before all else: whatever it was, it shows so if it is not online.
    reasons = {str(before) for before, after in changed if after != "shipped"}
    # Whatever changed had a reason that is lost, and became what the sentence names, if it names.
    labels = label_of_reasons(scheme)
    assert reasons
    if lost is ALL_REASONS:
        assert named_in(sentence, scheme.labels) == {labels[r] for r in besides if r in labels}
        kept = {str(one) for one in part["reason"]}
        assert kept <= {*besides, "unknown"}
        assert ("unknown" in kept) == (field in LINKS)
    else:
        assert reasons == {reason for reason in lost if reason in labels}
        told = named_in(sentence, scheme.labels)
        assert told == {labels[reason] for reason in {*lost, *besides} if reason in labels}
        if besides:
            assert {str(after) for _, after in changed} <= besides


# Going without

ALLOWED: list[Any] = [
    *("all", ["all"], ["status", "image_install"], ("image_install", "status")),
    *({"status", "image_install"}, iter(["status", "current_services"]), ["all", "status"]),
]


@pytest.mark.parametrize("allowed", ALLOWED)
def test_fields_may_be_allowed_to_be_missing(allowed: Any) -> None:
    table = fs.classify([TWO_MISSING], allow_missing=allowed, now=NOW)
    assert table["status"].to_list() == ["Operational"]


def test_one_name_allows_one_field() -> None:
    assert missing_from([TWO_MISSING], allow_missing="status").fields == ("image_install",)


@pytest.mark.parametrize("allowed", ["state", "", ["status", "all "], "is_connected_to_vpn "])
def test_only_needed_fields_can_be_allowed(allowed: Any) -> None:
    with pytest.raises(ValueError, match=r"allow_missing names .*that are needed: .*image_install"):
        fs.classify([], allow_missing=allowed)


def test_allow_missing_takes_text() -> None:
    with pytest.raises(TypeError, match="allow_missing holds a int"):
        fs.classify([], allow_missing=[5])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("link", "column"),
    [("is_connected_to_vpn", "cloudlink"), ("api_heartbeat_state", "heartbeat")],
)
@pytest.mark.parametrize("scheme", sorted({*fs.StatusScheme} - {LIBRARY}))
def test_without_a_link_no_status_is_guessed(scheme: Any, link: str, column: str) -> None:
    frozen = {"is_frozen": True} if scheme.startswith("docs") else {"is_active": False}
    records = [without(link), without(link) | frozen, device_record(**{link: None})]
    table = fs.classify(records, scheme=scheme, allow_missing=link, now=NOW)
    label = "frozen" if scheme.startswith("docs") else "inactive"
    assert table["reason"].to_list() == ["unknown", label, "unknown"]
    assert [status and status.lower() for status in table["status"]] == [None, label, None]
    assert table[column].to_list() == [None] * 3
    assert table["error"].to_list() == [None] * 3


@pytest.mark.parametrize("allowed", ["is_connected_to_vpn", "is_online"])
def test_either_name_of_cloudlink_allows_both(allowed: str) -> None:
    table = fs.classify([without("is_connected_to_vpn")], allow_missing=allowed)
    assert table["reason"].to_list() == ["unknown"]


def test_what_is_there_is_read_though_it_may_be_missing() -> None:
    assert table_of({}, allow_missing="all")["status"].to_list() == ["Operational"]
    with pytest.raises(fs.RecordError):
        table_of({"api_heartbeat_state": "odd"}, allow_missing="all")


# What is not in the data

READ = set(FIELDS)
OLDER_NAMES = {"name", "last_seen_time", "fleet", "application"}


def test_read_fields_that_no_record_has_are_told() -> None:
    table = table_of({}, {"is_frozen": None})
    spoken_for = {"is_online", "current_services", "current_services_by_app"}
    assert set(table.fields_missing) == (
        READ - set(device_record()) - spoken_for - OLDER_NAMES - {"is_frozen"}
    )
    assert table_of({}).fields_missing["is_frozen"] == "no device can show as Frozen"


def test_all_read_fields_are_told_of_a_record_that_has_one() -> None:
    table = fs.classify([{"device_name": None}], allow_missing="all")
    # Of fields of which one is enough, the first speaks for all.
    spoken_for = {*ONE_OF_TWO.values(), *BY_APP}
    assert set(table.fields_missing) == READ - spoken_for - OLDER_NAMES - {"device_name"}


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("name", "device_name"),
        ("last_seen_time", "last_connectivity_event"),
        ("fleet", "belongs_to__application"),
        ("application", "belongs_to__application"),
    ],
)
def test_an_older_name_fills_the_gap(older: str, newer: str) -> None:
    record = {"is_online": True, older: None}
    assert newer not in fs.classify([record], allow_missing="all").fields_missing


@pytest.mark.parametrize("field", sorted(READ))
def test_a_field_is_there_if_one_record_has_it(field: str) -> None:
    records: Any = [{"uuid": "a", "is_active": True}, {"is_active": True, field: None}]
    table = fs.classify(records, allow_missing="all", on_error="keep")
    assert field not in table.fields_missing


@pytest.mark.parametrize("field", ["application_config_variable", "should_be_running__release"])
def test_fields_of_the_fleet_are_told_too(field: str) -> None:
    told = f"belongs_to__application.{field}"
    assert told in table_of({"belongs_to__application": {"__id": 5}}).fields_missing
    fleet = {"__id": 5, field: None}
    assert told not in table_of({"belongs_to__application": [fleet]}).fields_missing
    assert told not in table_of({}).fields_missing


def test_library_2020_tells_of_its_own_fields() -> None:
    table = fs.classify([without()], scheme=LIBRARY, allow_missing="all")
    assert {"is_online", "current_services"} <= set(table.fields_missing)


def test_a_selection_keeps_what_the_whole_source_lacked() -> None:
    table = table_of({"is_frozen": False}, {})
    assert table[1:].fields_missing == table.fields_missing
    assert "is_frozen" not in table[1:].fields_missing


def test_gaps_are_shown() -> None:
    table = table_of({})
    page = table._repr_mimebundle_()["text/html"]
    for field, hides in table.fields_missing.items():
        assert f"{field} not in the data: {hides}" in repr(table).splitlines()
        assert f"{field} not in the data:" in page


@pytest.mark.parametrize("copies", [1, 3000])
@pytest.mark.parametrize("form", [list, as_json])
def test_it_says_too_what_else_is_wrong_with_records_that_are_kept(form: Any, copies: int) -> None:
    lacking = without("image_install")
    bad = {**lacking, "created_at": "2023-01-10T10:00:00"}
    error = missing_from(form([lacking] * copies + [bad]), on_error="keep")
    assert error.fields == ("image_install",)
    assert f"record {copies}: created_at is" in str(error)
    assert "if they are UTC, pass assume_utc=True" in str(error)


def test_it_does_not_say_twice_that_a_link_is_missing() -> None:
    error = missing_from([without("api_heartbeat_state")], on_error="keep")
    assert "could be read" not in str(error)
