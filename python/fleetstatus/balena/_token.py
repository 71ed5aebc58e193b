"""The token that the API takes, kept out of texts, logs and tracebacks."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from fleetstatus.errors import ApiError

# In a container BALENA_API_KEY is the device's own, which sees that device alone.
_VARIABLES = ("BALENA_TOKEN", "BALENA_API_TOKEN", "BALENA_API_KEY")
_HIDDEN = "[token]"
_LEAST = 8  # characters by which its begin is known in a text that may be cut


class Token:
    """A secret that does not show in its repr.

    Frames of this package hold this instead of the text, since loggers may print their variables.

    Parameters
    ----------
    given
        What the caller passed; None for the token of the environment.
    """

    __slots__ = ("_text", "source")

    def __init__(self, given: object = None) -> None:
        self._text = given
        self.source = "passed as token="
        if given is None:
            self._take_from_environment()
        if isinstance(self._text, str):
            self._text = self._text.strip()

    def _take_from_environment(self) -> None:
        for name in _VARIABLES:
            if os.environ.get(name, "").strip():
                self._text, self.source = os.environ[name], f"from {name}"
                return

    def check(self) -> None:
        """Refuse what is no token.

        Raises
        ------
        ApiError
            If there is none.
        TypeError, ValueError
            If it is no text, or none that a header may hold.
        """
        if self._text is None:
            message = f"no token for the API\nset {_VARIABLES[0]}, or pass token="
            raise ApiError(message, None, "")
        if not isinstance(self._text, str):
            message = f"token is a {type(self._text).__name__}, expected text"
            raise TypeError(message)
        if not self._text:
            message = "token is empty\nleave it out to take that of the environment"
            raise ValueError(message)
        if not (self._text.isascii() and self._text.isprintable()) or " " in self._text:
            message = (
                f"the token {self.source} holds a character that no token has, such as a line break"
            )
            raise ValueError(message)

    def header(self) -> str:
        """Text of the header ``Authorization``."""
        return f"Bearer {self._text}"

    def blank(self, text: str) -> str:
        """Take the token out of a text, also where it is cut or in another case."""
        secret = str(self._text)
        for form in (secret, quote(secret, safe="")):
            text = _without(form, text)
        return text

    def __repr__(self) -> str:
        return f"Token({_HIDDEN})"


def _without(secret: str, text: str) -> str:
    begin, rest = secret[:_LEAST], secret[_LEAST:].lower()
    before, *pieces = re.split(re.escape(begin), text, flags=re.IGNORECASE | re.ASCII)
    return before + "".join(_HIDDEN + piece[_n_equal(rest, piece.lower()) :] for piece in pieces)


def _n_equal(one: str, other: str) -> int:
    """Count the characters with which both begin."""
    n_equal = 0
    while one[n_equal : n_equal + 1] == other[n_equal : n_equal + 1] != "":
        n_equal += 1
    return n_equal
