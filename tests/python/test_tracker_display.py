"""A tracker at a glance: its file, the outage that goes on, the statuses, and its looks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from tracker_looks import look, record

if TYPE_CHECKING:
    from pathlib import Path

SMALL_OUTAGE: dict[str, Any] = {"hold": "0s", "outage": (3, 0.5), "flapping": None}
HOSTILE = "<b>\x1b[2J\u202e"


def linked(number: int, state: str, fleet: str) -> dict[str, Any]:
    """Make a device with both links or with none."""
    is_up = state == "online"
    return record(f"{number:032x}", state, fleet, is_connected_to_vpn=is_up)


def devices(minutes: float, n_down: int, fleet: str = "acme/kiosk", n: int = 4) -> fs.StatusTable:
    states = ["offline"] * n_down + ["online"] * (n - n_down)
    return look(minutes, *(linked(k, one, fleet) for k, one in enumerate(states)))


def page_of(tracker: fs.Tracker) -> str:
    text: str = tracker._repr_mimebundle_()["text/html"]
    return text.partition("</style>")[2]


def test_a_tracker_that_has_not_looked_says_so() -> None:
    assert repr(fs.Tracker()) == "Tracker in memory: 0 devices, docs-2024-11\nno look yet"
    assert page_of(fs.Tracker()) == (
        '<div class="fleetstatus"><div class="title">Tracker in memory: 0 devices, docs-2024-11'
        '</div><div class="note">no look yet</div></div>'
    )


def test_statuses_are_counted_in_the_order_of_the_scheme() -> None:
    tracker = fs.Tracker(**SMALL_OUTAGE)
    tracker.update(devices(0, 1))
    assert repr(tracker).splitlines() == [
        "Tracker in memory: 4 devices, docs-2024-11",
        "last look as of 2026-11-01 12:00:00Z; 1 look, 0 changes told",
        "         3  Operational",
        "         1  Disconnected",
    ]
    page = page_of(tracker)
    assert re.search(r'<div class="bar">.*75.00%.*25.00%.*<div class="keys">', page)
    assert '<div class="note">last look as of 2026-11-01 12:00:00Z; 1 look, 0 ch' in page


def test_an_outage_that_goes_on_comes_before_all_else() -> None:
    tracker = fs.Tracker(**SMALL_OUTAGE)
    tracker.update(devices(0, 0))
    tracker.update(devices(5, 4))
    title, warning, line, count = repr(tracker).splitlines()
    assert title == "Tracker in memory: 4 devices, docs-2024-11"
    assert warning == "! 1 outage goes on: 'acme/kiosk'"
    assert re.fullmatch(r"last look as of 2026-11-01 12:05:00Z; 2 looks, \d changes told", line)
    assert count.split() == ["4", "Disconnected"]
    page = page_of(tracker)
    assert "<div><b>! 1 outage goes on: &#x27;acme/kiosk&#x27;</b></div>" in page
    assert page.index("Tracker in memory") < page.index("goes on")
    assert page.index("goes on") < page.index("last look") < page.index('class="bar"')
    tracker.update(devices(10, 0))
    assert "outage" not in repr(tracker)


def test_outages_of_several_fleets_are_listed() -> None:
    def both(minutes: float, state: str) -> fs.StatusTable:
        fleets = ["acme/kiosk"] * 4 + [HOSTILE] * 4 + ["acme/well"] * 20
        states = [state] * 8 + ["online"] * 20
        rows = enumerate(zip(states, fleets, strict=True))
        return look(minutes, *(linked(k, one, fleet) for k, (one, fleet) in rows))

    tracker = fs.Tracker(**SMALL_OUTAGE)
    tracker.update(both(0, "online"))
    tracker.update(both(5, "offline"))
    assert r"! 2 outages go on: '" in repr(tracker)
    assert r"'<b>\x1b[2J\u202e'" in repr(tracker)
    assert r"&lt;b&gt;\x1b[2J\u202e" in page_of(tracker)


def test_removed_devices_are_not_counted() -> None:
    tracker = fs.Tracker(**SMALL_OUTAGE, max_removed=1.0)
    tracker.update(devices(0, 0))
    tracker.update(devices(5, 0, n=2))
    assert repr(tracker).startswith("Tracker in memory: 2 devices, ")
    assert repr(tracker).splitlines()[-1].split()[0] == "2"


@pytest.mark.slow
def test_a_thousand_looks_are_counted_in_groups_of_three() -> None:
    tracker = fs.Tracker(hold="0s", outage=None, flapping=None)
    for minute in range(1000):
        tracker.update(devices(minute, minute % 2, n=1))
    assert repr(tracker).splitlines()[1].endswith("; 1,000 looks, 999 changes told")


def test_refused_looks_and_changes_are_counted(tmp_path: Path) -> None:
    tracker = fs.Tracker(tmp_path / "fleet.db", hold="0s", outage=None, flapping=None)
    tracker.update(devices(0, 0))
    tracker.update(devices(5, 1))
    with pytest.raises(fs.SnapshotError):
        tracker.update(devices(1, 0))
    assert repr(tracker).splitlines()[1].endswith("; 2 looks, 1 refused, 1 change told")
    assert repr(tracker).startswith("Tracker of ")
    tracker.close()
    assert repr(tracker).endswith("fleet.db, closed")
    assert page_of(tracker).endswith("fleet.db, closed</div></div>")
