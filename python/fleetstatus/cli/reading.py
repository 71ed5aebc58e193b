"""The input: which files there are, and how far reading them has come."""

import io
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from fleetstatus._text import visible

STANDARD_INPUT = "-"
LONG_INPUT = 32 << 20
_CHUNK = 4 << 20

Source = Path | bytes | list[Path] | list[bytes]


class InputError(click.ClickException):
    """Input that cannot be used."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the message, in one line if it has one."""
        click.echo(f"fleetstatus: {self.format_message()}", err=True)


def source_of(files: tuple[str, ...]) -> Source:
    """Make one source of all files: paths where possible, else what they hold.

    Standard input has no path, and a progress bar needs to see the bytes pass.
    """
    if files.count(STANDARD_INPUT) > 1:
        message = "standard input can be read only once"
        raise InputError(message)
    size = _total_size(files)
    is_long = size is not None and size >= LONG_INPUT and sys.stderr.isatty()
    if STANDARD_INPUT not in files and not is_long:
        paths = [Path(file) for file in files]
        return paths[0] if len(paths) == 1 else paths
    with _progress_bar(size) as advance:
        contents = [_read(file, advance) for file in files]
    return contents[0] if len(contents) == 1 else contents


def name_of(files: tuple[str, ...]) -> str:
    """Name the source for people."""
    if len(files) > 1:
        return f"{len(files)} files"
    return "standard input" if files[0] == STANDARD_INPUT else visible(files[0])


def _total_size(files: tuple[str, ...]) -> int | None:
    """Add up the bytes of all files; None if one of them does not know its own."""
    total = 0
    for file in files:
        if file == STANDARD_INPUT:
            return None
        status = Path(file).stat()
        if not stat.S_ISREG(status.st_mode):
            return None
        total += status.st_size
    return total


@contextmanager
def _progress_bar(size: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error, if that is a terminal, once the input proves long."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    progress = Progress(
        TextColumn("Reading"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    task = progress.add_task("Reading", total=size)
    done = 0

    def advance(n_bytes: int) -> None:
        nonlocal done
        done += n_bytes
        progress.update(task, completed=done)
        if done >= LONG_INPUT or (size or 0) >= LONG_INPUT:
            progress.start()

    try:
        yield advance
    finally:
        progress.stop()


def _read(file: str, advance: Callable[[int], None]) -> bytes:
    if file != STANDARD_INPUT:
        with Path(file).open("rb") as stream:
            return _read_all(stream, advance)
    if sys.stdin is None:
        message = "standard input is closed"
        raise InputError(message)
    return _read_all(sys.stdin.buffer, advance)


def _read_all(stream: BinaryIO, advance: Callable[[int], None]) -> bytes:
    content = io.BytesIO()
    while chunk := stream.read(_CHUNK):
        content.write(chunk)
        advance(len(chunk))
    return content.getvalue()  # the buffer itself, not a copy
