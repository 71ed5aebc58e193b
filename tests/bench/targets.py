"""The lines of the table: which work is compared with which peer, and how it should come out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """What is compared with what, and how many times as much the peer should cost."""

    work: str
    peer: str
    at_least: float | None = None


SELECTED, ALL_FIELDS = "selected", "all fields"

# Work; where nothing else is said, ours takes the peer's four columns through Arrow.
BYTES = "JSON bytes, {}, one thread"
BYTES_ALL = "JSON bytes, {}, one thread, all columns to polars"
LINES = "JSON lines file, {}"
LINES_ALL = "JSON lines file, {}, all columns"
DICTS = "list of dicts, {}"
DICTS_ALL = "list of dicts, {}, all columns"
SHUFFLED = "JSON bytes, keys shuffled in each record"
FEW_NULLS = "JSON bytes, half of the nulls left out"
ESCAPES = "JSON bytes, escapes and non-ASCII in each record"
MANY_FLEETS = "JSON bytes, 5,000 fleets"
FRAME = "frame"
FRAME_ALL = "frame, all columns"
FLAT_FRAME = "frame without lists"
FLAT_FRAME_ALL = "frame without lists, all columns"
ONE_DEVICE = "one device, {}"
ONE_STATUS = "one device, {}, and its status as text"
MEMORY = "peak memory of a JSON lines file, {}"

# Peers
ORJSON = "orjson + loop"
MSGSPEC = "msgspec + loop"
WALK = "limit: On-Demand walk, AVX2"
DUCKDB_JSON = "DuckDB read_json + CASE"
POLARS_JSON = "polars scan_ndjson"
POLARS_JSON_AS_TEXT = "polars scan_ndjson, lists as text"
LOOP = "Python loop"
POLARS = "polars when/then"
POLARS_ENUM = "polars when/then, Enum labels"
DUCKDB = "DuckDB CASE, own table"
LOADS = "json.loads of it"
FILE_SIZE = "size of the file"

# Works of `changes`, on snapshots five minutes apart: 3 % of the devices changed, 1 % are gone.
SAME_ORDER, OTHER_ORDER = "same order", "other order"
DIFF = "diff of two tables, {}"
FIRST_LOOK = "a tracker's first look, written to its file"
LOOK = "a tracker's look, written to its file"
QUIET_LOOK = "a tracker's look, nothing changed"

# Peers of these
DICT_DIFF = "dict and loop, on lists of dicts"
DUCKDB_DIFF = "DuckDB full join, own tables"
NEW_FILE = "classify of the newer file"

# Works of `metrics`: what a fresh table answers, as text.
FLEET_METRICS = "metrics of fleets, detail none"
DEVICE_METRICS = "metrics of all devices, detail all"

# Peers of these
CLASSIFY = "classify of the JSON lines, one thread"
PROMETHEUS_CLIENT = "prometheus_client, of lists of labels"

# Bytes that a tracker may hold in memory for each device.
TRACKED_AT_MOST = 150

# What 10,000 devices or more may cost each, in times of the least: time and memory of `growth`.
GROWTH_AT_MOST = 1.3


def _of_fields(fields: str, lines: float, dicts: float) -> list[Target]:
    """Lines of the works on records with some fields."""
    listed = (
        (BYTES, WALK, 1.3),
        (BYTES, ORJSON, 40),
        (BYTES, MSGSPEC, 8),
        (BYTES_ALL, WALK, 1.0),
        (BYTES_ALL, MSGSPEC, None),
        (LINES, DUCKDB_JSON, lines),
        (LINES, POLARS_JSON, 40),
        (LINES, POLARS_JSON_AS_TEXT, None),
        (LINES_ALL, DUCKDB_JSON, None),
        (DICTS, LOOP, dicts),
        (DICTS_ALL, LOOP, None),
        (ONE_DEVICE, LOADS, 2),
        (ONE_STATUS, LOADS, None),
    )
    return [Target(work.format(fields), peer, at_least) for work, peer, at_least in listed]


TARGETS = [
    *_of_fields(SELECTED, lines=4, dicts=2),
    *_of_fields(ALL_FIELDS, lines=3, dicts=1.7),
    Target(SHUFFLED, WALK, 0.4),
    Target(FEW_NULLS, WALK, 0.8),
    Target(ESCAPES, WALK, 0.8),
    Target(MANY_FLEETS, WALK, 0.7),
    Target(FRAME, POLARS, 6),
    Target(FRAME, POLARS_ENUM, 3.5),
    Target(FRAME, DUCKDB, 4),
    Target(FRAME_ALL, POLARS, 1.2),
    Target(FLAT_FRAME, POLARS, 3.5),
    Target(FLAT_FRAME, POLARS_ENUM, 0.8),
    Target(FLAT_FRAME, DUCKDB),
    Target(FLAT_FRAME_ALL, POLARS),
    *(Target(MEMORY.format(fields), FILE_SIZE, 2) for fields in (SELECTED, ALL_FIELDS)),
]

_DIFF_PEERS = ((DICT_DIFF, 60), (DUCKDB_DIFF, 8), (NEW_FILE, 1))

CHANGE_TARGETS = [
    *(Target(DIFF.format(SAME_ORDER), peer, at_least) for peer, at_least in _DIFF_PEERS),
    Target(LOOK, DIFF.format(SAME_ORDER), 1 / 3),
    Target(QUIET_LOOK, DIFF.format(SAME_ORDER)),
    Target(FIRST_LOOK, DIFF.format(SAME_ORDER)),
    *(Target(DIFF.format(OTHER_ORDER), peer, at_least) for peer, at_least in _DIFF_PEERS),
]

METRIC_TARGETS = [
    Target(FLEET_METRICS, CLASSIFY, 20),
    Target(DEVICE_METRICS, PROMETHEUS_CLIENT, 20),
]
