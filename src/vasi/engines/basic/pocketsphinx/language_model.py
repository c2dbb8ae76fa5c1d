"""The trigram model of one owner: general English mixed with what the owner's documents and notes say.

The documents' model is Witten-Bell smoothed and counted over three kinds of sentences: those of the documents, common
questions and commands, and openings of such ("what is the", "take a note about") crossed with the documents' noun
runs. Each history trusts it by ``MIX * n / (n + 3)``, where n is how often the documents have the history, and general
English for the rest; so a word of the documents is expected where they use it, and dictation of anything else works.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from vasi.engines.basic.pocketsphinx.background import Background
from vasi.engines.basic.pocketsphinx.corpus import Corpus, noun_runs
from vasi.engines.basic.pocketsphinx.ngrams import Floats, Ids, Trigrams, find
from vasi.engines.basic.pocketsphinx.phrases import NOTES, QUESTIONS, SENTENCES, question_stems

MIX = 0.3
"""The share of the documents' model. More hears documents a little better and everything else much worse."""

START, END = "<s>", "</s>"

_TRUST = 3.0
_RUNS = 6_000
_OPENINGS_A_RUN = 5
_SENTENCE_WEIGHT = 3.0
_CROSSED_WEIGHT = 0.5
_STEM_WEIGHT = 1.0
_TINY = 1e-9
_LEAST = 1e-4
"""The least probability mass that a history leaves to words that it has never been followed by."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """Weighted counts of one order: ascending ``keys``, how often each occurred."""

    keys: Ids
    counts: Floats

    def of(self, keys: Ids) -> Floats:
        at, there = find(self.keys, keys)
        return np.where(there, self.counts[at], 0.0) if len(self.counts) else np.zeros(len(keys))


def build(background: Background, corpus: Corpus, spoken: Collection[str]) -> Trigrams:
    """Mix a model.

    Args:
        background: general English; its words are all kept.
        corpus: the owner's sentences.
        spoken: words beyond the background's that have a pronunciation; other words of the corpus are left out.
    """
    words = (*background.words, *sorted(set(spoken) - set(background.words)))
    ids = {word: i for i, word in enumerate(words)}
    size = len(words)
    tokens, weights = _flatten(_weighted_sentences(corpus), ids)
    unigrams = _count(tokens, weights, tokens >= 0, ids[START])
    before = np.concatenate(([-1], tokens[:-1]))
    before2 = np.concatenate(([-1, -1], tokens[:-2]))
    in_pair = (tokens >= 0) & (before >= 0) & (tokens != ids[START])
    in_triple = in_pair & (before2 >= 0) & (before != ids[START])
    bigrams = _count(before * size + tokens, weights, in_pair)
    trigrams = _count((before2 * size + before) * size + tokens, weights, in_triple)
    return _Mixture(background, words, unigrams, bigrams, trigrams).model()


class _Mixture:
    """The arithmetic: ``p`` is a probability of the documents' model, ``q`` of the background, ``m`` of the mixture."""

    def __init__(
        self, background: Background, words: tuple[str, ...], unigrams: _Counts, bigrams: _Counts, trigrams: _Counts
    ) -> None:
        self._words = words
        self._size = size = len(words)
        old = len(background.words)
        # The background's words come first, so that only the base of its keys changes.
        heads, tails = np.divmod(background.bigrams, old)
        contexts, lasts = np.divmod(background.trigrams, old)
        firsts, middles = np.divmod(contexts, old)
        self._pairs, self._triples = bigrams, trigrams
        self._base2, self._base3 = heads * size + tails, (firsts * size + middles) * size + lasts
        self._q2, self._q3 = 10**background.bigram_logs, 10**background.trigram_logs

        everyone = np.arange(size)
        counts = unigrams.of(everyone)
        self._p1 = counts / max(counts.sum(), _TINY)
        self._q1 = np.zeros(size)
        self._q1[:old] = 10**background.unigrams
        self._q1[words.index(START)] = 0.0
        self._q1 /= self._q1.sum()
        share = MIX if counts.sum() else 0.0
        self._m1 = share * self._p1 + (1 - share) * self._q1

    def model(self) -> Trigrams:
        size = self._size
        trigrams = np.union1d(self._triples.keys, self._base3)
        # A trigram needs its history and its end among the bigrams.
        ends = trigrams % (size * size)
        bigrams = np.unique(np.concatenate((self._pairs.keys, self._base2, trigrams // size, ends)))
        heads, tails = np.divmod(bigrams, size)

        q_backoff = _backoffs(self._base2 // size, self._q2, self._q1[self._base2 % size], size)
        at, there = find(self._base2, bigrams)
        q = np.where(there, self._q2[at], q_backoff[heads] * self._q1[tails])
        p = self._smoothed(self._pairs, bigrams, self._p1[tails], size)
        share = self._share(self._pairs, heads, size)
        m = share * p + (1 - share) * q
        m_backoff = _backoffs(heads, m, self._m1[tails], size)

        contexts = trigrams // size
        context_at, _ = find(bigrams, contexts)
        end_at, _ = find(bigrams, ends)
        base_contexts, base_at = np.unique(self._base3 // size, return_inverse=True)
        base_ends, _ = find(bigrams, self._base3 % (size * size))
        q_backoff3 = _backoffs(base_at, self._q3, q[base_ends], len(base_contexts))
        known_at, known = find(base_contexts, contexts)
        at3, there3 = find(self._base3, trigrams)
        q3 = np.where(there3, self._q3[at3], np.where(known, q_backoff3[known_at], 1.0) * q[end_at])
        p3 = self._smoothed(self._triples, trigrams, p[end_at], size)
        share3 = self._share(self._triples, contexts, size)
        m3 = share3 * p3 + (1 - share3) * q3
        m_backoff3 = _backoffs(context_at, m3, m[end_at], len(bigrams))
        return Trigrams(
            words=self._words,
            unigrams=_log(self._m1),
            unigram_backoffs=_log(m_backoff),
            bigrams=bigrams,
            bigram_logs=_log(m),
            bigram_backoffs=_log(m_backoff3),
            trigrams=trigrams,
            trigram_logs=_log(m3),
        )

    @staticmethod
    def _histories(counted: _Counts, size: int) -> tuple[Ids, Floats, Floats]:
        """Each history of ``counted``, how often it occurs and how many different words follow it."""
        histories, at = np.unique(counted.keys // size, return_inverse=True)
        totals = np.bincount(at, counted.counts, len(histories)).astype(np.float64)
        return histories, totals, np.bincount(at, minlength=len(histories)).astype(np.float64)

    def _smoothed(self, counted: _Counts, grams: Ids, lower: Floats, size: int) -> Floats:
        """Witten-Bell: (count + kinds * lower order) / (total + kinds)."""
        histories, totals, kinds = self._histories(counted, size)
        at, there = find(histories, grams // size)
        if not len(histories):
            return lower
        total, kind = np.where(there, totals[at], 0.0), np.where(there, kinds[at], 1.0)
        return (counted.of(grams) + kind * lower) / (total + kind)

    def _share(self, counted: _Counts, histories: Ids, size: int) -> Floats:
        """How far each history trusts the documents."""
        known, totals, _ = self._histories(counted, size)
        at, there = find(known, histories)
        if not len(known):
            return np.zeros(len(histories))
        total = np.where(there, totals[at], 0.0)
        return MIX * total / (total + _TRUST)


def _backoffs(histories: Ids, probabilities: Floats, lower: Floats, count: int) -> Floats:
    """The weight of the shorter history, for each of ``count`` histories, so that each sums to one."""
    spent = np.bincount(histories, probabilities, count)
    covered = np.bincount(histories, lower, count)
    return np.maximum(1 - spent, _LEAST) / np.maximum(1 - covered, _LEAST)


def _log(probabilities: Floats) -> Floats:
    return np.log10(np.maximum(probabilities, _TINY))


def _count(keys: Ids, weights: Floats, use: np.ndarray, without: int | None = None) -> _Counts:
    if without is not None:
        use = use & (keys != without)
    unique, at = np.unique(keys[use], return_inverse=True)
    return _Counts(unique, np.bincount(at, weights[use], len(unique)).astype(np.float64))


def _flatten(sentences: Iterable[tuple[Sequence[str], float]], ids: dict[str, int]) -> tuple[Ids, Floats]:
    """All sentences in one array of word ids (-1: no such word) with their marks, and the weight of each token."""
    flat: list[int] = []
    lengths: list[int] = []
    weights: list[float] = []
    start, end = ids[START], ids[END]
    for words, weight in sentences:
        flat.append(start)
        flat.extend([ids.get(word, -1) for word in words])
        flat.append(end)
        lengths.append(len(words) + 2)
        weights.append(weight)
    return np.array(flat, np.int64), np.repeat(weights, lengths)


def _weighted_sentences(corpus: Corpus) -> Iterable[tuple[Sequence[str], float]]:
    openings = [tuple(line.split()) for line in QUESTIONS + NOTES]
    plain = [(tuple(line.split()), _SENTENCE_WEIGHT) for line in SENTENCES]
    bare = [(opening, 1.0) for opening in openings] + [(stem.split(), _STEM_WEIGHT) for stem in question_stems()]
    runs = sorted(noun_runs(corpus).items(), key=lambda item: (-item[1], item[0]))[:_RUNS]
    crossed = (
        ((*openings[(place * _OPENINGS_A_RUN + turn) % len(openings)], *run), _CROSSED_WEIGHT * min(count, 4) ** 0.5)
        for place, (run, count) in enumerate(runs)
        for turn in range(_OPENINGS_A_RUN)
    )
    return chain(((sentence, 1.0) for sentence in corpus.sentences), plain, bare, crossed)
