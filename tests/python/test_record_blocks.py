"""Dicts in a list are read some at a time: their answers are those of the same records one by one."""

from __future__ import annotations

import collections
import gc
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest

import fleetstatus as fs
from examples import NOW, Record, device_record, without

if TYPE_CHECKING:
    from collections.abc import Iterable

N = 80  # two blocks and a half
VARIABLE = {"name": "BALENA_SUPERVISOR_VPN_CONTROL", "value": "false"}


class Text(str):
    """Text by inheritance."""

    __slots__ = ()


class Dict(dict[str, Any]):
    """A dict by inheritance."""


def plain_records() -> list[Any]:
    """Make records of many kinds, all of them good."""
    full: Record = {
        "image_install": [{"status": "Downloading", "download_progress": 40}],
        "device_config_variable": [VARIABLE],
        "belongs_to__application": [{"id": 3, "slug": "acme/weather"}],
        "is_running__release": {"__id": 7, "raw_version": "1.2.3"},
    }
    kinds: list[Record] = [
        device_record(),
        device_record(**full),
        dict(reversed(device_record(**full).items())),
        device_record(device_name="kühl \U0001f680", id=2**62, provisioning_progress=12.0),
        device_record(image_install=None, api_heartbeat_state="offline", unread={"a": object()}),
        without("status", "is_active"),
        {key.replace("__", "-").replace("_", " "): value for key, value in full.items()}
        | device_record(id=None, is_connected_to_vpn=0, last_connectivity_event=float("nan")),
    ]
    return [dict(kinds[i % len(kinds)], uuid=f"{i:032x}") for i in range(N)]


ODD: dict[str, Any] = {
    "an older name": device_record(name="older", device_name=None),
    "a bad value": device_record(id="bad"),
    "a bad install": device_record(image_install=[{"status": 1}]),
    "a bad time": device_record(last_vpn_event="soon"),
    "two bad values": device_record(status=1, id="bad"),
    "no link": without("is_connected_to_vpn"),
    "a null link": device_record(api_heartbeat_state=None),
    "a huge number": device_record(id=2**64),
    "a lone surrogate": device_record(device_name="\ud800"),
    "an overwritten status": device_record(status="updating", overall_status="updating"),
    "both spellings": device_record(**{"is frozen": True, "is_frozen": False}),
    "a subclass": Dict(device_record(id=5)),
    "text by inheritance": device_record(device_name=Text("lake")),
    "a datetime": device_record(last_vpn_event=datetime(2026, 10, 1, tzinfo=UTC)),
    "a NumPy scalar": device_record(id=np.int64(5)),
    "a tuple of installs": device_record(image_install=({"status": "Downloading"},)),
    "a mapping inside": device_record(belongs_to__application=collections.UserDict(id=5)),
    "keys by inheritance": {Text(key): value for key, value in device_record(id=5).items()},
    "keys that are no text": {1: 2, None: 3, "\ud800": 4, **device_record(id=5)},
    "an install's odd key": device_record(image_install=[{"\ud800": 1, "status": "deleted"}]),
    "a service's odd name": device_record(current_services={"\ud800": []}),
    "a message": device_record(message="all is well"),
    "nothing": {},
    "no device": {"app_name": "weather"},
    "an error": {"error": "Unauthorized"},
    "null": None,
    "a page": [device_record(id=5), device_record(id=6)],
    "an envelope": {"d": [device_record(id=5)], "fetched_at": "2026-10-01T00:00:00Z"},
    "a fleet": {"slug": "acme/weather", "owns__device": [device_record(id=5)]},
}


def outcome(source: Any, on_error: Literal["raise", "keep"], **options: Any) -> Any:
    """Tell what comes of a source: all values, or the error in words."""
    try:
        table = fs.classify(source, now=NOW, on_error=on_error, **options)
    except fs.FleetStatusError as error:
        return type(error), str(error), vars(error)
    return table.to_dicts(), table.fields_missing


@pytest.mark.parametrize("on_error", ["raise", "keep"])
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_record_among_plain_ones_is_read_as_alone(odd: Any, on_error: Any) -> None:
    for at in (0, 1, 31, 32, N):
        records = plain_records()
        records.insert(at, odd)
        assert outcome(records, on_error) == outcome(iter(records), on_error)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", fs.StatusScheme)
@pytest.mark.parametrize("field", [None, *device_record()])
def test_plain_records_are_read_alike_under_any_options(scheme: str, field: str | None) -> None:
    records = plain_records()
    for record in records:
        record.pop(field, None)
    for options in (
        {},
        {"carry": "unread", "allow_missing": "unread"},
        {"allow_missing": "all"},
        {"assume_utc": True},
    ):
        expected = outcome(iter(records), "raise", scheme=scheme, **options)
        assert outcome(records, "raise", scheme=scheme, **options) == expected


@pytest.mark.parametrize("n_records", [1, 2, 31, 32, 33, 1023, 1024, 1025, 2100])
def test_any_number_of_records_is_read(n_records: int) -> None:
    records = (plain_records() * 27)[:n_records]
    assert outcome(records, "raise") == outcome(iter(records), "raise")


def test_records_of_pages_are_read_alike() -> None:
    records = plain_records()
    expected = outcome(iter(records), "raise")
    pages: list[Iterable[Any]] = [{"d": records}, [records[:40], records[40:]], [{"d": records}]]
    for source in pages:
        assert outcome(source, "raise") == expected


class Zone(tzinfo):
    """A zone that does something when it is asked for its offset."""

    def __init__(self, act: Any) -> None:
        self.act = act

    def utcoffset(self, _moment: datetime | None) -> timedelta:
        self.act()
        return timedelta(0)

    def dst(self, _moment: datetime | None) -> None:
        return None

    def tzname(self, _moment: datetime | None) -> None:
        return None


@pytest.mark.slow
@pytest.mark.parametrize("at", [0, 5, 40])
def test_records_may_go_while_others_are_read(at: int) -> None:
    records = plain_records()

    def act() -> None:
        del records[50:]
        for record in records[at + 1 :]:
            record.clear()
            record.update(device_record(device_name="changed"))
        gc.collect()

    records[at]["last_vpn_event"] = datetime(2026, 10, 1, tzinfo=Zone(act))
    names = fs.classify(records, now=NOW)["device_name"].to_list()
    assert len(names) == 50
    assert set(names[at + 1 :]) == {"changed"}
