"""Two snapshots of thousands of devices, put together from many random sequences."""

from __future__ import annotations

from random import Random

from change_sequences import Look, sequence
from change_world import HOUR, START, Record


def named(record: Record, seed: int) -> Record:
    """Tell the devices of one sequence from those of the others."""
    uuid = record.get("uuid")
    return record | {"uuid": f"{seed:05d}-{uuid}"} if isinstance(uuid, str) else record


def large_pair(seed: int, n_sequences: int) -> tuple[Look, Look]:
    """Make an older and a newer look; many devices are alike in both, some rows changed places.

    Rows without uuid, of which one alone keeps any device from being removed, are in every other
    pair.
    """
    random = Random(seed)
    old, new = Look([], START + HOUR), Look([], START + 2 * HOUR)
    for number in range(n_sequences):
        looks = sequence(1000 * seed + number).looks
        before = random.choice(looks)
        after = before if random.random() < 0.5 else random.choice(looks)
        for look, found in ((old, before), (new, after)):
            look.records += [named(record, number) for record in found.records]
    if seed % 2:
        for look in (old, new):
            look.records = [r for r in look.records if isinstance(r.get("uuid"), str)]
    kind = random.choice(["same order", "shuffled", "moved block", "few moved"])
    if kind == "shuffled":
        random.shuffle(new.records)
    elif kind == "moved block":
        cut = random.randrange(len(new.records))
        new.records = new.records[cut:] + new.records[:cut]
    elif kind == "few moved":
        for _ in range(20):
            row = new.records.pop(random.randrange(len(new.records)))
            new.records.insert(random.randrange(len(new.records)), row)
    return old, new
