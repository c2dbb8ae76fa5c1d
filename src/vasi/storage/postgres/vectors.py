"""Vectors: pgvector's of half precision. An owner's are compared exactly, or by an index over theirs alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vasi.errors import StoreError
from vasi.storage.owners import Owners
from vasi.storage.ports import Hit, Vector
from vasi.storage.postgres.database import Transaction
from vasi.storage.postgres.owners import owner_number, owner_numbers
from vasi.storage.postgres.passages import passage_id, passage_number, place_of
from vasi.storage.terms import BOTH_KINDS, Kind

_MAX_HITS = 1_000
_MOST_COMPONENTS = 16_000
"""Of pgvector's type."""


async def search_vectors(
    db: Transaction, owners: Owners, model: str, vector: Vector, limit: int, kinds: Sequence[Kind]
) -> list[Hit]:
    """The owners' passages by cosine similarity to ``vector`` (unit length), best first."""
    limit = min(limit, _MAX_HITS)
    if limit < 1 or not kinds:
        return []
    note = None if set(kinds) >= set(BOTH_KINDS) else "note" in kinds
    asked, size = _written(vector), vector.size
    found: list[tuple[float, int]] = []
    for number in await owner_numbers(db, owners):
        rows = await db.fetch(
            f"SELECT segment_id, ordinal, -(data::halfvec({size}) <#> $1::text::halfvec({size})) AS score FROM vectors"  # noqa: S608
            f" WHERE owner_id = {number} AND model = $2 AND size = {size} AND ($3::boolean IS NULL OR note = $3)"
            f" ORDER BY data::halfvec({size}) <#> $1::text::halfvec({size}), segment_id, ordinal LIMIT $4",
            asked,
            model,
            note,
            limit,
        )
        found += [(score, passage_number(segment, ordinal)) for segment, ordinal, score in rows]
    found.sort(key=lambda one: (-one[0], one[1]))
    return [Hit(passage_id(number), score) for score, number in found[:limit]]


async def put_vectors(db: Transaction, owner: str, model: str, vectors: Mapping[str, Vector]) -> None:
    """Attach vectors to the owner's passages; ids that are gone, or someone else's, are ignored."""
    number = await owner_number(db, owner)
    places = [(place, vector) for each, vector in vectors.items() if (place := place_of(each)) is not None]
    written = [_written(vector) for _, vector in places]
    if number is None or not places:
        return
    await db.execute(
        "INSERT INTO vectors (segment_id, ordinal, owner_id, model, size, note, data)"
        " SELECT p.segment_id, p.ordinal, p.owner_id, $2, a.size, s.note_id IS NOT NULL, a.data::halfvec"
        " FROM unnest($3::bigint[], $4::integer[], $5::integer[], $6::text[]) a(segment_id, ordinal, size, data)"
        " JOIN passages p ON p.segment_id = a.segment_id AND p.ordinal = a.ordinal AND p.owner_id = $1"
        " JOIN segments s ON s.id = p.segment_id"
        " ON CONFLICT (segment_id, ordinal) DO UPDATE SET"
        " model = excluded.model, size = excluded.size, data = excluded.data",
        number,
        model,
        [segment for (segment, _), _ in places],
        [ordinal for (_, ordinal), _ in places],
        [vector.size for _, vector in places],
        written,
    )


async def count_vectors(db: Transaction, owners: Owners, model: str) -> tuple[int, int]:
    """Passages that have a vector of ``model``, and all."""
    numbers = await owner_numbers(db, owners)
    done = await db.value("SELECT count(*) FROM vectors WHERE owner_id = ANY ($1) AND model = $2", numbers, model)
    return done, await db.value("SELECT coalesce(sum(passages), 0) FROM owners WHERE id = ANY ($1)", numbers)


def _written(vector: Vector) -> str:
    """As pgvector reads it."""
    if not np.all(np.isfinite(vector)):
        raise StoreError("A vector holds numbers that aren't finite: check the embedding model.")
    if not 1 <= vector.size <= _MOST_COMPONENTS:
        raise StoreError(f"A vector has {vector.size} components; {_MOST_COMPONENTS} are the most.")
    return "[" + ",".join(map(repr, vector.astype(np.float16).astype(np.float32).ravel().tolist())) + "]"
