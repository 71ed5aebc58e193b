"""Readers are kept and used again: no call leaves a trace in the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, Record, as_json, device_record, without
from fleetstatus._input.readers import readers_for
from fleetstatus._options import ReadOptions


def uuids_of(source: Any, **options: Any) -> list[str | None]:
    return fs.classify(source, now=NOW, **options)["uuid"].to_list()


def test_a_call_after_one_that_failed_is_like_the_first() -> None:
    good = [device_record(uuid="a" * 32)]
    sources: list[Any] = [
        [device_record(uuid=17)],
        [*good, 17],
        as_json([{"device_name": "x"}]),
        b"{",
        b"[{}",
    ]
    for bad in sources:
        with pytest.raises((fs.RecordError, fs.JSONError, fs.MissingFieldsError)):
            fs.classify(bad, now=NOW)
        assert uuids_of(good) == ["a" * 32]
        assert fs.classify(good, now=NOW).fields_missing == fs.classify(good).fields_missing


def test_what_one_source_lacks_is_not_forgiven_by_another() -> None:
    fs.classify([device_record()], now=NOW)
    with pytest.raises(fs.MissingFieldsError):
        fs.classify([without("api_heartbeat_state")], now=NOW)


def test_a_carried_field_does_not_come_from_another_source() -> None:
    fs.classify([device_record(os_version="6.1.2")] * 3, carry="os_version", now=NOW)
    options: Any = {"carry": "os_version", "allow_missing": "os_version", "now": NOW}
    table = fs.classify([device_record()], **options)
    assert table["os_version"].to_list() == [None]


def test_a_carried_field_of_another_type_is_read_anew() -> None:
    for kind, value in ((int, 5), (str, "5"), (float, 5.0)):
        table = fs.classify([device_record(rack=5)], carry={"rack": kind}, now=NOW)
        assert table["rack"].to_list() == [value]


def test_the_time_of_an_envelope_does_not_last() -> None:
    fs.classify({"d": [], "fetched_at": "2026-10-31T00:00:00Z"})
    fs.classify(as_json({"d": [], "fetched_at": "2026-10-31T00:00:00Z"}))
    assert fs.classify(b"[]").now.year > 2025
    assert fs.classify(b"[]").now.isoformat() != "2026-10-31T00:00:00+00:00"


class Nested(Mapping[str, Any]):
    """A record that classifies others while it is read."""

    def __init__(self, depth: int) -> None:
        self.record = device_record(uuid=f"{depth:032}")
        self.depth = depth

    def __getitem__(self, key: str) -> Any:
        if key == "status" and self.depth > 0:
            assert uuids_of([Nested(self.depth - 1)]) == [f"{self.depth - 1:032}"]
        return self.record[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.record)

    def __len__(self) -> int:
        return len(self.record)


def test_a_record_may_classify_others_while_it_is_read() -> None:
    assert uuids_of([Nested(5)] * 2) == [f"{5:032}"] * 2


def test_tables_keep_what_they_hold_when_their_reader_goes_on() -> None:
    tables = [fs.classify([device_record(uuid=f"{i:032}")] * 3, now=NOW) for i in range(50)]
    for i, table in enumerate(tables):
        assert table["uuid"].to_list() == [f"{i:032}"] * 3
        assert table["status"].to_list() == ["Operational"] * 3


def test_threads_use_readers_of_their_own() -> None:
    failures: list[int] = []

    def classify_often(number: int) -> None:
        records = [device_record(uuid=f"{number:032}")]
        failures.extend(1 for _ in range(200) if uuids_of(records) != [f"{number:032}"])

    threads = [threading.Thread(target=classify_often, args=[i]) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_options_that_may_change_are_looked_at_each_time() -> None:
    carried = ["os_version"]
    record = device_record(os_version="6", os_variant="prod")
    assert "os_version" in fs.classify([record], carry=carried, now=NOW).columns
    carried[0] = "os_variant"
    assert "os_variant" in fs.classify([record], carry=carried, now=NOW).columns


def test_an_option_that_equals_a_good_one_is_checked() -> None:
    fs.classify([], threads=1)
    with pytest.raises(ValueError, match=r"threads is 1\.0"):
        fs.classify([], threads=1.0)  # type: ignore[arg-type]
    for flag in (0, 0.0, 1):
        with pytest.raises(TypeError, match="assume_utc is a"):
            fs.classify([], assume_utc=flag)  # type: ignore[arg-type]


OPTIONS = ReadOptions(
    "docs-2024-11", (), "raise", (), timedelta(minutes=15), assume_utc=False, missing="source"
)


def test_few_kinds_of_readers_are_kept() -> None:
    for i in range(100):
        fs.classify([device_record(**{f"field_{i}": 1})], carry=f"field_{i}", now=NOW)
    assert readers_for(OPTIONS, None) is readers_for(OPTIONS, None)


@pytest.mark.parametrize(
    ("changed", "threads"),
    [
        ({}, None),
        ({}, 2),
        ({"scheme": fs.StatusScheme.API_V7}, None),
        ({"allow_missing": ("status",)}, None),
        ({"default_poll_interval": "10min"}, None),
        ({"assume_utc": True}, None),
    ],
)
def test_readers_of_options_that_never_change_are_used_again(
    changed: dict[str, Any], threads: int | None
) -> None:
    options = OPTIONS._replace(**changed)
    assert readers_for(options, threads) is readers_for(options, threads)


class Key(str):
    """A key of another class."""

    __slots__ = ()


ORDERS: list[Callable[[Record], Record]] = [
    lambda record: record,
    lambda record: dict(reversed(record.items())),
    lambda record: dict(sorted(record.items())),
    lambda record: {"x": 1, **record, "y": {}},
    lambda record: {bytes(key, "ascii").decode(): value for key, value in record.items()},
    lambda record: {
        key.replace("__", "-").replace("_", " "): value for key, value in record.items()
    },
    lambda record: {Key(key): value for key, value in record.items()},
]


def test_keys_may_come_in_any_order_and_as_any_object() -> None:
    expected = fs.classify([device_record()] * len(ORDERS), now=NOW).to_dicts()
    for turn in range(len(ORDERS)):
        orders = ORDERS[turn:] + ORDERS[:turn]
        records = [order(device_record()) for order in orders]
        assert fs.classify(records, now=NOW).to_dicts() == expected
