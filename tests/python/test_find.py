"""Finding one device, devices that stand twice, and answers that the API disagrees with."""

from __future__ import annotations

from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, Record, device_record, table_of

UUIDS = ["aaaa1111", "aaaa2222", "bbbb3333", None, "cccc4444", ""]
NAMES = ["lake", "river", "bbbb", "cccc4444", None, "twice"]
TABLE = table_of(
    *({"uuid": uuid, "device_name": name} for uuid, name in zip(UUIDS, NAMES, strict=True)),
    {"uuid": "dddd5555", "device_name": "twice"},
)


@pytest.mark.parametrize(
    ("device", "row"),
    [
        ("aaaa1111", 0),
        ("aaaa2", 1),
        ("dddd", 6),
        ("river", 1),
        ("bbbb", 2),  # a name comes before the beginning of a uuid
        ("cccc4444", 4),  # a whole uuid comes before a name
        ("", 5),
    ],
)
def test_a_device_is_found_by_uuid_name_or_the_beginning_of_its_uuid(device: str, row: int) -> None:
    assert TABLE.find(device) == row
    assert TABLE.explain(device) == TABLE.explain(row)


@pytest.mark.parametrize("device", ["aaa", "AAAA1111", "Lake", "lak", "aaaa11112", "\ud800", "3"])
def test_nothing_else_is_found(device: str) -> None:
    with pytest.raises(LookupError, match="no device has the uuid or the name"):
        TABLE.find(device)


@pytest.mark.parametrize(
    ("device", "listed"),
    [("aaaa", "lake (row 0), river (row 1)"), ("twice", "twice (row 5), twice (row 6)")],
)
def test_several_matches_are_listed(device: str, listed: str) -> None:
    with pytest.raises(LookupError) as raised:
        TABLE.find(device)
    assert str(raised.value) == f"{device!r} may be any of 2: {listed}"


@pytest.mark.slow
def test_a_long_list_of_matches_is_cut() -> None:
    table = table_of(*({"uuid": None, "device_name": "a\x1b[2J"} for _ in range(3012)))
    with pytest.raises(LookupError) as raised:
        table.find("a\x1b[2J")
    assert str(raised.value).endswith(r"a\x1b[2J (row 9) and 3,002 more")
    assert str(raised.value).isprintable()


TWICE = table_of(
    {"uuid": "aaaa1111", "device_name": "lake"},
    {"uuid": "bbbb2222", "device_name": "river"},
    {"uuid": "aaaa1111", "device_name": "pond"},
    {"uuid": "bbbb2222", "device_name": "river"},
    {"uuid": "cccc3333", "device_name": "pond"},
)


@pytest.mark.parametrize(
    ("device", "row"), [("aaaa1111", 2), ("aaaa", 2), ("lake", 2), ("river", 3), ("bbbb", 3)]
)
def test_of_several_rows_of_one_uuid_the_last_counts(device: str, row: int) -> None:
    assert TWICE.find(device) == row
    assert device in TWICE


def test_rows_of_several_devices_are_listed_once_for_each() -> None:
    with pytest.raises(
        LookupError, match=r"'pond' may be any of 2: pond \(row 2\), pond \(row 4\)"
    ):
        TWICE.find("pond")


@pytest.mark.parametrize(
    ("device", "told"),
    [("lak", "'lake'"), ("rivre", "'river'"), ("AAAA1111", "'aaaa1111'"), ("Lake", "'lake'")],
)
def test_names_that_are_near_are_told(device: str, told: str) -> None:
    with pytest.raises(LookupError, match=rf"; did you mean {told}( or .*)?\?$"):
        TABLE.find(device)


def test_names_near_to_one_of_many_are_told() -> None:
    table = table_of(*({"uuid": None, "device_name": f"pump-{n:05}"} for n in range(5_000)))
    with pytest.raises(LookupError, match=r"did you mean 'pump-04321'"):
        table.find("pump-4321")


@pytest.mark.parametrize("device", ["aaaa1111", "aaaa2", "river", "", "bbbb"])
def test_a_table_contains_what_is_found_in_it(device: str) -> None:
    assert device in TABLE


@pytest.mark.parametrize("device", ["nope", "twice", "aaaa", "Lake", "\ud800", "0"])
def test_a_table_contains_nothing_else(device: str) -> None:
    assert device not in TABLE


def test_a_table_contains_its_rows() -> None:
    nameless = table_of({"uuid": None, "device_name": None}, {"uuid": "x" * 8})
    for table in (TABLE, nameless):
        assert all(row in table for row in table if row.device_name != "twice")
    assert nameless[0] not in TABLE
    assert nameless[1] not in nameless[:1]


@pytest.mark.parametrize("column", ["status", "uuid", "attention", "note"])
def test_the_name_of_a_column_is_no_device(column: str) -> None:
    table = table_of({"device_name": column, "note": 1}, carry="note")
    with pytest.raises(TypeError, match=rf"'{column}' is a column; ask for it in table\.columns"):
        _ = column in table


@pytest.mark.parametrize("device", [5, None, b"lake", ("lake",)], ids=repr)
def test_nothing_but_text_and_rows_can_be_contained(device: Any) -> None:
    with pytest.raises(TypeError):
        _ = device in TABLE


@pytest.mark.parametrize("device", [5, None, b"lake"], ids=repr)
def test_a_device_is_found_by_text(device: Any) -> None:
    with pytest.raises(TypeError):
        TABLE.find(device)


def test_a_row_of_the_table_is_explained() -> None:
    assert TABLE.explain(TABLE[0]) == TABLE.explain(0)
    assert TABLE.explain(TABLE[3]).device == "cccc4444"
    with pytest.raises(LookupError, match="may be any of 2"):
        TABLE[5:].explain(TABLE[5:].filter([False, True])[0].device_name)  # type: ignore[arg-type]


def test_a_row_without_a_name_is_explained_by_its_number() -> None:
    table = table_of({"uuid": None, "device_name": None})
    with pytest.raises(LookupError, match="explained by its row"):
        table.explain(table[0])
    assert table.explain(0).device == "1"


# Duplicates


def test_all_rows_of_a_uuid_that_stands_twice_are_duplicates() -> None:
    uuids = ["a", "b", "a", None, "c", None, "b", "a", "A", ""]
    table = table_of(*({"id": row, "uuid": uuid} for row, uuid in enumerate(uuids)))
    assert table.duplicates()["id"].to_list() == [0, 1, 2, 6, 7]
    assert len(table_of({}).duplicates()) == 0


# Disagreements

DOWN = {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"}
FRESH = {"is_connected_to_vpn": True, "api_heartbeat_state": "online"}


def answers(*pairs: tuple[Record, Any]) -> fs.StatusTable:
    return table_of(
        *({"id": row, "overall_status": told, **record} for row, (record, told) in enumerate(pairs))
    )


def test_rows_that_the_api_answers_otherwise_disagree() -> None:
    table = answers(
        (FRESH, "operational"),
        (FRESH, "disconnected"),
        (DOWN, "operational"),
        (DOWN, "disconnected"),
        (DOWN, None),
        (DOWN, "no-such-status"),
    )
    found = table.disagreements()
    assert found["id"].to_list() == [1, 2, 5]
    assert found.scheme is fs.StatusScheme.API_V7
    assert found["status"].to_list() == ["operational", "disconnected", "disconnected"]
    assert found.now == table.now


@pytest.mark.parametrize("word", ["idle", "offline"])
def test_words_of_the_old_api_tell_its_version(word: str) -> None:
    table = answers((FRESH, "idle"), (DOWN, "offline"), (FRESH, word), (DOWN, word))
    found = table.disagreements()
    assert found.scheme is fs.StatusScheme.API_V6
    assert found["id"].to_list() == ([3] if word == "idle" else [2])


def test_a_scheme_may_be_named() -> None:
    table = answers((FRESH, "idle"), (FRESH, "operational"))
    assert table.disagreements("api-v7")["id"].to_list() == [0]
    assert table.disagreements(fs.StatusScheme.API_V6)["id"].to_list() == [1]
    with pytest.raises(ValueError, match="no scheme 'api-v8'"):
        table.disagreements("api-v8")  # type: ignore[arg-type]


def test_a_status_that_is_not_known_disagrees_with_nothing() -> None:
    record = device_record(overall_status="operational") | {"api_heartbeat_state": None}
    table = fs.classify([record], allow_missing="all", now=NOW)
    assert len(table.disagreements()) == 0


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_disagreements_are_the_same_under_every_scheme(scheme: fs.StatusScheme) -> None:
    table = fs.classify(fs.sample_fleet(), scheme=scheme, allow_missing="all")
    reference = fs.classify(fs.sample_fleet()).disagreements()
    assert table.disagreements().to_dicts() == reference.to_dicts()
