"""Looking up in the FTS5 tables: no word of a question is ever read as query syntax, and none makes it slow."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from vasi.language.terms import fold, stem, words
from vasi.storage.ports import Hit, Kind
from vasi.storage.sqlite.passages import owner_number
from vasi.storage.sqlite.schema import owned, owner_filter

MOST_HITS = 1_000
_MOST_TERMS = {"words": 24, "sounds": 12}
_LEAST_TERMS = 3
_POSTINGS = 40_000
"""BM25 in FTS5 walks the whole list of every term, at about 3 million passages a second: this many are allowed."""
_TELLING = 10
_FEW = 50
"""Sounds that are in more than a tenth of the owner's passages, and in more than a few, cost much and tell nothing."""

_Table: TypeAlias = Literal["words", "sounds"]
_COLUMNS: Mapping[_Table, str] = {"words": "{heading text}", "sounds": "terms"}


class TextIndex:
    """Searches the word and the sound index; remembers how common terms are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frequencies: dict[tuple[_Table, str], int] = {}
        self._counted_at = 0

    def search_words(
        self, db: sqlite3.Connection, owner: str, terms: Sequence[str], limit: int, kinds: Sequence[Kind]
    ) -> list[Hit]:
        """The owner's passages with any of ``terms``, best first by BM25."""
        number = owner_number(db, owner)
        if number is None:
            return []
        return self._search(db, "words", number, self._affordable(db, "words", terms), limit, kinds)

    def search_sounds(
        self, db: sqlite3.Connection, owner: str, terms: Sequence[str], limit: int, kinds: Sequence[Kind]
    ) -> list[Hit]:
        """The owner's passages with any of the sounds ``terms``, best first by BM25."""
        number = owner_number(db, owner)
        if number is None:
            return []
        passages = _count(db, number)
        own = [owned(number, term) for term in terms]
        telling = self._affordable(db, "sounds", own, most_postings=max(passages // _TELLING, _FEW))
        return self._search(db, "sounds", number, telling, limit, kinds)

    def _search(
        self,
        db: sqlite3.Connection,
        table: _Table,
        owner_id: int,
        terms: Sequence[str],
        limit: int,
        kinds: Sequence[Kind],
    ) -> list[Hit]:
        if not terms or not kinds or limit < 1:
            return []
        alternatives = " OR ".join(map(_quoted, terms))
        rows = db.execute(
            f"SELECT rowid, rank FROM {table} WHERE {table} MATCH ? ORDER BY rank LIMIT ?",  # noqa: S608
            (f"{owner_filter(owner_id, kinds)} AND {_COLUMNS[table]} : ({alternatives})", min(limit, MOST_HITS)),
        )
        return [Hit(passage_id, -rank) for passage_id, rank in rows]

    def _affordable(
        self, db: sqlite3.Connection, table: _Table, terms: Sequence[str], most_postings: int = _POSTINGS
    ) -> list[str]:
        """Of the terms that are there at all the rarest, as many as make no slow search."""
        frequencies = self._frequencies_of(db, table, terms)
        rarest = sorted((term for term in terms if frequencies[term]), key=frequencies.__getitem__)
        postings = 0
        chosen: list[str] = []
        for term in rarest[: _MOST_TERMS[table]]:
            postings += frequencies[term]
            if len(chosen) >= _LEAST_TERMS and (postings > _POSTINGS or frequencies[term] > most_postings):
                break
            chosen.append(term)
        return chosen

    def _frequencies_of(self, db: sqlite3.Connection, table: _Table, terms: Sequence[str]) -> dict[str, int]:
        """In about how many passages each term stands, whoever owns them; 0 only if in none."""
        known = {term: self._frequencies.get((table, term), 0) for term in terms}
        tokens = {term: stem(term).split() if table == "words" else [term] for term in terms if not known[term]}
        if not tokens:
            return known
        counts: dict[str, int] = dict(
            db.execute(
                f"SELECT term, doc FROM {table}_vocab WHERE term IN (SELECT value FROM json_each(?))",  # noqa: S608
                (json.dumps([token for parts in tokens.values() for token in parts]),),
            )
        )
        for term, parts in tokens.items():
            # SQLite may part a word of a rare script otherwise than Python: it is looked up all the same.
            missing = 0 if term.isascii() else 1
            known[term] = min((counts.get(part, missing) for part in parts), default=0)
        with self._lock:
            self._forget(db)
            self._frequencies.update({(table, term): known[term] for term in tokens})
        return known

    def _forget(self, db: sqlite3.Connection) -> None:
        """Start counting anew when the store has grown a lot, or too much is remembered."""
        row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passages'").fetchone()
        stored = row[0] if row else 0
        if stored > self._counted_at * 1.2 + 100 or len(self._frequencies) >= 50_000:
            self._frequencies.clear()
            self._counted_at = stored


def frequencies(db: sqlite3.Connection, owner: str, asked: Sequence[str]) -> tuple[int, dict[str, int]]:
    """The owner's number of passages, and for each word of ``asked`` in how many of them its stem stands."""
    number = owner_number(db, owner)
    if number is None:
        return 0, dict.fromkeys(asked, 0)
    known = _sole_owners_frequencies(db, asked) if _is_sole(db) else {}
    return _count(db, number), {
        word: known[word] if word in known else _owners_frequency(db, number, word) for word in dict.fromkeys(asked)
    }


def _count(db: sqlite3.Connection, owner_id: int) -> int:
    return db.execute("SELECT count(*) FROM passages WHERE owner_id = ?", (owner_id,)).fetchone()[0]


def _is_sole(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT count(*) FROM (SELECT 1 FROM owners LIMIT 2)").fetchone()[0] == 1


def _sole_owners_frequencies(db: sqlite3.Connection, asked: Sequence[str]) -> dict[str, int]:
    """The same of words that are one token in ASCII, in a file of one owner: what the index counted, ten times faster.

    Other words are left out, and so is what the column of owners may hold.
    """
    tokens = {word: stem(word.lower()) for word in asked if word.isascii() and word.isalpha()}
    rows = db.execute(
        "SELECT term, doc FROM words_vocab WHERE term IN (SELECT value FROM json_each(?))",
        (json.dumps(list(tokens.values())),),
    )
    counts: dict[str, int] = dict(rows)
    return {word: counts.get(token, 0) for word, token in tokens.items()}


def _owners_frequency(db: sqlite3.Connection, owner_id: int, word: str) -> int:
    parts = [fold(part) for part in words(word)]
    if not parts:
        return 0
    together = " AND ".join(map(_quoted, parts))
    expression = f"{owner_filter(owner_id, ('document', 'note'))} AND {_COLUMNS['words']} : ({together})"
    return db.execute("SELECT count(*) FROM words WHERE words MATCH ?", (expression,)).fetchone()[0]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
