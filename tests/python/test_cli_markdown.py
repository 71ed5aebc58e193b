"""Markdown of the command line: a reader shows names as they are, and times without backslashes."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import fleetstatus as fs
from command_line import NOW, as_input, disconnected, invoke, numbered, record
from fleetstatus._report.report import report_on
from fleetstatus._words.text import visible
from fleetstatus.cli._markdown import to_markdown

NAMES = [
    "*bold*",
    "_x_ __y__",
    "[link](http://example.org)",
    "![image](x)",
    "<b>bold</b>",
    "<!-- comment -->",
    "`code` ``",
    "a | b",
    "back\\slash \\| \\",
    "# heading",
    "~~struck~~",
    "&lt; &amp; &#35;",
    "- item",
    "1. item",
    "1) item",
    "> quote",
    "[x]: http://example.org",
    "two\nlines",
    "---",
    "===",
    "+ plus",
    "trailing #",
    "snake_case_name",
    "2026-11-01 12:00:00Z",
    "    indented",
    "https://example.org www.example.org a@example.org",
]


class Texts(HTMLParser):
    """Texts of the cells of a page, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.add(tag)
        if tag in {"td", "h1", "h2", "li", "p"}:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def rendered(text: str) -> Texts:
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Texts(reader.render(text))


def report_with(name: str, **fields: Any) -> str:
    records = numbered(disconnected(**fields), record(is_frozen=True))
    records[0]["device_name"] = name
    records[0]["belongs_to__application"] = [{"id": 1, "slug": name}]
    table = fs.classify(records, now=NOW)
    return to_markdown(report_on(table, source=name), lambda attention: f"list {attention}")


def as_shown(text: str) -> str:
    """Text as a reader shows it, which makes one space of several."""
    return " ".join(visible(text).split())


@pytest.mark.parametrize("name", NAMES)
def test_names_are_shown_as_they_are(name: str) -> None:
    page = rendered(report_with(name))
    allowed = {"h1", "h2", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}
    assert page.tags <= allowed
    shown = [" ".join(cell.split()) for cell in page.cells]
    assert shown.count(as_shown(name)) >= 3  # the heading, the device and its fleet


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab1 *_`[]()<>#+-.!|~&;:@\\/=\n", min_size=1, max_size=12))
def test_no_name_makes_markup(name: str) -> None:
    page = rendered(report_with(f"x{name}x"))
    assert as_shown(f"x{name}x") in [" ".join(cell.split()) for cell in page.cells]


def test_nothing_has_a_backslash_that_is_not_needed() -> None:
    done = invoke("audit", fs.sample_fleet(), "--format", "md")
    assert "\\" not in done.out
    assert "2026-11-01 12:00:00Z" in done.out


def test_a_command_is_quoted_as_code_whatever_the_file_is_called(tmp_path: Any) -> None:
    path = tmp_path / "a`b``c.json"
    path.write_bytes(as_input(*numbered(disconnected(), disconnected())))
    done = invoke("audit", path, "--format", "md", "--limit", "1")
    page = rendered(done.out)
    assert any(f"fleetstatus list '{path}' --class disconnected" in cell for cell in page.cells)
