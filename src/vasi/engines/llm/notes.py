"""What the extractive answerer says about notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vasi.engines.llm.outputs import KnownNote, ToolOutput
from vasi.language.dates import Period, spoken_day
from vasi.language.intents import ListNotes
from vasi.language.terms import stems, words

ASK_WHAT = "What shall I write down?"
MOST_CHARACTERS = 10_000
"""What the note tools take."""
TOO_LONG = f"A note may have {MOST_CHARACTERS:,} characters, and this one has more: I stored nothing."
_ECHOED = 30
"""Words of a note that are read back; a longer one is only confirmed."""
_SPOKEN = 5
"""Notes read out in one answer."""


def noted(output: ToolOutput, said: str, *, reminder: bool) -> list[str]:
    """A note was taken; ``said`` is what was to be written."""
    text = output.note.text if output.note and output.note.text else said
    spoken = [f"Noted: {_sentence(text)}" if len(text.split()) <= _ECHOED else "Noted, all of it."]
    if reminder:
        spoken.append("I can't ring you when it is due, but I'll have it when you ask.")
    return spoken


def changed(output: ToolOutput) -> list[str]:
    """A note was changed."""
    return [f"Changed. It now says: {_sentence(output.note.text)}" if output.note else "Changed."]


def deleted(output: ToolOutput) -> list[str]:
    """A note was deleted."""
    return [f"Deleted: {_sentence(output.note.text)}" if output.note and output.note.text else "Deleted."]


def found(output: ToolOutput, topic: str, period: Period | None, now: datetime | None) -> list[str]:
    """The notes that a search found; those of ``period`` if any of them is of that time."""
    if not output.notes:
        return [f"I found no note about {topic}." if topic else "I found no such note."]
    fitting = [note for note in output.notes if _within(note, period)] or list(output.notes)
    if len(fitting) == 1:
        return [f"You noted{_when(fitting[0], now)}: {_sentence(fitting[0].text)}"]
    shown = fitting[:3]
    return [f"I found {_some(len(fitting))}.", *(_dated(note, now) for note in shown)]


def listed(output: ToolOutput, asked: ListNotes, now: datetime | None) -> list[str]:
    """The notes of a period, or how many there are."""
    notes, then = output.notes, _named(asked.period, now)
    if not output.total:
        return [f"You have no notes{then}."]
    if asked.count:
        return [f"You have {_some(output.total)}{then}."]
    if asked.limit == 1 and notes:
        return [f"Your last note is{_from(notes[0], now)}: {_sentence(notes[0].text)}"]
    shown = notes[: max(_SPOKEN, asked.limit or 0)] if asked.limit else notes[:_SPOKEN]
    if asked.limit:
        return [f"Your last {_some(len(shown))}.", *(_dated(note, now) for note in shown)]
    spoken = [f"You have {_some(output.total)}{then}.", *(_dated(note, now) for note in shown)]
    if (more := output.total - len(shown)) > 0:
        spoken.append(f"And {more} more.")
    return spoken


def failure(output: ToolOutput) -> list[str]:
    """Why a call failed; if several notes fitted, the question which of them was meant."""
    if output.candidates:
        choices = [f"{at}: {_sentence(note.text)}" for at, note in enumerate(output.candidates[:3], start=1)]
        return ["I have several notes like that. Which one do you mean?", *choices]
    return [_sentence(output.error)]


_PLACES = (("first", "one", "1"), ("second", "two", "2"), ("third", "three", "3"))


def picked(utterance: str, candidates: Sequence[KnownNote]) -> KnownNote | None:
    """Which of the ``candidates`` a short utterance chooses, by its place or its words; None if none."""
    said = words(utterance)
    if len(said) > 7 or not said or said[0] in ("what", "when", "where", "who", "why", "how"):
        return None
    for at, (ordinal, *numbers) in enumerate(_PLACES):
        if ordinal in said or (said[-1] in numbers and said[:-1] in ([], ["number"], ["note"], ["note", "number"])):
            return candidates[at] if at < len(candidates) else None
    if "last" in said:
        return candidates[-1]
    wanted = stems(utterance)
    fits = [len(wanted & stems(note.text)) for note in candidates]
    best = max(fits, default=0)
    return candidates[fits.index(best)] if best and fits.count(best) == 1 else None


def _within(note: KnownNote, period: Period | None) -> bool:
    if period is None or note.created_at is None or note.created_at.tzinfo is None:
        return period is None
    return (period.since is None or period.since <= note.created_at) and (
        period.until is None or note.created_at < period.until
    )


def _some(count: int) -> str:
    return "one note" if count == 1 else f"{count} notes"


def _when(note: KnownNote, now: datetime | None) -> str:
    return f" {spoken_day(note.created_at, now)}" if note.created_at and now else ""


def _from(note: KnownNote, now: datetime | None) -> str:
    return f" from{_when(note, now).replace(' on ', ' ')}" if note.created_at and now else ""


def _dated(note: KnownNote, now: datetime | None) -> str:
    day = _when(note, now).strip()
    return f"{day[:1].upper()}{day[1:]}: {_sentence(note.text)}" if day else _sentence(note.text)


def _named(period: Period | None, now: datetime | None) -> str:
    if period is None or now is None:
        return ""
    if period.since is not None and period.until is not None and (period.until - period.since).days <= 1:
        return f" from {spoken_day(period.since, now).removeprefix('on ')}"
    return " from that time"


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
