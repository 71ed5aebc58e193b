"""When something happened, in words, within the time that two looks cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_DATE = "%Y-%m-%d"
_MINUTES = "%H:%M"
_SECONDS = "%H:%M:%S"


@dataclass(frozen=True, slots=True)
class Period:
    """The time between the two moments that were compared, so far as they are known.

    Within one day, times are told without their date.
    """

    begin: datetime | None
    end: datetime | None

    def __str__(self) -> str:
        """Write both ends: ``2026-11-01 12:00 to 13:00 UTC``; seconds where minutes are equal."""
        ends = sorted({time.astimezone(UTC) for time in (self.begin, self.end) if time is not None})
        is_one_minute = len({f"{time:{_DATE} {_MINUTES}}" for time in ends}) < len(ends)
        form = _SECONDS if is_one_minute else _MINUTES
        texts = [f"{time:{_DATE} {form}}" for time in ends]
        if self.is_one_day:
            texts[1:] = [f"{time:{form}}" for time in ends[1:]]
        return f"{' to '.join(texts)} UTC" if texts else ""

    @property
    def is_one_day(self) -> bool:
        """Whether both ends are known, and of one day in UTC."""
        if self.begin is None or self.end is None:
            return False
        return self.begin.astimezone(UTC).date() == self.end.astimezone(UTC).date()

    def when(
        self, at: datetime | None, not_before: datetime | None, not_after: datetime | None
    ) -> str | None:
        """Say when something happened; None if all that is known is that it was in this time."""
        if at is not None:
            return f"at {self._written(at)}"
        if (not_before, not_after) == (self.begin, self.end) or not_after is None:
            return None
        if not_before is None:
            return f"before {self._written(not_after)}"
        return f"between {self._written(not_before)} and {self._written(not_after)}"

    def _written(self, time: datetime) -> str:
        in_utc = time.astimezone(UTC)
        is_that_day = (
            self.is_one_day and self.end and in_utc.date() == self.end.astimezone(UTC).date()
        )
        return f"{in_utc:{_MINUTES}}" if is_that_day else f"{in_utc:{_DATE} {_MINUTES}}"
