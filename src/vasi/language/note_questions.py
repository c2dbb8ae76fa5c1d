"""How people ask for what they noted."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from datetime import datetime

from vasi.language.appointments import DAY_AHEAD, days_ahead
from vasi.language.dates import DAYS, MONTHS, number_of
from vasi.language.intents import THAT, FindDated, Intent, ListNotes, Question, ReadNote
from vasi.language.phrase import (
    ABOUT,
    ASKER,
    NOTE,
    NOTES,
    NTH_NOTE,
    ORDER,
    OWN,
    PUT_DOWN,
    Build,
    Found,
    Table,
    about_notes,
    always,
    nth_note,
    trimmed,
)


def _find(*groups: str) -> Build:
    return lambda found, now: about_notes(" ".join(found[group] or "" for group in groups), now)


def _dated(found: Found, now: datetime | None) -> Intent:
    when = trimmed(found["when"])
    days = [] if now is None else days_ahead(when, now)
    said = when.lower().removeprefix("on ").removeprefix("in ").removeprefix("during ")
    named = " ".join(word.title() if word in _NAMES else word for word in said.split(" "))
    return FindDated(days[0], named) if days else Question(found.match.string)


def _count(found: Found, now: datetime | None) -> Intent:
    about = about_notes(found["topic"], now)
    return ListNotes(about.period, count=True) if isinstance(about, ListNotes) else about


def _newest(found: Found, _: datetime | None) -> Intent:
    return ListNotes(limit=number_of(found["count"] or "one") or 1)


def _oldest(found: Found, _: datetime | None) -> Intent:
    return ListNotes(limit=number_of(found["count"] or "one") or 1, oldest=True)


def _read_nth(found: Found, _: datetime | None) -> Intent:
    return ReadNote(nth_note(found))


_READ = r"(?:read|show|tell|give|play|repeat|open|what(?:'s| is| was| does| did))(?: me)?(?: back| about)?"
_NAMES = frozenset((*DAYS, *MONTHS))
FINDING: Table = (
    (
        r"(?:and |so )?(?:what|(?:is there |do i have |have i got )?(?:anything|something|an appointment|any appointments|any plans))(?: else)?"
        r"(?:(?:'s| is)(?: there)?(?: on)?| do i have(?: to do)?| have i got| are my (?:plans|appointments|dates))?"
        r"(?: (?:planned|noted|going on|coming up|due|scheduled|in my (?:calendar|diary)|on my (?:calendar|agenda)))?"
        rf"(?: (?:on|in|for))? (?P<when>{DAY_AHEAD}(?: (?:to|until|till|through) {DAY_AHEAD})?)",
        _dated,
    ),
    (rf"(?:what are |show me |read )?my (?:appointments|plans|dates)(?: (?:on|in|for))? (?P<when>{DAY_AHEAD})", _dated),
    (
        rf"(?:{_READ} )?(?:the |my )?(?:oldest|earliest|first)(?: (?P<count>two|three|four|five|six|seven|eight|nine|ten|\\d{{1,2}}))? notes?"
        r"(?: (?:i (?:took|made|wrote)|again|aloud|out loud|say|to me|on))*",
        _oldest,
    ),
    (rf"{_READ}(?: (?:the|my))? {NTH_NOTE}(?: (?:again|aloud|out loud|say|to me|on the list))*", _read_nth),
    (rf"{_READ} (?:that|this|the) note(?: (?:again|aloud|out loud|to me|once more|say|says))*", always(ReadNote(THAT))),
    (
        r"how many notes(?: (?:do i have|are there|did i (?:take|make|write)|have i (?:taken|made|written|got)))?(?P<topic>.*)",
        _count,
    ),
    (
        rf"(?:(?:read|show|tell|give|play|repeat|list|what(?:'s| is| was| were| are))(?: me)?(?: back)? )?(?:the |my )?{ORDER}"
        r"(?: (?P<count>\w+))? notes?(?: (?:i (?:took|made|wrote)|again|aloud|out loud|say|to me))*",
        _newest,
    ),
    (
        rf"(?:what(?:'s| is| was)|read(?: me)?|show(?: me)?) the {ORDER} thing (?:that )?i (?:noted|wrote|said|told you)(?: down)?"
        r"|what did i (?:just|last) (?:note|write|say|tell you)(?: down)?",
        always(ListNotes(limit=1)),
    ),
    (
        rf"{ASKER}(?: (?:notes?|things?|else|all|exactly))? (?:(?:did|have|had) i (?:just |already |ever )?{PUT_DOWN}"
        r"|did i (?:take|make)(?= notes?| a note)|(?:did|have) i (?:ask|asked|tell|told) you to (?:remember|note|write down))"
        r"(?: (?:down|notes?|a note))*(?P<topic>.*)",
        _find("topic"),
    ),
    (
        rf"{ASKER} (?:did|have) i (?:say|said|tell you|told you|mention|mentioned)(?: to you)?(?P<topic> .+)",
        _find("topic"),
    ),
    (r"(?:that |what )i (?:said|noted|wrote|told you|mentioned)(?: down)?(?P<topic>.*)", _find("topic")),
    (
        r"did i (?:ever |already )?(?:note|write|mention|tell you|say|take a note|make a note)(?: (?:down|anything|something))*"
        r"(?P<topic> .+)",
        _find("topic"),
    ),
    (
        r"(?:do|did|have) i (?:have|got|take|make|taken|made|write|written)?(?: got)?(?: (?:a|any|some|the|my))*"
        rf" ?{NOTE}(?: down)?(?P<topic> {ABOUT} .+)",
        _find("topic"),
    ),
    (rf"(?:is|are|was|were) there (?:a|any|some) {NOTE}(?P<topic> {ABOUT} .+)", _find("topic")),
    (
        r"(?:(?:what|which) notes? (?:do i have|are there|have i (?:taken|made|got)|did i (?:take|make|write))"
        r"|(?:do i have|are there|have i got|have i taken)(?: (?:any|some|my|a))* notes?|what are (?:all )?my notes)(?P<topic>.*)",
        _find("topic"),
    ),
    (
        rf"{ASKER}(?:'s|'re)?(?: (?:do|does|did|is|are|was))?(?: (?:in|on))? my notes?"
        r"(?: (?:say|said|tell me|tell|have|mention))*(?P<topic>.*)|what (?:do|does|did) the notes? say(?P<other>.*)",
        _find("topic", "other"),
    ),
    (
        rf"(?:search|check|look (?:in|through|at)|go through|scan|consult)(?: (?:in|through))? {NOTES}"
        r"(?: (?:for|about|on|and|to see|if|what|whether))*(?P<topic>.*)",
        _find("topic"),
    ),
    (
        rf"(?:find|search(?: for)?|look up|look for|pull up|get|open|locate)(?: me)?(?: {OWN})*+ notes?(?P<topic> .+)",
        _find("topic"),
    ),
    (rf"(?:(?:any|what about|and|the|my) )+notes?(?P<topic> {ABOUT} .+)", _find("topic")),
    (
        rf"what(?:'s| is| was| are| were) (?:my|the|that|in the|in my) notes?(?P<topic> {ABOUT} .+)",
        _find("topic"),
    ),
    (
        r"do you (?:still )?(?:remember|recall) (?:what i (?:said|told you|noted|wrote)(?: down)?)?(?P<topic>.*)",
        _find("topic"),
    ),
    (r"what do you remember(?P<topic>.*)", _find("topic")),
    (
        r"according to my notes,? (?P<topic>.+)|(?P<other>.+?),? according to my notes",
        _find("topic", "other"),
    ),
    (
        r"(?:read|list|show|tell|give|play|go through|display|recite|see|hear)(?: me)?(?: (?:out|back|about|aloud))*"
        rf" {NOTES}(?P<topic>.*)",
        _find("topic"),
    ),
    (r"(?:all |all of )?(?:my )?notes(?P<topic>(?: (?:from|of|for|since|before) .*)?)", _find("topic")),
    (
        r"(?:(?:read|show|list|give|tell)(?: me)? )?(?P<topic>(?:yesterday|today|this morning|last (?:week|month|night)|(?:last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
        r"(?:'s)?) notes?",
        _find("topic"),
    ),
)
