"""Changes as HTML: for a notebook, and as a page that stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._show import html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetstatus._changes.digest import Digest, Told

_HEADERS = ("Device", "Fleet", "What", "Why", "When", "After")
_PROSE = ("What", "Why")
_KINDS = {"Device": "name", "Fleet": "name", "When": "fixed", "After": "fixed"}


def to_html(told: Digest) -> str:
    """Show changes in a notebook."""
    warnings = [html.Markup(f"<b>! {html.markup(line)}</b>") for line in told.warnings]
    title = html.paragraph(told.headline, kind="title")
    return html.page(title, *map(html.paragraph, warnings), *_parts(told))


def to_page(told: Digest, title: str) -> str:
    """Write changes as one static page, which fits a phone."""
    warnings = (html.paragraph(line, kind="warning") for line in told.warnings)
    headline = html.paragraph(told.headline, kind="verdict")
    return html.document(title, html.heading(title, 1), headline, *warnings, *_parts(told))


def _parts(told: Digest) -> Iterator[str]:
    if told.lines:
        has_fleets = any(line.fleet for line in told.lines)
        headers = [name for name in _HEADERS if has_fleets or name != "Fleet"]
        rows = [row for line in told.lines for row in _rows(line, has_fleets=has_fleets)]
        yield html.table(headers, rows, prose=_PROSE, kinds=_KINDS, is_stacked=True)
    if told.more:
        yield html.paragraph(told.more, kind="note")


def _rows(line: Told, *, has_fleets: bool) -> Iterator[list[str]]:
    """Give a row for each thing that happened, which is read alone on a narrow screen."""
    name = html.key(line.group.coloured_as, line.name)
    fleet = [line.fleet or ""] if has_fleets else []
    for one in line.happenings:
        yield [name, *fleet, one.what, one.why or "", one.when or "", one.lasted or ""]
