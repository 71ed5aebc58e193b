"""Tables written to files, in the format that their ending names."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

from fleetstatus import _core
from fleetstatus._table.beside import replacing
from fleetstatus._table.excel import write_excel
from fleetstatus._table.parquet import write_parquet
from fleetstatus._words.text import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fleetstatus._table.arrow import ArrowExport

    NamedColumns = Sequence[tuple[str, _core.Column]]

ROWS_AT_A_TIME = 4096
_TEXTS = {"json": "json", "ndjson": "ndjson", "jsonl": "ndjson", "csv": "csv"}
_PACKED = ".gz"
_FORMATS = (*_TEXTS, *(f"{name}{_PACKED}" for name in _TEXTS), "parquet", "xlsx")


class Writable(Protocol):
    """An open file that takes text, or bytes."""

    def write(self, data: Any, /) -> object:
        """Take some of the file."""


Target = str | os.PathLike[str] | Writable
"""Where a table is written to."""


def write(
    source: ArrowExport,
    target: Target,
    form: str | None,
    *,
    parquet: ArrowExport | None = None,
    page: Callable[[], str] | None = None,
) -> None:
    """Write rows to a file, which is there as a whole or not at all, or into an open one.

    Parameters
    ----------
    source
        Columns to write.
    target
        A path, whose ending names the format; or an open file.
    form
        The format, without a dot; None: the ending of the path.
    parquet
        What is written as Parquet, if that is more.
    page
        Writes the HTML page; None if there is none.

    Raises
    ------
    ValueError
        If the format is unknown, or not given for an open file; the message lists all of them.
    TypeError
        If `target` is neither; or is open for text, and the format is not text.
    """
    formats = _FORMATS if page is None else (*_FORMATS, "html")
    if isinstance(target, str | os.PathLike):
        path = Path(target)
        name = _format_of(path.name, formats) if form is None else _known(form, formats)
        with replacing(path) as file:
            _write_bytes(source, name, file, parquet or source, page)
        return
    if not callable(getattr(target, "write", None)):
        message = f"write takes a path or an open file, not a {type(target).__name__}"
        raise TypeError(message)
    if form is None:
        message = f"an open file has no ending: add format=, one of {', '.join(formats)}"
        raise ValueError(message)
    name = _known(form, formats)
    if not _takes_text(target):
        with TemporaryFile() as whole:  # libraries ask more of a file than that it takes bytes
            _write_bytes(source, name, whole, parquet or source, page)
            whole.seek(0)
            _copy(whole, target)
    elif name in {*_TEXTS, "html"}:
        for text in _text(source, name, page):
            target.write(text)
    else:
        message = f"{name} is no text: open the file for bytes, as in open(path, 'wb')"
        raise TypeError(message)


def _copy(whole: IO[bytes], target: Writable) -> None:
    if not isinstance(target, io.RawIOBase):
        shutil.copyfileobj(whole, target)
        return
    buffered = io.BufferedWriter(target)  # a raw file may take less than it is given
    shutil.copyfileobj(whole, buffered)
    buffered.detach()  # flushes


def written(columns: NamedColumns, form: str) -> Iterator[str]:
    """Give the text of a file, some rows at a time."""
    n_rows = len(columns[0][1])
    starts = range(0, max(n_rows, 1), ROWS_AT_A_TIME)
    ends = (min(start + ROWS_AT_A_TIME, n_rows) for start in starts)
    return (_core.write(columns, form, start, end) for start, end in zip(starts, ends, strict=True))


def json_rows(columns: NamedColumns) -> list[dict[str, Any]]:
    """Give rows as what a reader of their JSON gets."""
    lines = (text.rstrip("\n").replace("\n", ",") for text in written(columns, "ndjson"))
    return [row for text in lines for row in json.loads(f"[{text}]")]


def _format_of(name: str, formats: Sequence[str]) -> str:
    """Format that the ending of a file's name means."""
    folded = name.lower()
    for one in formats:
        if folded.endswith(f".{one}") and len(name) > len(one) + 1:
            return one
    listed = ", ".join(f".{one}" for one in formats)
    message = f"{shortened(name)!r} ends in none of {listed}; or add format="
    raise ValueError(message)


def _known(form: str, formats: Sequence[str]) -> str:
    if not isinstance(form, str):
        message = f"format is a {type(form).__name__}, expected text such as 'csv'"
        raise TypeError(message)
    name = form.lower().removeprefix(".")
    if name not in formats:
        message = f"no format {shortened(form)!r}; there are {', '.join(formats)}"
        raise ValueError(message)
    return name


def _takes_text(file: Writable) -> bool:
    """Whether an open file takes text, which one for bytes refuses, even none of it."""
    try:
        file.write("")
    except TypeError:
        return False
    return True


def _write_bytes(
    source: ArrowExport,
    name: str,
    file: IO[bytes],
    parquet: ArrowExport,
    page: Callable[[], str] | None,
) -> None:
    if name == "parquet":
        write_parquet(parquet, file)
    elif name == "xlsx":
        write_excel(source._named_columns(), file)
    elif name.endswith(_PACKED):
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as zipped:
            inner = cast("IO[bytes]", zipped)
            _write_bytes(source, name.removesuffix(_PACKED), inner, parquet, page)
    else:
        for text in _text(source, name, page):
            file.write(text.encode())


def _text(source: ArrowExport, name: str, page: Callable[[], str] | None) -> Iterator[str]:
    if name in _TEXTS:
        return written(source._named_columns(), _TEXTS[name])
    assert page is not None
    return iter([page()])
