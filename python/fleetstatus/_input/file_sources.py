"""Which sources are files, what they are called, and when they were written."""

import os
import stat
from io import FileIO
from pathlib import Path
from typing import Any, TypeGuard

from fleetstatus._words.text import visible

_BYTES = (bytes, bytearray, memoryview)


def is_file(source: Any) -> bool:
    """Whether a source is the content of a file: a path, bytes, or an open file."""
    return is_text_source(source) or hasattr(source, "read")


def is_text_source(source: Any) -> TypeGuard[str | os.PathLike[str] | bytes]:
    """Whether a source is a path, or the content of a file in memory."""
    return isinstance(source, (str, os.PathLike, *_BYTES)) or _is_buffer(source)


def _is_buffer(source: Any) -> bool:
    """Whether a source is a buffer of bytes of some other kind, such as an array or a memory map."""
    try:
        view = memoryview(source)
    except TypeError:
        return False
    return view.format in {"B", "b", "c"}


def check_binary(content: Any) -> None:
    """Refuse what a file read that is not bytes."""
    if not isinstance(content, _BYTES):
        message = "a file is read in binary mode; open it with 'rb'"
        raise TypeError(message)


def to_path(source: str | os.PathLike[str]) -> Path:
    """Path of a source; text that is JSON is none."""
    if isinstance(source, str) and source.lstrip()[:1] in {"{", "["}:
        message = "text is taken as a path; to read JSON in memory, pass bytes: source.encode()"
        raise ValueError(message)
    return Path(source)


def opened(source: str | os.PathLike[str]) -> FileIO:
    """Open a path to be read.

    Raises
    ------
    OSError
        If that fails; where the path shows what else was meant, the error says what to do.
    """
    path = to_path(source)
    try:
        return path.open("rb", buffering=0)
    except (FileNotFoundError, IsADirectoryError) as error:
        hint = _instead_of(os.fspath(source), error)
        if hint is None:
            raise
        message = f"{error.strerror}; {hint}"
        raise type(error)(error.errno, message, os.fspath(source)) from None


def _instead_of(path: str, error: OSError) -> str | None:
    """Say what to do with text that is an address, a pattern or a folder."""
    if isinstance(error, IsADirectoryError):
        return f"pass its files: sorted(pathlib.Path({path!r}).glob('*.json'))"
    if "://" in path or path.startswith("balena:"):
        return "fetch first, and pass what comes: fleetstatus.balena.fetch('org/fleet')"
    if path.startswith("~"):
        return f"write the folder out: os.path.expanduser({path!r})"
    if "*" in path or "?" in path:
        return f"pass the files of a pattern: sorted(glob.glob({path!r}))"
    return None


def name_of(source: Any) -> str:
    """Name of a file in messages; empty if it has none."""
    name = getattr(source, "name", "") if hasattr(source, "read") else source
    if isinstance(name, (str, os.PathLike)):
        return visible(os.fspath(name))
    return ""


def files_of(source: Any) -> list[Path] | None:
    """Regular files that all of a source is made of: paths, and files that are open.

    Returns
    -------
    None if any part of the source is something else, or if it is an iterator, which can be looked
    through once only.
    """
    if isinstance(source, (list, tuple)):
        files = [_regular_file(item) for item in source]
    else:
        files = [_regular_file(source)]
    found = [file for file in files if file is not None]
    return found if found and len(found) == len(files) else None


def written_ns(source: Any) -> int | None:
    """When the newest file of a source was written; None if it is not all regular files.

    To be called before it is read, so that what is written later does not make it younger.
    """
    try:
        return max((file.stat().st_mtime_ns for file in files_of(source) or ()), default=None)
    except OSError:  # reading it says what is wrong
        return None


def _regular_file(source: Any) -> Path | None:
    """Path of a source that is a regular file."""
    try:
        if isinstance(source, (str, os.PathLike)):
            path = Path(source)
            return path if path.is_file() else None
        if not hasattr(source, "read") or not hasattr(source, "fileno"):
            return None
        number = source.fileno()
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            return None
        path = Path(source.name) if isinstance(source.name, str) else Path()
        if path.exists() and os.path.samestat(path.stat(), status):
            return path
        path = Path(f"/dev/fd/{number}")
        return path if path.is_file() else None
    except (OSError, ValueError, AttributeError, TypeError):  # told when it is read
        return None
