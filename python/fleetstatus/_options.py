"""How records are to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from fleetstatus._carry import Carry, to_carried
from fleetstatus._catalog import FIELDS
from fleetstatus._coerce import (
    check_choice,
    check_flag,
    scheme_code,
    to_names,
    to_poll_interval_ms,
    to_scheme,
)
from fleetstatus._words.names import near
from fleetstatus._words.text import shortened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import timedelta

    from fleetstatus.enums import StatusScheme

OnError = Literal["raise", "keep"]
Missing = Literal["source", "parts"]


class ReadOptions(NamedTuple):
    """How records are to be read, as callers say it; see `classify`."""

    scheme: StatusScheme | str
    allow_missing: str | Iterable[str]
    on_error: OnError
    carry: Carry
    default_poll_interval: timedelta | str
    assume_utc: bool
    missing: Missing

    def for_engine(self) -> dict[str, Any]:
        """Check all options; give them as the engine takes them.

        Raises
        ------
        ValueError, TypeError
            If an option is none.
        """
        check_choice(self.on_error, get_args(OnError), name="on_error")
        check_choice(self.missing, get_args(Missing), name="missing")
        check_flag(self.assume_utc, name="assume_utc")
        poll_interval_ms = to_poll_interval_ms(
            self.default_poll_interval, name="default_poll_interval"
        )
        carried = to_carried(self.carry)
        return {
            "scheme": scheme_code(to_scheme(self.scheme)),
            "allow_missing": to_allowed_fields(self.allow_missing, [name for name, _ in carried]),
            "keep": self.on_error == "keep",
            "carry": carried,
            "default_poll_interval_ms": poll_interval_ms,
            "assume_utc": self.assume_utc,
            "parts": self.missing == "parts",
        }


def to_allowed_fields(names: str | Iterable[str], carried: Collection[str] = ()) -> list[str]:
    """Names of needed or carried fields that may be missing, or ``["all"]``.

    Raises
    ------
    ValueError
        If a name is of no such field; the message lists them.
    """
    allowed = to_names(names, name="allow_missing")
    needed = [name for name, field in FIELDS.items() if field["needed"]]
    known = {"all", *needed, *carried}
    for one in allowed:
        if one not in known:
            message = (
                f"allow_missing names {shortened(one)!r}{near(one, known)}; "
                f"fields that are needed: {', '.join(needed)}"
            )
            raise ValueError(message)
    return allowed
