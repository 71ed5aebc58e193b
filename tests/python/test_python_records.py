"""Device records made of Python objects: which shapes and values are read, and as what."""

from __future__ import annotations

import collections
import enum
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import numpy as np
import pytest

import fleetstatus as fs
from examples import NOW, device_record, table_of

NAMES = ["quiet-river", "loud-brook"]
RECORDS = [device_record(device_name=name) for name in NAMES]


def names_in(source: Any) -> list[str]:
    return fs.classify(source, now=NOW)["device_name"].to_list()


class Lazy(Mapping[str, Any]):
    """A mapping that is no dict."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record

    def __getitem__(self, key: str) -> Any:
        return self.record[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.record)

    def __len__(self) -> int:
        return len(self.record)


class Record(dict[str, Any]):
    """A dict by inheritance."""


MAPPINGS = {
    "dict": dict,
    "subclass": Record,
    "defaultdict": lambda record: collections.defaultdict(list, record),
    "read-only": types.MappingProxyType,
    "UserDict": collections.UserDict,
    "ChainMap": lambda record: collections.ChainMap({}, record),
    "Mapping": Lazy,
}


@pytest.mark.parametrize("form", MAPPINGS.values(), ids=MAPPINGS)
def test_a_mapping_is_a_record_or_an_envelope(form: Any) -> None:
    assert names_in(form(RECORDS[0])) == NAMES[:1]
    assert names_in([form(record) for record in RECORDS]) == NAMES
    assert names_in(form({"d": [form(record) for record in RECORDS]})) == NAMES


@pytest.mark.parametrize("form", MAPPINGS.values(), ids=MAPPINGS)
def test_a_mapping_inside_of_a_record_is_an_object(form: Any) -> None:
    install = form({"status": "Downloading", "download_progress": 40})
    fleet = form({"slug": "acme/weather", "should be running-release": form({"__id": 7})})
    table = table_of(
        {"image_install": [install], "belongs_to__application": fleet},
        {"image_install": None, "current_services": form({"main": [install]})},
    )
    assert table["progress"].to_list() == [40, 40]
    assert table["fleet"].to_list() == ["acme/weather", None]


SEQUENCES: dict[str, Any] = {
    "list": list,
    "tuple": tuple,
    "deque": collections.deque,
    "UserList": collections.UserList,
    "iterator": iter,
    "generator": lambda records: (record for record in records),
    "map": lambda records: map(dict, records),
    "values of a dict": lambda records: dict(enumerate(records)).values(),
    "objects of NumPy": lambda records: np.array(records, dtype=object),
}


@pytest.mark.parametrize("form", SEQUENCES.values(), ids=SEQUENCES)
def test_any_sequence_or_iterator_holds_records(form: Any) -> None:
    assert names_in(form(RECORDS)) == NAMES


@pytest.mark.parametrize("form", ["list", "tuple", "deque", "UserList"])
def test_any_sequence_makes_an_envelope(form: str) -> None:
    assert names_in({"d": SEQUENCES[form](RECORDS), "fetched_at": NOW}) == NAMES


@pytest.mark.parametrize("form", ["tuple", "deque", "UserList", "objects of NumPy"])
def test_any_sequence_is_a_list_in_a_record(form: str) -> None:
    installs = SEQUENCES[form]([{"status": "Downloading", "download_progress": 40}])
    assert table_of({"image_install": installs})["progress"][0] == 40


@pytest.mark.parametrize("first", [None, 17, {}, 1.5], ids=repr)
def test_what_is_no_record_has_its_row(first: Any) -> None:
    for source in ([first, RECORDS[0]], iter([first, RECORDS[0]])):
        table = fs.classify(source, now=NOW, on_error="keep")
        assert [error is not None for error in table["error"]] == [True, False]


def test_an_iterator_is_pulled_once_and_in_order() -> None:
    pulled = iter([*RECORDS, device_record(id="bad"), device_record()])
    with pytest.raises(fs.RecordError, match="record 2"):
        fs.classify(pulled, now=NOW)
    assert len(list(pulled)) == 1


class State(str):
    """Text by inheritance."""

    __slots__ = ()


class Number(enum.IntEnum):
    """A number by inheritance."""

    FORTY = 40


VALUES = [
    ("id", 2**63 - 1, 2**63 - 1),
    ("id", -(2**63), -(2**63)),
    ("id", 12.0, 12),
    ("id", np.int64(12), 12),
    ("id", np.uint8(12), 12),
    ("id", np.float32(12), 12),
    ("id", np.array(12), 12),
    ("progress", Number.FORTY, 40),
    ("progress", np.float64(40), 40),
    ("progress", -1, -1),
    ("progress", 2**31 - 1, 2**31 - 1),
    ("device_name", "", ""),
    ("device_name", "kühl\0\U0001f680", "kühl\0\U0001f680"),
    ("device_name", np.str_("lake"), "lake"),
    ("device_name", State("lake"), "lake"),
    ("heartbeat_state", fs.HeartbeatState.TIMEOUT, "timeout"),
    ("cloudlink", np.False_, False),
    ("cloudlink", 0, False),
    ("cloudlink", 1.0, True),
    ("cloudlink", np.int8(1), True),
]
NULLS = [None, float("nan"), np.float32("nan"), np.datetime64("NaT")]
FIELDS = {
    "progress": "provisioning_progress",
    "heartbeat_state": "api_heartbeat_state",
    "cloudlink": "is_connected_to_vpn",
    "cloudlink_since": "last_vpn_event",
    "update_status_since": "last_update_status_event",
}


@pytest.mark.parametrize(("column", "value", "expected"), VALUES, ids=repr)
def test_a_value_counts_as_what_it_holds(column: str, value: Any, expected: Any) -> None:
    read = table_of({FIELDS.get(column, column): value})[column][0]
    assert (read, type(read)) == (expected, type(expected))


@pytest.mark.parametrize("null", NULLS, ids=repr)
@pytest.mark.parametrize("column", ["id", "device_name", "progress", "update_status_since"])
def test_nan_and_nat_are_null(column: str, null: Any) -> None:
    assert table_of({FIELDS.get(column, column): null})[column].to_list() == [None]


class NAType:
    """Named like the null of pandas, which tells it by its name."""


class NaTType(datetime):
    """Named like the null of pandas, which is a datetime too."""


def test_nulls_of_pandas_are_known_without_pandas() -> None:
    nat = NaTType(1, 1, 1)
    table = table_of({"id": NAType(), "update_status": NAType(), "last_vpn_event": nat})
    assert [table[name][0] for name in ("id", "update_status", "error")] == [None] * 3


INSTANT = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (INSTANT, INSTANT),
        (INSTANT.astimezone(timezone(timedelta(hours=-9, minutes=-30))), INSTANT),
        (INSTANT.replace(microsecond=1999), INSTANT.replace(microsecond=1000)),
        (
            # Cut towards the past, before 1970 too.
            datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
        ),
        (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC, microsecond=999_000)),
        (datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)),
    ],
    ids=str,
)
def test_an_aware_datetime_is_a_timestamp(moment: datetime, expected: datetime) -> None:
    since = table_of({"last_vpn_event": moment})["cloudlink_since"][0]
    assert (since, since.tzinfo) == (expected, UTC)


class Zone(tzinfo):
    """A zone that asks for its offset."""

    def __init__(self, offset: Callable[[], timedelta]) -> None:
        self.offset = offset

    def utcoffset(self, _moment: datetime | None) -> timedelta:
        return self.offset()

    def dst(self, _moment: datetime | None) -> timedelta | None:
        return None

    def tzname(self, _moment: datetime | None) -> str | None:
        return None


def fail() -> Any:
    raise ZeroDivisionError


class FailingRecord(Lazy):
    """A mapping that fails half way."""

    def __getitem__(self, key: str) -> Any:
        fail()


class FailingList(collections.UserList[Any]):
    """A list that fails half way."""

    def __iter__(self) -> Iterator[Any]:
        yield {}
        fail()


def failing_records() -> Iterator[dict[str, Any]]:
    yield device_record()
    fail()


class FailingRow(collections.UserList[Any]):
    """A row of names that fail."""

    @property
    def keys(self) -> Any:
        fail()


class FailingSize(FailingRow):
    """A row of names whose size fails."""

    keys = ()

    def __len__(self) -> int:
        return int(fail())


class FailingFile:
    """A file that fails."""

    def read(self, _: int) -> Any:
        fail()


class FailingPath:
    """A path that fails."""

    def __fspath__(self) -> Any:
        fail()


FAILING = [
    failing_records(),
    FailingRecord({"id": 1}),
    [FailingRecord({"id": 1})],
    FailingList(RECORDS),
    [FailingRow([1])],
    [FailingSize([1])],
    FailingFile(),
    FailingPath(),
    device_record(last_vpn_event=datetime(2026, 1, 1, tzinfo=Zone(fail))),
    device_record(image_install=FailingList()),
    device_record(belongs_to__application=FailingRecord({"id": 1})),
]


@pytest.mark.parametrize("source", FAILING, ids=lambda source: type(source).__name__)
@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_errors_of_callers_objects_pass_through(source: Any, on_error: Any) -> None:
    if isinstance(source, types.GeneratorType):
        source = failing_records()
    with pytest.raises(ZeroDivisionError):
        fs.classify(source, now=NOW, on_error=on_error)


@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_a_list_of_records_that_holds_itself_is_refused(on_error: Any) -> None:
    of_itself: list[Any] = [device_record()]
    of_itself += [of_itself] * 10
    within: list[Any] = [{"d": []}]
    within[0]["d"] = [device_record(), collections.UserList([within])]
    for source in (of_itself, iter(of_itself), {"d": of_itself}, within):
        with pytest.raises(ValueError, match="a list of records holds itself"):
            fs.classify(source, now=NOW, on_error=on_error)


def test_a_list_may_be_held_many_times() -> None:
    page = [device_record()]
    pages: Any = [page, page, [page, [page]]]
    table = fs.classify(pages, now=NOW)
    assert len(table) == 4


def test_a_record_that_grows_while_it_is_read_is_an_error() -> None:
    record = device_record()

    def grow() -> timedelta:
        record[str(len(record))] = None
        return timedelta(0)

    record["last_vpn_event"] = datetime(2026, 1, 1, tzinfo=Zone(grow))
    with pytest.raises(RuntimeError, match="changed while it was read"):
        fs.classify(record, now=NOW)


def test_keys_that_are_no_text_are_skipped() -> None:
    odd: dict[Any, Any] = {1: 2, None: 3, ("id",): 4, "\ud800": 5, b"id": 6}
    assert fs.classify([odd | device_record(id=9)], now=NOW)["id"].to_list() == [9]


def test_text_of_a_record_outlives_the_record() -> None:
    names = [f"device {number}" for number in range(10_000)]
    table = fs.classify((device_record(device_name=f"{name}") for name in names), now=NOW)
    assert table["device_name"].to_list() == names
