"""A page read back: as strict XML, and as a browser's lenient parser sees its tags."""

from __future__ import annotations

import html.parser
from collections.abc import Iterator
from xml.etree import ElementTree as Tree

__all__ = ["Tags", "headings", "parsed", "rows", "shown", "tags"]


def parsed(page: str) -> Tree.Element:
    """Return the tree of a page that is well-formed XML."""
    assert page.startswith("<!DOCTYPE html>\n")
    return Tree.fromstring(page)  # noqa: S314 (our own page)


def text_of(node: Tree.Element) -> str:
    """Return all text below a node, white space joined."""
    return " ".join("".join(node.itertext()).split())


def rows(root: Tree.Element) -> list[list[str]]:
    """Return the cells of every row of every table."""
    return [[text_of(cell) for cell in row] for row in root.iter("tr")]


def headings(root: Tree.Element) -> list[tuple[int, str]]:
    """Return level and text of every heading in order."""
    return [(int(n.tag[1]), text_of(n)) for n in root.iter() if n.tag in ("h1", "h2", "h3", "h4", "h5", "h6")]


def shown(root: Tree.Element) -> Iterator[str]:
    """Yield every text a person can see or hear, without the styles."""
    for node in root.iter():
        if node.tag != "style" and node.text and node.text.strip():
            yield node.text
        if node.tail and node.tail.strip():
            yield node.tail


class Tags(html.parser.HTMLParser):
    """Collects (tag, attribute) pairs and all attribute values."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.names: set[tuple[str, str]] = set()
        self.values: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.names.add((tag, ""))
        for name, value in attrs:
            self.names.add((tag, name))
            self.values.append((tag, name, value or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an empty tag."""
        self.handle_starttag(tag, attrs)

    def handle_comment(self, data: str) -> None:
        """Note a comment, of which the page has none."""
        self.names.add(("comment", data))

    def unknown_decl(self, data: str) -> None:
        """Note a declaration, of which the page has one."""
        self.names.add(("declaration", data))

    def handle_pi(self, data: str) -> None:
        """Note a processing instruction, of which the page has none."""
        self.names.add(("instruction", data))


def tags(page: str) -> Tags:
    """Return the tags of a page."""
    found = Tags()
    found.feed(page)
    found.close()
    return found
