"""Find labels and keys that users write."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from fleetstatus._words.names import near
from fleetstatus._words.text import shortened
from fleetstatus.enums import StatusScheme


def as_values(values: Any) -> list[Any]:
    """Several values as a list; one value is a list of one."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        return [values]
    if hasattr(values, "to_pylist"):  # of pyarrow, whose items are no Python values
        return list(values.to_pylist())
    return list(values)


def codes_of(values: Iterable[Any], labels: Sequence[str], *, column: str) -> list[int]:
    """Codes of labels, ignoring case.

    Raises
    ------
    ValueError
        If one is unknown; the message lists the labels, and the schemes that have the word.
    TypeError
        If one is no text.
    """
    places = {label.casefold(): place for place, label in enumerate(labels)}
    codes = []
    for value in map(partial(to_text, name=column), values):
        place = places.get(value.casefold())
        if place is None:
            raise ValueError(_unknown_label(value, labels, column=column))
        codes.append(place)
    return codes


def schemes_with(status: str) -> list[str]:
    """Schemes that have a status, ignoring case."""
    wanted = status.casefold()
    return [
        scheme for scheme in StatusScheme if wanted in {label.casefold() for label in scheme.labels}
    ]


def to_text(value: Any, *, name: str = "text") -> str:
    """Text that a column of texts or labels is compared with."""
    if not isinstance(value, str):
        message = f"{name} is compared with a {type(value).__name__}"
        raise TypeError(message)
    return value


def _unknown_label(value: str, labels: Sequence[str], *, column: str) -> str:
    message = f"{column} has no label {shortened(value)!r}{near(value, labels)}; it has "
    message += ", ".join(labels)
    schemes = schemes_with(value)
    if column == "status" and schemes:
        message += f"; {value!r} is a status under {', '.join(schemes)}"
    return message
