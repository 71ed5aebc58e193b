"""Text that is not JSON: where it breaks, and which lines are lost."""

from __future__ import annotations

import contextlib
import json
import time
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record

if TYPE_CHECKING:
    from pathlib import Path

RECORD = as_json(device_record())


def classify(source: Any, on_error: Any = "raise") -> fs.StatusTable:
    return fs.classify(source, now=NOW, allow_missing="all", on_error=on_error)


# What stands before `!` is JSON so far; the character after it is the first that cannot be.
BROKEN = [
    *(b"[!", b"{!", b"[{}!", b"[{},!", b'{"d": [!', b'{"d": [{}]!', b'{"id": 1!'),
    *(b"[{},!]", b"[!,{}]", b'[{"id": 1,!}]', b'{"id": 1,!}', b'{"d": [{},!]}', b'{"d": [],!}'),
    *(b"[{} !{}]", b"[{}!}", b"[!}", b"{!]", b"[]!]", b"{}!}", b'{"image_install": [{!]}'),
    *(b"[]!,[]", b"[] !x", b"{}!\0", b"[] !// x", b"!// x\n[]", b"!\0", b"!<html>", b"!PK\3\4"),
    *(b"{!'id': 1}", b"{!id: 1}", b'{"id" !1}', b'{"id": !}', b'{"id": 1 !2}', b'{"d": [], "x"!}'),
    *(b'{"id": tru!}', b'{"id": !True}', b'{"id": nul!}', b'{"id": !NaN}', b'{"id": !Infinity}'),
    *(b'{"id": 0!1}', b'{"id": 1.!}', b'{"id": !.5}', b'{"id": !+1}', b'{"id": -!}'),
    *(b'{"id": !0x10}'[:7] + b"0!x10}", b'{"id": 1e!}'),
    *(b'{"uuid": "a!\nb"}', b'{"note": "a!\tb"}', b'{"note": "a!', b'"abc!', b'{"uuid": "\\!x"}'),
    *(b'{"uuid": "\\u12!g4"}', b'{"uuid": "\\u12!"}'),
    *(b'{"uuid": "!\xff"}', b'{"note": "!\xff"}', b'{"id": 1, "!\xff": 2}', b'{"uuid": "\xc3!"}'),
    *(b'{"uuid": "\xed!\xa0\x80"}', b'{"uuid": "\xc0!\xaf"}'[:10] + b'!\xc0\xaf"}'),
    b'\n\n  {"id": 1,\n   "uuid" !5}',
    b'[\n  {"id": 1},\r\n  {"id": tru!}\n]',
    b"\xef\xbb\xbf[\n !x]",
    b"[" * 100_000 + b"!",
    b'{"x":' * 100_000 + b"!",
]


@pytest.mark.parametrize("marked", BROKEN, ids=lambda marked: repr(marked[:40]))
@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_the_first_character_that_cannot_be_is_named(marked: bytes, on_error: Any) -> None:
    offset = marked.index(b"!")
    text = marked.replace(b"!", b"", 1)
    with pytest.raises(fs.JSONError) as raised:
        classify(text, on_error)
    error = raised.value
    before = text[:offset]
    line, column = before.count(b"\n") + 1, offset - before.rfind(b"\n")
    assert (error.offset, error.line, error.column) == (offset, line, column)
    first = str(error).partition("\n")[0]
    plain = f"no JSON at line {line}, column {column} (byte {offset}): "
    assert first.startswith(plain) or first.endswith(f"(line {line}, column {column})")
    assert first.isprintable()


def test_the_file_is_named(tmp_path: Path) -> None:
    good, bad, cut = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "cut.json"
    good.write_bytes(b"[" + RECORD + b"]\n\n")
    bad.write_bytes(b"[" + RECORD + b",\n]")
    cut.write_bytes(b"[" + RECORD + b",\n")
    with pytest.raises(fs.JSONError, match=r"bad\.json: .* no JSON \(line 2, column 1\)") as raised:
        classify([good, bad])
    assert raised.value.offset == len(RECORD) + 3
    with pytest.raises(fs.JSONError, match=r"cut\.json: ends inside record 2: truncated\?"):
        classify([good, cut])


def test_skipped_values_may_be_deep() -> None:
    deep = b'{"x": ' + b'[{"a":' * 10_000 + b"1" + b"}]" * 10_000 + b"," + RECORD[1:]
    assert classify(deep)["id"].to_list() == [1]


@pytest.mark.parametrize("field", ["image_install", "current_services", "belongs_to__application"])
def test_read_values_may_be_deep(field: str) -> None:
    deep = (
        b'{"is_online": true, "'
        + field.encode()
        + b'": '
        + b'[{"id":' * 10_000
        + b"1"
        + b"}]" * 10_000
        + b"}"
    )
    with pytest.raises(fs.RecordError):
        classify(deep)


def test_strings_may_hold_what_looks_like_structure() -> None:
    text = as_json([device_record(note='"}]{[,:\\', device_name="]}\\\"'\n")])
    assert classify(text)["device_name"].to_list() == ["]}\\\"'\n"]


# Lines

LOST = {
    "garbage": b"garbage",
    "cut off": RECORD[:-20],
    "open text": RECORD[:40],
    "no UTF-8": RECORD.replace(b"quiet", b"qu\xffet"),
    "two on one line": RECORD + b", " + RECORD,
    "junk behind": RECORD + b" x",
    "bad number": RECORD.replace(b'"id": 1', b'"id": 01'),
    "wrong bracket": RECORD[:-1] + b"]",
}


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n \n"], ids=repr)
def test_a_broken_line_is_lost_alone(lost: bytes, place: int, end: bytes) -> None:
    lines = [as_json(device_record(id=number)) for number in range(3)]
    lines[place] = lost
    text = end.join(lines)
    with pytest.raises(fs.JSONError) as raised:
        classify(text)
    line = place * end.count(b"\n") + 1
    assert raised.value.line == line
    kept = classify(text, "keep")
    assert kept["id"].to_list() == [None if number == place else number for number in range(3)]
    row = kept.to_dicts()[place]
    held = {name: value for name, value in row.items() if value is not None}
    assert held.keys() == {"attention", "error"}
    assert held["attention"] == "unreadable"
    assert held["error"].startswith(f"no JSON at line {line}, ")


def test_each_broken_line_has_its_row() -> None:
    text = b"\n".join([RECORD, b"x", b"", b"{", RECORD, b'"', b"]", RECORD])
    errors = classify(text, "keep")["error"].to_list()
    assert [error and error[:19] for error in errors] == [
        *(None, "no JSON at line 2, ", "no JSON at line 4, ", None),
        *("no JSON at line 6, ", "no JSON at line 7, ", None),
    ]


def test_a_value_that_is_no_object_is_a_bad_record_on_its_line() -> None:
    kept = classify(b"\n".join([RECORD, b"17", RECORD]), "keep")
    assert kept["error"].to_list() == [None, "record 1 is 17, expected an object", None]


NO_LINES = [
    b"[" + RECORD + b",\n{,\n" + RECORD + b"]",
    b'{"d": [' + RECORD + b",\nx\n]}",
    json.dumps(device_record(), indent=1).encode() + b"\n{x}",
    b"[]\n{x}\n" + RECORD,
    b"x",
]


@pytest.mark.parametrize("text", NO_LINES, ids=lambda text: repr(text[-12:]))
def test_no_line_is_lost_where_lines_are_no_records(text: bytes) -> None:
    with pytest.raises(fs.JSONError):
        classify(text, "keep")


def test_lines_are_lost_from_files_in_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(RECORD + b"\nx\n" + RECORD)
    kept = classify([path, path], "keep")
    assert [error is not None for error in kept["error"]] == [False, True, False] * 2
    assert "a.ndjson: no JSON at line 2, column 1 " in kept["error"][4]


@pytest.mark.slow
@pytest.mark.parametrize("line", [b"x", RECORD[:-5], b"{", b'"'], ids=lambda line: repr(line[:9]))
def test_many_broken_lines_take_no_more_than_their_share(line: bytes) -> None:
    start = time.perf_counter()
    kept = classify(b"\n".join([RECORD, *[line] * 30_000]), "keep")
    assert len(kept) == 30_001
    assert time.perf_counter() - start < 60


# Anything

SEEDS = [
    as_json([device_record(note={"a": [1, 2.5, None]}), device_record()]),
    as_json({"fetched_at": None, "x": [], "d": [device_record()], "y": {"a": 1}}),
    RECORD + b"\n" + as_json(device_record(device_name="kühl\\")) + b"\n" + RECORD,
]
BYTES = b'{}[]",:\\ntfu019-+.eE \n\r\t\0\xff\xc3\xef\xbb\xbf\x80d'


def mutated(text: bytes, random: Random) -> bytes:
    """Replace, insert, delete or repeat a few bytes."""
    changed = bytearray(text)
    for _ in range(random.choice([1, 1, 2, 3])):
        at = random.randrange(len(changed) + 1)
        length = random.choice([0, 1, 1, 3, 40])
        inserted = [b"", bytes([random.choice(BYTES)]), changed[at - 30 : at]]
        changed[at : at + length] = random.choice(inserted)
    return bytes(changed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_no_text_breaks_anything_else(seed: int) -> None:
    random = Random(seed)
    for _ in range(300):
        text = mutated(random.choice(SEEDS), random)
        for on_error in ("raise", "keep"):
            with contextlib.suppress(fs.FleetStatusError):
                classify(text, on_error).to_dicts()
