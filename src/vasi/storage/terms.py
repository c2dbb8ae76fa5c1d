"""The port between the index and a store: what a passage is looked up by, and where terms stand.

The index (``vasi.knowledge.index``) makes terms of texts and ranks passages. A store only counts: it keeps the terms
of each passage, in the transaction that writes the passage, and says which passages of an owner hold which terms and
how often. So every store ranks alike, to the digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from vasi.storage.owners import Owners

Kind: TypeAlias = Literal["document", "note"]
Field: TypeAlias = Literal["words", "sounds"]
"""Terms of different fields are never compared: a stem may be spelled like a sound."""

FIELDS: tuple[Field, ...] = ("words", "sounds")
BOTH_KINDS: tuple[Kind, ...] = ("document", "note")


@dataclass(frozen=True, slots=True)
class Terms:
    """How often each term stands in a passage, heading included. Terms aren't empty and have no white space."""

    words: Mapping[str, int]
    sounds: Mapping[str, int]


class Analyser(Protocol):
    """Makes the terms of passages; a store calls it for every passage that it writes."""

    @property
    def version(self) -> str:
        """Differs whenever the same text would give other terms: a store then makes all of them anew when opened."""
        ...

    def terms(self, heading: str, text: str) -> Terms:
        """The terms of a passage. May take milliseconds; called in threads, by several at a time."""
        ...


@dataclass(frozen=True, slots=True)
class FieldStatistics:
    """One field of all passages of the owners who were asked for.

    Attributes:
        mean_length: terms of a passage, repeated ones included; 0 without passages.
        frequency: for each asked term in how many passages it stands.
    """

    mean_length: float
    frequency: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """How common terms are among all passages of the owners, whatever their kind; exact, not estimated.

    Attributes:
        passages: how many there are.
        fields: of every asked field.
    """

    passages: int
    fields: Mapping[Field, FieldStatistics] = field(default_factory=dict[Field, FieldStatistics])


@dataclass(frozen=True, slots=True)
class Postings:
    """Where one term stands.

    Attributes:
        rows: indexes into the ``passage_ids`` of the ``Occurrences``, ``int32[n]``, ascending.
        counts: how often it stands there, ``int32[n]``.
    """

    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where the terms of one field stand.

    Attributes:
        passage_ids: every passage that holds one of them, in the order in which they were stored.
        lengths: how many terms of the field each of these has, repeated ones included, ``int32[n]``.
        postings: of every asked term; without rows if it stands nowhere.
    """

    passage_ids: Sequence[str]
    lengths: npt.NDArray[np.int32]
    postings: Mapping[str, Postings]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every distinct term of a field in the passages of an owner.

    Attributes:
        revision: differs whenever the terms do, whichever process changed them.
        terms: sorted.
    """

    revision: str
    terms: Sequence[str]


class TermStore(Protocol):
    """Which passages of an owner hold a term. Terms are compared as they are: there is no query syntax."""

    async def term_statistics(self, owners: Owners, terms: Mapping[Field, Sequence[str]]) -> TermStatistics:
        """How common ``terms`` are: asked first, to leave out those that cost much and tell little."""
        ...

    async def occurrences(
        self, owners: Owners, terms: Mapping[Field, Sequence[str]], kinds: Sequence[Kind] = BOTH_KINDS
    ) -> Mapping[Field, Occurrences]:
        """Where ``terms`` stand in passages of ``kinds``, by field."""
        ...

    async def vocabulary(self, owner: str, field: Field, known: str = "", prefix: str = "") -> Vocabulary | None:
        """Every distinct term of ``field`` that begins with ``prefix``; None if ``known`` is its revision still."""
        ...
