"""How a command that tells changes ends, and what it says on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._show.display import old_snapshot
from fleetstatus._words.text import visible
from fleetstatus.cli._exit_codes import MATCHED, UNUSABLE
from fleetstatus.cli._outcome import tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import fleetstatus as fs
    from fleetstatus.cli._change_conditions import ChangeCondition, ChangeMatch, Compared


def matches_of(conditions: Iterable[ChangeCondition], compared: Compared) -> list[ChangeMatch]:
    """Find the conditions that are met, and those that cannot be judged."""
    matches = (condition.match(compared) for condition in conditions)
    return [match for match in matches if match is not None]


def tell_matches(matches: Sequence[ChangeMatch]) -> int:
    """Say why the exit code is not 0, if so, and give it."""
    for match in matches:
        tell(match.text)
    if not all(match.is_judged for match in matches):
        return UNUSABLE
    return MATCHED if matches else 0


def warn_of_age(name: str, table: fs.StatusTable) -> None:
    """Say that a snapshot may be of another moment than it seems to be."""
    warning = old_snapshot(table._core)
    if warning is not None and table.now_source in {"file", "clock"}:
        tell(f"{name}: {visible(warning)} --now newest takes the newest event")
