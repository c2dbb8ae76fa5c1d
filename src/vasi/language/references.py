"""Which notes words mean: "that note", "the second one", "the note about the dentist", "those of yesterday"."""

from __future__ import annotations

from datetime import datetime

from vasi.language.dates import Period, find_period
from vasi.language.folded import fold_letters, fold_words, without_signs
from vasi.language.intents import LAST, NEWEST, THAT, About, FindNotes, ListNotes, NoteReference, Nth
from vasi.language.phrase import Found, NoteWords, trimmed


def topic_of(text: str, words: NoteWords) -> str:
    """What a description of notes is about: "the note about the dentist" is about "dentist"."""
    topic = trimmed(text)
    if lead := words.lead.match(fold_letters(topic)):
        topic = trimmed(topic[lead.end() :]) or topic
    if words.tail and (tail := words.tail.search(fold_letters(topic))):
        topic = trimmed(topic[: tail.start()]) or topic
    return topic


def which_note(said: str | None, words: NoteWords) -> NoteReference:
    """The note that ``said`` describes."""
    note = trimmed(said)
    plain = fold_words(note)
    if not note or words.that.fullmatch(plain):
        return THAT
    if words.newest.fullmatch(plain):
        return NEWEST
    return LAST if words.last.fullmatch(plain) else About(topic_of(note, words))


def nth_note(found: Found) -> NoteReference:
    """The note that the groups "nth" and "number" name: "the third note", "note three"."""
    words = found.words
    said = found.key("nth")
    if said and words.newest.fullmatch(said):
        return NEWEST
    if said in words.oldest:
        return Nth(1, oldest=True, listed=False)
    if said:
        return Nth(words.dates.ordinal(said) or 1)
    return Nth(words.dates.number(found.key("number") or "1") or 1)


def about_notes(text: str | None, now: datetime | None, words: NoteWords, language: str) -> FindNotes | ListNotes:
    """What is said about notes after the asking words: a period, a topic, both or nothing."""
    text = without_signs(trimmed(text))
    period = find_period(text, now, language) if now is not None else None
    rest = text if period is None else trimmed(text[: period.start] + text[period.end :])
    if words.nothing.fullmatch(fold_words(rest)):
        return ListNotes(period)
    if period is not None and _belongs_to_topic(text, period, words):
        return FindNotes(topic_of(text, words))
    return FindNotes(topic_of(rest, words), period)


def _belongs_to_topic(text: str, period: Period, words: NoteWords) -> bool:
    """A note says "the meeting on friday", but it is taken "yesterday"."""
    if words.topical is None or period.start == 0:
        return False
    named = fold_words(text[period.start : period.end])
    return words.topical.match(named) is not None and not (words.past and words.past.match(named))
