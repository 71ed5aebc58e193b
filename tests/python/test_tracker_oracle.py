"""Tracker against its oracle, over random sequences of looks.

``FLEETSTATUS_SEQUENCES`` says over how many sequences; ``python tests/python/change_sequences.py
--seeds A:B`` compares a part of them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs
from change_laws import PLAIN_TRACKER, plain_sequence
from change_laws import tracker_differences as law_differences
from change_sequences import sequence, snapshot_of, table_of
from oracle_tracker import NaiveTracker
from sequence_runs import by_fleets_differences, n_sequences, tracker_differences

if TYPE_CHECKING:
    from oracle_snapshot import Row

pytestmark = pytest.mark.slow


def test_tracker_tells_what_the_oracle_tells() -> None:
    found = [
        f"seed {seed}: {difference}"
        for seed in range(n_sequences())
        for difference in tracker_differences(sequence(seed))
    ]
    assert found[:3] == []


def test_plain_tracker_tells_what_diff_tells() -> None:
    def diff(old: fs.StatusTable, new: fs.StatusTable) -> list[Row]:
        return fs.diff(old, new).to_dicts()

    for seed in range(n_sequences()):
        made = plain_sequence(seed)
        with fs.Tracker(scheme=fs.StatusScheme(made.scheme), **PLAIN_TRACKER) as tracker:

            def update(table: fs.StatusTable, tracker: fs.Tracker = tracker) -> list[Row]:
                return tracker.update(table).to_dicts()

            tables = [table_of(look, made.scheme) for look in made.looks]
            assert [*law_differences(tables, diff, update)] == [], f"seed {seed}"


def test_fleets_one_after_another_come_to_the_same_state_as_all_at_once() -> None:
    for seed in range(n_sequences()):
        assert [*by_fleets_differences(seed)] == [], f"seed {seed}"


def test_random_sequences_have_every_kind_and_refusal() -> None:
    told: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for seed in range(600):
        made = sequence(seed)
        oracle = NaiveTracker(**made.options)
        for look in made.looks:
            try:
                oracle.update(
                    snapshot_of(table_of(look, made.scheme), look),
                    complete=look.complete,
                    fleets=look.fleets,
                    max_removed=look.max_removed,
                )
            except ValueError as error:
                refused[str(error).rsplit(":", 1)[-1][-12:]] += 1
        told.update(oracle.told)
        told.update({"flaps": oracle.counts["flaps"]})
    assert len(told) == 16 + 1
    assert min(told.values()) > 5
    assert len(refused) > 3
