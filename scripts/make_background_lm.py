#!/usr/bin/env python3
"""Make src/vasi/engines/basic/pocketsphinx/background.npz from the language model that ships with PocketSphinx.

Keeps the commonest words, and those bigrams and trigrams whose loss would change the model most:
P(history, word) * |log P(word | history) - log P(word | shorter history)|.
Run it with the environment's Python; it takes some seconds and always writes the same table.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pocketsphinx

from vasi.engines.basic.pocketsphinx import background, pronunciations
from vasi.engines.basic.pocketsphinx.background import Background
from vasi.engines.basic.pocketsphinx.ngrams import Trigrams, find, read_trie


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--bigrams", type=int, default=330_000)
    parser.add_argument("--trigrams", type=int, default=220_000)
    parser.add_argument("--out", type=Path, default=background.FILE)
    options = parser.parse_args()
    stock = read_trie(Path(pocketsphinx.get_model_path()) / "en-us" / "en-us.lm.bin")
    table = prune(restrict(stock, options.words), options.bigrams, options.trigrams)
    background.save(table, options.out)
    print(
        f"{options.out}: {len(table.words):,} words, {len(table.bigrams):,} bigrams, {len(table.trigrams):,} trigrams, "
        f"{options.out.stat().st_size / 1e6:.2f} MB"
    )


def restrict(model: Trigrams, count: int) -> Trigrams:
    """The model over its ``count`` commonest words that have a pronunciation."""
    dictionary = pronunciations.cmu_dictionary()
    by_rank = sorted(range(len(model.words)), key=lambda i: -model.unigrams[i])
    kept = [model.words[i] for i in by_rank if model.words[i] in dictionary]
    words = tuple(sorted(["<s>", "</s>", *kept[: count - 2]]))
    old = len(model.words)
    place = {word: i for i, word in enumerate(words)}
    renumber = np.array([place.get(word, -1) for word in model.words], np.int64)
    ids = np.flatnonzero(renumber >= 0)
    ids = ids[np.argsort(renumber[ids])]

    def keys(grams: np.ndarray, order: int) -> tuple[np.ndarray, np.ndarray]:
        parts = [renumber[grams // old**power % old] for power in reversed(range(order))]
        there = np.flatnonzero(np.all([part >= 0 for part in parts], axis=0))
        new = sum(part[there] * len(words) ** power for part, power in zip(parts, reversed(range(order)), strict=True))
        return there, new

    pairs, bigrams = keys(model.bigrams, 2)
    triples, trigrams = keys(model.trigrams, 3)
    by_key, by_key3 = np.argsort(bigrams), np.argsort(trigrams)
    return Trigrams(
        words=words,
        unigrams=model.unigrams[ids],
        unigram_backoffs=model.unigram_backoffs[ids],
        bigrams=bigrams[by_key],
        bigram_logs=model.bigram_logs[pairs][by_key],
        bigram_backoffs=model.bigram_backoffs[pairs][by_key],
        trigrams=trigrams[by_key3],
        trigram_logs=model.trigram_logs[triples][by_key3],
    )


def prune(model: Trigrams, bigrams: int, trigrams: int) -> Background:
    size = len(model.words)
    head, tail = np.divmod(model.bigrams, size)
    shorter = model.unigram_backoffs[head] + model.unigrams[tail]
    joint = model.unigrams[head] + model.bigram_logs
    keep = top(10**joint * np.abs(model.bigram_logs - shorter), bigrams)

    context, last = np.divmod(model.trigrams, size)
    at, _ = find(model.bigrams, context)
    suffix, known = find(model.bigrams, context % size * size + last)
    middle = context % size
    shorter = model.bigram_backoffs[at] + np.where(
        known, model.bigram_logs[suffix], model.unigram_backoffs[middle] + model.unigrams[last]
    )
    kept_pairs = np.zeros(len(model.bigrams), np.bool_)
    kept_pairs[keep] = True
    possible = known & kept_pairs[at] & kept_pairs[suffix]
    change = 10 ** (joint[at] + model.trigram_logs) * np.abs(model.trigram_logs - shorter)
    keep3 = top(np.where(possible, change, 0), min(trigrams, int(possible.sum())))
    return Background(
        words=model.words,
        unigrams=model.unigrams,
        bigrams=model.bigrams[keep],
        bigram_logs=model.bigram_logs[keep],
        trigrams=model.trigrams[keep3],
        trigram_logs=model.trigram_logs[keep3],
    )


def top(scores: np.ndarray, count: int) -> np.ndarray:
    return np.sort(np.argsort(-scores, kind="stable")[:count])


if __name__ == "__main__":
    main()
