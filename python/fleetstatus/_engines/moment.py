"""The one moment that the durations of all tasks end at, decided where the job is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from fleetstatus._input.file_sources import written_ns
from fleetstatus._input.moment import wanted_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


class _NothingRead(NamedTuple):
    """What is known of the records before any is read."""

    fetched_at_ms: None = None
    newest_event_ms: None = None


def one_moment(now: datetime | str | None, files: Sequence[Path] | None) -> tuple[int, int]:
    """Decide the moment before anything is read.

    Parameters
    ----------
    now
        As in `classify`. None: when the newest file was written, but not after the clock; without
        files of this machine the clock, read once.
    files
        All files of the source, where all are files of this machine.

    Returns
    -------
    Milliseconds since 1970, and the core's code of where they come from.

    Raises
    ------
    ValueError, TypeError
        If `now` is no moment, or cannot be known before the records are read.
    """
    if isinstance(now, str) and now == "newest":
        message = (
            "now='newest' is the newest event in the data, and no task has all of it\n"
            "pass a time, 'file' or 'clock'"
        )
        raise ValueError(message)
    source = list(files or ())
    return wanted_moment(now, source).decide(_NothingRead(), written_ns(source))


def local_files(uris: Iterable[str]) -> list[Path] | None:
    """Paths of files, given as paths or ``file:`` URIs.

    Returns
    -------
    None if any of them is no file of this machine.
    """
    paths = []
    for uri in uris:
        path = Path(unquote(urlsplit(uri).path) if uri.startswith("file:") else uri)
        if not path.is_file():
            return None
        paths.append(path)
    return paths
