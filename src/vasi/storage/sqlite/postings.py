"""Where terms stand: read from the lists of the FTS5 table, without its queries or its ranking."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vasi.storage.owners import Owners, each_of
from vasi.storage.sqlite.passages import passage_id
from vasi.storage.sqlite.tokens import AFTER_COUNT, COUNT, count_in, terms_in, token
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

_Rows: TypeAlias = npt.NDArray[np.int64]
_List: TypeAlias = tuple[_Rows, npt.NDArray[np.int32]]

_MAX_SIZE = 400_000
"""Postings that are remembered, 12 bytes each."""
_TERM = 8
"""Postings that take as much memory as a term."""


class PostingLists:
    """Reads the lists of terms, and remembers them until the owner's passages change.

    The words of a conversation are asked for again and again, and the lengths of passages with every question.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[int, _Known] = OrderedDict()
        """By owner, the one who asked last at the end."""

    def statistics(
        self, db: sqlite3.Connection, owners: Owners, terms: Mapping[Field, Sequence[str]]
    ) -> TermStatistics:
        """How common ``terms`` are among the owners' passages."""
        passages = 0
        total: dict[Field, int] = {"words": 0, "sounds": 0}
        frequency: dict[Field, dict[str, int]] = {name: dict.fromkeys(asked, 0) for name, asked in terms.items()}
        query = "SELECT id, passages, words, sounds, term_changes FROM owners WHERE name = ?"
        for owner in each_of(owners):
            row = db.execute(query, (owner,)).fetchone()
            if row is None:
                continue
            number, theirs, words, sounds, changes = row
            passages += theirs
            total["words"] += words
            total["sounds"] += sounds
            tokens: dict[tuple[Field, str], str] = {
                (name, term): token(number, name, term) for name, counts in frequency.items() for term in counts
            }
            counted = self._counted(db, number, changes, list(tokens.values()))
            for (name, term), each in tokens.items():
                frequency[name][term] += counted[each]
        fields: dict[Field, FieldStatistics] = {
            name: FieldStatistics(total[name] / passages if passages else 0.0, counts)
            for name, counts in frequency.items()
        }
        return TermStatistics(passages, fields)

    def _counted(self, db: sqlite3.Connection, number: int, changes: int, tokens: Sequence[str]) -> dict[str, int]:
        known = self._known_of(number, changes)
        with self._lock:
            counted = {each: known.frequency[each] for each in tokens if each in known.frequency}
        missing = [each for each in tokens if each not in counted]
        if missing:
            query = "SELECT term, doc FROM terms_frequency WHERE term IN (SELECT value FROM json_each(?))"
            counted |= dict.fromkeys(missing, 0) | dict(db.execute(query, (json.dumps(missing),)).fetchall())
            with self._lock:
                known.frequency.update((each, counted[each]) for each in missing)
                known.size += _TERM * len(missing)
                self._forget()
        return counted

    def occurrences(
        self, db: sqlite3.Connection, owners: Owners, terms: Mapping[Field, Sequence[str]], kinds: Sequence[Kind]
    ) -> dict[Field, Occurrences]:
        """Where ``terms`` stand in the owners' passages of ``kinds``."""
        asked: list[tuple[Field, str]] = [(name, term) for name, found in terms.items() for term in found]
        parts: dict[Field, list[_Part]] = {name: [] for name in terms}
        for owner in each_of(owners) if kinds else ():
            row = db.execute("SELECT id, term_changes FROM owners WHERE name = ?", (owner,)).fetchone()
            if row is None:
                continue
            number, changes = row
            tokens = [token(number, *each) for each in asked]
            lists = dict(zip(asked, self._lists(db, number, changes, tokens), strict=True))
            lengths = self._lengths(db, number, changes)
            for name, found in terms.items():
                parts[name].append(_part(name, {term: lists[name, term] for term in found}, lengths, kinds))
        return {name: _joined(parts[name], found) for name, found in terms.items()}

    def _lengths(self, db: sqlite3.Connection, number: int, changes: int) -> _Lengths:
        known = self._known_of(number, changes)
        lengths = known.lengths
        if lengths is None:
            lengths = _read_lengths(db, number)
            with self._lock:
                known.lengths = lengths
                known.size += 2 * len(lengths.rows)
                self._forget()
        return lengths

    def _lists(self, db: sqlite3.Connection, number: int, changes: int, tokens: Sequence[str]) -> list[_List]:
        known = self._known_of(number, changes)
        with self._lock:
            found = {each: known.lists[each] for each in tokens if each in known.lists}
        missing = [each for each in tokens if each not in found]
        if missing:
            read = dict(zip(missing, _read(db, missing), strict=True))
            found |= read
            with self._lock:
                known.lists.update(read)
                known.size += sum(_TERM + len(rows) for rows, _ in read.values())
                self._forget()
        return [found[each] for each in tokens]

    def _known_of(self, number: int, changes: int) -> _Known:
        with self._lock:
            known = self._known.get(number)
            if known is None or known.changes != changes:
                known = self._known[number] = _Known(changes)
            self._known.move_to_end(number)
            return known

    def _forget(self) -> None:
        """Of those who asked long ago first; with the lock held."""
        while self._known and sum(known.size for known in self._known.values()) > _MAX_SIZE:
            self._known.popitem(last=False)


def vocabulary(db: sqlite3.Connection, owner: str, field: Field, known: str, prefix: str) -> Vocabulary | None:
    """Every distinct term of the owner's field with ``prefix``; None if ``known`` is its revision still."""
    row = db.execute("SELECT id, term_changes FROM owners WHERE name = ?", (owner,)).fetchone()
    revision = "0" if row is None else "{}-{}".format(*row)
    if revision == known:
        return None
    if row is None:
        return Vocabulary(revision, ())
    field_token, first = token(row[0], field, ""), token(row[0], field, prefix)
    behind = first[:-1] + chr(ord(first[-1]) + 1)
    # As one row: ten times as fast.
    query = "SELECT group_concat(term, ' ') FROM terms_frequency WHERE term >= ? AND term < ?"
    (tokens,) = db.execute(query, (first, behind)).fetchone()
    return Vocabulary(revision, sorted(terms_in(tokens or "", field_token)))


@dataclass(slots=True)
class _Known:
    """Of one owner, as it was after so many changes of their terms; ``size`` is about the number of postings."""

    changes: int
    size: int = 0
    frequency: dict[str, int] = field(default_factory=dict[str, int])
    lists: dict[str, _List] = field(default_factory=dict[str, _List])
    lengths: _Lengths | None = None


@dataclass(frozen=True, slots=True)
class _Lengths:
    """Of an owner's passages: rows, ascending; which are notes; how many terms of each field they have."""

    rows: _Rows
    notes: npt.NDArray[np.bool_]
    terms: Mapping[Field, npt.NDArray[np.int32]]


_INTS = np.zeros(0, np.int32)
_NOWHERE: _List = (np.zeros(0, np.int64), _INTS)


def _read(db: sqlite3.Connection, tokens: Sequence[str]) -> list[_List]:
    """For each token the rows of the passages with it, ascending, and how often it stands in each.

    One query for all: to open the table of lists takes longer than to read a short one.
    """
    asked = json.dumps(tokens)
    stands = "SELECT a.key, l.doc FROM json_each(?) a CROSS JOIN terms_postings l ON l.term = a.value"
    repeated = (
        "SELECT a.key, l.doc, l.term FROM json_each(?1) a CROSS JOIN terms_postings l"
        " ON l.term > a.value || ?2 AND l.term < a.value || ?3"
    )
    places = _split(_table(db.execute(stands, (asked,)).fetchall(), 2), len(tokens))
    several = [(key, row, count_in(each)) for key, row, each in db.execute(repeated, (asked, COUNT, AFTER_COUNT))]
    return [
        (stands_in[:, 1], _counts(stands_in[:, 1], more))
        for stands_in, more in zip(places, _split(_table(several, 3), len(tokens)), strict=True)
    ]


def _table(rows: Sequence[tuple[int, ...]], columns: int) -> npt.NDArray[np.int64]:
    return np.array(rows, np.int64).reshape(-1, columns)


def _split(table: npt.NDArray[np.int64], keys: int) -> list[npt.NDArray[np.int64]]:
    """The part of each key: the first column, ascending."""
    return np.split(table, np.searchsorted(table[:, 0], np.arange(1, keys))) if keys else []


def _counts(rows: _Rows, repeated: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    counts = np.ones(len(rows), np.int32)
    counts[np.searchsorted(rows, repeated[:, 1])] = repeated[:, 2]
    return counts


def _read_lengths(db: sqlite3.Connection, number: int) -> _Lengths:
    query = (
        "SELECT l.passage_id, l.note, l.words, l.sounds FROM passages p JOIN passage_lengths l ON l.passage_id = p.id"
        " WHERE p.owner_id = ? ORDER BY p.id"
    )
    table = _table(db.execute(query, (number,)).fetchall(), 4)
    return _Lengths(
        table[:, 0].copy(),
        table[:, 1] > 0,
        {"words": table[:, 2].astype(np.int32), "sounds": table[:, 3].astype(np.int32)},
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What ``Occurrences`` has of one owner, with the rows of the passages instead of their ids."""

    rows: _Rows
    lengths: npt.NDArray[np.int32]
    postings: Mapping[str, Postings]


def _part(name: Field, lists: Mapping[str, _List], lengths: _Lengths, kinds: Sequence[Kind]) -> _Part:
    found = np.unique(np.concatenate([rows for rows, _ in lists.values()])) if lists else _NOWHERE[0]
    rows = found
    if set(kinds) < set(BOTH_KINDS):
        rows = found[lengths.notes[np.searchsorted(lengths.rows, found)] == ("note" in kinds)]
    postings: dict[str, Postings] = {}
    for term, (stands_in, often) in lists.items():
        if len(rows) < len(found):
            kept = np.isin(stands_in, rows, assume_unique=True)
            stands_in, often = stands_in[kept], often[kept]
        postings[term] = Postings(np.searchsorted(rows, stands_in).astype(np.int32), often)
    return _Part(rows, lengths.terms[name][np.searchsorted(lengths.rows, rows)], postings)


def _joined(parts: Sequence[_Part], terms: Sequence[str]) -> Occurrences:
    """Those of several owners as of one: rows tell in which order all passages were stored."""
    if len(parts) > 1:
        rows = np.concatenate([part.rows for part in parts])
        order = np.argsort(rows, kind="stable")
        place = np.empty(len(rows), np.int32)
        place[order] = np.arange(len(rows), dtype=np.int32)
        starts = np.cumsum([0, *(len(part.rows) for part in parts[:-1])])
        postings: dict[str, Postings] = {}
        for term in dict.fromkeys(terms):
            lists = [part.postings[term] for part in parts]
            stands_in = np.concatenate([place[start + one.rows] for start, one in zip(starts, lists, strict=True)])
            ascending = np.argsort(stands_in, kind="stable")
            postings[term] = Postings(stands_in[ascending], np.concatenate([one.counts for one in lists])[ascending])
        whole = _Part(rows[order], np.concatenate([part.lengths for part in parts])[order], postings)
    elif parts:
        whole = parts[0]
    else:
        whole = _Part(_NOWHERE[0], _INTS, dict.fromkeys(terms, Postings(_INTS, _INTS)))
    return Occurrences([passage_id(row) for row in whole.rows.tolist()], whole.lengths, whole.postings)
