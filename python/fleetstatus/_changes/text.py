"""Changes as lines of text and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._show.lines import hanging
from fleetstatus._words.text import markdown, visible

if TYPE_CHECKING:
    from fleetstatus._changes.digest import Digest


def to_text(told: Digest, width: int | None = None) -> str:
    """Write changes as lines of plain text, for a chat or a mail; no line end at the end.

    Parameters
    ----------
    width
        Cells of a line, such as a terminal's columns; None: lines are not wrapped.
    """
    lines = [
        told.headline,
        *(f"! {warning}" for warning in told.warnings),
        *(f"- {line}" for line in told.lines),
        *([told.more] if told.more else []),
    ]
    return "\n".join(part for line in lines for part in hanging(visible(line), width))


def to_markdown(told: Digest) -> str:
    """Write changes as Markdown, for an issue or a wiki."""
    blocks = [f"**{markdown(told.headline)}**"]
    blocks += [f"**Warning:** {markdown(warning)}" for warning in told.warnings]
    if told.lines:
        blocks.append("\n".join(f"- {markdown(line)}" for line in told.lines))
    if told.more:
        blocks.append(markdown(told.more))
    return "\n\n".join(blocks) + "\n"
