"""Times for property tests: instants near thresholds, in the many ways to write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import SearchStrategy

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FIRST_DAY = datetime(1, 1, 2, tzinfo=UTC)
LAST_DAY = datetime(9999, 12, 30, 23, 59, 59, 999000, tzinfo=UTC)
ZONES = ["Z", "z", "+HH", "+HHMM", "+HH:MM"]


def moments() -> SearchStrategy[datetime]:
    """Draw instants in UTC with milliseconds, many of them near thresholds."""
    ages_s = [0, 1, 299, 300, 301, 1799, 1800, 7199, 7200, 86399, 86400, 86401, -5]
    near = st.builds(
        lambda s, ms: NOW - timedelta(seconds=s, milliseconds=ms),
        st.sampled_from(ages_s) | st.integers(-100, 10**6),
        st.sampled_from([0, 1, -1]),
    )
    edges = [
        *[datetime(1970, 1, 1, tzinfo=UTC)] * 4,  # means never
        datetime(1970, 1, 1, microsecond=1000, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        datetime(2013, 1, 1, tzinfo=UTC),
        datetime(2012, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        datetime(2024, 2, 29, 12, tzinfo=UTC),
        FIRST_DAY,
        LAST_DAY,
    ]
    days = st.integers(0, (LAST_DAY - FIRST_DAY).days)
    anywhere = days.map(lambda n: FIRST_DAY + timedelta(days=n, milliseconds=n))
    return near | near | st.sampled_from(edges) | anywhere


def zones(spelled: Sequence[str]) -> SearchStrategy[tuple[timedelta, str]]:
    """Draw an offset from UTC and one of its spellings."""
    minutes = st.integers(-(24 * 60 - 1), 24 * 60 - 1)
    return st.builds(spelled_zone, minutes, st.sampled_from(spelled))


def spelled_zone(minutes: int, spelling: str) -> tuple[timedelta, str]:
    """Spell an offset; what the spelling cannot hold is left out of the offset too."""
    hours, rest = divmod(abs(minutes), 60)
    rest *= "MM" in spelling
    hours *= "HH" in spelling
    sign = -1 if minutes < 0 else 1
    zone = spelling.replace("+", "-" if sign < 0 else "+")
    zone = zone.replace("HH", f"{hours:02}").replace("MM", f"{rest:02}")
    return sign * timedelta(hours=hours, minutes=rest), zone


def written_time(
    moment: datetime, zone: tuple[timedelta, str], separator: str, fraction: tuple[int, str]
) -> str:
    """Write an instant in one of its many spellings; ``fraction`` is digits and what is cut."""
    offset, zone_text = zone
    local = moment.astimezone(timezone(offset))
    n_digits, beyond = fraction
    digits = f"{local.microsecond // 1000:03}{beyond}"[:n_digits]
    # isoformat, unlike strftime, pads years to four digits everywhere.
    date, time = local.replace(tzinfo=None, microsecond=0).isoformat().split("T")
    return f"{date}{separator}{time}{'.' if digits else ''}{digits}{zone_text}"


def timestamps(*other_zones: str) -> SearchStrategy[str]:
    """Draw instants in their many spellings, with digits beyond milliseconds."""
    fractions = st.tuples(st.integers(0, 9), st.sampled_from(["000000", "999999", "500000"]))
    return st.builds(
        written_time, moments(), zones([*ZONES, *other_zones]), st.sampled_from("Tt "), fractions
    )
