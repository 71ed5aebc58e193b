"""Tables and links in Markdown."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

_NAME = re.compile(r"\b[a-z]+(?:_+[a-z]+)+\b")
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; a bar within a cell does not end it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)


def code(text: str) -> str:
    """Write a name as code."""
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    """Write names as code, with commas."""
    return ", ".join(map(code, texts))


def sentence(text: str) -> str:
    """Write the first letter large, unless it is a name's, and a full stop at the end."""
    begin = text[0] if _NAME.match(text) else text[0].upper()
    named = _NAME.sub(r"`\g<0>`", begin + text[1:])
    return f"{named.rstrip('.')}."


def duration(length: timedelta) -> str:
    """Write a duration in its largest units, without those that are zero."""
    left = round(length.total_seconds())
    words = []
    for name, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(words) or "0 seconds"


def listed(texts: Sequence[str]) -> str:
    """Join clauses: ``a, b, and c``."""
    return ", and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))


def either(texts: Sequence[str]) -> str:
    """Join alternatives; words that all of them begin with are written once."""
    words = [text.split(" ") for text in texts]
    same = sum(1 for _ in takewhile(lambda words: len(set(words)) == 1, zip(*words, strict=False)))
    same = min(same, *(len(each) - 1 for each in words))
    rest = [" ".join(each[same:]) for each in words]
    return " ".join([*words[0][:same], " or ".join(rest)])


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")
