"""Looking up in the FTS5 tables: no word of a question is ever read as query syntax."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Literal

from vasi.language.terms import words
from vasi.storage.ports import Hit, Kind
from vasi.storage.sqlite.passages import owner_number
from vasi.storage.sqlite.schema import owner_filter

MOST_HITS = 1_000
_MOST_TERMS = 24
_POSTINGS = 60_000
"""BM25 in FTS5 walks the whole list of a term's passages, other owners' too: this many in all keep it quick."""

_Table = Literal["words", "sounds"]
_COLUMNS: Mapping[_Table, str] = {"words": "{heading text}", "sounds": "terms"}


def search(
    db: sqlite3.Connection,
    table: _Table,
    owner: str,
    terms: Sequence[str],
    limit: int,
    kinds: Sequence[Kind],
) -> list[Hit]:
    """The owner's passages with any of ``terms``, best first by BM25."""
    number = owner_number(db, owner)
    if number is None or not terms or not kinds or limit < 1:
        return []
    terms = _affordable(db, table, terms)
    expression = f"{owner_filter(number, kinds)} AND {_COLUMNS[table]} : ({' OR '.join(map(_quoted, terms))})"
    rows = db.execute(
        f"SELECT rowid, rank FROM {table} WHERE {table} MATCH ? ORDER BY rank LIMIT ?",  # noqa: S608
        (expression, min(limit, MOST_HITS)),
    )
    return [Hit(passage_id, -rank) for passage_id, rank in rows]


def frequencies(db: sqlite3.Connection, owner: str, asked: Sequence[str]) -> tuple[int, dict[str, int]]:
    """The owner's number of passages, and for each word of ``asked`` in how many of them its stem stands."""
    number = owner_number(db, owner)
    if number is None:
        return 0, dict.fromkeys(asked, 0)
    (total,) = db.execute("SELECT count(*) FROM passages WHERE owner_id = ?", (number,)).fetchone()
    return total, {word: _frequency(db, number, word) for word in dict.fromkeys(asked)}


def _frequency(db: sqlite3.Connection, owner_id: int, word: str) -> int:
    parts = words(word)
    if not parts:
        return 0
    phrase = " AND ".join(map(_quoted, parts))
    expression = f"{owner_filter(owner_id, ('document', 'note'))} AND {_COLUMNS['words']} : ({phrase})"
    return db.execute("SELECT count(*) FROM words WHERE words MATCH ?", (expression,)).fetchone()[0]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _affordable(db: sqlite3.Connection, table: _Table, terms: Sequence[str]) -> list[str]:
    """The rarest of ``terms``: as many as may be looked up without making the search slow."""
    return list(terms[:_MOST_TERMS])
