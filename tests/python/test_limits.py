"""Inputs of any size and shape: an answer or an error, in time and memory that fit the input."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import subprocess
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import colliding
import fleetstatus as fs
from examples import NOW, as_json, device_record
from fleetstatus import _core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEGABYTE = 1_000_000

# Reads what `make` gives; tells the sizes, the time, and how much more memory there was.
PROGRAM = """
import gzip, io, sys, time
from collections import Counter
from pathlib import Path
import fleetstatus as fs

def kibibytes(name):
    return int(Path("/proc/self/status").read_text().partition(name + ":")[2].split()[0])

def outcome(read):
    try:
        return str(read())
    except fs.FleetStatusError as error:
        return f"{type(error).__name__}: {error}"

def classify(source, **options):
    return len(fs.classify(source, allow_missing="all", **options))

def scan(source, **options):
    return sum(map(len, fs.scan(source, allow_missing="all", **options)))

def among_spaces(size, begin, end):
    text = bytearray(b" ") * size
    text[: len(begin)] = begin
    text[size - len(end) :] = end
    return memoryview(text).toreadonly()

classify(b'{"is_frozen":false}')
source = SOURCE
before = kibibytes("VmRSS")
Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
start = time.perf_counter()
told = outcome(lambda: READ)
seconds = time.perf_counter() - start
print(len(source), seconds, (kibibytes("VmHWM") - before) * 1024, told, sep="\\n")
"""

needs_linux = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="asks Linux for the peak"
)


def measured(source: str, read: str) -> tuple[int, float, int, str]:
    """Bytes of the source, seconds, bytes of memory at the peak beside it, and what it came to."""
    program = PROGRAM.replace("SOURCE", source).replace("READ", read)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    size, seconds, memory, told = done.stdout.split("\n", maxsplit=3)
    return int(size), float(seconds), int(memory), told.strip()


LARGE = {
    "string": ("""b'{"device_name":"' + b"x" * 100_000_000 + b'"}'""", "1"),
    "escapes": ("""b'{"device_name":"' + b"\\\\n" * 50_000_000 + b'"}'""", "1"),
    "skipped string": ("""b'{"is_frozen":false,"note":"' + b"x" * 100_000_000 + b'"}'""", "1"),
    "key": ("""b'{"is_frozen":false,"' + b"x" * 100_000_000 + b'":1}'""", "1"),
    "record": ("""b'{"is_frozen":false,"x":[' + b'{"y":"z"},' * 20_000_000 + b"1]}" """, "1"),
    "installs": (
        """b'{"is_frozen":false,"image_install":[' + b'{"id":1},' * 10_000_000 + b'{"id":2}]}'""",
        "1",
    ),
    "keys": ("""b'{"is_frozen":false,' + b'"id":1,' * 20_000_000 + b'"id":2}'""", "1"),
    "depth": (
        """b'{"is_frozen":false,"x":' + b"[" * 50_000_000 + b"]" * 50_000_000 + b"}" """,
        "1",
    ),
    "spaces": ("""b"[" + b" " * 100_000_000 + b'{"is_frozen":false}]'""", "1"),
    "lines": ("""b"\\n" * 100_000_000 + b'{"is_frozen":false}'""", "1"),
    "number": (
        """b'{"is_frozen":false,"id":' + b"1" * 100_000_000 + b"}" """,
        "RecordError: record 0: id is ",
    ),
    "not closed": (
        """b'{"device_name":"' + b"x" * 100_000_000""",
        "JSONError: the source: ends inside record 0",
    ),
    "brackets": ("""b"[" * 100_000_000""", "JSONError: the source: ends inside record 0"),
}


@pytest.mark.slow
@needs_linux
@pytest.mark.parametrize(("source", "told"), LARGE.values(), ids=LARGE)
def test_one_large_thing_takes_memory_and_time_of_its_size(source: str, told: str) -> None:
    size, seconds, memory, outcome = measured(source, "classify(source)")
    assert outcome.startswith(told)
    assert memory < 16 * size  # of short installs; else four times
    assert seconds < 120  # it takes a few


N_INSTALLS = 80_000


@cache
def colliding_texts() -> list[str]:
    return colliding.texts(4, 16)


def colliding_devices() -> fs.StatusTable:
    records = [
        {"uuid": text, "is_frozen": False, "belongs_to__application": {"slug": text}}
        for text in colliding_texts()
    ]
    return fs.classify(records, allow_missing="all")


def colliding_installs() -> fs.StatusTable:
    installs: list[Any] = [{"status": "Downloading", "download_progress": 100}]
    installs += [
        {"status": "Running", "is_provided_by__release": {"__id": number + 1}}
        for number in colliding.numbers(N_INSTALLS)
    ]
    record = device_record(
        status="Idle",
        download_progress=None,
        should_be_running__release="unreadable",
        is_pinned_on__release="unreadable",
        image_install=installs,
    )
    return fs.classify([record], on_error="keep")


def seconds_of(act: Callable[[], Any]) -> float:
    """Give the processor time, which other programs do not lengthen."""
    start = time.process_time()
    act()
    return time.process_time() - start


@pytest.mark.slow
def test_nobody_can_choose_texts_that_take_long_to_tell_apart() -> None:
    assert seconds_of(colliding_devices) < 4  # else 10; it takes 0.2
    devices = colliding_devices()
    assert len(set(devices["fleet"].to_list())) == len(colliding_texts())
    assert seconds_of(devices.duplicates) < 4  # else 20; it takes 0.03
    assert seconds_of(lambda: devices["uuid"].is_in(colliding_texts())) < 4


@pytest.mark.slow
def test_nobody_can_choose_releases_that_take_long_to_tell_apart() -> None:
    assert colliding_installs()["error"][0] is not None
    assert seconds_of(colliding_installs) < 3  # else 5


@pytest.mark.slow
def test_many_members_of_gzip_take_time_of_their_number() -> None:
    packed = gzip.compress(b"") * 100_000 + gzip.compress(b'{"is_frozen":false}')
    assert seconds_of(lambda: fs.classify(packed, allow_missing="all")) < 5  # else 8


@pytest.mark.slow
@needs_linux
def test_ten_million_short_records_are_as_many_rows() -> None:
    n_records = 10_000_000
    source = f"""b'[' + b'{{"is_frozen":0}},' * {n_records - 1} + b'{{"is_frozen":0}}]'"""
    _, seconds, memory, outcome = measured(source, "classify(source)")
    assert int(outcome) == n_records
    assert memory < 400 * n_records  # a row has 27 columns
    assert seconds < 120


@pytest.mark.slow
@needs_linux
@pytest.mark.skipif(
    sys.platform == "win32" or os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") < 8e9,
    reason="takes 5 GB of memory",
)
def test_a_source_may_have_more_than_4_gib() -> None:
    source = "among_spaces(4_300_000_000, b'[{}', b',{}x]')"
    _, seconds, memory, outcome = measured(source, "classify(source)")
    assert outcome.startswith("JSONError: no JSON at line 1, column 4299999999 (byte 4299999998)")
    assert memory < 50 * MEGABYTE
    assert seconds < 120


@pytest.mark.slow
@needs_linux
def test_a_scan_unpacks_no_more_than_it_reads() -> None:
    source = """gzip.compress((b'{"is_frozen":0,"x":"' + b"x" * 1_000_000 + b'"}\\n') * 500)"""
    size, seconds, memory, outcome = measured(source, "scan(io.BytesIO(source))")
    assert outcome == "500"
    assert size < MEGABYTE
    assert memory < 100 * MEGABYTE  # of 500 that are packed
    assert seconds < 60


@pytest.mark.slow
@needs_linux
def test_a_scan_gives_up_on_a_bomb_that_is_one_text() -> None:
    source = """gzip.compress(b'{"x":"' + b"x" * 500_000_000)"""
    _, _, memory, outcome = measured(source, "scan(io.BytesIO(source))")
    assert "does not end within 64 MiB" in outcome
    assert memory < 300 * MEGABYTE


# Each byte of a document of every form that is read

NESTED: dict[str, Any] = {
    "image_install": [{"id": 1, "status": "Downloading", "download_progress": 5}, {}],
    "current_services": {"main": [{"id": 2, "is_provided_by__release": {"__id": 3}}]},
    "belongs_to__application": [
        {
            "slug": "org/müller\n",
            "application_config_variable": [{"name": "RESIN_SUPERVISOR_VPN_CONTROL", "value": "0"}],
        }
    ],
}
RECORDS = [device_record(**NESTED, id=i, note="\u20ac\\ud83d" * 5) for i in range(4)]
DOCUMENT = as_json({"d": RECORDS, "fetched_at": "2026-11-01T00:00:00Z"})
LINES = b"\n".join(map(as_json, RECORDS))


def read_any(text: bytes) -> None:
    """Read to a table or an error; anything else fails the test."""
    for on_error in ("raise", "keep"):
        with contextlib.suppress(fs.FleetStatusError):
            table = fs.classify(text, now=NOW, allow_missing="all", on_error=on_error)
            assert len(table["status"].to_list()) == len(table)


@pytest.mark.slow
@pytest.mark.parametrize("text", [DOCUMENT, LINES], ids=["envelope", "lines"])
def test_a_document_may_end_at_any_byte(text: bytes) -> None:
    assert len(text) > 3000
    for size in range(len(text)):
        read_any(text[:size])


@pytest.mark.slow
@pytest.mark.parametrize("text", [DOCUMENT, LINES], ids=["envelope", "lines"])
@pytest.mark.parametrize("flipped", [0x01, 0x20, 0x80, 0xFF])
def test_any_byte_may_be_flipped(text: bytes, flipped: int) -> None:
    changed = bytearray(text)
    for i in range(len(text)):
        changed[i] ^= flipped
        read_any(bytes(changed))
        changed[i] ^= flipped


@pytest.mark.parametrize("flipped", [0x01, 0xFF])
def test_any_byte_of_gzip_may_be_flipped(flipped: int) -> None:
    packed = bytearray(gzip.compress(DOCUMENT))
    for i in range(len(packed)):
        packed[i] ^= flipped
        with contextlib.suppress(fs.FleetStatusError, ValueError):
            fs.classify(bytes(packed), now=NOW, allow_missing="all")
        packed[i] ^= flipped


# Depth, where Python's own reader gives up


@pytest.mark.parametrize("field", [*NESTED, "id", "device_name", "note", "is_active", "x"])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"id":', "}"), ('[{"a":', "}]")])
def test_any_value_may_be_10_000_levels_deep(field: str, opened: str, closed: str) -> None:
    text = f'{{"is_frozen": 0, "{field}": {opened * 10_000}1{closed * 10_000}}}'.encode()
    options: Any = {"allow_missing": ["all", "note"], "on_error": "keep", "carry": "note"}
    table = fs.classify(text, now=NOW, **options)
    assert len(table) == 1


@pytest.mark.slow
@pytest.mark.parametrize("field", [*NESTED, "id", "x"])
def test_python_objects_may_be_10_000_levels_deep(field: str) -> None:
    value: Any = []
    for _ in range(10_000):
        value = [value]
    table = fs.classify(
        [{"is_frozen": 0, field: value}], now=NOW, allow_missing="all", on_error="keep"
    )
    assert len(table) == 1


def test_a_list_that_holds_itself_is_a_bad_value() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(fs.RecordError, match="image_install"):
        fs.classify([device_record(image_install=value)], now=NOW)


# What is JSON, but strange


@pytest.mark.parametrize("end", ["\r\n", "\n\n", " \t\n", "\n\ufeff"])
def test_lines_end_as_they_like(end: str) -> None:
    text = "\ufeff" + end.join(json.dumps(record) for record in RECORDS) + end
    assert len(fs.classify(text.encode(), now=NOW)) == len(RECORDS)


def test_keys_may_hold_anything() -> None:
    text = rb'{"is_frozen": 0, "": 1, "\u0000": 2, "\ud800": 3, "id\u0000": 4, "\u0069d": 5, "uuid\ud800": 6}'
    table = fs.classify(text, now=NOW, allow_missing="all")
    assert table["id"].to_list() == [5]
    assert table["uuid"].to_list() == [None]


def flipped_bits(content: bytes) -> Iterator[bytes]:
    for at in range(len(content)):
        damaged = bytearray(content)
        damaged[at] ^= 1 << (at % 8)
        yield bytes(damaged)


def damaged_states(state: Any) -> Iterator[Any]:
    """Give the state of a pickled table with one thing in it damaged, each in turn."""
    if isinstance(state, bytes):
        yield from (*flipped_bits(state), b"", state[:-1])
    elif isinstance(state, bool) or state is None:
        return
    elif isinstance(state, int):
        yield from (-1, 7, 99, 1 << 40, state + 1)
    elif isinstance(state, (list, tuple)):
        kind = type(state)
        if kind is list:
            yield from ([], state[:-1])
        for i, part in enumerate(state):
            for damaged in damaged_states(part):
                yield kind([*state[:i], damaged, *state[i + 1 :]])


def test_a_damaged_table_is_refused_or_shown() -> None:
    records = [
        {"is_frozen": 0},
        device_record(provisioning_state="a"),
        device_record(os_version="b"),
    ]
    table = fs.classify(records, now=NOW, allow_missing="all", carry="os_version")
    outcomes = Counter[bool]()
    for state in damaged_states(table._core.__getstate__()):
        again = _core.StatusTable.__new__(_core.StatusTable)
        try:
            again.__setstate__(state)
        except (ValueError, TypeError, RuntimeError, IndexError, OverflowError):
            outcomes[False] += 1
            continue
        outcomes[True] += 1
        shown = fs.StatusTable(again)
        with contextlib.suppress(ValueError, OverflowError):  # of text, of times
            shown.to_dicts()
            shown.disagreements()
            shown.explain(0)
    assert outcomes[False] > 200
    assert outcomes[True] > 200
