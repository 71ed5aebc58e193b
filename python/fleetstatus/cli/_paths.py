"""Which files a command line names: files, folders, patterns, standard input."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import fleetstatus as fs
from fleetstatus._words.text import visible
from fleetstatus.cli._errors import InputError
from fleetstatus.cli._live import as_file, is_live

STANDARD_INPUT = "-"
_KINDS = (".json", ".ndjson", ".jsonl", ".csv", ".parquet")
ENDINGS = (*_KINDS, *(f"{kind}.gz" for kind in _KINDS))
_PATTERN_SIGNS = set("*?[")


@dataclass(frozen=True)
class Files:
    """The files to read.

    Attributes
    ----------
    paths
        Their paths, ``-`` for standard input, or ``balena:ORG/FLEET``.
    name
        What to call all of them.
    n_found
        How many of them were found in folders or by patterns.
    """

    paths: tuple[str, ...]
    name: str
    n_found: int

    @property
    def on_disk(self) -> tuple[str, ...]:
        """The paths of those that are files."""
        return tuple(path for path in self.paths if path != STANDARD_INPUT and not is_live(path))


def files_of(arguments: tuple[str, ...]) -> Files:
    """Find the files that the arguments of a command line name.

    Raises
    ------
    InputError
        If there is no such file, or standard input is named twice.
    """
    if arguments.count(STANDARD_INPUT) > 1:
        message = "standard input can be read only once"
        raise InputError(message)
    paths: list[str] = []
    n_found = 0
    for argument in arguments:
        found = _found_by(argument)
        n_found += len(found or ())
        paths += [argument] if found is None else found
    return Files(tuple(paths), _name(arguments, paths), n_found)


def _name(arguments: tuple[str, ...], paths: list[str]) -> str:
    if len(arguments) > 1:
        return f"{len(paths)} files"
    if arguments[0] == STANDARD_INPUT:
        return "standard input"
    return visible(arguments[0])


def _found_by(argument: str) -> list[str] | None:
    """List what is in a folder or matches a pattern; None for a file of its own."""
    path = Path(argument)
    if is_live(argument):
        if path.exists():
            name = visible(argument)
            message = f"{name} asks the API, and there is a file of that name\nwrite ./{name}"
            raise InputError(message)
        return None
    if argument == STANDARD_INPUT or (path.exists() and not path.is_dir()):
        return None
    if path.is_dir():
        found = [as_file(str(file)) for file in sorted(path.iterdir()) if _is_data(file)]
        missing = f"no file in it ends in {', '.join(_KINDS)}, with or without .gz"
    elif _PATTERN_SIGNS & set(argument):
        names = sorted(file for file in glob(argument) if Path(file).is_file())  # noqa: PTH207
        found = [as_file(name) for name in names]
        missing = "no file matches"
    else:
        found, missing = [], "no such file"
    if not found:
        message = f"{visible(argument)}: {missing}"
        raise InputError(message)
    return found


def _is_data(file: Path) -> bool:
    name = file.name.lower()
    return name.endswith(ENDINGS) and not name.startswith(".") and file.is_file()


def check_that_no_snapshots(files: Files, table: fs.StatusTable) -> None:
    """Refuse several snapshots of one fleet that a folder or a pattern has put together.

    Files that a caller names one by one may repeat devices: pages may overlap.

    Raises
    ------
    InputError
        If more than half of the uuids are in more than one file.
    """
    if files.n_found < 2 or not _is_mostly_repeated(table["uuid"].to_list()):
        return
    held_by: Counter[str] = Counter()
    for path in files.on_disk:
        held_by.update(_uuids_in(path))
    if 2 * sum(count > 1 for count in held_by.values()) > len(held_by):
        message = (
            f"{files.name}: more than half of the devices are in several files: these are "
            f"snapshots: name one, such as {visible(files.paths[-1])}, or use diff or track --each"
        )
        raise InputError(message)


def _is_mostly_repeated(uuids: list[str | None]) -> bool:
    rows_of = Counter(uuid for uuid in uuids if uuid)
    return 2 * sum(rows > 1 for rows in rows_of.values()) > len(rows_of)


def _uuids_in(path: str) -> set[str]:
    """List the devices of one file, which has been read once already."""
    table = fs.classify(Path(path), allow_missing="all", on_error="keep", assume_utc=True)
    return {uuid for uuid in table["uuid"].to_list() if uuid}
