"""General English: the trigram table that a user's own words are mixed into.

``background.npz`` is made by ``scripts/make_background_lm.py`` from the model that ships with PocketSphinx; see
``NOTICE`` in this folder. Back-off weights aren't stored, because they follow from the probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vasi.engines.basic.pocketsphinx.ngrams import Floats, Ids

FILE = Path(__file__).with_name("background.npz")

_UNIGRAM_STEP = 1e-3
_STEP = 0.025


@dataclass(frozen=True, slots=True)
class Background:
    """Probabilities without back-off weights; the fields mean what they mean in ``Trigrams``."""

    words: tuple[str, ...]
    unigrams: Floats
    bigrams: Ids
    bigram_logs: Floats
    trigrams: Ids
    trigram_logs: Floats


def load(path: Path = FILE) -> Background:
    """Read a table.

    Raises:
        OSError: the file can't be read.
        ValueError: it's damaged.
    """
    with np.load(path, allow_pickle=False) as table:
        words = tuple(table["words"].tobytes().decode().split("\n"))
        size = len(words)
        heads = np.repeat(np.arange(size), table["bigram_counts"])
        bigrams = heads * size + _rows(table["bigram_words"], table["bigram_counts"])
        contexts = np.repeat(bigrams, table["trigram_counts"])
        return Background(
            words=words,
            unigrams=-_UNIGRAM_STEP * table["unigrams"].astype(np.float64),
            bigrams=bigrams,
            bigram_logs=-_STEP * table["bigram_logs"].astype(np.float64),
            trigrams=contexts * size + _rows(table["trigram_words"], table["trigram_counts"]),
            trigram_logs=-_STEP * table["trigram_logs"].astype(np.float64),
        )


def save(table: Background, path: Path) -> None:
    """Write ``table`` in 6 bytes an n-gram or less, before compression; every trigram's history is among its bigrams.

    Raises:
        OSError: the file can't be written.
    """
    size = len(table.words)
    heads, tails = np.divmod(table.bigrams, size)
    contexts, last = np.divmod(table.trigrams, size)
    bigram_counts = np.bincount(heads, minlength=size)
    trigram_counts = np.bincount(np.searchsorted(table.bigrams, contexts), minlength=len(table.bigrams))
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(table.words).encode(), np.uint8),
        unigrams=np.rint(-table.unigrams / _UNIGRAM_STEP).astype(np.uint16),
        bigram_counts=bigram_counts.astype(np.uint16),
        bigram_words=_steps(tails, bigram_counts),
        bigram_logs=_levels(table.bigram_logs),
        trigram_counts=trigram_counts.astype(np.uint16),
        trigram_words=_steps(last, trigram_counts),
        trigram_logs=_levels(table.trigram_logs),
    )


def _levels(logs: Floats) -> np.ndarray:
    return np.clip(np.rint(-logs / _STEP), 0, 255).astype(np.uint8)


def _steps(values: Ids, counts: Ids) -> np.ndarray:
    """Within each row of ascending values, the first and then the differences: small numbers pack well."""
    steps = np.diff(values, prepend=0)
    starts = (np.cumsum(counts) - counts)[counts > 0]
    steps[starts] = values[starts]
    return steps.astype(np.uint16)


def _rows(steps: np.ndarray, counts: np.ndarray) -> Ids:
    """The inverse of ``_steps``."""
    counts = counts.astype(np.int64)
    total = np.cumsum(steps.astype(np.int64))
    before = np.concatenate(([0], total))[np.cumsum(counts) - counts]
    return total - np.repeat(before, counts)
