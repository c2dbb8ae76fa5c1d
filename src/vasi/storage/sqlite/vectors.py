"""Vectors: eight bits a component at rest and in memory, one matrix an owner."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vasi.errors import StoreError
from vasi.storage.owners import Owners
from vasi.storage.ports import Hit, Vector
from vasi.storage.sqlite.passages import owner_number, owner_numbers, passage_id, row_of
from vasi.storage.terms import Kind

_MAX_HITS = 1_000
_CACHE_BYTES = 64 * 1024 * 1024
_BLOCK = 4_096
"""Rows turned into floats at a time."""


@dataclass(frozen=True, slots=True)
class _Matrix:
    """All vectors of one owner, model and dimension, as they were after ``changes`` changes."""

    changes: int
    ids: npt.NDArray[np.int64]
    notes: npt.NDArray[np.bool_]
    scales: npt.NDArray[np.float32]
    data: npt.NDArray[np.int8]

    @property
    def size(self) -> int:
        return self.data.nbytes + self.ids.nbytes + self.scales.nbytes + self.notes.nbytes

    def similarities(self, vector: Vector) -> npt.NDArray[np.float32]:
        found = np.empty(len(self.ids), np.float32)
        for start in range(0, len(found), _BLOCK):
            block = self.data[start : start + _BLOCK].astype(np.float32)
            found[start : start + _BLOCK] = block @ vector
        return found * self.scales


class VectorIndex:
    """Searches the vectors of the database, and keeps the matrices of those who searched last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cached: OrderedDict[tuple[int, str, int], _Matrix] = OrderedDict()

    def search(
        self, db: sqlite3.Connection, owners: Owners, model: str, vector: Vector, limit: int, kinds: Sequence[Kind]
    ) -> list[Hit]:
        """The owners' passages by cosine similarity to ``vector`` (unit length), best first."""
        limit = min(limit, _MAX_HITS)
        if limit < 1:
            return []
        found: list[tuple[float, int]] = []
        for number in owner_numbers(db, owners):
            matrix = self._matrix(db, number, model, vector.size)
            wanted = np.flatnonzero((matrix.notes & ("note" in kinds)) | (~matrix.notes & ("document" in kinds)))
            scores = matrix.similarities(vector.astype(np.float32, copy=False).ravel())[wanted]
            best = np.argsort(-scores, kind="stable")[:limit]
            found += [(float(scores[place]), int(matrix.ids[wanted[place]])) for place in best]
        found.sort(key=lambda one: (-one[0], one[1]))
        return [Hit(passage_id(row), score) for score, row in found[:limit]]

    def _matrix(self, db: sqlite3.Connection, owner_id: int, model: str, size: int) -> _Matrix:
        key = (owner_id, model, size)
        (changes,) = db.execute("SELECT vector_changes FROM owners WHERE id = ?", (owner_id,)).fetchone()
        with self._lock:
            cached = self._cached.get(key)
            if cached is not None and cached.changes == changes:
                self._cached.move_to_end(key)
                return cached
        matrix = _load(db, owner_id, model, size, changes)
        with self._lock:
            self._cached[key] = matrix
            self._cached.move_to_end(key)
            while len(self._cached) > 1 and sum(kept.size for kept in self._cached.values()) > _CACHE_BYTES:
                self._cached.popitem(last=False)
        return matrix


def put_vectors(db: sqlite3.Connection, owner: str, model: str, vectors: Mapping[str, Vector]) -> None:
    """Attach vectors to the owner's passages; ids that are gone, or someone else's, are ignored."""
    number = owner_number(db, owner)
    for each, vector in vectors.items():
        scale, data = _quantised(vector)
        db.execute(
            "INSERT INTO vectors (passage_id, owner_id, model, scale, data)"
            " SELECT id, owner_id, ?, ?, ? FROM passages WHERE id = ? AND owner_id = ?"
            " ON CONFLICT (passage_id) DO UPDATE SET"
            " model = excluded.model, scale = excluded.scale, data = excluded.data",
            (model, scale, data, row_of(each), number),
        )


def _quantised(vector: Vector) -> tuple[float, bytes]:
    """The scale, and each component as a multiple of it between -127 and 127."""
    largest = float(np.max(np.abs(vector), initial=0.0))
    if not np.isfinite(largest):
        raise StoreError("A vector holds numbers that aren't finite: check the embedding model.")
    scale = largest / 127 or 1.0
    return scale, np.round(vector / scale).astype(np.int8).tobytes()


def _load(db: sqlite3.Connection, owner_id: int, model: str, size: int, changes: int) -> _Matrix:
    rows = db.execute(
        "SELECT v.passage_id, p.note_id IS NOT NULL, v.scale, v.data"
        " FROM vectors v JOIN passages p ON p.id = v.passage_id"
        " WHERE v.owner_id = ? AND v.model = ? AND length(v.data) = ? ORDER BY v.passage_id",
        (owner_id, model, size),
    ).fetchall()
    return _Matrix(
        changes=changes,
        ids=np.array([row[0] for row in rows], np.int64),
        notes=np.array([row[1] for row in rows], np.bool_),
        scales=np.array([row[2] for row in rows], np.float32),
        data=np.frombuffer(b"".join(row[3] for row in rows), np.int8).reshape(len(rows), size),
    )
