"""Files as blocks that tasks read: whole files, and large files of JSON lines in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fleetstatus._engines.lines import HEAD_SIZE, is_lines
from fleetstatus._engines.runs import Run
from fleetstatus._input.decode import GZIP_MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BLOCK_SIZE = 64 << 20
"""Bytes of a file above which its lines are shared out to several tasks."""


class Block(NamedTuple):
    """What one task reads.

    Attributes
    ----------
    files
        The file system, of fsspec.
    path
        Path in it.
    begin
        Offset from which on lines are read; None: all of the file is read.
    """

    files: Any
    path: str
    begin: int | None

    def run(self) -> Run:
        """Read it."""
        from fsspec.utils import read_block

        with self.files.open(self.path, "rb") as file:
            if self.begin is None:
                return Run(self.path, file.read(), is_lines=False, where="")
            text = read_block(file, self.begin, BLOCK_SIZE, delimiter=b"\n")
            return Run(self.path, text, is_lines=True, where=f"bytes from {self.begin:,} on")


def blocks_of(paths: Sequence[str]) -> list[Block]:
    """Find the files that paths name, and share them out.

    Parameters
    ----------
    paths
        Files, folders and globs, as fsspec takes them.

    Raises
    ------
    FileNotFoundError
        If a path names no file.
    """
    return [block for path in paths for block in _blocks_below(path)]


def _blocks_below(path: str) -> Iterator[Block]:
    import fsspec

    files, _, found = fsspec.get_fs_token_paths(path)
    names = [name for one in found for name in _files_at(files, one)]
    if not names:
        message = f"no file: {path}"
        raise FileNotFoundError(message)
    for name in names:
        for begin in _begins(files, name):
            yield Block(files, name, begin)


def _files_at(files: Any, path: str) -> list[str]:
    """Name the file, or those in a folder; what begins with a dot or an underscore is none."""
    if not files.isdir(path):
        return [path] if files.exists(path) else []
    inside = sorted(files.find(path, maxdepth=1))
    return [name for name in inside if not name.rpartition("/")[2].startswith((".", "_"))]


def _begins(files: Any, path: str) -> list[int] | list[None]:
    size = files.size(path)
    if size is None or size <= BLOCK_SIZE:
        return [None]
    with files.open(path, "rb") as file:
        head = file.read(HEAD_SIZE)
    if head.startswith(GZIP_MAGIC) or not is_lines(head):
        return [None]
    return list(range(0, size, BLOCK_SIZE))
