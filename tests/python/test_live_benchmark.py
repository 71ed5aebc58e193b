"""The benchmark of `fleetstatus.balena` runs, and counts its requests."""

from __future__ import annotations

import re

import pytest

from live import compare_live

pytestmark = pytest.mark.slow


def test_live_is_compared(capfd: pytest.CaptureFixture[str]) -> None:
    compare_live(1001, 1)
    lines = capfd.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "live, anew",
        "live, made",
        "live, gzipped",
    ]
    for line in lines:
        assert re.search(r": 1,001 devices, [\d,]+ bytes, 3 requests, .* of the speed", line), line
