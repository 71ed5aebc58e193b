"""API responses of the same devices, written in ways that are harder to read."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import targets
from fleet_data import as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fleet_data import Record

_N_FLEETS = 5000


def shuffled(records: Iterable[Record], random: Random) -> Iterable[Record]:
    """Put the keys of each record into an order of its own."""
    return (dict(random.sample(list(record.items()), len(record))) for record in records)


def without_half_of_the_nulls(records: Iterable[Record], random: Random) -> Iterable[Record]:
    """Leave about half of the nulls out."""
    return (
        {key: value for key, value in record.items() if value is not None or random.getrandbits(1)}
        for record in records
    )


def with_escapes(records: Iterable[Record]) -> Iterable[Record]:
    """Give devices names that JSON cannot write as they are."""
    return (record | {"device_name": f'Gerät "{i}" für Köln'} for i, record in enumerate(records))


def of_many_fleets(records: Iterable[Record]) -> Iterable[Record]:
    """Spread the devices over 5,000 fleets."""
    for i, record in enumerate(records):
        number = i * 7919 % _N_FLEETS  # neighbours are in different ones
        fleet = record["belongs_to__application"][0] | {"id": number, "slug": f"acme/{number}"}
        yield record | {"belongs_to__application": [fleet]}


def _partly_escaped(records: Iterable[Record]) -> bytes:
    """Write UTF-8, but for one letter, which is escaped."""
    text = json.dumps({"d": list(records)}, separators=(",", ":"), ensure_ascii=False)
    return text.replace("ü", "\\u00fc").encode()


VARIANTS: dict[str, Callable[[list[Record]], bytes]] = {
    targets.SHUFFLED: lambda records: as_json(shuffled(records, Random(2))),
    targets.FEW_NULLS: lambda records: as_json(without_half_of_the_nulls(records, Random(3))),
    targets.ESCAPES: lambda records: _partly_escaped(with_escapes(records)),
    targets.MANY_FLEETS: lambda records: as_json(of_many_fleets(records)),
}
