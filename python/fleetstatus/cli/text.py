"""How values are shown: what is null as a dash, and names of users so that they do no harm."""

import re

from fleetstatus._text import visible

NOTHING = "-"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@:$])")


def shown(value: object) -> str:
    """Show a value, or a dash where there is none."""
    return NOTHING if value is None else visible(value)


def visible_lines(text: str) -> str:
    """Show text that may have several lines."""
    return "\n".join(visible(line) for line in text.split("\n"))


def markdown(text: object) -> str:
    """Show text within Markdown as it is."""
    return _MARKDOWN.sub(r"\\\1", visible(text))
