"""Answers that need neither documents nor notes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from vasi.language.dates import spoken_date, spoken_time
from vasi.language.intents import AskClock, Talk

_ANSWERS: dict[Talk, tuple[str, ...]] = {
    "hello": ("Hello.", "What would you like to know?"),
    "thanks": ("You're welcome.",),
    "identity": (
        "I am vasi, a voice assistant for your own documents and notes.",
        "I answer from what you gave me to read, and say where I found it.",
    ),
    "abilities": (
        "Ask me anything about your documents, and I tell you what they say and where.",
        'I also keep notes: say "take a note", or ask what you noted about something.',
    ),
    "goodbye": ("Goodbye.",),
    "wellbeing": ("I'm well, thank you.", "What would you like to know?"),
    "acknowledge": ("All right.",),
    "stop": ("All right.",),
    "nothing": ("I did not catch that.",),
}
STILL_THERE = "Are you still there?"
NOTHING_SAID = "I have not said anything yet."
ONLY_DOCUMENTS = "I can only answer from your documents and notes, and I have no access to them here."
_NO_SUMMARY = ("I can't summarise without a language model.", "Ask me about one thing in it.")
_NO_LIST = ("I can't list your documents without a language model.", "Ask me about one thing in them.")
_DOCUMENTS = r"(?:documents?|files?|pdfs?|papers?|texts?|sources?)"
_SUMMARISE = re.compile(
    r"(?:summari[sz]e|sum up|outline|condense)\b.+"
    r"|(?:(?:what(?:'s| is)|give me|make|write|i need|can i have) )?(?:a |an |the )?(?:(?:short|brief|quick) )?"
    r"(?:summary|overview|outline|gist|main points) (?:of|for|about) .+"
    rf"|what (?:is|are|does) (?:the|this|that|these|my|your) {_DOCUMENTS} (?:about|say)",
    re.IGNORECASE,
)
_LIST = re.compile(
    rf"(?:what|which|how many) (?:other |kinds? of )?{_DOCUMENTS} (?:do you have|have you(?: got| read)?|are there"
    r"|do you know(?: of)?|can you (?:see|read|use)|did you read|do i have|have i (?:given|added)(?: you)?"
    r"|did i (?:give|add)(?: you)?"
    rf"|are (?:stored|loaded|in (?:here|there)))(?: here| now| access to)?"
    rf"|(?:list|show(?: me)?|name)(?: me)?(?: all)?(?: of)?(?: the| your| my)?(?: available)? {_DOCUMENTS}"
    rf"|what(?:'s| is) in (?:your|my|the) (?:library|{_DOCUMENTS})",
    re.IGNORECASE,
)
NO_NOTES = "I can't get at your notes here."


def small_talk(kind: Talk) -> list[str]:
    """The sentences that answer ``kind``."""
    return list(_ANSWERS[kind])


def beyond(question: str, *, lists: bool = False) -> list[str]:
    """What to say to a question about whole documents, which takes a language model; empty if it is none.

    ``lists`` tells that documents can be listed.
    """
    asked = " ".join(question.split()).rstrip(" .!?")
    if _SUMMARISE.fullmatch(asked):
        return list(_NO_SUMMARY)
    return list(_NO_LIST) if not lists and _LIST.fullmatch(asked) else []


def clock(asked: AskClock, now: datetime | None) -> list[str]:
    """The time or the date, as seen from ``now``."""
    if now is None:
        return ["I don't know what time it is where you are."]
    if asked.what == "time":
        return [f"It is {spoken_time(now)}."]
    day = spoken_date(now + timedelta(days=asked.days))
    match asked.days:
        case 0:
            return [f"Today is {day}."]
        case days if days > 0:
            return [f"That will be {day}."]
        case _:
            return [f"That was {day}."]
