"""Rows as what JSON holds: one spelling, in text, in dicts and for web frameworks."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from examples import NOW, device_record, table_of

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = ["", "=1+1", "<script>", "\u202e\u2028", "\x00\x1b", '"\\\n,', "kühl\U0001f680"]
TABLE = fs.classify(
    [
        *(device_record(id=n, device_name=name, rack=n) for n, name in enumerate(HOSTILE)),
        device_record(
            id=2**63 - 1, last_vpn_event="2026-10-31T23:00:00.5Z", seen="2026-11-01T00:00:00Z"
        ),
        17,  # type: ignore[list-item]
    ],
    now=NOW,
    on_error="keep",
    carry={"rack": float, "seen": datetime},
    assume_utc=True,
)
CHANGES = fs.diff(
    TABLE[:3], table_of({"id": 0}, {"id": 9, "uuid": "ab" * 16}, now="2026-11-02T00:00:00Z")
)


def json_of(table: Any, folder: Path) -> Any:
    path = folder / "rows.json"
    table.write(path)
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("table", [TABLE, CHANGES, CHANGES.counts(), TABLE[:0], fs.empty()])
def test_text_dicts_and_files_say_the_same(table: Any, tmp_path: Path) -> None:
    rows = table.to_dicts(json=True)
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    assert json.loads(table.to_json()) == rows == json_of(table, tmp_path)
    assert [list(row) for row in rows] == [list(table.columns)] * len(table)


def test_long_tables_are_given_whole() -> None:
    table = table_of(*({"id": number} for number in range(4097)))
    assert [row["id"] for row in table.to_dicts(json=True)] == list(range(4097))
    assert len(json.loads(table.to_json())) == 4097


def test_values_are_what_json_has() -> None:
    row = TABLE.to_dicts(json=True)[-2]
    assert row["id"] == 2**63 - 1
    assert row["cloudlink_since"] == "2026-10-31T23:00:00.500Z"
    assert row["seen"] == "2026-11-01T00:00:00Z"
    assert (row["heartbeat_window_s"], row["heartbeat"], row["detail"]) == (1350, True, None)
    assert type(row["capabilities"]) is type(row["status_duration_s"]) is int
    assert [one["device_name"] for one in TABLE.to_dicts(json=True)[:7]] == HOSTILE
    assert [one["rack"] for one in TABLE.to_dicts(json=True)[:2]] == [0.0, 1.0]


def test_dicts_are_python_values_unless_json_is_asked_for() -> None:
    assert TABLE.to_dicts()[0]["heartbeat_since"] == TABLE[0].heartbeat_since
    assert TABLE.to_dicts(json=False) == TABLE.to_dicts()
    with pytest.raises(TypeError):
        json.dumps(TABLE.to_dicts())
    assert CHANGES.to_dicts(json=False) == list(CHANGES) == CHANGES.to_dicts()


def test_json_is_asked_for_by_name() -> None:
    with pytest.raises(TypeError):
        TABLE.to_dicts(True)  # type: ignore[call-arg]


# A table is no mapping


TABLES = [TABLE, TABLE[:0], CHANGES, CHANGES.counts(by="kind"), CHANGES[:0]]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_never_a_dict(table: Any) -> None:
    kind = type(table).__name__
    for wrong in (lambda: dict(table), lambda: {**table}, table.keys):
        with pytest.raises(TypeError, match=f"^a {kind} is rows, no mapping: return to_dicts") as e:
            wrong()
        assert "to_dicts(json=True) for JSON" in str(e.value)


@pytest.mark.parametrize("table", TABLES)
def test_fastapi_says_what_to_return_in_place_of_a_table(table: Any) -> None:
    from fastapi.encoders import jsonable_encoder

    with pytest.raises(ValueError, match=r"return to_dicts\(json=True\) for JSON"):
        jsonable_encoder(table)
    assert jsonable_encoder(table.to_dicts(json=True)) == table.to_dicts(json=True)


@pytest.mark.parametrize("table", TABLES)
def test_pydantic_writes_the_rows_of_a_table(table: Any) -> None:
    from pydantic import TypeAdapter, ValidationError

    adapter: TypeAdapter[Any] = TypeAdapter(type(table))
    assert adapter.validate_python(table) is table
    rows = table.to_dicts(json=True)
    assert adapter.dump_python(table) == rows
    assert json.loads(adapter.dump_json(table)) == rows
    schema = adapter.json_schema(mode="serialization")
    assert schema == {"type": "array", "items": {"type": "object", "additionalProperties": True}}
    with pytest.raises(ValidationError):
        adapter.validate_python(rows)


def test_a_model_may_hold_a_table() -> None:
    from pydantic import create_model

    answer: Any = create_model("Answer", devices=fs.StatusTable, n=int)
    dumped = json.loads(answer(devices=TABLE, n=1).model_dump_json())
    assert dumped == {"devices": TABLE.to_dicts(json=True), "n": 1}
