"""The same devices in the words of several schemes."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt

from fleetstatus._show.palette import colour_of, ink_on
from fleetstatus._words.text import in_devices, label_text, moment
from fleetstatus.charts import _style as style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fleetstatus._table.table import StatusTable
    from fleetstatus._types import SchemeName
    from fleetstatus.enums import StatusScheme

Row = dict[str, Any]

_MOST_ROWS = 40
_MIDDLE = "indexof(datum.text, '\\n') < 0 ? 0 : -5.5"  # of one line, of two


class Words(NamedTuple):
    """What schemes call devices: a row for each combination of words that occurs."""

    cells: list[Row]
    counts: list[Row]
    n_rows: int


def draw_words(table: StatusTable, schemes: Iterable[StatusScheme | SchemeName]) -> alt.LayerChart:
    """Draw a row for each combination of words, with its number of devices."""
    tables = [table.as_scheme(scheme) for scheme in schemes]
    drawn = words_of(tables, most_rows=_MOST_ROWS)
    names = [str(one.scheme) for one in tables]
    parts = alt.Chart(style.data(drawn.cells)).encode(
        alt.X("scheme:N", sort=names, axis=_header(), scale=_bands(names)),
        alt.Y("row:O", axis=None, scale=_bands(range(len(drawn.counts)))),
        tooltip=style.tooltip("scheme", "label", "devices"),
    )
    boxes = parts.mark_rect().encode(color=alt.Color("colour:N", scale=None))
    texts = parts.mark_text(
        fontSize=10, lineBreak="\n", lineHeight=11, baseline="middle", dy=alt.ExprRef(_MIDDLE)
    )
    texts = texts.encode(text="text:N", color=alt.Color("ink:N", scale=None))
    counts = alt.Chart(style.data(drawn.counts)).mark_text(
        align="right", x=-8, fontWeight="bold", color=style.TEXT
    )
    counts = counts.encode(alt.Y("row:O"), text=alt.Text("devices:Q", format=","))
    remark = f", the {len(drawn.counts)} most frequent of {drawn.n_rows:,} rows"
    chart = style.layers(boxes, texts, counts).properties(
        title=style.plain_title(
            f"{in_devices(len(table))} in the words of {len(names)} schemes",
            f"as of {moment(table.now)}" + remark * (len(drawn.counts) < drawn.n_rows),
        ),
        width=style.WIDTH,
        height=style.ROW_HEIGHT * max(len(drawn.counts), 1),
    )
    return style.styled(chart)


def _header() -> alt.Axis:
    return alt.Axis(title=None, orient="top", labelAngle=0, labelLimit=style.WIDTH)


def _bands(domain: Iterable[Any]) -> alt.Scale:
    return alt.Scale(domain=list(domain), paddingInner=0.04, paddingOuter=0)


def words_of(tables: Sequence[StatusTable], *, most_rows: int) -> Words:
    """Count the combinations of words of tables that hold the same devices.

    Parameters
    ----------
    most_rows
        How many combinations to take, the most frequent; in the order of the labels.
    """
    found = Counter(zip(*(table["status"] for table in tables), strict=True))
    ranks = [
        {label: rank for rank, label in enumerate((*table.scheme.labels, None))} for table in tables
    ]
    taken = sorted(
        (words for words, _ in found.most_common(most_rows)),
        key=lambda words: [rank[word] for rank, word in zip(ranks, words, strict=True)],
    )
    cells = [
        _cell(row, str(table.scheme), word, found[words])
        for row, words in enumerate(taken)
        for table, word in zip(tables, words, strict=True)
    ]
    counts: list[Row] = [{"row": row, "devices": found[words]} for row, words in enumerate(taken)]
    return Words(cells, counts, len(found))


def _cell(row: int, scheme: str, label: str | None, devices: int) -> Row:
    return {
        "row": row,
        "scheme": scheme,
        "label": label_text(label),
        "devices": devices,
        "text": _in_two_lines(label_text(label)),
        "colour": colour_of(label),
        "ink": ink_on(colour_of(label)),
    }


def _in_two_lines(label: str) -> str:
    return re.sub(r"(?<=-)| ", "\n", label, count=1)
