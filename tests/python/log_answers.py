"""What the log of a tracker answers, by the engine and by the oracle."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from oracle_history import since_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import fleetstatus as fs
    from oracle_snapshot import Row
    from oracle_tracker import NaiveTracker

STATE_COLUMNS = (
    *("uuid", "device_name", "fleet", "status", "reason", "status_since", "heartbeat_since"),
    *("cloudlink_since", "update_status", "update_status_since", "release"),
)


def differing(where: str, engine: object, oracle: object) -> list[str]:
    """Tell both answers if they differ; of lists of rows only what is in one of them."""
    if engine == oracle:
        return []
    if isinstance(engine, list) and isinstance(oracle, list):
        only_engine = [row for row in engine if row not in oracle]
        only_oracle = [row for row in oracle if row not in engine]
        if only_engine or only_oracle:
            engine, oracle = only_engine, only_oracle
        else:
            where += ", another order"
    return [f"{where}\n  engine: {shown(engine)}\n  oracle: {shown(oracle)}"]


def shown(answer: object) -> str:
    """Write rows without what is null, times by the clock."""
    if not isinstance(answer, list):
        return str(answer)
    return "".join(
        "\n    "
        + " ".join(f"{name}={value}" for name, value in row.items() if value not in {None, False})
        for row in answer
    )


def answers_that_differ(engine: fs.Tracker, oracle: NaiveTracker, told: list[Row]) -> Iterator[str]:
    """Compare what the log answers after all looks of a sequence."""
    if oracle.last_look is None:
        return
    yield from differing("counters", counters_of(engine), oracle.counters())
    log = engine.changes().to_dicts()
    yield from differing("the log", by_text(log), by_text(told))
    yield from differing("devices", by_text(state_of_engine(engine)), by_text(state_of(oracle)))
    for by in (None, "fleet"):
        rows = engine.time_in_status(by=by).to_dicts()
        seconds = oracle.time_in_status(by)
        yield from differing(
            f"time in status by {by}", seconds_of(rows, by or "uuid"), rounded(seconds)
        )
        yield from shares_off(rows, by or "uuid")
    columns = ("uuid", "from", "to", "duration_s", "ended")
    outages = [{name: row[name] for name in columns} for row in engine.outages().to_dicts()]
    yield from differing("outages", by_text(outages), by_text(oracle.outages()))
    by_fleet = {
        row["fleet"]: {name: row[name] for name in ("count", "total_s", "median_s")}
        for row in engine.outages(by="fleet").to_dicts()
    }
    yield from differing("outages by fleet", by_fleet, oracle.outages_by("fleet"))


def by_text(rows: Iterable[Row]) -> list[Row]:
    """Put rows into an order of their own."""
    return sorted(rows, key=lambda row: str([*row.values()]))


def counters_of(engine: fs.Tracker) -> dict[str, Any]:
    """Leave out kinds that were never told."""
    counters: dict[str, Any] = dict(engine.counters())
    counters["changes"] = {kind: n for kind, n in counters["changes"].items() if n}
    return counters


def state_of_engine(engine: fs.Tracker) -> list[Row]:
    """Give what is known of each device now."""
    return [{name: row[name] for name in STATE_COLUMNS} for row in engine.devices.to_dicts()]


def state_of(oracle: NaiveTracker) -> list[Row]:
    """Give what is known of each device that is not removed."""
    rows = []
    for device in oracle.devices.values():
        if device.removed_at is None:
            known = {name: value_of(device, name) for name in STATE_COLUMNS}
            rows.append(known | {"status_since": since_of(device.events)})
    return rows


def seconds_of(rows: Iterable[Row], group: str) -> dict[Any, dict[str, float]]:
    """Give the seconds of each status by group, without those of no length."""
    seconds: dict[Any, dict[str, float]] = defaultdict(dict)
    for row in rows:
        seconds[row[group]][row["status"]] = row["seconds"]
    return rounded(seconds)


def rounded(seconds: dict[Any, dict[str, float]]) -> dict[Any, dict[str, float]]:
    """Round to milliseconds, and leave out what has no length."""
    cut = {
        group: {status: round(length, 3) for status, length in lengths.items() if length > 0.0005}
        for group, lengths in seconds.items()
    }
    return {group: lengths for group, lengths in cut.items() if lengths}


def shares_off(rows: Iterable[Row], group: str) -> Iterator[str]:
    """Tell of groups whose shares do not sum to 1."""
    shares: dict[Any, float] = defaultdict(float)
    for row in rows:
        shares[row[group]] += row["share"] or 0.0
    for name, share in shares.items():
        if abs(share - 1) > 1e-9 and share != 0:
            yield f"shares of {name} sum to {share}"
