"""The lines of the table: which work is compared with which peer, and how it should come out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """What is compared with what, and how many times as fast as that we should be."""

    work: str
    peer: str
    at_least: float | None = None


# Work
BYTES = "JSON bytes, {}, one thread"
LINES = "JSON lines file, {}"
DICTS = "list of dicts, {}"
FRAME = "frame"
FLAT_FRAME = "frame without lists"
ONE_DEVICE = "one device, {}"

# Peers
ORJSON = "orjson + loop"
MSGSPEC = "msgspec + loop"
DUCKDB_JSON = "DuckDB read_json"
POLARS_JSON = "polars scan_ndjson"
POLARS_JSON_AS_TEXT = "polars scan_ndjson, lists as text"
LOOP = "Python loop"
POLARS = "polars when/then"
POLARS_ENUM = "polars when/then, Enum labels"
DUCKDB = "DuckDB CASE, own table"
WALK = "limit: On-Demand walk"
WALK_AVX2 = "limit: On-Demand walk, AVX2"
MEMCPY = "limit: memcpy"
LOADS = "json.loads of it"

SELECTED, ALL_FIELDS = "selected", "all fields"
_BOTH = (SELECTED, ALL_FIELDS)

TARGETS = [
    *(
        Target(work.format(fields), peer, at_least)
        for fields in _BOTH
        for work, peer, at_least in (
            (BYTES, ORJSON, 15),
            (BYTES, MSGSPEC, 5),
            (LINES, DUCKDB_JSON, 5),
            (LINES, POLARS_JSON, 12),
            (LINES, POLARS_JSON_AS_TEXT, 12),
            (DICTS, LOOP, 3),
        )
    ),
    *(
        Target(work, peer, at_least)
        for work in (FRAME, FLAT_FRAME)
        for peer, at_least in ((POLARS, 20), (POLARS_ENUM, 20), (DUCKDB, 8))
    ),
    Target(BYTES.format(SELECTED), WALK, 0.5),
    Target(BYTES.format(SELECTED), WALK_AVX2),
    Target(BYTES.format(ALL_FIELDS), WALK, 0.6),
    Target(BYTES.format(ALL_FIELDS), WALK_AVX2),
    Target(FRAME, MEMCPY, 0.25),
    Target(FLAT_FRAME, MEMCPY, 0.25),
    *(Target(ONE_DEVICE.format(fields), LOADS, 2) for fields in _BOTH),
]


def target_of(work: str, peer: str) -> Target:
    """Find the line of the table that compares so."""
    return next(target for target in TARGETS if (target.work, target.peer) == (work, peer))
