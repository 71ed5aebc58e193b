"""Static HTML: escaped, no script, on light and on dark pages.

Text and lines take the page's own colours, so that notebooks' themes hold. What is left when a code
host strips the styles still reads well.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from fleetstatus._show.palette import colour_of
from fleetstatus._words.text import label_text, visible

_TAG = re.compile("<[^>]*>")
# A name thrice outweighs the rules that notebooks have for tables.
_CELLS = ".fleetstatus.fleetstatus.fleetstatus"


def _stacked(width: int) -> str:
    """Style tables that narrow screens show as lists."""
    return (
        f"@media screen and (max-width:{width}px){{"
        f"{_CELLS} table.stacked,{_CELLS} .stacked tbody,{_CELLS} .stacked tr,"
        f"{_CELLS} .stacked td:first-child,{_CELLS} .stacked td.prose{{display:block;width:auto}}"
        f"{_CELLS} .stacked thead{{display:none}}"
        f"{_CELLS} .stacked tr{{border-bottom:1px solid rgba(128,128,128,.5);padding:.4em 0}}"
        f"{_CELLS} .stacked td{{display:inline-block;min-width:0;max-width:none;white-space:normal;"
        f"overflow-wrap:anywhere;border:0;padding:.1em 1em .1em 0}}"
        f'{_CELLS} .stacked td+td[data-label]::before{{content:attr(data-label) ": ";opacity:.75}}'
        f"{_CELLS} .stacked td:empty{{display:none}}"
        "}"
    )


_STYLE = (
    ".fleetstatus{font:13px/1.5 system-ui,sans-serif;color:inherit;overflow-x:auto}"
    f"{_CELLS} table{{font-size:12px;color:inherit;border:0;border-collapse:collapse;margin:.6em 0}}"
    f"{_CELLS} tr:nth-child(n){{background:none}}"
    f"{_CELLS} th,{_CELLS} td{{padding:.25em .8em .25em 0;text-align:left;vertical-align:top;"
    "line-height:1.5;color:inherit;white-space:nowrap;max-width:22em;overflow:hidden;"
    "text-overflow:ellipsis;border:0;border-bottom:1px solid rgba(128,128,128,.3)}"
    f"{_CELLS} th{{font-weight:600}}"
    f"{_CELLS} th.number{{white-space:normal;vertical-align:bottom}}"
    f"{_CELLS} td.prose{{white-space:normal;overflow-wrap:anywhere;max-width:48em}}"
    f"{_CELLS} td.prose:first-child{{white-space:nowrap;overflow-wrap:normal}}"  # names
    f"{_CELLS} .number{{text-align:right;font-variant-numeric:tabular-nums}}"
    ".fleetstatus .bar{display:flex;gap:2px;height:1.5em;max-width:52em;margin:.5em 0;"
    "border-radius:3px;overflow:hidden}"
    ".fleetstatus .bar div{min-width:2px}"
    ".fleetstatus td .bar{width:9em;height:1em;margin:.25em 0}"
    ".fleetstatus .share{height:.8em;margin-top:.35em;min-width:2px;border-radius:2px}"
    ".fleetstatus .track{width:10em}"
    ".fleetstatus .key{display:inline-block;width:.75em;height:.75em;border-radius:2px;"
    "margin:0 .45em 0 0;box-shadow:0 0 0 1px rgba(128,128,128,.5)}"
    ".fleetstatus .keys span{white-space:nowrap}"
    ".fleetstatus .note{opacity:.75}"
    ".fleetstatus .title{font-weight:600;overflow-wrap:anywhere}"
    ".fleetstatus .caption{font-weight:600;margin-top:.8em}"
    ".fleetstatus summary{cursor:pointer;margin-top:.4em}"
    # Browsers leave backgrounds out of print, and what is folded.
    ".fleetstatus .bar div,.fleetstatus .share,.fleetstatus .key"
    "{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "@media print{.fleetstatus details::details-content{content-visibility:visible;display:block;"
    "height:auto}"
    f"{_CELLS}{{overflow:visible}}div{_CELLS} table{{font-size:10px}}"
    ".fleetstatus tr{break-inside:avoid}.fleetstatus :is(h2,h3,.caption){break-after:avoid}"
    f"{_CELLS} td{{white-space:normal;overflow-wrap:break-word}}}}" + _stacked(640)
)
_PAGE_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:2rem auto;max-width:75rem;padding:0 2rem;overflow-wrap:anywhere}"
    "body.fleetstatus{overflow-x:visible}"
    ".fleetstatus h1{font-size:1.5rem;margin:0 0 .3em}"
    ".fleetstatus h2{font-size:1.15rem;margin:1.6em 0 .4em}"
    ".fleetstatus h3{font-size:1rem;margin:1.2em 0 .3em}"
    ".fleetstatus code{font-size:.9em}"
    ".fleetstatus .verdict{font-size:1.15rem;font-weight:600}"
    f".fleetstatus .warning{{border-left:4px solid {colour_of('reduced')};padding:.2em .6em;"
    "margin:.4em 0}"
    f"{_CELLS} td,{_CELLS} td.prose{{white-space:normal;overflow-wrap:anywhere;max-width:none}}"
    f"{_CELLS} td.fixed{{white-space:nowrap}}"
    f"{_CELLS} td.name{{min-width:12em}}"
    f"{_CELLS} td.device{{min-width:18.5em}}"
    f"{_CELLS} td.uuid{{font:11px/1.6 ui-monospace,monospace;word-break:break-all}}"
    "@media screen and (max-width:960px){body{margin:1rem auto;padding:0 .8rem}}" + _stacked(960)
)


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Cell = str | Sequence[str]


def markup(text: object) -> Markup:
    """Show a text as it is, unless it is HTML already."""
    return text if isinstance(text, Markup) else Markup(html.escape(visible(text)))


def page(*parts: str) -> Markup:
    """Wrap parts, which are HTML already, for a notebook."""
    return Markup(f'<style>{_STYLE}</style><div class="fleetstatus">{"".join(parts)}</div>')


def document(title: str, *parts: str) -> Markup:
    """Wrap parts, which are HTML already, as a page that stands alone."""
    body = "\n".join(parts)
    return Markup(
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{markup(title)}</title>\n<style>{_STYLE}{_PAGE_STYLE}</style>\n</head>\n"
        f'<body class="fleetstatus">\n{body}\n</body>\n</html>\n'
    )


def heading(text: object, level: int) -> Markup:
    """Make a heading."""
    return Markup(f"<h{level}>{markup(text)}</h{level}>")


def paragraph(text: object, *, kind: str = "") -> Markup:
    """Make a line of a text; its kind is a class of the style, or nothing."""
    attribute = f' class="{kind}"' if kind else ""
    return Markup(f"<div{attribute}>{markup(text)}</div>")


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    numbers: Sequence[str] = (),
    prose: Sequence[str] = (),
    kinds: Mapping[str, str] | None = None,
    is_stacked: bool = False,
) -> Markup:
    """Make a table of texts.

    Parameters
    ----------
    headings
        One for each column; no heading row if all are empty.
    rows
        Cells; one that is a sequence of texts has several lines.
    numbers
        Headings of the columns to align on the right.
    prose
        Headings of the columns that may break into lines; others are cut where they are long.
    kinds
        By their headings, the kinds of further columns: ``fixed`` stays in one line, ``name`` and
        ``device`` have a least width.
    is_stacked
        Whether a narrow screen shows each row as a list, every cell with its heading.
    """
    kind_of = {
        **(kinds or {}),
        **dict.fromkeys(prose, "prose"),
        **dict.fromkeys(numbers, "number"),
    }
    classes = [f' class="{kind_of[name]}"' if name in kind_of else "" for name in headings]
    cells = zip(classes, headings, strict=True)
    head = "".join(f"<th{kind}>{markup(name)}</th>" for kind, name in cells)
    if is_stacked:
        labels = (f' data-label="{_text_of(name)}"' if name else "" for name in headings)
        classes = [kind + label for kind, label in zip(classes, labels, strict=True)]
    body = "".join(f"<tr>{_cells(row, classes)}</tr>" for row in rows)
    top = f"<thead><tr>{head}</tr></thead>" if any(headings) else ""
    kind = ' class="stacked"' if is_stacked else ""
    return Markup(f"<table{kind}>{top}<tbody>{body}</tbody></table>")


def _text_of(heading: str) -> str:
    """Take the tags out of a heading, for an attribute; what is left is escaped."""
    return _TAG.sub("", markup(heading))


def _cells(row: Sequence[Cell], attributes: Sequence[str]) -> str:
    cells = zip(attributes, row, strict=True)
    return "".join(f"<td{attribute}>{_lines(cell)}</td>" for attribute, cell in cells)


def _lines(cell: Cell) -> str:
    return markup(cell) if isinstance(cell, str) else "<br>".join(map(markup, cell))


def key(label: str | None, text: object) -> Markup:
    """Make a text with the colour of a label before it."""
    colour = f'<i class="key" style="background:{colour_of(label)}"></i>'
    return Markup(f"{colour}{markup(text)}")


def key_above(label: str | None, text: object) -> Markup:
    """Make a heading of a narrow column, with the colour of a label above it."""
    return Markup(f"{key(label, '')}<br>{markup(text)}")


def link(address: str, text: object) -> Markup:
    """Make a link that gives its target no word of where it was followed from."""
    return Markup(f'<a href="{markup(address)}" rel="noreferrer">{markup(text)}</a>')


def code(text: object) -> Markup:
    """Show a text as what a machine reads: a command, a uuid."""
    return Markup(f"<code>{markup(text)}</code>")


def share_bar(label: str | None, share: float) -> Markup:
    """Make a bar as long as a share between 0 and 1; nothing for none."""
    if not share:
        return Markup('<div class="track"></div>')
    style = f"width:{share:.2%};background:{colour_of(label)}"
    return Markup(f'<div class="track"><div class="share" style="{style}"></div></div>')


def status_bar(counts: Iterable[tuple[str | None, int]], *, of: str = "status") -> Markup:
    """Make a bar of the shares of a column's labels, and its key with the counts."""
    shown = [(label, count) for label, count in counts if count]
    return Markup(bar(shown, of=of) + keys(shown, of=of))


def bar(counts: Iterable[tuple[str | None, int]], *, of: str = "status") -> Markup:
    """Make a bar of the shares of a column's labels."""
    shown = [(label, count) for label, count in counts if count]
    total = sum(count for _, count in shown)
    parts = "".join(
        f'<div style="width:{count / total:.2%};background:{colour_of(label)}" '
        f'title="{markup(label_text(label, of=of))}: {count:,} ({count / total:.1%})"></div>'
        for label, count in shown
    )
    return Markup(f'<div class="bar">{parts}</div>')


def keys(
    counts: Iterable[tuple[str | None, int]], *, of: str = "status", title: str = ""
) -> Markup:
    """Make a line of labels with their colours and counts."""
    listed = " · ".join(
        f"<span>{key(label, label_text(label, of=of))} <b>{count:,}</b></span>"
        for label, count in counts
    )
    return Markup(f'<div class="keys">{markup(title)}{listed}</div>')


def folded(title: object, *parts: str) -> Markup:
    """Fold parts, which are HTML already, behind a line that opens them; print shows them."""
    inner = "".join(parts)
    return Markup(f"<details><summary>{markup(title)}</summary>{inner}</details>")
