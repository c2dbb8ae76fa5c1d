"""Where terms stand: read from the rows of ``postings``, and counted here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from vasi.storage.owners import Owners, each_of
from vasi.storage.postgres.database import Row, Transaction
from vasi.storage.postgres.passages import LETTERS, ORDINAL_BITS, passage_id
from vasi.storage.postgres.text import restored, storable, term_key
from vasi.storage.terms import (
    BOTH_KINDS,
    Field,
    FieldStatistics,
    Kind,
    Occurrences,
    Postings,
    TermStatistics,
    Vocabulary,
)

_INTS = np.zeros(0, np.int32)
_NUMBERS = "SELECT id FROM owners WHERE name = ANY ($1)"
_STANDS = (
    "SELECT segment_id, places FROM postings WHERE owner_id = ANY (ARRAY(SELECT id FROM o)) AND field = a.field"
    " AND term = a.term OFFSET 0"
)
"""Of each term by itself, by the primary key: joined in any other way, all rows of the table would be read."""
_LAST = 0xD7FF
"""The last character before the surrogates, behind which no text can begin."""


async def statistics(db: Transaction, owners: Owners, terms: Mapping[Field, Sequence[str]]) -> TermStatistics:
    """How common ``terms`` are among the owners' passages."""
    asked = _asked(terms)
    # In one query: to wait for another answer takes longer than to count.
    rows = await db.fetch(
        f"WITH o AS MATERIALIZED ({_NUMBERS})"  # noqa: S608
        " SELECT 0::bigint, coalesce(sum(passages), 0)::bigint, coalesce(sum(words), 0)::bigint,"
        " coalesce(sum(sounds), 0)::bigint FROM owners WHERE id IN (SELECT id FROM o) UNION ALL"
        " SELECT a.key, sum(length(p.places) / 8)::bigint, 0, 0"
        ' FROM unnest($2::"char"[], $3::text[]) WITH ORDINALITY a(field, term, key)'
        f" CROSS JOIN LATERAL ({_STANDS}) p GROUP BY a.key",
        list(each_of(owners)),
        *_columns(asked),
    )
    counted = [0] * len(asked)
    passages, total = 0, dict.fromkeys(LETTERS, 0)
    for key, count, words, sounds in rows:
        if key:
            counted[key - 1] = count
        else:
            passages, total = count, {"words": words, "sounds": sounds}
    frequency: dict[Field, dict[str, int]] = {name: {} for name in terms}
    for (name, term), count in zip(asked, counted, strict=True):
        frequency[name][term] = count
    return TermStatistics(
        passages,
        {
            name: FieldStatistics(total[name] / passages if passages else 0.0, counts)
            for name, counts in frequency.items()
        },
    )


async def occurrences(
    db: Transaction, owners: Owners, terms: Mapping[Field, Sequence[str]], kinds: Sequence[Kind]
) -> dict[Field, Occurrences]:
    """Where ``terms`` stand in the owners' passages of ``kinds``."""
    asked = _asked(terms)
    rows: Sequence[Row] = ()
    if kinds and asked:
        rows = await db.fetch(
            f"WITH o AS MATERIALIZED ({_NUMBERS}), p AS MATERIALIZED (SELECT a.key, p.segment_id, p.places"  # noqa: S608
            ' FROM unnest($2::"char"[], $3::text[]) WITH ORDINALITY a(field, term, key)'
            f" CROSS JOIN LATERAL ({_STANDS}) p)"
            " SELECT key, segment_id, places FROM p UNION ALL"
            " SELECT 0, id, lengths FROM segments WHERE id = ANY (ARRAY(SELECT segment_id FROM p))"
            " AND ($4::boolean IS NULL OR $4 = (note_id IS NOT NULL))",
            list(each_of(owners)),
            *_columns(asked),
            None if set(kinds) >= set(BOTH_KINDS) else "note" in kinds,
        )
    found = [row for row in rows if row[0]]
    segments = sorted((segment, lengths) for key, segment, lengths in rows if not key)
    return _counted(asked, terms, found, segments)


def _counted(
    asked: Sequence[tuple[Field, str]],
    terms: Mapping[Field, Sequence[str]],
    found: Sequence[Row],
    segments: Sequence[tuple[int, bytes]],
) -> dict[Field, Occurrences]:
    ids = np.array([segment for segment, _ in segments], np.int64)
    sizes = np.array([len(lengths) // 8 for _, lengths in segments], np.int64)
    starts = np.cumsum(sizes) - sizes
    lengths = np.frombuffer(b"".join(each for _, each in segments), "<i4").reshape(-1, 2)
    counts = np.array([len(places) // 8 for *_, places in found], np.int64)
    keys = np.repeat(np.array([key - 1 for key, *_ in found], np.int64), counts)
    owning = np.repeat(np.array([segment for _, segment, _ in found], np.int64), counts)
    places = np.frombuffer(b"".join(each for *_, each in found), "<i4").reshape(-1, 2)
    if len(ids):
        at = np.minimum(np.searchsorted(ids, owning), len(ids) - 1)
        kept = ids[at] == owning  # those of other kinds were left out
    else:
        at, kept = np.zeros(len(owning), np.int64), np.zeros(len(owning), np.bool_)
    keys, owning, places, at = keys[kept], owning[kept], places[kept], at[kept]
    numbers = owning << ORDINAL_BITS | places[:, 0]
    length_at = starts[at] + places[:, 0] if len(at) else at
    result: dict[Field, Occurrences] = {}
    for column, name in enumerate(LETTERS):
        if name not in terms:
            continue
        theirs = [place for place, (field, _) in enumerate(asked) if field == name]
        first, behind = (theirs[0], theirs[-1] + 1) if theirs else (0, 0)
        mine = (keys >= first) & (keys < behind)
        rows, unique_at = np.unique(numbers[mine], return_index=True)
        result[name] = Occurrences(
            [passage_id(number) for number in rows.tolist()],
            lengths[length_at[mine][unique_at], column].astype(np.int32) if len(rows) else _INTS,
            _postings([term for _, term in asked[first:behind]], first, keys[mine], numbers[mine], places[mine], rows),
        )
    return result


def _postings(
    terms: Sequence[str],
    first: int,
    keys: npt.NDArray[np.int64],
    numbers: npt.NDArray[np.int64],
    places: npt.NDArray[np.int32],
    rows: npt.NDArray[np.int64],
) -> dict[str, Postings]:
    order = np.lexsort((numbers, keys))
    bounds = np.searchsorted(keys[order], np.arange(first, first + len(terms) + 1)).tolist()
    stands_in = np.searchsorted(rows, numbers[order]).astype(np.int32)
    often = places[order, 1].astype(np.int32)
    return {
        term: Postings(stands_in[start:end], often[start:end])
        for term, start, end in zip(terms, bounds[:-1], bounds[1:], strict=True)
    }


async def vocabulary(db: Transaction, owner: str, field: Field, known: str, prefix: str) -> Vocabulary | None:
    """Every distinct term of the owner's field with ``prefix``; None if ``known`` is its revision still."""
    row = await db.row("SELECT id, term_changes FROM owners WHERE name = $1", owner)
    revision = "0" if row is None else f"{row[0]}-{row[1]}"
    if revision == known:
        return None
    if row is None:
        return Vocabulary(revision, ())
    begins = storable(prefix)
    ends = begins[:-1] + chr(ord(begins[-1]) + 1) if begins and ord(begins[-1]) not in (_LAST, 0x10FFFF) else None
    terms = await db.value(
        "SELECT array_agg(term) FROM (SELECT DISTINCT term FROM postings WHERE owner_id = $1 AND field = $2"
        " AND term >= $3 AND ($4::text IS NULL OR term < $4) AND starts_with(term, $3)) found",
        row[0],
        LETTERS[field],
        begins,
        ends,
    )
    return Vocabulary(revision, sorted(map(restored, terms or ())))


def _asked(terms: Mapping[Field, Sequence[str]]) -> list[tuple[Field, str]]:
    """Field by field, each term once."""
    return [(name, term) for name in LETTERS if name in terms for term in dict.fromkeys(terms[name])]


def _columns(asked: Sequence[tuple[Field, str]]) -> tuple[list[bytes], list[str]]:
    return [LETTERS[name] for name, _ in asked], [_findable(term) for _, term in asked]


def _findable(term: str) -> str:
    """Its key; "" of what can't stand anywhere, as terms aren't empty."""
    try:
        term.encode()
    except UnicodeEncodeError:
        return ""
    return term_key(term)
