"""Paths that an engine reads."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from fleetstatus._input.file_sources import to_path


def paths_of(source: Any) -> list[str]:
    """Texts of a path, or of several; globs and URIs stay as they are.

    Raises
    ------
    TypeError, ValueError
        If it is no path, or text that is JSON.
    """
    one = isinstance(source, (str, os.PathLike))
    paths = [source] if one or not isinstance(source, Iterable) else list(source)
    for path in paths:
        if not isinstance(path, (str, os.PathLike)):
            message = f"the source is a frame of the engine, or paths, not a {type(path).__name__}"
            raise TypeError(message)
        to_path(path)
    return [os.fspath(path) for path in paths]
