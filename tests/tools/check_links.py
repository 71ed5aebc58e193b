"""Check the links of the site and of the repository's Markdown, without a network.

``python tests/tools/check_links.py build/docs`` prints links that lead nowhere, and exits with 1 if
there are any. Links to other hosts are not followed; but a page must load nothing from them.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
_LOADS_NOTHING = {"canonical", "next", "prev", "index", "search", "genindex", "author"}
_MARKDOWN_LINK = re.compile(r"\]\(<?([^()\s>]+)>?\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_OWN_PAGE = re.compile(r"https://github\.com/[^/]+/fleetstatus/(?:blob|tree|raw)/[^/]+/(.*)")
_OWN_SITE = re.compile(r"https://[^/]+\.github\.io/fleetstatus/([^#]*)\.html(?:#.*)?")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


class Link(NamedTuple):
    """What a page refers to, and whether a browser loads it by itself."""

    target: str
    is_loaded: bool


class Page(HTMLParser):
    """Links and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a tag refers to, and its names."""
        of_tag = dict(attrs)
        self.anchors.update(name for key in ("id", "name") if (name := of_tag.get(key)))
        relations = set((of_tag.get("rel") or "").split())
        target = of_tag.get(_LOADED.get(tag, "href"))
        if target:
            self.links.append(Link(target, tag in _LOADED and not relations & _LOADS_NOTHING))


def broken_in_site(site: Path) -> Iterator[str]:
    """Say which links of a built site lead nowhere, and what it loads from other hosts."""
    pages = {path: Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        for target, is_loaded in page.links:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                if is_loaded and parts.scheme != "data":
                    yield f"{path.relative_to(site)}: loads {target}"
            elif not _leads_somewhere(pages, path, parts.path, unquote(parts.fragment)):
                yield f"{path.relative_to(site)}: {target}"


def _leads_somewhere(pages: dict[Path, Page], path: Path, wanted: str, anchor: str) -> bool:
    target = (path.parent / unquote(wanted)).resolve() if wanted else path
    if target not in pages:
        return target.is_file()
    return not anchor or anchor in pages[target].anchors


def broken_in_markdown(path: Path, root: Path = ROOT) -> Iterator[str]:
    """Say which links of a Markdown file to files of the repository lead nowhere."""
    text = path.read_text("utf-8")
    for target in _MARKDOWN_LINK.findall(_CODE.sub("", text)):
        if (page := _OWN_SITE.fullmatch(target)) and not _is_page(root / "notebooks" / page[1]):
            yield f"{path.relative_to(root)}: {target}"
        own = _OWN_PAGE.fullmatch(target)
        parts = urlsplit(own[1] if own else target)
        if parts.scheme or parts.netloc:
            continue
        start = root if own else path.parent
        wanted = start / unquote(parts.path) if parts.path else path
        if not wanted.exists() or not _has_heading(wanted, parts.fragment):
            yield f"{path.relative_to(root)}: {target}"


def _is_page(without_ending: Path) -> bool:
    return any(Path(f"{without_ending}{ending}").is_file() for ending in (".md", ".ipynb"))


def _has_heading(path: Path, anchor: str) -> bool:
    if not anchor or path.suffix != ".md":
        return True
    headings = _HEADING.findall(path.read_text("utf-8"))
    return anchor in {_anchor_of(heading) for heading in headings}


def _anchor_of(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def markdown_files(root: Path = ROOT) -> list[Path]:
    """Give the files that are read on a code host: at the top, and the pages."""
    return [*sorted(root.glob("*.md")), *sorted((root / "notebooks").rglob("*.md"))]


def main() -> None:
    """Check the site that is named, and all Markdown."""
    site = Path(sys.argv[1]).resolve()
    broken = list(broken_in_site(site))
    for path in markdown_files():
        broken += broken_in_markdown(path)
    print(*broken, sep="\n")
    print(f"{len(list(site.rglob('*.html')))} pages, {len(broken)} broken links")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
