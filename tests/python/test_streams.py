"""Sources that come in pieces (gzip, pipes, open files, UTF-16): answers and errors of bytes."""

from __future__ import annotations

import gzip
import io
import os
import random
import threading
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record
from fleetstatus._input.json_errors import has_json_line
from test_limits import MEGABYTE, measured, needs_linux
from wrong_files import ANSWERS, ARRAY, NO_DEVICES, NO_JSON, lines_of, truncated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WRONG = {
    **{name: content for name, (content, _) in (NO_JSON | truncated()).items()},
    **{name: as_json(value) for name, (value, _) in NO_DEVICES.items()},
    **ANSWERS,
}


class Slow:
    """A file that gives a few bytes at a time."""

    def __init__(self, content: bytes, size: int) -> None:
        self._file = io.BytesIO(content)
        self._size = size

    def read(self, size: int) -> bytes:
        return self._file.read(min(self._size, size))


FORMS: dict[str, Callable[[bytes], Any]] = {
    "gzip": gzip.compress,
    "gzip in a file": lambda content: io.BytesIO(gzip.compress(content)),
    "bytes alone": lambda content: Slow(content, 1),
    "pieces": lambda content: Slow(content, 1000),
    "large pieces": lambda content: Slow(content, 1 << 20),
}


def outcome(source: Any, **options: Any) -> Any:
    """Rows of a source, or all that its error says."""
    try:
        table = fs.classify(source, now=NOW, allow_missing="all", **options)
    except fs.FleetStatusError as error:
        return type(error), str(error), vars(error)
    except ValueError as error:
        return type(error), str(error)
    return table.to_dicts(), table.fields_missing


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_a_wrong_file_is_called_the_same(form: Callable[[bytes], Any], on_error: Any) -> None:
    for name, content in WRONG.items():
        if content.startswith(b"\x1f\x8b"):
            continue  # packed once more it would be another wrong file
        expected = outcome(content, on_error=on_error)
        assert (name, outcome(form(content), on_error=on_error)) == (name, expected)


def large_texts() -> dict[str, bytes]:
    """Texts of several pieces, which break in each of them, and in lines of any length."""
    record = as_json(device_record(device_name="n" * 300, image_install=[]))
    lines = (record + b"\n") * 4000
    one_line = b"[" + b", ".join([record] * 4000) + b"]"
    pretty = one_line.replace(b", ", b",\n")
    long = b"x" * 1_250_000
    texts = {"a record of many pieces": b'[{"x":"%b","y":None,"z":"%b"}]' % (long, long)}
    draw = random.Random(5)
    for name, text in {"lines": lines, "one line": one_line, "pretty": pretty}.items():
        for junk in (
            b"<!DOCTYPE html>",
            b"'x'",
            b"\x00",
            b"}",
            b"]",
            b'"',
            b"\n2026-01-01 12:00:00",
        ):
            at = draw.randrange(len(text))
            texts[f"{name}, {junk!r}"] = text[:at] + junk + text[at:]
        texts[f"{name}, cut"] = text[: draw.randrange(len(text))]
        texts[f"{name}, bad record"] = text[: -len(text) // 3] + text[-len(text) // 3 :].replace(
            b'"online"', b'"onlime"', 1
        )
    return texts


LARGE = large_texts()


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_errors_far_inside_are_those_of_bytes(name: str, on_error: Any) -> None:
    text = LARGE[name]
    expected = outcome(text, on_error=on_error)
    for form in (gzip.compress, lambda text: Slow(text, 100_000)):
        assert outcome(form(text), on_error=on_error) == expected


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    for content in (ARRAY, gzip.compress(ARRAY), ARRAY[:-1], b"uuid,is_online\na,true\n", b"no"):
        writer = threading.Thread(target=path.write_bytes, args=[content])
        writer.start()
        found = outcome(path)
        writer.join()
        expected = outcome(content)
        if isinstance(expected[1], str):
            expected = (expected[0], expected[1].replace("the source", str(path)), *expected[2:])
        assert found == expected


BAD = lines_of(*[device_record()] * 50, device_record(id="x"), *[device_record()] * 50) * 200


def test_that_a_file_is_not_whole_comes_before_its_records() -> None:
    packed = gzip.compress(BAD)
    with pytest.raises(ValueError, match="is a broken gzip file: Compressed file ended before"):
        fs.classify(packed[:-4], now=NOW)
    with pytest.raises(fs.JSONError, match="UTF-16 text that breaks at byte"):
        fs.classify(BAD.decode().encode("utf-16")[:-1], now=NOW)
    with pytest.raises(fs.RecordError, match="record 50: id is"):
        fs.classify(packed, now=NOW)


class Failing(Slow):
    """A file that fails at its end."""

    def read(self, size: int) -> bytes:
        return super().read(size) or self.fail()

    def fail(self) -> bytes:
        message = "the line is down"
        raise ConnectionError(message)


def test_an_error_of_the_file_itself_comes_before_its_records() -> None:
    for content in (BAD, BAD[:-3], lines_of(device_record())):
        with pytest.raises(ConnectionError, match="the line is down"):
            fs.classify(Failing(content, 10_000), now=NOW)


def test_a_file_is_read_to_its_end_whatever_is_wrong_with_it() -> None:
    for content in (BAD, BAD[:-3], b"[{]" + BAD):
        file = io.BufferedReader(io.BytesIO(content))
        with pytest.raises((fs.RecordError, fs.JSONError)):
            fs.classify(file, now=NOW)
        assert file.read() == b""


@pytest.mark.parametrize("content", [ARRAY, gzip.compress(ARRAY), ARRAY[:-1], b"uuid\na\n", b"no"])
@pytest.mark.parametrize("buffering", [0, 16, -1])
def test_an_open_file_is_read_from_where_it_stands(
    tmp_path: Path, content: bytes, buffering: int
) -> None:
    path = tmp_path / "fleet.data"
    path.write_bytes(content)
    expected = outcome(path)
    for begin in (b"", b"[]"):
        path.write_bytes(begin + content)
        with path.open("rb", buffering=buffering) as file:
            file.read(len(begin))
            assert outcome(file) == expected
            assert file.read() == b""


@pytest.mark.parametrize("read", [fs.classify, lambda file: list(fs.scan(file))])
def test_an_open_file_that_was_read_before_is_no_empty_one(
    tmp_path: Path, read: Callable[[Any], Any]
) -> None:
    path = tmp_path / "fleet.json"
    path.write_bytes(as_json(device_record()))
    for opened in (path.open("rb"), io.BytesIO(path.read_bytes()), gzip_of(path)):
        with opened as file:
            assert len(read(file)) == 1
            with pytest.raises(ValueError, match=r"stands at its end, .* rewind it"):
                read(file)
            file.seek(0)
            assert len(read(file)) == 1
    assert len(read(io.BytesIO())) == 0


def gzip_of(path: Path) -> Any:
    packed = path.with_suffix(".json.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return gzip.open(packed)


def test_a_file_that_does_not_wait_is_refused() -> None:
    readable, writable = os.pipe()
    os.set_blocking(readable, False)
    with (
        os.fdopen(writable, "wb"),
        os.fdopen(readable, "rb", buffering=0) as file,
        pytest.raises(BlockingIOError, match="does not wait"),
    ):
        fs.classify(file, now=NOW)


@pytest.mark.slow
def test_a_record_may_be_larger_than_a_scan_allows() -> None:
    record = device_record(note="x" * (65 << 20), device_name="large")
    packed = gzip.compress(as_json([record, device_record()]), compresslevel=1)
    assert fs.classify(packed, now=NOW)["device_name"].to_list()[0] == "large"


@pytest.mark.parametrize("text", [b'x\n {"a"', b'\n[ [\t{\n\n"', b"{}", b"x\n{ }\n", b'y\n{\n"'])
def test_a_line_of_json_is_found_across_pieces(text: bytes) -> None:
    for at in range(len(text) + 1):
        assert has_json_line([text[:at], text[at:]])
    assert has_json_line([text[i : i + 1] for i in range(len(text))])


@pytest.mark.parametrize("text", [b'x {"a"', b"x\ny {}", b'{x\n"', b"[]", b'x[\n{,"'])
def test_what_is_no_line_of_json_is_none_across_pieces(text: bytes) -> None:
    for at in range(len(text) + 1):
        assert not has_json_line([text[:at], text[at:]])


@pytest.mark.slow
@needs_linux
@pytest.mark.parametrize("source", ["io.BytesIO(source)", "source"])
def test_classify_unpacks_no_more_than_it_reads(source: str) -> None:
    packed = """gzip.compress((b'{"is_frozen":0,"x":"' + b"x" * 100_000 + b'"}\\n') * 5000)"""
    size, seconds, memory, told = measured(packed, f"classify({source})")
    assert told == "5000"
    assert size < 2 * MEGABYTE
    assert memory < 50 * MEGABYTE  # of 500 that are packed
    assert seconds < 60
