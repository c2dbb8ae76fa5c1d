"""The phrases of each intent: a table of patterns, read from top to bottom; the first that fits decides.

Order matters: asking about notes stands before taking them, so that "what did I note" is never written
down. ``NOTE`` accepts what a recogniser makes of "note" ("take a no that ...") where a command leaves no
doubt. Every pattern has to fit the whole utterance.
"""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

import re
from datetime import datetime
from typing import TypeAlias

from vasi.language.intents import AskClock, Intent, Repeat, SmallTalk, Talk
from vasi.language.list_phrases import LISTING, SHORT
from vasi.language.note_phrases import CHANGING, DELETING, DICTATING, HELPING, TAKING
from vasi.language.note_questions import FINDING
from vasi.language.phrase import IT, Build, Found, Table, always

Phrases: TypeAlias = tuple[tuple[re.Pattern[str], Build], ...]

LONGEST_COMMAND = 400
"""Characters; a longer utterance can only be a note to take, or a question."""

HELLO = r"(?:hello|hi|hey|hiya|good (?:morning|afternoon|evening|day))"


def _date(found: Found, _: datetime | None) -> Intent:
    offset = {"tomorrow": 1, "yesterday": -1, "the day after tomorrow": 2, "the day before yesterday": -2}
    return AskClock("date", offset.get((found["day"] or "").lower(), 0))


def _say(kind: Talk) -> Build:
    return always(SmallTalk(kind))


_TALKING: Table = (
    (
        r"(?:stop|be quiet|quiet|shut up|silence|never ?mind(?: that)?|cancel|forget about it|hush|enough"
        rf"|that's enough|stop (?:{IT}|talking|speaking|reading))(?:,? (?:please|now|stop))*",
        _say("stop"),
    ),
    (
        rf"(?:say|repeat|read)(?: me)? (?:{IT}|what you said)(?: (?:to me|for me|again|once more|one more time|please|slowly))*"
        r"|repeat(?: (?:yourself|please|your (?:last )?answer|the (?:last )?answer))*|come again|once more|again|one more time"
        r"|tell me again|pardon(?: me)?|i beg your pardon|what did you(?: just)? say|(?:sorry,? )?what(?: was that)?(?: again)?"
        r"|i (?:didn't|did not) (?:catch|hear|get|understand) (?:that|you)",
        always(Repeat()),
    ),
    (
        rf"where (?:is|was|did|does) {IT} (?:from|come from|written|stated)|where did you (?:find|get|read|see) {IT}"
        rf"|what(?:'s| is| was) (?:the|your) source(?: (?:of|for) {IT})?|says who|who says(?: that)?|how do you know(?: that)?"
        rf"|(?:on |in )?(?:what|which) (?:page|document|file)(?: (?:is|was) {IT})?(?: (?:on|in|from))?",
        always(Repeat(source=True)),
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
        always(AskClock("time")),
    ),
    (
        r"(?:what(?:'s| is| was| will be)?|which|tell me)(?: the| today's| current)* (?:day|date|day of the week|weekday)"
        r"(?: of the week)?(?: is it| is| was it| was| will it be| do we have| are we)?"
        r"(?: (?P<day>today|tomorrow|yesterday|the day after tomorrow|the day before yesterday|now|right now))?",
        _date,
    ),
    (r"what(?:'s| is) (?P<day>today|tomorrow)(?:'s date)?|what (?:month|year) is (?:it|this)", _date),
)


def _compiled(*parts: Table, before: str = "", after: str = r"[\s.,!?]*+") -> Phrases:
    return tuple(
        (re.compile(rf"{before}(?:{pattern}){after}", re.IGNORECASE | re.DOTALL), build)
        for part in parts
        for pattern, build in part
    )


DICTATING_PHRASES = _compiled(DICTATING, after="")
"""What follows the colon may be anything: these are to be tried before all others."""
_NO_LONGER = rf"(?!.{{{LONGEST_COMMAND + 1}}})"
ALL_PHRASES = _compiled(_TALKING, LISTING, DELETING, CHANGING, FINDING, TAKING, before=_NO_LONGER)
TAKING_PHRASES = _compiled(TAKING)
LAST_PHRASES = _compiled(SHORT, HELPING, before=_NO_LONGER)
"""Short commands to a list, and what is about notes and fits none of the others; without any politeness."""
