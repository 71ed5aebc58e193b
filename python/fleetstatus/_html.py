"""Static HTML for notebooks: escaped, no script, for light and dark pages."""

from collections.abc import Iterable, Sequence

from fleetstatus._text import markup

# Okabe and Ito's colours, told apart by colour-blind people too; the order and the words carry the
# meaning.
COLOURS = {
    "operational": "#009e73",
    "online": "#009e73",
    "idle": "#009e73",
    "online (vpn only)": "#e69f00",
    "online (heartbeat only)": "#f0e442",
    "reduced functionality": "#e69f00",
    "reduced-functionality": "#e69f00",
    "disconnected": "#d55e00",
    "offline": "#d55e00",
    "configuring": "#56b4e9",
    "updating": "#0072b2",
    "post provisioning": "#cc79a7",
    "post-provisioning": "#cc79a7",
    "inactive": "#999999",
    "frozen": "#555555",
}
_NO_COLOUR = "#bbbbbb"
_STYLE = (
    "<style>"
    ".fleetstatus{font:13px/1.45 system-ui,sans-serif;color:inherit}"
    ".fleetstatus table{font:inherit;border-collapse:collapse;margin:.5em 0}"
    ".fleetstatus th,.fleetstatus td{padding:.2em .7em;text-align:left;"
    "border-bottom:1px solid rgba(128,128,128,.3)}"
    ".fleetstatus .bar{display:flex;height:1.4em;border-radius:3px;overflow:hidden;"
    "max-width:46em;margin:.4em 0}"
    ".fleetstatus .key{display:inline-block;width:.8em;height:.8em;border-radius:2px;"
    "margin:0 .35em 0 0}"
    ".fleetstatus .keys span{margin-right:1.2em;white-space:nowrap}"
    ".fleetstatus .note{opacity:.75}"
    "</style>"
)


def colour_of(label: str | None) -> str:
    """Colour of a status, whatever the scheme."""
    return COLOURS.get((label or "").casefold(), _NO_COLOUR)


def page(*parts: str) -> str:
    """Wrap parts, which are HTML already."""
    return f'{_STYLE}<div class="fleetstatus">{"".join(parts)}</div>'


def paragraph(text: object, *, note: bool = False) -> str:
    """Make a paragraph of a text."""
    return f'<div class="note">{markup(text)}</div>' if note else f"<div>{markup(text)}</div>"


def table(headings: Sequence[str], rows: Iterable[Sequence[str | Sequence[str]]]) -> str:
    """Make a table of texts; a cell may have several lines."""
    head = "".join(f"<th>{markup(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(content: str | Sequence[str]) -> str:
    lines = [content] if isinstance(content, str) else content
    return f"<td>{'<br>'.join(map(markup, lines))}</td>"


def status_bar(counts: Sequence[tuple[str | None, int]]) -> str:
    """Make a bar of the shares of labels, and its key with the counts."""
    shown = [(label, count) for label, count in counts if count]
    total = sum(count for _, count in shown)
    bar = "".join(
        f'<div style="width:{100 * count / total:.2f}%;background:{colour_of(label)}" '
        f'title="{markup(label or "unknown")}: {count:,}"></div>'
        for label, count in shown
    )
    keys = "".join(
        f'<span><i class="key" style="background:{colour_of(label)}"></i>'
        f"{markup(label or 'unknown')} <b>{count:,}</b></span>"
        for label, count in shown
    )
    return f'<div class="bar">{bar}</div><div class="keys">{keys}</div>'
