"""simdjson's On-Demand, which reads every key and skips every value, if the library is built."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Walk:
    """The library `fleetstatus_walk` of a build directory."""

    def __init__(self, build: Path) -> None:
        path = build / "tests" / "bench" / "cpp" / "fleetstatus_walk.so"
        self._library = ctypes.CDLL(str(path)) if path.exists() else None
        self.how_to_build = (
            f"cmake -S . -B {build} -DFLEETSTATUS_BENCH=ON -DFLEETSTATUS_PYTHON=OFF && "
            f"cmake --build {build} --target fleetstatus_walk"
        )
        if self._library is not None:
            self._library.fleetstatus_walk.restype = ctypes.c_size_t
            self._library.fleetstatus_walk_padding.restype = ctypes.c_size_t
            self._library.fleetstatus_walk_version.restype = ctypes.c_char_p

    @property
    def version(self) -> str | None:
        """Version of simdjson; None if the library is not built."""
        if self._library is None:
            return None
        return str(self._library.fleetstatus_walk_version().decode())

    def over(self, response: bytes) -> Callable[[], int] | None:
        """Make a walk over an API response; None if the library is not built.

        Raises
        ------
        ValueError
            If simdjson cannot read it.
        """
        library = self._library
        if library is None:
            return None
        padded = ctypes.create_string_buffer(
            response, len(response) + library.fleetstatus_walk_padding()
        )
        length = ctypes.c_size_t(len(response))

        def walk() -> int:
            n_bytes = int(library.fleetstatus_walk(padded, length))
            if n_bytes == 0:
                message = "simdjson cannot walk over this response"
                raise ValueError(message)
            return n_bytes

        return walk
