"""Where the moment of a table comes from."""

from typing import Literal

NowSource = Literal["given", "fetched_at", "file", "clock", "newest"]
# In the order of the engine's codes.
NOW_SOURCES: tuple[NowSource, ...] = ("given", "fetched_at", "file", "clock", "newest")
