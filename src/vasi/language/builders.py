"""From a phrase that fitted to what it asks for: the same for all languages, by the names of the phrase's groups.

Groups: ``text`` is what is to be written, ``note`` describes a note, ``topic`` what notes are about, ``nth`` and
``number`` count them, ``old``, ``new`` and ``title`` are words, ``list`` the name of a list, ``when`` days.
"""

from __future__ import annotations

from datetime import datetime

from vasi.language.appointments import days_ahead, names_only_days
from vasi.language.folded import fold_letters, fold_words
from vasi.language.intents import (
    LAST,
    THAT,
    About,
    AskClock,
    ChangeNote,
    DeleteNote,
    DeleteNotes,
    EditList,
    FindDated,
    Intent,
    ListNotes,
    ReadList,
    ReadNote,
    RenameNote,
    ReplaceWords,
    SmallTalk,
    TakeNote,
    Talk,
)
from vasi.language.lists import parted_by
from vasi.language.phrase import Build, Found, always, trimmed
from vasi.language.references import about_notes, nth_note, topic_of, which_note


def say(kind: Talk) -> Build:
    """Small talk."""
    return always(SmallTalk(kind))


# --- taking -----------------------------------------------------------------------------------------------------------
def _noted(found: Found) -> str:
    text = found.verbatim("text")
    if please := found.words.please.search(fold_letters(text)):
        text = text[: please.start()]
    return text if trimmed(text) else ""


def dictated(found: Found, _: datetime | None) -> Intent:
    """After a colon, to be taken as it stands; ``this`` before it may mean the assistant's last answer."""
    text = found.verbatim("text")
    return TakeNote(text, refers_back=not text and bool(found["this"]))


def dictated_reminder(found: Found, _: datetime | None) -> Intent:
    """The same to be reminded of."""
    return TakeNote(found.verbatim("text"), reminder=True)


def take(found: Found, _: datetime | None) -> Intent:
    """Write ``text``."""
    return TakeNote(_noted(found))


def take_that(found: Found, _: datetime | None) -> Intent:
    """Write ``text``, or the assistant's last answer if there is none."""
    text = _noted(found)
    return TakeNote(text, refers_back=not text)


def remind(found: Found, _: datetime | None) -> Intent:
    """Remind of ``text``."""
    return TakeNote(_noted(found), reminder=True)


# --- changing ---------------------------------------------------------------------------------------------------------
def change(found: Found, _: datetime | None) -> Intent:
    """``note`` is to say ``text``."""
    note = which_note(found["note"], found.words)
    return ChangeNote(note, found.verbatim("text"), dictated=found.said_after_colon("text"))


def change_nth(found: Found, _: datetime | None) -> Intent:
    """The ``nth`` note is to say ``text``."""
    return ChangeNote(nth_note(found), found.verbatim("text"), dictated=found.said_after_colon("text"))


def change_last(found: Found, _: datetime | None) -> Intent:
    """The note spoken of last is to say ``text``."""
    dictating = found.words.dictating
    word_by_word = dictating is not None and dictating.search(found.before("text").rstrip(" :")) is not None
    return ChangeNote(LAST, found.verbatim("text"), dictated=word_by_word or found.said_after_colon("text"))


def correct(found: Found, _: datetime | None) -> Intent:
    """The note spoken of last was to say ``text`` or ``other``."""
    return ChangeNote(THAT, found.verbatim("text") or found.verbatim("other"), needs_note=True)


def append(found: Found, _: datetime | None) -> Intent:
    """``note`` is to say ``text`` as well."""
    return ChangeNote(which_note(found["note"], found.words), found.verbatim("text"), append=True)


def replace(found: Found, _: datetime | None) -> Intent:
    """In ``note``, ``old`` is to be ``new``."""
    note = which_note(found["note"], found.words)
    return ReplaceWords(note, trimmed(found.verbatim("old")), trimmed(found.verbatim("new")))


def replace_there(found: Found, _: datetime | None) -> Intent:
    """In the note spoken of last, ``old`` is to be ``new``."""
    old, new = trimmed(found.verbatim("old")), trimmed(found.verbatim("new"))
    return ReplaceWords(THAT, old, new, needs_note=True)


def rename(found: Found, _: datetime | None) -> Intent:
    """``note``, or the list ``list``, is to be called ``title``."""
    return RenameNote(which_note(found["note"] or found["list"], found.words), trimmed(found.verbatim("title")))


# --- deleting ---------------------------------------------------------------------------------------------------------
def delete(found: Found, _: datetime | None) -> Intent:
    """Delete ``note``; it may be empty."""
    return DeleteNote(which_note(found["note"], found.words) if trimmed(found["note"]) else None)


def delete_nth(found: Found, _: datetime | None) -> Intent:
    """Delete the ``nth`` note."""
    return DeleteNote(nth_note(found))


def delete_list(found: Found, _: datetime | None) -> Intent:
    """Delete the list ``list``."""
    return DeleteNote(About(trimmed(found["list"])))


def delete_some(found: Found, _: datetime | None) -> Intent:
    """Delete the ``count`` last notes, or first if ``end`` says so."""
    count = found.words.dates.number(found.key("count") or "1") or 1
    return DeleteNotes(count, oldest=found.key("end") in found.words.oldest)


def delete_about(found: Found, _: datetime | None) -> Intent:
    """Delete all notes about ``note``."""
    return DeleteNotes(topic=topic_of(found["note"] or "", found.words))


# --- finding ----------------------------------------------------------------------------------------------------------
def find(*groups: str) -> Build:
    """Search for what is said in ``groups``, or list if that says nothing."""

    def build(found: Found, now: datetime | None) -> Intent:
        said = " ".join(found[group] or "" for group in groups)
        return about_notes(said, now, found.words, found.language)

    return build


def dated(found: Found, now: datetime | None) -> Intent | None:
    """Search for what is noted for the days ``when``."""
    when = trimmed(found["when"])
    if now is None or not names_only_days(when, found.language):
        return None
    days = days_ahead(when, now, found.language)
    return FindDated(days[0], _named(when, found)) if days else None


def _named(when: str, found: Found) -> str:
    """``when`` as it's said back: without a preposition, names spelled as they are."""
    words, said = found.words, found.words.dates.said
    if words.preposition and (begin := words.preposition.match(fold_letters(when))):
        when = when[begin.end() :]
    names = {fold_words(name): name for name in (*said.weekdays, *said.months)}
    return " ".join(names.get(fold_words(word), word) for word in when.split(" "))


def count(found: Found, now: datetime | None) -> Intent:
    """How many notes there are, in a time or about ``topic``."""
    about = about_notes(found["topic"], now, found.words, found.language)
    return ListNotes(about.period, count=True) if isinstance(about, ListNotes) else about


def _limit(found: Found) -> int:
    return found.words.dates.number(found.key("count") or "1") or 1


def newest(found: Found, _: datetime | None) -> Intent:
    """The ``count`` newest notes."""
    return ListNotes(limit=_limit(found))


def oldest(found: Found, _: datetime | None) -> Intent:
    """The ``count`` oldest notes."""
    return ListNotes(limit=_limit(found), oldest=True)


def read_nth(found: Found, _: datetime | None) -> Intent:
    """Read the ``nth`` note."""
    return ReadNote(nth_note(found))


# --- lists ------------------------------------------------------------------------------------------------------------
def _name(found: Found) -> str:
    name = trimmed(found["list"])
    return "" if found.words.the_list.fullmatch(fold_letters(name)) else name


def _items(found: Found, group: str = "text") -> tuple[str, ...]:
    return tuple(parted_by(found.words.between, found.verbatim(group)))


def _own(found: Found) -> bool:
    own = found.words.own
    mine = own is not None and found["list"] is not None and own.search(found.before("list")) is not None
    return mine or found.key("list") in found.words.kept


def add(found: Found, _: datetime | None) -> Intent | None:
    """Put ``text`` on ``list``."""
    items = _items(found)
    return EditList(_name(found), add=items) if items else None


def remove(found: Found, _: datetime | None) -> Intent:
    """Take ``text`` off ``list``."""
    return EditList(_name(found), remove=_items(found))


def tick(found: Found, _: datetime | None) -> Intent:
    """``text`` on ``list`` is done."""
    return EditList(_name(found), tick=_items(found))


def untick(found: Found, _: datetime | None) -> Intent:
    """``text`` on ``list`` isn't done after all."""
    return EditList(_name(found), untick=_items(found))


def clear(found: Found, _: datetime | None) -> Intent:
    """Take everything off ``list``."""
    return EditList(_name(found), clear=True)


def read_list_aloud(found: Found, _: datetime | None) -> Intent:
    """What is on ``list``."""
    return ReadList(_name(found), own=_own(found))


def ask_list(found: Found, _: datetime | None) -> Intent:
    """Whether ``text`` is on ``list``."""
    return ReadList(_name(found), item=trimmed(found.verbatim("text")), own=_own(found))


def add_there(found: Found, _: datetime | None) -> Intent:
    """Put ``text`` on the list spoken of last."""
    return EditList("", add=_items(found), needs_list=True)


def remove_there(found: Found, _: datetime | None) -> Intent:
    """Take ``text`` off the list spoken of last."""
    return EditList("", remove=_items(found), needs_list=True)


def tick_there(found: Found, _: datetime | None) -> Intent:
    """``text`` on the list spoken of last is done."""
    return EditList("", tick=_items(found), needs_list=True)


# --- time -------------------------------------------------------------------------------------------------------------
def ask_date(found: Found, _: datetime | None) -> Intent:
    """The date of ``near``, or today's."""
    offset, _part = found.words.dates.near.get(found.key("near"), (0, None))
    return AskClock("date", offset)
