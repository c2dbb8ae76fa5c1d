"""Rows of passages, and of the segments that they are written in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vasi.errors import StoreError
from vasi.storage.collections import CollectionName
from vasi.storage.owners import Owners
from vasi.storage.ports import NewPassage, Passage
from vasi.storage.postgres.database import Row, Transaction
from vasi.storage.postgres.owners import owner_number, owner_numbers
from vasi.storage.postgres.text import restored, term_key
from vasi.storage.terms import FIELDS, Analyser, Field, Terms

ORDINAL_BITS = 20
"""Of a passage's number, those that number it within its segment."""
MOST_PASSAGES = 1 << ORDINAL_BITS

_PASSAGE = """
    SELECT p.segment_id, p.ordinal, s.note_id, s.document_id, d.name, p.text, p.heading, p.page, p.start, p."end",
        c.id, c.name
    FROM passages p JOIN segments s ON s.id = p.segment_id LEFT JOIN documents d ON d.id = s.document_id
    LEFT JOIN collections c ON c.owner_id = p.owner_id
"""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A passage with its terms."""

    passage: NewPassage
    terms: Terms


def indexed(passage: NewPassage, analyser: Analyser) -> Indexed:
    """``passage`` with its terms."""
    return Indexed(passage, analyser.terms(passage.heading, passage.text))


async def add_segment(
    db: Transaction,
    owner_id: int,
    passages: Sequence[Indexed],
    *,
    document_id: str | None = None,
    note_id: str | None = None,
) -> None:
    """Store the passages of a document or of a note together with their index."""
    if not passages:
        return
    if len(passages) > MOST_PASSAGES:
        raise StoreError(f"A document has {len(passages)} passages; divide it, {MOST_PASSAGES} are the most.")
    lengths = [[sum(one.terms.words.values()), sum(one.terms.sounds.values())] for one in passages]
    fields, terms, places = _posted(passages)
    await db.execute(
        "WITH s AS (INSERT INTO segments (owner_id, document_id, note_id, passages, words, sounds, lengths)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id),"
        " p AS (INSERT INTO postings (owner_id, field, term, segment_id, places)"
        '  SELECT $1, a.field, a.term, s.id, a.places FROM s, unnest($8::"char"[], $9::text[], $10::bytea[])'
        "  AS a(field, term, places))"
        ' INSERT INTO passages (segment_id, ordinal, owner_id, text, heading, page, start, "end")'
        ' SELECT s.id, a.place - 1, $1, a.text, a.heading, a.page, a.start, a."end" FROM s,'
        " unnest($11::text[], $12::text[], $13::integer[], $14::integer[], $15::integer[])"
        ' WITH ORDINALITY AS a(text, heading, page, start, "end", place)',
        owner_id,
        document_id,
        note_id,
        len(passages),
        sum(words for words, _ in lengths),
        sum(sounds for _, sounds in lengths),
        np.array(lengths, "<i4").tobytes(),
        fields,
        terms,
        places,
        [one.passage.text for one in passages],
        [one.passage.heading for one in passages],
        [one.passage.page for one in passages],
        [one.passage.start for one in passages],
        [one.passage.end for one in passages],
    )


LETTERS: dict[Field, bytes] = {"words": b"w", "sounds": b"s"}


def _posted(passages: Sequence[Indexed]) -> tuple[list[bytes], list[str], list[bytes]]:
    """The columns of the postings: field, term, and where it stands how often."""
    fields: list[bytes] = []
    terms: list[str] = []
    places: list[bytes] = []
    for name in FIELDS:
        found: dict[str, list[int]] = {}
        for ordinal, one in enumerate(passages):
            counted = one.terms.words if name == "words" else one.terms.sounds
            for term, count in counted.items():
                found.setdefault(term_key(term), []).extend((ordinal, count))
        for term in sorted(found):  # all in the same order, so that nobody waits in a circle
            fields.append(LETTERS[name])
            terms.append(term)
            places.append(np.array(found[term], "<i4").tobytes())
    return fields, terms, places


_ID = re.compile(r"p([1-9][0-9]{0,17})")


def passage_id(number: int) -> str:
    """The id, opaque to everybody else, of the passage of this number: that of its segment, and its ordinal."""
    return f"p{number}"


def passage_number(segment_id: int, ordinal: int) -> int:
    """What a passage's id is made of."""
    return segment_id << ORDINAL_BITS | ordinal


def place_of(passage_id: str) -> tuple[int, int] | None:
    """Segment and ordinal of the passage of this id; None if it can't be an id."""
    match = _ID.fullmatch(passage_id)
    return divmod(int(match[1]), MOST_PASSAGES) if match else None


async def passages(db: Transaction, owners: Owners, ids: Sequence[str]) -> list[Passage]:
    """In the order of ``ids``; unknown ids and other owners' ids are left out."""
    places = [place for each in ids if (place := place_of(each)) is not None]
    rows = await db.fetch(
        f"{_PASSAGE} JOIN unnest($1::bigint[], $2::integer[]) a(segment_id, ordinal)"
        " ON a.segment_id = p.segment_id AND a.ordinal = p.ordinal WHERE p.owner_id = ANY ($3)",
        [segment for segment, _ in places],
        [ordinal for _, ordinal in places],
        await owner_numbers(db, owners),
    )
    found = {passage.id: passage for passage in map(_passage, rows)}
    return [found[each] for each in ids if each in found]


async def passages_around(db: Transaction, owners: Owners, passage_id: str, before: int, after: int) -> list[Passage]:
    """The passage with its neighbours in the same document."""
    place = place_of(passage_id)
    if place is None:
        return []
    segment, ordinal = place
    rows = await db.fetch(
        f"{_PASSAGE} WHERE p.segment_id = $1 AND p.ordinal BETWEEN $2 AND $3 AND p.owner_id = ANY ($4)"
        " AND s.document_id IS NOT NULL AND EXISTS (SELECT FROM passages WHERE segment_id = $1 AND ordinal = $5)"
        " ORDER BY p.ordinal",
        segment,
        ordinal - min(before, MOST_PASSAGES),
        ordinal + min(after, MOST_PASSAGES),
        await owner_numbers(db, owners),
        ordinal,
    )
    return [_passage(row) for row in rows]


async def document_passages(db: Transaction, owners: Owners, document_id: str) -> list[Passage]:
    """All of one document, in its order."""
    rows = await db.fetch(
        f"{_PASSAGE} WHERE s.document_id = $1 AND p.owner_id = ANY ($2) ORDER BY p.segment_id, p.ordinal",
        document_id,
        await owner_numbers(db, owners),
    )
    return [_passage(row) for row in rows]


async def texts(db: Transaction, owners: Owners) -> list[str]:
    """The text of every passage, owner by owner, in the order they were stored."""
    numbers = await owner_numbers(db, owners)
    query = (
        "SELECT p.text FROM segments s JOIN passages p ON p.segment_id = s.id WHERE s.owner_id = $1"
        " ORDER BY p.segment_id, p.ordinal"
    )
    return [restored(text) for number in numbers for (text,) in await db.fetch(query, number)]


async def revisions(db: Transaction) -> dict[str, str]:
    """Of every owner: their number, which isn't given twice, and how often their passages changed."""
    rows = await db.fetch("SELECT name, id, term_changes FROM owners")
    return {restored(name): f"{number}-{changes}" for name, number, changes in rows}


async def without_vectors(db: Transaction, owner: str, model: str, limit: int) -> list[Passage]:
    """Passages that have no vector of ``model``, oldest first."""
    rows = await db.fetch(
        f"{_PASSAGE} WHERE p.owner_id = $1 AND s.owner_id = $1 AND NOT EXISTS (SELECT FROM vectors v"
        " WHERE v.segment_id = p.segment_id AND v.ordinal = p.ordinal AND v.model = $2)"
        " ORDER BY p.segment_id, p.ordinal LIMIT $3",
        await owner_number(db, owner),
        model,
        max(limit, 0),
    )
    return [_passage(row) for row in rows]


async def rebuild_terms(db: Transaction, analyser: Analyser) -> None:
    """Make the terms of all passages anew, in the transaction of the caller."""
    segments = await db.fetch("SELECT id, owner_id, document_id, note_id FROM segments ORDER BY id FOR UPDATE")
    for segment_id, owner_id, _, _ in segments:
        rows = await db.fetch("SELECT heading, text FROM passages WHERE segment_id = $1 ORDER BY ordinal", segment_id)
        again = [indexed(NewPassage(restored(text), restored(heading)), analyser) for heading, text in rows]
        lengths = [[sum(one.terms.words.values()), sum(one.terms.sounds.values())] for one in again]
        words, sounds = sum(pair[0] for pair in lengths), sum(pair[1] for pair in lengths)
        await db.execute(
            "UPDATE owners SET words = o.words - s.words + $2, sounds = o.sounds - s.sounds + $3,"
            " term_changes = o.term_changes + 1 FROM segments s, owners o"
            " WHERE s.id = $1 AND o.id = s.owner_id AND owners.id = o.id",
            segment_id,
            words,
            sounds,
        )
        await db.execute(
            "UPDATE segments SET words = $2, sounds = $3, lengths = $4 WHERE id = $1",
            segment_id,
            words,
            sounds,
            np.array(lengths, "<i4").tobytes(),
        )
        await db.execute("DELETE FROM postings WHERE segment_id = $1", segment_id)
        await db.execute(
            "INSERT INTO postings (owner_id, field, term, segment_id, places)"
            ' SELECT $1, a.field, a.term, $2, a.places FROM unnest($3::"char"[], $4::text[], $5::bytea[])'
            " AS a(field, term, places)",
            owner_id,
            segment_id,
            *_posted(again),
        )


def _passage(row: Row) -> Passage:
    segment, ordinal, note_id, document_id, name, text, heading, page, start, end, *collection = row
    return Passage(
        id=passage_id(passage_number(segment, ordinal)),
        kind="document" if note_id is None else "note",
        source_id=note_id or document_id or "",
        document=restored(name or ""),
        text=restored(text),
        heading=restored(heading),
        page=page,
        start=start,
        end=end,
        collection=collection_name(*collection),
    )


def collection_name(collection_id: str | None, name: Any) -> CollectionName | None:
    """The collection that a row is in."""
    return None if collection_id is None else CollectionName(collection_id, name)
