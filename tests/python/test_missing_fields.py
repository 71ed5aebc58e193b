"""Fields that the data lacks: which are needed, what is said of them, and how to go without."""

from __future__ import annotations

import ast
import contextlib
import re
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, Record, as_json, device_record, table_of, without
from oracle import NEEDED, NEEDED_2020

LIBRARY = fs.StatusScheme.LIBRARY_2020
NEEDS = {
    scheme: [names[0] for names in (NEEDED_2020 if scheme == LIBRARY else NEEDED)]
    for scheme in fs.StatusScheme
}
RECORD = device_record(is_online=True, current_services={})
ONE_OF_TWO = {"is_connected_to_vpn": "is_online", "image_install": "current_services"}
CASES = [(scheme, field) for scheme, fields in NEEDS.items() for field in fields]


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
    error = missing_from([{}, {}])
    assert sorted(error.fields) == sorted(NEEDS[fs.StatusScheme.DOCS_2024_11])
    assert sorted(missing_from(b"{}", scheme=LIBRARY).fields) == sorted(NEEDS[LIBRARY])


def test_the_index_is_of_the_first_record_that_is_one() -> None:
    assert missing_from([17, None, {}], on_error="keep").index == 2


def test_nothing_is_missing_where_no_record_is_one() -> None:
    assert len(fs.classify([17, None], on_error="keep")) == 2


# What the error says

TWO_MISSING = without("status", "image_install")


def test_the_error_says_what_is_missing_and_how_to_ask_for_it() -> None:
    text = str(missing_from([TWO_MISSING]))
    assert text.startswith("no record has status, image_install (from record 0 on)")
    assert fs.device_query() in text
    assert "device_options()" in text


@pytest.mark.parametrize("scheme", fs.StatusScheme)
@pytest.mark.parametrize("fields", [("status",), ("status", "download_progress"), ()])
def test_what_the_error_says_to_paste_works(scheme: Any, fields: tuple[str, ...]) -> None:
    record = {name: value for name, value in record_for(scheme).items() if name in fields}
    error = missing_from([record], scheme=scheme)
    pasted = re.search(r"allow_missing=(\(.*\)) at this price", str(error))
    assert pasted
    names = ast.literal_eval(pasted[1])
    assert names == error.fields
    assert len(fs.classify([record], scheme=scheme, allow_missing=names)) == 1


def test_the_error_says_what_it_costs_to_go_without() -> None:
    lines = str(missing_from([TWO_MISSING])).splitlines()
    table = fs.classify([TWO_MISSING], allow_missing="all")
    for field in ("status", "image_install"):
        assert f"  {field}: {table.fields_missing[field]}" in lines


# Going without

ALLOWED: list[Any] = [
    *("all", ["all"], ["status", "image_install"], ("image_install", "status")),
    *({"status", "image_install"}, iter(["status", "current_services"]), ["all", "status"]),
]


@pytest.mark.parametrize("allowed", ALLOWED, ids=repr)
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
@pytest.mark.parametrize("scheme", set(fs.StatusScheme) - {LIBRARY})
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

READ = set(fs.DeviceRecord.__annotations__)


def test_read_fields_that_no_record_has_are_told() -> None:
    table = table_of({}, {"is_frozen": None})
    assert set(table.fields_missing) == READ - set(device_record()) - {
        *("is_frozen", "is_online", "current_services")
    }
    assert table_of({}).fields_missing["is_frozen"] == "no device can show as Frozen"


def test_all_read_fields_are_told_of_an_empty_record() -> None:
    table = fs.classify([{}], allow_missing="all")
    # Of two fields of which one is enough, the first speaks for both.
    assert set(table.fields_missing) == READ - set(ONE_OF_TWO.values())


@pytest.mark.parametrize("field", sorted(READ))
def test_a_field_is_there_if_one_record_has_it(field: str) -> None:
    table = fs.classify([{}, {field: None}], allow_missing="all", on_error="keep")
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
