"""Flag the changes that have one of several values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetstatus._table.fleets import fleet_labels
from fleetstatus._table.labels import as_values, to_text
from fleetstatus._words.names import near
from fleetstatus._words.text import quoted
from fleetstatus.enums import Reason, StatusScheme, UpdateStatus

if TYPE_CHECKING:
    from fleetstatus import _core
    from fleetstatus._changes.comparison import Comparison
    from fleetstatus._table.column import Column


def mask_of_labels(column: Column, given: Any) -> _core.Column:
    """Flag the rows that have one of several labels, ignoring case."""
    return column.is_in(as_values(given))._core


def mask_of_states(column: Column, given: Any, scheme: StatusScheme) -> _core.Column:
    """Flag the rows with one of several states: known words ignoring case, others exactly.

    Raises
    ------
    ValueError
        If a state is no word that is known, and no row has it.
    """
    words = {word.casefold(): word for word in (*Reason, *UpdateStatus, *scheme.labels)}
    values = set(column.to_list()) - {None}
    wanted = []
    for state in map(to_text, as_values(given)):
        if state not in values and state.casefold() not in words:
            labels = [*scheme.labels, *UpdateStatus, *Reason]
            message = f"{column.name}: no state {quoted(state)}{near(state, [*labels, *values])}"
            message += f"; there are {', '.join(labels)}"
            raise ValueError(message)
        wanted += [state, str(words.get(state.casefold(), state))]
    return column.is_in(wanted)._core


def mask_of_fleets(column: Column, given: Any, about: Comparison) -> _core.Column:
    """Flag the rows of one of several fleets.

    Raises
    ------
    ValueError
        If no snapshot has a fleet, where all fleets are known.
    """
    wanted = [to_text(fleet) for fleet in as_values(given)]
    if about.fleets is not None:
        wanted = fleet_labels(wanted, about.fleets, about.app_names)
    return column.is_in(wanted)._core
