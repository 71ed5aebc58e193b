"""The pieces of HTML that displays are made of: their exact markup, and what the styles must do."""

from __future__ import annotations

import re

import pytest

import fleetstatus as fs
from fleetstatus._show import html

TABLE = fs.classify(fs.sample_fleet())


def style_of(page: str) -> str:
    return page.partition("<style>")[2].partition("</style>")[0]


STYLE = style_of(html.page(""))
PAGE_STYLE = style_of(html.document("x", ""))


def declarations(style: str, selector: str) -> str:
    """Give the declarations of rules outside of media queries whose selectors end with this one."""
    plain = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\}", "", style)
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", plain)
    return ";".join(
        body for names, body in rules for name in names.split(",") if name.endswith(selector)
    )


def media(style: str, query: str) -> str:
    """Rules within a media query."""
    found = re.search(re.escape(f"@media {query}{{") + r"((?:[^{}]*\{[^{}]*\})*)\}", style)
    return found[1] if found else ""


# Pieces


def test_a_page_for_a_notebook_is_one_block_with_its_style() -> None:
    page = html.page("<b>a</b>", "c")
    assert page.startswith("<style>")
    assert page.endswith('</style><div class="fleetstatus"><b>a</b>c</div>')


def test_a_document_stands_alone() -> None:
    page = html.document("<x>", "a", "b")
    assert page.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n')
    assert (
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>&lt;x' in page
    )
    assert "<title>&lt;x&gt;</title>\n<style>" in page
    assert page.endswith('<body class="fleetstatus">\na\nb\n</body>\n</html>\n')


def test_text_is_escaped_once() -> None:
    assert html.markup("<a>&\"'\x1b\u202e") == r"&lt;a&gt;&amp;&quot;&#x27;\x1b\u202e"
    assert html.markup(html.markup("<")) == "&lt;"
    assert html.markup(5) == "5"


def test_headings_paragraphs_links_and_code() -> None:
    assert html.heading("a<", 2) == "<h2>a&lt;</h2>"
    assert html.paragraph("a<") == "<div>a&lt;</div>"
    assert html.paragraph("a", kind="note") == '<div class="note">a</div>'
    assert html.link('x"y', "a<") == '<a href="x&quot;y" rel="noreferrer">a&lt;</a>'
    assert html.code("a<") == "<code>a&lt;</code>"
    assert html.folded("a<", "<b>c</b>", "d") == (
        "<details><summary>a&lt;</summary><b>c</b>d</details>"
    )


def test_a_key_has_the_colour_of_its_label() -> None:
    red = '<i class="key" style="background:#ad2a12"></i>'
    assert html.key("Disconnected", "a<") == f"{red}a&lt;"
    assert html.key_above("disconnected", "a<") == f"{red}<br>a&lt;"
    assert html.key(None, "unknown").startswith('<i class="key" style="background:#7d7d7d"></i>')


def test_a_table_has_a_class_for_each_kind_of_column() -> None:
    table = html.table(
        ("a<", "n", "p", "k", ""),
        [("<", "1", ("x", "y"), "z", html.Markup("<b></b>"))],
        numbers=("n",),
        prose=("p",),
        kinds={"k": "fixed", "n": "name"},
    )
    assert table == (
        '<table><thead><tr><th>a&lt;</th><th class="number">n</th><th class="prose">p</th>'
        '<th class="fixed">k</th><th></th></tr></thead><tbody><tr><td>&lt;</td>'
        '<td class="number">1</td><td class="prose">x<br>y</td><td class="fixed">z</td>'
        "<td><b></b></td></tr></tbody></table>"
    )
    assert html.table(("", ""), [("a", "b")]) == (
        "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"
    )


def test_a_stacked_table_names_each_cell() -> None:
    headings = ("a", html.key_above("frozen", '<"b">'), "")
    table = html.table(headings, [("1", "2", "3")], numbers=headings[1:2], is_stacked=True)
    assert table.startswith('<table class="stacked"><thead><tr><th>a</th><th class="number"><i ')
    assert table.endswith(
        '<tr><td data-label="a">1</td><td class="number" data-label="&lt;&quot;b&quot;&gt;">2</td>'
        "<td>3</td></tr></tbody></table>"
    )


def test_a_heading_that_is_text_is_escaped_for_its_cells_too() -> None:
    table = html.table(("a", '<"b">'), [("1", "2")], is_stacked=True)
    assert "<th>&lt;&quot;b&quot;&gt;</th>" in table
    assert 'data-label="&lt;&quot;b&quot;&gt;">2</td>' in table


def test_bars_have_the_shares_and_their_names() -> None:
    counts = [("Operational", 3), ("Frozen", 0), (None, 1)]
    bar = (
        '<div class="bar">'
        '<div style="width:75.00%;background:#009e73" title="Operational: 3 (75.0%)"></div>'
        '<div style="width:25.00%;background:#7d7d7d" title="unknown: 1 (25.0%)"></div></div>'
    )
    keys = (
        '<div class="keys"><span><i class="key" style="background:#009e73"></i>Operational '
        '<b>3</b></span> · <span><i class="key" style="background:#7d7d7d"></i>unknown '
        "<b>1</b></span></div>"
    )
    assert html.bar(counts) == bar
    assert html.status_bar(counts) == bar + keys
    assert 'title="none: 1 (25.0%)"' in html.bar(counts, of="attention")
    assert "none <b>1</b>" in html.status_bar(counts, of="attention")
    assert 'title="x: 1,000 (100.0%)"' in html.bar([("x", 1000)])
    assert html.bar([]) == '<div class="bar"></div>'
    assert html.keys([("x", 1000)], title="a<: ").startswith('<div class="keys">a&lt;: <span>')
    assert "<b>1,000</b>" in html.keys([("x", 1000)])


def test_a_share_is_a_bar_of_its_length() -> None:
    assert html.share_bar("Frozen", 0.5) == (
        '<div class="track"><div class="share" style="width:50.00%;background:#b5d0dc"></div></div>'
    )
    assert html.share_bar("Frozen", 0) == '<div class="track"></div>'


# Styles


@pytest.mark.parametrize("style", [STYLE, PAGE_STYLE], ids=["notebook", "document"])
def test_a_style_is_whole(style: str) -> None:
    assert style.count("{") == style.count("}")
    assert not re.search(r"[{};][^:{}@]*;|XX|\{\{|\}\}\}", style)
    assert "url(" not in style
    assert "@import" not in style


def test_text_takes_the_colours_of_the_page() -> None:
    """No text has a colour of its own, so that its contrast is that of the page's own text."""
    colours = set(re.findall(r"(?<![-\w])color:([^;}]*)", PAGE_STYLE))
    assert colours == {"inherit"}
    assert not re.search(r"background:(?!none)", PAGE_STYLE)
    assert "color-scheme:light dark" in declarations(PAGE_STYLE, ":root")


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (33, 255), (255, 0), (255, 18), (225, 17)])
def test_notes_can_be_read(ink: int, paper: int) -> None:
    """Dimmed text keeps a contrast of 4.5 to 1 (WCAG AA) on pages that are light or dark."""
    dimmed = [float(value) for value in re.findall(r"opacity:([\d.]+)", PAGE_STYLE)]
    assert len(dimmed) >= 2
    for opacity in dimmed:
        assert contrast(ink * opacity + paper * (1 - opacity), paper) >= 4.5


def contrast(grey: float, other: float) -> float:
    dark, light = sorted(map(luminance, (grey, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(grey: float) -> float:
    share = grey / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def test_a_narrow_screen_gets_lists() -> None:
    narrow = media(STYLE, "screen and (max-width:640px)")
    assert ".stacked thead{display:none}" in narrow
    assert ".stacked td:first-child" in narrow
    assert 'td+td[data-label]::before{content:attr(data-label) ": "' in narrow
    assert "max-width:none;white-space:normal;overflow-wrap:anywhere" in narrow
    assert ".stacked td:empty{display:none}" in narrow
    *_, of_page = PAGE_STYLE.split("@media screen and (max-width:960px){")
    assert ".stacked thead{display:none}" in of_page
    assert media(PAGE_STYLE, "screen and (max-width:960px)").startswith("body{margin:1rem auto")


def test_wide_tables_scroll_within_the_notebook() -> None:
    assert "overflow-x:auto" in declarations(STYLE, ".fleetstatus")
    cells = declarations(STYLE, ".fleetstatus td")
    assert "white-space:nowrap" in cells
    assert "text-overflow:ellipsis" in cells
    assert "text-align:right" in declarations(STYLE, ".number")
    assert "white-space:normal" in declarations(STYLE, "td.prose")
    assert "white-space:normal" in declarations(STYLE, "th.number")
    assert "white-space:nowrap" in declarations(STYLE, "td.prose:first-child")


def test_print_keeps_colours_and_shows_what_is_folded() -> None:
    for name in (".bar div", ".share", ".key"):
        assert "print-color-adjust:exact" in declarations(STYLE, name)
    printed = media(STYLE, "print")
    assert "details::details-content{content-visibility:visible;display:block" in printed
    assert "{overflow:visible}" in printed
    assert "td{white-space:normal;overflow-wrap:break-word}" in printed


def test_what_is_shown_needs_no_script() -> None:
    for shown in (TABLE, TABLE[0], TABLE.summary("fleet"), TABLE.explain(0)):
        page = shown._repr_mimebundle_()["text/html"]
        assert "<script" not in page
        assert not re.search(r"\son\w+=|javascript:|https?://", page)
