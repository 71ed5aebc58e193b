"""Files that hold no devices: never a row, but two lines that say what it is and what to do."""

from __future__ import annotations

import gzip
import json
import pickle
import re
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record
from fleetstatus._input.shape_list import ANSWER, ANSWERS, OBJECTS, SEEN
from fleetstatus._input.shapes import not_devices_error, shape_of_seen, shape_of_text
from fleetstatus._input.text_shapes import BREAKS, TEXTS, WORDS
from wrong_files import ANSWERS as ANSWER_FILES
from wrong_files import ARRAY, NO_DEVICES, NO_JSON, PAGE, RECORDS, lines_of, truncated

if TYPE_CHECKING:
    from pathlib import Path

WRONG = {
    **NO_JSON,
    **truncated(),
    **{name: (as_json(value), words) for name, (value, words) in NO_DEVICES.items()},
    **{name: (text, "an error answer of the API") for name, text in ANSWER_FILES.items()},
}
# JSON lines, of which one is broken: with on_error="keep" that one is lost alone.
LINES = {"warning before JSON", "conflict inside of lines"}
KEPT = [name for name in WRONG if name not in LINES]
# What a scan says, which judges values before it knows all of the text.
SCANNED_AS = {
    ("dmesg", "raise"): "the value 0.000000",
    ("dmesg", "keep"): "the value 0.000000",
    ("Python objects in lines", "keep"): "lines that are no JSON",
}
MOST_LINES = 6


def error_of(source: Any, **options: Any) -> fs.FleetStatusError:
    with pytest.raises((fs.NotDevicesError, fs.JSONError)) as raised:
        fs.classify(source, now=NOW, allow_missing="all", **options)
    return raised.value


def check_words(error: Exception, words: str) -> None:
    first, *rest = str(error).split("\n")
    assert words in first
    assert rest
    assert len(rest) < MOST_LINES
    assert all(rest)
    assert "http" not in first
    assert str(error).replace("\n", "").isprintable()


def test_there_are_many() -> None:
    assert len(WRONG) > 100
    assert len(truncated()) == 20


OPTIONS = [*((name, "raise") for name in WRONG), *((name, "keep") for name in KEPT)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "on_error"), OPTIONS)
def test_classify_gives_no_row_but_says_what_it_is(name: str, on_error: Any) -> None:
    content, words = WRONG[name]
    check_words(error_of(content, on_error=on_error), words)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "on_error"), OPTIONS)
def test_scan_says_the_same_after_the_rows_before_it(name: str, on_error: Any) -> None:
    content, words = WRONG[name]
    tables: list[fs.StatusTable] = []
    with pytest.raises((fs.NotDevicesError, fs.JSONError)) as raised:
        tables += fs.scan(content, now=NOW, allow_missing="all", on_error=on_error)
    check_words(raised.value, SCANNED_AS.get((name, on_error), words))
    whole_records = [row for table in tables for row in table["id"].to_list()]
    assert whole_records in ([], [1], [0], [0, 1], [0, 1, 2])


@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_a_file_is_named_first(name: str, tmp_path: Path) -> None:
    content, words = WRONG[name]
    path = tmp_path / "fleet.json"
    path.write_bytes(content if content.startswith(b"\x1f\x8b") else gzip.compress(content))
    error = error_of(path)
    assert str(error).startswith(f"{path}: ")
    check_words(error, words)


@pytest.mark.parametrize("name", NO_DEVICES)
def test_objects_of_python_are_no_devices_either(name: str) -> None:
    value, words = NO_DEVICES[name]
    if not isinstance(value, (dict, list)):
        pytest.skip("a value alone is no source")
    words = words.replace("null", "None")
    error = error_of(value)
    check_words(error, words)
    assert isinstance(error, fs.NotDevicesError)
    assert error.index == 0
    assert words in error.looks_like


@pytest.mark.parametrize("name", ANSWER_FILES)
def test_an_error_answer_is_no_devices_error(name: str) -> None:
    error = error_of(ANSWER_FILES[name])
    assert isinstance(error, fs.NotDevicesError)
    assert error.looks_like.startswith("an error answer of the API")
    assert '"' not in error.looks_like


def test_an_error_answer_among_pages_of_python_is_one() -> None:
    pages = [{"d": RECORDS}, {"error": "Unauthorized"}]
    for source in (pages, iter(pages), [RECORDS, {"message": "Too Many Requests"}]):
        error = error_of(source, on_error="keep")
        assert isinstance(error, fs.NotDevicesError)
        assert error.index == len(RECORDS)


ADVICE = {
    "Unauthorized": "token",
    "jwt expired": "token",
    "Forbidden": "a token that may read",
    "Too Many Requests": "wait",
    "502 Bad Gateway": "later",
    "Not Found": "the query",
    "something else": "fetch the devices again",
}


@pytest.mark.parametrize("key", ["devices", "data", "value", "items", "results"])
def test_the_advice_names_the_key_around_the_devices(key: str) -> None:
    for source in ({key: RECORDS, "next": None}, as_json({"next": None, key: RECORDS})):
        _, advice = str(error_of(source)).split("\n")
        assert advice.startswith(f"pass the list under {key} alone, as `jq .{key} FILE` prints it")
        assert (f"such as `jq .{key}.devices FILE`" in advice) == (key != "devices")


@pytest.mark.parametrize("form", [str, lambda text: [text]], ids=["text", "list"])
def test_texts_of_json_are_decoded_alone_and_in_a_list(form: Any) -> None:
    error = error_of(as_json(form(ARRAY.decode())))
    assert "JSON inside of a text of JSON" in str(error)
    assert "jq --raw-output '.[]? // .' FILE" in str(error)


@pytest.mark.parametrize("words", ADVICE)
def test_the_advice_fits_the_answer(words: str) -> None:
    error = not_devices_error(0, ["error"], words, "error answer", "x.json")
    first, advice = str(error).split("\n")
    assert first == f"x.json: an error answer of the API: '{words}', no devices (record 0)"
    assert ADVICE[words] in advice


def test_a_good_answer_holds_no_words_of_an_error() -> None:
    # A device may be called so; only text that begins so is an answer.
    names = ["Unauthorized", "404 Not Found", "<html>", "[debug] x"]
    records = [device_record(device_name=name) for name in names]
    assert fs.classify(lines_of(*records), now=NOW)["device_name"].to_list() == names


def test_long_pieces_and_control_characters_are_not_quoted() -> None:
    page = b"<html><title>\x1b[2J" + b"x" * 1000 + b"</title>"
    error = error_of(page)
    assert "\\x1b[2J" in str(error)
    assert len(str(error)) < 400
    for kind in ("error answer", "no device", "table", "owns__device", "tuple"):
        long = not_devices_error(0, ["k" * 1000] * 1000, "v\x1b" * 1000, kind, "f")
        assert len(str(long)) < 700, kind
        assert "\x1b" not in str(long)


def test_a_long_text_is_no_answer_though_it_begins_so() -> None:
    error = error_of(b"Not found x\n" * 500)
    assert isinstance(error, fs.JSONError)
    assert "text, no JSON" in str(error)


def test_keys_that_are_not_quoted_are_counted() -> None:
    error = error_of(dict.fromkeys("uvwxyz"))
    assert "an object with the keys 'u', 'v', 'w', 'x', 'y' and 1 more, no" in str(error)
    assert "'y', no devices" in str(error_of(dict.fromkeys("uvwxy")))


def test_errors_in_the_middle_keep_their_place() -> None:
    error = error_of(ARRAY + b"\n<html><title>Oops</title>")
    assert isinstance(error, fs.JSONError)
    assert (error.offset, error.line, error.column) == (len(ARRAY) + 1, 2, 1)
    assert "a web page: Oops, no JSON (line 2, column 1)" in str(error)


PLAIN = [
    b'[{"last_vpn_event":\n"2026-11-24T10:00:00Z" x}]',
    b'{"id" 1}',
    b'[{"id": 1} {"id": 2}]',
    b'{"id": 01}',
]


@pytest.mark.parametrize("text", PLAIN, ids=repr)
def test_broken_json_keeps_its_words(text: bytes) -> None:
    assert str(error_of(text)).startswith("no JSON at line ")


def test_lines_of_a_log_behind_records_do_not_say_that_there_are_none() -> None:
    for text in (b"[info] done", b"Done.", b"2026-11-24T11:50:00Z done"):
        assert "delete what is no JSON" in str(error_of(ARRAY + b"\n" + text))


@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_an_error_answer_among_lines_is_never_a_row(on_error: Any) -> None:
    shapes = {b"Unauthorized": "an error answer of the API: 'Unauthorized'", PAGE: "a web page"}
    for line, words in shapes.items():
        text = lines_of(RECORDS[0]) + line.replace(b"\n", b"") + b"\n" + lines_of(*RECORDS[1:])
        error = error_of(text, on_error=on_error)
        check_words(error, words)
        assert isinstance(error, fs.NotDevicesError)
        assert error.index == 1


def test_a_broken_line_is_not_called_something_else() -> None:
    text = lines_of(RECORDS[0]) + b"garbage\n" + lines_of(*RECORDS[1:])
    words = "text behind or between the JSON, no JSON (line 2, column 1)"
    assert words in str(error_of(text))
    kept = fs.classify(text, now=NOW, on_error="keep")
    assert kept["id"].to_list() == [0, None, 1, 2]


# Device records with less than the rules need

OLD = {"is_online", "status", "provisioning_progress", "download_progress", "last_seen_time"}
SEEN_AS = {
    "list of balena-cli": (
        {"id", "uuid", "device_name", "status", "is_online", "supervisor_version", "fleet"},
        "the output of `balena device list --json`",
        "curl",
    ),
    "device of balena-cli": (
        {"id", "status", "is_online", "is_connected_to_vpn", "api_heartbeat_state", "fleet"},
        "the output of `balena device UUID --json`",
        "curl",
    ),
    "before 2020": (OLD, "older than 2020", ""),  # what to do depends on what they lack
    "partial select": (
        {"device_name", "uuid", "is_online", "overall_status", "last_connectivity_event"},
        "`$select`",
        "curl",
    ),
    "statuses": (
        {"id", "uuid", "device_name", "fleet", "status"},
        "a table of statuses",
        "the device records",
    ),
}


@pytest.mark.parametrize("name", SEEN_AS)
def test_partial_records_are_told_by_their_fields(name: str) -> None:
    seen, looks_like, advice = SEEN_AS[name]
    found = shape_of_seen(seen)
    assert found is not None
    assert looks_like in found[0]
    assert advice in found[1]
    assert bool(advice) == bool(found[1])


def test_nothing_is_said_of_records_without_fields() -> None:
    assert shape_of_seen(set()) is None


# The list itself


def test_all_patterns_are_patterns() -> None:
    for shape in (*TEXTS, *WORDS):
        assert set(re.compile(shape.pattern).groupindex) <= {"what"}
    assert set(re.compile(ANSWER).groupindex) == {"what"}
    for pattern, _ in ANSWERS:
        re.compile(pattern)


def test_every_shape_says_what_to_do_in_one_line() -> None:
    advised = [shape for shape in SEEN if shape.advice]
    assert {shape.looks_like.partition(",")[0] for shape in {*SEEN} - {*advised}} == {
        "device records older than 2020"
    }
    shapes: list[Any] = [*TEXTS, *WORDS, *BREAKS, *OBJECTS, *advised]
    for shape in shapes:
        for words in (shape.looks_like, shape.advice):
            assert words
            assert "\n" not in words
            assert not words.endswith(".")
        assert "http" not in shape.looks_like


@pytest.mark.parametrize("size", [10_000, 1_000_000])
@pytest.mark.parametrize(
    "piece", [b"<!--", b"# \n", b"[", b" ", b"a: ", b"\n", b"-", b'{ "', b"x "]
)
def test_no_text_takes_long_to_look_at(piece: bytes, size: int) -> None:
    shape_of_text((piece * size)[:8192])
    with pytest.raises(fs.FleetStatusError):
        fs.classify(b"x" + piece * size, now=NOW)


def test_the_errors_of_wrong_files_can_be_pickled() -> None:
    error = error_of({"error": "x"})
    again = pickle.loads(pickle.dumps(error))
    assert (vars(again), str(again)) == (vars(error), str(error))


@pytest.mark.parametrize("n_bytes", [3 << 20, (3 << 20) + 12_345])
def test_a_scan_names_what_stands_far_behind(n_bytes: int) -> None:
    text = as_json([device_record(note="x" * n_bytes)]) + b"\n" + PAGE
    with pytest.raises(fs.JSONError, match=r"a web page.*line 2, column 1"):
        list(fs.scan(text, now=NOW))
    with pytest.raises(fs.JSONError, match=r"ends inside record 1: truncated\?"):
        list(fs.scan(text.replace(PAGE, ARRAY[:40]), now=NOW))


def test_json_is_cut_at_any_byte() -> None:
    records = [device_record(device_name="kühl \U0001f680"), device_record(id=17)]
    text = json.dumps(records, ensure_ascii=False).encode()
    for end in range(1, len(text)):
        n_closed = text[:end].count(b"}")  # there is no object inside of the records
        for on_error in ("raise", "keep"):
            error = error_of(text[:end], on_error=on_error)
            assert f"ends inside record {n_closed}: truncated?" in str(error), text[:end]


def test_the_end_of_a_chunk_is_no_end() -> None:
    # A scan reads a megabyte at a time; the byte that is no UTF-8 is the last of the first.
    text = b'[{"device_name": "' + b"x" * ((1 << 20) - 19) + b"\xff" + b'x"}]'
    assert text.index(b"\xff") == (1 << 20) - 1
    for read in (fs.classify, lambda text, now: list(fs.scan(text, now=now))):
        with pytest.raises(fs.JSONError, match="text that is not UTF-8"):
            read(text, now=NOW)


def test_a_scan_does_not_call_the_middle_an_end() -> None:
    # The place of the error is far behind what a scan keeps.
    text = b'[{"uuid": "' + b"x" * (70 << 20)
    with pytest.raises(fs.JSONError, match="does not end within 64 MiB"):
        list(fs.scan(text, now=NOW))
