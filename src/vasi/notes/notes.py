"""Notes as people use them: written down, found again by what they are about, changed, exported."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from vasi.errors import LimitError, NotFoundError
from vasi.language.phonetics import sound_terms
from vasi.language.terms import STOP_WORDS, stem, words
from vasi.storage.ports import Note, Store

MOST_CHARACTERS = 10_000
MOST_LISTED = 1_000
_LONGEST_QUERY = 1_000
_EVERYTHING = 1_000_000_000
_SOUND_ALIKE = 0.5
"""Share of a query's sounds that a note must have to be found by sound alone."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_NOTE_ID = re.compile(r"note_[0-9a-z]+")
_ABOUT_NOTES = frozenset({"note", "notes", "memo", "memos", "reminder", "reminders", "one", "entry", "saying", "says"})
_NEWEST = frozenset({"last", "latest", "newest", "recent"})

NoteList: TypeAlias = list[Note]
"""The class below has a method called ``list``."""


class Notes:
    """The notes of all owners, in ``store``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, owner: str, text: str, at: datetime) -> Note:
        """Write down; durable, and found by the next search, when this returns.

        Raises:
            LimitError: ``text`` has no visible character, or more than 10,000.
        """
        return await self._store.add_note(owner, _clean(text), at=at)

    async def list(
        self, owner: str, since: datetime | None = None, until: datetime | None = None, limit: int = 100
    ) -> NoteList:
        """Newest first, of those written in [since, until); at most 1,000."""
        return await self._store.notes(owner, since=since, until=until, limit=min(limit, MOST_LISTED))

    async def search(self, owner: str, query: str, limit: int = 10) -> NoteList:
        """Notes with words of ``query``, best first; if there is none, notes that sound like it."""
        asked = words(query[:_LONGEST_QUERY])
        limit = min(limit, MOST_LISTED)
        hits = await self._store.search_words(owner, asked, limit, ("note",))
        if hits:
            return await self._found(owner, [hit.passage_id for hit in hits])
        hits = await self._store.search_sounds(owner, asked, limit, ("note",))
        candidates = await self._found(owner, [hit.passage_id for hit in hits])
        return [note for note in candidates if _likeness(query, note.text) >= _SOUND_ALIKE]

    async def update(self, owner: str, note_id: str, text: str, at: datetime) -> Note:
        """Give a note another text.

        Raises:
            LimitError: as for ``add``.
            NotFoundError: this owner has no such note.
        """
        return await self._store.update_note(owner, note_id, _clean(text), at=at)

    async def remove(self, owner: str, note_id: str) -> Note:
        """Remove, and return what it was. Raises ``NotFoundError``."""
        return await self._store.remove_note(owner, note_id)

    async def resolve(self, owner: str, reference: str) -> Note | NoteList:
        """The note that somebody means: by its id, as "the last one", or by what it is about.

        Returns:
            The one note that fits best; or all that fit equally well, best first, to ask which one; or an empty list
            if nothing fits.
        """
        reference = reference.strip()[:_LONGEST_QUERY]
        if _NOTE_ID.fullmatch(reference):
            try:
                return await self._store.note(owner, reference)
            except NotFoundError:
                return []
        topic = [word for word in words(reference) if word not in STOP_WORDS and word not in _ABOUT_NOTES]
        if topic and set(topic) <= _NEWEST:
            newest = await self.list(owner, limit=1)
            return newest[0] if newest else []
        candidates = await self.search(owner, " ".join(topic)) if topic else await self.list(owner, limit=10)
        return _fittest(topic, candidates)

    async def export(self, owner: str, format: Literal["markdown", "json"]) -> str:
        """All notes, oldest first."""
        found = await self._store.notes(owner, limit=_EVERYTHING)
        found.reverse()
        match format:
            case "markdown":
                return _markdown(found)
            case "json":
                return json.dumps([_plain(note) for note in found], ensure_ascii=False, indent=2) + "\n"

    async def _found(self, owner: str, passage_ids: Sequence[int]) -> NoteList:
        found: NoteList = []
        for passage in await self._store.passages(owner, passage_ids):
            with suppress(NotFoundError):  # removed in this very moment
                found.append(await self._store.note(owner, passage.source_id))
        return found


def _clean(text: str) -> str:
    """``text`` without control characters, if its length is right."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise LimitError("A note can't be empty: say or type what to write down.", code="empty_note", param="text")
    if len(text) > MOST_CHARACTERS:
        raise LimitError(
            f"A note may have {MOST_CHARACTERS:,} characters, this one has {len(text):,}: split it, or add it as a "
            "document.",
            param="text",
        )
    return text


def _likeness(query: str, text: str) -> float:
    """Share of the sounds of ``query`` that are in ``text``: 0 to 1."""
    asked = {term for term in sound_terms(query) if term[0] != "0"}
    return len(asked.intersection(sound_terms(text))) / len(asked) if asked else 0.0


def _fittest(topic: Sequence[str], candidates: NoteList) -> Note | NoteList:
    """The candidate that fits ``topic`` best, or all that fit it equally."""
    asked = {stem(word) for word in topic}
    fits = [(len(asked.intersection(map(stem, words(note.text)))), note) for note in candidates]
    most = max((fit for fit, _ in fits), default=0)
    best = [note for fit, note in fits if fit == most]
    return best[0] if len(best) == 1 else best


def _markdown(found: NoteList) -> str:
    parts = [f"## {note.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC\n\n{note.text}\n" for note in found]
    return "\n".join(["# Notes\n", *parts])


def _plain(note: Note) -> dict[str, str]:
    return {
        "id": note.id,
        "text": note.text,
        "created_at": note.created_at.isoformat(),
        "updated_at": note.updated_at.isoformat(),
    }
