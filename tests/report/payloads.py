"""Texts that would run, load or break something on a page that did not escape them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tests.report.reading import tags

__all__ = ["FIXED", "HARMLESS", "PAYLOADS", "every_payload", "skeleton", "with_each", "with_many"]

Page = Callable[[Callable[[str], str]], str]
"""Renders a page of which every text went through a function."""
HARMLESS = "harmless "
FIXED = frozenset({"href", "id", "class", "fill", "aria-labelledby", "content", "role"})
"""Attributes that hold no text of anybody."""

_RUN = "window.pwned=1;alert(1)"
PAYLOADS: tuple[str, ...] = (
    f"<script>{_RUN}</script>",
    f"</script><script>{_RUN}</script>",
    f"</style><script>{_RUN}</script>",
    f"</title><script>{_RUN}</script>",
    f"</desc></svg><script>{_RUN}</script>",
    f"<ScRiPt>{_RUN}</sCrIpT>",
    f"<script/x>{_RUN}</script>",
    f"<script\n>{_RUN}</script >",
    f"<<script>script>{_RUN}//<</script>",
    "<script src=https://example.org/x.js></script>",
    "<script src=//example.org/x.js></script>",
    f"<img src=x onerror={_RUN}>",
    f'"><img src=x onerror="{_RUN}">',
    f"'><img src=x onerror='{_RUN}'>",
    f"<img src='x'onerror='{_RUN}'/>",
    "<img src=https://example.org/pixel.png>",
    f"<svg onload={_RUN}>",
    f"<svg/onload={_RUN}//",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<svg><set onbegin={_RUN} attributename=x />",
    "<svg><use href='data:image/svg+xml,<svg/>#x'/></svg>",
    f"<svg><foreignObject><body onload={_RUN}></foreignObject></svg>",
    f"<math><mtext></p><img src onerror={_RUN}>",
    f"<body onload={_RUN}>",
    f"<body onpageshow={_RUN}>",
    f"<iframe src='javascript:{_RUN}'></iframe>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'>",
    "<iframe src=https://example.org/></iframe>",
    f"<object data='javascript:{_RUN}'>",
    "<embed src=https://example.org/x.swf>",
    f"<a href='javascript:{_RUN}'>x</a>",
    f"javascript:{_RUN}",
    f"JaVaScRiPt:{_RUN}",
    f"data:text/html,<script>{_RUN}</script>",
    "<base href=https://example.org/>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<style>@import 'https://example.org/x.css';</style>",
    "<style>*{background:url(https://example.org/x)}</style>",
    f"<form action=javascript:{_RUN}><input type=submit autofocus onfocus={_RUN}>",
    f"<input autofocus onfocus={_RUN}>",
    f"<details open ontoggle={_RUN}>",
    f"<video><source onerror={_RUN}></video>",
    f"<audio src=x onerror={_RUN}>",
    f"<marquee onstart={_RUN}>",
    f'" autofocus tabindex=1 onfocus="{_RUN}',
    f"' onmouseover='{_RUN}",
    f"` onclick=`{_RUN}`",
    f'" style="background:url(https://example.org/x)" onclick="{_RUN}',
    "}</style><style>body{display:none}",
    "expression(alert(1));background:url(javascript:alert(1))",
    "url(#x);fill:url(https://example.org/x.svg#y)",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "&#60;script&#62;window.pwned=1&#60;/script&#62;",
    "&amp;&quot;&apos;&nbsp;&unknown; & < > \" '",
    "<!--><script>window.pwned=1</script-->",
    "]]><script>window.pwned=1</script><![CDATA[",
    "<?xml-stylesheet href='https://example.org/x.xsl'?>",
    f"{{{{ 7*7 }}}}{{% import 'os' as os %}}${{{_RUN}}}{{}}%s%(x)s{{0}}{{name!r}}",
    f"<template><img src onerror={_RUN}></template>",
    "\x00<scr\x00ipt>window.pwned=1</scr\x00ipt>\x0b\x1b[31m",
    "\u202e<tpircs/>\u2066\u2028\u2029\ufeff\ufffe",
    f"＜script＞{_RUN}＜/script＞",
    "+ADw-script+AD4-window.pwned=1+ADw-/script+AD4-",
)


def every_payload(first: int = 0) -> Callable[[str], str]:
    """Return a function that puts a payload before each text, every time the same and for the next text the next."""
    said: dict[str, str] = {}

    def say(text: str) -> str:
        return said.setdefault(text, PAYLOADS[(len(said) + first) % len(PAYLOADS)] + text)

    return say


def skeleton(page: str, fixed: Iterable[str] = FIXED) -> tuple[Any, ...]:
    """Return the tags of a page with their attributes, and the values of those that hold no text of anybody."""
    found = tags(page)
    return found.names, [one for one in found.values if one[1] in fixed]


def with_each(page: Page, of: Callable[[str], Any] = skeleton) -> list[str]:
    """Return the payloads that do not stay text on a page when all its texts begin with them."""
    harmless = of(page(lambda text: HARMLESS + text))
    return [payload for payload in PAYLOADS if of(page(lambda text, before=payload: before + text)) != harmless]


def with_many(page: Page, of: Callable[[str], Any] = skeleton, turns: int = 5) -> list[str]:
    """Return the payloads that do not stay text on a page that holds all of them, in several orders.

    What stands in which order is not compared: here texts of equal rank begin with different payloads.
    """

    def unordered(page: str) -> list[Any]:
        return [sorted(part) if isinstance(part, list) else part for part in of(page)]

    harmless = unordered(page(lambda text: HARMLESS + text))
    starts = range(0, len(PAYLOADS), len(PAYLOADS) // turns)
    if all(unordered(page(every_payload(first))) == harmless for first in starts):
        return []
    return with_each(page, of) or ["only several of them together"]
