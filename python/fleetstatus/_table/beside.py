"""Files that are written beside their place and renamed, so that nobody finds half of one."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of another when the block ends, and not if it fails.

    A file that was there keeps its mode, a link stays and leads to the new file. What is no regular
    file, such as a pipe, is written as it is.

    Raises
    ------
    OSError
        As `open` raises it, with the path that was given.
    """
    place = Path(os.path.realpath(path))
    mode = _mode_of(place)
    if mode is not None and not stat.S_ISREG(mode):
        with path.open("wb") as file:
            yield file
        return
    if path.is_relative_to("/dev"):  # such as /dev/stdout, which others write too
        with path.open("ab") as file:
            yield file
        return
    if mode is not None and not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    beside = place.with_name(f".fleetstatus-{token_hex(8)}.part")
    try:
        with _opened(beside, path, mode) as file:
            yield file
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _mode_of(place: Path) -> int | None:
    try:
        return place.stat().st_mode
    except OSError:  # to create it tells why
        return None


def _opened(beside: Path, path: Path, mode: int | None) -> BinaryIO:
    """Create the file beside; only its owner may read it before it has the mode of the other."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, 0o666 if mode is None else 0o600)

    try:
        file = open(beside, "xb", opener=opener)  # noqa: SIM115
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    if mode is not None:
        beside.chmod(stat.S_IMODE(mode))
    return file
