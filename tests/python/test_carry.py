"""Further fields that are kept as text."""

from __future__ import annotations

import sys
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
    ([{"id": 1, "raw_version": "1.2.3"}], "1.2.3"),
    ({"__id": 1, "raw_version": "1.2.3"}, "1.2.3"),
    ({"raw_version": 5}, "5"),
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
    texts = carried(form, f"{link}.raw_version", *({link: value} for value, _ in LINKS))
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
    assert [table[name][0] for name in table.columns[25:]] == ["weather", "false", "5", "true", "x"]
    assert table["fleet"][0] == "acme/weather"


@both_readers
def test_either_spelling_is_carried(form: Any) -> None:
    record = without() | {"is running-release": {"raw version": "1.2.3"}, "os version": "6"}
    carry = ("os_version", "is_running__release.raw_version")
    table = fs.classify(form([record]), carry=carry)
    assert [table[name][0] for name in carry] == ["6", "1.2.3"]


@both_readers
def test_a_link_that_leads_to_several_is_a_bad_record(form: Any) -> None:
    record = device_record(is_running__release=[{"raw_version": "1"}, {"raw_version": "2"}])
    with pytest.raises(fs.RecordError) as raised:
        fs.classify(form([record]), carry="is_running__release.raw_version")
    assert raised.value.field == "is_running__release"


def test_what_no_record_has_is_null() -> None:
    assert carried(list, "os_version", {}, {}) == [None, None]


@pytest.mark.parametrize("carry", ["os_version", ["os_version"], ("os_version",), {"os_version"}])
def test_one_field_or_several_may_be_named(carry: Any) -> None:
    assert carried(list, carry, {"os_version": "6"}) == ["6"]


@pytest.mark.parametrize(
    ("carry", "told"),
    [
        ("a.b.c", "expected 'field' or 'link.field'"),
        ("", "expected 'field' or 'link.field'"),
        ("a.", "expected 'field' or 'link.field'"),
        (".a", "expected 'field' or 'link.field'"),
        ("\ud800", "expected 'field' or 'link.field'"),
        ("status", "which is a column of every table"),
        (["note", "note"], "names a field twice"),
    ],
    ids=repr,
)
def test_names_that_make_no_column_are_refused(carry: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        fs.classify([], carry=carry)


def test_names_are_text() -> None:
    with pytest.raises(TypeError, match="carry holds a int"):
        fs.classify([], carry=[5])  # type: ignore[list-item]
