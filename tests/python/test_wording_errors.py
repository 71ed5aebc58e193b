"""What is said of arguments that cannot be used, word for word."""

from __future__ import annotations

import copy
import errno
import io
import itertools
import json
import pickle
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import fleetstatus as fs
from examples import NOW, device_record, without
from fleetstatus._input.file_bytes import _check_shrunk
from fleetstatus._input.missing import _not_carried
from wording import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECORD = device_record(
    belongs_to__application=[{"id": 1, "slug": "acme/pumps", "app_name": "pumps"}],
    os_version="balenaOS 6.0.1",
    device_tag=[{"tag_key": "site", "value": "north"}],
)
OTHER = RECORD | {
    "id": 2,
    "uuid": "7e57" * 8,
    "device_name": "calm-lake",
    "belongs_to__application": [{"id": 2, "slug": "blue/pumps", "app_name": "pumps"}],
}
PAGE = json.dumps([RECORD]).encode()
TWO = fs.classify([RECORD, OTHER], now=NOW, carry=["os_version"])
NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001
EMPTY = fs.classify([], now=NOW)


def classify(**options: Any) -> Callable[[], object]:
    return lambda: fs.classify([RECORD], **{"now": NOW} | options)


def where(**options: Any) -> Callable[[], object]:
    return lambda: TWO.where(**options)


def source(value: Any) -> Callable[[], object]:
    return lambda: fs.classify(value, now=NOW)


def scan(value: Any, **options: Any) -> Callable[[], object]:
    return lambda: list(fs.scan(value, **{"now": NOW} | options))


def scanned_twice(value: Any) -> None:
    once = fs.scan(value, now=NOW)
    list(once)
    list(once)


MEASURES = ("label", "devices", "share", "median_duration_s", "p95_duration_s")
MOMENTS: list[Callable[[], object]] = [
    classify(now=NAIVE),
    classify(now=3),
    classify(now="yesterday"),
    classify(now="2026-01-01T00:00:00"),
    classify(now="file"),
    classify(now=datetime(1, 1, 1, tzinfo=UTC) - timedelta(0)),
    lambda: fs.classify([], now="newest"),
    scan(PAGE, now="newest"),
    scan(PAGE, now="file"),
]
OPTIONS: list[Callable[[], object]] = [
    classify(scheme="docs-2024-12"),
    classify(scheme="new"),
    classify(default_poll_interval="soon"),
    classify(default_poll_interval=15),
    classify(default_poll_interval=timedelta(0)),
    classify(default_poll_interval=timedelta(days=36_500)),
    classify(threads=0),
    classify(on_error="skip"),
    classify(missing="some"),
    classify(assume_utc=1),
    classify(allow_missing=["imageinstall", "uuid"]),
    classify(allow_missing=3),
    classify(allow_missing=[3]),
    classify(allow_missing=["x"]),
    scan(PAGE, batch_size=0),
    scan(PAGE, batch_size=1.5),
    scan(PAGE, progress=3),
]
CARRIED: list[Callable[[], object]] = [
    classify(carry=["os_version", "os_version"]),
    classify(carry=["application.slug", "belongs_to__application.slug"]),
    classify(carry=["tag:a b", "tag:a_b"]),
    classify(carry=["os_versio"]),
    classify(carry=["tag:sight"]),
    classify(carry=["tag:"]),
    classify(carry=["a.b.c"]),
    classify(carry=["status"]),
    *(classify(carry=[name]) for name in MEASURES),
    lambda: fs.classify([RECORD], now=NOW, carry=["tag:site"])["tag:site"][0],
    classify(carry={"os_version": "number"}),
    classify(carry={"os_version": bytes}),
    classify(carry={"os_version": int}),
    classify(carry=["belongs_to__application.slag"]),
]
CHOSEN: list[Callable[[], object]] = [
    where(fleet="acme/pump"),
    where(fleet="pumps"),
    where(fleet="x"),
    where(status="Operation"),
    where(status="operational"),
    where(reason="x"),
    where(status_for="long"),
    where(status="Updating", status_for="1h"),
    where(reason="downloading-release", status_for="1h"),
    where(os_versio="x"),
    lambda: TWO.where(["os_version"]),  # type: ignore[arg-type]
    lambda: TWO.where({"os_versio": "x"}),
    where(attention="stuck"),
    where(update_status_for=3),
    lambda: TWO.attention(reduced="x"),
    lambda: TWO.attention(disconnected=-timedelta(1)),
]
TABLES: list[Callable[[], object]] = [
    lambda: TWO["stats"],
    lambda: TWO[2],
    lambda: TWO[1.5],  # type: ignore[call-overload]
    lambda: TWO["status"][2],
    lambda: TWO["status"] < 3,  # type: ignore[operator]
    lambda: TWO["id"] < True,
    lambda: TWO["status_duration_s"] < "soon",
    lambda: TWO["status_since"] < TWO["id"],  # type: ignore[operator]
    lambda: TWO["id"] < None,  # type: ignore[operator]
    lambda: TWO[["id", "uid"]],
    lambda: TWO[["id", "id"]],
    lambda: TWO[[0, 7]],
    lambda: TWO["id", "uuid"],  # type: ignore[index]
    lambda: TWO["status_duration"],
    lambda: TWO.sort("stats"),
    lambda: TWO.sort([]),
    lambda: TWO.sort("id", [True, False]),
    lambda: TWO.head("5"),  # type: ignore[arg-type]
    lambda: list(TWO.__array__()),
    lambda: getattr(TWO, "group_by"),  # noqa: B009
    lambda: getattr(TWO, "status"),  # noqa: B009
    lambda: getattr(TWO["id"], "isna"),  # noqa: B009
    lambda: bool(TWO["status"]),
    lambda: TWO["status"] == None,
    lambda: TWO["status"] == 3,
    lambda: TWO["id"] == "x",
    lambda: str([list(TWO["id"] == number) for number in (2**63, -(2**63), 1)]),
    lambda: TWO["status_since"] == 3,
    lambda: TWO["status_since"] == "2026",
    lambda: TWO["status_since"].is_in([NAIVE]),
    lambda: TWO["status"] & True,  # type: ignore[operator]
    lambda: pickle.dumps(TWO["status"]),
    lambda: TWO.equals(3),  # type: ignore[arg-type]
    lambda: TWO.filter([True]),
    lambda: TWO.filter([1, 2]),  # type: ignore[list-item]
    lambda: TWO.filter("status"),  # type: ignore[arg-type]
    lambda: TWO.filter(3),  # type: ignore[arg-type]
    lambda: TWO.find("x"),
    lambda: TWO.find("calm-lak"),
    lambda: TWO.explain(7),
    lambda: TWO.disagreements("docs-2022"),  # type: ignore[arg-type]
    lambda: TWO.write("fleet.xls"),
    lambda: "status" in TWO,
    lambda: TWO.summary("flet"),
    lambda: TWO.summary(["a"]),
    lambda: TWO.summary(["a", "b", "c"]),
    lambda: TWO.summary("fleet", "stats"),  # type: ignore[arg-type]
    lambda: EMPTY[0],
    lambda: TWO["mac_address"],
    lambda: TWO["name"],
    lambda: TWO.where({"mac_address": "x"}),
    lambda: TWO.summary("mac_address"),
    lambda: TWO.sort("id", "uuid"),  # type: ignore[arg-type]
    lambda: TWO.sort(TWO["id"]),  # type: ignore[arg-type]
    lambda: TWO[min],  # type: ignore[call-overload]
    lambda: TWO.__setitem__("site", "north"),  # type: ignore[index]
    lambda: TWO[pd.Series([True, False], index=[1, 0])],
    lambda: TWO.summary(pd.Series(["a", "b"], index=[1, 0])),
    lambda: TWO[["id"]][["id"]],  # type: ignore[call-overload]
    lambda: TWO["status"][[0]],  # type: ignore[call-overload]
    lambda: TWO["status"] == ["Frozen"],
    lambda: TWO["heartbeat"] == "true",
    lambda: TWO["uuid"] == 3,
    lambda: TWO["id"] / 2,  # type: ignore[operator]
    lambda: np.array(TWO["progress"], dtype=int),
    lambda: TWO["status_duration_s"] < np.timedelta64(1, "M"),
    lambda: TWO["status_duration_s"] < np.timedelta64("NaT", "s"),
    lambda: TWO.where(release=3),  # type: ignore[arg-type]
    lambda: TWO.where(fleet=3),  # type: ignore[arg-type]
    lambda: 3 in TWO,
    lambda: TWO.summary()["devices"],  # type: ignore[index]
    lambda: getattr(TWO.summary(), "head"),  # noqa: B009
    lambda: getattr(TWO[0], "to_dict"),  # noqa: B009
    lambda: getattr(TWO[0], "os_version"),  # noqa: B009
]
SOURCES: list[Callable[[], object]] = [
    source(3),
    source("[]"),
    source("{}"),
    source(None),
    source(io.StringIO("[]")),
    source([PAGE, 3]),
    source([PAGE, RECORD]),
    source([(1, 2)]),
    source(TWO),
    source(TWO.summary()),
    source(TWO["status"]),
    source(b""),
    source(b"\x1f\x8b\x08\x00"),
    source(b"\xef\xbb\xbf"),
    source("no-such-file.json"),
    source("no-such-folder/*.json"),
    source("no-such-?.json"),
    source("~no-such-user/fleet.json"),
    source("https://api.example.com/v7/device"),
    source("balena:acme/pumps"),
    source("/dev"),
    source({"uuid": ["a", "b"], "status": ["", ""]}),
    source({"uuid": {"0": "a"}}),
    source([{**RECORD, "update_status": "Done"}]),
    source({"d": RECORD}),
    source({"d": [], "fetched_at": "now"}),
    scan(3),
    scan([RECORD]),
    scan([PAGE, 3]),
    scan(io.StringIO("[]")),
    scan(b"\x1f\x8b\x08\x00"),
    lambda: scanned_twice(iter([PAGE])),
    lambda: fs.explain([RECORD]),  # type: ignore[arg-type]
    lambda: fs.explain({"d": [RECORD, OTHER]}),
    lambda: fs.explain({}),
    lambda: fs.check_fields(TWO),
    lambda: fs.check_fields([3.5]),  # type: ignore[list-item]
    lambda: fs.check_fields(["x"]),  # type: ignore[list-item]
    lambda: fs.check_fields(3),  # type: ignore[arg-type]
]
QUERIES: list[Callable[[], object]] = [
    lambda: fs.device_query("pumps"),
    lambda: fs.device_query(1234),  # type: ignore[arg-type]
    lambda: fs.device_query("acme/"),
    lambda: fs.device_query(after=-1),
    lambda: fs.device_query(after="x"),  # type: ignore[arg-type]
    lambda: fs.device_query(carry=["tag:"]),
    lambda: fs.device_query(carry=["a.b.c"]),
    lambda: fs.heartbeat_window("x"),
    lambda: fs.heartbeat_window(1.5),  # type: ignore[arg-type]
]
LONG = "x\x1b" * 30
QUOTED: list[Callable[[], object]] = [
    classify(now=LONG),
    classify(default_poll_interval=LONG),
    classify(allow_missing=[LONG]),
    classify(carry=[LONG]),
    classify(carry=[f"tag:{LONG}"]),
    classify(carry=[f"{LONG}.a.b"]),
    classify(carry={"os_version": LONG}),
    where(fleet=LONG),
    where(status=LONG),
    where(status_for=LONG),
    lambda: TWO.where({LONG: "x"}),
    lambda: TWO[LONG],
    lambda: TWO.find(LONG),
    lambda: TWO.summary(LONG),
    lambda: TWO.summary([LONG]),
    lambda: TWO.attention(reduced=LONG),
    lambda: fs.device_query(carry=[f"{LONG}.a.b"]),
    lambda: fs.explain({LONG: 1}),
]
ALL = {
    "quoted": QUOTED,
    "moments": MOMENTS,
    "options": OPTIONS,
    "carried": CARRIED,
    "chosen": CHOSEN,
    "tables": TABLES,
    "sources": SOURCES,
    "queries": QUERIES,
}


def said(call: Callable[[], object]) -> str:
    """Class and words of the error; the object at its address has none."""
    try:
        result = call()
    except Exception as error:  # noqa: BLE001
        words = error.args[0] if isinstance(error, KeyError) else str(error)
        place = ""
        if isinstance(error, fs.JSONError):
            place = f" {error.offset, error.line, error.column}"
        notes = getattr(error, "__notes__", [])
        return "\n".join([f"{type(error).__name__}{place}: {words}", *notes])
    shown = f" {result!r}" if isinstance(result, str) else ""
    return f"no error, but a {type(result).__name__}{shown}"


@pytest.mark.parametrize("name", ALL)
def test_errors(name: str) -> None:
    check(f"errors_{name}.txt", map(said, ALL[name]))


def test_missing_fields() -> None:
    fields = [name for name in device_record() if name not in {"id", "uuid", "device_name"}]
    lacking = [without(name) for name in fields] + [{"uuid": "a"}, without(*fields[:3])]
    lacking.append(without("is_active") | {"current_services": {}, "is_online": True})
    schemes = itertools.cycle(("docs-2024-11", "api-v7", "library-2020"))
    calls = [
        lambda record=record, scheme=scheme: fs.classify([record], now=NOW, scheme=scheme)
        for record, scheme in zip(lacking, schemes, strict=False)
    ]
    check("missing_fields.txt", [said(call).replace(fs.device_query(), "QUERY") for call in calls])


def test_what_missing_fields_hide() -> None:
    schemes = ("docs-2024-11", "api-v7", "library-2020")
    record = {"uuid": "a", "is_active": True}
    tables = [
        fs.classify([record], now=NOW, scheme=fs.StatusScheme(s), allow_missing="all")
        for s in schemes
    ]
    check(
        "hidden.txt",
        [f"{table.scheme}: {one}" for table in tables for one in table.fields_missing.items()],
    )


def test_the_query() -> None:
    queries = [
        fs.device_query(),
        fs.device_query("acme/pumps", cloud=False),
        fs.device_query(carry=["application.slug", "is_pinned_on__release.raw_version"]),
        fs.device_query("o'neil/pumps", after=17, carry=["os_version", "tag:site", "a.b"]),
    ]
    check("query.txt", [*queries, json.dumps(fs.device_options(), indent=1)])
    assert copy.deepcopy(fs.device_options()) == fs.device_options()


BROKEN: dict[str, bytes] = {
    "quotes": b'uuid,is_active\naa,"true\n',
    "a quote within a cell": b'uuid,is_active\n"aa"b,true\n',
    "Latin-1": b"uuid,device_name\naa,\xe9t\xe9\n",
    "no field": b"name,temperature\nx,3\n",
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03broken",
    "UTF-16": b"\xff\xfe[\0]\0\0\xd8",
    "UTF-16 with a mark alone": b"\xff\xfe",
    "UTF-32": b"\xff\xfe\0\0[\0\0\0",
    "UTF-16 big": b"\xfe\xff\0[\0]\xd8",
}


def test_broken_files() -> None:
    read = [f"{name}: {said(source(text))}" for name, text in BROKEN.items()]
    scanned = [f"{name}, scanned: {said(scan(text))}" for name, text in BROKEN.items()]
    check("broken_files.txt", [*read, *scanned])


@pytest.mark.parametrize(("magic", "form"), [(b"PAR1", "Parquet"), (b"ARROW1", "Arrow")])
def test_broken_files_that_libraries_read(magic: bytes, form: str) -> None:
    for read in (source, scan):
        words = said(read(magic + b"\0" * 100))
        assert words.startswith(f"ValueError: the source: a broken file of {form}: ")
        assert words.endswith("\nwrite it again")


def test_a_file_is_named_in_its_error(tmp_path: Path) -> None:
    for name, text in (*BROKEN.items(), ("Parquet", b"PAR1"), ("JSON", b"[}")):
        path = tmp_path / name
        path.write_bytes(text)
        words = said(source(path))
        assert str(path) in words or words == "no error, but a StatusTable"


KEYWORDS: dict[type[fs.FleetStatusError], dict[str, Any]] = {
    fs.RecordError: {"index": 3, "field": "a", "pointer": "/a", "value": "x"},
    fs.JSONError: {"offset": 3, "line": 1, "column": 4},
    fs.MissingFieldsError: {"fields": ("a",), "index": 0, "options": {}},
    fs.NotDevicesError: {"looks_like": "a web page", "index": None},
    fs.ApiError: {"status": 401, "body": "Unauthorized"},
}


@pytest.mark.parametrize("kind", KEYWORDS)
def test_errors_made_by_keywords_keep_all_of_it(kind: Any) -> None:
    error = kind(message="words", **KEYWORDS[kind])
    for one in (error, pickle.loads(pickle.dumps(error))):
        assert (str(one), vars(one)) == ("words", KEYWORDS[kind])
        assert one.args == ("words", *KEYWORDS[kind].values())


def test_an_error_without_words_has_none() -> None:
    assert str(fs.FleetStatusError()) == ""


class Shrunk:
    """A file that is read as a part of a source, and has become shorter."""

    name = "fleet.json"

    def size(self) -> int:
        return 1_000


def test_a_file_that_becomes_shorter() -> None:
    part: Any = Shrunk()
    _check_shrunk(part, None, 999)
    _check_shrunk(part, 2_000, 2_000)
    _check_shrunk(part, 1_000, 999)
    with pytest.raises(OSError, match="shorter") as raised:
        _check_shrunk(part, 2_000, 1_999)
    assert raised.value.args == (
        errno.EIO,
        "it has become shorter while it was read, 2,000 to 1,000 bytes",
    )
    assert raised.value.filename == "fleet.json"


def test_how_many_tags_are_told() -> None:
    tags = [f"tag-{number:04}" for number in range(1_500)]
    found = [_not_carried("tag:x", [], tags[:count]) for count in (0, 1, *range(4, 13), 1_500)]
    check(
        "tags.txt",
        [*found, _not_carried("link.x", ["link"], []), _not_carried("lnk", ["link"], [])],
    )
