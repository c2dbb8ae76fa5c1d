"""How people keep lists in English: put things on them, take them off, tick them off, ask what is on them."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language import builders as to
from vasi.language.locales.english_words import THE
from vasi.language.phrase import Table

_NAME = rf"(?:(?:{THE}|a|an|a new|the new) )?(?P<list>(?:(?!(?:{THE}|a|an|new|note) )[\w'&-]+ ){{0,5}}?list(?: (?:for|of) [\w'-]+(?: [\w'-]+){{0,3}})?)(?: note)?"
_TOO = r"(?:,? (?:as well|too|please|again))*"
_OFF = r"(?:off|out|through|done|as (?:done|bought|finished|completed|ticked))"
_TICK = r"(?:tick|check|cross|mark|strike)"

LISTING: Table = (
    (rf"(?:clear|empty|wipe)(?: (?:out|up))? {_NAME}", to.clear),
    (rf"(?:remove|delete|take|clear|erase) everything (?:from|off|on|in)(?: of)? {_NAME}", to.clear),
    (
        rf"(?:make|create|start|begin|write)(?: me)? {_NAME}(?:,? (?:with|of|containing|saying)|:|,) (?P<text>.+)",
        to.add,
    ),
    (
        rf"(?:add|append|put|write|stick|include|get|note|jot)(?: down)? (?P<text>.+?) (?:to|on|onto|on to|in|into) {_NAME}{_TOO}",
        to.add,
    ),
    (rf"(?:add|append|put|write)(?: down)? (?:to|on|onto|in|into) {_NAME}(?:[:,])? (?P<text>.+)", to.add),
    (rf"(?:i|we) need (?P<text>.+?) on {_NAME}", to.add),
    (rf"(?:untick|uncheck) (?P<text>.+?)(?: (?:on|in|from) {_NAME})?", to.untick),
    (rf"{_TICK} off (?P<text>.+?)(?: (?:on|in|from|of) {_NAME})?{_TOO}", to.tick),
    (rf"{_TICK} (?P<text>.+?) {_OFF}(?: (?:of |on |in |from )?{_NAME})?{_TOO}", to.tick),
    (rf"(?:tick|check|cross) (?P<text>.+?) (?:on|in) {_NAME}", to.tick),
    (
        rf"(?:remove|delete|take|erase|drop|strike|scratch|get rid of|cross)(?: off| out| away)? (?P<text>.+?) (?:from|off|off of|out of) {_NAME}{_TOO}",
        to.remove,
    ),
    (
        rf"(?:what(?:'s| is| are| do i have| else is| have i got)(?: (?:all|still|left|there))? (?:on|in)|(?:read|show|tell|give|list|open)(?: me)?(?: (?:out|what's on|what is on))?"
        rf"|what does) {_NAME}(?: (?:say|again|aloud|now|out|out loud|to me))*",
        to.read_list_aloud,
    ),
    (rf"(?:is|are|have i got|do i have)(?: there)?(?: any)? (?P<text>.+?)(?: already)? on {_NAME}", to.ask_list),
)

SHORT: Table = (
    (
        r"(?!.*\bnotes?\b)(?:also |and )?(?:add|put) (?P<text>.+?)(?: (?:to it|on it|there|on there|as well|too))*",
        to.add_there,
    ),
    (
        r"(?!.*\bnotes?\b)(?:remove|take off|delete|take away|take out) (?P<text>[^.:;]{1,60}?)(?: (?:from it|off it|from there|again))*",
        to.remove_there,
    ),
    (r"take (?P<text>[^.:;]{1,60}?) (?:off|off it|away|out)", to.remove_there),
)
