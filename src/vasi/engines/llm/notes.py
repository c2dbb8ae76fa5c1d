"""What the extractive answerer says about notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vasi.engines.llm.outputs import KnownNote, ToolOutput
from vasi.language.dates import Period, spoken_day
from vasi.language.intents import EditList, ListNotes
from vasi.language.lists import read_list
from vasi.language.terms import stems, words

ASK_WHAT = "What shall I write down?"
MOST_CHARACTERS = 10_000
"""What the note tools take."""
ABILITIES = (
    'With notes I can do this: "take a note", "what did I note about ...", "read my notes", '
    '"change" or "delete the note about ...", "add ... to my shopping list", and "undo that".',
)
ASK_WHICH = ("Which note do you mean?", "Tell me what it is about.")
NO_SUCH = "I found no such note."
NOTHING_TO_UNDO = "There is nothing to take back."
MOST_CHOICES = 3
"""Notes that are named where one is to be chosen."""
TOO_LONG = f"A note may have {MOST_CHARACTERS:,} characters, and this one has more: I stored nothing."
_ECHOED = 30
"""Words of a note that are read back; a longer one is only confirmed."""
_SPOKEN = 5
"""Notes read out in one answer."""


def noted(output: ToolOutput, said: str, *, reminder: bool) -> list[str]:
    """A note was taken; ``said`` is what was to be written."""
    text = output.note.text if output.note and output.note.text else said
    spoken = [f"Noted: {sentence(text)}" if len(text.split()) <= _ECHOED else "Noted, all of it."]
    if reminder:
        spoken.append("I can't ring you when it is due, but I'll have it when you ask.")
    return spoken


def changed(output: ToolOutput) -> list[str]:
    """A note was changed."""
    return [f"Changed. It now says: {sentence(output.note.text)}" if output.note else "Changed."]


def deleted(output: ToolOutput) -> list[str]:
    """A note was deleted."""
    return [f"Deleted: {sentence(output.note.text)}" if output.note and output.note.text else "Deleted."]


def ask_deletion(found: Sequence[KnownNote], count: int, *, everything: bool) -> list[str]:
    """Whether these notes are really to be deleted."""
    if count == 1:
        return [f"That would delete your only note: {sentence(found[0].text)}", "Shall I?"] if everything else [
            f"That would delete one note: {sentence(found[0].text)}", "Shall I?"
        ]  # fmt: skip
    if everything:
        return [f"That would delete all your {count} notes.", "Shall I?"]
    shown = [sentence(note.text) for note in found[:_SPOKEN]]
    more = [f"And {count - len(shown)} more."] if count > len(shown) else []
    return [f"That would delete {count} notes.", *shown, *more, "Shall I?"]


def deleted_several(output: ToolOutput) -> list[str]:
    """Notes were deleted together."""
    return [f"Deleted {_some(len(output.deleted))}."] if output.deleted else ["Deleted."]


def undone(output: ToolOutput) -> list[str]:
    """What was done last is taken back."""
    found = output.notes
    if not found:
        return ["Undone."]
    said = sentence(found[0].text) if len(found) == 1 else ""
    match output.undone:
        case "added":
            return [f"Undone. I deleted: {said}" if said else f"Undone. I deleted {_some(len(found))}."]
        case "removed":
            return [f"Undone. It is back: {said}" if said else f"Undone. {_some(len(found)).capitalize()} are back."]
        case _:
            return [f"Undone. The note says again: {said}" if said else "Undone."]


def read(output: ToolOutput, now: datetime | None) -> list[str]:
    """One note, read out."""
    return [f"You noted{_when(output.note, now)}: {sentence(output.note.text)}"] if output.note else [NO_SUCH]


def list_read(output: ToolOutput, item: str = "") -> list[str]:
    """What is on a list, or whether ``item`` is."""
    if output.note is None:
        return [NO_SUCH]
    items = read_list(output.note.text)
    if items is None:
        return [f"Your note says: {sentence(output.note.text)}"]
    title = _lower(items.title)
    if item:
        found = items.matching(item)
        if not found:
            return [f"No, {item} is not on your {title}."]
        named = _and([one.text for one in found])
        done = " and ticked off" if all(one.done for one in found) else ""
        return [f"Yes, {named} {'is' if len(found) == 1 else 'are'} on your {title}{done}."]
    done = [f"Ticked off: {_and(items.done)}."] if items.done else []
    if not items.open:
        return [f"Your {title} is empty." if not done else f"Everything on your {title} is done.", *done]
    return [f"On your {title}: {_and(items.open)}.", *done]


def list_edited(output: ToolOutput, command: EditList) -> list[str]:
    """What became of a list."""
    items = read_list(output.note.text) if output.note else None
    title = f"your {_lower(items.title)}" if items else "the list"
    gone = [*command.remove, *command.tick, *command.untick]
    missing = [text for text in gone if text in output.missing]
    said: list[str] = []
    if command.clear:
        said.append(f"Cleared {title}.")
    for verb, wanted, where in (
        ("Added", command.add, "to"), ("Removed", command.remove, "from"), ("Ticked off", command.tick, "on"),
        ("Open again:", command.untick, "on"),
    ):  # fmt: skip
        if texts := [text for text in wanted if text not in missing]:
            said.append(f"{verb} {_and(texts)} {where} {title}.")
    if missing:
        said.append(f"{_and(missing)} {'is' if len(missing) == 1 else 'are'} not on it.")
    return said or ["Done."]


def which(found: Sequence[KnownNote]) -> list[str]:
    """The question which of several notes is meant."""
    choices = [f"{at}: {sentence(note.text)}" for at, note in enumerate(found[:MOST_CHOICES], start=1)]
    return ["I have several notes like that. Which one do you mean?", *choices]


def found(output: ToolOutput, topic: str, period: Period | None, now: datetime | None) -> list[str]:
    """The notes that a search found; those of ``period`` if any of them is of that time."""
    if not output.notes:
        return [f"I found no note about {topic}." if topic else "I found no such note."]
    fitting = [note for note in output.notes if _within(note, period)] or list(output.notes)
    if len(fitting) == 1:
        return [f"You noted{_when(fitting[0], now)}: {sentence(fitting[0].text)}"]
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
        order = "oldest" if asked.oldest else "last"
        return [f"Your {order} note is{_from(notes[0], now)}: {sentence(notes[0].text)}"]
    shown = notes[: max(_SPOKEN, asked.limit or 0)] if asked.limit else notes[:_SPOKEN]
    if asked.limit:
        return [
            f"Your {'oldest' if asked.oldest else 'last'} {_some(len(shown))}.",
            *(_dated(note, now) for note in shown),
        ]
    spoken = [f"You have {_some(output.total)}{then}.", *(_dated(note, now) for note in shown)]
    if (more := output.total - len(shown)) > 0:
        spoken.append(f"And {more} more.")
    return spoken


def failure(output: ToolOutput) -> list[str]:
    """Why a call failed; if several notes fitted, the question which of them was meant."""
    if output.candidates:
        return which(output.candidates)
    return [sentence(output.error)]


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
    return f"{day[:1].upper()}{day[1:]}: {sentence(note.text)}" if day else sentence(note.text)


def _named(period: Period | None, now: datetime | None) -> str:
    if period is None or now is None:
        return ""
    if period.since is not None and period.until is not None and (period.until - period.since).days <= 1:
        return f" from {spoken_day(period.since, now).removeprefix('on ')}"
    return " from that time"


def sentence(text: str) -> str:
    """What a note says, as one sentence; a list is told without its marks."""
    items = read_list(text) if "\n" in text or text.endswith(":") else None
    if items is not None:
        done = f"; ticked off: {_and(items.done)}" if items.done else ""
        text = f"{items.title}: {_and(items.open) or 'nothing'}{done}"
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _and(texts: Sequence[str]) -> str:
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:] if not title[1:2].isupper() else title
