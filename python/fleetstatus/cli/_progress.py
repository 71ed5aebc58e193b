"""How far reading has come, on standard error if that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn, TransferSpeedColumn

from fleetstatus._words.text import in_devices

LONG_INPUT = 32 << 20


def while_reading(paths: tuple[str, ...]) -> AbstractContextManager[object]:
    """Say that something is read, if it is so much that it takes a while."""
    size = sum(Path(path).stat().st_size for path in paths)
    if size < LONG_INPUT or not sys.stderr.isatty():
        return nullcontext()
    console = Console(stderr=True, highlight=False)
    return console.status(f"Reading {size / (1 << 20):,.0f} MiB")


@contextmanager
def while_asking() -> Iterator[Callable[[int, int], None]]:
    """Say how many devices the API has given; the function takes counts of pages and of them."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lambda *_: None
        return
    with console.status("Asking the API") as status:
        yield lambda _, n_devices: status.update(f"Read {in_devices(n_devices)}")


@contextmanager
def counted(stream: BinaryIO) -> Iterator[object]:
    """Give a stream whose length nobody knows as a file that says how far reading has come."""
    with _counter() as advance:
        yield _Counted(stream, advance)


class _Counted:
    def __init__(self, stream: BinaryIO, advance: Callable[[int], None]) -> None:
        self._stream = stream
        self._advance = advance

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self._advance(len(chunk))
        return chunk


@contextmanager
def _counter() -> Iterator[Callable[[int], None]]:
    """Count bytes, visibly once there are many."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("Reading"), DownloadColumn(), TransferSpeedColumn())
    progress = Progress(*columns, console=console, transient=True)
    task = progress.add_task("Reading", total=None)
    done = 0

    def advance(n_bytes: int) -> None:
        nonlocal done
        done += n_bytes
        progress.update(task, completed=done)
        if done >= LONG_INPUT:
            progress.start()

    try:
        yield advance
    finally:
        progress.stop()
