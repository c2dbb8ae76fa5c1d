"""Rows of recorded conversations and their items."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from vasi.errors import NotFoundError
from vasi.protocol.items import Item, Message, is_preamble, item_id
from vasi.storage.postgres.database import Row, Transaction
from vasi.storage.postgres.owners import moment, new_owner_number, owner_number
from vasi.storage.postgres.text import restored
from vasi.storage.recorded import Cited, CitedSpan, Conversation, RecordedItem, preview_of, spoken_text, title_of

_WORDS = 8
_LIKE = re.compile(r"([%_\\])")
_NONE = "There is no such conversation: list your conversations to see their ids."

_items = msgspec.json.Decoder[Item](Item)
_citations = msgspec.json.Decoder(tuple[CitedSpan, ...])
_encoder = msgspec.json.Encoder()

_CONVERSATION = """
    SELECT c.id, c.title, c.created_at, c.updated_at,
        (SELECT count(*) FROM conversation_items i WHERE i.conversation_id = c.id AND i.role = 'user'),
        (SELECT i.text FROM conversation_items i WHERE i.conversation_id = c.id AND i.text ILIKE $1
            AND i.role IN ('user', 'assistant') AND i.text <> '' ORDER BY i.place DESC LIMIT 1)
    FROM conversations c WHERE c.owner_id = $2
"""


async def begin_conversation(db: Transaction, owner: str, conversation_id: str, *, at: datetime) -> Conversation:
    """A new one."""
    await db.execute(
        "INSERT INTO conversations (id, owner_id, title, created_at, updated_at) VALUES ($1, $2, '', $3, $3)",
        conversation_id,
        await new_owner_number(db, owner),
        moment(at),
    )
    return await conversation(db, owner, conversation_id)


async def put_conversation(db: Transaction, owner: str, given: Conversation, items: Sequence[RecordedItem]) -> bool:
    """One of elsewhere with its items; False if its id is taken, by whomever."""
    done = await db.execute(
        "INSERT INTO conversations (id, owner_id, title, created_at, updated_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (id) DO NOTHING",
        given.id,
        await new_owner_number(db, owner),
        given.title,
        moment(given.created_at),
        moment(given.updated_at),
    )
    if not done:
        return False
    before: str | None = None
    for one in items:
        await put_item(db, owner, given.id, one, after=before, at=given.updated_at)
        before = item_id(one.item)
    await db.execute("UPDATE conversations SET title = $2 WHERE id = $1", given.id, given.title)
    return True


async def conversation(db: Transaction, owner: str, conversation_id: str) -> Conversation:
    """One of this owner."""
    row = await db.row(f"{_CONVERSATION} AND c.id = $3", "%", await owner_number(db, owner), conversation_id)
    if row is None:
        raise NotFoundError(_NONE)
    return _conversation(row)


async def conversations(db: Transaction, owner: str, query: str, before: str | None, limit: int) -> list[Conversation]:
    """Latest changed first; letters are compared without regard to case."""
    wanted = [_pattern(word) for word in query.split()[:_WORDS]]
    parameters: list[Any] = [wanted[0] if wanted else "%", await owner_number(db, owner)]
    where = ""
    for word in wanted:
        parameters.append(word)
        place = len(parameters)
        where += (
            f" AND (c.title ILIKE ${place} OR EXISTS (SELECT 1 FROM conversation_items i"  # noqa: S608
            f" WHERE i.conversation_id = c.id AND i.text ILIKE ${place}))"
        )
    if before is not None:
        parameters.append(before)
        where += (
            " AND (c.updated_at, c.id) < (SELECT b.updated_at, b.id FROM conversations b"  # noqa: S608
            f" WHERE b.id = ${len(parameters)} AND b.owner_id = c.owner_id)"
        )
    parameters.append(max(limit, 0))
    rows = await db.fetch(
        f"{_CONVERSATION}{where} ORDER BY c.updated_at DESC, c.id DESC LIMIT ${len(parameters)}", *parameters
    )
    return [_conversation(row) for row in rows]


async def rename_conversation(
    db: Transaction, owner: str, conversation_id: str, title: str, *, at: datetime
) -> Conversation:
    """Give it another title."""
    await _require(db, owner, conversation_id)
    await db.execute(
        "UPDATE conversations SET title = $2, updated_at = $3 WHERE id = $1", conversation_id, title, moment(at)
    )
    return await conversation(db, owner, conversation_id)


async def remove_conversation(db: Transaction, owner: str, conversation_id: str) -> None:
    """Remove with its items; notes forget that they came from it."""
    await _require(db, owner, conversation_id)
    await db.execute("DELETE FROM conversations WHERE id = $1", conversation_id)
    await db.execute(
        "UPDATE notes SET conversation_id = NULL, item_id = NULL WHERE conversation_id = $1", conversation_id
    )


async def put_item(
    db: Transaction,
    owner: str,
    conversation_id: str,
    recorded: RecordedItem,
    *,
    after: str | None,
    at: datetime,
) -> None:
    """Keep an item, or what became of it."""
    number = await _require(db, owner, conversation_id)
    item = recorded.item
    text = spoken_text(item)
    # What a model says before it answers is neither found nor how a conversation ends.
    role = item.role if isinstance(item, Message) and not is_preamble(item) else ""
    await db.execute(
        "INSERT INTO conversation_items (conversation_id, id, owner_id, place, role, text, item, citations, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (conversation_id, id) DO UPDATE SET"
        " role = excluded.role, text = excluded.text, item = excluded.item, citations = excluded.citations",
        conversation_id,
        item_id(item),
        number,
        await _place(db, conversation_id, after),
        role,
        text,
        _encoder.encode(item).decode(),
        _encoder.encode(recorded.citations).decode(),
        moment(recorded.created_at),
    )
    await db.execute(
        "UPDATE conversations SET updated_at = $2, title = CASE WHEN title = '' THEN $3 ELSE title END WHERE id = $1",
        conversation_id,
        moment(at),
        title_of(text) if role == "user" else "",
    )


async def remove_item(db: Transaction, owner: str, conversation_id: str, wanted: str) -> None:
    """Erase an item."""
    await _require(db, owner, conversation_id)
    await db.execute("DELETE FROM conversation_items WHERE conversation_id = $1 AND id = $2", conversation_id, wanted)


async def conversation_items(
    db: Transaction, owner: str, conversation_id: str, limit: int | None
) -> list[RecordedItem]:
    """In order."""
    number = await owner_number(db, owner)
    if not await db.value(
        "SELECT EXISTS (SELECT FROM conversations WHERE id = $1 AND owner_id = $2)", conversation_id, number
    ):
        raise NotFoundError(_NONE)
    rows = await db.fetch(
        "SELECT item, created_at, citations FROM conversation_items WHERE conversation_id = $1"
        " ORDER BY place DESC LIMIT $2",
        conversation_id,
        None if limit is None else max(limit, 0),
    )
    return [
        RecordedItem(_items.decode(restored(item)), created_at, _citations.decode(restored(citations)))
        for item, created_at, citations in reversed(rows)
    ]


async def cited(db: Transaction, owner: str, passage_id: str) -> Cited | None:
    """How the owner's conversations cite a passage."""
    for citations, *_ in await _citing(db, owner, [f'"id":{json.dumps(passage_id)}']):
        for span in citations:
            for passage in span.passages:
                if passage.id == passage_id:
                    return passage
    return None


async def forget_excerpts(db: Transaction, owner: str | None, document_ids: Collection[str]) -> None:
    """Leave nothing of what documents said in the owner's citations of them, or in everybody's (None)."""
    gone = frozenset(document_ids)

    def forgotten(passage: Cited) -> Cited:
        return msgspec.structs.replace(passage, excerpt="") if passage.source_id in gone else passage

    held = [f'"source_id":{json.dumps(one)}' for one in gone]
    for citations, *key in await _citing(db, owner, held, for_change=True):
        spans = [
            msgspec.structs.replace(span, passages=tuple(forgotten(passage) for passage in span.passages))
            for span in citations
        ]
        await db.execute(
            "UPDATE conversation_items SET citations = $1 WHERE conversation_id = $2 AND id = $3",
            _encoder.encode(spans).decode(),
            *key,
        )


async def _citing(
    db: Transaction, owner: str | None, json_texts: Sequence[str], *, for_change: bool = False
) -> list[tuple[tuple[CitedSpan, ...], str, str]]:
    """The citations of the items that hold one of ``json_texts`` in them, newest conversation first, with their keys;
    the owner's, or everybody's (None).
    """
    number = None if owner is None else await owner_number(db, owner)
    if owner is not None and number is None:
        return []
    rows = await db.fetch(
        "SELECT i.citations, i.conversation_id, i.id FROM conversations c"  # noqa: S608
        " JOIN conversation_items i ON i.conversation_id = c.id"
        " WHERE ($1::integer IS NULL OR i.owner_id = $1) AND i.citations <> '[]'"
        " AND EXISTS (SELECT FROM unnest($2::text[]) held WHERE position(held IN i.citations) > 0)"
        f" ORDER BY c.updated_at DESC, i.place DESC {'FOR UPDATE OF i' if for_change else ''}",
        number,
        list(json_texts),
    )
    return [
        (_citations.decode(restored(citations)), conversation_id, item) for citations, conversation_id, item in rows
    ]


def _pattern(word: str) -> str:
    """What ILIKE looks for, to find ``word`` anywhere."""
    return "%" + _LIKE.sub(r"\\\1", word) + "%"


async def _require(db: Transaction, owner: str, conversation_id: str) -> int:
    """The owner's number; other changes of the conversation wait for this transaction."""
    number = await db.value(
        "SELECT owner_id FROM conversations WHERE id = $1 AND owner_id = $2 FOR UPDATE",
        conversation_id,
        await owner_number(db, owner),
    )
    if number is None:
        raise NotFoundError(_NONE)
    return number


async def _place(db: Transaction, conversation_id: str, after: str | None) -> float:
    """Halfway between the neighbours: fifty items can be put into the same gap."""
    places = "FROM conversation_items WHERE conversation_id = $1"
    if after is None:
        first = await db.value(f"SELECT min(place) {places}", conversation_id)
        return 0.0 if first is None else first - 1
    known = await db.value(f"SELECT place {places} AND id = $2", conversation_id, after)
    if known is None:
        last = await db.value(f"SELECT max(place) {places}", conversation_id)
        return 0.0 if last is None else last + 1
    following = await db.value(f"SELECT min(place) {places} AND place > $2", conversation_id, known)
    return known + 1 if following is None else (known + following) / 2


def _conversation(row: Row) -> Conversation:
    conversation_id, title, created_at, updated_at, turns, text = row
    return Conversation(
        id=conversation_id,
        title=restored(title),
        created_at=created_at,
        updated_at=updated_at,
        turns=turns,
        preview=preview_of(restored(text or "")),
    )
