"""Further fields that are kept, each with the type that its name has."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import numpy as np
import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record, without

both_readers = pytest.mark.parametrize("form", [list, as_json])


def carried(form: Any, carry: Any, *values: Any) -> list[Any]:
    records = [device_record(**value) for value in values]
    table = fs.classify(form(records), carry=carry, now=NOW)
    name = carry if isinstance(carry, str) else next(iter(carry))
    texts: list[Any] = table[name].to_list()
    return texts


@both_readers
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("balenaOS 6", "balenaOS 6"),
        ("", ""),
        ('kühl\0"\\\U0001f680', 'kühl\0"\\\U0001f680'),
        (True, "true"),
        (False, "false"),
        (12, "12"),
        (-(2**63), str(-(2**63))),
        (1.5, "1.5"),
        (0.1, "0.1"),
        (None, None),
    ],
    ids=repr,
)
def test_scalars_are_carried_as_json_writes_them(form: Any, value: Any, text: str | None) -> None:
    assert carried(form, "os_version", {"os_version": value}) == [text]


def test_values_of_python_are_carried_as_what_they_hold() -> None:
    values = [np.int64(5), np.True_, np.str_("a"), float("nan"), NOW]
    assert carried(list, "note", *({"note": value} for value in values)) == [
        *("5", "true", "a", None, "2026-11-01T12:00:00Z")
    ]


@both_readers
@pytest.mark.parametrize("value", [[], {}, ["a"], {"a": 1}, "\ud800"], ids=repr)
def test_anything_else_is_a_bad_record(form: Any, value: Any) -> None:
    records = form([device_record(), device_record(note=value)])
    with pytest.raises(fs.RecordError) as raised:
        fs.classify(records, carry="note")
    assert (raised.value.index, raised.value.field) == (1, "note")
    kept = fs.classify(records, carry="note", on_error="keep")
    assert kept["note"].to_list() == [None, None]
    assert kept["status"].to_list() == ["Operational"] * 2
    assert len(fs.classify(records)) == 2


LINKS = [
    ([{"id": 1, "semver": "1.2.3"}], "1.2.3"),
    ({"__id": 1, "semver": "1.2.3"}, "1.2.3"),
    ({"semver": 5}, "5"),
    ({"__id": 1}, None),
    ([], None),
    (None, None),
    (7, None),
]


def test_a_number_that_python_does_not_write_is_a_bad_record() -> None:
    digits = sys.get_int_max_str_digits()
    assert carried(list, "os_version", {"os_version": 10 ** (digits - 1)}) == [
        "1" + "0" * (digits - 1)
    ]
    records = [device_record(os_version=10**digits), device_record(os_version=5)]
    with pytest.raises(fs.RecordError, match="a number of more digits than Python writes"):
        fs.classify(records, carry="os_version", now=NOW)
    table = fs.classify(records, carry="os_version", now=NOW, on_error="keep")
    assert table["os_version"].to_list() == [None, "5"]
    assert [error is None for error in table["error"]] == [False, True]


@both_readers
@pytest.mark.parametrize("link", ["is_running__release", "is_pinned_on__release"])
def test_a_field_behind_a_link_is_carried(form: Any, link: str) -> None:
    texts = carried(form, f"{link}.semver", *({link: value} for value, _ in LINKS))
    assert texts == [text for _, text in LINKS]


@both_readers
def test_fields_that_the_rules_read_can_be_carried_too(form: Any) -> None:
    fleet = {"id": 5, "slug": "acme/weather", "app_name": "weather", "is_archived": False}
    table = fs.classify(
        form([device_record(belongs_to__application=fleet, provisioning_state="x")]),
        carry=[
            *("belongs_to__application.app_name", "belongs_to__application.is_archived"),
            *("belongs_to__application.id", "is_active", "provisioning_state"),
        ],
    )
    carried_names = table.columns[len(fs.classify([]).columns) :]
    assert [table[name][0] for name in carried_names] == ["weather", "false", 5, True, "x"]
    assert table["fleet"][0] == "acme/weather"


@both_readers
def test_either_spelling_is_carried(form: Any) -> None:
    record = without() | {"is running-release": {"raw version": "1.2.3"}, "os version": "6"}
    carry = ("os_version", "is_running__release.raw_version")
    table = fs.classify(form([record]), carry=carry)
    assert [table[name][0] for name in carry] == ["6", "1.2.3"]
    (table,) = fs.scan(as_json(record), carry=["os version", "is running-release.raw version"])
    assert [table[name][0] for name in table.columns[-2:]] == ["6", "1.2.3"]


@both_readers
def test_a_link_that_leads_to_several_is_a_bad_record(form: Any) -> None:
    record = device_record(is_running__release=[{"raw_version": "1"}, {"raw_version": "2"}])
    with pytest.raises(fs.RecordError) as raised:
        fs.classify(form([record]), carry="is_running__release.raw_version")
    assert raised.value.field == "is_running__release"


# What no record has


def missing_from(source: Any, **options: Any) -> fs.MissingFieldsError:
    with pytest.raises(fs.MissingFieldsError) as raised:
        fs.classify(source, now=NOW, **options)
    return raised.value


@both_readers
def test_a_field_that_no_record_has_is_an_error_with_near_names(form: Any) -> None:
    records = form([device_record(os_version="6", id=n) for n in range(3)])
    error = missing_from(records, carry=["os_version", "os_versoin"])
    assert (error.fields, error.index) == (("os_versoin",), 0)
    first, second = str(error).splitlines()
    assert first == "carry: no record has 'os_versoin'; did you mean 'os_version'?"
    assert "allow_missing=('os_versoin',)" in second
    assert "os_versoin" in error.options["$select"]


@both_readers
def test_a_link_that_no_record_has_is_an_error_too(form: Any) -> None:
    records = form([device_record(is_running__release={"id": 1, "raw_version": "1"})])
    error = missing_from(records, carry="is_runing__release.raw_version")
    assert "did you mean 'is_running__release'?" in str(error)
    error = missing_from(records, carry="is_running__release.semver")
    assert str(error).startswith("carry: no record has 'is_running__release.semver'\n")


@both_readers
def test_one_record_with_the_field_is_enough(form: Any) -> None:
    records = [device_record(), device_record(note=None), device_record()]
    table = fs.classify(form(records), carry="note", now=NOW)
    assert table["note"].to_list() == [None] * 3


@both_readers
@pytest.mark.parametrize("allowed", ["note", ["rack", "note"], ("note", "status")])
def test_it_is_null_where_it_may_be_missing(form: Any, allowed: Any) -> None:
    records = form([device_record(rack=1), device_record(rack=1)])
    table = fs.classify(records, carry=["note", "rack"], allow_missing=allowed, now=NOW)
    assert table["note"].to_list() == [None, None]


def test_an_empty_source_lacks_nothing() -> None:
    assert fs.classify([], carry=["note", "tag:site"]).columns[-2:] == ("note", "tag:site")


def test_in_parts_it_is_not_judged() -> None:
    table = fs.classify([device_record()], carry=["note", "tag:x"], missing="parts", now=NOW)
    assert (table["note"].to_list(), table["tag:x"].to_list()) == ([None], [None])


def test_a_scan_judges_its_first_batch() -> None:
    lines = b"\n".join(as_json(one) for one in (device_record(), device_record(note="a")))
    assert len(list(fs.scan(lines, batch_size=2, carry="note", now=NOW))) == 1
    with pytest.raises(fs.MissingFieldsError, match="no record has 'note'"):
        list(fs.scan(lines, batch_size=1, carry="note", now=NOW))


# Types

TYPES = {
    "cpu_usage": ("int64", 42),
    "memory_total": ("int64", 2000),
    "is_web_accessible": ("bool", True),
    "created_at": ("timestamp[ms, UTC]", NOW),
    "modified_at": ("timestamp[ms, UTC]", NOW),
    "os_version": ("large_utf8", "balenaOS 6"),
    "latitude": ("large_utf8", "47.1"),
    "something_new": ("large_utf8", "5"),
}


@both_readers
@pytest.mark.parametrize("name", TYPES)
def test_a_name_has_a_type_whatever_is_in_it(form: Any, name: str) -> None:
    kind, value = TYPES[name]
    written = NOW.isoformat() if value is NOW else 5 if name == "something_new" else value
    source = form([device_record(**{name: written}), device_record(**{name: None})])
    table = fs.classify(source, carry=name, now=NOW)
    assert (table[name].type, table[name].to_list()) == (kind, [value, None])
    assert table[0].carried == {name: value}
    assert fs.classify([], carry=name)[name].type == kind


GIVEN: list[tuple[Any, Any, str, Any]] = [
    (int, 5, "int64", 5),
    (int, 5.0, "int64", 5),
    (float, 5, "float64", 5.0),
    (float, 0.25, "float64", 0.25),
    (bool, True, "bool", True),
    (bool, 0, "bool", False),
    (datetime, "2026-11-01T13:00:00+01:00", "timestamp[ms, UTC]", NOW),
    (str, 5, "large_utf8", "5"),
    (str, True, "large_utf8", "true"),
]


@both_readers
@pytest.mark.parametrize(("given", "value", "kind", "kept"), GIVEN)
def test_a_mapping_says_otherwise(form: Any, given: Any, value: Any, kind: str, kept: Any) -> None:
    for name in ("rack", "cpu_usage", "modified_at"):
        table = fs.classify(form([device_record(**{name: value})]), carry={name: given}, now=NOW)
        assert (table[name].type, table[name].to_list()) == (kind, [kept])


UNFIT: list[tuple[Any, Any]] = [
    *((int, value) for value in ("5", 0.5, True, 2**63)),
    *((float, value) for value in ("0.5", True)),
    *((bool, value) for value in ("true", 2)),
    *((datetime, value) for value in (5, "yesterday", "2026-11-01T13:00:00")),
]


@both_readers
@pytest.mark.parametrize(("given", "value"), UNFIT, ids=repr)
def test_a_value_that_does_not_fit_is_a_bad_record(form: Any, given: Any, value: Any) -> None:
    source = form([device_record(), device_record(rack=value)])
    with pytest.raises(fs.RecordError) as raised:
        fs.classify(source, carry={"rack": given}, now=NOW)
    assert (raised.value.index, raised.value.field) == (1, "rack")
    table = fs.classify(source, carry={"rack": given}, now=NOW, on_error="keep")
    assert table["rack"].to_list() == [None, None]
    assert table["status"].to_list() == ["Operational"] * 2


def test_times_without_a_zone_are_utc_where_the_caller_says_so() -> None:
    record = device_record(created_at="2026-11-01 12:00:00")
    with pytest.raises(fs.RecordError, match="assume_utc=True"):
        fs.classify([record], carry="created_at")
    table = fs.classify([record], carry="created_at", assume_utc=True, now=NOW)
    assert table["created_at"].to_list() == [NOW]


def test_a_field_behind_a_link_has_the_type_of_its_own_name() -> None:
    link = {"id": 7, "created_at": NOW.isoformat(), "raw_version": "1"}
    carry = [f"is_running__release.{name}" for name in link]
    table = fs.classify([device_record(is_running__release=link)], carry=carry, now=NOW)
    assert [table[name][0] for name in carry] == [7, NOW, "1"]


def test_carried_columns_count_and_compare_as_what_they_are() -> None:
    records = [device_record(cpu_usage=value) for value in (9, 10, 9)]
    table = fs.classify(records, carry="cpu_usage", now=NOW)
    groups = {row["cpu_usage"]: row["devices"] for row in table.summary(by="cpu_usage")}
    assert list(groups) == [9, 10]  # as numbers, not as text
    assert (table["cpu_usage"] == 9).to_list() == [True, False, True]
    assert len(table.where({"cpu_usage": [9, 11]})) == 2


@pytest.mark.parametrize("kind", [list, bytes, "int", None, object(), np.int64])
def test_other_types_are_refused(kind: Any) -> None:
    with pytest.raises(TypeError, match=r"carry gives 'rack' the type .*, expected int, float"):
        fs.classify([], carry={"rack": kind})


# Tags

TAGS = [{"tag_key": "site", "value": "north"}, {"tag_key": "cold room", "value": ""}]


@both_readers
def test_the_value_of_a_tag_is_carried(form: Any) -> None:
    tags = [TAGS, [], None, [TAGS[1]], [{"tag_key": "site", "value": None}]]
    source = form([device_record(device_tag=one) for one in tags])
    table = fs.classify(source, carry=["tag:site", "tag:cold room"], now=NOW)
    assert table["tag:site"].to_list() == ["north", None, None, None, None]
    assert table["tag:cold room"].to_list() == ["", None, None, "", None]
    assert len(table.where({"tag:site": "north"})) == 1
    assert [row["tag:site"] for row in table.summary(by="tag:site")][::8] == ["north", None]


@both_readers
def test_a_tag_that_no_device_has_is_an_error_with_those_there_are(form: Any) -> None:
    error = missing_from(form([device_record(device_tag=TAGS)]), carry="tag:sit")
    assert error.fields == ("tag:sit",)
    told = "no device has the tag 'sit'; did you mean 'site'?; there are 'cold room', 'site'\n"
    assert told in str(error)
    assert error.options["$expand"]["device_tag"] == {"$select": ["tag_key", "value"]}
    without_tags = missing_from(form([device_record()]), carry="tag:site")
    assert "no device has the tag 'site', nor any other" in str(without_tags)
    table = fs.classify(
        form([device_record()]), carry="tag:site", allow_missing="tag:site", now=NOW
    )
    assert table["tag:site"].to_list() == [None]


def test_keys_of_tags_are_taken_as_they_are() -> None:
    tags = [
        {"tag_key": key, "value": key} for key in ("a.created_at", "a:b", "a b", "a_b", "tag:x")
    ]
    carry = [f"tag:{tag['tag_key']}" for tag in tags]
    table = fs.classify([device_record(device_tag=tags)], carry=carry, now=NOW)
    assert [table[name][0] for name in carry] == [tag["value"] for tag in tags]


def test_values_of_tags_are_text() -> None:
    record = device_record(device_tag=[{"tag_key": "floor", "value": "3"}])
    assert fs.classify([record], carry={"tag:floor": str}, now=NOW)["tag:floor"][0] == "3"
    for kind in (int, float, bool, datetime):
        told = rf"carry gives 'tag:floor' the type {kind.__name__}, but values of tags are text"
        with pytest.raises(ValueError, match=told):
            fs.classify([record], carry={"tag:floor": kind})


@both_readers
@pytest.mark.parametrize("tags", [5, {}, [5], [{"tag_key": "site", "value": 5}]], ids=repr)
def test_tags_that_cannot_be_read_make_a_bad_record(form: Any, tags: Any) -> None:
    source = form([device_record(device_tag=TAGS), device_record(device_tag=tags)])
    with pytest.raises(fs.RecordError) as raised:
        fs.classify(source, carry="tag:site", now=NOW)
    assert (raised.value.index, raised.value.field) == (1, "device_tag")


# Names


@pytest.mark.parametrize("carry", ["os_version", ["os_version"], ("os_version",), {"os_version"}])
def test_one_field_or_several_may_be_named(carry: Any) -> None:
    assert carried(list, carry, {"os_version": "6"}) == ["6"]


@pytest.mark.parametrize(
    ("carry", "told"),
    [
        ("a.b.c", "expected 'field', 'link.field' or 'tag:KEY'"),
        ("", "expected 'field', 'link.field' or 'tag:KEY'"),
        ("a.", "expected 'field', 'link.field' or 'tag:KEY'"),
        (".a", "expected 'field', 'link.field' or 'tag:KEY'"),
        ("tag:", "expected 'field', 'link.field' or 'tag:KEY'"),
        ("\ud800", "expected 'field', 'link.field' or 'tag:KEY'"),
        ("status", "which is a column of every table"),
        ("release", "which is a column of every table"),
        ("devices", "which is a column of every table or summary"),
        ("rule_bits", "which is a column of tables that are handed on"),
        ("fields_seen", "which is a column of tables that are handed on"),
        (["note", "note"], "names a field twice"),
        (["os_version", "os version"], "names a field twice"),
        (["tag:a", "tag:a"], "names a field twice"),
    ],
    ids=repr,
)
def test_names_that_make_no_column_are_refused(carry: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        fs.classify([], carry=carry)


def test_names_are_text() -> None:
    with pytest.raises(TypeError, match="carry holds a int"):
        fs.classify([], carry=[5])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="carry is a int, expected text or several texts"):
        fs.classify([], carry=5)  # type: ignore[arg-type]
