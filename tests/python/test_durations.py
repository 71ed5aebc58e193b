"""Durations as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleetstatus._words.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0s", timedelta(0)),
        ("90s", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("5min", timedelta(minutes=5)),
        ("36h", timedelta(hours=36)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(weeks=2)),
        ("1d12h", timedelta(days=1, hours=12)),
        (" 1 D 12 H ", timedelta(days=1, hours=12)),
        ("1.5h", timedelta(minutes=90)),
        ("1h1h", timedelta(hours=2)),
        ("0.001s", timedelta(milliseconds=1)),
    ],
)
def test_numbers_with_units_make_a_duration(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", " ", "3", "d", "3 days", "3d!", "-3d", "1e3s", "3d and 2h", ".5h", "3y", "\u0663d"]
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration; write 3d, 2h, 30min or 1d12h"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["999999999999d", "9" * 400 + "s"])
def test_a_duration_has_an_end(text: str) -> None:
    with pytest.raises(ValueError, match="is longer than a duration can be"):
        parse_duration(text)


def test_what_is_refused_is_quoted_in_short_and_safely() -> None:
    with pytest.raises(ValueError, match="is not a duration") as raised:
        parse_duration("\x1b[2J" * 1000)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 300
