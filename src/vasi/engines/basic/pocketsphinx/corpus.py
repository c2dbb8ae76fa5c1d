"""What the owner's documents and notes teach: sentences of spoken words, their noun runs and acronyms."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vasi.language.numerals import spoken
from vasi.language.terms import STOP_WORDS

MAX_WORDS = 200_000
"""Words of running text that a model is counted from; of more text, the passages with the rarest words."""

MAX_CHARACTERS = 8_000_000
"""Characters of all texts that are looked at."""

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u00ad": None, "\ufffe": "-"})
_ACCENT = re.compile("[\u0300-\u036f]")
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n\s*\n|\n(?=\s*[-*•#|>\d])|\s[-–—|]\s")
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")
_ACRONYM = re.compile(r"\b[A-Z]{2,5}\b")
_LONGEST_WORD = 24
_LONGEST_SENTENCE = 60


@dataclass(frozen=True, slots=True)
class Corpus:
    """``sentences``: lower-case words as they're said. ``acronyms``: words written in capitals only, such as "pto"."""

    sentences: tuple[tuple[str, ...], ...]
    acronyms: frozenset[str]

    def counts(self) -> Counter[str]:
        """How often each word occurs."""
        return Counter(word for sentence in self.sentences for word in sentence)


def read(texts: Iterable[str], limit: int = MAX_WORDS) -> Corpus:
    """The sentences of ``texts``: each sentence once, and of more than ``limit`` words the most telling texts."""
    passages: list[tuple[tuple[str, ...], ...]] = []
    capitals: Counter[str] = Counter()
    seen: set[tuple[str, ...]] = set()
    left = MAX_CHARACTERS
    for text in texts:
        text = text[:left]
        left -= len(text)
        capitals.update(word.lower() for word in _ACRONYM.findall(text))
        fresh = tuple(sentence for sentence in sentences(text) if sentence not in seen)
        seen.update(fresh)
        passages.append(fresh)
        if left <= 0:
            break
    corpus = Corpus(tuple(sentence for passage in _most_telling(passages, limit) for sentence in passage), frozenset())
    counts = corpus.counts()
    acronyms = frozenset(word for word, count in capitals.items() if 2 * count >= counts[word])
    return Corpus(corpus.sentences, acronyms)


def sentences(text: str) -> list[tuple[str, ...]]:
    """Split ``text`` into sentences of words as a speaker says them: lower case, numbers spelt out, no punctuation."""
    plain = _ACCENT.sub("", unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)))
    found: list[tuple[str, ...]] = []
    for part in _SENTENCE_END.split(plain):
        words = [word.lower() for word in _WORD.findall(spoken(part)) if len(word) <= _LONGEST_WORD]
        found.extend(
            tuple(words[start : start + _LONGEST_SENTENCE]) for start in range(0, len(words), _LONGEST_SENTENCE)
        )
    return found


def noun_runs(corpus: Corpus, longest: int = 3) -> Counter[tuple[str, ...]]:
    """Runs of up to ``longest`` words between function words: what questions are about, and how often it occurs."""
    runs: Counter[tuple[str, ...]] = Counter()
    for sentence in corpus.sentences:
        run: list[str] = []
        for word in (*sentence, "the"):
            if word not in STOP_WORDS:
                run.append(word)
                continue
            for size in range(1, min(longest, len(run)) + 1):
                runs.update(tuple(run[at : at + size]) for at in range(len(run) - size + 1))
            run = []
    return runs


def _most_telling(passages: Sequence[tuple[tuple[str, ...], ...]], limit: int) -> Sequence[tuple[tuple[str, ...], ...]]:
    sizes = [sum(map(len, passage)) for passage in passages]
    if sum(sizes) <= limit:
        return passages
    # Those that bring a word that none before has brought come first. The order depends on each passage alone, so that
    # one more passage changes the choice little.
    order = sorted(
        range(len(passages)), key=lambda i: zlib.crc32(" ".join(passages[i][0]).encode()) if passages[i] else 0
    )
    known: set[str] = set()
    telling: list[int] = []
    others: list[int] = []
    for i in order:
        words = {word for sentence in passages[i] for word in sentence}
        (others if words <= known else telling).append(i)
        known |= words
    chosen: list[int] = []
    for i in telling + others:
        if limit <= 0:
            break
        chosen.append(i)
        limit -= sizes[i]
    return [passages[i] for i in sorted(chosen)]
