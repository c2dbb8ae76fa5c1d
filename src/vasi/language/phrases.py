"""The phrases of each intent: a table of patterns, read from top to bottom; the first that fits decides.

Order matters: asking about notes stands before taking them, so that "what did I note" is never written
down. ``_NOTE`` accepts what a recogniser makes of "note" ("take a no that ...") where a command leaves no
doubt. Every pattern has to fit the whole utterance.
"""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from vasi.language.dates import Period, find_period, number_of
from vasi.language.intents import (
    LAST,
    AskClock,
    ChangeNote,
    DeleteNote,
    FindNotes,
    Intent,
    ListNotes,
    Repeat,
    SmallTalk,
    TakeNote,
    Talk,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that fitted an utterance.

    Attributes:
        match: in the utterance with single spaces and plain apostrophes.
        original: the utterance as it came.
        origins: for each character that was matched against, and for the end, its place in ``original``.
    """

    match: re.Match[str]
    original: str
    origins: Sequence[int]

    def __getitem__(self, group: str) -> str | None:
        return self.match[group]

    def verbatim(self, group: str) -> str:
        """What the user really wrote there: every mark, space and line break; only white space around it goes."""
        start, end = self.match.span(group)
        return self.original[self.origins[start] : self.origins[end]].strip() if start >= 0 else ""

    def said_after_colon(self, group: str) -> bool:
        """Whether a colon stands in front, as people write what is to be taken word by word."""
        return self.match.string[: self.match.start(group)].rstrip().endswith(":")


Build: TypeAlias = Callable[[Found, datetime | None], Intent]
Phrases: TypeAlias = tuple[tuple[re.Pattern[str], Build], ...]

LONGEST_COMMAND = 400
"""Characters; a longer utterance can only be a note to take, or a question."""

HELLO = r"(?:hello|hi|hey|hiya|good (?:morning|afternoon|evening|day))"


# --- builders -----------------------------------------------------------------------------------------
def trimmed(text: str | None) -> str:
    """``text`` without the punctuation and white space around it."""
    return (text or "").strip(" \t\r\n,.;:!?-–—\"'“”‘’")


_ABOUT = r"(?:about|on|regarding|concerning|for|with|of|mentioning|containing|saying|called|that (?:says?|mentions?)|where|which)"
_ORDER = r"(?:last|latest|most recent|newest|previous)"
_LAST_NOTE = re.compile(rf"(?:the |my )?(?:{_ORDER}|that|this|it)(?: (?:one|note))?", re.IGNORECASE)
_NO_TOPIC = re.compile(
    r"(?:(?:do|did|have|i|you|me|from|for|on|in|of|the|my|down|all|any|that|there|to|out|loud|aloud|taken|please|and"
    r"|about|made|took|so far|until now|again|back|recently|lately|right|now|it|them|everything|anything|say|got)\b[\s,]*)*",
    re.IGNORECASE,
)
_PLEASE = re.compile(r"(?<![\s,])[\s,]+please[\s.!]*\Z", re.IGNORECASE)
_TOPIC_LEAD = re.compile(rf"(?:(?:{_ABOUT}|that|if|whether|is|are|was|were|the|my|our|an?)\s+)+", re.IGNORECASE)


def _topic(text: str) -> str:
    return trimmed(_TOPIC_LEAD.sub("", trimmed(text), count=1)) or trimmed(text)


def _about_notes(text: str | None, now: datetime | None) -> Intent:
    """What is said about notes after the asking words: a period, a topic, both or nothing."""
    text = trimmed(text)
    period = find_period(text, now) if now is not None else None
    rest = text if period is None else trimmed(text[: period.start] + text[period.end :])
    if _NO_TOPIC.fullmatch(rest):
        return ListNotes(period)
    if period is not None and _belongs_to_topic(text, period):
        return FindNotes(_topic(text))
    return FindNotes(_topic(rest), period)


def _belongs_to_topic(text: str, period: Period) -> bool:
    """A note says "the meeting on friday", but it is taken "yesterday"."""
    named = re.match(r"(?:on|from|in) |\w+day", text[period.start : period.end], re.IGNORECASE)
    return period.start > 0 and named is not None and not text[period.start :].lower().startswith(("yester", "today"))


def _which(words: str | None) -> str:
    """A note's description; ``LAST`` for "that one" and the like."""
    note = trimmed(words)
    return LAST if _LAST_NOTE.fullmatch(note) else _topic(note)


def _topic_of(*groups: str) -> Build:
    return lambda found, now: _about_notes(" ".join(found[group] or "" for group in groups), now)


def _noted(found: Found) -> str:
    text = _PLEASE.sub("", found.verbatim("text"), count=1)
    return text if trimmed(text) else ""


def _dictated(found: Found, _: datetime | None) -> Intent:
    text = found.verbatim("text")
    return TakeNote(text, refers_back=not text and bool(found["this"]))


def _dictated_reminder(found: Found, _: datetime | None) -> Intent:
    return TakeNote(found.verbatim("text"), reminder=True)


def _take(found: Found, _: datetime | None) -> Intent:
    return TakeNote(_noted(found))


def _take_that(found: Found, _: datetime | None) -> Intent:
    text = _noted(found)
    return TakeNote(text, refers_back=not text)


def _remind(found: Found, _: datetime | None) -> Intent:
    return TakeNote(_noted(found), reminder=True)


def _count(found: Found, now: datetime | None) -> Intent:
    about = _about_notes(found["topic"], now)
    return ListNotes(about.period, count=True) if isinstance(about, ListNotes) else about


def _newest(found: Found, _: datetime | None) -> Intent:
    return ListNotes(limit=number_of(found["count"] or "one") or 1)


def _change(found: Found, _: datetime | None) -> Intent:
    return ChangeNote(_which(found["note"]), found.verbatim("text"), dictated=found.said_after_colon("text"))


def _change_last(found: Found, _: datetime | None) -> Intent:
    return ChangeNote(LAST, found.verbatim("text"))


def _change_that(found: Found, _: datetime | None) -> Intent:
    return ChangeNote(LAST, found.verbatim("text"), needs_note=True)


def _append(found: Found, _: datetime | None) -> Intent:
    return ChangeNote(_which(found["note"]) or LAST, found.verbatim("text"), append=True)


def _delete(found: Found, _: datetime | None) -> Intent:
    return DeleteNote(_which(found["note"]))


def _date(found: Found, _: datetime | None) -> Intent:
    offset = {"tomorrow": 1, "yesterday": -1, "the day after tomorrow": 2, "the day before yesterday": -2}
    return AskClock("date", offset.get((found["day"] or "").lower(), 0))


def _always(intent: Intent) -> Build:
    return lambda _found, _now: intent


def _say(kind: Talk) -> Build:
    return _always(SmallTalk(kind))


# --- the table ----------------------------------------------------------------------------------------
# Longest first, and never given back: there is one way alone to read a row of them.
_OWN = r"(?:all of my|all the|all my|all|of my|the|my|that|this|an|a|any|some|our)\b"
_NOTE = r"(?:notes?|no|knot|not|know|node|memo)"  # as heard, where only a note can follow
_NOTES = rf"(?:{_OWN} )?(?:own |saved |recent )?notes?"
_PUT_DOWN = r"(?:noted?|write|wrote|written|put|jot(?:ted)?|saved?|record(?:ed)?)\b"
_ASKER = r"(?:what|when|where|who|which|how much|how many|how long|how often|what time|what day|at what time)"
_DELETE = r"(?:delete|remove|erase|forget|cancel|drop|trash|discard|throw away|get rid of|clear|scratch)"
_CHANGE = r"(?:change|update|edit|correct|fix|modify|replace|rewrite|amend|adjust|alter)"
_TO = r"(?:,? (?:to say that|to say|to read|so (?:that )?it (?:says|reads)(?: that)?|to be|into|saying|to|and say):?|[:,])"
_TO_SAY = r"(?:,? (?:to say that|to say|to read|to be|to|into|saying|and say|with))?"
_TOPIC = r"(?:(?! to )[^:]){1,200}?"
_SHALL = r"(?:should|must|shall|needs to) (?:say|be|read)(?: that)?"
_GLUE = (  # a mark parts command and text only if white space follows: "-5 degrees" keeps its sign
    r"(?:\s*:|[\s,–—-]+(?:that|to|saying|which says|it says|of|about|down)\b(?:\s*[:,](?=\s|$))?"
    r"|\s*[,–—-]{1,3}(?=\s|$))?\s*"
)
_IT = r"(?:that|this|it)"

_TALKING: tuple[tuple[str, Build], ...] = (
    (
        r"(?:stop|be quiet|quiet|shut up|silence|never ?mind(?: that)?|cancel|forget (?:about )?it|hush|enough"
        rf"|that's enough|stop (?:{_IT}|talking|speaking|reading))(?:,? (?:please|now|stop))*",
        _say("stop"),
    ),
    (
        rf"(?:say|repeat|read)(?: me)? (?:{_IT}|what you said)(?: (?:to me|for me|again|once more|one more time|please|slowly))*"
        r"|repeat(?: (?:yourself|please|your (?:last )?answer|the (?:last )?answer))*|come again|once more|again|one more time"
        r"|tell me again|pardon(?: me)?|i beg your pardon|what did you(?: just)? say|(?:sorry,? )?what(?: was that)?(?: again)?"
        r"|i (?:didn't|did not) (?:catch|hear|get|understand) (?:that|you)",
        _always(Repeat()),
    ),
    (
        rf"where (?:is|was|did|does) {_IT} (?:from|come from|written|stated)|where did you (?:find|get|read|see) {_IT}"
        rf"|what(?:'s| is| was) (?:the|your) source(?: (?:of|for) {_IT})?|says who|who says(?: that)?|how do you know(?: that)?"
        rf"|(?:on |in )?(?:what|which) (?:page|document|file)(?: (?:is|was) {_IT})?(?: (?:on|in|from))?",
        _always(Repeat(source=True)),
    ),
    (
        rf"(?:{HELLO}(?: there)?,? )?(?:how are (?:you|things)(?: doing)?(?: today)?|how(?:'s| is) it going|how do you do|what's up)",
        _say("wellbeing"),
    ),
    (
        rf"{HELLO}(?: there| again| everyone| to you| vasi)*|howdy|greetings|are you there|can you hear me",
        _say("hello"),
    ),
    (
        r"(?:many |ok |okay |great,? |perfect,? )*(?:thanks|thank you|cheers)(?: (?:very much|so much|a lot|a million|again|vasi"
        r"|for (?:that|your help|the help)))*|that's (?:all|great|perfect|very kind|helpful)",
        _say("thanks"),
    ),
    (
        r"(?:who|what) (?:are|is) (?:you|vasi)|what(?:'s| is) your name|introduce yourself|tell me about yourself"
        r"|are you (?:a |an )?(?:human|real|robot|machine|person|computer|ai)",
        _say("identity"),
    ),
    (
        r"(?:what|what all|what else) can you(?: do| help(?: me)? with| answer)(?: for me)?|help(?: me)?"
        r"|how (?:can|could|do) you help(?: me)?|what can i (?:ask|say|do)(?: you| here)?|how do (?:i use you|you work)"
        r"|how does this work|what do you do",
        _say("abilities"),
    ),
    (
        r"(?:good ?bye|bye|bye bye|see you(?: later| soon| tomorrow)?|good night|talk to you later)(?: vasi)?",
        _say("goodbye"),
    ),
    (
        r"(?:ok(?:ay)?|yes|yeah|yep|no|nope|al ?right|right|sure|fine|good|great|perfect|cool|nice|i see|got it|h+m+|mm+"
        r"|uh ?huh|aha|well|so|um+|uh+|er+|please|sorry|oh)(?:[ ,.!]+(?:ok(?:ay)?|yes|no|good|great|then))*",
        _say("acknowledge"),
    ),
    (
        r"(?:what(?:'s| is) the (?:current )?time|what time(?: is|'s) it|what time do (?:we|you) have|do you have the time"
        r"|tell me the time)(?: (?:now|right now))*",
        _always(AskClock("time")),
    ),
    (
        r"(?:what(?:'s| is| was| will be)?|which|tell me)(?: the| today's| current)* (?:day|date|day of the week|weekday)"
        r"(?: of the week)?(?: is it| is| was it| was| will it be| do we have| are we)?"
        r"(?: (?P<day>today|tomorrow|yesterday|the day after tomorrow|the day before yesterday|now|right now))?",
        _date,
    ),
    (r"what(?:'s| is) (?P<day>today|tomorrow)(?:'s date)?|what (?:month|year) is (?:it|this)", _date),
)

_DELETING: tuple[tuple[str, Build], ...] = (
    (
        rf"{_DELETE} (?:(?:all|everything|every)(?: (?:the|my|of|of my|of the|of them))?(?: (?:single )?notes?)?|(?:my|the) notes)",
        _always(DeleteNote("", everything=True)),
    ),
    (
        rf"(?:scratch|delete|undo|remove|erase|cancel|strike|take back) {_IT}(?:,? (?:again|note|one|last one|last note))*|undo",
        _always(DeleteNote(LAST, undo=True)),
    ),
    (
        rf"{_DELETE} (?:the |my |that )?(?:very )?{_ORDER} (?:note|one|thing)(?: (?:i|that|you) .*)?",
        _always(DeleteNote(LAST)),
    ),
    (
        rf"{_DELETE}(?: {_OWN})*+(?: [\w']+)? {_NOTE},? (?:i (?:made|took|wrote)(?: down)? )?{_ABOUT} (?P<note>.+)",
        _delete,
    ),
    (
        rf"{_DELETE} (?:what|everything|the thing|all) (?:that )?(?:i|we) (?:said|told you|noted|wrote|mentioned"
        rf"|asked you to remember)(?: down)? {_ABOUT} (?P<note>.+)",
        _delete,
    ),
    (r"(?:delete|remove|erase)(?: (?:a|the|my))? note(?P<note>)", _delete),
    (r"(?:delete|remove|erase|drop|discard|trash)(?: (?:the|my|that))* (?P<note>.+?) notes?", _delete),
    (r"(?:delete|remove|erase) (?P<note>.+?) from (?:my|the) notes", _delete),
)

_CHANGING: tuple[tuple[str, Build], ...] = (
    (
        rf"{_CHANGE} (?:(?:the|my|that|this) )?(?:{_ORDER} )?(?:note|memo)(?:{_TO}|,? with|,? it {_SHALL}|,? {_SHALL})+ (?P<text>.+)",
        _change_last,
    ),
    (rf"{_CHANGE} (?:the |my )?{_ORDER} note (?P<text>.+)", _change_last),
    (rf"{_CHANGE}(?: {_OWN})*+ {_NOTE},? {_ABOUT} (?P<note>.+?){_TO} (?P<text>.+)", _change),
    (rf"{_CHANGE}(?: (?:the|my|that))* (?P<note>[^,:]+?) note{_TO} (?P<text>.+)", _change),
    (rf"(?:the|my) note,? {_ABOUT} (?P<note>.+?) {_SHALL}[:,]? (?P<text>.+)", _change),
    (rf"(?:the|my) (?:{_ORDER} )?note {_SHALL}[:,]? (?P<text>.+)", _change_last),
    (
        rf"(?:no,? |actually,? |sorry,? |i meant,? )*(?:change|make|correct|update|set) {_IT} (?:to |into |say )?(?P<text>.+)",
        _change_that,
    ),
    (
        rf"(?:add|append) (?P<text>.+?) (?:to|into) (?:(?:the|my|that|this) )?(?:{_ORDER} )?note(?: {_ABOUT} (?P<note>.+))?",
        _append,
    ),
)

_FINDING: tuple[tuple[str, Build], ...] = (
    (
        r"how many notes(?: (?:do i have|are there|did i (?:take|make|write)|have i (?:taken|made|written|got)))?(?P<topic>.*)",
        _count,
    ),
    (
        rf"(?:(?:read|show|tell|give|play|repeat|list|what(?:'s| is| was| were| are))(?: me)?(?: back)? )?(?:the |my )?{_ORDER}"
        r"(?: (?P<count>\w+))? notes?(?: (?:i (?:took|made|wrote)|again|aloud|out loud|say|to me))*",
        _newest,
    ),
    (
        rf"(?:what(?:'s| is| was)|read(?: me)?|show(?: me)?) the {_ORDER} thing (?:that )?i (?:noted|wrote|said|told you)(?: down)?"
        r"|what did i (?:just|last) (?:note|write|say|tell you)(?: down)?",
        _always(ListNotes(limit=1)),
    ),
    (
        rf"{_ASKER}(?: (?:notes?|things?|else|all|exactly))? (?:(?:did|have|had) i (?:just |already |ever )?{_PUT_DOWN}"
        r"|did i (?:take|make)(?= notes?| a note)|(?:did|have) i (?:ask|asked|tell|told) you to (?:remember|note|write down))"
        r"(?: (?:down|notes?|a note))*(?P<topic>.*)",
        _topic_of("topic"),
    ),
    (
        rf"{_ASKER} (?:did|have) i (?:say|said|tell you|told you|mention|mentioned)(?: to you)?(?P<topic> .+)",
        _topic_of("topic"),
    ),
    (r"(?:that |what )i (?:said|noted|wrote|told you|mentioned)(?: down)?(?P<topic>.*)", _topic_of("topic")),
    (
        r"did i (?:ever |already )?(?:note|write|mention|tell you|say|take a note|make a note)(?: (?:down|anything|something))*"
        r"(?P<topic> .+)",
        _topic_of("topic"),
    ),
    (
        r"(?:do|did|have) i (?:have|got|take|make|taken|made|write|written)?(?: got)?(?: (?:a|any|some|the|my))*"
        rf" ?{_NOTE}(?: down)?(?P<topic> {_ABOUT} .+)",
        _topic_of("topic"),
    ),
    (rf"(?:is|are|was|were) there (?:a|any|some) {_NOTE}(?P<topic> {_ABOUT} .+)", _topic_of("topic")),
    (
        r"(?:(?:what|which) notes? (?:do i have|are there|have i (?:taken|made|got)|did i (?:take|make|write))"
        r"|(?:do i have|are there|have i got|have i taken)(?: (?:any|some|my|a))* notes?|what are (?:all )?my notes)(?P<topic>.*)",
        _topic_of("topic"),
    ),
    (
        rf"{_ASKER}(?:'s|'re)?(?: (?:do|does|did|is|are|was))?(?: (?:in|on))? my notes?"
        r"(?: (?:say|said|tell me|tell|have|mention))*(?P<topic>.*)|what (?:do|does|did) the notes? say(?P<other>.*)",
        _topic_of("topic", "other"),
    ),
    (
        rf"(?:search|check|look (?:in|through|at)|go through|scan|consult)(?: (?:in|through))? {_NOTES}"
        r"(?: (?:for|about|on|and|to see|if|what|whether))*(?P<topic>.*)",
        _topic_of("topic"),
    ),
    (
        rf"(?:find|search(?: for)?|look up|look for|pull up|get|open|locate)(?: me)?(?: {_OWN})*+ notes?(?P<topic> .+)",
        _topic_of("topic"),
    ),
    (rf"(?:(?:any|what about|and|the|my) )+notes?(?P<topic> {_ABOUT} .+)", _topic_of("topic")),
    (
        rf"what(?:'s| is| was| are| were) (?:my|the|that|in the|in my) notes?(?P<topic> {_ABOUT} .+)",
        _topic_of("topic"),
    ),
    (
        r"do you (?:still )?(?:remember|recall) (?:what i (?:said|told you|noted|wrote)(?: down)?)?(?P<topic>.*)",
        _topic_of("topic"),
    ),
    (r"what do you remember(?P<topic>.*)", _topic_of("topic")),
    (
        r"according to my notes,? (?P<topic>.+)|(?P<other>.+?),? according to my notes",
        _topic_of("topic", "other"),
    ),
    (
        r"(?:read|list|show|tell|give|play|go through|display|recite|see|hear)(?: me)?(?: (?:out|back|about|aloud))*"
        rf" {_NOTES}(?P<topic>.*)",
        _topic_of("topic"),
    ),
    (r"(?:all |all of )?(?:my )?notes(?P<topic>(?: (?:from|of|for|since|before) .*)?)", _topic_of("topic")),
    (
        r"(?:(?:read|show|list|give|tell)(?: me)? )?(?P<topic>(?:yesterday|today|this morning|last (?:week|month|night)|(?:last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
        r"(?:'s)?) notes?",
        _topic_of("topic"),
    ),
)

_DICTATING: tuple[tuple[str, Build], ...] = (
    (
        r"(?:(?:take|make|write|add|create|save|leave|start|record|jot|put)(?: me)?(?: down)? )?"
        r"(?:(?:a|an|the|this|another|one|my) )?(?:(?:new|quick|short) )*(?:notes?|memo)"
        r"(?: to (?:self|myself))?(?:,? (?:that|saying|of|about|down|which says|the following))?(?P<this>) ?: ?(?P<text>.*)",
        _dictated,
    ),
    (
        rf"(?:write|note|jot|put|take|add|save)(?P<this> {_IT})?(?: down)?(?: (?:in|into|to) my notes?)?"
        r"(?:,? (?:for me|please|the following|that))* ?: ?(?P<text>.*)",
        _dictated,
    ),
    (
        r"(?:remember|memori[sz]e|keep in mind|don't forget|do not forget)(?:,? (?:that|the following|(?P<this>this|it)))? ?: ?(?P<text>.*)",
        _dictated,
    ),
    (r"remind me(?:,? (?:to|that|about|of))? ?: ?(?P<text>.+)", _dictated_reminder),
    (rf"{_CHANGE} (?:(?:the|my|that|this) )?(?:{_ORDER} )?(?:note|memo){_TO_SAY} ?: ?(?P<text>.+)", _change_last),
    (rf"{_CHANGE}(?: {_OWN})*+ {_NOTE},? {_ABOUT} (?P<note>{_TOPIC}){_TO_SAY} ?: (?P<text>.+)", _change),
    (rf"{_CHANGE}(?: (?:the|my|that))* (?P<note>{_TOPIC}) note{_TO_SAY} ?: ?(?P<text>.+)", _change),
)

_TAKING: tuple[tuple[str, Build], ...] = (
    (
        rf"(?:write|note|take|save|jot|put|remember|record) (?:all )?{_IT}(?: down)?(?: (?:in|to|as) (?:my|a|the) notes?)?",
        _always(TakeNote("", refers_back=True)),
    ),
    (
        r"(?:take|taking|make|write|add|create|save|leave|start|record|jot|put)(?: me)?(?: down)?"
        rf"(?:(?: (?:a|an|the|another|new|quick|short|one|uh))+ {_NOTE}|(?: this)? notes?)(?: to (?:self|myself))?\b{_GLUE}(?P<text>.*)",
        _take,
    ),
    (
        r"(?:a )?(?:new |quick )?note(?: to (?:self|myself))?(?:\s*[:,–—-]+(?=\s)|\s+(?:that|to self|down|the following)\b)+"
        r"\s*(?P<text>.*)",
        _take_that,
    ),
    (rf"(?:a (?:quick )?note|note to self) (?:(?:that|saying|to)\b{_GLUE})?(?P<text>\S+ \S+.*)", _take),
    (
        rf"(?:write|note|jot|put|take)(?: {_IT})? down\b(?: (?:for me|please|in my notes|the following))*{_GLUE}(?P<text>.*)",
        _take_that,
    ),
    (r"(?:add|put|save|write|store)(?: down)? (?P<text>.+?) (?:to|in|into|on) my (?:notes?|notebook)", _take),
    (r"(?:add|put|write) (?:to|in|into) my notes?\b[:,]?\s*(?:that )?(?P<text>.+)", _take),
    (
        r"remind me\b(?! (?:what|when|where|who|which|how|why|if|whether)\b)(?: (?:to|that|about|of)\b)?[:,]?\s*(?P<text>.+)",
        _remind,
    ),
    (
        r"(?:remember|memori[sz]e|keep in mind|bear in mind|don't forget|do not forget|don't let me forget)\b"
        r"(?!\s+(?:when|what|where|who|how|why)\b)(?:[\s,]+(?:that|to|this|the following|about)\b)?(?:\s*[:,])?\s*(?P<text>.*)",
        _take_that,
    ),
    (r"note\s+(?!(?:on|about|for|from|in|of)\b)(?P<text>\S+\s.+)", _take),
)


def _compiled(*parts: tuple[tuple[str, Build], ...], before: str = "", after: str = r"[\s.,!?]*+") -> Phrases:
    return tuple(
        (re.compile(rf"{before}(?:{pattern}){after}", re.IGNORECASE | re.DOTALL), build)
        for part in parts
        for pattern, build in part
    )


DICTATING_PHRASES = _compiled(_DICTATING, after="")
"""What follows the colon may be anything: these are to be tried before all others."""
ALL_PHRASES = _compiled(_TALKING, _DELETING, _CHANGING, _FINDING, _TAKING, before=rf"(?!.{{{LONGEST_COMMAND + 1}}})")
TAKING_PHRASES = _compiled(_TAKING)
