"""How people keep lists: put things on them, take them off, tick them off, ask what is on them."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from datetime import datetime

from vasi.language.intents import EditList, Intent, ReadList
from vasi.language.lists import parted
from vasi.language.phrase import THE, Found, Table, trimmed

_NAME = rf"(?:(?:{THE}|a|an|a new|the new) )?(?P<list>(?:(?!(?:{THE}|a|an|new|note) )[\w'&-]+ ){{0,5}}?list(?: (?:for|of) [\w'-]+(?: [\w'-]+){{0,3}})?)(?: note)?"
_TOO = r"(?:,? (?:as well|too|please|again))*"
_OFF = r"(?:off|out|through|done|as (?:done|bought|finished|completed|ticked))"
_TICK = r"(?:tick|check|cross|mark|strike)"


def _name(found: Found) -> str:
    name = trimmed(found["list"])
    return "" if name.lower() == "list" else name


def _items(found: Found, group: str = "text") -> tuple[str, ...]:
    return tuple(parted(found.verbatim(group)))


def _add(found: Found, _: datetime | None) -> Intent:
    return EditList(_name(found), add=_items(found))


def _remove(found: Found, _: datetime | None) -> Intent:
    return EditList(_name(found), remove=_items(found))


def _tick(found: Found, _: datetime | None) -> Intent:
    return EditList(_name(found), tick=_items(found))


def _untick(found: Found, _: datetime | None) -> Intent:
    return EditList(_name(found), untick=_items(found))


def _clear(found: Found, _: datetime | None) -> Intent:
    return EditList(_name(found), clear=True)


def _make(found: Found, _: datetime | None) -> Intent:
    return EditList(_name(found), add=_items(found))


def _own(found: Found) -> bool:
    name = found.match.string[max(found.match.start("list") - 4, 0) : found.match.start("list")].lower()
    return name.endswith(("my ", "our ")) or _name(found).lower() in _KNOWN


def _read(found: Found, _: datetime | None) -> Intent:
    return ReadList(_name(found), own=_own(found))


def _ask(found: Found, _: datetime | None) -> Intent:
    return ReadList(_name(found), item=trimmed(found.verbatim("text")), own=_own(found))


def _add_there(found: Found, _: datetime | None) -> Intent:
    return EditList("", add=_items(found), needs_list=True)


def _remove_there(found: Found, _: datetime | None) -> Intent:
    return EditList("", remove=_items(found), needs_list=True)


_KNOWN = frozenset(
    ("shopping list", "grocery list", "to do list", "to-do list", "todo list", "packing list", "wish list", "task list")
)
"""Lists that people keep by voice, rather than have in documents."""

LISTING: Table = (
    (rf"(?:clear|empty|wipe)(?: (?:out|up))? {_NAME}", _clear),
    (rf"(?:remove|delete|take|clear|erase) everything (?:from|off|on|in)(?: of)? {_NAME}", _clear),
    (rf"(?:make|create|start|begin|write)(?: me)? {_NAME}(?:,? (?:with|of|containing|saying)|:|,) (?P<text>.+)", _make),
    (
        rf"(?:add|append|put|write|stick|include|get|note|jot)(?: down)? (?P<text>.+?) (?:to|on|onto|on to|in|into) {_NAME}{_TOO}",
        _add,
    ),
    (rf"(?:add|append|put|write)(?: down)? (?:to|on|onto|in|into) {_NAME}(?:[:,])? (?P<text>.+)", _add),
    (rf"(?:i|we) need (?P<text>.+?) on {_NAME}", _add),
    (rf"(?:untick|uncheck) (?P<text>.+?)(?: (?:on|in|from) {_NAME})?", _untick),
    (rf"{_TICK} off (?P<text>.+?)(?: (?:on|in|from|of) {_NAME})?{_TOO}", _tick),
    (rf"{_TICK} (?P<text>.+?) {_OFF}(?: (?:of |on |in |from )?{_NAME})?{_TOO}", _tick),
    (rf"(?:tick|check|cross) (?P<text>.+?) (?:on|in) {_NAME}", _tick),
    (
        rf"(?:remove|delete|take|erase|drop|strike|scratch|get rid of|cross)(?: off| out| away)? (?P<text>.+?) (?:from|off|off of|out of) {_NAME}{_TOO}",
        _remove,
    ),
    (
        rf"(?:what(?:'s| is| are| do i have| else is| have i got)(?: (?:all|still|left|there))? (?:on|in)|(?:read|show|tell|give|list|open)(?: me)?(?: (?:out|what's on|what is on))?"
        rf"|what does) {_NAME}(?: (?:say|again|aloud|now|out|out loud|to me))*",
        _read,
    ),
    (rf"(?:is|are|have i got|do i have)(?: there)?(?: any)? (?P<text>.+?)(?: already)? on {_NAME}", _ask),
)

SHORT: Table = (
    (
        r"(?!.*\bnotes?\b)(?:also |and )?(?:add|put) (?P<text>.+?)(?: (?:to it|on it|there|on there|as well|too))*",
        _add_there,
    ),
    (
        r"(?!.*\bnotes?\b)(?:remove|take off|delete|take away|take out) (?P<text>[^.:;]{1,60}?)(?: (?:from it|off it|from there|again))*",
        _remove_there,
    ),
    (r"take (?P<text>[^.:;]{1,60}?) (?:off|off it|away|out)", _remove_there),
)
