"""Answers that need neither documents nor notes."""

from __future__ import annotations

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
NOTHING_SAID = "I have not said anything yet."
ONLY_DOCUMENTS = "I can only answer from your documents and notes, and I have no access to them here."
NO_NOTES = "I can't get at your notes here."


def small_talk(kind: Talk) -> list[str]:
    """The sentences that answer ``kind``."""
    return list(_ANSWERS[kind])


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
