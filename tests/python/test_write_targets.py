"""Where tables are written: files that are there as a whole or not at all, and open files."""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import fleetstatus as fs
from examples import table_of

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = table_of({}, {"id": 2, "device_name": "kühl\u2028,"})
ROWS = TABLE.to_dicts(json=True)
TEXTS = ["json", "ndjson", "jsonl", "csv"]
PACKED = [f"{name}.gz" for name in TEXTS]
FORMATS = [*TEXTS, *PACKED, "parquet", "xlsx", "html"]
OLD = b"something that was there before"


def bytes_of(form: str, table: fs.StatusTable = TABLE) -> bytes:
    file = io.BytesIO()
    table.write(file, format=form)
    return file.getvalue()


def as_in_memory(form: str, content: bytes) -> Any:
    """Content of a file, without what differs from file to file."""
    if form != "xlsx":
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:  # the core has the time of writing
        return {name: book.read(name) for name in book.namelist() if "core" not in name}


@pytest.mark.parametrize("form", FORMATS)
def test_an_ending_and_a_format_write_the_same(tmp_path: Path, form: str) -> None:
    expected = as_in_memory(form, bytes_of(form))
    for name, given in ((f"devices.{form}", None), (f"D.{form.upper()}", None), ("plain", form)):
        path = tmp_path / name
        TABLE.write(path, format=given)
        assert as_in_memory(form, path.read_bytes()) == expected
    assert as_in_memory(form, bytes_of(f".{form}")) == expected
    assert len(list(tmp_path.iterdir())) == 3


def test_a_format_counts_more_than_the_ending(tmp_path: Path) -> None:
    path = tmp_path / "devices.json"
    TABLE.write(path, format="csv")
    assert path.read_bytes() == bytes_of("csv")


@pytest.mark.parametrize("form", TEXTS)
def test_gzip_holds_the_same_text_and_nothing_of_the_moment(form: str) -> None:
    packed = bytes_of(f"{form}.gz")
    assert gzip.decompress(packed) == bytes_of(form)
    assert packed[3:8] == bytes(5)  # neither a name nor a time
    assert bytes_of("jsonl") == bytes_of("ndjson")


@pytest.mark.parametrize("form", ["json.gz", "ndjson", "jsonl", "csv.gz", "parquet"])
def test_what_is_written_is_read_again(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"devices.{form}"
    TABLE.write(path)
    read: dict[str, Callable[[Path], pl.DataFrame]] = {
        "json.gz": read_json,
        "csv.gz": pl.read_csv,
        "parquet": pl.read_parquet,
    }
    assert len(read.get(form, pl.read_ndjson)(path)) == len(TABLE)


def read_json(path: Path) -> pl.DataFrame:
    return pl.read_json(gzip.decompress(path.read_bytes()))


@pytest.mark.parametrize(
    "name", ["rows", "rows.txt", ".json", ".csv.gz", "rows.gz", "rows.json.bz2"]
)
def test_another_ending_is_refused_with_all_that_there_are(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(ValueError, match=r"ends in none of \.json, .*\.csv\.gz, .*\.html; or add"):
        TABLE.write(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["", "xls", "gz", "csv.bz2", "x" * 1000])
def test_another_format_is_refused_with_all_that_there_are(tmp_path: Path, form: str) -> None:
    for target in (tmp_path / "rows.csv", io.BytesIO()):
        with pytest.raises(ValueError, match=r"no format '.*there are json, .*xlsx, html$") as told:
            TABLE.write(target, format=form)
        assert len(str(told.value)) < 300
    with pytest.raises(TypeError, match=r"format is a int, expected text such as 'csv'"):
        TABLE.write(tmp_path / "rows.csv", format=1)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


# Open files


def test_an_open_file_needs_a_format() -> None:
    with pytest.raises(ValueError, match=r"an open file has no ending: add format=, one of json, "):
        TABLE.write(io.BytesIO())


@pytest.mark.parametrize("target", [None, 5, b"rows.csv", [], object()])
def test_what_is_no_file_is_refused(target: Any) -> None:
    told = f"write takes a path or an open file, not a {type(target).__name__}"
    with pytest.raises(TypeError, match=told):
        TABLE.write(target, format="csv")


@pytest.mark.parametrize("form", [*TEXTS, "html"])
def test_text_goes_into_a_file_for_text(tmp_path: Path, form: str) -> None:
    text = io.StringIO()
    TABLE.write(text, format=form)
    assert text.getvalue().encode() == bytes_of(form)
    with (tmp_path / "rows").open("w", encoding="utf-8", newline="") as file:
        TABLE.write(file, format=form)
        file.write("more")
    assert (tmp_path / "rows").read_bytes() == bytes_of(form) + b"more"


@pytest.mark.parametrize("form", [*PACKED, "parquet", "xlsx"])
def test_bytes_do_not_go_into_a_file_for_text(form: str) -> None:
    text = io.StringIO()
    with pytest.raises(
        TypeError, match=r"is no text: open the file for bytes, as in open\(path, '"
    ):
        TABLE.write(text, format=form)
    assert text.getvalue() == ""


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_only_takes_bytes_will_do(form: str) -> None:
    class Sink:
        """A pipe, an upload: it can neither seek nor tell."""

        content = b""

        def write(self, data: bytes) -> int:
            self.content += memoryview(data)
            return len(data)

        def flush(self) -> None:
            pass

    sink = Sink()
    TABLE.write(sink, format=form)
    with zipfile.ZipFile(io.BytesIO(), "w") as book, book.open("member", "w") as member:
        TABLE.write(member, format=form)
    if form != "xlsx":  # whose archive says that it was not seekable
        assert sink.content == bytes_of(form)
    else:
        assert pl.read_excel(io.BytesIO(sink.content), engine="openpyxl").height == len(TABLE)


def test_an_open_file_stays_open(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "all.tar", "w") as archive:
        for form in FORMATS:
            file = io.BytesIO()
            TABLE.write(file, format=form)
            size = file.tell()
            file.seek(0)
            entry = tarfile.TarInfo(form)
            entry.size = size
            archive.addfile(entry, file)
    with tarfile.open(tmp_path / "all.tar") as archive:
        assert archive.getnames() == FORMATS


# Files, as a whole or not at all


def failing(*_: Any, **__: Any) -> Any:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("form", ["csv", "csv.gz", "xlsx", "parquet", "html"])
def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, is_there: bool
) -> None:
    from fleetstatus._table import files

    path = tmp_path / f"devices.{form}"
    if is_there:
        path.write_bytes(OLD)
    for name in ("write_excel", "write_parquet", "_text"):
        monkeypatch.setattr(files, name, failing)
    with pytest.raises(OSError, match="No space left"):
        TABLE.write(path)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == ([OLD] if is_there else [])


def test_an_unbuffered_file_gets_all_that_a_path_gets(tmp_path: Path) -> None:
    with (tmp_path / "devices.csv").open("wb", buffering=0) as file:
        TABLE.write(file, format="csv")
        assert not file.closed
    assert (tmp_path / "devices.csv").read_bytes() == bytes_of("csv")


def test_half_of_a_file_is_seen_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fleetstatus._table import files

    path = tmp_path / "devices.csv"
    path.write_bytes(OLD)
    seen = []

    def slowly(*_: Any) -> Any:
        yield "half"
        seen.append(path.read_bytes())
        (beside,) = (file.name for file in tmp_path.iterdir() if file != path)
        assert beside.startswith(".fleetstatus-")  # whose it is, should the machine stop
        assert beside.endswith(".part")
        yield " whole"

    monkeypatch.setattr(files, "written", slowly)
    with path.open("rb") as opened_before:
        TABLE.write(path)
        assert opened_before.read() == OLD
    assert seen == [OLD]
    assert path.read_bytes() == b"half whole"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def umask() -> Any:
    old = os.umask(0o027)
    yield
    os.umask(old)


@pytest.mark.usefixtures("umask")
def test_a_new_file_has_the_mode_that_open_gives(tmp_path: Path) -> None:
    path = tmp_path / "devices.csv"
    TABLE.write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_a_file_that_was_there_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "devices.csv"
    path.write_bytes(OLD)
    path.chmod(mode)
    TABLE.write(path)
    assert path.read_bytes() == bytes_of("csv")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_and_leads_to_the_new_file(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    link = tmp_path / "latest.csv"
    link.symlink_to(Path("data") / "devices.csv")
    for _ in range(2):  # the first time it leads nowhere
        TABLE.write(link)
        assert link.is_symlink()
        assert (tmp_path / "data" / "devices.csv").read_bytes() == bytes_of("csv")


def test_a_pipe_is_written_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    TABLE.write(pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)  # else nothing would ever be read
    reader.join()
    assert read == [bytes_of("csv")]


def test_errors_name_the_path_that_was_given(tmp_path: Path) -> None:
    missing = tmp_path / "none" / "rows.csv"
    with pytest.raises(FileNotFoundError) as told:
        TABLE.write(missing)
    assert told.value.filename == str(missing)
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    with pytest.raises(IsADirectoryError):
        TABLE.write(folder)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_file_that_may_not_be_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_allowed: bool
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(OLD)
    asked = []

    def access(place: Path, mode: int) -> bool:
        asked.append((Path(place), mode))
        return is_allowed

    monkeypatch.setattr("os.access", access)  # root may write all files
    if is_allowed:
        TABLE.write(path)
    else:
        with pytest.raises(PermissionError) as told:
            TABLE.write(path)
        assert told.value.filename == str(path)
        assert path.read_bytes() == OLD
    assert asked == [(path, os.W_OK)]


def test_a_name_may_be_as_long_as_a_name_can_be(tmp_path: Path) -> None:
    path = tmp_path / f"{'x' * 251}.csv"
    TABLE.write(path)
    assert path.read_bytes() == bytes_of("csv")


def test_many_may_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    tables = [TABLE[:n] for n in range(3)]
    threads = [Thread(target=table.write, args=[path]) for table in tables for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() in [bytes_of("json", table) for table in tables]
    assert list(tmp_path.iterdir()) == [path]


# Other tables


LATER = "2026-11-01T13:00:00Z"


def changes_with(name: str) -> fs.Changes:
    newer = table_of({}, {"id": 2, "uuid": "ab" * 16, "device_name": name}, now=LATER)
    return fs.diff(TABLE[:1], newer)


@pytest.mark.parametrize(
    "made", [lambda: changes_with("kiosk"), lambda: changes_with("kiosk").counts()]
)
@pytest.mark.parametrize("form", [form for form in FORMATS if form != "html"])
def test_other_rows_are_written_in_the_same_formats(
    tmp_path: Path, made: Callable[[], Any], form: str
) -> None:
    rows = made()
    assert len(rows)
    path = tmp_path / f"rows.{form}"
    rows.write(path)
    file = io.BytesIO()
    rows.write(file, format=form)
    assert as_in_memory(form, path.read_bytes()) == as_in_memory(form, file.getvalue())
    if form == "parquet":
        assert pl.read_parquet(path).columns == list(rows.columns)


def test_changes_are_a_page_too(tmp_path: Path) -> None:
    changes = changes_with("<i>")
    changes.write(tmp_path / "changes.html")
    page = (tmp_path / "changes.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "&lt;i&gt;" in page
    assert "<i>" not in page
    with pytest.raises(ValueError, match=r"ends in none of .*\.xlsx; or"):
        changes.counts().write(tmp_path / "counts.html")
