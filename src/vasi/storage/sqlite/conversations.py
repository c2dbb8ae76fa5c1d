"""Rows of recorded conversations and their items, and of the log of changes."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from vasi.errors import NotFoundError
from vasi.protocol.items import Item, Message, is_preamble, item_id
from vasi.storage.changes import Change
from vasi.storage.owners import Owners
from vasi.storage.recorded import Cited, CitedSpan, Conversation, RecordedItem, preview_of, spoken_text, title_of
from vasi.storage.sqlite import erasure
from vasi.storage.sqlite.passages import microseconds, moment, new_owner_number, owner_number, owner_numbers

_WORDS = 8
_LIKE = re.compile(r"([%_\\])")
_NONE = "There is no such conversation: list your conversations to see their ids."

_items = msgspec.json.Decoder[Item](Item)
_citations = msgspec.json.Decoder(tuple[CitedSpan, ...])
_encoder = msgspec.json.Encoder()

_CONVERSATION = """
    SELECT c.id, c.title, c.created_at, c.updated_at,
        (SELECT count(*) FROM conversation_items i WHERE i.conversation_id = c.id AND i.role = 'user'),
        (SELECT i.text FROM conversation_items i WHERE i.conversation_id = c.id AND i.text LIKE ?1 ESCAPE '\\'
            AND i.role IN ('user', 'assistant') AND i.text <> '' ORDER BY i.place DESC LIMIT 1)
    FROM conversations c JOIN owners o ON o.id = c.owner_id WHERE o.name = ?2
"""


def begin_conversation(db: sqlite3.Connection, owner: str, conversation_id: str, *, at: datetime) -> Conversation:
    """A new one."""
    when = microseconds(at)
    db.execute(
        "INSERT INTO conversations (id, owner_id, title, created_at, updated_at) VALUES (?, ?, '', ?, ?)",
        (conversation_id, new_owner_number(db, owner), when, when),
    )
    return conversation(db, owner, conversation_id)


def put_conversation(db: sqlite3.Connection, owner: str, given: Conversation, items: Sequence[RecordedItem]) -> bool:
    """One of elsewhere with its items; False if its id is taken, by whomever."""
    if db.execute("SELECT 1 FROM conversations WHERE id = ?", (given.id,)).fetchone() is not None:
        return False
    begin_conversation(db, owner, given.id, at=given.created_at)
    before: str | None = None
    for one in items:
        put_item(db, owner, given.id, one, after=before, at=given.updated_at)
        before = item_id(one.item)
    db.execute(
        "UPDATE conversations SET title = ?, updated_at = ? WHERE id = ?",
        (given.title, microseconds(given.updated_at), given.id),
    )
    return True


def conversation(db: sqlite3.Connection, owner: str, conversation_id: str) -> Conversation:
    """One of this owner."""
    row = db.execute(f"{_CONVERSATION} AND c.id = ?3", ("%", owner, conversation_id)).fetchone()
    if row is None:
        raise NotFoundError(_NONE)
    return _conversation(row)


def conversations(db: sqlite3.Connection, owner: str, query: str, before: str | None, limit: int) -> list[Conversation]:
    """Latest changed first; SQLite compares letters without regard to case where they are ASCII."""
    wanted = [_pattern(word) for word in query.split()[:_WORDS]]
    parameters: list[Any] = [wanted[0] if wanted else "%", owner]
    where = ""
    for word in wanted:
        parameters.append(word)
        place = len(parameters)
        where += (
            f" AND (c.title LIKE ?{place} ESCAPE '\\' OR EXISTS (SELECT 1 FROM conversation_items i"  # noqa: S608
            f" WHERE i.conversation_id = c.id AND i.text LIKE ?{place} ESCAPE '\\'))"
        )
    if before is not None:
        parameters.append(before)
        where += (
            " AND (c.updated_at, c.id) < (SELECT b.updated_at, b.id FROM conversations b"  # noqa: S608
            f" WHERE b.id = ?{len(parameters)} AND b.owner_id = c.owner_id)"
        )
    parameters.append(max(limit, 0))
    rows = db.execute(
        f"{_CONVERSATION}{where} ORDER BY c.updated_at DESC, c.id DESC LIMIT ?{len(parameters)}", parameters
    )
    return [_conversation(row) for row in rows]


def rename_conversation(
    db: sqlite3.Connection, owner: str, conversation_id: str, title: str, *, at: datetime
) -> Conversation:
    """Give it another title."""
    conversation(db, owner, conversation_id)
    db.execute(
        "UPDATE conversations SET title = ?, updated_at = ? WHERE id = ?", (title, microseconds(at), conversation_id)
    )
    return conversation(db, owner, conversation_id)


def remove_conversation(db: sqlite3.Connection, owner: str, conversation_id: str) -> None:
    """Remove with its items; notes forget that they came from it."""
    conversation(db, owner, conversation_id)
    db.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))
    db.execute("UPDATE notes SET conversation_id = NULL, item_id = NULL WHERE conversation_id = ?", (conversation_id,))
    erasure.mark(db)


def put_item(
    db: sqlite3.Connection,
    owner: str,
    conversation_id: str,
    recorded: RecordedItem,
    *,
    after: str | None,
    at: datetime,
) -> None:
    """Keep an item, or what became of it."""
    _require(db, owner, conversation_id)
    item = recorded.item
    text = spoken_text(item)
    # What a model says before it answers is neither found nor how a conversation ends.
    role = item.role if isinstance(item, Message) and not is_preamble(item) else ""
    db.execute(
        "INSERT INTO conversation_items (conversation_id, id, place, role, text, item, citations, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation_id, id) DO UPDATE SET role = excluded.role,"
        " text = excluded.text, item = excluded.item, citations = excluded.citations",
        (
            conversation_id,
            item_id(item),
            _place(db, conversation_id, after),
            role,
            text,
            _encoder.encode(item).decode(),
            _encoder.encode(recorded.citations).decode(),
            microseconds(recorded.created_at),
        ),
    )
    title = title_of(text) if role == "user" else ""
    db.execute(
        "UPDATE conversations SET updated_at = ?, title = CASE WHEN title = '' THEN ? ELSE title END WHERE id = ?",
        (microseconds(at), title, conversation_id),
    )


def remove_item(db: sqlite3.Connection, owner: str, conversation_id: str, wanted: str) -> None:
    """Erase an item."""
    _require(db, owner, conversation_id)
    db.execute("DELETE FROM conversation_items WHERE conversation_id = ? AND id = ?", (conversation_id, wanted))
    erasure.mark(db)


def conversation_items(
    db: sqlite3.Connection, owner: str, conversation_id: str, limit: int | None
) -> list[RecordedItem]:
    """In order."""
    _require(db, owner, conversation_id)
    rows = db.execute(
        "SELECT item, created_at, citations FROM conversation_items WHERE conversation_id = ?"
        " ORDER BY place DESC LIMIT ?",
        (conversation_id, -1 if limit is None else max(limit, 0)),
    ).fetchall()
    return [
        RecordedItem(_items.decode(item), moment(created_at), _citations.decode(citations))
        for item, created_at, citations in reversed(rows)
    ]


def cited(db: sqlite3.Connection, owner: str, passage_id: str) -> Cited | None:
    """How the owner's conversations cite a passage."""
    for citations, *_ in _citing(db, owner, [f'"id":{json.dumps(passage_id)}']):
        for span in citations:
            for passage in span.passages:
                if passage.id == passage_id:
                    return passage
    return None


def forget_excerpts(db: sqlite3.Connection, owner: str | None, document_ids: Collection[str]) -> None:
    """Leave nothing of what documents said in the owner's citations of them, or in everybody's (None)."""
    gone = frozenset(document_ids)

    def forgotten(passage: Cited) -> Cited:
        return msgspec.structs.replace(passage, excerpt="") if passage.source_id in gone else passage

    held = [f'"source_id":{json.dumps(one)}' for one in gone]
    for citations, *key in list(_citing(db, owner, held)):
        spans = [
            msgspec.structs.replace(span, passages=tuple(forgotten(passage) for passage in span.passages))
            for span in citations
        ]
        db.execute(
            "UPDATE conversation_items SET citations = ? WHERE conversation_id = ? AND id = ?",
            (_encoder.encode(spans).decode(), *key),
        )


def _citing(
    db: sqlite3.Connection, owner: str | None, json_texts: Sequence[str]
) -> Iterator[tuple[tuple[CitedSpan, ...], str, str]]:
    """The citations of the items that hold one of ``json_texts`` in them, newest conversation first, with their keys;
    the owner's, or everybody's (None).
    """
    rows = db.execute(
        "SELECT i.citations, i.conversation_id, i.id FROM conversations c"
        " JOIN conversation_items i ON i.conversation_id = c.id"
        " WHERE (c.owner_id = ?1 OR ?2) AND i.citations <> '[]'"
        " AND EXISTS (SELECT 1 FROM json_each(?3) WHERE instr(i.citations, value))"
        " ORDER BY c.updated_at DESC, i.place DESC",
        (None if owner is None else owner_number(db, owner), owner is None, json.dumps(json_texts)),
    )
    for citations, conversation_id, item in rows:
        yield _citations.decode(citations), conversation_id, item


def _pattern(word: str) -> str:
    """What LIKE looks for, to find ``word`` anywhere."""
    return "%" + _LIKE.sub(r"\\\1", word) + "%"


def _require(db: sqlite3.Connection, owner: str, conversation_id: str) -> None:
    row = db.execute(
        "SELECT 1 FROM conversations WHERE id = ? AND owner_id = ?", (conversation_id, owner_number(db, owner))
    ).fetchone()
    if row is None:
        raise NotFoundError(_NONE)


def _place(db: sqlite3.Connection, conversation_id: str, after: str | None) -> float:
    """Halfway between the neighbours: fifty items can be put into the same gap."""
    places = "FROM conversation_items WHERE conversation_id = ?"
    if after is None:
        (first,) = db.execute(f"SELECT min(place) {places}", (conversation_id,)).fetchone()
        return 0.0 if first is None else first - 1
    known = db.execute(f"SELECT place {places} AND id = ?", (conversation_id, after)).fetchone()
    if known is None:
        (last,) = db.execute(f"SELECT max(place) {places}", (conversation_id,)).fetchone()
        return 0.0 if last is None else last + 1
    (following,) = db.execute(
        f"SELECT min(place) {places} AND place > ?",
        (conversation_id, *known),
    ).fetchone()
    return known[0] + 1 if following is None else (known[0] + following) / 2


def _conversation(row: Sequence[Any]) -> Conversation:
    conversation_id, title, created_at, updated_at, turns, text = row
    return Conversation(
        id=conversation_id,
        title=title,
        created_at=moment(created_at),
        updated_at=moment(updated_at),
        turns=turns,
        preview=preview_of(text or ""),
    )


# --- changes ----------------------------------------------------------------------------------------------------------
def latest_change(db: sqlite3.Connection, owners: Owners) -> int:
    """``seq`` of the newest; an owner's changes may all have been forgotten for others'."""
    query = "SELECT coalesce(max(seq), 0) FROM changes WHERE owner_id = ?"
    return max((db.execute(query, (number,)).fetchone()[0] for number in owner_numbers(db, owners)), default=0)


def newest_change(db: sqlite3.Connection) -> int:
    """``seq`` of the newest, whoever's it is."""
    return db.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0]


def changes(db: sqlite3.Connection, owners: Owners, after: int) -> list[Change] | None:
    """Since ``after``; None if some may have been forgotten."""
    (oldest, newest) = db.execute("SELECT coalesce(min(seq), 0), coalesce(max(seq), 0) FROM changes").fetchone()
    if after > newest or after < oldest - 1:
        return None
    rows = db.execute(
        "SELECT seq, kind, action, id FROM changes WHERE owner_id IN (SELECT value FROM json_each(?)) AND seq > ?"
        " ORDER BY seq",
        (json.dumps(owner_numbers(db, owners)), after),
    )
    return [Change(*row) for row in rows]
