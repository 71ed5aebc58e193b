"""Fleets that users name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._words.names import near
from fleetstatus._words.text import listed, quoted, shortened, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


def fleet_labels(
    names: Sequence[str], labels: Collection[str], app_names: Iterable[tuple[str, str]]
) -> list[str]:
    """Labels of the fleets that are asked for; an app's name means the one fleet that has it.

    Parameters
    ----------
    labels
        All fleets that there are.
    app_names
        Fleets, each with the name of its app.

    Raises
    ------
    ValueError
        If there is no such fleet, or if several fleets have the app's name.
    """
    by_app: dict[str, set[str]] = {}
    for label, app_name in app_names:
        by_app.setdefault(app_name, set()).add(label)
    return [name if name in labels else _of_app(name, labels, by_app) for name in names]


def _of_app(name: str, labels: Collection[str], by_app: dict[str, set[str]]) -> str:
    asked = quoted(name)
    found = by_app.get(name, set())
    if len(found) == 1:
        return next(iter(found))
    if found:
        message = f"{asked} is the app of {len(found)} fleets; name one of {_listed(found)}"
        raise ValueError(message)
    told = near(name, [*labels, *by_app])
    there = f"; there are {_listed(labels)}" if labels else ", which names none"
    message = f"no fleet {asked} in the data{told or there}"
    raise ValueError(message)


def _listed(labels: Collection[str]) -> str:
    return listed(sorted(labels), lambda label: visible(shortened(label)))
