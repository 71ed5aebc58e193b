"""A table at a glance, as text and as HTML: what needs a person comes first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from fleetstatus import _core
from fleetstatus._coerce import scheme_of
from fleetstatus._show import html, rows
from fleetstatus._show.display import about, warnings
from fleetstatus._show.lines import hanging, terminal_width
from fleetstatus._words.text import and_more, in_devices, label_text, visible
from fleetstatus.enums import UpdateStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST_ROWS = 8
_FEW_ROWS = 5
_WORST_BY = {f"{name}_ms": ms for name, ms in _core.attention_thresholds_ms().items()}

Counts = list[tuple[str | None, int]]


class _Listed(NamedTuple):
    """Rows to show: of which table, how they are called, and how many more there are."""

    core: _core.StatusTable
    title: str | None
    shown: range
    more: str | None


class _Glance:
    """What there is to show of a table."""

    def __init__(self, core: _core.StatusTable) -> None:
        self.core = core
        self.n_rows = len(core)
        self.classes = [(name, n) for name, n in counts(core, "attention") if n and name]
        self.n_attention = sum(n for _, n in self.classes)
        self.as_of, *self.gaps = about(core)
        self.warnings = warnings(core)

    @property
    def title(self) -> str:
        scheme = scheme_of(self.core.scheme)
        if not self.n_attention:
            return f"{in_devices(self.n_rows)}, {scheme}"
        verb = "needs" if self.n_attention == 1 else "need"
        return f"{self.n_attention:,} of {in_devices(self.n_rows)} {verb} attention, {scheme}"

    def worst(self) -> _Listed:
        """Find the rows that need a person: in their own order if all do."""
        if self.n_attention == self.n_rows:
            return _first_rows(self.core, _FEW_ROWS)
        worst = self.core.attention(**_WORST_BY)
        rest = len(worst) - _FEW_ROWS
        more = f"and {rest:,} more: .attention()" if rest > 0 else None
        return _Listed(worst, "Worst first", range(min(len(worst), _FEW_ROWS)), more)

    def listed(self) -> list[_Listed]:
        """Find the rows to draw: the worst, too, unless all rows are drawn or all need a person."""
        if self.n_rows <= _FIRST_ROWS or self.n_attention in {0, self.n_rows}:
            return [_first_rows(self.core, _FIRST_ROWS)._replace(title=None)]
        return [self.worst(), _first_rows(self.core, _FEW_ROWS)]


def counts(core: _core.StatusTable, of: str) -> Counts:
    """Count the devices of each label, in the labels' order, null last."""
    column = core.column(of)
    devices = Counter(memoryview(column.codes()).cast("b"))
    named = [(label, devices[code]) for code, label in enumerate(column.labels or ())]
    return [*named, (None, devices[-1])]


def subject(core: _core.StatusTable) -> str:
    """Name the column that tells the rows apart: what they need, their updates, or their status."""
    attention, updates = _shown(core, "attention"), _shown(core, "update_status")
    if None not in attention and len(attention) > 1:
        return "attention"
    if not {None, UpdateStatus.DONE} & set(updates) and len(updates) > 1:
        return "update_status"
    return "status"


def _shown(core: _core.StatusTable, of: str) -> list[str | None]:
    return [label for label, n in counts(core, of) if n]


def _first_rows(core: _core.StatusTable, most: int) -> _Listed:
    rest = len(core) - most
    more = and_more(rest, "row") if rest > 0 else None
    return _Listed(core, "First rows", range(min(len(core), most)), more)


def table_text(core: _core.StatusTable) -> str:
    """Give what needs a person, the counts, and what the data is, in lines of 60 cells."""
    seen = _Glance(core)
    width = terminal_width()
    told = [seen.title, seen.as_of, *(f"! {visible(warning)}" for warning in seen.warnings)]
    lines = _within(told, width)
    if seen.n_attention:
        lines += _counted("needs attention", seen.classes)
        lines += _named(seen.worst())
        lines.append("  status")
    statuses = counts(core, "status")
    lines += _counted(None, [(label, n) for label, n in statuses if n])
    return "\n".join([*lines, *_within(seen.gaps, width)])


def _within(lines: Sequence[str], width: int | None) -> list[str]:
    return [part for line in lines for part in hanging(line, width)]


def _counted(title: str | None, labels: Sequence[tuple[str | None, int]]) -> list[str]:
    top = [f"  {title}"] if title else []
    return [*top, *(f"  {n:>8,}  {label_text(label)}" for label, n in labels)]


def _named(listed: _Listed) -> list[str]:
    names = [rows.line(listed.core, row) for row in listed.shown]
    more = [listed.more] if listed.more else []
    return [f"  {(listed.title or '').lower()}", *(f"    {line}" for line in (*names, *more))]


def table_html(core: _core.StatusTable) -> str:
    """Draw what needs a person, the shares of what the table is about, and rows."""
    seen = _Glance(core)
    parts: list[str] = [
        html.paragraph(seen.title, kind="title"),
        html.paragraph(seen.as_of, kind="note"),
        *(html.paragraph(html.Markup(f"<b>! {html.markup(one)}</b>")) for one in seen.warnings),
    ]
    if len(core):
        of = subject(core)
        if seen.n_attention and of != "attention":
            parts.insert(1, html.keys(seen.classes, title="Need attention: "))
        parts.append(html.status_bar(counts(core, of), of=of))
        for listed in seen.listed():
            parts += _drawn(listed)
    return html.page(*parts, *(html.paragraph(line, kind="note") for line in seen.gaps))


def _drawn(listed: _Listed) -> list[str]:
    title = [html.paragraph(listed.title, kind="caption")] if listed.title else []
    more = [html.paragraph(listed.more, kind="note")] if listed.more else []
    return [*title, rows.table(listed.core, listed.shown), *more]
