"""Notes as people use them: written down, found again by what they are about, changed, exported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Literal, Protocol, TypeAlias

from vasi.errors import ClientError, LimitError, NotFoundError
from vasi.language.appointments import DaysAhead, days_ahead
from vasi.language.lists import ListText, read_list, same_title
from vasi.language.phonetics import sound_terms
from vasi.language.printable import printable
from vasi.language.terms import STOP_WORDS, stem, words
from vasi.notes.markdown import as_markdown
from vasi.notes.undo import Added, Removed, Reverted, UndoLog, Undone, Updated
from vasi.storage.owners import Owners
from vasi.storage.ports import Hit, Note, NoteOrigin, Store
from vasi.storage.terms import Kind

MOST_CHARACTERS = 10_000
MOST_LISTED = 1_000
MOST_TAGS = 20
LONGEST_TAG = 40
KEPT_IN_BIN = timedelta(minutes=10)
"""So long a removal or a change can be taken back."""
_LONGEST_QUERY = 1_000
_EVERYTHING = 1_000_000_000
_CANDIDATES = 50
"""Notes among which the one that is meant is looked for."""
_SOUND_ALIKE = 0.5
"""Share of a query's sounds that a note must have to be found by sound alone."""

_NOTE_ID = re.compile(r"note_[0-9a-z]+")
_ABOUT_NOTES = frozenset({"note", "notes", "memo", "memos", "reminder", "reminders", "one", "entry", "saying", "says"})
_NOT_TELLING = frozenset({"a", "an", "the", "my", "our", "of", "for", "about", "that"})
_NEWEST = frozenset({"last", "latest", "newest", "recent"})

NoteList: TypeAlias = list[Note]
"""The class below has a method called ``list``."""
NoteWords: TypeAlias = list[str]


class NoteIndex(Protocol):
    """Searches passages; ``vasi.knowledge.index.Index`` is one."""

    async def search_words(self, owners: Owners, words: Sequence[str], limit: int, kinds: Sequence[Kind]) -> list[Hit]:
        """The passages with any of ``words``, best first."""
        ...

    async def search_sounds(self, owners: Owners, words: Sequence[str], limit: int, kinds: Sequence[Kind]) -> list[Hit]:
        """The passages that sound like ``words``, best first."""
        ...


class Notes:
    """The notes of all owners, in ``store``, found through the ``index`` over it."""

    def __init__(self, store: Store, index: NoteIndex) -> None:
        self._store = store
        self._index = index
        self._undo = UndoLog()

    async def add(
        self,
        owner: str,
        text: str,
        at: datetime,
        *,
        tags: Iterable[str] = (),
        pinned: bool = False,
        origin: NoteOrigin | None = None,
    ) -> Note:
        """Write down; durable, and found by the next search, when this returns.

        Raises:
            ClientError: ``text`` has no visible character.
            LimitError: it has more than 10,000; too many tags, or too long ones.
        """
        tidy = _tidy(tags)
        note = await self._store.add_note(owner, _clean(text), at=at, tags=tidy, pinned=pinned, origin=origin)
        self._undo.record(owner, Added((note.id,)), at)
        return note

    async def list(
        self,
        owner: str,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
        *,
        tag: str | None = None,
    ) -> NoteList:
        """Newest first, of those written in [since, until), with ``tag`` in any case if given; at most 1,000."""
        tag = None if tag is None else _plain(tag)
        return await self._store.notes(owner, since=since, until=until, tag=tag, limit=min(limit, MOST_LISTED))

    async def search(self, owner: str, query: str, limit: int = 10, *, tag: str | None = None) -> NoteList:
        """Notes with words of ``query``, best first; if there is none, notes that sound like it."""
        if tag is None:
            return await self._search(owner, query, min(limit, MOST_LISTED))
        found = await self._search(owner, query, MOST_LISTED)
        wanted = _plain(tag).casefold()
        return [note for note in found if any(one.casefold() == wanted for one in note.tags)][:limit]

    async def _search(self, owner: str, query: str, limit: int) -> NoteList:
        asked = words(query[:_LONGEST_QUERY])
        hits = await self._index.search_words(owner, asked, limit, ("note",))
        if hits:
            return await self._found(owner, [hit.passage_id for hit in hits])
        hits = await self._index.search_sounds(owner, asked, limit, ("note",))
        candidates = await self._found(owner, [hit.passage_id for hit in hits])
        return [note for note in candidates if _likeness(query, note.text) >= _SOUND_ALIKE]

    async def dated(self, owner: str, days: DaysAhead, zone: tzinfo, query: str = "") -> NoteList:
        """Notes that name a day in ``days``, as those of ``zone`` mean it; about ``query`` if given."""
        found = await (self.search(owner, query, MOST_LISTED) if query.strip() else self.list(owner, limit=MOST_LISTED))
        return [
            note
            for note in found
            if any(days.meets(named) for named in days_ahead(note.text, note.updated_at.astimezone(zone)))
        ]

    async def update(
        self,
        owner: str,
        note_id: str,
        text: str | None,
        at: datetime,
        *,
        tags: Iterable[str] | None = None,
        pinned: bool | None = None,
    ) -> Note:
        """Change what is given.

        Raises:
            ClientError, LimitError: as for ``add``.
            NotFoundError: this owner has no such note.
        """
        clean, tidy = None if text is None else _clean(text), None if tags is None else _tidy(tags)
        before = await self._store.note(owner, note_id)
        note = await self._store.update_note(owner, note_id, clean, at=at, tags=tidy, pinned=pinned)
        if (note.text, note.tags) != (before.text, before.tags):
            self._undo.record(owner, Updated(note_id), at)
        return note

    async def remove(self, owner: str, note_id: str) -> Note:
        """Remove for good, and return what it was. Raises ``NotFoundError``."""
        removed = await self._store.remove_note(owner, note_id)
        self._undo.forget_note(owner, note_id)
        return removed

    async def bin(self, owner: str, note_id: str, at: datetime) -> Note:
        """Remove, and return what it was; it can be restored for ``KEPT_IN_BIN``. Raises ``NotFoundError``."""
        return (await self.bin_all(owner, (note_id,), at))[0]

    async def bin_all(self, owner: str, note_ids: Sequence[str], at: datetime) -> NoteList:
        """Remove several as one change, and return what they were. Raises ``NotFoundError`` if one isn't there."""
        binned: NoteList = []
        try:
            for note_id in dict.fromkeys(note_ids):
                binned.append(await self._store.bin_note(owner, note_id, at=at))
        finally:
            if binned:
                self._undo.record(owner, Removed(tuple(note.id for note in binned)), at)
        return binned

    async def restore(self, owner: str, note_id: str, at: datetime) -> Note:
        """Take back a removal. Raises ``NotFoundError`` when there is nothing to take back, or it's too late."""
        note = await self._store.restore_note(owner, note_id)
        self._undo.record(owner, Added((note_id,)), at)
        return note

    async def revert(self, owner: str, note_id: str, at: datetime) -> Note:
        """Take back the last change of its text and tags. Raises ``NotFoundError`` as ``restore`` does."""
        later = await self._store.note(owner, note_id)
        note = await self._store.revert_note(owner, note_id)
        self._undo.record(owner, Reverted(later), at)
        return note

    async def undo(self, owner: str, at: datetime) -> Undone:
        """Take back what was done last to the owner's notes, whatever it was, taking back included.

        Raises:
            NotFoundError: nothing was done, or too long ago.
        """
        match self._undo.take(owner):
            case Added(note_ids):
                return Undone("added", tuple(await self.bin_all(owner, note_ids, at)))
            case Removed(note_ids):
                restored = [await self._store.restore_note(owner, note_id) for note_id in note_ids]
                self._undo.record(owner, Added(note_ids), at)
                return Undone("removed", tuple(restored))
            case Updated(note_id):
                return Undone("updated", (await self.revert(owner, note_id, at),))
            case Reverted(later):
                note = await self.update(owner, later.id, later.text, at, tags=later.tags)
                return Undone("updated", (note,))
            case None:
                raise NotFoundError("There is nothing to take back.")

    def forget(self, owner: str) -> None:
        """Everything of the owner is removed: nothing of it can be taken back."""
        self._undo.forget_owner(owner)

    async def empty_bins(self, before: datetime) -> None:
        """Erase, of all owners, what was put into the bin or changed before that moment."""
        self._undo.forget(before)
        for owner in await self._store.owners():
            await self._store.empty_bin(owner, before=before)

    async def resolve(self, owner: str, reference: str) -> Note | NoteList:
        """The note that somebody means: by its id, as "the last one", or by what it is about.

        All telling words of ``reference`` must stand in the note: one that shares a word is another note.

        Returns:
            The one note that fits; or all that fit equally well, best first, to ask which one; or an empty list if
            nothing fits.
        """
        reference = reference.strip()[:_LONGEST_QUERY]
        if _NOTE_ID.fullmatch(reference):
            try:
                return await self._store.note(owner, reference)
            except NotFoundError:
                return []
        topic = _topic(reference)
        if "list" in topic and (lists := await self.find_list(owner, reference)):
            return lists[0][0] if len(lists) == 1 else [note for note, _ in lists]
        if topic and set(topic) <= _NEWEST:
            newest = await self.list(owner, limit=1)
            return newest[0] if newest else []
        candidates = (
            await self.search(owner, " ".join(topic), _CANDIDATES) if topic else await self.list(owner, limit=10)
        )
        asked = _telling(reference)
        fitting = [note for note in candidates if asked <= _stems(note.text)]
        fitting = _exact(reference, topic, fitting) or fitting
        return fitting[0] if len(fitting) == 1 else fitting

    async def nearest(self, owner: str, reference: str) -> Note | None:
        """The note with most of the telling words of ``reference``, to be named where ``resolve`` finds nothing."""
        asked = _telling(reference) - {stem("list")}
        found = await self.search(owner, " ".join(_topic(reference)), _CANDIDATES) if asked else []
        fits = [(len(asked & _stems(note.text)), note) for note in found]
        most = max((fit for fit, _ in fits), default=0)
        return next((note for fit, note in fits if fit == most), None) if most else None

    async def find_list(self, owner: str, name: str) -> list[tuple[Note, ListText]]:
        """The lists that are called ``name``, newest first, with what is on them."""
        found = await self.list(owner, limit=MOST_LISTED)
        read = [(note, read_list(note.text, name.strip()[:_LONGEST_QUERY])) for note in found]
        return [(note, items) for note, items in read if items is not None and same_title(items.title, name)]

    async def export(self, owner: str, format: Literal["markdown", "json"], zone: tzinfo = UTC) -> str:
        """All notes, oldest first; dates in Markdown are those of ``zone``."""
        found = await self._store.notes(owner, limit=_EVERYTHING)
        found.reverse()
        match format:
            case "markdown":
                return _markdown(found, zone)
            case "json":
                return json.dumps([shown(note) for note in found], ensure_ascii=False, indent=2) + "\n"

    async def _found(self, owner: str, passage_ids: Sequence[str]) -> NoteList:
        passages = await self._store.passages(owner, passage_ids)
        return await self._store.notes_by_id(owner, [passage.source_id for passage in passages])


def _clean(text: str) -> str:
    """``text`` without control characters, if its length is right."""
    text = printable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise ClientError("A note can't be empty: say or type what to write down.", code="empty_note", param="text")
    if len(text) > MOST_CHARACTERS:
        raise LimitError(
            f"A note may have {MOST_CHARACTERS:,} characters, this one has {len(text):,}: split it, or add it as a "
            "document.",
            param="text",
        )
    return text


def _tidy(tags: Iterable[str]) -> tuple[str, ...]:
    """``tags`` without marks, doubles and control characters."""
    clean = map(_plain, tags)
    tidy = list({tag.casefold(): tag for tag in clean if tag}.values())
    if len(tidy) > MOST_TAGS:
        raise LimitError(f"A note may have {MOST_TAGS} tags, this one has {len(tidy)}: remove some.", param="tags")
    for tag in tidy:
        if len(tag) > LONGEST_TAG:
            raise LimitError(
                f"A tag may have {LONGEST_TAG} characters; '{tag[:LONGEST_TAG]}…' is longer.", param="tags"
            )
    return tuple(tidy)


def _plain(tag: str) -> str:
    return " ".join(printable(tag).replace("#", " ").split())


def _likeness(query: str, text: str) -> float:
    """Share of the sounds of ``query`` that are in ``text``: 0 to 1."""
    asked = {term for term in sound_terms(query) if term[0] != "0"}
    return len(asked.intersection(sound_terms(text))) / len(asked) if asked else 0.0


def _exact(reference: str, topic: Sequence[str], candidates: NoteList) -> NoteList:
    """The candidates that say exactly ``reference``, else those that say nothing but ``topic``."""
    spoken = words(reference)
    exact = [note for note in candidates if words(note.text) == spoken]
    return exact or [note for note in candidates if topic and _topic(note.text) == list(topic)]


def _topic(text: str) -> NoteWords:
    return [word for word in words(text) if word not in STOP_WORDS and word not in _ABOUT_NOTES]


def _telling(reference: str) -> frozenset[str]:
    """The stems that a note must have to be meant.

    Where "list" is the only word left, the function words before it tell lists apart: "the to do list".
    """
    topic = _topic(reference)
    if topic and set(topic) <= {"list", "lists"}:
        topic = [word for word in words(reference) if word not in _ABOUT_NOTES and word not in _NOT_TELLING]
    return frozenset(stem(word) for word in topic if word not in _NEWEST)


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, words(text)))


def _markdown(found: NoteList, zone: tzinfo) -> str:
    parts = [
        f"## {note.created_at.astimezone(zone):%Y-%m-%d %H:%M %Z}\n\n{as_markdown(note.text)}\n"
        + (f"\nTags: {as_markdown(', '.join(note.tags))}\n" if note.tags else "")
        for note in found
    ]
    return "\n".join(["# Notes\n", *parts])


def shown(note: Note) -> dict[str, Any]:
    """A note as programs see it; what it doesn't have is left out."""
    plain: dict[str, Any] = {
        "id": note.id,
        "text": note.text,
        "tags": list(note.tags),
        "pinned": note.pinned,
        "created_at": note.created_at.isoformat(),
        "updated_at": note.updated_at.isoformat(),
    }
    if note.origin is not None:
        plain["conversation_id"] = note.origin.conversation_id
        if note.origin.item_id is not None:
            plain["item_id"] = note.origin.item_id
    return plain
