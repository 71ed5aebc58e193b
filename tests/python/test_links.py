"""Links of Markdown lead somewhere, and the checker of the site finds those that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from check_links import ROOT, broken_in_markdown, broken_in_site, markdown_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", markdown_files(), ids=lambda path: path.name)
def test_links_to_files_of_the_repository_lead_somewhere(path: Path) -> None:
    assert list(broken_in_markdown(path)) == []


def test_the_readme_and_all_pages_are_checked() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in markdown_files()}
    assert {"README.md", "notebooks/start.md", "notebooks/reference/tables.md"} <= names


def test_broken_links_of_markdown_are_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A heading, with `code`\n", encoding="utf-8")
    page = tmp_path / "page.md"
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "start.md").touch()
    own = "https://github.com/someone/fleetstatus/blob/main"
    site = "https://someone.github.io/fleetstatus"
    links = [
        "[good](other.md)",
        "[`good`](other.md#a-heading-with-code)",
        "[elsewhere](https://example.com/nowhere)",
        f"[good]({own}/other.md)",
        "`[no link](nowhere.md)`",
        "[bad](nowhere.md)",
        "[![bad](nowhere.svg)](other.md)",
        "[bad](other.md#nowhere)",
        f"[bad]({own}/nowhere.md)",
        f"[good]({site}/start.html#anywhere)",
        f"[bad]({site}/nowhere.html)",
    ]
    page.write_text("\n".join(links), encoding="utf-8")
    assert list(broken_in_markdown(page, tmp_path)) == [
        "page.md: nowhere.md",
        "page.md: nowhere.svg",
        "page.md: other.md#nowhere",
        f"page.md: {own}/nowhere.md",
        f"page.md: {site}/nowhere.html",
    ]


def test_broken_links_of_a_site_are_found(tmp_path: Path) -> None:
    (tmp_path / "style.css").touch()
    (tmp_path / "other page.html").write_text('<p id="here">', encoding="utf-8")
    (tmp_path / "index.html").write_text(
        '<link rel="stylesheet" href="style.css"><a href="other%20page.html#here">good</a>'
        '<a href="#">top</a><a href="https://example.com">elsewhere</a><img src="data:image/png,">'
        '<link rel="canonical" href="https://example.com/page">'
        '<a href="nowhere.html">bad</a><a href="other%20page.html#gone">bad</a>'
        '<a href="#gone">bad</a><script src="https://example.com/a.js"></script>'
        '<link rel="stylesheet" href="//example.com/a.css">',
        encoding="utf-8",
    )
    assert list(broken_in_site(tmp_path)) == [
        "index.html: nowhere.html",
        "index.html: other%20page.html#gone",
        "index.html: #gone",
        "index.html: loads https://example.com/a.js",
        "index.html: loads //example.com/a.css",
    ]
