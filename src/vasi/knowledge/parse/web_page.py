"""A page of the web: its main part, its title and its date, without what stands around every page of its site.

The main part is what the page itself calls so (``<main>``, a single ``<article>``); where it doesn't, menus, headers,
feet, side columns and blocks made of links are left out. If hardly anything is left, the whole page is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from vasi.knowledge.parse import html
from vasi.knowledge.parse.blocks import Block, Parsed, clean

_LEAST_SHARE: Final = 0.1
"""A main part with less of the page's text isn't it."""
_AROUND: Final = frozenset({"nav", "aside", "header", "footer", "dialog", "form"})
_ROLES: Final = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu", "menubar"}
)
_LINKED_SHARE: Final = 0.75
_LINKS: Final = 4
"""A block with so many links, and hardly any text beside them, is a menu."""
_LINK_BLOCKS: Final = frozenset({"div", "ul", "ol", "section", "table", "dl"})
_DATES: Final = ("article:modified_time", "article:published_time", "date", "dc.date", "datePublished", "dateModified")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_SITE: Final = re.compile(r"\s[|–—·»-]\s")
"""What separates the title of a page from the name of its site."""
_MAX_SCRIPT: Final = 200_000
_UNREAD: Final = frozenset({"script", "style", "noscript", "template"})


@dataclass(slots=True)
class _Extent:
    """How much is in an element: characters that aren't white space, those of them in links, and links."""

    text: int = 0
    linked: int = 0
    links: int = 0


def parse(text: str) -> Parsed:
    """The blocks of the main part of a page in HTML; its date is the first of them."""
    root, warnings = html.tree(text)
    if root is None:
        return Parsed([], warnings=warnings)
    title, date = _title(root), _date(root)
    extents = _measure(root)
    main = _main(root)
    if main is None or extents[main].text < _LEAST_SHARE * extents[root].text:
        _prune(root, extents)
        main = root
    parsed = html.blocks(main)
    blocks = parsed.blocks
    if date and blocks:
        blocks.insert(1 if blocks[0].kind == "heading" else 0, Block(f"Date: {date}"))
    return Parsed(blocks, title=title, warnings=[*warnings, *parsed.warnings])


def _measure(root: Any) -> dict[Any, _Extent]:
    """How much is in each element."""
    extents: dict[Any, _Extent] = {}
    walk = html.etree.iterwalk(root, events=("start", "end"))
    skipped: Any = None
    for event, element in walk:
        if event == "start":
            extents[element] = _Extent()
            if element.tag in _UNREAD:
                skipped = element
                walk.skip_subtree()
            else:
                extents[element].text += _characters(element.text)
            continue
        extent, parent = extents[element], element.getparent()
        if element is skipped:
            skipped = None
        elif element.tag == "a":
            extent.linked, extent.links = extent.text, 1
        if parent is not None and parent in extents:
            above = extents[parent]
            above.text += extent.text + _characters(element.tail)
            above.linked += extent.linked
            above.links += extent.links
    return extents


def _characters(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def _main(root: Any) -> Any | None:
    mains = [one for one in root.iter("main") if "hidden" not in one.attrib and one.get("aria-hidden") != "true"]
    mains = mains or root.xpath("//*[@role='main']")
    if len(mains) == 1:
        return mains[0]
    articles = [one for one in root.iter("article") if next(one.iterancestors("article"), None) is None]
    return articles[0] if len(articles) == 1 else None


def _prune(root: Any, extents: Mapping[Any, _Extent]) -> None:
    """Take out what stands around the text, unless that leaves hardly anything."""
    around: list[Any] = []
    walk = html.etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if isinstance(element.tag, str) and (_stands_around(element) or _is_menu(element, extents[element])):
            around.append(element)
            walk.skip_subtree()
    taken = sum(extents[element].text for element in around)
    if extents[root].text - taken >= _LEAST_SHARE * extents[root].text:
        for element in around:
            _remove(element)


def _stands_around(element: Any) -> bool:
    if element.get("role") in _ROLES:
        return True
    # A header within an article is its own.
    return element.tag in _AROUND and next(element.iterancestors("article", "section"), None) is None


def _is_menu(element: Any, extent: _Extent) -> bool:
    if element.tag not in _LINK_BLOCKS or extent.links < _LINKS:
        return False
    return extent.linked >= _LINKED_SHARE * extent.text


def _remove(element: Any) -> None:
    """Take an element out of its tree; what stands behind it stays."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


# --- title and date -------------------------------------------------------------------------------------------------
def _title(root: Any) -> str:
    headings = [clean("".join(one.itertext())).replace("\n", " ") for one in root.iter("h1")]
    titles = [clean("".join(one.itertext())) for one in root.iter("title")]
    named = (_meta(root, "og:title") or next(filter(None, titles), "")).replace("\n", " ")
    # The name of the site is told by what the page calls itself, or stands behind the last separator.
    for heading in headings:
        rest = named[len(heading) :]
        if heading and named.lower().startswith(heading.lower()) and (not rest or _SITE.match(rest)):
            return heading
    parts = _SITE.split(named)
    return parts[0].strip() if len(parts) > 1 and len(parts[0]) >= 3 else named or next(filter(None, headings), "")


def _date(root: Any) -> str:
    """When it was last changed or published, as ``2026-05-01``; "" if it doesn't say so."""
    stated = [_meta(root, name) for name in _DATES[:2]]
    stated += list(_json_dates(root))
    stated += [_meta(root, name) for name in _DATES[2:]]
    stated += [one.get("datetime") or "" for one in root.iter("time") if one.get("pubdate") is not None]
    articles = list(root.iter("article"))
    if len(articles) == 1:
        stated += [one.get("datetime") or "" for one in articles[0].iter("time")][:1]
    return next((match.group() for text in stated if (match := _DATE.match(text.strip()))), "")


def _meta(root: Any, name: str) -> str:
    for element in root.iter("meta"):
        keys = (element.get("property"), element.get("name"), element.get("itemprop"))
        if any(key is not None and key.lower() == name.lower() for key in keys):
            return clean(element.get("content") or "")
    return ""


def _json_dates(root: Any) -> Iterator[str]:
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json" or not script.text or len(script.text) > _MAX_SCRIPT:
            continue
        try:
            stated: object = json.loads(script.text)
        except (ValueError, RecursionError):
            continue
        records = cast("list[object]", stated) if isinstance(stated, list) else [stated]
        for record in records:
            if isinstance(record, Mapping):
                fields = cast("Mapping[str, object]", record)
                yield from (str(fields[name]) for name in ("dateModified", "datePublished") if name in fields)
