"""Vectors: pgvector's of half precision. An owner's are compared exactly, or by an index over theirs alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from vasi.errors import StoreError
from vasi.storage.owners import Owners, each_of
from vasi.storage.ports import Hit, Vector
from vasi.storage.postgres.database import SCHEMA, Transaction
from vasi.storage.postgres.owners import owner_number, owner_numbers
from vasi.storage.postgres.passages import passage_id, passage_number, place_of
from vasi.storage.terms import BOTH_KINDS, Kind

_MAX_HITS = 1_000
_MOST_COMPONENTS = 16_000
"""Of pgvector's type."""
_MOST_INDEXED = 4_000
"""Components of a vector that pgvector can have in an index."""
_CANDIDATES = 200
EXACT_UP_TO = 20_000
"""Passages of an owner whose vectors are all compared: it takes some milliseconds, and misses nothing."""


async def search_vectors(
    db: Transaction,
    owners: Owners,
    model: str,
    vector: Vector,
    limit: int,
    kinds: Sequence[Kind],
    *,
    exact_up_to: int,
) -> list[Hit]:
    """The owners' passages by cosine similarity to ``vector`` (unit length), best first."""
    limit = min(limit, _MAX_HITS)
    if limit < 1 or not kinds:
        return []
    note = None if set(kinds) >= set(BOTH_KINDS) else "note" in kinds
    asked, size = _written(vector), vector.size
    found: list[tuple[float, int]] = []
    rows = await db.fetch("SELECT id, passages FROM owners WHERE name = ANY ($1)", list(each_of(owners)))
    for number, passages in rows:
        if passages > exact_up_to:
            # Enough candidates that hardly one is missed, and more of them where the kind rules some out.
            await db.fetch(
                "SELECT set_config('hnsw.ef_search', $1, true),"
                " set_config('hnsw.iterative_scan', 'strict_order', true)",
                str(min(max(_CANDIDATES, 2 * limit), _MAX_HITS)),
            )
        distance = f"data::halfvec({size}) <#> $1::text::halfvec({size})"
        rows = await db.fetch(
            f"SELECT segment_id, ordinal, -({distance}) FROM vectors WHERE owner_id = {number} AND model = $2"  # noqa: S608
            f" AND size = {size} AND ($3::boolean IS NULL OR note = $3) ORDER BY {distance} LIMIT $4",
            asked,
            model,
            note,
            limit,
        )
        found += [(score, passage_number(segment, ordinal)) for segment, ordinal, score in rows]
    found.sort(key=lambda one: (-one[0], one[1]))
    return [Hit(passage_id(number), score) for score, number in found[:limit]]


async def missing_index(db: Transaction, owner: str, model: str, size: int, exact_up_to: int) -> str | None:
    """What makes the index over the vectors of an owner who has too many to compare them all; None if there's no need.

    It holds theirs alone, so that nothing of others is passed through. It's made while others write, so outside any
    transaction.
    """
    if size > _MOST_INDEXED:
        return None
    row = await db.row("SELECT id FROM owners WHERE name = $1 AND passages > $2", owner, exact_up_to)
    if row is None:
        return None
    name = f"vectors_of_{row[0]}_{hashlib.sha256(f'{size} {model}'.encode()).hexdigest()[:16]}"
    if await db.value("SELECT to_regclass($1) IS NOT NULL", f"{SCHEMA}.{name}"):
        return None
    place = await db.value(
        "SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace"
        " WHERE extname = 'vector'"
    )
    literal = await db.value("SELECT quote_literal($1::text)", model)
    return (
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {SCHEMA}.vectors USING hnsw"
        f" ((data::{place}.halfvec({size})) {place}.halfvec_ip_ops)"
        f" WHERE owner_id = {row[0]} AND model = {literal} AND size = {size}"
    )


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
